"""Tables of the page: each figure has its own, and every one can be saved."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from typing import Any

from analysis import words
from analysis.changes import Line
from analysis.changes_words import interval_ends, line_numbers
from analysis.comparisons import read_json
from analysis.language import marked, say
from analysis.study import OK, Outcome, Study
from analysis.sweep_report.tables import DASH, Table
from analysis.two_report.asked import ASKED, MOVES, NOTHING, Changed
from analysis.two_report.rows import EFFECTS, Found, Row

PAIRS, UNPAIRED = marked("Pairs"), marked("Runs in A and in B")
CHANGE_COLUMNS = (
    marked("Setting"), marked("Key"), marked("Unit"), "A", "B", marked("Who says so"),
    marked("Source of the number"),
)  # fmt: skip
ROW_COLUMNS = (
    marked("Outcome"), marked("Unit"), marked("Arm"), marked("In A"), marked("In B"),
    marked("B minus A"), marked("95 % interval"), PAIRS, marked("With all counted"),
    marked("Verdict"),
)  # fmt: skip
OWN_COLUMNS = (
    marked("Outcome"), marked("Unit"), marked("Arm"), marked("In"), marked("With first arm"),
    marked("With arm"), marked("Effect"), marked("95 % interval"), PAIRS, marked("Verdict"),
)  # fmt: skip
RUN_COLUMNS = (
    marked("Arm"), marked("Launched in A"), marked("Failed in A"), marked("Not there in A"),
    marked("Launched in B"), marked("Failed in B"), marked("Not there in B"),
)  # fmt: skip
ABOUT_CHANGES = {
    MOVES: marked("Settings that differ: they can move a number"),
    ASKED: marked("Settings that differ: they ask for other histories"),
    NOTHING: marked("Settings that differ: they move no number"),
}
MOST_CHANGES = 200
MOST_FAILURES = 10
LAST_LINES = 3


def changes_table(changes: Sequence[Changed], kind: str) -> Table:
    """Every setting that differs, with both values, who says so, and its source."""
    rows: list[tuple[str, ...]] = [
        (words.upper_first(one.label or one.key), one.key,
         words.spoken_unit(one.unit) if one.unit else DASH, one.a, one.b, _says(one),
         one.source or DASH)
        for one in changes[:MOST_CHANGES]
    ]  # fmt: skip
    return Table(f"changes-{kind}", say(ABOUT_CHANGES[kind]), _said(CHANGE_COLUMNS), rows)


def rows_table(found: Found, rows: Sequence[Row], key: str, about: str) -> Table:
    """Differences with intervals, verdicts and why there is none."""
    mixed = len({row.what for row in rows}) > 1
    columns = [name if found.paired or name != PAIRS else UNPAIRED for name in ROW_COLUMNS]
    return Table(key, about, _said(columns), [
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
                         words.plain(line.n, 0), verdict_words(line)))  # fmt: skip
    return Table("own-effects", say("Effects within A and within B"), _said(OWN_COLUMNS), rows)


def numbers(outcome: Outcome, line: Line) -> str:
    """The difference with its interval, for a figure."""
    _, apart, _ = line_numbers(outcome, line)
    if math.isnan(line.lo):
        return say("{number}, no interval", number=apart)
    lo, hi = interval_ends(outcome, line)
    return f"{apart} {say('[{lo}, {hi}]', lo=lo, hi=hi)}"


def verdict_words(line: Line) -> str:
    """The verdict, and why there is none."""
    said = say(line.verdict)
    return say("{verdict}: {reason}", verdict=said, reason=line.reason) if line.reason else said


def holds_words(row: Row) -> str:
    """Whether a row stands with all rows counted."""
    if not row.speaks or not row.clear:
        return DASH
    return say("holds") if row.holds else say("may be chance")


def runs_table(found: Found) -> Table:
    """Where every run went, arm by arm, in both."""
    studies = found.asked.studies
    labels = {arm.name: arm.label for one in reversed(studies) for arm in one.arms}
    rows = [(words.upper_first(label), *_account(studies[0], name), *_account(studies[1], name))
            for name, label in labels.items()]  # fmt: skip
    return Table("runs", say("Runs of every arm in A and in B"), _said(RUN_COLUMNS), list(rows))


def failure_rows(found: Found) -> list[dict[str, str]]:
    """The first failed runs of both with seed, error and the command that repeats them."""
    rows = []
    for letter, name, study in zip("AB", found.asked.names, found.asked.studies, strict=True):
        listed: list[dict[str, Any]] = read_json(
            study.folder / "failures.json", optional=True
        ).get("runs", [])
        for one in listed[:MOST_FAILURES]:
            told = one.get("error") or say("status {status}", status=one.get("status"))
            error = str(told).strip().splitlines()
            rows.append({
                "study": letter, "arm": str(one.get("arm")), "seed": f"{one.get('seed')}",
                "error": "\n".join(error[-LAST_LINES:]),
                "again": f"thalweg replay {shlex.quote(name)} {one.get('row')}",
            })  # fmt: skip
    return rows


def _said(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(map(say, columns))


def _says(one: Changed) -> str:
    told = [say("{study}: {text}", study=letter, text=text)
            for letter, text in (("A", one.from_a), ("B", one.from_b)) if text]  # fmt: skip
    return "; ".join(told) or say("both studies")


def _row(outcome: Outcome, row: Row, found: Found, *, mixed: bool) -> tuple[str, ...]:
    line = row.line
    means, apart, interval = line_numbers(outcome, line, signs=row.what == EFFECTS)
    label = words.upper_first(row.arm.label)
    if row.what == EFFECTS and mixed:
        label = say("{arm}, effect", arm=label)
    return (
        words.upper_first(outcome.label), words.unit_of(outcome) or DASH, label, *means, apart,
        interval, sizes(row, paired=found.paired), holds_words(row), verdict_words(line),
    )  # fmt: skip


def sizes(row: Row, *, paired: bool) -> str:
    """How many histories a row rests on."""
    if paired:
        return words.plain(row.sizes[0], 0)
    return words.listing([words.plain(own, 0) for own in row.sizes])


def _account(study: Study, arm: str) -> tuple[str, str, str]:
    """Launched, failed, not there: of one arm."""
    if arm not in {own.name for own in study.arms}:
        return DASH, DASH, DASH
    launched = study.counts.launched // len(study.arms)
    own = study.runs.loc[study.runs["arm"] == arm, "status"]
    return (words.plain(launched, 0), words.plain(int((own != OK).sum()), 0),
            words.plain(launched - len(own), 0))  # fmt: skip
