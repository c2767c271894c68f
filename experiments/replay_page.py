"""``thalweg run --replay FILE``: up to four histories as one offline page, watched on the map.

Several histories are asked for in the words of ``compare``: ``arms=A,B`` (the same seed, so
the same weather, elections and luck), ``seeds=N`` (the same mechanisms, other luck), or both.
``--language`` says the page in another language; what is printed stays English.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments import console
from experiments.arms import Arm
from experiments.exits import OK, SOME_RUNS_FAILED, UsageError
from experiments.story import date_of, readable, sentence, summary, written_day
from experiments.study import Study, plan

MOST = 4
MARK = '<meta name="generator" content="thalweg">'
Run = tuple[Arm, int, Any]  # a bundle, a seed, and the history that was simulated of them


def several(arguments: argparse.Namespace) -> bool:
    """True where the page is to hold more than the one history that ``run`` tells."""
    return arguments.replay is not None and bool({*_keys(arguments)} & {"arms", "seeds"})


def check_language(arguments: argparse.Namespace) -> None:
    """Refuse a language where no page is asked for."""
    if arguments.language is not None and arguments.replay is None:
        code = arguments.language
        raise UsageError(f"--language {code}: the language of the page that --replay writes. Add "
                         f"--replay replay.html, or leave --language {code} out")  # fmt: skip


def check(arguments: argparse.Namespace) -> None:
    """Stop before anything is simulated where the page cannot be written as asked."""
    path = Path(arguments.replay)
    if path.suffix != ".html":
        near = path.with_suffix(".html").name if path.name else "out.html"
        raise UsageError(f"--replay {path}: the page is an HTML file; write --replay {near}")
    if path.is_dir():
        raise UsageError(f"--replay {path}: this is a folder; name a file in it.")
    if path.exists() and not arguments.replace and not _ours(path):
        raise UsageError(f"--replay {path}: this file is not a page of ours. Choose another name, "
                         "or add --replace")  # fmt: skip


def watch(arguments: argparse.Namespace) -> int:
    """Simulate several histories and write their page; returns the exit code."""
    keys = _keys(arguments)
    if "out" in keys:
        raise UsageError("out: several histories are written as one page only, which --replay "
                         "names; leave out= out, or keep runs with thalweg compare.")  # fmt: skip
    study = plan("compare" if "arms" in keys else "run", arguments.settings, arguments.config,
                 arguments.config_dir)  # fmt: skip
    seeds = int(study.settings["seeds"]) if "seeds" in keys else 1
    asked = len(study.arms) * seeds
    if asked > MOST:
        raise UsageError(f"--replay: a page holds at most {MOST} histories side by side; "
                         f"{len(study.arms)} x {seeds} (arms x seeds) are {asked}. Name fewer "
                         "in arms=, or set seeds=1")  # fmt: skip
    check(arguments)
    console.note(*study.notes)
    runs: list[Run] = [
        (arm, seed, _simulated(study, arm, seed))
        for arm in study.arms
        for seed in range(study.first_seed, study.first_seed + seeds)
    ]
    for arm, seed, history in runs:
        line = summary(study.region, readable(study.region, history.events),
                       study.settings["years"])  # fmt: skip
        console.say(f"{_name(study, arm, seed, seeds)}: {line}", "")
    write(study, runs, arguments, seeds)
    return SOME_RUNS_FAILED if any(int(history.status) for _, _, history in runs) else OK


def write(
    study: Study, runs: Sequence[Run], arguments: argparse.Namespace, seeds: int = 1
) -> None:
    """Write the page of simulated histories, whole or not at all; ``seeds``: of each arm."""
    from analysis.language import ENGLISH, speaking
    from analysis.replay_page import render
    from analysis.report.paper import write as write_page

    path = Path(arguments.replay)
    with speaking(arguments.language or ENGLISH):
        told = [document(study, arm, seed, history, seeds) for arm, seed, history in runs]
        page = render(told, study.document, _command(arguments))
    try:
        write_page(path, page)
    except OSError as error:
        raise UsageError(f"--replay {path}: cannot be written ({error.strerror}).") from None
    console.say(f"written: {path} (open it in a browser; no network is needed)")


def document(
    study: Study, arm: Arm, seed: int, history: Any, seeds: int = 1
) -> dict[str, Any]:
    """One history as plain values: every act in words, both ladders by quarter, its mechanisms.

    Sentences and labels are said in the language of the context; acts, rungs and mechanisms keep
    the names of the model, which the page says. ``dyads``, ``pairs``: highest rung of every
    quarter. ``accords``: the mechanisms of the arm, with first year and pairs of towns where
    imposed.
    """
    from sim.events import INTERSTATE_RUNGS, LOCAL_RUNGS
    from sim.simulate import STATUS

    region = study.region
    events = readable(region, history.events)
    for event in events:
        event["text"] = sentence(region, event, events)
        event["day"] = written_day(date_of(region.start_year, event["time"])[0])
    status = int(history.status)
    return {
        "name": _name(study, arm, seed, seeds),
        "label": _label(arm),
        "arm": arm.name,
        "seed": seed,
        "failed": STATUS[status] if status else "",
        "summary": summary(region, events, study.settings["years"]),
        "start_year": region.start_year,
        "events": events,
        "dyads": _rungs(region.dyad_names, history.dyad_series),
        "pairs": _rungs(region.pair_names, history.pair_series),
        "local_rungs": list(LOCAL_RUNGS),
        "interstate_rungs": list(INTERSTATE_RUNGS),
        "accords": _accords(region, arm),
    }


def _name(study: Study, arm: Arm, seed: int, seeds: int) -> str:
    """What sets a history apart from those beside it."""
    from analysis.replay_page import sentences

    return sentences.name(_label(arm), seed, arms=len(study.arms) > 1, seeds=seeds > 1)


def _label(arm: Arm) -> str:
    from analysis.localised import arm_label_said
    from sim.mechanisms import MECHANISMS

    return arm_label_said(arm.label, [mechanism.label for mechanism in MECHANISMS])


def _accords(region: Any, arm: Arm) -> list[dict[str, Any]]:
    from sim.mechanisms import MECHANISMS

    return [
        {
            "label": mechanism.label,
            "negotiated": mechanism.name in arm.negotiated,
            "from_year": arm.from_years.get(mechanism.name, 0.0),
            "dyads": list(arm.dyads.get(mechanism.name, region.dyad_names)),
        }
        for mechanism in MECHANISMS
        if mechanism.name in arm.mechanisms or mechanism.name in arm.negotiated
    ]


def _rungs(names: tuple[str, ...], series: Any) -> list[dict[str, Any]]:
    return [
        {"name": name, "rung": series[:, column].astype(int).tolist()}
        for column, name in enumerate(names)
    ]


def _simulated(study: Study, arm: Arm, seed: int) -> Any:
    from sim.simulate import simulate

    return simulate(study.scenario(arm, seed))


def _keys(arguments: argparse.Namespace) -> list[str]:
    return [word.partition("=")[0] for word in arguments.settings]


def _ours(path: Path) -> bool:
    try:
        return MARK in path.read_text(encoding="utf-8")[:4000]
    except (OSError, ValueError):
        return False


def _command(arguments: argparse.Namespace) -> str:
    """The command that makes the page again; the page's own name stays out of its bytes."""
    words = ["thalweg", "run", *arguments.settings]
    for option in ("config", "config_dir"):
        if (value := getattr(arguments, option)) is not None:
            words += [f"--{option.replace('_', '-')}", value]
    words += ["--replay", "replay.html"]
    if arguments.language not in {None, "en"}:
        words += ["--language", arguments.language]
    return shlex.join(words)
