"""Figures, one question per file. ``FIGURES`` names their builders; each takes a `Study`.

A builder returns None when the study lacks what the figure needs; the report then leaves it out.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.figures import forest, ladder, places, profile, timeline, worth
from analysis.figures.figure import Figure
from analysis.study import Study

WHOLE = ("forest",)  # figures that show every arm; the others draw the arms in focus
FIGURES: dict[str, Callable[[Study], Figure | None]] = {
    "ladder": ladder.build,
    "forest": forest.build,
    "profile": profile.build,
    "worth": worth.build,
    "places": places.build,
    "timeline": timeline.build,
}
