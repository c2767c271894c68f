"""Numbers of a sweep as words and as tables: every figure has its table beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from analysis import censored, words
from analysis.crossed import Estimate
from analysis.effects import FEW_EVENTS, FEW_VALUES, NONE_SEEN, Effect
from analysis.figures.effect_table import number_words
from analysis.headline import arm_to_claim
from analysis.language import marked, say
from analysis.study import Outcome
from analysis.sweep_effects import Bin, Cell, Findings, Response
from analysis.sweep_study import Factor, Frame, Sweep

DASH = "\u2013"
CELL_COLUMNS = (
    marked("Frame"), marked("Arm"), marked("Histories"), marked("Mean"), marked("95 % interval"),
    marked("Difference"), marked("95 % interval of it"), marked("Pairs"), marked("Better in"),
    marked("Worse in"), marked("Reading"),
)  # fmt: skip
BIN_COLUMNS = (
    marked("Frame"), marked("Values"), marked("Points"), marked("Arm"), marked("Mean"),
    marked("95 % interval"), marked("Difference"), marked("95 % interval of it"), marked("Pairs"),
)  # fmt: skip
SHARE_COLUMNS = (
    marked("Frame"), marked("Outcome"), marked("Arm"), marked("Seed share"),
    marked("95 % interval"), marked("Histories"),
)  # fmt: skip
ALL_COLUMNS = (
    marked("Outcome"), marked("Unit"), marked("Arm"), marked("Mean"), marked("95 % interval"),
    marked("Difference"), marked("95 % interval of it"), marked("Pairs"), marked("Reading"),
)  # fmt: skip
READINGS = {
    "unclear": marked("sign not known"), FEW_EVENTS: marked("too few events"),
    FEW_VALUES: marked("too many values missing"), "better": marked("better"),
    "worse": marked("worse"), "rises": marked("rises"), "falls": marked("falls"),
}  # fmt: skip


class Table(NamedTuple):
    """Rows of texts under their columns; the first column names the row."""

    key: str
    about: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]


def unit_of(outcome: Outcome, frame: Frame | None = None) -> str:
    """Unit of shown values, with the horizon for times to a first event."""
    plain = words.unit_of(outcome)
    return censored.unit(frame, outcome.key, plain) if frame else plain


def level_digits(outcome: Outcome, levels: Sequence[Estimate]) -> int:
    """Decimals that show means and their intervals."""
    shown = [x * words.scale_of(outcome) for e in levels for x in (e.mean, e.lo, e.hi)]
    finite = [x for x in shown if math.isfinite(x)]
    if words.scale_of(outcome) != 1.0:
        return 0 if max(map(abs, finite), default=1.0) >= 2 else 1
    return words.digits_for(*finite, significant=3)


def level_words(outcome: Outcome, level: Estimate, digits: int) -> tuple[str, str]:
    """A mean and its interval without the unit; a dash where there is none."""
    if level.n == 0:
        return DASH, DASH
    scale = words.scale_of(outcome)
    mean, lo, hi = (words.plain(x * scale, digits) for x in (level.mean, level.lo, level.hi))
    return mean, DASH if math.isnan(level.lo) else say("[{lo}, {hi}]", lo=lo, hi=hi)


def effect_digits(outcome: Outcome, found: Sequence[Effect]) -> int:
    """Decimals for the differences of one outcome."""
    ends = [x for e in found for x in (e.difference, e.lo, e.hi)]
    ends = ends if any(map(math.isfinite, ends)) else []
    return words.difference_digits(outcome, *ends) if ends else 0


def effect_words(outcome: Outcome, effect: Effect | None, digits: int) -> tuple[str, str]:
    """A difference and its interval without the unit."""
    if effect is None or effect.n == 0:
        return DASH, DASH
    if effect.discordant == 0 and effect.method != NONE_SEEN:
        return "0", say("no pair differs")
    value, interval = number_words(outcome, effect, digits)
    return value, DASH if math.isnan(effect.lo) else interval


def reading(outcome: Outcome, effect: Effect | None) -> str:
    """What the interval says of the sign."""
    return say("reference") if effect is None else say(READINGS[effect.verdict(outcome)])


def cells_table(sweep: Sweep, found: Findings, key: str) -> Table:
    """Every arm's outcome and effect, frame by frame."""
    outcome = sweep.outcomes[key]
    rows: list[tuple[str, ...]] = []
    for frame in sweep.frames:
        cells = [found.cells[frame.case, arm.name, key] for arm in sweep.arms]
        for arm, said in zip(sweep.arms, _cell_words(outcome, cells), strict=True):
            rows.append((frame.label, words.upper_first(arm.label), *said))
    about = say("{outcome} by frame and arm", outcome=words.upper_first(outcome.label))
    return Table(f"arms-{key}", about, _said(CELL_COLUMNS), rows)


def bins_table(sweep: Sweep, found: Findings, factor: Factor, key: str) -> Table:
    """The outcome along one setting, frame by frame."""
    outcome = sweep.outcomes[key]
    rows: list[tuple[str, ...]] = []
    for frame in sweep.frames:
        response = found.responses.get((frame.case, factor.key, key))
        if response is None:
            continue
        digits = level_digits(outcome, [e for line in response.levels for e in line])
        finer = effect_digits(outcome, [e for line in response.effects for e in line])
        for b, one in enumerate(response.bins):
            for a, arm in enumerate(sweep.arms):
                effect = response.effects[a - 1][b] if a else None
                rows.append((
                    frame.label, bin_words(factor, one), words.plain(one.points, 0),
                    words.upper_first(arm.label),
                    *level_words(outcome, response.levels[a][b], digits),
                    *effect_words(outcome, effect, finer),
                    words.plain(effect.n, 0) if effect else DASH,
                ))  # fmt: skip
    name = f"{factor.key}-{key}".replace(".", "-")
    about = say("{outcome} by {setting}", outcome=words.upper_first(outcome.label),
                setting=words.lower_first(factor.label))  # fmt: skip
    return Table(name, about, _said(BIN_COLUMNS), rows)


def shares_table(sweep: Sweep, found: Findings) -> Table:
    """How much of the variance lies between seeds within a point."""
    rows: list[tuple[str, ...]] = []
    for key in found.main:
        for frame in sweep.frames:
            for arm in sweep.arms:
                share = found.cells[frame.case, arm.name, key].share
                rows.append((frame.label, words.upper_first(sweep.outcomes[key].label),
                             words.upper_first(arm.label), *share_words(share),
                             words.plain(share.n, 0)))  # fmt: skip
    return Table("seed-shares", say("Seed share of variance"), _said(SHARE_COLUMNS), rows)


def share_words(share: Estimate) -> tuple[str, str]:
    """A share of variance in percent; a dash where nothing varies."""
    if math.isnan(share.mean):
        return DASH, DASH
    shown = say("{number} %", number=words.plain(100 * share.mean, 0))
    if math.isnan(share.lo):
        return shown, DASH
    lo, hi = (words.plain(100 * end, 0) for end in (share.lo, share.hi))
    return shown, say("[{lo}, {hi}]", lo=lo, hi=hi)


def all_tables(sweep: Sweep, found: Findings) -> list[tuple[Frame, Table]]:
    """Every outcome of every arm, one table per frame."""
    return [(frame, _all_table(sweep, found, frame)) for frame in sweep.frames]


def bin_words(factor: Factor, one: Bin) -> str:
    """The values that a bin holds."""
    if factor.kind == "list":
        value = next((v for v in factor.values if str(v) == one.label), None)
        return words.numeral(one.label) if value is None else words.typed(value)
    lo, hi = (words.numeral(f"{end:.4g}") for end in (one.lo, one.hi))
    return lo if one.lo == one.hi else say("{lo} to {hi}", lo=lo, hi=hi)


def apart_words(sweep: Sweep, frame: Frame, factor: Factor, key: str, response: Response) -> str:
    """The last bin against the first in the first arm, and in the effect of the headline's arm."""
    if response.apart is None:
        return ""
    outcome = sweep.outcomes[key]
    told = {
        "frame": frame.label, "reference": frame.reference.label,
        "first": bin_words(factor, response.bins[0]), "last": bin_words(factor, response.bins[-1]),
        "change": _apart(outcome, response.apart[0], unit_of(outcome)),
    }  # fmt: skip
    arm = arm_to_claim(sweep.arms)
    if arm is None or response.apart_effects is None:
        return say("{frame}: at {last} against {first}, {change} with {reference}.", **told)
    moved = response.apart_effects[sweep.arms.index(arm) - 1]
    return say("{frame}: at {last} against {first}, {change} with {reference}; the effect of {arm} "
               "moves by {moved}.", **told, arm=arm.label,
               moved=_apart(outcome, moved, ""))  # fmt: skip


def _apart(outcome: Outcome, apart: Estimate, unit: str) -> str:
    if math.isnan(apart.mean):
        return say("an amount that is not defined")
    digits = words.difference_digits(outcome, *(x for x in apart[1:] if math.isfinite(x)))
    value, lo, hi = (words.difference(outcome, x, digits) for x in apart[1:])
    change = f"{value} {unit}".strip()
    if math.isnan(apart.lo) or apart.lo == apart.hi:
        return say("{change} (no interval)", change=change)
    return say("{change} (95 % interval {lo} to {hi})", change=change, lo=lo, hi=hi)


def _cell_words(outcome: Outcome, cells: Sequence[Cell]) -> list[tuple[str, ...]]:
    digits = level_digits(outcome, [cell.level for cell in cells])
    finer = effect_digits(outcome, [cell.effect for cell in cells if cell.effect])
    return [
        (words.plain(cell.level.n, 0), *level_words(outcome, cell.level, digits),
         *effect_words(outcome, cell.effect, finer),
         words.plain(cell.effect.n, 0) if cell.effect else DASH, *_sides(cell.effect),
         reading(outcome, cell.effect))
        for cell in cells
    ]  # fmt: skip


def _sides(effect: Effect | None) -> tuple[str, str]:
    if effect is None or math.isnan(effect.better):
        return DASH, DASH
    return words.in_100(effect.better), words.in_100(effect.worse)


def _all_table(sweep: Sweep, found: Findings, frame: Frame) -> Table:
    rows: list[tuple[str, ...]] = []
    for key in (k for k in sweep.outcomes if k in found.every):
        outcome = sweep.outcomes[key]
        cells = [found.cells[frame.case, arm.name, key] for arm in sweep.arms]
        for arm, said in zip(sweep.arms, _cell_words(outcome, cells), strict=True):
            rows.append((words.upper_first(outcome.label), unit_of(outcome, frame),
                         words.upper_first(arm.label), *said[1:6], said[-1]))  # fmt: skip
    about = say("All outcomes, {frame}", frame=frame.label)
    return Table(f"all-{frame.case}", about, _said(ALL_COLUMNS), rows)


def _said(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(say(column) for column in columns)
