"""Effects as a table and as numbers beside a mark, shared by the forest figures."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from analysis import censored, words
from analysis.effects import Effect
from analysis.figures.figure import Column, Spec
from analysis.language import say
from analysis.study import Outcome, Study

COLUMNS = (
    Column("arm", "Arm"),
    Column("outcome", "Outcome"),
    Column("unit", "Unit"),
    Column("reference_mean", "Reference mean", 4),
    Column("arm_mean", "Arm mean", 4),
    Column("difference", "Difference", 4),
    Column("lo", "95 % from", 4),
    Column("hi", "95 % to", 4),
    Column("better", "Pairs better", 3),
    Column("worse", "Pairs worse", 3),
    Column("unchanged", "Pairs unchanged", 3),
    Column("n", "Pairs", 0),
    Column("dropped", "Pairs dropped", 0),
    Column("discordant", "Pairs that differ", 0),
    Column("variance_reduction", "Variance reduction", 2),
    Column("method", "Interval"),
)


def effect_rows(study: Study, found: list[Effect], digits: int = 10) -> pd.DataFrame:
    """Effects as a table in declared units, to so many significant digits."""
    return pd.DataFrame([_row(study, effect, digits) for effect in found])


def number_words(outcome: Outcome, effect: Effect, digits: int) -> tuple[str, str]:
    """Difference and interval as the number column shows them."""
    lo, hi = (words.difference(outcome, x, digits) for x in (effect.lo, effect.hi))
    return words.difference(outcome, effect.difference, digits), say("[{lo}, {hi}]", lo=lo, hi=hi)


def _row(study: Study, effect: Effect, digits: int) -> dict[str, object]:
    outcome = study.outcomes[effect.outcome]
    row = effect._asdict()
    row["arm"] = study.arm(effect.arm).label
    row["outcome"] = outcome.label
    unit = censored.unit(study, outcome.key, say(outcome.unit))
    row["unit"] = say("share of histories") if outcome.is_probability else unit
    rounded = {
        key: float(f"{value:.{digits}g}") if math.isfinite(value) else math.nan
        for key, value in row.items()
        if isinstance(value, float)
    }
    return {column.key: {**row, **rounded}[column.key] for column in COLUMNS}


def zero_line() -> Spec:
    """The line of no change."""
    return {
        "type": "line",
        "x0": 0,
        "x1": 0,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": {"color": "@text", "width": 1.2},
    }


def note(text: str, *, size: int, color: str = "@muted", **place: Any) -> Spec:
    """A line of text beside the plot; left-aligned on paper unless ``place`` says otherwise."""
    return {
        "text": text,
        "xref": "paper",
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        "showarrow": False,
        "font": {"size": size, "color": color},
        **place,
    }


def directions(left: str, right: str) -> list[Spec]:
    """The words over the two halves of a forest."""
    place: dict[str, Any] = {"yref": "paper", "y": 1, "yshift": 18, "size": 12}
    return [
        note(f"\u2190 {left}", x=0, **place),
        note(f"{right} \u2192", x=1, **{**place, "xanchor": "right"}),
    ]
