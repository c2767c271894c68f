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
from analysis.language import marked, say
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
SHARES = (0, 25, 50, 75, 100)  # percent
EVENLY = {  # whole numbers, evenly in the logarithm
    (False, False): marked("{lo} to {hi}, evenly"),
    (False, True): marked("{lo} to {hi}, evenly in the logarithm"),
    (True, False): marked("whole numbers, {lo} to {hi}, evenly"),
    (True, True): marked("whole numbers, {lo} to {hi}, evenly in the logarithm"),
}
BETTER = {"lower": marked("Lower is better."), "higher": marked("Higher is better.")}


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
    ticks = tuple(say("{number} %", number=words.plain(tick, 0)) for tick in SHARES)
    scale, panels = svg.Axis(0, 100, SHARES, ticks), []
    for key in found.main:
        for frame in drawn_frames(sweep):
            rows = _share_rows(sweep, found, frame, key)
            if rows:
                caption = f"{words.upper_first(sweep.outcomes[key].label)}, {frame.label}"
                said = say("Seed share of variance of {caption}. The table holds the numbers.",
                           caption=caption)  # fmt: skip
                name = say("share of variance")
                panels.append(Panel(caption, svg.forest(rows, scale, name, said)))
    return Card("shares", say("How much of the spread is chance?"), "", panels, [],
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
        return words.listed_values([words.typed(v) for v in factor.values]) + unit
    lo, hi = (words.numeral(f"{end:g}") for end in (factor.lo, factor.hi))
    return say(EVENLY[factor.whole, factor.scale == "log"], lo=lo, hi=hi + unit)


def _arm_card(sweep: Sweep, found: Findings, key: str) -> Card:
    outcome = sweep.outcomes[key]
    frames, panels = drawn_frames(sweep), []
    effects = [e for f in frames for a in sweep.arms
               if (e := found.cells[f.case, a.name, key].effect) is not None]  # fmt: skip
    if effects:
        marks = [_effect_mark(outcome, e, 0.0) for e in effects]
        x = svg.value_axis(marks, zero=True, most=4)
        for frame in frames:
            caption = say("{frame}: difference to {reference}", frame=frame.label,
                          reference=frame.reference.label)  # fmt: skip
            rows = _effect_rows(sweep, found, frame, key)
            said = say("{outcome}. {caption}. The table holds the numbers.", caption=caption,
                       outcome=words.upper_first(outcome.label))  # fmt: skip
            panels.append(Panel(caption, svg.forest(rows, x, words.unit_of(outcome), said)))
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
        same = say("{frame}: the same in every history, so that nothing is drawn.",
                   frame=frame.label)  # fmt: skip
        sentences.append(apart_words(sweep, frame, factor, key, response) if drawn else same)
    name = f"{factor.key}-{key}".replace(".", "-")
    return Card(name, words.upper_first(outcome.label), "", panels, [s for s in sentences if s],
                bins_table(sweep, found, factor, key))  # fmt: skip


def _response_panels(
    sweep: Sweep, frame: Frame, factor: Factor, outcome: Outcome, response: Response
) -> list[Panel]:
    """Two panels: the outcome with each arm, and the difference to the first arm."""
    arms, bins = drawn_arms(sweep), response.bins
    texts = [bin_words(factor, b) for b in bins]
    if factor.kind == "list":
        x, at = svg.list_axis(texts), [float(k) for k in range(len(bins))]
    else:
        x = svg.number_axis(factor.lo, factor.hi, log=factor.scale == "log")
        at = [b.at for b in bins]
    unit = f" ({words.spoken_unit(factor.unit)})" if factor.unit not in words.BARE_UNITS else ""
    name = f"{factor.key.rpartition('.')[2]}{unit}"
    levels = [svg.Line(a, _level_marks(outcome, response.levels[a], at, texts, sweep.arms[a]))
              for a in arms]  # fmt: skip
    changes = [svg.Line(a, _effect_marks(outcome, response.effects[a - 1], at, texts))
               for a in arms if a]  # fmt: skip
    panels = []
    for lines, zero in ((levels, False), (changes, True)):
        marks = [m for line in lines for m in line.marks if math.isfinite(m.value)]
        if any(m.value != marks[0].value or m.hi > m.lo for m in marks):
            caption = _caption(frame, outcome, differences=zero)
            said = say("{outcome} along {setting}. {caption}. See the table.", caption=caption,
                       outcome=words.upper_first(outcome.label),
                       setting=words.lower_first(factor.label))  # fmt: skip
            y = svg.value_axis(marks, zero=zero)
            panels.append(Panel(caption, svg.response(lines, x, y, name, said)))
    return panels


def _caption(frame: Frame, outcome: Outcome, *, differences: bool) -> str:
    """What a panel along a setting shows, with its unit where it has one."""
    told = {"frame": frame.label, "reference": frame.reference.label,
            "unit": words.unit_of(outcome)}  # fmt: skip
    if differences and told["unit"]:
        return say("{frame}: difference to {reference} ({unit})", **told)
    if differences:
        return say("{frame}: difference to {reference}", **told)
    if told["unit"]:
        return say("{frame}: with each arm ({unit})", **told)
    return say("{frame}: with each arm", **told)


def _level_marks(
    outcome: Outcome, line: Sequence[Estimate], at: Sequence[float], texts: Sequence[str], arm: Arm
) -> tuple[svg.Mark, ...]:
    scale, digits = words.scale_of(outcome), level_digits(outcome, line)
    return tuple(
        svg.Mark(x, e.mean * scale, *((math.nan, math.nan) if outcome.is_probability
                                      and e.mean in (0.0, 1.0) else (e.lo * scale, e.hi * scale)),
                 said=_told(arm.label, text, level_words(outcome, e, digits)))
        for e, x, text in zip(line, at, texts, strict=True)
    )  # fmt: skip


def _effect_marks(
    outcome: Outcome, line: Sequence[Effect], at: Sequence[float], texts: Sequence[str]
) -> tuple[svg.Mark, ...]:
    digits = effect_digits(outcome, line)
    return tuple(
        _effect_mark(outcome, e, x)._replace(
            said=_told(e.arm, text, effect_words(outcome, e, digits)))
        for e, x, text in zip(line, at, texts, strict=True)
    )  # fmt: skip


def _told(arm: str, values: str, numbers: Sequence[str]) -> str:
    return say("{arm}, {values}: {number}", arm=arm, values=values, number=" ".join(numbers))


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
    told = {
        "frame": frame.label, "reference": frame.reference.label,
        "level": f"{mean} {unit_of(outcome, frame)}".strip(), "interval": interval,
        "histories": words.count(level.n, "history", "histories"),
    }  # fmt: skip
    if not math.isnan(level.lo):
        return say("{frame}: with {reference} {level} {interval}, in {histories}.", **told)
    if level.n:
        return say("{frame}: with {reference} {level} (the same in every history; {histories}).",
                   **told)  # fmt: skip
    return say("{frame}: with {reference} {level} (no history is there; {histories}).", **told)


def _better(outcome: Outcome) -> str:
    known = BETTER.get(outcome.better)
    return say(known) if known else ""
