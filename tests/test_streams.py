"""Keyed random draws and the elementary functions that they and the rules are made of."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from naive import numbers
from naive.draws import Philox, Table, unit
from naive.draws import philox as naive_philox

from sim import elementary
from sim.streams import (
    Purpose,
    entity_key,
    fill_uniforms,
    pair_of_normals,
    pair_of_uniforms,
    philox,
    to_normals,
)

# Known answers published with the generator (Random123, file kat_vectors, philox4x32 10 rounds).
KNOWN = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),  # digits of pi
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)
KEYS = (0, 1, 2**32, 2**64 - 1, entity_key("Batken", "Isfara"))
SEEDS = (0, 1, 2**40 + 3, 2**63 - 1)
TICKS = (-1560, -1, 0, 1, 10399)


def compiled_philox(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    """The compiled generator as four words."""
    a, b = philox(*(np.uint64(c) for c in counter), np.uint64(key[0] | key[1] << 32))
    return int(a) & 0xFFFFFFFF, int(a) >> 32, int(b) & 0xFFFFFFFF, int(b) >> 32


def compiled_uniforms(
    seed: int, purpose: int, entity: int, tick: int, step: int
) -> tuple[float, float]:
    """Two compiled uniforms for plain Python numbers."""
    return pair_of_uniforms(np.uint64(seed), purpose, np.uint64(entity), tick, step)


@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_philox_gives_the_published_words(counter, key, words) -> None:
    assert compiled_philox(counter, key) == words
    assert naive_philox(counter, key) == words


def test_words_become_numbers_strictly_between_zero_and_one() -> None:
    assert unit(0, 0) == 2.0**-53
    assert unit(0xFFFFFFFF, 0xFFFFFFFF) == 1.0 - 2.0**-53


@pytest.mark.parametrize("seed", SEEDS)
def test_the_twin_draws_the_same_bits(seed: int) -> None:
    draws, table = Philox(seed), Table(seed)
    for entity in KEYS:
        for tick in TICKS:
            for purpose, step in ((Purpose.WEATHER, 0), (Purpose.ANSWER, 8191)):
                asked = (purpose, entity, tick, step)
                uniforms = compiled_uniforms(seed, int(purpose), entity, tick, step)
                normals = pair_of_normals(
                    np.uint64(seed), int(purpose), np.uint64(entity), tick, step
                )
                assert draws.uniforms(*asked) == uniforms == table.uniforms(*asked)
                assert draws.normals(*asked) == normals == table.normals(*asked)


def test_draws_of_an_array_are_the_draws_of_its_entities_in_any_order() -> None:
    keys = np.array([entity_key("town", str(n)) for n in range(200)], dtype=np.uint64)
    order = np.random.default_rng(5).permutation(keys.size)
    first, second = np.zeros(200), np.zeros(200)
    fill_uniforms(np.uint64(9), int(Purpose.FLOOD), -3, keys, first, second)
    alone = [compiled_uniforms(9, int(Purpose.FLOOD), int(key), -3, 0) for key in keys]
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == alone
    mixed, other = np.zeros(200), np.zeros(200)
    fill_uniforms(np.uint64(9), int(Purpose.FLOOD), -3, keys[order], mixed, other)
    assert (mixed == first[order]).all()
    assert (other == second[order]).all()
    to_normals(first, second)
    normal = [
        pair_of_normals(np.uint64(9), int(Purpose.FLOOD), np.uint64(key), -3, 0) for key in keys
    ]
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == normal


def test_a_draw_belongs_to_its_key_and_to_nothing_else() -> None:
    asked = [
        (seed, purpose, entity, tick, step)
        for seed in SEEDS for purpose in (1, 2, 31) for entity in KEYS
        for tick in TICKS for step in (0, 1, 4096)
    ]  # fmt: skip
    forward = [compiled_uniforms(*key) for key in asked]
    assert len(set(forward)) == len(asked), "two keys share a draw"
    shuffled = random.Random(3).sample(range(len(asked)), len(asked))
    assert all(compiled_uniforms(*asked[n]) == forward[n] for n in shuffled)


def test_purposes_are_never_shared() -> None:
    numbers_used = [purpose.value for purpose in Purpose.__members__.values()]
    assert len(numbers_used) == len(set(numbers_used))
    assert max(numbers_used) < 65536


def test_entities_are_known_by_their_names() -> None:
    assert entity_key("Batken", "Isfara") == entity_key("Batken", "Isfara")
    assert entity_key("Batken", "Isfara") != entity_key("Isfara", "Batken")
    assert entity_key("ab", "c") != entity_key("a", "bc")
    assert 0 <= entity_key("Vorukh") < 2**64


def test_draws_have_the_moments_of_their_law() -> None:
    """Twenty thousand draws per law; bounds are five standard errors."""
    many = 20_000
    keys = np.arange(many, dtype=np.uint64)
    u, v = np.zeros(many), np.zeros(many)
    fill_uniforms(np.uint64(11), int(Purpose.TENSION), 17, keys, u, v)
    error = 5.0 / math.sqrt(many)
    for values in (u, v):
        assert abs(values.mean() - 0.5) < error * math.sqrt(1 / 12)
        assert abs(values.var() - 1 / 12) < error * math.sqrt(1 / 180)
    assert abs(np.corrcoef(u, v)[0, 1]) < error
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < error
    to_normals(u, v)
    for values in (u, v):
        assert abs(values.mean()) < error
        assert abs(values.var() - 1.0) < error * math.sqrt(2)
        assert abs((values**4).mean() - 3.0) < error * math.sqrt(96)
    assert abs(np.corrcoef(u, v)[0, 1]) < error


def ulps(value: float, reference: float) -> float:
    """Distance in units of the last place of the reference."""
    return abs(value - reference) / math.ulp(reference)


POINTS = random.Random(1)
EXPONENTS = [POINTS.uniform(-700, 700) for _ in range(4000)] + [
    POINTS.uniform(-2, 2) for _ in range(4000)
]
POSITIVE = [10.0 ** POINTS.uniform(-300, 300) for _ in range(4000)] + [
    POINTS.uniform(1e-6, 4.0) for _ in range(4000)
]
TURNS = [POINTS.random() for _ in range(4000)] + [k / 8 for k in range(9)]


def test_exp_is_within_two_ulp_of_the_library() -> None:
    assert max(ulps(elementary.exp(x), math.exp(x)) for x in EXPONENTS) <= 2.0
    assert elementary.exp(0.0) == 1.0


def test_exp_saturates() -> None:
    assert elementary.exp(-1e6) == elementary.exp(-700.0) > 0.0
    assert elementary.exp(1e6) == elementary.exp(700.0) < math.inf


def test_log_is_within_three_ulp_of_the_library() -> None:
    assert max(ulps(elementary.log(x), math.log(x)) for x in POSITIVE) <= 3.0
    assert elementary.log(1.0) == 0.0


def sine_and_cosine(u: float) -> tuple[float, float]:
    """Reference at u turns, from the library at the exact distance to the nearest quarter turn."""
    quarter = round(4.0 * u)
    rest = 2.0 * math.pi * (u - quarter / 4.0)
    sine, cosine = math.sin(rest), math.cos(rest)
    return ((sine, cosine), (cosine, -sine), (-sine, -cosine), (-cosine, sine))[quarter % 4]


def test_sine_and_cosine_of_a_turn_are_within_an_absolute_error_of_1e_15() -> None:
    for u in TURNS:
        sine, cosine = sine_and_cosine(u)
        assert abs(elementary.sine_of_turn(u) - sine) < 1e-15
        assert abs(elementary.cosine_of_turn(u) - cosine) < 1e-15


def test_quarter_turns_are_exact() -> None:
    assert [elementary.sine_of_turn(k / 4) for k in range(5)] == [0.0, 1.0, 0.0, -1.0, 0.0]
    assert [elementary.cosine_of_turn(k / 4) for k in range(5)] == [1.0, 0.0, -1.0, 0.0, 1.0]


@pytest.mark.parametrize(
    ("name", "points"),
    [
        ("exp", [*EXPONENTS, -1e6, 1e6, 0.0, -0.0]),
        ("log", [*POSITIVE, 0.5, math.sqrt(0.5), 1.0, 2.0, 5e-308]),
        ("sine_of_turn", TURNS),
        ("cosine_of_turn", TURNS),
        ("logistic", EXPONENTS),
    ],
)
def test_the_twins_elementary_functions_give_the_same_bits(name: str, points: list[float]) -> None:
    compiled, plain = getattr(elementary, name), getattr(numbers, name)
    assert [float(compiled(x)).hex() for x in points] == [plain(x).hex() for x in points]
