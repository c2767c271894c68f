"""How good an emulator is at points that it was not fitted to, family by family.

With r_ps = y_ps - m_p over the S seeds of a held-out point::

    e_p = ((sum_s r_ps)^2 - sum_s r_ps^2) / (S (S - 1))

is free of the noise of the runs: its mean is (truth - m_p)^2, were the seeds of the fit others. All
points share the seeds, though: what a seed does to a point and its like is in the fit as well, and
hides in e. With d_ps = y_ps - mean_s y_ps and b_ps how far the fit moves at p by the deviations of
seed s at the points that it was given (its linear response)::

    l_p = sum_s d_ps b_ps / (S - 1)            the luck that point and fit share
    shape error = mean (e + l)                 error = mean (e + 2 l)
    Q2 = 1 - error / v                         rmse = sqrt(error)

as mean e = error of the shape - l, and that luck moves the level by l beside.
v, the variance of the truth over points, is the mean of the same e over deviations from each seed's
mean. (To take binomial noise off point by point would count the shared luck as skill.) So 1 is a
perfect emulator. Against the plain means of the held-out points even that one only reaches the
*ceiling* 1 - mean_p var(mean_p) / (v + noise of each point's own), which is told beside.

Intervals: bootstrap over points and, as clusters, over seeds, both at once (draws where a seed is
counted w_s times multiply different seeds only, and move the fit by sum_s (w_s - 1) b_ps). Drawing
both counts what is a single run's own twice over, so that draws are brought, about the estimate, to

    variance of draws of points + of draws of seeds - of draws of runs within points,

never less than either of the first; tails are widened for few points or seeds. The points that
fits were made of are not redrawn. Calibration error: mean over ten groups of like predictions of
|mean seen - mean said|. Coverage: `held.ranges_hold`, its interval by the spread of splits.

Sources: Hesterberg (2015), doi 10.1080/00031305.2015.1089789 (widened tails); Cameron, Gelbach &
Miller (2011), doi 10.1198/jbes.2010.07136 (two ways of clustering).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from analysis.emulator.basis import Floats
from analysis.emulator.families import FAMILIES
from analysis.emulator.held import Held, coverage_of, weighted_luck, weighted_squares
from analysis.intervals import SEED, expanded_tail

FEWEST_SEEDS, PARTS = 8, 10
FEWEST_POINTS = 8  # of a family, to say anything of it
DRAWS, FEWER = 1000, 300


class Quality(NamedTuple):
    """One family; numbers in the outcome's own unit. NaN: cannot be said."""

    family: str
    points: int
    q2: float
    q2_lo: float
    q2_hi: float
    q2_shape: float
    ceiling: float  # what a perfect emulator reaches against the plain means of these points
    rmse: float
    rmse_hi: float
    spread: float  # standard deviation of the truth over the family's points
    calibration: float
    coverage: float  # of the range that is meant to hold 90 %, on rows that set nothing of it
    coverage_lo: float
    coverage_hi: float
    bias: float  # said less seen


class Errors(NamedTuple):
    """Mean squared errors, and the variance of the truth over points."""

    shape: float
    level: float
    spread: float

    @property
    def q2(self) -> float:
        """Q2 of the level; NaN where nothing varies."""
        return 1.0 - self.level / self.spread if self.spread > 0 else math.nan


def errors_of(held: Held) -> Errors:
    """Errors of a family."""
    points, seeds = held.values.shape
    found = _weighted_errors(held, np.ones(points), np.ones(seeds))
    return found._replace(spread=max(found.spread, 0.0))


def spread_of(values: Floats) -> float:
    """Standard deviation of the truth over points; 0 where the noise hides it."""
    points, seeds = values.shape
    return math.sqrt(max(_variance(values, np.ones(points), np.ones(seeds)), 0.0))


def qualities(held: Held, families: np.ndarray, holds: Floats) -> list[Quality]:
    """Every family that has points. ``holds`` [point, split]: as of `held.ranges_hold`."""
    return [
        _quality(FAMILIES[place], held.of(own), holds[own])
        for place in range(len(FAMILIES))
        if (own := np.flatnonzero(families == place)).size
    ]


def _quality(family: str, held: Held, holds: Floats) -> Quality:
    points, seeds = held.values.shape
    if points < FEWEST_POINTS or seeds < FEWEST_SEEDS:
        return Quality(family, points, *([math.nan] * 13))
    found = errors_of(held)
    q2_lo, q2_hi, worst = _intervals(held, found)
    shape = 1.0 - found.shape / found.spread if found.spread > 0 else math.nan
    return Quality(
        family, points, found.q2, q2_lo, q2_hi, shape, _ceiling(held.values, found.spread),
        math.sqrt(max(found.level, 0.0)), math.sqrt(max(worst, 0.0)), math.sqrt(found.spread),
        _calibration(held), *coverage_of(holds),
        float(np.mean(held.said - np.nanmean(held.values, axis=1))),
    )  # fmt: skip


def _intervals(held: Held, found: Errors) -> tuple[float, float, float]:
    """Ends of Q2, and the upper end of the squared error, by the bootstrap."""
    drawn, worst = _drawn(held, found)
    if not found.spread > 0:
        return math.nan, math.nan, worst
    tail = expanded_tail(min(held.values.shape))
    lo, hi = (float(end) for end in np.quantile(drawn, (tail, 1.0 - tail), method="nearest"))
    return min(lo, found.q2), min(max(hi, found.q2), 1.0), worst


def _drawn(held: Held, found: Errors) -> tuple[Floats, float]:
    """Q2 of every draw, and the upper end of the squared error."""
    points, seeds = held.values.shape
    random = np.random.default_rng(SEED)

    def of(units: int, size: int | None = None) -> Floats:
        return random.multinomial(units, np.full(units, 1 / units), size=size).astype(float)

    every, all_seeds = np.ones(points), np.ones(seeds)
    both = _errors(held, ((of(points), of(seeds)) for _ in range(DRAWS)))
    parts = (_errors(held, ((of(points), all_seeds) for _ in range(FEWER))),
             _errors(held, ((every, of(seeds)) for _ in range(FEWER))),
             _errors(held, ((every, of(seeds, points)) for _ in range(FEWER))))  # fmt: skip
    lost = found.level / found.spread if found.spread > 0 else 0.0
    apart = both - both.mean(axis=0)
    level = found.level + apart[:, 0] * _shrunk(both, parts, 0.0)
    shrunk = _shrunk(both, parts, lost)
    ratio = apart * shrunk + (found.level, found.spread)
    with np.errstate(invalid="ignore", divide="ignore"):
        q2 = np.where(ratio[:, 1] > 0, 1.0 - ratio[:, 0] / ratio[:, 1], -np.inf)
    worst = float(np.quantile(level, 1.0 - expanded_tail(min(points, seeds))))
    return q2, max(worst, found.level)


def _errors(held: Held, weights: Iterable[tuple[Floats, Floats]]) -> Floats:
    """Error of the level and variance of the truth for each pair of weights [draw, 2]."""
    return np.array([_weighted_errors(held, *pair)[1:] for pair in weights])


def _shrunk(both: Floats, parts: tuple[Floats, ...], lost: float) -> float:
    """What deviations of draws are multiplied with; ``lost``: error over variance, 1 - Q2."""
    whole, points, seeds, runs = (
        float((own[:, 0] - lost * own[:, 1]).var()) for own in (both, *parts)
    )
    return math.sqrt(max(points + seeds - runs, points, seeds) / whole) if whole > 0 else 1.0


def _weighted_errors(held: Held, points: Floats, seeds: Floats) -> Errors:
    """Errors where points and seeds are counted so many times, and the fit has moved with them."""
    said = held.said + (held.shared @ (seeds - 1.0) if seeds.ndim == 1 else 0.0)
    seen = weighted_squares(held.values - said[:, None], seeds)
    luck = max(float(points @ weighted_luck(held, seeds)) / points.sum(), 0.0)
    shape = _mean(seen, points) + luck
    return Errors(shape, shape + luck, _variance(held.values, points, seeds))


def _variance(values: Floats, points: Floats, seeds: Floats) -> float:
    """Variance of the truth over points."""
    weights = ~np.isnan(values) * points[:, None]
    mean = (np.nan_to_num(values) * weights).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-300)
    total = points.sum()
    found = _mean(weighted_squares(values - mean, seeds), points)
    return found * total / (total - 1.0) if total > 1 else 0.0


def _mean(column: Floats, weights: Floats) -> float:
    """Weighted mean of what is there."""
    there = ~np.isnan(column) & (weights > 0)
    return float((column[there] * weights[there]).sum() / weights[there].sum())


def _ceiling(values: Floats, spread: float) -> float:
    """Q2 that a perfect emulator reaches against the plain means of points."""
    count = (~np.isnan(values)).sum(axis=1)
    held = values[count > 1]
    apart = held - np.nanmean(held, axis=0)
    whole, own = (float(np.mean(np.nanvar(x, axis=1, ddof=1) / count[count > 1]))
                  for x in (held, apart))  # fmt: skip
    return 1.0 - whole / (spread + own) if spread + own > 0 else math.nan


def _calibration(held: Held) -> float:
    """Mean distance of what was seen from what was said, over groups of like predictions."""
    said, seen = held.said, np.nanmean(held.values, axis=1)
    parts = np.array_split(np.argsort(said), min(PARTS, max(1, said.size // 4)))
    apart = [abs(float(np.mean(said[p]) - np.mean(seen[p]))) * p.size for p in parts]
    return float(sum(apart) / said.size)
