"""Money of cooperation: who pays, for what, and what leaks. Millions of dollars of 2020, per year.

A history without agreements spends nothing; what a town gives up for them stands in no outcome.
"""

from __future__ import annotations

from sim.outcomes.base import Outcome, ratio

MONEY = "million dollars (2020)/year"

FAMILY = (
    Outcome("money_spent", "Money spent by towns", MONEY, "none", "money",
            "Paid by the towns themselves for agreements, set-up and yearly, per year.",
            lambda c: c.total("spent") / c.years),
    Outcome("money_setup", "Money spent by towns on set-up", MONEY, "none", "money",
            "Of the money spent by towns, that for setting agreements up.",
            lambda c: c.total("spent_setup") / c.years),
    Outcome("money_running", "Money spent by towns on running", MONEY, "none", "money",
            "Of the money spent by towns, that for running agreements, year by year.",
            lambda c: (c.total("spent") - c.total("spent_setup")) / c.years),
    Outcome("money_matched", "Money paid by others", MONEY, "none", "money",
            "Paid by development and climate funds and private partners for agreements, per year.",
            lambda c: c.total("matched_money") / c.years),
    Outcome("money_leaked", "Money leaked", MONEY, "lower", "money",
            "Of the money of towns and others, that which leaked and bought nothing, per year.",
            lambda c: c.total("leaked_money") / c.years),
    Outcome("share_leaked", "Share of money leaked", "share", "lower", "share",
            "Money leaked over all money paid; undefined where nothing was paid.",
            lambda c: ratio(c.total("leaked_money"),
                            c.total("spent") + c.total("matched_money"))),
    Outcome("reserves_end", "Reserves at the horizon", "million dollars (2020)", "higher", "money",
            "Reserves of all towns at the end.", lambda c: c.total("reserves")),
)
