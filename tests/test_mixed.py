"""``method=mixed``: what of it is where, that it grows, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.exits import UsageError
from experiments.factors import Factor
from experiments.mixed import FEW, KINDS, NONE, PATTERN, SWITCHED
from experiments.plan import sweep_plan
from experiments.sampling import count, faults, points


def span(key: str, lo: float = 0.0, hi: float = 1.0) -> Factor:
    """A range."""
    return Factor(key, "range", lo, hi, (), "uniform", False, "", "command line")


SWITCHES = tuple(span(f"mechanisms.{name}.intensity") for name in "abcde")
FACTORS = (*SWITCHES, span("parameters.p.q", 2.0, 6.0))


def kind_of(n: int) -> np.ndarray:
    """The kind of every row."""
    return np.resize(np.array(PATTERN), n)


def test_each_kind_of_point_is_what_it_says() -> None:
    table = points(FACTORS, "mixed", 512, 1).values
    own, kinds = table[:, :5], kind_of(512)
    on = (own > 0).sum(axis=1)
    assert (on[kinds == NONE] == 0).all()
    assert set(on[kinds == FEW]) == {1, 2, 3}
    few = own[kinds == FEW]
    assert 0.3 < (few == 1).any(axis=1).mean() < 0.7
    assert np.isin(own[kinds == SWITCHED], (0.0, 1.0)).all()
    assert 0.4 < own[kinds == SWITCHED].mean() < 0.6
    even = own[kinds == KINDS[0]]
    assert ((even > 0) & (even < 1)).all()
    assert [int((kinds == kind).sum()) for kind in KINDS] == [256, 96, 96, 64]


@pytest.mark.parametrize("kind", KINDS)
def test_settings_that_are_no_mechanism_are_even_in_every_kind(kind: str) -> None:
    """Stratified in eighths, as every sixteenth row of one sequence would not be."""
    table = points(FACTORS, "mixed", 1024, 1).values
    condition = table[kind_of(1024) == kind, 5]
    counts = np.histogram(condition, bins=8, range=(2.0, 6.0))[0]
    assert counts.min() >= 0.9 * counts.mean()
    assert counts.max() <= 1.1 * counts.mean()


def test_few_on_takes_every_mechanism_about_as_often() -> None:
    table = points(FACTORS, "mixed", 1024, 1).values
    often = (table[kind_of(1024) == FEW, :5] > 0).mean(axis=0)
    assert often == pytest.approx(np.full(5, 2 / 5), abs=0.06)


@pytest.mark.parametrize(("short", "long"), [(16, 32), (64, 1024), (33, 100)])
def test_a_longer_table_opens_with_the_shorter_one(short: int, long: int) -> None:
    small, large = (points(FACTORS, "mixed", n, 3).values for n in (short, long))
    assert np.array_equal(large[:short], small)
    assert not np.array_equal(small, points(FACTORS, "mixed", short, 4).values)


def test_a_mixed_table_offers_no_problem_to_analysers_of_even_samples() -> None:
    assert points(FACTORS, "mixed", 16, 1).problem == {}
    assert count(FACTORS, "mixed", 48) == 48


@pytest.mark.parametrize(
    ("factors", "n", "cause"),
    [
        ((span("parameters.p.q"),), 16, "no intensity of a mechanism is swept"),
        ((span("mechanisms.a.intensity", 0.5, 1.0),), 16, "starts at 0"),
        (SWITCHES, None, "Write n=1024"),
        (SWITCHES, 1, "2 points at least"),
    ],
)
def test_what_cannot_be_mixed_is_told(factors, n, cause: str) -> None:
    assert any(cause in fault for fault in faults(factors, "mixed", n))


def test_a_sweep_takes_the_method_and_an_intensity_without_its_arm_is_refused() -> None:
    swept = "mechanisms.exchanges.intensity=interval(0,1)"
    words = ["region=fergana", "method=mixed", "n=32", "seeds=2", swept]
    plan = sweep_plan([*words, "arms=exchanges"], None, None)
    assert plan.asked == 64
    with pytest.raises(UsageError, match="stands in no arm"):
        sweep_plan([*words, "arms=none"], None, None)
