"""Whether and when cooperation arises is an outcome: agreements come with what is at stake."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from experiments.regions import load_region
from sim.mechanisms import NAMES
from sim.scenario import scenario
from sim.simulate import Ensemble, simulate_many

SEEDS = 16
WORTH = "bargain.worth"  # what towns would give to be rid of what they lived through
pytestmark = pytest.mark.slow


@cache
def left_free(worth: float | None = None) -> Ensemble:
    """Fergana with every mechanism left to the towns, at a worth of being rid of problems."""
    one = scenario(
        load_region("fergana"),
        negotiated=dict.fromkeys(NAMES, 1.0),
        parameters={} if worth is None else {WORTH: worth},
    )
    return simulate_many([one._replace(seed=seed) for seed in range(1, SEEDS + 1)])


def test_towns_sign_for_what_they_value_and_for_nothing_else() -> None:
    """Every history has more agreements than the same one in which towns value nothing."""
    free, indifferent = left_free().outcomes, left_free(0.0).outcomes
    assert (free["agreements_signed"] > indifferent["agreements_signed"]).all()
    assert (indifferent["agreements_signed"] == 0.0).all()
    assert (indifferent["money_spent"] == 0.0).all()
    assert np.isnan(indifferent["time_to_agreement"]).all()


def test_they_sign_sooner_and_more_where_more_is_at_stake() -> None:
    less, more = left_free(0.005).outcomes, left_free(0.04).outcomes
    assert more["agreements_signed"].mean() > less["agreements_signed"].mean()
    both = ~np.isnan(less["time_to_agreement"]) & ~np.isnan(more["time_to_agreement"])
    later = less["time_to_agreement"][both] - more["time_to_agreement"][both]
    assert both.sum() > SEEDS / 2
    assert later.mean() > 0.0


def test_what_was_signed_takes_time_may_lapse_and_is_not_everywhere() -> None:
    free = left_free().outcomes
    assert (free["time_to_agreement"] > 0.0).all()
    assert free["agreements_lapsed"].sum() > 0.0
    assert (free["agreements_lapsed"] <= free["agreements_signed"]).all()
    assert (free["agreements_in_force"] < len(NAMES)).all()
    tested = free["survived_elections"][~np.isnan(free["survived_elections"])]
    assert 0.0 < tested.mean() < 1.0
