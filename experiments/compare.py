"""``thalweg compare``: every arm under the same draws, a study folder, its report."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from experiments import console
from experiments.campaign import Manner, Result, carry_out
from experiments.exits import FAILED, INTERRUPTED, StoppedError
from experiments.histories import write_histories
from experiments.plan import Plan, compare_plan
from experiments.until import carried_out


def compare(arguments: argparse.Namespace) -> int:
    """Plan, simulate what is missing, report; returns the exit code."""
    manner = Manner(arguments.replace, arguments.yes, arguments.retry, arguments.fail)

    def planned(words: Sequence[str]) -> Plan:
        plan = compare_plan(words, arguments.config, arguments.config_dir)
        console.note(*plan.head.notes)
        return plan

    plan, result = carried_out(planned, arguments.settings,
                               lambda plan: carry_out(plan, manner, tell))  # fmt: skip
    return conclude(result, lambda: closing(plan.folder, result.told))


def tell(plan: Plan) -> None:
    """What needs every run: one history told per arm."""
    write_histories(plan.head, plan.folder)


def conclude(result: Result, closing: Callable[[], list[str]]) -> int:
    """Say how a study ended, with its report where all runs are there; returns the exit code."""
    if result.counts.done < result.launched:
        if result.code != INTERRUPTED:
            console.say(result.told)
        return result.code
    try:
        console.say(*closing())
    except StoppedError as error:
        console.say(result.told)
        console.note(str(error))
        return result.code or FAILED
    return result.code


def reported(build: Callable[[Path], Path], folder: Path) -> Path:
    """Build a report. Raises StoppedError where the runs that are kept do not add up."""
    from pyarrow import ArrowException

    from analysis.study import StudyError

    try:
        return build(folder)
    except (StudyError, OSError, ArrowException) as error:
        raise StoppedError(f"the runs are kept, but not their report: {error}") from None


def closing(folder: Path, told: str) -> list[str]:
    """Build the report; headline, account of the runs and where the report lies."""
    from analysis.comparisons import load_comparison
    from analysis.headline import headline
    from analysis.report import build

    report = reported(build, folder)
    written = folder / "headline.txt"
    text = written.read_text(encoding="utf-8").strip() if written.is_file() else ""
    return [text or str(headline(load_comparison(folder)).text), "", told, f"report: {report}"]
