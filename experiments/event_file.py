"""A user's own table of events between states, as clusters that patterns can be computed on.

A CSV file with one act per row. Columns:

=========  ======  ==============================================================================
column     needed  meaning
=========  ======  ==============================================================================
time       yes     years (1953.4) or a date (1953-05-27)
pair       yes     name of the pair of states, like KG-TJ
bar        yes     BAR value, a whole number from -7 to 7
hostility  yes     hostility level of militarized disputes, 0 to 5 (0 or 1: no militarized act)
kind       no      river, aquifer, fishery, land or other; default river
actor      no      crowd, municipality, border guard, army or government; default government
claim      no      1 when the act belongs to a dispute over the resource; default: bar below 0
incident   no      number of the local incident that it belongs to or descends from
violent    no      1 for a crowd's violence
fatal      no      1 when people died
body       no      1 when a joint body of the two states was at work
=========  ======  ==============================================================================

Every pair is a cluster. The years watched run from the year of the first act of the table to that
of the last, the same for all pairs; pairs without any act are not in the table, so rates per
pair-year are those of pairs that have a record. ``#`` opens a comment line.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from analysis.patterns.acts import KINDS, Acts, Cluster
from experiments.exits import UsageError
from experiments.overrides import nearest
from sim.events import CLASSES

NEEDED = ("time", "pair", "bar", "hostility")
OPTIONAL = ("kind", "actor", "claim", "incident", "violent", "fatal", "body")
MOST_MISTAKES = 20


def read_events(path: Path) -> list[tuple[str, Cluster]]:
    """(pair, its acts) of every pair. Raises UsageError with every mistake and its line."""
    if not path.is_file():
        raise UsageError(f"--events {path}: no such file.")
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--events {path}: cannot be read as UTF-8 text ({error}).") from None
    numbered = [(n, line) for n, line in enumerate(lines, 1) if line.strip() and line[0] != "#"]
    if not numbered:
        raise UsageError(f"--events {path}: the file is empty.")
    head = [name.strip() for name in next(csv.reader([numbered[0][1]]))]
    mistakes = _heading(head)
    rows = []
    for number, line in numbered[1:] if not mistakes else ():
        cells = [cell.strip() for cell in next(csv.reader([line]))]
        row, faults = _row(head, cells)
        mistakes += [f"line {number}: {fault}" for fault in faults]
        rows.append(row)
    if not mistakes and not rows:
        mistakes.append("there is a heading and no event.")
    if mistakes:
        more = len(mistakes) - MOST_MISTAKES
        shown = [*mistakes[:MOST_MISTAKES], *([f"and {more} more mistakes."] if more > 0 else [])]
        raise UsageError([f"--events {path}: {text}" for text in shown])
    return _clusters(rows)


def _heading(head: list[str]) -> list[str]:
    known = (*NEEDED, *OPTIONAL)
    found = [f"the column '{name}' is missing." for name in NEEDED if name not in head]
    found += [f"unknown column '{name}'. {_near(name, known)}" for name in head
              if name not in known]  # fmt: skip
    if len({*head}) < len(head):
        found.append("a column is named twice.")
    return found


def _row(head: list[str], cells: list[str]) -> tuple[dict[str, Any], list[str]]:
    if len(cells) != len(head):
        return {}, [f"{len(cells)} cells under {len(head)} columns."]
    row: dict[str, Any] = {}
    faults = []
    for name, cell in zip(head, cells, strict=True):
        read, says = READERS[name]
        try:
            if cell or name in NEEDED:
                row[name] = read(cell)
        except (ValueError, KeyError):
            faults.append(f"{name} is {cell!r}; {says}.")
    return row, faults


def _time(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        day = date.fromisoformat(cell)
        begins, ends = date(day.year, 1, 1), date(day.year + 1, 1, 1)
        return day.year + (day - begins) / (ends - begins)


def _within(lo: int, hi: int) -> Callable[[str], int]:
    def read(cell: str) -> int:
        value = int(cell)
        if not lo <= value <= hi:
            raise ValueError(cell)
        return value

    return read


def _named(names: tuple[str, ...]) -> Callable[[str], int]:
    return lambda cell: {name: row for row, name in enumerate(names)}[cell]


def _name(cell: str) -> str:
    if not cell:
        raise ValueError(cell)
    return cell


_FLAG = (_within(0, 1), "0 or 1 is needed")
READERS: dict[str, tuple[Callable[[str], Any], str]] = {
    "time": (_time, "years like 1953.4 or a date like 1953-05-27 are needed"),
    "pair": (_name, "a name is needed"),
    "bar": (_within(-7, 7), "a whole number from -7 to 7 is needed"),
    "hostility": (_within(0, 5), "a whole number from 0 to 5 is needed"),
    "kind": (_named(KINDS), f"one of {', '.join(KINDS)} is needed"),
    "actor": (_named(CLASSES), f"one of {', '.join(CLASSES)} is needed"),
    "incident": (_within(0, 2**31 - 1), "a whole number from 0 on is needed"),
    "claim": _FLAG, "violent": _FLAG, "fatal": _FLAG, "body": _FLAG,
}  # fmt: skip


def _clusters(rows: list[dict[str, Any]]) -> list[tuple[str, Cluster]]:
    start = int(np.floor(min(row["time"] for row in rows)))
    years = int(np.floor(max(row["time"] for row in rows))) - start + 1
    found = []
    for pair in sorted({row["pair"] for row in rows}):
        own = sorted((row for row in rows if row["pair"] == pair), key=lambda row: row["time"])
        acts = _acts(own, start)
        with_body = float(np.mean(acts.body)) * years  # the acts are all that is known of a body
        away = (years - with_body, with_body)
        found.append((pair, Cluster(acts, years, 1, away, np.zeros((0, 0)))))
    return found


def _acts(rows: list[dict[str, Any]], start: int) -> Acts:
    def column(name: str, default: Any) -> np.ndarray:
        return np.array([row.get(name, default) for row in rows])

    bar = column("bar", 0)
    said = np.array(["claim" in row for row in rows])
    return Acts(
        time=column("time", 0.0) - start, pair=np.zeros(len(rows), dtype=int), bar=bar,
        hostility=column("hostility", 0), actor=column("actor", CLASSES.index("government")),
        kind=column("kind", 0), seen=np.ones(len(rows), dtype=int),
        claim=np.where(said, column("claim", 0) > 0, bar < 0), incident=column("incident", -1),
        violent=column("violent", 0) > 0, fatal=column("fatal", 0) > 0,
        body=column("body", 0) > 0,
    )  # fmt: skip


def _near(name: str, known: tuple[str, ...]) -> str:
    return nearest(name, known).replace("Settings:", "Columns:").split(" (and keys")[0]
