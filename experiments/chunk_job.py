"""What a worker does, here or on another machine: simulate chunks of a study and write their parts.

It needs the folder and the numbers of the chunks. The folder's lock is the front's; workers write
parts alone, each under a name of its own until it is whole, and never over one that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from experiments import part_files, store
from experiments.book import Book, check_model, open_book
from experiments.execute import simulate_runs
from experiments.exits import StoppedError
from experiments.part_files import Chunk, Part
from experiments.plan import Layout
from experiments.runs import identified, mark, read_runs

STOP = ".stop"  # while this file is there, workers begin nothing new
CURE = "Give the command that began the study once more."
ATTEMPTS = 3


def work(folder: Path, parts: Sequence[int], threads: int | None) -> None:
    """Simulate the chunks named and write their parts; those that are there are left alone.

    Raises UsageError where the model is another than the study's, StoppedError where it cannot be
    written.
    """
    book = open_book(folder)
    check_model(book, folder)
    manifest = store.read_manifest(folder) or {}
    chunks = {c["part"]: Chunk(**c) for c in manifest.get("chunks", [])}
    fail_fast = bool(manifest.get("fail_fast"))
    for part in parts:
        if (folder / STOP).exists():
            return
        if run_chunk(book, folder, chunks[part], threads) and fail_fast:
            (folder / STOP).touch()


def run_chunk(
    book: Book, folder: Path, chunk: Chunk, threads: int | None,
    on_progress: Callable[[int], None] | None = None,
) -> int:  # fmt: skip
    """Simulate one chunk unless it is there; returns how many of its runs failed.

    Raises StoppedError where the folder holds another study, before or after the work: nothing of
    this one is written there then.
    """
    runs = read_runs(folder, chunk.start, chunk.stop)
    if not np.array_equal(identified(book, runs), runs.key):
        raise StoppedError(f"{folder}: its runs and its plan do not belong together. {CURE}")
    marks = {"runs": mark(runs), "model_digest": book.model, "schema": "2"}
    if not part_files.is_done(folder, chunk, marks["runs"], kinds_of(book.layout)):
        part = simulate_runs(book, runs, chunk.start, threads, on_progress or (lambda _: None))
        if mark(read_runs(folder, chunk.start, chunk.stop)) != marks["runs"]:
            raise StoppedError(f"{folder}: holds another study by now. {CURE}")
        _write(folder, chunk, part, marks, kinds_of(book.layout))
    return failed_in(folder, chunk)


def _write(
    folder: Path, chunk: Chunk, part: Part, marks: Mapping[str, str], kinds: Sequence[str]
) -> None:
    """Write a part; a stale one that a worker of an earlier study left there meanwhile goes."""
    for _ in range(ATTEMPTS):
        part_files.write_part(folder, chunk, part, marks)
        if part_files.is_done(folder, chunk, marks["runs"], kinds):
            return
        part_files.remove(folder, chunk.part)
    raise StoppedError(f"{folder}: something else writes part {chunk.part} there. {CURE}")


def failed_in(folder: Path, chunk: Chunk) -> int:
    """How many runs of a part failed."""
    status = pq.read_table(part_files.part_path(folder, chunk.part), columns=["status"])["status"]
    return int(np.count_nonzero(status.to_numpy()))


def kinds_of(layout: Layout) -> tuple[str, ...]:
    """Which files a chunk has."""
    return ("part", *(["series"] if layout.series else []), *(["events"] if layout.events else []))
