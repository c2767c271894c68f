"""What does each arm change, against the first arm, in one outcome at a time?

A forest of paired effects: one row per arm, a number column, the direction that is bad marked.
"""

from __future__ import annotations

import math

from analysis import censored, words
from analysis.effects import effects
from analysis.figures.effect_table import (
    COLUMNS,
    directions,
    effect_rows,
    note,
    number_words,
    zero_line,
)
from analysis.figures.figure import PAIRED, Figure, Key, Spec, View, source_line
from analysis.figures.forest_rows import (
    Line,
    Rows,
    bundle_line,
    headings,
    label_of,
    rows_of,
    tick_of,
)
from analysis.figures.forest_words import alternative, digits_of, shares, title
from analysis.figures.layout import axis, base, broken, escape, nice_ticks, tick_digits
from analysis.focus import many
from analysis.headline import ORDER, headline
from analysis.language import marked, say
from analysis.study import Outcome, Study

QUESTION = "What does each arm change?"
NEEDS = ("outcomes",)
HEAD, FOOT = 34, 62
DIGITS_OF_MANY = 5  # of the table, where many rows stand behind every outcome
KINDS = {
    "probability": marked("Chances"),
    "rate": marked("Rates"),
    "share": marked("Shares"),
    "level": marked("Levels"),
    "time": marked("Times"),
    "money": marked("Money"),
    "count": marked("Counts"),
}
HEADLINES = marked("Headline outcomes, in their fixed order")
OTHERS = marked("Others")
HOW_TO_READ = (
    (
        "Each mark is the mean difference between histories that share every draw of chance and "
        "differ only in the arm; its bar is the 95 % interval."
    ),
    (
        "A filled mark: the bar lies on one side of the line. An open mark: it spans the line, so "
        "the sign is not known from this many pairs."
    ),
    (
        "The shares of pairs that got better and worse are in the table: a good mean can hide many "
        "histories that got worse."
    ),
    "Intervals hold one at a time. Among many rows about one in twenty misses by chance.",
)


def build(study: Study) -> Figure | None:
    """The figure, or None for a study of one arm."""
    if len(study.arms) < 2:
        return None
    chosen = headline(study).outcome
    views = [_view(study, key) for key in _order(study, chosen) if _defined(study, key)]
    if not views:
        return None
    return Figure(
        key="forest",
        question=QUESTION,
        views=tuple(views),
        control="Outcome",
        source=source_line(PAIRED, study.identity),
        how_to_read=(*HOW_TO_READ, *censored.how_to_read(study)),
    )


def _order(study: Study, chosen: str) -> list[str]:
    first = [key for key in (chosen, *ORDER) if key in study.outcomes]
    rest = sorted(
        (key for key in study.outcomes if key not in first),
        key=lambda key: (
            list(KINDS).index(study.outcomes[key].kind)
            if study.outcomes[key].kind in KINDS
            else len(KINDS)
        ),
    )
    return list(dict.fromkeys([*first, *rest]))


def _defined(study: Study, key: str) -> bool:
    """Some arm has an effect.

    Of many arms only outcomes are drawn that can be better or worse and that some arm is known to
    move; counts by every value of the scales are left to reports of few arms.
    """
    found = [effects(study)[arm.name, key] for arm in study.arms[1:]]
    if many(study) and key not in ORDER:
        known = any(not effect.spans_zero for effect in found)
        if study.outcomes[key].bad_sign == 0 or key.startswith("events_") or not known:
            return False
    return any(math.isfinite(effect.difference) for effect in found)


def _view(study: Study, key: str) -> View:
    outcome = study.outcomes[key]
    rows = rows_of(study, key)
    first = rows.found[0]
    mean = words.value(outcome, first.reference_mean)
    label = words.upper_first(outcome.label)
    about = f" {words.upper_first(outcome.about.rstrip('.'))}." if outcome.about else ""
    about = f"{about} {censored.told(study, key)}".rstrip()
    return View(
        key=key,
        label=label,
        title=title(outcome, rows),
        subtitle=say("{outcome}. With {reference}: {mean}.", outcome=label, mean=mean,
                     reference=study.reference.label) + about,
        spec=_spec(study, outcome, rows),
        narrow=_narrow(study, outcome, rows),
        legend=(
            Key("@text", "sign known (95 %)", "dot"),
            Key("@text", "interval spans zero", "ring"),
        ),
        alt=alternative(study, outcome, rows),
        table=effect_rows(study, rows.found, DIGITS_OF_MANY if rows.many else 10),
        columns=COLUMNS,
        group=HEADLINES if key in ORDER else KINDS.get(outcome.kind, OTHERS),
    )  # fmt: skip


def _spec(study: Study, outcome: Outcome, rows: Rows) -> Spec:
    scale = words.scale_of(outcome)
    digits = digits_of(outcome, rows.found)
    data = [_mark(line, outcome, scale) for line in rows.lines]
    ends = [x * scale for e in rows.found for x in (e.lo, e.hi, e.difference) if math.isfinite(x)]
    reach = [min([0.0, *ends]), max([0.0, *ends])]
    pad = 0.08 * (reach[1] - reach[0]) or 1.0
    span = [reach[0] - pad, reach[1] + pad]
    ticks = nice_ticks(span[0], span[1], 6)
    tick_text = [words.signed(t, tick_digits(ticks)) if t else say("no change") for t in ticks]
    layout = base(
        HEAD + rows.height() + FOOT,
        margin={"l": 220 if rows.many else 160, "r": 190, "t": HEAD, "b": FOOT},
    )
    layout["xaxis"] = axis(
        range=span, tickvals=ticks, ticktext=tick_text, title=_axis_title(study, outcome)
    )
    layout["yaxis"] = axis(
        range=[rows.places - 0.5, -0.5],
        tickvals=[*(line.at for line in rows.lines), *(at for _, at in rows.headings)],
        ticktext=[
            *(_tick(line, rows.many) for line in rows.lines),
            *(f"<b>{text}</b>" for text, _ in rows.headings),
        ],
        tickfont={"size": 12 if rows.many else 13, "color": "@text"},
        showgrid=False,
    )
    layout["shapes"] = [*_stripes(rows), zero_line(), *bundle_line(study, rows, scale)]
    notes = [*_directions(outcome), *_numbers(outcome, rows, digits)]
    layout["annotations"] = notes
    return {"data": data, "layout": layout}


def _tick(line: Line, many: bool) -> str:
    return tick_of(line.arm) if many else broken(words.upper_first(line.arm.label), 24)


def _mark(line: Line, outcome: Outcome, scale: float) -> Spec:
    effect, token = line.effect, line.token
    shown = effect.difference * scale
    if not math.isfinite(shown):
        return {"type": "scatter", "x": [], "y": []}
    lo, hi = (x * scale if math.isfinite(x) else shown for x in (effect.lo, effect.hi))
    value, interval = number_words(outcome, effect, digits_of(outcome, [effect]))
    open_mark = effect.spans_zero
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(f"{shown:.6g}")],
        "y": [line.at],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [float(f"{max(hi - shown, 0):.6g}")],
            "arrayminus": [float(f"{max(shown - lo, 0):.6g}")],
            "color": token,
            "thickness": 2.4,
            "width": 0,
        },
        "marker": {
            "size": 13,
            "symbol": line.symbol,
            "color": "@card" if open_mark else token,
            "opacity": 1,
            "line": {"color": token, "width": 2.4},
        },
        "hovertemplate": f"<b>{escape(words.upper_first(line.arm.label))}</b><br>{value} "
        f"{interval}<br>{shares(effect)}<extra></extra>",
    }


def _numbers(outcome: Outcome, rows: Rows, digits: int) -> list[Spec]:
    notes: list[Spec] = [
        note(say("difference [95 % interval]"), x=1, xshift=18, y=1, yshift=18, yref="paper",
             size=11)
    ]  # fmt: skip
    size = 12 if rows.many else 14
    for line in rows.lines:
        value, interval = number_words(outcome, line.effect, digits)
        text = f"<b>{value}</b>  <span style='font-size:{size - 2}px'>{interval}</span>"
        notes.append(note(text, x=1, xshift=18, y=line.at, yref="y", size=size, color="@text"))
    return notes


def _directions(outcome: Outcome) -> list[Spec]:
    if outcome.bad_sign == 0:
        return []
    better, worse = say("better"), say("worse")
    return directions(*((better, worse) if outcome.bad_sign > 0 else (worse, better)))


def _stripes(rows: Rows) -> list[Spec]:
    return [
        {
            "type": "rect",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "y0": line.at - 0.5,
            "y1": line.at + 0.5,
            "fillcolor": "@sunken",
            "line": {"width": 0},
            "layer": "below",
        }
        for line in rows.lines[1::2]
    ]


def _narrow(study: Study, outcome: Outcome, rows: Rows) -> Spec:
    """Label and numbers above each mark instead of beside it."""
    digits = digits_of(outcome, rows.found)
    notes = [{**entry, "font": {**entry["font"], "size": 11}} for entry in _directions(outcome)]
    notes += headings(rows)
    for line in rows.lines:
        value, interval = number_words(outcome, line.effect, digits)
        text = f"{escape(label_of(line.arm))}  <b>{value}</b>  {interval}"
        notes.append(
            note(text, x=0, y=line.at - 0.33, yref="y", size=12, color="@text", bgcolor="@card/80")
        )
    return {
        "height": HEAD + rows.height(narrow=True) + FOOT,
        "margin": {"l": 10, "r": 10, "t": HEAD, "b": FOOT},
        "yaxis": {"showticklabels": False},
        "xaxis": {"title": {"text": broken(_axis_words(study, outcome), 36)}},
        "annotations": notes,
    }


def _axis_title(study: Study, outcome: Outcome) -> Spec:
    return {
        "text": broken(_axis_words(study, outcome), 60),
        "font": {"size": 12, "color": "@muted"},
        "standoff": 12,
    }


def _axis_words(study: Study, outcome: Outcome) -> str:
    unit = censored.unit(study, outcome.key, words.unit_of(outcome))
    text = say("change against {reference}", reference=study.reference.label)
    return text + (f" ({unit})" if unit else "")
