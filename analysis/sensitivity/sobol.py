"""Sobol' indices of a function of settings and luck, from Saltelli's blocks with shared seeds.

Rows of a block: A, AB_1 .. AB_D, (BA_1 .. BA_D,) B. A and B are two draws of all settings; AB_i is
A with setting (or group) i from B, BA_i the reverse. y(x, s) is the outcome at x under seed s, and
the question is how its mean over luck, f(x) = E_s y(x, s), depends on x::

    V       = Var f(A or B)
    first   S_i  = E[B (AB_i - A)] / V                       Saltelli et al. (2010)
    total   T_i  = E[(A - AB_i)^2] / 2 V                     Jansen (1999)
    second  S_jk = E[BA_j AB_k - A B] / V - S_j - S_k        Saltelli (2002)

With one seed a product u v stands as it is, and the estimates are those of SALib. With R seeds the
product of two means over the same seeds would count the luck that both share: it makes every input
look as if it interacted with all others. The mean over pairs of different seeds does not::

    u v  ->  (sum_s u_s sum_s v_s - sum_s u_s v_s) / (R (R - 1))

Its expectation is E_s u E_s v whatever the seeds have in common, so that all three numerators and V
are free of luck. Values are centred by the mean of each seed over all rows (SALib centres by the
mean of all rows; for the mean over seeds that is the same).

Floor of noise: an input that does not matter except that it draws other luck. It has a row of its
own that needs no run: with seeds cut into halves h and h', "AB - A" is A_h' - A_h. Its first and
total index are 0 but for chance; half their interval is what such an input may show. It has half
the seeds of a real row, so that it errs on the wide side. Needs four seeds.

Sources: Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018; Jansen (1999),
doi:10.1016/S0010-4655(98)00154-4; Saltelli (2002), doi:10.1016/S0010-4655(02)00280-1; Hoeffding
(1948), doi:10.1214/aoms/1177730196 (means over pairs); the dummy as a floor: Khorashadi Zadeh et
al. (2017), doi:10.1016/j.envsoft.2017.02.001. The dummy from halves of seeds is our own.
"""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.sensitivity.resample import Jackknife, Widening, jackknifed, widening

SEEDS_OF_FLOOR = 4
Floats = NDArray[np.float64]


class Shape(NamedTuple):
    """Of a table of moments. ``units``: settings or groups; ``second``: the design has BA rows."""

    units: int
    seeds: int
    second: bool

    @property
    def dummy(self) -> bool:
        """Whether there are seeds enough for a floor of noise, which stands as one more unit."""
        return self.seeds >= SEEDS_OF_FLOOR

    @property
    def shown(self) -> int:
        """Units with the dummy."""
        return self.units + self.dummy

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """Pairs of units of which second-order indices are known."""
        return tuple(combinations(range(self.units), 2)) if self.second else ()

    @property
    def rows(self) -> int:
        """Rows of a block."""
        return self.units * (2 if self.second else 1) + 2

    @property
    def columns(self) -> int:
        """Columns of the table of moments."""
        return self.seeds + 1 + 2 * self.shown + len(self.pairs)

    @property
    def indices(self) -> int:
        """Indices: first and total of every unit with the dummy, second of every pair."""
        return 2 * self.shown + len(self.pairs)


class Parts(NamedTuple):
    """The rows of all blocks, centred; ``step`` is AB_i - A, with that of the dummy apart."""

    a: Floats  # [block, seed]
    b: Floats
    step: Floats  # [unit, block, seed]
    dummy: Floats | None  # [block, half of the seeds]
    crossed: Floats | None  # BA [unit, block, seed]


def parts(y: Floats, shape: Shape) -> Parts:
    """Cut ``y`` [block, row, seed]; every seed is centred by its mean over all rows."""
    y = y - y.mean(axis=(0, 1))
    d, half = shape.units, shape.seeds // 2
    a, b = y[:, 0], y[:, -1]
    step = np.moveaxis(y[:, 1 : d + 1] - a[:, None], 1, 0)
    dummy = a[:, half : 2 * half] - a[:, :half] if shape.dummy else None
    crossed = np.moveaxis(y[:, d + 1 : 2 * d + 1], 1, 0) if shape.second else None
    return Parts(a, b, step, dummy, crossed)


def pair(u: Floats, v: Floats) -> Floats:
    """Mean product over pairs of different seeds (last axis); with one seed the product."""
    seeds = u.shape[-1]
    if seeds == 1:
        return np.asarray((u * v)[..., 0])
    both = u.sum(axis=-1) * v.sum(axis=-1) - (u * v).sum(axis=-1)
    return np.asarray(both / (seeds * (seeds - 1)))


def moments(y: Floats, shape: Shape) -> Floats:
    """The table [block, column] whose means make all indices of one response [block, row, seed].

    Columns: mean of A and B (one per seed); their square; numerators of first, of total; of second.
    """
    a, b, step, dummy, crossed = parts(y, shape)
    first, total = [pair(b, one) for one in step], [pair(one, one) / 2 for one in step]
    if dummy is not None:
        first.append(pair(_halves(b), dummy))
        total.append(pair(dummy, dummy) / 2)
    square = (pair(a, a) + pair(b, b)) / 2
    second = [] if crossed is None else [
        pair(crossed[j], step[k] + a) - pair(a, b) for j, k in shape.pairs
    ]  # fmt: skip
    return np.column_stack([(a + b) / 2, square, *first, *total, *second])


def variance_of(means: Floats, shape: Shape) -> Floats:
    """V from means [..., column] of the moments: the variance between points, free of luck."""
    found: Floats = means[..., shape.seeds] - pair(means[..., : shape.seeds],
                                                   means[..., : shape.seeds])  # fmt: skip
    return found


def indices(means: Floats, shape: Shape) -> Floats:
    """Indices [..., index] from means [..., column]; NaN where there is no variance.

    Order: first of every unit (the dummy last), total likewise, second of every pair.
    """
    variance = variance_of(means, shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = means[..., shape.seeds + 1 :] / np.where(variance > 0, variance, np.nan)[..., None]
    for place, (j, k) in enumerate(shape.pairs, start=2 * shape.shown):
        found[..., place] -= found[..., j] + found[..., k]
    return np.asarray(found)


def widenings(y: Floats, shape: Shape) -> list[Widening]:
    """How far the luck of the seeds widens the interval of each index, in their order."""
    p = parts(y, shape)
    square = (cells(p.a, p.a) + cells(p.b, p.b)) / 2
    middle = ((p.a + p.b) / 2).mean(axis=0)
    variance = square.mean() - pair(middle, middle)
    first = [cells(p.b, one) for one in p.step]
    every = [*first, *(cells(one, one) / 2 for one in p.step)]
    every += [] if p.crossed is None else [
        cells(p.crossed[j], p.step[k] + p.a) - cells(p.a, p.b) - first[j] - first[k]
        for j, k in shape.pairs
    ]  # fmt: skip
    fewer = _jackknives(p, shape) if shape.seeds > 2 else [None] * len(every)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = [widening(influence(c - c.mean() / variance * square) / variance, jackknife)
                 for c, jackknife in zip(every, fewer, strict=True)]  # fmt: skip
    if p.dummy is not None:
        half = _halves(p.b)
        for at, (u, v, part) in zip(
            (shape.units, 2 * shape.units + 1), ((half, p.dummy, 1), (p.dummy, p.dummy, 2)),
            strict=True,
        ):  # fmt: skip
            jackknife = jackknifed(*without(u, v)) if u.shape[1] > 2 else None
            if jackknife is not None:
                jackknife = jackknife._replace(variance=jackknife.variance / part**2)
            found.insert(at, widening(influence(cells(u, v) / part), jackknife))
    return found


def without(u: Floats, v: Floats) -> tuple[Floats, Floats]:
    """Means of `pair` over blocks without each seed [seed], without each two [seed, seed].

    All are sums over one matrix of products [seed, seed], whose diagonal does not count.
    """
    seeds = u.shape[-1]
    products = u.T @ v / len(u)
    np.fill_diagonal(products, 0.0)
    both = products + products.T
    whole, own = products.sum(), both.sum(axis=0)
    single = (whole - own) / ((seeds - 1) * (seeds - 2))
    two = (whole - own[:, None] - own[None, :] + both) / max((seeds - 2) * (seeds - 3), 1)
    return single, two


def _jackknives(p: Parts, shape: Shape) -> list[Jackknife]:
    """Of every index but those of the dummy: variance by the luck of seeds, and its degrees."""
    squares = [without(x, x) for x in (p.a, p.b)]
    middle = without((p.a + p.b).mean(axis=0, keepdims=True) / 2,
                     (p.a + p.b).mean(axis=0, keepdims=True) / 2)  # fmt: skip
    variance = [(a + b) / 2 - m for a, b, m in zip(*squares, middle, strict=True)]
    first = [without(p.b, one) for one in p.step]
    found = [*first, *([x / 2 for x in without(one, one)] for one in p.step)]
    if p.crossed is not None:
        both = without(p.a, p.b)
        found += [
            [x - y - one - other for x, y, one, other in zip(
                without(p.crossed[j], p.step[k] + p.a), both, first[j], first[k], strict=True)]
            for j, k in shape.pairs
        ]  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):
        return [jackknifed(*(x / np.where(v > 0, v, np.nan)
                             for x, v in zip(one, variance, strict=True)))
                for one in found]  # fmt: skip


def cells(u: Floats, v: Floats) -> Floats:
    """What each cell [block, seed] adds: their mean is the mean of `pair` over blocks."""
    seeds = u.shape[-1]
    if seeds == 1:
        return u * v
    rest_u, rest_v = (x.sum(axis=-1, keepdims=True) - x for x in (u, v))
    found: Floats = (u * rest_v + v * rest_u) / (2 * (seeds - 1))
    return found


def influence(c: Floats) -> Floats:
    """Influence [block, seed] of the cells on a mean over pairs of seeds and over blocks.

    The deviation of a seed counts twice: every pair holds two of them (Hoeffding's projection).
    """
    of_block = c.mean(axis=1, keepdims=True)
    return np.asarray((of_block - c.mean()) + 2 * (c - of_block)) / c.size


def _halves(b: Floats) -> Floats:
    """B with seeds of one half joined to those of the other, as the dummy has them."""
    half = b.shape[1] // 2
    return np.asarray((b[:, :half] + b[:, half : 2 * half]) / 2)
