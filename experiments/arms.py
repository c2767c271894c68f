"""Arms: named bundles of mechanisms that are compared under the same draws.

``none`` is the empty bundle, ``full`` all registered mechanisms imposed, ``negotiated`` all left to
negotiation, ``full-NAME`` all but one (``full-A-B`` all but two, and so on); any other arm is one
mechanism or several joined by ``+``, each imposed, or ``NAME-negotiated``. Words that stand for
several arms are written out in `experiments.arm_lists`. Intensity, first year and dyads of a
mechanism are those of ``mechanisms.NAME.*``; left to negotiation its intensity is the most that may
be agreed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.arm_lists import (
    BUNDLES,
    FULL,
    LEFT_TO,
    LISTS,
    NEGOTIATED,
    NONE,
    WITHOUT,
    expanded,
    faults_of_package,
    members_of,
)
from experiments.arms_text import faults_of, known_parts, label_of
from experiments.compose import Settled
from experiments.overrides import COMMAND_LINE
from experiments.settings import mechanism_names, mechanism_settings
from experiments.subsets import faults as faults_of_subsets

__all__ = [
    "BUNDLES", "FULL", "LEFT_TO", "LISTS", "NEGOTIATED", "NONE", "WITHOUT", "Arm",
    "arm_from_modes", "arm_names", "arm_of", "check_use", "expanded", "idle", "members_of",
]  # fmt: skip

class Arm(NamedTuple):
    """One bundle; every mapping is by name of the mechanism.

    ``mechanisms``: intensities imposed; ``negotiated``: most that may be agreed on; ``from_years``:
    first years; ``dyads``: names of the dyads where not all of them are meant.
    """

    name: str
    label: str
    mechanisms: dict[str, float]
    negotiated: dict[str, float]
    from_years: dict[str, float]
    dyads: dict[str, list[str]]

    @property
    def content(self) -> list[Any]:
        """Everything about it that can change a number."""
        extra: list[Any] = [self.negotiated, self.dyads] if self.negotiated or self.dyads else []
        return [self.name, self.mechanisms, self.from_years, *extra]


def arm_of(name: str, chosen: Mapping[str, Mapping[str, Any]]) -> Arm:
    """The arm of a valid name; ``chosen`` holds the settings of every mechanism."""
    imposed, negotiated = members_of(name)
    both = [m for m in mechanism_names() if m in imposed or m in negotiated]
    parts = [m if m in imposed else m + LEFT_TO for m in both]
    whole = name in BUNDLES or name.startswith(WITHOUT)
    if name.startswith(WITHOUT):
        name = WITHOUT + "-".join(m for m in mechanism_names() if m not in imposed)
    return Arm(
        name if whole else "+".join(parts),
        label_of(name if whole else "", imposed, negotiated),
        {m: float(chosen[m]["intensity"]) for m in imposed},
        {m: float(chosen[m]["intensity"]) for m in negotiated},
        {m: float(chosen[m]["from_year"]) for m in both},
        {m: list(chosen[m]["dyads"]) for m in both if chosen[m]["dyads"] is not None},
    )


def arm_from_modes(chosen: Mapping[str, Mapping[str, Any]]) -> Arm:
    """The one bundle of ``thalweg run``: every mechanism in its mode."""
    modes = {m: chosen[m]["mode"] for m in mechanism_names()}
    for bundle, mode in ((NONE, "absent"), (FULL, "imposed"), (NEGOTIATED, "negotiated")):
        if all(one == mode for one in modes.values()):
            return arm_of(bundle, chosen)
    endings = {"imposed": "", "negotiated": LEFT_TO}
    return arm_of("+".join(m + endings[o] for m, o in modes.items() if o in endings), chosen)


def arm_names(settled: Settled, least: int = 2) -> tuple[list[str], list[str]]:
    """Names of the arms of a comparison, and what is wrong with them; ``least`` are needed."""
    arms, given = settled.values.get("arms"), settled.was_given("arms")
    bundle = settled.was_given("mechanisms")
    mistakes = _not_here(settled)
    if bundle is not None and given is None and isinstance(bundle.value, str):
        arms = [NONE] if bundle.value == NONE else [NONE, bundle.value]
    elif bundle is not None and given is not None:
        mistakes.append(
            f"mechanisms ({bundle.where}): the arms already say which mechanisms are compared; "
            "leave out mechanisms=, or leave out arms= to compare none with it."
        )
    if not isinstance(arms, list) or not all(isinstance(arm, str) for arm in arms):
        return [], mistakes  # the schema says so
    where = f"arms ({given.where})" if given is not None else "arms"
    if faults := faults_of_subsets(arms, mechanism_names()):
        return [], [*mistakes, *(f"{where}: {fault}" for fault in faults)]
    about = faults_of_package(settled)
    if about:
        return [], [*mistakes, *about]
    names = expanded(arms, settled.values)
    twice = ["an arm is named twice."] * any(arms.count(word) > 1 for word in LISTS)
    mistakes += [f"{where}: {fault}" for fault in twice or _faults(names, least)]
    return names, mistakes


def check_use(settled: Settled) -> list[str]:
    """Settings of mechanisms that would have no effect in ``thalweg run``."""
    chosen = settled.values["mechanisms"]
    mistakes = []
    for name in mechanism_names():
        if not isinstance(chosen.get(name), dict) or chosen[name].get("mode") != "absent":
            continue
        for key in ("intensity", "from_year", "dyads"):
            given = settled.was_given(f"mechanisms.{name}.{key}")
            if given is not None and settled.was_given(f"mechanisms.{name}.mode") is None:
                mistakes.append(
                    f"{given.key} ({given.where}): {name} is absent, so this has no effect. "
                    f"Add mechanisms={name}, or mechanisms.{name}.mode=imposed"
                )
    return mistakes


def idle(settled: Settled, names: Sequence[str]) -> list[str]:
    """Settings of mechanisms that stand in no arm: they would change nothing."""
    used = {m for name in names for group in members_of(name) for m in group}
    swept = {factor.key for factor in settled.factors}
    defaults = {setting.key: setting.default for setting in mechanism_settings()}
    return [
        f"{a.key} ({a.where}): {name} stands in no arm, so this would change nothing. Name it in "
        f"arms=, for example arms=none,{name}"
        for a in settled.given
        if a.key.startswith("mechanisms.") and (name := a.key.split(".")[1]) not in used
        and (a.key in swept or a.value not in (defaults[a.key], None))
    ]


def _not_here(settled: Settled) -> list[str]:
    return [
        f"{a.key} ({a.where}): here the arms say which mechanisms are in force; leave it out "
        f"and name the mechanism in arms=, as {a.key.split('.')[1]} (imposed) or "
        f"{a.key.split('.')[1]}{LEFT_TO}"
        for a in settled.given
        if a.key.startswith("mechanisms.") and a.key.endswith(".mode")
        and (a.where.startswith(COMMAND_LINE) or a.value in {"imposed", "negotiated"})
        and a.key not in {factor.key for factor in settled.factors}
    ]


def _faults(arms: Sequence[str], least: int) -> list[str]:
    words = [*BUNDLES, *LISTS]
    faults = [fault for arm in arms for fault in faults_of(arm, words, (WITHOUT, LEFT_TO))]
    known = known_parts((WITHOUT, LEFT_TO))
    fine = [arm for arm in arms if all(p in known or p in words for p in arm.split("+"))]
    names = ["+".join(sorted(arm.split("+"))) for arm in fine]
    if not faults:
        lacking = [frozenset(members_of(arm)[0]) for arm in arms if arm.startswith(WITHOUT)]
        names += [str(sorted(bundle)) for bundle in lacking]
    if len(set(names)) < len(names):
        faults.append("an arm is named twice.")
    if len(arms) < least and not faults:
        faults.append("two arms at least are needed to compare, for example arms=none,full")
    return faults
