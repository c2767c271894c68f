"""Stage 2. Stocks fill, recharge and regrow; needs and fair shares of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from naive.nature import AQUIFER, RIVER
from naive.numbers import clip, exp, relax, retention
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import Basin, ResourceUnit
    from naive.people import UserGroup


def stocks(model: NaiveModel) -> None:
    """What is there, what is needed, and what would be fair."""
    p, dt = model.parameters.resource, model.dt
    model.units.do(replenish, 1.0 - exp(-p.pump_rate * dt), 1.0 - exp(-p.fleet_rate * dt))
    model.groups.do(need)
    model.basins.do(fair_share, retention(p.fair_weeks / WEEKS_PER_YEAR, dt))


def replenish(unit: ResourceUnit, lifted: float, caught: float) -> None:
    """Add inflow, recharge or growth, and say what can be taken this tick.

    ``lifted``, ``caught``: largest share of a stock that pumps can lift and fleets can catch.
    """
    before = unit.stock
    if unit.kind == RIVER:
        unit.gained = unit.inflow * unit.basin.factor * unit.model.dt
        unit.ease = 1.0
    elif unit.kind == AQUIFER:
        recharge(unit, lifted)
        unit.gained = unit.stock - before
    else:
        regrow(unit, caught)
        unit.gained = unit.stock - before
    unit.added += unit.gained


def recharge(unit: ResourceUnit, lifted: float) -> None:
    """S <- min(S + recharge, K); pumps can lift a share of the stock."""
    filled = unit.stock + unit.inflow * unit.basin.factor * unit.model.dt
    unit.stock = max(min(filled, unit.capacity), unit.stock)
    unit.available = unit.stock * lifted
    unit.ease = min(2.0 * unit.stock / unit.capacity, 1.0)


def regrow(unit: ResourceUnit, caught: float) -> None:
    """S <- K S e / (K + S (e - 1)) with e = exp(r dt): Schaefer's logistic growth, exact."""
    e = exp(unit.growth * unit.model.dt)
    unit.stock = unit.capacity * unit.stock * e / (unit.capacity + unit.stock * (e - 1.0))
    unit.available = unit.stock * caught
    unit.ease = min(2.0 * unit.stock / unit.capacity, 2.0)


def need(group: UserGroup) -> None:
    """Need = demand season (1 + b dryness) expansion dt."""
    model, basin, s = group.model, group.basin, group.seasonality
    dry = 1.0 + model.parameters.abstraction.drought_need * s * basin.dryness
    season = 1.0 - s + s * basin.need
    group.need = group.demand * season * dry * group.municipality.expansion * model.dt


def sustainable_supply(unit: ResourceUnit) -> float:
    """What a unit yields a year without running down."""
    if unit.kind == RIVER:
        p, dt = unit.model.parameters.resource, unit.model.dt
        return unit.gained * (1.0 - p.environmental_share) / dt
    if unit.kind == AQUIFER:
        return unit.inflow
    return unit.growth * unit.stock * (1.0 - unit.stock / unit.capacity)


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
