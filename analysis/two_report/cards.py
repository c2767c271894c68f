"""Figures of the page, and the two headlines beside each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from analysis import words
from analysis.changes import Line
from analysis.headline import Headline, arm_to_claim, headline
from analysis.language import marked, say
from analysis.report.cards import card_values, headline_cards, scale
from analysis.study import Arm, Outcome, Study
from analysis.sweep_report import svg
from analysis.sweep_report.cards import Card, Panel
from analysis.two_report import tables
from analysis.two_report.rows import EFFECTS, LEVELS, Found, Row

MOST_DRAWN = 8  # arms of one panel
MOST_BESIDE = 4  # of the panels with two rows for each arm
PAIRED_ALT = marked("{caption}: {what}, paired, with 95 % intervals. The table holds the numbers.")
UNPAIRED_ALT = marked(
    "{caption}: {what}, unpaired, with 95 % intervals. The table holds the numbers."
)
DIFFERENCE = marked("B minus A")
BETTER = {
    "lower": marked("{outcome}, lower is better"),
    "higher": marked("{outcome}, higher is better"),
}


def heads(found: Found) -> tuple[Headline, Headline]:
    """Both headlines, as each study's own report says them."""
    a, b = found.asked.studies
    return headline(a), headline(b)


def side_cards(found: Found) -> list[dict[str, Any]]:
    """One card per study: its name, what it holds, its headline with drawings."""
    sides = []
    told = [*zip("AB", found.asked.names, found.asked.studies, heads(found), strict=True)]
    ends = _one_scale(told)
    for letter, name, study, head in told:
        sides.append({
            "letter": letter,
            "name": name,
            "facts": _facts(study),
            "head": head,
            "cards": headline_cards(study, head, ends),
        })  # fmt: skip
    return sides


def _facts(study: Study) -> str:
    arms = words.count(len(study.arms), "arm")
    seeds = words.count(study.counts.launched // len(study.arms), "seed")
    whole = study.years == int(study.years)
    years = (words.count(int(study.years), "year") if whole
             else say("{number} years", number=words.plain(study.years, 1)))  # fmt: skip
    return say("{region}: {arms}, {seeds}, {years}", region=study.region_label, arms=arms,
               seeds=seeds, years=years)  # fmt: skip


def _one_scale(told: Sequence[tuple[str, str, Study, Headline]]) -> tuple[float, float] | None:
    """One scale for both drawings where both headlines are about the same outcome."""
    a, b = (head for *_, head in told)
    if a.outcome != b.outcome or any(h.effect is None or h.effect.n < 2 for h in (a, b)):
        return None
    return scale([one for *_, study, head in told for one in card_values(study, head)])


def difference_cards(found: Found) -> list[Card]:
    """Two figures: every outcome of every arm, and every effect, in B minus in A."""
    if not found.differences:
        return []
    first = found.arms[0].label
    told = (
        (LEVELS, say("Do the outcomes differ?"), say("B minus A, arm by arm.")),
        (EFFECTS, say("Does an arm do something else in B?"),
         say("The effect of each arm against {first}: in B minus in A.", first=first)),
    )  # fmt: skip
    return [card for what, title, about in told if (card := _card(found, what, title, about))]


def own_card(found: Found) -> Card | None:
    """Effects within A and within B, side by side."""
    if len(found.arms) < 2:
        return None
    panels = []
    drawn = {arm.name for arm in drawn_arms(found.arms, MOST_BESIDE)}
    by = {arm.name: arm for arm in found.arms}
    for key, outcome in found.outcomes.items():
        rows = [
            svg.Row(k, say("{study}: {text}", study=letter,
                               text=words.lower_first(by[line.about].label)),
                    tables.numbers(outcome, line), _mark(outcome, line))
            for pair in zip(*found.own, strict=True)
            for k, (letter, line) in enumerate(zip("AB", pair, strict=True))
            if line.outcome == key and line.about in drawn
        ]  # fmt: skip
        panels += _panel(found, outcome, rows,
                         say("difference to {arm}", arm=found.arms[0].label))  # fmt: skip
    about = say("Each arm minus {first}, within the seeds of each study.",
                first=found.arms[0].label)  # fmt: skip
    return Card("own", say("What does each arm do in A, and in B?"), about, panels,
                left_out(found, MOST_BESIDE), tables.own_table(found))  # fmt: skip


def drawn_arms(arms: Sequence[Arm], most: int) -> list[Arm]:
    """The arms that are drawn: all where they are few, else the first, the headline's, further."""
    if len(arms) <= most:
        return list(arms)
    claimed = arm_to_claim(arms)
    order = [arms[0], *([claimed] if claimed else []), *arms]
    chosen = {arm.name for arm in _distinct(order)[:most]}
    return [arm for arm in arms if arm.name in chosen]


def left_out(found: Found, most: int) -> list[str]:
    """A sentence where not all arms are drawn."""
    if len(found.arms) <= most:
        return []
    return [say("{most} of {number} arms are drawn; the table holds all.", most=most,
                number=len(found.arms))]  # fmt: skip


def _distinct(arms: Sequence[Arm]) -> list[Arm]:
    return list({arm.name: arm for arm in arms}.values())


def _card(found: Found, what: str, title: str, about: str) -> Card | None:
    rows = found.of(what)
    if not rows:
        return None
    drawn = drawn_arms(found.arms, MOST_DRAWN)
    place = {arm.name: k for k, arm in enumerate(found.arms)}
    panels = []
    for key, outcome in found.outcomes.items():
        own = [row for row in rows if row.line.outcome == key and row.arm in drawn]
        marks = [
            svg.Row(place[row.arm.name], words.upper_first(row.arm.label),
                    tables.numbers(outcome, row.line), _mark(outcome, row.line, row))
            for row in own
        ]  # fmt: skip
        panels += _panel(found, outcome, marks, say(DIFFERENCE))
    table = tables.rows_table(found, rows, what, title)
    return Card(what, title, about, panels, left_out(found, MOST_DRAWN), table)


def _panel(found: Found, outcome: Outcome, rows: list[svg.Row], what: str) -> list[Panel]:
    if not any(math.isfinite(row.mark.value) for row in rows):
        return []
    label = words.upper_first(outcome.label)
    caption = say(BETTER[outcome.better], outcome=label) if outcome.better in BETTER else label
    axis = svg.value_axis([row.mark for row in rows], zero=True, most=4)
    unit = words.unit_of(outcome)
    name = f"{what}, {unit}" if unit else what
    paired = found.paired or what != say(DIFFERENCE)
    said = say(PAIRED_ALT if paired else UNPAIRED_ALT, caption=caption, what=what)
    return [Panel(caption, svg.forest(rows, axis, name, said))]


def _mark(outcome: Outcome, line: Line, row: Row | None = None) -> svg.Mark:
    """A mark; filled where a verdict is given and the interval excludes zero."""
    scale = words.scale_of(outcome)
    lo, hi = (line.lo, line.hi) if line.differ else (math.nan, math.nan)
    clear = row.clear if row else bool(not line.reason and (line.lo > 0 or line.hi < 0))
    said = tables.verdict_words(line)
    return svg.Mark(0.0, line.difference * scale, lo * scale, hi * scale, hollow=not clear,
                    said=said)  # fmt: skip
