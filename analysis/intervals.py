"""Intervals: Wilson, expanded percentile bootstrap, and two for rare paired events.

All at 95 %. Sources: Wilson (1927), doi:10.1080/01621459.1927.10502953; Hesterberg (2015),
doi:10.1080/00031305.2015.1089789 (percentile interval widened for small samples); Bonett and Price
(2012), doi:10.3102/1076998611411915 (adjusted Wald interval for paired proportions); Hanley and
Lippman-Hand (1983), doi:10.1001/jama.1983.03330370053031 (rule of three).
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
DRAWS = 4000
SEED = 20_260_101
_BLOCK = 4_000_000  # weights held at once
ROUNDING = 1e-12  # a mean below this share of the largest value is what cancelling leaves of zero
_KEPT = 500  # pairs up to which the weights are kept for the next difference
Z = NormalDist().inv_cdf(0.5 + LEVEL / 2)


def wilson(successes: ArrayLike, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Score interval of a proportion, elementwise; NaN for n = 0."""
    if n == 0:
        nothing = np.full(np.shape(successes), np.nan)
        return nothing, nothing
    share = np.asarray(successes, dtype=float) / n
    centre = (share + Z**2 / (2 * n)) / (1 + Z**2 / n)
    half = Z * np.sqrt(share * (1 - share) / n + Z**2 / (4 * n**2)) / (1 + Z**2 / n)
    lo = np.where(share == 0.0, 0.0, np.maximum(centre - half, 0.0))
    return lo, np.where(share == 1.0, 1.0, np.minimum(centre + half, 1.0))


def student_quantile(degrees: float) -> float:
    """Upper 97.5 % quantile of Student's t (Cornish-Fisher; error below 1e-3 from 9 degrees)."""
    z = Z
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / degrees + second / degrees**2 + third / degrees**3


def paired_change(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """``b`` minus ``a``, pair by pair; zero where no more than rounding is between them."""
    size = np.maximum(np.abs(a), np.abs(b))
    return np.where(np.abs(b - a) <= ROUNDING * size, 0.0, b - a)


def expanded_tail(n: int) -> float:
    """Tail probability of the percentile interval, widened for n pairs (Hesterberg 2015)."""
    if n < 2:
        return math.nan
    return NormalDist().cdf(-math.sqrt(n / (n - 1)) * student_quantile(n - 1))


def bootstrap_means(differences: NDArray[np.float64], draws: int = DRAWS) -> NDArray[np.float64]:
    """Means [draws, column] of resampled pairs [pair, column]; NaN entries are left out.

    All columns share the resampled pairs. Seeded: the same input gives the same result. Differences
    that cancel have a mean of zero, not what rounding leaves: the sign of an end is a finding.
    """
    n = len(differences)
    valid = ~np.isnan(differences)
    filled = np.where(valid, differences, 0.0)
    if 0 < n <= _KEPT and draws == DRAWS:
        return _weighted(_weights(n), filled, valid)
    random = np.random.default_rng(SEED)
    block = max(1, _BLOCK // max(n, 1))
    means = []
    for start in range(0, draws, block):
        size = min(block, draws - start)
        weights = random.multinomial(n, np.full(n, 1 / n), size=size).astype(float)
        means.append(_weighted(weights, filled, valid))
    return np.concatenate(means)


def _weighted(
    weights: NDArray[np.float64], filled: NDArray[np.float64], valid: NDArray[np.bool_]
) -> NDArray[np.float64]:
    held = weights @ valid.astype(float)
    largest = np.abs(filled).max(axis=0, initial=0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.asarray((weights @ filled) / held)
    return np.where(np.abs(means) <= ROUNDING * largest, 0.0, means)


@lru_cache(maxsize=1)
def _weights(n: int) -> NDArray[np.float64]:
    """The resampled pairs of all draws at once, as every difference of ``n`` pairs takes them."""
    random = np.random.default_rng(SEED)
    return random.multinomial(n, np.full(n, 1 / n), size=DRAWS).astype(float)


def bootstrap_intervals(
    differences: NDArray[np.float64], draws: int = DRAWS
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Interval of the mean of each column of paired differences [pair, column].

    NaN where fewer than two pairs are complete.
    """
    columns = differences.shape[1]
    lo, hi = np.full(columns, np.nan), np.full(columns, np.nan)
    if len(differences) == 0:
        return lo, hi
    means = bootstrap_means(differences, draws)
    for column, n in enumerate((~np.isnan(differences)).sum(axis=0)):
        if n >= 2:
            tail = expanded_tail(int(n))
            lo[column], hi[column] = np.nanquantile(means[:, column], [tail, 1 - tail])
    return lo, hi


def few_discordant(fell: int, rose: int, n: int) -> tuple[float, float]:
    """Interval of a difference of paired proportions when few pairs differ (Bonett & Price).

    ``fell`` pairs went from 1 to 0 and ``rose`` from 0 to 1, of ``n``: one pair is added to each.
    """
    down, up = (fell + 1) / (n + 2), (rose + 1) / (n + 2)
    difference = up - down
    half = Z * math.sqrt((up + down - difference**2) / (n + 2))
    return max(difference - half, -1.0), min(difference + half, 1.0)


def sign_test(fell: int, rose: int) -> float:
    """Exact two-sided probability of so uneven a split of differing pairs under no effect."""
    n = fell + rose
    tail = sum(math.comb(n, k) for k in range(min(fell, rose) + 1)) / float(2**n)
    return min(1.0, 2 * tail)


def rule_of_three(n: int) -> float:
    """Upper bound on the chance of something not seen in ``n`` trials."""
    return min(1.0, 3.0 / n) if n > 0 else math.nan
