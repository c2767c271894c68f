"""Exchanges: shared identity and trust; fail by disappointed hopes and the backlash of hawks."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.state import State

DRY = {"drought.rate_factor": 5.0}
# What visits do beyond raising hopes is switched off, to see what hopes do.
HOPES = {"exchanges.hope": 2.0, "exchanges.contact": 0.0, "exchanges.trust": 0.0}


def hawkish(s: State) -> None:
    """Both nations are hawkish."""
    s.nation.hawkishness[:] = 1.0


def test_people_who_met_share_an_identity_and_trust_each_other() -> None:
    assert effect(lambda s: s.group.identity.mean(), "exchanges", Case()).rises
    assert effect(lambda s: s.dyad.trust_first.mean(), "exchanges", Case()).rises


def test_hopes_are_disappointed_where_the_other_side_over_takes() -> None:
    case = Case("lower_colorado", parameters={**DRY, **HOPES})
    assert effect(lambda s: s.group.grievance.mean(), "exchanges", case).rises


def test_hawks_answer_visits_with_rumours() -> None:
    case = Case(hold=hawkish)
    assert effect(lambda s: s.channel.rumour.mean(), "exchanges", case).rises
    assert effect(lambda s: s.dyad.anger.mean(), "exchanges", case).rises
