"""Rates per year and their tick: the only place where time is converted.

The model year has 52 weeks, so that 20 years are exactly 1,040 weekly ticks. Rates stay per year in
every declaration; a tick of ``dt`` years turns them into probabilities by the exact exponential
law.
"""

from __future__ import annotations

from sim._jit import scalar
from sim.elementary import exp

WEEKS_PER_YEAR = 52.0


@scalar
def probability(rate_per_year: float, dt: float) -> float:
    """Chance of at least one event of a Poisson process within ``dt`` years: 1 - exp(-rate dt)."""
    return 1.0 - exp(-rate_per_year * dt)


@scalar
def retention(time_years: float, dt: float) -> float:
    """Share of a decaying quantity left after ``dt`` years with e-folding time ``time_years``."""
    return exp(-dt / time_years)


def ticks_in(years: float, tick_weeks: float) -> int:
    """Number of ticks in a span of years (rounded to the nearest tick)."""
    return round(years * WEEKS_PER_YEAR / tick_weeks)


def tick_years(tick_weeks: float) -> float:
    """Length of one tick in years."""
    return tick_weeks / WEEKS_PER_YEAR
