"""Intervals over crossed points and seeds: coverage, and agreement with slow obvious twins."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.crossed import Design, contrast, influence, mean_of, seed_share, spread

POINTS, SEEDS, REPEATS = 16, 14, 600


def drawn(random: np.random.Generator, point: float, seed: float, rest: float) -> np.ndarray:
    """Sum of a point, a seed and a rest with these standard deviations; its mean is zero."""
    p = random.normal(size=(POINTS, 1)) * point
    s = random.normal(size=(1, SEEDS)) * seed
    return p + s + random.normal(size=(POINTS, SEEDS)) * rest


def sampled(points: int = POINTS) -> Design:
    return Design(np.arange(points), sampled=True)


@pytest.mark.parametrize(
    ("point", "seed", "rest"), [(1, 0, 1), (0, 1, 1), (1, 1, 1), (0, 0, 1), (0.1, 1, 0.1)],
    ids=["points", "seeds", "both", "neither", "mostly-seeds"],
)  # fmt: skip
def test_the_interval_of_a_mean_covers_whatever_varies(point: float, seed: float, rest: float):
    random = np.random.default_rng(1)
    held = 0
    for _ in range(REPEATS):
        found = mean_of(drawn(random, point, seed, rest), sampled())
        held += found.lo <= 0 <= found.hi
    assert 0.93 <= held / REPEATS <= 0.995


def test_points_alone_as_clusters_would_miss_the_luck_of_the_seeds() -> None:
    random = np.random.default_rng(2)
    held = 0
    for _ in range(REPEATS):
        y = drawn(random, 0.3, 1.0, 0.3)
        means = y.mean(axis=1)
        held += abs(means.mean()) <= 2.13 * means.std(ddof=1) / math.sqrt(POINTS)
    assert held / REPEATS < 0.6


def test_a_contrast_of_points_covers_and_is_tighter_than_two_intervals() -> None:
    random = np.random.default_rng(3)
    upper = np.arange(POINTS) >= POINTS // 2
    held, widths = 0, []
    for _ in range(REPEATS):
        y = drawn(random, 0.3, 1.0, 0.3)
        found, alone = contrast(y, upper, ~upper, sampled()), mean_of(y[upper], sampled(8))
        held += found.lo <= 0 <= found.hi
        widths.append(((found.hi - found.lo), (alone.hi - alone.lo)))
    assert np.mean(widths, axis=0)[0] < 0.8 * np.mean(widths, axis=0)[1]
    assert 0.93 <= held / REPEATS <= 0.995


def test_a_rare_chance_is_covered_and_none_at_all_is_bounded_by_the_seeds() -> None:
    random = np.random.default_rng(4)
    held = 0
    for _ in range(REPEATS):
        y = (random.random((POINTS, SEEDS)) < 0.02).astype(float)
        found = mean_of(y, sampled(), chance=True)
        held += found.lo <= 0.02 <= found.hi
    assert held / REPEATS >= 0.93
    none = mean_of(np.zeros((POINTS, SEEDS)), sampled(), chance=True)
    assert (none.lo, none.hi) == (0.0, 3 / SEEDS)


def slow_variance(y: np.ndarray, block: np.ndarray) -> float:
    """The equations of the module, one pair of cells after the other."""
    cells = [(p, s) for p in range(y.shape[0]) for s in range(y.shape[1]) if not np.isnan(y[p, s])]
    mean = sum(y[c] for c in cells) / len(cells)
    blocks, seeds = len({block[p] for p, _ in cells}), len({s for _, s in cells})
    total = {"p": 0.0, "s": 0.0, "i": 0.0}
    for p, s in cells:
        for q, t in cells:
            product = (y[p, s] - mean) * (y[q, t] - mean) / len(cells) ** 2
            total["p"] += product * (block[p] == block[q])
            total["s"] += product * (s == t)
            total["i"] += product * (block[p] == block[q] and s == t)
    over_points, over_seeds = total["p"] * blocks / (blocks - 1), total["s"] * seeds / (seeds - 1)
    return max(over_points + over_seeds - total["i"], over_points, over_seeds)


@pytest.mark.parametrize("length", [1, 2], ids=["points", "blocks"])
def test_the_variance_is_that_of_its_slow_twin_with_missing_cells(length: int) -> None:
    random = np.random.default_rng(5)
    y = random.normal(size=(8, 5)) + random.normal(size=(8, 1)) + random.normal(size=(1, 5))
    y[2, 3] = y[0, 0] = y[7, 4] = np.nan
    block = np.arange(8) // length
    found = spread(influence(y), ~np.isnan(y), Design(block, sampled=True))
    assert found.variance == pytest.approx(slow_variance(y, block), rel=1e-10)


def test_the_points_of_a_grid_are_no_sample() -> None:
    y = np.arange(6.0)[:, None] * 10 + np.array([-1.0, 0.0, 1.0, 0.0])
    grid = mean_of(y, Design(np.arange(6), sampled=False))
    assert grid.hi - grid.lo == pytest.approx(2 * 3.182 * y.mean(axis=0).std(ddof=1) / 2, rel=1e-2)
    drawn_points = mean_of(y, sampled(6))
    assert drawn_points.hi - drawn_points.lo > 10 * (grid.hi - grid.lo)


def test_without_points_or_seeds_to_resample_no_interval_is_given() -> None:
    assert math.isnan(mean_of(np.array([[0.3]]), sampled(1)).lo)
    assert math.isnan(mean_of(np.arange(4.0)[:, None], Design(np.arange(4), sampled=False)).lo)
    same = mean_of(np.ones((4, 5)), sampled(4))
    assert (same.mean, math.isnan(same.lo)) == (1.0, True)
    nothing = mean_of(np.full((4, 5), np.nan), sampled(4))
    assert (nothing.n, math.isnan(nothing.mean)) == (0, True)


def test_one_seed_gives_no_interval_however_many_points() -> None:
    y = np.random.default_rng(0).normal(size=(200, 1))
    y_of_a_chance = (y > 0).astype(float)
    upper = np.arange(200) < 100
    for found in (
        mean_of(y, sampled(200)),
        mean_of(y_of_a_chance, sampled(200), chance=True),
        contrast(y, upper, ~upper, sampled(200)),
    ):
        assert math.isfinite(found.mean)
        assert math.isnan(found.lo)
        assert math.isnan(found.hi)


@pytest.mark.parametrize(
    ("point", "seed", "rest"), [(1, 0, 1), (1, 1, 1), (0.5, 1, 0.5)], ids=["a", "b", "c"]
)
def test_the_seed_share_is_the_planted_one_and_its_interval_covers(
    point: float, seed: float, rest: float
) -> None:
    random = np.random.default_rng(6)
    truth = (seed**2 + rest**2) / (point**2 + seed**2 + rest**2)
    found = [seed_share(drawn(random, point, seed, rest), sampled()) for _ in range(REPEATS // 2)]
    assert np.mean([f.mean for f in found]) == pytest.approx(truth, abs=0.05)
    assert np.mean([f.lo <= truth <= f.hi for f in found]) >= 0.9


def slow_share(y: np.ndarray) -> float:
    """The equations of `seed_share` in the words of a textbook."""
    points, seeds = y.shape
    within = np.mean([y[p].var(ddof=1) for p in range(points)])
    left = y - y.mean(axis=1, keepdims=True) - y.mean(axis=0, keepdims=True) + y.mean()
    square = (left**2).sum() / ((points - 1) * (seeds - 1))
    return within / (within + y.mean(axis=1).var(ddof=1) - square / seeds)


def test_the_seed_share_and_its_jackknife_are_those_of_the_slow_twin() -> None:
    random = np.random.default_rng(7)
    y = drawn(random, 1.5, 0.5, 0.5)[:8, :6]
    block = np.arange(8) // 2
    found = seed_share(y, Design(block, sampled=True))
    by_block = np.array([slow_share(y[block != b]) for b in range(4)])
    by_seed = np.array([slow_share(np.delete(y, s, axis=1)) for s in range(6)])
    variance = sum((len(j) - 1) / len(j) * ((j - j.mean()) ** 2).sum() for j in (by_block, by_seed))
    assert found.mean == pytest.approx(slow_share(y))
    assert found.hi - found.mean == pytest.approx(3.182 * math.sqrt(variance), rel=1e-2)


def test_the_seed_share_is_not_defined_where_nothing_varies_or_one_seed_ran() -> None:
    assert math.isnan(seed_share(np.ones((5, 4)), sampled(5)).mean)
    assert math.isnan(seed_share(np.arange(5.0)[:, None], sampled(5)).mean)
    assert math.isnan(seed_share(np.full((5, 4), np.nan), sampled(5)).mean)
