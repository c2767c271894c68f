"""``thalweg figures``: what the report of a study shows, as figures and tables for papers."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from experiments import console
from experiments.exits import OK, UsageError


def figures(arguments: argparse.Namespace) -> int:
    """Write pdf, svg, csv and parquet files and say where they lie."""
    from analysis.paper_report import write
    from analysis.study import StudyError

    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder. Give one that compare or sweep has written.")
    try:
        done = write(folder, arguments.out)
    except StudyError as error:
        raise UsageError(str(error)) from None
    if arguments.json:
        told = {"files": [str(path) for path in done.files], "flags": list(done.flags)}
        console.say(json.dumps(told, indent=1, ensure_ascii=False))
        return OK
    console.say(*done.flags, *([""] if done.flags else []))
    for path in done.files:
        if path.suffix == ".pdf":
            console.say(f"{path} (also svg, and csv and parquet of its numbers)")
    return OK
