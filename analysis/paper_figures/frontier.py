"""Portfolios: what does each sum of money buy at best?

One point per portfolio: its cost against the quantity. Those on the frontier (``frontier``) are
joined, drawn with intervals and numbered; the numbers are read in the key beside the figure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import words
from analysis.paper_figures.marks import axis_label, bounded, checked, counted, ending
from analysis.paper_kit import SMALL, Source, canvas, colour, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "Which mix of mechanisms for which money?"
NEEDS = ("quantity", "unit", "label", "cost", "cost_unit", "estimate", "lo", "hi", "n", "frontier")
MAY = ("chosen",)
HEIGHT = 3.4
KEY = 46  # characters of a line of the key


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    on = frame[frame["frontier"].astype(bool)].sort_values("cost", kind="stable")
    key = _key(on)
    with drawing():
        figure = canvas(max(HEIGHT, 0.13 * len(key) + 0.6), source)
        axes, beside = figure.subplots(1, 2, width_ratios=(1.55, 1.0))
        rest = frame[~frame["frontier"].astype(bool)]
        axes.plot(rest["cost"], rest["estimate"], linestyle="none", marker="o", markersize=3,
                  color=colour("axis"), alpha=0.55)  # fmt: skip
        _front(axes, on)
        axes.set_xlabel(axis_label("cost", frame["cost_unit"].iloc[0]))
        shown = axis_label(frame["quantity"].iloc[0], frame["unit"].iloc[0])
        axes.set_ylabel("\n".join(words.wrap(shown, 44)))
        axes.grid(True)
        beside.axis("off")
        beside.text(0.0, 1.0, "\n".join(key), va="top", fontsize=SMALL, linespacing=1.35,
                    transform=beside.transAxes)  # fmt: skip
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    on = int(frame["frontier"].astype(bool).sum())
    return (
        f"Cost against {words.lower_first(str(frame['quantity'].iloc[0]))} of "
        f"{words.count(len(frame), 'portfolio')}; {on} of them, joined and numbered, are on the "
        f"frontier. Bars: 95 % intervals ({counted(frame, 'pairs of histories')}). {ending(source)}"
    )


def _key(on: pd.DataFrame) -> list[str]:
    """The portfolios of the frontier by number, lines broken."""
    lines = []
    for number, label in enumerate(on["label"], 1):
        first, *rest = words.wrap(f"{number}  {words.upper_first(str(label))}", KEY)
        lines += [first, *(f"    {line}" for line in rest)]
    return lines


def _front(axes: Any, on: pd.DataFrame) -> None:
    axes.plot(on["cost"], on["estimate"], color=colour("accent"), linewidth=0.9)
    chosen = on["chosen"].astype(bool) if "chosen" in on else pd.Series(False, index=on.index)
    for number, (row, best) in enumerate(zip(on.itertuples(index=False), chosen, strict=True), 1):
        if bounded(row):
            axes.plot([row.cost, row.cost], [row.lo, row.hi], color=colour("accent"), linewidth=0.9)
        axes.plot([row.cost], [row.estimate], marker="D" if best else "o", markersize=6,
                  color=colour("good" if best else "accent"))  # fmt: skip
        axes.annotate(str(number), (row.cost, row.estimate), xytext=(4, 4), fontsize=SMALL,
                      textcoords="offset points")  # fmt: skip
