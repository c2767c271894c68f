"""Held-out patterns on parts of the mix of borders, and words for ratios that do not exist.

V11 compares years with and without a joint body. Where a region keeps the bodies of its file every
year has one, so that the ratio is undefined however many events there are. Where they were taken
away, states found bodies by themselves (rule interstate_bodies): that is the contrast that
docs/science.md asks for. Over the whole mix both are pooled, and part of the contrast is a switch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.patterns import COLUMNS, REPORTED
from analysis.patterns.base import FEW
from analysis.patterns.score import score
from analysis.patterns.scorecard import document
from experiments.backgrounds import Plan
from experiments.observe import Watched
from experiments.within_borders import common

UNDEFINED = "undefined"
INSTITUTIONS = "V11"
Row = dict[str, Any]


def scored(counts: np.ndarray, border: np.ndarray) -> list[Row]:
    """A scorecard as plain values; what has no value at all is undefined and says why."""
    rows = document(score(counts, border))
    total = counts.sum(axis=0)
    for row in rows:
        _explain(row, total)
    return rows


def part(plan: Plan, good: Watched, stripped: bool) -> list[Row]:
    """Held-out patterns on the borders without (``stripped``) or with their declared bodies.

    Empty where that is no part of the mix but none of it, or all.
    """
    names = [border.name for border in plan.borders if border.stripped == stripped]
    chosen = np.isin(good.border, names)
    if not chosen.any() or chosen.all():
        return []
    return [row for row in scored(good.counts[chosen], good.border[chosen]) if row["use"] == "H"]


def founded(plan: Plan, roots: Sequence[Watched]) -> Row:
    """V11 where states found bodies, all roots together: by border, within borders, pooled.

    A history is worth as much in one root as in another, so that all of them make the intervals
    narrower; verdicts are those of as many histories.
    """
    names = [border.name for border in plan.borders if border.stripped]
    good = Watched(*(np.concatenate(column) for column in zip(*roots, strict=True)))
    chosen = np.isin(good.border, names)
    counts, border = good.counts[chosen], good.border[chosen]
    if not len(counts):
        return {}
    each = {name: counts[border == name] for name in names if (border == name).any()}
    borders = [{"border": name, **_institutions(own, np.zeros(len(own)))}
               for name, own in each.items()]  # fmt: skip
    return {"roots": len(roots), "borders": borders, "within": common(counts, border),
            "pooled": _institutions(counts, border)}  # fmt: skip


def _institutions(counts: np.ndarray, border: np.ndarray) -> Row:
    row = next(row for row in scored(counts, border) if row["pattern"] == INSTITUTIONS)
    return {"histories": len(counts), "pair_years": [*_pair_years(counts.sum(axis=0))],
            "verdict": row["verdict"], "measures": row["measures"]}  # fmt: skip


def reasons(rows: Sequence[Row]) -> list[str]:
    """A line for every reason for which something is undefined."""
    told: dict[str, list[str]] = {}
    for row in rows:
        for measure in row["measures"]:
            if why := measure["reported"].get("why"):
                told.setdefault(f"{row['pattern']} {UNDEFINED}: {why}", []).append(measure["label"])
    return [f"{why} ({'; '.join(labels)})." for why, labels in told.items()]


def _explain(row: Row, total: np.ndarray) -> None:
    """Name what is undefined; a pattern is so when nothing else keeps it from a verdict."""
    deciding = []
    for measure in row["measures"]:
        seen = measure["reported"]
        if seen["value"] is None:
            seen["why"] = _why(row["pattern"], total)
            seen["verdict"] = UNDEFINED if seen["verdict"] == FEW else seen["verdict"]
        if measure["accept"] is not None:
            deciding.append(seen["verdict"])
    if row["verdict"] == FEW and FEW not in deciding:
        row["verdict"] = UNDEFINED


def _why(pattern: str, total: np.ndarray) -> str:
    if pattern == INSTITUTIONS:
        without, with_body = _pair_years(total)
        years = f"of the {without + with_body:,.0f} pair-years"
        if not without:
            return f"all {years} have a joint body, so there is nothing to compare with"
        if not with_body:
            return f"none {years} has a joint body, so there is nothing to compare"
    return "nothing was counted of what it is divided by"


def _pair_years(total: np.ndarray) -> tuple[float, float]:
    """Years without and with a joint body, summed over pairs of states."""
    at = [COLUMNS.index(f"{INSTITUTIONS}.years_{side}.{REPORTED}") for side in ("without", "with")]
    return float(total[at[0]]), float(total[at[1]])
