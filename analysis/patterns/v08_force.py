"""V8: once military, limited force is the usual level and war is rare."""

from __future__ import annotations

import numpy as np

from analysis.patterns.acts import Cluster, disputes
from analysis.patterns.base import Measure, Pattern, share

COLUMNS = ("disputes", "display", "force", "war", "deadly")


def count(cluster: Cluster, reported: bool) -> tuple[float, ...]:
    """Militarized disputes (display of force or more) by their highest level."""
    acts = cluster.acts.reported() if reported else cluster.acts
    found = disputes(cluster, acts)
    level = np.array([int(own.hostility.max()) for _, own in found])
    deadly = sum(bool(own.fatal.any()) for _, own in found)
    return (len(found), *(float(np.sum(level == rung)) for rung in (3, 4, 5)), deadly)


PATTERN = Pattern(
    "V8", "once military, limited force is the usual level and war is rare",
    "highest hostility level of disputes with a display of force or more",
    "COW militarized disputes (MID 5); threats are under-recorded and left out", "C", True,
    COLUMNS, count,
    (
        Measure("force", "use of force", "%", 70.6, (64.0, 76.0), "disputes",
                lambda s: share(s["force"], s["disputes"])),
        Measure("war", "war", "%", 1.7, (0.5, 4.0), "disputes",
                lambda s: share(s["war"], s["disputes"])),
        Measure("display", "display only", "%", 27.7, None, "disputes",
                lambda s: share(s["display"], s["disputes"])),
        Measure("deadly", "with deaths", "%", 21.0, None, "disputes",
                lambda s: share(s["deadly"], s["disputes"])),
    ),
)  # fmt: skip
