"""Two versions seed by seed: planted differences are found, and what may not be said is not."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.changes import (
    REST,
    SAME,
    Table,
    effects_apart,
    own_effects,
    ranked_by,
    single_changes,
    versions,
)
from analysis.effects import NONE_SEEN
from analysis.study import Outcome

SEEDS, ARMS = 60, ("none", "full")
CRISIS = Outcome("crisis_resource", "crisis", "0 or 1", "lower", "probability", "")
RATE = Outcome("violent_incidents", "violence", "per year", "lower", "rate", "")
LEVEL = Outcome("worst_livelihood", "livelihood", "index", "higher", "level", "")
LUCK = np.random.default_rng(5).uniform(1.0, 2.0, SEEDS)


def table(key: str, *columns: np.ndarray) -> Table:
    """A version with one outcome; every run ended well."""
    values = np.stack(columns, axis=1).astype(float)
    return Table({key: values}, np.zeros(values.shape, dtype=np.int8))


def test_a_planted_shift_is_found_in_every_arm_and_no_effect_of_arms_changes() -> None:
    a = table(LEVEL.key, LUCK, LUCK + 0.2)
    b = table(LEVEL.key, LUCK + 0.5, LUCK + 0.7)
    lines = versions({LEVEL.key: LEVEL}, ARMS, a, b)
    assert [line.about for line in lines] == ["none", "full"]
    for line in lines:
        assert line.difference == pytest.approx(0.5)
        assert line.lo == pytest.approx(0.5)
        assert line.verdict == "better"
    (apart,) = effects_apart({LEVEL.key: LEVEL}, ARMS, a, b)
    assert (apart.difference, apart.lo, apart.hi) == (0.0, 0.0, 0.0)
    assert (apart.verdict, apart.differ) == (SAME, 0)
    assert own_effects({LEVEL.key: LEVEL}, ARMS, b)[0].difference == pytest.approx(0.2)


def test_an_effect_that_turns_is_found_where_the_first_arm_stays() -> None:
    a = table(LEVEL.key, LUCK, LUCK + 0.2)
    b = table(LEVEL.key, LUCK, LUCK - 0.1 * LUCK)
    first, second = versions({LEVEL.key: LEVEL}, ARMS, a, b)
    assert first.verdict == SAME
    assert second.verdict == "worse"
    (apart,) = effects_apart({LEVEL.key: LEVEL}, ARMS, a, b)
    assert apart.difference == pytest.approx(second.difference)
    assert apart.before == pytest.approx(0.2)
    assert apart.verdict == "worse"


def test_single_changes_and_what_they_do_together_add_up() -> None:
    a, b = table(LEVEL.key, LUCK), table(LEVEL.key, LUCK + 0.9)
    singles = {"small": table(LEVEL.key, LUCK + 0.1), "large": table(LEVEL.key, LUCK - 0.5)}
    lines = single_changes(LEVEL, 0, a, b, singles)
    assert [line.about for line in lines] == ["large", "small", REST]
    total = versions({LEVEL.key: LEVEL}, ("none",), a, b)[0]
    assert sum(line.difference for line in lines) == pytest.approx(total.difference)
    assert lines[-1].difference == pytest.approx(1.3)
    assert lines[-1].verdict == "better"


def test_rounding_is_no_interaction() -> None:
    singles = {"one": table(LEVEL.key, LUCK + 0.1), "two": table(LEVEL.key, LUCK + 0.2)}
    both = table(LEVEL.key, LUCK + 0.1 + 0.2)
    rest = single_changes(LEVEL, 0, table(LEVEL.key, LUCK), both, singles)[-1]
    assert (rest.verdict, rest.differ) == (SAME, 0)


def test_few_events_in_any_of_the_runs_forbid_a_verdict() -> None:
    often, seldom = np.ones(SEEDS), np.arange(SEEDS) < 3
    a, b = table(CRISIS.key, often, often), table(CRISIS.key, often, seldom)
    lines = [*versions({CRISIS.key: CRISIS}, ARMS, a, b),
             *effects_apart({CRISIS.key: CRISIS}, ARMS, a, b)]  # fmt: skip
    assert [line.verdict for line in lines] == [SAME, "unknown", "unknown"]
    assert "too few events: 3 of 60 histories with B had any" in lines[1].reason
    assert "with full in B" in lines[2].reason


def test_few_pairs_missing_values_and_failed_runs_forbid_a_verdict() -> None:
    few = table(LEVEL.key, LUCK[:9], LUCK[:9])
    (apart,) = effects_apart({LEVEL.key: LEVEL}, ARMS, few, few)
    assert apart.reason == "only 9 seeds with every run, 10 are needed"
    assert "only 9 complete pairs" in versions({LEVEL.key: LEVEL}, ARMS, few, few)[0].reason
    gaps = np.where(np.arange(SEEDS) < 12, np.nan, LUCK)
    a, b = table(LEVEL.key, LUCK, LUCK), table(LEVEL.key, LUCK, gaps)
    assert "undefined in 12 of 60" in effects_apart({LEVEL.key: LEVEL}, ARMS, a, b)[0].reason
    b.status[:12, 1] = 1
    assert "failures" in effects_apart({LEVEL.key: LEVEL}, ARMS, a, b)[0].reason


def test_no_difference_of_a_chance_is_bounded_by_the_rule_of_three() -> None:
    half = (np.arange(SEEDS) % 3 > 0).astype(float)
    a = table(CRISIS.key, half, half)
    (apart,) = effects_apart({CRISIS.key: CRISIS}, ARMS, a, a)
    assert (apart.lo, apart.hi, apart.method) == (-0.05, 0.05, NONE_SEEN)


def test_changes_are_ranked_by_the_first_outcome_that_may_speak() -> None:
    outcomes = {CRISIS.key: CRISIS, RATE.key: RATE, LEVEL.key: LEVEL}
    a = Table({CRISIS.key: np.zeros((SEEDS, 1)), RATE.key: LUCK[:, None],
               LEVEL.key: LUCK[:, None]}, np.zeros((SEEDS, 1), dtype=np.int8))  # fmt: skip
    assert ranked_by(versions(outcomes, ("none",), a, a)) == RATE.key
