"""One history while it is stepped: the map with its links, and both ladders over time.

Specs as plain dicts with colour tokens, from plain arrays; `analysis.theme.resolve` makes them
light or dark. What is drawn was simulated, not observed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis import theme
from analysis.figures.figure import Key, Spec
from analysis.figures.layout import axis, base, broken, escape, suffix, year_ticks
from analysis.figures.map_labels import extent, map_labels, town_name
from analysis.figures.map_lines import border_line, hidden, segments, town_of

WIDE = 720  # pixels that the map is laid out for
SMALL = 330
LADDERS = ("Between towns", "Between states")


@dataclass(frozen=True, eq=False)
class Drawn:
    """The region that is drawn: the plain values of region.json."""

    region: dict[str, Any]


def map_key(rungs: Sequence[str]) -> list[Key]:
    """Colour key of the links: one entry per local rung."""
    top = len(rungs) - 1
    return [Key(theme.rung_token(k, top), name, "outlined") for k, name in enumerate(rungs)]


def live_map(drawn: Drawn, reached: np.ndarray, rungs: Sequence[str], *, narrow: bool) -> Spec:
    """Towns, border lines and links; ``reached`` [dyad]: the rung that colours each link."""
    box = extent(drawn)
    top = len(rungs) - 1
    layout = base(
        270 if narrow else 460,
        margin={"l": 1, "r": 1, "t": 1, "b": 1},
        plot_bgcolor="@land0",
        xaxis=hidden([box.west, box.east]),
        yaxis={
            **hidden([box.south, box.north]), "scaleanchor": "x",
            "scaleratio": round(1 / box.cosine, 6), "constrain": "domain",
        },
        annotations=map_labels(drawn, box, SMALL if narrow else WIDE, 11 if narrow else 12),
    )  # fmt: skip
    links = [trace for rung in range(top + 1) for trace in _links(drawn, reached, rung, top)]
    points = [_middles(drawn, reached, rungs), _towns(drawn, reached, top)]
    return {"data": [border_line(drawn), *links, *points], "layout": layout}


def map_words(drawn: Drawn, reached: np.ndarray, rungs: Sequence[str]) -> str:
    """The map in words, gravest links first."""
    order = np.argsort(-reached, kind="stable")
    told = [f"{drawn.region['dyads'][d]['name']}: {rungs[int(reached[d])]}"
            for d in order if reached[d] > 0]  # fmt: skip
    calm = len(reached) - len(told)
    parts = [*told[:6], *([f"{len(told) - 6} more above calm"] if len(told) > 6 else [])]
    return f"Map of {len(reached)} pairs of towns. {'; '.join([*parts, f'calm: {calm}'])}."


def live_ladders(
    years: np.ndarray, reached: np.ndarray, rungs: tuple[Sequence[str], Sequence[str]],
    span: tuple[float, float], marks: Sequence[float], *, narrow: bool,
) -> Spec:  # fmt: skip
    """Highest rung of both ladders: ``reached`` [ladder, point] at calendar ``years`` [point].

    ``marks``: calendar years at which somebody changed something by hand.
    """
    layout = base(
        440, margin={"l": 34 if narrow else 168, "r": 14, "t": 26, "b": 34},
        hovermode="closest", shapes=[_mark(year) for year in marks],
        annotations=[_heading(k, name) for k, name in enumerate(LADDERS)],
    )  # fmt: skip
    ticks = year_ticks(*span, 4 if narrow else 8)
    for k, domain in enumerate(([0.56, 1.0], [0.0, 0.42])):
        names = rungs[k]
        layout[f"xaxis{suffix(k)}"] = axis(
            range=list(span), tickvals=ticks, ticktext=[str(t) for t in ticks],
            anchor=f"y{suffix(k)}", showgrid=False, linecolor="@axis", showline=True,
        )  # fmt: skip
        layout[f"yaxis{suffix(k)}"] = axis(
            range=[-0.15, len(names) - 0.8], tickvals=list(range(len(names))), domain=domain,
            ticktext=[str(r) if narrow else broken(name, 24) for r, name in enumerate(names)],
        )  # fmt: skip
    data = [_steps(k, years, reached[k], rungs[k]) for k in range(2)]
    return {"data": data, "layout": layout}


def ladder_words(years: np.ndarray, reached: np.ndarray, rungs: tuple[Sequence[str], ...]) -> str:
    """Both ladders in words."""
    if not len(years):
        return "Both ladders over time; nothing has been simulated yet."
    parts = [
        f"{name.lower()} the highest rung so far is {names[int(row.max())]}, "
        f"now {names[int(row[-1])]}"
        for name, names, row in zip(LADDERS, rungs, reached, strict=True)
    ]
    return f"Both ladders from {years[0]:.0f} to {years[-1]:.1f}: {'; '.join(parts)}."


def _links(drawn: Drawn, reached: np.ndarray, rung: int, top: int) -> list[Spec]:
    """Links on one rung, each over a darker casing."""
    dyads = [dyad for dyad, at in zip(drawn.region["dyads"], reached, strict=True) if at == rung]
    x, y = segments(drawn, dyads)
    strokes = ((6.5, "@outline"), (4.5, theme.rung_token(rung, top)))
    return [
        {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip",
         "line": {"color": token, "width": width}}
        for width, token in strokes
    ]  # fmt: skip


def _middles(drawn: Drawn, reached: np.ndarray, rungs: Sequence[str]) -> Spec:
    ends = [(town_of(drawn, d["a"]), town_of(drawn, d["b"])) for d in drawn.region["dyads"]]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round((float(a["lon"]) + float(b["lon"])) / 2, 5) for a, b in ends],
        "y": [round((float(a["lat"]) + float(b["lat"])) / 2, 5) for a, b in ends],
        "marker": {"size": 16, "opacity": 0},
        "text": [f"<b>{escape(town_name(a))}–{escape(town_name(b))}</b><br>{rungs[int(at)]}"
                 for (a, b), at in zip(ends, reached, strict=True)],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _towns(drawn: Drawn, reached: np.ndarray, top: int) -> Spec:
    """Towns by size, each in the colour of its worst link."""
    towns = drawn.region["municipalities"]
    worst = {str(town["name"]): 0 for town in towns}
    for dyad, at in zip(drawn.region["dyads"], reached, strict=True):
        for side in "ab":
            name = str(town_of(drawn, dyad[side])["name"])
            worst[name] = max(worst[name], int(at))
    people = np.array([float(town.get("population") or 0) for town in towns])
    size = 9 + 11 * np.sqrt(people / max(people.max(), 1.0))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(town["lon"]) for town in towns],
        "y": [float(town["lat"]) for town in towns],
        "marker": {
            "size": [round(float(s), 1) for s in size],
            "color": [theme.rung_token(at, top) for at in worst.values()],
            "opacity": 1,
            "line": {"color": "@outline", "width": 1.4},
        },
        "text": [f"<b>{escape(town_name(town))}</b>" for town in towns],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _steps(ladder: int, years: np.ndarray, row: np.ndarray, names: Sequence[str]) -> Spec:
    token = ("@event", "@accent")[ladder]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": np.round(years, 3).tolist(),
        "y": row.astype(int).tolist(),
        "xaxis": f"x{suffix(ladder)}",
        "yaxis": f"y{suffix(ladder)}",
        "line": {"color": token, "width": 1.8, "shape": "hv"},
        "fill": "tozeroy",
        "fillcolor": f"{token}/22",
        "text": [names[int(at)] for at in row],
        "hovertemplate": "%{x:.1f}: %{text}<extra></extra>",
    }


def _heading(ladder: int, text: str) -> Spec:
    return {
        "xref": f"x{suffix(ladder)} domain", "yref": f"y{suffix(ladder)} domain", "x": 0, "y": 1,
        "xanchor": "left", "yanchor": "bottom", "yshift": 4, "text": f"<b>{text}</b>",
        "font": {"size": 13, "color": "@text"}, "showarrow": False,
    }  # fmt: skip


def _mark(year: float) -> Spec:
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": round(year, 3), "x1": round(year, 3),
        "y0": 0, "y1": 1, "line": {"color": "@muted", "width": 1, "dash": "dot"},
    }  # fmt: skip
