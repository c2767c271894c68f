"""How the strength of agreements reaches what mechanisms act on.

Rule of reach: what touches a town, a unit or a pair of nations is the mean of the strengths of its
dyads, weighted with their interaction weights.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel
from sim.topology import Topology


@kernel
def working(strength: np.ndarray) -> bool:
    """True when a mechanism has strength on some dyad [d]."""
    d = 0
    while d < strength.size and strength[d] <= 0.0:
        d += 1
    return d < strength.size


@kernel
def mean_over_dyads(
    out: np.ndarray, start: np.ndarray, member: np.ndarray, strength: np.ndarray,
    weight: np.ndarray,
) -> None:
    """The rule of reach: weighted mean strength of each entity's dyads."""
    for i in range(out.size):
        total, mass = 0.0, 0.0
        for k in range(start[i], start[i + 1]):
            d = member[k]
            total += weight[d] * strength[d]
            mass += weight[d]
        out[i] = total / mass if mass > 0.0 else 0.0


@kernel
def over_towns(out: np.ndarray, topology: Topology, strength: np.ndarray) -> None:
    """Strength that reaches every town. out [m], strength [d]."""
    town = topology.municipality
    mean_over_dyads(out, town.dyad_start, town.dyad, strength, topology.dyad.weight)


@kernel
def over_pairs(out: np.ndarray, topology: Topology, strength: np.ndarray) -> None:
    """Strength that reaches every pair of nations. out [p], strength [d]."""
    pair = topology.pair
    mean_over_dyads(out, pair.dyad_start, pair.dyad, strength, topology.dyad.weight)


@kernel
def over_units(
    out: np.ndarray, mass: np.ndarray, topology: Topology, strength: np.ndarray
) -> None:
    """Strength that reaches every unit, scattered from the dyads that contest it. out, mass [u]."""
    unit, weight = topology.dyad.unit, topology.dyad.weight
    out[:] = 0.0
    mass[:] = 0.0
    for d in range(unit.size):
        out[unit[d]] += weight[d] * strength[d]
        mass[unit[d]] += weight[d]
    for u in range(out.size):
        out[u] = out[u] / mass[u] if mass[u] > 0.0 else 0.0
