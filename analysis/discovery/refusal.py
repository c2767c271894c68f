"""Why a search is not begun: too few points, cases, events or base samples; failures that speak.

The rules on events and failures are those of the headline and of paired effects.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis import words
from analysis.discovery.question import FEWEST_SEEDS, Cases, Question
from analysis.headline import NEEDED, short_of_events
from analysis.scruples import too_many, uneven
from analysis.sweep_study import Floats

FEWEST_POINTS, FEWEST_CASES = 50, 20
Flags = NDArray[np.bool_]


def refusal_of(
    question: Question, cases: Cases, values: tuple[Floats, Floats], failed: Flags
) -> str:
    """Why nothing can be searched; empty when it can."""
    points, chosen = len(cases.label), int(cases.label.sum())
    if points < FEWEST_POINTS:
        return f"{words.count(points, 'point')} with runs; {FEWEST_POINTS} are needed"
    seeds = values[0].shape[1]
    if seeds < FEWEST_SEEDS:
        return f"{words.count(seeds, 'seed')} at each point; {FEWEST_SEEDS} are needed (seeds=)"
    lost = lost_runs(question, failed)
    if lost:
        return lost
    short = _few_events(question, values)
    if short:
        return short
    if min(chosen, points - chosen) < FEWEST_CASES:
        what = "cases" if chosen < FEWEST_CASES else "points that are no case"
        return (f"{min(chosen, points - chosen)} {what} among {points:,} points; {FEWEST_CASES} "
                "are "
                f"needed{_cure(question, cases)}")  # fmt: skip
    units = np.unique(cases.block).size
    if units < FEWEST_CASES:
        return f"{words.count(units, 'base sample')}; {FEWEST_CASES} are needed (a larger n=)"
    return ""


def _cure(question: Question, cases: Cases) -> str:
    """Where the scores lie, so that a threshold that splits them can be chosen."""
    if question.compares:
        return ""
    lo, hi = np.quantile(cases.score, [0.25, 0.75], method="nearest")
    return (f". The middle half of the points has a share of {lo:g} to {hi:g}: --threshold "
            f"{hi if cases.label.sum() < FEWEST_CASES else lo:g} would split them")  # fmt: skip


def _few_events(question: Question, values: tuple[Floats, Floats]) -> str:
    """Why an outcome that counts events is too rare; the rule of the headline."""
    sides = zip((question.arm, question.reference), values, strict=True)
    for arm, own in sides if question.compares else [(question.arm, values[0])]:
        events = int((own > 0).sum())
        if short_of_events(question.outcome.key, events):
            told = words.count(events, "history", "histories")
            what = words.lower_first(question.outcome.label)
            return f"only {told} of {arm.label} with {what}; {NEEDED} are needed"
    return ""


def lost_runs(question: Question, failed: Flags) -> str:
    """Why failed runs speak against an answer: one arm has more of them, or they are many."""
    own, first = failed[:, :, 0], failed[:, :, 1] & question.compares
    only = int((own & ~first).sum()), int((first & ~own).sum())
    return (uneven(*only) if question.compares else "") or too_many(
        int((own | first).sum()), own.size
    )
