"""``thalweg validate``: run the declared mix of borders and score it against published patterns."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments import console, store
from experiments.backgrounds import Plan, load_content, read_plan
from experiments.ensemble_store import identity_of, parts_of, watched
from experiments.exits import FAILED, INTERRUPTED, OK, UsageError
from experiments.observe import Watched
from experiments.overrides import read_words
from experiments.provenance import cache_is_warm, ended, provenance

OWN = ("threads", "out", "seed")  # settings that belong to the command itself
TAKEN = (*OWN, "parameters", "mechanisms")
Cards = list[list[dict[str, Any]]]  # a scorecard per root
AGREE = 0.9  # share of the roots in which a required pattern may not fail
PARTS = {
    "held_out_as_declared": "that keep their declared bodies",
    "held_out_without_bodies": "whose declared bodies were taken away",
}


class Request(NamedTuple):
    """What was asked for. ``parts``: everything that can change a number."""

    plan: Plan
    threads: int | None
    folder: Path
    parts: dict[str, Any]
    roots: int
    quick: bool

    @property
    def identity(self) -> str:
        """64 hex digits."""
        return identity_of(self.parts)


def validate(arguments: argparse.Namespace) -> int:
    """Simulate what is missing, score, print, write the scorecard; returns the exit code."""
    request = read_request(arguments, "validate", arguments.study or "validation")
    own = _own_events(arguments.events)
    with store.locked(request.folder):
        record = provenance(request.threads)
        try:
            cards, founding, last = _score_roots(request)
        except KeyboardInterrupt:
            console.note("interrupted; the same command continues with the next border.")
            return INTERRUPTED
        card = {
            "label": "Simulated, not observed.",
            "identity": request.identity,
            "quick": request.quick,
            "roots": request.roots,
            "borders": [[b.name, b.histories] for b in request.plan.borders],
            "years": request.plan.years,
            "histories": last["histories"],
            "failed_histories": last["failed"],
            "patterns": cards[0],
            "by_border": last["by_border"],
            "held_out_as_declared": last["as_declared"],
            "held_out_without_bodies": founding[0],
            "bodies_founded": last["founded"],
            "verdicts_by_root": _by_root(cards),
            "verdicts_without_bodies_by_root": _by_root(founding),
            "events": _against(own, last["watched"]) if own is not None else None,
            "provenance": ended(record),
        }
        _write(request.folder, card)
    _say(request, card)
    return _exit(cards, arguments.strict)


def read_request(
    arguments: argparse.Namespace, command: str, study: str,
    divide: Callable[[dict[str, Any], str], dict[str, Any]] | None = None,
) -> Request:  # fmt: skip
    """Check words and study file; nothing is simulated. Raises UsageError.

    ``divide`` takes what belongs to the command alone out of the content of the study file.
    """
    if arguments.roots < 1:
        raise UsageError(f"--roots {arguments.roots}: at least 1 is needed.")
    given, mistakes = read_words(arguments.settings)
    foreign = [a for a in given if a.key.split(".")[0] not in TAKEN]
    mistakes += [f"{a.key} ({a.where}): borders, years and histories of {command} stand in its "
                 "study file; copy it, edit the copy and give it with --study FILE"
                 for a in foreign]  # fmt: skip
    if mistakes:
        raise UsageError(mistakes)
    words = [a.where.removeprefix("command line: ") for a in given if a.key not in {"out", "seed"}]
    own = {a.key: a.value for a in given if a.key in OWN}
    content, where = load_content(study)
    content = divide(content, where) if divide is not None else content
    if isinstance(own.get("seed"), int):
        content = {**content, "first_seed": own["seed"]}
    plan = read_plan(content, where, words, arguments.config_dir, arguments.quick)
    parts = parts_of(plan)
    folder = Path(own.get("out") or Path("results") / f"{command}-{identity_of(parts)[:10]}")
    if folder.is_dir() and (foreigners := store.foreign_files(folder)):
        raise UsageError(f"{folder}: holds other files ({', '.join(foreigners[:3])}). Choose "
                         "another folder with out=DIR")  # fmt: skip
    threads = plan.borders[0].study.settings["threads"]
    return Request(plan, threads, folder, parts, arguments.roots, arguments.quick)


def _score_roots(request: Request) -> tuple[Cards, Cards, dict[str, Any]]:
    """Per root the scorecard and its held-out part without declared bodies; more of the first."""
    from analysis.patterns.score import values
    from experiments import held_out

    plan, cards, founding, every, first = request.plan, [], [], [], {}
    console.note(f"{len(plan.borders)} borders, {plan.histories} histories of {plan.years} years, "
                 f"{request.roots} root(s)")  # fmt: skip
    if not cache_is_warm():
        console.note("compiling the model, once for this version: about a minute")
    with console.Progress(plan.histories * request.roots) as progress:
        for root in range(request.roots):
            made = _root(request, root, progress)
            good = made.good
            cards.append(held_out.scored(good.counts, good.border))
            founding.append(held_out.part(plan, good, stripped=True))
            every.append(good)
            if root == 0:
                failures = len(made.seed) - len(good.seed)
                by_border = {str(b): values(good.counts[good.border == b])
                             for b in np.unique(good.border)}  # fmt: skip
                first = {"watched": good, "histories": len(made.seed), "failed": failures,
                         "by_border": _plain(by_border),
                         "as_declared": held_out.part(plan, good, stripped=False)}
    return cards, founding, {**first, "founded": held_out.founded(plan, every)}


def _root(request: Request, root: int, progress: console.Progress) -> Watched:
    """All borders of one root, each a part on disk."""
    plan, parts = request.plan, []
    done = root * plan.histories
    for row, border in enumerate(plan.borders):
        parts.append(watched(
            request.folder, root * len(plan.borders) + row, request.identity,
            partial(plan.tasks, root, None, row), request.threads,
            partial(_reached, progress, done),
        ))  # fmt: skip
        done += border.histories
    return Watched(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _reached(progress: console.Progress, before: int, done: int) -> None:
    progress.reached(before + done)


def _own_events(file: str | None) -> list[Any] | None:
    if file is None:
        return None
    from experiments.event_file import read_events

    return read_events(Path(file))


def _against(own: list[Any], model: Any) -> list[dict[str, Any]]:
    """The model beside a user's own table: do their intervals meet?"""
    from analysis.patterns import REPORTED
    from analysis.patterns.score import count, score

    counts = np.array([count(cluster) for _, cluster in own])
    theirs = score(counts, np.zeros(len(own)))
    ours = score(model.counts, model.border)
    found = []
    for table, ensemble in zip(theirs, ours, strict=True):
        for seen, made in zip(table.views[REPORTED], ensemble.views[REPORTED], strict=True):
            verdict = _meeting(seen, made)
            numbers = [seen.value, seen.lo, seen.hi, made.value, made.lo, made.hi]
            plain = [float(f"{n:.5g}") if np.isfinite(n) else None for n in numbers]
            found.append({
                "pattern": table.pattern.key, "label": seen.measure.label,
                "unit": seen.measure.unit, "table": plain[:3], "table_events": seen.events,
                "model": plain[3:], "verdict": verdict,
            })  # fmt: skip
    return found


def _meeting(seen: Any, made: Any) -> str:
    """Do two intervals meet? Not without both, and a value that does not exist is no few events."""
    from analysis.patterns.base import FEW
    from experiments.held_out import UNDEFINED

    if not np.isfinite([seen.value, made.value]).all():
        return UNDEFINED
    if not np.isfinite([seen.lo, seen.hi, made.lo, made.hi]).all():
        return FEW
    return "meet" if seen.lo <= made.hi and made.lo <= seen.hi else "differ"


def _by_root(cards: Sequence[list[dict[str, Any]]]) -> dict[str, dict[str, int]]:
    """How often each verdict was given to each pattern."""
    return {
        pattern["pattern"]: dict(Counter(card[row]["verdict"] for card in cards))
        for row, pattern in enumerate(cards[0])
    }


def _plain(found: dict[str, dict[str, float]]) -> dict[str, dict[str, float | None]]:
    return {
        border: {k: float(f"{v:.4g}") if np.isfinite(v) else None for k, v in own.items()}
        for border, own in found.items()
    }


def _write(folder: Path, card: dict[str, Any]) -> None:
    from analysis.patterns import scorecard

    store.write_json(folder / "scorecard.json", card)
    store.write_text(folder / "scorecard.md", scorecard.markdown(card["patterns"]))


def _say(request: Request, card: dict[str, Any]) -> None:
    from analysis.patterns import scorecard
    from experiments.held_out import reasons

    console.say(*scorecard.text(card["patterns"]), *reasons(card["patterns"]), "")
    for key, words in PARTS.items():
        if card[key]:
            console.say(f"held out, only on the borders {words}:", *scorecard.text(card[key]))
            console.say(*reasons(card[key]), "")
    for row in card["events"] or []:
        theirs, ours = (_interval(row[side]) for side in ("table", "model"))
        console.say(f"{row['pattern']} {row['label']}: your table {theirs}, model {ours}: "
                    f"{row['verdict']}")  # fmt: skip
    if request.roots > 1:
        _say_roots(card["verdicts_by_root"], "", request.roots)
        stripped = card["verdicts_without_bodies_by_root"]
        _say_roots(stripped, " without declared bodies", request.roots)
    console.say(f"histories: {card['histories']} launched, {card['failed_histories']} failed",
                f"scorecard: {request.folder / 'scorecard.json'}")  # fmt: skip


def _say_roots(by_root: dict[str, dict[str, int]], where: str, roots: int) -> None:
    for key, found in by_root.items():
        told = ", ".join(f"{verdict} {n}" for verdict, n in sorted(found.items()))
        console.say(f"{key}{where}: {told} of {roots} roots")


def _interval(numbers: Sequence[float | None]) -> str:
    value, lo, hi = ("none" if n is None else f"{n:g}" for n in numbers)
    return f"{value} ({lo} to {hi})"


def _exit(cards: Sequence[list[dict[str, Any]]], strict: bool = False) -> int:
    """1 when a required pattern fails in more than one root of ten.

    ``strict``: 1 when any pattern, held out or not, fails or stays undecided in any root.
    """
    from analysis.patterns import scorecard

    if strict and any(scorecard.open_or_failed(card) for card in cards):
        return FAILED
    fails = Counter(key for card in cards for key in scorecard.failed(card))
    worst = max(fails.values(), default=0)
    return FAILED if worst > (1 - AGREE) * len(cards) else OK
