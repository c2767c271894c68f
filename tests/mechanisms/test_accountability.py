"""Accountability: less leaks; fails by scandals that cost legitimacy where few had suspected it."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect

from sim.mechanisms import NAMES
from sim.state import State

ROW = NAMES.index("allocation_rules")
MONEY = {"joint_finance": 1.0, "joint_infrastructure": 1.0}


def test_less_money_leaks_and_rules_are_reviewed_more_often() -> None:
    case = Case(years=10.0)
    assert effect(lambda s: s.municipality.leaked.mean(), "accountability", case, MONEY).falls
    dry = case._replace(region="lower_colorado", seeds=32, parameters={"review.rate": 0.5})
    rules = {"allocation_rules": 1.0}
    assert effect(lambda s: s.accord.fit[ROW].mean(), "accountability", dry, rules).rises


def test_reviews_keep_every_other_agreement_from_ageing() -> None:
    visits = NAMES.index("exchanges")
    case, others = Case(years=10.0), {"exchanges": 1.0}
    assert effect(lambda s: s.accord.fit[visits].mean(), "accountability", case, others).rises


def legitimacy(s: State) -> float:
    """Mean over towns."""
    return float(s.municipality.legitimacy.mean())


def test_scandal_comes_first() -> None:
    """In the first three years what audits publish costs more legitimacy than they save."""
    assert effect(legitimacy, "accountability", Case(years=3.0), MONEY).falls


def test_fewer_leaks_do_not_win_back_what_few_had_suspected() -> None:
    """Ten years on less leaks, yet more of it is known, and legitimacy is still below."""
    late = Case(years=10.0, after=8.0)
    assert effect(lambda s: s.municipality.leaked.mean(), "accountability", late, MONEY).falls
    assert effect(known, "accountability", late, MONEY).rises
    assert effect(legitimacy, "accountability", late, MONEY).falls


def test_legitimacy_falls_before_it_rises_where_people_suspected_most_leaks() -> None:
    """Of nine in ten leaks people know anyway: audits publish little, and then less leaks."""
    early = Case(years=3.0, parameters={"politics.known": 0.9})
    late = early._replace(years=10.0, after=8.0)
    assert effect(legitimacy, "accountability", early, MONEY).falls
    assert effect(legitimacy, "accountability", late, MONEY).rises
    assert contrast(legitimacy, "accountability", late, early, MONEY).rises


def known(s: State) -> float:
    """Share of the agreements' money that leaks and is known to leak, a fifth of it unaudited."""
    return float((s.municipality.leaked * (0.2 + 0.8 * s.channel.audit)).mean())
