"""Stage 2: stocks fill, recharge and regrow; needs and fair shares (model.md, a tick, 2)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import WEEK, World, changed, handed, numbers, small_region, world

from sim.region import Region
from sim.rules.abstraction import fodder, needs, thirst
from sim.rules.resources import fair_share, held_back, logistic_growth, replenish
from sim.synthetic import synthetic_region
from sim.topology import AQUIFER, FISHERY, GROUP_KINDS, LAND, RIVER

DAY_STEPS = 4000


def of_kind(region: Region, kind: int) -> int:
    """Row of the first unit of a kind."""
    return int(np.flatnonzero(region.topology.unit.kind == kind)[0])


def filled(region: Region | None = None, **stocks: float) -> World:
    """A world with given stocks by kind of unit."""
    here = world(region)
    for name, value in stocks.items():
        kind = {"river": RIVER, "aquifer": AQUIFER, "fishery": FISHERY}[name]
        here.state.unit.stock[here.topology.unit.kind == kind] = value
    return here


def refill(here: World, dt: float = WEEK, **values: float) -> None:
    """Run the rule once with resource parameters as given."""
    p, state = numbers().resource._replace(**values), here.state
    replenish(handed(here.topology.unit), handed(state.climate), handed(state.unit),
              handed(state.channel), p, numbers().heat.fish, dt)  # fmt: skip


def test_a_reach_gains_what_its_catchment_yields() -> None:
    """52 x 1.5 x 1/52 in a week; what is there to take is said when the river has flowed."""
    here = filled(changed(small_region(), "unit", inflow=52.0), river=10.0)
    reach = of_kind(here.region, RIVER)
    here.state.climate.factor[:] = 1.5
    refill(here)
    assert here.state.unit.gained[reach] == pytest.approx(1.5)
    assert here.state.unit.stock[reach] == 10.0


def test_an_aquifer_recharges_up_to_its_capacity_and_pumps_limit_what_is_taken() -> None:
    """S = min(50 + 26/52, 100); a week of pumping at 0.5 a year lifts 1 - e^(-0.5/52) of it."""
    region = changed(small_region(), "unit", inflow=26.0, capacity=100.0)
    here = filled(region, aquifer=50.0)
    well = of_kind(region, AQUIFER)
    here.state.climate.factor[:] = 1.0
    refill(here, pump_rate=0.5)
    assert here.state.unit.stock[well] == pytest.approx(50.5)
    assert here.state.unit.available[well] == pytest.approx(50.5 * 0.0095693, rel=1e-4)
    assert here.state.unit.ease[well] == 1.0  # wells work at full ease above half the capacity
    here.state.unit.stock[well] = 99.9
    refill(here)
    assert here.state.unit.stock[well] == 100.0
    assert here.state.unit.gained[well] == pytest.approx(0.1)
    here.state.unit.stock[well] = 20.0 - 0.5
    refill(here)
    assert here.state.unit.ease[well] == pytest.approx(0.4)


def test_fish_regrow_logistically() -> None:
    """Schaefer: K S e / (K + S (e - 1)); K = 100, S = 50, r = ln 3: after one year 75."""
    assert logistic_growth(50.0, 100.0, math.log(3.0), 1.0) == pytest.approx(75.0)
    assert logistic_growth(100.0, 100.0, 0.5, 1.0) == pytest.approx(100.0)
    assert logistic_growth(0.0, 100.0, 0.5, 1.0) == 0.0


def test_regrowth_does_not_depend_on_the_length_of_the_step() -> None:
    whole = logistic_growth(10.0, 100.0, 0.8, 2.0)
    stock = 10.0
    for _ in range(104):
        stock = logistic_growth(stock, 100.0, 0.8, WEEK)
    assert stock == pytest.approx(whole, rel=1e-10)


def test_maximum_sustainable_yield_is_a_quarter_of_r_times_k() -> None:
    """Schaefer 1954: the catch that holds a stock where it is, is largest at K/2: r K / 4."""
    growth, capacity, dt = 0.8, 100.0, 1.0 / 365.0
    stocks = np.linspace(1.0, 99.0, 99)
    yields = np.array([(logistic_growth(s, capacity, growth, dt) - s) / dt for s in stocks])
    assert stocks[yields.argmax()] == 50.0
    assert yields.max() == pytest.approx(growth * capacity / 4.0, rel=1e-5)


def test_taking_the_maximum_yield_is_sustained_and_a_little_more_is_not() -> None:
    """Largest catch per step of a pulse fishery: K (sqrt(e) - 1) / (sqrt(e) + 1), e = exp(r dt).

    The step has a double fixed point at that catch and none above it.
    """
    growth, capacity = 0.8, 100.0
    root = math.exp(0.5 * growth * WEEK)
    most = capacity * (root - 1.0) / (root + 1.0)
    assert most == pytest.approx(growth * capacity / 4.0 * WEEK, rel=1e-4)
    for share, survives in ((0.999, True), (1.02, False)):
        stock = 60.0
        for _ in range(DAY_STEPS):
            stock = max(logistic_growth(stock, capacity, growth, WEEK) - share * most, 0.0)
        assert bool(stock > 40.0) is survives
        assert bool(stock == 0.0) is not survives


@given(st.floats(0.0, 1.0), st.floats(1e-3, 5.0), st.floats(1e-3, 1.0))
def test_growth_never_shrinks_a_stock_nor_passes_its_capacity(
    share: float, growth: float, dt: float
) -> None:
    stock = 200.0 * share
    grown = logistic_growth(stock, 200.0, growth, dt)
    assert stock * (1.0 - 1e-12) <= grown <= 200.0 * (1.0 + 1e-12)


def test_fishing_is_easier_on_a_full_stock() -> None:
    """Catch per effort against a half-full stock: 2 S / K."""
    region = changed(small_region(), "unit", growth=0.0, capacity=80.0)
    for stock, ease in ((20.0, 0.5), (40.0, 1.0), (80.0, 2.0)):
        here = filled(region, fishery=stock)
        refill(here)
        assert here.state.unit.ease[of_kind(region, FISHERY)] == pytest.approx(ease)


def test_need_worked_by_hand() -> None:
    """Demand (1 - s + s season) dt; of water times (1 + 0.2 s dryness), expansion and thirst."""
    here = world(changed(small_region(), "group", demand=104.0, seasonality=0.5))
    p, state, topology = numbers().abstraction._replace(drought_need=0.2), here.state, here.topology
    state.climate.need[:], state.climate.dryness[:] = 2.0, 0.5
    state.municipality.expansion[:] = 1.1
    thirsty = np.full(state.municipality.expansion.size, 0.9)
    needs(state.group.need, handed(topology.group), here.scratch.system, topology.basin.kind,
          handed(state.climate), state.municipality.expansion, thirsty, p, WEEK)  # fmt: skip
    water = topology.unit.kind[topology.group.unit] != FISHERY
    assert state.group.need[water] == pytest.approx(2.0 * 1.5 * 1.05 * 1.1 * 0.9)
    assert state.group.need[~water] == pytest.approx(2.0 * 1.5)


def test_fair_share_of_a_river_worked_by_hand() -> None:
    """Supply 0.9 x inflow, need as drawn; without smoothing their ratio, at most 1."""
    here = filled(changed(small_region(), "unit", inflow=10.0), river=5.0)
    basin = int(here.topology.unit.basin[of_kind(here.region, RIVER)])
    reaches = int((here.topology.unit.basin == basin).sum())
    inside = here.topology.unit.basin[here.topology.group.unit] == basin
    here.state.climate.factor[:] = 0.8
    refill(here, environmental_share=0.1)
    for yearly, expected in ((20.0, 1.0), (0.9 * 0.8 * 10.0 * reaches / 0.6, 0.6)):
        here.state.group.need[:] = 0.0
        here.state.group.need[inside] = yearly * WEEK / inside.sum()
        for _ in range(400):  # until the smoothing has settled
            fair_share(handed(here.topology.basin), handed(here.topology.unit),
                       handed(here.state.unit), handed(here.state.climate), here.state.group.need,
                       numbers().resource._replace(environmental_share=0.1), WEEK)  # fmt: skip
        assert here.state.climate.fair[basin] == pytest.approx(expected)


def test_sustainable_supply_of_a_half_full_fishery_is_its_maximum_yield() -> None:
    """R S (1 - S/K) at S = K/2 is r K / 4."""
    region = changed(small_region(), "unit", growth=0.5, capacity=40.0)
    here = filled(region, fishery=20.0)
    unit = of_kind(region, FISHERY)
    here.state.group.need[:] = 1.0
    refill(here)
    for _ in range(400):
        fair_share(handed(here.topology.basin), handed(here.topology.unit),
                   handed(here.state.unit), handed(here.state.climate), here.state.group.need,
                   numbers().resource, WEEK)  # fmt: skip
    supply = here.state.climate.supply[int(here.topology.unit.basin[unit])]
    assert supply == pytest.approx(0.5 * 40.0 / 4.0, rel=1e-3)


def test_weather_heat_and_stewardship_move_the_regrowth_of_fish() -> None:
    """R = 0.5 x 1.2 x 0.7 x (1 - 0.8 x 0.5) = 0.252 a year, in a drought that takes 0.3."""
    region = changed(small_region(), "unit", growth=0.5, capacity=40.0)
    here = filled(region, fishery=20.0)
    unit = of_kind(region, FISHERY)
    here.state.channel.regrowth[:] = 1.2
    here.state.climate.factor[:], here.state.climate.heat[:] = 0.7, 0.5
    refill(here)
    expected = logistic_growth(20.0, 40.0, 0.252, WEEK)
    assert numbers().heat.fish == 0.8
    assert here.state.unit.stock[unit] == pytest.approx(expected)


def test_weak_and_strong_years_of_fish_have_the_mean_of_an_even_one() -> None:
    """At K/2 growth is all but linear in r: 0.6, 1.4 and 1.0 of the mean year give 1 on average."""
    region = changed(small_region(), "unit", growth=0.5, capacity=40.0)
    unit, gained = of_kind(region, FISHERY), []
    for factor in (0.6, 1.4, 1.0):
        here = filled(region, fishery=20.0)
        here.state.climate.factor[:] = factor
        refill(here)
        gained.append(here.state.unit.gained[unit])
    assert gained[0] < gained[2] < gained[1]
    assert np.mean(gained[:2]) == pytest.approx(gained[2], rel=1e-4)


def with_pasture() -> Region:
    """The small region with a pasture."""
    return synthetic_region(land=True)


def test_pasture_grows_with_the_rain_and_is_grazed() -> None:
    """R = 2.5 x 1.1 in a month with 1.1 of the mean rain; grazing is no easier above half."""
    region = with_pasture()
    unit = of_kind(region, LAND)
    capacity = region.topology.unit.capacity[unit]
    here = world(region)
    here.state.unit.stock[unit] = 0.25 * capacity
    here.state.climate.factor[:] = 1.1
    here.state.climate.heat[:] = 1.0  # grass does not mind
    refill(here, graze_rate=5.0)
    after = logistic_growth(0.25 * capacity, capacity, 2.5 * 1.1, WEEK)
    assert here.state.unit.stock[unit] == pytest.approx(after)
    assert here.state.unit.available[unit] == pytest.approx(after * (1.0 - math.exp(-5.0 / 52.0)))
    assert here.state.unit.ease[unit] == pytest.approx(2.0 * after / capacity)
    here.state.unit.stock[unit] = 0.9 * capacity
    refill(here)
    assert here.state.unit.ease[unit] == 1.0


def test_herders_graze_and_two_sides_contest_the_pasture() -> None:
    topology = with_pasture().topology
    unit = of_kind(with_pasture(), LAND)
    grazing = topology.group.unit == unit
    assert grazing.sum() >= 2
    assert (topology.group.kind[grazing] == GROUP_KINDS.index("herders")).all()
    assert (topology.dyad.unit == unit).any()
    assert topology.unit.disputed[unit] > 0.0


def test_herders_without_pasture_come_to_the_river() -> None:
    """A fifth of a town's people are herders with half of their need: thirst x (1 + 1.5 x 0.1)."""
    region = with_pasture()
    here, unit = world(region), of_kind(region, LAND)
    group, people = region.topology.group, here.state.group
    grazing = np.flatnonzero(group.unit == unit)
    people.need_felt[:], people.take_felt[:] = 1.0, 1.0
    people.take_felt[grazing] = 0.5
    out = np.ones(here.state.municipality.heat.size)
    p = numbers().abstraction._replace(fodder=1.5)
    fodder(out, region.topology.unit.kind, handed(group), region.topology.municipality.group_start,
           handed(people), p)  # fmt: skip
    town = int(group.municipality[grazing[0]])
    assert out[town] == pytest.approx(1.0 + 1.5 * group.weight[grazing[0]] * 0.5)
    assert out[0] == 1.0  # no herders there
    dry = np.ones(12)
    fodder(dry, small_region().topology.unit.kind, handed(group),
           region.topology.municipality.group_start, handed(people), p)  # fmt: skip
    assert (dry == 1.0).all()


def test_thirst_worked_by_hand() -> None:
    """Works cut a tenth, heat of 0.4 adds a fifth."""
    out = np.zeros(1)
    thirst(out, np.array([0.9]), np.zeros(1, dtype=np.uint32), np.array([0.4]), 0.5)
    assert out[0] == pytest.approx(0.9 * 1.2)


def test_land_that_holds_water_back_evens_out_the_season_and_leaves_the_year_as_it_is() -> None:
    """A fifth of the swing is held back: season 1.8 becomes 1.64, season 0.2 becomes 0.36."""
    assert held_back(1.8 * 0.9, 1.8, 1.2) == pytest.approx(1.64 * 0.9)
    assert held_back(0.2, 0.2, 1.2) == pytest.approx(0.36)
    season = np.array([0.2, 0.6, 1.4, 1.8])
    assert np.mean([held_back(s, s, 1.5) for s in season]) == pytest.approx(1.0)
    assert held_back(0.7, 0.7, 1.0) == pytest.approx(0.7)
    assert held_back(0.0, 0.0, 1.5) == 0.0
