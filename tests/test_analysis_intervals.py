"""Intervals against closed forms, published worked examples and planted coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest

from analysis.intervals import (
    bootstrap_intervals,
    bootstrap_means,
    expanded_tail,
    few_discordant,
    paired_change,
    rule_of_three,
    sign_test,
    student_quantile,
    wilson,
)


def test_wilson_gives_the_published_example() -> None:
    """Newcombe (1998), doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E."""
    lo, hi = wilson([81, 15, 0], 263)
    assert lo[0] == pytest.approx(0.2553, abs=5e-5)
    assert hi[0] == pytest.approx(0.3662, abs=5e-5)
    lo, hi = wilson([0], 20)
    assert (lo[0], hi[0]) == (0.0, pytest.approx(0.1611, abs=5e-5))


def test_wilson_of_no_runs_is_not_defined() -> None:
    lo, hi = wilson([0], 0)
    assert math.isnan(lo[0])
    assert math.isnan(hi[0])


@pytest.mark.parametrize(("degrees", "value"), [(9, 2.2622), (29, 2.0452), (199, 1.9720)])
def test_student_quantile_is_the_tabled_one(degrees: int, value: float) -> None:
    assert student_quantile(degrees) == pytest.approx(value, abs=1e-3)


def test_the_tail_widens_for_few_pairs_and_tends_to_the_plain_one() -> None:
    assert expanded_tail(10) < expanded_tail(50) < 0.025
    assert expanded_tail(100_000) == pytest.approx(0.025, abs=1e-5)
    assert math.isnan(expanded_tail(1))


def test_the_bootstrap_has_the_mean_and_the_standard_error_of_the_data() -> None:
    values = np.random.default_rng(3).normal(2.0, 1.5, size=(150, 1))
    means = bootstrap_means(values)
    assert means.mean() == pytest.approx(values.mean(), abs=0.01)
    expected = values.std() / math.sqrt(150)
    assert means.std() == pytest.approx(expected, rel=0.05)


def test_the_bootstrap_is_the_same_every_time_and_leaves_missing_pairs_out() -> None:
    values = np.random.default_rng(4).normal(size=(40, 2))
    values[:15, 1] = np.nan
    first, second = bootstrap_intervals(values), bootstrap_intervals(values)
    assert np.array_equal(first, second)
    alone = bootstrap_intervals(values[15:, 1:])
    assert first[0][1] == pytest.approx(alone[0][0], abs=0.12)


@pytest.mark.slow
def test_large_samples_are_resampled_in_blocks_with_the_same_meaning() -> None:
    values = np.random.default_rng(5).normal(size=(3000, 1))
    lo, hi = bootstrap_intervals(values)
    half = 1.96 * values.std(ddof=1) / math.sqrt(3000)
    assert hi[0] - lo[0] == pytest.approx(2 * half, rel=0.06)


@pytest.mark.slow
@pytest.mark.parametrize("n", [20, 60])
def test_the_interval_covers_a_planted_mean_as_often_as_it_says(n: int) -> None:
    """Skewed differences with mean 1: coverage within 3 standard errors of 95 % (or above 92 %)."""
    random = np.random.default_rng(6)
    studies = 400
    values = random.gamma(4.0, 0.25, size=(n, studies))
    lo, hi = bootstrap_intervals(values, draws=1500)
    covered = float(((lo <= 1.0) & (hi >= 1.0)).mean())
    assert 0.92 <= covered <= 0.985


def test_few_discordant_pairs_cover_the_truth_where_a_bootstrap_would_not() -> None:
    """A true difference of -3 in 100 among 200 pairs: mostly fewer than ten pairs differ."""
    random = np.random.default_rng(7)
    covered = 0
    for _ in range(2000):
        fell, rose = random.binomial(200, 0.04), random.binomial(200, 0.01)
        lo, hi = few_discordant(fell, rose, 200)
        covered += lo <= -0.03 <= hi
    assert 0.94 <= covered / 2000 <= 0.985


def test_few_discordant_agrees_with_the_exact_sign_test_at_its_edge() -> None:
    assert few_discordant(5, 0, 200)[1] >= 0
    assert sign_test(5, 0) > 0.05
    assert few_discordant(6, 0, 200)[1] < 0
    assert sign_test(6, 0) < 0.05


def test_the_sign_test_and_the_rule_of_three_are_their_closed_forms() -> None:
    assert sign_test(6, 0) == pytest.approx(2 / 64)
    assert sign_test(3, 3) == 1.0
    assert rule_of_three(200) == pytest.approx(0.015)
    assert 1 - (1 - rule_of_three(1000)) ** 1000 == pytest.approx(0.95, abs=0.001)


def test_differences_that_cancel_leave_no_sign() -> None:
    """Resampled differences sum to zero exactly, or are larger than what rounding leaves."""
    rare = np.zeros(200)
    rare[:3] = -0.05
    rare[3] = 0.05
    lo, hi = bootstrap_intervals(rare[:, None])
    means = bootstrap_means(np.array([0.1, 0.2, -0.3] * 4)[:, None])
    assert lo[0] < 0
    assert abs(hi[0]) > 1e-9 or hi[0] == 0.0
    assert not ((means != 0) & (np.abs(means) < 1e-9)).any()


def test_rounding_between_two_runs_is_no_change() -> None:
    a = np.array([0.3, 1.0, np.nan, 0.0])
    b = np.array([0.1 + 0.2, 1.1, 1.0, 1e-30])
    assert b[0] != a[0]
    change = paired_change(a, b)
    assert change[0] == 0.0
    assert change[1] == pytest.approx(0.1)
    assert np.isnan(change[2])
    assert change[3] == 1e-30
