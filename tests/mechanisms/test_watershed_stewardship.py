"""Watershed stewardship: more water and fish; fails late, and where nothing is delivered."""

from __future__ import annotations

from mechanisms.paired import Case, contrast, effect

from sim.mechanisms import NAMES
from sim.state import State

LAKE = Case("lake_victoria", seeds=40)
ROW = NAMES.index("watershed_stewardship")


def distrustful(s: State) -> None:
    """Few keep a promise: little trust, little legitimacy."""
    s.dyad.trust_first[:], s.dyad.trust_second[:] = 0.2, 0.2
    s.municipality.legitimacy[:] = 0.2


def stock(s: State) -> float:
    """What is in rivers, wells, lakes and pastures, over what they hold at the start."""
    return float(s.unit.stock.sum())


def test_there_is_more_in_the_lake() -> None:
    assert effect(stock, "watershed_stewardship", LAKE).rises


def test_it_pays_late() -> None:
    """The gain of the first two years is less than a quarter of that of years nine and ten."""
    early, late = LAKE._replace(years=2.0), LAKE._replace(years=10.0, after=8.0)
    first, last = (effect(stock, "watershed_stewardship", case) for case in (early, late))
    assert first.most < 0.25 * last.mean
    assert contrast(stock, "watershed_stewardship", late, early).rises


def test_upstream_defects_without_release_for_performance() -> None:
    """Where few promises are kept half of the gain is lost; tied money brings part of it back."""
    case, stewards = LAKE._replace(hold=distrustful), {"watershed_stewardship": 1.0}
    honest = effect(stock, "watershed_stewardship", LAKE)
    assert effect(stock, "watershed_stewardship", case).most < 0.5 * honest.mean
    assert contrast(stock, "watershed_stewardship", case, LAKE).falls
    tied = effect(lambda s: s.accord.delivered[ROW].mean(), "joint_finance", case, stewards)
    assert tied.rises
    assert effect(stock, "joint_finance", case, stewards).rises
