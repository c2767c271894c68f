"""Fits held against points that they were not given, and ranges against rows that set nothing.

Points are split into folds (points of one block together). `hold_out` chooses the penalty and fits
without a fold, and says what is there. `ranges_hold` asks whether the 90 % range is one: without a
fold *and* without half of the seeds it chooses the penalty, fits, and finds what the basis misses
(held out once more inside of those rows); then the mean of the other half's seeds at the fold's
points lies in the range, widened by its own noise, or it does not. With s_p^2 the variance of a
point's histories and T the seeds of that half::

    held:  lo - a <= mean_p <= hi + b,     (m - lo + a)^2 = (m - lo)^2 + 1.645^2 s_p^2 / T

and b likewise. No row is counted that set the fit, the penalty or the width. All points share the
luck of a half, so that they hold or miss together; halves are drawn ten times over.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from analysis.crossed import Design
from analysis.emulator.basis import Floats
from analysis.emulator.fit import RIDGES, Fit, covariance, deviance, fit, link, slope
from analysis.intervals import SEED, wilson

FOLDS, SPLITS = 5, 10
LEVEL = 0.90
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


class Held(NamedTuple):
    """What fits said where they were not fitted [point], and what was seen there [point, seed]."""

    said: Floats
    variance: Floats  # claimed, on the scale of the predictor, without lack of fit
    steep: Floats  # slope of the link at what was said
    shared: Floats  # [point, seed] what the deviations of a seed move what was said
    values: Floats

    def of(self, points: np.ndarray) -> Held:
        """Some of the points."""
        return Held(*(column[points] for column in self))


class Shown(NamedTuple):
    """Held-out points for a figure [point]: said with its range, seen as the mean over seeds."""

    said: Floats
    lo: Floats
    hi: Floats
    seen: Floats
    seeds: Floats


def shown_of(held: Held, tau: float, *, logit: bool, ends: tuple[float, float]) -> Shown:
    """What fits said at points that they were not given, and what was seen there.

    ``tau``: what the basis misses; NaN, where it cannot be told, leaves the range out.
    """
    half = Z * np.sqrt(held.variance.clip(0.0) + tau**2)
    eta = held.said
    if logit:
        inside = np.clip(held.said, 1e-12, 1.0 - 1e-12)
        eta = np.log(inside / (1.0 - inside))
    said, lo, hi = (np.clip(link(eta + side, logit=logit), *ends) for side in (0.0, -half, half))
    return Shown(said, lo, hi, np.nanmean(held.values, axis=1), _counts(held.values))


def folds_of(design: Design, folds: int = FOLDS) -> np.ndarray:
    """The fold of every point; points of a block stay together."""
    blocks, place = np.unique(design.block, return_inverse=True)
    order = np.random.default_rng(SEED).permutation(blocks.size) % folds
    return np.asarray(order[place])


def hold_out(
    columns: Floats, values: Floats, folds: np.ndarray, ridge: float | None = None, *, logit: bool
) -> Held:
    """Fit without each fold, and say what is there. ``values`` [point, seed].

    ``ridge``: the penalty; by default chosen without the fold.
    """
    said, variance = (np.empty(len(values)) for _ in range(2))
    shared = np.empty(values.shape)
    apart = np.nan_to_num(values - np.nanmean(values, axis=1, keepdims=True))
    for k in np.unique(folds):
        inside, out = folds != k, folds == k
        one = ridge or best_ridge(columns[inside], values[inside], folds[inside], logit=logit)
        own, spread = fitted(columns[inside], values[inside], one, logit=logit)
        said[out] = own.mean(columns[out])
        variance[out] = ((columns[out] @ spread) * columns[out]).sum(axis=1)
        shared[out] = columns[out] @ own.inverse @ (columns[inside].T @ apart[inside])
    steep = slope(said, logit=logit)
    return Held(said, variance, steep, shared * steep[:, None], values)


def best_ridge(
    columns: Floats, values: Floats, folds: np.ndarray, ridges: Sequence[float] = RIDGES, *,
    logit: bool,
) -> float:  # fmt: skip
    """The penalty with the least misfit on folds that were not fitted."""
    total, count = np.nansum(values, axis=1), _counts(values)
    misfit = []
    for ridge in ridges:
        lost = 0.0
        for k in np.unique(folds):
            inside, out = (folds != k) & (count > 0), (folds == k) & (count > 0)
            own = fit(columns[inside], total[inside], count[inside], ridge, logit=logit)
            lost += deviance(total[out], count[out], own.mean(columns[out]), logit=logit)
        misfit.append(lost)
    return ridges[int(np.argmin(misfit))]


def fitted(columns: Floats, values: Floats, ridge: float, *, logit: bool) -> tuple[Fit, Floats]:
    """A fit and the covariance of its coefficients."""
    total, count = np.nansum(values, axis=1), _counts(values)
    held = count > 0
    own = fit(columns[held], total[held], count[held], ridge, logit=logit)
    return own, covariance(columns, values - own.mean(columns)[:, None], own)


def squares(residuals: Floats) -> Floats:
    """Square of the mean residual of each row, free of the noise of the runs; NaN: no run."""
    return weighted_squares(residuals, np.ones(residuals.shape[1]))


def weighted_squares(residuals: Floats, seeds: Floats) -> Floats:
    """The same, a seed [seed] or a run [point, seed] counted so often; none with itself."""
    own = np.nan_to_num(residuals) * seeds
    count = ~np.isnan(residuals) * seeds
    pairs = count.sum(axis=1) ** 2 - (count**2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, (own.sum(axis=1) ** 2 - (own**2).sum(axis=1)) / pairs, np.nan)


def luck_of(held: Held) -> Floats:
    """l_p: covariance of the point's mean and of what was said, from what seeds do to both."""
    return weighted_luck(held, np.ones(held.values.shape[1]))


def weighted_luck(held: Held, seeds: Floats) -> Floats:
    """The same, a seed [seed] or a run [point, seed] counted so often."""
    total = held.values.shape[1]
    weights = ~np.isnan(held.values) * seeds
    mean = (np.nan_to_num(held.values) * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
    apart = np.nan_to_num(held.values - mean[:, None])
    moved = held.shared - ((held.shared * seeds).sum(axis=1) / total)[:, None]
    return np.asarray((apart * moved * seeds).sum(axis=1) / (total - 1.0))


def lack_of_fit(held: Held) -> float:
    """Standard deviation on the predictor's scale of what ranges must hold beside the fit's own."""
    error = float(np.nanmean(squares(held.values - held.said[:, None])))
    error += 2.0 * max(float(np.mean(luck_of(held))), 0.0)
    missing = error - float(np.mean(held.variance * held.steep**2))
    return math.sqrt(max(missing, 0.0) / float(np.mean(held.steep**2)))


def ranges_hold(columns: Floats, values: Floats, folds: np.ndarray, *, logit: bool) -> Floats:
    """1 where a range held a mean that set nothing of it, 0 where not [point, split of the seeds].

    NaN where no two runs of that half are there.
    """
    found = np.full((len(values), SPLITS), np.nan)
    for split in range(SPLITS):
        for place, k in enumerate(np.unique(folds)):
            test = judged_seeds(values.shape[1], split, place)
            inside, out = folds != k, folds == k
            given, inner = values[inside][:, ~test], folds[inside]
            ridge = best_ridge(columns[inside], given, inner, logit=logit)
            tau = lack_of_fit(hold_out(columns[inside], given, inner, ridge, logit=logit))
            own, spread = fitted(columns[inside], given, ridge, logit=logit)
            found[out, split] = _inside(own, spread, tau, columns[out], values[out][:, test])
    return found


def judged_seeds(seeds: int, split: int, fold: int) -> np.ndarray:
    """True for the half of the seeds that judges a fold [seed]; folds take turns."""
    order = np.random.default_rng([SEED, split]).permutation(seeds)
    return np.asarray(order % 2 == (split + fold) % 2)


def coverage_of(holds: Floats) -> tuple[float, float, float]:
    """Share of [point, split] that held, with its interval; splits hold or miss as one."""
    points = len(holds)
    each = np.array([float(np.nanmean(own)) for own in holds.T if np.isfinite(own).any()])
    if not each.size:
        return math.nan, math.nan, math.nan
    share = float(each.mean())
    variance = float(each.var(ddof=1)) / each.size if each.size > 1 else 0.0
    n = min(points, math.floor(share * (1.0 - share) / variance)) if variance > 0 else points
    lo, hi = (float(end) for end in wilson(share * max(n, 1), max(n, 1)))
    return share, lo, hi


def _inside(own: Fit, spread: Floats, tau: float, columns: Floats, values: Floats) -> Floats:
    """Whether means lie in ranges widened by their noise."""
    eta = columns @ own.coefficients
    half = Z * np.sqrt(((columns @ spread) * columns).sum(axis=1).clip(0.0) + tau**2)
    lo, said, hi = (link(eta + side, logit=own.logit) for side in (-half, 0.0 * half, half))
    count = _counts(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(values, axis=1) / count
        noise = Z**2 * np.nansum((values - mean[:, None]) ** 2, axis=1) / (count * (count - 1.0))
        off = (mean - said) ** 2
        allowed = np.where(mean < said, said - lo, hi - said) ** 2 + noise
        return np.where(count > 1, (off <= allowed).astype(float), np.nan)


def _counts(values: Floats) -> Floats:
    return np.asarray((~np.isnan(values)).sum(axis=1), dtype=float)
