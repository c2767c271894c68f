"""What a budget of seeds can see, said before anything is simulated.

From pairs of the same study that are there already (30 of every arm at least), else the most that
two independent arms could need: see `analysis.power`. Nothing else is known beforehand, and nothing
else is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments import store
from experiments.exits import UsageError
from experiments.plan import Plan

# What must be equal for the seeds that are there to be seeds of the study that is asked for.
SAME = ("command", "region content", "years", "spinup_years", "tick_weeks", "parameters", "seed",
        "model code")  # fmt: skip


def told(plan: Plan) -> list[str]:
    """One line on the smallest effect that would be seen; none for a single arm."""
    from analysis import words
    from analysis.power import detectable_unseen
    from sim.outcomes import OUTCOMES

    if len(plan.head.arms) < 2:
        return []
    key, seeds = headline_outcome(plan.layout.outcomes), plan.head.seeds
    declared = OUTCOMES[key]
    chance = declared.kind == "probability"
    scale, unit = (100.0, "in 100 histories") if chance else (1.0, declared.unit)
    opening = f"smallest effect on {key} that {words.count(seeds, 'seed')} detect"
    opening += " (80 % power at 95 %): "
    pairs, least = _there(plan, key, seeds)
    if not math.isnan(least):
        shown = f"{least * scale:.2g} {unit}".strip()
        return [f"{opening}{shown}, by the {pairs} pairs that are there"]
    if not chance:
        return [f"{opening}not known before 30 pairs of every arm are there"]
    most = detectable_unseen(seeds) * scale
    return [f"{opening}at most {most:.2g} {unit}, the worst case before any pair is seen"]


def headline_outcome(kept: Sequence[str]) -> str:
    """The first outcome of the fixed order that is kept; without one the first kept."""
    from analysis.headline import ORDER

    return next((key for key in ORDER if key in kept), kept[0])


def same_question(plan: Plan, old: Mapping[str, Any]) -> bool:
    """True where the study of a manifest differs from the plan in its size at most."""
    parts, kept = plan.parts, old.get("identity_parts") or {}
    return all(kept.get(key) == parts.get(key) for key in SAME)


def _there(plan: Plan, key: str, seeds: int) -> tuple[int, float]:
    """Complete pairs of the arm that has fewest, and what they say of so many seeds."""
    from analysis.attributed_scenes import stage
    from analysis.power import detectable_from
    from analysis.study import StudyError

    try:
        old = store.read_manifest(plan.folder) if plan.folder.is_dir() else None
        if old is None or not same_question(plan, old):
            return 0, math.nan
        found = stage(plan.folder, (key,))
    except (UsageError, StudyError, OSError):
        return 0, math.nan
    least, fewest = [], []
    for scene in found.scenes:
        values = scene.values[key].mean(axis=0)  # what all points of a seed share is one pair
        changes = values[:, 1:] - values[:, :1]
        least.append(detectable_from(changes, seeds))
        fewest.append(min((~np.isnan(changes)).sum(axis=0).tolist(), default=0))
    return min(fewest, default=0), max(least, default=math.nan) if all(
        not math.isnan(one) for one in least
    ) else math.nan
