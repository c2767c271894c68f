"""Paired effects: closed forms, missing values, an arm that does nothing, few differing pairs."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from study_factory import make_study

from analysis.comparisons import load_comparison
from analysis.effects import (
    BOOTSTRAP,
    FEW,
    IDENTICAL,
    NONE_SEEN,
    UNDEFINED,
    WIDENED,
    effects,
    effects_frame,
    paired_effect,
)
from analysis.intervals import bootstrap_intervals
from analysis.study import Outcome

DAMAGE = Outcome("damage", "damage", "million", "lower", "level", "")
TRUST = Outcome("trust", "trust", "share", "higher", "level", "")
TALK = Outcome("talk", "talk", "1/year", "none", "rate", "")
CRISIS = Outcome("crisis", "crisis", "probability", "lower", "probability", "")


def effect_of(outcome: Outcome, reference: list[float], treated: list[float]):
    a, b = np.array(reference, dtype=float), np.array(treated, dtype=float)
    lo, hi = bootstrap_intervals((b - a)[:, None])
    return paired_effect("arm", outcome, a, b, (float(lo[0]), float(hi[0])))


def test_the_difference_is_the_mean_within_pairs_and_its_interval_is_near_the_normal_one() -> None:
    random = np.random.default_rng(1)
    a = random.normal(10, 3, size=400)
    b = a - 0.5 + random.normal(0, 1, size=400)
    effect = effect_of(DAMAGE, list(a), list(b))
    change = b - a
    half = 1.96 * change.std(ddof=1) / math.sqrt(400)
    assert effect.difference == pytest.approx(change.mean())
    assert effect.lo == pytest.approx(change.mean() - half, abs=0.02)
    assert effect.hi == pytest.approx(change.mean() + half, abs=0.02)
    assert effect.method == BOOTSTRAP
    expected = (a.var(ddof=1) + b.var(ddof=1)) / change.var(ddof=1)
    assert effect.variance_reduction == pytest.approx(expected)
    assert effect.variance_reduction > 10


def test_worse_follows_the_bad_direction() -> None:
    before, after = [1.0, 1.0, 1.0, 1.0], [2.0, 2.0, 0.0, 1.0]
    damage, trust, talk = (effect_of(o, before, after) for o in (DAMAGE, TRUST, TALK))
    assert (damage.worse, damage.better, damage.unchanged) == (0.5, 0.25, 0.25)
    assert (trust.worse, trust.better) == (0.25, 0.5)
    assert math.isnan(talk.worse)
    assert (talk.rose, talk.fell) == (0.5, 0.25)


def test_the_verdict_follows_the_interval_and_the_direction() -> None:
    down = effect_of(DAMAGE, [5.0] * 40, [4.0 + 0.01 * i for i in range(40)])
    assert down.verdict(DAMAGE) == "better"
    assert down.verdict(TRUST) == "worse"
    assert down.verdict(TALK) == "falls"
    mixed = effect_of(DAMAGE, [5.0] * 40, [4.0, 6.0] * 20)
    assert mixed.spans_zero
    assert mixed.verdict(DAMAGE) == "unclear"


def test_pairs_with_an_undefined_value_are_dropped_and_counted() -> None:
    nan = math.nan
    effect = effect_of(DAMAGE, [1.0, nan, 3.0, 4.0, nan], [2.0, 2.0, nan, 6.0, nan])
    assert (effect.n, effect.dropped) == (2, 3)
    assert effect.difference == pytest.approx(1.5)
    assert effect.reference_mean == pytest.approx(2.5)


def test_nothing_to_compare_is_undefined_and_never_a_claim() -> None:
    effect = effect_of(DAMAGE, [math.nan, 1.0], [1.0, math.nan])
    assert effect.n == 0
    assert effect.method == UNDEFINED
    assert effect.spans_zero
    assert effect.verdict(DAMAGE) == "values missing"


def test_a_chance_without_differing_pairs_gets_the_rule_of_three() -> None:
    effect = effect_of(CRISIS, [0.0, 1.0] * 100, [0.0, 1.0] * 100)
    assert effect.difference == 0.0
    assert (effect.lo, effect.hi) == (-0.015, 0.015)
    assert effect.method == NONE_SEEN
    assert math.isnan(effect.variance_reduction)


def test_four_prevented_crises_and_none_caused_are_no_proof() -> None:
    reference = [1.0] * 4 + [0.0] * 196
    effect = effect_of(CRISIS, reference, [0.0] * 200)
    assert effect.discordant == 4
    assert effect.method == FEW
    assert effect.spans_zero


def test_few_differing_pairs_of_a_rate_cannot_exclude_zero_either() -> None:
    reference = [0.0] * 196 + [3.0, 3.1, 2.9, 3.0]
    effect = effect_of(DAMAGE, reference, [0.0] * 200)
    assert effect.method == WIDENED
    assert effect.hi == 0.0


def test_an_arm_that_does_nothing_has_exactly_zero_effect_in_every_seed(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", arms=("none", "idle"), seeds=60))
    found = effects(study)
    assert set(found) == {("idle", key) for key in study.outcomes}
    for effect in found.values():
        assert effect.difference == 0.0
        assert effect.discordant == 0
        assert effect.unchanged == 1.0
        assert effect.method in {IDENTICAL, NONE_SEEN}
        assert effect.spans_zero


def test_the_frame_holds_every_arm_and_outcome_and_repeats_itself(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=50)
    first, second = effects_frame(load_comparison(folder)), effects_frame(load_comparison(folder))
    assert first.equals(second)
    study = load_comparison(folder)
    assert len(first) == (len(study.arms) - 1) * len(study.outcomes)
    undefined = first[first["outcome"] == "share_contained"]
    assert (undefined["dropped"] > 0).all()
    assert (undefined["n"] + undefined["dropped"] == 50).all()


def test_pairs_are_matched_by_seed_whatever_the_order_of_rows(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", seeds=50))
    runs = study.runs.sample(frac=1.0, random_state=2)
    shuffled = load_comparison(make_study(tmp_path / "t", seeds=50))
    object.__setattr__(shuffled, "runs", runs)
    assert effects_frame(shuffled).equals(effects_frame(study))
