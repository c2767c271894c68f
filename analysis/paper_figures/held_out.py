"""An emulator against what it was not fitted to: predicted against simulated, by kind of point.

One panel per kind; on the line they are equal. Bars: the emulator's range about what it predicts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis import words
from analysis.paper_figures.marks import axis_label, checked, counted, ending
from analysis.paper_kit import Source, canvas, colour, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "How good is the emulator where it was not fitted?"
NEEDS = ("quantity", "unit", "label", "simulated", "estimate", "lo", "hi", "n")
MAY = ()
HEIGHT, WIDEST, SIDE = 1.75, 30, 3.4


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    panels = list(frame.groupby("label", sort=False))
    wide = min(WIDEST, 92 // len(panels))
    titles = [words.wrap(words.upper_first(str(label)), wide) for label, _ in panels]
    most = max(len(title) for title in titles)
    unit = words.spoken_unit(str(frame["unit"].iloc[0]))
    known = frame[["simulated", "estimate", "lo", "hi"]].to_numpy(dtype=float)
    low, high = float(np.nanmin(known)), float(np.nanmax(known))
    room = 0.04 * max(high - low, 1e-9)
    with drawing():
        figure = canvas(HEIGHT + 0.75 + 0.13 * most, source, SIDE if len(panels) == 1 else 6.9)
        grid = figure.subplots(1, len(panels), sharex=True, sharey=True, squeeze=False)[0]
        for axes, (_, own), title in zip(grid, panels, titles, strict=True):
            _panel(axes, own, low - room, high + room)
            axes.set_title("\n".join(title))
            axes.set_xlabel("simulated")
        shown = axis_label(f"predicted: {words.lower_first(frame['quantity'].iloc[0])}", unit)
        grid[0].set_ylabel("\n".join(words.wrap(shown, 36)))
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    ranged = bool(np.isfinite(frame["lo"].astype(float)).any())
    bars = "Bars: the emulator's 90 % range, which is about the model's own mean." if ranged else (
        "Without ranges, as too few seeds leave them unknown.")  # fmt: skip
    return (
        f"{words.upper_first(str(frame['quantity'].iloc[0]))} as predicted at points that the fit "
        f"was not given, against the mean of the simulated histories there "
        f"({counted(frame, 'seeds a point')}), by kind of point. {bars} Line: equal. "
        f"{ending(source)}"
    )


def _panel(axes: Any, own: pd.DataFrame, low: float, high: float) -> None:
    axes.plot([low, high], [low, high], color=colour("muted"), linewidth=0.8, linestyle=":")
    ranged = own[np.isfinite(own["lo"].astype(float))]
    axes.vlines(ranged["simulated"], ranged["lo"], ranged["hi"], color=colour("accent"),
                linewidth=0.6, alpha=0.45)  # fmt: skip
    axes.plot(own["simulated"], own["estimate"], linestyle="none", marker="o", markersize=2.6,
              color=colour("accent"))  # fmt: skip
    axes.set(xlim=(low, high), ylim=(low, high))
    axes.grid(True)
    axes.locator_params(nbins=4)
