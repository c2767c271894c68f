"""``thalweg replay``: one run of a study once more, exactly, beside what is kept of it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments import console
from experiments.audit import known
from experiments.book import BOOK, Book, check_model, open_book
from experiments.execute import STOPPED
from experiments.exits import FAILED, OK, SOME_RUNS_FAILED, UsageError
from experiments.holdings import Holdings, look
from experiments.resimulate import Difference, Record, differences, kept, made_again
from experiments.run import POINTS_PER_YEAR, write_history
from experiments.runs import RUNS, Runs, read_runs
from experiments.story import readable, summary, told


class Replayed(NamedTuple):
    """One run, what is kept of it (None: its chunk is not there) and what came out now."""

    book: Book
    row: int
    run: Runs
    old: Record | None
    new: Record
    off: list[Difference]


def replay(arguments: argparse.Namespace) -> int:
    """Simulate one run again, compare, tell; returns the exit code."""
    folder = Path(arguments.folder)
    found = look(folder)
    row = row_of(arguments.row, found)
    book = open_book(folder)
    check_model(book, folder)
    place = None if arguments.out is None else _new_folder(Path(arguments.out))
    one = replayed(found, book, row)
    console.say(*_inputs(one, folder))
    _outcomes(one)
    console.say(*_ending(one))
    if arguments.story or place is not None:
        _history(one, arguments.story, place)
    if one.off:
        return FAILED
    return SOME_RUNS_FAILED if one.new.status[0] != 0 else OK


def row_of(text: str, found: Holdings) -> int:
    """The row that is asked for. Raises UsageError."""
    last = found.runs.size - 1
    try:
        row = int(text)
    except ValueError:
        raise UsageError(
            f"'{text}' is no row: a whole number from 0 to {last} is expected (row of {RUNS})."
        ) from None
    if not 0 <= row <= last:
        raise UsageError(f"row {row}: this study has rows 0 to {last} (row of {RUNS}).")
    return row


def _new_folder(place: Path) -> Path:
    if place.exists() and (not place.is_dir() or next(place.iterdir(), None) is not None):
        raise UsageError(f"--out {place}: exists. Choose a new folder.")
    return place


def replayed(found: Holdings, book: Book, row: int) -> Replayed:
    """The run of a row, simulated again beside what is kept of it. Raises UsageError."""
    run = read_runs(found.folder, row, row + 1)
    if not known(book, run).all():
        raise UsageError(
            f"{found.folder / RUNS}: row {row} is of a case or an arm that {BOOK} does not hold; "
            "thalweg verify says more."
        )
    new = made_again(book, run)
    chunk = next(c for c in found.chunks if c.start <= row < c.stop)
    old = None
    if chunk.part not in found.faults:
        old = kept(found.folder, chunk, book).at(np.array([row - chunk.start]))
    off = [] if old is None else differences(np.array([row]), old, new, book.layout.every)
    return Replayed(book, row, run, old, new, off)


def _inputs(one: Replayed, folder: Path) -> Iterator[str]:
    """Everything that makes the run what it is."""
    from sim.parameters import DECLARED

    case = one.book.cases[int(one.run.case[0])]
    arm = case.arms[int(one.run.arm[0])]
    content = json.loads((folder / BOOK).read_text(encoding="utf-8"))
    crossed = content["cases"][int(one.run.case[0])]["values"]
    high, low = one.run.key[0].tolist()
    yield f"run {high:016x}{low:016x}, row {one.row} of {folder}"
    yield (
        f"{case.region.label}, {case.years:g} years after {case.spinup_years:g} of spin-up, ticks "
        f"of {case.tick_weeks:g} week{'s' if case.tick_weeks != 1 else ''}"
    )
    yield f"arm: {arm.name} ({arm.label}); seed: {one.run.seed[0]}"
    sampled = zip(one.book.factors, one.run.values[0].tolist(), strict=True)
    yield from (f"  {key} = {value}" for key, value in {**crossed, **dict(sampled)}.items())
    own = {d.key: case.parameters[d.key] for d in DECLARED
           if case.parameters[d.key] != d.default}  # fmt: skip
    yield from (f"  parameters.{key} = {value}" for key, value in own.items()
                if f"parameters.{key}" not in one.book.factors)  # fmt: skip


def _outcomes(one: Replayed) -> None:
    """Kept and new outcomes that differ, side by side."""
    rows = [(d.what, d.kept, d.new) for d in one.off if d.kind == "outcome"]
    if rows:
        console.table("Outcomes that differ", ("outcome", "kept", "now"), rows)


def _ending(one: Replayed) -> Iterator[str]:
    """Status then and now, what differs beside outcomes, and where a failed run fails."""
    yield from (d.told for d in one.off if d.kind not in {"outcome", "status"})
    now = "ok" if one.new.status[0] == 0 else "failed"
    then = "not there yet" if one.old is None else "ok" if one.old.status[0] == 0 else "failed"
    yield f"status: kept {then}, now {now}"
    if one.old is not None and one.old.status[0] != 0:
        yield f"kept error:\n{_indented(one.old.error[0])}"
    if one.new.status[0] != 0:
        yield f"error now:\n{_indented(one.new.error[0])}"
        yield from _where(one) if one.new.status[0] != STOPPED else ()
    if one.old is None:
        yield "nothing is kept of this run: its chunk is missing or torn"
    elif not one.off:
        yield f"identical: {_compared(one)}" if now == "ok" else "it fails as it did"
    else:
        yield f"not as it is kept: {len(one.off)} difference{'s' if len(one.off) > 1 else ''}"


def _compared(one: Replayed) -> str:
    """What was compared bit for bit."""
    layout = one.book.layout
    words = [f"{len(layout.outcomes)} outcomes"]
    words += [f"{len(layout.series)} series"] if layout.series else []
    words += ["the event log"] if layout.events else []
    return ", ".join(words)


def _where(one: Replayed) -> Iterator[str]:
    """The first quarter of a numerical failure and what is not finite there."""
    from sim.record import SERIES

    history = _simulated(one)
    if history is None:
        return
    lost = ~np.isfinite(history.series)
    if lost.any():
        quarter = int(lost.any(axis=1).argmax())
        names = [SERIES[column].key for column in lost[quarter].nonzero()[0].tolist()]
        yield (
            f"first quarter that is not finite: {quarter + 1} (year "
            f"{quarter / POINTS_PER_YEAR:g} to {(quarter + 1) / POINTS_PER_YEAR:g}), in "
            f"{', '.join(names)}"
        )
    elif history.events.size:
        last = float(history.events["time"][-1])
        yield f"every series is finite; {history.events.size} acts, the last in year {last:.2f}"


def _history(one: Replayed, story: bool, place: Path | None) -> None:
    """Tell the run as ``thalweg run`` does, and keep its events and series."""
    history = _simulated(one)
    if history is None:
        console.note("no history to tell or keep: the model stops with an error")
        return
    case = one.book.cases[int(one.run.case[0])]
    events = readable(case.region, history.events)
    if story:
        held = "--out DIR keeps them all" if place is None else "events.csv holds them all"
        sentences = told(case.region, events, held)
        console.say("", summary(case.region, events, case.years), *sentences)
    if place is not None:
        place.mkdir(parents=True, exist_ok=True)
        write_history(place, history, events)
        console.say(f"written: {place} (events.csv, events.parquet, series.parquet)")


def _simulated(one: Replayed) -> Any:
    """The history with its log and series; None where the program stops with an error."""
    from sim.simulate import simulate

    base = one.book.base(int(one.run.case[0]), int(one.run.arm[0]))
    try:
        return simulate(base.of(one.run.values[0], int(one.run.seed[0])))
    except Exception:
        return None


def _indented(text: str | None) -> str:
    return "\n".join(f"  {line}" for line in (text or "").rstrip().splitlines())
