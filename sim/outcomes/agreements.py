"""Agreements: signed, lapsed, in force, survived, and which side pays for them."""

from __future__ import annotations

import numpy as np

from sim.outcomes.base import Outcome, ratio

FAMILY = (
    Outcome("agreements_signed", "Agreements signed", "1/year", "none", "rate",
            "Agreements that towns negotiated and signed, per year; imposed ones are not counted.",
            lambda c: c.total("signed") / c.years),
    Outcome("agreements_lapsed", "Agreements lapsed", "1/year", "lower", "rate",
            "Negotiated agreements that ended, per year.",
            lambda c: c.total("lapsed") / c.years),
    Outcome("agreements_in_force", "Agreements in force at the horizon", "count", "none", "count",
            "Mechanisms in force at the end, imposed or negotiated, mean over pairs of towns.",
            lambda c: c.total("in_force") / max(c.dyads, 1)),
    Outcome("time_to_agreement", "Time to the first agreement", "years", "lower", "time",
            "Years to the first signature anywhere in the region; undefined in runs without one "
            "(censored at the horizon).",
            lambda c: np.where(c.total("first_signed") < 0.0, np.nan, c.total("first_signed"))),
    Outcome("survived_elections", "Agreements that survived an election", "share", "higher",
            "share", "Agreements in force at a municipal election on either side that did not "
            "lapse within a year of it, among all that faced one; undefined without any.",
            lambda c: 1.0 - ratio(c.total("lost_elections"), c.total("faced_elections"))),
    Outcome("survived_crises", "Agreements that survived a crisis", "share", "higher", "share",
            "Agreements suspended by a closed border or a capital that did not lapse within a "
            "year of it, among all suspensions; undefined without any.",
            lambda c: 1.0 - ratio(c.total("lost_crises"), c.total("faced_crises"))),
    Outcome("paid_by_poorest", "Paid by the poorest side", "share", "none", "share",
            "Share of the towns' money for agreements that came from the nation with the least "
            "municipal revenue per person (the mean of several that are equally poor); undefined "
            "where nothing was paid.",
            lambda c: ratio(c.total("spent_poorest"), c.total("spent"))),
)
