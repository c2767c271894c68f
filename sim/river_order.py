"""Which town of a dyad lies downstream of the other: who pays whom for the care of a river.

A town's place is the river reach that its people take most from by need, else the reach whose
floods strike it. One side lies below the other when water from the other's place flows to its own;
towns on one reach or on two rivers, or that contest a lake, an aquifer or pasture, have no such
order.
"""

from __future__ import annotations

import numpy as np

from sim.topology import RIVER, Groups, Municipalities, Signed, Topology, Units


def with_river_order(topology: Topology) -> Topology:
    """The topology with the side that lies below filled in for every dyad."""
    dyad, downstream = topology.dyad, topology.unit.downstream
    place = _places(topology.municipality, topology.group, topology.unit)
    first, second = place[dyad.first], place[dyad.second]
    below = _flows_to(downstream, second, first).astype(np.int32)
    below -= _flows_to(downstream, first, second).astype(np.int32)
    below[topology.unit.kind[dyad.unit] != RIVER] = 0
    return topology._replace(dyad=dyad._replace(below=below))


def _places(town: Municipalities, group: Groups, unit: Units) -> Signed:
    """River reach of every town; -1: none."""
    place: Signed = town.reach.astype(np.int32)
    river = unit.kind[group.unit] == RIVER
    use = group.municipality[river].astype(np.int64) * unit.key.size + group.unit[river]
    uses, which = np.unique(use, return_inverse=True)
    need = np.bincount(which, weights=group.demand[river], minlength=uses.size)
    for each in uses[np.argsort(need, kind="stable")].tolist():
        place[each // unit.key.size] = each % unit.key.size  # the largest comes last
    return place


def _flows_to(downstream: Signed, start: Signed, goal: Signed) -> np.ndarray:
    """True where water that leaves ``start`` comes to ``goal``."""
    found = np.zeros(start.size, dtype=bool)
    at = start
    while (at >= 0).any():
        at = np.where(at >= 0, downstream[np.maximum(at, 0)], -1)
        found |= (at >= 0) & (at == goal)
    return found
