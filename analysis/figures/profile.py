"""What gets better and what gets worse with one arm, over all outcomes that have a bad direction?

Effects are scaled by the spread of the outcome between histories of the reference arm, and turned
so that right is always better: that makes thirty outcomes fit one chart and hides no harm.
"""

from __future__ import annotations

import math
from typing import Any

from analysis import censored, words
from analysis.effects import effects
from analysis.figures.effect_table import COLUMNS as EFFECT_COLUMNS
from analysis.figures.effect_table import (
    directions,
    effect_rows,
    note,
    number_words,
    zero_line,
)
from analysis.figures.figure import PAIRED, Column, Figure, Key, Spec, View, source_line
from analysis.figures.layout import (
    apart,
    axis,
    base,
    broken,
    escape,
    lines_of,
    nice_ticks,
    tick_digits,
)
from analysis.figures.profile_rows import Row, scaled_rows
from analysis.headline import headline_arm
from analysis.language import marked, say
from analysis.study import Arm, Study

QUESTION = "What gets better, and what gets worse?"
NEEDS = ("outcomes",)
ROW, HEAD = 27, 30
LINE, ABOVE = 14, 9  # a phone: pixels of a line of a label, and from the mark to its label
LONGEST, PHONE = 46, 38  # letters in a line of a label: beside its row, and on a phone
MIDDLE = 12  # letters in a line of the tick at zero, whose neighbours are near
WIDEST = 1.5  # spreads; what lies beyond is marked at the edge by an arrow
COLOURS = {"better": "@good", "worse": "@bad", "negligible": "@unclear", "unclear": "@unclear"}
SYMBOLS = {"better": "circle", "worse": "diamond", "negligible": "line-ns", "unclear": "circle"}
VERDICTS = (marked("negligible"), marked("rises"), marked("falls"), marked("few events"),
            marked("values missing"))  # said of outcomes that are not drawn
COLUMNS: tuple[Column, ...] = (*EFFECT_COLUMNS, Column("scaled", "Scaled, right is better", 3))
HOW_TO_READ = (
    (
        "One row per outcome that has a good and a bad direction, sorted from most improved to "
        "most worsened. Right of the line is better, whichever way the outcome runs."
    ),
    (
        "The scale is the outcome's spread (standard deviation) between histories of the first "
        "arm: 0.5 means half of the usual difference between two histories. It compares rows "
        "roughly; it does not say which outcome matters more."
    ),
    (
        "Negligible: the sign is known, but the effect is below a hundredth of the spread. An "
        "arrow at the edge: the effect is larger than the scale, read its number."
    ),
    "Numbers on the right are in the outcome's own unit, with its own sign.",
)


def build(study: Study) -> Figure | None:
    """The figure, or None when no outcome can be scaled."""
    views = [view for arm in study.arms[1:] if (view := _view(study, arm)) is not None]
    if not views:
        return None
    arm = headline_arm(study)
    return Figure(
        key="profile",
        question=QUESTION,
        views=tuple(views),
        control="Arm",
        state="arm",
        start=arm.name if arm else "",
        source=source_line(PAIRED, study.identity),
        how_to_read=(*HOW_TO_READ, *censored.how_to_read(study)),
    )


def _left_out(study: Study, arm: Arm, rows: list[Row]) -> str:
    """Outcomes with a direction that cannot be scaled, with their difference in words."""
    drawn = {row.outcome.key for row in rows}
    parts = []
    for key, outcome in study.outcomes.items():
        effect = effects(study)[arm.name, key]
        if key in drawn or outcome.bad_sign == 0 or not math.isfinite(effect.difference):
            continue
        if effect.difference == 0:
            continue
        unit = words.unit_of(outcome)
        text = f"{words.lower_first(outcome.label)} {words.difference(outcome, effect.difference)}"
        verdict = say(effect.verdict(outcome))
        parts.append(f"{text} {unit} ({verdict})".replace("  ", " "))
    if not parts:
        return ""
    return " " + say("Not drawn, as histories with {reference} do not differ in it: {parts}.",
                     reference=study.reference.label, parts="; ".join(parts))  # fmt: skip


def _view(study: Study, arm: Arm) -> View | None:
    rows = scaled_rows(study, arm)
    if not rows:
        return None
    table = effect_rows(study, [row.effect for row in rows])
    table["scaled"] = [float(f"{row.shown:.6g}") for row in rows]
    return View(
        key=arm.name,
        label=arm.label,
        title=_title(arm, rows),
        subtitle=say(
            "Paired effects of {arm} against {reference}, each in spreads of its outcome. Right is "
            "better.", arm=arm.label, reference=study.reference.label,
        ) + _left_out(study, arm, rows),
        spec=_spec(rows),
        narrow=_narrow(rows),
        legend=(
            Key("@good", "better", "dot"),
            Key("@bad", "worse", "diamond"),
            Key("@unclear", "negligible", "tick"),
            Key("@unclear", "interval spans zero, or too few events", "ring"),
        ),
        alt=_alt(rows),
        table=table,
        columns=COLUMNS,
    )


def _spec(rows: list[Row]) -> Spec:
    reach, places, foot = _reach(rows), _places(rows), _foot()
    margin = {"l": 304, "r": 226, "t": HEAD, "b": foot}
    layout = base(HEAD + math.ceil(ROW * (places[-1] + 1)) + foot, margin=margin)
    layout["meta"] = {"narrow": 780}
    layout["xaxis"] = axis(
        range=[-reach, reach],
        **_ticks(nice_ticks(-reach, reach, 6)),
        title={"text": say("effect in spreads between histories"), "standoff": 10,
               "font": {"size": 12, "color": "@muted"}},
    )  # fmt: skip
    layout["yaxis"] = axis(
        range=[places[-1] + 0.5, -0.5],
        tickvals=places,
        ticktext=[_label(row) for row in rows],
        tickfont={"size": 12, "color": "@text"},
        gridcolor="@grid",
    )
    layout["shapes"] = [zero_line()]
    layout["annotations"] = [*directions(say("worse"), say("better")), *_numbers(rows)]
    return {"data": [_marks(rows, v, reach) for v in COLOURS], "layout": layout}


def _ticks(places: list[float]) -> Spec:
    text = [words.signed(t, tick_digits(places)) if t else _zero() for t in places]
    return {"tickvals": places, "ticktext": text}


def _zero() -> str:
    return broken(say("no change"), MIDDLE)


def _foot() -> int:
    return 50 + LINE * (lines_of(_zero()) - 1)


def _label(row: Row) -> str:
    return broken(words.upper_first(row.outcome.label), LONGEST)


def _places(rows: list[Row]) -> list[float]:
    """Where each row stands, in rows: further down where labels of two lines meet."""
    return apart([lines_of(_label(row)) for row in rows], ROW)


def _reach(rows: list[Row]) -> float:
    """Half the width of the scale, in spreads."""
    return min(WIDEST, max(0.1, *(abs(x) * 1.08 for row in rows for x in (row.lo, row.hi))))


def _marks(rows: list[Row], verdict: str, reach: float) -> Spec:
    chosen = [(at, row) for at, row in zip(_places(rows), rows, strict=True)
              if row.verdict == verdict]  # fmt: skip
    token, edge = COLOURS[verdict], 0.975 * reach
    inside = [abs(row.shown) <= edge for _, row in chosen]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(f"{min(max(row.shown, -edge), edge):.5g}") for _, row in chosen],
        "y": [at for at, _ in chosen],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": _lengths(inside, [row.hi - row.shown for _, row in chosen]),
            "arrayminus": _lengths(inside, [row.shown - row.lo for _, row in chosen]),
            "color": token,
            "thickness": 2,
            "width": 0,
        },
        "marker": {
            "size": 10,
            "symbol": [_symbol(row, verdict, edge) for _, row in chosen],
            "color": "@card" if verdict == "unclear" else token,
            "opacity": 1,
            "line": {"color": token, "width": 2},
        },
        "text": [_hover(row) for _, row in chosen],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
    }


def _lengths(inside: list[bool], values: list[float]) -> list[float]:
    """Lengths of error bars; none for a mark that stands at the edge."""
    return [
        float(f"{max(v, 0):.5g}") if kept else 0.0 for kept, v in zip(inside, values, strict=True)
    ]


def _symbol(row: Row, verdict: str, edge: float) -> str:
    if abs(row.shown) > edge:
        return "triangle-right" if row.shown > 0 else "triangle-left"
    return SYMBOLS[verdict]


def _hover(row: Row) -> str:
    value, interval = _own(row)
    unit = words.unit_of(row.outcome)
    shares = say("better in {better} pairs, worse in {worse}",
                 better=words.in_100(row.effect.better), worse=words.in_100(row.effect.worse))
    return (
        f"<b>{broken(row.outcome.label, 44)}</b><br>{value} {interval} {escape(unit)}<br>{shares}"
    )


def _own(row: Row) -> tuple[str, str]:
    effect = row.effect
    digits = words.difference_digits(row.outcome, effect.difference, effect.lo, effect.hi)
    return number_words(row.outcome, effect, digits)


def _numbers(rows: list[Row]) -> list[Spec]:
    beside: dict[str, Any] = {"x": 1, "xshift": 14}
    notes = [note(say("own unit [95 % interval]"), size=11, y=1, yref="paper", yshift=18, **beside)]
    for at, row in zip(_places(rows), rows, strict=True):
        value, interval = _own(row)
        pairs = f" n={row.effect.n:,}" if row.effect.dropped else ""
        text = f"<b>{value}</b>  <span style='font-size:11px'>{interval}{pairs}</span>"
        notes.append(note(text, size=12, color="@text", y=at, yref="y", **beside))
    return notes


def _narrow(rows: list[Row]) -> Spec:
    """Label and number above each mark."""
    texts, places, reach = [_above(row) for row in rows], _places(rows), _reach(rows)
    ticks = [t for t in nice_ticks(-reach, reach, 4) if abs(t) < 0.8 * reach]
    head = LINE * max(lines_of(text) for text in texts) + ABOVE
    place: dict[str, Any] = {"x": 0, "yref": "y", "yanchor": "bottom", "yshift": ABOVE}
    notes = [note(text, size=11, color="@text", y=at, bgcolor="@card/85", **place)
             for at, text in zip(places, texts, strict=True)]  # fmt: skip
    return {
        "height": HEAD + head // 2 + (head + LINE) * (places[-1] + 1.5) + _foot(),
        "margin": {"l": 8, "r": 8, "t": HEAD + head // 2, "b": _foot()},
        "xaxis": _ticks(ticks),
        "yaxis": {"showticklabels": False, "showgrid": False, "range": [places[-1] + 0.5, -1.0]},
        "annotations": [*directions(say("worse"), say("better")), *notes],
    }


def _above(row: Row) -> str:
    value, _ = _own(row)
    lines = words.wrap(f"{words.upper_first(row.outcome.label)} {value}", PHONE)
    lines[-1] = f"{lines[-1].removesuffix(value)}<b>{value}</b>"
    return "<br>".join([*(escape(line) for line in lines[:-1]), lines[-1]])


def _title(arm: Arm, rows: list[Row]) -> str:
    found = [row.verdict for row in rows]
    better, worse, small = (found.count(v) for v in ("better", "worse", "negligible"))
    unclear = found.count("unclear")
    return say(
        "{arm}: {better} better, {worse} worse, {unclear} unclear, {small} negligible" if small else
        "{arm}: {better} better, {worse} worse, {unclear} unclear",
        arm=words.upper_first(arm.label), better=words.count(better, "outcome"), worse=worse,
        unclear=unclear, small=small,
    )  # fmt: skip


def _alt(rows: list[Row]) -> str:
    named = {
        verdict: [words.lower_first(row.outcome.label) for row in rows if row.verdict == verdict]
        for verdict in COLOURS
    }
    parts = [f"{say(verdict)}: {', '.join(labels) or say('none')}"
             for verdict, labels in named.items()]  # fmt: skip
    told = say("Forest of {number} outcomes.", number=len(rows))
    return f"{told} {'. '.join(parts)}."
