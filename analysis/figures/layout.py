"""Layout pieces that charts share: base layout, small-multiple grids, axis titles and ticks."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import Any

from analysis import words
from analysis.figures.figure import Spec
from analysis.language import ENGLISH, separators, spoken

FONT = (
    "-apple-system, BlinkMacSystemFont, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', "
    "'Liberation Sans', Arial, system-ui, sans-serif"
)


def base(height: int, **more: Any) -> Spec:
    """Layout without mode bar clutter, legend or margins that plotly would choose itself."""
    return {
        "height": height,
        "autosize": True,
        "font": {"family": FONT, "size": 13, "color": "@text"},
        "paper_bgcolor": "@card",
        "plot_bgcolor": "@card",
        "showlegend": False,
        **({} if spoken() == ENGLISH else {"separators": separators()}),
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": "@card",
            "bordercolor": "@axis",
            "font": {"color": "@text", "size": 13, "family": FONT},
            "align": "left",
        },
        "dragmode": False,
        "margin": {"l": 60, "r": 16, "t": 30, "b": 44, "pad": 0},
        **more,
    }


def axis(**more: Any) -> Spec:
    """A quiet axis: no zero line, fixed range, thin grid."""
    return {
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": "@grid",
        "linecolor": "@axis",
        "tickcolor": "@axis",
        "tickfont": {"size": 12, "color": "@muted"},
        "automargin": False,
        "ticks": "",
        "ticklabelstandoff": 5,
        **more,
    }


def suffix(index: int) -> str:
    """Plotly's suffix of the axis of panel ``index``: '', '2', '3' ..."""
    return "" if index == 0 else str(index + 1)


def grid_domains(
    panels: int, columns: int, *, gap_x: float = 0.035, gap_y: float = 0.16
) -> list[tuple[list[float], list[float]]]:
    """(x domain, y domain) of each panel, row by row from the top."""
    columns = max(1, min(columns, panels))
    rows = math.ceil(panels / columns)
    width = (1 - gap_x * (columns - 1)) / columns
    height = (1 - gap_y * (rows - 1)) / rows
    domains = []
    for panel in range(panels):
        row, column = divmod(panel, columns)
        left, top = column * (width + gap_x), 1 - row * (height + gap_y)
        domains.append(
            ([round(left, 5), round(left + width, 5)], [round(top - height, 5), round(top, 5)])
        )
    return domains


def panel_title(index: int, text: str, token: str, width: int = 200, **more: Any) -> Spec:
    """A panel's title, tied to its axes so that it moves with the panel."""
    return {
        "xref": f"x{suffix(index)} domain",
        "yref": f"y{suffix(index)} domain",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 5,
        "text": f"<b>{broken(text, width)}</b>",
        "font": {"size": 13, "color": token},
        "showarrow": False,
        "align": "left",
        **more,
    }


def escape(text: str) -> str:
    """Make a label safe in plotly's small markup; nothing in a label is markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def broken(text: str, width: int) -> str:
    """A label broken into lines for an axis."""
    return "<br>".join(escape(line) for line in words.wrap(text, width))


def lines_of(text: str) -> int:
    """Lines of a label that was broken."""
    return text.count("<br>") + 1


def apart(lines: Sequence[int], row: float, size: float = 12) -> list[float]:
    """Places of rows one below the other, in rows; labels of several lines never touch.

    ``row``: pixels of a row, ``size``: of the letters. Whole numbers where labels fit anyway.
    """
    places: list[float] = [0]
    for above, below in itertools.pairwise(lines):
        needed = 1.3 * size * (above + below) / 2 + 1
        places.append(places[-1] + (1 if needed <= row else round(needed / row, 3)))
    return places


def year_ticks(start: float, end: float, at_most: int) -> list[int]:
    """Round calendar years between start and end."""
    span = end - start
    for step in (1, 2, 5, 10, 20, 25, 50, 100):
        first = math.ceil(start / step) * step
        ticks = list(range(first, math.floor(end) + 1, step))
        if span / step <= at_most:
            return ticks
    return [math.ceil(start), math.floor(end)]


def nice_ticks(lo: float, hi: float, at_most: int = 6) -> list[float]:
    """Round numbers from at or above ``lo`` to at or below ``hi``; always includes zero if inside.

    Returns a single zero for an empty range.
    """
    span = hi - lo
    if not span > 0 or not math.isfinite(span):
        return [0.0]
    magnitude = 10 ** math.floor(math.log10(span / at_most))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10, 20) if span / (m * magnitude) <= at_most)
    first, last = math.ceil(lo / step - 1e-9), math.floor(hi / step + 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def tick_digits(ticks: Sequence[float]) -> int:
    """Decimals that show every tick exactly."""
    for digits in range(6):
        if all(abs(round(t, digits) - t) < 1e-9 for t in ticks):
            return digits
    return 6


def numbers(values: Iterable[float], digits: int = 5) -> list[float | None]:
    """Plain floats for JSON: rounded to significant digits, NaN as None."""
    return [None if math.isnan(v) else float(f"{v:.{digits}g}") for v in map(float, values)]
