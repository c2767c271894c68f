"""Joint committee: settles cases; fails when the docket is full or nobody is heard."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.state import State

BUSY = Case(parameters={"onset.complaint_rate": 60.0})


def full_docket(s: State) -> None:
    """Three hundred matters wait before every committee."""
    s.dyad.caseload[:] = 300.0


def test_it_settles_more_and_hears_no_fewer_complaints() -> None:
    assert effect("settlements_per_year", "joint_committee", BUSY).rises
    assert not effect("complaints_per_year", "joint_committee", BUSY).falls


def test_a_full_docket_saturates_it() -> None:
    free = effect("settlements_per_year", "joint_committee", BUSY)
    full = effect("settlements_per_year", "joint_committee", BUSY._replace(hold=full_docket))
    assert abs(full.mean) < 0.1 * free.mean


def test_without_inclusion_it_shelves_the_cases_of_those_who_have_no_voice() -> None:
    """With inclusion the same committee hears more cases."""
    committee = {"joint_committee": 1.0}
    assert effect(lambda s: s.channel.settlement.mean(), "inclusion", BUSY, committee).rises
