"""The headline: one computed sentence, or a refusal in words.

A fixed order of outcomes, decided before any result is seen: the first one with enough events is
the headline, whatever it shows. Where its interval spans zero, where runs did not finish or where
there are too few pairs, no claim is made, and the text says so: a refusal is a valid result. What
is enough, and when failures are uneven, stands in `analysis.scruples`, for every command alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike

from analysis import words
from analysis.effects import NONE_SEEN, Effect, effects, pairs
from analysis.headline_messages import (
    ALIKE,
    FALLS,
    MOVED,
    PHRASES,
    RISES,
    UNSEEN,
    UNSEEN_BOUND,
)
from analysis.language import say
from analysis.scruples import (
    FEWEST_PAIRS,
    failed_of,
    not_whole,
    too_few,
    uneven,
    unfinished,
    with_any,
)
from analysis.study import Arm, Outcome, RunCounts, Study, largest_of

ORDER = ("crisis_resource", "uncontained_rate", "violent_incidents", "worst_livelihood")
LITTLE = 0.05  # share of reference histories below which there is little to prevent
BUNDLE = "full"


class Headline(NamedTuple):
    """What a study says first. ``text`` holds all sentences; the parts are there for the page."""

    text: str
    refused: bool
    reason: str  # why no claim is made, empty for a claim
    outcome: str  # key, empty when no outcome could be used
    arm: str  # name, empty when there is only one arm
    effect: Effect | None
    claim: str
    passed_over: tuple[str, ...]
    beside: str
    little: str
    interrupted: str = ""  # what is still missing of a study that was broken off


def headline(study: Study) -> Headline:
    """Choose the outcome by the fixed order and say what was found, or why nothing is claimed."""
    arm = headline_arm(study)
    if arm is None:
        return _nothing(say("This study has one arm, so there is nothing to compare."))
    key, notes = choose(study, arm)
    if not key:
        reason = say("No headline outcome has enough events to compare arms.")
        return _assemble(study, arm, "", None, reason, reason, notes)
    effect = effects(study)[arm.name, key]
    reason = refusal(study, effect)
    claim = refused(study, arm, effect, reason) if reason else claimed(study, arm, effect)
    return _assemble(study, arm, key, effect, reason, claim, notes)


def headline_arm(study: Study) -> Arm | None:
    """The largest bundle; the arm named ``full`` where there is one; None without a comparison."""
    return arm_to_claim(study.arms)


def arm_to_claim(arms: Sequence[Arm]) -> Arm | None:
    """The same of a list of arms, the reference first."""
    others = arms[1:]
    named = [arm for arm in others if arm.name == BUNDLE]
    if named:
        return named[0]
    largest = largest_of(arms)
    return largest if largest in others else (others[-1] if others else None)


def choose(study: Study, arm: Arm) -> tuple[str, tuple[str, ...]]:
    """The headline outcome's key (empty: none) and why the earlier ones were passed over."""
    notes: list[str] = []
    for key in (key for key in ORDER if key in study.outcomes):
        few = _too_few(study, arm, key)
        if not few:
            return key, tuple(notes)
        notes.append(few)
    return "", tuple(notes)


def refusal(study: Study, effect: Effect) -> str:
    """Why the effect may not be claimed, in words; empty when it may."""
    odd = uneven(failed_of(study), [arm.label for arm in study.arms])
    return why_not(study.counts, effect, odd, complete=study.manifest.get("complete", True))


def why_not(counts: RunCounts, effect: Effect, odd: str, *, complete: bool) -> str:
    """The same for the runs of a study, or of one frame of a sweep; ``odd``: uneven failures."""
    lost = unfinished(counts, complete=complete)
    if lost:
        return f"{lost} ({odd})" if odd else lost
    if effect.n < FEWEST_PAIRS:
        return say("there are only {pairs}; {needed} are needed",
                   pairs=words.count(effect.n, "complete pair"), needed=FEWEST_PAIRS)  # fmt: skip
    if effect.method == NONE_SEEN or effect.discordant == 0:
        return say("no pair of histories differs")
    return say("the 95 % interval spans zero") if effect.spans_zero else ""


def interval_words(outcome: Outcome, effect: Effect) -> str:
    """An effect with its interval: ``-9 in 100 (95 % interval -14 to -4)``."""
    digits = words.difference_digits(outcome, effect.difference, effect.lo, effect.hi)
    if outcome.is_probability:
        digits = words.chance_digits(effect.difference)
        digits = words.sign_digits(outcome, effect.lo, effect.hi, digits)
    shown, lo, hi = (
        words.difference(outcome, x, digits) for x in (effect.difference, effect.lo, effect.hi)
    )
    if outcome.is_probability:
        return say("{number} in 100 (95 % interval {lo} to {hi})", number=shown, lo=lo, hi=hi)
    change = f"{shown} {words.unit_of(outcome)}".strip()
    return say("{change} (95 % interval {lo} to {hi})", change=change, lo=lo, hi=hi)


def _too_few(study: Study, arm: Arm, key: str) -> str:
    sides = pairs(study, arm.name)
    both = np.stack([side[key].to_numpy(dtype=float) for side in sides], axis=-1)
    events = with_any(study.outcomes[key], both)
    return passed_over(study.outcomes[key], (study.reference, arm), events, len(both))


def passed_over(
    outcome: Outcome, arms: Sequence[Arm], events: ArrayLike, histories: int
) -> str:
    """Why an outcome is no headline: too few histories of an arm had any. Empty where it may be."""
    few = too_few(outcome, events, histories, [arm.label for arm in arms])
    label = words.lower_first(outcome.label)
    return say("Not used as the headline: {label}, for {reason}.", label=label,
               reason=few) if few else ""  # fmt: skip


def phrase_of(outcome: Outcome) -> str:
    """What is said of an outcome inside a sentence."""
    known = PHRASES.get(outcome.key)
    return say(known) if known else words.lower_first(outcome.label)


class Compared(Protocol):
    """What a claim is about: a study, or one frame of a sweep."""

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """Declared outcomes by key."""

    @property
    def reference(self) -> Arm:
        """The first arm."""

    @property
    def years(self) -> float:
        """Length of a history in years."""

    @property
    def region_label(self) -> str:
        """The region's name in words."""


def claimed(study: Compared, arm: Arm, effect: Effect) -> str:
    """The claim in a sentence, with its interval."""
    outcome = study.outcomes[effect.outcome]
    before, after = words.from_to(outcome, effect.reference_mean, effect.arm_mean)
    return say(
        FALLS if effect.difference < 0 else RISES, phrase=phrase_of(outcome), **_where(study),
        before=before, reference=study.reference.label, after=after, arm=arm.label,
        change=interval_words(outcome, effect), pairs=_pairs(effect),
    )  # fmt: skip


def refused(study: Compared, arm: Arm, effect: Effect, reason: str) -> str:
    """That nothing is claimed and why, with what was seen all the same."""
    outcome = study.outcomes[effect.outcome]
    opening = say(
        "No claim is made about the effect of {arm} on {phrase} in {years} years of {region}: "
        "{reason}.", arm=arm.label, phrase=phrase_of(outcome), **_where(study), reason=reason,
    )  # fmt: skip
    if effect.n < 2:
        return opening
    before, after = words.from_to(outcome, effect.reference_mean, effect.arm_mean)
    if effect.discordant == 0:
        seen = UNSEEN_BOUND if outcome.is_probability else UNSEEN
        bound = words.in_100(effect.hi)
        return f"{opening} {say(seen, pairs=_pairs(effect), before=before, bound=bound)}"
    moved = say(
        ALIKE if before == after else MOVED, before=before, after=after, arm=arm.label,
        reference=study.reference.label, change=interval_words(outcome, effect),
        pairs=_pairs(effect),
    )  # fmt: skip
    return f"{opening} {moved}"


def _assemble(
    study: Study,
    arm: Arm,
    key: str,
    effect: Effect | None,
    reason: str,
    claim: str,
    notes: tuple[str, ...],
) -> Headline:
    beside, little, broken_off = _beside(study, arm), _little(study), (
        "" if study.manifest.get("complete", True) else not_whole(study.counts)
    )
    text = " ".join(part for part in (claim, broken_off, *notes, little, beside) if part)
    return Headline(
        text,
        bool(reason),
        reason,
        key,
        arm.name,
        effect,
        claim,
        notes,
        beside,
        little,
        broken_off,
    )


def _nothing(reason: str) -> Headline:
    return Headline(reason, True, reason, "", "", None, reason, (), "", "")


def _beside(study: Study, arm: Arm) -> str:
    """Any crisis at all, with other issues as the competing risk."""
    if "crisis_any" not in study.outcomes:
        return ""
    any_crisis = effects(study)[arm.name, "crisis_any"]
    if any_crisis.n == 0:
        return ""
    text = say("Interstate crises of any root: {shares}.", shares=_shares(study, arm, any_crisis))
    if "crisis_other" not in study.outcomes:
        return text
    other = effects(study)[arm.name, "crisis_other"]
    return text + " " + say(
        "Crises over other issues: {shares}; no town can prevent those, and they compete with the "
        "ones over the resource.", shares=_shares(study, arm, other),
    )  # fmt: skip


def _little(study: Study) -> str:
    if ORDER[0] not in study.outcomes:
        return ""
    found = study.values(study.reference.name, ORDER[0])
    share = float(found.mean())
    if not share < LITTLE:
        return ""
    if share:
        return say("There is little to prevent here: with {reference}, about {share} histories "
                   "hold an interstate crisis over the resource.",
                   reference=study.reference.label, share=words.in_100(share))  # fmt: skip
    return say("There is little to prevent here: with {reference}, none of {histories} holds an "
               "interstate crisis over the resource.", reference=study.reference.label,
               histories=words.count(len(found), "history", "histories"))  # fmt: skip


def _shares(study: Study, arm: Arm, effect: Effect) -> str:
    before, after = words.in_100(effect.reference_mean), words.in_100(effect.arm_mean)
    if before == after:
        return say("about {before} histories with either", before=before)
    return say("about {before} with {reference}, about {after} with {arm}", before=before,
               reference=study.reference.label, after=after, arm=arm.label)  # fmt: skip


def _where(study: Compared) -> dict[str, str]:
    return {"years": words.plain(study.years, 0), "region": study.region_label}


def _pairs(effect: Effect) -> str:
    return words.count(effect.n, "pair of simulated histories", "pairs of simulated histories")
