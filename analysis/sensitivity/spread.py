"""How much luck moves an outcome at each point, so that its own noise is not read as interaction.

The standard deviation over S seeds is an estimate: for a normal outcome its variance is about
sigma^2 / (2 (S - 1)), drawn afresh at every point, and Sobol' indices of it would count that as
interaction of everything with everything. The seeds are therefore cut into K groups of m, and each
group gives a standard deviation of its own::

    K = max(4, floor(sqrt(S)))    m = floor(S / K)    r_g(x) = std of y(x, s) over s in group g

Groups share no seed, so that the products over pairs of different groups (`sobol.pair`) are free of
the noise, the intervals cover other seeds, and four groups give a floor of noise. What is analysed
is E r(x), the expected standard deviation over m seeds: for one shape of distribution at all points
it is sigma(x) times a constant, and indices are those of sigma. Of other outcomes it nears sigma
with more seeds. Seeds beyond K m are not used. Below `FEWEST_SEEDS` a group has fewer than three.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_GROUPS = 4
IN_GROUP = 3
FEWEST_SEEDS = LEAST_GROUPS * IN_GROUP
Floats = NDArray[np.float64]


class Cut(NamedTuple):
    """How seeds are cut."""

    groups: int
    each: int


def cut(seeds: int) -> Cut:
    """Groups of seeds and the seeds of each."""
    groups = max(LEAST_GROUPS, math.isqrt(seeds))
    return Cut(groups, seeds // groups)


def spreads(y: Floats) -> Floats:
    """Standard deviations [..., group] of ``y`` [..., seed] within each group of seeds."""
    groups, each = cut(y.shape[-1])
    parted = y[..., : groups * each].reshape(*y.shape[:-1], groups, each)
    return np.asarray(parted.std(axis=-1, ddof=1))


def too_few(seeds: int) -> str:
    """Why the spread over so few seeds is not analysed; empty where it is."""
    if seeds >= FEWEST_SEEDS:
        return ""
    return (f"a spread over {seeds} seeds is too noisy to be told from luck, {FEWEST_SEEDS} are "
            "needed")  # fmt: skip
