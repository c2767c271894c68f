"""Stage 4: damage, upkeep, legitimacy, elections (model.md, a tick, 4)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import SEED, WEEK, World, changed, handed, many, numbers, small_region, world

from sim.rules.displacement import borders, displace, felt_border, hosted, uncovered
from sim.rules.exposure import exposure, settled
from sim.rules.hazard_response import (
    SENSITIVITY,
    aided,
    blow,
    blows,
    livelihood_loss,
    sent,
    strike,
    struck,
    works,
)
from sim.rules.livelihood import ACROSS
from sim.rules.municipal_budget import budget, income_of, mean_living
from sim.rules.municipal_politics import election_falls, judged, legitimacy, municipal_election
from sim.topology import GROUP_KINDS

share = st.floats(0.0, 1.0)


# ── damage and works ────────────────────────────────────────────────────────────────────────────


def test_a_warning_softens_the_blow() -> None:
    """0.4 e^(-0.35/0.7) = 0.2426; Day's curve: two days (2/7 week) save a third."""
    assert blow(0.4, 0.35, 0.7) == pytest.approx(0.4 * math.exp(-0.5))
    assert 1.0 - blow(1.0, 2.0 / 7.0, 0.7) == pytest.approx(1.0 / 3.0, abs=0.01)
    assert blow(1.0, 0.0, 0.7) == 1.0


def test_crews_stay_home_where_they_are_needed() -> None:
    """0.3 of a blow, less a fifth for damage, less half for a struck hundredth of a fiftieth."""
    assert sent(0.3, 0.0, 0.0, 0.02) == pytest.approx(0.3)
    assert sent(0.3, 0.2, 0.01, 0.02) == pytest.approx(0.3 * 0.8 * 0.5)
    assert sent(0.3, 0.0, 0.05, 0.02) == 0.0


def stricken(
    here: World, counted: bool = True, warning: float = 0.0, **values: float
) -> tuple[np.ndarray, ...]:
    """Blows of this tick's hazards."""
    m = here.topology.municipality.key.size
    hits = (np.zeros(m), np.zeros(m), np.zeros(m))
    p = numbers().hazard._replace(exposed_value=4000.0, exposed_share=0.2, **values)
    table, town, blown = handed(here.topology.municipality), here.state.municipality, np.ones(m)
    blows(table, handed(town), here.state.unit.flood, np.full(m, warning), hits, blown, p)
    aided(hits, blown, town.damage, here.state.channel.crews, table, handed(here.topology.dyad), p)
    strike(table, handed(town), hits, p, counted)
    return hits


def test_a_flood_damages_the_towns_on_its_reach_and_is_counted_in_money() -> None:
    """Severity 0.5, a fifth exposed: damage 0.1 of 10,000 people x 4,000 dollars = 4 million."""
    region = changed(small_region(), "municipality", population=10_000.0)
    here = world(region)
    town, reach = here.state.municipality, region.topology.municipality.reach
    at = int(reach[0])
    here.state.unit.flood[at] = 0.5
    for counted in (False, True):
        town.damage[:] = 0.0
        by_flood, by_storm, by_heat = stricken(here, counted)
    hit = reach == at
    assert by_flood == pytest.approx(np.where(hit, 0.5, 0.0))
    assert not by_storm.any()
    assert not by_heat.any()
    assert town.damage == pytest.approx(np.where(hit, 0.1, 0.0))
    assert town.losses == pytest.approx(np.where(hit, 4.0, 0.0))  # only what was counted


def test_partners_help_who_is_struck_unless_the_same_week_strikes_them_too() -> None:
    """A storm of 0.1 strikes a hundredth: aid of 0.3 if alone, 0.15 if all are struck, by any."""
    here = world()
    town = here.state.municipality
    here.state.channel.crews[:] = 0.3
    town.storm[0] = 0.1
    numbers_of = {"storm_share": 0.1, "heat_share": 0.01, "all_hands": 0.02}
    assert stricken(here, **numbers_of)[1][0] == pytest.approx(0.07)
    town.heat_wave[1:], town.damage[:] = 1.0, 0.0  # heat that breaks a hundredth
    hits = stricken(here, **numbers_of)
    assert hits[1][0] == pytest.approx(0.085)
    assert hits[2][0] == 0.0
    town.damage[1:] = 0.5
    assert stricken(here, **numbers_of)[1][0] == pytest.approx(0.0925)


def test_warnings_are_of_floods_and_only_in_part_of_storms_and_heat() -> None:
    """Lead time 0.7 weeks: a flood is cut to 1/e, a storm to e^-0.2, a heat wave not at all."""
    here = world()
    town, reach = here.state.municipality, here.topology.municipality.reach
    at = int(np.flatnonzero(reach >= 0)[0])
    here.state.unit.flood[reach[at]] = town.storm[at] = town.heat_wave[at] = 0.5
    hits = stricken(here, warning=0.7, lead_weeks=0.7, storm_lead=0.2, heat_lead=0.0)
    assert [blow[at] for blow in hits] == pytest.approx(
        [0.5 * math.exp(-1.0), 0.5 * math.exp(-0.2), 0.5])


def test_a_storm_and_a_heat_wave_strike_their_own_shares() -> None:
    """Storm 0.5 of a tenth, heat 1 of a fiftieth: damage 1 - 0.95 x 0.98 of what was whole."""
    here = world()
    town = here.state.municipality
    town.storm[0], town.heat_wave[0], town.damage[0] = 0.5, 1.0, 0.5
    stricken(here, storm_share=0.1, heat_share=0.02)
    assert town.damage[0] == pytest.approx(0.5 + 0.5 * (1.0 - 0.95 * 0.98))
    assert town.storm_losses[0] / town.losses[0] == pytest.approx(0.05 / (1.0 - 0.95 * 0.98))
    assert town.storm_losses[0] + town.heat_losses[0] == pytest.approx(town.losses[0])
    assert not town.damage[1:].any()


def test_more_settlers_on_the_plain_lose_more() -> None:
    """Twice the exposure: twice the works and twice the living under water."""
    here = world(changed(small_region(), "group", kind=0, vulnerability=0.5))
    town = here.state.municipality
    here.state.unit.flood[:] = 0.5
    town.exposure[:] = 0.2
    town.exposure[0] = 0.4
    hits = stricken(here)
    out, start = np.zeros(here.topology.group.key.size), here.topology.municipality.group_start
    struck(out, handed(here.topology.group), start, town.exposure, hits, numbers().hazard)
    assert town.damage[:2] == pytest.approx([0.2, 0.1])
    assert out[start[0]] == pytest.approx(0.5)
    assert out[start[1]] == pytest.approx(0.25)


def test_every_kind_of_group_has_a_sensitivity_and_heat_hits_the_poor_most() -> None:
    assert SENSITIVITY.shape == (3, len(GROUP_KINDS))
    assert ACROSS.shape == (len(GROUP_KINDS),)
    heat = dict(zip(GROUP_KINDS, SENSITIVITY[2].tolist(), strict=True))
    assert min(heat[k] for k in ("urban_poor", "herders", "fishers")) > heat["urban_households"]


def test_groups_lose_by_hazard_kind_and_vulnerability() -> None:
    """Herders, v = 0.5: 1 - (1 - 0.4 x 0.5 x 0.8)(1 - 0.5 x 0.4 x 0.5)(1 - 0.2 x 0.5 x 1.4)."""
    herders = GROUP_KINDS.index("herders")
    here = world(changed(small_region(), "group", kind=herders, vulnerability=0.5))
    m, g = here.topology.municipality.key.size, here.topology.group.key.size
    hits = (np.zeros(m), np.zeros(m), np.zeros(m))
    hits[0][0], hits[1][0], hits[2][0] = 0.4, 0.5, 1.0
    p = numbers().hazard._replace(exposed_share=0.2, storm_living=0.4, heat_living=0.2)
    out, start = np.full(g, 9.0), here.topology.municipality.group_start
    struck(out, handed(here.topology.group), start, np.full(m, 0.2), hits, p)
    expected = 1.0 - (1.0 - 0.16) * (1.0 - 0.1) * (1.0 - 0.14)
    assert out[: start[1]] == pytest.approx(expected)
    assert not out[start[1] :].any()


def test_a_hazard_takes_from_what_is_left() -> None:
    """Loss + (1 - loss) struck = 0.2 + 0.8 x 0.25."""
    loss = np.array([0.2, 0.2])
    livelihood_loss(loss, np.array([0.25, 0.0]))
    assert loss == pytest.approx([0.4, 0.2])


def kept_up(here: World, ticks: int, speed: float = 1.0, **channels: float) -> None:
    """Run the rule of works for some weeks."""
    m = here.topology.municipality.key.size
    p = numbers().hazard._replace(repair_rate=1.0, ageing=0.04, upkeep=0.25, press=0.5)
    ageing = np.full(m, channels.get("ageing", 1.0))
    hostage = np.full(m, channels.get("hostage", 0.0))
    for _ in range(ticks):
        works(handed(here.state.municipality), np.full(m, speed), ageing, hostage, p, WEEK)


def test_works_settle_where_upkeep_balances_ageing_and_damage_is_repaired() -> None:
    """u/(u + a) = 0.25/0.29 at full capacity; damage fades at one a year, with aid at two."""
    for speed in (1.0, 2.0):
        here = world()
        town = here.state.municipality
        town.capacity[:], town.damage[:] = 1.0, 0.4
        kept_up(here, 52, speed)
        assert town.damage == pytest.approx(0.4 * math.exp(-speed))
        kept_up(here, 52 * 39, speed)
        assert town.infrastructure == pytest.approx(0.25 / 0.29, rel=1e-3)
        assert town.service == pytest.approx(town.infrastructure * (1.0 - town.damage))


def test_works_without_capacity_or_money_fall_apart_and_slower_ageing_helps() -> None:
    for without in ("capacity", "upkeep"):
        here = world()
        getattr(here.state.municipality, without)[:] = 0.0
        kept_up(here, 520)
        assert here.state.municipality.infrastructure == pytest.approx(0.8 * math.exp(-0.4))
    here = world()
    here.state.municipality.capacity[:] = 0.0
    kept_up(here, 520, ageing=0.5)
    assert here.state.municipality.infrastructure == pytest.approx(0.8 * math.exp(-0.2))


def test_service_is_lost_to_guests_and_to_a_partner_behind_a_closed_border() -> None:
    """0.8 (1 - 0.5 x 0.2)(1 - 0.6 x 0.5), and never below nothing."""
    here = world()
    town = here.state.municipality
    town.hosted[:], town.closed[:] = 0.2, 0.5
    town.hosted[0] = 5.0
    kept_up(here, 1, hostage=0.6)
    assert town.service[1:] == pytest.approx(town.infrastructure[1:] * 0.9 * 0.7)
    assert town.service[0] == 0.0


# ── settlement in the hazard zone ───────────────────────────────────────────────────────────────


def test_people_leave_the_plain_after_a_flood_and_come_back() -> None:
    """0.2 (1 - 0.3 x 0.5) = 0.17 at once; after 15 years 1/e of the gap is left."""
    here, p = np.array([0.2]), numbers().exposure._replace(years=15.0, leave=0.3)
    exposure(here, np.array([0.5]), np.zeros(1), 0.2, p, 1e-9)
    assert here[0] == pytest.approx(0.17)
    for _ in range(15):
        exposure(here, np.zeros(1), np.zeros(1), 0.2, p, 1.0)
    assert here[0] == pytest.approx(0.2 - 0.03 * math.exp(-1.0))


def test_support_draws_settlers_in() -> None:
    """At rest where the draw balances forgetting: (e0/tau + d) / (1/tau + d)."""
    here, p = np.array([0.2]), numbers().exposure._replace(years=15.0)
    for _ in range(52 * 100):
        exposure(here, np.zeros(1), np.array([0.02]), 0.2, p, WEEK)
    assert here[0] == pytest.approx((0.2 / 15.0 + 0.02) / (1.0 / 15.0 + 0.02), rel=2e-3)


@given(share, share, share, share)
def test_exposure_is_a_share(now: float, ordinary: float, keep: float, drawn: float) -> None:
    assert 0.0 <= settled(now, ordinary, keep, drawn) <= 1.0


# ── displacement ────────────────────────────────────────────────────────────────────────────────


def moved(here: World, struck_share: float, ticks: int, flight: float = 0.0, **channels: float):
    """Displaced share of the first group after some weeks; the hazard strikes in the first."""
    m, g = here.topology.municipality.key.size, here.topology.group.key.size
    asked = {"displacement": 1.0, "displacing": 0.0, "recovery": 1.0, **channels}
    causes = tuple(np.full(m, value) for value in asked.values())
    p = numbers().displacement._replace(by_hazard=0.3, years=3.0)
    for t in range(ticks):
        hit = np.full(g, struck_share if t == 0 else 0.0)
        displace(here.state.group.displaced, hit, handed(here.topology.group), np.full(m, flight),
                 causes, np.zeros(m), p, WEEK)  # fmt: skip
    return float(here.state.group.displaced[0])


def test_a_struck_household_in_three_loses_its_home_and_returns_over_years() -> None:
    """0.3 x 0.5 = 0.15, with protection 0.075; after three more years 1/e of it."""
    assert moved(world(), 0.5, 1) == pytest.approx(0.15)
    assert moved(world(), 0.5, 1, displacement=0.5) == pytest.approx(0.075)
    assert moved(world(), 0.5, 1 + 156) == pytest.approx(0.15 * math.exp(-1.0))
    assert moved(world(), 0.5, 1 + 156, recovery=2.0) == pytest.approx(0.15 * math.exp(-2.0))


def test_works_displace_those_who_have_little_to_say() -> None:
    """A year at 2 x 0.05 (1 - 0.4), balanced by return; a full voice, or no works: nobody."""
    voiced = changed(small_region(), "group", voice=0.4)
    rate = 0.06
    rest = rate / (rate + 1.0 / 3.0)
    expected = rest * (1.0 - math.exp(-(rate + 1.0 / 3.0)))
    assert moved(world(voiced), 0.0, 52, displacing=0.05) == pytest.approx(expected, rel=0.01)
    heard = changed(small_region(), "group", voice=1.0)
    assert moved(world(heard), 0.0, 52, displacing=0.05) == 0.0
    assert moved(world(), 0.0, 52) == 0.0


def test_people_flee_violence() -> None:
    """Four weeks at two a year: 1 - e^(-8/52), less those who returned meanwhile."""
    gone = 1.0 - math.exp(-8.0 / 52.0)
    assert moved(world(), 0.0, 4, flight=2.0) == pytest.approx(gone, rel=0.02)


def test_a_town_feels_its_stretches_of_the_border() -> None:
    """Violence on one dyad of a town and force between its states; half its dealings shut."""
    here = world()
    state, topology = here.state, here.topology
    pairs = topology.pair.key.size
    shut, fire = np.zeros(pairs), np.zeros(pairs)
    state.pair.closed_until[0], state.track.level[0, 1] = 2.0, 4
    borders(shut, fire, state.pair.closed_until, state.track.level, 1.0)
    assert (shut[0], fire[0]) == (1.0, 1.0)
    state.track.level[0, 1] = 3
    borders(shut, fire, state.pair.closed_until, state.track.level, 3.0)
    assert not shut.any()
    assert not fire.any()
    d = 0
    state.dyad.rung[d] = 4
    shut[:] = 1.0
    p = numbers().displacement._replace(by_violence=0.5, by_force=2.0)
    felt_border(handed(state.municipality), handed(topology.municipality), handed(topology.dyad),
                state.dyad.rung, shut, fire, p)  # fmt: skip
    m = int(topology.dyad.first[d])
    own = topology.municipality.dyad[
        topology.municipality.dyad_start[m] : topology.municipality.dyad_start[m + 1]]
    part = topology.dyad.weight[d] / topology.dyad.weight[own].sum()
    assert state.municipality.flight[m] == pytest.approx(0.5 * part)
    assert state.municipality.closed[m] == 1.0


def displaced_people(here: World, shut: float, across: float = 0.2) -> tuple[float, float]:
    """Displaced people before and after some have crossed."""
    topology, m = here.topology, here.topology.municipality.key.size
    p = numbers().displacement._replace(across=across)
    town = here.state.municipality
    hosted(town.hosted, np.zeros(m), np.zeros(m), handed(topology.municipality),
           handed(topology.group), here.state.group.displaced, handed(topology.dyad),
           np.full(topology.pair.key.size, shut), p)  # fmt: skip
    group, population = topology.group, topology.municipality.population
    own = group.weight * here.state.group.displaced * population[group.municipality]
    return float(own.sum()), float((town.hosted * population).sum())


def test_nobody_is_lost_on_the_way_across() -> None:
    here = world()
    here.state.group.displaced[:5] = 0.4
    for shut, across in ((0.0, 0.2), (0.0, 0.9), (1.0, 0.9)):
        before, after = displaced_people(here, shut, across)
        assert after == pytest.approx(before)
        assert (here.state.municipality.hosted >= 0.0).all()
    assert here.state.municipality.hosted[0] == pytest.approx(
        (here.topology.group.weight[:5] * 0.4)[here.topology.group.municipality[:5] == 0].sum())


def test_people_who_came_from_abroad_press_on_their_hosts_from_the_start() -> None:
    kind = np.zeros(small_region().topology.group.key.size)
    kind[0] = GROUP_KINDS.index("displaced")
    here = world(changed(small_region(), "group", kind=kind))
    displaced_people(here, 0.0)
    hosted_here = here.state.municipality.hosted
    assert hosted_here[0] == pytest.approx(here.topology.group.weight[0])
    assert not hosted_here[1:].any()


def test_who_is_abroad_is_covered_as_far_as_rights_are_portable() -> None:
    """0.2 (1 - 0.5)(1 - 0.25) = 0.075; behind a closed border nobody is abroad."""
    out, p = np.zeros(2), numbers().displacement._replace(across=0.2)
    uncovered(out, np.array([0.5, 1.0]), np.array([0.25, 0.0]), p)
    assert out == pytest.approx([0.075, 0.0])


# ── the town's own money ────────────────────────────────────────────────────────────────────────


def test_income_falls_with_damage_and_with_a_living_below_the_usual() -> None:
    """10 (1 - 0.5 x 0.2)(1 - 0.5 x 0.3) = 7.65; a good year brings 10 (1 + 0.5 x 0.1)."""
    assert income_of(10.0, 0.2, 0.3, 0.5, 0.5) == pytest.approx(7.65)
    assert income_of(10.0, 0.0, -0.1, 0.5, 0.5) == pytest.approx(10.5)
    out = np.zeros(2)
    start = np.array([0, 2, 2], dtype=np.uint32)
    mean_living(out, start, np.array([0.25, 0.75]), np.array([0.4, 0.8]))
    assert out == pytest.approx([0.7, 1.0])


def test_upkeep_is_paid_from_what_wages_and_agreements_leave() -> None:
    """Income 9, wages 8, agreements 0.4 x 0.5: 0.8 of the 1.2 that full upkeep costs.

    A bill of 9 is paid from reserves beyond 0.1 x 9 x 0.5 of income: 0.55 is left for upkeep.
    Reserves below 0.3 are saved for: 0.02 x 9 = 0.18 less. Poor people are no gap in a budget that
    was made for them: what counts is the living that they are used to.
    """
    here = world()
    town, m = here.state.municipality, here.topology.municipality.key.size
    p = numbers().budget._replace(damage=0.5, livelihood=0.5, fixed=0.8, upkeep=0.12)
    town.damage[:], town.cost[:], town.funding[:] = 0.2, 0.4, 0.5
    town.cost[1], town.funding[1], town.commitment[:] = 9.0, 1.0, 0.5
    given = numbers().agreement._replace(budget_share=0.1, reserve_share=0.02, reserve_cap=0.03)
    town.reserves[:], town.reserves[3] = 0.3, 0.0
    revenue = np.full(m, 10.0)
    revenue[2] = 0.0
    living, price = np.full(m, 0.4), np.ones(m)
    budget(handed(town), revenue, living, living, price, given, p)
    assert town.income[0] == pytest.approx(9.0)
    assert town.upkeep[0] == pytest.approx(0.8 / 1.2)
    assert town.upkeep[1] == pytest.approx(0.55 / 1.2)
    assert town.upkeep[3] == pytest.approx(0.62 / 1.2)
    assert town.upkeep[2] == 1.0, "a town without money of its own is kept up by others"
    town.damage[:], town.cost[:] = 0.0, 0.0
    budget(handed(town), revenue, living, living, price, given, p)
    assert town.upkeep == pytest.approx(np.ones(m))
    town.received[3] = 0.25
    budget(handed(town), revenue, living, living, price, given, p)
    assert town.income[[3, 4]] == pytest.approx([10.25, 10.0]), "downstream pays for its water"
    town.received[:] = 0.0
    budget(handed(town), revenue, living - 0.2, living, price, given, p)
    assert town.income[4] == pytest.approx(9.0), "a fifth less of a living, half of it revenue"


def test_upkeep_that_is_bought_together_stretches_what_is_left() -> None:
    """0.8 is left for full upkeep of 1.2: two thirds, at nine tenths of the price 0.8 / 1.08."""
    here = world()
    town, m = here.state.municipality, here.topology.municipality.key.size
    p = numbers().budget._replace(damage=0.5, fixed=0.8, upkeep=0.12)
    given = numbers().agreement._replace(budget_share=0.1)
    town.damage[:], town.reserves[:], town.cost[:] = 0.2, 10.0, 0.0
    town.cost[0], town.funding[0], town.commitment[0] = 0.2, 1.0, 0.5
    revenue, living, price = np.full(m, 10.0), np.ones(m), np.array([1.0, 0.9] * m)[:m]
    town.cost[1], town.funding[1], town.commitment[1] = 0.2, 1.0, 0.5
    budget(handed(town), revenue, living, living, price, given, p)
    assert town.upkeep[:2] == pytest.approx([0.8 / 1.2, 0.8 / 1.08])
    budget(handed(town), revenue, living, living, np.full(m, 0.5), given, p)
    assert town.upkeep == pytest.approx(np.ones(m)), "never more than in full"


# ── politics ────────────────────────────────────────────────────────────────────────────────────


def test_legitimacy_follows_services_and_livelihood() -> None:
    """Target 0.5 x 0.6 + 0.5 x 0.7 = 0.65, e-folding of two years."""
    here = world()
    town, m = here.state.municipality, here.topology.municipality.key.size
    town.legitimacy[:], town.service[:] = 0.5, 0.6
    p = numbers().politics._replace(service_weight=0.5, legitimacy_years=2.0)
    legitimacy(handed(town), np.full(m, 0.7), np.zeros(m), np.zeros(m), np.ones(m), p, 2.0)
    assert town.legitimacy == pytest.approx(0.65 - 0.15 * math.exp(-1.0))


def test_a_leak_weighs_by_its_share_of_what_the_town_is_free_to_spend() -> None:
    """Leaks of 0.5 in money of 0.05 per revenue, purse of 0.2: 0.6 (1 - 0.25 x 0.5) once public."""
    here = world()
    town, m = here.state.municipality, here.topology.municipality.key.size
    town.legitimacy[:], town.service[:], town.leaked[:] = 0.6, 0.6, 0.5
    town.cost[:], town.funding[:] = 0.1, 0.5
    town.cost[1] = 100.0
    p = numbers().politics._replace(scandal=1.0, purse=0.2)
    legitimacy(handed(town), np.full(m, 0.6), np.zeros(m), np.ones(m), np.ones(m), p, 1e9)
    assert town.legitimacy[0] == pytest.approx(0.6 * (1.0 - 0.25 * 0.5))
    assert town.legitimacy[1] == pytest.approx(0.6 * 0.5), "never more than in full"


def test_who_is_heard_finds_the_town_fair() -> None:
    """0.6 + 0.3 x 0.5 x 0.4 = 0.66 (Tyler 2006)."""
    p = numbers().politics._replace(fairness=0.3)
    assert judged(0.6, 0.5, 0.0, 0.0, p) == pytest.approx(0.66)


def test_an_audit_makes_legitimacy_fall_before_it_rises() -> None:
    """Leaks of 0.2, a fifth of them known: 0.6 (1 - 0.04); all known: 0.6 (1 - 0.2); then few."""
    p = numbers().politics._replace(scandal=1.0, known=0.2)
    rumoured, scandal = judged(0.6, 0.0, 0.2, 0.0, p), judged(0.6, 0.0, 0.2, 1.0, p)
    cleaned = judged(0.6, 0.0, 0.02, 1.0, p)
    assert rumoured == pytest.approx(0.576)
    assert scandal == pytest.approx(0.48)
    assert scandal < rumoured < cleaned
    assert judged(0.6, 0.0, 1.0, 1.0, p._replace(scandal=3.0)) == 0.0


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
    municipality, state, free = handed(table), handed(town), np.zeros(12)
    for t in range(0, ticks, 13):  # quarters: 16 elections a term of 4 years
        before = town.commitment.copy()
        municipal_election(municipality, state, free, p, SEED, t // 13, 0.25)
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
        municipal_election(municipality, state, free, p, SEED, t, 0.25)
    assert np.array_equal(town.commitment, before)


def elected(anchored: float, legitimate: float, quarters: int, empty: float = 0.0) -> np.ndarray:
    """Commitments, 0.9 at first, after some years of elections around a mean of 0.3."""
    here = world()
    town = here.state.municipality
    town.legitimacy[:], town.commitment[:] = legitimate, 0.9
    p = numbers().politics._replace(commitment=0.3, commitment_sd=0.0, empty=empty)
    for t in range(quarters):
        municipal_election(handed(here.topology.municipality), handed(town),
                           np.full(12, anchored), p, SEED, t, 0.25)  # fmt: skip
    return town.commitment


def test_an_anchored_commitment_survives_elections() -> None:
    """Without legitimacy every election changes it: 0.3; half anchored: 0.3 + 0.6 / 2^n."""
    assert elected(0.0, 0.0, 17) == pytest.approx(0.3)
    assert elected(1.0, 0.0, 17) == pytest.approx(0.9)
    steps = np.log2(0.6 / (elected(0.5, 0.0, 17) - 0.3))
    assert steps == pytest.approx(np.round(steps))
    assert set(np.round(steps)) <= {1.0, 2.0}


def test_an_anchored_promise_that_is_not_delivered_loses_its_force() -> None:
    """Twenty years at 0.15 x 1 x (1 - 0.5) a year; delivered in full it holds."""
    assert elected(1.0, 0.5, 80, empty=0.15) == pytest.approx(0.9 * math.exp(-1.5))
    assert elected(1.0, 1.0, 80, empty=0.15) == pytest.approx(0.9)
