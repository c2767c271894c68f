"""Means of every mix in every state, as they are and resampled: one matrix product per outcome.

With weights v of the points (of their blocks) and w of the seeds, c = 1 where every mix finished::

    m[state, mix] = sum_ps v_p w_s c_ps y_ps / sum_ps v_p w_s c_ps

Draw 0 has all weights 1: the estimate. The others are multinomial; seeds are resampled in all
states and mixes alike (common random numbers), sampled points beside them (pigeonhole bootstrap:
Owen 2007, doi 10.1214/07-AOAS122; a little too wide, never too narrow). The points of a grid are
all there is and are not resampled, nor are points that are states themselves, or stand in bands of
one: a draw without a state would say nothing of it.

Identical columns must stay identical, or ties would be decided by rounding: means are rounded to
twelve decimals.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.intervals import SEED, expanded_tail
from analysis.portfolio.mixes import Floats, Mixes

DRAWS = 2000
FEWEST_DRAWS = 200
MOST_VALUES = 40_000_000  # means that are held at once
DECIMALS = 12


class Weights(NamedTuple):
    """How often each point and each seed counts. Axes: draw first."""

    points: Floats  # [draw, point]
    seeds: Floats  # [draw, seed]


def bootstrap_weights(mixes: Mixes, draws: int = DRAWS, seed: int = SEED) -> Weights:
    """Draw 0: all ones; then ``draws`` resamplings of seeds and, where sampled, of points."""
    random = np.random.default_rng(seed)
    seeds, points = mixes.status.shape[2], mixes.status.shape[1]
    room = MOST_VALUES // max(1, 3 * len(mixes.states) * len(mixes.arms))
    draws = max(FEWEST_DRAWS, min(draws, room))
    drawn = random.multinomial(seeds, np.full(seeds, 1 / seeds), size=draws).astype(float)
    blocks, block = np.unique(mixes.design.block, return_inverse=True)
    of_points = np.ones((draws, points))
    if draws_points(mixes):
        own = random.multinomial(blocks.size, np.full(blocks.size, 1 / blocks.size), size=draws)
        of_points = own[:, block].astype(float)
    return Weights(np.vstack([np.ones((1, points)), of_points]),
                   np.vstack([np.ones((1, seeds)), drawn]))  # fmt: skip


def draws_points(mixes: Mixes) -> bool:
    """True where points are a sample of one state of the world, so that they are resampled."""
    whole = all(bool(state.points.all()) for state in mixes.states)
    return whole and mixes.design.sampled and np.unique(mixes.design.block).size > 1


def half_weights(mixes: Mixes, splits: int, seed: int = SEED) -> tuple[Weights, Weights]:
    """Random halves of the seeds, and the other halves."""
    random = np.random.default_rng(seed + 1)
    seeds, points = mixes.status.shape[2], mixes.status.shape[1]
    order = np.argsort(random.random((splits, seeds)), axis=1)
    first = (order < seeds // 2).astype(float)
    ones = np.ones((splits, points))
    return Weights(ones, first), Weights(ones, 1.0 - first)


def means(
    mixes: Mixes, keys: Sequence[Sequence[str]], weights: Weights, only: Sequence[int] = ()
) -> Floats:
    """[draw, state, mix, objective]; an objective is the sum of its outcomes.

    ``only``: places of the mixes that are wanted; none: all. NaN where a draw left no complete
    cell of a state.
    """
    wanted = list(only) or list(range(len(mixes.arms)))
    shape = (len(weights.seeds), len(mixes.states), len(wanted), len(keys))
    found = np.empty(shape)
    whole = mixes.whole
    for place, outcomes in enumerate(keys):
        values = sum((mixes.of(key) for key in outcomes[1:]), mixes.of(outcomes[0]))
        for s, state in enumerate(mixes.states):
            inside = whole[state.frame] & state.points[:, None]
            own = np.where(inside[..., None], values[state.frame][..., wanted], 0.0)
            found[:, s, :, place] = _weighted(own, inside.astype(float), weights)
    return np.round(found, DECIMALS)


def _weighted(values: Floats, inside: Floats, weights: Weights) -> Floats:
    """Weighted means [draw, mix] of ``values`` [point, seed, mix]."""
    held = np.flatnonzero(inside.any(axis=1))
    points, seeds, mixes = held.size, inside.shape[1], values.shape[2]
    flat = values[held].reshape(points, seeds * mixes)
    over = (weights.points[:, held] @ flat).reshape(len(weights.seeds), seeds, mixes)
    total = np.einsum("dsm,ds->dm", over, weights.seeds)
    count = ((weights.points[:, held] @ inside[held]) * weights.seeds).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(total / count[:, None])


def interval(draws: Floats, units: int) -> tuple[Floats, Floats]:
    """Percentile interval over axis 0 (draw 0 is the estimate), widened for few units."""
    tail = expanded_tail(units)
    if not np.isfinite(tail) or np.isnan(draws).all():
        nothing = np.full(draws.shape[1:], np.nan)
        return nothing, nothing
    lo, hi = np.nanquantile(draws[1:], [tail, 1 - tail], axis=0)
    return np.asarray(lo), np.asarray(hi)
