"""Words of the forest: title, text alternative, and what a mark says when it is pointed at."""

from __future__ import annotations

import math

from analysis import words
from analysis.effects import FEW_EVENTS, FEW_VALUES, Effect
from analysis.figures.forest_rows import GROUPS, Rows
from analysis.focus import ALONE, BUNDLES, WITHOUT, kind_of
from analysis.language import marked, say
from analysis.study import Outcome, Study


def digits_of(outcome: Outcome, found: list[Effect]) -> int:
    """Decimals for the differences of one outcome."""
    ends = [x for effect in found for x in (effect.difference, effect.lo, effect.hi)]
    return words.difference_digits(outcome, *ends)


def shares(effect: Effect) -> str:
    """Shares of pairs that got better and worse, or rose and fell."""
    if math.isnan(effect.better):
        return say("rose in {rose} pairs, fell in {fell}", rose=words.in_100(effect.rose),
                   fell=words.in_100(effect.fell))  # fmt: skip
    return say("better in {better} pairs, worse in {worse}, n = {n}",
               better=words.in_100(effect.better), worse=words.in_100(effect.worse),
               n=words.plain(effect.n, 0))  # fmt: skip


def title(outcome: Outcome, rows: Rows) -> str:
    """What was found, arm by arm, or counted by group where there are many."""
    if rows.many:
        return f"{words.upper_first(outcome.label)}: {summary(outcome, rows)}"
    groups: dict[str, list[str]] = {}
    for line in rows.lines:
        groups.setdefault(line.effect.verdict(outcome), []).append(line.arm.label)
    known = [say(MOVED[v], arms=words.listing(groups[v])) for v in MOVED if v in groups]
    label = words.upper_first(outcome.label)
    if len(groups) == 1 and (only := next(iter(groups))) in ALL_ALIKE:
        return say(ALL_ALIKE[only], outcome=label)
    return say("{study}: {text}", study=label, text=say("; ").join(known))


def alternative(study: Study, outcome: Outcome, rows: Rows) -> str:
    """The effects in words; of many arms only those in focus."""
    digits = digits_of(outcome, rows.found)
    unit = words.unit_of(outcome)
    parts = []
    for line in rows.lines:
        if rows.many and line.colour < 0:
            continue
        value, lo, hi = (words.difference(outcome, x, digits)
                         for x in (line.effect.difference, line.effect.lo, line.effect.hi))
        parts.append(say("{arm} {value}, interval {lo} to {hi}", arm=line.arm.label, value=value,
                         lo=lo, hi=hi))  # fmt: skip
    told = say("Paired effects on {outcome} against {reference}", reference=study.reference.label,
               outcome=words.lower_first(outcome.label))  # fmt: skip
    return f"{told}{', ' + unit if unit else ''}: {'; '.join(parts)}."


def summary(outcome: Outcome, rows: Rows) -> str:
    """Verdicts counted by group, for a title that many names would fill."""
    parts = []
    for kind in GROUPS:
        own = [line for line in rows.lines if kind_of(line.arm) == kind]
        verdicts = [line.effect.verdict(outcome) for line in own]
        counted = {v: verdicts.count(v) for v in dict.fromkeys(verdicts) if v != "unclear"}
        if own and kind == BUNDLES:
            parts += [f"{line.arm.label} {say(SAID[v])}"
                      for line, v in zip(own, verdicts, strict=True)]  # fmt: skip
        elif own:
            told = words.listing([f"{n} {say(SAID[v])}" for v, n in counted.items()])
            parts.append(say(COUNTED[kind], number=len(own), told=told or say("none clear")))
    return "; ".join(parts)


COUNTED = {
    ALONE: marked("of {number} mechanisms alone {told}"),
    WITHOUT: marked("of {number} bundles that lack one {told}"),
}
SAID = {
    "better": marked("better"), "worse": marked("worse"), "rises": marked("higher"),
    "falls": marked("lower"), "unclear": marked("unclear"),
    FEW_EVENTS: marked("with too few events"),
    FEW_VALUES: marked("with too many values missing"),
}  # fmt: skip
MOVED = {
    "better": marked("improved by {arms}"),
    "worse": marked("worsened by {arms}"),
    "rises": marked("raised by {arms}"),
    "falls": marked("lowered by {arms}"),
    "unclear": marked("unclear for {arms}"),
    FEW_EVENTS: marked("too few events for {arms}"),
    FEW_VALUES: marked("too many values missing for {arms}"),
}
ALL_ALIKE = {
    FEW_EVENTS: marked("{outcome}: too few events for a verdict on any arm"),
    FEW_VALUES: marked("{outcome}: not defined in too many histories for a verdict on any arm"),
    "unclear": marked("{outcome}: no arm has an effect whose sign is known"),
}
