"""One hash over results: equal hashes mean equal results, bit for bit.

Hashed are, sorted by what a run is (what is swept over, arm, seed), the status, outcomes, series
and events of every run (for the folder of ``thalweg run``: its events and series), under the names
of the columns. Times, paths, threads, engines, part files and their order do not enter.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.exits import UsageError

KEYS = ("row", "arm", "seed", "status", "error")


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
    """Hash each run by itself, then the hashes in the order of what the runs are."""
    places = _places(parts[0].parent)
    names: list[str] | None = None
    runs: list[tuple[str, int, bytes]] = []
    for path in parts:
        tables = [_read(path)]
        beside = path.with_name(path.name.replace("part-", "series-"))
        tables += [_read(beside)] if beside.is_file() else []
        columns = [name for table in tables for name in table.column_names if name not in KEYS]
        if names is not None and columns != names:
            raise UsageError(f"{path}: its columns differ from those of the other parts.")
        names = columns
        logs = _logs(path.with_name(path.name.replace("part-", "events-")))
        runs += _rows(tables, places, logs)
    digest = hashlib.sha256("\n".join(names or []).encode())
    for _, _, content in sorted(runs):
        digest.update(content)
    return Digest(digest.hexdigest(), len(runs))


def _places(folder: Path) -> dict[int, str]:
    """What is swept over at each row, in words; empty for a study of arms and seeds alone."""
    path = folder / "design.parquet"
    if not path.is_file():
        return {}
    table = _read(path)
    swept = [name for name in table.column_names if name not in (*KEYS, "case", "point")]
    if swept in ([], ["region"]) and len(set(table["case"].to_pylist())) < 2:
        return {}
    columns = [[repr(value) for value in table[name].to_pylist()] for name in sorted(swept)]
    told = zip(table["row"].to_pylist(), *columns, strict=True)
    found: dict[int, str] = {}
    for row, *values in told:  # equal points share a run: the smallest text names it, in any order
        text = "|".join(values) + "\n"
        found[row] = min(found.get(row, text), text)
    return found


def _logs(path: Path) -> dict[int, bytes] | None:
    """The event log of each row as bytes; None where none are kept."""
    if not path.is_file():
        return None
    table = _read(path)
    rows = table["row"].to_numpy()
    whole = [plain(table[name]) for name in table.column_names if name != "row"]
    cuts = np.flatnonzero(np.diff(rows)) + 1
    found = {}
    for place in np.split(np.arange(rows.size), cuts):
        if place.size:
            here = slice(place[0], place[-1] + 1)
            found[int(rows[place[0]])] = b"".join(column[here].tobytes() for column in whole)
    return found


def _rows(
    tables: list[pa.Table], places: dict[int, str], logs: dict[int, bytes] | None
) -> list[tuple[str, int, bytes]]:
    head = tables[0]
    if any(not head["row"].equals(table["row"]) for table in tables):
        raise UsageError("a part and its series hold different runs; simulate the study again.")
    arms, seeds, rows = (head[name].to_pylist() for name in ("arm", "seed", "row"))
    status = head["status"].to_numpy()
    blocks = [plain(t[n]) for t in tables for n in t.column_names if n not in KEYS]
    found = []
    for run, (arm, seed, row) in enumerate(zip(arms, seeds, rows, strict=True)):
        place = places.get(row, "")
        content = hashlib.sha256(f"{place}{arm}\n{seed}\n{status[run]}\n".encode())
        for block in blocks:
            content.update(block[run].tobytes())
        if logs is not None:
            content.update(logs.get(row, b""))
        found.append((f"{place}{arm}", seed, content.digest()))
    return found


def plain(column: pa.ChunkedArray) -> np.ndarray:
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
                digest.update(plain(column).tobytes())
    return Digest(digest.hexdigest(), 1)


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise UsageError(f"{path}: not readable ({error}). Simulate the study again.") from None
