"""Arms: named bundles of mechanisms that are compared under the same draws.

``none`` is the empty bundle, ``full`` all registered mechanisms, any other arm is one mechanism or
several joined by ``+``. Intensity and first year of a mechanism are those of ``mechanisms.NAME.*``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from experiments.compose import Settled
from experiments.settings import mechanism_names

NONE, FULL = "none", "full"
BUNDLES = (NONE, FULL)


class Arm(NamedTuple):
    """One bundle. ``mechanisms``: intensity by name; ``from_years``: first year by name."""

    name: str
    label: str
    mechanisms: dict[str, float]
    from_years: dict[str, float]


def arm_of(name: str, chosen: Mapping[str, Mapping[str, Any]]) -> Arm:
    """The arm of a valid name; ``chosen`` holds intensity and first year of every mechanism."""
    members = members_of(name)
    return Arm(
        name if name in BUNDLES else "+".join(members),
        _label(name, members),
        {m: float(chosen[m]["intensity"]) for m in members},
        {m: float(chosen[m]["from_year"]) for m in members},
    )


def members_of(name: str) -> list[str]:
    """Mechanisms of an arm, in the order of the registry."""
    if name == NONE:
        return []
    parts = name.split("+")
    return [m for m in mechanism_names() if name == FULL or m in parts]


def arm_from_modes(chosen: Mapping[str, Mapping[str, Any]]) -> Arm:
    """The one bundle of ``thalweg run``: every mechanism whose mode is ``imposed``."""
    members = [m for m in mechanism_names() if chosen[m]["mode"] == "imposed"]
    if not members:
        return arm_of(NONE, chosen)
    return arm_of(FULL if len(members) == len(mechanism_names()) else "+".join(members), chosen)


def arm_names(settled: Settled) -> tuple[list[str], list[str]]:
    """Names of the arms of ``thalweg compare``, and what is wrong with them."""
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
    mistakes += [f"{where}: {fault}" for fault in _faults(arms)]
    return arms, mistakes


def check_use(settled: Settled) -> list[str]:
    """Settings of mechanisms that would have no effect in ``thalweg run``."""
    chosen = settled.values["mechanisms"]
    mistakes = []
    for name in mechanism_names():
        if not isinstance(chosen.get(name), dict) or chosen[name].get("mode") != "absent":
            continue
        for key in ("intensity", "from_year"):
            given = settled.was_given(f"mechanisms.{name}.{key}")
            if given is not None and settled.was_given(f"mechanisms.{name}.mode") is None:
                mistakes.append(
                    f"{given.key} ({given.where}): {name} is absent, so this has no effect. "
                    f"Add mechanisms={name}, or mechanisms.{name}.mode=imposed"
                )
    return mistakes


def _not_here(settled: Settled) -> list[str]:
    return [
        f"{a.key} ({a.where}): in compare the arms say which mechanisms are in force; leave it out "
        "and name the mechanism in arms="
        for a in settled.given
        if a.key.startswith("mechanisms.") and a.key.endswith(".mode") and "command" in a.where
    ]


def _faults(arms: Sequence[str]) -> list[str]:
    known = [*BUNDLES, *mechanism_names()]
    faults = []
    for arm in arms:
        parts = arm.split("+")
        unknown = [part for part in parts if part not in known]
        for part in unknown:
            close = get_close_matches(part, known, n=1, cutoff=0.5)
            hint = f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(known)}."
            faults.append(f"no mechanism '{part}'. {hint}")
        if not unknown and len(parts) > 1 and (set(parts) & set(BUNDLES) or _twice(parts)):
            faults.append(f"'{arm}': join different single mechanisms with '+'.")
    names = ["+".join(members_of(arm)) if "+" in arm else arm for arm in arms]
    if _twice(names):
        faults.append("an arm is named twice.")
    if len(arms) < 2 and not faults:
        faults.append("two arms at least are needed to compare, for example arms=none,full")
    return faults


def _twice(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names)


def _label(name: str, members: Sequence[str]) -> str:
    from sim.mechanisms import MECHANISMS

    if name == NONE:
        return "no mechanism"
    if name == FULL:
        return f"all {len(MECHANISMS)} mechanisms"
    labels = {mechanism.name: mechanism.label for mechanism in MECHANISMS}
    return " + ".join(labels[member] for member in members)
