"""Sensitivity from points that were not drawn for it: PAWN, Delta, regional.

``X`` [point, setting] holds one value per point, ``y`` [point] the mean over seeds.

PAWN      For each setting the points are cut into S slices of equal numbers by its value. The index
          is the median over slices of the largest distance between the distribution of y in the
          slice and in all points (Kolmogorov-Smirnov). 0: no slice differs.
Delta     Half the mean area between the density of y within a class and over all points, with
          Plischke's correction of the bias. 0: y does not depend on it; 1: it is all.
Regional  Points are sorted into quarters by y. For each quarter the values of a setting inside and
          outside it are compared (Cramér-von Mises). Large: the setting decides whether y is there.

PAWN is written out here, as one cumulative sum per slice, so that it can be resampled (SALib's
reads the last slice without its largest value, so that the last value of a list never counts), and
so is Delta (SALib's is slow and warns through global settings); tests hold both beside SALib's.
Regional sensitivity is SALib's function. Points with equal values (lists, whole numbers) are put in
a random order, drawn once: SALib orders them as they come.

Floor of noise: the same index of settings that are not there, made by shuffling values over points;
its 95 % point over `DUMMIES` of them. An index of these three is never 0, even of an input that
does not matter, so that none is read without its floor.

Intervals: percentiles over resampled points; with PAWN they lean upwards, as the index itself does,
so that it is called a range. At most the first `MOST_DELTA` points enter Delta.

Sources: Pianosi & Wagener (2018), doi:10.1016/j.envsoft.2018.07.019; Borgonovo (2007),
doi:10.1016/j.ress.2006.04.015; Plischke, Borgonovo & Smith (2013), doi:10.1016/j.ejor.2012.11.047;
Spear & Hornberger (1980), doi:10.1016/0043-1354(80)90040-8; dummy: Khorashadi Zadeh et al. (2017),
doi:10.1016/j.envsoft.2017.02.001.
"""

from __future__ import annotations

import itertools
import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import SEED
from analysis.sensitivity.resample import percentiles, weights

FEWEST = 40  # points; below, a slice holds fewer than twenty
IN_SLICE = 20
MOST_SLICES = 10
QUARTERS = 4
DUMMIES = 40
PAWN_DRAWS = 200
DELTA_DRAWS = 100
DELTA_DUMMIES = 20
MOST_DELTA = 1024
GRID = 100
Floats = NDArray[np.float64]


class Given(NamedTuple):
    """An index of every setting [setting] with a range and the floor of noise."""

    kind: str
    estimate: Floats
    lo: Floats
    hi: Floats
    floor: float


def ranks(X: Floats) -> Floats:
    """Places of the points along each setting, from 0; equal values in a random order."""
    random = np.random.default_rng(SEED)
    mixed = random.permuted(np.tile(np.arange(len(X)), (X.shape[1], 1)), axis=1)
    order = [np.lexsort((mixed[k], X[:, k])) for k in range(X.shape[1])]
    return np.argsort(np.array(order), axis=1).T.astype(float)


def slices(points: int) -> int:
    """Slices of PAWN for so many points."""
    return int(np.clip(points // IN_SLICE, 2, MOST_SLICES))


def pawn(X: Floats, y: Floats, draws: int = PAWN_DRAWS) -> Given:
    """PAWN's index (median) of every setting."""
    order = np.argsort(y, kind="stable")
    place, ends = ranks(X)[order], _last_of_ties(y[order])
    number = slices(len(y))
    once = np.full((1, len(y)), 1 / len(y))
    random = np.random.default_rng(SEED)
    drawn = weights(len(y), draws, random)[:, order]
    found = [_pawn(np.floor(place[:, k] * number / len(y)), ends, once, number)[0]
             for k in range(X.shape[1])]  # fmt: skip
    spread = [_pawn(np.floor(place[:, k] * number / len(y)), ends, drawn, number)
              for k in range(X.shape[1])]  # fmt: skip
    shuffled = (random.permutation(len(y)) * number // len(y) for _ in range(DUMMIES))
    none = [_pawn(one.astype(float), ends, once, number)[0] for one in shuffled]
    return Given("pawn", np.array(found), *percentiles(np.array(spread).T),
                 float(np.quantile(none, 0.95)))  # fmt: skip


def delta(X: Floats, y: Floats) -> Given:
    """Delta of every setting, bias-reduced; NaN where an outcome does not vary in too many classes.

    The correction is 2 d - mean of d over draws, the range the 2.5 % and 97.5 % points of
    2 d - d*.
    """
    X, y = X[:MOST_DELTA], y[:MOST_DELTA]
    place = ranks(X)
    random = np.random.default_rng(SEED)
    draws = [random.integers(0, len(y), len(y)) for _ in range(DELTA_DRAWS)]
    columns = place.T
    found = np.array([_delta(column, y) for column in columns])
    drawn = np.array([[_delta(column[own], y[own]) for column in columns] for own in draws])
    none = [
        2 * _delta(column, y) - np.mean([_delta(column[own], y[own]) for own in draws[:5]])
        for column in (random.permutation(len(y)).astype(float) for _ in range(DELTA_DUMMIES))
    ]
    reduced = 2 * found - drawn
    return Given("delta", reduced.mean(axis=0), *percentiles(reduced),
                 float(np.quantile(none, 0.95)))  # fmt: skip


def regional(X: Floats, y: Floats) -> list[Given]:
    """For each quarter of ``y``, low to high: how far it holds other values than the rest.

    No range is given; NaN where a quarter cannot be told apart for equal values of ``y``.
    """
    from SALib.analyze.rsa import rsa

    random = np.random.default_rng(SEED)
    none = np.array([random.permutation(len(y)) for _ in range(DUMMIES)]).T.astype(float)
    table = rsa(np.column_stack([ranks(X), none]), y, QUARTERS, "Y")
    unknown = np.full(X.shape[1], np.nan)
    found = []
    for quarter, row in enumerate(table, 1):
        floor = row[X.shape[1] :]
        top = float(np.quantile(floor, 0.95)) if np.isfinite(floor).all() else np.nan
        found.append(Given(f"quarter {quarter}", row[: X.shape[1]], unknown, unknown, top))
    return found


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


def _delta(place: Floats, y: Floats) -> float:
    """Delta without correction, of points with these places along a setting."""
    n = len(y)
    if np.ptp(y) == 0:
        return float("nan")
    classes = min(int(np.ceil(n ** (2.0 / (7.0 + np.tanh((1500.0 - n) / 500.0))))), 48)
    edges = np.linspace(0, n, classes + 1)
    rank = np.argsort(np.argsort(place, kind="stable")) + 1
    grid = np.linspace(y.min(), y.max(), GRID)
    everything, found = _density(y, grid), 0.0
    for low, high in itertools.pairwise(edges):
        own = y[(rank > low) & (rank <= high)]
        if own.size and np.ptp(own) > 0:
            apart = np.abs(everything - _density(own, grid))
            found += own.size / (2 * n) * float(np.trapezoid(apart, grid))
    return found


def _density(y: Floats, grid: Floats) -> Floats:
    """Density of ``y`` along a grid: Gaussian kernels of Silverman's width."""
    width = float((y.size * 0.75) ** -0.2 * y.std(ddof=1))
    return np.asarray(np.exp(-(((grid[:, None] - y) / width) ** 2) / 2).mean(axis=1)
                      / (width * math.sqrt(2 * math.pi)))  # fmt: skip
