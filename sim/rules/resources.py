"""Stocks: catchments yield water, aquifers recharge, fish and pasture regrow.

    river    gained = inflow factor' dt; what flows and what can be diverted: rule routing
             factor' = factor (season + h (1 - season)) / season,  h = recharge - 1, at most 1
    aquifer  S <- min(S + recharge inflow factor dt, K),  available = S (1 - exp(-pump dt))
    fishery  S <- K S e / (K + S (e - 1)),  e = exp(r regrowth factor (1 - a heat) dt)
             available = S (1 - exp(-fleet dt))
    pasture  the same with e = exp(r regrowth factor dt),  available = S (1 - exp(-graze dt))

Fish and pasture take the exact logistic step (maximum sustainable yield r K / 4 in a mean year);
both grow with the weather of their system: pasture with the rain, fish in strong and weak year
classes, or with the flood that spreads them. The mean of ``factor`` is 1 without droughts, which
take their part of growth as of inflow. ``ease`` is take per effort against a half-full stock;
grazing, as pumping, gets no easier above it. Channels: land that holds water back evens out the
season of a river without changing its yearly flow, and recharges an aquifer; regrowth of fish and
pasture. The *fair share* of a system is its sustainable supply over need, smoothed over some weeks.
Source: Schaefer 1954 (fishery); logistic pasture under grazing (Noy-Meir 1975); recruitment of fish
varies from year to year, in floodplains with the flood (Welcomme 1979, *Fisheries Ecology of
Floodplain Rivers*); that growth of the whole stock does, at once: assumption. Limits: groundwater
has no gradient inside a unit; fish and herds do not migrate between units; eaten pasture regrows
from what is left, without bare ground.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.state import Channels, Climate, Resource
from sim.topology import AQUIFER, LAND, RIVER, Basins, Units
from sim.units import WEEKS_PER_YEAR, retention


class ResourceParameters(NamedTuple):
    """Physical limits on what can be taken."""

    environmental_share: Annotated[float, Par(
        "share", 0, 0.6, "Share of a reach's water that cannot be withdrawn",
        "a tenth of mean flow keeps most aquatic life for a short time only (Tennant 1976)")] = 0.1
    pump_rate: Annotated[float, Par(
        "1/year", 0.05, 5, "Largest share of an aquifer that pumps can lift a year",
        "assumption: wells, not water, are the limit")] = 0.5
    fleet_rate: Annotated[float, Par(
        "1/year", 0.1, 10, "Largest fishing mortality",
        "assumption: about four times that at maximum sustainable yield for r = 0.8")] = 1.6
    graze_rate: Annotated[float, Par(
        "1/year", 0.5, 50, "Largest share of a pasture that herds can graze a year",
        "assumption: herds can strip a pasture within a season")] = 5.0
    fair_weeks: Annotated[float, Par(
        "weeks", 1, 26, "Smoothing of supply and need in the fair share",
        "assumption: planning periods of water users are one to three months")] = 8.0


@scalar
def logistic_growth(stock: float, capacity: float, growth: float, dt: float) -> float:
    """Stock after dt years of Schaefer growth without catch."""
    e = exp(growth * dt)
    return capacity * stock * e / (capacity + stock * (e - 1.0))


@scalar
def held_back(factor: float, season: float, recharge: float) -> float:
    """Inflow over its mean where a share of the seasonal swing is held back by the land."""
    held = min(max(recharge - 1.0, 0.0), 1.0)
    return factor * (season + held * (1.0 - season)) / season if season > 0.0 else factor


@kernel
def replenish(
    unit: Units, climate: Climate, resource: Resource, channel: Channels, p: ResourceParameters,
    heat_on_fish: float, dt: float,
) -> None:
    """Inflow of every reach; recharge and growth of other stocks, and what can be taken of them."""
    basin, kinds, inflow, capacity = unit.basin, unit.kind, unit.inflow, unit.capacity
    growth, factor, season, heat = unit.growth, climate.factor, climate.season_now, climate.heat
    stock, available, ease = resource.stock, resource.available, resource.ease
    gained, added, recharge, regrowth = (
        resource.gained, resource.added, channel.recharge, channel.regrowth)
    lifted, caught = 1.0 - exp(-p.pump_rate * dt), 1.0 - exp(-p.fleet_rate * dt)
    grazed = 1.0 - exp(-p.graze_rate * dt)
    for u in range(stock.size):
        before = stock[u]
        after = before
        kind, b = kinds[u], basin[u]
        if kind == RIVER:
            more = inflow[u] * held_back(factor[b], season[b], recharge[u]) * dt
            ease[u] = 1.0
        elif kind == AQUIFER:
            after = min(before + inflow[u] * factor[b] * recharge[u] * dt, capacity[u])
            after = max(after, before)
            more = after - before
            available[u] = after * lifted
            ease[u] = min(2.0 * after / capacity[u], 1.0)
        else:
            land = kind == LAND
            weather = factor[b] * (1.0 if land else 1.0 - heat_on_fish * heat[b])
            after = logistic_growth(before, capacity[u], growth[u] * regrowth[u] * weather, dt)
            more = after - before
            available[u] = after * (grazed if land else caught)
            ease[u] = min(2.0 * after / capacity[u], 1.0 if land else 2.0)
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
    first, member, gained = unit.group_start, unit.group, resource.gained
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
                supply += gained[u] / dt
            for j in range(first[u], first[u + 1]):
                demand += need[member[j]] / dt
        climate.supply[b] = supply + (climate.supply[b] - supply) * keep
        climate.demand[b] = demand + (climate.demand[b] - demand) * keep
        if climate.demand[b] > 0.0:
            climate.fair[b] = min(max(climate.supply[b] / climate.demand[b], 0.0), 1.0)
        else:
            climate.fair[b] = 1.0
