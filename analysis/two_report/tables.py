"""Tables of the page: each figure has its own, and every one can be saved."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from typing import Any

from analysis import words
from analysis.changes import Line
from analysis.changes_words import line_numbers
from analysis.comparisons import read_json
from analysis.study import OK, Outcome, Study
from analysis.sweep_report.tables import DASH, Table
from analysis.two_report.asked import Changed
from analysis.two_report.rows import EFFECTS, Found, Row

CHANGE_COLUMNS = ("Setting", "Key", "Unit", "A", "B", "Who says so", "Source of the number")
ROW_COLUMNS = ("Outcome", "Unit", "Arm", "In A", "In B", "B minus A", "95 % interval", "Pairs",
               "With all counted", "Verdict")  # fmt: skip
OWN_COLUMNS = ("Outcome", "Unit", "Arm", "In", "With first arm", "With arm", "Effect",
               "95 % interval", "Pairs", "Verdict")  # fmt: skip
RUN_COLUMNS = ("Arm", "Launched in A", "Failed in A", "Not there in A", "Launched in B",
               "Failed in B", "Not there in B")  # fmt: skip
UNPAIRED = "Runs in A and in B"
MOST_CHANGES = 200
MOST_FAILURES = 10
LAST_LINES = 3


def changes_table(changes: Sequence[Changed], kind: str) -> Table:
    """Every setting that differs, with both values, who says so, and its source."""
    rows: list[tuple[str, ...]] = [
        (words.upper_first(one.label or one.key), one.key, one.unit or DASH, one.a, one.b,
         _said(one), one.source or DASH)
        for one in changes[:MOST_CHANGES]
    ]  # fmt: skip
    return Table(f"changes-{kind}", f"Settings that differ: {kind}", CHANGE_COLUMNS, rows)


def rows_table(found: Found, rows: Sequence[Row], key: str, about: str) -> Table:
    """Differences with intervals, verdicts and why there is none."""
    mixed = len({row.what for row in rows}) > 1
    columns = tuple(name if found.paired or name != "Pairs" else UNPAIRED for name in ROW_COLUMNS)
    return Table(key, about, columns, [
        _row(found.all_outcomes[row.line.outcome], row, found, mixed=mixed) for row in rows
    ])  # fmt: skip


def own_table(found: Found) -> Table:
    """The effect of every arm within A and within B."""
    rows: list[tuple[str, ...]] = []
    by = {arm.name: arm for arm in found.arms}
    for pair in zip(*found.own, strict=True):
        for letter, line in zip("AB", pair, strict=True):
            outcome = found.outcomes[line.outcome]
            means, effect, interval = line_numbers(outcome, line)
            rows.append((words.upper_first(outcome.label), words.unit_of(outcome) or DASH,
                         words.upper_first(by[line.about].label), letter, *means, effect, interval,
                         f"{line.n:,}", verdict_words(line)))  # fmt: skip
    return Table("own-effects", "Effects within A and within B", OWN_COLUMNS, rows)


def numbers(outcome: Outcome, line: Line) -> str:
    """The difference with its interval, for a figure."""
    _, apart, _ = line_numbers(outcome, line)
    if math.isnan(line.lo):
        return f"{apart}, no interval"
    ends = line_numbers(outcome, line)[2].replace(" to ", ", ")
    return f"{apart} [{ends}]"


def verdict_words(line: Line) -> str:
    """The verdict, and why there is none."""
    return f"{line.verdict}: {line.reason}" if line.reason else line.verdict


def holds_words(row: Row) -> str:
    """Whether a row stands with all rows counted."""
    if not row.speaks or not row.clear:
        return DASH
    return "holds" if row.holds else "may be chance"


def runs_table(found: Found) -> Table:
    """Where every run went, arm by arm, in both."""
    studies = found.asked.studies
    labels = {arm.name: arm.label for one in reversed(studies) for arm in one.arms}
    rows = [(words.upper_first(label), *_account(studies[0], name), *_account(studies[1], name))
            for name, label in labels.items()]  # fmt: skip
    return Table("runs", "Runs of every arm in A and in B", RUN_COLUMNS, list(rows))


def failure_rows(found: Found) -> list[dict[str, str]]:
    """The first failed runs of both with seed, error and the command that repeats them."""
    rows = []
    for letter, name, study in zip("AB", found.asked.names, found.asked.studies, strict=True):
        listed: list[dict[str, Any]] = read_json(
            study.folder / "failures.json", optional=True
        ).get("runs", [])
        for one in listed[:MOST_FAILURES]:
            error = str(one.get("error") or f"status {one.get('status')}").strip().splitlines()
            rows.append({
                "study": letter, "arm": str(one.get("arm")), "seed": f"{one.get('seed')}",
                "error": "\n".join(error[-LAST_LINES:]),
                "again": f"thalweg replay {shlex.quote(name)} {one.get('row')}",
            })  # fmt: skip
    return rows


def _said(one: Changed) -> str:
    told = [f"{letter}: {text}" for letter, text in (("A", one.from_a), ("B", one.from_b)) if text]
    return "; ".join(told) or "both studies"


def _row(outcome: Outcome, row: Row, found: Found, *, mixed: bool) -> tuple[str, ...]:
    line = row.line
    means, apart, interval = line_numbers(outcome, line)
    label = words.upper_first(row.arm.label)
    if row.what == EFFECTS:
        label, means = f"{label}{', effect' * mixed}", [_signed(text) for text in means]
    return (
        words.upper_first(outcome.label), words.unit_of(outcome) or DASH, label, *means, apart,
        interval, sizes(row, paired=found.paired), holds_words(row), verdict_words(line),
    )  # fmt: skip


def sizes(row: Row, *, paired: bool) -> str:
    """How many histories a row rests on."""
    if paired:
        return f"{row.sizes[0]:,}"
    return f"{row.sizes[0]:,} and {row.sizes[1]:,}"


def _signed(text: str) -> str:
    zero = not any(c in "123456789" for c in text)
    return text if zero or text.startswith(words.MINUS) else f"+{text}"


def _account(study: Study, arm: str) -> tuple[str, str, str]:
    """Launched, failed, not there: of one arm."""
    if arm not in {own.name for own in study.arms}:
        return DASH, DASH, DASH
    launched = study.counts.launched // len(study.arms)
    own = study.runs.loc[study.runs["arm"] == arm, "status"]
    return f"{launched:,}", f"{int((own != OK).sum()):,}", f"{launched - len(own):,}"
