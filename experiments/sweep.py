"""``thalweg sweep``: a whole study, from its design to its account."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from functools import partial
from typing import Any

from experiments import console
from experiments.campaign import Manner, carry_out
from experiments.compare import closing, conclude, reported, tell
from experiments.compose import folders_of
from experiments.engines import Engine, carry, engine_of, from_hydra_words
from experiments.exits import UsageError
from experiments.overrides import read_value
from experiments.plan import Plan, sweep_plan
from experiments.study_choice import study_file
from experiments.until import carried_out

BATCHES = 4  # for each worker of an engine: few start-ups, and a lost one is small


def sweep(arguments: argparse.Namespace) -> int:
    """Plan, estimate, simulate what is missing, account; returns the exit code."""
    engine, words = engine_words(arguments.settings, arguments.config_dir)
    words, config = study_file(words, arguments.config, arguments.config_dir)
    hand = None if engine.launcher is None else partial(carry, engine)
    batches = engine.jobs * (1 if engine.in_waves else BATCHES)
    manner = Manner(
        arguments.replace, arguments.yes, arguments.retry, arguments.fail, engine.name,
        engine.jobs, batches, hand, engine.threads,
    )

    def planned(words: Sequence[str]) -> Plan:
        plan = sweep_plan(words, config, arguments.config_dir)
        console.note(*dict.fromkeys(note for case in plan.cases for note in case.notes))
        return plan

    plan, result = carried_out(planned, words, lambda plan: carry_out(plan, manner, _finish))
    return conclude(result, lambda: _closing(plan, result.told))


def engine_words(words: Sequence[str], config_dir: str | None) -> tuple[Engine, list[str]]:
    """The engine that the words name, in our idiom or Hydra's, and the words left.

    Who carries the chunks is no part of the study: it stands on the command line alone.
    """
    name, options, rest = from_hydra_words(words)
    left: list[str] = []
    for word in rest:
        key, equals, text = word.partition("=")
        if equals and key == "engine":
            name = text.strip("'\"")
        elif equals and key.startswith("engine."):
            options[key] = _read(word, key, text)
        else:
            left.append(word)
    return engine_of(name or "local", options, folders_of(config_dir)), left


def _read(word: str, key: str, text: str) -> Any:
    value, swept, fault = read_value(key, text)
    if swept or fault:
        raise UsageError(f"{key} (command line: {word}): {fault or 'one value is expected.'}")
    return value


def _simple(plan: Plan) -> bool:
    """True for a sweep that is a comparison: nothing is varied but arms and seeds."""
    return len(plan.cases) == 1 and not plan.sampled


def _finish(plan: Plan) -> None:
    if _simple(plan):
        tell(plan)


def _closing(plan: Plan, told: str) -> list[str]:
    if _simple(plan):
        return closing(plan.folder, told)
    from analysis.sweep_report import build

    report = reported(build, plan.folder)
    headline = (plan.folder / "headline.txt").read_text(encoding="utf-8").strip()
    return [headline, "", told, f"report: {report}"]
