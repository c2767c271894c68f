"""Words about arms: their labels, and what is wrong with a name."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from experiments.settings import mechanism_names


def known_parts(signs: tuple[str, str]) -> list[str]:
    """What may stand in an arm beside the bundles: NAME, full-NAME and NAME-negotiated."""
    without, left_to = signs
    names = mechanism_names()
    return [*names, *(without + m for m in names), *(m + left_to for m in names)]


def faults_of(arm: str, words: Sequence[str], signs: tuple[str, str]) -> list[str]:
    """What is wrong with one arm. ``words``: bundles and lists; ``signs``: of without, left to."""
    without, left_to = signs
    parts = arm.split("+")
    lacking = arm.removeprefix(without).split("-") if _lacks_several(arm, without) else []
    unknown = [p for p in lacking if p not in mechanism_names()] if lacking else [
        p for p in parts if p not in words and p not in known_parts(signs)
    ]
    if unknown:
        return [f"no mechanism '{part}'. {_hint(part, words, signs)}" for part in unknown]
    if len(set(lacking)) < len(lacking):
        return [f"'{arm}': name different mechanisms."]
    bare = [part.removesuffix(left_to) for part in parts]
    whole = [part for part in parts if part in words or part.startswith(without)]
    if len(parts) > 1 and (whole or len(set(bare)) < len(bare)):
        return [f"'{arm}': join different single mechanisms with '+'."]
    return []


def _lacks_several(arm: str, without: str) -> bool:
    """True for ``full-A-B``: all mechanisms but several."""
    rest = arm.removeprefix(without)
    return rest != arm and "-" in rest and "+" not in rest


def label_of(bundle: str, imposed: Sequence[str], negotiated: Sequence[str]) -> str:
    """An arm in words."""
    from sim.mechanisms import MECHANISMS

    labels = {mechanism.name: mechanism.label for mechanism in MECHANISMS}
    every = f"all {len(MECHANISMS)} mechanisms"
    missing = [name for name in labels if name not in imposed]
    if bundle and imposed and missing:
        *first, last = [labels[name].lower() for name in missing]
        return f"all but {', '.join(first)} and {last}" if first else f"all but {last}"
    if bundle:
        left = f"{every} left to negotiation" if negotiated else "no mechanism"
        return every if imposed else left
    return " + ".join(
        labels[name] + ("" if name in imposed else ", negotiated")
        for name in labels
        if name in imposed or name in negotiated
    )


def _hint(part: str, words: Sequence[str], signs: tuple[str, str]) -> str:
    known = [*words, *known_parts(signs)]
    close = get_close_matches(part, known, n=1, cutoff=0.5)
    if close:
        return f"Did you mean '{close[0]}'?"
    return f"Known: {', '.join([*words, *mechanism_names()])}."
