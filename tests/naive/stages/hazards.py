"""Stage 1. Weather, drought, floods and unilateral works."""

from __future__ import annotations

from math import floor, sqrt
from typing import TYPE_CHECKING

from naive.events import Origin, Place
from naive.numbers import clip, exp, log, probability, relax, retention
from sim.events import PROJECT, PROJECT_DONE, ROOT_LOCAL
from sim.streams import Purpose
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import Basin, ResourceUnit
    from naive.people import Dyad


def hazards(model: NaiveModel) -> None:
    """Weather first, then what strikes this week."""
    p, dt = model.parameters, model.dt
    model.basins.do(log_anomaly, probability(p.weather.shift_rate, dt))
    model.basins.do(drought)
    felt = retention(p.weather.felt_weeks / WEEKS_PER_YEAR, dt)
    model.basins.do(inflow, month_of(model.tick, model.weeks), trend(model), felt)
    model.units.do(flood)
    model.dyads.do(unilateral_project, probability(1.0 / p.project.years, dt))


def anomaly_deviation(variation: float, memory_years: float) -> float:
    """The s that lets annual means of x vary by cv: s^2 = ln(1 + cv^2) / v(1/tau)."""
    a = 1.0 / memory_years
    share = 2.0 * (a - 1.0 + exp(-a)) / (a * a)
    return sqrt(log(1.0 + variation * variation) / share)


def log_anomaly(basin: Basin, shift: float) -> None:
    """x(t+dt) = x e^(-dt/tau) + s sqrt(1 - e^(-2 dt/tau)) z; rarely the level shifts."""
    model = basin.model
    keep = retention(basin.memory_years, model.dt)
    deviation = anomaly_deviation(basin.variation, basin.memory_years)
    z, z_level = model.draws.normals(Purpose.WEATHER, basin.key, model.tick)
    u, _ = model.draws.uniforms(Purpose.LEVEL_SHIFT, basin.key, model.tick)
    basin.anomaly = basin.anomaly * keep + deviation * sqrt(1.0 - keep * keep) * z
    if u < shift:
        basin.level = max(model.parameters.weather.shift_sd * z_level, -0.8)


def drought(basin: Basin) -> None:
    """Poisson onset, lognormal severity, length ~ Exp. A record holds its own droughts."""
    model, p = basin.model, basin.model.parameters.drought
    basin.drought_left = max(basin.drought_left - model.dt, 0.0)
    if basin.drought_left > 0.0:
        return
    basin.drought = 0.0
    u, v = model.draws.uniforms(Purpose.DROUGHT, basin.key, model.tick)
    z, _ = model.draws.normals(Purpose.DROUGHT, basin.key, model.tick, 1)
    if basin.record is None and u < probability(basin.drought_rate * p.rate_factor, model.dt):
        basin.drought = min(p.severity_mean * exp(0.4 * z - 0.08), 0.85)
        basin.drought_left = -p.length_years * log(v)


def month_of(tick: int, weeks: float) -> int:
    """Calendar month 0..11 of a tick (negative ticks lie before the start)."""
    time = tick * weeks
    week = time - floor(time / WEEKS_PER_YEAR) * WEEKS_PER_YEAR
    return min(int(week * 12.0 / WEEKS_PER_YEAR), 11)


def trend(model: NaiveModel) -> float:
    """(1 + trend)^years since the start."""
    years = max(model.now, 0.0)
    return exp(years * log(1.0 + model.parameters.weather.trend))


def inflow(basin: Basin, month: int, grown: float, felt_keep: float) -> None:
    """Inflow factor = season x relative inflow; dryness follows the shortfall 1 - relative."""
    season = basin.season[month]
    if basin.record is None:
        deviation = anomaly_deviation(basin.variation, basin.memory_years)
        relative = exp(basin.anomaly - 0.5 * deviation * deviation)
        relative *= (1.0 + basin.level) * (1.0 - basin.drought) * grown
    else:
        relative = recorded_flow(basin, month) / max(season, 0.05) * grown
    basin.factor = season * relative
    basin.need = basin.need_season[month]
    basin.dryness = relax(basin.dryness, clip(1.0 - relative, 0.0, 1.0), felt_keep)


def recorded_flow(basin: Basin, month: int) -> float:
    """The record's flow of this month, from a start year drawn once; the record wraps round."""
    model = basin.model
    year = floor(model.tick * model.weeks / WEEKS_PER_YEAR) + int(basin.record_year)
    return basin.record[(year * 12 + month) % len(basin.record)]


def flood(unit: ResourceUnit) -> None:
    """Poisson, more often in wet spells; severity is generalised Pareto, at most 1."""
    model, p = unit.model, unit.model.parameters.flood
    unit.flood = 0.0
    if unit.flood_rate > 0.0:
        u, v = model.draws.uniforms(Purpose.FLOOD, unit.key, model.tick)
        spread = p.wetness * anomaly_deviation(unit.basin.variation, unit.basin.memory_years)
        wet = exp(p.wetness * unit.basin.anomaly - 0.5 * spread * spread)  # mean 1
        if u < probability(unit.flood_rate * p.rate_factor * wet, model.dt):
            unit.flood = min(p.scale / p.shape * (exp(-p.shape * log(v)) - 1.0), 1.0)


def unilateral_project(dyad: Dyad, finished: float) -> None:
    """Works over a disputed stretch are announced at a Poisson rate and take an Exp time."""
    model, p = dyad.model, dyad.model.parameters.project
    u, v = model.draws.uniforms(Purpose.PROJECT, dyad.key, model.tick)
    if dyad.project == 0:
        if u < probability(p.rate * dyad.unit.disputed, model.dt):
            dyad.project = 1 if v < 0.5 else 2
            dyad.project_event = log_works(dyad, PROJECT)
    elif u < finished:
        log_works(dyad, PROJECT_DONE)
        builder = dyad.first if dyad.project == 1 else dyad.second
        builder.expansion = min(builder.expansion * (1.0 + p.expansion), 1.5)
        dyad.project, dyad.project_event = 0, -1


def log_works(dyad: Dyad, act: int) -> int:
    """Write works down as an act of the builder against the other side."""
    model = dyad.model
    builder, other = dyad.first, dyad.second
    if dyad.project == 2:
        builder, other = other, builder
    place = Place(dyad.row, dyad.pair.row, builder.row, other.row)
    origin = Origin(ROOT_LOCAL, cause=dyad.project_event)
    return model.log.emit(model.now, act, place, dyad.basin.kind, origin)
