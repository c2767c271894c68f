"""Ask a sweep under which conditions a mechanism fails or a crisis happens, and judge the answer.

Per frame one verdict:

    a condition was found    no more than 1 in 100 shuffled tables has so good a box; its density
                             on points not searched is above the share of cases there (95 %); at
                             least one limit is found again in 4 of 5 resamples; the box of half
                             of the seeds holds under the other half in 4 of 5 halves; and scores
                             inside and outside differ on points and seeds not searched (95 %)
    no condition stands out  more than 1 in 20 shuffled tables have so good a box
    cannot tell              anything between, and every refusal: too few points, cases, other
                             points or events, or failures that one arm has more of

After a condition was found its points are set aside and the rest is searched again, at most three
times in all; each search has tables, resamples and halves of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.discovery.choice import Curve, curve_of, quasi_p, support
from analysis.discovery.honest import Splits, splits_of
from analysis.discovery.question import Cases, Question, cases_of
from analysis.discovery.refusal import FEWEST_CASES, FEWEST_POINTS, Runs, refusal_of, runs_of
from analysis.discovery.resample import (
    SPLITS,
    Again,
    Chance,
    Halves,
    Resamples,
    again,
    chance_of,
    fewer,
    halves_of,
    resamples_of,
)
from analysis.discovery.tree import Tree, tree_of
from analysis.language import marked, say
from analysis.sweep_study import Factor, Floats, Frame, Sweep

FOUND, NOTHING = marked("a condition was found"), marked("no condition stands out")
UNKNOWN = marked("cannot tell")
MOST_CONDITIONS = 3
SURE, POSSIBLE = 0.01, 0.05
STABLE, FRAIL = 0.8, 0.5


class Limit(NamedTuple):
    """One end of one setting. ``luck``: share of halves of the seeds in which it is found."""

    factor: Factor
    upper: bool
    at: float
    again: Again
    luck: float
    quasi_p: float

    @property
    def stable(self) -> bool:
        """Found again in at least 4 of 5 resamples."""
        return self.again.share >= STABLE


class Condition(NamedTuple):
    """One box with everything that speaks for and against it."""

    curve: Curve
    limits: tuple[Limit, ...]
    chance: Chance
    resamples: Resamples
    halves: Halves
    splits: Splits
    points: int  # searched
    cases: int  # among them
    runs: int  # in the box
    verdict: str
    reason: str


class Answer(NamedTuple):
    """What one frame says. ``refusal``: why nothing was searched; empty where it was.

    ``bar``: density that a box of a quarter of the points would have needed to be told from chance.
    """

    frame: Frame
    question: Question
    settings: tuple[Factor, ...]
    seeds: int
    points: int  # of the sweep
    cases: Cases
    runs: Runs
    refusal: str
    conditions: tuple[Condition, ...]
    tree: Tree | None
    bar: float

    @property
    def verdict(self) -> str:
        """The verdict on the first box."""
        return UNKNOWN if self.refusal else self.conditions[0].verdict

    @property
    def reason(self) -> str:
        """Why, in words."""
        return self.refusal or self.conditions[0].reason


def answers(
    sweep: Sweep, question: Question, frames: tuple[int, ...], *, tree: bool = True
) -> Iterator[Answer]:
    """One answer per frame that is named; ``tree``: with the second opinion (scikit-learn)."""
    values = sweep.values([question.outcome.key])[question.outcome.key]
    places = [sweep.arms.index(question.arm), sweep.arms.index(question.reference)]
    for frame in frames:
        own, first = (values[frame, :, :, place] for place in places)
        status = sweep.status[sweep.row[frame]][:, :, places if question.compares else places[:1]]
        found = _answer(sweep, question, frame, (own, first), runs_of(status))
        yield _with_tree(sweep, found) if tree else found


def _answer(
    sweep: Sweep, question: Question, frame: int, values: tuple[Floats, Floats], runs: Runs
) -> Answer:
    cases = cases_of(question, *values, sweep.design.block)
    refusal = refusal_of(question, cases, values, runs)
    found: tuple[Condition, ...] = ()
    bar = math.nan
    if not refusal:
        x = sweep.points[cases.used]
        found = tuple(conditions(sweep.sampled, question, cases, x))
        bar = _bar(len(x), int(cases.label.sum()), found[0].chance.needed)
    return Answer(
        sweep.frames[frame], question, sweep.sampled, sweep.seeds, len(sweep.points), cases,
        runs, refusal, found, None, bar,
    )  # fmt: skip


def _with_tree(sweep: Sweep, answer: Answer) -> Answer:
    if answer.refusal:
        return answer
    cases = answer.cases
    return answer._replace(tree=tree_of(sweep.points[cases.used], cases.label, cases.block))


def conditions(
    settings: tuple[Factor, ...], question: Question, cases: Cases, x: Floats
) -> Iterator[Condition]:
    """The first box, and while one was found, the next among the points outside it."""
    left = np.ones(len(x), dtype=bool)
    for place in range(MOST_CONDITIONS):
        rows = np.flatnonzero(left)
        label = cases.label[rows]
        if place and (len(rows) < FEWEST_POINTS or label.sum() < FEWEST_CASES):
            return
        found = _condition(settings, question, cases, x, rows)
        if place and found.verdict != FOUND:
            return
        yield found
        if found.verdict != FOUND:
            return
        left &= ~found.curve.chosen.box.inside(x)


def _condition(
    settings: tuple[Factor, ...], question: Question, cases: Cases, x: Floats,
    rows: NDArray[np.int64],
) -> Condition:  # fmt: skip
    own, label, block = x[rows], cases.label[rows], cases.block[rows]
    curve = curve_of(own, label)
    chance = chance_of(own, label, block, curve.chosen.worth)
    values = cases.values[rows]
    resamples = resamples_of(question, own, values, block)
    halves = halves_of(question, own, values)
    splits = splits_of(question, own, values, block, fewer(SPLITS, len(own)))
    box = curve.chosen.box
    limits = tuple(
        Limit(factor, upper, float(ends[k]), resamples.again(k, upper),
              again(halves.boxes, k, upper).share, quasi_p(own, label, box, k, upper))
        for k, factor in enumerate(settings)
        for upper, ends in ((False, box.lo), (True, box.hi))
        if math.isfinite(ends[k])
    )  # fmt: skip
    runs = int((~np.isnan(values[box.inside(own)])).sum())
    verdict, reason = _judged(curve, chance, resamples, limits, (halves, splits))
    return Condition(
        curve, limits, chance, resamples, halves, splits, len(rows), int(label.sum()),
        runs * (2 if question.compares else 1), verdict, reason,
    )  # fmt: skip


def _judged(
    curve: Curve, chance: Chance, resamples: Resamples, limits: tuple[Limit, ...],
    luck: tuple[Halves, Splits],
) -> tuple[str, str]:  # fmt: skip
    """The verdict on one box; the rules stand at the head of this file."""
    best = round(chance.p * (chance.tables + 1)) - 1
    told = say("{best} of {tables} shuffled tables have a box that is worth as much or more",
               best=best, tables=chance.tables)  # fmt: skip
    if chance.p > POSSIBLE or not curve.chosen.box.limits:
        return NOTHING, told
    if chance.p > SURE:
        return UNKNOWN, say("{told}: too many for a finding, too few for none", told=told)
    if not resamples.held.lift.lo > 0:
        return UNKNOWN, say(
            "on points that were not searched the box is not denser than all points by more than "
            "the luck of points and seeds. More of both would tell"
        )
    if not any(limit.stable for limit in limits):
        return UNKNOWN, say("no limit is found again in 4 of 5 resamples of the points")
    if luck[0].ahead < STABLE:
        return UNKNOWN, say(
            "the box is no luck of the points, but of the seeds, which all points share: it holds "
            "under the other half of the seeds in {ahead} of 100 halves, and 80 are needed. More "
            "seeds would tell", ahead=f"{100 * luck[0].ahead:.0f}",
        )  # fmt: skip
    if not luck[1].apart.lo > 0:
        return UNKNOWN, say(
            "on points and seeds that were not searched, scores inside and outside of a box do not "
            "differ by more than luck. More of both would tell"
        )
    return FOUND, told


def _bar(n: int, every: int, needed: float) -> float:
    """Least density at which one limit around a quarter of the points beats 19 in 20 tables."""
    points = n // 4
    for cases in range(min(points, every) + 1):
        if support(cases, points, every, n) - math.log(n) >= needed:
            return cases / points
    return math.nan
