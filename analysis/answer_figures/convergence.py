"""Are there runs enough? The indices of `drives` at a quarter, at half and at all of the points.

One line per setting, the largest first; where a line still moves, or its interval is wide, more
points may change the order. The verdicts are those of `analysis.sensitivity.verdicts`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from analysis import theme, words
from analysis.answer_figures.drives import MOST_VIEWS, NAMES, RANKS, answered
from analysis.companions import Companions, again, model_note, named
from analysis.figures.figure import Column, Figure, Key, Spec, View, source_line
from analysis.figures.layout import axis, base, broken, escape, nice_ticks, tick_digits
from analysis.headline import phrase_of
from analysis.language import say, say_count
from analysis.sensitivity.study import Answer, Index, design_of
from analysis.sensitivity.verdicts import CONVERGED
from analysis.study import Study
from analysis.sweep_study import Sweep

QUESTION = "Are there runs enough to know?"
NEEDS = ("sweep",)
MOST_LINES = 5
HEIGHT, NARROW_HEIGHT = 380, 340
APART = 0.045  # of a step: intervals stand beside each other
COLUMNS = (
    Column("label", "Setting"), Column("points", "Points", 0), Column("estimate", "Estimate", 3),
    Column("lo", "95 %, from", 3), Column("hi", "95 %, to", 3), Column("verdict", "Verdict"),
)  # fmt: skip
HOW_TO_READ = (
    (
        "From left to right the same index from the first quarter, the first half and all of the "
        "points that were drawn. Bars are 95 % intervals."
    ),
    (
        "A line that is flat at the end, with a short bar, would hardly change with more runs. One "
        "that moves, or whose bar reaches to its neighbours, may change its place."
    ),
    (
        "Converged: the interval is narrow enough, the index moved by no more from half to all, "
        "and no other changed places with it. The table has every setting."
    ),
)


def build(study: Study, others: Companions) -> Figure | None:
    """The figure over all sweeps that allow it, or None where none does."""
    views: list[View] = []
    used: list[Sweep] = []
    for sweep in others.sweeps:
        own = [view for one in answered(study, sweep) if (view := _view(sweep, one)) is not None]
        if own:
            used.append(sweep)
            views += own[: max(0, MOST_VIEWS - len(views))]
    if not views:
        return None
    runs = sum(int(sweep.row.size) for sweep in used)
    return Figure(
        key="convergence",
        question=QUESTION,
        views=tuple(views),
        control="Answer",
        source=source_line(say("{runs} runs of a sweep", runs=words.plain(runs, 0)),
                           str(used[0].manifest.get("identity", ""))),
        how_to_read=HOW_TO_READ,
        note=" ".join(dict.fromkeys(note for s in used if (note := model_note(study, s.manifest)))),
        command=again(used, "sensitivity"),
    )  # fmt: skip


def title(ranked: Sequence[Index], of: str) -> str:
    """How many settings are known, by their verdicts."""
    known = sum(index.verdict.word == CONVERGED for index in ranked)
    if known == len(ranked):
        return say("{outcome}: every index is known to the width asked for",
                   outcome=words.upper_first(of))  # fmt: skip
    if not known:
        return say("{outcome}: no index is known yet to the width asked for",
                   outcome=words.upper_first(of))  # fmt: skip
    return say_count(
        "{outcome}: {known} of {number} index is known; more runs may move it",
        "{outcome}: {known} of {number} indices are known; more runs may move the others",
        len(ranked), outcome=words.upper_first(of), known=known,
    )  # fmt: skip


def _view(sweep: Sweep, answer: Answer) -> View | None:
    kind = RANKS[design_of(sweep).method]
    ranked = sorted((i for i in answer.indices if i.kind == kind), key=lambda i: -_sized(i))
    if answer.refusal or not ranked:
        return None
    q = answer.question
    what = phrase_of(q.outcome)
    of = (say("the effect of {arm} on {outcome}", arm=q.arm.label, outcome=what) if q.against
          else say("{outcome}, {arm}", outcome=what, arm=q.arm.label))  # fmt: skip
    lines = ranked[:MOST_LINES]
    told = title(ranked, of)
    return View(
        key=f"{named(sweep)}-{q.frame.case}-{q.arm.name}-{'effect' if q.against else 'alone'}"
            f"-{q.outcome.key}",
        label=of,
        title=told,
        subtitle=say("{index} of the largest settings, from a quarter, half and all of the points.",
                     index=words.upper_first(say(NAMES[kind]))),
        group=q.frame.label,
        spec=_spec(lines, say(NAMES[kind])),
        narrow={"height": NARROW_HEIGHT, "margin": {"l": 44, "r": 12, "t": 14, "b": 52}},
        legend=tuple(Key(theme.arm_token(1 + k), i.units[0].label, "line")
                     for k, i in enumerate(lines)),
        alt=f"{told}. " + "; ".join(_said(i) for i in lines),
        table=_table(ranked),
        columns=COLUMNS,
    )  # fmt: skip


def _sized(index: Index) -> float:
    return index.now.value if math.isfinite(index.now.value) else 0.0


def _said(index: Index) -> str:
    values = ", ".join(words.plain(step.value, 2) for step in index.trail)
    return f"{index.units[0].label}: {values}"


def _spec(lines: Sequence[Index], name: str) -> Spec:
    steps = max((index.trail for index in lines), key=len)
    data = [_line(index, k, len(lines)) for k, index in enumerate(lines)]
    ends = [x for i in lines for s in i.trail for x in (s.value, s.lo, s.hi) if math.isfinite(x)]
    lo, hi = min([0.0, *ends]), max([0.0, *ends])
    pad = 0.05 * (hi - lo) or 0.1
    ticks = nice_ticks(lo, hi + pad, 5)
    layout = base(HEIGHT, margin={"l": 60, "r": 18, "t": 14, "b": 52})
    layout["xaxis"] = axis(
        range=[-0.35, len(steps) - 0.65], tickvals=list(range(len(steps))), showgrid=False,
        ticktext=[words.plain(step.blocks, 0) for step in steps],
        title={"text": escape(say("points used")), "font": {"size": 12, "color": "@muted"},
               "standoff": 10},
    )  # fmt: skip
    layout["yaxis"] = axis(
        range=[lo - pad, hi + pad], tickvals=ticks,
        ticktext=[words.plain(tick, tick_digits(ticks)) for tick in ticks],
        title={"text": broken(name, 30), "font": {"size": 12, "color": "@muted"}, "standoff": 8},
    )  # fmt: skip
    return {"data": data, "layout": layout}


def _line(index: Index, place: int, of: int) -> Spec:
    token = theme.arm_token(1 + place)
    shift = APART * (place - (of - 1) / 2)
    known = [(at, step) for at, step in enumerate(index.trail) if math.isfinite(step.value)]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "x": [round(at + shift, 3) for at, _ in known],
        "y": [float(f"{step.value:.5g}") for _, step in known],
        "error_y": {
            "type": "data", "symmetric": False, "color": token, "thickness": 1.5, "width": 0,
            "array": [_length(step.hi - step.value) for _, step in known],
            "arrayminus": [_length(step.value - step.lo) for _, step in known],
        },
        "line": {"color": token, "width": 2, "dash": theme.arm_dash(1 + place)},
        "marker": {"size": 8, "color": token, "symbol": theme.arm_symbol(1 + place), "opacity": 1},
        "hovertemplate": f"<b>{broken(words.upper_first(index.units[0].label), 44)}</b>"
        "<br>%{y:.2f}<extra></extra>",
    }  # fmt: skip


def _length(value: float) -> float:
    return float(f"{max(value, 0.0):.5g}") if math.isfinite(value) else 0.0


def _table(ranked: Sequence[Index]) -> pd.DataFrame:
    rows = [
        {"label": index.units[0].label, "points": step.blocks, "estimate": step.value,
         "lo": step.lo, "hi": step.hi, "verdict": say(index.verdict.word)}
        for index in ranked for step in index.trail
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[column.key for column in COLUMNS])
