"""``thalweg discover``: conditions under which a mechanism fails or a crisis happens."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from experiments import console
from experiments.exits import OK, UsageError

NAME = "discover"


def discover(arguments: argparse.Namespace) -> int:
    """Ask, tell, keep tables and figures; returns the exit code."""
    from analysis.study import StudyError

    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder. Give one that thalweg sweep has written.")
    try:
        made = _ranking(arguments) if arguments.ranking else _conditions(arguments)
    except StudyError as error:
        raise UsageError(str(error)) from None
    if made:
        console.note(f"{len(made)} files of tables and figures: {made[0].parent}")
    return OK


def _conditions(arguments: argparse.Namespace) -> list[Path]:
    if find_spec("sklearn") is None:
        raise UsageError("discover needs scikit-learn: install thalweg with the extra 'discover',"
                         " for example: pip install 'thalweg[discover]'")  # fmt: skip
    from analysis.discovery.answer import answers
    from analysis.discovery.asked import frames_of, must_be_searchable, question_of
    from analysis.discovery.files import write_answers
    from analysis.discovery.plain import document
    from analysis.discovery.spoken import wrapped
    from analysis.discovery.told import RULES, told
    from analysis.paper_kit import answer_folder
    from analysis.scruples import flags
    from analysis.sweeps import load_sweep

    sweep = load_sweep(arguments.folder)
    must_be_searchable(sweep)
    question = question_of(
        sweep, arguments.outcome, arguments.arm, arguments.when, arguments.threshold
    )
    found = list(answers(sweep, question, frames_of(sweep, arguments.frame)))
    if arguments.json:
        _as_json({**document(found), "flags": flags(sweep)})
    else:
        console.say(*wrapped(" ".join(flags(sweep))))
        for answer in found:
            console.say(*told(answer), "")
        console.say(*wrapped(RULES))
    return write_answers(sweep, found, answer_folder(arguments.folder, NAME, arguments.out))


def _ranking(arguments: argparse.Namespace) -> list[Path]:
    given = {"--when": arguments.when, "--threshold": arguments.threshold,
             "--arm": arguments.arm, "--frame": arguments.frame}  # fmt: skip
    _refuse(option for option, value in given.items() if value is not None)
    from analysis.discovery.asked import question_of
    from analysis.discovery.files import write_ranking
    from analysis.discovery.ranking import ranking_of
    from analysis.discovery.ranking_told import document, told
    from analysis.discovery.spoken import wrapped
    from analysis.paper_kit import answer_folder
    from analysis.scruples import flags
    from analysis.sweeps import load_sweep

    sweep = load_sweep(arguments.folder)
    question = question_of(sweep, arguments.outcome, None, None, None)
    found = ranking_of(sweep, question.outcome)
    if arguments.json:
        _as_json({**document(found), "flags": flags(sweep)})
    else:
        console.say(*wrapped(" ".join(flags(sweep))), *told(found))
    return write_ranking(found, answer_folder(arguments.folder, NAME, arguments.out))


def _refuse(options: Iterable[str]) -> None:
    given = list(options)
    if given:
        raise UsageError(
            f"{given[0]} belongs to the search for conditions; leave it or --ranking out"
        )


def _as_json(content: object) -> None:
    console.say(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))
