"""Acceptability: known answers for an arm that surely is, surely is not, or may be worth it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from study_factory import make_study

from analysis import acceptability as worth_it
from analysis.comparisons import load_comparison


def test_what_costs_nothing_and_averts_is_always_worth_it() -> None:
    points, money = worth_it.resampled(np.full(50, 10.0), np.zeros(50))
    assert points == pytest.approx(10.0)
    assert not money.any()
    worth = worth_it.levels(10.0, 0.0)
    chance = np.array([float(np.mean(w * points - money > 0)) for w in worth])
    assert chance[0] == 0.0  # worth nothing, a gain is worth nothing
    assert (chance[1:] == 1.0).all()


def test_the_break_even_lies_where_worth_times_points_is_the_cost() -> None:
    """Five points for ten millions: at two millions a point it just pays."""
    random = np.random.default_rng(3)
    averted = 100.0 * (random.random(4000) < 0.05)
    points, money = worth_it.resampled(averted, np.full(4000, 10.0), draws=500)
    worth = worth_it.levels(5.0, 10.0)
    chance = np.array([float(np.mean(w * points - money > 0)) for w in worth])
    assert worth_it.break_even(worth, chance) == pytest.approx(2.0, abs=0.3)
    assert (np.diff(chance) >= 0).all()


def test_an_arm_that_averts_nothing_is_never_worth_its_money() -> None:
    points, money = worth_it.resampled(np.zeros(50), np.full(50, 3.0))
    worth = worth_it.levels(0.0, 3.0)
    chance = np.array([float(np.mean(w * points - money > 0)) for w in worth])
    assert not chance.any()
    assert math.isnan(worth_it.break_even(worth, chance))


def test_a_study_gives_a_curve_for_every_arm(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", seeds=80))
    known = worth_it.risks(study)
    for arm in study.arms[1:]:
        for risk in known:
            found = worth_it.curve(study, arm.name, risk)
            assert found.worth.shape == found.chance.shape == (worth_it.LEVELS,)
            assert ((found.chance >= 0) & (found.chance <= 1)).all()


def test_no_pairs_give_no_answer() -> None:
    points, money = worth_it.resampled(np.zeros(0), np.zeros(0))
    assert points.size == money.size == 0
