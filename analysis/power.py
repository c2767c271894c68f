"""The smallest effect that a budget of pairs can detect: 80 % power at an interval of 95 %.

An effect d is seen when its interval excludes zero. With standard error s that happens with
probability 0.8 when ``d = (z_0.975 + z_0.8) s = 2.80 s``. After the runs, s is read off the
interval itself (half its width is z_0.975 s), whatever rule made it. Before them::

    no pairs yet      s^2 = 1 / (2 n)    a chance of one half in both arms, and no gain from pairing
    30 pairs or more  s^2 = var(d) / n   their own variance, of the arm where it is largest

The first is the most that two independent arms can vary; common random numbers make pairs alike,
so that the truth is smaller. Source: Cohen (1988), doi:10.4324/9780203771587, section 2.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from analysis.intervals import LEVEL

POWER = 0.8
Z_LEVEL = NormalDist().inv_cdf(0.5 + LEVEL / 2)
Z_BOTH = Z_LEVEL + NormalDist().inv_cdf(POWER)
ENOUGH_PAIRS = 30


def detectable(lo: float, hi: float) -> float:
    """Smallest effect that an interval of this width detects; NaN where it has no width."""
    half = 0.5 * (hi - lo)
    return Z_BOTH / Z_LEVEL * half if half > 0 and math.isfinite(half) else math.nan


def detectable_unseen(pairs: int) -> float:
    """The same of a chance before any run: no more than this for independent arms."""
    return Z_BOTH * math.sqrt(0.5 / pairs) if pairs > 0 else math.nan


def detectable_from(differences: NDArray[np.float64], pairs: int) -> float:
    """The same for so many pairs, from differences [pair, arm] that are there.

    The arm that varies most counts. NaN where fewer than 30 pairs of an arm are complete, or where
    no pair differs: nothing seen is no proof of no variance.
    """
    found = []
    for column in differences.T:
        own = column[~np.isnan(column)]
        if own.size < ENOUGH_PAIRS:
            return math.nan
        found.append(float(own.std(ddof=1)))
    spread = max(found, default=0.0)
    return Z_BOTH * spread / math.sqrt(pairs) if spread > 0 and pairs > 0 else math.nan
