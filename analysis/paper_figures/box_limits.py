"""The box of a scenario discovery: between which values of which settings does it happen?

One row per restricted setting: the thin line is the whole range that was sampled (``range_lo`` to
``range_hi``), the bar what the box leaves of it (``lo`` to ``hi``), both on the row's own scale and
written out in its unit. ``stability``: share of resamples in which the setting was restricted, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis import words
from analysis.paper_figures.marks import checked, ending
from analysis.paper_kit import SMALL, Source, canvas, colour, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "Under which conditions does it happen?"
NEEDS = ("quantity", "label", "unit", "lo", "hi", "range_lo", "range_hi")
MAY = ("stability", "text", "coverage", "density")
ROW, AROUND = 0.42, 0.75


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    with drawing():
        figure = canvas(ROW * len(frame) + AROUND, source)
        axes = figure.subplots()
        for at, row in enumerate(frame.itertuples(index=False)):
            _row(axes, float(at), row)
        axes.set_yticks(range(len(frame)), [_named(row) for row in frame.itertuples(index=False)])
        axes.set_ylim(len(frame) - 0.35, -0.65)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([0.0, 1.0], ["lowest value sampled", "highest value sampled"])
        axes.tick_params(length=0)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.set_title(words.upper_first(str(frame["quantity"].iloc[0])))
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    text = f"Conditions under which: {words.lower_first(str(frame['quantity'].iloc[0]))}."
    for key, told in (("coverage", "of all cases lie in the box"),
                      ("density", "of the runs in the box are cases")):  # fmt: skip
        if key in frame:
            text += f" {words.plain(100 * float(frame[key].iloc[0]), 0)} % {told}."
    if "stability" in frame:
        text += " In brackets: share of resamples that restrict the setting, too."
    return f"{text} {ending(source)}"


def _named(row: Any) -> str:
    label = words.upper_first(str(row.label))
    kept = getattr(row, "stability", None)
    return label if kept is None or kept != kept else f"{label} ({100 * kept:.0f} %)"  # noqa: PLR0124 (NaN)


def _row(axes: Any, at: float, row: Any) -> None:
    whole = float(row.range_hi) - float(row.range_lo) or 1.0
    a, b = ((float(end) - float(row.range_lo)) / whole for end in (row.lo, row.hi))
    axes.plot([0.0, 1.0], [at, at], color=colour("axis"), linewidth=0.8)
    axes.barh(at, max(b - a, 0.004), left=a, height=0.3, color=colour("accent"),
              zorder=3)
    digits = words.digits_for(float(row.lo), float(row.hi), significant=3)
    ends = " to ".join(words.plain(float(x), digits) for x in (row.lo, row.hi))
    told = str(getattr(row, "text", "") or f"{ends} {row.unit}".strip())
    middle = (a + b) / 2
    side = "left" if middle < 0.12 else "right" if middle > 0.88 else "center"
    axes.text(middle, at - 0.2, told, fontsize=SMALL, va="bottom", ha=side)
