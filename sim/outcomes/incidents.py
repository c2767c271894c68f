"""Local incidents: how many, how far they went, and whether they stayed local."""

from __future__ import annotations

from sim.outcomes.base import Outcome, ratio

FAMILY = (
    Outcome("uncontained_rate", "Uncontained incidents", "1/year", "lower", "rate",
            "Incidents of protest or more from which a hostile act of a national organ (hostility "
            "2 or BAR -3 or worse) descends within 26 weeks, per year.",
            lambda c: c.number("uncontained") / c.years),
    Outcome("share_contained", "Share of incidents contained", "share", "higher", "share",
            "Contained over contained and uncontained incidents of protest or more; censored "
            "ones are left out; undefined without any.",
            lambda c: ratio(c.number("contained"),
                            c.number("contained") + c.number("uncontained"))),
    Outcome("violent_incidents", "Violent local incidents", "1/year", "lower", "rate",
            "Local incidents that turned violent, per year.",
            lambda c: c.number("violent_incidents") / c.years),
    Outcome("incidents_per_year", "Local incidents", "1/year", "lower", "rate",
            "Local incidents of any rung, per year.", lambda c: c.number("incidents") / c.years),
    Outcome("serious_incidents", "Incidents of protest or more", "1/year", "lower", "rate",
            "Local incidents that reached protest or more, per year.",
            lambda c: c.number("serious_incidents") / c.years),
    Outcome("complaints_per_year", "Complaints", "1/year", "none", "rate",
            "Complaints between towns, per year; a place to complain raises them.",
            lambda c: c.number("complaints") / c.years),
    Outcome("settlements_per_year", "Local settlements", "1/year", "higher", "rate",
            "Matters settled between towns, per year.",
            lambda c: c.number("settlements") / c.years),
    Outcome("highest_local_rung", "Highest local rung", "rung", "lower", "level",
            "Highest rung of the local ladder on any dyad.",
            lambda c: c.number("highest_local_rung")),
    Outcome("violent_to_force", "Violent incidents that led to force between states", "share",
            "lower", "share", "Share of violent local incidents with a descendant use of force by "
            "state organs; undefined without any.",
            lambda c: ratio(c.number("violent_with_force"), c.number("violent_incidents"))),
)
