"""Robustness: does the order of the arms hold in other regions, horizons, fits and rival rules?

A *scene* is a frame, or one value of a swept list within it (rival rules are such lists); all other
settings are averaged over. Beside them stand the lower and the upper half of every swept range. In
each scene every pair of arms is compared over the same points and seeds::

    b mean(y_arm - y_other),  b = +1 where a high outcome is bad, else -1

with the interval for crossed clusters (`analysis.crossed`), and arms are ordered by it. Many scenes
and pairs are looked at, so that some intervals exclude zero by luck: the order of a pair is
*decided* where its p, of all comparisons together corrected by Holm, is at most 0.05 (that holds
however comparisons depend on each other, and they do: all share the seeds), the interval excludes
zero, both arms have enough events and failures do not speak against it. It *flips* where two scenes
decide it the two ways. Where nothing differs, at most 1 in 20 sweeps decides or flips anything.

    p    two-sided, of Student's t = mean / sqrt(V) with the variance and degrees of the interval;
         where few pairs differ not below that of the sign test; 1 without an interval

Scenes overlap: a horizon of 10 years is part of that of 20, a value of a list part of its frame.
Two scenes are *apart* where they share no history: other regions or settings of the frame than
`years`, or other points. What overlaps is never counted as separate evidence: the frames of the
longest horizon are the scenes that `first_in` counts, and each side of a flip tells how many of its
scenes are apart (taken from the fewest points on, so that there are at least so many).

Source: Holm (1979), https://www.jstor.org/stable/4615733.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.crossed import FEWEST_DEGREES, Design, influence, spread
from analysis.discovery.refusal import runs_of
from analysis.discovery.spoken import limit_words, value_words
from analysis.effects import FEW_DISCORDANT, Effect
from analysis.intervals import sign_test
from analysis.many_rows import holm
from analysis.scruples import scruple
from analysis.study import Arm, Outcome, StudyError
from analysis.sweep_effects import clustered_effect
from analysis.sweep_study import Factor, Floats, Frame, Sweep

POSSIBLE = 0.05  # of all comparisons together
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
    p: float  # of this comparison alone
    corrected: float = 1.0  # of all comparisons together

    @property
    def better(self) -> str:
        """The arm that is decided to be better; empty where it is open."""
        if self.scruple or self.effect.spans_zero or self.corrected > POSSIBLE:
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

    def apart(self) -> tuple[int, int]:
        """Of either side, scenes that share no history with each other."""
        return len(apart(self.one_better)), len(apart(self.two_better))


class Ranking(NamedTuple):
    """All scenes, what flips, and how often the first of most scenes stays first.

    ``apart``: scenes that share no history (frames of the longest horizon); ``first_in``: those in
    which it is first by the mean; ``ahead_in``: of those, where its lead on the second is decided.
    ``scenes``: all but halves of ranges, overlapping ones too; ``first_of_all``: of these.
    """

    outcome: Outcome
    arms: tuple[Arm, ...]
    ranked: tuple[Ranked, ...]
    flips: tuple[Flip, ...]
    first: str
    first_in: int
    ahead_in: int
    apart: int
    scenes: int
    first_of_all: int
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
    _must_be_there(sweep)
    ranked = _corrected([_ranked(sweep, outcome, scene, values) for scene in scenes])
    every = [pair for one in ranked for pair in one.pairs.values()]
    own = [one for one in ranked if not one.scene.half]
    alone = longest([one.scene for one in own])
    sole = [one for one in own if any(one.scene is scene for scene in alone)]
    firsts, of_all = ([one.order[0] for one in ones] for ones in (sole, own))
    first = max(dict.fromkeys(firsts), key=firsts.count)
    leads = [one.between(*one.order[:2]).better for one in sole]
    return Ranking(
        outcome, sweep.arms, ranked, tuple(_flips(sweep.arms, ranked)), first,
        firsts.count(first), leads.count(first), len(sole), len(own), of_all.count(first),
        len(every), sum(bool(p.better) for p in every),
    )  # fmt: skip


def _must_be_there(sweep: Sweep) -> None:
    runs = runs_of(sweep.status[sweep.row].reshape(-1, *sweep.row.shape[2:]))
    if runs.too_few:
        raise StudyError(runs.too_few)


def ground(frame: Frame) -> tuple[tuple[str, str], ...]:
    """What two frames must have in common to share histories: all but the horizon."""
    return tuple(sorted((k, repr(v)) for k, v in frame.settings.items() if k != "years"))


def longest(scenes: Sequence[Scene]) -> list[Scene]:
    """Whole frames, of each ground the one of the longest horizon: they share no history."""
    kept: dict[object, Scene] = {}
    for scene in scenes:
        own = kept.setdefault(ground(scene.frame), scene)
        rank, best = ((one.points.sum(), one.frame.years) for one in (scene, own))
        if rank > best:
            kept[ground(scene.frame)] = scene
    return list(kept.values())


def apart(scenes: Sequence[Scene]) -> list[Scene]:
    """Scenes of which no two share a history, taken from the fewest points on."""
    kept: list[Scene] = []
    for scene in sorted(scenes, key=lambda one: int(one.points.sum())):
        if not any(overlap(scene, other) for other in kept):
            kept.append(scene)
    return kept


def overlap(one: Scene, two: Scene) -> bool:
    """True where both hold runs of the same histories."""
    return ground(one.frame) == ground(two.frame) and bool((one.points & two.points).any())


def _corrected(ranked: Sequence[Ranked]) -> tuple[Ranked, ...]:
    """All pairs with the p of all comparisons together."""
    steps = iter(holm(np.array([pair.p for one in ranked for pair in one.pairs.values()])))
    return tuple(
        one._replace(pairs={
            key: pair._replace(corrected=float(next(steps))) for key, pair in one.pairs.items()
        })
        for one in ranked
    )  # fmt: skip


def _p(change: Floats, design: Design, effect: Effect) -> float:
    """Of no difference; see the equation."""
    from scipy.special import stdtr

    there = ~np.isnan(change)
    if effect.discordant == 0 or math.isnan(effect.lo):
        return 1.0
    found = spread(influence(change), there, design)
    if not (found.degrees >= FEWEST_DEGREES and found.variance > 0):
        return 1.0
    t = abs(effect.difference) / math.sqrt(found.variance)
    p = 2 * float(stdtr(found.degrees, -t))
    if effect.discordant < FEW_DISCORDANT:
        p = max(p, sign_test(round(effect.fell * effect.n), round(effect.rose * effect.n)))
    return p


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
    design = sweep.design.of(scene.points)
    pairs = {}
    for one, two in itertools.combinations(range(len(sweep.arms)), 2):
        arm, other = sweep.arms[two].name, sweep.arms[one].name
        effect = clustered_effect(arm, outcome, own[:, :, one], own[:, :, two], design)
        ended = status[:, :, one], status[:, :, two]
        names = sweep.arms[one].label, sweep.arms[two].label
        why = scruple(outcome, own[:, :, one], own[:, :, two], ended, names)
        p = _p(own[:, :, two] - own[:, :, one], design, effect)
        pairs[arm, other] = Pair(arm, other, effect, outcome.bad_sign, why, p)
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
