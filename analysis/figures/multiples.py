"""Small multiples: one panel per arm on one scale, the reference repeated in each as a dashed line.

Used by the ladder over time and by the chances over time.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis import theme, words
from analysis.figures.figure import Spec
from analysis.figures.layout import (
    axis,
    base,
    grid_domains,
    lines_of,
    nice_ticks,
    numbers,
    panel_title,
    suffix,
    year_ticks,
)
from analysis.language import say
from analysis.study import Arm, Study

MOST_POINTS = 80
WHOLE, NARROW_TITLE, LINE = 200, 15, 15  # letters of a panel's title, pixels of its lines
PANEL_HEIGHT, NARROW_PANEL_HEIGHT, GAP = 260, 170, 58
Floats = NDArray[np.float64]
Draw = Callable[[int, Arm], list[Spec]]


def thinned(points: int, first: int = 0) -> NDArray[np.int64]:
    """Rows of at most `MOST_POINTS` evenly spaced points from ``first`` on, the last included."""
    first = min(first, points - 1)
    step = max(1, math.ceil((points - first) / MOST_POINTS))
    return np.arange(points - 1, first - 1, -step)[::-1]


def band(
    index: int, x: Sequence[float], lo: Floats, hi: Floats, token: str, shape: str = "linear"
) -> Spec:
    """A filled band between two lines, without hover."""
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [*x, *reversed(x)],
        "y": [*numbers(lo), *reversed(numbers(hi))],
        "fill": "toself",
        "fillcolor": token,
        "line": {"width": 0, "shape": shape},
        "hoverinfo": "skip",
        **_axes(index),
    }


def line(
    index: int,
    x: Sequence[float],
    y: Floats,
    token: str,
    hover: Sequence[str] | None = None,
    *,
    width: float = 2.4,
    dash: str = "solid",
    shape: str = "linear",
) -> Spec:
    """A line with ready-made hover texts, or none."""
    spec: Spec = {
        "type": "scatter",
        "mode": "lines",
        "x": list(x),
        "y": numbers(y),
        "line": {"color": token, "width": width, "dash": dash, "shape": shape},
        **_axes(index),
    }
    if hover is None:
        return {**spec, "hoverinfo": "skip"}
    return {**spec, "text": list(hover), "hovertemplate": "%{text}<extra></extra>"}


def end_labels(index: int, x: float, ys: Sequence[float], texts: Sequence[str], token: str) -> Spec:
    """Direct labels at the right end of lines."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": [x] * len(ys),
        "y": numbers(ys),
        "text": list(texts),
        "textposition": "middle right",
        "textfont": {"size": 11, "color": token},
        "cliponaxis": False,
        "hoverinfo": "skip",
        **_axes(index),
    }


def multiples(study: Study, draw: Draw, y_axis: Spec, left: int) -> Spec:
    """The spec of one panel per arm; ``left`` is the margin for the tick labels of the scale."""
    count = len(study.arms)
    columns = count if count <= 4 else (3 if count <= 6 else 4)
    layout = _grid(study, columns, y_axis, PANEL_HEIGHT, left)
    layout["annotations"] = _titles(study, WHOLE)
    data = [trace for i, arm in enumerate(study.arms) for trace in draw(i, arm)]
    return {"data": data, "layout": layout}


def _titles(study: Study, width: int) -> list[Spec]:
    return [
        panel_title(i, words.upper_first(arm.label), f"{theme.arm_token(i)}-text", width)
        for i, arm in enumerate(study.arms)
    ]


def narrow_multiples(study: Study, y_axis: Spec, left: int) -> Spec:
    """Layout values of the same panels on a phone: two columns."""
    titles = _titles(study, NARROW_TITLE)
    second = LINE * max(lines_of(str(title["text"])) - 1 for title in titles)
    layout = _grid(study, min(2, len(study.arms)), y_axis, NARROW_PANEL_HEIGHT, left, second)
    kept = {k: v for k, v in layout.items() if k[:5] in ("xaxis", "yaxis")}
    margin = {**layout["margin"], "t": layout["margin"]["t"] + second}
    return {**kept, "height": layout["height"] + second, "margin": margin, "annotations": titles}


def share_axis(highest: float) -> Spec:
    """A scale of shares of histories from none to a little above the highest."""
    top = min(1.0, max(0.05, highest * 1.05))
    ticks = nice_ticks(0.0, top * 100, 5)
    return {
        "range": [-top / 100, top],
        "tickvals": [t / 100 for t in ticks],
        "ticktext": [say("{number} %", number=words.plain(t, 0)) for t in ticks],
    }


def _grid(
    study: Study, columns: int, y_axis: Spec, panel_height: int, left: int, more: int = 0
) -> Spec:
    """Axes of the panels; ``more``: pixels between rows for longer titles."""
    count = len(study.arms)
    rows = math.ceil(count / columns)
    plot = rows * panel_height + (rows - 1) * (GAP + more)
    domains = grid_domains(count, columns, gap_x=0.04, gap_y=(GAP + more) / plot)
    layout = base(plot + 60, margin={"l": left, "r": 20, "t": 30, "b": 30, "pad": 0})
    ticks = year_ticks(study.start_year, study.end_year, 8 // columns if columns > 1 else 8)
    for index, (x_domain, y_domain) in enumerate(domains):
        end = suffix(index)
        layout[f"xaxis{end}"] = axis(
            domain=x_domain,
            anchor=f"y{end}",
            range=[study.start_year, study.end_year],
            tickvals=ticks,
            ticktext=[str(t) for t in ticks],
            showgrid=False,
            showline=True,
            ticks="outside",
            ticklen=4,
        )
        layout[f"yaxis{end}"] = axis(
            domain=y_domain,
            anchor=f"x{end}",
            showticklabels=index % columns == 0,
            showline=False,
            ticks="",
            **y_axis,
        )
    return layout


def _axes(index: int) -> Spec:
    return {"xaxis": f"x{suffix(index)}", "yaxis": f"y{suffix(index)}"}
