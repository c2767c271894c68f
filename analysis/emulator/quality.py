"""How good an emulator is at points that it was not fitted to, family by family.

Points are split into folds (points of one block together) and held against a fit without their
fold. With r_ps = y_ps - m_p over the S seeds of a point::

    e_p = ((sum_s r_ps)^2 - sum_s r_ps^2) / (S (S - 1))

is free of the noise of the runs: its mean is (truth - m_p)^2, were the seeds of the fit others. All
points share the seeds, though: what a seed does to a point and its like is in the fit as well, and
hides in e. With d_ps = y_ps - mean_s y_ps and b_ps what the fit makes at p of the deviations of
seed s at the points that it was given (its linear response)::

    l_p = sum_s d_ps b_ps / (S (S - 1))        the luck that point and fit share
    shape error = mean (e + l)                 error = mean (e + 2 l)
    Q2 = 1 - error / v                         rmse = sqrt(error)

as mean e = error of the shape - l, and that luck moves the level by l beside.
v, the variance of the truth over points, is the mean of the same e over deviations from each seed's
mean. (To take binomial noise off point by point would count the shared luck as skill.) Coverage of
the 90 % range is 2 Phi(1.645 / ratio) - 1 with ratio^2 = error / claimed variance, errors taken as
normal. Calibration error: mean over ten groups of like predictions of |mean seen - mean said|.
Intervals of Q2: jackknives over ten groups of points and over groups of seeds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from analysis.crossed import Design
from analysis.emulator.basis import Floats
from analysis.emulator.families import FAMILIES
from analysis.emulator.fit import Fit, covariance, deviance, fit, slope
from analysis.intervals import SEED

FOLDS, FEWEST_SEEDS, PARTS = 5, 8, 10
LEVEL = 0.90
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)
FEWEST_POINTS = 8  # of a family, to say anything of it


class Quality(NamedTuple):
    """One family; numbers in the outcome's own unit. NaN: cannot be said."""

    family: str
    points: int
    q2: float
    q2_lo: float
    q2_hi: float
    q2_shape: float
    rmse: float
    spread: float  # standard deviation of the truth over the family's points
    calibration: float
    coverage: float  # of the range that is meant to hold 90 %
    bias: float  # said less seen


class Held(NamedTuple):
    """What fits said where they were not fitted [point], and what was seen there [point, seed]."""

    said: Floats
    variance: Floats  # claimed, on the scale of the predictor, without lack of fit
    steep: Floats  # slope of the link at what was said
    luck: Floats  # l_p: what seeds do to the point and to its fit alike
    values: Floats

    def of(self, points: np.ndarray, seeds: np.ndarray | None = None) -> Held:
        """Some of the points, and of the seeds."""
        values = self.values[points] if seeds is None else self.values[points][:, seeds]
        return Held(self.said[points], self.variance[points], self.steep[points],
                    self.luck[points], values)  # fmt: skip


class Errors(NamedTuple):
    """Mean squared errors, and the variance of the truth over points."""

    shape: float
    level: float
    spread: float

    @property
    def q2(self) -> float:
        """Q2 of the level; NaN where nothing varies."""
        return 1.0 - self.level / self.spread if self.spread > 0 else math.nan


def folds_of(design: Design, folds: int = FOLDS) -> np.ndarray:
    """The fold of every point; points of a block stay together."""
    blocks, place = np.unique(design.block, return_inverse=True)
    order = np.random.default_rng(SEED).permutation(blocks.size) % folds
    return np.asarray(order[place])


def hold_out(
    columns: Floats, values: Floats, folds: np.ndarray, ridge: float, *, logit: bool
) -> Held:
    """Fit without each fold, and say what is there. ``values`` [point, seed]."""
    said, variance, shared = (np.empty(len(values)) for _ in range(3))
    apart = np.nan_to_num(values - np.nanmean(values, axis=1, keepdims=True))
    for k in np.unique(folds):
        inside, out = folds != k, folds == k
        own, spread = _fitted(columns[inside], values[inside], ridge, logit=logit)
        said[out] = own.mean(columns[out])
        variance[out] = ((columns[out] @ spread) * columns[out]).sum(axis=1)
        response = columns[out] @ own.inverse @ (columns[inside].T @ apart[inside])
        shared[out] = (apart[out] * response).sum(axis=1) / (values.shape[1] - 1.0)
    steep = slope(said, logit=logit)
    return Held(said, variance, steep, shared * steep, values)


def squares(residuals: Floats) -> Floats:
    """Square of the mean residual of each row, free of the noise of the runs; NaN: no run."""
    count = (~np.isnan(residuals)).sum(axis=1)
    total, own = np.nansum(residuals, axis=1), np.nansum(residuals**2, axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 1, (total**2 - own) / (count * (count - 1.0)), np.nan)


def errors_of(held: Held) -> Errors:
    """Errors of a family."""
    luck_of = max(float(np.mean(held.luck)), 0.0)
    shape = float(np.nanmean(squares(held.values - held.said[:, None]))) + luck_of
    return Errors(shape, shape + luck_of, spread_of(held.values) ** 2)


def spread_of(values: Floats) -> float:
    """Standard deviation of the truth over points; 0 where the noise hides it."""
    points = len(values)
    apart = values - np.nanmean(values, axis=0)
    variance = float(np.nanmean(squares(apart))) * points / (points - 1)
    return math.sqrt(max(variance, 0.0))


def best_ridge(
    columns: Floats, values: Floats, folds: np.ndarray, ridges: Sequence[float], *, logit: bool
) -> float:
    """The penalty with the least misfit on folds that were not fitted."""
    total, count = np.nansum(values, axis=1), (~np.isnan(values)).sum(axis=1).astype(float)
    misfit = []
    for ridge in ridges:
        lost = 0.0
        for k in np.unique(folds):
            inside, out = folds != k, folds == k
            own = fit(columns[inside], total[inside], count[inside], ridge, logit=logit)
            lost += deviance(total[out], count[out], own.mean(columns[out]), logit=logit)
        misfit.append(lost)
    return ridges[int(np.argmin(misfit))]


def lack_of_fit(held: Held) -> float:
    """Standard deviation on the predictor's scale of what ranges must hold beside the fit's own."""
    missing = errors_of(held).level - float(
        np.mean(held.variance * held.steep**2)
    )
    return math.sqrt(max(missing, 0.0) / float(np.mean(held.steep**2)))


def qualities(held: Held, families: np.ndarray, tau: float) -> list[Quality]:
    """Every family that has points."""
    return [
        _quality(FAMILIES[place], held.of(own), tau)
        for place in range(len(FAMILIES))
        if (own := np.flatnonzero(families == place)).size
    ]


def _quality(family: str, held: Held, tau: float) -> Quality:
    points, seeds = held.values.shape
    if points < FEWEST_POINTS or seeds < FEWEST_SEEDS:
        return Quality(family, points, *([math.nan] * 9))
    found = errors_of(held)
    claimed = float(np.mean((held.variance + tau**2) * held.steep**2))
    ratio = math.sqrt(max(found.level, 0.0) / claimed) if claimed > 0 else math.nan
    coverage = 1.0 if ratio == 0.0 else 2 * NormalDist().cdf(Z / ratio) - 1
    half = _spread_of_q2(held)
    shape = 1.0 - found.shape / found.spread if found.spread > 0 else math.nan
    return Quality(
        family, points, found.q2, found.q2 - half, min(found.q2 + half, 1.0), shape,
        math.sqrt(max(found.level, 0.0)), math.sqrt(max(found.spread, 0.0)), _calibration(held),
        coverage, float(np.mean(held.said - np.nanmean(held.values, axis=1))),
    )  # fmt: skip


def _spread_of_q2(held: Held) -> float:
    """Half the width of Q2's interval: jackknives over groups of points and of seeds."""
    points, seeds = held.values.shape
    every = np.arange(points)
    by_points = [held.of(np.setdiff1d(every, part))
                 for part in np.array_split(every, min(PARTS, points))]  # fmt: skip
    groups = [np.arange(seeds)[g::PARTS] for g in range(min(PARTS, seeds // 2))]
    by_seeds = [held.of(every, np.setdiff1d(np.arange(seeds), group)) for group in groups]
    variance = 0.0
    for left_out in (by_points, by_seeds):
        found = np.array([errors_of(own).q2 for own in left_out])
        units = len(found)
        variance += (units - 1) / units * float(((found - found.mean()) ** 2).sum())
    return 2.0 * math.sqrt(variance)


def _calibration(held: Held) -> float:
    """Mean distance of what was seen from what was said, over groups of like predictions."""
    said, seen = held.said, np.nanmean(held.values, axis=1)
    parts = np.array_split(np.argsort(said), min(PARTS, max(1, said.size // 4)))
    apart = [abs(float(np.mean(said[p]) - np.mean(seen[p]))) * p.size for p in parts]
    return float(sum(apart) / said.size)


def _fitted(columns: Floats, values: Floats, ridge: float, *, logit: bool) -> tuple[Fit, Floats]:
    total, count = np.nansum(values, axis=1), (~np.isnan(values)).sum(axis=1).astype(float)
    held = count > 0
    own = fit(columns[held], total[held], count[held], ridge, logit=logit)
    return own, covariance(columns, values - own.mean(columns)[:, None], own)
