"""Runs of a study simulated again, and compared bit for bit with what is kept of them.

As in the digest, every NaN counts as one NaN and the two zeros as one zero: how a processor writes
them is no result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments import part_files
from experiments.book import Book
from experiments.chunk_job import kinds_of
from experiments.digest import KEYS, plain
from experiments.execute import STOPPED, simulate_runs
from experiments.holdings import last_line
from experiments.part_files import Chunk
from experiments.runs import Runs
from experiments.sweep_checks import DYAD_PEAK


class Difference(NamedTuple):
    """One thing about a run that is not as it is kept.

    ``kind``: status, outcome, series or events.
    """

    row: int
    kind: str
    what: str
    kept: str
    new: str

    @property
    def told(self) -> str:
        """One line."""
        return f"{self.what}: kept {self.kept}, now {self.new}"


class Record(NamedTuple):
    """Runs as tables of columns [run, ...]; ``logs``: columns of events by place of the run."""

    status: np.ndarray
    error: list[str | None]
    columns: dict[str, dict[str, np.ndarray]]  # by kind (part, series)
    logs: dict[int, dict[str, np.ndarray]] | None

    def at(self, places: np.ndarray) -> Record:
        """Some of the runs."""
        logs = None
        if self.logs is not None:
            logs = {k: self.logs[p] for k, p in enumerate(places.tolist()) if p in self.logs}
        columns = {kind: {name: values[places] for name, values in table.items()}
                   for kind, table in self.columns.items()}  # fmt: skip
        return Record(self.status[places], [self.error[p] for p in places], columns, logs)


def made_again(
    book: Book, runs: Runs, on_progress: Callable[[int], None] | None = None
) -> Record:
    """Simulate runs of one case as a worker does."""
    part = simulate_runs(book, runs, 0, None, on_progress or (lambda _: None))
    return _record(part_files.tables_of(part), 0)


def kept(folder: Path, chunk: Chunk, book: Book) -> Record:
    """All runs of a chunk as they are on disk."""
    kinds = kinds_of(book.layout)
    paths = {kind: folder / f"{kind}-{chunk.part:06d}.parquet" for kind in kinds}
    return _record({kind: pq.read_table(path) for kind, path in paths.items()}, chunk.start)


def differences(rows: np.ndarray, old: Record, new: Record, every: int) -> list[Difference]:
    """What differs, by row; a run that ended otherwise is told by that alone."""
    found = [_ending(int(row), old, new, place) for place, row in enumerate(rows)]
    ended = np.array([one is not None for one in found], dtype=bool)
    several = [one for one in found if one is not None]
    for kind, table in new.columns.items():
        several += _tables(rows, kind, old.columns[kind], table, ended, every)
    if new.logs is not None:
        for place in (~ended).nonzero()[0].tolist():
            one = _logs(int(rows[place]), (old.logs or {}).get(place), new.logs.get(place))
            several += [] if one is None else [one]
    return sorted(several, key=lambda one: one.row)


def _ending(row: int, old: Record, new: Record, place: int) -> Difference | None:
    """A run that failed now or then, and not in the same way."""
    endings = [_end(record, place) for record in (old, new)]
    return None if endings[0] == endings[1] else Difference(row, "status", "status", *endings)


def _end(record: Record, place: int) -> str:
    """How a run ended: for an error of the program, its last line (the rest names source lines)."""
    status = int(record.status[place])
    if status == 0:
        return "ok"
    error = last_line(record.error[place])
    return f"failed ({error})" if status == STOPPED else f"failed ({error}, status {status})"


def _tables(
    rows: np.ndarray, kind: str, old: Mapping[str, np.ndarray], new: Mapping[str, np.ndarray],
    ended: np.ndarray, every: int,
) -> Iterator[Difference]:  # fmt: skip
    """Columns of one table whose bits differ."""
    label = "outcome" if kind == "part" else "series"
    if [*old] != [*new]:
        what = f"columns of {kind}"
        yield Difference(int(rows[0]), label, what, ", ".join(old), ", ".join(new))
        return
    for name, values in new.items():
        before = old[name]
        if before.shape != values.shape or before.dtype != values.dtype:
            yield Difference(int(rows[0]), label, f"size of {name}", str(before.shape[1:]),
                             str(values.shape[1:]))  # fmt: skip
            continue
        off = _bits(before) != _bits(values)
        for place in off.reshape(len(rows), -1).any(axis=1).nonzero()[0].tolist():
            if ended[place]:
                continue
            if kind == "part":
                what, pair = name, (before[place], values[place])
            else:
                point = int(off[place].nonzero()[0][0])
                what = _where(name, point, every)
                pair = (before[place, point], values[place, point])
            yield Difference(int(rows[place]), label, what, str(pair[0]), str(pair[1]))


def _where(name: str, point: int, every: int) -> str:
    if name == DYAD_PEAK:
        return f"{name} of dyad {point}"
    return f"series {name} from quarter {(point + 1) * every} on"


def _logs(
    row: int, old: dict[str, np.ndarray] | None, new: dict[str, np.ndarray] | None
) -> Difference | None:
    """The first act of a log that differs; a history without acts has no log."""
    acts = [0 if log is None else next(iter(log.values())).size for log in (old, new)]
    if acts[0] != acts[1] or old is None or new is None:
        told = [f"{number} acts" for number in acts]
        return None if acts == [0, 0] else Difference(row, "events", "event log", *told)
    off = {name: (_bits(old[name]) != _bits(values)).nonzero()[0] for name, values in new.items()}
    first = {name: int(places[0]) for name, places in off.items() if places.size}
    if not first:
        return None
    name = min(first, key=lambda key: first[key])
    act = first[name]
    return Difference(row, "events", f"event log: {name} of act {act}", str(old[name][act]),
                      str(new[name][act]))  # fmt: skip


def _record(tables: Mapping[str, pa.Table], start: int) -> Record:
    """Tables as arrays; ``start``: row of the first run."""
    head = tables["part"]
    columns = {
        kind: {n: plain(table[n]) for n in table.column_names if n not in KEYS}
        for kind, table in tables.items()
        if kind != "events"
    }
    logs = _by_run(tables["events"], start) if "events" in tables else None
    return Record(head["status"].to_numpy(), head["error"].to_pylist(), columns, logs)


def _by_run(table: pa.Table, start: int) -> dict[int, dict[str, np.ndarray]]:
    rows = table["row"].to_numpy()
    whole = {name: plain(table[name]) for name in table.column_names if name != "row"}
    cuts = np.flatnonzero(np.diff(rows)) + 1
    return {
        int(rows[block[0]]) - start: {name: values[block] for name, values in whole.items()}
        for block in np.split(np.arange(rows.size), cuts)
        if block.size
    }


def _bits(values: np.ndarray) -> np.ndarray:
    """Values as whole numbers of the same size, so that NaN equals NaN."""
    return values.view(f"u{values.dtype.itemsize}") if values.dtype.kind == "f" else values

