"""Sequential stopping: ``until=halfwidth:0.02`` adds seeds until every interval is narrow enough.

After ``seeds=`` seeds, and after every further ``until_step=``, the paired difference of every arm
to the first is looked at, in every frame, on the headline outcome (the first of the fixed order
that is kept; ``until=halfwidth:0.02:KEY`` names another). The study is done when the widest
interval has at most that half-width, in the outcome's own unit (0.02 of a chance is 2 in 100), or
at ``until_most=`` seeds.

An interval without width is no precision: it says that no pair differed, or all by the same. Then
what may have been missed counts: a kind of history not seen in n seeds has a chance of at most
3 / n (rule of three) and moves the outcome by no more than its range r in both arms, so that the
half-width is taken to be ``3 r / n``. Where nothing was seen to vary at all there is none, and
seeds are added up to ``until_most=``. Of a chance a half-width below 0.5 is asked for.

A rare outcome has a narrow interval long before anything may be said of it: while an outcome that
counts events has too few in an arm (`analysis.scruples`), no interval is narrow enough. That looks
at how many there are, not at which arm has more.

The rule looks at widths and never at whether an effect is there, so that it cannot stop because it
likes what it sees; a width that is estimated too small stops a little early all the same, which
costs coverage (docs/effects.md says how much, as measured). Source: Chow & Robbins (1965),
doi:10.1214/aoms/1177700156 (intervals of fixed width).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments import console, store
from experiments.budget import headline_outcome, same_question
from experiments.campaign import Result
from experiments.exits import FAILED, INTERRUPTED, UsageError
from experiments.plan import Plan
from experiments.until_text import read_until

WIDEST_CHANCE = 0.5


class Rule(NamedTuple):
    """When to stop. ``width``: half of an interval, in the unit of ``outcome``."""

    width: float
    outcome: str
    step: int
    most: int


def rule_of(plan: Plan) -> Rule | None:
    """The rule that a plan asks for, None without one. Raises UsageError."""
    values = plan.head.settings
    if values["until"] is None:
        return None
    found = read_until(values["until"])
    if isinstance(found, str):
        raise UsageError(f"until: {found}")
    if len(plan.head.arms) < 2:
        raise UsageError("until: one arm, so that there is no difference to know.")
    width, named = found
    kept = plan.layout.outcomes
    if named and named not in kept:
        raise UsageError(f"until: the outcome '{named}' is not kept. Kept: {', '.join(kept)}")
    key = named or headline_outcome(kept)
    if width >= WIDEST_CHANCE and _is_chance(key):
        raise UsageError(f"until: a half-width of {width:g} says nothing of {key}, a chance. Write "
                         f"one below {WIDEST_CHANCE:g}, for example halfwidth:0.05.")  # fmt: skip
    return Rule(width, key, values["until_step"], values["until_most"])


def _is_chance(key: str) -> bool:
    from sim.outcomes import OUTCOMES

    return key in OUTCOMES and OUTCOMES[key].kind == "probability"


def carried_out(
    make: Callable[[Sequence[str]], Plan], words: Sequence[str], carry: Callable[[Plan], Result]
) -> tuple[Plan, Result]:
    """Plan and carry out; with ``until=`` again and again with more seeds. Raises UsageError."""
    plan = make(words)
    rule = rule_of(plan)
    if rule is None:
        return plan, carry(plan)
    folder, seeds = plan.folder, max(plan.head.seeds, seeds_there(plan))
    while True:
        if seeds != plan.head.seeds:
            kept = [word for word in words if word.partition("=")[0] not in {"seeds", "out"}]
            plan = make([*kept, f"seeds={seeds}", f"out={folder}"])
        result = carry(plan)
        if result.counts.done < result.launched or result.code in {FAILED, INTERRUPTED}:
            return plan, result
        if _told(plan, rule, seen(folder, rule.outcome)) or seeds >= rule.most:
            return plan, result
        seeds = min(seeds + rule.step, rule.most)


def seeds_there(plan: Plan) -> int:
    """Seeds that the folder holds of this study; 0 where it holds none, or another one."""
    try:
        old = store.read_manifest(plan.folder) if plan.folder.is_dir() else None
    except UsageError:
        return 0
    if old is None or not same_question(plan, old):
        return 0
    return int(old["seeds"]["count"])


class Seen(NamedTuple):
    """Half-width of the widest interval of an outcome, whose it is; ``rare``: why none counts."""

    half: float
    whose: str
    rare: str


def seen(folder: Path, key: str) -> Seen:
    """How wide the intervals of an outcome's differences are by now."""
    from analysis.attributed import paired_effects
    from analysis.attributed_scenes import stage
    from analysis.scruples import too_few

    found = stage(folder, (key,))
    outcome, worst, whose, rare = found.outcomes[key], 0.0, "", ""
    for scene in found.scenes:
        at = {("", arm.name): (0, place) for place, arm in enumerate(scene.arms) if place}
        effects = paired_effects(scene.values[key], at, outcome, scene.design)
        for (_, name), effect in effects.items():
            half = half_width(scene.values[key][..., [0, at["", name][1]]], effect.lo, effect.hi)
            who = f"{name}, {scene.group}{', ' * bool(scene.fit)}{scene.fit}"
            if half > worst or not whose:
                worst, whose = half, who
            rare = rare or too_few(outcome, effect.events, effect.n, (scene.arms[0].name, name))
    return Seen(worst, whose, rare)


def half_width(values: NDArray[np.float64], lo: float, hi: float) -> float:
    """Half of an interval of values [point, seed, 2 arms]; see above where it has no width."""
    from analysis.intervals import rule_of_three

    half = 0.5 * (hi - lo)
    if half > 0:
        return half
    there = values[~np.isnan(values).any(axis=-1)]
    if math.isnan(half) or not there.size or there.min() == there.max():
        return math.inf
    seeds = int((~np.isnan(values).any(axis=-1)).any(axis=0).sum())
    return rule_of_three(seeds) * float(there.max() - there.min())


def _told(plan: Plan, rule: Rule, found: Seen) -> bool:
    """Say how wide the widest interval is; True when it is narrow enough and may be used."""
    narrow = found.half <= rule.width
    shown = f"{found.half:.4f}" if math.isfinite(found.half) else "not defined"
    state = "narrow enough" if narrow else f"{rule.width:g} is wanted"
    if narrow and found.rare:
        state += f", but {found.rare}"
    enough = narrow and not found.rare
    if not enough and plan.head.seeds >= rule.most:
        state += (f"{';' if narrow else ', but'} until_most={rule.most} seeds are there: stopped "
                  "without it")  # fmt: skip
    console.note(f"until: {plan.head.seeds} seeds, widest half-width of {rule.outcome} {shown} "
                 f"({found.whose}): {state}")  # fmt: skip
    return enough
