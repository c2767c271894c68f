"""Intervals of estimators that are functions of means over blocks.

A block is what was drawn together: the rows of one base point of Sobol', one trajectory of Morris,
one point of a Latin hypercube. Rows of a block share numbers, so that whole blocks are resampled.
All indices of all outcomes are functions of the means m of one table [block, column], and a
bootstrap of all of them is one product of matrices::

    W [draw, block]   multinomial counts of N blocks out of N, over N
    m* = W table      means of every draw;   index* = g(m*)
    interval          2.5 % and 97.5 % points of index*

Seeds are the same in all blocks (common random numbers), hence their luck does not vanish with more
blocks, and the bootstrap over blocks does not see it. The influence e[b, s] of a cell of block and
seed on an index (its sum is 0) tells how much wider the interval has to be::

    V_P = sum_b (sum_s e)^2    V_S = sum_s (sum_b e)^2    V_I = sum_bs e^2
    V   = max(V_P + V_S - V_I, V_P, V_S)     V_S: by a jackknife over seeds, where one is given
    df  = V^2 / (V_P^2 / (N - 1) + (V - V_P)^2 / d)
    d   = min(R - 1, 2 V_S^2 / Var V_S)      Var V_S: by a jackknife of V_S itself over seeds
    both ends move from the estimate by the factor t(df) / z * sqrt(V / V_P)

d is R - 1 where the luck of a seed moves an index in a straight line. It moves shares of variance
through the square of an amplitude, so that V_S moves with the index itself; seeds left out in pairs
show how far (Satterthwaite's rule with the variance of V_S in place of that of a normal sample).

Limits: points of a Sobol' sequence are spread more evenly than chance would, which no resampling of
blocks sees: intervals are then too wide, never too narrow (measured: docs/sensitivity.md).

Sources: Archer, Saltelli & Sobol' (1997), doi:10.1080/00949659708811825 (bootstrap of indices);
Cameron, Gelbach & Miller (2011), doi:10.1198/jbes.2010.07136 (two ways of clustering);
Satterthwaite (1946), doi:10.2307/3002019 (degrees of freedom); Efron & Stein (1981),
doi:10.1214/aos/1176345462 (jackknife).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import LEVEL, SEED, Z, student_quantile

DRAWS = 1000
LEAST_DEGREES = 2.0
FEWEST_PAIRED = 5  # seeds
_HELD = 4_000_000  # weights that are held at once
Floats = NDArray[np.float64]


class Widening(NamedTuple):
    """How the luck of the shared seeds widens the interval of an index.

    ``factor``: of both ends; ``luck``: the part of the variance that only more seeds reduce.
    """

    factor: float
    luck: float


class Jackknife(NamedTuple):
    """The variance that an index has from the luck of the seeds, and its degrees of freedom."""

    variance: float
    degrees: float


ALONE = Widening(1.0, 0.0)


def weights(blocks: int, draws: int, random: np.random.Generator) -> Floats:
    """Multinomial shares [draw, block]: how often N blocks drawn out of N hold each, over N."""
    drawn = random.integers(0, blocks, size=(draws, blocks))
    drawn += np.arange(draws)[:, None] * blocks
    counts = np.bincount(drawn.ravel(), minlength=draws * blocks)
    return counts.reshape(draws, blocks) / blocks


def resampled(table: Floats, draws: int = DRAWS, seed: int = SEED) -> Floats:
    """Means [draw, column] of a table [block, column] over resampled blocks. Seeded."""
    random = np.random.default_rng(seed)
    size = max(1, _HELD // len(table))
    return np.concatenate([weights(len(table), min(size, draws - start), random) @ table
                           for start in range(0, draws, size)])  # fmt: skip


def percentiles(drawn: Floats) -> tuple[Floats, Floats]:
    """Ends of the interval of each column of ``drawn`` [draw, ...]; NaN where a draw has none."""
    tail = (1 - LEVEL) / 2
    lo, hi = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return lo, hi


def widening(e: Floats, jackknife: Jackknife | None = None) -> Widening:
    """From the influences ``e`` [block, seed] of an estimate; see the equations.

    ``jackknife``: V_S and d from the estimate without each seed and without each pair, in place of
    the sum over influences and R - 1. It also sees what is not linear in the luck of a seed.
    """
    blocks, seeds = e.shape
    if seeds < 2 or blocks < 2:
        return ALONE
    of_blocks = float((e.sum(axis=1) ** 2).sum()) * blocks / (blocks - 1)
    of_seeds = float((e.sum(axis=0) ** 2).sum()) * seeds / (seeds - 1)
    degrees_of_seeds = float(seeds - 1)
    if jackknife is not None and math.isfinite(jackknife.variance):
        of_seeds, degrees_of_seeds = jackknife
    if not of_blocks > 0.0:
        return ALONE
    whole = max(of_blocks + of_seeds - float((e**2).sum()), of_blocks, of_seeds)
    shared = whole - of_blocks
    degrees = whole**2 / (of_blocks**2 / (blocks - 1) + shared**2 / degrees_of_seeds)
    quantile = student_quantile(max(degrees, LEAST_DEGREES))
    return Widening(quantile / Z * math.sqrt(whole / of_blocks), shared / whole)


def jackknifed(single: Floats, paired: Floats) -> Jackknife:
    """V_S and its degrees from an index without each seed and without each two [seed, seed].

    The diagonal of ``paired`` is not read. With fewer than five seeds the degrees are 1.
    """
    seeds = len(single)
    variance = float(single.var() * (seeds - 1))
    if seeds < FEWEST_PAIRED or not variance > 0:
        return Jackknife(variance, 1.0)
    rest = paired[~np.eye(seeds, dtype=bool)].reshape(seeds, seeds - 1)
    own = rest.var(axis=1) * (seeds - 2)
    unsure = float(own.var() * (seeds - 1))
    if not math.isfinite(unsure) or unsure <= 0:
        return Jackknife(variance, 1.0)
    return Jackknife(variance, min(seeds - 1.0, 2 * float(own.mean()) ** 2 / unsure))


def shared_luck(
    ends: tuple[Floats, Floats], drawn: Floats, by_seed: Floats, blocks: int
) -> tuple[Floats, Floats, Floats]:
    """(lo, hi, luck) [index]: ranges of resampled points, with the luck of the shared seeds added.

    ``drawn`` [draw, index] over points gives V_P, ``by_seed`` [seed, index] without each seed V_S
    by a jackknife; V = V_P + V_S counts what is both twice, which is wide and never narrow. Both
    ends move from the middle of the range, as that of PAWN leans. No seeds left out: no luck known.
    """
    lo, hi = ends
    seeds = len(by_seed)
    if seeds < 2:
        return lo, hi, np.zeros(lo.shape)
    of_points = drawn.var(axis=0, ddof=1)
    of_seeds = by_seed.var(axis=0) * (seeds - 1)
    whole = of_points + of_seeds
    with np.errstate(invalid="ignore", divide="ignore"):
        degrees = whole**2 / (of_points**2 / (blocks - 1) + of_seeds**2 / (seeds - 1))
        luck = np.where(whole > 0, of_seeds / whole, 0.0)
    quantile = np.array([student_quantile(max(d, LEAST_DEGREES)) if math.isfinite(d) else Z
                         for d in degrees])  # fmt: skip
    more = quantile * np.sqrt(whole) - Z * np.sqrt(of_points)
    return lo - more, hi + more, luck


def widened(
    estimate: Floats, ends: tuple[Floats, Floats], factor: Floats
) -> tuple[Floats, Floats]:
    """Both ends moved away from the estimate by a factor, index by index."""
    lo, hi = ends
    return estimate - (estimate - lo) * factor, estimate + (hi - estimate) * factor
