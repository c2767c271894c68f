"""Stage 2 and 3: reaches as linear reservoirs in a row, and who takes what (rule routing)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules.worked import WEEK, World, changed, handed, numbers, small_region, world

from sim.region import Region
from sim.rules.resources import replenish
from sim.rules.routing import lateness, reservoir, route
from sim.topology import RIVER


def river(region: Region) -> np.ndarray:
    """Reaches of the first river, upstream first."""
    basin = region.topology.unit.basin
    return np.flatnonzero(basin == basin[np.flatnonzero(region.topology.unit.kind == RIVER)[0]])


def flow(here: World, dt: float = WEEK, **values: float) -> None:
    """Inflow of the tick, then let everything flow and everybody take."""
    p, state, w = numbers().resource._replace(**values), here.state, here.scratch
    w.dirt[:] = 0.0
    replenish(handed(here.topology.unit), handed(state.climate), handed(state.unit),
              handed(state.channel), p, numbers().heat.fish, dt)  # fmt: skip
    route(handed(here.topology.unit), handed(state.unit), state.group.take, state.group.intended,
          state.channel.sediment, (w.units, w.dirt, w.salt, w.silt, w.foul), p, numbers().quality,
          dt)  # fmt: skip


def test_a_reservoir_worked_by_hand() -> None:
    """K = ln 2 a year, a year, stock 8, inflow 4: 8/2 + 4 (1/2) / ln 2 = 6.8854."""
    late = lateness(math.log(2.0), 1.0)
    assert late == pytest.approx(0.5 / math.log(2.0))
    assert reservoir(8.0, 4.0, 0.5, late) == pytest.approx(6.88539, rel=1e-5)
    assert lateness(0.0, 1.0) == 1.0  # what does not flow on is still there


def test_a_reach_flows_into_the_next_one_within_the_tick() -> None:
    """S = 10 with k = 26: a week lets 10 (1 - e^-0.5) = 3.9347 go, and the next gets it at once."""
    region = changed(small_region(), "unit", inflow=0.0, release=26.0, capacity=100.0)
    here = world(region)
    head, below = river(region)[:2]
    here.state.unit.stock[head] = 10.0
    flow(here, environmental_share=0.1)
    unit = here.state.unit
    assert unit.available[head] == pytest.approx(3.93469, rel=1e-5)
    assert unit.stock[head] == pytest.approx(6.06531, rel=1e-5)
    assert unit.arriving[below] == pytest.approx(3.93469, rel=1e-5)
    assert unit.available[below] == pytest.approx(3.93469 * (1.0 - lateness(26.0, WEEK)), rel=1e-5)


def test_what_is_taken_is_missing_below_and_return_flows_are_not() -> None:
    """Of 3.9347 that flow 2 are taken, of which a quarter returns: 2.4347 go on, 1.5 are used."""
    region = changed(small_region(), "unit", inflow=0.0, release=26.0, return_share=0.25,
                     capacity=100.0)  # fmt: skip
    here = world(region)
    head, below = river(region)[:2]
    here.state.unit.stock[head] = 10.0
    mine = np.flatnonzero(region.topology.group.unit == head)
    here.state.group.intended[mine] = 2.0 / mine.size
    flow(here)
    unit = here.state.unit
    assert unit.taken[head] == pytest.approx(2.0)
    assert unit.used[head] == pytest.approx(1.5)
    assert unit.arriving[below] == pytest.approx(10.0 * (1.0 - math.exp(-0.5)) - 1.5)


def test_a_full_reach_spills() -> None:
    region = changed(small_region(), "unit", inflow=0.0, release=1.0, capacity=7.0)
    here = world(region)
    head = river(region)[0]
    here.state.unit.stock[head] = 10.0
    flow(here)
    assert here.state.unit.stock[head] == pytest.approx(7.0)
    assert here.state.unit.available[head] == pytest.approx(3.0)


def test_water_that_cannot_be_withdrawn_stays_in_the_river_to_its_end() -> None:
    """Everybody takes all there is: a tenth of all inflow flows through every reach and out."""
    here = world(changed(small_region(), "unit", release=52.0, return_share=0.0, capacity=1e6))
    here.state.unit.stock[:] = here.state.unit.reserved[:] = 0.0
    here.state.group.intended[:] = 1e9
    for _ in range(60):
        flow(here, environmental_share=0.1)
    unit, table, reaches = here.state.unit, here.topology.unit, river(here.region)
    through = np.cumsum(table.inflow[reaches])
    assert unit.reserved[reaches] == pytest.approx(0.1 * through / 52.0, rel=1e-6)
    before = unit.left.copy()
    flow(here, environmental_share=0.1)
    out = unit.left[reaches[-1]] - before[reaches[-1]]
    assert out == pytest.approx(0.1 * through[-1] * WEEK, rel=1e-6)


def test_scarce_units_are_rationed_in_proportion() -> None:
    """Everybody gets the same share of what they intended."""
    here = world()
    here.state.unit.stock[:] = 0.5 * here.topology.unit.capacity
    here.state.group.intended[:] = np.linspace(1.0, 5.0, here.state.group.intended.size)
    flow(here)
    unit = here.topology.group.unit
    got = here.state.group.take / here.state.group.intended
    assert got == pytest.approx(here.state.unit.ration[unit])
    assert (here.state.unit.ration < 1.0).any()


def test_the_tick_length_does_not_move_the_river() -> None:
    """A year of seasonal inflow through four reaches: outflow of 2 weeks and of a day agree."""
    region = changed(small_region(), "unit", release=52.0, inflow=10.0, capacity=1e6)
    left = []
    for weeks in (2.0, 1.0 / 7.0):
        here = world(region)
        for t in range(round(52 / weeks)):
            year = (t + 0.5) * weeks * WEEK
            here.state.climate.factor[:] = 1.0 + 0.9 * math.sin(2.0 * math.pi * year)
            flow(here, weeks * WEEK)
        left.append(here.state.unit.left.sum())
    assert left[0] == pytest.approx(left[1], rel=0.002)


@settings(max_examples=40)
@given(st.lists(st.floats(0.0, 10.0), min_size=36, max_size=36), st.floats(0.0, 4.0))
def test_mass_is_conserved_and_nobody_takes_what_is_not_there(
    wishes: list[float], wet: float
) -> None:
    """Added + initial = stock + used + left, of the whole region."""
    here = world()
    unit, topology = here.state.unit, here.topology
    unit.stock[:] = 0.4 * topology.unit.capacity
    start = unit.stock.sum()
    here.state.climate.factor[:] = wet
    for _ in range(3):
        here.state.group.intended[:] = np.resize(wishes, here.state.group.intended.size)
        flow(here)
        assert (unit.stock >= 0.0).all()
        assert (unit.reserved <= unit.stock * (1.0 + 1e-12)).all()
        assert (unit.taken <= unit.available * (1.0 + 1e-12)).all()
    kept = unit.stock.sum() + unit.used.sum() + unit.left.sum()
    assert kept == pytest.approx(start + unit.added.sum(), rel=1e-12)
