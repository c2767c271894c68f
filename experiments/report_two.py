"""``thalweg report A B``: one page on what differs between two studies, and whether it mattered.

The settings are compared here, as `thalweg diff` compares them, and handed on as plain words; the
runs are compared as the folders keep them. Nothing is simulated.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from experiments import console
from experiments.diff_changes import MODEL, MOVES, Change, changes
from experiments.diff_region import same_towns
from experiments.diff_sides import Side, sides_of
from experiments.exits import OK, SOME_RUNS_FAILED, UsageError

if TYPE_CHECKING:
    from analysis.study import Study as Stored
    from analysis.two_report import Asked, Changed


def two_report(arguments: argparse.Namespace) -> int:
    """Write the page on two folders and say its finding, which commands print in English."""
    from analysis.language import ENGLISH, speaking
    from analysis.study import StudyError
    from analysis.two_report import build, finding

    names, language = (arguments.folder, arguments.other), arguments.language
    _two_comparisons(names)
    target = Path(arguments.out) if arguments.out else _place(names, language)
    try:
        found = _differences(names)
        if language == ENGLISH:
            said = build(found.asked(), target)
        else:
            said = finding(found.asked())
            with speaking(language):
                build(found.asked(), target)
    except StudyError as error:
        raise UsageError(str(error)) from None
    if arguments.json:
        told = {"finding": said.splitlines(), "report": str(target)}
        console.say(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        console.say(said, "", f"report: {target}")
    lost = sum(study.counts.failed for study in found.studies)
    return SOME_RUNS_FAILED if lost else OK


class Differences(NamedTuple):
    """Two folders and what their settings differ in."""

    names: tuple[str, str]
    studies: tuple[Stored, Stored]
    sides: tuple[Side, Side]
    changes: list[Change]

    def asked(self) -> Asked:
        """The same in the language of the context."""
        from analysis.localised import localised
        from analysis.two_report import Asked
        from analysis.two_report.asked import unlike_words

        a, b = map(localised, self.studies)
        return Asked(
            self.names, (a, b), tuple(_plain(one, (a, b), self.sides) for one in self.changes),
            same_towns(*(side.study.region for side in self.sides)),
            unlike_words([change.key for change in self.changes if change.kind == MOVES]),
        )  # fmt: skip


def _differences(names: tuple[str, str]) -> Differences:
    """Read both. Raises StudyError where a folder cannot be read."""
    from analysis.comparisons import load_comparison

    studies = load_comparison(names[0]), load_comparison(names[1])
    a, b = sides_of(names, [], None)
    return Differences(names, studies, (a, b), changes(a, b))


def _two_comparisons(names: tuple[str, str]) -> None:
    """Refuse what is no comparison, with its cure."""
    from analysis.comparisons import is_sweep, read_manifest
    from analysis.study import StudyError

    mistakes = []
    for name in dict.fromkeys(names):
        if not Path(name).is_dir():
            mistakes.append(f"{name}: no such folder. Give two that compare has written.")
            continue
        try:
            if is_sweep(read_manifest(Path(name))):
                mistakes.append(
                    f"{name}: a sweep, and two pages of many points are no pair. thalweg report "
                    f"{name} tells it alone; thalweg diff {names[0]} {names[1]} says what differs "
                    "in the settings."
                )
        except StudyError as error:
            mistakes.append(str(error))
    if mistakes:
        raise UsageError(mistakes)


def _place(names: tuple[str, str], language: str) -> Path:
    """Where the page goes by default: into the answers of B."""
    other = "" if language == "en" else f".{language}"
    file = f"against-{Path(names[0]).resolve().name}{other}.html"
    return Path(names[1]) / "answers" / "report" / file


def _plain(change: Change, studies: tuple[Stored, Stored], sides: tuple[Side, Side]) -> Changed:
    """A change in words, with who says so and the source of the declared number."""
    from analysis.changes_words import remark, shown
    from analysis.localised import factor_said
    from analysis.two_report import Changed
    from analysis.two_report.asked import border_words

    a, b = map(border_words, studies) if change.key == "region" else (
        shown(change.a), shown(change.b))  # fmt: skip
    from_a, from_b = (remark(change.only, change.default, letter) for letter in "AB")
    return Changed(change.key, factor_said(change.label), change.unit, a, b, change.kind, from_a,
                   from_b, _source(change, sides))  # fmt: skip


def _source(change: Change, sides: tuple[Side, Side]) -> str:
    """Where the declared number comes from."""
    from analysis.language import say
    from analysis.two_report.asked import DIGEST, region_words
    from sim.parameters import DECLARED

    root, _, rest = change.key.partition(".")
    if root == "parameters":
        return next((one.source for one in DECLARED if one.key == rest), "")
    if root == "region":
        return region_words([side.study.region.name for side in sides])
    return say(DIGEST) if change.key == MODEL else ""
