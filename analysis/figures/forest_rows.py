"""Rows of the forest: in order for a few arms, grouped and sorted for many.

Many arms stand in three groups (bundles, each mechanism alone, a bundle less one), each sorted with
the most improved first; arms in focus keep their colours, the others are muted.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from analysis import theme, words
from analysis.effects import Effect, effects
from analysis.figures.effect_table import note
from analysis.figures.figure import Spec
from analysis.figures.layout import apart, broken, lines_of
from analysis.focus import ALONE, BUNDLES, WITHOUT, in_focus, kind_of, many
from analysis.headline import headline_arm
from analysis.language import marked, say
from analysis.study import Arm, Study

ROW, MANY_ROW = 52, 25
NARROW_ROW, MANY_NARROW_ROW = 66, 40
LONGEST = 32  # letters in a line of a label beside one of many rows
GROUPS = {
    BUNDLES: marked("bundles"),
    ALONE: marked("each mechanism alone"),
    WITHOUT: marked("all mechanisms but one"),
}


class Line(NamedTuple):
    """One row. ``colour``: place of the arm among those in focus, -1: muted; ``at``: from above."""

    colour: int
    arm: Arm
    effect: Effect
    at: float

    @property
    def token(self) -> str:
        """Colour of the mark."""
        return theme.arm_token(self.colour) if self.colour > 0 else "@muted"

    @property
    def symbol(self) -> str:
        """Symbol of the mark."""
        return theme.arm_symbol(self.colour) if self.colour > 0 else "circle"


class Rows(NamedTuple):
    """All rows of one outcome and the headings of their groups (text, place)."""

    lines: list[Line]
    headings: list[tuple[str, float]]
    many: bool

    @property
    def places(self) -> float:
        """Rows and headings, and what labels of two lines need more."""
        return self.lines[-1].at + 1.0

    @property
    def found(self) -> list[Effect]:
        """Effects in the order of the rows."""
        return [line.effect for line in self.lines]

    def height(self, narrow: bool = False) -> int:
        """Height of the plot area."""
        each = (NARROW_ROW, MANY_NARROW_ROW) if narrow else (ROW, MANY_ROW)
        return round(each[int(self.many)] * self.places)


def rows_of(study: Study, key: str) -> Rows:
    """Rows of one outcome."""
    found = effects(study)
    if not many(study):
        lines = [Line(i, arm, found[arm.name, key], float(i - 1))
                 for i, arm in enumerate(study.arms) if i]  # fmt: skip
        return Rows(lines, [], False)
    focus = [arm.name for arm in in_focus(study).arms]
    sign = study.outcomes[key].bad_sign or -1
    lines = []
    headings: list[tuple[str, float]] = []
    at, above = -1.0, 1
    for kind, heading in GROUPS.items():
        arms = [arm for arm in study.arms[1:] if kind_of(arm) == kind]
        if not arms:
            continue
        at, above = at + apart([above, 1], MANY_ROW)[-1], 1
        headings.append((say(heading), at))
        for arm in sorted(arms, key=lambda arm: _rank(found[arm.name, key], sign)):
            below = lines_of(tick_of(arm))
            at, above = at + apart([above, below], MANY_ROW)[-1], below
            index = focus.index(arm.name) if arm.name in focus else -1
            lines.append(Line(index, arm, found[arm.name, key], at))
    return Rows(lines, headings, True)


def tick_of(arm: Arm) -> str:
    """The label beside a row of many, in lines."""
    return broken(label_of(arm), LONGEST)


def label_of(arm: Arm) -> str:
    """The arm's label; a bundle less one is told by what it lacks."""
    label = words.upper_first(arm.label)
    if kind_of(arm) != WITHOUT or " but " not in label:
        return label
    return say("without {mechanism}", mechanism=label.split(" but ")[-1])


def headings(rows: Rows) -> list[Spec]:
    """Headings of the groups at the left edge."""
    return [
        note(f"<b>{text}</b>", x=0, xshift=6, y=at, yref="y", size=12, color="@muted")
        for text, at in rows.headings
    ]


def bundle_line(study: Study, rows: Rows, scale: float) -> list[Spec]:
    """A dotted line at the effect of the largest bundle beside the rows of bundles less one."""
    arm = headline_arm(study)
    lacking = [line.at for line in rows.lines if kind_of(line.arm) == WITHOUT]
    whole = [line for line in rows.lines if arm is not None and line.arm.name == arm.name]
    if not rows.many or not lacking or not whole or not math.isfinite(whole[0].effect.difference):
        return []
    x = float(f"{whole[0].effect.difference * scale:.6g}")
    return [{
        "type": "line", "x0": x, "x1": x, "y0": min(lacking) - 0.5, "y1": max(lacking) + 0.5,
        "line": {"color": whole[0].token, "width": 1.2, "dash": "dot"}, "layer": "below",
    }]  # fmt: skip


def _rank(effect: Effect, bad_sign: int) -> float:
    """Most improved first; undefined effects last."""
    return bad_sign * effect.difference if math.isfinite(effect.difference) else math.inf
