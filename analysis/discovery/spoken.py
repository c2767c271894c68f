"""Settings, limits and numbers of an answer in the words and units of the declarations."""

from __future__ import annotations

import math
import textwrap

from analysis import words
from analysis.crossed import Estimate
from analysis.discovery.peel import Box
from analysis.language import say
from analysis.sweep_study import Factor

WIDTH = 96


def number(factor: Factor, value: float) -> str:
    """A value of a setting with digits that suit its range, without the unit."""
    if factor.whole:
        return words.plain(value, 0)
    lo, hi = ends_of(factor)
    size = abs(value) if factor.scale == "log" and value else hi - lo
    return words.plain(value, words.digits_for(size, significant=3))


def ends_of(factor: Factor) -> tuple[float, float]:
    """Lowest and highest value that was swept."""
    if factor.kind == "range":
        return factor.lo, factor.hi
    listed = [float(value) for value in factor.values]
    return min(listed), max(listed)


def limit_words(factor: Factor, lo: float, hi: float) -> str:
    """A range of a setting: ``at most 0.31 per year``, ``3 or more``, ``no``."""
    if factor.kind == "list":
        kept = [v for v in factor.values if lo <= float(v) <= hi]
        return words.listing([_named(v) for v in kept], "or")
    unit = "" if factor.unit in words.BARE_UNITS else f" {words.spoken_unit(factor.unit)}"
    if factor.whole:
        low, high = math.ceil(max(lo, factor.lo)), math.floor(min(hi, factor.hi))
        if not math.isfinite(lo):
            return say("{number} or fewer", number=high) + unit
        return (say("{number} or more", number=low) if not math.isfinite(hi)
                else say("{lo} to {hi}", lo=low, hi=high)) + unit  # fmt: skip
    if not math.isfinite(lo):
        return say("at most {number}", number=number(factor, hi)) + unit
    if not math.isfinite(hi):
        return say("at least {number}", number=number(factor, lo)) + unit
    return say("{lo} to {hi}", lo=number(factor, lo), hi=number(factor, hi)) + unit


def value_words(factor: Factor, value: float) -> str:
    """One value of a list as it was given."""
    return next((_named(v) for v in factor.values if float(v) == value), f"{value:g}")


def swept_words(factor: Factor) -> str:
    """What was swept: both ends of a range, or the list."""
    if factor.kind == "list":
        return "of " + words.listing([_named(v) for v in factor.values], "or")
    return f"swept {number(factor, factor.lo)} to {number(factor, factor.hi)}"


def box_words(settings: tuple[Factor, ...], box: Box) -> str:
    """All restrictions of a box in one phrase."""
    parts = [
        f"{settings[k].label}: {limit_words(settings[k], box.lo[k], box.hi[k])}"
        for k in range(len(settings))
        if box.restricted[k]
    ]
    return "; ".join(parts) or "no restriction"


def percent(share: float) -> str:
    """A share in percent."""
    return "not defined" if math.isnan(share) else f"{words.plain(100 * share, 0)} %"


def with_interval(found: Estimate) -> str:
    """A share with its 95 % interval, in percent."""
    if math.isnan(found.lo):
        return f"{percent(found.mean)} (no interval)"
    lo, hi = (words.plain(100 * x, 0) for x in (found.lo, found.hi))
    return f"{percent(found.mean)} ({lo} to {hi})"


def two_digits(found: Estimate) -> str:
    """An index with its 95 % interval."""
    if math.isnan(found.mean):
        return "not defined"
    if math.isnan(found.lo):
        return f"{words.plain(found.mean, 2)} (no interval)"
    return (
        f"{words.plain(found.mean, 2)} ({words.plain(found.lo, 2)} to {words.plain(found.hi, 2)})"
    )


def chance(p: float) -> str:
    """A small probability with two significant digits."""
    return words.plain(p, 2) if p >= 0.1 else f"{p:.1g}"


def wrapped(text: str, indent: str = "", hanging: str | None = None) -> list[str]:
    """Lines of at most the width of a terminal."""
    later = indent if hanging is None else hanging
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=later,
                         break_on_hyphens=False, break_long_words=False)  # fmt: skip


def _named(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)
