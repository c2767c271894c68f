"""Mutual aid: less damage; fails when both sides are hit or crews are refused."""

from __future__ import annotations

import pytest
from mechanisms.paired import Case, contrast, effect

from sim.state import State

WET = Case(parameters={"flood.rate_factor": 5.0})
STORMY = Case(parameters={"storm.rate_factor": 5.0, "flood.rate_factor": 0.0})


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


@pytest.mark.parametrize("case", [WET, STORMY], ids=["flood", "storm"])
def test_it_helps_less_where_both_sides_are_struck(case: Case) -> None:
    """Less damage is avoided than if hardly a crew were kept at home by what strikes its town."""
    many = case._replace(seeds=32)  # the size of hazards has a heavy tail
    spared = many._replace(parameters={**case.parameters, "hazard.all_hands": 1.0})
    assert contrast(damage, "mutual_aid", many, spared).rises
