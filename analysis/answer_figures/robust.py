"""Does the headline hold under other assumptions? The same effect, study by study.

One row per study that compares the same two arms: this one first, then each under other settings,
which are named. Whether two rows differ is another question, asked pair by pair by `thalweg diff`
(`analysis.changes`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis import words
from analysis.answer_figures.rows import Mark, row_spec
from analysis.companions import Companions, made_by, model_note, named, place_of
from analysis.effects import Effect, effects, pairs
from analysis.figures.figure import PAIRED, Column, Figure, Key, View, source_line
from analysis.figures.layout import tick_digits
from analysis.headline import ORDER, headline, phrase_of, refusal
from analysis.language import marked, say, say_count
from analysis.scruples import too_few, with_any
from analysis.study import Outcome, Study

QUESTION = "Does the headline hold under other assumptions?"
NEEDS = ("comparison",)
HERE = marked("this study")
MOST_SETTINGS = 3
COLUMNS = (
    Column("study", "Study"), Column("settings", "Set otherwise than here"),
    Column("n", "Pairs", 0), Column("before", "Without", 3), Column("after", "With", 3),
    Column("estimate", "Difference", 3), Column("lo", "95 %, from", 3), Column("hi", "95 %, to", 3),
    Column("said", "What is said"),
)  # fmt: skip
LOWER = {
    "same": marked("{outcome}: lower here, and lower in the other setting"),
    "turned": marked("{outcome}: lower here, but higher in the other setting"),
    "open": marked("{outcome}: lower here; in the other setting it is not known"),
    "many": marked("{outcome}: lower here; of {number} other settings, lower in {lower}, higher in "
                   "{higher}, not known in {open}"),
}  # fmt: skip
HIGHER = {
    "same": marked("{outcome}: higher here, and higher in the other setting"),
    "turned": marked("{outcome}: higher here, but lower in the other setting"),
    "open": marked("{outcome}: higher here; in the other setting it is not known"),
    "many": marked("{outcome}: higher here; of {number} other settings, lower in {lower}, higher "
                   "in {higher}, not known in {open}"),
}  # fmt: skip
HOW_TO_READ = (
    (
        "Each row is the same comparison of the same two arms, simulated under other settings; the "
        "bar is the 95 % interval over its pairs of histories."
    ),
    (
        "Filled: a claim is made. Open: none is, as the bar spans no change, runs failed or too "
        "few histories hold the event; the table says which."
    ),
    (
        "Rows show assumptions that somebody chose to doubt, not all that could be doubted, and "
        "two bars that overlap may still differ: thalweg diff compares two settings pair by pair."
    ),
)


class Row(NamedTuple):
    """The headline effect in one study; ``reason``: why no claim is made, empty where one is."""

    label: str
    settings: str
    effect: Effect
    reason: str


def build(study: Study, others: Companions) -> Figure | None:
    """The figure, or None where no comparison beside has the headline's arm and outcome."""
    head = headline(study)
    if not head.arm:
        return None
    keys = list(dict.fromkeys(key for key in (head.outcome, *ORDER) if key in study.outcomes))
    views = [v for key in keys if (v := _view(study, others.others, head.arm, key)) is not None]
    if not views:
        return None
    return Figure(
        key="robust",
        question=QUESTION,
        views=tuple(views),
        control="Outcome",
        source=source_line(PAIRED, study.identity),
        how_to_read=HOW_TO_READ,
        note=" ".join(dict.fromkeys(
            note for other in others.others if (note := model_note(study, other.manifest)))),
        command=_commands(study, [one for one in others.others if any(
            _row(study, one, head.arm, key) is not None for key in keys)]),
    )  # fmt: skip


def _commands(study: Study, used: Sequence[Study]) -> tuple[str, ...]:
    """What makes the figure again: every study that has a row, and the report that joins them."""
    beside = " ".join(f"--with {place_of(one)}" for one in used)
    return (*map(made_by, (study, *used)), f"thalweg report {place_of(study)} {beside}")


def title(outcome: Outcome, rows: Sequence[Row]) -> str:
    """What is known here, and in how many other studies the same, the opposite or nothing is."""
    first = rows[0]
    if first.reason:
        claimed = sum(not row.reason for row in rows[1:])
        return say_count(
            "No claim about {outcome} here; one is made in {claimed} of {number} other setting",
            "No claim about {outcome} here; one is made in {claimed} of {number} other settings",
            len(rows) - 1, outcome=words.lower_first(outcome.label), claimed=claimed,
        )  # fmt: skip
    fell = first.effect.difference < 0
    known = [row.effect.difference < 0 for row in rows[1:] if not row.reason]
    same, rest = sum(own == fell for own in known), len(rows) - 1
    told = LOWER if fell else HIGHER
    if rest == 1:
        key = "open" if not known else "same" if same else "turned"
        return say(told[key], outcome=words.upper_first(outcome.label))
    lower = same if fell else len(known) - same
    return say(told["many"], outcome=words.upper_first(outcome.label), number=rest, lower=lower,
               higher=len(known) - lower, open=rest - len(known))  # fmt: skip


def other_settings(study: Study, other: Study) -> str:
    """Parameters that differ from this study's, and the years, in words."""
    own, theirs = _values(study), _values(other)
    changed = [key for key in theirs if key in own and theirs[key] != own[key]]
    told = [say("{setting} {here} to {there}", setting=words.lower_first(_label(study, key)),
                here=_value(own[key]), there=_value(theirs[key])) for key in changed]
    if other.years != study.years:
        told.append(say("{number} years", number=words.plain(other.years, 0)))
    if len(told) > MOST_SETTINGS:
        rest = len(told) - MOST_SETTINGS
        told = [*told[:MOST_SETTINGS], say("{number} more", number=rest)]
    return ", ".join(told) or say("other seeds or arms only")


def _view(study: Study, others: Sequence[Study], arm: str, key: str) -> View | None:
    rows = [row for one in (study, *others) if (row := _row(study, one, arm, key)) is not None]
    if len(rows) < 2 or rows[0].label != HERE:
        return None
    outcome = study.outcomes[key]
    scale = words.scale_of(outcome)
    marks = [
        Mark(r.effect.difference * scale, r.effect.lo * scale, r.effect.hi * scale,
             "@accent" if r.label == HERE else "@arm1", open=bool(r.reason), text=said(outcome, r))
        for r in rows
    ]  # fmt: skip
    unit = words.unit_of(outcome)
    drawn = row_spec([_named(row) for row in rows], [marks], math.nan,
                     say("change against {reference}", reference=study.reference.label)
                     + (f", {unit}" if unit else ""), say("no change"))  # fmt: skip
    return View(
        key=key,
        label=outcome.label,
        title=title(outcome, rows),
        subtitle=say("{outcome}: {arm} against {reference}.",
                     outcome=words.upper_first(phrase_of(outcome)), arm=study.arm(arm).label,
                     reference=study.reference.label),
        spec=drawn[0],
        narrow=drawn[1],
        legend=(Key("@accent", "this study", "dot"), Key("@arm1", "other settings", "dot"),
                Key("@text", "no claim is made", "ring")),
        alt=f"{title(outcome, rows)}. " + "; ".join(said(outcome, row) for row in rows),
        table=pd.DataFrame([_cells(outcome, row) for row in rows],
                           columns=[column.key for column in COLUMNS]),
        columns=COLUMNS,
        steps=tuple(said(outcome, row) for row in rows),
    )  # fmt: skip


def _row(study: Study, one: Study, arm: str, key: str) -> Row | None:
    names = {a.name for a in one.arms}
    if arm not in names or one.reference.name != study.reference.name or key not in one.outcomes:
        return None
    effect = effects(one)[arm, key]
    if effect.n < 2:
        return None
    both = np.stack([side[key].to_numpy(dtype=float) for side in pairs(one, arm)], axis=-1)
    few = too_few(one.outcomes[key], with_any(one.outcomes[key], both), len(both),
                  [one.reference.label, one.arm(arm).label])  # fmt: skip
    here = one is study
    told = "" if here else other_settings(study, one)
    return Row(HERE if here else named(one), told, effect, few or refusal(one, effect))


def said(outcome: Outcome, row: Row) -> str:
    """One row in words."""
    e = row.effect
    digits = words.difference_digits(outcome, e.difference, e.lo, e.hi)
    shown, lo, hi = (words.difference(outcome, x, digits) for x in (e.difference, e.lo, e.hi))
    why = say("; no claim: {reason}", reason=row.reason) if row.reason else ""
    return say("{study}: {value} ({lo} to {hi}), {pairs} pairs", value=shown, lo=lo, hi=hi,
               study=words.upper_first(_named(row)), pairs=words.plain(e.n, 0)) + why


def _named(row: Row) -> str:
    label = say(row.label)
    return label if not row.settings else f"{label}: {row.settings}"


def _cells(outcome: Outcome, row: Row) -> dict[str, Any]:
    scale, e = words.scale_of(outcome), row.effect
    return {
        "study": say(row.label), "settings": row.settings, "n": e.n,
        "before": e.reference_mean * scale, "after": e.arm_mean * scale,
        "estimate": e.difference * scale, "lo": e.lo * scale, "hi": e.hi * scale,
        "said": row.reason or say("claimed"),
    }  # fmt: skip


def _values(study: Study) -> dict[str, float]:
    return {str(p["key"]): float(p["value"]) for p in study.declarations.get("parameters", [])}


def _label(study: Study, key: str) -> str:
    return next((str(p["label"]) for p in study.declarations.get("parameters", [])
                 if p["key"] == key), key)  # fmt: skip


def _value(number: float) -> str:
    """A parameter's value with the digits that it has, six at most."""
    return words.plain(number, tick_digits([number]))

