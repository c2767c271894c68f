"""Stage 2. Stocks fill, recharge and regrow; needs and fair shares of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.nature import AQUIFER, FISHERY, LAND, RIVER
from naive.numbers import clip, exp, relax, retention
from sim.topology import GROUP_KINDS
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import Basin, ResourceUnit
    from naive.people import Municipality, UserGroup


def stocks(model: NaiveModel) -> None:
    """What is there, what is needed, and what would be fair."""
    p, dt = model.parameters.resource, model.dt
    largest = {  # share of a stock that can be taken in a tick
        kind: 1.0 - exp(-rate * dt)
        for kind, rate in ((AQUIFER, p.pump_rate), (FISHERY, p.fleet_rate), (LAND, p.graze_rate))
    }
    model.units.do(replenish, largest)
    model.units.do(clean)
    model.groups.do(sewage)
    model.municipalities.do(thirst)
    model.groups.do(need)
    model.basins.do(fair_share, retention(p.fair_weeks / WEEKS_PER_YEAR, dt))


def replenish(unit: ResourceUnit, largest: dict[int, float]) -> None:
    """Add inflow, recharge or growth, and say what can be taken of a stock this tick."""
    before = unit.stock
    if unit.kind == RIVER:
        unit.gained = unit.inflow * held_back(unit) * unit.model.dt
        unit.ease = 1.0
    else:
        if unit.kind == AQUIFER:
            recharge(unit)
        else:
            regrow(unit)
        unit.gained = unit.stock - before
        unit.available = unit.stock * largest[unit.kind]
        easiest = 2.0 if unit.kind == FISHERY else 1.0
        unit.ease = min(2.0 * unit.stock / unit.capacity, easiest)
    unit.added += unit.gained


def held_back(unit: ResourceUnit) -> float:
    """Land that holds water back evens out the season and leaves the year as it is."""
    basin = unit.basin
    if basin.season_now <= 0.0:
        return basin.factor
    held = clip(unit.channel.recharge - 1.0, 0.0, 1.0)
    even = basin.season_now + held * (1.0 - basin.season_now)
    return basin.factor * even / basin.season_now


def recharge(unit: ResourceUnit) -> None:
    """S <- min(S + recharge, K)."""
    filled = unit.stock + unit.inflow * unit.basin.factor * unit.channel.recharge * unit.model.dt
    unit.stock = max(min(filled, unit.capacity), unit.stock)


def regrow(unit: ResourceUnit) -> None:
    """S <- K S e / (K + S (e - 1)), e = exp(r dt): Schaefer's logistic growth, exact.

    Both grow with the weather of their system, and fish suffer from heat.
    """
    basin, harm = unit.basin, unit.model.parameters.heat.fish
    weather = basin.factor
    if unit.kind == FISHERY:
        weather *= 1.0 - harm * basin.heat
    e = exp(unit.growth * unit.channel.regrowth * weather * unit.model.dt)
    unit.stock = unit.capacity * unit.stock * e / (unit.capacity + unit.stock * (e - 1.0))


def clean(unit: ResourceUnit) -> None:
    """No sewage has come in yet."""
    unit.sewage = 0.0


def sewage(group: UserGroup) -> None:
    """Used water goes, dirty, into the reach by the town, else back to where it came from."""
    p, town = group.model.parameters.quality, group.municipality
    if group.unit.kind not in {RIVER, AQUIFER}:
        return
    into = town.reach if town.reach is not None else group.unit
    kind = GROUP_KINDS[group.kind]
    load = {"irrigators": p.farm_load, "industry": p.industry_load}.get(kind, p.town_load)
    held_back = 1.0 - p.careful * town.channel.detection
    into.sewage += load * group.take_felt * group.model.dt * held_back * into.channel.pollution


def thirst(town: Municipality) -> None:
    """Factor on the need of water: losses that are cut, heat, and herders without pasture."""
    p = town.model.parameters
    town.thirst = town.channel.demand * (1.0 + p.heat.need * town.basin.heat)
    if not any(unit.kind == LAND for unit in town.model.units):
        return
    short = 0.0
    for group in town.groups:
        if group.unit.kind == LAND and group.need_felt > 0.0:
            short += group.weight * max(1.0 - group.take_felt / group.need_felt, 0.0)
    town.thirst *= 1.0 + p.abstraction.fodder * short


def need(group: UserGroup) -> None:
    """Need = demand season dt; of water: times (1 + b dryness), completed works and thirst."""
    model, basin, s = group.model, group.basin, group.seasonality
    season, water = 1.0 - s + s * basin.need, 1.0
    if group.unit.kind in {RIVER, AQUIFER}:
        dry = 1.0 + model.parameters.abstraction.drought_need * s * basin.dryness
        water = dry * group.municipality.expansion * group.municipality.thirst
    group.need = group.demand * season * water * model.dt


def sustainable_supply(unit: ResourceUnit) -> float:
    """What a unit yields a year without running down."""
    if unit.kind == RIVER:
        p, dt = unit.model.parameters.resource, unit.model.dt
        return unit.gained * (1.0 - p.environmental_share) / dt
    if unit.kind == AQUIFER:
        return unit.inflow
    return unit.gained / unit.model.dt


def fair_share(basin: Basin, keep: float) -> None:
    """Sustainable supply over need, smoothed, at most 1. Sums run unit by unit, group by group."""
    supply, demand = 0.0, 0.0
    for unit in basin.units:
        supply += sustainable_supply(unit)
        for group in unit.groups:
            demand += group.need / basin.model.dt
    basin.supply = relax(basin.supply, supply, keep)
    basin.demand = relax(basin.demand, demand, keep)
    basin.fair = 1.0
    if basin.demand > 0.0:
        basin.fair = clip(basin.supply / basin.demand, 0.0, 1.0)
