"""``thalweg report A B``: one page on what differs between two studies, and whether it mattered.

The settings are compared here, as `thalweg diff` compares them, and handed on as plain words; the
runs are compared as the folders keep them. Nothing is simulated.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from experiments import console
from experiments.diff_changes import MODEL, MOVES, Change, changes, shown
from experiments.diff_region import same_towns
from experiments.diff_sides import Side, sides_of
from experiments.diff_text import remark
from experiments.exits import OK, SOME_RUNS_FAILED, UsageError

TICKS = {"tick_weeks": "steps of other length", "spinup_years": "another spin-up"}


def two_report(arguments: argparse.Namespace) -> int:
    """Write the page on two folders and say its finding."""
    from analysis.comparisons import load_comparison
    from analysis.study import StudyError
    from analysis.two_report import Asked, build

    names = (arguments.folder, arguments.other)
    _two_comparisons(names)
    try:
        studies = load_comparison(names[0]), load_comparison(names[1])
        a, b = sides_of(names, [], None)
        found = changes(a, b)
        asked = Asked(names, studies, tuple(_plain(one, a, b) for one in found),
                      same_towns(a.study.region, b.study.region), _unlike(found))  # fmt: skip
        target = Path(arguments.out) if arguments.out else _place(names)
        said = build(asked, target)
    except StudyError as error:
        raise UsageError(str(error)) from None
    if arguments.json:
        told = {"finding": said.splitlines(), "report": str(target)}
        console.say(json.dumps(told, indent=1, ensure_ascii=False))
    else:
        console.say(said, "", f"report: {target}")
    lost = sum(study.counts.failed for study in studies)
    return SOME_RUNS_FAILED if lost else OK


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


def _place(names: tuple[str, str]) -> Path:
    """Where the page goes by default: into the answers of B."""
    return Path(names[1]) / "answers" / "report" / f"against-{Path(names[0]).resolve().name}.html"


def _unlike(found: list[Change]) -> str:
    """Why the same seed draws other luck in B, in words; empty where it draws the same."""
    told = [TICKS[change.key] for change in found if change.key in TICKS and change.kind == MOVES]
    if not told:
        return ""
    return f"a draw belongs to the number of its step, and B has {' and '.join(told)}"


def _plain(change: Change, a: Side, b: Side) -> Any:
    """A change in words, with who says so and the source of the declared number."""
    from analysis.two_report import Changed

    from_a, from_b = (remark(change, letter).strip().strip("()") for letter in "AB")
    return Changed(change.key, change.label, change.unit, shown(change.a), shown(change.b),
                   change.kind, from_a, from_b, _source(change, a, b))  # fmt: skip


def _source(change: Change, a: Side, b: Side) -> str:
    """Where the declared number comes from."""
    from sim.parameters import DECLARED

    root, _, rest = change.key.partition(".")
    if root == "parameters":
        return next((one.source for one in DECLARED if one.key == rest), "")
    if root == "region":
        return " and ".join(dict.fromkeys(f"region {side.study.region.name}" for side in (a, b)))
    return "digest of the model in each folder's manifest" if change.key == MODEL else ""
