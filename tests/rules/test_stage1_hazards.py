"""Stage 1: weather, drought, flood and unilateral works (model.md, a tick, 1)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import (
    SEED,
    WEEK,
    World,
    changed,
    events_of,
    handed,
    many,
    numbers,
    small_region,
    world,
)

from sim.events import OBJECTION, PROJECT, PROJECT_DONE, PROJECT_DROPPED
from sim.region_weather import warm_months
from sim.rules.drought import drought
from sim.rules.flood import flood, pareto_severity
from sim.rules.heat_wave import heat_wave, towns_in_heat
from sim.rules.storm import storm, towns_in_storm
from sim.rules.unilateral_project import (
    LIKELY,
    WORKS,
    giving_up,
    kind_of_works,
    unilateral_project,
)
from sim.rules.weather import (
    anomaly,
    anomaly_deviation,
    grown,
    inflow_factor,
    month_of,
    record_month,
    share_of_month,
)
from sim.streams import entity_key
from sim.topology import Basins

FLAT = np.ones(12)


def basins(count: int, **values: object) -> Basins:
    """Invented resource systems with flat seasons and no droughts."""
    table = {
        "key": np.array([entity_key("basin", str(b)) for b in range(count)], dtype=np.uint64),
        "kind": np.zeros(count, dtype=np.uint32),
        "season": np.tile(FLAT, (count, 1)),
        "need_season": np.tile(FLAT, (count, 1)),
        "variation": np.full(count, 0.24),
        "memory_years": np.full(count, 1.0 / 3.0),
        "record": np.full(count, -1, dtype=np.int32),
        "drought_rate": np.zeros(count),
        "heat_rate": np.zeros(count),
        "storm_rate": np.zeros(count),
        "warm": np.tile(FLAT, (count, 1)),
        "unit_start": np.zeros(count + 1, dtype=np.uint32),
        "unit": np.zeros(0, dtype=np.uint32),
        "records": np.ones((1, 12)),
        "record_months": np.array([12], dtype=np.uint32),
    }
    return Basins(**{**table, **values})


def climate_of(count: int):
    """Climate arrays of that many systems at their start values."""
    start = world().state.climate
    return type(start)(*(np.full(count, array[0]) for array in start))


def annual_flows(count: int, years: int, table: Basins) -> np.ndarray:
    """[basin, year] mean inflow factor, after ten years of settling in."""
    climate, p = climate_of(count), numbers().weather._replace(shift_rate=0.0, trend=0.0)
    basin, state = handed(table), handed(climate)
    flows = np.zeros((count, years))
    for t in range(-520, 52 * years):
        anomaly(basin, state, p, SEED, t, WEEK)
        inflow_factor(basin, state, p, t, 1.0)
        if t >= 0:
            flows[:, t // 52] += climate.factor / 52.0
    return flows


def test_deviation_of_the_log_anomaly_worked_by_hand() -> None:
    """Cv 0.24, tau 1/3: a = 3, v = 2 (2 + e^-3) / 9 = 0.45551, s^2 = ln 1.0576 / v = 0.12295."""
    assert anomaly_deviation(0.24, 1.0 / 3.0) == pytest.approx(math.sqrt(0.122945), rel=1e-4)


def test_annual_flow_has_the_variation_and_memory_of_river_noise() -> None:
    """V13: annual CV 0.24 (0.15-0.32), lag-1 0.22 (0.10-0.32), mean 1.

    Closed form of the lag-1 of annual means: (1 - e^-a)^2 / (2 (a - 1 + e^-a)), a = 3: 0.2201.
    """
    count, years = many(300, 8), many(40, 25)
    flows = annual_flows(count, years, basins(count))
    cv = np.mean(flows.std(axis=1, ddof=1))
    lag = np.mean([np.corrcoef(row[:-1], row[1:])[0, 1] for row in flows])
    lag += (1.0 + 3.0 * 0.22) / years  # bias of a short series (Kendall 1954)
    wide = many(0, 1) * 0.15
    assert flows.mean() == pytest.approx(1.0, abs=many(1, 6) * 0.02)
    assert 0.2 - wide < cv < 0.28 + wide
    assert cv == pytest.approx(0.24, abs=0.02 + wide)
    assert lag == pytest.approx(0.2201, abs=0.03 + wide)


def test_the_anomaly_forgets_at_its_own_rate_and_keeps_its_variance() -> None:
    """x(t+dt) = x e^(-dt/tau) + s sqrt(1 - e^(-2 dt/tau)) z is stationary with variance s^2."""
    count = many(4000, 400)
    table, climate = basins(count), climate_of(count)
    p = numbers().weather._replace(shift_rate=0.0)
    basin, state = handed(table), handed(climate)
    deviation = anomaly_deviation(0.24, 1.0 / 3.0)
    climate.anomaly[:] = deviation * np.resize([1.0, -1.0], count)  # variance s^2 exactly
    before = climate.anomaly.copy()
    for t in range(13):
        anomaly(basin, state, p, SEED, t, WEEK)
    wide = 4.0 / math.sqrt(count)
    assert climate.anomaly.std() == pytest.approx(deviation, rel=wide)
    kept = np.corrcoef(before, climate.anomaly)[0, 1]
    assert kept == pytest.approx(math.exp(-0.25 * 3.0), abs=wide)  # a quarter of a year


def test_levels_shift_rarely_and_stay() -> None:
    """Shifts come as a Poisson process: after a year 1 - e^-rate of the systems have shifted."""
    count = many(4000, 400)
    climate = climate_of(count)
    p = numbers().weather._replace(shift_rate=0.2, shift_sd=0.15)
    basin, state = handed(basins(count)), handed(climate)
    for t in range(52):
        anomaly(basin, state, p, SEED, t, WEEK)
    shifted = climate.level != 0.0
    assert shifted.mean() == pytest.approx(1.0 - math.exp(-0.2), abs=4.0 * 0.4 / math.sqrt(count))
    assert climate.level[shifted].std() == pytest.approx(0.15, rel=0.35)
    assert climate.level.min() >= -0.8


def test_months_follow_the_calendar_before_and_after_the_start() -> None:
    """A month is 52/12 weeks: week 4 is January, week 5 February, week -1 December."""
    weeks = (0, 4, 5, 51, 52, -1, -52, 103)
    assert [month_of(w, 1.0) for w in weeks] == [0, 0, 1, 11, 0, 11, 0, 11]
    assert [month_of(t, 2.0) for t in (0, 2, 3, 25, 26)] == [0, 0, 1, 11, 0]


def test_a_year_of_monthly_values_has_the_same_sum_at_any_tick_length() -> None:
    """Each month weighs a twelfth: ticks that lie in two months count both by their share."""
    monthly = np.arange(12.0) ** 2
    assert share_of_month(4, 1.0) == pytest.approx(1.0 / 3.0)  # week 4: January ends at 4 1/3
    for weeks in (0.5, 1.0, 2.0, 4.0):
        total = 0.0
        for t in range(round(52 / weeks)):
            first, share = month_of(t, weeks), share_of_month(t, weeks)
            assert 0.0 < share <= 1.0
            total += (share * monthly[first] + (1.0 - share) * monthly[(first + 1) % 12]) * weeks
        assert total / 52.0 == pytest.approx(monthly.mean(), rel=1e-12)


def test_a_record_is_read_month_by_month_and_wraps_round() -> None:
    """Three years of record from its second year on: index-sequential method."""
    assert record_month(0, 1.0, 1.0, 36) == 12
    assert record_month(51, 1.0, 1.0, 36) == 23
    assert record_month(104, 1.0, 1.0, 36) == 0
    assert record_month(-1, 1.0, 0.0, 36) == 35


def test_a_recorded_basin_repeats_its_record_and_nothing_else() -> None:
    record = np.linspace(0.4, 1.6, 24)
    table = basins(1, record=np.zeros(1, dtype=np.int32), records=record[None, :].copy(),
                   record_months=np.array([24], dtype=np.uint32))  # fmt: skip
    climate = climate_of(1)
    climate.anomaly[0], climate.level[0], climate.drought[0] = 1.0, 0.3, 0.5
    p = numbers().weather._replace(trend=0.0)
    basin, state = handed(table), handed(climate)
    for t, month in ((0, 0), (5, 1), (52, 12), (103, 23), (104, 0)):
        inflow_factor(basin, state, p, t, 1.0)
        assert climate.factor[0] == pytest.approx(record[month])


def test_inflow_worked_by_hand() -> None:
    """Factor = season exp(x - s^2/2) (1 + level) (1 - drought) (1 + trend)^t."""
    season = np.tile(np.array([2.0] + [0.9] * 10 + [1.0]), (1, 1))
    climate = climate_of(1)
    climate.anomaly[0], climate.level[0], climate.drought[0] = 0.3, -0.2, 0.25
    p = numbers().weather._replace(trend=-0.01, felt_weeks=13.0)
    basin, state = handed(basins(1, season=season)), handed(climate)
    inflow_factor(basin, state, p, 520, 1.0)  # ten years after the start, in January
    relative = math.exp(0.3 - 0.5 * 0.122945) * 0.8 * 0.75 * 0.99**10
    assert climate.factor[0] == pytest.approx(2.0 * relative, rel=1e-5)
    felt = 1.0 - relative
    assert climate.dryness[0] == pytest.approx(felt * (1.0 - math.exp(-1.0 / 13.0)), rel=1e-4)


def test_droughts_begin_as_a_poisson_process_and_take_what_they_should() -> None:
    """Once in eight years: 1 - e^(-1/8) in the first year; mean severity 0.3, length 0.75."""
    count = many(6000, 600)
    table, climate = basins(count, drought_rate=np.full(count, 1.0 / 8.0)), climate_of(count)
    p = numbers().drought._replace(severity_mean=0.3, length_years=0.75, rate_factor=1.0)
    basin, state = handed(table), handed(climate)
    first, severity, length = np.full(count, -1), np.zeros(count), np.zeros(count)
    for t in range(52):
        drought(basin, state, p, 1.0, SEED, t, WEEK)
        new = (first < 0) & (climate.drought > 0.0)
        first[new], severity[new], length[new] = t, climate.drought[new], climate.drought_left[new]
    struck = first >= 0
    wide = many(1, 3)
    assert struck.mean() == pytest.approx(1.0 - math.exp(-1.0 / 8.0), abs=wide * 0.017)
    assert severity[struck].mean() == pytest.approx(0.3, abs=wide * 0.02)
    assert severity.max() <= 0.85
    assert length[struck].mean() == pytest.approx(0.75, abs=wide * 0.12)
    assert np.median(length[struck]) == pytest.approx(0.75 * math.log(2.0), abs=wide * 0.12)


def test_a_drought_ends_when_its_time_is_over() -> None:
    climate = climate_of(1)
    climate.drought[0], climate.drought_left[0] = 0.4, 2.5 * WEEK
    basin, state = handed(basins(1)), handed(climate)
    under_way = []
    for t in range(4):
        drought(basin, state, numbers().drought, 1.0, SEED, t, WEEK)
        under_way.append(float(climate.drought[0]))
    assert under_way == [0.4, 0.4, 0.0, 0.0]


def test_flood_severity_is_generalised_pareto() -> None:
    """V = 1/2, scale 0.04, shape 0.3: 0.04/0.3 (2^0.3 - 1) = 0.030819; mean scale / (1 - shape)."""
    assert pareto_severity(0.5, 0.04, 0.3) == pytest.approx(0.030819, rel=1e-4)
    grid = (np.arange(20_000) + 0.5) / 20_000.0
    mean = np.mean([pareto_severity(v, 0.04, 0.3) for v in grid[:: many(1, 10)]])
    assert mean == pytest.approx(0.04 / 0.7, rel=0.02)
    assert pareto_severity(1e-12, 0.3, 0.8) == 1.0


@given(st.floats(1e-9, 1.0), st.floats(0.001, 0.3), st.floats(0.01, 0.8))
def test_flood_severity_is_a_share_and_rarer_is_worse(v: float, scale: float, shape: float) -> None:
    worse = pareto_severity(0.5 * v, scale, shape)
    assert 0.0 <= pareto_severity(v, scale, shape) <= worse <= 1.0


def river_tables(here: World) -> tuple[object, object]:
    """Units and systems as the rule gets them."""
    return handed(here.topology.unit), handed(here.topology.basin)


@pytest.mark.slow
def test_floods_strike_at_their_return_period_and_more_in_wet_spells() -> None:
    """Rate w/15 a year, w = exp(2 x - 2 s^2): 1 at x = s^2, 2 at x = s^2 + ln 2 / 2."""
    region = changed(small_region(), "unit", flood_rate=1.0 / 15.0)
    here = world(changed(region, "basin", variation=0.24, memory_years=0.5))
    p = numbers().flood._replace(wetness=2.0, rate_factor=1.0)
    climate, tables = handed(here.state.climate), river_tables(here)
    draws, ticks = (here.scratch.units, here.scratch.mass), many(52 * 800, 52 * 15)
    rates = []
    spread = anomaly_deviation(0.24, 0.5)
    for wet in (spread * spread, spread * spread + math.log(2.0) / 2.0):
        here.state.climate.anomaly[:] = wet
        strikes = 0
        for t in range(ticks):
            flood(*tables, climate, here.state.unit.flood, p, draws, 1.0, SEED, t, WEEK)
            strikes += int((here.state.unit.flood > 0.0).sum())
        rates.append(strikes / (ticks * WEEK * here.state.unit.flood.size))
    wide = many(1, 6)
    assert rates[0] == pytest.approx(1.0 / 15.0, rel=wide * 0.13)
    assert rates[1] == pytest.approx(2.0 / 15.0, rel=wide * 0.13)


def test_no_flood_where_none_is_declared() -> None:
    here = world(changed(small_region(), "unit", flood_rate=0.0))
    climate, tables = handed(here.state.climate), river_tables(here)
    draws = (here.scratch.units, here.scratch.mass)
    for t in range(200):
        flood(*tables, climate, here.state.unit.flood, numbers().flood, draws, 1.0, SEED, t, WEEK)
        assert not here.state.unit.flood.any()


# ── unilateral works ────────────────────────────────────────────────────────────────────────────


def build(here: World, u: np.ndarray, v: np.ndarray, tick: int = 0, **values: float) -> None:
    """The rule of works once, with given draws and parameters."""
    topology, _, _, log = here.by_reference
    state, p = here.state, numbers().project._replace(**values)
    unilateral_project(topology, handed(state.dyad), handed(state.municipality),
                       handed(state.unit), state.channel.settlement, log, state.tally, (u, v), p,
                       SEED, tick, WEEK)  # fmt: skip


def at_work(kind: str, disputed: float = 0.5, side: int = 1) -> World:
    """Works of a kind under way on dyad 3."""
    here = world()
    here.state.unit.disputed[:] = disputed
    here.state.dyad.project[3] = side
    here.state.dyad.works[3] = WORKS.index(kind)
    return here


def one_of(here: World) -> np.ndarray:
    """A draw that makes something happen on dyad 3 and nowhere else."""
    u = np.ones(here.topology.dyad.key.size)
    u[3] = 0.0
    return u


def test_works_are_announced_objected_to_and_completed() -> None:
    """Announcement -3 on the scale, objection -1 by the other side, completion -3; one cause."""
    here = world()
    here.state.unit.disputed[:] = 1.0
    dyads, u = here.topology.dyad.key.size, one_of(here)
    low, high = np.zeros(dyads), np.full(dyads, 0.999)
    build(here, u, low, 0)  # v < 1/2: side a builds
    assert here.state.dyad.works[3] > 0
    build(here, np.ones(dyads), low, 1)
    build(here, u, high, 2)
    build(here, u, low, 3)
    begun, objected, done = events_of(here.log, here.state)
    builder, other = here.topology.dyad.first[3], here.topology.dyad.second[3]
    assert (begun["act"], objected["act"], done["act"]) == (PROJECT, OBJECTION, PROJECT_DONE)
    assert (begun["bar"], objected["bar"], done["bar"]) == (-3, -1, -3)
    assert (begun["actor"], objected["actor"], done["actor"]) == (builder, other, builder)
    assert (begun["cause"], objected["cause"], done["cause"]) == (-1, 0, 0)
    assert not here.state.dyad.project.any()
    assert not here.state.dyad.works.any()
    assert not here.state.dyad.objected.any()


def test_works_begin_at_the_disputed_share_of_their_rate() -> None:
    """Threshold of one tick: 1 - exp(-0.06 x 0.2 / 52) where a fifth is disputed."""
    here = world()
    here.state.unit.disputed[:] = 0.2
    dyads = here.topology.dyad.key.size
    chance = 1.0 - math.exp(-0.06 * 0.2 / 52.0)
    u = np.full(dyads, chance * 1.001)
    u[0] = chance * 0.999
    build(here, u, u, rate=0.06)
    assert here.state.dyad.project.tolist() == [1] + [0] * (dyads - 1)


@pytest.mark.parametrize(
    ("kind", "need", "disputed"),
    [
        ("dam", 1.08, 0.5), ("diversion", 1.04, 0.5), ("road", 1.0, 0.525),
        ("camera", 1.0, 0.51), ("fence", 1.0, 0.55),
    ],
)  # fmt: skip
def test_what_is_built_decides_what_it_changes(kind: str, need: float, disputed: float) -> None:
    """Water works let the builder use more, works on the line make half of it more disputed."""
    here = at_work(kind, side=2)
    build(here, one_of(here), np.zeros(here.topology.dyad.key.size), expansion=0.04, line=0.1)
    builder = here.topology.dyad.second[3]
    assert here.state.municipality.expansion[builder] == pytest.approx(need)
    assert (here.state.municipality.expansion != 1.0).sum() == (need > 1.0)
    unit = here.topology.dyad.unit[3]
    assert here.state.unit.disputed[unit] == pytest.approx(disputed)


def test_works_objected_to_are_given_up_by_trusting_towns_and_before_a_committee() -> None:
    """Trust 0.7: 0.1 x 1.2 a year, twice that with a committee; the act is one of goodwill."""
    p = numbers().project._replace(dropped=0.1)
    assert giving_up(0.7, 0.0, p) == pytest.approx(0.12)
    assert giving_up(0.7, 3.0, p) == pytest.approx(0.24)
    here = at_work("camera")
    here.state.dyad.objected[3] = 1
    build(here, one_of(here), np.full(here.topology.dyad.key.size, 0.999))
    (event,) = events_of(here.log, here.state)
    assert (event["act"], event["bar"]) == (PROJECT_DROPPED, 1)
    assert not here.state.dyad.project.any()
    assert (here.state.unit.disputed == 0.5).all()


def test_kinds_of_works_follow_what_is_contested() -> None:
    assert pytest.approx(1.0) == LIKELY.sum(axis=1)
    middle = (np.arange(1000) + 0.5) / 1000.0
    for issue in range(LIKELY.shape[0]):
        drawn = np.bincount([kind_of_works(v, issue) for v in middle], minlength=6) / 1000.0
        assert drawn[1:] == pytest.approx(LIKELY[issue], abs=2e-3)
    assert kind_of_works(1.0, 0) == WORKS.index("fence")


def test_works_of_the_spin_up_change_nothing() -> None:
    """The region declares needs and lines as they are at the start."""
    here = at_work("dam")
    build(here, one_of(here), np.zeros(here.topology.dyad.key.size), -5)
    assert not here.state.dyad.project.any()
    assert (here.state.municipality.expansion == 1.0).all()


def test_need_grows_by_half_at_most() -> None:
    here = at_work("dam")
    builder = here.topology.dyad.first[3]
    here.state.municipality.expansion[builder] = 1.45
    build(here, one_of(here), np.zeros(here.topology.dyad.key.size), expansion=0.5)
    assert here.state.municipality.expansion[builder] == pytest.approx(1.5)


# ── heat and storm ──────────────────────────────────────────────────────────────────────────────


def test_heat_comes_round_midsummer_and_all_year_at_the_equator() -> None:
    north, south = warm_months(45.0), warm_months(-45.0)
    assert north.argmax() == 6
    assert south.argmax() == 0
    assert north == pytest.approx(np.roll(south, 6))
    assert north[[11, 0, 1]] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert warm_months(0.0) == pytest.approx(np.ones(12))
    assert warm_months(10.0).mean() == pytest.approx(1.0)


@pytest.mark.slow
def test_heat_strikes_the_whole_region_at_its_return_period() -> None:
    """Once in two years for both systems; a third with one in four years is struck with them."""
    rates = np.array([0.5, 0.5, 0.25])
    table, climate = basins(3, heat_rate=rates), climate_of(3)
    p, years = numbers().heat._replace(rate_factor=1.0, length_weeks=1.5), many(2000, 120)
    basin, state = handed(table), handed(climate)
    begun, exposure = np.zeros(3), np.zeros(3)
    for t in range(52 * years):
        left = climate.heat_left.copy()
        heat_wave(basin, state, p, 1.0, (6, 1.0), SEED, t, WEEK)
        new = (left <= 0.0) & (climate.heat_severity > 0.0)
        assert new[0] == new[1]
        assert new[0] or not new[2] or left[0] > 0.0
        begun += new
        exposure += climate.heat * WEEK
    wide = many(1, 5)
    assert begun / years == pytest.approx(rates, rel=wide * 0.08)
    mean = numbers().heat.scale / (1.0 - numbers().heat.shape)
    assert exposure / begun == pytest.approx(np.full(3, mean * 1.5 * WEEK), rel=wide * 0.12)


def test_no_heat_in_winter_and_more_with_the_trend() -> None:
    table = basins(1, heat_rate=np.array([0.5]), warm=warm_months(50.0)[None])
    climate = climate_of(1)
    for t in range(2000):
        heat_wave(handed(table), handed(climate), numbers().heat, 5.0, (0, 1.0), SEED, t, WEEK)
        assert climate.heat[0] == 0.0
    assert grown(0.01, 520, WEEK) == pytest.approx(1.01**10)
    assert grown(0.01, -520, WEEK) == 1.0


def test_towns_feel_the_heat_of_their_system() -> None:
    out = np.zeros(3)
    systems = np.array([1, 0, 1], dtype=np.uint32)
    for weeks, expected in ((1.0, [0.6, 0.1, 0.6]), (2.0, [1.0, 0.2, 1.0])):
        towns_in_heat(out, systems, np.array([0.1, 0.6]), weeks)
        assert out == pytest.approx(expected)


@pytest.mark.slow
def test_storms_strike_both_sides_unevenly_at_their_return_period() -> None:
    """Once in five years; factors at towns are 2 w, on average 1."""
    here = world(changed(small_region(), "basin", storm_rate=0.2))
    p, years = numbers().storm._replace(rate_factor=1.0), many(1500, 150)
    topology, state = here.topology, here.state
    basin, town = handed(topology.basin), handed(topology.municipality)
    strikes, at_towns, at_systems = 0, [], []
    for t in range(52 * years):
        storm(basin, state.climate.storm, p, 1.0, SEED, t, WEEK)
        towns_in_storm(state.municipality.storm, town, state.climate.storm, SEED, t)
        strikes += int((state.climate.storm > 0.0).sum())
        struck = state.climate.storm[topology.municipality.basin] > 0.0
        assert ((state.municipality.storm > 0.0) == struck).all()
        at_towns += state.municipality.storm[struck].tolist()
        at_systems += state.climate.storm[topology.municipality.basin][struck].tolist()
    wide = many(1, 4)
    systems = state.climate.storm.size
    assert strikes / (years * systems) == pytest.approx(0.2, rel=wide * 0.06)
    assert np.mean(at_towns) == pytest.approx(np.mean(at_systems), rel=wide * 0.08)
    nations = topology.municipality.nation[topology.municipality.basin == 0]
    assert set(nations.tolist()) == {0, 1}
