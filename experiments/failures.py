"""Failed runs, one by one: seed, inputs and traceback, in ``failures.json``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.part_files import part_path
from experiments.plan import Plan
from experiments.runs import read_runs
from experiments.store import write_json
from experiments.workspace import Workspace

FAILURES = "failures.json"
MOST = 1000  # written out one by one; the parts keep all


def write_failures(folder: Path, plan: Plan, place: Workspace) -> None:
    """Write every failed run with what is needed to understand it; no failure, no file."""
    found = [one for chunk in place.chunks for one in _failed(folder, chunk.part)]
    path = folder / FAILURES
    if not found:
        path.unlink(missing_ok=True)
        return
    listed = [{**one, **_inputs(folder, plan, one["row"])} for one in found[:MOST]]
    write_json(path, {"failed": len(found), "listed": len(listed), "runs": listed})


def _failed(folder: Path, part: int) -> list[dict[str, Any]]:
    path = part_path(folder, part)
    if not path.is_file():
        return []
    table = pq.read_table(path, columns=["row", "arm", "seed", "status", "error"])
    rows: list[dict[str, Any]] = table.filter(pc.not_equal(table["status"], 0)).to_pylist()
    return rows


def _inputs(folder: Path, plan: Plan, row: int) -> dict[str, Any]:
    """Frame and values of the swept settings of one run, and how to make it again."""
    runs = read_runs(folder, row, row + 1)
    case = int(runs.case[0])
    swept = {f.key: float(v) for f, v in zip(plan.sampled, runs.values[0], strict=True)}
    return {"region": plan.cases[case].region.name, "inputs": {**plan.values[case], **swept},
            "again": f"thalweg replay {folder} {row}"}  # fmt: skip
