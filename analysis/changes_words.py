"""The numbers of a difference between two studies as words: on the terminal and on the page."""

from __future__ import annotations

import math
from typing import Protocol

from analysis import words
from analysis.study import Outcome


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


def line_numbers(outcome: Outcome, line: Difference) -> tuple[list[str], str, str]:
    """Both means, the difference and the interval in shown units, without the unit."""
    digits = words.difference_digits(outcome, line.difference, line.lo, line.hi)
    scale = words.scale_of(outcome)
    digits = max(digits, words.digits_for(line.before * scale, line.after * scale))
    means = [words.plain(one * scale, digits) for one in (line.before, line.after)]
    apart, lo, hi = (words.difference(outcome, one, digits)
                     for one in (line.difference, line.lo, line.hi))  # fmt: skip
    return means, apart, "not defined" if math.isnan(line.lo) else f"{lo} to {hi}"
