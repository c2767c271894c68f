"""What two nations lack is counted by kind of resource, and so is what lies unmarked between them.

    scarcity_j   = mean of 1 - fair over the pair's dyads that contest kind j
                   where none does: over the systems of kind j that both nations live from
    scarcity     = mean of 1 - fair over all its dyads
    undemarcated = mean disputed share over its dyads that contest land

fair: share of need that a system covers. Claims, protests and the salience of an act read the
shortage of their own kind; acts over other issues, and talk, which may be about anything shared,
read the mean over dyads. A kind that the pair does not share has no shortage and raises no claim.
Source: claims and their salience are by issue (Hensel, Mitchell, Sowers & Thyne 2008); form:
assumption. Limits: capitals know the shortage as it is.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel
from sim.state import State
from sim.topology import LAND, OTHER, Topology


@kernel
def shortage_of(topology: Topology, fair: np.ndarray, i: int, j: int) -> float:
    """Mean shortage of one kind (``OTHER``: of every kind) where a pair's dyads contest it."""
    member, basin, kind = topology.pair.dyad, topology.dyad.basin, topology.basin.kind
    total, count = 0.0, 0
    for k in range(topology.pair.dyad_start[i], topology.pair.dyad_start[i + 1]):
        b = basin[member[k]]
        if j == OTHER or kind[b] == j:
            total += 1.0 - fair[b]
            count += 1
    if count == 0 and j != OTHER:
        shared = topology.pair.basin
        for k in range(topology.pair.basin_start[i], topology.pair.basin_start[i + 1]):
            if kind[shared[k]] == j:
                total += 1.0 - fair[shared[k]]
                count += 1
    return total / count if count > 0 else 0.0


@kernel
def disputed_land(topology: Topology, disputed: np.ndarray, i: int) -> float:
    """Mean disputed share of the land that a pair's dyads contest."""
    member, unit, kind = topology.pair.dyad, topology.dyad.unit, topology.unit.kind
    total, count = 0.0, 0
    for k in range(topology.pair.dyad_start[i], topology.pair.dyad_start[i + 1]):
        u = unit[member[k]]
        if kind[u] == LAND:
            total += disputed[u]
            count += 1
    return total / count if count > 0 else 0.0


@kernel
def scarcity(topology: Topology, state: State) -> None:
    """Shortage of every pair by kind of resource and over all, and its undemarcated land."""
    short, fair, disputed = state.track.scarcity, state.climate.fair, state.unit.disputed
    for i in range(short.shape[0]):
        for j in range(short.shape[1]):
            short[i, j] = shortage_of(topology, fair, i, j)
        state.pair.scarcity[i] = short[i, OTHER]
        state.pair.undemarcated[i] = disputed_land(topology, disputed, i)
