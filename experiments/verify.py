"""``thalweg verify``: do the files agree, and do runs drawn at random come out the same again?"""

from __future__ import annotations

import argparse
import math
import secrets
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np

from experiments import console
from experiments.audit import arm_names, audit
from experiments.book import Book, check_model, open_book
from experiments.exits import FAILED, OK, UsageError
from experiments.holdings import Holdings, look
from experiments.part_files import Chunk
from experiments.resimulate import Difference, Record, differences, kept, made_again
from experiments.runs import Runs, read_runs

MOST_SHOWN = 20
LARGE = 50_000  # runs whose identities take more than a few seconds
BATCH = 256  # runs simulated together: what is lost in memory and gained in threads


def verify(arguments: argparse.Namespace) -> int:
    """Check the files, simulate a share again, say what differs; returns the exit code."""
    folder = Path(arguments.folder)
    seed = _checked(arguments)
    found = look(folder)
    book = open_book(folder)
    check_model(book, folder)
    if not found.done:
        raise UsageError(f"{folder}: no run is done yet, so there is nothing to verify.")
    if found.launched > LARGE:
        console.note(f"checking the files and identities of {found.launched} runs")
    wrong, sound = audit(found, book)
    rows = drawn(sound, arguments.share, seed)
    runs = read_runs(folder)
    off = _again(found, book, runs, sound, rows)
    console.note(
        f"drawn with --seed {seed}: {rows.size} of {found.done} runs"
        + (f", rows {', '.join(map(str, rows.tolist()))}" if rows.size <= MOST_SHOWN else "")
    )
    console.say(*wrong, *_told(off, book, runs))
    failed = len({one.row for one in off})
    ending = f"{failed} differ{'s' if failed == 1 else ''}" if failed else "identical"
    if wrong:
        ending += f"; {len(wrong)} fault{'s' if len(wrong) > 1 else ''} in the files"
    console.say(f"verified {rows.size} of {found.done} runs: {ending}")
    if found.done < found.launched:
        console.note(f"{found.launched - found.done} of {found.launched} runs are not done yet")
    return FAILED if wrong or off else OK


def drawn(chunks: list[Chunk], share: float, seed: int) -> np.ndarray:
    """Rows of a random share of the runs of some chunks: one at least, in rising order."""
    rows = np.concatenate([np.zeros(0, np.int64), *(np.arange(c.start, c.stop) for c in chunks)])
    if not rows.size:
        return rows
    number = min(rows.size, max(1, math.ceil(share * rows.size)))
    return np.sort(np.random.default_rng(seed).choice(rows, number, replace=False))


def _checked(arguments: argparse.Namespace) -> int:
    """The seed of the draw. Raises UsageError for a share or seed that cannot be."""
    mistakes = []
    if not 0 < arguments.share <= 1:
        mistakes.append(f"--share {arguments.share:g}: a share of the runs is above 0 and at most "
                        "1, for example 0.01")  # fmt: skip
    if arguments.seed is not None and arguments.seed < 0:
        mistakes.append(f"--seed {arguments.seed}: a whole number from 0 on is expected.")
    if mistakes:
        raise UsageError(mistakes)
    return secrets.randbelow(2**31) if arguments.seed is None else int(arguments.seed)


def _again(
    found: Holdings, book: Book, runs: Runs, chunks: list[Chunk], rows: np.ndarray
) -> list[Difference]:
    """Simulate the rows again, batch by batch, and compare."""
    off: list[Difference] = []
    done, memory = 0, _Memory(found.folder, book)
    with console.Progress(rows.size) as progress:
        for batch in _batches(runs, rows):
            new = made_again(book, runs.take(batch), partial(_reached, progress, done))
            for chunk, places in _by_chunk(chunks, batch):
                old = memory.of(chunk).at(batch[places] - chunk.start)
                off += differences(batch[places], old, new.at(places), book.layout.every)
            done += batch.size
            progress.failed = len({one.row for one in off})
    return off


class _Memory:
    """The chunk that was read last: a batch may end in the middle of one."""

    def __init__(self, folder: Path, book: Book) -> None:
        self._folder, self._book = folder, book
        self._held: tuple[Chunk, Record] | None = None

    def of(self, chunk: Chunk) -> Record:
        """What is kept of a chunk."""
        if self._held is None or self._held[0] != chunk:
            self._held = (chunk, kept(self._folder, chunk, self._book))
        return self._held[1]


def _reached(progress: console.Progress, before: int, done: int) -> None:
    progress.reached(before + done)


def _batches(runs: Runs, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Rows of one case each, not too many at once."""
    for case in np.unique(runs.case[rows]):
        mine = rows[runs.case[rows] == case]
        yield from (mine[k : k + BATCH] for k in range(0, mine.size, BATCH))


def _by_chunk(chunks: list[Chunk], batch: np.ndarray) -> Iterator[tuple[Chunk, np.ndarray]]:
    """Each chunk that holds some of the rows, and which of them."""
    stops = np.array([chunk.stop for chunk in chunks])
    which = np.searchsorted(stops, batch, side="right")
    for place in np.unique(which):
        yield chunks[place], (which == place).nonzero()[0]


def _told(off: list[Difference], book: Book, runs: Runs) -> Iterator[str]:
    """What differs, each with the arm and seed of its run."""
    for one in off[:MOST_SHOWN]:
        run = runs.take(slice(one.row, one.row + 1))
        arm = arm_names(book, run)[0]
        yield f"row {one.row} ({arm}, seed {run.seed[0]}): {one.told}"
    if len(off) > MOST_SHOWN:
        yield f"and {len(off) - MOST_SHOWN} more differences"
