"""V13: river noise, on records as long as those that the target was read from."""

from __future__ import annotations

import numpy as np

from analysis.patterns.acts import Cluster
from analysis.patterns.base import Measure, Pattern, ratio

COLUMNS = ("rivers", "cv", "lag_1")
FEWEST_YEARS = 10


def count(cluster: Cluster, reported: bool) -> tuple[float, ...]:
    """Coefficient of variation and lag-1 correlation, summed over the rivers of a history."""
    del reported  # nobody needs to see a river
    flow = cluster.inflow[cluster.inflow.mean(axis=1) > 0] if cluster.inflow.size else []
    long = [each for each in flow if each.size >= FEWEST_YEARS and each.std() > 0]
    variation = sum(float(each.std(ddof=1) / each.mean()) for each in long)
    memory = sum(float(np.corrcoef(each[1:], each[:-1])[0, 1]) for each in long)
    return len(long), variation, memory


PATTERN = Pattern(
    "V13", "river noise", "generated annual inflow of rivers",
    "Nile after 1899; Colorado natural flow 1906-2019", "C", True, COLUMNS, count,
    (
        Measure("cv", "CV of annual inflow", "ratio", 0.24, (0.15, 0.32), "rivers",
                lambda s: ratio(s["cv"], s["rivers"])),
        Measure("lag_1", "lag-1 correlation", "ratio", 0.22, (0.10, 0.32), "rivers",
                lambda s: s["lag_1"] / np.where(s["rivers"] > 0, s["rivers"], np.nan)),
    ),
)  # fmt: skip
