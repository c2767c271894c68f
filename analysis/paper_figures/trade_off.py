"""The trade-off of a scenario discovery: how much is covered, and how pure is the box?

One point per box of the peeling trajectory: ``coverage`` (share of all cases inside) against
``density`` (share of the runs inside that are cases); the chosen box is marked and labelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import words
from analysis.paper_figures.marks import checked, counted, ending
from analysis.paper_kit import SMALL, Source, canvas, colour, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "How much does the box cover, and how pure is it?"
NEEDS = ("quantity", "coverage", "density", "chosen", "n")
MAY = ("label",)
HEIGHT, SIDE = 3.0, 3.4


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    chosen = frame["chosen"].astype(bool)
    with drawing():
        figure = canvas(HEIGHT, source, SIDE)
        axes = figure.subplots()
        axes.plot(frame["coverage"], frame["density"], color=colour("axis"), linewidth=0.8,
                  marker="o", markersize=3, markerfacecolor=colour("card"))  # fmt: skip
        axes.plot(frame["coverage"][chosen], frame["density"][chosen], linestyle="none",
                  marker="D", markersize=6, color=colour("bad"))  # fmt: skip
        for row in frame[chosen].itertuples(index=False):
            told = str(getattr(row, "label", "chosen"))
            axes.annotate(told, (row.coverage, row.density), xytext=(5, 5), fontsize=SMALL,
                          textcoords="offset points")  # fmt: skip
        axes.set(xlim=(-0.02, 1.05), ylim=(-0.02, 1.08), xlabel="coverage", ylabel="density")
        axes.grid(True)
        title = words.wrap(words.upper_first(str(frame["quantity"].iloc[0])), 44)
        axes.set_title("\n".join(title))
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    return (
        "Coverage (share of all cases inside the box) against density (share of the runs inside "
        f"that are cases) along the peeling, {counted(frame, 'runs')} inside. Diamond: the box "
        f"that was chosen. {ending(source)}"
    )
