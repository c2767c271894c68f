"""Events by scale: BAR values of interstate events on the shared resource."""

from __future__ import annotations

from sim.counts import BAR_NAMES, HOSTILITY_NAMES
from sim.outcomes.base import Outcome, ratio

_SUMS = (
    Outcome("events_cooperative", "Cooperative interstate events", "1/year", "none", "rate",
            "Interstate events on the shared resource with BAR above 0, per year.",
            lambda c: c.number("cooperative") / c.years),
    Outcome("events_conflictive", "Conflictive interstate events", "1/year", "lower", "rate",
            "Interstate events on the shared resource with BAR below 0, per year.",
            lambda c: c.number("conflictive") / c.years),
    Outcome("reported_cooperative_share", "Cooperative share of reported events", "share", "none",
            "share", "As a reporter would have seen it; undefined without reported events.",
            lambda c: ratio(c.number("cooperative_reported"), c.number("cooperative_reported")
                            + c.number("neutral_reported") + c.number("conflictive_reported"))),
    Outcome("reported_severe_share", "Severe share of reported conflictive events", "share",
            "lower", "share", "BAR -5 or worse among reported conflictive events.",
            lambda c: ratio(c.number("severe"), c.number("conflictive_reported"))),
)


def _by_bar(name: str, value: int) -> Outcome:
    """Rate of interstate events on the shared resource of one BAR value."""
    better = "lower" if value < 0 else "none"
    return Outcome(
        f"events_{name}", f"Events at BAR {value:+d}" if value else "Events at BAR 0", "1/year",
        better, "rate", f"Interstate events on the shared resource with BAR value {value:d}, per "
        "year, seen by a reporter or not.", lambda c: c.number(name) / c.years)


def _by_hostility(name: str, level: int, what: str) -> Outcome:
    """Rate of hostile acts of state organs of one hostility level, over any issue."""
    return Outcome(
        f"events_{name}", f"Acts at hostility {level}", "1/year", "lower", "rate",
        f"Acts of state organs over any issue at hostility level {level}, {what}, per year.",
        lambda c: c.number(name) / c.years)


LEVELS = ("no militarized act", "threat of force", "show of force", "use of force", "war")
FAMILY = (
    *_SUMS,
    *(_by_bar(name, value) for value, name in enumerate(BAR_NAMES, start=-7)),
    *(_by_hostility(name, level, LEVELS[level - 1])
      for level, name in enumerate(HOSTILITY_NAMES, start=1)),
)
