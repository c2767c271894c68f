"""Robustness: does the order of the arms hold in other regions, horizons, fits and rival rules?

A *scene* is a frame, or one value of a swept list within it (rival rules are such lists); all other
settings are averaged over. Beside them stand the lower and the upper half of every swept range. In
each scene every pair of arms is compared over the same points and seeds::

    b mean(y_arm - y_other),  b = +1 where a high outcome is bad, else -1

with the interval for crossed clusters (`analysis.crossed`), and arms are ordered by it. The order
of a pair is decided where that interval excludes zero, both arms have enough events and failures
do not speak against it. It *flips* where two scenes decide it the two ways. Of pairs that do not
differ one in forty is decided each way by a 95 % interval: the number of comparisons is told.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.discovery.spoken import limit_words, value_words
from analysis.effects import Effect
from analysis.scruples import scruple
from analysis.study import OK, Arm, Outcome, StudyError
from analysis.sweep_effects import clustered_effect
from analysis.sweep_study import MISSING, Factor, Floats, Frame, Sweep

MOST_VALUES = 6  # of a list that makes scenes
FEWEST_POINTS = 4  # of a half of a range
Flags = NDArray[np.bool_]


class Scene(NamedTuple):
    """Where arms are compared. ``half``: of a swept range, else a scene of its own."""

    frame: Frame
    label: str
    points: Flags
    half: bool


class Pair(NamedTuple):
    """One arm against an earlier one, in one scene. ``scruple``: why nothing is decided."""

    arm: str
    other: str
    effect: Effect
    sign: int
    scruple: str

    @property
    def better(self) -> str:
        """The arm that is decided to be better; empty where it is open."""
        if self.scruple or self.effect.spans_zero:
            return ""
        return self.arm if self.effect.difference * self.sign < 0 else self.other


class Ranked(NamedTuple):
    """The arms of one scene, best first."""

    scene: Scene
    order: tuple[str, ...]
    pairs: dict[tuple[str, str], Pair]  # (later, earlier) in the order of the study

    def between(self, one: str, two: str) -> Pair:
        """The pair of two arms, whichever stands first."""
        return self.pairs[one, two] if (one, two) in self.pairs else self.pairs[two, one]


class Flip(NamedTuple):
    """A pair of arms whose order is decided both ways."""

    one: str
    two: str
    one_better: tuple[Scene, ...]
    two_better: tuple[Scene, ...]


class Ranking(NamedTuple):
    """All scenes, what flips, and how often the first of most scenes stays first.

    ``first_in``: scenes in which it is first by the mean; ``ahead_in``: of those, where its lead on
    the second is decided. Halves of ranges do not count in either.
    """

    outcome: Outcome
    arms: tuple[Arm, ...]
    ranked: tuple[Ranked, ...]
    flips: tuple[Flip, ...]
    first: str
    first_in: int
    ahead_in: int
    scenes: int
    comparisons: int
    decided: int


def ranking_of(sweep: Sweep, outcome: Outcome) -> Ranking:
    """Compare all arms in all scenes. Raises StudyError where there is nothing to compare."""
    if len(sweep.arms) < 2:
        raise StudyError("this sweep has one arm, so that there is nothing to rank")
    if outcome.bad_sign == 0:
        raise StudyError(f"--outcome {outcome.key}: neither a rise nor a fall of it is declared "
                         "bad, so "
                         "that arms cannot be ranked by it")  # fmt: skip
    scenes = list(scenes_of(sweep))
    values = sweep.values([outcome.key])[outcome.key]
    ranked = tuple(_ranked(sweep, outcome, scene, values) for scene in scenes)
    every = [pair for one in ranked for pair in one.pairs.values()]
    own = [one for one in ranked if not one.scene.half]
    firsts = [one.order[0] for one in own]
    first = max(dict.fromkeys(firsts), key=firsts.count)
    ahead = sum(one.between(*one.order[:2]).better == first for one in own)
    return Ranking(
        outcome, sweep.arms, ranked, tuple(_flips(sweep.arms, ranked)), first,
        firsts.count(first), ahead, len(own), len(every), sum(bool(p.better) for p in every),
    )  # fmt: skip


def scenes_of(sweep: Sweep) -> Iterator[Scene]:
    """Frames, each value of the short lists in them, and the halves of the ranges."""
    several = len(sweep.frames) > 1
    for frame in sweep.frames:
        yield Scene(frame, frame.label, np.ones(len(sweep.points), dtype=bool), half=False)
        place = f"{frame.label}; " if several else ""
        for k, factor in enumerate(sweep.sampled):
            values = np.unique(sweep.points[:, k])
            if _short(factor, values):
                for value in values:
                    label = f"{place}{factor.label} = {value_words(factor, value)}"
                    yield Scene(frame, label, sweep.points[:, k] == value, half=False)
    for frame in sweep.frames:
        place = f"{frame.label}; " if several else ""
        for k, factor in enumerate(sweep.sampled):
            if not _short(factor, np.unique(sweep.points[:, k])):
                yield from _halves(sweep, frame, k, place)


def _short(factor: Factor, values: Floats) -> bool:
    return factor.kind == "list" and values.size <= MOST_VALUES


def _halves(sweep: Sweep, frame: Frame, k: int, place: str) -> Iterator[Scene]:
    """Points below and above the median of one range."""
    factor, values = sweep.sampled[k], sweep.points[:, k]
    middle = float(np.median(values))
    for held, lo, hi in (
        (values <= middle, -np.inf, middle),
        (values > middle, middle, np.inf),
    ):
        if held.sum() >= FEWEST_POINTS:
            where = limit_words(factor, lo, hi)
            yield Scene(frame, f"{place}{factor.label} {where}", held, half=True)


def _ranked(sweep: Sweep, outcome: Outcome, scene: Scene, values: Floats) -> Ranked:
    own = values[scene.frame.case][scene.points]
    status = sweep.status[sweep.row[scene.frame.case][scene.points]]
    failed = (status != OK) & (status != MISSING)
    design = sweep.design.of(scene.points)
    pairs = {}
    for one, two in itertools.combinations(range(len(sweep.arms)), 2):
        arm, other = sweep.arms[two].name, sweep.arms[one].name
        effect = clustered_effect(arm, outcome, own[:, :, one], own[:, :, two], design)
        lost = failed[:, :, one], failed[:, :, two]
        why = scruple(outcome, own[:, :, one], own[:, :, two], lost)
        pairs[arm, other] = Pair(arm, other, effect, outcome.bad_sign, why)
    whole = ~np.isnan(own).any(axis=2)
    means = [float(own[whole][:, a].mean()) * outcome.bad_sign if whole.any() else 0.0
             for a in range(len(sweep.arms))]  # fmt: skip
    order = sorted(range(len(sweep.arms)), key=lambda a: (means[a], a))
    return Ranked(scene, tuple(sweep.arms[a].name for a in order), pairs)


def _flips(arms: tuple[Arm, ...], ranked: tuple[Ranked, ...]) -> Iterator[Flip]:
    for one, two in itertools.combinations([arm.name for arm in arms], 2):
        decided = [(r.scene, r.between(one, two).better) for r in ranked]
        first = tuple(scene for scene, better in decided if better == one)
        second = tuple(scene for scene, better in decided if better == two)
        if first and second:
            yield Flip(one, two, first, second)
