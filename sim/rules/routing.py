"""Reaches as linear reservoirs in a row, upstream first: who stands above takes first.

    dS/dt = i - k S  over a tick with steady inflow i = (gained + arriving) / dt:
    S(dt) = min(S e^{-kdt} + i (1 - e^{-kdt}) / k, K),   discharge D = S + i dt - S(dt)
    available = D - D_e,   D_e: discharge of the water that cannot be withdrawn
    take = intended min(1, available / sum of intended),   passed on = D - (1 - return) taken

Water that leaves a reach reaches the next one within the tick, so that it spends 1/k in each at
any tick length. The share e of every catchment's own inflow cannot be withdrawn anywhere; it is
tracked apart (S_e obeys the same equation) and leaves the region. Return flows can be taken again
downstream. Aquifers, fisheries and pastures lose what is taken of their stock. Mass balance:
added + initial stock = stock + used + left, exactly up to rounding. Source: linear reservoirs
(Nash 1957). Limits: inflow is even within a tick; no losses by evaporation or seepage.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel, scalar
from sim.elementary import exp
from sim.rules.resources import ResourceParameters
from sim.state import Resource
from sim.topology import RIVER, Units


@scalar
def reservoir(stock: float, inflow: float, hold: float, late: float) -> float:
    """Stock after a tick: what is left of the old water and of the inflow."""
    return stock * hold + inflow * late


@scalar
def lateness(release: float, dt: float) -> float:
    """Share of a tick's inflow that is still in the reach at its end."""
    x = release * dt
    return (1.0 - exp(-x)) / x if x > 1e-9 else 1.0


@kernel
def discharge(
    unit: Units, resource: Resource, held_in: np.ndarray, u: int, p: ResourceParameters, dt: float
) -> tuple[float, float]:
    """Let water flow through one reach: discharge, and the part that cannot be withdrawn."""
    hold, late = exp(-unit.release[u] * dt), lateness(unit.release[u], dt)
    inflow = resource.gained[u] + resource.arriving[u]
    held = resource.gained[u] * p.environmental_share + held_in[u]
    after = reservoir(resource.stock[u], inflow, hold, late)
    after_held = reservoir(resource.reserved[u], held, hold, late)
    if after > unit.capacity[u]:  # a full reach spills both kinds of water alike
        after_held *= unit.capacity[u] / after
        after = unit.capacity[u]
    let_go = resource.stock[u] + inflow - after
    held_go = resource.reserved[u] + held - after_held
    resource.stock[u] = after
    resource.reserved[u] = after_held
    return let_go, held_go


@kernel
def serve(
    unit: Units, resource: Resource, take: np.ndarray, intended: np.ndarray, u: int
) -> float:
    """Give every group of a unit its share of what is there; returns the sum of takes."""
    wanted, taken = 0.0, 0.0
    member, first, last = unit.group, unit.group_start[u], unit.group_start[u + 1]
    for k in range(first, last):
        wanted += intended[member[k]]
    share = min(resource.available[u] / wanted, 1.0) if wanted > 0.0 else 1.0
    for k in range(first, last):
        g = member[k]
        take[g] = intended[g] * share
        taken += take[g]
    resource.intended[u] = wanted
    resource.ration[u] = share
    resource.taken[u] = taken
    return taken


@kernel
def route(
    unit: Units, resource: Resource, take: np.ndarray, intended: np.ndarray,
    held_in: np.ndarray, p: ResourceParameters, dt: float,
) -> None:
    """Flow, take, return and pass on, unit by unit. ``held_in``: scratch [u]."""
    for u in range(held_in.size):
        held_in[u] = 0.0
        resource.arriving[u] = 0.0
    for u in range(held_in.size):
        let_go, held_go = 0.0, 0.0
        if unit.kind[u] == RIVER:
            let_go, held_go = discharge(unit, resource, held_in, u, p, dt)
            resource.available[u] = max(let_go - held_go, 0.0)
        taken = serve(unit, resource, take, intended, u)
        returned = taken * unit.return_share[u]
        passed = 0.0
        if unit.kind[u] == RIVER:
            passed = let_go - taken + returned
        else:
            resource.stock[u] = max(resource.stock[u] - taken, 0.0) + returned
        resource.used[u] += taken - returned
        below = unit.downstream[u]
        if below >= 0:
            resource.arriving[below] += passed
            held_in[below] += held_go
        else:
            resource.left[u] += passed
