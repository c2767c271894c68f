"""The answer of `thalweg effects` for papers: one table, a forest of every outcome and group."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis import words
from analysis.attributed import (
    ALONE,
    BACKFIRES,
    HELPS,
    NOTHING_SEEN,
    REMOVED,
    SHARE,
    UNKNOWN,
    Line,
    frame,
)
from analysis.attributed_scenes import Stage
from analysis.paper_figures import forest
from analysis.paper_kit import Column, answer_folder, save_figure, save_table
from analysis.study import Outcome

NAME = "effects"
HEADS = {ALONE: "added alone", REMOVED: "within the package", SHARE: "Shapley share"}
MARKS = {HELPS: "better", BACKFIRES: "worse", NOTHING_SEEN: "unclear", UNKNOWN: "unknown"}
COLUMNS = (
    Column("column", "Compared", "", "package, alone, removed or share"),
    Column("mechanism", "Mechanism", "", "empty for the package"),
    Column("outcome", "Outcome", "", "key of the outcome"),
    Column("group", "Region", "", "region and what else tells frames apart"),
    Column("fit", "Fit", "", "set of parameters; empty for all of them together"),
    Column("n", "Pairs", "pairs", "complete pairs; of a share complete seeds"),
    Column("reference_mean", "Mean of what it is compared with", "", "in the outcome's unit"),
    Column("difference", "Difference", "", "in the outcome's unit"),
    Column("lo", "95 % from", "", "in the outcome's unit"),
    Column("hi", "95 % to", "", "in the outcome's unit"),
    Column("method", "Interval", "", "how the interval was made"),
    Column("worse", "Share that worsens", "share", "of pairs; of seeds for a share"),
    Column("variance_reduction", "Gain of pairing", "ratio", "variance without over with pairing"),
    Column("detectable", "Detectable", "", "smallest effect seen with 80 % power"),
    Column("order_error", "Error of orders", "", "standard error of the sampling of orders"),
    Column("orders_needed", "Orders needed", "orders", "to err no more than the seeds; 0: they do"),
    Column("verdict", "Verdict", "", "helps, backfires, rises, falls, no effect seen, unknown"),
    Column("reason", "Reason", "", "why nothing may be said"),
    Column("holds", "Fits that agree", "fits", "own interval says the same"),
    Column("fits", "Fits", "fits", "that may say anything"),
    Column("silent", "Silent fits", "", "fits of which nothing may be said"),
)  # fmt: skip


def write(found: Stage, told: Sequence[Line], out: str | None) -> Path:
    """Write effects.csv and .parquet, and a pdf and an svg of every outcome and group.

    Returns the folder that they are in.
    """
    place = answer_folder(found.folder, NAME, out)
    save_table(frame(told), place, NAME, COLUMNS)
    for key, outcome in found.outcomes.items():
        for group in found.groups:
            own = [line for line in told if line.outcome == key and line.group == group
                   and line.column in HEADS and not line.fit
                   and not math.isnan(line.lo)]  # fmt: skip
            if own:
                rows = _rows(found, _best_first(own, outcome), words.scale_of(outcome))
                rows["quantity"], rows["unit"] = outcome.label, words.unit_of(outcome)
                name = _name(key, group, len(found.groups))
                save_figure(forest.draw(rows, found.source), place, name,
                            forest.caption(rows, found.source))  # fmt: skip
    return place


def _best_first(own: Sequence[Line], outcome: Outcome) -> list[Line]:
    sign, columns = outcome.bad_sign or -1, list(HEADS)
    return sorted(own, key=lambda one: (columns.index(one.column), sign * one.difference))


def _rows(found: Stage, own: Sequence[Line], scale: float) -> pd.DataFrame:
    """What the forest draws."""
    return pd.DataFrame([
        {"group": HEADS[line.column], "label": found.labels[line.mechanism],
         "estimate": scale * line.difference, "lo": scale * line.lo, "hi": scale * line.hi,
         "n": line.n, "verdict": MARKS.get(line.verdict, line.verdict)}
        for line in own
    ])  # fmt: skip


def _name(key: str, group: str, groups: int) -> str:
    """Name of a figure's files."""
    return f"{NAME}_{key}" if groups == 1 else f"{NAME}_{key}_{_slug(group)}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
