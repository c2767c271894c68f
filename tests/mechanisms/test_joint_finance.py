"""Joint finance: steadier money; fails by leaks and by release withheld in bad years."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect

from sim.mechanisms import NAMES
from sim.state import State

EVERY = dict.fromkeys((n for n in NAMES if n != "joint_finance"), 1.0)


def stricken(s: State) -> None:
    """Bad years without end: half of every town lies in ruins."""
    s.municipality.damage[:] = 0.5


def funding(s: State) -> float:
    """Share of its bill for agreements that a town pays, mean over towns."""
    return float(s.municipality.funding.mean())


def test_a_costly_package_is_paid_more_fully() -> None:
    assert effect(funding, "joint_finance", Case("upper_rhine"), EVERY).rises


def test_more_money_through_more_hands_leaks_more() -> None:
    assert effect(lambda s: s.municipality.leaked.mean(), "joint_finance", Case()).rises


def test_release_is_withheld_in_bad_years() -> None:
    """In a disaster money a third of which is tied helps less than free money, and still helps."""
    case = Case("upper_rhine", hold=stricken)
    free = case._replace(parameters={"joint_finance.tied": 0.0})
    assert contrast(funding, "joint_finance", case, free, EVERY).falls
    assert effect(funding, "joint_finance", case, EVERY).rises
