"""Stage 4: agreements in force, their money, what is delivered of them (model.md, mechanisms)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import SEED, WEEK, World, changed, handed, numbers, small_region, world

from sim.events import ACTS
from sim.mechanisms import NAMES
from sim.reach import mean_over_dyads
from sim.river_order import with_river_order
from sim.rules.agreement_money import (
    ability,
    bills,
    charge,
    draw_spoilers,
    finance,
    leaks,
    outside_money,
    pass_on,
    willing,
)
from sim.rules.agreements import (
    ABSENT,
    LAPSED,
    NEGOTIATING,
    OPERATING,
    PROPOSED,
    SETTING_UP,
    SUSPENDED,
    in_force,
    majorities,
    note_suspensions,
    operate,
    strengths,
    time_to_learn,
)
from sim.rules.review import deliver, review
from sim.schedule import Schedule
from sim.topology import FISHERY, RIVER

share = st.floats(0.0, 1.0)
MECHANISMS = len(NAMES)


def plan_of(here: World, intensity: float = 0.0, **facts: object) -> Schedule:
    """A study's wishes on every dyad from year 2 on; the last mechanism survives closure."""
    shape = (MECHANISMS, here.topology.dyad.key.size)
    flags = [np.zeros(MECHANISMS, dtype=np.int8) for _ in range(5)]
    flags[0][-1] = 1
    plan = Schedule(
        np.full(shape, intensity), np.zeros(shape), np.full(MECHANISMS, 2.0),
        np.full(MECHANISMS, 0.02), np.full(MECHANISMS, 0.04), np.full(MECHANISMS, 1.0),
        *flags, np.ones((MECHANISMS, 6)), np.arange(1, MECHANISMS + 1, dtype=np.uint64),
    )  # fmt: skip
    return plan._replace(**facts)


def operated(here: World, plan: Schedule, now: float, ticks: int = 1) -> np.ndarray:
    """Run the rule for some weeks from ``now`` on; new suspensions of the last week."""
    d, p = here.topology.dyad.key.size, numbers().agreement._replace(decay_years=3.0, majority=0.45)
    speed, passing, suspended = np.zeros(d), np.zeros(here.topology.pair.key.size), np.zeros(d)
    state = here.state
    for k in range(ticks):
        majorities(passing, handed(here.topology.pair), handed(state.nation), p)
        time_to_learn(speed, handed(state.channel), WEEK)
        operate(handed(here.topology.dyad), handed(state.accord), handed(state.pair), handed(plan),
                (speed, passing, suspended), state.climate.fair, p, now + k * WEEK, WEEK)
    return suspended


# ── life ────────────────────────────────────────────────────────────────────────────────────────


def test_an_agreement_matures_from_its_year_on() -> None:
    """1 - e^(-t/set-up): after the set-up time 63 %, operating once more than half is done."""
    here = world()
    plan, accord = plan_of(here, 0.5), here.state.accord
    operated(here, plan, 1.9)
    assert not accord.phase.any()
    here.state.climate.fair[:] = 0.7
    operated(here, plan, 2.0)
    assert (accord.phase == SETTING_UP).all()
    assert (accord.basis == 0.7).all(), "fitted to the conditions when it begins"
    here.state.climate.fair[:] = 0.4
    operated(here, plan, 2.0 + WEEK, 51)
    assert accord.maturity == pytest.approx(np.full(accord.maturity.shape, 1.0 - math.exp(-1.0)))
    assert (accord.phase == OPERATING).all()
    assert (accord.intensity == 0.5).all()
    assert (accord.basis == 0.7).all()


def test_slow_decisions_and_legal_distance_lengthen_the_set_up() -> None:
    """Slowness 1.5 and legal factor 2: what takes a year takes three."""
    here = world()
    here.state.channel.slowness[0], here.state.channel.legal[0] = 1.5, 2.0
    here.state.channel.legal[1] = 0.5
    operated(here, plan_of(here, 1.0), 2.0, 52)
    assert here.state.accord.maturity[0, :3] == pytest.approx(
        [1.0 - math.exp(-1.0 / 3.0), 1.0 - math.exp(-2.0), 1.0 - math.exp(-1.0)])  # fmt: skip


def test_a_closed_border_suspends_agreements_but_not_those_between_states() -> None:
    """While suspended maturity fades with e-folding of three years; a backup keeps a part."""
    here = world()
    plan, accord = plan_of(here, 1.0), here.state.accord
    operated(here, plan, 2.0, 104)
    before = accord.maturity.copy()
    here.state.pair.closed_until[:] = 9.0
    d = accord.phase.shape[1]
    assert operated(here, plan, 4.0).tolist() == [MECHANISMS - 1.0] * d
    assert (accord.crisis_at[:-1] == 4.0).all()
    assert not operated(here, plan, 4.0 + WEEK, 51).any(), "counted once"
    assert (accord.crisis_at[:-1] == 4.0).all()
    assert (accord.crisis_at[-1] < 0.0).all(), "never suspended"
    assert (accord.phase[:-1] == SUSPENDED).all()
    assert accord.maturity[:-1] == pytest.approx(before[:-1] * math.exp(-1.0 / 3.0))
    assert (accord.phase[-1] == OPERATING).all()
    assert (accord.maturity[-1] > before[-1]).all()
    backup = np.zeros(d)
    backup[0] = 0.4
    strengths(handed(accord), np.ones(d), backup)
    assert not accord.strength[:-1, 1:].any()
    assert accord.strength[:-1, 0] == pytest.approx(0.4 * accord.maturity[:-1, 0])
    assert accord.strength[-1] == pytest.approx(accord.maturity[-1])


def test_a_suspension_is_written_down_once_per_dyad() -> None:
    here = world()
    suspended = np.zeros(here.topology.dyad.key.size)
    suspended[[0, 3]] = 2.0, 1.0
    topology, _, _, log = here.by_reference
    note_suspensions(topology, handed(here.state.dyad), suspended, log, here.state.tally, 5.0)
    events = here.log[: here.state.tally[0]]
    assert [ACTS[a].name for a in events["act"]] == ["agreements suspended"] * 2
    assert events["dyad"].tolist() == [0, 3]
    assert here.state.dyad.faced_crises[[0, 1, 3]].tolist() == [2.0, 0.0, 1.0]


def test_what_parliaments_must_pass_waits_for_two_majorities() -> None:
    """Fails when: one government lacks approval, and the law matures not at all."""
    here = world()
    law = np.zeros(MECHANISMS, dtype=np.int8)
    law[1] = 1
    plan, accord = plan_of(here, 1.0, legislated=law), here.state.accord
    here.state.nation.approval[:] = 0.6
    here.state.nation.approval[0] = 0.4
    operated(here, plan, 2.0, 104)
    assert not accord.maturity[1].any()
    assert accord.maturity[0].min() > 0.8
    here.state.nation.approval[0] = 0.5
    operated(here, plan, 4.0, 52)
    assert accord.maturity[1] == pytest.approx(np.full(accord.phase.shape[1], 1.0 - math.exp(-1)))


def test_intensity_zero_leaves_no_trace() -> None:
    here = world()
    fresh = [array.copy() for array in here.state.accord]
    operated(here, plan_of(here, 0.0), 5.0, 10)
    for array, before in zip(here.state.accord, fresh, strict=True):
        assert np.array_equal(array, before)


def test_only_what_is_signed_or_imposed_and_not_lapsed_is_in_force() -> None:
    assert [in_force(p) for p in (SETTING_UP, OPERATING, SUSPENDED)] == [True] * 3
    assert not any(in_force(p) for p in (ABSENT, PROPOSED, NEGOTIATING, LAPSED))


def test_strength_is_limited_by_the_weaker_town_and_by_what_is_delivered() -> None:
    """Intensity 0.8 x ability 0.3 x maturity 0.9 x delivered 0.5 x fit 0.75 = 0.081."""
    here = world()
    accord = here.state.accord
    accord.intensity[:], accord.maturity[:], accord.phase[:] = 0.8, 0.9, OPERATING
    accord.delivered[1], accord.fit[1] = 0.5, 0.75
    accord.phase[0] = LAPSED
    able = np.ones(here.topology.dyad.key.size)
    able[0] = 0.3
    strengths(handed(accord), able, np.zeros(able.size))
    assert accord.strength[1, 0] == pytest.approx(0.081)
    assert accord.strength[2, 0] == pytest.approx(0.216)
    assert not accord.strength[0].any()


# ── money ───────────────────────────────────────────────────────────────────────────────────────


def billed(here: World, plan: Schedule, **values: float) -> tuple[np.ndarray, ...]:
    """Bills of all dyads, paid by others as far as they do; charged to the towns."""
    d, state = here.topology.dyad.key.size, here.state
    bill, outside = (np.zeros(d), np.zeros(d), np.zeros(d)), np.zeros(d)
    p = numbers().money._replace(**values)
    bills(bill, handed(state.accord), handed(plan), p)
    outside_money(outside, bill, here.by_reference[0], handed(state.municipality),
                  handed(state.channel), state.climate.fair, p)
    charge(handed(state.municipality), handed(here.topology.dyad), bill, outside)
    return (*bill, outside)


def one_agreement(here: World, phase: int = OPERATING) -> None:
    """Mechanism 1 on dyad 0: intensity 0.5, maturity 0.75, the first town pays a quarter."""
    accord = here.state.accord
    accord.phase[1, 0], accord.intensity[1, 0], accord.maturity[1, 0] = phase, 0.5, 0.75
    accord.share[1, 0] = 0.25


def between_unequal_towns() -> tuple[World, int, int]:
    """A world where dyad 0 joins a town with revenue 10 to one with 30, of 20,000 people each."""
    region = small_region()
    a, b = (int(side[0]) for side in (region.topology.dyad.first, region.topology.dyad.second))
    revenue = np.full(12, 30.0)
    revenue[a] = 10.0
    region = changed(region, "dyad", below=0)
    return world(changed(region, "municipality", revenue=revenue, population=20_000.0)), a, b


def test_costs_follow_the_smaller_town_and_fall_on_each_side_by_its_share() -> None:
    """0.5 x (2 % + 4 % x 0.25) x 10 = 0.15 a year, a third of it set-up; legal distance raises."""
    here, a, b = between_unequal_towns()
    one_agreement(here)
    here.state.channel.legal[0] = 2.0
    town = here.state.municipality
    first, second, setup, outside = billed(here, plan_of(here), match=0.0)
    assert (first[0], second[0], setup[0]) == pytest.approx((0.075, 0.225, 0.1))
    assert not outside.any()
    assert (town.cost[a], town.cost[b]) == pytest.approx((0.075, 0.225))
    assert (town.setup[a], town.setup[b]) == pytest.approx((0.025, 0.075))
    assert town.cost.sum() == pytest.approx(0.3)
    assert not town.aid.any()


def test_downstream_pays_the_whole_and_upstream_receives_what_does_not_leak() -> None:
    """A bill of 0.15 a year: half of the yearly 0.1, half funded, less a fifth: 0.02."""
    here, a, b = between_unequal_towns()
    dyad, town, accord = here.topology.dyad, here.state.municipality, here.state.accord
    plan = plan_of(here, 0.5, paid=flagged(1), asked=np.zeros_like(accord.phase, dtype=float))
    plan.asked[1, 0] = 0.5
    p = numbers().money._replace(passed_on=0.5)
    for below, payer, payee in ((1, a, b), (-1, b, a), (0, a, b)):
        dyad.below[0], accord.phase[1, 0], accord.maturity[1, 0] = below, ABSENT, 0.0
        town.leaked[:], town.funding[:] = 0.0, 1.0
        operated(here, plan, 2.0)
        assert accord.share[1, 0] == 0.5 * (1.0 + below)
        accord.maturity[1, 0] = 0.75
        billed(here, plan, match=0.0)
        assert town.cost[payer] == pytest.approx(0.15 if below else 0.075)
        town.leaked[payer], town.funding[payer] = 0.2, 0.5
        pass_on(here.by_reference[0], handed(town), here.state.channel.legal, handed(accord),
                handed(plan), p)
        assert town.received[payee] == pytest.approx(0.02 if below else 0.0)
        assert town.received.sum() == town.received[payee]
    dyad.below[0], accord.phase[1, 0] = 1, SUSPENDED
    pass_on(here.by_reference[0], handed(town), here.state.channel.legal, handed(accord),
            handed(plan), p)
    assert not town.received.any(), "no programme, no payment"


def test_the_side_below_is_the_one_that_the_others_water_flows_to() -> None:
    """Three reaches in a row and one of another river; who lives on none has its floods' reach."""
    region = small_region()
    unit, group = region.topology.unit, region.topology.group
    downstream = np.full(unit.key.size, -1)
    downstream[:2] = 1, 2
    town = group.municipality
    home = np.array([0, 2, 1, 1] + [3] * 8)
    moved = changed(region, "group", unit=home[town])
    moved = changed(moved, "unit", downstream=downstream, kind=RIVER)
    first = np.zeros(region.topology.dyad.key.size, dtype=np.uint32)
    second = first.copy()
    first[:5], second[:5] = [0, 1, 2, 3, 4], [1, 0, 3, 1, 0]
    moved = changed(moved, "dyad", first=first, second=second)
    assert with_river_order(moved.topology).dyad.below[:5].tolist() == [-1, 1, 0, -1, 0]
    kind = np.where(np.arange(downstream.size) < 4, RIVER, FISHERY)
    lake = changed(moved, "unit", kind=kind)
    contested = changed(lake, "dyad", unit=downstream.size - 1)
    assert not with_river_order(contested.topology).dyad.below.any()


def test_a_suspended_agreement_keeps_its_staff_and_sets_nothing_up() -> None:
    """Half of the yearly cost, no set-up: 0.5 x 0.5 x 2 % x 10 = 0.05."""
    here, _, _ = between_unequal_towns()
    one_agreement(here, SUSPENDED)
    billed(here, plan_of(here), match=0.0, suspended_cost=0.5)
    assert here.state.municipality.cost.sum() == pytest.approx(0.05)
    assert not here.state.municipality.setup.any()
    one_agreement(here, LAPSED)
    billed(here, plan_of(here))
    assert not here.state.municipality.cost.any()


def test_funds_prefer_the_poor_and_hard_hit_and_keep_away_from_leaks() -> None:
    """0.3 x 1/2 (revenue at the reference) x (1 + hit)/2, times what their terms leave."""
    p = numbers().money._replace(match=0.3, poor_revenue=200.0, tolerance=0.3)
    assert willing(200.0, 0.0, 0.0, p) == pytest.approx(0.075)
    assert willing(200.0, 1.0, 0.0, p) == pytest.approx(0.15)
    assert willing(1800.0, 1.0, 0.0, p) == pytest.approx(0.03)
    assert willing(200.0, 1.0, 0.15, p) == pytest.approx(0.075)
    assert willing(200.0, 1.0, 0.4, p) == 0.0


def test_outside_money_is_finite_and_matched_money_comes_on_top() -> None:
    here, _, b = between_unequal_towns()
    one_agreement(here)
    town, plan = here.state.municipality, plan_of(here)
    numbers_ = {"match": 0.8, "poor_revenue": 1e4, "fund_share": 1.0}
    generous = billed(here, plan, **numbers_)[3][0]
    poor = 1e4 / (1e4 + 10e6 / 20_000)
    assert generous == pytest.approx(0.8 * poor * 0.5)
    assert town.cost.sum() + town.aid.sum() == pytest.approx(0.15)
    assert town.aid[b] == pytest.approx(0.75 * 0.15 * generous)
    pot = 1e-5 * (11 * 30.0 + 10.0)  # far less than is wanted
    scarce = billed(here, plan, **{**numbers_, "fund_share": 1e-5})[3][0]
    assert scarce * 0.15 == pytest.approx(pot)
    here.state.channel.matched[0] = 0.5
    both = billed(here, plan, **{**numbers_, "fund_share": 1e-5})[3][0]
    assert both == pytest.approx(1.0 - 0.5 * (1.0 - scarce))


def test_money_tied_to_performance_is_withheld_in_a_bad_year() -> None:
    """Fails when: damage 0.4 or a fair share of 0.7; the towns must pay what is withheld."""
    here, a, _ = between_unequal_towns()
    one_agreement(here)
    here.state.channel.matched[0], here.state.channel.tied[0] = 0.5, 1.0
    plan = plan_of(here)
    good = billed(here, plan, match=0.0)[3][0]
    here.state.climate.fair[:] = 0.7
    dry = billed(here, plan, match=0.0)[3][0]
    here.state.municipality.damage[a] = 0.4
    struck = billed(here, plan, match=0.0)[3][0]
    assert (good, dry, struck) == pytest.approx((0.5, 0.35, 0.3))
    assert here.state.municipality.cost.sum() == pytest.approx(0.15 * 0.7)


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
    town.income[:] = 10.0
    town.setup[:], town.aid[:], town.leaked[:] = 0.02, 0.04, 0.1
    funded(here, 1, budget_share=0.02, reserve_share=0.02, reserve_cap=0.2)
    assert town.funding == pytest.approx(np.ones(12))
    assert town.spent == pytest.approx(np.full(12, 0.08))
    assert town.spent_setup == pytest.approx(np.full(12, 0.02))
    assert town.matched_money == pytest.approx(np.full(12, 0.04))
    assert town.leaked_money == pytest.approx(np.full(12, 0.012))
    assert town.reserves == pytest.approx(np.full(12, 0.2))  # a quiet year saves 2 % of revenue


def test_reserves_stay_within_their_cap_and_never_below_nothing() -> None:
    here = world(changed(small_region(), "municipality", revenue=10.0))
    town = here.state.municipality
    town.commitment[:], town.cost[:], town.income[:] = 0.0, 5.0, 10.0
    town.reserves[:] = 1.0
    funded(here, 4, budget_share=0.02, reserve_share=0.02, reserve_cap=0.2)
    assert (town.reserves >= 0.0).all()
    assert (town.funding < 0.5).all()
    town.cost[:] = 0.0
    funded(here, 20, reserve_share=0.2, reserve_cap=0.2)
    assert town.reserves == pytest.approx(np.full(12, 2.0))
    assert (town.funding == 1.0).all()


@pytest.mark.slow
@given(share, st.just(0.0) | st.floats(1e-6, 5.0), st.floats(0.0, 3.0))
def test_nobody_spends_more_than_there_is(committed: float, asked: float, saved: float) -> None:
    """Spent in a year is at most the budget share, what is saved on the way and the reserves."""
    here = world(changed(small_region(), "municipality", revenue=10.0))
    town = here.state.municipality
    town.commitment[:], town.cost[:], town.reserves[:] = committed, asked, saved
    town.income[:] = 10.0
    before = town.reserves.copy()
    p = numbers().agreement._replace(budget_share=0.02, reserve_share=0.02, reserve_cap=0.5)
    for _ in range(13):
        finance(handed(here.topology.municipality), handed(town), p, WEEK, True)
        assert (town.funding >= 0.0).all()
        assert (town.funding <= 1.0).all()
        assert (town.reserves >= 0.0).all()
    there = before + 13.0 * WEEK * 10.0 * (0.02 * committed + 0.02)
    assert (town.spent <= there + 1e-9).all()


def test_money_leaks_where_capacity_is_low_and_spoilers_are_strong() -> None:
    """0.2 x (1 - 0.5) x (1 + 1 x 0.6) = 0.16 of what there is; smoothed over a year."""
    here = world()
    town, p = here.state.municipality, numbers().money._replace(leak=0.2, spoiler_leak=1.0)
    town.capacity[:], town.spoiled[:], town.cost[:] = 0.5, 0.6, 1.0
    town.cost[0] = 0.0
    factor = np.ones(12)
    factor[2] = 0.25  # somebody looks
    for _ in range(52):
        leaks(handed(town), factor, p._replace(leak_years=1.0), WEEK)
    assert town.leaked[1] == pytest.approx(0.16 * (1.0 - math.exp(-1.0)))
    assert town.leaked[2] == pytest.approx(0.25 * town.leaked[1])
    assert town.leaked[0] == 0.0


def test_pooled_money_helps_the_poorer_town_and_leaked_money_buys_nothing() -> None:
    """Funding 0.4 and 1: least 0.4, pooled 0.7; capacity 0.5; leaks 0.2 and 0 cost a tenth."""
    here = world()
    dyad, town = here.topology.dyad, here.state.municipality
    town.capacity[:] = 0.8
    town.capacity[dyad.first[0]], town.funding[dyad.second[0]] = 0.5, 0.4
    town.leaked[dyad.first[0]] = 0.2
    able, pooled = np.zeros(dyad.key.size), np.zeros(dyad.key.size)
    ability(able, handed(dyad), handed(town), pooled)
    assert able[0] == pytest.approx(0.5 * 0.4 * 0.9)
    pooled[0] = 1.0
    ability(able, handed(dyad), handed(town), pooled)
    assert able[0] == pytest.approx(0.5 * 0.7 * 0.9)


def test_spoilers_are_exponential_and_belong_to_the_dyad() -> None:
    here = world()
    link, town = here.state.dyad, here.state.municipality
    found = []
    for seed in range(60):
        p = numbers().money._replace(spoiler_mean=0.2)
        draw_spoilers(here.by_reference[0], handed(link), handed(town), p, np.uint64(seed))
        found += link.spoiler.tolist()
        assert (town.spoiled <= link.spoiler.max() + 1e-12).all()
    assert np.mean(found) == pytest.approx(0.2, abs=0.03)
    assert max(found) <= 1.0


def test_reach_is_the_weighted_mean_over_dyads() -> None:
    """Rule of reach: strengths 0.2 (weight 1) and 0.8 (weight 3) reach a town as 0.65."""
    out, start = np.zeros(2), np.array([0, 2, 2], dtype=np.uint32)
    member = np.array([0, 1], dtype=np.uint32)
    mean_over_dyads(out, start, member, np.array([0.2, 0.8]), np.array([1.0, 3.0]))
    assert out == pytest.approx([0.65, 0.0])


# ── delivery, fit, reviews ──────────────────────────────────────────────────────────────────────


def flagged(row: int) -> np.ndarray:
    """A flag on one mechanism."""
    flags = np.zeros(MECHANISMS, dtype=np.int8)
    flags[row] = 1
    return flags


def test_a_promise_is_kept_as_far_as_there_is_trust_or_money_tied_to_it() -> None:
    """Trust 0.3, legitimacy 0.5: 0.4 is delivered; half tied money lifts it to 0.7."""
    here = world()
    accord, link, town = here.state.accord, here.state.dyad, here.state.municipality
    accord.phase[:], town.legitimacy[:] = OPERATING, 0.5
    link.trust_first[:], link.trust_second[:] = 0.2, 0.4
    tied = np.zeros(link.rung.size)
    tied[1] = 0.5
    p = numbers().review._replace(delivery_years=1.0)
    for _ in range(13 * 12):
        deliver(handed(accord), handed(here.topology.dyad), handed(link), town.legitimacy, tied,
                handed(plan_of(here, promised=flagged(2))), p)
    assert accord.delivered[2, :2] == pytest.approx([0.4, 0.7], abs=1e-4)
    assert (accord.delivered[[0, 1, 3]] == 1.0).all()


def test_what_downstream_pays_for_is_delivered_as_far_as_upstream_trusts() -> None:
    """Trust 0.2 and 0.8, legitimacy 0.3 and 0.9: upstream alone gives 0.85 or 0.25, both 0.4."""
    here = world(changed(small_region(), "dyad", below=0))
    accord, link, dyad = here.state.accord, here.state.dyad, here.topology.dyad
    dyad.below[:3] = 1, -1, 0
    town, tied = here.state.municipality, np.zeros(dyad.key.size)
    accord.phase[:] = OPERATING
    link.trust_first[:], link.trust_second[:] = 0.2, 0.8
    town.legitimacy[dyad.first], town.legitimacy[dyad.second] = 0.3, 0.9
    plan = plan_of(here, promised=flagged(2), paid=flagged(2))
    for _ in range(13 * 12):
        deliver(handed(accord), handed(dyad), handed(link), town.legitimacy, tied, handed(plan),
                numbers().review._replace(delivery_years=1.0))
    assert accord.delivered[2, :3] == pytest.approx([0.85, 0.25, 0.4], abs=1e-4)


def reviewed(here: World, plan: Schedule, rounds: int, rate: float) -> np.ndarray:
    """Fit of the flagged mechanism after some rounds."""
    p = numbers().review._replace(rate=rate, rigidity=0.7)
    for turn in range(rounds):
        review(handed(here.state.accord), handed(here.topology.dyad), handed(here.state.channel),
               here.state.climate.fair, handed(plan), p, SEED, turn)
    return here.state.accord.fit[1]


def test_a_rule_made_for_plenty_fits_scarcity_badly_until_it_is_reviewed() -> None:
    """Fails when: fair share 1 at signature, 0.4 now: fit 1 - 0.7 x 0.6 = 0.58."""
    here = world()
    plan = plan_of(here, conditional=flagged(1))
    here.state.accord.phase[:], here.state.climate.fair[:] = OPERATING, 0.4
    assert reviewed(here, plan, 1, 0.0) == pytest.approx(np.full(plan.asked.shape[1], 0.58))
    here.state.channel.lock_in[0] = 1.0
    here.state.channel.learning[1] = 10.0
    fit = reviewed(here, plan, 26, 5.0)
    assert fit[0] == pytest.approx(0.58), "locked in"
    assert (fit[1:] == 1.0).all()


def test_every_agreement_ages_until_a_review_and_lock_in_keeps_reviews_out() -> None:
    """Ten years of fifty without one: e^(-1/5) = 0.82; a review makes it new."""
    here = world()
    plan, accord, channel = plan_of(here), here.state.accord, here.state.channel
    accord.phase[:], accord.phase[3], here.state.climate.fair[:] = OPERATING, LAPSED, 0.4
    channel.lock_in[:] = 1.0
    p = numbers().review._replace(rate=5.0, ageing_years=50.0)
    for turn in range(130):
        review(handed(accord), handed(here.topology.dyad), handed(channel),
               here.state.climate.fair, handed(plan), p, SEED, turn)
    assert accord.fit[:3] == pytest.approx(np.full(accord.fit[:3].shape, math.exp(-0.2)))
    assert (accord.fit[3] == 1.0).all(), "not in force"
    channel.lock_in[:], channel.learning[:] = 0.0, 1e6
    review(handed(accord), handed(here.topology.dyad), handed(channel),
           here.state.climate.fair, handed(plan), p, SEED, 130)
    assert (accord.fit == 1.0).all()
    assert (accord.basis[:3] == 1.0).all(), "what does not answer conditions is fitted to none"


def test_reviews_come_at_their_rate() -> None:
    """A fifth a year, doubled by learning: after a year 18 % and 33 % have been reviewed."""
    here = world()
    plan = plan_of(here, conditional=flagged(1))
    here.state.accord.phase[:], here.state.climate.fair[:] = OPERATING, 0.4
    half = plan.asked.shape[1] // 2
    here.state.channel.learning[half:] = 2.0
    once, twice = [], []
    for year in range(60):
        here.state.accord.basis[:] = 1.0
        p = numbers().review._replace(rate=0.2)
        for turn in range(13 * year, 13 * year + 13):
            review(handed(here.state.accord), handed(here.topology.dyad),
                   handed(here.state.channel), here.state.climate.fair, handed(plan), p, SEED, turn)
        new = here.state.accord.basis[1] < 1.0
        once += new[:half].tolist()
        twice += new[half:].tolist()
    assert np.mean(once) == pytest.approx(1.0 - math.exp(-0.2), abs=0.06)
    assert np.mean(twice) == pytest.approx(1.0 - math.exp(-0.4), abs=0.07)
