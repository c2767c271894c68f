"""The shared resource itself."""

from __future__ import annotations

from sim.outcomes.base import Outcome, last_path, mean_path

FAMILY = (
    Outcome("resource_health", "Resource health", "share", "higher", "level",
            "Rivers: sustainable supply over need; stocks: share of capacity; mean over units and "
            "time.", lambda c: mean_path(c, "resource_health")),
    Outcome("resource_health_end", "Resource health at the horizon", "share", "higher", "level",
            "The same at the end.", lambda c: last_path(c, "resource_health")),
)
