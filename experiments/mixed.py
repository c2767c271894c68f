"""Points of ``method=mixed``: what an emulator of mechanisms is trained on.

Even points of the cube say little of the corners from which readers start: no mechanism at all, one
alone, all at full strength. Of every sixteen points, in this order over and over::

    even       8   every setting over its range (Sobol' points)
    on or off  3   every intensity 0 or 1
    few on     3   one to three mechanisms on, half of them at 1, the others over the range above 0
    none       2   every intensity 0

Settings other than intensities of mechanisms are even everywhere. Each kind has a scrambled Sobol'
sequence of its own, so that the first n points of a longer table are the table of n: it grows by
any larger n, best by multiples of sixteen.

Sources: the mix and what it gains were measured beforehand on a known function (docs/emulator.md);
Owen (1998), doi 10.1006/jcom.1998.0487 (scrambling).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

EVEN, SWITCHED, FEW, NONE = KINDS = ("even", "switched", "few", "none")
PATTERN = (EVEN, SWITCHED, EVEN, FEW, EVEN, SWITCHED, EVEN, NONE,
           EVEN, FEW, EVEN, SWITCHED, EVEN, FEW, EVEN, NONE)  # fmt: skip
MOST_FEW = 3
PREFIX, SUFFIX = "mechanisms.", ".intensity"


def is_switch(key: str) -> bool:
    """True for the intensity of a mechanism."""
    return key.startswith(PREFIX) and key.endswith(SUFFIX)


def shares(keys: Sequence[str], n: int, seed: int) -> np.ndarray:
    """Shares of [0, 1] of every point and setting; 0 and 1 are the ends of the range."""
    switch = np.array([is_switch(key) for key in keys])
    kinds = np.resize(np.array(PATTERN), n)
    table = np.empty((n, len(keys)))
    for place, kind in enumerate(KINDS):
        rows = np.flatnonzero(kinds == kind)
        if rows.size:
            drawn = _sobol(2 * len(keys) + 2, rows.size, seed, place)
            table[rows] = _of_kind(kind, drawn, switch)
    return table


def faults(keys: Sequence[str], lowest: Sequence[float]) -> list[str]:
    """Why a mixed design cannot be made of these settings, from ``lowest`` values up."""
    found = [key for key in keys if is_switch(key)]
    if not found:
        text = ("method=mixed: no intensity of a mechanism is swept, and this design is about "
                "them. Write mechanisms.NAME.intensity=interval(0,1), or choose "
                "method=latin")  # fmt: skip
        return [text]
    low = dict(zip(keys, lowest, strict=True))
    return [f"{key}: in method=mixed an intensity starts at 0, which is the mechanism switched "
            f"off. Write {key}=interval(0,1)" for key in found if low[key] != 0]  # fmt: skip


def _sobol(columns: int, rows: int, seed: int, place: int) -> np.ndarray:
    """Scrambled Sobol' points; a longer table opens with the shorter one."""
    from scipy.stats import qmc

    random = np.random.default_rng([int(seed), place])
    engine = qmc.Sobol(columns, scramble=True, seed=random)
    size = 1 << max(0, (rows - 1).bit_length())  # a power of two, of which the first are taken
    return np.asarray(engine.random(size)[:rows])


def _of_kind(kind: str, drawn: np.ndarray, switch: np.ndarray) -> np.ndarray:
    """Shares of the points of one kind from numbers in [0, 1)."""
    size = switch.size
    made = drawn[:, :size].copy()
    on = np.flatnonzero(switch)
    if kind == SWITCHED:
        made[:, on] = (made[:, on] >= 0.5).astype(float)
    elif kind == NONE:
        made[:, on] = 0.0
    elif kind == FEW:
        rank = drawn[:, size : 2 * size][:, on].argsort(axis=1).argsort(axis=1)
        many = 1 + np.floor(drawn[:, 2 * size] * min(MOST_FEW, on.size))
        full = drawn[:, 2 * size + 1] < 0.5
        strength = np.where(full[:, None], 1.0, np.maximum(made[:, on], 1e-3))
        made[:, on] = np.where(rank < many[:, None], strength, 0.0)
    return made
