"""What a worker does, here or on another machine: simulate chunks of a study and write their parts.

It needs the folder and the numbers of the chunks. The folder's lock is the front's; workers write
parts alone, each under a name of its own until it is whole, and never over one that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from experiments import store
from experiments.book import Book, check_model, open_book
from experiments.execute import simulate_runs
from experiments.exits import StoppedError, UsageError
from experiments.plan import Layout
from experiments.runs import identified, mark, read_runs
from experiments.store import Chunk

STOP = ".stop"  # while this file is there, workers begin nothing new


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
    """Simulate one chunk unless it is there; returns how many of the runs made failed."""
    runs = read_runs(folder, chunk.start, chunk.stop)
    if not np.array_equal(identified(book, runs), runs.key):
        raise StoppedError(
            f"{folder}: the list of runs and the plan do not belong together. Give the command "
            "that began the study once more."
        )
    marks = {"runs": mark(runs), "kernel_digest": book.kernel, "schema": "2"}
    if store.is_done(folder, chunk, marks["runs"], kinds_of(book.layout)):
        return 0
    part = simulate_runs(book, runs, chunk.start, threads, on_progress or (lambda _: None))
    store.write_part(folder, chunk, part, marks)
    return int(np.count_nonzero(part.status))


def kinds_of(layout: Layout) -> tuple[str, ...]:
    """Which files a chunk has."""
    return ("part", *(["series"] if layout.series else []), *(["events"] if layout.events else []))


def main(folder: str, parts: Sequence[int], threads: int | None) -> str:
    """`work` for an engine: what went wrong in words, or nothing."""
    try:
        work(Path(folder), parts, threads)
    except (UsageError, StoppedError) as error:
        return str(error)
    return ""
