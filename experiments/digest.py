"""One hash over results: equal hashes mean equal results, bit for bit.

Hashed are, sorted by arm and seed, the status, outcomes and series of every run (for the folder of
``thalweg run``: its events and series), under the names of the columns. Times, paths, threads, part
files and their order do not enter.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.exits import UsageError

KEYS = ("row", "arm", "seed", "status")


class Digest(NamedTuple):
    """The hash (64 hex digits) and how many runs it covers."""

    text: str
    runs: int


def digest_of(folder: Path) -> Digest:
    """Hash the results in a folder. Raises UsageError when there are none."""
    parts = sorted(folder.glob("part-*.parquet"))
    if parts:
        return _of_parts(parts)
    single = [folder / "events.parquet", folder / "series.parquet"]
    if all(path.is_file() for path in single):
        return _of_tables(single)
    what = "holds no results of thalweg" if folder.is_dir() else "no such folder"
    raise UsageError(f"{folder}: {what}. Give the folder that compare or run has written.")


def _of_parts(parts: list[Path]) -> Digest:
    """Hash each run by itself, then the hashes in the order of arm and seed."""
    names: list[str] | None = None
    runs: list[tuple[str, int, bytes]] = []
    for path in parts:
        outcomes = _read(path)
        series = _read(path.with_name(path.name.replace("part-", "series-")))
        columns = [n for n in outcomes.column_names if n not in KEYS]
        columns += [n for n in series.column_names if n not in KEYS]
        if names is not None and columns != names:
            raise UsageError(f"{path}: its columns differ from those of the other parts.")
        names = columns
        runs += _rows(outcomes, series)
    digest = hashlib.sha256("\n".join(names or []).encode())
    for _, _, content in sorted(runs):
        digest.update(content)
    return Digest(digest.hexdigest(), len(runs))


def _rows(outcomes: pa.Table, series: pa.Table) -> list[tuple[str, int, bytes]]:
    if not outcomes["row"].equals(series["row"]):
        raise UsageError("a part and its series hold different runs; simulate the study again.")
    arms, seeds = outcomes["arm"].to_pylist(), outcomes["seed"].to_pylist()
    status = outcomes["status"].to_numpy()
    blocks = [_plain(outcomes[n]) for n in outcomes.column_names if n not in KEYS]
    blocks += [_plain(series[n]) for n in series.column_names if n not in KEYS]
    found = []
    for run, (arm, seed) in enumerate(zip(arms, seeds, strict=True)):
        content = hashlib.sha256(f"{arm}\n{seed}\n{status[run]}\n".encode())
        for block in blocks:
            content.update(block[run].tobytes())
        found.append((arm, seed, content.digest()))
    return found


def _plain(column: pa.ChunkedArray) -> np.ndarray:
    """Little-endian values, axis 0 the run, with one pattern of bits for NaN and for zero."""
    array = column.combine_chunks()
    if pa.types.is_fixed_size_list(array.type):
        values = array.flatten().to_numpy(zero_copy_only=False).reshape(len(array), -1)
    else:
        values = array.to_numpy(zero_copy_only=False)
    values = np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<"))
    if values.dtype.kind == "f":
        values = np.where(np.isnan(values), np.asarray(np.nan, values.dtype), values + 0.0)
    return values


def _of_tables(paths: list[Path]) -> Digest:
    digest = hashlib.sha256()
    for path in paths:
        table = _read(path)
        for name in table.column_names:
            column = table[name]
            digest.update(f"{name}\n".encode())
            if pa.types.is_string(column.type):
                digest.update("\n".join(map(str, column.to_pylist())).encode())
            else:
                digest.update(_plain(column).tobytes())
    return Digest(digest.hexdigest(), 1)


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise UsageError(f"{path}: not readable ({error}). Simulate the study again.") from None
