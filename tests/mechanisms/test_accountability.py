"""Accountability: less leaks; fails by scandal before legitimacy rises."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.mechanisms import NAMES
from sim.state import State

ROW = NAMES.index("allocation_rules")
MONEY = {"joint_finance": 1.0, "joint_infrastructure": 1.0}


def leaky(s: State) -> None:
    """Much leaks, whatever is done about it."""
    s.municipality.leaked[:] = 0.3


def test_less_money_leaks_and_rules_are_reviewed_more_often() -> None:
    case = Case(years=10.0)
    assert effect(lambda s: s.municipality.leaked.mean(), "accountability", case, MONEY).falls
    dry = case._replace(region="lower_colorado", parameters={
        "drought.rate_factor": 5.0, "review.rigidity": 2.0, "accountability.learning": 9.0})
    rules = {"allocation_rules": 1.0}
    assert effect(lambda s: s.accord.fit[ROW].mean(), "accountability", dry, rules).rises


def test_scandal_comes_first() -> None:
    """Where leaks persist their publication costs legitimacy."""
    case = Case(hold=leaky)
    assert effect(lambda s: s.municipality.legitimacy.mean(), "accountability", case).falls
