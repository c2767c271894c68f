"""Words of the forest: title, text alternative, and what a mark says when it is pointed at."""

from __future__ import annotations

import math

from analysis import words
from analysis.effects import FEW_EVENTS, FEW_VALUES, Effect
from analysis.figures.effect_table import number_words
from analysis.figures.forest_rows import GROUPS, Rows
from analysis.focus import ALONE, BUNDLES, WITHOUT, kind_of
from analysis.study import Outcome, Study


def digits_of(outcome: Outcome, found: list[Effect]) -> int:
    """Decimals for the differences of one outcome."""
    ends = [x for effect in found for x in (effect.difference, effect.lo, effect.hi)]
    return words.difference_digits(outcome, *ends)


def shares(effect: Effect) -> str:
    """Shares of pairs that got better and worse, or rose and fell."""
    if math.isnan(effect.better):
        return f"rose in {words.in_100(effect.rose)} pairs, fell in {words.in_100(effect.fell)}"
    return (
        f"better in {words.in_100(effect.better)} pairs, worse in {words.in_100(effect.worse)}, "
        f"n = {effect.n:,}"
    )


def title(outcome: Outcome, rows: Rows) -> str:
    """What was found, arm by arm, or counted by group where there are many."""
    if rows.many:
        return f"{words.upper_first(outcome.label)}: {summary(outcome, rows)}"
    groups: dict[str, list[str]] = {}
    for line in rows.lines:
        groups.setdefault(line.effect.verdict(outcome), []).append(line.arm.label)
    said = {
        "better": "improved by {}",
        "worse": "worsened by {}",
        "rises": "raised by {}",
        "falls": "lowered by {}",
        "unclear": "unclear for {}",
        FEW_EVENTS: "too few events for {}",
        FEW_VALUES: "too many values missing for {}",
    }
    known = [said[v].format(words.listing(groups[v])) for v in said if v in groups]
    label = words.upper_first(outcome.label)
    if set(groups) == {FEW_EVENTS}:
        return f"{label}: too few events for a verdict on any arm"
    if set(groups) == {FEW_VALUES}:
        return f"{label}: not defined in too many histories for a verdict on any arm"
    if set(groups) == {"unclear"}:
        return f"{label}: no arm has an effect whose sign is known"
    return f"{label}: {'; '.join(known)}"


def alternative(study: Study, outcome: Outcome, rows: Rows) -> str:
    """The effects in words; of many arms only those in focus."""
    digits = digits_of(outcome, rows.found)
    unit = words.unit_of(outcome)
    parts = []
    for line in rows.lines:
        if rows.many and line.colour < 0:
            continue
        value, interval = number_words(outcome, line.effect, digits)
        parts.append(
            f"{line.arm.label} {value}, interval {interval.strip('[]').replace(', ', ' to ')}"
        )
    return (
        f"Paired effects on {words.lower_first(outcome.label)} against {study.reference.label}"
        f"{', ' + unit if unit else ''}: {'; '.join(parts)}."
    )


def summary(outcome: Outcome, rows: Rows) -> str:
    """Verdicts counted by group, for a title that many names would fill."""
    parts = []
    for kind in GROUPS:
        own = [line for line in rows.lines if kind_of(line.arm) == kind]
        verdicts = [line.effect.verdict(outcome) for line in own]
        counted = {v: verdicts.count(v) for v in dict.fromkeys(verdicts) if v != "unclear"}
        if own and kind == BUNDLES:
            parts += [f"{line.arm.label} {SAID[v]}" for line, v in zip(own, verdicts, strict=True)]
        elif own:
            told = words.listing([f"{n} {SAID[v]}" for v, n in counted.items()]) or "none clear"
            parts.append(f"of {len(own)} {COUNTED[kind]} {told}")
    return "; ".join(parts)


COUNTED = {ALONE: "mechanisms alone", WITHOUT: "bundles that lack one"}
SAID = {
    "better": "better", "worse": "worse", "rises": "higher", "falls": "lower",
    "unclear": "unclear", FEW_EVENTS: "with too few events",
    FEW_VALUES: "with too many values missing",
}  # fmt: skip
