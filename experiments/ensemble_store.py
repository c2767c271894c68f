"""Counts of watched histories on disk: one parquet file per part, found again by identity."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.patterns import COLUMNS
from experiments.backgrounds import Plan
from experiments.observe import Task, Watched, watch_many
from experiments.store import write_table


def identity_of(parts: Any) -> str:
    """64 hex digits of plain values."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def parts_of(plan: Plan) -> dict[str, Any]:
    """Everything that can change a count."""
    from sim._jit import kernel_digest

    return {
        "borders": [[b.name, b.histories, b.study.parts] for b in plan.borders],
        "first_seed": plan.first_seed,
        "years": plan.years,
        "patterns": _digest(),
        "model code": kernel_digest(),
    }


def watched(
    folder: Path, part: int, identity: str, tasks: Callable[[], Sequence[Task]],
    threads: int | None, on_done: Callable[[int], None] | None = None,
) -> Watched:  # fmt: skip
    """One part: read when it is there and belongs to ``identity``, else simulated and kept."""
    path = folder / f"counts-{part:06d}.parquet"
    kept = _read(path, identity)
    if kept is not None:
        if on_done is not None:
            on_done(len(kept.seed))
        return kept
    made = watch_many(tasks(), threads, on_done)
    columns = {
        "border": pa.array(made.border.tolist(), pa.string()),
        "seed": pa.array(made.seed, pa.int64()),
        "status": pa.array(made.status, pa.int8()),
    }
    columns |= {name: pa.array(made.counts[:, k]) for k, name in enumerate(COLUMNS)}
    write_table(path, pa.table(columns), {"identity": identity})
    return made


def _read(path: Path, identity: str) -> Watched | None:
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException):
        return None
    marks = table.schema.metadata or {}
    if marks.get(b"identity", b"").decode() != identity:
        return None
    counts = np.column_stack([table[name].to_numpy() for name in COLUMNS])
    border = np.array(table["border"].to_pylist())
    return Watched(border, table["seed"].to_numpy(), table["status"].to_numpy(), counts)


def _digest() -> str:
    """Hash of the files that turn a history into counts."""
    import analysis.patterns
    from experiments import observe

    home = Path(analysis.patterns.__file__).parent
    digest = hashlib.sha256()
    for path in (*sorted(home.glob("*.py")), Path(observe.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()
