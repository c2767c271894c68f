"""Accountability: less leaks; fails by scandals that cost legitimacy."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.mechanisms import NAMES

ROW = NAMES.index("allocation_rules")
MONEY = {"joint_finance": 1.0, "joint_infrastructure": 1.0}


def test_less_money_leaks_and_rules_are_reviewed_more_often() -> None:
    case = Case(years=10.0)
    assert effect(lambda s: s.municipality.leaked.mean(), "accountability", case, MONEY).falls
    dry = case._replace(region="lower_colorado", seeds=32, parameters={
        "drought.rate_factor": 5.0, "review.rate": 0.5})
    rules = {"allocation_rules": 1.0}
    assert effect(lambda s: s.accord.fit[ROW].mean(), "accountability", dry, rules).rises


def test_reviews_keep_every_other_agreement_from_ageing() -> None:
    visits = NAMES.index("exchanges")
    case, others = Case(years=10.0), {"exchanges": 1.0}
    assert effect(lambda s: s.accord.fit[visits].mean(), "accountability", case, others).rises


def test_scandal_comes_first() -> None:
    """In the first three years what audits publish costs more legitimacy than they save."""
    case = Case(years=3.0)
    assert effect(lambda s: s.municipality.legitimacy.mean(), "accountability", case, MONEY).falls
