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

from sim.events import PROJECT, PROJECT_DONE
from sim.region_arrays import warm_months
from sim.rules.drought import drought
from sim.rules.flood import flood, pareto_severity
from sim.rules.heat_wave import heat_wave, towns_in_heat
from sim.rules.storm import storm, towns_in_storm
from sim.rules.unilateral_project import unilateral_project
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


def test_works_are_announced_then_completed_and_the_builder_needs_more() -> None:
    """Announcement: BAR -3; completion, caused by it, raises the builder's need by 4 %."""
    here = world(changed(small_region(), "unit", disputed=1.0))
    dyads, state = here.topology.dyad.key.size, here.state
    p = numbers().project._replace(rate=0.06, years=1.5, expansion=0.04)
    topology, _, _, log = here.by_reference
    link, town = handed(state.dyad), handed(state.municipality)
    never, always = np.ones(dyads), np.zeros(dyads)
    one, disputed = never.copy(), state.unit.disputed
    one[3] = 0.0
    for u, t in ((one, 0), (never, 1), (one, 2)):
        draws = (u, always, disputed)
        unilateral_project(topology, link, town, log, state.tally, draws, p, t, WEEK)
    begun, done = events_of(here.log, state)
    builder = int(here.topology.dyad.first[3])  # v < 1/2: side a builds
    assert (begun["act"], done["act"]) == (PROJECT, PROJECT_DONE)
    assert (begun["bar"], begun["dyad"], begun["actor"]) == (-3, 3, builder)
    assert (begun["cause"], done["cause"]) == (-1, 0)
    assert state.municipality.expansion[builder] == pytest.approx(1.04)
    assert (state.municipality.expansion != 1.0).sum() == 1
    assert not state.dyad.project.any()


def test_works_begin_at_the_disputed_share_of_their_rate() -> None:
    """Threshold of one tick: 1 - exp(-0.06 x 0.2 / 52) where a fifth is disputed."""
    here = world(changed(small_region(), "unit", disputed=0.2))
    dyads, state = here.topology.dyad.key.size, here.state
    p = numbers().project._replace(rate=0.06)
    chance = 1.0 - math.exp(-0.06 * 0.2 / 52.0)
    topology, _, _, log = here.by_reference
    link, town = handed(state.dyad), handed(state.municipality)
    u = np.full(dyads, chance * 1.001)
    u[0] = chance * 0.999
    draws = (u, u, state.unit.disputed)
    unilateral_project(topology, link, town, log, state.tally, draws, p, 0, WEEK)
    assert state.dyad.project.tolist() == [1] + [0] * (dyads - 1)


def test_need_grows_by_half_at_most() -> None:
    here = world(changed(small_region(), "unit", disputed=1.0))
    dyads, town = here.topology.dyad.key.size, here.state.municipality
    topology, _, _, log = here.by_reference
    p = numbers().project._replace(expansion=0.5)
    draws = (np.zeros(dyads), np.zeros(dyads), here.state.unit.disputed)
    for t in range(8):
        unilateral_project(topology, handed(here.state.dyad), handed(town), log, here.state.tally,
                           draws, p, t, WEEK)  # fmt: skip
    assert town.expansion.max() == pytest.approx(1.5)


# ── heat and storm ──────────────────────────────────────────────────────────────────────────────


def test_heat_comes_round_midsummer_and_all_year_at_the_equator() -> None:
    north, south = warm_months(45.0), warm_months(-45.0)
    assert north.argmax() == 6
    assert south.argmax() == 0
    assert north == pytest.approx(np.roll(south, 6))
    assert north[[11, 0, 1]] == pytest.approx([0.0, 0.0, 0.0], abs=1e-12)
    assert warm_months(0.0) == pytest.approx(np.ones(12))
    assert warm_months(10.0).mean() == pytest.approx(1.0)


def test_heat_strikes_the_whole_region_at_its_return_period() -> None:
    """Once in two years for both systems; a third with one in four years is struck with them."""
    rates = np.array([0.5, 0.5, 0.25])
    table, climate = basins(3, heat_rate=rates), climate_of(3)
    p, years = numbers().heat._replace(rate_factor=1.0, length_weeks=1.5), many(2000, 120)
    basin, state = handed(table), handed(climate)
    begun, exposure = np.zeros(3), np.zeros(3)
    for t in range(52 * years):
        left = climate.heat_left.copy()
        heat_wave(basin, state, p, 1.0, 6, SEED, t, WEEK)
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
        heat_wave(handed(table), handed(climate), numbers().heat, 5.0, 0, SEED, t, WEEK)
        assert climate.heat[0] == 0.0
    assert grown(0.01, 520, WEEK) == pytest.approx(1.01**10)
    assert grown(0.01, -520, WEEK) == 1.0


def test_towns_feel_the_heat_of_their_system() -> None:
    out = np.zeros(3)
    systems = np.array([1, 0, 1], dtype=np.uint32)
    for weeks, expected in ((1.0, [0.6, 0.1, 0.6]), (2.0, [1.0, 0.2, 1.0])):
        towns_in_heat(out, systems, np.array([0.1, 0.6]), weeks)
        assert out == pytest.approx(expected)


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
