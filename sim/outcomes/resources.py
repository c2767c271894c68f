"""The shared resource itself."""

from __future__ import annotations

from sim.outcomes.base import Outcome, last_path, mean_path

FAMILY = (
    Outcome("resource_health", "Resource health", "share", "higher", "level",
            "Rivers: sustainable supply over need; stocks: share of capacity; mean over units and "
            "time.", lambda c: mean_path(c, "resource_health")),
    Outcome("resource_quality", "Resource quality", "share", "higher", "level",
            "Use that pollution, salt and sediment leave, mean over units and time (1: clean).",
            lambda c: mean_path(c, "quality")),
    Outcome("resource_against_projection", "Resource against its projection", "ratio", "higher",
            "level", "Actual health over what planners would extrapolate at the start, the mean "
            "health of the unit in the years before it; mean over units and time (1: as before).",
            lambda c: mean_path(c, "against_projection")),
    Outcome("resource_health_end", "Resource health at the horizon", "share", "higher", "level",
            "The same at the end.", lambda c: last_path(c, "resource_health")),
)
