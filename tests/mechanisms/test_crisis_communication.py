"""Crisis communication: calms where it is believed; fails where nobody believes it."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.state import State


def trusting(s: State) -> None:
    """Both sides trust each other."""
    s.dyad.trust_first[:], s.dyad.trust_second[:] = 0.6, 0.6


def distrustful(s: State) -> None:
    """Neither side trusts the other much."""
    s.dyad.trust_first[:], s.dyad.trust_second[:] = 0.2, 0.2


def test_where_it_is_believed_rumour_and_attention_fall() -> None:
    case = Case(hold=trusting)
    assert effect(lambda s: s.dyad.anger.mean(), "crisis_communication", case).falls
    assert effect(lambda s: s.pair.attention.mean(), "crisis_communication", case).falls


def test_where_nobody_believes_it_denial_feeds_the_rumour() -> None:
    case = Case(hold=distrustful)
    assert effect(lambda s: s.dyad.anger.mean(), "crisis_communication", case).rises
    assert effect(lambda s: s.pair.attention.mean(), "crisis_communication", case).rises
