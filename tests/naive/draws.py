"""Keyed draws: a number belongs to (seed, purpose, entity, tick, step) and to nothing else.

`Philox` makes them in plain Python; `Table` looks them up. A table is filled beforehand by the
compiled generator, so that the benchmark compares rules with rules: slow random numbers in Python
would flatter the compiled model.
"""

from __future__ import annotations

from math import sqrt

import numpy as np

from naive.numbers import cosine_of_turn, log, sine_of_turn
from sim.streams import pair_of_normals, pair_of_uniforms

Two = tuple[float, float]
MASK = 0xFFFFFFFF
MULTIPLY_0, MULTIPLY_1 = 0xD2511F53, 0xCD9E8D57
WEYL_0, WEYL_1 = 0x9E3779B9, 0xBB67AE85  # golden ratio and sqrt(3) - 1, in units of 2**-32
ROUNDS = 10
STEP = 1 << 16


def philox(counter: tuple[int, int, int, int], key: tuple[int, int]) -> tuple[int, int, int, int]:
    """Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011): four words of 32 bits."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(ROUNDS):
        low, high = MULTIPLY_0 * c0, MULTIPLY_1 * c2
        c0, c1, c2, c3 = (high >> 32) ^ c1 ^ k0, high & MASK, (low >> 32) ^ c3 ^ k1, low & MASK
        k0, k1 = (k0 + WEYL_0) & MASK, (k1 + WEYL_1) & MASK
    return c0, c1, c2, c3


def unit(low: int, high: int) -> float:
    """Two words as a number strictly between 0 and 1, from their upper 52 bits."""
    return ((((high << 32) | low) >> 12) + 0.5) * 2.0**-52


class Philox:
    """Draws made when they are asked for."""

    def __init__(self, seed: int) -> None:
        self.key = (seed & MASK, seed >> 32)

    def uniforms(self, purpose: int, entity: int, tick: int, step: int = 0) -> Two:
        """Two independent numbers, uniform between 0 and 1."""
        counter = (entity & MASK, entity >> 32, tick & MASK, purpose + step * STEP)
        c0, c1, c2, c3 = philox(counter, self.key)
        return unit(c0, c1), unit(c2, c3)

    def normals(self, purpose: int, entity: int, tick: int, step: int = 0) -> Two:
        """Two independent standard normals (Box & Muller 1958)."""
        u, v = self.uniforms(purpose, entity, tick, step)
        radius = sqrt(-2.0 * log(u))
        return radius * cosine_of_turn(v), radius * sine_of_turn(v)


class Table:
    """Draws prepared by the compiled generator.

    Which draws a history needs depends on its course (a step of a ladder is drawn when it is
    taken), so a table is filled by a rehearsal: run a `NaiveModel` with an empty table, then a new
    one with the same table. ``made`` counts the draws that had to be made; it stays still after.
    """

    def __init__(self, seed: int) -> None:
        self.seed = np.uint64(seed)
        self.made = 0
        self._uniforms: dict[tuple[int, int, int, int], Two] = {}
        self._normals: dict[tuple[int, int, int, int], Two] = {}

    def uniforms(self, purpose: int, entity: int, tick: int, step: int = 0) -> Two:
        """Two independent numbers, uniform between 0 and 1."""
        asked = (purpose, entity, tick, step)
        two = self._uniforms.get(asked)
        if two is None:
            two = pair_of_uniforms(self.seed, int(purpose), np.uint64(entity), tick, step)
            self._uniforms[asked] = two
            self.made += 1
        return two

    def normals(self, purpose: int, entity: int, tick: int, step: int = 0) -> Two:
        """Two independent standard normals."""
        asked = (purpose, entity, tick, step)
        two = self._normals.get(asked)
        if two is None:
            two = pair_of_normals(self.seed, int(purpose), np.uint64(entity), tick, step)
            self._normals[asked] = two
            self.made += 1
        return two


Draws = Philox | Table
