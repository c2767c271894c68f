"""Whether it mattered: every common arm and outcome in B against A, and every effect of an arm.

Paired where at least ten seeds are shared and draw the same luck (`analysis.changes`), else as two
independent samples (`analysis.unpaired`). Where the towns differ no difference is given: what is
summed over other towns is no difference of a setting. Every row may be one of many: Holm's steps
over all rows that may speak say which hold with all of them counted (`analysis.many_rows`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.attributed import UNKNOWN, word
from analysis.censored import FIRST_TIMES
from analysis.changes import SAME, VERDICTS, Line, Table, effects_apart, own_effects, versions
from analysis.headline import ORDER, arm_to_claim
from analysis.intervals import LEVEL
from analysis.kept_runs import kept, own_seeds, shared_seeds
from analysis.language import say
from analysis.many_rows import holm, paired_p
from analysis.scruples import FEWEST_PAIRS
from analysis.study import Arm, Outcome, StudyError
from analysis.two_report.asked import Asked
from analysis.unpaired import Apart, effect_scruple, level_apart, level_scruple, means_apart

LEVELS, EFFECTS = "levels", "effects"
Floats = NDArray[np.float64]


class Row(NamedTuple):
    """One difference. ``what``: levels or effects; ``sizes``: histories or pairs in A and in B.

    ``p``: of no difference, by itself; ``of_all``: with every row counted that may speak.
    """

    what: str
    arm: Arm
    line: Line
    sizes: tuple[int, int]
    p: float
    of_all: float = float("nan")

    @property
    def speaks(self) -> bool:
        """True where nothing speaks against a verdict."""
        return not self.line.reason

    @property
    def clear(self) -> bool:
        """True where it may speak and its interval excludes zero."""
        return self.speaks and not self.line.lo <= 0 <= self.line.hi and self.line.verdict != SAME

    @property
    def holds(self) -> bool:
        """True where it is clear with every row counted, too."""
        return self.clear and self.of_all <= 1 - LEVEL


class Found(NamedTuple):
    """What came of two studies. ``arms``: in both, the first is what effects are against.

    ``rows``: of the headline's outcomes; ``every``: of all outcomes, the first arm and the
    headline's; ``own``: effects within A and within B. ``seeds``: of A and of B, or shared.
    """

    asked: Asked
    arms: tuple[Arm, ...]
    outcomes: dict[str, Outcome]
    all_outcomes: dict[str, Outcome]
    paired: bool
    why_not_paired: str
    seeds: tuple[list[int], list[int]]
    rows: list[Row]
    every: list[Row]
    own: tuple[list[Line], list[Line]]

    def of(self, what: str) -> list[Row]:
        """Rows of levels or of effects."""
        return [row for row in self.rows if row.what == what]

    @property
    def differences(self) -> bool:
        """True where B minus A is defined at all."""
        return self.asked.same_towns


def compare(asked: Asked) -> Found:
    """Everything that the page says of runs. Raises StudyError where no arm is in both."""
    a, b = asked.studies
    arms = tuple(arm for arm in a.arms if arm.name in {other.name for other in b.arms})
    if not arms:
        own = [", ".join(arm.name for arm in one.arms) for one in (a, b)]
        raise StudyError(f"no arm in common: {asked.names[0]} has {own[0]}, {asked.names[1]} has "
                         f"{own[1]}. Compare studies that share an arm (arms=).")  # fmt: skip
    shared = shared_seeds(a, b)
    why = _why_not_paired(asked, shared)
    seeds = (own_seeds(a), own_seeds(b)) if why else (shared, shared)
    everything = {key: one for key, one in a.outcomes.items() if key in b.outcomes
                  and (a.years == b.years or key not in FIRST_TIMES)}  # fmt: skip
    outcomes = {key: everything[key] for key in ORDER if key in everything}
    if not outcomes:
        raise StudyError(f"{asked.names[0]} and {asked.names[1]} keep no headline outcome in "
                         f"common; those are {', '.join(ORDER)} (outcomes=).")  # fmt: skip
    names = [arm.name for arm in arms]
    tables = tuple(kept(one, names, own, [*everything])
                   for one, own in zip((a, b), seeds, strict=True))  # fmt: skip
    first, second = tables
    rows = _rows(outcomes, arms, (first, second), paired=not why) if asked.same_towns else []
    some = [0, *([arms.index(big)] if (big := arm_to_claim(arms)) else [])]
    every = _rows(everything, [arms[k] for k in some], tuple(_only(t, some) for t in tables),
                  paired=not why) if asked.same_towns else []  # fmt: skip
    return Found(
        asked, arms, outcomes, everything, not why, why, seeds, _counted(rows), _counted(every),
        (own_effects(outcomes, names, first), own_effects(outcomes, names, second)),
    )  # fmt: skip


def _why_not_paired(asked: Asked, shared: Sequence[int]) -> str:
    """Why histories of A have no like in B, in words; empty where they have."""
    if not asked.same_towns:
        return say("the towns differ, and every draw belongs to a name")
    if asked.unlike:
        return asked.unlike
    if len(shared) < FEWEST_PAIRS:
        return _few_shared(len(shared))
    return ""


def _few_shared(number: int) -> str:
    if not number:
        return say("of their seeds none is shared, and {needed} are needed", needed=FEWEST_PAIRS)
    return say("of their seeds only {number} are shared, and {needed} are needed", number=number,
               needed=FEWEST_PAIRS)  # fmt: skip


def _only(table: Table, arms: Sequence[int]) -> Table:
    chosen = list(arms)
    return Table({key: own[:, chosen] for key, own in table.values.items()},
                 table.status[:, chosen])  # fmt: skip


def _counted(rows: list[Row]) -> list[Row]:
    """The rows with the p of all that may speak together."""
    steps = iter(holm(np.array([row.p for row in rows if row.speaks])))
    return [row._replace(of_all=float(next(steps))) if row.speaks else row for row in rows]


def _rows(
    outcomes: dict[str, Outcome], arms: Sequence[Arm], tables: tuple[Table, ...], *, paired: bool
) -> list[Row]:
    """Levels of every arm and effects of every further one, outcome by outcome."""
    a, b = tables
    make = _paired if paired else _unpaired
    levels, effects = make(outcomes, arms, a, b)
    found = []
    for key in outcomes:
        found += [row for row in (*levels, *effects) if row.line.outcome == key]
    return found


def _paired(
    outcomes: dict[str, Outcome], arms: Sequence[Arm], a: Table, b: Table
) -> tuple[list[Row], list[Row]]:
    names = [arm.name for arm in arms]
    by = {arm.name: (k, arm) for k, arm in enumerate(arms)}
    levels, effects = [], []
    for line in versions(outcomes, names, a, b):
        k, arm = by[line.about]
        change = b.values[line.outcome][:, k] - a.values[line.outcome][:, k]
        levels.append(Row(LEVELS, arm, line, (line.n, line.n), paired_p(change)))
    for line in effects_apart(outcomes, names, a, b):
        k, arm = by[line.about]
        x, y = a.values[line.outcome], b.values[line.outcome]
        change = (y[:, k] - y[:, 0]) - (x[:, k] - x[:, 0])
        size = np.abs(np.stack([x[:, 0], x[:, k], y[:, 0], y[:, k]])).max(axis=0)
        change = np.where(np.abs(change) <= 1e-12 * size, 0.0, change)
        effects.append(Row(EFFECTS, arm, line, (line.n, line.n), paired_p(change)))
    return levels, effects


def _unpaired(
    outcomes: dict[str, Outcome], arms: Sequence[Arm], a: Table, b: Table
) -> tuple[list[Row], list[Row]]:
    levels, effects = [], []
    for outcome in outcomes.values():
        for k, arm in enumerate(arms):
            levels.append(_level(outcome, arm, a.column(outcome.key, k), b.column(outcome.key, k)))
            if k:
                effects.append(_effect(outcome, (arms[0], arm), k, (a, b)))
    return levels, effects


def _level(outcome: Outcome, arm: Arm, first: tuple[Floats, NDArray[np.int8]],
           second: tuple[Floats, NDArray[np.int8]]) -> Row:  # fmt: skip
    """One outcome of one arm in two independent samples."""
    names = [_in(arm, letter) for letter in "AB"]
    why = level_scruple(outcome, (first[0], second[0]), (first[1], second[1]), names)
    apart = level_apart(outcome, first[0], second[0])
    return _row(LEVELS, outcome, arm, (apart, why), (first[0], second[0]))


def _effect(
    outcome: Outcome, arms: tuple[Arm, Arm], k: int, tables: tuple[Table, Table]
) -> Row:
    """The effect of one arm in two independent samples, each paired within itself."""
    sides = [(one.values[outcome.key][:, [0, k]], one.status[:, [0, k]]) for one in tables]
    names = [[_in(arm, letter) for arm in arms] for letter in "AB"]
    change = [own[:, 1] - own[:, 0] for own, _ in sides]
    apart = means_apart(change[0], change[1], rare=outcome.is_probability)
    why = effect_scruple(outcome, sides, names)
    return _row(EFFECTS, outcome, arms[1], (apart, why), (change[0], change[1]))


def _in(arm: Arm, letter: str) -> str:
    return say("{arm} in {study}", arm=arm.label, study=letter)


def _row(
    what: str, outcome: Outcome, arm: Arm, told: tuple[Apart, str], values: tuple[Floats, Floats]
) -> Row:
    apart, why = told
    sizes = tuple(int((~np.isnan(own)).sum()) for own in values)
    said = word(outcome, apart.lo, apart.hi)
    verdict = UNKNOWN if why else VERDICTS.get(said, said)
    line = Line(arm.name, outcome.key, min(sizes), apart.before, apart.after, apart.difference,
                apart.lo, apart.hi, apart.method, min(sizes), verdict, why)  # fmt: skip
    return Row(what, arm, line, (sizes[0], sizes[1]), apart.p)
