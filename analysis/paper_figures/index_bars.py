"""Sensitivity indices: which setting makes the outcome vary, above the noise?

One panel per quantity, one row per setting, one bar per ``index`` (first-order, total ...). The
shaded part up to ``floor`` is what a dummy factor that does nothing gets: a bar inside it shows
nothing. A bar whose index has not converged is hatched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import words
from analysis.paper_figures.marks import bounded, checked, counted, ending, keyed
from analysis.paper_kit import KEY, Source, canvas, colour, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "Which setting makes the outcome vary?"
NEEDS = ("quantity", "label", "index", "estimate", "lo", "hi", "n", "verdict")
MAY = ("floor",)
BAR, AROUND = 0.15, 0.95
CONVERGED = "converged"
TOKENS = ("arm1", "arm2", "arm3", "arm4", "arm5")
TITLE = 30


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    labels = [str(label) for label in dict.fromkeys(frame["label"])]
    kinds = [str(kind) for kind in dict.fromkeys(frame["index"])]
    panels = list(frame.groupby("quantity", sort=False))
    height = BAR * len(labels) * (len(kinds) + 1) + AROUND
    with drawing():
        figure = canvas(height, source, top=KEY)
        grid = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (quantity, own) in zip(grid, panels, strict=True):
            _panel(axes, own, labels, kinds)
            axes.tick_params(axis="y", length=0)
            axes.set_title("\n".join(words.wrap(words.upper_first(str(quantity)), TITLE)))
        grid[0].set_yticks(range(len(labels)), [words.upper_first(label) for label in labels])
        grid[0].set_ylim(len(labels) - 0.4, -0.6)
        keyed(figure, *grid[0].get_legend_handles_labels())
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    kinds = words.listing([str(kind) for kind in dict.fromkeys(frame["index"])])
    unsure = sum(str(v) != CONVERGED for v in frame["verdict"])
    hatched = f" Hatched: {unsure} of {len(frame)} indices have not converged." if unsure else ""
    floor = " Shaded: what a dummy factor gets." if "floor" in frame else ""
    return (
        f"Share of the variance ({kinds}) with 95 % intervals ({counted(frame, 'runs')})."
        f"{floor}{hatched} {ending(source)}"
    )


def _panel(axes: Any, own: pd.DataFrame, labels: list[str], kinds: list[str]) -> None:
    thick = 0.8 / len(kinds)
    for place, kind in enumerate(kinds):
        mine = own[own["index"].astype(str) == kind]
        at = [labels.index(str(x)) - 0.4 + thick * (place + 0.5) for x in mine["label"]]
        value = mine["estimate"].to_numpy(dtype=float)
        bars = axes.barh(at, np.nan_to_num(value), height=0.9 * thick, label=kind, linewidth=0.6,
                         color=colour(TOKENS[place % len(TOKENS)]),
                         edgecolor=colour("card"))  # fmt: skip
        for bar, verdict in zip(bars, mine["verdict"], strict=True):
            if str(verdict) != CONVERGED:
                bar.set_hatch("////")
                bar.set_alpha(0.55)
        for y, row in zip(at, mine.itertuples(index=False), strict=True):
            if bounded(row):
                axes.plot([row.lo, row.hi], [y, y], color=colour("text"), linewidth=0.9)
    if "floor" in own and np.isfinite(own["floor"].astype(float)).any():
        axes.axvspan(0.0, float(own["floor"].max()), color=colour("empty"), alpha=0.6, zorder=0,
                     linewidth=0, label="noise floor")  # fmt: skip
    axes.axvline(0.0, color=colour("axis"), linewidth=0.6)
    axes.grid(axis="x")
    axes.set_xlabel("index")
