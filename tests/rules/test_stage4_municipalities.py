"""Stage 4: damage, upkeep, legitimacy, elections, agreements and money (model.md, a tick, 4)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import SEED, WEEK, World, changed, handed, many, numbers, small_region, world

from sim.mechanisms import NAMES
from sim.reach import mean_over_dyads
from sim.rules.agreements import (
    ABSENT,
    OPERATING,
    SETTING_UP,
    SUSPENDED,
    costs,
    finance,
    operate,
    strengths,
)
from sim.rules.hazard_response import blow, flood_damage, livelihood_loss, works
from sim.rules.municipal_politics import election_falls, legitimacy, municipal_election

share = st.floats(0.0, 1.0)
MECHANISMS = len(NAMES)


# ── damage and works ────────────────────────────────────────────────────────────────────────────


def test_a_warning_softens_the_blow() -> None:
    """0.5 x 0.8 e^(-0.35/0.7) = 0.2426; Day's curve: two days (2/7 week) save a third."""
    assert blow(0.5, 0.8, 0.35, 0.7) == pytest.approx(0.4 * math.exp(-0.5))
    assert 1.0 - blow(1.0, 1.0, 2.0 / 7.0, 0.7) == pytest.approx(1.0 / 3.0, abs=0.01)
    assert blow(1.0, 2.0, 0.0, 0.7) == 1.0


def test_a_flood_damages_the_towns_on_its_reach_and_is_counted_in_money() -> None:
    """Severity 0.5, a fifth exposed: damage 0.1 of 10,000 people x 4,000 dollars = 4 million."""
    region = changed(small_region(), "municipality", population=10_000.0)
    here = world(region)
    town, reach = here.state.municipality, region.topology.municipality.reach
    struck = int(reach[0])
    here.state.unit.flood[struck] = 0.5
    m = here.topology.municipality.key.size
    p = numbers().hazard._replace(exposed_value=4000.0, exposed_share=0.2)
    for counted in (False, True):
        town.damage[:] = 0.0
        flood_damage(handed(here.topology.municipality), handed(town), here.state.unit.flood,
                     np.ones(m), np.zeros(m), here.scratch.hit, p, counted)  # fmt: skip
    hit = reach == struck
    assert here.scratch.hit == pytest.approx(np.where(hit, 0.5, 0.0))
    assert town.damage == pytest.approx(np.where(hit, 0.1, 0.0))
    assert town.losses == pytest.approx(np.where(hit, 4.0, 0.0))  # only what was counted


def test_groups_lose_by_their_vulnerability() -> None:
    """Loss + (1 - loss) blow vulnerability = 0.2 + 0.8 x 0.5 x 0.5."""
    loss, town = np.array([0.2, 0.2]), np.array([0, 1], dtype=np.uint32)
    livelihood_loss(loss, np.array([0.5, 0.5]), town, np.array([0.5, 0.0]))
    assert loss == pytest.approx([0.4, 0.2])


def test_works_settle_where_upkeep_balances_ageing_and_damage_is_repaired() -> None:
    """u/(u + a) = 0.25/0.29 at full capacity; damage fades at one a year, with aid at two."""
    here = world()
    town, m = here.state.municipality, here.topology.municipality.key.size
    town.capacity[:], town.damage[:] = 1.0, 0.4
    p = numbers().hazard._replace(repair_rate=1.0, ageing=0.04, upkeep=0.25)
    speed = np.ones(m)
    speed[0] = 2.0
    for t in range(52 * 40):
        works(handed(town), speed, p, WEEK)
        if t == 51:
            assert town.damage[:2] == pytest.approx([0.4 * math.exp(-2.0), 0.4 * math.exp(-1.0)])
    assert town.infrastructure == pytest.approx(np.full(m, 0.25 / 0.29), rel=1e-3)
    assert town.service == pytest.approx(town.infrastructure * (1.0 - town.damage))


def test_works_without_upkeep_fall_apart_and_without_ageing_stay() -> None:
    here = world()
    town, m = here.state.municipality, here.topology.municipality.key.size
    town.capacity[:] = 0.0
    p = numbers().hazard._replace(ageing=0.04)
    for _ in range(520):
        works(handed(town), np.ones(m), p, WEEK)
    assert town.infrastructure == pytest.approx(np.full(m, 0.8 * math.exp(-0.4)))
    before = town.infrastructure.copy()
    works(handed(town), np.ones(m), p._replace(ageing=0.0), WEEK)
    assert np.array_equal(town.infrastructure, before)


# ── politics ────────────────────────────────────────────────────────────────────────────────────


def test_legitimacy_follows_services_and_livelihood() -> None:
    """Target 0.5 x 0.6 + 0.5 x (0.25 x 0.4 + 0.75 x 0.8) = 0.65, e-folding of two years."""
    out, start = np.array([0.5]), np.array([0, 2], dtype=np.uint32)
    p = numbers().politics._replace(service_weight=0.5, legitimacy_years=2.0)
    legitimacy(out, np.array([0.6]), start, np.array([0.25, 0.75]), np.array([0.4, 0.8]), p, 2.0)
    assert out[0] == pytest.approx(0.65 - 0.15 * math.exp(-1.0))


@given(share, st.floats(0.0, 0.999), st.sampled_from([0.5, 1.0, 2.0]))
def test_elections_fall_once_a_term_at_any_tick_length(
    term: float, phase: float, weeks: float
) -> None:
    """A term of 1 to 6 years, 60 years: as many elections as terms, give or take the first one."""
    years, dt = 1.0 + 5.0 * term, weeks / 52.0
    ticks = round(60.0 / dt)
    held = sum(election_falls(t, dt, years, phase) for t in range(ticks))
    assert abs(held - 60.0 / years) <= 1.0


def test_elections_before_the_start_fall_too() -> None:
    held = [t for t in range(-520, 0) if election_falls(t, WEEK, 4.0, 0.3)]
    assert len(held) in (2, 3)
    assert np.diff(held).tolist() == [208] * (len(held) - 1)


def test_the_less_legitimate_a_town_the_more_often_its_majority_changes() -> None:
    """At each election with probability 1 - legitimacy; commitment is then redrawn."""
    here = world()
    town, table = here.state.municipality, here.topology.municipality
    town.legitimacy[:] = 0.7
    town.phase[:] = np.linspace(0.02, 0.98, 12)
    p = numbers().politics._replace(commitment=0.6, commitment_sd=0.2)
    changes, commitments, ticks = 0, [], 52 * many(1200, 150)
    municipality, state = handed(table), handed(town)
    for t in range(0, ticks, 13):  # quarters: 16 elections a term of 4 years
        before = town.commitment.copy()
        municipal_election(municipality, state, p, SEED, t // 13, 0.25)
        new = town.commitment != before
        changes += int(new.sum())
        commitments += town.commitment[new].tolist()
    elections = table.key.size * ticks / 52 / 4.0
    assert changes / elections == pytest.approx(0.3, abs=many(1, 3) * 0.035)
    assert np.mean(commitments) == pytest.approx(0.6, abs=many(1, 3) * 0.03)
    assert np.std(commitments) == pytest.approx(0.2, abs=many(1, 3) * 0.03)
    town.legitimacy[:] = 1.0
    before = town.commitment.copy()
    for t in range(80):
        municipal_election(municipality, state, p, SEED, t, 0.25)
    assert np.array_equal(town.commitment, before)


# ── agreements ──────────────────────────────────────────────────────────────────────────────────


def imposed(here: World, intensity: float) -> tuple[np.ndarray, ...]:
    """Asked intensities, first years, survival of closure and set-up times."""
    dyads = here.topology.dyad.key.size
    survives = np.zeros(MECHANISMS, dtype=np.int8)
    survives[-1] = 1
    return (np.full((MECHANISMS, dyads), intensity), np.full(MECHANISMS, 2.0), survives,
            np.full(MECHANISMS, 1.0))  # fmt: skip


def operated(here: World, plan: tuple[np.ndarray, ...], now: float, ticks: int = 1) -> None:
    """Run the rule for some weeks from ``now`` on."""
    asked, first, survives, setup = plan
    p = numbers().agreement._replace(decay_years=3.0)
    for k in range(ticks):
        operate(handed(here.topology.dyad), handed(here.state.accord), here.state.pair.closed_until,
                asked, first, survives, setup, p, now + k * WEEK, WEEK)  # fmt: skip


def test_an_agreement_matures_from_its_year_on() -> None:
    """1 - e^(-t/set-up): after the set-up time 63 %, operating once more than half is done."""
    here = world()
    plan, accord = imposed(here, 0.5), here.state.accord
    operated(here, plan, 1.9)
    assert not accord.phase.any()
    operated(here, plan, 2.0)
    assert (accord.phase == SETTING_UP).all()
    operated(here, plan, 2.0 + WEEK, 51)
    assert accord.maturity == pytest.approx(np.full(accord.maturity.shape, 1.0 - math.exp(-1.0)))
    assert (accord.phase == OPERATING).all()
    assert (accord.intensity == 0.5).all()


def test_a_closed_border_suspends_agreements_but_not_those_between_states() -> None:
    """While suspended maturity fades with e-folding of three years and strength is nothing."""
    here = world()
    plan, accord = imposed(here, 1.0), here.state.accord
    operated(here, plan, 2.0, 104)
    before = accord.maturity.copy()
    here.state.pair.closed_until[:] = 9.0
    operated(here, plan, 4.0, 52)
    assert (accord.phase[:-1] == SUSPENDED).all()
    assert accord.maturity[:-1] == pytest.approx(before[:-1] * math.exp(-1.0 / 3.0))
    assert (accord.phase[-1] == OPERATING).all()
    assert (accord.maturity[-1] > before[-1]).all()
    m = here.topology.municipality.key.size
    strengths(handed(here.topology.dyad), handed(accord), np.ones(m), np.ones(m))
    assert not accord.strength[:-1].any()
    assert accord.strength[-1] == pytest.approx(accord.maturity[-1])


def test_intensity_zero_leaves_no_trace() -> None:
    here = world()
    operated(here, imposed(here, 0.0), 5.0, 10)
    for array in here.state.accord:
        assert not array.any()


def test_strength_is_limited_by_the_weaker_town() -> None:
    """Intensity 0.8 x min capacity 0.5 x min funding 0.6 x maturity 0.9 = 0.216."""
    here = world()
    dyad, accord = here.topology.dyad, here.state.accord
    accord.intensity[:], accord.maturity[:], accord.phase[:] = 0.8, 0.9, OPERATING
    accord.phase[0] = ABSENT
    capacity, funding = np.full(12, 0.7), np.full(12, 1.0)
    capacity[dyad.first[0]], funding[dyad.second[0]] = 0.5, 0.6
    strengths(handed(dyad), handed(accord), capacity, funding)
    assert accord.strength[1, 0] == pytest.approx(0.216)
    assert not accord.strength[0].any()


def test_costs_fall_half_on_each_side_and_follow_the_smaller_town() -> None:
    """Intensity 0.5, 2 % a year and 4 % more while immature (maturity 0.75), revenue 10 and 30."""
    here = world()
    dyad, accord = here.topology.dyad, here.state.accord
    accord.phase[1, 0], accord.intensity[1, 0], accord.maturity[1, 0] = OPERATING, 0.5, 0.75
    revenue = np.full(12, 30.0)
    revenue[dyad.first[0]] = 10.0
    cost = np.full(12, 99.0)
    yearly, setup = np.full(MECHANISMS, 0.02), np.full(MECHANISMS, 0.04)
    costs(cost, handed(dyad), handed(accord), revenue, yearly, setup)
    expected = np.zeros(12)
    expected[[dyad.first[0], dyad.second[0]]] = 0.5 * 0.5 * (0.02 + 0.04 * 0.25) * 10.0
    assert cost == pytest.approx(expected)


def funded(here: World, years: int, **values: float) -> None:
    """Run the rule of finance for whole years."""
    p = numbers().agreement._replace(**values)
    for _ in range(52 * years):
        finance(handed(here.topology.municipality), handed(here.state.municipality), p, WEEK, True)


def test_a_town_pays_from_its_committed_share_first() -> None:
    """Revenue 10, share 2 % x commitment 0.5 = 0.1 a year: a cost of 0.08 is paid in full."""
    here = world(changed(small_region(), "municipality", revenue=10.0))
    town = here.state.municipality
    town.commitment[:], town.cost[:], town.reserves[:] = 0.5, 0.08, 0.0
    funded(here, 1, budget_share=0.02, reserve_share=0.02, reserve_cap=0.2)
    assert town.funding == pytest.approx(np.ones(12))
    assert town.spent == pytest.approx(np.full(12, 0.08))
    assert town.reserves == pytest.approx(np.full(12, 0.2))  # a quiet year saves 2 % of revenue


def test_reserves_stay_within_their_cap_and_never_below_nothing() -> None:
    here = world(changed(small_region(), "municipality", revenue=10.0))
    town = here.state.municipality
    town.commitment[:], town.cost[:] = 0.0, 5.0
    town.reserves[:] = 1.0
    funded(here, 4, budget_share=0.02, reserve_share=0.02, reserve_cap=0.2)
    assert (town.reserves >= 0.0).all()
    assert (town.funding < 0.5).all()
    town.cost[:] = 0.0
    funded(here, 20, reserve_share=0.2, reserve_cap=0.2)
    assert town.reserves == pytest.approx(np.full(12, 2.0))
    assert (town.funding == 1.0).all()


@given(share, st.just(0.0) | st.floats(1e-6, 5.0), st.floats(0.0, 3.0))
def test_nobody_spends_more_than_there_is(committed: float, asked: float, saved: float) -> None:
    """Spent in a year is at most the budget share, what is saved on the way and the reserves."""
    here = world(changed(small_region(), "municipality", revenue=10.0))
    town = here.state.municipality
    town.commitment[:], town.cost[:], town.reserves[:] = committed, asked, saved
    before = town.reserves.copy()
    p = numbers().agreement._replace(budget_share=0.02, reserve_share=0.02, reserve_cap=0.5)
    for _ in range(13):
        finance(handed(here.topology.municipality), handed(town), p, WEEK, True)
        assert (town.funding >= 0.0).all()
        assert (town.funding <= 1.0).all()
        assert (town.reserves >= 0.0).all()
    there = before + 13.0 * WEEK * 10.0 * (0.02 * committed + 0.02)
    assert (town.spent <= there + 1e-9).all()


def test_reach_is_the_weighted_mean_over_dyads() -> None:
    """Rule of reach: strengths 0.2 (weight 1) and 0.8 (weight 3) reach a town as 0.65."""
    out, start = np.zeros(2), np.array([0, 2, 2], dtype=np.uint32)
    member = np.array([0, 1], dtype=np.uint32)
    mean_over_dyads(out, start, member, np.array([0.2, 0.8]), np.array([1.0, 3.0]))
    assert out == pytest.approx([0.65, 0.0])
