"""An emulator in words, at most 100 columns."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from analysis import words
from analysis.emulator.build import LEAST_Q2, flat_limit, told_q2
from analysis.emulator.families import WORDS, is_switch
from analysis.emulator.held import LEVEL as RANGE
from analysis.emulator.model import Emulator
from analysis.emulator.quality import Quality
from analysis.words import filled as _filled

MOST_SWITCHES = 17


def told(emulator: Emulator) -> list[str]:
    """What was fitted, how good it is where, what it says at a few points."""
    lines: list[str] = []
    for part in (_head(emulator), _verdict(emulator), _quality(emulator), _says(emulator)):
        own = list(part)
        lines += [*([""] if lines and own else []), *own]
    return lines


def quality_frame(emulator: Emulator) -> pd.DataFrame:
    """Quality by family, one row each."""
    return pd.DataFrame([one._asdict() for one in emulator.quality], columns=Quality._fields)


def _head(emulator: Emulator) -> Iterator[str]:
    about, kind = emulator.about, "logit-link" if emulator.logit else "plain"
    places = dict.fromkeys([str(about.get("region", "")), str(about.get("frame", ""))])
    yield f"{emulator.outcome.label}: {', '.join(p for p in places if p)}"
    yield f"arm {about.get('arm', '')}, {about.get('years', 0):g} years"
    yield from _filled(f"{kind} polynomial chaos, {len(emulator.terms)} terms of "
           f"{words.count(len(emulator.axes), 'setting')}; {about.get('points', 0):,} points "
           f"(method={about.get('method', '')}) x {about.get('seeds', 0)} seeds = "
           f"{about.get('runs', 0):,} runs; ridge {about.get('ridge', 0):g}")  # fmt: skip


def _verdict(emulator: Emulator) -> Iterator[str]:
    if emulator.refusals:
        yield "REFUSED: held-out quality is short."
        for text in emulator.refusals:
            yield from _filled(f"{words.upper_first(text)}.", "  ")
    else:
        yield (f"Accepted: held-out Q2 at least {LEAST_Q2:g} by the lower end of its interval, "
               "wherever it varies.")  # fmt: skip
        still = [WORDS[q.family] for q in emulator.quality if q.spread < flat_limit(emulator)]
        if still:
            yield from _filled("It knows the level and cannot tell what moves it where the truth "
                               f"hardly varies: {'; '.join(still)}.", "  ")  # fmt: skip
    missing = [WORDS[name] for name in WORDS if name not in {q.family for q in emulator.quality}]
    if missing and any(is_switch(axis.key) for axis in emulator.axes):
        yield from _filled(f"Not tested and not claimed: {'; '.join(missing)}.", "  ")
    for text in emulator.flags:
        yield from _filled(f"Note: {text}", "  ")


def _quality(emulator: Emulator) -> Iterator[str]:
    unit = words.unit_of(emulator.outcome)
    sizes = [x for one in emulator.quality for x in (one.rmse, one.spread)]
    digits = words.digits_for(*sizes, significant=3) if words.scale_of(emulator.outcome) == 1 else 1
    yield ("Held-out quality, noise of the runs taken off" + (f"; errors {unit}" if unit else ""))
    yield (f"  {'family':<32}{'points':>6}{'Q2 (95 %)':>22}{'shape':>7}{'ceiling':>9}{'error':>8}"
           f"{'varies':>8}")  # fmt: skip
    for one in emulator.quality:
        ends = f"{told_q2(one.q2)} ({told_q2(one.q2_lo)} to {told_q2(one.q2_hi)})"
        errors = "".join(f"{_scaled(emulator, x, digits):>8}" for x in (one.rmse, one.spread))
        yield (f"  {WORDS[one.family]:<32}{one.points:>6}{ends:>22}{told_q2(one.q2_shape):>7}"
               f"{told_q2(one.ceiling):>9}{errors}")  # fmt: skip
    yield "  Q2: 1 is perfect. shape: with the luck of the seeds taken off the level; ceiling: what"
    yield "  a perfect emulator reaches against the plain means of so few seeds; varies: standard"
    yield "  deviation of the truth"
    yield from _coverage(emulator)


def _coverage(emulator: Emulator) -> Iterator[str]:
    known = [one for one in emulator.quality if not math.isnan(one.coverage)]
    if not known:
        return
    yield "How often the 90 % range held, at points and seeds that set neither fit nor width"
    for one in known:
        ends = f"({100 * one.coverage_lo:.0f} to {100 * one.coverage_hi:.0f})"
        narrow = "  its ranges are too narrow here" if one.coverage_hi < RANGE else ""
        yield f"  {WORDS[one.family]:<32}{100 * one.coverage:>5.0f} % {ends}{narrow}"


def _says(emulator: Emulator) -> Iterator[str]:
    if emulator.refusals:
        return
    switches = [axis for axis in emulator.axes if is_switch(axis.key)]
    conditions = len(emulator.axes) - len(switches)
    over = f", averaged over {len(emulator.conditions)} stored conditions" if conditions else ""
    unit = words.unit_of(emulator.outcome)
    of = f", {unit}" if unit else ""
    yield from _filled(f"What it says{over} (90 % emulator range, not of the world){of}")
    first = "every mechanism off" if switches else "at the defaults"
    rows: list[tuple[str, dict[str, float]]] = [(first, {})]
    rows += [(f"{axis.label.partition(':')[0]} at {axis.hi:g}", {axis.key: axis.hi})
             for axis in switches[:MOST_SWITCHES]]  # fmt: skip
    if len(switches) > 1:
        rows.append(("every one at its greatest", {axis.key: axis.hi for axis in switches}))
    for label, settings in rows:
        said = emulator.average(settings)
        ends = f"({_scaled(emulator, said.lo)} to {_scaled(emulator, said.hi)})"
        yield f"  {_short(label):<50}{_scaled(emulator, said.mean):>7} {ends}"
        if said.warnings:
            yield from _filled(f"warning: {'; '.join(said.warnings)}", "    ")


def _short(label: str) -> str:
    return label if len(label) < 49 else label[:46] + "..."


def _scaled(emulator: Emulator, number: float, digits: int | None = None) -> str:
    if math.isnan(number):
        return "-"
    shown = number * words.scale_of(emulator.outcome)
    if shown == 0.0:
        return "0"
    if digits is None:
        chance = words.scale_of(emulator.outcome) > 1
        digits = 1 if chance else words.digits_for(shown, significant=3)
    return words.plain(shown, digits)
