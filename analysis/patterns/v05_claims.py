"""V5: few river claims turn military, more maritime, most territorial."""

from __future__ import annotations

import numpy as np

from analysis.patterns.acts import FISHERY, FORGOTTEN, GUARDS, LAND, RIVER, Cluster, spells
from analysis.patterns.base import Measure, Pattern, Sums, share

KINDS = {"river": RIVER, "maritime": FISHERY, "territorial": LAND}
COLUMNS = tuple(f"{kind}_{what}" for kind in KINDS for what in ("claims", "military"))
THREAT = 2  # hostility from which a claim counts as militarized


def count(cluster: Cluster, reported: bool) -> tuple[float, ...]:
    """Claims per kind of resource, and those that ever saw a threat of force or more.

    A claim: acts of state organs of one pair over one kind of resource with less than five years
    between two of them.
    """
    acts = cluster.acts.reported() if reported else cluster.acts
    asked = acts.keep(acts.claim & (acts.actor >= GUARDS))
    found: list[float] = []
    for kind in KINDS.values():
        claims = military = 0
        for pair in range(cluster.pairs):
            own = asked.keep((asked.kind == kind) & (asked.pair == pair))
            for rows in spells(own.time, FORGOTTEN):
                claims += 1
                military += int(np.max(own.hostility[rows]) >= THREAT)
        found += [claims, military]
    return tuple(found)


def _military(kind: str) -> Measure:
    target, accept = {
        "river": (14.6, (9.0, 24.0)), "maritime": (27.3, (21.0, 35.0)),
        "territorial": (37.7, (31.0, 45.0)),
    }[kind]  # fmt: skip
    return Measure(kind, f"{kind} claims", "%", target, accept, f"{kind}_claims",
                   lambda s: share(s[f"{kind}_military"], s[f"{kind}_claims"]))  # fmt: skip


def _step(low: str, high: str, target: float) -> Measure:
    """How many points a kind lies above another; above zero is the order that was observed."""

    def compute(s: Sums) -> np.ndarray:
        more = share(s[f"{high}_military"], s[f"{high}_claims"])
        return more - share(s[f"{low}_military"], s[f"{low}_claims"])

    return Measure(f"{high}_over_{low}", f"{high} above {low}", "points", target,
                   (0.0, float("inf")), f"{high}_claims", compute, width=30.0)  # fmt: skip


PATTERN = Pattern(
    "V5", "few river claims turn military, more maritime, most territorial",
    "share of disputes over each kind of resource that ever reach a threat of force",
    "ICOW claims 1.1", "H", False, COLUMNS, count,
    (*map(_military, KINDS), _step("river", "maritime", 12.7),
     _step("maritime", "territorial", 10.4)),
)  # fmt: skip
