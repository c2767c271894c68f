"""Stage 1. Weather, drought, floods and unilateral works."""

from __future__ import annotations

from math import floor, sqrt
from typing import TYPE_CHECKING

from naive.events import Origin, Place
from naive.nature import RIVER
from naive.numbers import clip, exp, log, probability, relax, retention
from sim.events import OBJECTION, PROJECT, PROJECT_DONE, PROJECT_DROPPED, ROOT_LOCAL
from sim.rules.unilateral_project import LIKELY, WORKS
from sim.streams import Purpose
from sim.undone import NOT_DONE
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from naive.model import NaiveModel
    from naive.nature import Basin, ResourceUnit
    from naive.people import Dyad, Municipality


def hazards(model: NaiveModel) -> None:
    """Weather first, then what strikes this week."""
    p, dt = model.parameters, model.dt
    model.basins.do(log_anomaly, probability(p.weather.shift_rate, dt))
    more = grown(model, p.weather.extremes_trend)  # factor on the rate of every hazard
    model.basins.do(drought, more)
    felt = retention(p.weather.felt_weeks / WEEKS_PER_YEAR, dt)
    when = Month(model.tick, model.weeks)
    model.basins.do(inflow, when, grown(model, p.weather.trend), felt)
    model.units.do(flood, more)
    model.units.do(erosion, retention(p.erosion.years, dt))
    model.units.do(accident)
    model.basins.do(heat_wave, when, more)
    model.basins.do(storm, more)
    model.municipalities.do(feel_the_weather)
    model.dyads.do(unilateral_project)


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


def drought(basin: Basin, more: float) -> None:
    """Poisson onset, lognormal severity, length ~ Exp. A record holds its own droughts."""
    model, p = basin.model, basin.model.parameters.drought
    basin.drought_left = max(basin.drought_left - model.dt, 0.0)
    if basin.drought_left > 0.0:
        return
    basin.drought = 0.0
    u, v = model.draws.uniforms(Purpose.DROUGHT, basin.key, model.tick)
    z, _ = model.draws.normals(Purpose.DROUGHT, basin.key, model.tick, 1)
    rate = basin.drought_rate * p.rate_factor * more
    if basin.record is None and u < probability(rate, model.dt):
        basin.drought = min(p.severity_mean * exp(0.4 * z - 0.08), 0.85)
        basin.drought_left = -p.length_years * log(v)


class Month:
    """The months 0..11 of a tick: the one in which it begins, the next, and the share of each."""

    def __init__(self, tick: int, weeks: float) -> None:
        time = tick * weeks  # negative before the start
        week = time - floor(time / WEEKS_PER_YEAR) * WEEKS_PER_YEAR
        self.first = min(int(week * 12.0 / WEEKS_PER_YEAR), 11)
        left = self.first + 1.0 - week * 12.0 / WEEKS_PER_YEAR
        self.share = min(left / (weeks * 12.0 / WEEKS_PER_YEAR), 1.0)

    def mean(self, values: list[float]) -> float:
        """Mean over the tick of monthly values."""
        following = values[(self.first + 1) % 12]
        return self.share * values[self.first] + (1.0 - self.share) * following


def grown(model: NaiveModel, trend: float) -> float:
    """(1 + trend)^years since the start."""
    return exp(max(model.now, 0.0) * log(1.0 + trend))


def inflow(basin: Basin, when: Month, grown: float, felt_keep: float) -> None:
    """Inflow factor = season x relative inflow; dryness follows the shortfall 1 - relative."""
    season = when.mean(basin.season)
    if basin.record is None:
        deviation = anomaly_deviation(basin.variation, basin.memory_years)
        relative = exp(basin.anomaly - 0.5 * deviation * deviation)
        relative *= (1.0 + basin.level) * (1.0 - basin.drought) * grown
    else:
        relative = recorded_flow(basin, when) / max(season, 0.05) * grown
    basin.factor = season * relative
    basin.season_now = season
    basin.need = when.mean(basin.need_season)
    basin.dryness = relax(basin.dryness, clip(1.0 - relative, 0.0, 1.0), felt_keep)


def recorded_flow(basin: Basin, when: Month) -> float:
    """The record's flow of this tick, from a start year drawn once; the record wraps round."""
    model = basin.model
    year = floor(model.tick * model.weeks / WEEKS_PER_YEAR) + int(basin.record_year)
    month = (year * 12 + when.first) % len(basin.record)
    following = basin.record[(month + 1) % len(basin.record)]
    return when.share * basin.record[month] + (1.0 - when.share) * following


def pareto_severity(v: float, scale: float, shape: float) -> float:
    """Generalised Pareto, at most 1."""
    return min(scale / shape * (exp(-shape * log(v)) - 1.0), 1.0)


def heat_wave(basin: Basin, when: Month, more: float) -> None:
    """One draw for the whole region; the mean over the tick counts."""
    model, p = basin.model, basin.model.parameters.heat
    u, v = model.draws.uniforms(Purpose.HEAT_WAVE, 0, model.tick)
    w, _ = model.draws.uniforms(Purpose.HEAT_WAVE, 0, model.tick, 1)
    if basin.heat_left <= 0.0:
        basin.heat_severity = 0.0
        rate = basin.heat_rate * p.rate_factor * when.mean(basin.warm) * more
        if u < probability(rate, model.dt):
            basin.heat_severity = pareto_severity(v, p.scale, p.shape)
            basin.heat_left = -p.length_weeks / WEEKS_PER_YEAR * log(w)
    basin.heat = basin.heat_severity * min(basin.heat_left, model.dt) / model.dt
    basin.heat_left = max(basin.heat_left - model.dt, 0.0)


def storm(basin: Basin, more: float) -> None:
    """Poisson; severity is generalised Pareto."""
    model, p = basin.model, basin.model.parameters.storm
    u, v = model.draws.uniforms(Purpose.STORM, basin.key, model.tick)
    basin.storm = 0.0
    if u < probability(basin.storm_rate * p.rate_factor * more, model.dt):
        basin.storm = pareto_severity(v, p.scale, p.shape)


def feel_the_weather(town: Municipality) -> None:
    """Heat is the same everywhere in a system; a storm passes some towns by."""
    model = town.model
    town.heat_wave = min(town.basin.heat * model.weeks, 1.0)  # severity times weeks
    town.storm = 0.0
    if town.basin.storm > 0.0:
        w, _ = model.draws.uniforms(Purpose.STORM_AT, town.key, model.tick)
        town.storm = min(2.0 * w * town.basin.storm, 1.0)


def flood(unit: ResourceUnit, more: float) -> None:
    """Poisson, more often in wet spells; severity is generalised Pareto, at most 1."""
    model, p = unit.model, unit.model.parameters.flood
    unit.flood = 0.0
    if unit.flood_rate > 0.0:
        u, v = model.draws.uniforms(Purpose.FLOOD, unit.key, model.tick)
        spread = p.wetness * anomaly_deviation(unit.basin.variation, unit.basin.memory_years)
        wet = exp(p.wetness * unit.basin.anomaly - 0.5 * spread * spread)  # mean 1
        if u < probability(unit.flood_rate * p.rate_factor * wet * more, model.dt):
            unit.flood = pareto_severity(v, p.scale, p.shape)


def erosion(unit: ResourceUnit, keep: float) -> None:
    """Floods take banks and muddy the river; land is won back slowly."""
    p, hold = unit.model.parameters.erosion, unit.channel.sediment
    unit.eroded *= keep
    if unit.kind == RIVER and unit.flood > 0.0:
        unit.eroded += (1.0 - unit.eroded) * min(p.banks * unit.flood * hold, 1.0)
        unit.sediment += p.mud * unit.flood * hold


def accident(unit: ResourceUnit) -> None:
    """Poisson; generalised Pareto mass, counted against the reach at its mean stock."""
    model, p = unit.model, unit.model.parameters.quality
    unit.spill = 0.0
    u, v = model.draws.uniforms(Purpose.POLLUTION_ACCIDENT, unit.key, model.tick)
    rate = unit.accident_rate * p.accident_factor
    if unit.kind == RIVER and u < probability(rate, model.dt):
        shape = p.accident_shape
        unit.spill = p.accident_scale / shape * (exp(-shape * log(v)) - 1.0)
        mass = unit.spill * unit.initial * unit.capacity
        unit.pollution += mass / unit.stock if unit.stock > 0.0 else 0.0


def unilateral_project(dyad: Dyad) -> None:
    """Works over a disputed stretch are announced at a Poisson rate and take an Exp time."""
    model, p, dt = dyad.model, dyad.model.parameters.project, dyad.model.dt
    u, v = model.draws.uniforms(Purpose.PROJECT, dyad.key, model.tick)
    w, _ = model.draws.uniforms(Purpose.PROJECT_KIND, dyad.key, model.tick)
    if dyad.project == 0:
        if u < probability(p.rate * dyad.unit.disputed, dt):
            begin_works(dyad, 1 if v < 0.5 else 2, w)
        return
    done, against = 1.0 / p.years, p.objection
    if dyad.objected:
        against = giving_up(dyad)
    if u >= probability(done + against, dt):
        return
    if v * (done + against) < done:
        if log_works(dyad, PROJECT_DONE) == NOT_DONE:
            return
        if model.counted:
            complete(dyad)
        end_works(dyad)
    else:
        turn_against(dyad)


def turn_against(dyad: Dyad) -> None:
    """The other side objects; after that the works may be given up."""
    if not dyad.objected:
        if log_works(dyad, OBJECTION) != NOT_DONE:
            dyad.objected = 1
    elif log_works(dyad, PROJECT_DROPPED) != NOT_DONE:
        end_works(dyad)


def begin_works(dyad: Dyad, side: int, w: float) -> None:
    """Works are announced, unless that is not to be done; w uniform: what is built."""
    dyad.project = side
    row = log_works(dyad, PROJECT)
    if row == NOT_DONE:
        dyad.project = 0
        return
    dyad.project_event = row
    dyad.works = WORKS.index(kind_of_works(dyad, w))


def kind_of_works(dyad: Dyad, w: float) -> str:
    """What is built depends on what is contested."""
    below = 0.0
    for kind, share in zip(WORKS[1:], LIKELY[dyad.basin.kind].tolist(), strict=True):
        below += share
        if w < below:
            return kind
    return WORKS[-1]


def giving_up(dyad: Dyad) -> float:
    """Works objected to are given up by trusting towns, and before a committee."""
    trust = 0.5 * (dyad.trust_first + dyad.trust_second)
    committee = 2.0 if dyad.channel.settlement > 0.0 else 1.0
    return dyad.model.parameters.project.dropped * (0.5 + trust) * committee


def complete(dyad: Dyad) -> None:
    """Water works let the builder use more; works on the line make more of it disputed."""
    p, kind = dyad.model.parameters.project, WORKS[dyad.works]
    builder = dyad.first if dyad.project == 1 else dyad.second
    water = {"dam": 2.0, "diversion": 1.0}.get(kind, 0.0)
    line = {"road": 0.5, "camera": 0.2, "fence": 1.0}.get(kind, 0.0)
    builder.expansion = min(builder.expansion * (1.0 + p.expansion * water), 1.5)
    dyad.unit.disputed += (1.0 - dyad.unit.disputed) * p.line * line


def end_works(dyad: Dyad) -> None:
    """Nothing is being built any more."""
    dyad.project = dyad.works = dyad.objected = 0
    dyad.project_event = -1


def log_works(dyad: Dyad, act: int) -> int:
    """Write down an act of the builder, or of the side that objects, against the other."""
    model = dyad.model
    builder, other = dyad.first, dyad.second
    if (dyad.project == 2) != (act == OBJECTION):
        builder, other = other, builder
    place = Place(dyad.row, dyad.pair.row, builder.row, other.row)
    origin = Origin(ROOT_LOCAL, cause=dyad.project_event)
    if model.log.leaves_out(model.now, act, place, dyad.basin.kind):
        return NOT_DONE
    return model.log.emit(model.now, act, place, dyad.basin.kind, origin)
