"""Inclusion: voice and legitimacy; fails by slow decisions."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.mechanisms import NAMES

OTHERS = ("joint_committee", "joint_infrastructure")
ROWS = [NAMES.index(name) for name in OTHERS]


def test_those_without_a_voice_are_heard_and_towns_gain_legitimacy() -> None:
    rhine = Case("upper_rhine")
    assert effect(lambda s: s.group.heard.mean(), "inclusion", rhine).rises
    assert effect(lambda s: s.municipality.legitimacy.mean(), "inclusion", rhine).rises


def test_decisions_take_longer() -> None:
    """Other agreements mature later."""
    others = dict.fromkeys(OTHERS, 1.0)
    assert effect(lambda s: s.accord.maturity[ROWS].mean(), "inclusion", Case(), others).falls


def test_disputes_wait() -> None:
    """Where a committee hears everyone anyway, one more round of talks only settles less."""
    case = Case(seeds=32, parameters={
        "onset.complaint_rate": 60.0, "joint_committee.capture": 0.0})
    assert effect("settlements_per_year", "inclusion", case, {"joint_committee": 1.0}).falls
