"""The sensitivity of a sweep: which arm's which outcome is moved by which setting.

Asked of every frame: each arm alone, and each arm's paired difference to the first arm at the same
point and seed, which is the sensitivity of an effect. The problem (settings, groups, rows of a
block) comes from the manifest. Two statistics over the seeds of a point: the *mean* (for an outcome
of 0 and 1, the chance) and, of outcomes that are more than 0 and 1, the *spread* (standard
deviation, see `spread`), which says what makes luck matter more.

Declared policy for failed runs: a block (of Sobol' rows, a trajectory, a point) of which one run
failed, is missing or has no value is dropped whole, and counted. Above `MOST_DROPPED` of the blocks
nothing is computed. Runs that failed unevenly over arms are told, for then the blocks that are left
may not be alike. An outcome that counts events of which an arm had too few is refused. Both rules
are those of all commands (`analysis.scruples`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from analysis import scruples
from analysis.sensitivity.luck import UNKNOWN, Shares, shares
from analysis.sensitivity.spread import spreads, too_few
from analysis.sensitivity.verdicts import Size, Step, Verdict
from analysis.study import OK, Arm, Outcome, StudyError
from analysis.sweep_study import GRID, MISSING, Factor, Frame, Sweep
from analysis.words import count, upper_first

SOBOL, MORRIS, LATIN = "sobol", "morris", "latin"
MEAN, SPREAD = "mean", "spread"
MOST_DROPPED = 0.1
LEVELS = 4
NO_DESIGN = {
    GRID: "the points of method=grid are chosen and not drawn, so that no share of a variance "
          "follows from them.",
    "mixed": "method=mixed draws mechanisms half on and half off for an emulator (thalweg emulate "
             "reads it), so that its points are no even sample of the ranges.",
}  # fmt: skip
CURE = (
    "Sensitivity is read from method=sobol (shares of variance), morris (screening with few runs) "
    "or latin, over ranges: thalweg sweep method=sobol n=256 seeds=20 'KEY=interval(LOW,HIGH)' "
    "out=DIR, then thalweg sensitivity DIR"
)
Floats = NDArray[np.float64]


class Unit(NamedTuple):
    """What moves as one: a setting, or the settings of a group."""

    name: str  # key of the setting, or group_NAME
    label: str
    keys: tuple[str, ...]


class Design(NamedTuple):
    """How the points were drawn. ``unit_of`` [setting]; ``rows`` of a block.

    ``spans`` [setting]: from the first place to the last of a list or of whole numbers, else NaN.
    """

    method: str
    units: tuple[Unit, ...]
    unit_of: NDArray[np.int64]
    rows: int
    blocks: int
    second: bool
    levels: int
    spans: Floats


class Question(NamedTuple):
    """One response. ``against``: the arm that is subtracted, None for the arm alone."""

    frame: Frame
    arm: Arm
    against: Arm | None
    outcome: Outcome
    statistic: str


class Index(NamedTuple):
    """An index of one unit (two for second order), at N/4, N/2 and N blocks."""

    kind: str
    units: tuple[Unit, ...]
    trail: tuple[Step, ...]
    verdict: Verdict
    floor: float

    @property
    def now(self) -> Step:
        """The index with all blocks."""
        return self.trail[-1]


class Answer(NamedTuple):
    """Everything that is said of one question; ``refusal``: why nothing is, empty otherwise."""

    question: Question
    size: Size
    used: int  # runs
    dropped: int  # blocks
    refusal: str
    shares: Shares
    indices: tuple[Index, ...]
    floors: dict[str, float]


class Held(NamedTuple):
    """The blocks of one question that are whole: ``y`` [block, row, seed].

    ``family``: questions that are answered together.
    """

    question: Question
    y: Floats
    kept: NDArray[np.bool_]
    size: Size
    family: int = 1


def design_of(sweep: Sweep) -> Design:
    """The design of a sweep. Raises StudyError where it allows no sensitivity analysis."""
    method = sweep.method
    if method not in (SOBOL, MORRIS, LATIN) or not sweep.sampled:
        raise StudyError(f"{sweep.folder}: {NO_DESIGN.get(method, NO_DESIGN[GRID])} {CURE}")
    names = [f"group_{f.group}" if f.group and method != LATIN else f.key for f in sweep.sampled]
    units = tuple(_unit(name, names, sweep) for name in dict.fromkeys(names))
    place = {unit.name: k for k, unit in enumerate(units)}
    rows = 1 if method == LATIN else int(sweep.manifest.get("block", 1))
    wanted = {SOBOL: (len(units) + 2, 2 * len(units) + 2), MORRIS: (len(units) + 1,), LATIN: (1,)}
    if rows not in wanted[method] or len(sweep.points) % rows:
        raise StudyError(f"{sweep.folder}: blocks of {rows} rows are not those of method={method}")
    config = yaml.safe_load(sweep.config_text) or {}
    second = method == SOBOL and rows == 2 * len(units) + 2
    return Design(method, units, np.array([place[name] for name in names]), rows,
                  len(sweep.points) // rows, second, int(config.get("levels", LEVELS)),
                  np.array([_span(factor) for factor in sweep.sampled]))  # fmt: skip


def _span(factor: Factor) -> float:
    if factor.kind == "list":
        return max(len(factor.values) - 1, 1)
    return factor.hi - factor.lo if factor.whole and factor.scale != "log" else np.nan


def questions(sweep: Sweep, keys: Sequence[str], values: dict[str, Floats],
              design: Design) -> Iterator[tuple[Question, Floats]]:  # fmt: skip
    """Every question with its response [block, row, seed]; NaN where a run is not to be had."""
    for frame in sweep.frames:
        for key in keys:
            own = values[key][frame.case]
            own = own.reshape(design.blocks, design.rows, *own.shape[1:])
            outcome = sweep.outcomes[key]
            for a, arm in enumerate(frame.arms):
                yield Question(frame, arm, None, outcome, MEAN), own[..., a]
                if own.shape[2] > 1 and not outcome.is_probability:
                    enough = not too_few(own.shape[2])
                    spread = spreads(own[..., a]) if enough else own[..., a]
                    yield Question(frame, arm, None, outcome, SPREAD), spread
            for a, arm in enumerate(frame.arms[1:], 1):
                change = own[..., a] - own[..., 0]
                yield Question(frame, arm, frame.arms[0], outcome, MEAN), change


def held(question: Question, y: Floats, size: Size, events: dict[str, int]) -> Held | Answer:
    """The whole blocks of a question, or the answer that refuses it."""
    kept = np.asarray(~np.isnan(y).any(axis=(1, 2)))
    size = size._replace(blocks=int(kept.sum()))
    refusal = _refusal(question, kept, events, y.shape[0] * y.shape[1] * size.seeds)
    if question.statistic == SPREAD:
        refusal = refusal or too_few(size.seeds)
    if refusal:
        return Answer(question, size, 0, int((~kept).sum()), refusal, UNKNOWN, (), {})
    return Held(question, np.ascontiguousarray(y[kept]), kept, size)


def luck_of(one: Held) -> Shares:
    """Shares of the variance; unknown of a spread, which is no value of a single history."""
    return shares(one.y) if one.question.statistic == MEAN else UNKNOWN


def events_of(frame: Frame, sweep: Sweep, key: str, values: Floats) -> dict[str, int]:
    """Histories of each arm with any, by the name of the arm."""
    events = scruples.with_any(sweep.outcomes[key], values[frame.case])
    return {arm.name: int(n) for arm, n in zip(frame.arms, events, strict=True)}


def prefixes(blocks: int) -> tuple[int, int, int]:
    """N/4, N/2 and N, at least two blocks each."""
    return max(2, blocks // 4), max(2, blocks // 2), blocks


def failures(sweep: Sweep) -> list[str]:
    """What failed in which arm, and whether arms differ by more than chance; a line per frame."""
    lines = []
    for frame in sweep.frames:
        status = sweep.status[sweep.row[frame.case]]
        made = [(status[..., a] != MISSING).sum() for a in range(len(frame.arms))]
        lost = [((status[..., a] != OK) & (status[..., a] != MISSING)).sum()
                for a in range(len(frame.arms))]  # fmt: skip
        if not any(lost):
            continue
        told = ", ".join(f"{int(n):,} of {count(int(m), 'run')} with {arm.name}"
                         for n, m, arm in zip(lost, made, frame.arms, strict=True))  # fmt: skip
        odd = scruples.uneven(scruples.failed_of(sweep, frame), [arm.name for arm in frame.arms])
        lines.append(f"{frame.label}: failed {told}." + (
            f" {upper_first(odd)}: the blocks that are left may not be alike in all arms, so "
            "that no arm is to be compared with another." if odd else ""))  # fmt: skip
    rest = scruples.not_whole(sweep.counts)
    return [*lines, rest] if rest else lines


def _refusal(
    question: Question, kept: NDArray[np.bool_], events: dict[str, int], runs: int
) -> str:
    lost = int((~kept).sum())
    if lost > MOST_DROPPED * kept.size or lost == kept.size:
        return (
            f"{lost:,} of {count(kept.size, 'block')} hold a run that failed, is missing or has no "
            f"value; more than {MOST_DROPPED:.0%} are too many to leave out"
        )
    arms = [arm for arm in (question.against, question.arm) if arm is not None]
    return scruples.too_few(question.outcome, [events[arm.name] for arm in arms], runs,
                            [arm.label for arm in arms])  # fmt: skip


def _unit(name: str, names: Sequence[str], sweep: Sweep) -> Unit:
    own = [f for f, of in zip(sweep.sampled, names, strict=True) if of == name]
    if name == own[0].key:
        return Unit(name, own[0].label, (name,))
    label = name.removeprefix("group_").replace("_", " ")
    return Unit(name, f"group {label}", tuple(f.key for f in own))


def steps_of(trail: Sequence[tuple[int, Floats, Floats, Floats]], k: int) -> tuple[Step, ...]:
    """The trail of index ``k`` from (blocks, value, lo, hi) of every prefix."""
    return tuple(Step(n, float(v[k]), float(lo[k]), float(hi[k])) for n, v, lo, hi in trail)


def finite(number: float) -> float | None:
    """A number for JSON, None where it is none."""
    return float(number) if math.isfinite(number) else None
