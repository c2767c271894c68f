"""Restraint protocol: fewer answers; fails by looking weak and by inviting probes."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.state import State

LONG = Case(years=10.0)


def hawkish(s: State) -> None:
    """Both nations are hawkish."""
    s.nation.hawkishness[:] = 1.0


def dovish(s: State) -> None:
    """Neither nation is hawkish."""
    s.nation.hawkishness[:] = 0.0


def test_fewer_acts_are_answered() -> None:
    assert effect("answered_share", "restraint_protocol", LONG).falls


def test_hawks_read_it_as_weakness() -> None:
    """Where weakness is held in contempt, governments lose approval among hawks, not doves."""
    scorn = LONG._replace(parameters={"crisis.contempt": 0.5})
    approval = [effect(lambda s: s.nation.approval.mean(), "restraint_protocol",
                       scorn._replace(hold=mood)) for mood in (hawkish, dovish)]  # fmt: skip
    assert approval[0].falls
    assert not approval[1].falls


def test_an_opponent_who_probes_exploits_it() -> None:
    probing = LONG._replace(hold=hawkish, parameters={"interstate.probing": 10.0})
    assert effect("resource_disputes", "restraint_protocol", probing).rises
