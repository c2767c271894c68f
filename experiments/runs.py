"""The list of runs of a study: append-only, each with its identity and its inputs.

The identity of a run is a hash of the model, its resolved scenario and its seed. ``runs.parquet``
lists every run once in the order in which they came; ``design.parquet`` says which row of it each
entry of the design is (equal points share a run). A study that grows appends rows and leaves the
earlier ones, and their parts, in place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.book import Book
from experiments.exits import UsageError
from experiments.plan import Plan
from experiments.store import write_table

RUNS, DESIGN = "runs.parquet", "design.parquet"
GROUP = 65_536  # rows of a row group: a worker reads those that it needs
KEYS = ("run", "case", "arm", "seed")


class Runs(NamedTuple):
    """Columns over runs. ``key`` [run, 2] uint64: the identity; ``values`` [run, factor]."""

    key: np.ndarray
    case: np.ndarray
    arm: np.ndarray
    seed: np.ndarray
    values: np.ndarray

    def take(self, rows: np.ndarray | slice) -> Runs:
        """Some of the runs."""
        return Runs(*(column[rows] for column in self))

    @property
    def size(self) -> int:
        """Number of runs."""
        return int(self.seed.size)


class Design(NamedTuple):
    """Columns over the entries of the design, in the plan's order; ``row``: which run it is."""

    point: np.ndarray
    row: np.ndarray


def planned(plan: Plan, book: Book) -> Runs:
    """Every entry of the design with the identity of its run, arms innermost."""
    arms, seeds = len(plan.head.arms), plan.head.seeds
    numbers = np.array(plan.points, dtype=float)
    for f, factor in enumerate(plan.sampled):
        numbers[:, f] = [factor.value(cell) for cell in plan.points[:, f]]
    shape = (len(plan.cases), len(plan.points), seeds, arms)
    case, point, seed, arm = (axis.ravel() for axis in np.indices(shape, dtype=np.int32))
    key = np.empty((*shape, 16), dtype=np.uint8)
    for c in range(shape[0]):
        for k in range(shape[1]):
            for a in range(arms):
                cell = hashlib.sha256(book.cell(c, a, numbers[k]))
                key[c, k, :, a] = _keys(cell, plan.head.first_seed, seeds)
    return Runs(
        key.reshape(-1, 16).view(">u8").astype(np.uint64), case, arm,
        plan.head.first_seed + seed.astype(np.int64), numbers[point],
    )  # fmt: skip


def _keys(cell: hashlib._Hash, first: int, count: int) -> np.ndarray:
    """The first 16 bytes of the hash of a cell and each of its seeds."""
    found = bytearray()
    for seed in range(first, first + count):
        one = cell.copy()
        one.update(b"%d" % seed)
        found += one.digest()[:16]
    return np.frombuffer(bytes(found), dtype=np.uint8).reshape(count, 16)


def merged(old: np.ndarray | None, asked: Runs) -> tuple[Runs, np.ndarray]:
    """(all runs with the new ones appended in the plan's order, row of each entry asked for).

    ``old``: identities that are there, in their order. Raises ValueError when one of
    them is not asked for any more.
    """
    before = 0 if old is None else len(old)
    keys = asked.key if old is None else np.concatenate([old, asked.key])
    order = np.lexsort((np.arange(len(keys)), keys[:, 1], keys[:, 0]))
    ranked = keys[order]
    fresh = np.r_[True, (ranked[1:] != ranked[:-1]).any(axis=1)] if len(keys) else np.zeros(0, bool)
    head = order[np.flatnonzero(fresh)]  # the first place of each identity
    group = np.cumsum(fresh) - 1
    first = np.empty(len(keys), dtype=np.int64)
    first[order] = head[group]
    wanted = first[before:]
    if before and np.unique(wanted[wanted < before]).size < before:
        raise ValueError("an earlier run is not asked for any more")
    new = np.unique(wanted[wanted >= before])
    row = np.where(wanted < before, wanted, before + np.searchsorted(new, wanted))
    _, entry = np.unique(row, return_index=True)  # the inputs as this plan names them
    return asked.take(entry), row.astype(np.int64)


def write_runs(folder: Path, runs: Runs, plan: Plan) -> None:
    """Write the list of runs."""
    columns = {
        "row": pa.array(np.arange(runs.size), pa.int64()),
        "run": pa.array([f"{a:016x}{b:016x}" for a, b in runs.key.tolist()], pa.string()),
        "case": pa.array(runs.case, pa.int32()),
        "arm": pa.array(runs.arm, pa.int32()),
        "seed": pa.array(runs.seed, pa.int64()),
    }
    for f, factor in enumerate(plan.sampled):
        columns[factor.key] = pa.array(runs.values[:, f], pa.float64())
    write_table(folder / RUNS, pa.table(columns), row_group_size=GROUP)


def write_design(folder: Path, plan: Plan, asked: Runs, row: np.ndarray) -> None:
    """Write the design in words: region, point, arm, seed and the value of every factor."""
    arms = np.array([arm.name for arm in plan.head.arms])
    regions = np.array([case.region.name for case in plan.cases])
    size = len(plan.points)
    entries = np.arange(asked.size)
    point = entries // plan.head.runs % size
    columns = {
        "row": pa.array(row, pa.int64()),
        "case": pa.array(asked.case, pa.int32()),
        "region": _words(regions, asked.case),
        "point": pa.array(point, pa.int64()),
        "arm": _words(arms, asked.arm),
        "seed": pa.array(asked.seed, pa.int64()),
    }
    for factor in plan.crossed:
        if factor.key != "region":
            values = np.array([values[factor.key] for values in plan.told])
            columns[factor.key] = (
                _words(values, asked.case) if values.dtype.kind in "UO"
                else pa.array(values[asked.case])
            )  # fmt: skip
    for f, factor in enumerate(plan.sampled):
        columns[factor.key] = pa.array(asked.values[:, f], pa.float64())
    write_table(folder / DESIGN, pa.table(columns), row_group_size=GROUP)


def _words(names: np.ndarray, which: np.ndarray) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(which, pa.int32()),
                                          pa.array(names.astype(str).tolist())).cast(pa.string())


def read_runs(folder: Path, start: int = 0, stop: int | None = None) -> Runs:
    """Rows ``start`` to ``stop`` (exclusive) of the list of runs. Raises UsageError."""
    path = folder / RUNS
    try:
        with pq.ParquetFile(path) as file:
            stop = file.metadata.num_rows if stop is None else stop
            table = file.read_row_groups([*_groups(file, start, stop)])
            skipped = _before(file, start)
    except (OSError, pa.ArrowException) as error:
        raise UsageError(f"{path}: not readable ({error}).") from None
    table = table.slice(start - skipped, stop - start)
    names = [name for name in table.column_names if name not in ("row", *KEYS)]
    key = np.frombuffer(bytes.fromhex("".join(table["run"].to_pylist())), dtype=">u8")
    values = [table[name].to_numpy() for name in names]
    return Runs(
        key.astype(np.uint64).reshape(-1, 2), table["case"].to_numpy(), table["arm"].to_numpy(),
        table["seed"].to_numpy(),
        np.column_stack(values) if values else np.zeros((table.num_rows, 0)),
    )  # fmt: skip


def identified(book: Book, runs: Runs) -> np.ndarray:
    """The identities that the inputs of some runs give: what they are checked against."""
    cells: dict[tuple[int, int, bytes], hashlib._Hash] = {}
    found = bytearray()
    for case, arm, seed, values in zip(
        runs.case.tolist(), runs.arm.tolist(), runs.seed.tolist(), runs.values, strict=True
    ):
        place = (case, arm, values.tobytes())
        if place not in cells:
            cells[place] = hashlib.sha256(book.cell(case, arm, values))
        one = cells[place].copy()
        one.update(b"%d" % seed)
        found += one.digest()[:16]
    return np.frombuffer(bytes(found), dtype=">u8").astype(np.uint64).reshape(-1, 2)


def mark(runs: Runs) -> str:
    """Hash over the identities of some runs, in their order: what a part says it holds."""
    return hashlib.sha256(runs.key.astype(">u8").tobytes()).hexdigest()


def _groups(file: pq.ParquetFile, start: int, stop: int) -> Iterator[int]:
    begin = 0
    for group in range(file.metadata.num_row_groups):
        end = begin + file.metadata.row_group(group).num_rows
        if begin < stop and end > start:
            yield group
        begin = end


def _before(file: pq.ParquetFile, start: int) -> int:
    """Rows in the groups that end before ``start``."""
    begin = 0
    for group in range(file.metadata.num_row_groups):
        end = begin + file.metadata.row_group(group).num_rows
        if end > start:
            break
        begin = end
    return begin
