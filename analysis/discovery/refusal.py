"""Why a search is not begun: too few runs, points, cases, events, base samples; failures.

The rules on events and failures are those of all commands (`analysis.scruples`).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis import words
from analysis.discovery.question import FEWEST_SEEDS, Cases, Question
from analysis.language import say
from analysis.scruples import failures, too_few, with_any
from analysis.study import OK
from analysis.sweep_study import MISSING, Floats

FEWEST_POINTS, FEWEST_CASES = 50, 20
LEAST_RUNS = 0.8  # share of the planned runs that must have ended, failed ones included
Flags = NDArray[np.bool_]


class Runs(NamedTuple):
    """The runs of the arms asked about. ``whole``: points of which no run is missing or failed."""

    planned: int
    there: int  # ended, well or not
    points: int
    whole: int
    failed: Flags  # [point, seed, arm]

    @property
    def too_few(self) -> str:
        """Why so broken off a sweep is not searched; empty where it is."""
        if self.there >= LEAST_RUNS * self.planned:
            return ""
        return say("{told}; {share} % of the runs are needed: which are missing is no accident. "
                   "The same thalweg sweep command runs the rest", told=self.words,
                   share=f"{100 * LEAST_RUNS:.0f}")  # fmt: skip

    @property
    def words(self) -> str:
        """How many there are."""
        return say("{there} of {planned} are there, and {whole} of {points} are whole",
                   there=words.plain(self.there, 0), whole=words.plain(self.whole, 0),
                   planned=words.count(self.planned, "planned run"),
                   points=words.count(self.points, "point"))  # fmt: skip


def runs_of(status: NDArray[np.int8]) -> Runs:
    """Count the runs of ``status`` [point, seed, arm]."""
    there, well = status != MISSING, status == OK
    whole = int(well.all(axis=(1, 2)).sum())
    return Runs(status.size, int(there.sum()), len(status), whole, there & ~well)


def refusal_of(question: Question, cases: Cases, values: tuple[Floats, Floats], runs: Runs) -> str:
    """Why nothing can be searched; empty when it can."""
    if runs.too_few:
        return runs.too_few
    points, chosen = len(cases.label), int(cases.label.sum())
    if points < FEWEST_POINTS:
        return say("{points} with runs; {needed} are needed", points=words.count(points, "point"),
                   needed=FEWEST_POINTS)  # fmt: skip
    seeds = values[0].shape[1]
    if seeds < FEWEST_SEEDS:
        return say("{seeds} at each point; {needed} are needed (seeds=)",
                   seeds=words.count(seeds, "seed"), needed=FEWEST_SEEDS)  # fmt: skip
    lost = lost_runs(question, runs.failed)
    if lost:
        return lost
    short = _few_events(question, values)
    if short:
        return short
    if min(chosen, points - chosen) < FEWEST_CASES:
        told = say(
            "{number} cases among {points} points; {needed} are needed" if chosen < FEWEST_CASES
            else "{number} points that are no case among {points} points; {needed} are needed",
            number=min(chosen, points - chosen), points=words.plain(points, 0), needed=FEWEST_CASES,
        )  # fmt: skip
        return told + _cure(question, cases)
    units = np.unique(cases.block).size
    if units < FEWEST_CASES:
        return say("{samples}; {needed} are needed (a larger n=)", needed=FEWEST_CASES,
                   samples=words.count(units, "base sample"))  # fmt: skip
    return ""


def _cure(question: Question, cases: Cases) -> str:
    """A threshold that leaves enough cases and enough other points, where there is one."""
    if question.compares:
        return ""
    split = best_threshold(question, cases.score)
    if split is None:
        return ". No --threshold would leave so many on both sides"
    at, above = split
    return (f". --threshold {at:g} would split them: {above:,} of {len(cases.score):,} points are "
            "cases then")  # fmt: skip


def best_threshold(question: Question, score: Floats) -> tuple[float, int] | None:
    """The threshold above 0 that splits most evenly, and its cases; None without a useful one.

    It is rounded down to three decimals, as it is printed; what is counted is the rounded one.
    """
    found = []
    for at in {math.floor(1000 * one + 1e-6) / 1000 for one in np.unique(score)}:
        above = int(question._replace(threshold=at).holds(score).sum())
        least = min(above, len(score) - above)
        if 0 < at <= 1 and least >= FEWEST_CASES:
            found.append((least, -at, above))
    if not found:
        return None
    _, at, above = max(found)
    return -at, above


def _few_events(question: Question, values: tuple[Floats, Floats]) -> str:
    """Why an outcome that counts events is too rare."""
    own = np.stack(values if question.compares else values[:1], axis=-1)
    own = own[~np.isnan(own).any(axis=-1)]
    few = too_few(question.outcome, with_any(question.outcome, own), len(own), _arms(question))
    return f"{words.lower_first(question.outcome.label)}: {few}" if few else ""


def lost_runs(question: Question, failed: Flags) -> str:
    """Why failed runs speak against an answer: one arm has more of them, or they are many."""
    return failures(failed if question.compares else failed[:, :, :1], _arms(question))


def _arms(question: Question) -> list[str]:
    sides = (question.arm, question.reference) if question.compares else (question.arm,)
    return [arm.label for arm in sides]
