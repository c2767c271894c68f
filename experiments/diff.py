"""``thalweg diff A B``: what differs between two studies, whether it matters, and why.

Nothing is written. Both sides are simulated under the same seeds; two folders are compared as they
are kept.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments import console
from experiments.diff_changes import MOVES, Change, changes, shared_arms, with_change
from experiments.diff_region import same_towns
from experiments.diff_sides import Side, sides_of
from experiments.exits import OK, SOME_RUNS_FAILED, UsageError
from experiments.overrides import read_words
from experiments.study import Study

SEEDS = 50
FEWEST, MOST = 2, 8  # changes that are taken apart
SWEPT = ("A sweep has many points, so that it is not simulated here: give one point of it as "
         "settings, or the folders of two comparisons.")  # fmt: skip
UNPAIRED = (
    "The towns differ, and every draw belongs to a name: no history of A has its like in B, and "
    "nothing is paired. What is summed over other towns is no difference of a setting either, so "
    "none is given. Within each border the arms are paired as always."
)


class Compared(NamedTuple):
    """What came of it. ``lines``: by what they are about; ``single``: by arm, of ``ranked``.

    ``kept``: runs of folders, nothing was simulated. ``remarks``: sentences that belong to it.
    """

    arms: dict[str, str]  # labels by name
    seeds: list[int]
    outcomes: dict[str, Any]
    lines: dict[str, list[Any]]
    single: dict[str, list[Any]]
    ranked: str
    paired: bool
    kept: bool
    remarks: list[str]
    failed: int = 0


def diff(arguments: argparse.Namespace) -> int:
    """Compare two sides; returns the exit code."""
    from experiments.diff_text import content, told

    a, b = sides_of((arguments.a, arguments.b), arguments.settings, arguments.config_dir)
    console.note(*dict.fromkeys((*a.study.notes, *b.study.notes)))
    found = changes(a, b)
    compared, why = None, ""
    typed = {word.key: word.value for word in read_words(arguments.settings)[0]}
    both_kept = a.folder is not None and b.folder is not None and not typed
    if arguments.no_run:
        pass
    elif a.swept or b.swept:
        why = SWEPT
    elif both_kept:
        compared = _kept(a, b, found)
    elif any(change.alone for change in found):
        compared = _simulated(a, b, found, typed, yes=arguments.yes)
    if arguments.json:
        answer = content(a, b, found, compared, why)
        console.say(json.dumps(answer, indent=1, ensure_ascii=False, allow_nan=False))
    else:
        console.say(*told(a, b, found, compared, why))
    return SOME_RUNS_FAILED if compared is not None and compared.failed else OK


def _kept(a: Side, b: Side, found: Sequence[Change]) -> Compared:
    """Two folders, over the arms and seeds that both hold."""
    from analysis.comparisons import load_comparison
    from analysis.headline import ORDER
    from analysis.kept_runs import kept, shared_seeds
    from analysis.scruples import flags
    from analysis.study import StudyError

    try:
        first, second = (load_comparison(side.source.text) for side in (a, b))
    except StudyError as error:
        raise UsageError(str(error)) from None
    arms, seeds = _common_arms(a, b), shared_seeds(first, second)
    if not seeds:
        raise UsageError(f"{a.source.text} and {b.source.text} hold no seed in common, so that no "
                         f"run has its pair. Add seeds={SEEDS} to simulate both anew.")  # fmt: skip
    outcomes = {key: first.outcomes[key] for key in ORDER
                if key in first.outcomes and key in second.outcomes}  # fmt: skip
    tables = {letter: kept(one, [*arms], seeds, [*outcomes])
              for letter, one in (("A", first), ("B", second))}  # fmt: skip
    remarks = [f"{letter}: {flag}" for letter, one in (("A", first), ("B", second))
               for flag in flags(one)]  # fmt: skip
    if len(moves(found)) > 1:
        remarks.append("The changes are not told apart, as nothing is simulated for two folders: "
                       f"add seeds={SEEDS} to simulate both anew.")  # fmt: skip
    return _compared(a, b, arms, seeds, outcomes, tables)._replace(kept=True, remarks=remarks)


def _simulated(
    a: Side, b: Side, found: Sequence[Change], typed: Mapping[str, Any], *, yes: bool
) -> Compared:
    """Both sides, and each change alone where there are few, under the same seeds."""
    from experiments.diff_runs import headline_outcomes, simulated

    arms = _common_arms(a, b)
    count, first = int(typed.get("seeds", SEEDS)), a.study.first_seed
    seeds = list(range(first, first + count))
    paired = same_towns(a.study.region, b.study.region)
    studies: dict[str, Study] = {"A": a.study, "B": b.study}
    remarks: list[str] = []
    if paired:
        more, remarks = _singles(a, b, found)
        studies |= more
    asked = {side.study.settings["seeds"] for side in (a, b) if "seeds" in side.given}
    if asked and "seeds" not in typed:
        most = max(asked)
        remarks += [f"The sides ask for other numbers of seeds; seeds={most} simulates as many."]
    threads = a.study.settings["threads"]
    runs = len(studies) * len(arms) * count
    console.note(f"simulating {runs} runs: {len(studies)} versions (A, B and single changes) of "
                 f"{len(arms)} x {count}, arms x seeds")  # fmt: skip
    tables = simulated(studies, [*arms], seeds, threads=threads, yes=yes)
    told = _compared(a, b, arms, seeds, headline_outcomes(), tables)
    lost = sum(int((table.status != 0).sum()) for table in tables.values())
    remarks += [f"{lost} runs failed; no number stands for their pairs."] * (lost > 0)
    return told._replace(remarks=remarks, failed=lost)


def _singles(
    a: Side, b: Side, found: Sequence[Change]
) -> tuple[dict[str, Study], list[str]]:
    """A with each change alone, or a sentence on why the changes are not taken apart."""
    from sim.region import RegionError
    from sim.scenario import ScenarioError

    groups: dict[str, Change] = {}
    for change in found:
        if change.alone:
            whole = change.key.startswith("region") and not change.path
            groups.setdefault("region" if whole else change.key, change)
    if len(groups) < FEWEST:
        return {}, []
    if len(groups) > MOST:
        many = f"{len(groups)} changes are too many to be told apart one by one"
        return {}, [f"{many}; that is done for {FEWEST} to {MOST}."]
    studies = {}
    for name, change in groups.items():
        try:
            one = with_change(a.study, change, b.study)
            for arm in one.arms:
                one.scenario(arm, one.first_seed)
        except (RegionError, ScenarioError) as error:
            return {}, [f"The changes are not told apart: {name} cannot be made alone ({error})."]
        studies[name] = one
    return studies, []


def _common_arms(a: Side, b: Side) -> dict[str, str]:
    """Labels of the arms that both sides have. Raises UsageError where there are none."""
    names = shared_arms(a, b)
    if not names:
        own = [", ".join(arm.name for arm in side.study.arms) for side in (a, b)]
        raise UsageError(f"no arm in common: A has {own[0]}, B has {own[1]}. Name the same ones in "
                         "both, or compare arms with thalweg compare arms=none,...")  # fmt: skip
    return {arm.name: arm.label for arm in a.study.arms if arm.name in names}


def _compared(
    a: Side, b: Side, arms: dict[str, str], seeds: list[int], outcomes: dict[str, Any],
    tables: Mapping[str, Any],
) -> Compared:  # fmt: skip
    """Every line of an answer, from the runs of each version."""
    from analysis import changes as paired_changes

    names, first, second = [*arms], tables["A"], tables["B"]
    if not same_towns(a.study.region, b.study.region):
        own = {f"effects in {letter}": paired_changes.own_effects(outcomes, names, one)
               for letter, one in (("A", first), ("B", second))}  # fmt: skip
        return Compared(arms, seeds, outcomes, own, {}, "", False, False, [])
    lines = {
        "B minus A": paired_changes.versions(outcomes, names, first, second),
        "effects": paired_changes.effects_apart(outcomes, names, first, second),
    }
    ranked = paired_changes.ranked_by(lines["B minus A"])
    singles = {name: one for name, one in tables.items() if name not in {"A", "B"}}
    single = {} if not singles else {
        arm: paired_changes.single_changes(outcomes[ranked], k, first, second, singles)
        for k, arm in enumerate(names)
    }  # fmt: skip
    return Compared(arms, seeds, outcomes, lines, single, ranked, True, False, [])


def moves(found: Sequence[Change]) -> list[Change]:
    """The changes that can move a number."""
    return [change for change in found if change.kind == MOVES]
