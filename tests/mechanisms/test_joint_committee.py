"""Joint committee: settles cases; fails when the docket is full or nobody is heard."""

from __future__ import annotations

import numpy as np
from mechanisms.paired import Case, Change, arms, contrast, effect, summed_up

from sim.state import State

BUSY = Case(parameters={"onset.complaint_rate": 60.0})
CALM = Case(seeds=64, parameters={"onset.complaint_rate": 10.0, "onset.protest_rate": 100.0})
MANY = Case(seeds=64, parameters={"onset.complaint_rate": 200.0, "onset.accident_rate": 5.0})


def settled_more(case: Case) -> np.ndarray:
    """Rise of the share of incidents that are settled, one per seed."""
    settled = arms("settlements_per_year", "joint_committee", case, {})
    begun = arms("incidents_per_year", "joint_committee", case, {})
    return settled[1] / begun[1] - settled[0] / begun[0]


def queue(s: State) -> float:
    """Cases before a committee, mean over dyads."""
    return float(s.dyad.caseload.mean())


def difference(here: Case, there: Case) -> Change:
    """How much more it settles of the incidents here than there."""
    own, other = settled_more(here), settled_more(there)
    return summed_up(own - other, other)


def test_it_settles_more_and_hears_no_fewer_complaints() -> None:
    assert effect("settlements_per_year", "joint_committee", BUSY).rises
    assert not effect("complaints_per_year", "joint_committee", BUSY).falls


def test_many_incidents_saturate_it() -> None:
    """Of many incidents it settles a smaller share than of few, because cases wait for each other.

    Where cases are given up after a month instead of a year, nearly none waits.
    """
    assert difference(MANY, CALM).falls
    at_once = MANY._replace(parameters={**MANY.parameters, "trust.case_years": 0.1})
    assert difference(MANY, at_once).falls


def test_the_queue_before_it_grows_with_incidents_and_it_works_it_off() -> None:
    assert effect(queue, "joint_committee", MANY).falls
    few, many = (arms(queue, "joint_committee", case, {})[1] for case in (CALM, MANY))
    assert summed_up(many - few, few).rises


def test_without_inclusion_it_shelves_the_cases_of_those_who_have_no_voice() -> None:
    """A captured committee settles fewer; with everyone heard, at no loss of time, more again."""
    fair = BUSY._replace(parameters={**BUSY.parameters, "joint_committee.capture": 0.0})
    assert contrast("settlements_per_year", "joint_committee", BUSY, fair).falls
    prompt = BUSY._replace(parameters={**BUSY.parameters, "inclusion.slowness": 0.0}, seeds=32)
    assert effect("settlements_per_year", "inclusion", prompt, {"joint_committee": 1.0}).rises
