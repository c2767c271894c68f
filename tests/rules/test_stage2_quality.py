"""Stage 2 and 3: erosion, and what water carries (rules erosion and quality)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rules.worked import SEED, WEEK, World, changed, handed, many, numbers, small_region, world

from sim.rules.erosion import erosion
from sim.rules.quality import accidents, carry, intruded, sewage, spoiled, usability, useful
from sim.rules.resources import replenish
from sim.rules.routing import mud, route
from sim.topology import AQUIFER, FISHERY, GROUP_KINDS, RIVER
from sim.upstream import theirs

amount = st.floats(0.0, 10.0)
CLEAN = numbers().quality._replace(salt=0.0, silt=0.0)


def first_river(here: World) -> np.ndarray:
    """Reaches of the first river, upstream first."""
    basin = here.topology.unit.basin
    return np.flatnonzero((basin == basin[0]) & (here.topology.unit.kind == RIVER))


def flow(here: World, dt: float = WEEK, **values: float) -> None:
    """A tick of inflow and flow, with quality parameters as given; the sewage stands in dirt."""
    s, w, p = here.state, here.scratch, numbers()
    replenish(handed(here.topology.unit), handed(s.climate), handed(s.unit), handed(s.channel),
              p.resource, p.heat.fish, dt)  # fmt: skip
    route(handed(here.topology.unit), handed(s.unit), s.group.take, s.group.intended,
          s.channel.sediment, (w.units, w.dirt, w.salt, w.silt, w.foul), p.resource,
          p.quality._replace(**values), dt)  # fmt: skip


def test_what_a_reach_carries_worked_by_hand() -> None:
    """Mass 4, release and decay ln 2 / 2 each: in a year half goes, and half of that flows on."""
    half = 0.5 * math.log(2.0)
    assert carry(4.0, 0.0, half, half, 1.0, 1.0) == pytest.approx((2.0, 1.0))
    assert carry(4.0, 0.0, half, half, 0.5, 1.0) == pytest.approx((1.0, 2.0))  # half spills
    assert carry(4.0, 1.0, 0.0, 0.0, 1.0, 1.0) == (5.0, 0.0)


@example(0.0, 1.0, 0.0, 5.960464477539063e-08, 0.0)  # where 1 - e^-x has lost its digits
@given(amount, amount, st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.floats(0.0, 1.0))
def test_no_mass_is_made(
    mass: float, entering: float, release: float, decay: float, kept: float
) -> None:
    stays, gone = carry(mass, entering, release, decay, kept, WEEK)
    assert stays >= 0.0
    assert gone >= -1e-12
    assert stays + gone <= (mass + entering) * (1.0 + 1e-12) + 1e-12
    if decay == 0.0:
        assert stays + gone == pytest.approx(mass + entering, abs=1e-9)


def test_pollution_flows_downstream_and_is_diluted() -> None:
    """A spill in the head reach appears below, weaker, and the river is clean again in weeks."""
    here = world(changed(small_region(), "unit", capacity=1e6))
    reaches, unit = first_river(here), here.state.unit
    unit.stock[reaches] = 1.0
    for _ in range(30):
        flow(here, salt=0.0, silt=0.0)
    unit.pollution[reaches[0]] = 5.0
    peak = np.zeros(reaches.size)
    for _ in range(12):
        here.scratch.dirt[:] = 0.0
        flow(here, salt=0.0, silt=0.0)
        peak = np.maximum(peak, unit.pollution[reaches])
    assert (np.diff(peak[1:]) < 0.0).all()
    assert peak.max() < 1.0
    assert (peak > 1e-3).all()
    assert unit.pollution.max() < 0.01


def test_salt_is_conserved_and_concentrated_by_use() -> None:
    """Half of a river is used up between head and mouth: the salt of all of it leaves the mouth."""
    here = world(changed(small_region(), "unit", capacity=1e6, return_share=0.0))
    reaches, unit, table = first_river(here), here.state.unit, here.topology.unit
    mine = np.flatnonzero(table.basin[here.topology.group.unit] == table.basin[reaches[0]])
    mine = mine[np.isin(here.topology.group.unit[mine], reaches)]
    through = table.inflow[reaches].sum()
    here.state.group.intended[mine] = 0.5 * through * WEEK / mine.size
    before = 0.0
    for _ in range(60):
        before = unit.left[reaches[-1]]
        flow(here, salt=0.1, silt=0.0)
    out = unit.left[reaches[-1]] - before
    salt = 0.1 * through * WEEK  # a week's salt leaves in a week's water
    flowing = out + unit.taken[reaches[-1]]
    assert unit.salinity[reaches[-1]] * flowing == pytest.approx(salt, rel=1e-6)
    assert unit.salinity[reaches[-1]] > 0.15
    assert unit.salinity[reaches[0]] == pytest.approx(0.1, rel=1e-6)


def test_sewage_worked_by_hand() -> None:
    """Industry uses 52 a year: a week's 1 x load 2, half found out of which 0.5 is kept back: 1.5.

    It goes into the reach by the town; plants cut the rest by the channel.
    """
    here = world()
    group, town, table = here.topology.group, here.topology.municipality, here.topology.unit
    here.state.group.take_felt[:] = 0.0
    plant = int(np.flatnonzero(group.kind == GROUP_KINDS.index("industry"))[0])
    here.state.group.take_felt[plant] = 52.0
    here.state.channel.detection[:] = 0.5
    here.state.channel.pollution[:] = 0.8
    load = here.scratch.dirt
    p = numbers().quality._replace(industry_load=2.0, careful=0.5)
    sewage(load, handed(group), handed(town), handed(table), handed(here.state.group),
           handed(here.state.channel), p, WEEK)  # fmt: skip
    reach = town.reach[group.municipality[plant]]
    assert load[reach] == pytest.approx(1.0 * 2.0 * 0.75 * 0.8)
    assert load.sum() == pytest.approx(load[reach])


def test_fishers_and_farms_do_not_pollute_alike() -> None:
    here = world()
    group = here.topology.group
    p = numbers().quality._replace(farm_load=0.1, town_load=1.0)
    found = {}
    for kind in ("irrigators", "urban_households", "fishers"):
        here.state.group.take_felt[:] = np.where(group.kind == GROUP_KINDS.index(kind), 1.0, 0.0)
        sewage(here.scratch.dirt, handed(group), handed(here.topology.municipality),
               handed(here.topology.unit), handed(here.state.group), handed(here.state.channel),
               p, WEEK)  # fmt: skip
        found[kind] = here.scratch.dirt.sum() / max((here.state.group.take_felt).sum(), 1.0)
    assert found["fishers"] == 0.0
    assert found["urban_households"] == pytest.approx(10.0 * found["irrigators"])


def test_quality_worked_by_hand() -> None:
    """Index 1 halves the use; banks lost count in full; the worse the less useful."""
    assert useful(0.0, 0.0, 0.0, 0.0) == 1.0
    assert useful(1.0, 0.0, 0.0, 0.0) == 0.5
    assert useful(0.0, 1.0, 1.0, 0.2) == pytest.approx(0.2)


@given(amount, amount, amount, st.floats(0.0, 1.0))
def test_useful_is_a_share(dirt: float, salt: float, silt: float, eroded: float) -> None:
    assert 0.0 <= useful(dirt + 0.1, salt, silt, eroded) <= useful(dirt, salt, silt, eroded) <= 1.0


def test_salt_comes_in_where_stocks_are_low() -> None:
    """Near 0.5, two fifths short: 2 x 0.5 x 0.4 in the ground, x 0.16 in a river."""
    p = numbers().quality._replace(intrusion=2.0)
    assert intruded(0.5, 0.6, False, p) == pytest.approx(0.4)
    assert intruded(0.5, 0.6, True, p) == pytest.approx(0.16)
    assert intruded(0.5, 1.4, True, p) == 0.0


def test_an_overpumped_aquifer_turns_saline_within_years() -> None:
    here = world(changed(small_region(), "unit", inflow=0.0, saline=0.5))
    well = int(np.flatnonzero(here.topology.unit.kind == AQUIFER)[0])
    capacity, unit = here.topology.unit.capacity[well], here.state.unit
    found = []
    for fullness in (0.8, 0.1):
        unit.salinity[well], unit.stock[well] = 0.08, fullness * capacity
        for _ in range(260):
            flow(here, salt=0.08, intrusion=2.0, intrusion_years=5.0)
        found.append(float(unit.salinity[well]))
    assert found[0] == pytest.approx(0.08)
    assert found[1] == pytest.approx(0.08 + 0.8 * (1.0 - math.exp(-1.0)), rel=1e-3)


def test_groundwater_forgets_slowly() -> None:
    here = world(changed(small_region(), "unit", inflow=0.0))
    well = int(np.flatnonzero(here.topology.unit.kind == AQUIFER)[0])
    here.state.unit.stock[well] = 10.0
    here.scratch.dirt[:] = 0.0
    here.scratch.dirt[well] = 5.0
    flow(here, ground_years=10.0)
    assert here.state.unit.pollution[well] == pytest.approx(0.5 * math.exp(-WEEK / 10.0))


def test_mud_grows_with_the_square_of_the_flow() -> None:
    assert mud(2.0 * 52.0 * WEEK, 52.0, CLEAN._replace(silt=0.1), WEEK) == pytest.approx(0.4)
    assert mud(0.0, 0.0, CLEAN, WEEK) == 0.0


def test_floods_take_banks_and_muddy_the_river_and_buffers_hold_them() -> None:
    """Severity 0.5 with half of the soil held: 0.2 x 0.25 of the land, mud 5 x 0.25."""
    here = world()
    p = numbers().erosion._replace(banks=0.2, mud=5.0, years=10.0)
    unit, kind = here.state.unit, here.topology.unit.kind
    unit.flood[:] = 0.5
    here.state.channel.sediment[:] = 0.5
    erosion(kind, handed(unit), here.state.channel.sediment, p, WEEK)
    assert unit.eroded[kind == RIVER] == pytest.approx(0.05)
    assert unit.sediment[kind == RIVER] == pytest.approx(1.25)
    assert not unit.eroded[kind != RIVER].any()
    unit.flood[:] = 0.0
    for _ in range(520):
        erosion(kind, handed(unit), here.state.channel.sediment, p, WEEK)
    assert unit.eroded[kind == RIVER] == pytest.approx(0.05 * math.exp(-1.0))


@pytest.mark.slow
def test_accidents_strike_reaches_at_their_return_period_with_a_heavy_tail() -> None:
    """Once in 25 years; mean severity 0.7 / (1 - 0.3) = 1."""
    here = world(changed(small_region(), "unit", accident_rate=1.0 / 25.0))
    p = numbers().quality._replace(accident_scale=0.7, accident_shape=0.3, accident_factor=1.0)
    unit, years = here.state.unit, many(3000, 300)
    unit.stock[:] = here.topology.unit.initial * here.topology.unit.capacity
    river, found = here.topology.unit.kind == RIVER, []
    for t in range(years * 52):
        unit.pollution[:] = 0.0
        accidents(handed(here.topology.unit), handed(unit), p,
                  (here.scratch.units, here.scratch.mass), SEED, t, WEEK)  # fmt: skip
        found += unit.spill[unit.spill > 0.0].tolist()
        if (unit.spill > 0.0).any():
            assert unit.pollution == pytest.approx(unit.spill)
            assert not unit.spill[~river].any()
    wide = many(1, 4)
    assert len(found) / (years * river.sum()) == pytest.approx(1.0 / 25.0, rel=wide * 0.08)
    assert np.mean(found) == pytest.approx(1.0, rel=wide * 0.1)
    assert max(found) > 3.0


def test_people_feel_quality_over_a_season() -> None:
    """A reach at half use for 13 weeks of a season of 13: 1 - 0.5 (1 - 1/e)."""
    here = world(changed(small_region(), "unit", saline=0.0))
    unit, kind = here.state.unit, here.topology.unit.kind
    met = (np.ones(kind.size), *np.zeros((2, kind.size)), np.full(kind.size, 0.25))
    for _ in range(13):
        usability(handed(here.topology.unit), handed(unit), met, numbers().quality, 13.0, WEEK)
    expected = 1.0 - 0.5 * (1.0 - math.exp(-1.0))
    assert unit.usable[kind == RIVER] == pytest.approx(expected)
    assert unit.fouled[kind == RIVER] == pytest.approx(0.25 * (1.0 - expected))
    assert (unit.usable[kind == FISHERY] == 1.0).all()
    assert not unit.fouled[kind != RIVER].any()


def test_the_sea_comes_up_a_river_that_is_low() -> None:
    """At half of the mean stock: 2 x 0.4 x 0.25 = 0.2 on top of its salt; not at the mean."""
    here = world(changed(small_region(), "unit", saline=0.4))
    unit, table = here.state.unit, here.topology.unit
    reach = first_river(here)[0]
    none = np.zeros(table.kind.size)
    p, season = numbers().quality._replace(intrusion=2.0), 1e-9  # felt at once
    for share, salt in ((1.0, 0.1), (0.5, 0.3)):
        unit.stock[reach] = share * table.initial[reach] * table.capacity[reach]
        usability(handed(table), handed(unit), (none, none + 0.1, none, none), p, season, WEEK)
        assert unit.usable[reach] == pytest.approx(1.0 / (1.0 + salt * salt))


def test_what_flows_on_comes_from_upstream_and_what_enters_does_not() -> None:
    """Head: only its own dirt. The next reach: 3 of its own, and the rest from above."""
    here = world(changed(small_region(), "unit", inflow=0.0, capacity=1e6, release=26.0))
    head, below = first_river(here)[:2]
    unit, w = here.state.unit, here.scratch
    unit.stock[head], unit.stock[below], unit.pollution[head] = 10.0, 10.0, 0.8
    w.dirt[:] = 0.0
    w.dirt[below] = 3.0
    flow(here, decay_weeks=1.0)
    assert (unit.carried[head], w.foul[head]) == (0.0, 0.0)
    rate = 26.0 + 52.0
    from_above = 8.0 * (1.0 - math.exp(-1.5)) * 26.0 / rate
    share_of = from_above / (from_above + 3.0)
    assert unit.carried[below] == pytest.approx(share_of * unit.pollution[below])
    assert w.foul[below] == pytest.approx(share_of * w.dirt[below])


def test_use_lost_to_a_part_of_the_dirt() -> None:
    """P = 2 takes 4/5 of the use; a quarter of the dirt takes a quarter of that."""
    assert spoiled(2.0, 0.5) == pytest.approx(0.2)
    assert spoiled(2.0, 2.0) == pytest.approx(1.0 - useful(2.0, 0.0, 0.0, 0.0))
    assert spoiled(0.0, 0.0) == 0.0


def test_who_lives_upstream() -> None:
    """Four reaches in a row with 3, 1, 2 and 4 thousand people, of nations 0, 1, 0 and 1.

    Above the last live 5 of nation 0 and 1 of nation 1, above the third 3 and 1, above the second 3
    and none; nobody lives above the first, or above a town without a reach.
    """
    here = small_region().topology
    units, towns, dyads = here.unit.key.size, here.municipality.key.size, here.dyad.key.size
    row = np.arange(towns)
    region = changed(small_region(), "unit", downstream=np.where(np.arange(units) < 3,
                     np.arange(units) + 1, -1))  # fmt: skip
    region = changed(region, "municipality", reach=np.where(row < 4, row, -1), nation=row % 2,
                     population=np.array([3e3, 1e3, 2e3, *[4e3] * (towns - 3)]))  # fmt: skip
    first, second = np.zeros((2, dyads), dtype=int)
    first[:3], second[:3] = (3, 1, 4), (2, 0, 1)
    above = theirs(changed(region, "dyad", first=first, second=second).topology)
    assert above[0][:3] == pytest.approx([5.0 / 6.0, 1.0, 0.0])
    assert above[1][:3] == pytest.approx([1.0 / 4.0, 0.0, 1.0])


def test_users_meet_the_mean_of_what_flows_by() -> None:
    """A spill of 5 with release and decay of 52 a year: of the week's water (1 - e^-2) / 2 of it.

    Discharge of a steady reach is its inflow, so what users meet does not hang on the tick.
    """
    found = []
    for ticks in (1, 7):
        here = world(changed(small_region(), "unit", capacity=1e6, release=52.0))
        head = first_river(here)[0]
        unit, inflow = here.state.unit, here.topology.unit.inflow[head]
        unit.stock[head] = inflow / 52.0
        unit.pollution[head] = 5.0
        met = 0.0
        for _ in range(ticks):
            here.scratch.dirt[:] = 0.0
            flow(here, WEEK / ticks, salt=0.0, silt=0.0, decay_weeks=1.0)
            met += here.scratch.dirt[head] / ticks
        found.append(met)
    assert found[0] == pytest.approx(5.0 * (1.0 - math.exp(-2.0)) / 2.0, rel=1e-6)
    assert found[1] == pytest.approx(found[0], rel=1e-6)
