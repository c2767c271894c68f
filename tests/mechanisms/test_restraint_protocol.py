"""Restraint protocol: fewer answers; fails by looking weak and by inviting probes."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect

from sim.state import State

LONG = Case(years=10.0)


def hawkish(s: State) -> None:
    """Both nations are hawkish."""
    s.nation.hawkishness[:] = 0.9


def dovish(s: State) -> None:
    """Neither nation is hawkish."""
    s.nation.hawkishness[:] = 0.0


def approval(s: State) -> float:
    """Mean over governments."""
    return float(s.nation.approval.mean())


def test_fewer_acts_are_answered() -> None:
    assert effect("answered_share", "restraint_protocol", LONG).falls


def test_hawks_read_it_as_weakness() -> None:
    """Governments lose approval among hawks, and more than among doves."""
    hawks, doves = (LONG._replace(hold=hold, seeds=40) for hold in (hawkish, dovish))
    assert effect(approval, "restraint_protocol", hawks).falls
    assert contrast(approval, "restraint_protocol", hawks, doves).falls


def test_an_opponent_who_probes_exploits_it() -> None:
    """More disputes are begun than if nobody probed (what it prevents otherwise left aside)."""
    probing = LONG._replace(hold=hawkish, seeds=240)
    polite = probing._replace(parameters={"interstate.probing": 0.0})
    assert contrast("resource_disputes", "restraint_protocol", probing, polite).rises
