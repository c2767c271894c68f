"""``thalweg sensitivity``: which setting of a sweep moves the outcome, and is that known yet?"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments import console
from experiments.exits import OK, UsageError
from experiments.overrides import nearest
from experiments.status import going_on, sessions_of

if TYPE_CHECKING:
    from analysis.sensitivity.study import Answer
    from analysis.sensitivity.verdicts import Size
    from analysis.sweep_study import Sweep

NAME = "sensitivity"


def sensitivity(arguments: argparse.Namespace) -> int:
    """Read the sweep, analyse, tell; returns the exit code."""
    from analysis.comparisons import is_sweep, read_manifest
    from analysis.sensitivity.answers import answers
    from analysis.sensitivity.study import CURE
    from analysis.sensitivity.told import document, text
    from analysis.study import StudyError
    from analysis.sweep_effects import main_outcomes
    from analysis.sweeps import load_sweep

    try:
        if not is_sweep(read_manifest(Path(arguments.folder))):
            raise UsageError(
                f"{arguments.folder}: a comparison, in which no setting was varied, so that there "
                f"is nothing to be sensitive to. {CURE}"
            )
        sweep = load_sweep(arguments.folder)
        keys = _outcomes(arguments.outcome, sweep) or main_outcomes(sweep)
        found = answers(sweep, keys)
    except StudyError as error:
        raise UsageError(str(error)) from None
    written = _write(sweep, found, arguments.out)
    if arguments.json:
        console.say(json.dumps(document(sweep, found), indent=1, ensure_ascii=False))
        return OK
    console.say(*text(sweep, found), "", *_closing(sweep, found), f"tables and figures: {written}")
    return OK


KEPT = "Outcomes kept there"


def _outcomes(wanted: str | None, sweep: Sweep) -> tuple[str, ...]:
    """The outcomes that were asked for by name. Raises UsageError."""
    keys = tuple(key for key in (wanted or "").split(",") if key)
    unknown = [key for key in keys if key not in sweep.outcomes]
    if unknown:
        raise UsageError([f"--outcome: no '{key}' in {sweep.folder}. "
                          f"{nearest(key, sweep.outcomes, KEPT)}" for key in unknown])  # fmt: skip
    return keys


def _write(sweep: Sweep, found: Sequence[Answer], out: str | None) -> Path:
    """The table of all indices, and a figure of each arm's, in the folder of answers."""
    from analysis.paper_kit import answer_folder, save_figure, save_table, source_of
    from analysis.sensitivity.figures import drawn
    from analysis.sensitivity.told import COLUMNS, table

    folder = answer_folder(sweep.folder, NAME, out)
    save_table(table(found), folder, "indices", COLUMNS)
    source = source_of(sweep, f"{sweep.row.size:,} runs")
    for name, figure, caption in drawn(found, source):
        save_figure(figure, folder, name, caption)
    return folder


def _closing(sweep: Sweep, found: Sequence[Answer]) -> list[str]:
    """How many indices are known, and the command that would make the rest so."""
    from analysis.sensitivity.told import counted, most_needed

    settled, waiting, unknown = counted(found)
    lines = [f"{settled} indices converged, {waiting} not yet, {unknown} cannot be told."]
    more = most_needed(found)
    if more is not None:
        lines += _growth(sweep, more)
    return lines


def _growth(sweep: Sweep, more: Size) -> list[str]:
    """The same command with more blocks and seeds, which keeps the runs that are there."""
    told = f"To settle how settings rank asks for about {more.runs:,} runs"
    command = going_on(sweep.folder, sweep.manifest, sessions_of(sweep.folder))
    if command is None:
        return [f"{told}."]
    for key, number in (("n", more.blocks), ("seeds", more.seeds)):
        changed, count = re.subn(rf"(?<=\s){key}=\d+", f"{key}={number}", command)
        command = changed if count else f"{command} {key}={number}"
    grows = sweep.method != "latin"
    where = "which keeps these runs" if grows else "in another folder (this design does not grow)"
    return [f"{told}:", f"the same command with n={more.blocks} seeds={more.seeds}, {where}:",
            f"  {command}"]  # fmt: skip
