"""A timed pilot: what a study will cost in time and on disk, told before it begins.

A few runs from those that are missing are simulated, timed and thrown away. Above a limit the
command asks, or wants ``--yes``.
"""

from __future__ import annotations

import sys
import time
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa

from experiments import console
from experiments.book import Case
from experiments.execute import BATCH, simulate_runs
from experiments.exits import UsageError
from experiments.provenance import thread_count
from experiments.workspace import Outline

MOST_SECONDS, MOST_BYTES = 30 * 60.0, 5e9  # assumption: more than a coffee break, or a small disk
AIM_SECONDS = 30.0  # of a chunk: what a kill can lose, and far above what a job costs to start
SHORTEST, LONGEST = 16, 10_000  # runs of a chunk; the longest holds some 100 MB with its series
SHORTEST_PILOT = 0.5  # seconds: below, the start of threads is a large share of what is timed
OVERHEAD = 1.15  # compressed size of few runs against that of many is not better than this


class Expected(Protocol):
    """What is expected of work that is about to begin, in seconds and bytes, and in a line."""

    @property
    def seconds(self) -> float:
        """Wall seconds."""

    @property
    def size(self) -> float:
        """Bytes on disk."""

    @property
    def told(self) -> str:
        """One line for people."""


class Speed(NamedTuple):
    """Per run: wall seconds with all threads, and bytes on disk."""

    seconds: float
    size: float


class Estimate(NamedTuple):
    """What is expected of the runs that are missing."""

    runs: int
    chunks: int
    seconds: float
    size: float
    engine: str
    jobs: int

    @property
    def told(self) -> str:
        """One line for people."""
        where = "" if self.engine == "local" else f" on one machine like this; engine {self.engine}"
        return (
            f"{self.runs} runs in {self.chunks} chunks: about {time_told(self.seconds)}{where}, "
            f"about {_size(self.size)} on disk (from a timed pilot)"
        )


def measure(drawn: Outline, awaited: np.ndarray, threads: int | None) -> Speed:
    """Simulate a few of the runs ``awaited`` (rows), as a chunk would: mean cost of all of them.

    The time of another case is taken as proportional to its weeks and entities.
    """
    cases = drawn.runs.case[awaited]
    same = awaited[cases == cases[0]]
    first, taken = int(awaited[0]), BATCH * (threads or thread_count())
    simulate_runs(drawn.book, drawn.runs.take(same[:1]), first, threads, lambda _: None)  # compiles
    while True:
        few = drawn.runs.take(same[:taken])
        begun = time.perf_counter()
        part = simulate_runs(drawn.book, few, first, threads, lambda _: None)
        spent = time.perf_counter() - begun
        if spent >= SHORTEST_PILOT or few.size == same.size:
            break
        taken *= 4
    seconds = spent / few.size
    size = sum(_packed(values) for values in (*part.outcomes.values(), *part.series.values()))
    size += sum(_packed(values) for values in (part.events or {}).values())
    weights = np.array([_weight(case) for case in drawn.book.cases])
    share = float(weights[cases].mean() / weights[cases[0]])
    return Speed(seconds * share, OVERHEAD * size / few.size + 8)


def _weight(case: Case) -> float:
    """Entities times ticks of a run."""
    topology = case.region.topology
    entities = topology.group.size.size + topology.municipality.nation.size + topology.dyad.key.size
    return float(entities * (case.years + case.spinup_years) / case.tick_weeks)


def chunk_length(speed: Speed, left: int, jobs: int) -> int:
    """Runs of a chunk: about half a minute, and enough chunks for every job of an engine."""
    length = int(AIM_SECONDS / max(speed.seconds, 1e-6))
    if jobs > 1:
        length = min(length, -(-left // (4 * jobs)))
    return max(SHORTEST, min(LONGEST, length))


def consent(estimate: Expected, yes: bool) -> None:
    """Say what is expected; above the limit ask. Raises UsageError where the answer is no."""
    console.note(estimate.told)
    if yes or (estimate.seconds < MOST_SECONDS and estimate.size < MOST_BYTES):
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("this is long or large; add --yes to begin it without being asked.")
    if console.ask("Begin? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise UsageError("not begun; nothing was written.")


def _packed(values: np.ndarray) -> int:
    """Bytes of a column as a part holds it, near enough."""
    return len(pa.compress(np.ascontiguousarray(values).tobytes(), codec="zstd", asbytes=True))


def time_told(seconds: float) -> str:
    """Seconds in words."""
    for unit, name in ((86400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2 * unit:
            return f"{seconds / unit:.1f} {name}"
    return f"{seconds:.0f} s"


def _size(size: float) -> str:
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{size / unit:.1f} {name}"
    return f"{size / 1e3:.0f} kB"
