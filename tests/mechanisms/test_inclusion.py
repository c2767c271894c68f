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
