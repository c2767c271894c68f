"""Exchanges: shared identity and trust; fail by disappointed hopes and the backlash of hawks."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect

from sim.state import State

HOPELESS = {"exchanges.hope": 0.0}


def hawkish(s: State) -> None:
    """Both nations are rather hawkish."""
    s.nation.hawkishness[:] = 0.8


def grievance(s: State) -> float:
    """Mean over groups."""
    return float(s.group.grievance.mean())


def test_people_who_met_share_an_identity_and_trust_each_other() -> None:
    assert effect(lambda s: s.group.identity.mean(), "exchanges", Case()).rises
    assert effect(lambda s: s.dyad.trust_first.mean(), "exchanges", Case()).rises


def test_hopes_are_disappointed_where_the_other_side_over_takes() -> None:
    """Grievance rises, and it does so because of the hopes."""
    case = Case("lower_colorado")
    sober = case._replace(parameters=HOPELESS)
    assert effect(grievance, "exchanges", case).rises
    assert contrast(grievance, "exchanges", case, sober).rises


def test_hawks_answer_visits_with_rumours() -> None:
    case = Case(hold=hawkish)
    assert effect(lambda s: s.channel.rumour.mean(), "exchanges", case).rises
    assert effect(lambda s: s.dyad.anger.mean(), "exchanges", case).rises
