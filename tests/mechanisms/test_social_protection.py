"""Social protection: a floor after losses; fails by drawing people into hazard zones."""

from __future__ import annotations

import numpy as np
from mechanisms.paired import Case, contrast, effect, region_of

from sim.state import State

WET = Case(parameters={"flood.rate_factor": 5.0})


def grievance_outside(s: State) -> float:
    """Grievance of those who get less than half of what the best aided of their town get."""
    town = region_of(WET.region).topology.group.municipality
    best = np.zeros(s.municipality.service.size)
    np.maximum.at(best, town, s.group.aid)
    return float((s.group.grievance * (s.group.aid < 0.5 * best[town])).mean())


def test_nobody_falls_as_deep_after_a_loss_and_fewer_leave() -> None:
    assert effect(lambda s: s.group.livelihood.min(), "social_protection", WET).rises
    peace = {**WET.parameters, "displacement.by_violence": 0.0, "displacement.by_force": 0.0}
    case = WET._replace(parameters=peace)
    assert effect(lambda s: s.group.displaced.mean(), "social_protection", case).falls


def test_it_draws_settlement_into_harm_s_way() -> None:
    case = WET._replace(years=20.0, seeds=12)
    assert effect(lambda s: s.municipality.exposure.mean(), "social_protection", case).rises
    assert effect("hazard_damage", "social_protection", case).rises


def test_those_just_outside_are_angry() -> None:
    """Groups with less than half of the best aid of their town: with and without resentment."""
    loud = WET._replace(seeds=32)
    mute = loud._replace(parameters={**WET.parameters, "social_protection.outside": 0.0})
    assert contrast(grievance_outside, "social_protection", loud, mute).rises


def test_it_ends_at_the_border_unless_rights_are_portable() -> None:
    """Where law lets rights cross, more aid is paid than where law only makes all else easier."""
    case, protected = WET._replace(years=10.0), {"social_protection": 1.0}
    bound = case._replace(parameters={**WET.parameters, "legal_harmonisation.portable": 0.0})
    aid = contrast(lambda s: s.group.aid.mean(), "legal_harmonisation", case, bound, protected)
    assert aid.rises
