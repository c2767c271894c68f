"""How far does trouble climb over the years, arm by arm?

One panel per arm, all on one scale: the middle history, half of all (dark), nine in ten (light).
The reference, the first label, is repeated as a dashed line in every other panel.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import words
from analysis.paper_figures.marks import axis_label, checked, counted, ending
from analysis.paper_kit import Source, canvas, colour, drawing
from analysis.theme import arm_token

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "How far does trouble climb over the years?"
NEEDS = ("quantity", "unit", "label", "year", "p05", "p25", "p50", "p75", "p95", "n")
MAY = ()
MOST_ACROSS, HEIGHT = 4, 1.55
TITLE = 24


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    panels = list(frame.groupby("label", sort=False))
    across = min(MOST_ACROSS, len(panels))
    rows = math.ceil(len(panels) / across)
    with drawing():
        figure = canvas(HEIGHT * rows + 0.3, source)
        grid = figure.subplots(rows, across, sharex=True, sharey=True, squeeze=False)
        for place, axes in enumerate(grid.flat):
            if place < len(panels):
                _panel(axes, place, panels[place][1], panels[0][1] if place else None)
                title = words.wrap(words.upper_first(str(panels[place][0])), TITLE)
                axes.set_title("\n".join(title))
            else:
                axes.axis("off")
        label = axis_label(frame["quantity"].iloc[0], frame["unit"].iloc[0])
        grid[0, 0].set_ylim(bottom=0.0)
        for axes in grid[:, 0]:
            axes.set_ylabel("\n".join(words.wrap(label, 20)))
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    return (
        f"{words.upper_first(str(frame['quantity'].iloc[0]))} by arm "
        f"({counted(frame, 'histories an arm')}). Line: the middle history. Dark band: half of all "
        f"histories. Light band: nine in ten. Dashed: {frame['label'].iloc[0]}. {ending(source)}"
    )


def _panel(axes: Any, place: int, own: pd.DataFrame, first: pd.DataFrame | None) -> None:
    token = arm_token(place)
    for lo, hi, alpha in (("p05", "p95", 0.18), ("p25", "p75", 0.4)):
        axes.fill_between(own["year"], own[lo], own[hi], color=colour(token), alpha=alpha,
                          linewidth=0)  # fmt: skip
    if first is not None:
        axes.plot(first["year"], first["p50"], color=colour("arm0-text"), linewidth=0.9,
                  linestyle="--")  # fmt: skip
    axes.plot(own["year"], own["p50"], color=colour(f"{token}-text"))
    axes.grid(axis="y")
    axes.locator_params(axis="x", nbins=3, integer=True)
