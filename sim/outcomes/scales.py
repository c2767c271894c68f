"""Events by scale: BAR values of interstate events on the shared resource."""

from __future__ import annotations

from sim.outcomes.base import Outcome, ratio

FAMILY = (
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
    Outcome("resource_disputes", "Interstate disputes over the resource", "1/year", "lower", "rate",
            "Disputes between nations over a shared resource, per year.",
            lambda c: c.number("resource_disputes") / c.years),
)
