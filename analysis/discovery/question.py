"""What is asked of a sweep: which points are cases, and how much of that is noise.

A point is one value of every sampled setting, run with the same S seeds as every other point and
with every arm. ``a`` is the arm asked about, ``r`` the first arm, ``b`` +1 where a high outcome is
bad and -1 where a low one is::

    fails   score = mean over seeds of b (a - r),  a case where it is not below 0
    worse   the same score,                        a case where it is above 0
    crisis  score = share of seeds with the event in a,  a case where it is at or above a threshold

With few seeds a label is noisy. Two measures say how noisy, from random halves of the seeds, the
same halves at every point::

    agreement    share of points that both halves label alike, and Cohen's kappa, by the share of
                 cases of each half: shared luck gives them different ones
    reliability  2 r / (1 + r), r: correlation over points of the scores of the two halves, so that
                 luck which all points share is no noise in it

The reliability is that of the scores of all S seeds (Spearman-Brown); the agreement is of halves,
so that labels of all seeds are a little better. Intervals: bootstrap of the points (blocks).

Sources: Bryant & Lempert (2010), doi:10.1016/j.techfore.2009.08.002 (cases of interest); Cohen
(1960), doi:10.1177/001316446002000104; Spearman (1910), doi:10.1111/j.2044-8295.1910.tb00206.x.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.crossed import Estimate
from analysis.study import Arm, Outcome

FAILS, WORSE, CRISIS = WHEN = ("fails", "worse", "crisis")
THRESHOLD = 0.5
SPLITS, DRAWS, SEED = 100, 400, 20_261_122
FEWEST_SEEDS = 4  # two in each half
LEAST_THERE = 0.5  # share of the seeds that a point needs
NOUGHT = 1e-12  # of the spread: a mean of equal pairs is 0 but for rounding
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Question(NamedTuple):
    """What makes a point a case. ``threshold``: of ``crisis`` alone."""

    outcome: Outcome
    arm: Arm
    reference: Arm
    when: str
    threshold: float

    @property
    def compares(self) -> bool:
        """True where the arm is held against the first arm."""
        return self.when != CRISIS

    def holds(self, score: Floats) -> Flags:
        """Which scores make a case."""
        if self.when == CRISIS:
            return score >= self.threshold - NOUGHT
        return score > NOUGHT if self.when == WORSE else score > -NOUGHT

    def tied(self, score: Floats) -> int:
        """Points at which arm and first arm come to the same."""
        return int((np.abs(score) <= NOUGHT).sum()) if self.compares else 0


class Noise(NamedTuple):
    """How far the labels can be trusted; NaN with fewer than four seeds."""

    splits: int
    agreement: float  # of the labels of two halves of the seeds
    by_chance: float  # the agreement of labels that know nothing of each other
    kappa: Estimate
    reliability: Estimate  # of the scores of all seeds


class Cases(NamedTuple):
    """The points of one frame that can be judged, with their labels.

    ``values`` [point, seed]: what is averaged, NaN where a run failed or is missing; ``used``:
    which points of the sweep these are; ``block``: which of them were drawn together.
    """

    values: Floats
    score: Floats
    label: Flags
    used: NDArray[np.int64]
    block: NDArray[np.int64]
    lost: int  # pairs, or runs, that are not there
    tied: int
    noise: Noise


def cases_of(question: Question, own: Floats, first: Floats, block: NDArray[np.int64]) -> Cases:
    """Label the points of ``own`` [point, seed] (the arm) against ``first`` (the first arm)."""
    sign = float(question.outcome.bad_sign)
    values = sign * (own - first) if question.compares else own
    there = ~np.isnan(values)
    used = np.flatnonzero(there.mean(axis=1) >= LEAST_THERE)
    kept = values[used]
    score = np.nanmean(kept, axis=1) if used.size else np.zeros(0)
    return Cases(
        kept, score, question.holds(score), used, block[used], int((~there).sum()),
        question.tied(score), noise_of(question, kept, block[used]),
    )  # fmt: skip


def half_scores(values: Floats, splits: int = SPLITS) -> tuple[Floats, Floats]:
    """Scores [point, split] of two random halves of the seeds; NaN where a half has no run."""
    seeds = values.shape[1]
    random = np.random.default_rng(SEED)
    first = np.zeros((seeds, splits))
    second = np.zeros((seeds, splits))
    for split in range(splits):
        order = random.permutation(seeds)
        first[order[: seeds // 2], split] = 1.0
        second[order[seeds // 2 : 2 * (seeds // 2)], split] = 1.0
    there = ~np.isnan(values)
    filled = np.where(there, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return (filled @ first) / (there @ first), (filled @ second) / (there @ second)


def noise_of(question: Question, values: Floats, block: NDArray[np.int64]) -> Noise:
    """Agreement and reliability over halves of the seeds; see the equations."""
    nothing = Estimate(len(values), math.nan, math.nan, math.nan)
    if len(values) < 2 or values.shape[1] < FEWEST_SEEDS:
        return Noise(0, math.nan, math.nan, nothing, nothing)
    a, b = half_scores(values)
    both = ~(np.isnan(a) | np.isnan(b))
    labels = question.holds(a) & both, question.holds(b) & both
    once, weights = np.full((1, len(values)), 1 / len(values)), resampled(block)
    agreed, by_chance = _agreement(once, *labels, both)
    scores = _moments(a, b, both)
    return Noise(
        a.shape[1], float(agreed[0]), float(by_chance[0]),
        _estimate(len(values), _kappa(agreed, by_chance),
                  _kappa(*_agreement(weights, *labels, both))),
        _estimate(len(values), _reliability(once @ scores), _reliability(weights @ scores)),
    )  # fmt: skip


def resampled(block: NDArray[np.int64], draws: int = DRAWS) -> Floats:
    """Weights [draw, point] of a bootstrap of blocks; every row sums to 1."""
    names, place = np.unique(block, return_inverse=True)
    random = np.random.default_rng(SEED + 1)
    drawn = random.multinomial(names.size, np.full(names.size, 1 / names.size), size=draws)
    weights = drawn[:, place].astype(float)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def percentiles(values: Floats) -> tuple[float, float]:
    """The middle 95 % of what is a number; NaN with fewer than 20."""
    there = values[np.isfinite(values)]
    if there.size < 20:
        return math.nan, math.nan
    lo, hi = np.quantile(there, [0.025, 0.975])
    return float(lo), float(hi)


def _estimate(n: int, value: Floats, draws: Floats) -> Estimate:
    return Estimate(n, float(value[0]), *percentiles(draws))


def _agreement(weights: Floats, one: Flags, two: Flags, both: Flags) -> tuple[Floats, Floats]:
    """Share of points labelled alike, and by chance, for each row of weights: mean over splits."""
    held = weights @ both
    share_one, share_two = weights @ one / held, weights @ two / held
    alike = weights @ ((one == two) & both) / held
    chance = share_one * share_two + (1 - share_one) * (1 - share_two)
    return alike.mean(axis=1), chance.mean(axis=1)


def _kappa(alike: Floats, chance: Floats) -> Floats:
    """Cohen's kappa; NaN where nothing differs."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(chance < 1, (alike - chance) / (1 - chance), math.nan)


def _moments(a: Floats, b: Floats, both: Flags) -> Floats:
    """Mean, mean square and mean product of the scores of both halves, for each point.

    The mean of a half over all points is taken off: it is luck that all points share.
    """
    held = np.maximum(both.sum(axis=1), 1)
    a, b = (np.where(both, x - np.nanmean(x, axis=0), 0.0) for x in (a, b))
    own = np.column_stack([(a + b).sum(axis=1) / 2, (a**2 + b**2).sum(axis=1) / 2,
                           (a * b).sum(axis=1)])  # fmt: skip
    return np.asarray(own / held[:, None])


def _reliability(moments: Floats) -> Floats:
    """2 r / (1 + r) of (mean, mean square, mean product) in the last axis."""
    mean, square, product = (moments[..., i] for i in range(3))
    spread = square - mean**2
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.where(spread > NOUGHT, (product - mean**2) / spread, math.nan)
        return np.asarray(2 * r / (1 + r))
