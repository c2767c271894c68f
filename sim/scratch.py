"""Work arrays that a thread owns beside the state."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.topology import Topology
from sim.upstream import theirs

Array = NDArray[Any]


class Scratch(NamedTuple):
    """Work arrays of the tick; nothing in them outlives it."""

    system: Array  # [g] uint32: resource system of each group's unit
    theirs_first: Array  # [d] people above a's reach who are of b's nation, share
    theirs_second: Array  # [d] people above b's reach who are of a's nation, share
    z_group: Array  # [g]
    y_group: Array  # [g]
    fair: Array  # [g]
    ease: Array  # [g]
    error: Array  # [g]
    kept: Array  # [g]
    u_dyad: Array  # [d]
    v_dyad: Array  # [d]
    chance: Array  # [d]
    warm: Array  # [d] recent hostility, mean over the tick
    more: Array  # [d]
    towns: Array  # [m]
    hit: Array  # [m]
    storm_hit: Array  # [m]
    heat_hit: Array  # [m]
    units: Array  # [u]
    mass: Array  # [u]
    dirt: Array  # [u] pollution that enters a reach in the tick
    salt: Array  # [u]
    silt: Array  # [u]
    foul: Array  # [u] the part of dirt that comes from upstream
    pairs: Array  # [p]
    fire: Array  # [p]
    struck: Array  # [g]
    caught: Array  # [g]
    queue: Array  # [handed-up acts, 8]


def allocate_scratch(topology: Topology) -> Scratch:
    """Work arrays for one thread."""
    g, d, m, u, p = (part.key.size for part in (
        topology.group, topology.dyad, topology.municipality, topology.unit, topology.pair))
    system = topology.unit.basin[topology.group.unit].astype(np.uint32)
    lengths = (g, g, g, g, g, g, d, d, d, d, d, m, m, m, m, u, u, u, u, u, u, p, p, g, g)
    work = [np.zeros(k) for k in lengths]
    return Scratch._make((system, *theirs(topology), *work, np.zeros((64 + 2 * d, 8))))
