"""Words and numbers of the cells of docs/findings.md."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.arms import NEGOTIATED
from experiments.findings_grades import DEFAULT, Finding
from experiments.mechanism_document import ALL, OUTCOMES, TOGETHER
from experiments.negotiated_document import LEFT

MOST_NAMED = 4  # models that a cell names one by one


def listed(names: Sequence[str], rest: Sequence[str]) -> str:
    """Names, or by what is missing where that is shorter."""
    if len(rest) < len(names):
        return f"all {len(names) + len(rest)}" + (f" but {', '.join(rest)}" if rest else "")
    return ", ".join(names)


def change(f: Finding) -> str:
    """The difference with its interval and the mean without it, under the model in the middle."""
    one = f.shown
    note = "" if one.model == DEFAULT else f" under `{one.model}`"
    scale = scale_of(f.outcome)
    difference, lo, hi = (f"{scale * x:+.3g}" for x in (one.difference, one.lo, one.hi))
    return f"{difference} ({lo} to {hi}) from {scale * one.without:.3g} {unit_of(f.outcome)}{note}"


def relative(f: Finding) -> float:
    """The difference as a share of the mean without it; infinite where there was nothing."""
    one = f.shown
    return one.difference / one.without if one.without else math.copysign(math.inf, one.difference)


def over_models(f: Finding) -> str:
    """The differences from the least to the greatest over the models."""
    return span([scale_of(f.outcome) * one.difference for one in f.heard], "+.2g")


def span(values: Sequence[float], shape: str) -> str:
    """The least and the greatest of some values."""
    ends = dict.fromkeys(f"{end:{shape}}" for end in (min(values), max(values)))
    return " to ".join(ends)


def agreeing_models(f: Finding) -> list[str]:
    """Models that say what the verdict says; without a side, models that say anything clear."""
    return f.say(f.side) if f.side else [one.model for one in f.heard if one.sign]


def heard(f: Finding) -> str:
    """Under how many models it is clear, and how many could not be asked."""
    silent = f.models - len(f.heard)
    text = f"clear under {len(agreeing_models(f))} of {f.models} models"
    return f"{text}, {silent} of which saw too few events" if silent else text


def named(models: Sequence[str]) -> str:
    """A few models by name, many by number."""
    if len(models) > MOST_NAMED:
        return f"{len(models)} models"
    return ", ".join(f"`{name}`" for name in models)


def judged() -> dict[str, str]:
    """The good direction of every outcome that has one."""
    from sim.outcomes import OUTCOMES as DECLARED

    return {key: DECLARED[key].better for key in OUTCOMES if DECLARED[key].better != "none"}


def label_of(arm: str) -> str:
    """What an arm is called."""
    from sim.mechanisms import MECHANISMS

    named = {mechanism.name: mechanism.label for mechanism in MECHANISMS}
    return {**named, ALL: TOGETHER, NEGOTIATED: LEFT}[arm]


def outcome_label(key: str) -> str:
    """What an outcome is called."""
    from sim.outcomes import OUTCOMES as DECLARED

    return DECLARED[key].label


def unit_of(key: str) -> str:
    """Unit of shown values."""
    from sim.outcomes import OUTCOMES as DECLARED

    return "in 100" if scale_of(key) > 1.0 else DECLARED[key].unit


def scale_of(key: str) -> float:
    """Chances are told in 100 histories."""
    from sim.outcomes import OUTCOMES as DECLARED

    return 100.0 if DECLARED[key].kind == "probability" else 1.0


def anchor(label: str) -> str:
    """The anchor of a heading."""
    kept = "".join(c for c in label.lower() if c.isalnum() or c in " -_")
    return kept.replace(" ", "-")


def runs_of(stored: Mapping[str, Any]) -> int:
    """Histories simulated."""
    return sum(
        len(said["events"]) * stored["seeds"]
        for held in stored["found"].values() for said in held.values()
    )  # fmt: skip
