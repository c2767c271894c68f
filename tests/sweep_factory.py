"""Small invented sweep folders with planted answers; nothing here runs the model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from study_factory import LABELS, MECHANISMS, OUTCOMES, _declarations, _provenance, region
from study_factory import Plan as ComparisonPlan

KEPT = ("crisis_resource", "crisis_any", "uncontained_rate", "violent_incidents",
        "worst_livelihood", "time_to_crisis_resource")  # fmt: skip
RANGE = {"key": "parameters.drought.rate", "kind": "range", "lo": 0.1, "hi": 0.5, "values": [],
         "scale": "uniform", "whole": False, "group": "", "where": "", "unit": "per year",
         "label": "droughts per year", "default": 0.1}  # fmt: skip
LOG = {**RANGE, "key": "parameters.drought.severity_mean", "scale": "log", "lo": 0.01, "hi": 1.0,
       "unit": "share", "label": "mean severity", "default": 0.3}  # fmt: skip
LIST = {**RANGE, "kind": "list", "values": [0.1, 0.2, 0.4], "lo": 0.0, "hi": 0.0}
FLAGS = {**LIST, "key": "parameters.drought.switch", "values": [False, True], "label": "a switch",
         "unit": "", "default": False}  # fmt: skip


class Plan(NamedTuple):
    """What to plant. ``slope``: how far the chance of a crisis rises along the first setting.

    ``chance``: from points [point, setting] to chances of a crisis [point, arm], in place of it.
    """

    regions: Sequence[str] = ("east", "west")
    arms: Sequence[str] = ("none", "joint_committee", "full")
    factors: Sequence[dict[str, Any]] = (RANGE, LOG)
    method: str = "latin"
    points: int = 16
    seeds: int = 12
    years: float = 10.0
    crisis: float = 0.4
    effect: float = 0.5
    slope: float = 0.3
    luck: float = 0.5  # spread of what all points of a seed share
    failing: int = 0
    missing: int = 0
    label: str = ""
    chance: Callable[[np.ndarray], np.ndarray] | None = None


def make_sweep(folder: Path, plan: Plan | None = None, **planted: Any) -> Path:
    """Write a sweep folder and return it. ``planted`` overrides fields of the `Plan`."""
    chosen = (plan or Plan())._replace(**planted)
    folder.mkdir(parents=True, exist_ok=True)
    shape = (len(chosen.regions), chosen.points, chosen.seeds, len(chosen.arms))
    points = points_of(chosen)
    case, point, seed, arm = (a.ravel() for a in np.indices(shape))
    names = np.array(chosen.arms)
    rows = np.arange(case.size)
    design = {"row": rows, "case": case.astype(np.int32), "region": np.array(chosen.regions)[case],
              "point": point, "arm": names[arm], "seed": seed + 1}  # fmt: skip
    for place, factor in enumerate(chosen.factors):
        design[factor["key"]] = points[point, place]
    pq.write_table(pa.table(design), folder / "design.parquet")
    outcomes = {key: values.ravel() for key, values in drawn(chosen, points).items()}
    status = np.zeros(rows.size, dtype=np.int8)
    status[: chosen.failing] = 3
    for values in outcomes.values():
        values[status != 0] = np.nan
    there = rows.size - chosen.missing
    for part, own in enumerate(np.array_split(rows[:there], 3)):
        errors = ["IndexError: planted <b>" if s else None for s in status[own]]
        table = {"row": own, "arm": names[arm][own], "seed": (seed + 1)[own], "status": status[own],
                 "error": pa.array(errors, pa.string()),
                 **{key: values[own] for key, values in outcomes.items()}}  # fmt: skip
        pq.write_table(pa.table(table), folder / f"part-{part:06d}.parquet")
    _papers(folder, chosen, status[:there])
    return folder


def points_of(plan: Plan) -> np.ndarray:
    """Values [point, setting]; lists are repeated in turn."""
    random = np.random.default_rng(3)
    columns = []
    for factor in plan.factors:
        share = (random.permutation(plan.points) + 0.5) / plan.points
        lo, hi = factor["lo"], factor["hi"]
        if factor["kind"] == "list":
            columns.append(np.resize(np.array(factor["values"], dtype=float), plan.points))
        elif factor["whole"]:
            columns.append(np.floor(lo + share * (hi + 1 - lo)))
        elif factor["scale"] == "log":
            columns.append(np.exp(np.log(lo) + share * np.log(hi / lo)))
        else:
            columns.append(lo + share * (hi - lo))
    return np.column_stack(columns) if columns else np.zeros((plan.points, 0))


def drawn(plan: Plan, points: np.ndarray) -> dict[str, np.ndarray]:
    """Outcomes [case, point, seed, arm]: the same luck for all points and arms of a seed."""
    random = np.random.default_rng(17)
    shape = (len(plan.regions), plan.points, plan.seeds)
    luck = random.normal(size=(shape[0], 1, plan.seeds)) * plan.luck
    noise = random.normal(size=shape) * np.sqrt(max(1 - plan.luck**2, 0.0))
    mood = np.broadcast_to(luck + noise, shape)[..., None]
    along = np.zeros(plan.points)
    if points.shape[1]:
        along = points[:, 0] - points[:, 0].mean()
        along = along / (np.ptp(along) or 1.0)
    rise = (plan.slope * along)[None, :, None, None]
    strong = np.array([{"none": 0.0, "joint_committee": 0.4}.get(a, 1.0) for a in plan.arms])
    fall = plan.effect * strong[None, None, None, :]
    rank = 1 / (1 + np.exp(-1.7 * mood))  # about uniform
    chance = (plan.crisis + rise) * (1 - fall)
    if plan.chance is not None:
        chance = plan.chance(points)[None, :, None, :]
    crisis = (rank < chance).astype(float)
    rate = np.maximum(2 + mood + 2 * rise, 0.0) * (1 - 0.5 * fall)
    full = np.broadcast_to(crisis, (*shape, len(plan.arms)))
    return {
        "crisis_resource": full.copy(),
        "crisis_any": np.maximum(full, np.broadcast_to(mood > 1, full.shape)),
        "uncontained_rate": rate * 0.3,
        "violent_incidents": rate.copy(),
        "worst_livelihood": 0.5 + 0.05 * mood + 0.05 * fall + 0.0 * rate,
        "time_to_crisis_resource": np.where(full > 0, 0.5 * plan.years, np.nan),
    }


def _papers(folder: Path, plan: Plan, status: np.ndarray) -> None:
    declared = _declarations(ComparisonPlan())
    _json(folder / "declarations.json", declared)
    for name in plan.regions:
        document = {**region(plan.label or name.title()), "name": name}
        _json(folder / f"region-{name}.json", document)
    _json(folder / "region.json", {**region(plan.label or plan.regions[0].title()),
                                   "name": plan.regions[0]})  # fmt: skip
    record = {**_provenance(), "command_line": "thalweg sweep region=east,west"}
    _json(folder / "provenance.json", {**record, "sessions": [record, record]})
    _json(folder / "manifest.json", _manifest(plan, status))
    (folder / "overrides.txt").write_text("region=east,west\n", encoding="utf-8")
    (folder / "config.yaml").write_text("region: east\n", encoding="utf-8")
    if plan.failing:
        runs = [{"row": row, "arm": plan.arms[row % len(plan.arms)], "seed": 1, "status": 3,
                 "error": 'File "x.py"\nIndexError: planted <b>', "region": plan.regions[0],
                 "inputs": {"region": plan.regions[0], "parameters.drought.rate": 0.123},
                 "again": f"thalweg replay x {row}"} for row in range(plan.failing)]  # fmt: skip
        _json(folder / "failures.json",
              {"failed": plan.failing, "listed": plan.failing, "runs": runs})


def _manifest(plan: Plan, status: np.ndarray) -> dict[str, Any]:
    failed = int((status != 0).sum())
    launched = len(plan.regions) * plan.points * plan.seeds * len(plan.arms)
    crossed = {**FLAGS, "key": "region", "label": "a region's name",
               "values": list(plan.regions)}  # fmt: skip
    return {
        "schema": 2, "command": "sweep", "region": plan.regions[0], "identity": "5f0c" * 16,
        "kernel_digest": "ab12" * 8,
        "arms": [{"name": a, "label": LABELS.get(a, a), "mechanisms": MECHANISMS.get(a, {})}
                 for a in plan.arms],
        "seeds": {"first": 1, "count": plan.seeds}, "years": plan.years, "spinup_years": 30,
        "tick_weeks": 1, "cases": [{"region": r} for r in plan.regions],
        "factors": [*([crossed] if len(plan.regions) > 1 else []), *plan.factors],
        "sampled": [f["key"] for f in plan.factors], "method": plan.method, "block": 1,
        "points": plan.points, "about": None, "asked": launched,
        "layout": {"outcomes": [key for key in OUTCOMES if key in KEPT]},
        "chunks": [],
        "runs": {"launched": launched, "ok": status.size - failed, "failed": failed,
                 "aborted": plan.missing, "pending": 0},
        "complete": plan.missing == 0,
    }  # fmt: skip


def _json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
