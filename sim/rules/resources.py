"""Stocks: catchments yield water, aquifers recharge, fish and pasture regrow.

    river    gained = inflow factor dt; what flows and what can be diverted: rule routing
    aquifer  S <- min(S + recharge dt, K),          available = S (1 - exp(-pump dt))
    fishery  S <- K S e^{r dt} / (K + S (e^{r dt} - 1)),  available = S (1 - exp(-fleet dt))

The fishery takes the exact logistic step (maximum sustainable yield r K / 4). ``ease`` is take per
effort against a half-full stock. The *fair share* of a system is its sustainable supply over need,
smoothed over some weeks. Source: Schaefer 1954 (fishery). Limits: groundwater has no gradient
inside a unit; fish do not migrate between units.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.state import Climate, Resource
from sim.topology import AQUIFER, RIVER, Basins, Units
from sim.units import WEEKS_PER_YEAR, retention


class ResourceParameters(NamedTuple):
    """Physical limits on what can be taken."""

    environmental_share: Annotated[float, Par(
        "share", 0, 0.6, "Share of a reach's water that cannot be withdrawn",
        "about a tenth of mean flow is the poorest fish habitat (Tennant 1976)")] = 0.1
    pump_rate: Annotated[float, Par(
        "1/year", 0.05, 5, "Largest share of an aquifer that pumps can lift a year",
        "assumption: wells, not water, are the limit")] = 0.5
    fleet_rate: Annotated[float, Par(
        "1/year", 0.1, 10, "Largest fishing mortality",
        "assumption: about four times that at maximum sustainable yield for r = 0.8")] = 1.6
    fair_weeks: Annotated[float, Par(
        "weeks", 1, 26, "Smoothing of supply and need in the fair share",
        "assumption: planning periods of water users are one to three months")] = 8.0


@scalar
def logistic_growth(stock: float, capacity: float, growth: float, dt: float) -> float:
    """Stock after dt years of Schaefer growth without catch."""
    e = exp(growth * dt)
    return capacity * stock * e / (capacity + stock * (e - 1.0))


@kernel
def replenish(
    unit: Units, climate: Climate, resource: Resource, p: ResourceParameters, dt: float
) -> None:
    """Inflow of every reach; recharge and growth of other stocks, and what can be taken of them."""
    basin, kinds, inflow, capacity = unit.basin, unit.kind, unit.inflow, unit.capacity
    growth, factor, stock, available = (
        unit.growth, climate.factor, resource.stock, resource.available)
    ease, gained, added = resource.ease, resource.gained, resource.added
    lifted, caught = 1.0 - exp(-p.pump_rate * dt), 1.0 - exp(-p.fleet_rate * dt)
    for u in range(stock.size):
        before = stock[u]
        after = before
        kind = kinds[u]
        if kind == RIVER:
            more = inflow[u] * factor[basin[u]] * dt
            ease[u] = 1.0
        elif kind == AQUIFER:
            after = min(before + inflow[u] * factor[basin[u]] * dt, capacity[u])
            after = max(after, before)
            more = after - before
            available[u] = after * lifted
            ease[u] = min(2.0 * after / capacity[u], 1.0)
        else:
            after = logistic_growth(before, capacity[u], growth[u], dt)
            more = after - before
            available[u] = after * caught
            ease[u] = min(2.0 * after / capacity[u], 2.0)
        stock[u] = after
        gained[u] = more
        added[u] += more


@kernel
def fair_share(
    basin: Basins, unit: Units, resource: Resource, climate: Climate, need: np.ndarray,
    p: ResourceParameters, dt: float,
) -> None:
    """Sustainable supply over need of every resource system, smoothed, at most 1."""
    start, units, kind, inflow = basin.unit_start, basin.unit, unit.kind, unit.inflow
    first, member, growth, capacity = unit.group_start, unit.group, unit.growth, unit.capacity
    gained, stock = resource.gained, resource.stock
    keep = retention(p.fair_weeks / WEEKS_PER_YEAR, dt)
    for b in range(basin.key.size):
        supply, demand = 0.0, 0.0
        for k in range(start[b], start[b + 1]):
            u = units[k]
            if kind[u] == RIVER:
                supply += gained[u] * (1.0 - p.environmental_share) / dt
            elif kind[u] == AQUIFER:
                supply += inflow[u]
            else:
                supply += growth[u] * stock[u] * (1.0 - stock[u] / capacity[u])
            for j in range(first[u], first[u + 1]):
                demand += need[member[j]] / dt
        climate.supply[b] = supply + (climate.supply[b] - supply) * keep
        climate.demand[b] = demand + (climate.demand[b] - demand) * keep
        if climate.demand[b] > 0.0:
            climate.fair[b] = min(max(climate.supply[b] / climate.demand[b], 0.0), 1.0)
        else:
            climate.fair[b] = 1.0
