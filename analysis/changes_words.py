"""What differs between two studies as words: settings and numbers, on the terminal and a page."""

from __future__ import annotations

import math
from typing import Any, Protocol

from analysis import words
from analysis.language import marked, say
from analysis.study import Outcome

CODE, BORDER, ENTRY = (  # settings without a declaration
    marked("the code that simulated the runs"),
    marked("the border that is simulated"),
    marked("entry of the region"),
)
MOST_SHOWN = 12  # values of one list


def shown(value: Any, unit: str = "") -> str:
    """A setting's value in words; numerals as they are typed, with the language's decimal mark."""
    if value is None:
        return say("empty")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{words.numeral(f'{value:.15g}')} {unit}".rstrip()
    if isinstance(value, list | tuple) and len(value) > MOST_SHOWN:
        return say("{number} values, {value} first", number=len(value), value=shown(value[0]))
    if isinstance(value, list | tuple):
        values = [shown(one) for one in value]
        return words.between(values).join(values)
    return str(value)


def remark(only: str, default: str, letter: str) -> str:
    """Where a value comes from that side ``letter`` does not say itself; empty where it does.

    ``only``: the one side that says it; ``default``: the side that has the declared default.
    """
    if only and only != letter:
        return say("not said; the default") if default == letter else say("not said")
    return say("the default") if default == letter else ""


class Difference(Protocol):
    """Two means, their difference and its interval, in the outcome's own unit."""

    @property
    def before(self) -> float:
        """The mean in A."""

    @property
    def after(self) -> float:
        """The mean in B."""

    @property
    def difference(self) -> float:
        """B minus A."""

    @property
    def lo(self) -> float:
        """Lower end of the interval."""

    @property
    def hi(self) -> float:
        """Upper end of the interval."""


def line_numbers(
    outcome: Outcome, line: Difference, *, signs: bool = False
) -> tuple[list[str], str, str]:
    """Both means, the difference and the interval in shown units, without the unit.

    ``signs``: the means are effects and carry their sign.
    """
    digits = _digits(outcome, line)
    scale, shown = words.scale_of(outcome), words.signed if signs else words.plain
    means = [shown(one * scale, digits) for one in (line.before, line.after)]
    lo, hi = interval_ends(outcome, line)
    interval = say("not defined") if math.isnan(line.lo) else say("{lo} to {hi}", lo=lo, hi=hi)
    return means, words.difference(outcome, line.difference, digits), interval


def interval_ends(outcome: Outcome, line: Difference) -> tuple[str, str]:
    """Both ends of the interval as `line_numbers` shows them."""
    digits = _digits(outcome, line)
    return (words.difference(outcome, line.lo, digits), words.difference(outcome, line.hi, digits))


def _digits(outcome: Outcome, line: Difference) -> int:
    """Decimals at which both means and the difference are shown."""
    scale = words.scale_of(outcome)
    digits = words.difference_digits(outcome, line.difference, line.lo, line.hi)
    return max(digits, words.digits_for(line.before * scale, line.after * scale))
