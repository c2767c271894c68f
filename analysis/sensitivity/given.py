"""Sensitivity from points that were not drawn for it: PAWN, Delta, regional.

``X`` [point, setting] holds one value per point, ``y`` [point, seed] outcomes under shared seeds;
an index is of their mean over seeds.

PAWN      For each setting the points are cut into S slices of equal numbers by its value. The index
          is the median over slices of the largest distance between the distribution of y in the
          slice and in all points (Kolmogorov-Smirnov). 0: no slice differs.
Delta     Half the mean area between the density of y within a class and over all points, with
          Plischke's correction of the bias. 0: y does not depend on it; 1: it is all.
Regional  Points are sorted into quarters by y. For each quarter the values of a setting inside and
          outside it are compared (Cramér-von Mises). Large: the setting decides whether y is there.

PAWN is written out here, as one cumulative sum per slice, so that it can be resampled (SALib's
reads the last slice without its largest value, so that the last value of a list never counts), and
so are Delta (SALib's is slow and warns through global settings) and the regional indices; tests
hold all beside SALib's. Points with equal values (lists, whole numbers) are put in a random order,
drawn once: SALib orders them as they come.

Floor of noise: what the largest of ``family`` indices of settings that do not matter shows in 95 of
100 studies; ``family`` counts settings and responses (regional: and quarters) that are looked at
together. An index of these three is never 0, so that none is read without its floor::

    PAWN, Delta   mean + z (1 - 0.05 / family) * standard deviation of values shuffled over points
                  (of PAWN's logarithm, whose tail is near normal)
    Regional      P(T > x) = sqrt(2) P(chi^2_1 > pi^2 x), the leading term of the limit's tail
                  (at 5 % and 1 %: 4.7 and 0.96 %), with Anderson's mean and variance of T

Ranges: percentiles over resampled points, widened for the luck of the seeds by a jackknife over
seeds (`resample.shared_luck`): all points share their seeds, which no resampling of points sees.
PAWN's lean upwards, as the index itself does, so that it is called a range. Delta is computed of at
most the first `MOST_DELTA` points.

Sources: Pianosi & Wagener (2018), doi:10.1016/j.envsoft.2018.07.019; Borgonovo (2007),
doi:10.1016/j.ress.2006.04.015; Plischke, Borgonovo & Smith (2013), doi:10.1016/j.ejor.2012.11.047;
Spear & Hornberger (1980), doi:10.1016/0043-1354(80)90040-8; dummy: Khorashadi Zadeh et al. (2017),
doi:10.1016/j.envsoft.2017.02.001; tail: Zolotarev (1961), doi:10.1137/1106019; two-sample
Cramer-von Mises: Anderson (1962), doi:10.1214/aoms/1177704477.
"""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import LEVEL, SEED
from analysis.sensitivity.resample import percentiles, shared_luck, weights

FEWEST = 40  # points; below, a slice holds fewer than twenty
SEEDS_OF_LUCK = 2  # below, nothing is known of how far luck moves an index
IN_SLICE = 20
MOST_SLICES = 10
QUARTERS = 4
DUMMIES = 200
PAWN_DRAWS = 200
DELTA_DRAWS = 100
DELTA_DUMMIES = 40
MOST_DELTA = 1024
GRID = 100
Floats = NDArray[np.float64]


class Given(NamedTuple):
    """An index of every setting [setting] with a range and the floor of noise.

    ``luck``: the part of the variance of each that only more seeds reduce. Of regional indices, for
    which no range is given, ``lo`` and ``hi`` are those of the luck of the seeds alone.
    """

    kind: str
    estimate: Floats
    lo: Floats
    hi: Floats
    floor: float
    luck: Floats


def ranks(X: Floats) -> Floats:
    """Places of the points along each setting, from 0; equal values in a random order."""
    random = np.random.default_rng(SEED)
    mixed = random.permuted(np.tile(np.arange(len(X)), (X.shape[1], 1)), axis=1)
    order = [np.lexsort((mixed[k], X[:, k])) for k in range(X.shape[1])]
    return np.argsort(np.array(order), axis=1).T.astype(float)


def slices(points: int) -> int:
    """Slices of PAWN for so many points."""
    return int(np.clip(points // IN_SLICE, 2, MOST_SLICES))


def without_each(y: Floats) -> Floats:
    """Means [seed, point] over all seeds but one; none with one seed."""
    if y.shape[1] < SEEDS_OF_LUCK:
        return np.zeros((0, len(y)))
    return np.asarray((y.sum(axis=1, keepdims=True) - y).T / (y.shape[1] - 1))


def highest(none: Floats, family: int) -> float:
    """The floor from the indices of settings that are not there."""
    z = NormalDist().inv_cdf(1 - (1 - LEVEL) / family)
    return float(np.mean(none) + z * np.std(none, ddof=1))


def pawn(X: Floats, y: Floats, family: int = 1, draws: int = PAWN_DRAWS) -> Given:
    """PAWN's index (median) of every setting."""
    number, points = slices(len(y)), len(y)
    label = np.floor(ranks(X) * number / points)
    once = np.full((1, points), 1 / points)
    random = np.random.default_rng(SEED)
    drawn = weights(points, draws, random)

    def of(mean: Floats, shares: Floats, labels: Floats) -> Floats:
        order = np.argsort(mean, kind="stable")
        ends, sorted_shares = _last_of_ties(mean[order]), shares[:, order]
        return np.array([_pawn(own[order], ends, sorted_shares, number) for own in labels.T]).T

    mean = y.mean(axis=1)
    found, spread = of(mean, once, label)[0], of(mean, drawn, label)
    by_seed = np.array([of(other, once, label)[0] for other in without_each(y)])
    shuffled = np.array([random.permutation(points) * number // points for _ in range(DUMMIES)])
    none = of(mean, once, shuffled.T.astype(float))[0]
    lo, hi, luck = shared_luck(percentiles(spread), spread, by_seed, points)
    return Given("pawn", found, lo, hi, math.exp(highest(np.log(none), family)), luck)


def delta(X: Floats, y: Floats, family: int = 1) -> Given:
    """Delta of every setting, bias-reduced; NaN where an outcome does not vary in too many classes.

    The correction is 2 d - mean of d over draws, the range the 2.5 % and 97.5 % points of
    2 d - d*, widened by how d itself moves without each seed.
    """
    X, y = X[:MOST_DELTA], y[:MOST_DELTA]
    place, mean = ranks(X), y.mean(axis=1)
    random = np.random.default_rng(SEED)
    draws = [random.integers(0, len(y), len(y)) for _ in range(DELTA_DRAWS)]
    found = _delta(place, mean)
    reduced = 2 * found - np.array([_delta(place[own], mean[own]) for own in draws])
    by_seed = np.array([_delta(place, other) for other in without_each(y)])
    shuffled = np.array([random.permutation(len(y)) for _ in range(DELTA_DUMMIES)]).T.astype(float)
    none = 2 * _delta(shuffled, mean) - np.mean(
        [_delta(shuffled[own], mean[own]) for own in draws[:5]], axis=0
    )
    lo, hi, luck = shared_luck(percentiles(reduced), reduced, by_seed, len(y))
    return Given("delta", reduced.mean(axis=0), lo, hi, highest(none, family), luck)


def regional(X: Floats, y: Floats, family: int = 1) -> list[Given]:
    """For each quarter of the mean, low to high: how far it holds other values than the rest.

    NaN where a quarter cannot be told apart for equal values of the mean.
    """
    place, found = ranks(X), []
    now = _quarters(place, y.mean(axis=1))
    by_seed = np.array([[own for own, _ in _quarters(place, other)] for other in without_each(y)])
    for quarter, (estimate, inside) in enumerate(now):
        still = np.broadcast_to(estimate, (2, estimate.size))
        seeds = by_seed[:, quarter] if len(by_seed) else np.zeros((0, estimate.size))
        lo, hi, luck = shared_luck((estimate, estimate), still, seeds, len(y))
        floor = _tail((1 - LEVEL) / (family * QUARTERS), inside, len(y) - inside)
        found.append(Given(f"quarter {quarter + 1}", estimate, lo, hi, floor, luck))
    return found


def _quarters(place: Floats, y: Floats) -> list[tuple[Floats, int]]:
    """(distances [setting], points inside) of each quarter of ``y`` as far as it can be sorted."""
    edges = np.quantile(y, np.linspace(0, 1, QUARTERS + 1))
    edges[0] = -np.inf
    found = []
    for low, high in itertools.pairwise(edges):
        inside = (low < y) & (y <= high)
        known = not inside.all() and np.unique(y[inside]).size > 1
        distance = _apart(place, inside) if known else np.full(place.shape[1], np.nan)
        found.append((distance, int(inside.sum())))
    return found


def _apart(place: Floats, inside: NDArray[np.bool_]) -> Floats:
    """Cramér-von Mises' distance [setting] between places inside and outside."""
    n, m = int(inside.sum()), int((~inside).sum())
    one = np.sort(place[inside], axis=0) - np.arange(n)[:, None]
    other = np.sort(place[~inside], axis=0) - np.arange(m)[:, None]
    u = n * (one**2).sum(axis=0) + m * (other**2).sum(axis=0)
    return np.asarray(u / (n * m * (n + m)) - (4 * n * m - 1) / (6 * (n + m)))


def _tail(chance: float, n: int, m: int) -> float:
    """What Cramér-von Mises' distance of two alike samples exceeds with this small chance."""
    from scipy.stats import chi2

    if not min(n, m):
        return math.nan
    whole = n + m
    spread = (whole + 1) * (4 * n * m * whole - 3 * (n**2 + m**2) - 2 * n * m)
    limit = float(chi2.isf(chance / math.sqrt(2), 1)) / math.pi**2
    mean = (1 + 1 / whole) / 6
    return mean + (limit - 1 / 6) * math.sqrt(spread / (4 * n * m * whole**2))


def _pawn(label: Floats, ends: NDArray[np.bool_], shares: Floats, number: int) -> Floats:
    """PAWN [draw] of one setting; points in the order of y, ``shares`` [draw, point]."""
    everything = np.cumsum(shares, axis=1)[:, ends]
    apart = []
    for own in range(number):
        inside = np.cumsum(shares * (label == own), axis=1)[:, ends]
        whole = inside[:, -1:]
        with np.errstate(invalid="ignore", divide="ignore"):
            apart.append(np.abs(inside / whole - everything).max(axis=1))
    return np.asarray(np.nanmedian(apart, axis=0))


def _last_of_ties(y: Floats) -> NDArray[np.bool_]:
    """Where a distribution steps: the last of equal values."""
    return np.append(y[1:] != y[:-1], True)


def _delta(place: Floats, y: Floats) -> Floats:
    """Delta [setting] without correction, of points with these places along the settings."""
    n = len(y)
    if np.ptp(y) == 0:
        return np.full(place.shape[1], np.nan)
    classes = min(int(np.ceil(n ** (2.0 / (7.0 + np.tanh((1500.0 - n) / 500.0))))), 48)
    edges = np.linspace(0, n, classes + 1)
    rank = np.argsort(np.argsort(place, axis=0, kind="stable"), axis=0) + 1
    grid = np.linspace(y.min(), y.max(), GRID)
    everything, found = _density(y, grid), np.zeros(place.shape[1])
    for k, (low, high) in itertools.product(range(found.size), itertools.pairwise(edges)):
        own = y[(rank[:, k] > low) & (rank[:, k] <= high)]
        if own.size and np.ptp(own) > 0:
            apart = np.abs(everything - _density(own, grid))
            found[k] += own.size / (2 * n) * float(np.trapezoid(apart, grid))
    return found


def _density(y: Floats, grid: Floats) -> Floats:
    """Density of ``y`` along a grid: Gaussian kernels of Silverman's width."""
    width = float((y.size * 0.75) ** -0.2 * y.std(ddof=1))
    return np.asarray(np.exp(-(((grid[:, None] - y) / width) ** 2) / 2).mean(axis=1)
                      / (width * math.sqrt(2 * math.pi)))  # fmt: skip
