"""Interstate crises, by root; crises over other issues stand beside them as a competing risk."""

from __future__ import annotations

import numpy as np

from sim.outcomes.base import Outcome, ratio

FAMILY = (
    Outcome("crisis_resource", "Resource-rooted interstate crisis", "probability", "lower",
            "probability", "At least one interstate crisis whose root is a local incident or "
            "an interstate dispute over the shared resource.",
            lambda c: ((c.number("crisis_local") + c.number("crisis_dispute")) > 0).astype(float)),
    Outcome("crisis_local", "Crisis rooted in a local incident", "probability", "lower",
            "probability", "At least one interstate crisis that descends from a local incident.",
            lambda c: (c.number("crisis_local") > 0).astype(float)),
    Outcome("crisis_dispute", "Crisis rooted in a resource dispute", "probability", "lower",
            "probability", "At least one interstate crisis that descends from an interstate "
            "dispute over the shared resource.",
            lambda c: (c.number("crisis_dispute") > 0).astype(float)),
    Outcome("crisis_other", "Crisis over another issue", "probability", "none",
            "probability", "At least one interstate crisis over another issue; no town can prevent "
            "those.", lambda c: (c.number("crisis_other") > 0).astype(float)),
    Outcome("crisis_any", "Any interstate crisis", "probability", "lower",
            "probability", "At least one interstate crisis of any root.",
            lambda c: ((c.number("crisis_local") + c.number("crisis_dispute")
                        + c.number("crisis_other")) > 0).astype(float)),
    Outcome("time_to_crisis_resource", "Time to the first resource-rooted crisis", "years",
            "higher", "time", "Years to the first resource-rooted crisis; undefined in runs "
            "without one (censored at the horizon).", lambda c: c.number("first_resource_crisis")),
    Outcome("time_to_crisis_any", "Time to the first crisis of any root", "years",
            "higher", "time", "Years to the first interstate crisis of any root; undefined in runs "
            "without one (censored at the horizon).", lambda c: c.number("first_crisis")),
    Outcome("first_crisis_resource", "First crisis is rooted in the resource", "probability",
            "lower", "probability", "The first interstate crisis of the history is rooted in a "
            "local incident or a resource dispute: crises over other issues compete with it.",
            lambda c: ((c.number("first_crisis_root") > 0)
                       & (c.number("first_crisis_root") < 3)).astype(float)),
    Outcome("crises_resource_rate", "Resource-rooted crises", "1/year", "lower", "rate",
            "Interstate crises rooted in a local incident or a resource dispute, per year.",
            lambda c: (c.number("crisis_local") + c.number("crisis_dispute")) / c.years),
    Outcome("crises_any_rate", "Interstate crises of any root", "1/year", "lower", "rate",
            "Interstate crises of any root, per year.",
            lambda c: (c.number("crisis_local") + c.number("crisis_dispute")
                       + c.number("crisis_other")) / c.years),
    Outcome("channels_open", "Channels open during a crisis", "share", "higher", "share",
            "Share of interstate crises during which the capitals went on talking; undefined "
            "without a crisis.",
            lambda c: ratio(c.number("crises_with_channels"), c.number("crises_heard"))),
    Outcome("highest_interstate_rung", "Highest interstate rung", "rung", "lower", "level",
            "Highest interstate rung reached on any issue.",
            lambda c: c.number("highest_interstate_rung")),
    Outcome("near_misses", "Near misses", "1/year", "lower", "rate",
            "Disputes that reached diplomatic hostility and came back without a militarized act.",
            lambda c: c.number("near_misses") / c.years),
    Outcome("fatal_violence", "Fatal acts by state organs", "1/year", "lower", "rate",
            "Uses of force by state organs with deaths, any issue (proxy).",
            lambda c: c.number("fatal_acts") / c.years),
    Outcome("weeks_border_closed", "Weeks of closed border", "weeks/year", "lower", "rate",
            "Weeks a year with a closed border, mean over pairs of nations.",
            lambda c: c.total("weeks_closed") / c.years),
    Outcome("answered_share", "Hostile acts answered", "share", "none", "share",
            "Share of hostile acts of state organs that the target answered.",
            lambda c: np.where(c.number("asked") > 0,
                               c.number("answered") / np.maximum(c.number("asked"), 1), np.nan)),
)
