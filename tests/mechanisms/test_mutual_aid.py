"""Mutual aid: less damage; fails when both sides are hit or crews are refused."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect

from sim.state import State

WET = Case(parameters={"flood.rate_factor": 5.0})


def closed(s: State) -> None:
    """Every border is closed."""
    s.pair.closed_until[:] = 99.0


def damage(s: State) -> float:
    """Unrepaired damage, mean over towns."""
    return float(s.municipality.damage.mean())


def test_damage_is_less() -> None:
    assert effect(damage, "mutual_aid", WET).falls


def test_crews_are_refused_at_a_closed_border() -> None:
    assert effect(damage, "mutual_aid", WET._replace(hold=closed)).most < 1e-12


def test_it_helps_less_where_one_flood_strikes_both_sides() -> None:
    """Less damage is avoided than if no crew were kept at home by the same flood."""
    spared = WET._replace(parameters={**WET.parameters, "mutual_aid.both_hit": 0.0})
    assert contrast(damage, "mutual_aid", WET, spared).rises
