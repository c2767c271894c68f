"""Four families of indicators by name, each one index from 0 to 1 with a stated formula.

Climate risk reduction, service continuity, economic resilience and social protection are what
joint resilience of border cities is to be monitored by. The indices summarise outcomes that stand
elsewhere on their own; equal weights are an assumption, and a change of an index is read beside its
parts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.outcomes.base import Chunk, Outcome, mean_path, ratio, worst_path


def climate_risk_reduction(c: Chunk) -> NDArray[np.float64]:
    """Half of what is not exposed, half of what is not damaged."""
    return 1.0 - 0.5 * (mean_path(c, "exposure") + mean_path(c, "unrepaired"))


def service_continuity(c: Chunk) -> NDArray[np.float64]:
    """Half of the mean, half of the worst quarter."""
    return 0.5 * (mean_path(c, "service") + worst_path(c, "service"))


def economic_resilience(c: Chunk) -> NDArray[np.float64]:
    """Half of mean livelihood, half of its worst quarter over the mean."""
    mean = mean_path(c, "livelihood")
    return 0.5 * (mean + ratio(worst_path(c, "livelihood"), mean))


def social_protection(c: Chunk) -> NDArray[np.float64]:
    """A third each: worst-off over mean livelihood, people not displaced, sides alike."""
    worst = ratio(mean_path(c, "worst_livelihood"), mean_path(c, "livelihood"))
    return (worst + (1.0 - mean_path(c, "displaced"))
            + (1.0 - mean_path(c, "livelihood_gap"))) / 3.0


FAMILY = (
    Outcome("climate_risk_reduction", "Climate risk reduction (index)", "index", "higher", "level",
            "1 - (exposure + unrepaired damage) / 2, means over inhabitants and time.",
            climate_risk_reduction),
    Outcome("service_continuity_index", "Service continuity (index)", "index", "higher", "level",
            "(mean service + service in the worst quarter) / 2.", service_continuity),
    Outcome("economic_resilience", "Economic resilience (index)", "index", "higher", "level",
            "(mean livelihood + livelihood in the worst quarter over its mean) / 2.",
            economic_resilience),
    Outcome("social_protection_index", "Social protection (index)", "index", "higher", "level",
            "(worst-off over mean livelihood + share not displaced + 1 - gap between sides) / 3.",
            social_protection),
)
