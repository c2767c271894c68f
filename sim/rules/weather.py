"""Inflow is seasonal, autocorrelated, and rarely shifts its level.

    x(t+dt) = x exp(-dt/tau) + s sqrt(1 - exp(-2 dt/tau)) z,   z ~ N(0, 1)
    factor  = season exp(x - s^2/2) (1 + level) (1 - drought) (1 + trend)^t

season: mean over the tick of the monthly values (twelfths of a year), so that a year sums to the
same at any tick length.

An Ornstein-Uhlenbeck log anomaly whose *annual mean* has the basin's coefficient of variation cv:
s^2 = ln(1 + cv^2) / v with v = 2 (a - 1 + exp(-a)) / a^2 and a = 1/tau (variance of an average of
such a process over one year). tau = 1/3 year gives the observed lag-1 correlation of annual flow of
about 0.22. A basin driven by a record reads the record month by month from a start year drawn once
per history and wraps round (index-sequential method), with season, noise and drought in the record.

Source: Nile after 1899 and Colorado natural flow: annual CV 0.24 (0.15-0.32), lag-1 0.22
(0.10-0.32), rare level shifts; index-sequential method: Ouarda, Labadie & Fontane 1997.
Limits: one climate per resource system; no snow store beyond the seasonal cycle.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp, log
from sim.state import Climate
from sim.streams import Purpose, pair_of_normals, pair_of_uniforms
from sim.topology import Basins
from sim.units import WEEKS_PER_YEAR, probability, retention

WEATHER, LEVEL_SHIFT = int(Purpose.WEATHER), int(Purpose.LEVEL_SHIFT)


class WeatherParameters(NamedTuple):
    """Climate common to all systems (variation and memory are properties of a basin)."""

    shift_rate: Annotated[float, Par(
        "1/year", 0, 0.2, "Rate of level shifts of mean inflow",
        "one clear shift in 100 years of Nile flow (1899)")] = 0.01
    shift_sd: Annotated[float, Par(
        "share", 0, 0.5, "Standard deviation of the level after a shift",
        "the Nile fell by about a fifth in 1899; assumption on spread")] = 0.15
    trend: Annotated[float, Par(
        "share/year", -0.02, 0.02, "Trend of mean inflow from the start on",
        "assumption: none unless a study sets one")] = 0.0
    extremes_trend: Annotated[float, Par(
        "share/year", -0.05, 0.05,
        "Trend of the rates of drought, flood, heat wave and storm from the start on",
        "assumption: none unless a study sets one")] = 0.0
    felt_weeks: Annotated[float, Par(
        "weeks", 1, 52, "Time over which a shortfall is felt as dryness",
        "assumption: about one growth stage of a crop")] = 13.0


@scalar
def anomaly_deviation(variation: float, memory_years: float) -> float:
    """Standard deviation of x that gives annual means the coefficient of variation asked for."""
    a = 1.0 / memory_years
    share = 2.0 * (a - 1.0 + exp(-a)) / (a * a)
    return np.sqrt(log(1.0 + variation * variation) / share)


@scalar
def month_of(tick: int, tick_weeks: float) -> int:
    """Calendar month 0..11 of a tick (negative ticks lie before the start)."""
    weeks = tick * tick_weeks
    week = weeks - np.floor(weeks / WEEKS_PER_YEAR) * WEEKS_PER_YEAR
    return min(np.int64(week * 12.0 / WEEKS_PER_YEAR), np.int64(11))


@scalar
def share_of_month(tick: int, tick_weeks: float) -> float:
    """Share of a tick that lies in the month in which it begins; the rest lies in the next."""
    weeks = tick * tick_weeks
    week = weeks - np.floor(weeks / WEEKS_PER_YEAR) * WEEKS_PER_YEAR
    left = month_of(tick, tick_weeks) + 1.0 - week * 12.0 / WEEKS_PER_YEAR
    return min(left / (tick_weeks * 12.0 / WEEKS_PER_YEAR), 1.0)


@scalar
def record_month(tick: int, tick_weeks: float, start_year: float, months: int) -> int:
    """Month of the record in which this tick begins, wrapping round."""
    weeks = tick * tick_weeks
    year = np.floor(weeks / WEEKS_PER_YEAR) + start_year
    index = np.int64(year) * 12 + month_of(tick, tick_weeks)
    return index - np.int64(np.floor(index / months)) * np.int64(months)


@scalar
def grown(trend: float, tick: int, dt: float) -> float:
    """(1 + trend)^years since the start; 1 before it."""
    return exp(max(tick * dt, 0.0) * log(1.0 + trend))


@kernel
def anomaly(
    basin: Basins, climate: Climate, p: WeatherParameters, seed: int, tick: int, dt: float
) -> None:
    """Advance the log anomaly and the level of every basin."""
    shift = probability(p.shift_rate, dt)
    for b in range(basin.key.size):
        keep = retention(basin.memory_years[b], dt)
        deviation = anomaly_deviation(basin.variation[b], basin.memory_years[b])
        z, z_level = pair_of_normals(seed, WEATHER, basin.key[b], tick, 0)
        u, _ = pair_of_uniforms(seed, LEVEL_SHIFT, basin.key[b], tick, 0)
        climate.anomaly[b] = climate.anomaly[b] * keep + deviation * np.sqrt(1.0 - keep * keep) * z
        if u < shift:
            climate.level[b] = max(p.shift_sd * z_level, -0.8)


@kernel
def inflow_factor(
    basin: Basins, climate: Climate, p: WeatherParameters, tick: int, tick_weeks: float
) -> None:
    """Inflow and need relative to their annual means, and the shortfall that people feel."""
    month, share = month_of(tick, tick_weeks), share_of_month(tick, tick_weeks)
    after = (month + 1) % 12
    dt = tick_weeks / WEEKS_PER_YEAR
    trend = grown(p.trend, tick, dt)
    keep = retention(p.felt_weeks / WEEKS_PER_YEAR, dt)
    for b in range(basin.key.size):
        season = share * basin.season[b, month] + (1.0 - share) * basin.season[b, after]
        row = basin.record[b]
        if row < 0:
            deviation = anomaly_deviation(basin.variation[b], basin.memory_years[b])
            relative = exp(climate.anomaly[b] - 0.5 * deviation * deviation)
            relative *= (1.0 + climate.level[b]) * (1.0 - climate.drought[b]) * trend
        else:
            months = np.int64(basin.record_months[row])
            index = record_month(tick, tick_weeks, climate.record_year[b], months)
            following = index + 1 if index + 1 < months else np.int64(0)
            flow = (share * basin.records[row, index]
                    + (1.0 - share) * basin.records[row, following])
            relative = flow / max(season, 0.05) * trend
        climate.factor[b] = season * relative
        climate.season_now[b] = season
        climate.need[b] = (
            share * basin.need_season[b, month] + (1.0 - share) * basin.need_season[b, after])
        felt = min(max(1.0 - relative, 0.0), 1.0)
        climate.dryness[b] = felt + (climate.dryness[b] - felt) * keep
