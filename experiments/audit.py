"""Whether the files of a study agree with each other; nothing is simulated.

Checked are: the identity of every run against its inputs, the rows of every part, series and event
log against the chunk that it belongs to, the design against the list of runs, and the account.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.book import BOOK, Book
from experiments.chunk_job import kinds_of
from experiments.holdings import MISSING, Holdings
from experiments.part_files import Chunk, series_path
from experiments.runs import DESIGN, RUNS, Runs, identified, read_runs
from experiments.status import account_line

MOST_SHOWN = 5  # rows named in one line


def audit(found: Holdings, book: Book) -> tuple[list[str], list[Chunk]]:
    """(what does not agree, chunks whose rows are sound)."""
    runs = read_runs(found.folder)
    lost = (~known(book, runs)).nonzero()[0]
    if lost.size:  # nothing that follows can be looked up for them
        return [f"{RUNS}: a case or an arm that {BOOK} does not hold: {_rows(lost)}"], []
    wrong = [*_identities(found.folder, book, runs), *_cut(found, runs)]
    sound = []
    for chunk in found.chunks:
        fault = found.faults.get(chunk.part)
        if fault == MISSING:
            if found.manifest.get("complete"):
                wrong.append(f"part-{chunk.part:06d}.parquet {fault}")
            continue
        faults = list(_chunk(found, book, runs, chunk))
        if fault is not None and not faults:
            faults = [fault]
        wrong += faults
        sound += [] if faults else [chunk]
    wrong += [f"{name} belongs to no chunk of this study" for name in found.strays]
    return [*wrong, *_design(found, book, runs), *_account(found)], sound


def known(book: Book, runs: Runs) -> np.ndarray:
    """True for every run whose case and arm are those of the plan."""
    arms = np.array([len(case.arms) for case in book.cases])
    case = np.clip(runs.case, 0, arms.size - 1)
    found: np.ndarray = (case == runs.case) & (runs.arm >= 0) & (runs.arm < arms[case])
    return found


def _identities(folder: Path, book: Book, runs: Runs) -> Iterator[str]:
    """Runs whose identity is not that of their inputs, and runs that are listed twice."""
    off = (identified(book, runs) != runs.key).any(axis=1).nonzero()[0]
    if off.size:
        yield f"{RUNS}: the identity is not that of the inputs: {_rows(off)}"
    _, first = np.unique(runs.key, axis=0, return_index=True)
    if first.size < runs.size:
        again = np.setdiff1d(np.arange(runs.size), first)
        yield f"{RUNS}: an earlier run once more: {_rows(again)}"
    told = pq.read_table(folder / RUNS, columns=["row"])["row"].to_numpy()
    if not np.array_equal(told, np.arange(runs.size)):
        yield f"{RUNS}: its rows are not numbered 0 to {runs.size - 1}"


def _cut(found: Holdings, runs: Runs) -> Iterator[str]:
    """Chunks that do not lie one after the other over all runs."""
    ends = [0, *(chunk.stop for chunk in found.chunks)]
    begins = [*(chunk.start for chunk in found.chunks), found.launched]
    if ends != begins:
        yield f"manifest.json: its chunks do not cover rows 0 to {found.launched - 1} once each"
    if runs.size < found.launched:
        yield f"{RUNS}: holds {runs.size} of {found.launched} runs"
    if runs.size > found.launched and found.manifest.get("complete"):
        yield f"{RUNS}: holds {runs.size} runs; the complete study has {found.launched}"


def _chunk(found: Holdings, book: Book, runs: Runs, chunk: Chunk) -> Iterator[str]:
    """What is wrong with the rows of one chunk's files."""
    want = np.arange(chunk.start, chunk.stop)
    for kind in kinds_of(book.layout):
        path = found.folder / f"{kind}-{chunk.part:06d}.parquet"
        names = ["row", "arm", "seed"] if kind == "part" else ["row"]
        try:
            table = pq.read_table(path, columns=names)
        except (OSError, pa.ArrowException):
            yield f"{path.name} {'is torn' if path.exists() else MISSING}"
            continue
        rows = table["row"].to_numpy()
        if kind == "events":
            rows = np.unique(rows)
            yield from _told_rows(path.name, np.setdiff1d(rows, want), "belongs to another part")
            continue
        yield from _held(path.name, rows, want)
        if kind == "part" and np.array_equal(rows, want):
            yield from _inputs(path.name, book, runs.take(slice(chunk.start, chunk.stop)), table)
    beside = series_path(found.folder, chunk.part)
    if not book.layout.series and beside.exists():
        yield f"{beside.name} belongs to no chunk of this study"


def _held(name: str, rows: np.ndarray, want: np.ndarray) -> Iterator[str]:
    """Rows that a file holds twice, not at all, or from another chunk."""
    seen, times = np.unique(rows, return_counts=True)
    yield from _told_rows(name, seen[times > 1], "stands there twice")
    yield from _told_rows(name, np.setdiff1d(want, seen), "is missing")
    yield from _told_rows(name, np.setdiff1d(seen, want), "belongs to another part")
    if np.array_equal(seen, want) and rows.size == want.size and not np.array_equal(rows, want):
        yield f"{name}: its rows are out of order"


def _inputs(name: str, book: Book, runs: Runs, table: pa.Table) -> Iterator[str]:
    """Rows whose arm or seed is not that of the list of runs."""
    arms = arm_names(book, runs)
    off = (np.array(table["arm"].to_pylist(), dtype=object) != arms) | (
        table["seed"].to_numpy() != runs.seed
    )
    yield from _told_rows(name, table["row"].to_numpy()[off], f"has another arm or seed in {RUNS}")


def arm_names(book: Book, runs: Runs) -> np.ndarray:
    """Name of the arm of every run."""
    cases = [[arm.name for arm in case.arms] for case in book.cases]
    pairs = zip(runs.case.tolist(), runs.arm.tolist(), strict=True)
    return np.array([cases[case][arm] for case, arm in pairs], dtype=object)


def _design(found: Holdings, book: Book, runs: Runs) -> Iterator[str]:
    """Entries that point nowhere or at another run, and runs that no entry asks for."""
    try:
        table = pq.read_table(found.folder / DESIGN)
        row = table["row"].to_numpy()
    except (OSError, KeyError, pa.ArrowException):
        yield f"{DESIGN}: not readable"
        return
    size = min(runs.size, found.launched) if found.manifest.get("complete") else runs.size
    inside = (row >= 0) & (row < size)
    for entry in (~inside).nonzero()[0][:MOST_SHOWN].tolist():
        yield f"{DESIGN}: entry {entry} points at row {row[entry]}; there are 0 to {size - 1}"
    idle = np.setdiff1d(np.arange(size), row)
    if idle.size:
        yield f"{DESIGN}: runs that no entry asks for: {_rows(idle)}"
    entries, chosen = _entries(book, table.filter(pa.array(inside))), runs.take(row[inside])
    off = ~known(book, entries)
    other = ~off & ~_same(entries, chosen)  # equal points share a run, under other values
    off[other] = (identified(book, entries.take(other)) != chosen.key[other]).any(axis=1)
    for entry in inside.nonzero()[0][off][:MOST_SHOWN].tolist():
        yield f"{DESIGN}: entry {entry} points at row {row[entry]}, which is another run"


def _entries(book: Book, table: pa.Table) -> Runs:
    """Entries of the design as runs; an arm that the case has not is -1."""
    case, names = table["case"].to_numpy(), table["arm"].to_pylist()
    places = [{arm.name: place for place, arm in enumerate(one.arms)} for one in book.cases]
    arm = [
        places[c].get(name, -1) if 0 <= c < len(places) else -1
        for c, name in zip(case.tolist(), names, strict=True)
    ]
    values = [table[key].to_numpy() for key in book.factors]
    return Runs(
        np.zeros((table.num_rows, 2), np.uint64), case, np.array(arm, np.int32),
        table["seed"].to_numpy(),
        np.column_stack(values) if values else np.zeros((table.num_rows, 0)),
    )  # fmt: skip


def _same(one: Runs, other: Runs) -> np.ndarray:
    """True where case, arm, seed and values are alike."""
    alike = (one.case == other.case) & (one.arm == other.arm) & (one.seed == other.seed)
    found: np.ndarray = alike & (one.values == other.values).all(axis=1)
    return found


def _account(found: Holdings) -> Iterator[str]:
    """A manifest that counts other runs than the parts hold; while a command works it lags."""
    stated, there = found.manifest["runs"], found.account
    if found.held:
        return
    parts = [int(stated.get(key, 0)) for key in ("ok", "failed", "aborted", "pending")]
    if sum(parts) != stated["launched"]:
        yield f"manifest.json: {account_line({**there, **stated})} does not add up"
    elif found.manifest.get("complete") and stated != there:
        yield f"manifest.json states {account_line(stated)}"
        yield f"  but the parts hold {account_line(there)}"
    elif sum(parts[:2]) > found.done:
        yield f"manifest.json counts {sum(parts[:2])} runs as done; the parts hold {found.done}"


def _told_rows(name: str, rows: np.ndarray, what: str) -> Iterator[str]:
    for row in rows[:MOST_SHOWN].tolist():
        yield f"{name}: row {row} {what}"
    if rows.size > MOST_SHOWN:
        yield f"{name}: and {rows.size - MOST_SHOWN} more such rows"


def _rows(rows: np.ndarray) -> str:
    """Rows in words, the first of them by number."""
    shown = ", ".join(str(row) for row in rows[:MOST_SHOWN])
    more = f" and {len(rows) - MOST_SHOWN} more" if len(rows) > MOST_SHOWN else ""
    return f"{'rows' if len(rows) > 1 else 'row'} {shown}{more}"
