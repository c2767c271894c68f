"""Invented portfolios: folders whose arms are all subsets of some mechanisms, with known truth."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from study_factory import Plan as ComparisonPlan
from study_factory import _declarations, _provenance, region

KEYS = ("crisis_resource", "uncontained_rate", "worst_livelihood", "money_spent")
NAMES = ("ant", "bee", "cow", "dog", "elk", "fox", "gnu", "hen")


class World(NamedTuple):
    """What is true. Every function takes members [mix, mechanism] and a state, gives [mix]."""

    mechanisms: int
    risk: Callable[[np.ndarray, int], np.ndarray]
    cost: Callable[[np.ndarray, int], np.ndarray]
    people: Callable[[np.ndarray, int], np.ndarray]
    states: int = 1

    @property
    def members(self) -> np.ndarray:
        """Every subset, by size."""
        sets = [c for k in range(self.mechanisms + 1)
                for c in combinations(range(self.mechanisms), k)]  # fmt: skip
        return np.array([[m in c for m in range(self.mechanisms)] for c in sets])


def draw(world: World, seeds: int, seed: int, noise: float = 0.3) -> dict[str, np.ndarray]:
    """Outcomes [state, seed, mix]: the luck of a seed is that of all mixes, and some is not."""
    random = np.random.default_rng(seed)
    members = world.members
    shape = (seeds, len(members))
    found: dict[str, list[np.ndarray]] = {key: [] for key in KEYS}
    luck = random.random((seeds, 1))
    mood = random.normal(size=(seeds, 1))
    for state in range(world.states):
        own = random.random(shape)
        fate = np.where(random.random(shape) < noise, own, luck)  # uniform, mostly shared
        found["crisis_resource"].append((fate < world.risk(members, state)).astype(float))
        blur = random.normal(size=shape)
        found["uncontained_rate"].append(np.maximum(1 + 0.1 * mood + 0.02 * blur, 0.0))
        found["worst_livelihood"].append(world.people(members, state) + 0.05 * mood + 0.01 * blur)
        costs = world.cost(members, state)
        found["money_spent"].append(costs * (1 + 0.1 * mood + 0.02 * blur))
    return {key: np.stack(values) for key, values in found.items()}


def write(
    folder: Path, world: World, values: dict[str, np.ndarray],
    failing: Sequence[tuple[int, int, int]] = (), missing: Sequence[tuple[int, int, int]] = (),
) -> Path:  # fmt: skip
    """A sweep over states (a comparison with one). Cells are (state, seed, mix)."""
    folder.mkdir(parents=True, exist_ok=True)
    members = world.members
    arms = ["+".join(NAMES[m] for m in np.flatnonzero(row)) or "none" for row in members]
    shape = values[KEYS[0]].shape
    state, seed, mix = (a.ravel() for a in np.indices(shape))
    rows = np.arange(state.size)
    status = np.zeros(shape, dtype=np.int8)
    for cell in failing:
        status[cell] = 3
    there = np.ones(shape, dtype=bool)
    for cell in missing:
        there[cell] = False
    flat, kept = status.ravel(), there.ravel()
    names = np.array(arms)[mix]
    table = {"row": rows, "arm": names, "seed": seed + 1, "status": flat,
             **{k: np.where(flat == 0, v.ravel(), np.nan) for k, v in values.items()}}  # fmt: skip
    pq.write_table(pa.table({k: v[kept] for k, v in table.items()}), folder / "part-000000.parquet")
    design = {"row": rows, "case": state.astype(np.int32), "point": np.zeros(rows.size, dtype=int),
              "arm": names, "seed": seed + 1}  # fmt: skip
    pq.write_table(pa.table(design), folder / "design.parquet")
    counts = {"launched": rows.size, "ok": int((kept & (flat == 0)).sum()),
              "failed": int((kept & (flat != 0)).sum()),
              "aborted": int((~kept).sum()), "pending": 0}  # fmt: skip
    _papers(folder, world, arms, shape[1], counts)
    return folder


def _papers(
    folder: Path, world: World, arms: list[str], seeds: int, counts: dict[str, int]
) -> None:
    declared = _declarations(ComparisonPlan())
    used = NAMES[: world.mechanisms]
    declared["mechanisms"] = [{"name": name, "label": name.title()} for name in used]
    case = [{"region": "testland", "parameters": f"fit_{s}"} for s in range(world.states)]
    factor = {"key": "parameters", "kind": "list", "lo": 0, "hi": 0, "scale": "uniform",
              "values": [c["parameters"] for c in case], "whole": False, "group": "",
              "label": "prepared set", "unit": "", "default": None}  # fmt: skip
    several = world.states > 1
    manifest: dict[str, Any] = {
        "schema": 2, "command": "sweep" if several else "compare", "region": "testland",
        "identity": "5f0c" * 16, "kernel_digest": "ab12" * 8,
        "arms": [{"name": a, "label": a,
                  "mechanisms": {m: 1.0 for m in used if m in a.split("+")}} for a in arms],
        "seeds": {"first": 1, "count": seeds}, "years": 20, "spinup_years": 30, "tick_weeks": 1,
        "cases": case, "factors": [factor] if several else [], "sampled": [], "method": "grid",
        "block": 1, "points": 1, "layout": {"outcomes": list(KEYS)}, "chunks": [], "runs": counts,
        "complete": counts["aborted"] == 0,
    }  # fmt: skip
    for name, content in (("manifest", manifest), ("declarations", declared),
                          ("region", region("Testland")), ("region-testland", region("Testland")),
                          ("provenance", _provenance())):  # fmt: skip
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
