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
PHRASES = {
    "crisis_resource": "the chance of an interstate crisis over the shared resource",
    "uncontained_rate": "the rate of uncontained incidents",
    "violent_incidents": "the rate of violent local incidents",
    "worst_livelihood": "the livelihood of the worst-off group",
}
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
        return _nothing("This study has one arm, so there is nothing to compare.")
    key, notes = choose(study, arm)
    if not key:
        reason = "No headline outcome has enough events to compare arms."
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
        return f"there are only {words.count(effect.n, 'complete pair')}; {FEWEST_PAIRS} are needed"
    if effect.method == NONE_SEEN or effect.discordant == 0:
        return "no pair of histories differs"
    return "the 95 % interval spans zero" if effect.spans_zero else ""


def interval_words(outcome: Outcome, effect: Effect) -> str:
    """An effect with its interval: ``-9 in 100 (95 % interval -14 to -4)``."""
    digits = words.difference_digits(outcome, effect.difference, effect.lo, effect.hi)
    digits = words.chance_digits(effect.difference) if outcome.is_probability else digits
    shown, lo, hi = (
        words.difference(outcome, x, digits) for x in (effect.difference, effect.lo, effect.hi)
    )
    unit = "in 100" if outcome.is_probability else words.unit_of(outcome)
    return f"{shown} {unit}".strip() + f" (95 % interval {lo} to {hi})"


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
    return f"Not used as the headline: {label}, for {few}." if few else ""


def phrase_of(outcome: Outcome) -> str:
    """What is said of an outcome inside a sentence."""
    return PHRASES.get(outcome.key, words.lower_first(outcome.label))


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
    verb = "falls" if effect.difference < 0 else "rises"
    return (
        f"In this model, {phrase_of(outcome)} {_where(study)} {verb} from about {before} "
        f"with {study.reference.label} to about {after} with {arm.label}: a difference of "
        f"{interval_words(outcome, effect)}, in {_pairs(effect)}."
    )


def refused(study: Compared, arm: Arm, effect: Effect, reason: str) -> str:
    """That nothing is claimed and why, with what was seen all the same."""
    outcome = study.outcomes[effect.outcome]
    phrase = f"{phrase_of(outcome)} {_where(study)}"
    opening = f"No claim is made about the effect of {arm.label} on {phrase}: {reason}."
    if effect.n < 2:
        return opening
    before, after = words.from_to(outcome, effect.reference_mean, effect.arm_mean)
    if effect.discordant == 0:
        bound = f"; a true difference above {words.in_100(effect.hi)} is unlikely (rule of three)"
        return (
            f"{opening} No difference was seen in {_pairs(effect)} (about {before} with both)"
            f"{bound if outcome.is_probability else ''}."
        )
    move = (
        f"it is about {before} with {study.reference.label} and with {arm.label} alike"
        if before == after
        else f"it goes from about {before} with {study.reference.label} to about {after} with "
        f"{arm.label}"
    )
    return (
        f"{opening} In this model {move}, a difference of {interval_words(outcome, effect)}, "
        f"in {_pairs(effect)}."
    )


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
    text = f"Interstate crises of any root: {_shares(study, arm, any_crisis)}."
    if "crisis_other" not in study.outcomes:
        return text
    other = effects(study)[arm.name, "crisis_other"]
    return (
        f"{text} Crises over other issues: {_shares(study, arm, other)}; no town can prevent "
        "those, and they compete with the ones over the resource."
    )


def _little(study: Study) -> str:
    if ORDER[0] not in study.outcomes:
        return ""
    found = study.values(study.reference.name, ORDER[0])
    share = float(found.mean())
    if not share < LITTLE:
        return ""
    many = f"about {words.in_100(share)} histories hold"
    none = f"none of {words.count(len(found), 'history', 'histories')} holds"
    return (
        f"There is little to prevent here: with {study.reference.label}, "
        f"{many if share else none} an interstate crisis over the resource."
    )


def _shares(study: Study, arm: Arm, effect: Effect) -> str:
    before, after = words.in_100(effect.reference_mean), words.in_100(effect.arm_mean)
    if before == after:
        return f"about {before} histories with either"
    return f"about {before} with {study.reference.label}, about {after} with {arm.label}"


def _where(study: Compared) -> str:
    return f"in {words.plain(study.years, 0)} years of {study.region_label}"


def _pairs(effect: Effect) -> str:
    return words.count(effect.n, "pair of simulated histories", "pairs of simulated histories")
