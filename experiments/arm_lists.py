"""Words of ``arms=`` that stand for several arms, written out.

===========  ======================================================================================
word         arms
===========  ======================================================================================
``alone``    every mechanism of the package alone
``minus``    the package less each of its mechanisms (leave one out)
``shapley``  every bundle that the Shapley shares of the package need, none and package included:
             all 2^n where that is no more, else those that some orders of joining pass through
``all``      none, alone, the package, minus and negotiated
``subsets:`` every subset of the mechanisms that follow it (`experiments.subsets`)
===========  ======================================================================================

The package is ``package=A+B+C``, or all mechanisms. Each word stands for the arms that are not
named beside it, so that another may come first; equal bundles are one arm. ``permutations=`` orders
with seed ``permutation_seed=`` are taken (see `analysis.attribution`); more keep those there were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.attribution import needed
from experiments.arms_text import faults_of
from experiments.compose import Settled
from experiments.settings import COMPARING, mechanism_names
from experiments.subsets import written_out

NONE, FULL, NEGOTIATED = "none", "full", "negotiated"
BUNDLES = (NONE, FULL, NEGOTIATED)
ALONE, MINUS, SHAPLEY, EVERY = "alone", "minus", "shapley", "all"
LISTS = (ALONE, MINUS, SHAPLEY, EVERY)  # words that stand for several arms
WITHOUT, LEFT_TO = "full-", "-negotiated"


def members_of(name: str) -> tuple[list[str], list[str]]:
    """Mechanisms of an arm, imposed and left to negotiation, in the order of the registry."""
    names = list(mechanism_names())
    if name == NONE:
        return [], []
    if name == NEGOTIATED:
        return [], names
    if name.startswith(WITHOUT):
        return [m for m in names if m not in name.removeprefix(WITHOUT).split("-")], []
    parts = name.split("+")
    return [m for m in names if name == FULL or m in parts], [
        m for m in names if m + LEFT_TO in parts
    ]


def name_of(members: Sequence[str] | frozenset[str]) -> str:
    """The name of a bundle that is imposed: by what it has, or by what it lacks where that is less.

    Names of folders and files are made of it, so that it must not grow long.
    """
    names = mechanism_names()
    has, lacks = ([m for m in names if (m in members) is there] for there in (True, False))
    if not has or not lacks:
        return FULL if has else NONE
    return "+".join(has) if len(has) <= len(lacks) else WITHOUT + "-".join(lacks)


def expanded(arms: Sequence[str], values: Mapping[str, Any] | None = None) -> list[str]:
    """The arms with every such word written out; ``values``: composed settings, else defaults."""
    values = values or {setting.key: setting.default for setting in COMPARING}
    arms = written_out(arms, mechanism_names())
    plain = {_bundle(arm) for arm in arms if arm not in LISTS}
    found: list[str] = []
    for arm in arms:
        if arm in LISTS:
            new = {_bundle(one): one for one in _written_out(arm, values)}
            later = {_bundle(one) for one in found} | plain
            found += [one for bundle, one in new.items() if bundle not in later]
        else:
            found.append(arm)
    return found


def faults_of_package(settled: Settled) -> list[str]:
    """What is wrong with ``package=`` and ``permutations=``."""
    values, found = settled.values, []
    where = {key: f" ({given.where})" if (given := settled.was_given(key)) else ""
             for key in ("package", "permutations")}  # fmt: skip
    package, orders = values.get("package"), values.get("permutations")
    if isinstance(package, str):
        parts = package.split("+")
        strange = [part for part in parts if part not in mechanism_names()]
        if strange:
            found.append(f"package{where['package']}: no mechanism '{strange[0]}'. Join mechanisms "
                         f"with '+'. Known: {', '.join(mechanism_names())}.")  # fmt: skip
        elif len({*parts}) < max(len(parts), 2):
            found.append(f"package{where['package']}: two different mechanisms at least are "
                         "wanted, joined with '+'.")  # fmt: skip
    if isinstance(orders, int) and orders % 2:
        found.append(f"permutations{where['permutations']}: {orders} is odd, and each order is "
                     f"followed by its reverse. Write {orders + 1}.")  # fmt: skip
    return found


def _written_out(word: str, values: Mapping[str, Any]) -> list[str]:
    names = mechanism_names()
    package = [m for m in names if m in (values.get("package") or "+".join(names)).split("+")]
    lists = {
        ALONE: package,
        MINUS: [name_of([m for m in package if m != one]) for one in package],
    }
    if word == SHAPLEY:
        orders, seed = int(values["permutations"]), int(values["permutation_seed"])
        return [name_of(bundle) for bundle in needed(package, orders, seed)]
    if word == EVERY:
        return [NONE, *lists[ALONE], name_of(package), *lists[MINUS], NEGOTIATED]
    return lists[word]


def _bundle(arm: str) -> object:
    """What makes two names one arm; a name with a mistake stands for itself."""
    if faults_of(arm, [*BUNDLES, *LISTS], (WITHOUT, LEFT_TO)):
        return arm
    imposed, left = members_of(arm)
    return frozenset(imposed), frozenset(left)
