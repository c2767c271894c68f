"""Small work for the engines under test, importable in their workers: it writes who did what."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Sequence
from pathlib import Path

SEEN = "done-{}.json"


def note(folder: Path, parts: Sequence[int], threads: int | None) -> None:
    """Write a file for each part that has none."""
    for part in parts:
        seen = {
            "pid": os.getpid(),
            "threads": threads,
            "numba": os.environ.get("NUMBA_NUM_THREADS"),
            "cwd": str(Path.cwd()),
        }
        (folder / SEEN.format(part)).write_text(json.dumps(seen))


def fail_at_three(folder: Path, parts: Sequence[int], threads: int | None) -> None:
    """Raise where part 3 is asked for; talk too much."""
    print("chatter of a worker")  # noqa: T201 - on purpose
    if 3 in parts:
        raise OSError(28, "No space left\non device")
    note(folder, parts, threads)


def die_once_at_three(folder: Path, parts: Sequence[int], threads: int | None) -> None:
    """Kill the worker at part 3, the first time."""
    mark = folder / "died"
    if 3 in parts and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    note(folder, parts, threads)


def linger(folder: Path, parts: Sequence[int], threads: int | None) -> None:
    """Say who works, and work for longer than any test."""
    note(folder, parts, threads)
    time.sleep(600)
