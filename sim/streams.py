"""Keyed draws: (seed, purpose, entity, tick) -> number, by Philox4x32-10.

A draw belongs to its key and to nothing else, so switching a mechanism on leaves weather, elections
and temperaments as they were (common random numbers), and bits do not depend on threads, chunks or
the order of runs. The entity is a 64-bit hash of its *name*, never its row.

Counter words: entity low, entity high, tick, purpose + 65536 * step. Key words: seed low, seed
high. Source: Salmon, Moraes, Dror & Shaw 2011, *Parallel random numbers: as easy as 1, 2, 3*.
"""

from __future__ import annotations

import hashlib
from enum import IntEnum

import numpy as np

from sim._jit import kernel, scalar, typed
from sim.elementary import cosine_of_turn, log, sine_of_turn

MASK32 = np.uint64(0xFFFFFFFF)
SHIFT32 = np.uint64(32)
TO_UNIT = 2.0**-52
MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)


class Purpose(IntEnum):
    """What a draw is for. Numbers are never reused, so that old seeds keep their meaning."""

    WEATHER = 1
    LEVEL_SHIFT = 2
    DROUGHT = 3
    FLOOD = 4
    PROJECT = 5
    RECORD_START = 6
    PERCEPTION = 7
    TEMPERAMENT = 8
    MUNICIPAL_ELECTION = 9
    LOCAL_LADDER = 10
    GUARDS = 11
    TAKEN_UP = 13
    QUARREL = 14
    TALK_HOSTILE = 15
    TALK_FRIENDLY = 16
    TENSION = 17
    INTERSTATE_LADDER = 18
    ANSWER = 19
    INTERSTATE_SETTLEMENT = 20
    NATIONAL_ELECTION = 21
    APPROVAL = 22
    NATIONAL_TRAIT = 23
    REPORTER = 24
    CLAIM = 25
    PERCEIVED_TAKING = 26
    MEMORY_START = 29
    NEUTRAL_ACT = 30
    LOCAL_ONSET = 31
    HEAT_WAVE = 32
    STORM = 33
    STORM_AT = 34
    POLLUTION_ACCIDENT = 35
    PROJECT_KIND = 36
    DEMARCATION = 60
    JOINT_BODY = 61
    BACKLASH = 62
    POLITICAL_SHOCK = 50
    NEGOTIATION = 51
    CONVENING = 52
    REVIEW = 53
    SPOILER = 54
    RENUNCIATION = 63


def entity_key(*names: str) -> int:
    """64-bit identity of an entity from its names (for a dyad pass the sorted pair)."""
    text = "\x1f".join(names).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")


@scalar
def _bump(key: int, weyl: int, number: int) -> int:
    return (key + weyl * np.uint64(number)) & MASK32


@scalar
def _round(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> tuple[int, int, int, int]:
    p0 = MULTIPLIER_0 * c0
    p1 = MULTIPLIER_1 * c2
    return (p1 >> SHIFT32) ^ c1 ^ k0, p1 & MASK32, (p0 >> SHIFT32) ^ c3 ^ k1, p0 & MASK32


@scalar
def philox(c0: int, c1: int, c2: int, c3: int, seed: int) -> tuple[int, int]:
    """Ten rounds of Philox4x32; the four output words packed into two 64-bit integers.

    The rounds are written out, so that the loops that call this stay SIMD.
    """
    c0 = np.uint64(c0) & MASK32
    c1 = np.uint64(c1) & MASK32
    c2 = np.uint64(c2) & MASK32
    c3 = np.uint64(c3) & MASK32
    k0 = np.uint64(seed) & MASK32
    k1 = np.uint64(seed) >> SHIFT32
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, k0, k1)
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 1), _bump(k1, WEYL_1, 1))
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 2), _bump(k1, WEYL_1, 2))
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 3), _bump(k1, WEYL_1, 3))
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 4), _bump(k1, WEYL_1, 4))
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 5), _bump(k1, WEYL_1, 5))
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 6), _bump(k1, WEYL_1, 6))
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 7), _bump(k1, WEYL_1, 7))
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 8), _bump(k1, WEYL_1, 8))
    c0, c1, c2, c3 = _round(c0, c1, c2, c3, _bump(k0, WEYL_0, 9), _bump(k1, WEYL_1, 9))
    return (c1 << SHIFT32) | c0, (c3 << SHIFT32) | c2


@scalar
def to_unit(word: int) -> float:
    """A 64-bit word as a number strictly between 0 and 1 (52 bits)."""
    return (np.float64(np.int64(word >> np.uint64(12))) + 0.5) * TO_UNIT


@typed("UniTuple(float64, 2)(uint64, int64, uint64, int64, int64)")
def pair_of_uniforms(
    seed: int, purpose: int, entity: int, tick: int, step: int
) -> tuple[float, float]:
    """Two independent uniforms for one entity, tick, purpose and step within the tick."""
    e = np.uint64(entity)
    c3 = np.uint64(purpose) + (np.uint64(step) << np.uint64(16))
    a, b = philox(e & MASK32, e >> SHIFT32, np.uint64(np.int64(tick)), c3, np.uint64(seed))
    return to_unit(a), to_unit(b)


@kernel
def fill_uniforms(
    seed: int, purpose: int, tick: int, key: np.ndarray, first: np.ndarray, second: np.ndarray
) -> None:
    """Two uniforms per entity, in key order, for a whole array of entities."""
    c2 = np.uint64(np.int64(tick))
    c3 = np.uint64(purpose)
    s = np.uint64(seed)
    for i in range(key.size):
        e = key[i]
        a, b = philox(e & MASK32, e >> SHIFT32, c2, c3, s)
        first[i] = to_unit(a)
        second[i] = to_unit(b)


@kernel
def to_normals(first: np.ndarray, second: np.ndarray) -> None:
    """Turn two arrays of uniforms into two arrays of independent normals in place (Box-Muller)."""
    for i in range(first.size):
        radius = np.sqrt(-2.0 * log(first[i]))
        turn = second[i]
        first[i] = radius * cosine_of_turn(turn)
        second[i] = radius * sine_of_turn(turn)


@typed("UniTuple(float64, 2)(uint64, int64, uint64, int64, int64)")
def pair_of_normals(
    seed: int, purpose: int, entity: int, tick: int, step: int
) -> tuple[float, float]:
    """Two independent standard normals (Box & Muller 1958)."""
    u, v = pair_of_uniforms(seed, purpose, entity, tick, step)
    radius = np.sqrt(-2.0 * log(u))
    return radius * cosine_of_turn(v), radius * sine_of_turn(v)
