"""Small charts as plain SVG: drawn beforehand, coloured by classes, readable without scripts.

Every chart is `WIDTH` units wide and grows with its column, so that one drawing serves a desk and a
phone. Colours are the tokens of `analysis.theme`; marks differ in shape and lines in dashes too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from analysis import theme, words
from analysis.figures.layout import nice_ticks, tick_digits

WIDTH = 340
LEFT, RIGHT, TOP, BOTTOM = 46, 10, 10, 46
EDGE = 20  # of a forest, so that the outer ticks fit
HEIGHT = 220
ROW, LINE = 44, 14
LONGEST = 52  # letters in a line of a whole chart
SHAPES = {
    "circle": '<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="4.4"/>',
    "diamond": "M{:.1f} {:.1f}m0-5.8l5.8 5.8-5.8 5.8-5.8-5.8z",
    "square": "M{:.1f} {:.1f}m-4.4-4.4h8.8v8.8h-8.8z",
    "triangle-up": "M{:.1f} {:.1f}m0-5.8l5.6 9.8h-11.2z",
    "hexagon": "M{:.1f} {:.1f}m-5.4 0l2.7-4.6h5.4l2.7 4.6-2.7 4.6h-5.4z",
    "star": "M{:.1f} {:.1f}m0-6.4l1.8 4.2 4.6.4-3.5 3 1.1 4.5-4-2.4-4 2.4 1.1-4.5-3.5-3 4.6-.4z",
    "pentagon": "M{:.1f} {:.1f}m0-5.4l5.3 3.8-2 6.2h-6.6l-2-6.2z",
    "cross": "M{:.1f} {:.1f}m-1.8-5.4h3.6v3.6h3.6v3.6h-3.6v3.6h-3.6v-3.6h-3.6v-3.6h3.6z",
}
DASHES = {"solid": "", "dash": "7 4", "dot": "2 3", "dashdot": "7 3 2 3", "longdash": "11 4",
          "longdashdot": "11 3 2 3"}  # fmt: skip


class Mark(NamedTuple):
    """A value with its interval in shown units; NaN ends: none. ``hollow``: spans zero."""

    at: float
    value: float
    lo: float
    hi: float
    hollow: bool = False
    said: str = ""


class Line(NamedTuple):
    """Marks of one arm, joined. ``arm``: its place among all arms."""

    arm: int
    marks: tuple[Mark, ...]


class Row(NamedTuple):
    """One row of a forest: a label and numbers above a mark."""

    arm: int
    label: str
    numbers: str
    mark: Mark


class Axis(NamedTuple):
    """A scale: ends, ticks and their texts, on a logarithm or not."""

    lo: float
    hi: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]
    log: bool = False

    def share(self, value: float) -> float:
        """Place of a value, 0 to 1."""
        if self.log:
            return math.log(value / self.lo) / math.log(self.hi / self.lo)
        return (value - self.lo) / (self.hi - self.lo)


def value_axis(marks: Sequence[Mark], *, zero: bool, most: int = 5) -> Axis:
    """A scale that holds every mark; ``zero``: and no change."""
    ends = [x for m in marks for x in (m.value, m.lo, m.hi) if math.isfinite(x)]
    lo, hi = min(ends, default=0.0), max(ends, default=1.0)
    if zero or 0 <= lo < 0.6 * hi:
        lo, hi = min(lo, 0.0), max(hi, 0.0)
    pad = 0.06 * (hi - lo) or abs(hi) * 0.1 or 0.5
    lo, hi = lo - (pad if lo < 0 or not (zero or lo == 0) else 0.02 * (hi - lo)), hi + pad
    ticks = nice_ticks(lo, hi, most)
    digits = tick_digits(ticks)
    said = words.signed if zero else words.plain
    return Axis(lo, hi, tuple(ticks), tuple(said(t, digits) for t in ticks))


def number_axis(lo: float, hi: float, *, log: bool) -> Axis:
    """The scale of a setting, from one end of its range to the other."""
    if log:
        ticks = _log_ticks(lo, hi)
        return Axis(lo, hi, ticks, tuple(words.numeral(f"{t:g}") for t in ticks), log=True)
    ticks = tuple(nice_ticks(lo, hi, 5))
    return Axis(lo, hi, ticks, tuple(words.plain(t, tick_digits(ticks)) for t in ticks))


def list_axis(labels: Sequence[str]) -> Axis:
    """Values of a list, side by side."""
    told = tuple("\n".join(_pieces(label)) for label in labels)
    return Axis(-0.5, len(labels) - 0.5, tuple(map(float, range(len(labels)))), told)


def _pieces(label: str) -> list[str]:
    """A label in lines of at most 12 letters, broken after marks between words where it can be."""
    parts = re.findall(r"[^\s_+/-]{1,11}[\s_+/-]?|[\s_+/-]", label)
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > 12:
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines]


def response(lines: Sequence[Line], x: Axis, y: Axis, name: str, said: str) -> Markup:
    """Means with intervals along a setting; ``name``: what the setting is called."""
    wide, high = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
    pieces = [_grid(y, wide, high), _foot(x, wide, high, name)]
    step = min(7.0, 30.0 / max(len(lines), 1))
    for k, line in enumerate(lines):
        shift = (k - (len(lines) - 1) / 2) * step
        spots = [
            (m, LEFT + x.share(m.at) * wide + shift, [TOP + (1 - y.share(v)) * high
             for v in (m.value, m.lo, m.hi)]) for m in line.marks if math.isfinite(m.value)
        ]  # fmt: skip
        path = "M" + "L".join(f"{px:.1f} {py[0]:.1f}" for _, px, py in spots)
        dash = DASHES[theme.arm_dash(line.arm)]
        body = [Markup('<path class="ln" d="{}"{}/>').format(
            path, Markup(' stroke-dasharray="{}"').format(dash) if dash else "")]  # fmt: skip
        for mark, px, (py, top, foot) in spots:
            bar = f"M{px:.1f} {top:.1f}V{foot:.1f}" if math.isfinite(top) else ""
            body.append(_mark(line.arm, px, py, bar, mark))
        pieces.append(_armed(line.arm, body))
    more = LINE * (_deepest(x) - 1) + LINE * (len(words.wrap(name, LONGEST)) - 1)
    return _svg(HEIGHT + more, said, pieces)


def forest(rows: Sequence[Row], x: Axis, unit: str, said: str) -> Markup:
    """One row per arm: label and numbers, and the mark with its interval below them."""
    told = [_told(row) for row in rows]
    high = ROW * len(rows) + LINE * sum(len(lines) - 1 for lines in told)
    wide = WIDTH - 2 * EDGE
    zero = EDGE + x.share(0.0) * wide if x.lo <= 0 <= x.hi else -1.0
    pieces = [
        Markup('<path class="gr" d="M{0:.1f} {1}V{2}"/><text class="tk mid" x="{0:.1f}" y="{3}">{4}'
               "</text>").format(EDGE + x.share(t) * wide, TOP, TOP + high, TOP + high + 17, text)
        for t, text in zip(x.ticks, x.texts, strict=True)
    ]  # fmt: skip
    if zero >= 0:
        line = Markup('<path class="zero" d="M{:.1f} {}V{}"/>')
        pieces.append(line.format(zero, TOP, TOP + high))
    foot = TOP
    for row, lines in zip(rows, told, strict=True):
        y = foot + LINE * (len(lines) - 1) + 32
        foot = y + ROW - 32
        pieces += [_text("lb", 4, y - 13 - LINE * k, line)
                   for k, line in enumerate(reversed(lines)) if line]  # fmt: skip
        pieces.append(_text("nb", WIDTH - 4, y - 13, row.numbers))
        if math.isfinite(row.mark.value):
            at, lo, hi = (EDGE + x.share(v) * wide if math.isfinite(v) else v
                          for v in (row.mark.value, row.mark.lo, row.mark.hi))  # fmt: skip
            bar = f"M{lo:.1f} {y}H{hi:.1f}" if math.isfinite(lo) else ""
            pieces.append(_armed(row.arm, [_mark(row.arm, at, y, bar, row.mark)]))
    pieces.append(_named(unit, TOP + high + 36))
    more = LINE * (len(words.wrap(unit, LONGEST)) - 1)
    return _svg(TOP + high + BOTTOM - 4 + more, said, pieces)


def sign(arm: int) -> Markup:
    """The line and mark of an arm, for a key."""
    dash = DASHES[theme.arm_dash(arm)]
    line = Markup('<path class="ln" d="M1 7H27"{}/>').format(
        Markup(' stroke-dasharray="{}"').format(dash) if dash else ""
    )
    body = _armed(arm, [line, _mark(arm, 14, 7, "", Mark(0, 0, 0, 0))])
    return Markup('<svg class="sign" viewBox="0 0 28 14" aria-hidden="true">{}</svg>').format(body)


def _told(row: Row) -> list[str]:
    """Lines of a label; the numbers stand beside the last one, which is empty where none fits."""
    lines = words.wrap(row.label, LONGEST)
    return lines if len(lines[-1]) <= max(8, 44 - len(row.numbers)) else [*lines, ""]


def _text(kind: str, x: float, y: float, text: str) -> Markup:
    return Markup('<text class="{}" x="{}" y="{}">{}</text>').format(kind, x, y, text)


def _deepest(x: Axis) -> int:
    """Lines of the longest text of a scale."""
    return max((text.count("\n") + 1 for text in x.texts), default=1)


def _armed(arm: int, body: Sequence[Markup]) -> Markup:
    token = theme.arm_token(arm).lstrip("@")
    return Markup('<g class="c-{}">{}</g>').format(token, Markup("").join(body))


def _mark(arm: int, x: float, y: float, bar: str, mark: Mark) -> Markup:
    shape = SHAPES[theme.arm_symbol(arm)]
    kind = "hollow" if mark.hollow else "full"
    if shape.startswith("<"):
        drawn = Markup(shape).format(kind, x, y)  # noqa: S704 - our own constants
    else:
        drawn = Markup('<path class="{}" d="{}"/>').format(kind, shape.format(x, y))
    line = Markup('<path class="iv" d="{}"/>').format(bar) if bar else Markup("")
    title = Markup("<title>{}</title>").format(mark.said) if mark.said else Markup("")
    return Markup("<g>{}{}{}</g>").format(title, line, drawn)


def _grid(y: Axis, wide: float, high: float) -> Markup:
    lines = []
    for tick, text in zip(y.ticks, y.texts, strict=True):
        at = TOP + (1 - y.share(tick)) * high
        kind = "zero" if tick == 0 else "gr"
        lines.append(Markup('<path class="{}" d="M{} {:.1f}h{}"/><text class="tk end" x="{}" '
                            'y="{:.1f}">{}</text>').format(kind, LEFT, at, wide, LEFT - 6, at + 4,
                                                           text))  # fmt: skip
    return Markup("").join(lines)


def _foot(x: Axis, wide: float, high: float, name: str) -> Markup:
    texts = [
        Markup('<text class="tk mid" x="{:.1f}" y="{}">{}</text>').format(
            LEFT + x.share(tick) * wide, TOP + high + 17 + LINE * k, line
        )
        for tick, text in zip(x.ticks, x.texts, strict=True)
        for k, line in enumerate(text.split("\n"))
    ]
    line = Markup('<path class="ax" d="M{} {}h{}"/>').format(LEFT, TOP + high, wide)
    return Markup("{}{}{}").format(line, Markup("").join(texts), _named(
        name, TOP + high + 36 + LINE * (_deepest(x) - 1)))


def _named(name: str, y: float) -> Markup:
    lines = enumerate(words.wrap(name, LONGEST))
    return Markup("").join(_text("tk mid", WIDTH / 2, y + LINE * k, line) for k, line in lines)


def _svg(high: float, said: str, pieces: Sequence[Markup]) -> Markup:
    return Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>'
                  ).format(WIDTH, high, said, Markup("").join(pieces))  # fmt: skip


def _log_ticks(lo: float, hi: float) -> tuple[float, ...]:
    """Powers of ten with their doubles and fivefolds, at most six."""
    first, last = math.floor(math.log10(lo)), math.ceil(math.log10(hi))
    for steps in ((1, 2, 5), (1, 3), (1,)):
        ticks = [m * 10.0**k for k in range(first, last + 1) for m in steps]
        inside = tuple(t for t in ticks if lo * 0.999 <= t <= hi * 1.001)
        if len(inside) <= 6:
            break
    return inside or (lo, hi)
