"""Watershed stewardship: more water and fish; fails late, and where nothing is delivered."""

from __future__ import annotations

from mechanisms.paired import Case, effect

from sim.mechanisms import NAMES
from sim.state import State

LAKE = Case("lake_victoria")
ROW = NAMES.index("watershed_stewardship")


def distrustful(s: State) -> None:
    """Nobody keeps a promise: no trust, no legitimacy."""
    s.dyad.trust_first[:], s.dyad.trust_second[:] = 0.0, 0.0
    s.municipality.legitimacy[:] = 0.0


def stock(s: State) -> float:
    """What is in rivers, wells, lakes and pastures, over what they hold at the start."""
    return float(s.unit.stock.sum())


def test_there_is_more_in_the_lake() -> None:
    assert effect(stock, "watershed_stewardship", LAKE).rises


def test_it_pays_late() -> None:
    """The gain of the first two years is less than a quarter of that of ten years, a year."""
    early = effect(stock, "watershed_stewardship", LAKE._replace(years=2.0))
    whole = effect(stock, "watershed_stewardship", LAKE._replace(years=10.0))
    assert early.mean < 0.25 * whole.mean


def test_upstream_defects_without_release_for_performance() -> None:
    """Where promises are not kept little is delivered; tied money brings part of it back."""
    case = LAKE._replace(hold=distrustful)
    honest = effect(stock, "watershed_stewardship", LAKE)
    assert effect(stock, "watershed_stewardship", case).mean < 0.5 * honest.mean
    kept = effect(lambda s: s.accord.delivered[ROW].mean(), "joint_finance", case,
                  {"watershed_stewardship": 1.0})  # fmt: skip
    assert kept.rises
