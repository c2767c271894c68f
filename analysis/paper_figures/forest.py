"""Effects with their intervals: which arm moves which outcome, and is its sign known?

One panel per quantity, all panels with the same rows, each with its own scale. ``group`` puts
headings over rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import words
from analysis.paper_figures.marks import (
    axis_label,
    checked,
    counted,
    ending,
    interval,
    legend,
)
from analysis.paper_kit import KEY, SMALL, Source, canvas, colour, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "What changes, by how much, and is the sign known?"
NEEDS = ("quantity", "unit", "label", "estimate", "lo", "hi", "n", "verdict")
MAY = ("group",)
ROW, LINE, AROUND = 0.185, 0.14, 0.6  # inches of a row, a line of text, and what is around them
TITLES = 72  # characters of all titles beside one another


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    places, headings = rows_of(frame)
    panels = list(frame.groupby("quantity", sort=False))
    told = [_told(str(quantity), own, TITLES // len(panels)) for quantity, own in panels]
    most = max(len(title) for title, _ in told) + max(len(below) for _, below in told)
    height = ROW * (max(places.values()) + 1.4) + LINE * most + AROUND
    with drawing():
        figure = canvas(height, source, top=KEY)
        grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (_, own), (title, below) in zip(grid, panels, told, strict=True):
            _panel(axes, own, places)
            axes.set_title("\n".join(title))
            axes.set_xlabel("\n".join(below))
            axes.tick_params(axis="y", length=0)
        _labels(grid[0], places, headings)
        legend(grid[0], frame["verdict"])
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    quantities = [words.lower_first(str(q)) for q in dict.fromkeys(frame["quantity"])]
    return (
        f"Paired differences in {words.listing(quantities)} with 95 % intervals "
        f"({counted(frame, 'pairs of histories')}). Right of the line: a rise. {ending(source)}"
    )


def rows_of(frame: pd.DataFrame) -> tuple[dict[tuple[str, str], float], list[tuple[str, float]]]:
    """Place of every row, by group and label, counted from above, and of the headings."""
    groups = frame["group"].astype(str) if "group" in frame else pd.Series("", index=frame.index)
    places: dict[tuple[str, str], float] = {}
    headings: list[tuple[str, float]] = []
    at = -1.0
    for group in dict.fromkeys(groups):
        if group:
            at += 1.0
            headings.append((group, at))
        for label in dict.fromkeys(frame["label"][groups == group].astype(str)):
            at += 1.0
            places[group, label] = at
    return places, headings


def _panel(axes: Any, own: pd.DataFrame, places: dict[tuple[str, str], float]) -> None:
    axes.axvline(0.0, color=colour("text"), linewidth=0.8)
    axes.grid(axis="x")
    for row in own.itertuples(index=False):
        interval(axes, row, places[str(getattr(row, "group", "")), str(row.label)])
    axes.locator_params(axis="x", nbins=4)


def _told(quantity: str, own: pd.DataFrame, width: int) -> tuple[list[str], list[str]]:
    """Lines of the title of a panel and of the label below it, broken to its width."""
    unit = words.spoken_unit(str(own["unit"].iloc[0]))
    below = words.wrap(axis_label("difference", unit), width)
    return words.wrap(words.upper_first(quantity), width), below


def _labels(
    axes: Any, places: dict[tuple[str, str], float], headings: list[tuple[str, float]]
) -> None:
    """Labels of the rows and, bold, of their groups, at the left edge of the first panel."""
    ticks = [(at, words.upper_first(label), False) for (_, label), at in places.items()]
    ticks = sorted([*ticks, *((at, words.upper_first(text), True) for text, at in headings)])
    axes.set_yticks([at for at, _, _ in ticks], [text for _, text, _ in ticks])
    for tick, (_, _, heading) in zip(axes.get_yticklabels(), ticks, strict=True):
        if heading:
            tick.set_fontweight("bold")
            tick.set_color(colour("muted"))
            tick.set_fontsize(SMALL + 0.5)
    axes.set_ylim(max(places.values()) + 0.7, -0.7)
