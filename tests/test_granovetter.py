"""Granovetter 1978, Threshold models of collective behavior (AJS 83:1420), in the model's own rule.

Published (figure 2): a hundred people whose thresholds are normal with mean 25. As their standard
deviation grows, the number who riot in the end stays small and reaches about 6; at a deviation of
about 12.2 it jumps to nearly all. The rule is `joining_share` of `sim.rules.mobilisation`, in a
crowd in which everyone is aggrieved and nobody counts as active before she acts (T = 0, floor next
to 0); it states the crowd as a share and the normal law in closed form.
"""

from __future__ import annotations

from functools import cache
from statistics import NormalDist

import numpy as np
import pytest
from rules.worked import WEEK, numbers

from sim.rules.mobilisation import MobilisationParameters, joining_share, mobilise

MEAN, PUBLISHED, FEW = 0.25, 0.122, 0.06


def crowd(deviation: float) -> MobilisationParameters:
    """Granovetter's crowd: the rival rule alone."""
    return numbers().mobilisation._replace(
        rival=1.0, threshold=0.0, floor=1e-9, crowd_mean=MEAN, crowd_sd=deviation)  # fmt: skip


@cache
def rest(deviation: float) -> float:
    """Share at which a crowd that begins with nobody comes to rest."""
    p, active = crowd(deviation), 0.0
    for _ in range(20_000):
        joined = joining_share(1.0, 1.0, active, p)
        if abs(joined - active) < 1e-12:
            break
        active = joined
    return active


def jump(few: float, all_: float) -> float:
    """The deviation between two at which a few become nearly all."""
    while all_ - few > 1e-6:
        middle = 0.5 * (few + all_)
        few, all_ = (few, middle) if rest(middle) > 0.5 else (middle, all_)
    return 0.5 * (few + all_)


def counted(deviation: float, people: int) -> float:
    """The same person by person, by the normal law itself: the share who act in the end."""
    law = NormalDist(MEAN, deviation)
    thresholds = np.array([people * law.inv_cdf((k + 0.5) / people) for k in range(people)])
    before, active = -1, 0
    while active != before:
        before, active = active, int(np.sum(thresholds <= active))
    return active / people


def test_the_crowd_tips_at_the_published_deviation() -> None:
    """A tenth of a person's spread decides between six rioters of a hundred and all of them."""
    assert rest(0.10) < rest(0.11) < rest(0.12) < rest(PUBLISHED) < 0.1
    assert rest(PUBLISHED) == pytest.approx(FEW, abs=0.005)
    assert rest(PUBLISHED + 0.001) > 0.99
    assert jump(0.10, 0.15) == pytest.approx(PUBLISHED, abs=0.0005)


def test_a_crowd_counted_person_by_person_tips_there_too() -> None:
    """Five thousand people with a threshold each: the closed form is not what tips the crowd."""
    for deviation in (0.10, 0.11, 0.12):
        assert counted(deviation, 5000) == pytest.approx(rest(deviation), rel=0.05)
    assert counted(PUBLISHED - 0.001, 5000) < FEW
    assert counted(PUBLISHED + 0.001, 5000) > 0.99


@pytest.mark.parametrize(("deviation", "share"), [(0.12, 0.041), (0.1225, 1.0)])
def test_a_group_that_gathers_week_by_week_comes_to_the_same_rest(
    deviation: float, share: float
) -> None:
    """The rule of motion of the model, from nobody; police is not asked."""
    mobilised, one = np.zeros(2), np.ones(2)
    for _ in range(4000):
        mobilise(mobilised, one, one, np.zeros(2, dtype=np.int64), one, crowd(deviation), WEEK)
    assert mobilised == pytest.approx(np.full(2, share), abs=0.001)
    assert mobilised == pytest.approx(np.full(2, rest(deviation)), abs=1e-6)
