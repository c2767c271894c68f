"""Shapley shares: a small game with a known answer, efficiency, a mechanism that does nothing."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest

from analysis.attribution import (
    all_are_cheaper,
    needed,
    order,
    orders_held,
    sampled,
    shares,
    steps,
    subsets,
)

PLAYERS = ("a", "b", "c", "d", "e")
SIX = (*PLAYERS, "f", "g")


def worth(bundle: frozenset[str]) -> float:
    """A game with substitutes, synergies of two and of three, and one player that harms."""
    value = 3.0 * ("a" in bundle) - 1.5 * ("d" in bundle)
    value += 2.0 * bool(bundle & {"b", "c"})  # one of them is enough
    value += 4.0 * ({"a", "c"} <= bundle) + 6.0 * ({"a", "b", "e"} <= bundle)
    return value - 0.5 * ({"b", "d"} <= bundle)


def by_hand(players: tuple[str, ...]) -> dict[str, float]:
    """All orders, one by one: the definition itself."""
    found = dict.fromkeys(players, 0.0)
    every = list(permutations(players))
    for joining in every:
        for name, (before, after) in zip(
            joining, zip(steps(joining)[:-1], steps(joining)[1:], strict=True), strict=True
        ):
            found[name] += (worth(after) - worth(before)) / len(every)
    return found


def measured(bundles, seeds: int, noise: float) -> dict[frozenset[str], np.ndarray]:
    """The game seen through luck: what a seed shares among bundles, and what it does not."""
    random = np.random.default_rng(5)
    shared = random.normal(size=seeds)
    return {one: worth(one) + shared + noise * random.normal(size=seeds) for one in bundles}


def test_all_bundles_of_five_give_the_shares_of_the_definition() -> None:
    found = shares(PLAYERS, measured(subsets(PLAYERS), 3, 0.0), 8, 1)
    assert found is not None
    assert found.exact
    told = {name: found.estimate(i).mean for i, name in enumerate(PLAYERS)}
    assert told == pytest.approx(by_hand(PLAYERS), abs=1e-12)
    assert [found.order_error(i) for i in range(5)] == [0.0] * 5


def test_sampled_orders_are_within_their_stated_error_of_the_definition() -> None:
    """Over 300 designs a share misses by so many stated errors about as often as it should."""
    truth = by_hand(PLAYERS)
    values = measured(subsets(PLAYERS), 2, 0.0)
    miss = []
    for seed in range(300):
        found = sampled(PLAYERS, values, 20, seed)
        for i, name in enumerate(PLAYERS):
            off = abs(found.estimate(i).mean - truth[name])
            miss.append(off > 2.262 * found.order_error(i) + 1e-12)  # t of 9 degrees
    assert 0.01 < np.mean(miss) < 0.08


def test_an_order_and_its_reverse_are_exact_where_mechanisms_meet_in_pairs_only() -> None:
    def pairs(bundle: frozenset[str]) -> np.ndarray:
        return np.array([3.0 * ("a" in bundle) - 2.0 * ({"a", "b"} <= bundle)])

    found = sampled(PLAYERS, {one: pairs(one) for one in subsets(PLAYERS)}, 2, 1)
    assert [found.estimate(i).mean for i in range(5)] == [2.0, -1.0, 0.0, 0.0, 0.0]


@pytest.mark.parametrize("orders", [2, 8, 30])
def test_shares_add_up_to_what_the_package_does_whatever_the_orders(orders: int) -> None:
    bundles = needed(SIX, orders, 3)
    values = measured(bundles, 25, 1.0)
    found = shares(SIX, values, orders, 3)
    assert found is not None
    total = (values[frozenset(SIX)] - values[frozenset()]).mean()
    assert sum(found.estimate(i).mean for i in range(7)) == pytest.approx(total, abs=1e-12)
    by_seed = found.contributions.mean(axis=1).sum(axis=0)
    assert by_seed == pytest.approx(values[frozenset(SIX)] - values[frozenset()], abs=1e-12)


def test_shares_of_whole_numbers_add_up_without_any_rounding() -> None:
    """Counts of events over a number of seeds that is a power of two: sums are exact."""
    random = np.random.default_rng(1)
    bundles = needed(SIX, 8, 3)
    values = {one: random.integers(0, 2, size=64).astype(float) for one in bundles}
    found = shares(SIX, values, 8, 3)
    assert found is not None
    total = (values[frozenset(SIX)] - values[frozenset()]).mean()
    assert sum(found.estimate(i).mean for i in range(7)) == total


def test_what_changes_nothing_gets_exactly_zero() -> None:
    random = np.random.default_rng(2)
    core = {one: random.normal(size=40) for one in subsets(SIX[:6])}
    values = {one: core[one - {"g"}] for one in needed(SIX, 8, 1)}
    found = shares(SIX, values, 8, 1)
    assert found is not None
    assert not found.contributions[SIX.index("g")].any()
    assert found.contributions[0].any()


def test_two_that_always_do_the_same_get_the_same_when_all_bundles_are_there() -> None:
    def twin(bundle: frozenset[str]) -> np.ndarray:
        return np.array([float(bool(bundle & {"a", "b"})) + 2.0 * ("c" in bundle)])

    found = shares(("a", "b", "c"), {one: twin(one) for one in subsets(("a", "b", "c"))}, 8, 1)
    assert found is not None
    assert found.contributions[:, 0, 0] == pytest.approx([0.5, 0.5, 2.0])


def test_each_order_is_followed_by_its_reverse_and_more_orders_keep_the_first() -> None:
    few = [order(SIX, k, 9) for k in range(4)]
    assert few[1] == few[0][::-1]
    assert few[3] == few[2][::-1]
    assert few[0] != few[2]
    assert [order(SIX, k, 9) for k in range(12)][:4] == few
    assert needed(SIX, 12, 9)[: len(needed(SIX, 6, 9))] == needed(SIX, 6, 9)
    assert order(SIX[::-1], 0, 9) == few[0], "the order of the registry does not matter"


def test_equal_bundles_are_asked_for_once() -> None:
    bundles = needed(SIX, 10, 1)
    assert len(set(bundles)) == len(bundles) <= 10 * 6 + 2
    assert frozenset() in bundles
    assert frozenset(SIX) in bundles


def test_a_small_package_is_taken_whole_where_that_costs_no_more() -> None:
    assert all_are_cheaper(3, 4)
    assert not all_are_cheaper(17, 200)
    assert len(needed(("a", "b", "c"), 4, 1)) == 8


def test_only_whole_pairs_of_orders_count_and_none_are_made_up() -> None:
    bundles = set(needed(SIX, 6, 1))
    assert orders_held(SIX, bundles, 1, 6) == 6
    assert orders_held(SIX, bundles, 1, 4) == 4
    lost = next(one for one in steps(order(SIX, 4, 1)) if len(one) == 3)
    values = {one: np.zeros(5) for one in bundles - {lost}}
    assert orders_held(SIX, set(values), 1, 6) < 6
    assert shares(SIX, {frozenset(): np.zeros(3), frozenset(SIX): np.ones(3)}, 6, 1) is None


def test_a_seed_that_lacks_one_bundle_drops_out_of_all() -> None:
    values = measured(needed(SIX, 4, 1), 10, 1.0)
    values[steps(order(SIX, 0, 1))[3]][4] = math.nan
    found = shares(SIX, values, 4, 1)
    assert found is not None
    assert found.contributions.shape == (7, 2, 9)


@pytest.mark.slow
def test_intervals_of_shares_cover_the_truth_about_as_often_as_they_say() -> None:
    """Luck and orders together: 300 planted studies of 40 seeds and 20 orders."""
    truth = by_hand(SIX)
    covered = []
    for study in range(300):
        random = np.random.default_rng([7, study])
        bundles = needed(SIX, 20, study)
        shared = random.normal(size=40)
        slope = dict.fromkeys(SIX, 0.0) | {"a": 1.0}  # its effect differs from seed to seed
        strength = random.normal(size=40)
        values = {
            one: worth(one) + shared + sum(slope[m] for m in one) * strength
            + random.normal(size=40)
            for one in bundles
        }  # fmt: skip
        found = shares(SIX, values, 20, study)
        assert found is not None
        for i, name in enumerate(SIX):
            told = found.estimate(i)
            covered.append(told.lo <= truth[name] <= told.hi)
    assert 0.92 <= np.mean(covered) <= 0.99
