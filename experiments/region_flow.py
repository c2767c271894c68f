"""Season, year-to-year variation and memory of a river from its monthly flows.

    season_m = mean flow of month m / mean flow
    cv       = standard deviation of the yearly means / their mean
    rho      = r + (1 + 4 r) / years,  r = lag-1 correlation of the yearly means
    rho      = (1 - e^-a)^2 / (2 (a - 1 + e^-a)),  a = 1 / memory              (solved for memory)

The last line is the lag-1 correlation of yearly means of the process that `sim.rules.weather`
draws, so that a region built from a series varies and remembers as the series does. Source: Kendall
1954 on the bias. Limits: months vary alike around their mean; droughts are those of the series, so
that a fitted river gets no drought hazard on top.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

import numpy as np

from sim.region_fields import SECTIONS

SECONDS_PER_YEAR = 31_557_600.0
ACRE_FOOT = 1233.48  # m3
UNITS = {  # to million m3 a year
    "m3/s": SECONDS_PER_YEAR / 1e6,
    "million_m3": 12.0,  # a month
    "acre_feet": 12.0 * ACRE_FOOT / 1e6,  # a month
}
SHORT_YEARS = 15  # below: the memory of other rivers is taken
USUAL_MEMORY = 1.0 / 3.0  # years; see sim.rules.weather
LEAST_MEMORY, MOST_MEMORY = 0.1, 5.0  # years


class Fit(NamedTuple):
    """What a series says about its river."""

    years: int
    inflow: float  # million m3 a year
    season: tuple[float, ...]
    variation: float
    correlation: float  # lag-1 of yearly means, corrected; NaN: too short
    memory_years: float


def fit(flows: Sequence[float], unit: str) -> Fit:
    """Fit monthly flows, whole years from January."""
    months = np.array(flows, dtype=np.float64).reshape(-1, 12)
    yearly = months.mean(axis=1)
    mean, years = float(yearly.mean()), yearly.size
    most = SECTIONS["basins"].numbers["variation"].hi
    rho = _correlation(yearly) if years >= SHORT_YEARS else float("nan")
    return Fit(
        years=years,
        inflow=mean * UNITS[unit],
        season=tuple(float(m) for m in months.mean(axis=0) / mean),
        variation=min(float(yearly.std(ddof=1)) / mean, most),
        correlation=rho,
        memory_years=_memory(rho) if years >= SHORT_YEARS else USUAL_MEMORY,
    )


def yearly_correlation(memory_years: float) -> float:
    """Lag-1 correlation of yearly means of an Ornstein-Uhlenbeck process."""
    a = 1.0 / memory_years
    return (1.0 - exp(-a)) ** 2 / (2.0 * (a - 1.0 + exp(-a)))


def _correlation(yearly: np.ndarray) -> float:
    """Lag-1 correlation, corrected for the bias of a short series."""
    away = yearly - yearly.mean()
    whole = float((away * away).sum())
    raw = float((away[1:] * away[:-1]).sum()) / whole if whole > 0.0 else 0.0
    return raw + (1.0 + 4.0 * raw) / yearly.size


def _memory(correlation: float) -> float:
    """Memory that gives a correlation, by bisection within what a region may declare."""
    low, high = LEAST_MEMORY, MOST_MEMORY
    for _ in range(60):
        middle = 0.5 * (low + high)
        if yearly_correlation(middle) < correlation:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)
