"""How much of the spread of an outcome is settings, how much is luck, how much is both together.

Luck is the seed: weather, elections, temperaments. All points see the same seeds, so that points
and seeds are crossed, and the variance of one history has three parts::

    y(x, s) = m + P(x) + S(s) + I(x, s)      each of mean zero over x and over s
    V_P    between settings: what a mean over luck still shows
    V_S    between seeds: luck that strikes all settings alike (a dry decade is dry everywhere)
    V_I    both together: luck that works out differently under other settings

For each lane of a design (its A rows, its AB_1 rows, ...; its first, second, ... steps) the N rows
are independent points, and with R seeds (mean squares of a two-way table)::

    V_I = MS_I     V_P = (MS_P - MS_I) / R     V_S = (MS_S - MS_I) / N

are without bias; the lanes are averaged. The seed's share is (V_S + V_I) / (V_P + V_S + V_I), the
total effect of a seed taken as one more factor: where its interval is above one half, a single
history says more of luck than of settings. Intervals are jackknives over blocks and over seeds,
added, on the logit of the share. A share below 0 or above 1 by chance is kept in the tables and
shown as 0 or 1.

Sources: Searle, Casella & McCulloch (1992), Variance Components, ch. 4; Efron & Stein (1981),
doi:10.1214/aos/1176345462 (jackknife); Fort, Klein & Lagnoux (2021), doi:10.1137/19M1305938 (the
seed as a factor). Limits: the part V_S is known no better than the number of seeds allows.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import student_quantile

MOSTLY_LUCK = 0.5
LEAST_DEGREES = 2.0
Floats = NDArray[np.float64]


class Share(NamedTuple):
    """A share of the variance of one history with its 95 % interval; NaN ends: not known."""

    value: float
    lo: float
    hi: float


class Shares(NamedTuple):
    """Shares of the variance. ``luck`` is ``seed`` and ``both`` together."""

    parameters: Share
    seed: Share
    both: Share
    luck: Share

    @property
    def mostly_luck(self) -> bool:
        """True where the whole interval of the seed's share is above one half."""
        return bool(self.luck.lo > MOSTLY_LUCK)


UNKNOWN = Shares(*[Share(math.nan, math.nan, math.nan)] * 4)


def shares(y: Floats) -> Shares:
    """Shares of the variance of ``y`` [block, lane, seed]; `UNKNOWN` where nothing varies."""
    blocks, _, seeds = y.shape
    if blocks < 3 or seeds < 2 or not (y != y.flat[0]).any():
        return UNKNOWN
    y = y - y.mean()
    rows, columns = y.sum(axis=2), y.sum(axis=0)  # [block, lane], [lane, seed]
    sums = ((y**2).sum(axis=(0, 2)), (rows**2).sum(axis=0), (columns**2).sum(axis=1), y.sum((0, 2)))
    whole = _shares(_components(*sums, blocks, seeds))
    ways = []
    if seeds > 2:
        ways.append(_without_each(np.moveaxis(y, 2, 0), rows, sums, (seeds, blocks), flip=True))
    ways.append(_without_each(np.moveaxis(y, 1, 2), columns.T, sums, (blocks, seeds), flip=False))
    variance = np.zeros(4)
    degrees = np.zeros(4)
    for found in ways:
        units = found.shape[-1]
        own = (units - 1) / units * ((found - found.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
        variance += own
        degrees += own**2 / (units - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        degrees = np.where(degrees > 0, variance**2 / degrees, LEAST_DEGREES)
    return Shares(*(_share(v, s, d) for v, s, d in zip(whole, variance, degrees, strict=True)))


def _components(squares: Floats, rows: Floats, columns: Floats, total: Floats, blocks: int,
                seeds: int) -> Floats:  # fmt: skip
    """V_P, V_S, V_I [3, ...] averaged over lanes (first axis) from sums over a table of two ways.

    ``squares`` of all cells; ``rows`` and ``columns``: squares of the sums of blocks and seeds.
    """
    all_cells = total**2 / (blocks * seeds)
    of_rows, of_columns = rows / seeds - all_cells, columns / blocks - all_cells
    left = (squares - all_cells - of_rows - of_columns) / ((blocks - 1) * (seeds - 1))
    between = (of_rows / (blocks - 1) - left) / seeds
    lucky = (of_columns / (seeds - 1) - left) / blocks
    return np.stack([x.mean(axis=0) for x in (between, lucky, left)])


def _shares(components: Floats) -> Floats:
    """Shares [4, ...]: parameters, seed, both, luck; NaN where there is no variance."""
    whole = components.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = components / np.where(whole > 0, whole, np.nan)
    return np.concatenate([found, found[1:2] + found[2:3]])


def _without_each(
    y: Floats, across: Floats, sums: tuple[Floats, ...], size: tuple[int, int], *, flip: bool
) -> Floats:
    """Shares [4, unit] without each seed (``flip``) or each block.

    ``y`` [unit, other way, lane]; ``across`` [other way, lane]: sums over units.
    """
    squares, rows, columns, total = (x[:, None] for x in sums)
    own = y.sum(axis=1).T  # [lane, unit]
    squares = squares - (y**2).sum(axis=1).T
    crossed = (((across[None] - y) ** 2).sum(axis=1)).T
    units, others = size
    if flip:
        parts = _components(squares, crossed, columns - own**2, total - own, others, units - 1)
    else:
        parts = _components(squares, rows - own**2, crossed, total - own, units - 1, others)
    return _shares(parts)


def _share(value: float, variance: float, degrees: float) -> Share:
    """The interval on the logit of the share; plain where the share is at an end."""
    half = student_quantile(max(degrees, LEAST_DEGREES)) * math.sqrt(variance)
    if not math.isfinite(half):
        return Share(float(value), math.nan, math.nan)
    if not 0.0 < value < 1.0:
        return Share(float(value), max(0.0, value - half), min(1.0, value + half))
    at, width = math.log(value / (1 - value)), half / (value * (1 - value))
    lo, hi = (1 / (1 + math.exp(-min(max(x, -700.0), 700.0))) for x in (at - width, at + width))
    return Share(float(value), lo, hi)
