"""Two versions of a setting, seed by seed: their arms, the effects of their arms, single changes.

Runs of two versions with the same seed share their draws as runs of two arms do (common random
numbers), so that version B minus version A is a paired effect, with the intervals and the scruples
of one (`analysis.effects`, `analysis.scruples`). What is made of more than two runs of a seed

    effect of an arm, B against A   (arm - first arm) in B  -  the same in A
    what is left of single changes  (B - A)  -  sum over changes of (A with one of them - A)

is one number per seed, too: it has the same bootstrap over seeds. It is no chance even where its
parts are, so that the intervals of rare chances do not fit it. Where no seed shows any, a chance
gets the rule of three. Every arm or version that it is made of needs its events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis import words
from analysis.attributed import BACKFIRES, HELPS, NOTHING_SEEN, UNKNOWN, word
from analysis.effects import NONE_SEEN, Effect, paired_effect
from analysis.headline import ORDER
from analysis.intervals import ROUNDING, bootstrap_intervals, paired_change, rule_of_three
from analysis.language import marked, say
from analysis.scruples import (
    FEWEST_PAIRS,
    Codes,
    failures,
    scruple,
    too_few,
    undefined,
    with_any,
)
from analysis.study import OK, Outcome
from analysis.sweep_study import MISSING

VERDICTS = {
    HELPS: marked("better"),
    BACKFIRES: marked("worse"),
    NOTHING_SEEN: marked("no difference seen"),
    UNKNOWN: marked("unknown"),
}
SAME = marked("no pair differs")
RUN_SETS = marked("sets of runs")
REST = "together"  # what the single changes do not add up to
Floats = NDArray[np.float64]


class Table(NamedTuple):
    """Runs of one version [seed, arm]: outcomes by key, and how each run ended."""

    values: dict[str, Floats]
    status: Codes

    def column(self, key: str, arm: int) -> tuple[Floats, Codes]:
        """One outcome of one arm, and how its runs ended."""
        return self.values[key][:, arm], self.status[:, arm]


class Line(NamedTuple):
    """One difference with its interval. ``about``: the arm, or the change.

    ``before`` and ``after``: means that are compared; ``differ``: seeds of ``n`` that differ;
    ``reason``: why there is no verdict.
    """

    about: str
    outcome: str
    n: int
    before: float
    after: float
    difference: float
    lo: float
    hi: float
    method: str
    differ: int
    verdict: str
    reason: str


def versions(
    outcomes: Mapping[str, Outcome], arms: Sequence[str], a: Table, b: Table
) -> list[Line]:
    """B minus A: every outcome of every arm."""
    return [
        _pair(outcome, a.column(key, k), b.column(key, k), arm, ("A", "B"))
        for key, outcome in outcomes.items()
        for k, arm in enumerate(arms)
    ]


def own_effects(
    outcomes: Mapping[str, Outcome], arms: Sequence[str], one: Table
) -> list[Line]:
    """Every arm minus the first, within one version."""
    return [
        _pair(outcome, one.column(key, 0), one.column(key, k), arms[k], (arms[0], arms[k]))
        for key, outcome in outcomes.items()
        for k in range(1, len(arms))
    ]


def effects_apart(
    outcomes: Mapping[str, Outcome], arms: Sequence[str], a: Table, b: Table
) -> list[Line]:
    """The effect of every arm against the first one: in B minus in A."""
    found = []
    for key, outcome in outcomes.items():
        for k in range(1, len(arms)):
            runs = [one.column(key, arm) for one in (a, b) for arm in (0, k)]
            own = [values for values, _ in runs]
            names = [say("{arm} in {study}", arm=arms[arm], study=version)
                     for version in "AB" for arm in (0, k)]  # fmt: skip
            found.append(_made_of(outcome, own[1] - own[0], own[3] - own[2], runs,
                                  (arms[k], names)))  # fmt: skip
    return found


def single_changes(
    outcome: Outcome, arm: int, a: Table, b: Table, singles: Mapping[str, Table]
) -> list[Line]:
    """Each change alone, largest first, and last what they do together beyond their sum."""
    key = outcome.key
    first, last = a.column(key, arm), b.column(key, arm)
    each = {name: table.column(key, arm) for name, table in singles.items()}
    alone = [_pair(outcome, first, one, name, ("A", name)) for name, one in each.items()]
    alone.sort(key=lambda line: -abs(np.nan_to_num(line.difference)))
    total = np.sum([values - first[0] for values, _ in each.values()], axis=0)
    names = ["A", "B", *(f"A with {name}" for name in each)]
    rest = _made_of(outcome, total, last[0] - first[0], [first, last, *each.values()],
                    (REST, names))  # fmt: skip
    return [*alone, rest]


def ranked_by(lines: Sequence[Line]) -> str:
    """The outcome by which changes are ranked: the first in the headline's order that may speak."""
    spoken = {line.outcome for line in lines if not line.reason}
    there = [key for key in ORDER if any(line.outcome == key for line in lines)]
    return next((key for key in there if key in spoken), there[-1] if there else "")


def _pair(
    outcome: Outcome, first: tuple[Floats, Codes], second: tuple[Floats, Codes], about: str,
    names: tuple[str, str],
) -> Line:  # fmt: skip
    """One paired difference."""
    (a, ended_a), (b, ended_b) = first, second
    effect = _effect(about, outcome, a, b)
    return _line(outcome, effect, scruple(outcome, a, b, (ended_a, ended_b), names))


def _made_of(
    outcome: Outcome, first: Floats, second: Floats, runs: Sequence[tuple[Floats, Codes]],
    named: tuple[str, Sequence[str]],
) -> Line:  # fmt: skip
    """A difference of two numbers that are made of several runs of a seed each."""
    about, names = named
    own = np.stack([values for values, _ in runs], axis=-1)
    status = np.stack([ended for _, ended in runs], axis=-1)
    size = np.abs(own).max(axis=-1, initial=0.0)
    second = np.where(np.abs(second - first) <= ROUNDING * size, first, second)
    effect = _effect(about, outcome._replace(kind="level"), first, second)
    if outcome.is_probability and effect.n > 1 and effect.discordant == 0:
        bound = rule_of_three(effect.n)
        effect = effect._replace(lo=-bound, hi=bound, method=NONE_SEEN)
    return _line(outcome, effect, _why_not(outcome, own, status, names))


def _effect(about: str, outcome: Outcome, a: Floats, b: Floats) -> Effect:
    lo, hi = bootstrap_intervals(paired_change(a, b)[:, None])
    return paired_effect(about, outcome, a, b, (float(lo[0]), float(hi[0])))


def _line(outcome: Outcome, effect: Effect, reason: str) -> Line:
    told = word(outcome, effect.lo, effect.hi)
    verdict = UNKNOWN if reason else VERDICTS.get(told, told)
    if not reason and effect.discordant == 0:
        verdict = SAME
    return Line(
        effect.arm, outcome.key, effect.n, effect.reference_mean, effect.arm_mean,
        effect.difference, effect.lo, effect.hi, effect.method, effect.discordant, verdict, reason,
    )  # fmt: skip


def _why_not(outcome: Outcome, own: Floats, status: Codes, names: Sequence[str]) -> str:
    """Why nothing may be said of what is made of all these runs [seed, run]."""
    there = ~np.isnan(own).any(axis=-1)
    n = int(there.sum())
    if n < FEWEST_PAIRS:
        return say("only {seeds} with every run, {needed} are needed",
                   seeds=words.count(n, "seed"), needed=FEWEST_PAIRS)  # fmt: skip
    ended = int((status == OK).all(axis=-1).sum())
    return (failures((status != OK) & (status != MISSING), names)
            or undefined(n, ended, RUN_SETS)
            or too_few(outcome, with_any(outcome, own[there]), n, names))  # fmt: skip
