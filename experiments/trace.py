"""``thalweg trace``: why did this crisis happen, and what would have averted it?"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import wrap
from typing import Any

from experiments import console
from experiments.book import Book, check_model, open_book
from experiments.exits import FAILED, OK, SOME_RUNS_FAILED, UsageError
from experiments.holdings import look
from experiments.replay import Replayed, replayed, row_of
from experiments.story import LABEL
from experiments.trace_chain import climbing
from experiments.trace_removals import Explained, explain
from experiments.trace_text import content, lines

WIDTH = 98
NO_CRISIS = "Nothing climbed a ladder in this history: there is no crisis to trace."


def trace(arguments: argparse.Namespace) -> int:
    """Simulate a run of a study again, explain its gravest crisis; returns the exit code."""
    from experiments.trace_paper import write

    folder = Path(arguments.folder)
    found = look(folder)
    row = row_of(arguments.row, found)
    book = open_book(folder)
    check_model(book, folder)
    one = replayed(found, book, row)
    if one.new.status[0] != 0:
        console.note(f"row {row} fails; thalweg replay {folder} {row} says where.")
        return SOME_RUNS_FAILED
    why = explained(one, book, arguments.event)
    head = heading(one, folder)
    region = book.cases[int(one.run.case[0])].region
    told = None if why is None else content(why, region)
    if arguments.json:
        console.say(json.dumps({"run": head, **(told or {"crisis": None})}, indent=1))
    else:
        console.say(*_head(head, folder))
        console.say(*_wrapped(lines(told, region) if told else [NO_CRISIS]))
        if told:
            console.say("", f"Histories simulated to find out: {told['histories']}. {LABEL}")
    if one.off:
        console.note(f"the run differs from what is kept of it: thalweg replay {folder} {row}")
        return FAILED
    if why is not None and told is not None:
        asked = {} if arguments.event is None else {"event": arguments.event}
        place = write(told, why, found.manifest, {**head, **asked}, arguments.out)
        console.note(f"tables and figure: {place}")
    return OK


def _wrapped(text: Iterable[str]) -> Iterator[str]:
    """Lines of a readable width; what goes on stands further in."""
    for line in text:
        yield from wrap(line, WIDTH, subsequent_indent=" " * 7, break_on_hyphens=False) or [""]


def explained(one: Replayed, book: Book, event: int | None) -> Explained | None:
    """The explanation of a run's crisis. Raises UsageError for an event that is none."""
    from sim.simulate import simulate

    base = book.base(int(one.run.case[0]), int(one.run.arm[0]))
    scenario = base.of(one.run.values[0], int(one.run.seed[0]))
    if event is not None:
        events = simulate(scenario).events
        if not 0 <= event < events.size or not climbing(events)[event]:
            raise UsageError(
                f"--event {event}: no act of this run that climbed a ladder (thalweg replay --out "
                "keeps all acts with their ids)."
            )
    return explain(scenario, event)


def heading(one: Replayed, folder: Path) -> dict[str, Any]:
    """What makes the run what it is, so that it can be simulated again."""
    from sim._jit import kernel_digest

    high, low = one.run.key[0].tolist()
    case = one.book.cases[int(one.run.case[0])]
    return {
        "folder": str(folder), "row": one.row, "run": f"{high:016x}{low:016x}",
        "region": case.region.name, "arm": case.arms[int(one.run.arm[0])].name,
        "seed": int(one.run.seed[0]), "model_digest": one.book.model,
        "kernel_digest": kernel_digest(), "replay": f"thalweg replay {folder} {one.row} --story",
        "as_kept": None if one.old is None else not one.off,
    }  # fmt: skip


def _head(head: dict[str, Any], folder: Path) -> list[str]:
    return [
        f"run {head['run']}, row {head['row']} of {folder}",
        f"{head['region']}, arm {head['arm']}, seed {head['seed']}",
        f"model {head['model_digest'][:16]}; again: {head['replay']}",
        "",
    ]
