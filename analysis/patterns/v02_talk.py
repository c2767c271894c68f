"""V2: conflict is mostly talk."""

from __future__ import annotations

import numpy as np

from analysis.patterns.acts import Cluster
from analysis.patterns.base import Measure, Pattern, share

COLUMNS = ("conflictive", "verbal", "minus_3", "severe", "war")


def count(cluster: Cluster, reported: bool) -> tuple[float, ...]:
    """Conflictive events between states over a resource, by BAR value."""
    acts = cluster.acts.reported() if reported else cluster.acts
    bar = acts.between_states().bar
    bad = bar[bar < 0]
    found = (bad < 0, bad >= -2, bad == -3, bad <= -5, bad == -7)
    return tuple(float(np.sum(chosen)) for chosen in found)


PATTERN = Pattern(
    "V2", "conflict is mostly talk",
    "reported conflictive events between states over a shared resource",
    "TFDD 1948-1999 (Yoffe, Wolf & Giordano 2003)", "C", True, COLUMNS, count,
    (
        Measure("verbal", "-1 or -2", "%", 82.0, (79.0, 91.0), "conflictive",
                lambda s: share(s["verbal"], s["conflictive"])),
        Measure("minus_3", "-3", "%", 10.0, None, "conflictive",
                lambda s: share(s["minus_3"], s["conflictive"])),
        Measure("severe", "-5 or worse", "%", 7.3, (0.7, 11.0), "conflictive",
                lambda s: share(s["severe"], s["conflictive"])),
        Measure("war", "-7", "%", 0.0, None, "conflictive",
                lambda s: share(s["war"], s["conflictive"])),
    ),
)  # fmt: skip
