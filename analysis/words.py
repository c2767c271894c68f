"""Numbers in words: natural frequencies, signed differences, units. No claims are made here."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from typing import Any

from analysis.language import digits as worded
from analysis.language import marked, say, say_count, separators
from analysis.study import Outcome

WIDTH = 98  # of a line on the terminal
MINUS = "\u2212"
BARE_UNITS = {"", "-", "1", "share", "index", "level", "count", "rung", "ratio", "probability"}


def plain(value: float, digits: int) -> str:
    """A number with fixed digits, a true minus sign and no negative zero."""
    if math.isnan(value):
        return say("not defined")
    if math.isinf(value):
        return say("unbounded")
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return worded(text).replace("-", MINUS)


def year(value: float) -> str:
    """A point in calendar time, such as 2031.5: a year has no mark of thousands."""
    return f"{value:.1f}".replace(".", separators()[0])


def signed(value: float, digits: int) -> str:
    """A difference with its sign; zero has none."""
    text = plain(value, digits)
    rises = value > 0 and any(c in "123456789" for c in text)
    return f"+{text}" if rises else text


def numeral(text: str) -> str:
    """A numeral as it is typed, such as 0.05 or 1e-05, with the decimal mark of the language."""
    return text.replace(".", separators()[0], 1)


def typed(value: Any) -> str:
    """A setting's value as it is typed; numerals with the decimal mark of the language."""
    if isinstance(value, bool):
        return say("True") if value else say("False")
    return numeral(str(value)) if isinstance(value, int | float) else str(value)


def listed_values(shown: Sequence[str]) -> str:
    """Several of them in words; where commas stand in numerals, semicolons part them."""
    return listing(shown, between=between(shown))


def between(shown: Sequence[str]) -> str:
    """What parts the values of a list without doubt."""
    unclear = separators()[0] == "," and any("," in one for one in shown)
    return "; " if unclear else ", "


def digits_for(*values: float, significant: int = 2) -> int:
    """Decimals that show the largest of the values with so many significant digits."""
    sizes = [abs(v) for v in values if not math.isnan(v) and not math.isinf(v) and v != 0]
    if not sizes:
        return 0
    return int(min(6, max(0, significant - 1 - math.floor(math.log10(max(sizes))))))


def distinct_digits(a: float, b: float, start: int) -> int:
    """Fewest decimals, from ``start``, at which two different values read differently."""
    digits = start
    while digits < 6 and a != b and plain(a, digits) == plain(b, digits):
        digits += 1
    return digits


def scale_of(outcome: Outcome) -> float:
    """Factor from stored to shown values: per 100 histories, or percent, or as is."""
    return 100.0 if outcome.kind in ("probability", "share") else 1.0


def unit_of(outcome: Outcome) -> str:
    """Unit of shown values."""
    if outcome.is_probability:
        return say("in 100 histories")
    if outcome.kind == "share":
        return say("percent")
    return "" if outcome.unit in BARE_UNITS else spoken_unit(outcome.unit)


def spoken_unit(unit: str) -> str:
    """A unit without its slash: 1/year is per year."""
    top, slash, bottom = unit.partition("/")
    if not slash:
        return say(unit)
    return say(f"per {bottom}") if top == "1" else say(f"{top} per {bottom}")


def from_to(outcome: Outcome, before: float, after: float) -> tuple[str, str]:
    """Two values of one outcome in words, with enough digits to tell them apart."""
    scale = scale_of(outcome)
    a, b = before * scale, after * scale
    start = 0 if scale != 1.0 else digits_for(a, b, significant=2)
    digits = distinct_digits(a, b, start)
    return _with_unit(outcome, a, digits), _with_unit(outcome, b, digits)


def value(outcome: Outcome, number: float) -> str:
    """One value of an outcome in words."""
    return from_to(outcome, number, number)[0]


def in_100(share: float) -> str:
    """A probability as a natural frequency."""
    if 0 < share < 0.005:
        return say("{number} in 1,000", number=plain(share * 1000, 0 if share >= 0.001 else 1))
    return say("{number} in 100", number=plain(share * 100, 0))


def difference(outcome: Outcome, number: float, digits: int | None = None) -> str:
    """A signed difference in shown units, without the unit."""
    shown = number * scale_of(outcome)
    if digits is None:
        digits = difference_digits(outcome, number)
    return signed(shown, digits)


def difference_digits(outcome: Outcome, *numbers: float) -> int:
    """Decimals for a difference and its interval: two significant digits, more if tight.

    ``numbers``: a difference alone, or difference and both ends, of one effect or of several.
    """
    shown = [n * scale_of(outcome) for n in numbers if math.isfinite(n)]
    digits = digits_for(*shown, significant=2)
    if len(shown) > 1 and max(shown) > min(shown):
        finer = digits_for(max(shown) - min(shown), significant=1)
        digits = max(digits, min(finer, digits_for(*shown, significant=3)))
    for lo, hi in zip(numbers[1::3], numbers[2::3], strict=False):
        digits = sign_digits(outcome, lo, hi, digits)
    return digits


def sign_digits(outcome: Outcome, lo: float, hi: float, digits: int) -> int:
    """Decimals, at most two more, at which an interval that excludes zero does so as it is read."""
    nearest = min(abs(lo), abs(hi)) * scale_of(outcome)
    most = digits + 2
    while lo * hi > 0 and digits < most and float(f"{nearest:.{digits}f}") == 0:
        digits += 1
    return digits


def chance_digits(number: float) -> int:
    """Decimals of a difference of chances, in 100: none unless it is small."""
    return 0 if abs(number) >= 0.02 else 1


LAST = (marked("and"), marked("or"))  # said before the last of a list


def listing(items: Sequence[str], last: str = "and", between: str = ", ") -> str:
    """Join in words: a, b and c."""
    if len(items) < 2:
        return "".join(items)
    return f"{between.join(items[:-1])} {say(last)} {items[-1]}"


def count(number: int, one: str, many: str | None = None) -> str:
    """A counted noun: 1 run, 1,200 runs."""
    return say_count(f"{{number}} {one}", f"{{number}} {many or one + 's'}", number)


def lower_first(text: str) -> str:
    """A label inside a sentence; acronyms keep their capitals."""
    return text if text[:2].isupper() or not text else text[0].lower() + text[1:]


def upper_first(text: str) -> str:
    """A label at the start of a sentence."""
    return text[:1].upper() + text[1:]


def wrap(text: str, width: int) -> list[str]:
    """Break a label into lines of about ``width`` characters at spaces."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def filled(text: str, indent: str = "") -> list[str]:
    """A sentence in lines as wide as a terminal; what goes on stands further in."""
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + "  ")


def _with_unit(outcome: Outcome, shown: float, digits: int) -> str:
    if outcome.is_probability:
        if 0 < shown < 0.5 and digits == 0:
            return in_100(shown / 100)
        return say("{number} in 100", number=plain(shown, digits))
    if outcome.kind == "share":
        return f"{plain(shown, digits)} %"
    unit = unit_of(outcome)
    return f"{plain(shown, digits)} {unit}".strip()
