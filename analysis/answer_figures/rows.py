"""Rows of marks with intervals on one scale: what several answers are drawn as."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from analysis import words
from analysis.figures.figure import Spec
from analysis.figures.layout import (
    axis,
    base,
    broken,
    escape,
    lines_of,
    nice_ticks,
    tick_digits,
)

ROW, HEAD, FOOT = 40, 16, 58
LINE, ABOVE = 15, 10  # pixels of a line, and from mark to label
BESIDE, PHONE = 36, 36  # letters of a label beside its row, and across a phone


class Mark(NamedTuple):
    """One estimate with its interval; ``open``: drawn hollow, as it is not told from nothing."""

    value: float
    lo: float
    hi: float
    token: str
    symbol: str = "circle"
    open: bool = False
    text: str = ""


def row_spec(
    labels: Sequence[str], series: Sequence[Sequence[Mark]], line: float, title: str,
    zero: str = "",
) -> tuple[Spec, Spec]:  # fmt: skip
    """(spec, layout of a phone): ``series`` of marks over the same rows.

    ``line``: where a dashed line stands, NaN for none. ``zero``: word at 0, which then has a line.
    """
    span = _span([m for marks in series for m in marks], line)
    ticks = nice_ticks(span[0], span[1], 6)
    shown = [zero if zero and t == 0 else words.plain(t, tick_digits(ticks)) for t in ticks]
    apart = 0.16 if len(series) > 1 else 0.0
    data = [
        _trace(mark, at + apart * (2 * s - 1))
        for s, marks in enumerate(series)
        for at, mark in enumerate(marks)
        if math.isfinite(mark.value)
    ]
    texts = [broken(words.upper_first(label), BESIDE) for label in labels]
    row = max(ROW, LINE * max([lines_of(one) for one in texts], default=1) + 6)
    layout = base(HEAD + row * len(labels) + FOOT, margin={"l": 250, "r": 24, "t": HEAD, "b": FOOT})
    named = {"text": escape(title), "font": {"size": 12, "color": "@muted"}, "standoff": 12}
    layout["xaxis"] = axis(range=span, tickvals=ticks, ticktext=shown, title=named)
    layout["yaxis"] = axis(
        range=[len(labels) - 0.5, -0.5],
        tickvals=list(range(len(labels))),
        ticktext=texts,
        tickfont={"size": 12, "color": "@text"},
        showgrid=False,
    )
    layout["shapes"] = [_line(at, dash) for at, dash in ((line, "dash"), (0.0, "solid"))
                        if math.isfinite(at) and (dash == "dash" or zero)]  # fmt: skip
    return {"data": data, "layout": layout}, _narrow(labels, title)


def _trace(mark: Mark, at: float) -> Spec:
    lo, hi = (end if math.isfinite(end) else mark.value for end in (mark.lo, mark.hi))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(f"{mark.value:.6g}")],
        "y": [round(at, 3)],
        "error_x": {
            "type": "data", "symmetric": False, "color": mark.token, "thickness": 2.2, "width": 0,
            "array": [float(f"{max(hi - mark.value, 0):.6g}")],
            "arrayminus": [float(f"{max(mark.value - lo, 0):.6g}")],
        },
        "marker": {
            "size": 11, "symbol": mark.symbol, "opacity": 1,
            "color": "@card" if mark.open else mark.token,
            "line": {"color": mark.token, "width": 2.2},
        },
        "hovertemplate": f"{broken(mark.text, 60)}<extra></extra>",
    }  # fmt: skip


def _span(marks: Sequence[Mark], line: float) -> list[float]:
    ends = [x for m in marks for x in (m.value, m.lo, m.hi) if math.isfinite(x)]
    ends += [0.0, *([line] if math.isfinite(line) else [])]
    pad = 0.06 * (max(ends) - min(ends)) or 1.0
    return [min(ends) - pad, max(ends) + pad]


def _line(at: float, dash: str) -> Spec:
    look = {"color": "@unclear", "width": 1.4, "dash": dash}
    return {"type": "line", "xref": "x", "x0": at, "x1": at, "yref": "paper", "y0": 0, "y1": 1,
            "layer": "below", "line": look}  # fmt: skip


def _narrow(labels: Sequence[str], title: str) -> Spec:
    """Labels above the marks instead of beside them."""
    texts = [broken(words.upper_first(label), PHONE) for label in labels]
    named = broken(title, PHONE)
    head = LINE * max([lines_of(text) for text in texts], default=1) + ABOVE
    foot = FOOT + LINE * (lines_of(named) - 1)
    return {
        "height": head + (head + LINE) * len(labels) + foot,
        "margin": {"l": 10, "r": 10, "t": head, "b": foot},
        "xaxis": {"title": {"text": named}},
        "yaxis": {"showticklabels": False},
        "annotations": [above(text, at) for at, text in enumerate(texts)],
    }


def above(text: str, at: float) -> Spec:
    """A label that stands over the mark of its row."""
    return {"x": 0, "xref": "paper", "xanchor": "left", "y": at, "yref": "y", "yanchor": "bottom",
            "yshift": ABOVE, "text": text, "showarrow": False, "align": "left",
            "font": {"size": 12, "color": "@text"}, "bgcolor": "@card/80"}  # fmt: skip
