"""Sustained commitment: outlasts elections; fails when empty, unfit or not delivered."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.mechanisms import NAMES
from sim.state import State

ROW = NAMES.index("allocation_rules")
OTHERS = dict.fromkeys(("joint_committee", "data_sharing", "exchanges", "mutual_aid"), 1.0)
# New majorities care little for the other side.
INDIFFERENT = {"politics.commitment": 0.1, "politics.commitment_sd": 0.05}


def willing(s: State) -> None:
    """Councils are willing."""
    s.municipality.commitment[:] = 0.9


def despised(s: State) -> None:
    """People see little of what was promised."""
    s.municipality.legitimacy[:] = 0.3


def commitment(s: State) -> float:
    """Will to pay for cooperation, mean over towns."""
    return float(s.municipality.commitment.mean())


def test_the_next_election_takes_less() -> None:
    case = Case(years=10.0, seeds=48, parameters=INDIFFERENT, start=willing)
    assert effect(commitment, "sustained_commitment", case, OTHERS).rises


def test_it_is_empty_where_nothing_else_is_delivered() -> None:
    """Beside no other agreement it keeps nothing of the will of councils, and costs money."""
    case = Case(years=10.0, seeds=48, parameters=INDIFFERENT, start=willing)
    kept = effect(commitment, "sustained_commitment", case, OTHERS)
    assert effect(commitment, "sustained_commitment", case).most < 0.5 * kept.mean
    assert effect(lambda s: s.municipality.spent.sum(), "sustained_commitment", case).rises


def test_a_promise_kept_on_paper_loses_its_force() -> None:
    case = Case(years=10.0, start=willing, hold=despised)
    assert effect(commitment, "sustained_commitment", case, OTHERS).falls


def test_it_locks_in_a_rule_that_no_longer_fits() -> None:
    """A review a year would fit it to the present, were it let."""
    case = Case("lower_colorado", years=10.0, parameters={"review.rate": 1.0})
    rules = {"allocation_rules": 1.0}
    assert effect(lambda s: s.accord.fit[ROW].mean(), "sustained_commitment", case, rules).falls


def test_it_keeps_reviews_from_every_other_agreement() -> None:
    visits = NAMES.index("exchanges")
    case = Case(years=10.0, parameters={"review.rate": 1.0, "review.ageing_years": 10.0})
    assert effect(lambda s: s.accord.fit[visits].mean(), "sustained_commitment", case, OTHERS).falls
