"""Joint committee: settles cases; fails when the docket is full or nobody is heard."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect

from sim.state import State

BUSY = Case(parameters={"onset.complaint_rate": 60.0})


def full_docket(s: State) -> None:
    """Thirty matters, the work of two years, wait before every committee."""
    s.dyad.caseload[:] = 30.0


def test_it_settles_more_and_hears_no_fewer_complaints() -> None:
    assert effect("settlements_per_year", "joint_committee", BUSY).rises
    assert not effect("complaints_per_year", "joint_committee", BUSY).falls


def test_a_full_docket_saturates_it() -> None:
    full = BUSY._replace(hold=full_docket)
    free = effect("settlements_per_year", "joint_committee", BUSY)
    assert effect("settlements_per_year", "joint_committee", full).most < 0.2 * free.mean
    assert contrast("settlements_per_year", "joint_committee", full, BUSY).falls


def test_without_inclusion_it_shelves_the_cases_of_those_who_have_no_voice() -> None:
    """A captured committee settles fewer; with everyone heard, at no loss of time, more again."""
    fair = BUSY._replace(parameters={**BUSY.parameters, "joint_committee.capture": 0.0})
    assert contrast("settlements_per_year", "joint_committee", BUSY, fair).falls
    prompt = BUSY._replace(parameters={**BUSY.parameters, "inclusion.slowness": 0.0}, seeds=32)
    assert effect("settlements_per_year", "inclusion", prompt, {"joint_committee": 1.0}).rises
