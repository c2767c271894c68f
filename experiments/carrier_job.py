"""What a worker does: one batch of chunks. It is imported by name, never pickled with its code."""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from experiments.exits import StoppedError, UsageError

TASK = "experiments.chunk_job:work"
LOOK_SECONDS = 1.0


def run_batch(config: Any) -> None:
    """Simulate the chunks of one job.

    Raises RuntimeError with one line, which survives every way back; the traceback is kept beside
    the results.
    """
    folder, threads = Path(config.folder), config.threads
    if config.carrier is not None:
        _end_with(config.carrier)
    if threads is not None:
        os.environ["NUMBA_NUM_THREADS"] = str(threads)  # before the model is imported
    try:
        task_of(config.task)(folder, parts_of(config.parts), threads)
    except (UsageError, StoppedError) as error:
        raise RuntimeError(" ".join(str(error).split())) from None
    except Exception as error:  # told to the front in one line, whatever it was
        first = config.parts.partition("-")[0].partition(",")[0]
        kept = folder / ".engine" / f"failed-{first}.txt"
        kept.write_text(traceback.format_exc(), encoding="utf-8")
        told = " ".join(str(error).split())
        raise RuntimeError(
            f"{type(error).__name__}: {told} (.engine/{kept.name} has more)"
        ) from None


@cache
def _end_with(carrier: int) -> None:
    """End this worker within seconds of its carrier, once per process: even of one killed by -9."""

    def look() -> None:
        with suppress(ProcessLookupError):
            while True:
                os.kill(carrier, 0)
                time.sleep(LOOK_SECONDS)
        if os.getpgid(0) != carrier:  # Ray's own processes stay with the carrier's group
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(carrier, signal.SIGKILL)
        os._exit(1)  # parts appear whole or not at all: nothing is lost but the chunk at hand

    threading.Thread(target=look, daemon=True).start()


def task_of(name: str) -> Callable[[Path, Sequence[int], int | None], None]:
    """The function ``module:function``."""
    module, _, function = name.partition(":")
    found: Callable[[Path, Sequence[int], int | None], None]
    found = getattr(import_module(module), function)
    return found


def shortened(parts: Iterable[int]) -> str:
    """Numbers as ranges: 0-3,7."""
    ranges: list[list[int]] = []
    for part in sorted(parts):
        if ranges and part == ranges[-1][1] + 1:
            ranges[-1][1] = part
        else:
            ranges.append([part, part])
    return ",".join(f"{a}-{b}" if b > a else f"{a}" for a, b in ranges)


def parts_of(text: str) -> list[int]:
    """The numbers that `shortened` wrote."""
    numbers: list[int] = []
    for word in text.split(","):
        first, _, last = word.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers
