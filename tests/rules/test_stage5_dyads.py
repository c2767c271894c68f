"""Stage 5: first acts, the local ladder, settlement and trust (model.md, a tick, 5)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import SEED, WEEK, World, changed, events_of, handed, many, numbers, small_region
from rules.worked import world as fresh_world

from sim.events import (
    COMPLAINT,
    GUARDS_DISPLAY,
    GUARDS_FIRE,
    LOCAL_SETTLEMENT,
    NOTE,
    PROTEST,
    UNILATERAL,
    VIOLENT,
)
from sim.mechanisms import mutual_aid
from sim.rules.local_ladder import climb_rate, entry_rung, local_ladder, settling
from sim.rules.local_onset import (
    anger,
    calm_hazard,
    mean_anger,
    onset_chance,
    onset_hazard,
    spread,
)
from sim.rules.state_reaction import QUEUED, presence
from sim.rules.trust import (
    close_disputes,
    fade,
    hear_waiting,
    heat_around,
    heat_of_towns,
    trust,
    trust_step,
)

share = st.floats(0.0, 1.0)
STILL = numbers().ladder._replace(
    up_rate=0.0, down_rate=1e-12, bilateral_rate=0.0, violent_entry=0.0, accident_violent=0.0,
    guards=0.0, hand_over=0.0,
)  # fmt: skip


def rows(*values: int) -> np.ndarray:
    """Row indices."""
    return np.array(values, dtype=np.uint32)


def climb(
    here: World, p: object, tick: int, dt: float, u: float | np.ndarray = 1.0,
    v: float | np.ndarray = 0.5,
) -> None:  # fmt: skip
    """Run the ladder for one tick; u and v are the uniforms of every dyad's first act."""
    state, dyads = here.state, here.topology.dyad.key.size
    chance = 1.0 - np.exp(-state.dyad.onset * dt)
    draws = (chance, np.full(dyads, 1.0) * u, np.full(dyads, 1.0) * v)
    state.tally[QUEUED] = 0
    topology, _, _, log = here.by_reference
    local_ladder(topology, handed(state.dyad), handed(state.channel), handed(state.pair),
                 state.unit.disputed, log, here.scratch.queue, state.tally,
                 state.municipality.pressure, draws, p, 300.0, SEED, tick, dt)  # fmt: skip


def on_rung(rung: int, now: float, region: object = None, **arrays: float) -> World:
    """A world whose every dyad stands on a rung, has acted just now and is still."""
    here = fresh_world(region)
    link = here.state.dyad
    link.rung[:], link.last_act[:], link.dispute[:], link.incident[:] = rung, now, 1, 0
    link.onset[:] = 1e-12
    for name, value in arrays.items():
        getattr(link, name)[:] = value
    here.state.tally[1] = 1
    return here


# ── first acts ──────────────────────────────────────────────────────────────────────────────────


def test_anger_and_onset_worked_by_hand() -> None:
    """Anger 0.03 (1 + 2 x 0.5) = 0.06; onset 2 (100 x 1.5 x 0.03 + 300 x 0.06) + 0.5."""
    p = numbers().onset._replace(
        complaint_rate=100.0, protest_rate=300.0, contagion=2.0, accident_rate=0.1, works_rate=1.5
    )
    assert mean_anger(0.04, 0.02, 1.0, 0.0) == pytest.approx(0.06)
    out, hazard, one = np.zeros(1), np.zeros(1), np.ones(1)
    anger(out, rows(0), rows(1), np.array([0.04, 0.02]), 0.5 * one, one, 0.0 * one, p)
    onset_hazard(hazard, rows(0), rows(1), np.array([0.02, 0.04]), 1.5 * one, out, 2.0 * one,
                 0.5 * one, p)  # fmt: skip
    assert hazard[0] == pytest.approx(2.0 * (4.5 + 18.0) + 0.5)
    project = np.array([0, 2], dtype=np.int8)
    calm = np.zeros(2)
    calm_hazard(calm, np.array([0.3]), rows(0, 0), project, p._replace(quiet_stretch=0.2))
    assert calm == pytest.approx([0.1 * 0.5, 0.1 * 0.5 + 1.5])
    onset_chance(out, np.array([2.0]), 0.5)
    assert out[0] == pytest.approx(1.0 - math.exp(-1.0))


def test_without_grievance_contagion_accidents_or_works_nothing_begins() -> None:
    here, p = fresh_world(), numbers().onset._replace(accident_rate=0.0)
    dyad, link, town = here.topology.dyad, here.state.dyad, here.state.municipality
    anger(link.anger, dyad.first, dyad.second, town.pressure, link.heat, here.state.channel.rumour,
          here.state.channel.vigilance, p)  # fmt: skip
    calm_hazard(link.calm, here.state.unit.disputed, dyad.unit, link.project, p)
    onset_hazard(link.onset, dyad.first, dyad.second, town.complaint,
                 here.state.channel.complaint_ease, link.anger, dyad.weight, link.calm,
                 p)  # fmt: skip
    assert not link.onset.any()


def test_the_first_act_enters_where_its_cause_says() -> None:
    """Talk 0.5, crowds 0.3 (a tenth of them violent), the rest accidents (a fifth violent)."""
    expected = {0.0: 1, 0.49: 1, 0.51: 4, 0.529: 4, 0.531: 2, 0.79: 2, 0.81: 4, 0.839: 4, 0.85: 3}
    for v, rung in expected.items():
        assert entry_rung(v, 0.5, 0.3, 0.1, 0.2) == rung, v


@given(st.floats(0.0, 0.999999), share, share, share, share)
def test_every_first_act_has_a_rung(
    v: float, talk: float, crowd: float, violent: float, accident: float
) -> None:
    assert entry_rung(v, talk, crowd * (1.0 - talk), violent, accident) in (1, 2, 3, 4)


@pytest.mark.slow
def test_waiting_for_the_first_act_is_exponential() -> None:
    """Within a tick T the mean of an exponential time that falls in it: 1/h - T/(e^(hT) - 1)."""
    dt, rate, times = 0.25, 6.0, []
    generator = np.random.Generator(np.random.PCG64(3))
    trials = many(300, 60)
    for _ in range(trials):
        here = fresh_world(years=2.0)
        here.state.dyad.onset[:] = rate
        climb(here, STILL, 0, dt, u=generator.random(here.state.dyad.onset.size))
        events = events_of(here.log, here.state)
        times += events["time"][np.unique(events["dyad"], return_index=True)[1]].tolist()
    trials *= here.state.dyad.onset.size
    wide = many(1, 2)
    assert len(times) / trials == pytest.approx(1.0 - math.exp(-rate * dt), abs=wide * 0.03)
    assert max(times) < dt
    mean = 1.0 / rate - dt / (math.exp(rate * dt) - 1.0)
    assert np.mean(times) == pytest.approx(mean, abs=wide * 0.005)


@pytest.mark.slow
def test_incidents_of_a_tick_are_as_many_as_those_of_many_short_ticks() -> None:
    """Each is settled at once: first acts are Poisson with mean 6 x 0.25 in one tick or in ten."""
    p = STILL._replace(bilateral_rate=1e6)
    generator = np.random.Generator(np.random.PCG64(5))
    means = []
    for ticks in (1, 10):
        acts, trials = 0, many(200, 40)
        for _ in range(trials):
            here = fresh_world(years=2.0)
            here.state.dyad.onset[:] = 6.0
            here.state.dyad.trust_first[:] = here.state.dyad.trust_second[:] = 1.0
            for t in range(ticks):
                u = generator.random(here.state.dyad.onset.size)
                climb(here, p, t, 0.25 / ticks, u=u)
            acts += int((events_of(here.log, here.state)["act"] != LOCAL_SETTLEMENT).sum())
        means.append(acts / (trials * here.state.dyad.onset.size))
    assert means == pytest.approx([1.5, 1.5], abs=many(1, 2) * 0.1)


@pytest.mark.slow
def test_the_angrier_side_acts_first() -> None:
    """Shares of pressure: 0.3 against 0.1, so three acts in four are by side a."""
    by_first, acts = 0, 0
    for t in range(many(400, 40)):
        here = fresh_world(years=2.0)
        here.state.dyad.onset[:] = 50.0
        here.state.municipality.pressure[here.topology.dyad.first] = 0.3
        here.state.municipality.pressure[here.topology.dyad.second] = 0.1
        climb(here, STILL, t, 0.25, u=0.1)
        log = events_of(here.log, here.state)
        by_first += int((log["actor"] == here.topology.dyad.first[log["dyad"]]).sum())
        acts += log.size
    assert by_first / acts == pytest.approx(0.75, abs=many(1, 3) * 0.03)


def test_an_incident_during_works_has_the_announcement_as_its_cause() -> None:
    here = fresh_world()
    link = here.state.dyad
    link.onset[:], link.project[:], link.project_event[:] = 50.0, 1, 7
    climb(here, STILL, 0, WEEK, u=0.0)
    assert (events_of(here.log, here.state)["cause"] == 7).all()


# ── the ladder ──────────────────────────────────────────────────────────────────────────────────


def test_climbing_worked_by_hand() -> None:
    """7 min(0.2 + 0.05/0.05, 3) (1 + 0.5 - 0.4) = 9.24 a year; distrust and anger speed it up."""
    p = numbers().ladder._replace(
        up_rate=7.0, anger_reference=0.05, smoulder=0.2, most_anger=3.0, trust=1.0)  # fmt: skip
    assert climb_rate(0.05, 0.4, p) == pytest.approx(9.24)
    assert climb_rate(10.0, 0.5, p) == pytest.approx(21.0)
    assert climb_rate(0.05, 0.4, p._replace(trust=0.0)) == pytest.approx(8.4)


def test_slow_decisions_and_diffuse_responsibility_delay_settlement() -> None:
    """Mayors 4 x 0.5, committee 6 / (1 + 2 ahead), both times ease (1 - 0.2) / 2 = 0.4."""
    p = numbers().ladder._replace(bilateral_rate=4.0)
    assert settling(0.5, 6.0, 3.0, 0.4, p) == pytest.approx((0.8, 0.8))
    assert settling(0.5, 6.0, 1.0, 0.4, p) == pytest.approx((0.8, 2.4))  # nobody is ahead


@given(share, share, share)
def test_anger_speeds_the_climb_and_trust_slows_it(
    hot: float, trusting: float, more: float
) -> None:
    p = numbers().ladder
    rate = climb_rate(hot, trusting, p)
    assert rate > 0.0
    assert climb_rate(hot + more, trusting, p) >= rate
    assert climb_rate(hot, min(trusting + more, 1.0), p) <= rate


def shares_after(p: object, dt: float, trials: int, rung: int, **arrays: float) -> np.ndarray:
    """[rung] share of dyads on each rung after one tick from a given one; settled ones count -1."""
    found = np.zeros(6)
    for t in range(trials):
        here = on_rung(rung, t * dt, **arrays)
        climb(here, p, t, dt)
        settled = events_of(here.log, here.state)
        settled = settled["dyad"][settled["act"] == LOCAL_SETTLEMENT]
        ends = here.state.dyad.rung.astype(np.int64)
        ends[settled] = 5
        found += np.bincount(ends, minlength=6)
    return found / found.sum()


@pytest.mark.slow
def test_competing_risks_share_the_exits_by_their_hazards() -> None:
    """From rung 3 with up 9.24, down 12.6, settle 1.6: P(no exit in a week) = e^(-23.44/52)."""
    p = STILL._replace(up_rate=7.0, down_rate=14.0, bilateral_rate=4.0, anger_reference=0.05)
    ends = shares_after(p, WEEK, many(500, 60), 3, anger=0.05, trust_first=0.4, trust_second=0.4)
    up, down, settle = 9.24, 14.0 * 0.9, 4.0 * 0.4
    total = up + down + settle
    wide = many(1, 4)
    assert ends[3] == pytest.approx(math.exp(-total / 52.0), abs=wide * 0.03)
    left = 1.0 - ends[3]
    # a second exit within the week is rare; most exits are still where they led
    assert ends[4] / left == pytest.approx(up / total, abs=wide * 0.05)
    assert ends[5] / left == pytest.approx(settle / total, abs=wide * 0.03)


@pytest.mark.slow
@pytest.mark.parametrize("caseload", [1.0, 2.0, 5.0])
def test_the_committee_is_a_queue(caseload: float) -> None:
    """Settlement at capacity / (1 + ahead): 40 cases a year, one of c is heard, three weeks."""
    dt, settled, dyads = 3.0 * WEEK, 0, 0
    for t in range(many(300, 40)):
        here = on_rung(1, t * dt, caseload=caseload)
        here.state.channel.settlement[:] = 40.0
        climb(here, STILL, t, dt)
        log = events_of(here.log, here.state)
        settled += log.size
        dyads += here.state.dyad.rung.size
        if log.size:
            assert (log["settlement"] == 2).all()
            left = np.full(log.size, caseload - 1.0)
            assert here.state.dyad.caseload[log["dyad"]] == pytest.approx(left)
    chance = 1.0 - math.exp(-40.0 / caseload * dt)
    assert settled / dyads == pytest.approx(chance, abs=many(1, 3) * 0.035)


def test_every_incident_is_a_case_and_unsettled_ones_wait() -> None:
    """Three incidents ten weeks apart without settlement are three cases; their acts are none."""
    here = fresh_world(years=2.0)
    for k in range(3):
        here.state.dyad.onset[:], here.state.dyad.anger[:] = 50.0, 1.0
        climb(here, STILL._replace(up_rate=1e6), 10 * k, WEEK, u=0.0, v=0.0)
        assert here.state.dyad.caseload == pytest.approx(np.full(here.state.dyad.rung.size, k + 1))
    assert here.state.dyad.dispute.all()


def test_all_sittings_are_used_by_the_cases_before_a_committee() -> None:
    """12 sittings a year, half as many by ease, three cases: the two that wait get 2/3 of six."""
    caseload, one = np.array([3.0, 1.0, 0.0]), np.ones(3)
    hear_waiting(caseload, 12.0 * one, 0.0 * one, 2.0 * one, 1e-6)
    assert 3.0 - caseload[0] == pytest.approx(6.0 * 2.0 / 3.0 * 1e-6, rel=1e-4)
    assert caseload[1:].tolist() == [1.0, 0.0]  # the newest case is settled on the ladder


def test_more_cases_than_sittings_pile_up() -> None:
    """Two cases a week: twenty a year against 300 a year."""
    queues = []
    for sittings in (20.0, 300.0):
        caseload, one = np.array([1.0]), np.ones(1)
        for _ in range(26):
            caseload += 2.0
            hear_waiting(caseload, sittings * one, 0.0 * one, one, WEEK)
        queues.append(float(caseload[0]))
    assert queues[0] > 52.0 - 0.5 * 20.0 > 10.0 * queues[1]


def test_a_settlement_closes_the_dispute_and_builds_a_little_trust() -> None:
    """Trust gains 3 % of what is missing: 0.5 + 0.03 x 0.5."""
    here = on_rung(2, 0.0, caseload=1.0)
    here.state.channel.settlement[:] = 1e9
    climb(here, STILL, 0, WEEK)
    link = here.state.dyad
    log = events_of(here.log, here.state)
    assert (log["act"] == LOCAL_SETTLEMENT).all()
    assert (log["bar"] == 1).all()
    assert not link.dispute.any()
    assert not link.rung.any()
    assert (link.incident == -1).all()
    assert link.trust_first == pytest.approx(np.full(link.rung.size, 0.515))


def test_four_quiet_weeks_end_an_incident_but_not_its_dispute() -> None:
    here = on_rung(1, 0.0)
    for t in range(1, 4):
        climb(here, STILL, t, WEEK)
        assert (here.state.dyad.incident == 0).all()
    climb(here, STILL, 4, WEEK)
    assert (here.state.dyad.incident == -1).all()
    assert not here.state.dyad.rung.any()
    assert here.state.dyad.dispute.all()


def test_several_rungs_can_be_climbed_in_one_tick_and_each_act_names_its_cause() -> None:
    """Crises have gone from a camera at an intake to violence in two days."""
    here = fresh_world()
    here.state.dyad.onset[:], here.state.dyad.anger[:] = 50.0, 1.0
    climb(here, STILL._replace(up_rate=1e6), 0, WEEK, u=0.0, v=0.0)
    log = events_of(here.log, here.state)
    dyads = here.state.dyad.rung.size
    for d in range(dyads):
        chain = np.flatnonzero(log["dyad"] == d)
        acts = log["act"][chain]
        assert acts[-1] == VIOLENT
        assert np.all(np.diff(acts) == 1)
        assert log["cause"][chain].tolist() == [-1, *chain[:-1].tolist()]
        assert np.all(np.diff(log["time"][chain]) >= 0.0)
        assert len(set(log["incident"][chain].tolist())) == 1
    assert sorted(set(log["incident"].tolist())) == list(range(dyads))


def test_violence_by_a_crowd_is_no_interstate_act() -> None:
    here = fresh_world()
    here.state.dyad.onset[:], here.state.dyad.anger[:] = 50.0, 1.0
    climb(here, STILL._replace(up_rate=1e6), 0, WEEK, u=0.0, v=0.0)
    log = events_of(here.log, here.state)
    assert set(log["act"].tolist()) <= {COMPLAINT, PROTEST, PROTEST + 1, VIOLENT}
    assert (log["hostility"] <= 1).all()
    assert (log["hostility"][log["act"] == VIOLENT] == 0).all()


@pytest.mark.slow
def test_guards_step_in_and_capitals_take_up_by_chance_and_restraint() -> None:
    """Violence on a fully disputed stretch: guards 0.5 x 1.1 x 0.8, a quarter of them fire.

    A capital takes it up with 0.4 x 0.8 x (0.2 + 0.8 x 0.5); 0.8 is the hand-over channel.
    """
    region = changed(small_region(), "unit", disputed=1.0)
    p = STILL._replace(up_rate=1e7, guards=0.5, guards_fire=0.25, hand_over=0.4)
    acts = []
    trials = many(300, 40)
    for t in range(trials):
        here = on_rung(3, t * WEEK, region, anger=1.0)
        here.state.channel.hand_over[:] = 0.8
        here.state.pair.attention[:] = 0.5
        climb(here, p, t, WEEK)
        queue = here.scratch.queue[: here.state.tally[QUEUED]]
        acts += queue[:, 1].tolist()
        violent = events_of(here.log, here.state)
        assert np.isin(queue[:, 4], np.flatnonzero(violent["act"] == VIOLENT)).all()  # the cause
    dyads, wide = trials * here.state.dyad.rung.size, many(1, 3)
    fired, shown = acts.count(GUARDS_FIRE), acts.count(GUARDS_DISPLAY)
    assert (fired + shown) / dyads == pytest.approx(0.44, abs=wide * 0.035)
    assert fired / (fired + shown) == pytest.approx(0.25, abs=wide * 0.045)
    assert acts.count(NOTE) / dyads == pytest.approx(0.192, abs=wide * 0.03)


def handed_over(p: object, **channels: float) -> int:
    """Acts handed up by the same violent week on every dyad, under the given channels."""
    here = on_rung(3, 0.0, changed(small_region(), "unit", disputed=1.0), anger=1.0)
    for name, value in channels.items():
        if name == "tension":
            here.state.pair.tension_first[:] = here.state.pair.tension_second[:] = value
            continue
        part = here.state.pair if name == "liaison" else here.state.channel
        getattr(part, name)[:] = value
    total = 0
    for t in range(many(60, 20)):
        link = here.state.dyad
        link.rung[:], link.last_act[:], link.anger[:] = 3, t * WEEK, 1.0
        climb(here, p, t, WEEK)
        total += int(here.state.tally[QUEUED])
    return total


def test_guards_are_where_the_line_is_not_marked_and_where_governments_are_tense() -> None:
    """(0.1 + 0.4) (1 + 0.5 x (1.5 - 0.5) / 2) = 0.625; as much as the stretch asks for at 0.5."""
    assert presence(0.4, 1.5, 0.1, 0.5, 0.5) == pytest.approx(0.625)
    assert presence(0.4, 0.5, 0.1, 0.5, 0.5) == pytest.approx(0.5)
    assert presence(0.4, 0.0, 0.1, 0.5, 0.5) == pytest.approx(0.25)
    assert presence(0.4, 9.0, 0.1, 0.0, 0.5) == pytest.approx(0.5)  # by the stretch alone
    p = STILL._replace(up_rate=1e7, guards=0.3)
    assert handed_over(p, tension=5.0) > handed_over(p, tension=0.0) > 0


def test_guards_who_trained_together_hold_their_fire() -> None:
    """Those who step in are as many; with a factor of 0 none of them fires."""
    found = []
    for training in (1.0, 0.0):
        here = on_rung(3, 0.0, changed(small_region(), "unit", disputed=1.0), anger=1.0)
        here.state.channel.training[:] = training
        climb(here, STILL._replace(up_rate=1e7, guards=1.0, guards_fire=1.0), 0, WEEK)
        found.append(here.scratch.queue[: here.state.tally[QUEUED], 1].tolist())
    assert set(found[0]) == {GUARDS_FIRE}
    assert found[1] == [GUARDS_DISPLAY] * len(found[0])


def test_drills_train_the_guards_of_a_pair() -> None:
    """0.3 of the mean strength 0.5: 1 - 0.15; nothing at strength 0."""
    here = fresh_world()
    channel, p = here.state.channel, numbers().mechanism.mutual_aid._replace(training=0.3)
    reach = np.full(channel.training.size, 0.5)
    mutual_aid.train(handed(channel), reach, p)
    assert channel.training == pytest.approx(np.full(reach.size, 0.85))
    mutual_aid.train(handed(channel), 0.0 * reach, p)
    assert channel.training == pytest.approx(np.full(reach.size, 0.85))


def test_a_liaison_keeps_states_out_and_an_unanswered_hotline_does_not_bring_them_in() -> None:
    """Diffuse responsibility delays settlement and nothing else."""
    p = STILL._replace(up_rate=1e7, guards=0.3, hand_over=0.5, liaison=0.5)
    plain = handed_over(p)
    assert handed_over(p, diffuse=0.5) == plain > handed_over(p, liaison=1.0) > 0


def test_rumour_spreads_anger_and_shock_in_both_rival_forms() -> None:
    """Linear: 3 x 0.5 x h; saturating: at most 3 x 0.797, whatever is told (Daley & Kendall)."""
    p = numbers().onset._replace(contagion=3.0, rumour_speed=4.0, rival=0.0)
    assert spread(0.4, 0.5, p) == pytest.approx(0.6)
    other = p._replace(rival=1.0)
    assert spread(0.4, 0.5, other) == pytest.approx(3.0 * 0.797 * (1.0 - math.exp(-0.8)))
    assert spread(1.0, 5.0, other) < 3.0 * 0.797 + 1e-12 < spread(1.0, 5.0, p)
    assert spread(0.0, 1.0, p) == spread(0.0, 1.0, other) == 0.0
    shocks = []
    for rumour in (0.5, 1.0):
        here = on_rung(3, 0.0, anger=1.0)
        here.state.channel.rumour[:] = rumour
        climb(here, STILL._replace(up_rate=1e7), 0, WEEK)
        shocks.append(float(here.state.pair.shock[0]))
    assert shocks[0] == pytest.approx(0.5 * shocks[1])


def test_watchers_who_take_the_law_into_their_hands_anger_crowds_and_do_no_more() -> None:
    """Anger doubles at vigilance 1; the violent share of every cause stays."""
    assert mean_anger(0.04, 0.02, 0.0, 1.0) == pytest.approx(0.06)
    found = []
    for vigilance in (0.0, 1.0):
        here = fresh_world()
        here.state.dyad.onset[:], here.state.dyad.calm[:] = 50.0, 50.0  # accidents only
        here.state.channel.vigilance[:] = vigilance
        climb(here, STILL._replace(accident_violent=0.3), 0, WEEK, u=0.0, v=0.5)
        found.append(set(events_of(here.log, here.state)["act"].tolist()))
    assert found == [{UNILATERAL}, {UNILATERAL}]


def test_a_complaint_brings_neither_guards_nor_notes() -> None:
    p = STILL._replace(guards=1.0, hand_over=1.0)
    here = fresh_world(changed(small_region(), "unit", disputed=1.0))
    here.state.dyad.onset[:] = 50.0
    climb(here, p, 0, WEEK, u=0.0, v=0.0)
    assert (events_of(here.log, here.state)["act"] == COMPLAINT).all()
    assert here.state.tally[QUEUED] == 0


# ── trust, heat, caseload ───────────────────────────────────────────────────────────────────────


def test_trust_is_quick_to_lose_and_slow_to_build() -> None:
    """Assumed ratio 2 to 5: at the heat of a protest (0.5) loss is 4 times the gain."""
    p = numbers().trust
    gained = trust_step(0.5, 1.0 - math.exp(-p.gain * WEEK), 0.0) - 0.5
    lost = 0.5 - trust_step(0.5, 0.0, 1.0 - math.exp(-p.loss * 0.5 * WEEK))
    assert 2.0 <= lost / gained <= 5.0


def test_trust_rests_where_gain_and_forgetting_balance() -> None:
    """Gain (1 - T) = forgetting T: 0.12 / (0.12 + 0.1) = 0.545."""
    out, one = np.array([0.9]), np.ones(1)
    p = numbers().trust._replace(gain=0.12, forgetting=0.1)
    for _ in range(52 * 40):
        trust(out, one, 0.0 * one, 0.0 * one, p, WEEK)
    assert out[0] == pytest.approx(0.12 / 0.22, abs=0.002)


@given(share, share, share)
def test_trust_stays_a_share(now: float, gained: float, lost: float) -> None:
    assert 0.0 <= trust_step(now, gained, lost) <= 1.0
    assert trust_step(now, gained, 0.0) >= now
    assert trust_step(now, 0.0, lost) <= now


def test_heat_and_caseload_fade_and_towns_feel_the_mean_of_their_dyads() -> None:
    values = np.array([1.0, 0.5])
    fade(values, 0.25, 0.25)
    assert values == pytest.approx([math.exp(-1.0), 0.5 * math.exp(-1.0)])
    out, sums, masses = np.zeros((3, 2))
    heat_of_towns(out, sums, masses, rows(0, 2, 2), rows(0, 1), np.array([1.0, 0.5]),
                  np.array([1.0, 3.0]))  # fmt: skip
    assert out == pytest.approx([0.625, 0.0])
    assert (sums.tolist(), masses.tolist()) == ([2.5, 0.0], [4.0, 0.0])


def test_contagion_comes_from_the_other_dyads_of_the_two_towns() -> None:
    """Town 0 has two dyads, of heat 1 (weight 1) and 0.5 (weight 3); its partners have no other.

    The first dyad hears (0.5 + 0) / 2, the second (1 + 0) / 2; one alone hears nothing of itself.
    """
    heat, weight = np.array([1.0, 0.5]), np.array([1.0, 3.0])
    out, sums, masses = np.zeros(2), np.array([2.5, 1.0, 1.5]), np.array([4.0, 1.0, 3.0])
    heat_around(out, rows(0, 0), rows(1, 2), sums, masses, heat, weight)
    assert out == pytest.approx([0.25, 0.5])
    alone = np.ones(1)
    heat_around(alone, rows(0), rows(1), np.array([1.0, 1.0]), np.ones(2), np.ones(1), np.ones(1))
    assert alone[0] == 0.0


def test_a_dispute_closes_after_five_years_without_an_act() -> None:
    dispute, last = np.array([1, 1], dtype=np.int8), np.array([1.0, 2.0])
    close_disputes(dispute, last, 6.5, 5.0)
    assert dispute.tolist() == [0, 1]
