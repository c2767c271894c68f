"""What a search finds, on points and seeds that it has not seen.

A box is put where its points have most cases: on those very points its density, its coverage and
the difference of the scores inside and outside are too good. Here they are estimated elsewhere.

Points alone (`held_out`), for density and coverage, whose cases are those of all seeds. With p_i
the share of boxes, of resamples without point i, in which i lies, and y_i its label::

    density = sum p_i y_i / sum p_i      base = mean y_i
    coverage = sum p_i y_i / sum y_i     lift = density - base

Interval: mean -+ t(min(points, seeds) - 1) standard deviations of draws that resample points
(blocks) and seeds at once, with labels made anew from the drawn seeds (the spread of such draws is
a little too wide, Owen 2007).

Points and seeds (`splits_of`), for the difference of the scores: one half of the points and one of
the seeds are searched, the other half of both tells the score inside less outside, with the
interval for crossed clusters; then the halves of the points change places. So D times, and::

    difference = median over splits,  0 where a search finds no box
    interval   = medians of the lower and upper ends at 97.5 %

Twice the median of p-values that depend on each other in any way is a p-value (Meinshausen, Meier &
Bühlmann 2009), so that the ends at 97.5 % give an interval of 95 %. It is that of boxes found by
half of the points and half of the seeds, which are worse than that of all: a careful number.

Sources: Efron & Tibshirani (1993), doi:10.1201/9780429246593 (what a resample leaves out); Owen
(2007), doi:10.1214/07-AOAS122; Meinshausen, Meier & Bühlmann (2009), doi:10.1198/jasa.2009.tm08647.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.crossed import FEWEST_DEGREES, Design, Estimate, contrasted
from analysis.discovery.choice import curve_of
from analysis.discovery.question import SEED, Question, resampled

FEWEST_TELLING = 3  # seeds that tell: two degrees of freedom
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Blocks = NDArray[np.int64]


class HeldOut(NamedTuple):
    """On points that were not searched, with cases of all seeds."""

    density: Estimate
    coverage: Estimate
    base: Estimate
    lift: Estimate


class Splits(NamedTuple):
    """On points and seeds that were not searched. ``found``: share of searches with a box."""

    number: int
    found: float
    apart: Estimate  # score inside less outside


def held_out(
    question: Question, values: Floats, share: Floats, seen: Flags, block: Blocks
) -> HeldOut:
    """Density, coverage, share of cases and lift over the points seen from outside."""
    units, seeds = np.unique(block[seen]).size, values.shape[1]
    weights = resampled(block) * seen
    random = np.random.default_rng(SEED + 4)
    drawn = random.multinomial(seeds, np.full(seeds, 1 / seeds), size=len(weights)).T.astype(float)
    there = ~np.isnan(values)
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = (np.where(there, values, 0.0) @ drawn) / (there @ drawn)
        labels = question.holds(scores).T  # [draw, point]; no case where no run was drawn
        once = (seen / max(int(seen.sum()), 1))[None]
        label = question.holds(np.nanmean(values, axis=1))[None]
        draws, own = _shares(weights, share, labels), _shares(once, share, label)
    return HeldOut(*(
        _around(int(seen.sum()), float(one[0]), several, (min(units, seeds) - 1, lo))
        for one, several, lo in zip(own, draws, (0.0, 0.0, 0.0, -1.0), strict=True)
    ))  # fmt: skip


def splits_of(question: Question, x: Floats, values: Floats, block: Blocks, number: int) -> Splits:
    """The score inside less outside, ``number`` times with two searches each."""
    random = np.random.default_rng(SEED + 5)
    names, place = np.unique(block, return_inverse=True)
    seeds = values.shape[1]
    telling = min(max(FEWEST_TELLING, seeds - seeds // 2), seeds - 1)
    told: list[tuple[float, float, float]] = []
    found, histories = 0, 0
    for _ in range(number):
        half = np.zeros(names.size, dtype=bool)
        half[random.permutation(names.size)[: names.size // 2]] = True
        order = random.permutation(seeds)
        search, tell = values[:, order[telling:]], values[:, order[:telling]]
        for side in (half[place], ~half[place]):
            n, *ends = _one_split(question, x, (search, tell), side, block)
            found, histories = found + (n > 0), histories + n
            told.append((ends[0], ends[1], ends[2]))
    mean, lo, hi = (float(np.median(column)) for column in np.array(told).T)
    ends_of = (one if math.isfinite(one) else math.nan for one in (lo, hi))
    return Splits(len(told), found / len(told), Estimate(histories // len(told), mean, *ends_of))


def _one_split(
    question: Question, x: Floats, values: tuple[Floats, Floats], side: Flags, block: Blocks
) -> tuple[int, float, float, float]:
    """Histories that tell, the difference and its ends at 97.5 %; ``side`` is searched."""
    nothing = 0, 0.0, -math.inf, math.inf
    searched = side & ~np.isnan(values[0]).all(axis=1)
    if not searched.any():
        return nothing
    label = question.holds(np.nanmean(values[0][searched], axis=1))
    box = curve_of(x[searched], label).chosen.box
    if not box.limits:
        return nothing
    inside = box.inside(x)
    n, apart, found = contrasted(
        values[1], inside & ~side, ~inside & ~side, Design(block, sampled=True)
    )
    if not found.degrees >= FEWEST_DEGREES:
        return nothing if math.isnan(apart) else (n, apart, -math.inf, math.inf)
    half = _quantile(found.degrees, 0.9875) * math.sqrt(found.variance)
    return n, apart, apart - half, apart + half


def _shares(weights: Floats, share: Floats, label: Flags) -> tuple[Floats, ...]:
    """Density, coverage, share of cases and lift [draw] under weights and labels [draw, point]."""
    inside, cases = weights * share, weights * label
    both = (inside * label).sum(axis=1)
    density, base = both / inside.sum(axis=1), cases.sum(axis=1) / weights.sum(axis=1)
    return density, both / cases.sum(axis=1), base, density - base


def _around(n: int, mean: float, draws: Floats, limits: tuple[int, float]) -> Estimate:
    """The mean with its interval, within the least (``limits``) and 1."""
    degrees, least = limits
    there = draws[np.isfinite(draws)]
    if math.isnan(mean) or degrees < FEWEST_DEGREES or there.size < draws.size // 2:
        return Estimate(n, mean, math.nan, math.nan)
    half = _quantile(degrees, 0.975) * float(there.std(ddof=1))
    return Estimate(n, mean, max(mean - half, least), min(mean + half, 1.0))


def _quantile(degrees: float, share: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, share))
