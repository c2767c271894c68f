"""Parts: what the runs of a chunk gave, in parquet files that say which runs they hold.

A chunk is there when its files open, hold its rows and carry the hash over their identities. The
outcomes are written last, and files that are there are never written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.store import write_table


class Chunk(NamedTuple):
    """Rows ``start`` to ``stop`` (exclusive) of the design, kept in one part."""

    part: int
    start: int
    stop: int


class Part(NamedTuple):
    """Results of one chunk; axis 0 is the run.

    ``error``: the traceback of a run that stopped with one, else what its status means, or None.
    """

    row: np.ndarray
    arm: Sequence[str]
    seed: np.ndarray
    status: np.ndarray
    error: Sequence[str | None]
    outcomes: Mapping[str, np.ndarray]  # float64 [run]
    series: Mapping[str, np.ndarray]  # float32 [run, point]
    events: Mapping[str, np.ndarray] | None = None  # columns over acts, ``row`` among them


def chunks_of(rows: int, length: int) -> list[Chunk]:
    """Cut a design of ``rows`` runs into chunks."""
    starts = range(0, rows, length)
    return [Chunk(part, start, min(start + length, rows)) for part, start in enumerate(starts)]


def part_path(folder: Path, part: int) -> Path:
    """File of the outcomes of a chunk."""
    return folder / f"part-{part:06d}.parquet"


def series_path(folder: Path, part: int) -> Path:
    """File of the series of a chunk."""
    return folder / f"series-{part:06d}.parquet"


def events_path(folder: Path, part: int) -> Path:
    """File of the event logs of a chunk."""
    return folder / f"events-{part:06d}.parquet"


def write_part(folder: Path, chunk: Chunk, part: Part, marks: Mapping[str, str]) -> None:
    """Write what a chunk gave.

    The outcomes come last: with them the chunk is there. Files that are there stay as they are.
    """
    for kind, table in reversed(tables_of(part).items()):
        write_table(folder / f"{kind}-{chunk.part:06d}.parquet", table, marks, once=True)


def tables_of(part: Part) -> dict[str, pa.Table]:
    """The tables of part, series and events, as far as they are kept; runs that failed hold NaN."""
    failed = part.status != 0
    columns: dict[str, Any] = {
        "row": pa.array(part.row, pa.int64()),
        "arm": pa.array(list(part.arm), pa.string()),
        "seed": pa.array(part.seed, pa.int64()),
        "status": pa.array(part.status, pa.int8()),
        "error": pa.array(list(part.error), pa.string()),
    }
    for key, values in part.outcomes.items():
        columns[key] = pa.array(np.where(failed, np.nan, values).astype(np.float64))
    tables = {"part": pa.table(columns)}
    if part.series:
        history: dict[str, Any] = {"row": columns["row"]}
        for key, values in part.series.items():
            kept = np.where(failed[:, None], np.nan, values).astype(np.float32)
            history[key] = pa.FixedSizeListArray.from_arrays(pa.array(kept.ravel()), kept.shape[1])
        tables["series"] = pa.table(history)
    if part.events is not None:
        tables["events"] = pa.table({k: pa.array(values) for k, values in part.events.items()})
    return tables


def is_done(folder: Path, chunk: Chunk, mark: str, kinds: Sequence[str] = ("part",)) -> bool:
    """True when the files of a chunk open, and hold its runs as ``mark`` says.

    ``kinds``: part, series, events, as far as the study keeps them.
    """
    for kind in kinds:
        try:
            meta = pq.read_metadata(folder / f"{kind}-{chunk.part:06d}.parquet")
        except (OSError, pa.ArrowException):
            return False
        if (meta.metadata or {}).get(b"runs", b"").decode() != mark:
            return False
        if kind != "events" and meta.num_rows != chunk.stop - chunk.start:
            return False
    return True


def remove(folder: Path, part: int) -> None:
    """Remove what is left of a chunk that is not done."""
    for path in (part_path(folder, part), series_path(folder, part), events_path(folder, part)):
        path.unlink(missing_ok=True)


def strays(folder: Path, parts: Iterable[int]) -> list[Path]:
    """Files of results that belong to none of the chunks."""
    kinds, known = ("part", "series", "events"), set(parts)
    files = (path for kind in kinds for path in folder.glob(f"{kind}-*.parquet"))
    return sorted(p for p in files if int(p.stem.partition("-")[2]) not in known)


def remove_strays(folder: Path, parts: Iterable[int]) -> None:
    """Remove files of results that belong to none of the chunks: nobody asked for their runs."""
    for path in strays(folder, parts):
        path.unlink()
