"""V12: local to interstate is about 1 in 100, by descent and not by a time window."""

from __future__ import annotations

from analysis.patterns.acts import ARMY, GUARDS, Cluster
from analysis.patterns.base import Measure, Pattern, share

COLUMNS = ("violent", "led", "led_army")
FORCE = 4  # hostility


def count(cluster: Cluster, reported: bool) -> tuple[float, ...]:
    """Violent local incidents, and those from which a use of force by state organs descends."""
    acts = cluster.acts.reported() if reported else cluster.acts
    violent = {*acts.incident[acts.violent].tolist()} - {-1}
    force = acts.hostility >= FORCE
    led = {*acts.incident[force & (acts.actor >= GUARDS)].tolist()} & violent
    army = {*acts.incident[force & (acts.actor >= ARMY)].tolist()} & violent
    return len(violent), len(led), len(army)


PATTERN = Pattern(
    "V12", "a violent local incident seldom draws in regular forces",
    "violent local incidents with a descendant use of force by regular forces of either side",
    "reports on the Kyrgyz-Tajik border", "C", True, COLUMNS, count,
    (
        Measure("led", "led to force", "%", 1.0, (0.4, 5.0), "violent",
                lambda s: share(s["led"], s["violent"])),
        Measure("led_army", "led to force by armies", "%", float("nan"), None, "violent",
                lambda s: share(s["led_army"], s["violent"])),
    ),
)  # fmt: skip
