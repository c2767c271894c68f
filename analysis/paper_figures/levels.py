"""How much of it under each arm: means or chances with their intervals, from zero on.

One panel per quantity with its own scale, all panels with the same rows; the first row is the
reference and runs through each panel as a dotted line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import words
from analysis.paper_figures.marks import bounded, checked, counted, ending
from analysis.paper_kit import Source, canvas, colour, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "How much of it is there under each arm?"
NEEDS = ("quantity", "unit", "label", "estimate", "lo", "hi", "n")
MAY = ()
ROW, AROUND = 0.2, 0.85
TITLES = 84  # characters of all titles beside one another


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    labels = [str(label) for label in dict.fromkeys(frame["label"])]
    panels = list(frame.groupby("quantity", sort=False))
    wide = TITLES // len(panels)
    titles = [words.wrap(words.upper_first(str(quantity)), wide) for quantity, _ in panels]
    room = AROUND + 0.13 * max(len(title) for title in titles)
    with drawing():
        figure = canvas(ROW * len(labels) + room, source)
        grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (_, own), title in zip(grid, panels, titles, strict=True):
            _panel(axes, own, labels)
            axes.set_title("\n".join(title))
            unit = words.spoken_unit(str(own["unit"].iloc[0]))
            axes.set_xlabel("\n".join(words.wrap(unit, wide)))
            axes.tick_params(axis="y", length=0)
        grid[0].set_yticks(range(len(labels)), [words.upper_first(label) for label in labels])
        grid[0].set_ylim(len(labels) - 0.4, -0.6)
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    quantities = [words.lower_first(str(q)) for q in dict.fromkeys(frame["quantity"])]
    return (
        f"{words.upper_first(words.listing(quantities))} by arm with 95 % intervals "
        f"({counted(frame, 'histories an arm')}). Dotted: {frame['label'].iloc[0]}. "
        f"{ending(source)}"
    )


def _panel(axes: Any, own: pd.DataFrame, labels: list[str]) -> None:
    axes.axvline(float(own["estimate"].iloc[0]), color=colour("muted"), linewidth=0.8,
                 linestyle=":")  # fmt: skip
    for row in own.itertuples(index=False):
        at = labels.index(str(row.label))
        token = colour("arm0-text" if at == 0 else "accent")
        if bounded(row):
            axes.plot([row.lo, row.hi], [at, at], color=token, linewidth=1.3)
        axes.plot([row.estimate], [at], marker="o", markersize=4.5, color=token)
    axes.grid(axis="x")
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]) if own["lo"].min() < 0 else 0.0)
    axes.locator_params(axis="x", nbins=4)
