"""V1: water events between states are mostly cooperative."""

from __future__ import annotations

import numpy as np

from analysis.patterns.acts import Cluster
from analysis.patterns.base import Measure, Pattern, share

COLUMNS = ("events", "cooperative", "neutral", "conflictive")


def count(cluster: Cluster, reported: bool) -> tuple[float, ...]:
    """Events between states over a resource, by the sign of their BAR value."""
    acts = cluster.acts.reported() if reported else cluster.acts
    bar = acts.between_states().bar
    return bar.size, *(float(np.sum(chosen)) for chosen in (bar > 0, bar == 0, bar < 0))


PATTERN = Pattern(
    "V1", "water events between states are mostly cooperative",
    "reported events between states over a shared resource",
    "TFDD 1948-1999, n = 1,831 (Yoffe, Wolf & Giordano 2003)", "C", True, COLUMNS, count,
    (
        Measure("cooperative", "cooperative", "%", 67.0, (57.0, 72.0), "events",
                lambda s: share(s["cooperative"], s["events"])),
        Measure("neutral", "neutral", "%", 5.0, None, "events",
                lambda s: share(s["neutral"], s["events"])),
        Measure("conflictive", "conflictive", "%", 28.0, (24.0, 38.0), "events",
                lambda s: share(s["conflictive"], s["events"])),
    ),
)  # fmt: skip
