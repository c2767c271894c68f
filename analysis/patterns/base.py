"""What a pattern is: sums over clusters, and measures made of the sums.

Every pattern first turns a cluster into a fixed list of numbers that may be added up over clusters;
its measures are ratios of such sums. So a thousand histories are kept as a thousand short rows, and
an interval is a bootstrap over rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from typing import Any, NamedTuple

import numpy as np

from analysis.patterns.acts import Array, Cluster

Sums = Mapping[str, Array]  # totals by column; an axis of draws or none
PASS, FAIL, FEW, SHOWN = "pass", "fail", "too few events", "shown only"


class Measure(NamedTuple):
    """One number of a pattern. ``accept`` None: printed, no verdict is made of it."""

    key: str
    label: str
    unit: str  # "%", "ratio", "%/year" or ""
    target: float  # NaN: none
    accept: tuple[float, float] | None
    events: str  # column that counts the events behind it
    compute: Callable[[Sums], Array]
    width: float = float("nan")  # widest interval that decides; default: that of ``accept``

    @property
    def widest(self) -> float:
        """An interval as wide as this, or wider, decides nothing."""
        if self.accept is None or not isnan(self.width):
            return self.width
        return self.accept[1] - self.accept[0]


class Pattern(NamedTuple):
    """One stylised fact of the world and how to see it in a table of acts."""

    key: str  # "V1"
    title: str
    measured_on: str
    source: str
    use: str  # "C": may be calibrated on; "H": held out
    required: bool
    columns: tuple[str, ...]
    tally: Callable[[Cluster, bool], tuple[float, ...]]  # (cluster, through the reporter?)
    measures: tuple[Measure, ...]


def share(top: Any, bottom: Any) -> Array:
    """Top / bottom in percent; NaN where bottom is 0."""
    return ratio(100.0 * np.asarray(top, dtype=float), bottom)


def ratio(top: Any, bottom: Any) -> Array:
    """Top / bottom; NaN where bottom is 0."""
    high, low = np.asarray(top, dtype=float), np.asarray(bottom, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        result: Array = np.where(low > 0, high / np.where(low > 0, low, 1.0), np.nan)
    return result


def verdict(measure: Measure, lo: float, hi: float) -> str:
    """Pass, fail or too few events, from the interval of a measure (docs/science.md).

    Fail: no part of the interval is in the accept range. Too few events: it is as wide as the
    range, or does not exist. Else pass.
    """
    if measure.accept is None:
        return SHOWN
    if isnan(lo) or isnan(hi):
        return FEW
    if hi < measure.accept[0] or lo > measure.accept[1]:
        return FAIL
    return FEW if hi - lo >= measure.widest else PASS


def together(verdicts: list[str]) -> str:
    """Verdict of a pattern: one failed measure fails it, one undecided leaves it undecided."""
    decided = [v for v in verdicts if v != SHOWN]
    if FAIL in decided:
        return FAIL
    return FEW if FEW in decided or not decided else PASS
