"""The answer of ``thalweg diff`` as text and as plain values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from analysis import words
from analysis.attributed_text import DIRECTIONS
from analysis.changes import REST
from analysis.changes_words import line_numbers, remark, shown
from analysis.study import Outcome
from experiments.diff import Compared, moves
from experiments.diff_changes import ASKED, MOVES, NOTHING, Change
from experiments.diff_sides import Side

SAME = "Nothing that can move a number differs."
LEGEND = (
    "better, worse: where the interval excludes zero, which one in twenty does by chance; "
    "it covers the luck of the seeds, and nothing else."
)
MOST_ROWS = 40  # changes of one kind that are listed
HEADS = {
    MOVES: "What changed:",
    ASKED: "Other histories are asked for:",
    NOTHING: "What moves no number:",
}
SECTIONS = {
    "B minus A": "Did it matter? B minus A, seed by seed, with 95 % interval",
    "effects": "Did the effect of an arm (it minus the first arm) change? In B minus in A",
    "effects in A": "A: effects of the arms",
    "effects in B": "B: effects of the arms",
}
_ABOUT, _MEAN, _NUMBER, _INTERVAL = 25, 9, 9, 22
Lines = Iterator[str]


def told(
    a: Side, b: Side, found: Sequence[Change], compared: Compared | None, why: str
) -> list[str]:
    """Everything, line by line."""
    parts = [[f"A: {a.source.told}", f"B: {b.source.told}"], *_changed(found)]
    if not moves(found):
        parts.append([SAME])
    if why:
        parts.append(words.filled(why))
    if compared is not None:
        parts += [*_compared(a, b, compared)]
    return [line for part in parts for line in (*part, "")][:-1]


def _changed(found: Sequence[Change]) -> Iterator[list[str]]:
    """What changed, kind by kind."""
    for kind, head in HEADS.items():
        own = [change for change in found if change.kind == kind]
        if own:
            rows = [row for change in own[:MOST_ROWS] for row in _row(change)]
            rest = len(own) - MOST_ROWS
            yield [head, *rows, *([f"  and {rest} more"] if rest > 0 else [])]


def _row(change: Change) -> list[str]:
    label = words.lower_first(change.label)
    head = [f"  {change.key}: {label}" if label not in {"", change.key} else f"  {change.key}"]
    if change.kind == NOTHING and change.a == change.b:
        why = "the default" if change.default else "what holds in the other one, too"
        value = shown(change.b if change.only == "B" else change.a, change.unit)
        return [*_wrapped(head[0]), f"      only in {change.only}: {value}, {why}"]
    sides = [f"{letter} {shown(value, change.unit)}{_remark(change, letter)}"
             for letter, value in (("A", change.a), ("B", change.b))]  # fmt: skip
    return [*_wrapped(head[0]), *words.filled("  ->  ".join(sides), "      ")]


def _remark(change: Change, letter: str) -> str:
    """Where a value comes from that the side does not say itself, in brackets."""
    text = remark(change.only, change.default, letter)
    return f" ({text})" if text else ""


def _wrapped(text: str) -> list[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    return words.filled(text.lstrip(), indent)


def _compared(a: Side, b: Side, compared: Compared) -> Iterator[list[str]]:
    from experiments.diff import UNPAIRED

    told = [_what(a, b, compared), *compared.remarks]
    yield [line for text in told for line in _wrapped(text)]
    if not compared.paired:
        yield _wrapped(UNPAIRED)
    for name, lines in compared.lines.items():
        if lines:
            yield [SECTIONS[name]]
            yield from _tables(compared, lines, name)
    yield _wrapped(LEGEND)
    if compared.single:
        yield from _singles(compared)


def _what(a: Side, b: Side, compared: Compared) -> str:
    """Which histories were compared."""
    seeds = compared.seeds
    span = f"{words.count(len(seeds), 'seed')} ({seeds[0]} to {seeds[-1]})"
    how = "runs as they are kept" if compared.kept else "simulated anew"
    label = f"{a.study.region.label}: " if compared.paired else ""
    arms = f"{words.count(len(compared.arms), 'arm')} ({', '.join(compared.arms)})"
    years = list(dict.fromkeys(f"{side.study.settings['years']:g}" for side in (a, b)))
    spoken = "year" if years == ["1"] else "years"
    return f"{label}{arms} x {span} x {' and '.join(years)} {spoken}, {how}"


def _tables(compared: Compared, lines: Sequence[Any], name: str) -> Iterator[list[str]]:
    """A table for every outcome."""
    first = next(iter(compared.arms))
    columns = ("A", "B", "B - A") if not name.startswith("effects in") else (first, "arm", "effect")
    for key, outcome in compared.outcomes.items():
        own = [line for line in lines if line.outcome == key]
        yield [*_head(outcome), _columns(columns),
               *(row for line in own for row in _line(outcome, line))]  # fmt: skip


def _head(outcome: Outcome) -> list[str]:
    unit = words.unit_of(outcome)
    said = ", ".join(part for part in (unit, DIRECTIONS[outcome.bad_sign]) if part)
    return _wrapped(f"{words.upper_first(outcome.label)} ({said})")


def _columns(names: tuple[str, str, str]) -> str:
    return (f"  {'':<{_ABOUT}} {names[0]:>{_MEAN}} {names[1]:>{_MEAN}} {names[2]:>{_NUMBER}}  "
            f"{'95 % interval':<{_INTERVAL}}  verdict")  # fmt: skip


def _line(outcome: Outcome, line: Any) -> list[str]:
    """One difference: both means, the difference with its interval, and what may be said."""
    means, apart, interval = line_numbers(outcome, line)
    about, rest = [line.about], []
    if len(line.about) >= _ABOUT:
        about, rest = [""], [f"  {line.about}"]
    row = (f"  {about[0]:<{_ABOUT}} {means[0]:>{_MEAN}} {means[1]:>{_MEAN}} {apart:>{_NUMBER}}  "
           f"{interval:<{_INTERVAL}}  {line.verdict}")  # fmt: skip
    return [
        *rest,
        row,
        *([] if not line.reason else words.filled(line.reason, "      ")),
    ]


def _singles(compared: Compared) -> Iterator[list[str]]:
    """Each change alone, by the outcome that may speak first."""
    outcome = compared.outcomes[compared.ranked]
    label = words.lower_first(outcome.label)
    yield _wrapped(f"Which change did it? A with each change alone, minus A: {label}. The last row "
                   "sets the sum of these differences against B minus A; what is apart there is "
                   "interaction.")  # fmt: skip
    for arm, lines in compared.single.items():
        named = [line._replace(about="all, beyond the sum") if line.about == REST else line
                 for line in lines]  # fmt: skip
        yield [f"{arm} ({words.unit_of(outcome) or outcome.unit})",
               _columns(("A", "changed", "apart")),
               *(row for line in named for row in _line(outcome, line))]  # fmt: skip


def content(
    a: Side, b: Side, found: Sequence[Change], compared: Compared | None, why: str
) -> dict[str, Any]:
    """The same as plain values."""
    from experiments.diff import UNPAIRED

    answer: dict[str, Any] = {
        "a": {"name": a.source.text, "kind": a.source.kind},
        "b": {"name": b.source.text, "kind": b.source.kind},
        "moves": bool(moves(found)),
        "changes": [_plain({key: value for key, value in change._asdict().items()
                            if key != "path"}) for change in found],
        "not_simulated": why or None,
        "compared": None,
    }  # fmt: skip
    if compared is not None:
        singles = [{**_plain(line._asdict()), "arm": arm}
                   for arm, lines in compared.single.items() for line in lines]  # fmt: skip
        answer["compared"] = {
            "arms": [*compared.arms], "seeds": compared.seeds, "paired": compared.paired,
            "kept": compared.kept,
            "remarks": [*([] if compared.paired else [UNPAIRED]), *compared.remarks],
            "outcomes": {key: one._asdict() for key, one in compared.outcomes.items()},
            "differences": {name: [_plain(line._asdict()) for line in lines]
                            for name, lines in compared.lines.items()},
            "single_changes": singles, "ranked_by": compared.ranked or None,
        }  # fmt: skip
    return answer


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON can say: what is not defined, or unbounded, is null."""
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in values.items()}  # fmt: skip
