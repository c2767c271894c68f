"""The headline of a sweep: one sentence per frame, by the rule that a comparison follows.

The outcome is chosen by the fixed order, frame by frame; the difference is over all points and
seeds of the frame. Nothing is claimed where the interval spans zero, runs failed, pairs are too few
or no interval can be given.
"""

from __future__ import annotations

from typing import NamedTuple

from analysis import words
from analysis.effects import UNDEFINED
from analysis.headline import (
    arm_to_claim,
    claimed,
    passed_over,
    phrase_of,
    refused,
    why_not,
)
from analysis.language import say
from analysis.scruples import failed_of, flags, uneven
from analysis.study import Arm
from analysis.sweep_effects import Findings
from analysis.sweep_study import Frame, Sweep

MOST_TOLD = 6  # frames that the terminal names


class Claim(NamedTuple):
    """What is said of one frame. ``outcome``: key, empty when none could be used."""

    frame: Frame
    text: str
    refused: bool
    outcome: str
    passed_over: tuple[str, ...]


def claims(sweep: Sweep, found: Findings) -> list[Claim]:
    """One claim, or why there is none, per frame."""
    arm = arm_to_claim(sweep.arms)
    return [_claim(sweep, frame, arm, found) for frame in sweep.frames]


def sample_words(sweep: Sweep) -> str:
    """What a mean is over: points of the swept settings, and seeds."""
    seeds = words.count(sweep.seeds, "seed")
    if not sweep.sampled:
        return say("Means are over {seeds}.", seeds=seeds)
    return say("Means are over {points} of {settings} and {seeds} at each of them.",
               points=words.count(len(sweep.points), "point"),
               settings=words.count(len(sweep.sampled), "swept setting"), seeds=seeds)  # fmt: skip


def headline_text(sweep: Sweep, found: Findings) -> str:
    """The headline as plain text, one line per frame; it is printed, and stays English."""
    told = claims(sweep, found)
    lines = [claim.text for claim in told[:MOST_TOLD]]
    if len(told) > MOST_TOLD:
        lines.append(f"{len(told) - MOST_TOLD} further frames stand in the report.")
    if len(told) == 1:
        lines += told[0].passed_over
    lines += [sample_words(sweep), *flags(sweep)]
    return "\n".join(line for line in lines if line)


def _claim(sweep: Sweep, frame: Frame, arm: Arm | None, found: Findings) -> Claim:
    if arm is None:
        return _one_arm(frame, found)
    key, notes = _choose(frame, arm, found)
    if not key:
        text = say("{region}: no headline outcome has enough events to compare arms.",
                   region=frame.region_label)  # fmt: skip
        return Claim(frame, text, True, "", notes)
    effect = found.cells[frame.case, arm.name, key].effect
    if effect is None or effect.n < 2 or effect.method == UNDEFINED:
        text = say(
            "No claim is made about the effect of {arm} on {phrase} in {region}: one seed, or too "
            "few pairs, give no interval.", arm=arm.label, phrase=phrase_of(frame.outcomes[key]),
            region=frame.region_label,
        )  # fmt: skip
        return Claim(frame, text, True, key, notes)
    odd = uneven(failed_of(sweep, frame), [one.label for one in sweep.arms])
    reason = why_not(frame.counts, effect, odd, complete=frame.complete)
    text = refused(frame, arm, effect, reason) if reason else claimed(frame, arm, effect)
    return Claim(frame, text, bool(reason), key, notes)


def _one_arm(frame: Frame, found: Findings) -> Claim:
    key, outcome = found.main[0], frame.outcomes[found.main[0]]
    level = found.cells[frame.case, frame.reference.name, key].level
    said = {"region": frame.region_label, "phrase": phrase_of(outcome),
            "mean": words.value(outcome, level.mean)}  # fmt: skip
    if level.hi > level.lo:
        lo, hi = words.from_to(outcome, level.lo, level.hi)
        text = say("{region}: {phrase} is about {mean} (95 % interval {lo} to {hi}). There is one "
                   "arm, so that nothing is compared.", **said, lo=lo, hi=hi)  # fmt: skip
    else:
        text = say("{region}: {phrase} is about {mean}. There is one arm, so that nothing is "
                   "compared.", **said)  # fmt: skip
    return Claim(frame, text, True, key, ())


def _choose(frame: Frame, arm: Arm, found: Findings) -> tuple[str, tuple[str, ...]]:
    """The outcome by the fixed order, and why the earlier ones were passed over."""
    notes: list[str] = []
    for key in found.main:
        effect = found.cells[frame.case, arm.name, key].effect
        events, pairs = (effect.events, effect.n) if effect else ((0, 0), 0)
        few = passed_over(frame.outcomes[key], (frame.reference, arm), events, pairs)
        if not few:
            return key, tuple(notes)
        notes.append(few)
    return "", tuple(notes)
