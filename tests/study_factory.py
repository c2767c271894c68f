"""Small, deterministic study folders with planted answers, for the tests of the analysis room.

Nothing here runs the model: numbers are drawn so that the truth is known (no effect, a huge effect,
few crises, failing runs, an arm that does nothing).
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

LABELS = {
    "none": "No cooperation",
    "data_sharing": "Data sharing",
    "joint_committee": "Joint committee",
    "full": "Full package",
    "idle": "Idle arm",
}
MECHANISMS: dict[str, dict[str, float]] = {
    "none": {},
    "data_sharing": {"data_sharing": 1.0},
    "joint_committee": {"joint_committee": 1.0},
    "full": {"data_sharing": 1.0, "joint_committee": 1.0, "mutual_aid": 1.0},
    "idle": {"data_sharing": 0.0},
}
OUTCOMES: dict[str, tuple[str, str, str, str]] = {
    "crisis_resource": ("interstate crisis over the resource", "0 or 1", "lower", "probability"),
    "crisis_any": ("interstate crisis of any root", "0 or 1", "lower", "probability"),
    "crisis_local": ("crisis begun by a local incident", "0 or 1", "lower", "probability"),
    "crisis_dispute": ("crisis begun by an interstate dispute", "0 or 1", "lower", "probability"),
    "crisis_other": ("interstate crisis over another issue", "0 or 1", "lower", "probability"),
    "time_to_crisis_resource": ("time to the first such crisis", "years", "higher", "time"),
    "highest_local_rung": ("highest local rung", "rung", "lower", "level"),
    "incidents_per_year": ("incidents", "per year", "lower", "rate"),
    "uncontained_rate": ("uncontained incidents", "per year", "lower", "rate"),
    "share_contained": ("share of incidents contained", "share", "higher", "share"),
    "violent_incidents": ("violent local incidents", "per history", "lower", "rate"),
    "complaints_per_year": ("complaints", "per year", "none", "rate"),
    "mean_livelihood": ("mean livelihood", "index", "higher", "level"),
    "worst_livelihood": ("livelihood of the worst-off group", "index", "higher", "level"),
    "grievance_end": ("grievance at the end", "index", "lower", "level"),
    "trust_end": ("trust at the end", "index", "higher", "level"),
    "weeks_border_closed": ("weeks with a closed border", "weeks", "lower", "time"),
    "hazard_damage": ("hazard damage", "million US dollars of 2020", "lower", "money"),
    "money_spent": ("money spent on cooperation", "million US dollars of 2020", "lower", "money"),
}  # fmt: skip
LOCAL = ["calm", "complaint", "protest", "unilateral act", "violent incident"]
INTERSTATE = [
    "normal", "diplomatic protest", "diplomatic and economic hostility", "show of force",
    "use of force", "war",
]  # fmt: skip
TOWNS = [
    ("Arden", "XA", 40.12, 70.63, 64000), ("Belling", "XB", 40.02, 70.82, 28000),
    ("Corrie", "XA", 40.29, 70.43, 51000), ("Dunmore", "XB", 39.86, 70.60, 9000),
    ("Esk", "XA", 39.84, 70.55, 31000), ("Farrow", "XC", 39.97, 71.13, 22000),
    ("Glen", "XB", 40.08, 71.18, 12000), ("Harrow", "XC", 40.38, 71.08, 110000),
    ("Inver", "XB", 40.16, 70.95, 15000),
]  # fmt: skip
DYADS = [(0, 1), (2, 1), (4, 3), (0, 3), (5, 6), (7, 8), (5, 1)]


class Plan(NamedTuple):
    """What to plant. ``effect`` scales how far each arm's chance of a crisis falls."""

    arms: Sequence[str] = ("none", "data_sharing", "joint_committee", "full")
    seeds: int = 200
    years: int = 20
    effect: float = 0.5
    crisis: float = 0.35
    failing: int = 0
    aborted: int = 0
    complete: bool = True
    label: str = "Testland"
    histories: bool = True


def make_study(folder: Path, plan: Plan | None = None, **planted: Any) -> Path:
    """Write a study folder and return it. ``planted`` overrides fields of the `Plan`."""
    chosen = (plan or Plan())._replace(**planted)
    folder.mkdir(parents=True, exist_ok=True)
    runs, series = _draw(chosen)
    _write_parts(folder, chosen, runs, series)
    _write_json(folder / "manifest.json", _manifest(chosen, runs))
    _write_json(folder / "declarations.json", _declarations(chosen))
    _write_json(folder / "region.json", region(chosen.label))
    _write_json(folder / "provenance.json", _provenance())
    (folder / "overrides.txt").write_text("seeds=200\nyears=20\n", encoding="utf-8")
    (folder / "config.yaml").write_text("region: testland\n", encoding="utf-8")
    if chosen.histories:
        for arm in chosen.arms:
            _write_json(folder / f"history-{arm}.json", _history(chosen, arm))
    return folder


def strength(arm: str) -> float:
    """How much of the planted effect an arm has."""
    return {"none": 0.0, "idle": 0.0, "data_sharing": 0.3, "joint_committee": 0.5}.get(arm, 1.0)


def region(label: str) -> dict[str, Any]:
    """An invented border region of nine towns in three nations."""
    x = np.linspace(70.2, 71.5, 60)
    middle = 40.05 + 0.10 * np.sin(5 * (x - 70)) - 0.10 * (x - 70.7) + 0.02 * np.sin(31 * x)
    y = np.linspace(40.0, 40.6, 30)
    names = [town[0] for town in TOWNS]
    return {
        "name": "testland",
        "label": label,
        "note": "An invented region for tests.",
        "start_year": 2025,
        "nations": [{"name": f"X{c}", "label": f"Nation {c}"} for c in "ABC"],
        "municipalities": [
            dict(zip(("name", "nation", "lat", "lon", "population"), town, strict=True))
            for town in TOWNS
        ],
        "dyads": [
            {
                "name": f"{names[a]}-{names[b]}", "a": names[a], "b": names[b],
                "pair": f"{TOWNS[a][1]}-{TOWNS[b][1]}", "unit": "canal",
            }
            for a, b in DYADS
        ],
        "units": [{"name": "canal", "label": "Shared canal", "kind": "river"}],
        "pairs": ["XA-XB", "XA-XC", "XB-XC"],
        "borders": [
            [[float(a), float(b)] for a, b in zip(x, middle, strict=True)],
            [[float(71.0 + 0.03 * math.sin(9 * b)), float(b)] for b in y],
        ],
        "border_source": "Natural Earth 1:10m, public domain",
        "place_source": "GeoNames, CC BY 4.0",
        "bodies": [{"name": "Joint water office", "about": "meets twice a year"}],
        "assumptions": [{"where": "canal", "text": "Capacity is assumed from its width."}],
        "sources": [{"where": "towns", "text": "GeoNames"}],
    }  # fmt: skip


def _draw(plan: Plan) -> tuple[pd.DataFrame, dict[str, dict[int, np.ndarray]]]:
    frames, series = [], {}
    for index, arm in enumerate(plan.arms):
        rows = 100_000 * index + np.arange(plan.seeds)
        outcomes, kept = _arm(plan, strength(arm) * plan.effect)
        frame = pd.DataFrame({"row": rows, "arm": arm, "seed": np.arange(plan.seeds), **outcomes})
        frame.insert(3, "status", np.zeros(plan.seeds, dtype=np.int8))
        if arm == plan.arms[-1] and plan.failing:
            frame.loc[frame.index[: plan.failing], "status"] = 1
        if arm == plan.arms[-1] and plan.aborted:
            frame = frame.iloc[: -plan.aborted]
        frames.append(frame)
        for key, values in kept.items():
            series.setdefault(key, {}).update(zip(rows.tolist(), values, strict=True))
    return pd.concat(frames, ignore_index=True), series


def _arm(plan: Plan, fall: float) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Outcomes and series of one arm; every arm uses the same draws (common random numbers)."""
    random = np.random.default_rng(11)
    n, points = plan.seeds, plan.years * 4
    luck, other, mood = random.random(n), random.random(n), random.normal(size=n)
    fate = random.random(n)
    steps = random.normal(size=(n, points))
    crisis = (luck < plan.crisis * (1 - fall)).astype(float)
    quarrel = (other < 0.4).astype(float)
    climb = np.clip(np.cumsum(steps * 0.12 + 0.01, axis=1) + 1.1 + 0.35 * mood[:, None], 0, None)
    local = np.clip(climb * (1 - 0.4 * fall), 0, 4)
    when = np.where(crisis > 0, plan.years * (0.1 + 0.88 * (luck / plan.crisis)), np.nan)
    incidents = np.maximum(2.2 + 0.7 * mood, 0.1) * (1 - 0.3 * fall)
    violent = np.floor(incidents * (1 + fate) * (1 - 0.4 * fall))
    rung = np.where(steps > 1.6, 1.0, 0.0) + np.where(steps > 2.3, 1.0, 0.0)
    quarter = (np.nan_to_num(when, nan=-1) * 4 - 1e-9).astype(int)
    hit = crisis > 0
    rung[np.flatnonzero(hit), np.minimum(quarter[hit], points - 1)] = 3 + (fate[hit] > 0.5)
    peaks = np.clip(
        np.floor(local.max(axis=1))[:, None] + (random.random((n, len(DYADS))) > 0.5), 0, 4
    )
    outcomes = {
        "crisis_resource": crisis,
        "crisis_any": np.maximum(crisis, quarrel),
        "crisis_local": crisis * (fate < 0.6),
        "crisis_dispute": crisis * (fate >= 0.6),
        "crisis_other": quarrel,
        "time_to_crisis_resource": when,
        "highest_local_rung": np.floor(local.max(axis=1)),
        "incidents_per_year": incidents,
        "uncontained_rate": incidents * 0.4 * (1 - 0.5 * fall) * (fate > 0.1),
        "share_contained": np.where(fate < 0.04, np.nan, 0.6 + 0.2 * fall + 0.05 * mood),
        "violent_incidents": violent,
        "complaints_per_year": incidents * (1.5 + 0.5 * fall),
        "mean_livelihood": 0.82 + 0.04 * mood + 0.02 * fall,
        "worst_livelihood": 0.55 + 0.08 * mood + 0.03 * fall,
        "grievance_end": 0.4 - 0.05 * mood - 0.06 * fall,
        "trust_end": 0.5 + 0.06 * mood + 0.12 * fall,
        "weeks_border_closed": np.round(crisis * 30 * fate + quarrel * 12 * other),
        "hazard_damage": 40 * np.exp(0.4 * mood) * (1 - 0.1 * fall),
        "money_spent": np.full(n, 60.0 * fall) + 3 * fall * fate,
    }
    kept = {"local_rung": local, "interstate_rung": rung, "dyad_peak": peaks}
    return outcomes, {key: values.astype(np.float32) for key, values in kept.items()}


def _write_parts(
    folder: Path, plan: Plan, runs: pd.DataFrame, series: dict[str, dict[int, np.ndarray]]
) -> None:
    half = len(runs) // 2
    for part, rows in enumerate((runs.iloc[:half], runs.iloc[half:])):
        pq.write_table(
            pa.Table.from_pandas(rows, preserve_index=False), folder / f"part-{part:06d}.parquet"
        )
        columns: dict[str, Any] = {"row": pa.array(rows["row"].to_numpy())}
        for key, values in series.items():
            block = np.stack([values[int(row)] for row in rows["row"]])
            flat = pa.array(block.reshape(-1), type=pa.float32())
            columns[key] = pa.FixedSizeListArray.from_arrays(flat, block.shape[1])
        pq.write_table(pa.table(columns), folder / f"series-{part:06d}.parquet")
    design = runs[["row", "arm", "seed"]]
    pq.write_table(pa.Table.from_pandas(design, preserve_index=False), folder / "design.parquet")


def _manifest(plan: Plan, runs: pd.DataFrame) -> dict[str, Any]:
    failed = int((runs["status"] != 0).sum())
    return {
        "schema": 2,
        "command": "compare",
        "region": "testland",
        "identity": "5f0c" * 16,
        "kernel_digest": "ab12" * 8,
        "arms": [
            {"name": a, "label": LABELS.get(a, a), "mechanisms": MECHANISMS.get(a, {})}
            for a in plan.arms
        ],
        "seeds": {"first": 0, "count": plan.seeds},
        "years": plan.years,
        "spinup_years": 30,
        "tick_weeks": 1,
        "chunk": 64,
        "chunks": [],
        "runs": {
            "launched": plan.seeds * len(plan.arms),
            "ok": len(runs) - failed,
            "failed": failed,
            "aborted": plan.aborted,
        },
        "complete": plan.complete,
    }


def _declarations(plan: Plan) -> dict[str, Any]:
    top = {"local_rung": 4.0, "interstate_rung": 5.0}
    return {
        "outcomes": {
            key: {
                "label": label, "unit": unit, "better": better, "kind": kind,
                "about": f"Definition of {label}.",
            }
            for key, (label, unit, better, kind) in OUTCOMES.items()
        },
        "series": [
            {"key": key, "label": key.replace("_", " "), "unit": "rung", "lo": 0.0, "hi": hi}
            for key, hi in top.items()
        ],
        "mechanisms": [
            {
                "name": name, "label": LABELS.get(name, "Mutual aid"),
                "about": "What it is, in a sentence.",
                "fails_when": "When nobody keeps it up.",
                "cost_note": "A yearly cost per pair of towns.",
            }
            for name in ("data_sharing", "joint_committee", "mutual_aid")
        ],
        "parameters": [
            {
                "key": "drought.severity_mean", "default": 0.3, "value": 0.3, "unit": "share",
                "lo": 0.0, "hi": 1.0, "label": "mean severity", "source": "assumption: a guess",
            },
            {
                "key": "drought.rate", "default": 0.1, "value": 0.2, "unit": "per year",
                "lo": 0.0, "hi": 1.0, "label": "droughts per year", "source": "doi:10.0/example",
            },
        ],
        "local_rungs": LOCAL,
        "interstate_rungs": INTERSTATE,
    }  # fmt: skip


def _provenance() -> dict[str, Any]:
    return {
        "versions": {"thalweg": "0.1.0", "python": "3.11.0", "numpy": "2.4.6"},
        "commit": "0123456789abcdef",
        "dirty": False,
        "platform": "Linux",
        "threads": 2,
        "started": "2026-11-21T10:00:00+00:00",
        "ended": "2026-11-21T10:00:31+00:00",
        "wall_seconds": 31.2,
        "command_line": "thalweg compare region=testland seeds=200 years=20",
    }


def _history(plan: Plan, arm: str) -> dict[str, Any]:
    """A chain of acts at a shared intake, and complaints and quarrels around it."""
    random = np.random.default_rng(5)
    guard, state = "border guard", "government"
    a, b = "Nation A", "Nation B"
    steps = [
        ("2031-03-02", "complaint", "municipality", "local", 1, "Arden", "Belling", None),
        ("2031-05-11", "protest", "crowd", "local", 2, "Arden", "Belling", 0),
        ("2032-06-20", "unilateral act", "municipality", "local", 3, "Belling", "Arden", 1),
        ("2032-06-29", "complaint", "municipality", "local", 1, "Arden", "Belling", 2),
        ("2033-07-04", "violent incident", "crowd", "local", 4, "Arden", "Belling", 2),
        ("2033-07-05", "guards display", guard, "interstate", 3, b, a, 4),
        ("2033-07-06", "diplomatic protest", state, "interstate", 1, a, b, 5),
        ("2033-07-06", "guards fire", guard, "interstate", 4, a, b, 5),
        ("2033-07-09", "border closed", state, "interstate", 2, b, a, 7),
        ("2033-09-01", "talks", state, "interstate", 0, a, b, 8),
    ]
    if strength(arm) > 0.9:
        steps = steps[:4]
    events = [
        {
            "id": i, "year": int(date[:4]), "week": 1, "date": date, "place": "Arden-Belling",
            "actor": actor, "target": target, "act": act, "bar": -3 if rung else 1,
            "hostility": rung if ladder == "interstate" else 0, "rung": rung,
            "local": ladder == "local",
            "actor_class": who, "issue": "river", "cause": cause, "answered": rung > 2,
            "root": "local incident",
        }
        for i, (date, act, who, ladder, rung, actor, target, cause) in enumerate(steps)
    ]  # fmt: skip
    for k in range(60):
        year = 2025 + int(random.integers(0, plan.years))
        rung = int(random.integers(0, 3))
        events.append(
            {
                "id": len(steps) + k, "year": year, "week": 10,
                "date": f"{year}-{int(random.integers(1, 13)):02d}-15", "place": "Corrie-Belling",
                "actor": "Corrie", "target": "Belling", "act": LOCAL[rung], "bar": -1,
                "hostility": 0, "rung": rung, "local": True, "actor_class": "municipality",
                "issue": "river", "cause": None, "answered": None, "root": "none",
            }
        )  # fmt: skip
    return {"arm": arm, "seed": 7, "rule": "first seed with the highest rung", "events": events,
            "points_per_year": 4, **_rungs(plan, arm)}  # fmt: skip


def _rungs(plan: Plan, arm: str) -> dict[str, Any]:
    """Rungs by quarter: pairs in violence in turn, and one quarrel between nations."""
    quarters = 4 * plan.years
    names = [f"{TOWNS[a][0]}-{TOWNS[b][0]}" for a, b in DYADS]
    calm = strength(arm) > 0.9
    rows = [[0 if calm else (k + row) % 5 if row else 4 * (k % 2) for k in range(quarters)]
            for row in range(len(names))]  # fmt: skip
    between = [4 if k == 9 and not calm else 0 for k in range(quarters)]
    return {"dyads": [{"name": name, "rung": row} for name, row in zip(names, rows, strict=True)],
            "pairs": [{"name": "XA-XB", "rung": between}]}  # fmt: skip


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True), encoding="utf-8")
