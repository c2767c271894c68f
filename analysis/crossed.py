"""Intervals of means over a design in which points and seeds are crossed.

Every point of a sweep runs on the same seeds, so that two histories are alike in two ways: those of
one point share its settings, those of one seed share weather, elections and temperaments. An
interval that resamples points alone treats the luck of the seeds as known. (In 20 points x 20 seeds
of a real region the standard error of the chance of a crisis is 0.011 over points and 0.105 over
seeds.) Points are therefore clusters, seeds are too, and what both count is taken off once::

    m      mean of y[p, s] over the cells that are there, N of them
    e      (y[p, s] - m) / N, summed to blocks b of points that were drawn together
    V_P    B / (B - 1) * sum_b (sum_s e[b, s])^2
    V_S    S / (S - 1) * sum_s (sum_b e[b, s])^2
    V_I    sum_bs e[b, s]^2
    V      max(V_P + V_S - V_I, V_P, V_S)
    df     V^2 / (V_P^2 / (B - 1) + V_S^2 / (S - 1))
    m -+ t(df) sqrt(V)

A contrast of two groups of points has the same form with e of the one minus e of the other. Points
of a grid are all there is, not a sample: V = V_S, and the mean is over those points. With one seed
no interval is given: V_P would say nothing of the luck of that seed, which all points share and
which is the larger part. With one point V = V_S, and the mean is of that point.

Blocks are the points of one base row of Sobol' or of one trajectory of Morris. Evenly spread points
(Latin hypercube, Sobol') vary less than V_P takes them to: the interval is then a little too wide.

Few events: a chance with fewer than 30 events (or pairs that differ) gets the hull with the
interval of independent histories; none at all gets the rule of three over the number of blocks or
seeds, whichever is less.

Sources: Cameron, Gelbach & Miller (2011), doi:10.1198/jbes.2010.07136 (two ways of clustering);
Satterthwaite (1946), doi:10.2307/3002019 (degrees of freedom); Efron & Stein (1981),
doi:10.1214/aos/1176345462 (jackknife).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import rule_of_three, student_quantile, wilson

FEW_EVENTS = 30
FEWEST_DEGREES = 2.0
Floats = NDArray[np.float64]


class Design(NamedTuple):
    """How the points of a study came about. ``block`` [point]: those drawn together."""

    block: NDArray[np.int64]
    sampled: bool  # False: a grid, whose points are all there is

    def of(self, points: NDArray[np.bool_]) -> Design:
        """The design of some of the points."""
        return Design(self.block[points], self.sampled)


class Estimate(NamedTuple):
    """A mean with its 95 % interval; NaN ends where none can be given."""

    n: int  # histories, or pairs
    mean: float
    lo: float
    hi: float


class Spread(NamedTuple):
    """Variance of an estimate. ``units``: blocks or seeds, whichever is less."""

    variance: float
    degrees: float
    units: int

    @property
    def half(self) -> float:
        """Half the width of the interval; NaN with fewer than two degrees of freedom."""
        if not self.degrees >= FEWEST_DEGREES:
            return math.nan
        return student_quantile(self.degrees) * math.sqrt(self.variance)


NOTHING = Estimate(0, math.nan, math.nan, math.nan)


def influence(values: Floats) -> Floats:
    """(y - m) / N [point, seed]; zero where a cell is missing (NaN)."""
    there = ~np.isnan(values)
    n = int(there.sum())
    if n == 0:
        return np.zeros(values.shape)
    return np.where(there, values - np.nanmean(values), 0.0) / n


def spread(e: Floats, there: NDArray[np.bool_], design: Design) -> Spread:
    """Variance of the estimate whose influences are ``e`` [point, seed]; see the equations."""
    blocks = np.unique(design.block[there.any(axis=1)])
    seeds = there.any(axis=0)
    sums = np.zeros((blocks.size, e.shape[1]))
    held = there.any(axis=1)
    np.add.at(sums, np.searchsorted(blocks, design.block[held]), e[held])
    if seeds.sum() < 2:
        return Spread(math.nan, math.nan, 1)
    ways = [(float((sums.sum(axis=0) ** 2).sum()), int(seeds.sum()))]
    if design.sampled and blocks.size > 1:
        ways.append((float((sums.sum(axis=1) ** 2).sum()), blocks.size))
    terms = [total * units / (units - 1) for total, units in ways]
    both = sum(terms) - float((sums**2).sum()) if len(terms) == 2 else 0.0
    variance = max(both, *terms) if len(terms) == 2 else terms[0]
    rest = sum(term**2 / (units - 1) for term, (_, units) in zip(terms, ways, strict=True))
    least = min(units for _, units in ways)
    return Spread(variance, variance**2 / rest if rest > 0 else least - 1.0, least)


def mean_of(values: Floats, design: Design, *, chance: bool = False) -> Estimate:
    """Mean of ``values`` [point, seed] with its interval. ``chance``: they are 0 or 1.

    Where every history has the same value no interval is given: the luck is not known.
    """
    there = ~np.isnan(values)
    n = int(there.sum())
    if n == 0:
        return NOTHING
    mean = float(values[there].mean())
    found = spread(influence(values), there, design)
    lo, hi = mean - found.half, mean + found.half
    if found.variance == 0.0 and not chance:
        lo = hi = math.nan
    if chance and not math.isnan(lo):
        lo, hi = _of_chance(round(mean * n), n, (lo, hi), found.units)
    return Estimate(n, mean, lo, hi)


def contrast(values: Floats, upper: NDArray[np.bool_], lower: NDArray[np.bool_],
             design: Design) -> Estimate:  # fmt: skip
    """Mean over the ``upper`` points less mean over the ``lower`` ones; seeds are shared."""
    n, apart, found = contrasted(values, upper, lower, design)
    return Estimate(n, apart, apart - found.half, apart + found.half)


def contrasted(values: Floats, upper: NDArray[np.bool_], lower: NDArray[np.bool_],
               design: Design) -> tuple[int, float, Spread]:  # fmt: skip
    """n, the contrast and its variance; NaN where a side has no history."""
    there = ~np.isnan(values)
    e = np.zeros(values.shape)
    e[upper] += influence(values[upper])
    e[lower] -= influence(values[lower])
    there[~(upper | lower)] = False
    if not (there[upper].any() and there[lower].any()):
        return 0, math.nan, Spread(math.nan, math.nan, 1)
    apart = float(np.nanmean(values[upper]) - np.nanmean(values[lower]))
    return int(there.sum()), apart, spread(e, there, design)


def seed_share(values: Floats, design: Design) -> Estimate:
    """Share of the variance of ``values`` [point, seed] that lies between seeds within a point.

        within   mean over points of the variance over seeds
        MS_I     mean square of what neither point nor seed explains alone
        between  variance of the means of points - MS_I / S
        share    within / (within + between), at most 1

    The luck that all points share moves their means together and is no part of ``between``. Only
    points of which every run is there count. The interval is a jackknife over blocks of points plus
    one over seeds. NaN with one point or one seed, and where nothing varies.
    """
    whole = ~np.isnan(values).any(axis=1)
    y, block = values[whole], design.block[whole]
    points, seeds = y.shape
    if points < 2 or seeds < 2 or not (y != y[0, 0]).any():
        return Estimate(y.size, math.nan, math.nan, math.nan)
    y = y - y.mean()
    raw = float(_share(points, seeds, _sums(y)))
    ways = [(seeds, _share(points, seeds - 1, _left_out(y.T)[[0, 2, 1, 3]]))]
    if design.sampled:
        blocks, place = np.unique(block, return_inverse=True)
        sums = np.zeros((blocks.size, seeds))
        np.add.at(sums, place, y)
        rest = points - np.bincount(place)
        ways.append((blocks.size, _share(rest, seeds, _left_out(y, sums, place))))
    variance = 0.0
    for units, shares in ways:
        off = shares - shares.mean()  # NaN where a share cannot be formed: then no interval
        variance += float((units - 1) / units * (off**2).sum())
    half = Spread(variance, min(units for units, _ in ways) - 1.0, 0).half
    share, lo, hi = (float(np.clip(x, 0.0, 1.0)) for x in (raw, raw - half, raw + half))
    return Estimate(y.size, share, lo, hi)


def _sums(y: Floats) -> Floats:
    """Sum of squares; of squared sums of points and of seeds; the sum."""
    rows, columns = y.sum(axis=1), y.sum(axis=0)
    return np.array([(y**2).sum(), (rows**2).sum(), (columns**2).sum(), y.sum()])


def _left_out(
    y: Floats, sums: Floats | None = None, place: NDArray[np.int64] | None = None
) -> Floats:
    """`_sums` [4, unit] without each row of ``y``, or each block of them (with their sums)."""
    own = y if sums is None else sums
    place = np.arange(len(y)) if place is None else place
    rows, columns = y.sum(axis=1), y.sum(axis=0)
    squares, mine = (np.bincount(place, a) for a in ((y**2).sum(axis=1), rows**2))
    crossed = (columns**2).sum() - 2 * own @ columns + (own**2).sum(axis=1)
    return np.array([(y**2).sum() - squares, (rows**2).sum() - mine, crossed,
                     y.sum() - own.sum(axis=1)])  # fmt: skip


def _share(points: Any, seeds: Any, sums: Floats) -> Floats:
    """The share from `_sums` over so many points and seeds; NaN where it cannot be formed."""
    squares, rows, columns, total = sums
    cells = points * seeds
    with np.errstate(invalid="ignore", divide="ignore"):
        within = (squares - rows / seeds) / (points * (seeds - 1))
        means = (rows / seeds**2 - total**2 / (points * seeds**2)) / (points - 1)
        left = squares - rows / seeds - columns / points + total**2 / cells
        between = means - left / ((points - 1) * (seeds - 1) * seeds)
        share = np.asarray(within / (within + between))
    return np.where(np.isfinite(share), share, np.nan)


def _of_chance(
    events: int, n: int, ends: tuple[float, float], units: int
) -> tuple[float, float]:
    """Ends within [0, 1], widened where events, or histories without one, are few."""
    lo, hi = ends
    if events in (0, n):
        bound = rule_of_three(units)
        return (0.0, bound) if events == 0 else (1.0 - bound, 1.0)
    if min(events, n - events) < FEW_EVENTS:
        alone = wilson(events, n)
        lo, hi = min(lo, float(alone[0])), max(hi, float(alone[1]))
    return max(lo, 0.0), min(hi, 1.0)
