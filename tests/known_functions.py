"""Functions whose sensitivity is known in closed form, and designs to try estimators on.

Ishigami & Homma (1990), doi:10.1109/ISUMA.1990.151285; Sobol' G as in Saltelli et al. (2010),
doi:10.1016/j.cpc.2009.09.018. The stochastic Ishigami adds luck of three kinds: one that all points
share, one that works through the first setting, one that every point draws for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

SHARED, THROUGH, OWN = 2.0, np.sqrt(8.0), 2.0  # standard deviations; that of THROUGH times sin(x1)
G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])


class Known(NamedTuple):
    """A function of the unit cube [row, setting] -> [row]; its first, total, second indices."""

    name: str
    units: int
    of: Callable[[np.ndarray], np.ndarray]
    first: np.ndarray
    total: np.ndarray
    second: np.ndarray
    variance: float


def _ishigami(x: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * x - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def _g(x: np.ndarray) -> np.ndarray:
    return np.prod((np.abs(4 * x - 2) + G_WEIGHTS) / (1 + G_WEIGHTS), axis=1)


def _of_ishigami() -> Known:
    v1 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    v2, v13 = 49 / 8, 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    first = np.array([v1, v2, 0.0]) / v
    total = np.array([v1 + v13, v2, v13]) / v
    return Known("Ishigami", 3, _ishigami, first, total, np.array([0.0, v13, 0.0]) / v, v)


def _of_g() -> Known:
    v = 1 / (3 * (1 + G_WEIGHTS) ** 2)
    whole = np.prod(1 + v) - 1
    pairs = [v[j] * v[k] for j in range(6) for k in range(j + 1, 6)]
    total = v * np.prod(1 + v) / (1 + v)
    return Known("Sobol' G", 6, _g, v / whole, total / whole, np.array(pairs) / whole, whole)


ISHIGAMI, G = _of_ishigami(), _of_g()
LUCK = np.array([ISHIGAMI.variance, SHARED**2, THROUGH**2 / 2 + OWN**2])
LUCK_SHARES = LUCK / LUCK.sum()  # settings, seed, both together


def blocks(known: Known, n: int, seed: int, *, second: bool = False) -> np.ndarray:
    """Saltelli's rows over independent base points [block, row, setting]."""
    random, d = np.random.default_rng(seed), known.units
    a, b = random.random((n, d)), random.random((n, d))
    rows = [a]
    for into, other in ((a, b), (b, a)) if second else ((a, b),):
        for k in range(d):
            row = into.copy()
            row[:, k] = other[:, k]
            rows.append(row)
    return np.stack([*rows, b], axis=1)


def even_blocks(known: Known, n: int, seed: int) -> np.ndarray:
    """The same over points of a Sobol' sequence, as SALib draws them."""
    from SALib.sample import sobol

    problem = {"num_vars": known.units, "names": [f"x{k}" for k in range(known.units)],
               "bounds": [[0.0, 1.0]] * known.units}  # fmt: skip
    drawn = sobol.sample(problem, n, calc_second_order=False, seed=seed)
    return drawn.reshape(n, -1, known.units)


def plain(known: Known, x: np.ndarray) -> np.ndarray:
    """Responses [block, row, 1] without luck."""
    return known.of(x.reshape(-1, known.units)).reshape(*x.shape[:2], 1)


def lucky(x: np.ndarray, seeds: int, seed: int, known: Known = ISHIGAMI) -> np.ndarray:
    """Responses [block, row, seed] of a stochastic function; shares of luck in LUCK_SHARES.

    Luck works through the first setting along a part of the function itself: the sine of Ishigami,
    the kink of Sobol' G. Both have mean 0 and variance 1/2.
    """
    random = np.random.default_rng(seed + 10_000)
    shared, through = random.normal(size=(2, seeds))
    own = random.normal(size=(*x.shape[:2], seeds))
    first = x[..., :1]
    wave = np.sin(np.pi * (2 * first - 1)) if known is ISHIGAMI else np.sqrt(1.5) * (
        np.abs(4 * first - 2) - 1
    )  # fmt: skip
    size = np.sqrt(known.variance / ISHIGAMI.variance)
    return plain(known, x) + size * (SHARED * shared + THROUGH * wave * through + OWN * own)
