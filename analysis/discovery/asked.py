"""From words of the command line to a `Question`: names that exist, choices that make sense."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import numpy as np

from analysis import words
from analysis.discovery.question import CRISIS, FAILS, THRESHOLD, WHEN, Question
from analysis.headline import ORDER, arm_to_claim
from analysis.scruples import short, with_any
from analysis.study import Arm, Outcome, StudyError
from analysis.sweep_study import Sweep

METHODS = ("latin", "sobol")
MOST_FRAMES = 6


def question_of(
    sweep: Sweep, outcome: str | None, arm: str | None, when: str | None, threshold: float | None,
    baseline: str | None = None,
) -> Question:  # fmt: skip
    """What is asked, with what was not said filled in. Raises StudyError.

    ``when``: fails where there are arms to compare, else crisis. ``arm``: the bundle that the
    headline speaks of; of crisis the first. ``outcome``: the first of the headline's fixed order
    that has enough events. ``baseline``: the arm that it is held against; the first.
    """
    chosen = when or (FAILS if len(sweep.arms) > 1 else CRISIS)
    if chosen not in WHEN:
        raise StudyError(_unknown("--when", chosen, WHEN))
    first = _baseline(sweep, baseline)
    one = _arm(sweep, arm, chosen, first)
    key = outcome or _outcome(sweep, chosen, (one, first))
    if key not in sweep.outcomes:
        raise StudyError(_unknown("--outcome", key, sweep.outcomes))
    declared = sweep.outcomes[key]
    if chosen == CRISIS and not declared.is_probability:
        kept = [k for k, o in sweep.outcomes.items() if o.is_probability]
        raise StudyError(f"--when crisis needs an outcome that is yes or no, and {key} is "
                         f"none. {_known('Kept here', kept)}")  # fmt: skip
    if chosen != CRISIS and declared.bad_sign == 0:
        raise StudyError(f"--outcome {key}: neither a rise nor a fall of it is declared bad, so "
                         "that no "
                         "mechanism can fail by it")  # fmt: skip
    if chosen != CRISIS and threshold is not None:
        raise StudyError("--threshold is for --when crisis; the others compare with no difference")
    share = THRESHOLD if threshold is None else threshold
    if not 0 < share <= 1:
        raise StudyError(f"--threshold {share:g}: a share above 0, up to 1, is needed")
    return Question(declared, one, first, chosen, share)


def frames_of(sweep: Sweep, number: int | None) -> tuple[int, ...]:
    """Frames that are asked, by their number from 1 on; all where none is named."""
    names = "; ".join(f"{i} {frame.label}" for i, frame in enumerate(sweep.frames, 1))
    if number is None:
        if len(sweep.frames) > MOST_FRAMES:
            raise StudyError(f"{len(sweep.frames)} frames; name one with --frame N. {names}")
        return tuple(range(len(sweep.frames)))
    if not 1 <= number <= len(sweep.frames):
        raise StudyError(f"--frame {number}: there is none. {names}")
    return (number - 1,)


def must_be_searchable(sweep: Sweep) -> None:
    """Raise StudyError for a design whose points do not fill their ranges."""
    if sweep.method not in METHODS or not sweep.sampled:
        raise StudyError(
            f"method={sweep.method}: boxes are searched among points that fill their ranges. Run "
            "thalweg sweep with method=latin or method=sobol, or add --ranking to compare "
            "the arms frame by frame"
        )


def _baseline(sweep: Sweep, name: str | None) -> Arm:
    names = [arm.name for arm in sweep.arms]
    if name is not None and name not in names:
        raise StudyError(_unknown("baseline", name, names))
    return sweep.arms[names.index(name) if name else 0]


def _arm(sweep: Sweep, name: str | None, when: str, first: Arm) -> Arm:
    names = [arm.name for arm in sweep.arms]
    if name is not None and name not in names:
        raise StudyError(_unknown("--arm", name, names))
    if when == CRISIS:
        return sweep.arms[names.index(name) if name else 0]
    one = sweep.arms[names.index(name)] if name else arm_to_claim(sweep.arms)
    if one is None:
        raise StudyError("this sweep has one arm: a mechanism needs another arm to be held "
                         "against. "
                         "Ask with --when crisis")  # fmt: skip
    if one == first:
        others = [other for other in names if other != first.name]
        raise StudyError(f"--arm {one.name}: the first arm is what the others are held against. "
                         f"{_known('Others', others)}")  # fmt: skip
    return one


def _outcome(sweep: Sweep, when: str, arms: tuple[Arm, Arm]) -> str:
    """The first of the fixed order that can be asked and has enough events in any frame."""
    known = dict.fromkeys((*ORDER, *sweep.outcomes))
    fit = [key for key in known if _fits(sweep.outcomes.get(key), when)]
    if not fit:
        raise StudyError("none of the kept outcomes can be asked so; name one with --outcome. "
                         f"{_known('Kept', sweep.outcomes)}")  # fmt: skip
    ordered = [key for key in fit if key in ORDER]
    places = [sweep.arms.index(arm) for arm in (arms[:1] if when == CRISIS else arms)]
    for key, values in sweep.values(ordered).items() if ordered else ():
        outcome = sweep.outcomes[key]
        events = np.max([with_any(outcome, own[..., places]) for own in values], axis=0)
        if not short(outcome, *events.tolist()):
            return key
    return fit[0]


def _fits(outcome: Outcome | None, when: str) -> bool:
    if outcome is None:
        return False
    return outcome.is_probability if when == CRISIS else outcome.bad_sign != 0


def _unknown(option: str, given: str, known: Iterable[str]) -> str:
    names = list(known)
    close = get_close_matches(given, names, n=1)
    cure = f"Did you mean '{close[0]}'?" if close else _known("Known", names)
    return f"{option} {given}: there is none. {cure}"


def _known(opening: str, names: Iterable[str] | Sequence[str]) -> str:
    listed = list(names)
    return f"{opening}: {words.listing(listed[:12])}." if listed else f"{opening}: none."
