"""Figures of the report of a sweep: small panels, each with its words and its table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from analysis import words
from analysis.crossed import Estimate
from analysis.effects import Effect
from analysis.headline import arm_to_claim
from analysis.study import Arm, Outcome
from analysis.sweep_effects import Findings, Response
from analysis.sweep_report import svg
from analysis.sweep_report.tables import (
    Table,
    apart_words,
    bin_words,
    bins_table,
    cells_table,
    effect_digits,
    effect_words,
    level_digits,
    level_words,
    share_words,
    shares_table,
    unit_of,
)
from analysis.sweep_study import Factor, Frame, Sweep

MOST_ARMS = 6  # drawn in one panel
MOST_FRAMES = 12  # drawn one by one


class Panel(NamedTuple):
    """A drawing under its caption."""

    caption: str
    drawing: Markup


class Card(NamedTuple):
    """One question: panels, sentences, a table."""

    key: str
    title: str
    about: str
    panels: list[Panel]
    sentences: list[str]
    table: Table


class Group(NamedTuple):
    """All cards of one setting."""

    factor: Factor
    said: str
    cards: list[Card]


def arm_cards(sweep: Sweep, found: Findings) -> list[Card]:
    """One card per headline outcome: what each arm changes, frame by frame."""
    return [_arm_card(sweep, found, key) for key in found.main]


def setting_groups(sweep: Sweep, found: Findings) -> list[Group]:
    """One group per sampled setting: how each headline outcome and its effects move with it."""
    groups = []
    for factor in sweep.sampled:
        cards = [
            _setting_card(sweep, found, factor, key) for key in found.main
            if any((f.case, factor.key, key) in found.responses for f in sweep.frames)
        ]  # fmt: skip
        if cards:
            groups.append(Group(factor, swept_words(factor), cards))
    return groups


def share_card(sweep: Sweep, found: Findings) -> Card | None:
    """How much of the variance is chance; None where no share is defined."""
    shares = [cell.share.mean for cell in found.cells.values()]
    if all(math.isnan(share) for share in shares):
        return None
    scale = svg.Axis(0, 100, (0, 25, 50, 75, 100), ("0 %", "25 %", "50 %", "75 %", "100 %"))
    panels = []
    for key in found.main:
        for frame in drawn_frames(sweep):
            rows = _share_rows(sweep, found, frame, key)
            if rows:
                caption = f"{words.upper_first(sweep.outcomes[key].label)}, {frame.label}"
                said = f"Seed share of variance of {caption}. The table holds the numbers."
                panels.append(Panel(caption, svg.forest(rows, scale, "share of variance", said)))
    return Card("shares", "How much of the spread is chance?", "", panels, [],
                shares_table(sweep, found))  # fmt: skip


def drawn_arms(sweep: Sweep) -> list[int]:
    """Places of the arms that are drawn: all, or the first, the headline's and further ones."""
    if len(sweep.arms) <= MOST_ARMS:
        return list(range(len(sweep.arms)))
    claimed = arm_to_claim(sweep.arms)
    places = [0, *([sweep.arms.index(claimed)] if claimed else []), *range(1, len(sweep.arms))]
    return sorted(list(dict.fromkeys(places))[:MOST_ARMS])


def drawn_frames(sweep: Sweep) -> Sequence[Frame]:
    """The frames that are drawn one by one."""
    return sweep.frames[:MOST_FRAMES]


def swept_words(factor: Factor) -> str:
    """What a setting was swept over, in words."""
    unit = f" {words.spoken_unit(factor.unit)}" if factor.unit not in words.BARE_UNITS else ""
    if factor.kind == "list":
        return f"{words.listing([str(v) for v in factor.values])}{unit}"
    kind = "whole numbers, " if factor.whole else ""
    even = "evenly in the logarithm" if factor.scale == "log" else "evenly"
    return f"{kind}{factor.lo:g} to {factor.hi:g}{unit}, {even}"


def _arm_card(sweep: Sweep, found: Findings, key: str) -> Card:
    outcome = sweep.outcomes[key]
    frames, panels = drawn_frames(sweep), []
    effects = [e for f in frames for a in sweep.arms
               if (e := found.cells[f.case, a.name, key].effect) is not None]  # fmt: skip
    if effects:
        marks = [_effect_mark(outcome, e, 0.0) for e in effects]
        x = svg.value_axis(marks, zero=True, most=4)
        for frame in frames:
            caption = f"{frame.label}: difference to {frame.reference.label}"
            rows = _effect_rows(sweep, found, frame, key)
            said = f"{words.upper_first(outcome.label)}. {caption}. The table holds the numbers."
            panels.append(Panel(caption, svg.forest(rows, x, _axis_name(outcome), said)))
    said = f"{outcome.about} {_better(outcome)}".strip()
    return Card(f"arms-{key}", words.upper_first(outcome.label), said, panels,
                [_levels_sentence(sweep, found, f, key) for f in frames],
                cells_table(sweep, found, key))  # fmt: skip


def _setting_card(sweep: Sweep, found: Findings, factor: Factor, key: str) -> Card:
    outcome = sweep.outcomes[key]
    panels, sentences = [], []
    for frame in drawn_frames(sweep):
        response = found.responses.get((frame.case, factor.key, key))
        if response is None:
            continue
        drawn = _response_panels(sweep, frame, factor, outcome, response)
        panels += drawn
        same = f"{frame.label}: the same in every history, so that nothing is drawn."
        sentences.append(apart_words(sweep, frame, factor, key, response) if drawn else same)
    name = f"{factor.key}-{key}".replace(".", "-")
    return Card(name, words.upper_first(outcome.label), "", panels, [s for s in sentences if s],
                bins_table(sweep, found, factor, key))  # fmt: skip


def _response_panels(
    sweep: Sweep, frame: Frame, factor: Factor, outcome: Outcome, response: Response
) -> list[Panel]:
    """Two panels: the outcome with each arm, and the difference to the first arm."""
    arms = drawn_arms(sweep)
    bins = response.bins
    if factor.kind == "list":
        x, at = svg.list_axis([b.label for b in bins]), [float(k) for k in range(len(bins))]
    else:
        x = svg.number_axis(factor.lo, factor.hi, log=factor.scale == "log")
        at = [b.at for b in bins]
    label = words.upper_first(outcome.label)
    unit = f" ({words.spoken_unit(factor.unit)})" if factor.unit not in words.BARE_UNITS else ""
    name = f"{factor.key.rpartition('.')[2]}{unit}"
    texts = [bin_words(factor, b) for b in bins]
    levels = [svg.Line(a, _level_marks(outcome, response.levels[a], at, texts, sweep.arms[a]))
              for a in arms]  # fmt: skip
    changes = [svg.Line(a, _effect_marks(outcome, response.effects[a - 1], at, texts))
               for a in arms if a]  # fmt: skip
    panels = []
    kinds = ((levels, False, "with each arm"),
             (changes, True, f"difference to {frame.reference.label}"))  # fmt: skip
    for lines, zero, what in kinds:
        marks = [m for line in lines for m in line.marks if math.isfinite(m.value)]
        if any(m.value != marks[0].value or m.hi > m.lo for m in marks):
            caption = f"{frame.label}: {what} ({_axis_name(outcome)})".replace(" ()", "")
            said = f"{label} along {words.lower_first(factor.label)}. {caption}. See the table."
            y = svg.value_axis(marks, zero=zero)
            panels.append(Panel(caption, svg.response(lines, x, y, name, said)))
    return panels


def _level_marks(
    outcome: Outcome, line: Sequence[Estimate], at: Sequence[float], texts: Sequence[str], arm: Arm
) -> tuple[svg.Mark, ...]:
    scale, digits = words.scale_of(outcome), level_digits(outcome, line)
    return tuple(
        svg.Mark(x, e.mean * scale, *((math.nan, math.nan) if outcome.is_probability
                                      and e.mean in (0.0, 1.0) else (e.lo * scale, e.hi * scale)),
                 said=f"{arm.label}, {text}: {' '.join(level_words(outcome, e, digits))}")
        for e, x, text in zip(line, at, texts, strict=True)
    )  # fmt: skip


def _effect_marks(
    outcome: Outcome, line: Sequence[Effect], at: Sequence[float], texts: Sequence[str]
) -> tuple[svg.Mark, ...]:
    digits = effect_digits(outcome, line)
    return tuple(
        _effect_mark(outcome, e, x)._replace(
            said=f"{e.arm}, {text}: {' '.join(effect_words(outcome, e, digits))}")
        for e, x, text in zip(line, at, texts, strict=True)
    )  # fmt: skip


def _effect_mark(outcome: Outcome, effect: Effect, at: float) -> svg.Mark:
    scale = words.scale_of(outcome)
    lo, hi = (effect.lo, effect.hi) if effect.discordant else (math.nan, math.nan)
    return svg.Mark(at, effect.difference * scale, lo * scale, hi * scale,
                    hollow=effect.spans_zero)  # fmt: skip


def _effect_rows(sweep: Sweep, found: Findings, frame: Frame, key: str) -> list[svg.Row]:
    outcome = sweep.outcomes[key]
    pairs = [(a, arm, found.cells[frame.case, arm.name, key].effect)
             for a, arm in enumerate(sweep.arms)]  # fmt: skip
    known = [(a, arm, effect) for a, arm, effect in pairs if effect is not None]
    digits = effect_digits(outcome, [effect for _, _, effect in known])
    return [
        svg.Row(a, words.upper_first(arm.label), " ".join(effect_words(outcome, effect, digits)),
                _effect_mark(outcome, effect, 0.0))
        for a, arm, effect in known
    ]  # fmt: skip


def _share_rows(sweep: Sweep, found: Findings, frame: Frame, key: str) -> list[svg.Row]:
    rows = []
    for a in drawn_arms(sweep):
        arm = sweep.arms[a]
        share = found.cells[frame.case, arm.name, key].share
        if math.isfinite(share.mean):
            mark = svg.Mark(0.0, 100 * share.mean, 100 * share.lo, 100 * share.hi)
            rows.append(svg.Row(a, words.upper_first(arm.label), " ".join(share_words(share)),
                                mark))  # fmt: skip
    return rows


def _levels_sentence(sweep: Sweep, found: Findings, frame: Frame, key: str) -> str:
    outcome = sweep.outcomes[key]
    level = found.cells[frame.case, frame.reference.name, key].level
    mean, interval = level_words(outcome, level, level_digits(outcome, [level]))
    unit = unit_of(outcome, frame)
    histories = words.count(level.n, "history", "histories")
    said = f"{mean} {unit}".strip()
    if math.isnan(level.lo):
        same = "the same in every history" if level.n else "no history is there"
        return f"{frame.label}: with {frame.reference.label} {said} ({same}; {histories})."
    return f"{frame.label}: with {frame.reference.label} {said} {interval}, in {histories}."


def _axis_name(outcome: Outcome) -> str:
    return words.unit_of(outcome)


def _better(outcome: Outcome) -> str:
    return {"lower": "Lower is better.", "higher": "Higher is better."}.get(outcome.better, "")
