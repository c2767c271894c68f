"""Redundancy: others take over; fails by diffuse responsibility."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.mechanisms import NAMES
from sim.state import State

COMMITTEE, GAUGES = {"joint_committee": 1.0}, {"data_sharing": 1.0}
ROW = NAMES.index("data_sharing")


def closed_once_set_up(s: State) -> None:
    """The border closes for good when gauges are shared."""
    if s.accord.maturity[ROW].mean() > 0.5:
        s.pair.closed_until[:] = 99.0


def test_a_suspended_agreement_is_taken_over_in_part() -> None:
    """Shared gauges go on in part, so that people imagine less over-taking and blame less."""
    case = Case(hold=closed_once_set_up)
    assert effect(lambda s: s.accord.strength[ROW].mean(), "redundancy", case, GAUGES).rises
    assert effect(lambda s: s.group.blame.mean(), "redundancy", case, GAUGES).falls


def test_nobody_answers_the_hotline() -> None:
    """While the border is open the committee settles fewer cases."""
    assert effect("settlements_per_year", "redundancy", Case(seeds=48), COMMITTEE).falls
