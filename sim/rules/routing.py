"""Reaches as linear reservoirs in a row, upstream first: who stands above takes first.

    dS/dt = i - k S  over a tick with steady inflow i = (gained + arriving) / dt:
    S(dt) = min(S e^{-kdt} + i (1 - e^{-kdt}) / k, K),   discharge D = S + i dt - S(dt)
    available = D - D_e,   D_e: discharge of the water that cannot be withdrawn
    take = intended min(1, available / sum of intended),   passed on = D - (1 - return) taken

Water that leaves a reach reaches the next one within the tick, so that it spends 1/k in each at
any tick length. The share e of every catchment's own inflow cannot be withdrawn anywhere; it is
tracked apart (S_e obeys the same equation) and leaves the region. Return flows can be taken again
downstream. Aquifers, fisheries and pastures lose what is taken of their stock. Mass balance:
added + initial stock = stock + used + left, exactly up to rounding. What the water carries flows
with it (rule quality). Source: linear reservoirs
(Nash 1957). Limits: inflow is even within a tick; no losses by evaporation or seepage.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel, scalar
from sim.elementary import exp
from sim.rules.quality import QualityParameters, carry, in_the_ground
from sim.rules.resources import ResourceParameters
from sim.state import Resource
from sim.topology import AQUIFER, RIVER, Units
from sim.units import WEEKS_PER_YEAR


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
) -> tuple[float, float, float]:
    """Let water flow through one reach.

    Returns discharge, the part of it that cannot be withdrawn, and the share that a full reach
    keeps of what would be in it.
    """
    hold, late = exp(-unit.release[u] * dt), lateness(unit.release[u], dt)
    inflow = resource.gained[u] + resource.arriving[u]
    held = resource.gained[u] * p.environmental_share + held_in[u]
    after = reservoir(resource.stock[u], inflow, hold, late)
    after_held = reservoir(resource.reserved[u], held, hold, late)
    kept = 1.0
    if after > unit.capacity[u]:  # a full reach spills both kinds of water alike
        kept = unit.capacity[u] / after
        after_held *= kept
        after = unit.capacity[u]
    let_go = resource.stock[u] + inflow - after
    held_go = resource.reserved[u] + held - after_held
    resource.stock[u] = after
    resource.reserved[u] = after_held
    return let_go, held_go, kept


@kernel
def serve(
    unit: Units, resource: Resource, take: np.ndarray, intended: np.ndarray, u: int
) -> float:
    """Give every group of a unit its share of what is there; returns the sum of takes."""
    wanted, taken = 0.0, 0.0
    member, first, last = unit.group, unit.group_start[u], unit.group_start[u + 1]
    for k in range(first, last):
        wanted += intended[member[k]]
    share = resource.available[u] / wanted if wanted > resource.available[u] else 1.0
    for k in range(first, last):
        g = member[k]
        take[g] = intended[g] * share
        taken += take[g]
    resource.intended[u] = wanted
    resource.ration[u] = share
    resource.taken[u] = taken
    return taken


@scalar
def mud(gained: float, inflow: float, p: QualityParameters, dt: float) -> float:
    """Sediment that a catchment yields: its concentration grows in proportion to the flow."""
    return p.silt * gained * gained / (inflow * dt) if inflow > 0.0 else 0.0


@kernel
def flow_on(
    concentration: np.ndarray, entering: np.ndarray, u: int, below: int, release: float,
    decay: float, water: tuple[float, float, float, float], dt: float,
) -> float:
    """Carry one thing through a reach; ``entering`` of the reach becomes what its users meet.

    water: stock before and after, share that is kept, discharge. What users meet is the
    concentration of the discharge, the mean over the tick. Returns what flows on.
    """
    before, after, kept, let_go = water
    stays, gone = carry(concentration[u] * before, entering[u], release, decay, kept, dt)
    concentration[u] = stays / after if after > 0.0 else 0.0
    entering[u] = gone / let_go if let_go > 0.0 else concentration[u]
    if below >= 0:
        entering[below] += gone
    return gone


@kernel
def route(
    unit: Units, resource: Resource, take: np.ndarray, intended: np.ndarray, soil: np.ndarray,
    flows: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray],
    p: ResourceParameters, q: QualityParameters, dt: float,
) -> None:
    """Flow, take, return and pass on, unit by unit.

    soil: channel of sediment [u]. flows: scratch [u] of what comes from upstream (water that cannot
    be withdrawn, pollution, salt, sediment, and pollution without what enters in the reach itself);
    pollution holds the sewage of the tick. Afterwards they hold, for reaches, the concentrations
    that users met.
    """
    held_in, dirt, salt, silt, foul = flows
    decay = WEEKS_PER_YEAR / q.decay_weeks
    settling, nowhere = WEEKS_PER_YEAR / q.settling_weeks, np.int64(-1)
    for u in range(held_in.size):
        held_in[u] = salt[u] = silt[u] = foul[u] = resource.arriving[u] = 0.0
    for u in range(held_in.size):
        kind, below, release = unit.kind[u], np.int64(unit.downstream[u]), unit.release[u]
        let_go, held_go, gained = 0.0, 0.0, resource.gained[u]
        if kind == RIVER:
            before = resource.stock[u]
            let_go, held_go, kept = discharge(unit, resource, held_in, u, p, dt)
            resource.available[u] = max(let_go - held_go, 0.0)
            water = (before, resource.stock[u], kept, let_go)
            salt[u] += q.salt * gained
            silt[u] += mud(gained, unit.inflow[u], q, dt) * soil[u]
            gone = flow_on(resource.pollution, dirt, u, below, release, decay, water, dt)
            flow_on(resource.carried, foul, u, nowhere, release, decay, water, dt)
            if below >= 0:
                foul[below] += gone
            flow_on(resource.salinity, salt, u, below, release, 0.0, water, dt)
            flow_on(resource.sediment, silt, u, below, release, settling, water, dt)
        elif kind == AQUIFER:
            in_the_ground(resource, u, dirt[u], unit.saline[u], unit.capacity[u], q, dt)
        taken = serve(unit, resource, take, intended, u)
        returned = taken * unit.return_share[u]
        passed = 0.0
        if kind == RIVER:
            passed = let_go - taken + returned
        else:
            resource.stock[u] = max(resource.stock[u] - taken, 0.0) + returned
        resource.used[u] += taken - returned
        if below >= 0:
            resource.arriving[below] += passed
            held_in[below] += held_go
        else:
            resource.left[u] += passed
