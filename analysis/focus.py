"""Which arms are drawn one by one when a study has many: few enough to tell apart.

Up to eight arms all are in focus. Of more: the reference, the headline's bundle, every arm that is
neither one mechanism alone nor a bundle less one (such as ``negotiated``), and the mechanisms that
alone move the headline outcome for the better, the clearest first. The forest shows all arms.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache

from analysis.effects import Effect, effects
from analysis.headline import headline, headline_arm
from analysis.language import say
from analysis.study import Arm, Study

MOST = 8  # arms that are drawn one by one without choosing
KEPT = 6  # when there are more
LESS_ONE = "full-"
BUNDLES, ALONE, WITHOUT = "bundles", "alone", "without"


def kind_of(arm: Arm) -> str:
    """One mechanism alone, a bundle less one, or any other bundle."""
    if arm.name.startswith(LESS_ONE) and "-" not in arm.name.removeprefix(LESS_ONE):
        return WITHOUT
    return ALONE if len(arm.mechanisms) == 1 and "negotiated" not in arm.name else BUNDLES


def many(study: Study) -> bool:
    """True when the arms are too many to be drawn one by one."""
    return len(study.arms) > MOST


@lru_cache(maxsize=4)
def in_focus(study: Study) -> Study:
    """The study with the arms in focus only, in their order; the same study when they are few."""
    if not many(study):
        return study
    first, full = study.reference, headline_arm(study)
    chosen = [first.name, *([full.name] if full else [])]
    chosen += [a.name for a in study.arms[1:] if kind_of(a) == BUNDLES and a.name not in chosen]
    singles = [a.name for a in study.arms[1:] if kind_of(a) == ALONE]
    outcome = headline(study).outcome
    if outcome in study.outcomes:
        sign = study.outcomes[outcome].bad_sign or 1
        singles.sort(key=lambda name: -clearness(effects(study)[name, outcome], sign))
    names = {*[*chosen, *singles][:KEPT]}
    return replace(study, arms=tuple(arm for arm in study.arms if arm.name in names))


def clearness(effect: Effect, bad_sign: int) -> float:
    """How far an effect lies on the good side, in half-widths of its interval."""
    half = 0.5 * (effect.hi - effect.lo)
    if not math.isfinite(half) or half <= 0.0:
        return 0.0
    return -bad_sign * effect.difference / half


def focus_note(study: Study) -> str:
    """Words for a reader who looks for the other arms; empty when all are in focus."""
    shown = len(in_focus(study).arms)
    if shown == len(study.arms):
        return ""
    return say(
        "{shown} of {arms} arms are drawn one by one: the bundles, and the mechanisms "
        "that alone moved the headline outcome most clearly for the better. All arms stand in the "
        "comparison of effects.", shown=shown, arms=len(study.arms)
    )  # fmt: skip
