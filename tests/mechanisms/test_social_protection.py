"""Social protection: a floor after losses; fails by drawing people into hazard zones."""

from __future__ import annotations

from mechanisms.paired import Case, effect

WET = Case(parameters={"flood.rate_factor": 5.0})


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
    """The same programme with and without resentment."""
    loud, mute = (
        effect(lambda s: s.group.grievance.mean(), "social_protection",
               WET._replace(parameters={**WET.parameters, "social_protection.outside": outside}))
        for outside in (1.0, 0.0)
    )  # fmt: skip
    assert loud.mean > mute.mean


def test_it_ends_at_the_border_unless_rights_are_portable() -> None:
    """With legal harmonisation people who fled across the border are covered too."""
    case = WET._replace(years=10.0)
    protected = {"social_protection": 1.0}
    assert effect(lambda s: s.group.aid.mean(), "legal_harmonisation", case, protected).rises
