"""Allocation rules: protect the short-changed; fail when rigid or when nobody complies."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect, worst_served

from sim.state import State

DRY = {"drought.rate_factor": 5.0}


def despised(s: State) -> None:
    """Nobody accepts the authorities."""
    s.municipality.legitimacy[:] = 0.1


def test_the_worst_served_group_gets_more_in_a_drought() -> None:
    assert effect(worst_served, "allocation_rules", Case(parameters=DRY)).rises


def test_a_rigid_rule_does_nothing_in_a_drought() -> None:
    """A rule without a drought-contingent part grants everybody the need of a normal year.

    The rule as declared has a fixed part, too, and does less than one that follows the drought.
    """
    half = effect(worst_served, "allocation_rules", Case(parameters=DRY))
    rigid = Case(parameters={**DRY, "abstraction.flexible": 0.0})
    assert effect(worst_served, "allocation_rules", rigid).most < 0.1 * half.mean
    soft = Case(parameters={**DRY, "abstraction.flexible": 1.0})
    assert contrast(worst_served, "allocation_rules", Case(parameters=DRY), soft).falls


def test_nobody_complies_without_legitimacy() -> None:
    case = Case(parameters=DRY)
    kept, broken = (effect(worst_served, "allocation_rules", case._replace(hold=hold))
                    for hold in (None, despised))  # fmt: skip
    assert broken.most < 0.3 * kept.mean
    assert contrast(worst_served, "allocation_rules", case._replace(hold=despised), case).falls
