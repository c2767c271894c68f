"""What a sweep found: means, paired effects, seed shares, and how they move with each setting.

Means and paired differences are over all points and seeds of a frame; a pair is the arm and the
first arm at one point with one seed. Pairs of which a run failed, is missing or has no value drop
out. Intervals treat points and seeds as crossed clusters (`analysis.crossed`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.crossed import NOTHING, Design, Estimate, contrast, mean_of, seed_share
from analysis.effects import (
    FEW_DISCORDANT,
    IDENTICAL,
    NONE_SEEN,
    UNDEFINED,
    WIDENED,
    Effect,
    paired_effect,
)
from analysis.headline import ORDER
from analysis.intervals import LEVEL, few_discordant, paired_change, rule_of_three, sign_test
from analysis.study import OK, Outcome
from analysis.sweep_study import Factor, Floats, Sweep

MOST_BINS = 5
FEWEST_POINTS = 4  # of a bin
MOST_VALUES = 6  # distinct numbers that are shown one by one
MOST_MAIN = 4
MOST_CELLS = 4000  # frames x arms x outcomes of the table of all outcomes
Flags = NDArray[np.bool_]
BATCH = 16  # outcomes that are held at once
CLUSTERED = "points and seeds as crossed clusters"
FEW = "the same, and adjusted Wald for few discordant pairs"


class Cell(NamedTuple):
    """One arm's outcome in one frame. ``effect``: against the first arm, None for that one."""

    level: Estimate
    effect: Effect | None
    share: Estimate


class Bin(NamedTuple):
    """Points with neighbouring values of a setting, or one value of it."""

    lo: float
    hi: float
    at: float  # the middle of its points
    label: str
    points: int


class Response(NamedTuple):
    """How one outcome moves with one setting in one frame.

    ``levels`` [arm][bin]; ``effects`` [arm - 1][bin]; ``apart`` and ``apart_effects``: the last bin
    less the first, None where there is one bin.
    """

    bins: tuple[Bin, ...]
    levels: tuple[tuple[Estimate, ...], ...]
    effects: tuple[tuple[Effect, ...], ...]
    apart: tuple[Estimate, ...] | None
    apart_effects: tuple[Estimate, ...] | None


@dataclass(frozen=True)
class Findings:
    """Everything that is computed from the runs, once.

    ``main``: the headline outcomes that were kept, else the first ones kept. ``cells`` by (frame,
    arm, outcome), ``responses`` by (frame, setting, outcome).
    """

    main: tuple[str, ...]
    every: tuple[str, ...]
    cells: dict[tuple[int, str, str], Cell]
    responses: dict[tuple[int, str, str], Response]


def findings(sweep: Sweep, most_responses: int) -> Findings:
    """Compute what the report and the headline need; a few outcomes are held at once.

    At most ``most_responses`` frames x settings x outcomes are followed along the settings.
    """
    main = main_outcomes(sweep)
    cells_each = len(sweep.frames) * len(sweep.arms)
    every = tuple(sweep.outcomes) if cells_each * len(sweep.outcomes) <= MOST_CELLS else main
    followed = set(_followed(sweep, main, most_responses))
    cells: dict[tuple[int, str, str], Cell] = {}
    responses: dict[tuple[int, str, str], Response] = {}
    for keys in _batches((*main, *(key for key in every if key not in main))):
        values = sweep.values(keys)
        for key, tensor in values.items():
            for f, own in enumerate(tensor):
                well = sweep.status[sweep.row[f]] == OK
                for a, arm in enumerate(sweep.arms):
                    cells[f, arm.name, key] = _cell(sweep, own, well, (a, key), shared=key in main)
                for place, factor in enumerate(sweep.sampled):
                    if (f, factor.key, key) in followed:
                        found = _response(sweep, own, well, place, sweep.outcomes[key])
                        responses[f, factor.key, key] = found
    return Findings(main, every, cells, responses)


def main_outcomes(sweep: Sweep) -> tuple[str, ...]:
    """The headline outcomes in their fixed order; without them the first ones kept."""
    kept = tuple(key for key in ORDER if key in sweep.outcomes)
    return kept or tuple(sweep.outcomes)[:MOST_MAIN]


def clustered_effect(
    arm: str, outcome: Outcome, reference: Floats, treated: Floats, design: Design,
    ended: int | None = None,
) -> Effect:  # fmt: skip
    """Paired effect of an arm over [point, seed] with an interval for crossed clusters.

    ``ended``: pairs of which both runs ended well, all unless told; those without a value are
    counted as dropped, while runs that failed or are missing are counted elsewhere.
    Few differing pairs: the hull with the interval of independent pairs, zero included where a sign
    test does not tell the sign; none: the rule of three over blocks or seeds.
    """
    change = paired_change(reference, treated)
    found = mean_of(change, design)
    effect = paired_effect(arm, outcome, reference.ravel(), treated.ravel(), (found.lo, found.hi))
    differing = effect.discordant
    lo, hi, method = found.lo, found.hi, CLUSTERED
    if differing == 0 and effect.n:
        units = _units(change, design)
        bound = rule_of_three(units) if outcome.is_probability else 0.0
        lo, hi = (-bound, bound) if units > 1 else (math.nan, math.nan)
        method = NONE_SEEN if outcome.is_probability else IDENTICAL
    elif differing < FEW_DISCORDANT and math.isfinite(lo):
        fell, rose = round(effect.fell * effect.n), round(effect.rose * effect.n)
        if outcome.is_probability:
            alone = few_discordant(fell, rose, effect.n)
            lo, hi, method = min(lo, alone[0]), max(hi, alone[1]), FEW
        elif sign_test(fell, rose) > 1 - LEVEL:
            lo, hi, method = min(lo, 0.0), max(hi, 0.0), WIDENED
    if math.isnan(lo):
        method = UNDEFINED
    dropped = effect.dropped if ended is None else ended - effect.n
    return effect._replace(lo=lo, hi=hi, method=method, dropped=dropped)


def bins_of(factor: Factor, values: Floats) -> tuple[tuple[Bin, ...], NDArray[np.int64]]:
    """(bins, bin of every point): about equal counts for a range, each value of a list.

    Equal values share a bin; numbers of which few differ are shown one by one.
    """
    distinct = np.unique(values)
    if factor.kind == "list" or distinct.size <= MOST_VALUES:
        place = np.searchsorted(distinct, values)
    else:
        number = min(MOST_BINS, max(2, values.size // FEWEST_POINTS))
        rank = np.searchsorted(np.sort(values), values)  # equal values share their lowest rank
        _, place = np.unique(number * rank // values.size, return_inverse=True)
    bins = []
    for b in range(int(place.max()) + 1):
        own = values[place == b]
        mean = float(np.exp(np.log(own).mean()) if factor.scale == "log" else own.mean())
        label = _named(factor, float(own[0])) if factor.kind == "list" else ""
        bins.append(Bin(float(own.min()), float(own.max()), mean, label, own.size))
    return tuple(bins), place


def _named(factor: Factor, number: float) -> str:
    """A value of a list as it was given; flags are stored as 0 and 1."""
    return next((str(v) for v in factor.values if float(v) == number), f"{number:g}")


def _batches(keys: Sequence[str]) -> Iterator[tuple[str, ...]]:
    for start in range(0, len(keys), BATCH):
        yield tuple(keys[start : start + BATCH])


def _followed(sweep: Sweep, main: Sequence[str], most: int) -> Iterator[tuple[int, str, str]]:
    """What is followed along the settings: the first outcome everywhere, then the next ones."""
    left = most
    for key in main:
        for f in range(len(sweep.frames)):
            if left < len(sweep.sampled):
                return
            left -= len(sweep.sampled)
            yield from ((f, factor.key, key) for factor in sweep.sampled)


def _cell(sweep: Sweep, own: Floats, well: Flags, of: tuple[int, str], *, shared: bool) -> Cell:
    """One arm and outcome of one frame; ``own``, ``well`` (ended so): [point, seed, arm]."""
    a, key = of
    outcome, arm = sweep.outcomes[key], sweep.arms[a]
    mine, first = own[:, :, a], own[:, :, 0]
    level = mean_of(mine, sweep.design, chance=outcome.is_probability)
    share = seed_share(mine, sweep.design) if shared else NOTHING
    if a == 0:
        return Cell(level, None, share)
    ended = int((well[:, :, 0] & well[:, :, a]).sum())
    effect = clustered_effect(arm.name, outcome, first, mine, sweep.design, ended)
    return Cell(level, effect, share)


def _response(sweep: Sweep, own: Floats, well: Flags, place: int, outcome: Outcome) -> Response:
    """One outcome along one setting; ``own``, ``well`` as for `_cell`."""
    factor = sweep.sampled[place]
    bins, where = bins_of(factor, sweep.points[:, place])
    masks = [where == b for b in range(len(bins))]
    arms = range(len(sweep.arms))
    levels = tuple(
        tuple(mean_of(own[m, :, a], sweep.design.of(m), chance=outcome.is_probability)
              for m in masks) for a in arms
    )  # fmt: skip
    effects = tuple(
        tuple(clustered_effect(sweep.arms[a].name, outcome, own[m, :, 0], own[m, :, a],
                               sweep.design.of(m), int((well[m, :, 0] & well[m, :, a]).sum()))
              for m in masks) for a in arms[1:]
    )  # fmt: skip
    if len(bins) < 2:
        return Response(bins, levels, effects, None, None)
    ends = masks[-1], masks[0]
    apart = tuple(contrast(own[:, :, a], *ends, sweep.design) for a in arms)
    changes = tuple(
        contrast(own[:, :, a] - own[:, :, 0], *ends, sweep.design) for a in arms[1:]
    )
    return Response(bins, levels, effects, apart, changes)


def _units(values: Floats, design: Design) -> int:
    """Blocks or seeds with a value, whichever is less; 1 with one seed, whose luck is not known."""
    there = ~np.isnan(values)
    if there.any(axis=0).sum() < 2:
        return 1
    blocks = np.unique(design.block[there.any(axis=1)]).size if design.sampled else 0
    counted = [n for n in (blocks, int(there.any(axis=0).sum())) if n > 1]
    return min(counted, default=1)
