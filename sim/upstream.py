"""Who lives upstream: of the people above a town's reach, the share on the other side of a dyad."""

from __future__ import annotations

import numpy as np

from sim.topology import Reals, Signed, Topology


def people_above(topology: Topology) -> Reals:
    """People of every nation in towns whose reach flows into a unit [u, n]."""
    town, below = topology.municipality, topology.unit.downstream
    own = np.zeros((below.size, topology.nation.key.size))
    standing = np.flatnonzero(town.reach >= 0)
    np.add.at(own, (town.reach[standing], town.nation[standing]), town.population[standing])
    above = np.zeros_like(own)
    for u in range(below.size):  # upstream before downstream
        if below[u] >= 0:
            above[below[u]] += above[u] + own[u]
    return above


def theirs(topology: Topology) -> tuple[Reals, Reals]:
    """For each side of every dyad: share of the people above its reach who are the other's [d]."""
    town, dyad, above = topology.municipality, topology.dyad, people_above(topology)
    return (
        _share(above, town.reach[dyad.first], town.nation[dyad.second]),
        _share(above, town.reach[dyad.second], town.nation[dyad.first]),
    )


def _share(above: Reals, reach: Signed, nation: np.ndarray) -> Reals:
    people = above[reach].sum(axis=1)
    known = (reach >= 0) & (people > 0.0)
    return np.where(known, above[reach, nation] / np.where(known, people, 1.0), 0.0)
