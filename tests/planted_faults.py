"""Folders with one planted fault each, for every command that answers a question to a folder.

A comparison and a sweep of one shape hold the same fault, so that a command that reads either is
asked of both. Nothing here runs the model.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from study_factory import make_study
from sweep_factory import make_sweep

SOUND, FEW, BROKEN = "sound", "few", "broken"  # the last: uneven failures, and half finished
KINDS = ("comparison", "sweep")
LOST = 12  # runs of the last arm
MISSED = 4


def plant(folder: Path, kind: str, fault: str) -> Path:
    """A folder of ``kind`` with one fault; the sound one has none of them."""
    return {"comparison": _comparison, "sweep": _sweep}[kind](folder, fault)


def fail(folder: Path, arm: str, number: int) -> None:
    """Let the first so many runs of an arm fail, in the parts and in the manifest."""
    for path in sorted(folder.glob("part-*.parquet")):
        table = pq.read_table(path)
        own = np.flatnonzero(np.array(table["arm"].to_pylist()) == arm)[:number]
        number -= own.size
        columns = {name: table[name].to_numpy().copy() for name in table.column_names}
        for name, values in columns.items():
            if name == "status":
                values[own] = 3
            elif values.dtype == float:
                values[own] = np.nan
        pq.write_table(pa.table(columns), path)
        _count(folder, failed=int(own.size), ok=-int(own.size))


def lose(folder: Path, number: int) -> None:
    """Take so many runs out of the last part, as where a study was broken off."""
    path = max(folder.glob("part-*.parquet"))
    table = pq.read_table(path)
    pq.write_table(table.slice(0, len(table) - number), path)
    _count(folder, pending=number, ok=-number)


def _count(folder: Path, **changes: int) -> None:
    path = folder / "manifest.json"
    content = json.loads(path.read_text("utf-8"))
    for name, change in changes.items():
        content["runs"][name] = content["runs"].get(name, 0) + change
    content["complete"] = not content["runs"].get("pending", 0)
    path.write_text(json.dumps(content), "utf-8")


def _comparison(folder: Path, fault: str) -> Path:
    make_study(folder, seeds=200, crisis=0.06 if fault == FEW else 0.5, arms=ARMS)
    return _broken(folder, fault)


def _sweep(folder: Path, fault: str) -> Path:
    few = (lambda points: np.full((len(points), len(ARMS)), 0.002)) if fault == FEW else None
    make_sweep(folder, regions=("east",), arms=ARMS, points=50, chance=few, method="latin",
               seeds=10)  # fmt: skip
    return _broken(folder, fault)


ARMS = ("none", "full")


def _broken(folder: Path, fault: str) -> Path:
    if fault == BROKEN:
        fail(folder, ARMS[-1], LOST)
        lose(folder, MISSED)
    return folder
