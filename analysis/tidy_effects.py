"""Paired effects of a study as a tidy frame, with the columns of `analysis.paper_figures`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import censored
from analysis.censored import Watched
from analysis.effects import Effect, effects
from analysis.paper_kit import Column
from analysis.study import Arm, Study
from analysis.sweep_effects import findings
from analysis.sweep_study import Sweep

COLUMNS = (
    Column("region", "Region", "", "name of the region"),
    Column("frame", "Where", "", "label of the region and what else tells one frame from another"),
    Column("arm", "Arm", "", "name of the arm"),
    Column("outcome", "Outcome", "", "key of the outcome"),
    Column("quantity", "Outcome", "", "label of the outcome"),
    Column("unit", "Unit", "", "of estimate, lo, hi and both means"),
    Column("label", "Arm", "", "label of the arm"),
    Column("estimate", "Difference", "", "mean over pairs of the arm minus the first arm"),
    Column("lo", "95 % from"),
    Column("hi", "95 % to"),
    Column("n", "Pairs", "pairs", "complete pairs"),
    Column("verdict", "Verdict", "",
           "better, worse, unclear, few events, values missing; rises, falls: no bad direction"),
    Column("reference_mean", "Mean of the first arm"),
    Column("arm_mean", "Mean of the arm"),
    Column("better", "Pairs that got better", "share"),
    Column("worse", "Pairs that got worse", "share"),
    Column("dropped", "Pairs dropped", "pairs", "with a value that is not defined"),
    Column("discordant", "Pairs that differ", "pairs"),
    Column("events_reference", "Events under the first arm", "pairs", "with any"),
    Column("events", "Events under the arm", "pairs", "with any"),
    Column("variance_reduction", "Variance reduction", "", "by pairing, against independent runs"),
    Column("method", "Method of the interval"),
)
KEYS = [column.key for column in COLUMNS]


def of_comparison(study: Study) -> pd.DataFrame:
    """All effects of a comparison, in declared order."""
    region = str(study.region.get("name", study.manifest.get("region", "")))
    where = {"region": region, "frame": study.region_label}
    rows = []
    for arm in study.arms[1:]:
        rows += [row_of(study, arm, effects(study)[arm.name, key], where) for key in study.outcomes]
    return pd.DataFrame(rows, columns=KEYS)


def of_sweep(sweep: Sweep) -> pd.DataFrame:
    """All effects of a sweep, frame by frame, over its points and seeds.

    Settings that make frames are columns of their own. Where frames x arms x outcomes are very many
    (`sweep_effects.MOST_CELLS`) the headline outcomes only.
    """
    crossed = [factor.key for factor in sweep.crossed if factor.key != "region"]
    arms = [arm.name for arm in sweep.arms]
    outcomes = list(sweep.outcomes)
    rows = []
    cells = findings(sweep, 0).cells
    ordered = sorted(cells, key=lambda one: (one[0], arms.index(one[1]), outcomes.index(one[2])))
    for case, arm, key in ordered:
        effect, frame = cells[case, arm, key].effect, sweep.frames[case]
        if effect is not None:
            own = {one: frame.settings.get(one) for one in crossed}
            where = {"region": frame.name, "frame": frame.label, **own}
            rows.append(row_of(frame, frame.arm(arm), effect, where))
    return pd.DataFrame(rows, columns=[*KEYS[:2], *crossed, *KEYS[2:]])


def row_of(
    watched: Watched, arm: Arm, effect: Effect, where: Mapping[str, Any]
) -> dict[str, Any]:
    """One effect as a row; ``where``: region, settings of its frame."""
    outcome = watched.outcomes[effect.outcome]
    unit = censored.unit(watched, outcome.key, outcome.unit)
    return {
        **where,
        **effect._asdict(),
        "quantity": outcome.label,
        "unit": "share of histories" if outcome.is_probability else unit,
        "label": arm.label,
        "estimate": effect.difference,
        "verdict": effect.verdict(outcome),
        "events_reference": effect.events[0],
        "events": effect.events[1],
    }
