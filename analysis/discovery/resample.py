"""What chance alone would find, what other points and other luck would find, what holds elsewhere.

    shuffled   labels are dealt anew over the points, B times, and the whole search is repeated:
               p = (1 + tables whose best box is worth at least as much) / (B + 1)
    resampled  points (blocks) are drawn with replacement, D times, and the whole search is
               repeated: how often a limit is found again, and the middle 95 % of where it lies
    held out   the box of a resample, on the points that it did not draw (`honest`)
    halves     labels from a random half of the seeds, the search on them, and the density of its
               box under the labels of the other half: other luck at the same points, mean over
               halves. ``ahead``: share of halves in which it is above the share of cases there

Shuffles and resamples are about points. All points share the seeds, so that one history that turns
at a value of a setting can lift all points beyond it over a threshold: such a box is no luck of
points, and vanishes under other seeds. That is what the halves are for.

Blocks of a Sobol' design are dealt and drawn whole: a setting that changes nothing gives twins
within a block. The null of the shuffle is that cases know nothing of the settings.

Sources: Efron & Tibshirani (1993), doi:10.1201/9780429246593; Bryant & Lempert (2010),
doi:10.1016/j.techfore.2009.08.002 (how often a limit is found again); Phipson & Smyth (2010),
doi:10.2202/1544-6115.1585 (the p of a permutation test).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.discovery.choice import curve_of
from analysis.discovery.honest import HeldOut, held_out
from analysis.discovery.peel import Box
from analysis.discovery.question import SEED, Question, half_scores, percentiles

SHUFFLES, RESAMPLES, HALVES, SPLITS = 199, 100, 50, 25
MANY_POINTS = 2000  # beyond, each search takes a tenth of a second and more
LEAST_TABLES = 99  # with fewer, not even the best box could be better than 1 in 100 of them
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Blocks = NDArray[np.int64]


class Again(NamedTuple):
    """How often one limit is found again. ``lo``, ``hi``: middle 95 % of where it lies then."""

    share: float
    lo: float
    hi: float


class Chance(NamedTuple):
    """The best box against those of shuffled tables. ``needed``: worth that 1 in 20 reaches."""

    p: float
    tables: int
    needed: float


class Resamples(NamedTuple):
    """Boxes of resampled points, and the density that they hold where they have not looked."""

    boxes: tuple[Box, ...]
    held: HeldOut

    def again(self, setting: int, upper: bool) -> Again:
        """How one limit fared."""
        return again(self.boxes, setting, upper)


class Halves(NamedTuple):
    """Boxes of half of the seeds, and their density under the other half."""

    boxes: tuple[Box, ...]
    density: float
    base: float
    ahead: float


def chance_of(x: Floats, y: Flags, block: Blocks, worth: float) -> Chance:
    """The whole search on shuffled labels."""
    random = np.random.default_rng(SEED + 2)
    tables = tables_for(len(y))
    worths = np.array([curve_of(x, y[order]).chosen.worth
                       for order in _deals(block, tables, random)])  # fmt: skip
    p = (1 + int((worths >= worth).sum())) / (tables + 1)
    return Chance(p, tables, float(np.quantile(worths, 0.95, method="higher")))


def resamples_of(question: Question, x: Floats, values: Floats, block: Blocks) -> Resamples:
    """The whole search on resampled points, and what its boxes hold of the others."""
    y = question.holds(np.nanmean(values, axis=1))
    names, place = np.unique(block, return_inverse=True)
    members = [np.flatnonzero(place == unit) for unit in range(names.size)]
    random = np.random.default_rng(SEED + 3)
    found, within, without = [], np.zeros(len(y)), np.zeros(len(y))
    for _ in range(fewer(RESAMPLES, len(y))):
        drawn = random.integers(names.size, size=names.size)
        rows = np.concatenate([members[unit] for unit in drawn])
        box = curve_of(x[rows], y[rows]).chosen.box
        out = np.ones(len(y), dtype=bool)
        out[rows] = False
        without[out] += 1
        if box.limits:
            within[out & box.inside(x)] += 1
        found.append(box)
    share = np.divide(within, without, out=np.zeros(len(y)), where=without > 0)
    return Resamples(tuple(found), held_out(question, values, share, without > 0, block))


def halves_of(question: Question, x: Floats, values: Floats) -> Halves:
    """The whole search on half of the seeds, judged by the other half."""
    first, second = half_scores(values, fewer(HALVES, len(values)))
    found, fresh = [], []
    for one, two in zip(first.T, second.T, strict=True):
        there = ~(np.isnan(one) | np.isnan(two))
        label, other = question.holds(one[there]), question.holds(two[there])
        box = curve_of(x[there], label).chosen.box
        found.append(box)
        if box.limits:
            fresh.append((float(other[box.inside(x[there])].mean()), float(other.mean())))
    if not fresh:
        return Halves(tuple(found), math.nan, math.nan, 0.0)
    density, base = np.array(fresh).T
    ahead = int((density > base).sum()) / len(found)
    return Halves(tuple(found), float(density.mean()), float(base.mean()), ahead)


def again(boxes: tuple[Box, ...], setting: int, upper: bool) -> Again:
    """How often one end of one setting is limited, and where."""
    ends = np.array([(box.hi if upper else box.lo)[setting] for box in boxes])
    there = ends[np.isfinite(ends)]
    return Again(there.size / ends.size if ends.size else math.nan, *percentiles(there))


def fewer(number: int, points: int) -> int:
    """Repetitions for so many points: a third of them where each takes long."""
    return number if points <= MANY_POINTS else number // 3


def tables_for(points: int) -> int:
    """Shuffled tables for so many points."""
    return max(fewer(SHUFFLES, points), LEAST_TABLES)


def _deals(block: Blocks, tables: int, random: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    """Orders of the points in which blocks of equal size change places whole."""
    names, place, sizes = np.unique(block, return_inverse=True, return_counts=True)
    rows = np.argsort(place, kind="stable")
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    groups = [starts[sizes == size, None] + np.arange(size) for size in np.unique(sizes)]
    del names
    for _ in range(tables):
        order = np.empty(rows.size, dtype=np.int64)
        for group in groups:
            order[rows[group]] = rows[group[random.permutation(len(group))]]
        yield order
