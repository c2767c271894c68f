"""Carry out a plan in its folder: what is missing is simulated, here or by an engine, and kept.

Shared by ``thalweg compare`` and ``thalweg sweep``. One front at a time holds a folder. A kill at
any moment loses the chunks in flight at most; the same command goes on.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments import budget, console, store, workspace
from experiments.chunk_job import run_chunk
from experiments.documents import write_plan_papers
from experiments.exits import FAILED, INTERRUPTED, OK, SOME_RUNS_FAILED, StoppedError
from experiments.failures import write_failures
from experiments.part_files import Chunk
from experiments.pilot import Estimate, chunk_length, consent, measure
from experiments.plan import Plan
from experiments.provenance import cache_is_warm, ended, provenance, with_session
from experiments.workspace import Counts, Outline, Workspace

COMPARE_CHUNK = 64
PILOT_FROM = 1000  # runs from which a comparison is timed first; a sweep always is
MOST_NAMED = 40  # arms that are listed by name


class Manner(NamedTuple):
    """How a plan is carried out; no number depends on it.

    ``batches``: jobs that the chunks are dealt out to. ``carry``: hands batches of chunks to an
    engine and returns what went wrong; None: here. ``threads``: of the engine, for each job.
    """

    replace: bool = False
    yes: bool = False
    retry: bool = False
    fail: str = "slow"
    engine: str = "local"
    jobs: int = 1
    batches: int = 1
    carry: Callable[[Path, list[list[int]]], list[str]] | None = None
    threads: int | None = None

    def threads_of(self, plan: Plan) -> int | None:
        """Threads that simulate; None: all cores."""
        elsewhere = self.carry is not None or self.threads is not None
        given: int | None = plan.head.settings["threads"]
        return self.threads if elsewhere else given


class Result(NamedTuple):
    """How it ended. ``told``: the line that accounts for every run."""

    code: int
    counts: Counts
    launched: int

    @property
    def told(self) -> str:
        """Launched = ok + failed + aborted."""
        rest = self.launched - self.counts.done
        return (f"runs: {self.launched} launched = {self.counts.ok} ok + {self.counts.failed} "
                f"failed + {rest} aborted")  # fmt: skip


def carry_out(plan: Plan, manner: Manner, finish: Callable[[Plan], None]) -> Result:
    """Simulate what is missing, account for it, then ``finish`` (what needs all runs).

    Raises UsageError where the folder must not be written in, before anything is written.
    """
    folder = plan.folder
    workspace.refuse_others(folder, manner.replace)
    with _held(folder):
        drawn = workspace.outline(plan, manner.replace, retry=manner.retry)
        length, estimate = _prepared(plan, drawn, manner)
        if estimate is not None:
            consent(estimate, manner.yes)
        place = workspace.open_workspace(plan, drawn, length)
        return _simulated(plan, place, manner, finish)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder; one that was made for nothing goes again."""
    fresh = not folder.exists()
    try:
        with store.locked(folder):
            yield
    finally:
        left = [path.name for path in folder.glob("*")]
        if fresh and folder.is_dir() and left in ([], [store.LOCK]):
            (folder / store.LOCK).unlink(missing_ok=True)
            folder.rmdir()


def _prepared(plan: Plan, drawn: Outline, manner: Manner) -> tuple[int, Estimate | None]:
    """Length of new chunks, and what a timed pilot expects of the runs that are missing."""
    missing = drawn.missing
    begin = drawn.chunks[-1].stop if drawn.chunks else 0
    rows = [np.arange(c.start, c.stop) for c in missing]
    awaited = np.concatenate([*rows, np.arange(begin, drawn.runs.size)])
    left = awaited.size
    _announce(plan, drawn, left)
    given = plan.head.settings["chunk"]
    if plan.command == "compare":
        length = given or COMPARE_CHUNK
        if left < PILOT_FROM:
            return length, None
    if not left:
        return given or COMPARE_CHUNK, None
    threads = plan.head.settings["threads"] if manner.carry else manner.threads_of(plan)
    speed = measure(drawn, awaited, threads)
    if plan.command == "sweep":
        length = given or chunk_length(speed, left, manner.jobs if manner.carry else 1)
    chunks = len(missing) + len(workspace.new_chunks(drawn, length))
    return length, Estimate(left, chunks, speed.seconds * left, speed.size * left,
                            manner.engine, manner.jobs)  # fmt: skip


def _announce(plan: Plan, drawn: Outline, left: int) -> None:
    head = plan.head
    names = [arm.name for arm in head.arms]
    arms = ", ".join(names if len(names) <= MOST_NAMED else [*names[:3], "...", names[-1]])
    last = head.first_seed + head.seeds - 1
    labels = list(dict.fromkeys(case.region.label for case in plan.cases))
    shown = labels[0] if len(labels) == 1 else f"{len(labels)} regions"
    frames = f" x {len(plan.cases)} frames" if len(plan.cases) > len(labels) else ""
    points = f" x {len(plan.points)} points" if plan.sampled else ""
    console.note(
        f"{shown}{frames}{points}: {len(head.arms)} {'arms' if len(head.arms) > 1 else 'arm'} "
        f"({arms}) x {head.seeds} seeds ({head.first_seed} to {last}) x "
        f"{head.settings['years']:g} years"
    )
    if plan.asked > drawn.runs.size:
        console.note(f"{plan.asked} runs asked for, {drawn.runs.size} of them distinct")
    if not cache_is_warm() and left:
        console.note("compiling the model, once for this version: about a minute")
    if left < drawn.runs.size:
        console.note(
            f"reused {drawn.runs.size - left} of {drawn.runs.size} runs that were already done"
        )
    if left:
        console.note(*budget.told(plan))


def _simulated(
    plan: Plan, place: Workspace, manner: Manner, finish: Callable[[Plan], None]
) -> Result:
    """Everything that happens while the folder is open, and how it ended."""
    folder = place.folder
    write_plan_papers(plan, folder)
    used = provenance(manner.threads_of(plan), engine=manner.engine, jobs=manner.jobs)
    record = {**used, "identity": plan.identity}
    store.write_json(folder / "provenance.json", with_session(folder, record))
    stopped: list[str] = []
    counts = begun = place.begun
    code = OK
    try:
        counts, stopped = _missing(plan, place, manner)
        if counts.done == place.launched:
            finish(plan)
    except KeyboardInterrupt as stop:
        code = INTERRUPTED
        console.note(*map(str, stop.args))
    except StoppedError as stop:
        code = FAILED
        stopped = [str(stop)]
    if code == INTERRUPTED or stopped:
        store.sweep(folder)
        counts = _there(place)
    new = counts.failed - begun.failed
    made = {"runs_made": counts.done - begun.done, "reused": begun.done}
    whole = counts.done == place.launched and code == OK
    with contextlib.suppress(*([StoppedError] if code == FAILED else [])):  # a disk that is full
        workspace.keep_counts(place, counts, ended=True, complete=whole)
        write_failures(folder, plan, place)
        session = with_session(folder, {**ended(record), **made})
        store.write_json(folder / "provenance.json", session)
    return Result(_code(code, counts, place, stopped, new, manner), counts, place.launched)


def _code(
    code: int, counts: Counts, place: Workspace, stopped: list[str], new: int, manner: Manner
) -> int:
    """The exit code, with a word on how to go on; ``new``: runs that failed in this session."""
    if code == INTERRUPTED:
        console.note(f"{counts.done} of {place.launched} runs done; the same command continues.")
        return INTERRUPTED
    console.note(*stopped)
    if counts.done < place.launched:
        why = "a run failed and --fail fast stops there; " if new and not stopped else ""
        console.note(
            f"{counts.done} of {place.launched} runs done; {why}the same command continues."
        )
        return FAILED
    if code == FAILED or (new and manner.fail == "fast"):
        return FAILED
    return SOME_RUNS_FAILED if counts.failed and manner.fail != "never" else OK


def _missing(
    plan: Plan, place: Workspace, manner: Manner
) -> tuple[Counts, list[str]]:
    """Simulate the missing chunks: (runs on disk, what went wrong with an engine)."""
    counts = place.begun
    fast = manner.fail == "fast"
    workspace.keep_counts(place._replace(manifest={**place.manifest, "fail_fast": fast}), counts,
                          ended=False)  # fmt: skip
    with console.Progress(place.launched, counts.done) as progress:
        progress.failed = counts.failed
        if manner.carry is not None and place.missing:
            with _watched(place, progress):
                wrong = manner.carry(place.folder, _batches(place.missing, manner.batches))
            if not wrong:  # else its logs say more
                shutil.rmtree(place.folder / ".engine", ignore_errors=True)
            return _there(place), wrong
        for chunk in place.missing:
            failed = run_chunk(
                place.book, place.folder, chunk, manner.threads_of(plan),
                partial(_reached, progress, counts.done),
            )  # fmt: skip
            made = chunk.stop - chunk.start
            counts = Counts(counts.ok + made - failed, counts.failed + failed)
            workspace.keep_counts(place, counts, ended=False)
            progress.failed = counts.failed
            progress.reached(counts.done)
            if failed and fast:
                break
    return counts, []


def _reached(progress: console.Progress, before: int, done: int) -> None:
    progress.reached(before + done)


def _batches(missing: list[Chunk], number: int) -> list[list[int]]:
    """Chunks dealt out to so many batches, neighbours to different ones."""
    number = min(len(missing), number)
    return [[chunk.part for chunk in missing[k::number]] for k in range(number)]


@contextlib.contextmanager
def _watched(place: Workspace, progress: console.Progress) -> Iterator[None]:
    """Show the parts that workers write, wherever they are."""
    over = threading.Event()

    def watch() -> None:
        seen, now = set[int](), place.begun
        while not over.wait(1.0):
            new = [c for c in place.missing if c.part not in seen
                   and place.holds(c)]  # fmt: skip
            with contextlib.suppress(OSError):
                more = workspace.counted(place.folder, new)
                now = Counts(now.ok + more.ok, now.failed + more.failed)
                seen |= {c.part for c in new}
            progress.failed = now.failed
            progress.reached(now.done)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _there(place: Workspace) -> Counts:
    """Runs on disk: those that stood, and the new ones looked at anew."""
    new = workspace.counted(place.folder, [c for c in place.missing if place.holds(c)])
    return Counts(place.begun.ok + new.ok, place.begun.failed + new.failed)
