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
    df  = V^2 / (V_P^2 / (N - 1) + (V - V_P)^2 / (d (R - 1)))
    both ends move from the estimate by the factor t(df) / z * sqrt(V / V_P)

d = 1, and 1/4 for shares of variance: luck moves those through the square of an amplitude, so that
V_S moves with the index itself (on the stochastic Ishigami with 20 seeds its coefficient of
variation is about .7, that of a mean of 20 squares .32). Our own rule, measured and not derived.

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
_HELD = 4_000_000  # weights that are held at once
Floats = NDArray[np.float64]


class Widening(NamedTuple):
    """How the luck of the shared seeds widens the interval of an index.

    ``factor``: of both ends; ``luck``: the part of the variance that only more seeds reduce.
    """

    factor: float
    luck: float


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


def widening(e: Floats, by_seed: Floats | None = None, each: float = 1.0) -> Widening:
    """From the influences ``e`` [block, seed] of an estimate; see the equations.

    ``by_seed``: the estimate without each seed, for a jackknife in place of V_S. It also sees what
    is not linear in the luck of a seed, which with some twenty seeds is a tenth of the variance.
    ``each``: d above.
    """
    blocks, seeds = e.shape
    if seeds < 2 or blocks < 2:
        return ALONE
    of_blocks = float((e.sum(axis=1) ** 2).sum()) * blocks / (blocks - 1)
    of_seeds = float((e.sum(axis=0) ** 2).sum()) * seeds / (seeds - 1)
    if by_seed is not None and np.isfinite(by_seed).all():
        of_seeds = float(((by_seed - by_seed.mean()) ** 2).sum()) * (seeds - 1) / seeds
    if not of_blocks > 0.0:
        return ALONE
    whole = max(of_blocks + of_seeds - float((e**2).sum()), of_blocks, of_seeds)
    shared = whole - of_blocks
    degrees = whole**2 / (of_blocks**2 / (blocks - 1) + shared**2 / (each * (seeds - 1)))
    quantile = student_quantile(max(degrees, LEAST_DEGREES))
    return Widening(quantile / Z * math.sqrt(whole / of_blocks), shared / whole)


def widened(
    estimate: Floats, ends: tuple[Floats, Floats], factor: Floats
) -> tuple[Floats, Floats]:
    """Both ends moved away from the estimate by a factor, index by index."""
    lo, hi = ends
    return estimate - (estimate - lo) * factor, estimate + (hi - estimate) * factor
