"""Conditions as plain records, for whoever writes sentences about a sweep.

::

    for frame in conditions("results/doubts", "crisis_resource", "none"):
        print(frame.label, frame.reason or [one["sentence"] for one in frame.records])

With a ``baseline`` it is asked where ``arm`` fails against it (``when``: ``fails`` or ``worse``);
without one, where a crisis comes under ``arm``. A record stands for one condition that was found,
by the rules at the head of `answer`; where none was, the list is empty and ``reason`` is a sentence
that says so. Coverage, density and lift are those on points that were not searched.

    sentence  the condition with its numbers, a whole sentence
    coverage  share of the cases that lie in the box
    density   share of the points in the box that are cases
    lift      density less the share of cases among all points
    interval  95 % ends [lo, hi] of each: {"coverage": ..., "density": ..., "lift": ...}
    points    points that were searched
    seeds     seeds at each point
    stable    True where every limit of the box is found again in 4 of 5 resamples
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from analysis import words
from analysis.discovery.answer import FOUND, NOTHING, Answer, Condition, answers
from analysis.discovery.asked import must_be_searchable, question_of
from analysis.discovery.plain import number
from analysis.discovery.question import CRISIS, FAILS, Question
from analysis.discovery.spoken import box_words, percent, with_interval
from analysis.discovery.told import event_words, named
from analysis.headline import phrase_of
from analysis.study import StudyError
from analysis.sweep_study import Sweep
from analysis.sweeps import load_sweep


class FrameConditions(NamedTuple):
    """What one frame says. ``reason``: a sentence, empty where ``records`` has any."""

    frame: int
    region: str
    label: str
    question: str
    records: list[dict[str, Any]]
    reason: str


def conditions(
    source: Sweep | str | Path, outcome: str, arm: str, baseline: str | None = None, *,
    when: str | None = None, threshold: float | None = None,
) -> list[FrameConditions]:  # fmt: skip
    """One entry per frame (region, horizon, prepared set). Raises StudyError."""
    sweep = source if isinstance(source, Sweep) else load_sweep(source)
    must_be_searchable(sweep)
    asked = when or (CRISIS if baseline is None else FAILS)
    if (baseline is None) != (asked == CRISIS):
        raise StudyError(f"when={asked}: a baseline belongs to fails and worse, and to these alone")
    question = question_of(sweep, outcome, arm, asked, threshold, baseline)
    found = answers(sweep, question, tuple(range(len(sweep.frames))), tree=False)
    return [_told(answer) for answer in found]


def _told(answer: Answer) -> FrameConditions:
    own = [_record(answer, one) for one in answer.conditions if one.verdict == FOUND]
    frame = answer.frame
    return FrameConditions(
        frame.case, frame.name, frame.label, question_phrase(answer.question), own,
        "" if own else _reason(answer),
    )  # fmt: skip


def question_phrase(q: Question) -> str:
    """What makes a case, as the head of a sentence."""
    if q.when == CRISIS:
        share = percent(q.threshold)
        return (f"with {named(q.arm)}, in at least {share} of the histories: "
                f"{event_words(q)}")  # fmt: skip
    verb = "is not better" if q.when == FAILS else "is worse"
    return f"{named(q.arm)} {verb} than {named(q.reference)} by {phrase_of(q.outcome)}"


def _record(answer: Answer, found: Condition) -> dict[str, Any]:
    held = found.resamples.held
    numbers = {"coverage": held.coverage, "density": held.density, "lift": held.lift}
    return {
        "sentence": _sentence(answer, found),
        **{name: number(one.mean) for name, one in numbers.items()},
        "interval": {name: [number(one.lo), number(one.hi)] for name, one in numbers.items()},
        "points": found.points,
        "seeds": answer.seeds,
        "stable": all(limit.stable for limit in found.limits),
    }


def _sentence(answer: Answer, found: Condition) -> str:
    held = found.resamples.held
    share = percent(held.base.mean)
    return words.upper_first(
        f"{question_phrase(answer.question)}: this comes most where "
        f"{box_words(answer.settings, found.curve.chosen.box)}. There {with_interval(held.density)}"
        f" of the points are such, of all {share}; it covers {with_interval(held.coverage)} of the "
        "points that are such (on points that were not searched, 95 % intervals; "
        f"{found.points:,} points, {answer.seeds} seeds at each)."
    )


def _reason(answer: Answer) -> str:
    verdict = "No condition stands out" if answer.verdict == NOTHING else "Cannot tell a condition"
    return f"{verdict}: {answer.reason}."


def sentences(found: list[FrameConditions]) -> Iterator[str]:
    """One sentence for each record, and for each frame without one its reason."""
    for frame in found:
        told = [one["sentence"] for one in frame.records] or [frame.reason]
        yield from (f"{frame.label}: {one}" for one in told)
