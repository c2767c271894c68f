"""Tables and the figure of a portfolio, for papers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis import words
from analysis.paper_figures import frontier as figure
from analysis.paper_kit import Column, Source, save_figure, save_table, source_of
from analysis.portfolio.answer import Portfolio
from analysis.portfolio.frontier import on_frontier
from analysis.portfolio.tables import tables


def write(found: Portfolio, folder: Path) -> list[Path]:
    """Every table (csv, parquet, meanings) and the frontier (pdf, svg); the paths written."""
    made: list[Path] = []
    for name, frame in tables(found).items():
        plain = frame.copy()
        if "cannot_be_told_from" in plain:
            plain["cannot_be_told_from"] = plain["cannot_be_told_from"].map(" ".join)
        made += save_table(plain, folder, name, _columns(found))
    source = _source(found)
    drawn = figure_frame(found)
    made += save_figure(figure.draw(drawn, source), folder, "frontier",
                        figure.caption(drawn, source))  # fmt: skip
    return made


def figure_frame(found: Portfolio) -> pd.DataFrame:
    """Cost against risk: one row per mix; the frontier is that of these two objectives."""
    cost, risk = found.objectives[0], found.objectives[1]
    scale = words.scale_of(risk)
    lo, hi = found.ends(1)
    two = found.losses.mean(axis=1)[:1, :, :2]
    best = {one.mix for one in found.choices} if not found.refusals else set()
    return pd.DataFrame({
        "quantity": risk.label, "unit": words.unit_of(risk),
        "label": [arm.label for arm in found.mixes.arms],
        "cost": found.level[0, :, 0], "cost_unit": words.unit_of(cost),
        "estimate": found.level[0, :, 1] * scale, "lo": lo * scale, "hi": hi * scale,
        "n": found.cells, "frontier": on_frontier(two)[0],
        "chosen": [m in best for m in range(len(found.mixes.arms))],
    }).sort_values("cost", kind="stable", ignore_index=True)  # fmt: skip


def _source(found: Portfolio) -> Source:
    mixes = found.mixes
    states = words.count(len(np.unique([s.label for s in mixes.states])), "state")
    return source_of(mixes.source, f"{words.count(len(mixes.arms), 'mix', 'mixes')}, "
                                   f"{found.cells:,} histories each, {states} of the "
                                   "world")  # fmt: skip


def _columns(found: Portfolio) -> list[Column]:
    """What the columns mean, by the declarations of the outcomes."""
    made = []
    roles = ("cost", "risk", "people")[: len(found.objectives)]
    for role, outcome in zip(roles, found.objectives, strict=True):
        unit = outcome.unit
        made += [Column(role, outcome.label, unit, outcome.about),
                 Column(f"{role}_lo", f"{outcome.label}, lower end of 95 %", unit),
                 Column(f"{role}_hi", f"{outcome.label}, upper end of 95 %", unit)]  # fmt: skip
    cost, risk = found.objectives[0].unit, found.objectives[1].unit
    return [
        *made,
        Column("n", "Histories", "", "complete draws of every mix"),
        Column("chance_on_frontier", "Chance of being on the frontier", "share",
               "share of resamplings of the seeds"),
        Column("budget", "Budget", cost),
        Column("chance_best", "Chance of being the best", "share",
               "share of resamplings of the seeds"),
        Column("risk_difference", "Risk less that of the first mix", risk),
        Column("surcharge", "Cost that may be added", cost),
        Column("break_even", "Break-even cost", cost, "above it the mechanism is not in the best "
               "mix; accounts only"),
        Column("cost_now", "Cost now, in the mix that decides", cost),
        Column("greatest_regret", "Greatest regret over states", risk),
        Column("mean_regret", "Mean regret over states", risk),
        Column("share_meets", "Share of states that meet the thresholds", "share"),
    ]  # fmt: skip
