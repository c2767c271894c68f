"""``thalweg report`` and ``thalweg digest``: look at results that are on disk."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from experiments import console, store
from experiments.digest import digest_of
from experiments.exits import OK, UsageError


def report(arguments: argparse.Namespace) -> int:
    """Build the report of a study folder again and say its headline; of two, what differs."""
    if arguments.other is not None:
        from experiments.report_two import two_report

        return two_report(arguments)
    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder. Give one that compare or sweep has written.")
    from analysis import report as of_comparison
    from analysis import sweep_report as of_sweep
    from analysis.comparisons import is_sweep, read_manifest
    from analysis.study import StudyError

    beside = [part for word in arguments.beside for part in word.split(",") if part]
    try:
        if is_sweep(read_manifest(folder)):
            if beside:
                raise UsageError(
                    f"--with is for the report of a comparison, and {folder} is a sweep. Try: "
                    f"thalweg report {beside[0]} --with {folder}"
                )
            written = of_sweep.build(folder, arguments.out, arguments.language)
        else:
            written = of_comparison.build(folder, arguments.out, beside, arguments.language)
    except StudyError as error:
        raise UsageError(str(error)) from None
    headline = written.with_name("headline.txt").read_text(encoding="utf-8").strip()
    if arguments.json:
        told = {"headline": headline.splitlines(), "report": str(written)}
        console.say(json.dumps(told, indent=1, ensure_ascii=False))
        return OK
    console.say(headline, "", f"report: {written}")
    return OK


def digest(arguments: argparse.Namespace) -> int:
    """Print how many runs there are and, as the last line, the hash of the results."""
    folder = Path(arguments.folder)
    found = digest_of(folder)
    content = store.read_manifest(folder) or {}
    launched = content.get("runs", {}).get("launched", found.runs)
    console.say(f"{found.runs} of {launched} runs")
    if not content.get("complete", False):
        command = f"{content['command']} " if "command" in content else ""
        console.note(f"this study is not finished: the same {command}command continues it "
                     f"(thalweg status {folder} tells it)")  # fmt: skip
    console.say(found.text)
    return OK
