"""Many differences at once: the p of each row, and which of them hold when all rows count.

Of paired differences d over n seeds the p of no difference is that of t = mean(d) / (sd(d) /
sqrt(n)) with n - 1 degrees of freedom; where fewer than 30 pairs differ, as in `analysis.effects`,
that of the exact sign test. Of runs that are not paired it is Welch's t, and the pooled score test
of two shares for a chance. Holm's steps make of all p together those that hold for every row at
once, whatever the rows share. Source: Holm (1979), https://www.jstor.org/stable/4615733.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from analysis.effects import FEW_DISCORDANT
from analysis.intervals import sign_test

Floats = NDArray[np.float64]


def holm(p: Floats) -> Floats:
    """p-values of all comparisons together, by Holm's steps."""
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * (p.size - np.arange(p.size)))
    found = np.empty(p.size)
    found[order] = np.minimum(stepped, 1.0)
    return found


def paired_p(change: Floats) -> float:
    """P of no difference, of differences within seeds; NaN entries are left out."""
    own = change[~np.isnan(change)]
    fell, rose = int((own < 0).sum()), int((own > 0).sum())
    if fell + rose < FEW_DISCORDANT:
        return sign_test(fell, rose)
    error = float(own.std(ddof=1)) / math.sqrt(own.size)
    return two_sided(float(own.mean()), error, own.size - 1)


def two_sided(difference: float, error: float, degrees: float) -> float:
    """P of no difference, of Student's t with so many degrees of freedom."""
    from scipy.special import stdtr

    if difference == 0.0:
        return 1.0
    if error == 0.0:
        return 0.0
    return min(1.0, 2.0 * float(stdtr(degrees, -abs(difference) / error)))


def shares_p(first: int, of_first: int, second: int, of_second: int) -> float:
    """P of two equal shares, ``first`` of ``of_first`` and so on: pooled score test."""
    pooled = (first + second) / (of_first + of_second)
    error = math.sqrt(pooled * (1 - pooled) * (1 / of_first + 1 / of_second))
    apart = abs(second / of_second - first / of_first)
    return 1.0 if error == 0.0 else 2.0 * NormalDist().cdf(-apart / error)
