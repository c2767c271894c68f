"""Community monitoring: finds over-taking out; fails as vigilantism where trust is low."""

from __future__ import annotations

from mechanisms.paired import Case, effect, worst_served

from sim.state import State

DRY = {"drought.rate_factor": 5.0}


def trusting(s: State) -> None:
    """Both sides trust each other."""
    s.dyad.trust_first[:], s.dyad.trust_second[:] = 0.7, 0.7


def distrustful(s: State) -> None:
    """Neither side trusts the other much."""
    s.dyad.trust_first[:], s.dyad.trust_second[:] = 0.2, 0.2


def accepted(s: State) -> None:
    """The rule is accepted."""
    s.municipality.legitimacy[:] = 0.7


def despised(s: State) -> None:
    """The rule is not accepted."""
    s.municipality.legitimacy[:] = 0.2


def test_an_accepted_rule_is_kept_better_where_breakers_are_seen() -> None:
    """On top of an allocation rule, the worst-served group gets more."""
    case = Case(parameters=DRY, hold=accepted)
    rule = {"allocation_rules": 1.0}
    assert effect(worst_served, "community_monitoring", case, rule).rises


def test_being_watched_crowds_out_good_will_where_the_watchers_are_not_accepted() -> None:
    case = Case(hold=despised)
    assert effect(lambda s: s.group.cooperation.mean(), "community_monitoring", case).falls


def test_patrols_turn_into_vigilantes_where_trust_is_low() -> None:
    low, high = Case(years=10.0, hold=distrustful), Case(hold=trusting)
    assert effect("violent_incidents", "community_monitoring", low).rises
    assert effect(lambda s: s.channel.vigilance.mean(), "community_monitoring", high).mean == 0.0
