"""Stage 6: quarrels, talk, disputes, answers, tension and opinion (model.md, a tick, 6)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import SEED, WEEK, World, changed, events_of, handed, many, numbers, small_region
from rules.worked import world as fresh_world

from sim.events import (
    AGREEMENT,
    ARMY_DISPLAY,
    ARMY_FORCE,
    CLOSURE,
    CONDEMNATION,
    GUARDS_FIRE,
    NEUTRAL,
    NOTE,
    OTHER_DISPLAY,
    OTHER_FORCE,
    ROOT_DISPUTE,
    ROOT_LOCAL,
    SANCTIONS,
    TALKS,
    THREAT,
    TREATY,
)
from sim.rules.answering import answer_chance
from sim.rules.background_quarrel import background_quarrel, draw_traits, onset_rate
from sim.rules.interstate_claims import ground, handed_up, new_protests
from sim.rules.interstate_ladder import (
    act_at,
    climb_or_calm,
    down_rate,
    reply,
    tone,
    up_rate,
)
from sim.rules.interstate_scarcity import scarcity
from sim.rules.interstate_settlement import interstate_settlement
from sim.rules.public_opinion import approval_and_elections, attention, attention_fades
from sim.rules.state_act import Origin, severity, state_act
from sim.rules.talk import FRIENDLY_SHARES, interest, talk
from sim.rules.tension import resting, richardson, tension
from sim.synthetic import synthetic_region
from sim.topology import FISHERY, LAND, OTHER, RIVER

share = st.floats(0.0, 1.0)
RIVER_TRACK = 0
NO_CAUSE = Origin(np.int64(ROOT_DISPUTE), np.int64(-1), np.int64(-1), np.int64(-1))


def act(
    here: World, kind: int, *, issue: int = RIVER_TRACK, side: int = 0, time: float = 1.0,
    origin: Origin = NO_CAUSE, step: int = 1, tick: int = 52, **answer: float,
) -> int:  # fmt: skip
    """Carry out one act of a state organ of the first pair."""
    p = numbers()
    _, state, _, log = here.by_reference
    key = here.topology.pair.key[0]
    return int(state_act(
        handed(here.topology.pair), state, log, p.crisis, p.answer._replace(**answer), np.int64(0),
        np.int64(issue), np.int64(kind), np.int64(side), time, origin, key, SEED, np.int64(tick),
        np.int64(step), False))  # fmt: skip


def run_track(here: World, tick: int, dt: float = WEEK, issue: int = RIVER_TRACK, **values: float):
    """Run the exits of one track of the first pair for a tick."""
    p = numbers()
    _, state, _, log = here.by_reference
    climb_or_calm(handed(here.topology.pair), state, log, p.interstate._replace(**values), p.crisis,
                  p.answer, np.int64(0), np.int64(issue), SEED, tick, dt)  # fmt: skip


# ── background quarrels ─────────────────────────────────────────────────────────────────────────


def test_the_onset_of_a_quarrel_worked_by_hand() -> None:
    """(0.037 x 2 + 0.21 x 0.5) (1 + 0.3 (0.5 - 0.3)) = 0.179 x 1.06."""
    p = numbers().quarrel._replace(floor=0.037, jump=0.21, diversion=0.3)
    assert onset_rate(2.0, 0.5, 0.3, p) == pytest.approx(0.179 * 1.06)
    assert onset_rate(1.0, 0.0, 0.5, p) == pytest.approx(0.037)


def test_undeclared_traits_are_drawn_around_their_means() -> None:
    """Rivalry is lognormal with mean 1 and sd of log 1.35; hawkishness centres on a half."""
    rivalry, hawks = [], []
    p = numbers().quarrel._replace(rivalry_sd=1.35, hawkishness_sd=0.18)
    here = fresh_world(synthetic_region(municipalities=24, nations=6))
    _, state, _, _ = here.by_reference
    for seed in range(many(3000, 200)):
        draw_traits(handed(here.topology.nation), handed(here.topology.pair), state, p,
                    np.uint64(seed))  # fmt: skip
        rivalry += here.state.pair.rivalry.tolist()
        hawks += here.state.nation.hawkishness.tolist()
    wide = many(1, 4)
    logs = np.log(rivalry)
    assert logs.std() == pytest.approx(1.35, rel=wide * 0.03)
    assert logs.mean() == pytest.approx(-0.5 * 1.35**2, abs=wide * 0.05)
    assert np.mean(hawks) == pytest.approx(0.5, abs=wide * 0.01)
    assert np.std(hawks) == pytest.approx(0.18, abs=wide * 0.01)


def test_declared_traits_are_kept() -> None:
    region = changed(small_region(), "pair", rivalry=2.5)
    here = fresh_world(changed(region, "nation", hawkishness=0.7))
    draw_traits(handed(here.topology.nation), handed(here.topology.pair), here.by_reference[1],
                numbers().quarrel, SEED)  # fmt: skip
    assert here.state.pair.rivalry == pytest.approx([2.5])
    assert here.state.nation.hawkishness == pytest.approx([0.7, 0.7])


@pytest.mark.slow
def test_quarrels_begin_at_their_rate_and_enter_at_force_as_often_as_seen() -> None:
    """H = 0.037 x 5 a year, memory held at nothing; 62 % enter at use of force (COW-MID5)."""
    p, started, forced = numbers(), 0, 0
    quarrel = p.quarrel._replace(floor=0.037, jump=0.0, force_entry=0.62)
    here = fresh_world(synthetic_region(municipalities=24, nations=6), years=200.0)
    _, state, _, log = here.by_reference
    pairs, ticks = handed(here.topology.pair), many(40_000, 3000)
    for t in range(ticks):
        here.state.pair.rivalry[:] = 5.0
        here.state.track.level[:], here.state.tally[0] = 0, 0
        background_quarrel(pairs, state, log, quarrel, p.crisis, p.answer, SEED, t, WEEK)
        acts = events_of(here.log, here.state)["act"]
        forced += int((acts == OTHER_FORCE).sum())
        started += int(np.isin(acts, (OTHER_FORCE, OTHER_DISPLAY)).sum())
    years, wide = ticks * WEEK * 5, many(1, 3)
    assert started / years == pytest.approx(0.185, rel=wide * 0.12)
    assert forced / started == pytest.approx(0.62, abs=wide * 0.06)


def test_hazard_memory_is_reset_by_a_militarized_act_and_fades_over_years() -> None:
    """M = 1 at onset, e^(-t/4.9) after it: the hazard falls from 0.247 to 0.114 in 4.9 years."""
    here, p = fresh_world(), numbers()
    here.state.pair.memory[:] = 0.3
    act(here, ARMY_DISPLAY)
    assert here.state.pair.memory[0] == 1.0
    _, state, _, log = here.by_reference
    quiet = p.quarrel._replace(floor=0.0, jump=0.0, memory_years=4.9)
    for t in range(round(52 * 4.9)):
        background_quarrel(handed(here.topology.pair), state, log, quiet, p.crisis, p.answer, SEED,
                           t, WEEK)  # fmt: skip
    assert here.state.pair.memory[0] == pytest.approx(math.exp(-1.0), rel=0.01)


# ── acts of the state ───────────────────────────────────────────────────────────────────────────


def test_a_show_of_force_has_its_consequences() -> None:
    """Crisis: memory 1, border closed with the cause, hostility of the target + 0.06 x 4."""
    here = fresh_world()
    row = act(here, ARMY_DISPLAY)
    log, pair, track = events_of(here.log, here.state), here.state.pair, here.state.track
    assert log["act"].tolist() == [ARMY_DISPLAY, CLOSURE]
    assert (log["cause"][1], row) == (0, 0)
    assert (log["bar"][0], log["hostility"][0], log["rung"][0]) == (-4, 3, 3)
    assert pair.closed_until[0] > 1.0
    assert pair.last_militarized[0] == 1.0
    assert pair.impulse_second[0] == pytest.approx(numbers().crisis.impulse * 4.0)
    assert pair.impulse_first[0] == 0.0
    assert (track.open[0, 0], track.level[0, 0], track.root[0, 0]) == (1, 3, ROOT_DISPUTE)


def test_militarized_acts_within_six_months_are_one_crisis() -> None:
    here = fresh_world()
    for time, closures in ((1.0, 1), (1.4, 1), (1.8, 1), (2.5, 2)):
        here.state.pair.closed_until[:] = 0.0
        here.state.track.level[:] = 0
        act(here, ARMY_DISPLAY, time=time)
        assert int((events_of(here.log, here.state)["act"] == CLOSURE).sum()) == closures


def test_force_shuts_the_border_again_without_a_new_crisis() -> None:
    """Crossings open again in a crisis: a display leaves them open, force does not."""
    here = fresh_world()
    act(here, ARMY_DISPLAY, time=1.0)
    for kind, closures in ((ARMY_DISPLAY, 1), (ARMY_FORCE, 2)):
        here.state.pair.closed_until[:] = 1.0
        act(here, kind, time=1.01)
        log = events_of(here.log, here.state)
        assert int((log["act"] == CLOSURE).sum()) == closures
        assert int((log["channels"] >= 0).sum()) == 1, "one crisis"
    assert here.state.pair.closed_until[0] > 1.01


def test_no_border_opens_while_force_stands() -> None:
    here = fresh_world()
    for level, shut in ((3, 0.0), (4, WEEK)):
        standing(level, 1, here)
        here.state.pair.closed_until[:] = 0.0
        run_track(here, 0, up_3=0.0, up_4=0.0, down_rate=1e-9)
        assert here.state.pair.closed_until[0] == shut


def test_words_do_not_militarize() -> None:
    here = fresh_world()
    act(here, CONDEMNATION)
    assert here.state.pair.memory[0] == 0.0
    assert here.state.pair.last_militarized[0] < -100.0
    assert events_of(here.log, here.state)["act"].tolist() == [CONDEMNATION]
    assert here.state.pair.impulse_second[0] == pytest.approx(numbers().crisis.impulse * 2.0)


def test_publics_watch_what_states_do_from_diplomatic_hostility_on() -> None:
    """Attention per rung above protest; over other issues from a show of force on."""
    for kind, issue, rungs in (
        (NOTE, RIVER, 0.0), (SANCTIONS, RIVER, 1.0), (ARMY_FORCE, RIVER, 3.0),
        (SANCTIONS, OTHER, 0.0), (OTHER_DISPLAY, OTHER, 2.0),
    ):  # fmt: skip
        here = fresh_world()
        act(here, kind, issue=issue)
        assert here.state.pair.shock[0] == pytest.approx(numbers().crisis.attention * rungs)


def test_severity_is_that_of_the_scales() -> None:
    """|BAR|, or the hostility level plus one where that is more (other issues carry no BAR)."""
    assert (severity(-1, 1), severity(-5, 4), severity(0, 4), severity(-3, 2)) == (1, 5, 5, 3)


def test_nothing_is_logged_before_the_start_but_it_happened() -> None:
    here = fresh_world()
    assert act(here, ARMY_FORCE, time=-2.0) == -1
    assert here.state.tally[0] == 0
    assert here.state.track.level[0, 0] == 4
    assert here.state.pair.memory[0] == 1.0


# ── answering ───────────────────────────────────────────────────────────────────────────────────


def test_the_chance_of_an_answer_worked_by_hand() -> None:
    """logistic(-0.4 + 0.7 + 1.5 x 0.2 + 0.25 x 1 + 0.5 - 1.2) = logistic(0.15)."""
    p = numbers().answer._replace(constant=-0.4, tension=0.7, hawkishness=1.5, severity=0.25,
                                  audience=1.0)  # fmt: skip
    chance = answer_chance(1.0, 0.7, 4.0, 0.5, 1.2, 0.0, 0.4, p)
    assert chance == pytest.approx(1.0 / (1.0 + math.exp(-0.15)))


@given(st.floats(0.0, 10.0), share, st.floats(1.0, 5.0), share, st.floats(0.0, 10.0))
def test_answers_grow_with_tension_hawks_and_attention_and_fall_with_restraint(
    tense: float, hawk: float, level: float, watched: float, restraint: float
) -> None:
    p = numbers().answer
    chance = answer_chance(tense, hawk, level, watched, restraint, 0.3, 0.4, p)
    assert 0.0 < chance < 1.0
    more = min(hawk + 0.1, 1.0), min(watched + 0.1, 1.0)
    assert answer_chance(tense + 0.5, hawk, level, watched, restraint, 0.3, 0.4, p) >= chance
    assert answer_chance(tense, more[0], level, watched, restraint, 0.3, 0.4, p) >= chance
    assert answer_chance(tense, hawk, level, more[1], restraint, 0.3, 0.4, p) >= chance
    assert answer_chance(tense, hawk, level, watched, restraint + 0.5, 0.3, 0.4, p) <= chance


@pytest.mark.slow
def test_answers_come_after_an_exponential_time() -> None:
    """Mean delay 0.8 weeks; the share answered is the chance, about a half."""
    here, delays, answered, n = fresh_world(years=0.5), [], 0, many(4000, 400)
    for k in range(n):
        here.state.tally[:] = 0
        here.state.track.level[:] = 0
        act(here, NOTE, tick=k, misreading=0.0, delay_weeks=0.8, constant=0.0, tension=0.0,
            hawkishness=0.0, severity=0.0, audience=0.0, body=0.0)  # fmt: skip
        event = events_of(here.log, here.state)[0]
        answered += int(event["answered"])
        if event["answered"] == 1:
            delays.append(float(event["delay"]))
            due = float(here.state.track.answer_due[0, 0])
            assert due == pytest.approx(1.0 + event["delay"] / 52.0, abs=1e-6)
        else:
            assert here.state.track.answer_due[0, 0] == np.inf
    wide = many(1, 3)
    assert answered / n == pytest.approx(0.5, abs=wide * 0.03)
    assert np.mean(delays) == pytest.approx(0.8, rel=wide * 0.08)
    assert np.median(delays) == pytest.approx(0.8 * math.log(2.0), rel=wide * 0.1)


def test_restraint_read_as_weakness_costs_approval() -> None:
    """Not answered: approval falls by contempt x weakness x hawkishness = 0.05 x 0.4 x 0.8."""
    here = fresh_world()
    here.state.channel.weakness[:], here.state.nation.hawkishness[:] = 0.4, 0.8
    act(here, NOTE, constant=-6.0, tension=0.0, hawkishness=0.0, severity=0.0, audience=0.0)
    lost = numbers().crisis.contempt * 0.4 * 0.8
    assert here.state.nation.lost.tolist() == pytest.approx([0.0, lost])


def test_what_towns_agreed_on_does_not_reach_quarrels_over_other_issues() -> None:
    """A wall of restraint keeps a clash over a river unanswered; one over another issue is not."""
    for kind, issue, bound in ((ARMY_FORCE, RIVER, True), (OTHER_FORCE, OTHER, False)):
        here = fresh_world(years=50.0)
        channel = here.state.channel
        channel.restraint[:], channel.weakness[:], channel.open_channels[:] = 100.0, 1.0, 1.0
        for year in range(1, 40):
            act(here, kind, issue=issue, time=float(year), tick=52 * year, constant=20.0)
        log = events_of(here.log, here.state)
        begun = log[log["act"] == kind]
        assert (begun["answered"] == (0 if bound else 1)).all()
        assert bool((begun["channels"] == 0).any()) is not bound, "channels stay open"
        assert bool(here.state.nation.lost.any()) is bound


# ── the interstate ladder ───────────────────────────────────────────────────────────────────────


def test_rates_of_the_ladder_worked_by_hand() -> None:
    """Up 1.6 e^(0.6 (2 - 1)); down 6 (1 - 0.2 x 0.5 x 2) = 4.8, thrice that if not answered."""
    p = numbers().interstate._replace(
        up_1=1.6, up_4=0.3, tension=0.6, down_rate=6.0, audience=0.2)  # fmt: skip
    assert up_rate(1, 2.0, RIVER, 0.0, p) == pytest.approx(1.6 * math.exp(0.6))
    assert up_rate(4, 5.0, OTHER, 0.0, p) == pytest.approx(0.3)
    assert up_rate(4, 5.0, RIVER, 1.0, p) == pytest.approx(0.3), "war knows no tension"
    assert up_rate(5, 2.0, RIVER, 0.0, p) == 0.0
    assert down_rate(3, True, 0.5, False, p) == pytest.approx(4.8)
    assert down_rate(3, False, 0.5, False, p) == pytest.approx(14.4)
    assert down_rate(3, True, 0.5, True, p) == pytest.approx(2.4)


def test_land_is_fought_for_more_readily_and_a_body_caps_the_climb() -> None:
    """Rung 2 at tension 1: 0.7 x 2 for land; half of that with a body of full powers."""
    p = numbers().interstate._replace(
        up_2=0.7, body=0.5, salience_river=1.0, salience_fishery=1.5, salience_land=2.0,
    )
    assert up_rate(2, 1.0, LAND, 0.0, p) == pytest.approx(1.4)
    assert up_rate(2, 1.0, LAND, 1.0, p) == pytest.approx(0.7)
    assert up_rate(2, 1.0, OTHER, 1.0, p) == pytest.approx(0.7)
    rates = [up_rate(2, 1.0, issue, 0.0, p) for issue in (RIVER, FISHERY, LAND)]
    assert rates == sorted(rates)


def test_acts_and_replies_belong_to_their_rung() -> None:
    assert [act_at(level, True, 0.5, 0.1) for level in (2, 3, 4, 5)] == [
        SANCTIONS, ARMY_DISPLAY, ARMY_FORCE, ARMY_FORCE + 1]  # fmt: skip
    assert act_at(2, True, 0.05, 0.1) == THREAT
    assert [act_at(level, False, 0.5, 0.1) for level in (3, 4)] == [OTHER_DISPLAY, OTHER_FORCE]
    assert [reply(level, True) for level in (1, 2, 3, 4)] == [
        NOTE, SANCTIONS, ARMY_DISPLAY, ARMY_FORCE]  # fmt: skip


def standing(level: int, answered: int, here: World) -> World:
    """Put the river track of the first pair on a rung at time 0."""
    track = here.state.track
    track.level[0, 0], track.open[0, 0], track.answered[0, 0] = level, 1, answered
    track.root[0, 0], track.last_act[0, 0], track.answer_due[0, 0] = ROOT_DISPUTE, 0.0, np.inf
    here.state.tally[:] = 0
    return here


def test_what_is_not_answered_never_climbs() -> None:
    here = fresh_world()
    for k in range(many(400, 60)):
        standing(2, 0, here)
        run_track(here, k, dt=0.5, up_2=50.0)
        assert here.state.track.level[0, 0] <= 2
        assert here.state.tally[0] == 0


def test_competing_risks_of_an_answered_dispute() -> None:
    """Rung 2, tension 1: up 4 against down 6 (no attention): four exits in ten climb."""
    here, climbed, calmed, n = fresh_world(), 0, 0, many(3000, 300)
    for k in range(n):
        standing(2, 1, here)
        here.state.pair.tension_first[:] = here.state.pair.tension_second[:] = 1.0
        here.state.pair.attention[:] = here.state.nation.rhetoric[:] = 0.0
        here.state.pair.silent_until[:] = -9.0
        here.state.track.last_act[0, 0] = k * WEEK
        run_track(here, k, dt=WEEK, up_2=4.0, up_3=0.0, down_rate=6.0)
        climbed += int(here.state.tally[0] > 0)
        calmed += int(here.state.tally[0] == 0 and here.state.track.level[0, 0] < 2)
    exits, wide = (climbed + calmed) / n, many(1, 3)
    assert exits == pytest.approx(1.0 - math.exp(-10.0 / 52.0), abs=wide * 0.02)
    assert climbed / (climbed + calmed) == pytest.approx(0.4, abs=wide * 0.06)


def test_backing_down_before_a_watching_public_costs_approval() -> None:
    """Fearon 1994: 0.05 x attention 0.8 x (3 - 1) for the side that acted last, from rung 3."""
    here = standing(3, 0, fresh_world())
    here.state.pair.attention[:] = 0.8
    here.state.track.actor[0, 0] = 1
    while here.state.track.level[0, 0] == 3:
        run_track(here, int(here.state.tally[3]) + 1, dt=0.02, approval_cost=0.05)
        here.state.tally[3] += 1
    assert here.state.nation.lost.tolist() == pytest.approx([0.0, 0.08])


def test_what_a_tick_costs_a_government_is_felt_once_at_its_end() -> None:
    """Losses and words of all borders are added: no border is ahead of another."""
    here = fresh_world()
    nation, p = here.state.nation, numbers().opinion._replace(approval_sd=0.0)
    nation.lost[:], nation.spoken[:], nation.rhetoric[:] = 0.08, 0.7, 0.5
    approval_and_elections(handed(here.topology.nation), handed(nation), p, SEED, 0, WEEK)
    kept = math.exp(-WEEK / p.approval_years)
    assert nation.approval == pytest.approx([0.5 - 0.08 * kept] * 2)
    assert nation.rhetoric == pytest.approx([math.exp(-1.0 / p.rhetoric_weeks)] * 2)
    assert not nation.lost.any()
    assert not nation.spoken.any()


def test_an_answer_that_is_due_comes_in_kind_from_the_other_side() -> None:
    here = fresh_world()
    row = act(here, ARMY_DISPLAY, time=0.0, tick=0)
    here.state.track.answer_due[0, 0], here.state.track.answered[0, 0] = 0.001, 0
    run_track(here, 0, up_3=0.0, down_rate=0.5)
    answer = events_of(here.log, here.state)[-1]
    assert (answer["act"], answer["actor"], answer["cause"]) == (ARMY_DISPLAY, 1, row)
    assert answer["time"] == 0.001
    assert here.state.track.answered[0, 0] == 1


@pytest.mark.slow
def test_new_disputes_begin_with_scarcity_and_tension() -> None:
    """Claim 0.25 e^(0.6 (tension - 1)) (0.1 + scarcity) a year: 0.25 x 0.6 at tension 1."""
    p, here, begun = numbers(), fresh_world(), 0
    _, state, _, log = here.by_reference
    pairs, n = handed(here.topology.pair), many(20_000, 2000)
    kinds = int(here.topology.pair.shares[0].sum())
    values = p.interstate._replace(claim_rate=0.25, tension=0.6)
    for t in range(n):
        here.state.track.open[:], here.state.track.level[:], here.state.tally[:] = 0, 0, 0
        here.state.pair.tension_first[:] = here.state.pair.tension_second[:] = 1.0
        here.state.track.scarcity[:] = 0.5
        new_protests(pairs, state, log, values, p.crisis, p.answer, SEED, t, WEEK)
        found = events_of(here.log, here.state)
        begun += found.size
        assert np.isin(found["act"], (NOTE, CONDEMNATION)).all()
        assert (found["root"] == ROOT_DISPUTE).all()
    assert begun / (n * WEEK * kinds) == pytest.approx(0.15, rel=many(1, 3) * 0.13)


def test_nations_that_share_nothing_have_nothing_to_dispute() -> None:
    here, p = fresh_world(changed(small_region(), "pair", shares=0.0)), numbers()
    _, state, _, log = here.by_reference
    here.state.track.scarcity[:] = 1.0
    for t in range(200):
        new_protests(handed(here.topology.pair), state, log, p.interstate._replace(claim_rate=1.0),
                     p.crisis, p.answer, SEED, t, 0.25)  # fmt: skip
        talk(handed(here.topology.pair), state, log, p.talk, SEED, t, 0.25)
    assert here.state.tally[0] == 0


def test_acts_handed_up_keep_their_local_root_and_cause() -> None:
    """Guards who fire over a river: root local, incident and cause of the crowd's act."""
    here, p = fresh_world(), numbers()
    here.scratch.queue[0] = (0, GUARDS_FIRE, 1, 0.01, 5, 2, 3, 8)
    keys, kind = here.topology.dyad.key, np.zeros(here.topology.dyad.key.size)
    handed_up(handed(here.topology.pair), here.by_reference[1], here.by_reference[3],
              here.scratch.queue, 1, keys, kind, p.crisis, p.answer, SEED, 0)  # fmt: skip
    event = events_of(here.log, here.state)[0]
    assert (event["act"], event["root"], event["incident"]) == (GUARDS_FIRE, ROOT_LOCAL, 2)
    assert (event["cause"], event["dyad"], event["actor"], event["issue"]) == (5, 3, 1, 0)
    assert here.state.track.level[0, 0] == 4


# ── settlement between states ───────────────────────────────────────────────────────────────────


def settled(here: World, tick: int, dt: float, **values: float) -> None:
    """Run the rule for one tick."""
    p = numbers()
    _, state, _, log = here.by_reference
    interstate_settlement(handed(here.topology.pair), state, log, p.settlement._replace(**values),
                          p.crisis, p.answer, SEED, tick, dt)  # fmt: skip


@pytest.mark.slow
def test_attempts_succeed_and_are_kept_as_often_as_declared() -> None:
    """Attempts 2 a year without tension; 35 % succeed, 60 % of those are kept."""
    here = fresh_world(changed(small_region(), "pair", body_resolution=0.0))
    ended, kept, n = 0, 0, many(4000, 400)
    for k in range(n):
        standing(1, 0, here)
        here.state.track.last_act[0, 0] = k * 0.25
        here.state.pair.tension_first[:] = here.state.pair.tension_second[:] = 0.0
        settled(here, k, 0.25, bilateral=2.0, third_party=0.0, success=0.35, kept=0.6)
        if here.state.track.open[0, 0] == 0:
            ended += 1
            event = events_of(here.log, here.state)[0]
            kept += int(here.state.track.relapse[0, 0] == np.inf)
            assert event["act"] in (AGREEMENT, TREATY)
            assert (event["outcome"], event["settlement"]) == (1, 1)
            assert here.state.track.level[0, 0] == 0
    chance, wide = (1.0 - math.exp(-0.5)) * 0.35, many(1, 3)
    assert ended / n == pytest.approx(chance, abs=wide * 0.02)
    assert kept / ended == pytest.approx(0.6, abs=wide * 0.08)


def test_what_is_settled_takes_hostility_away_each_way() -> None:
    """0.06 per BAR point: 0.24 for an agreement, 0.36 for a treaty."""
    for share_, bar in ((0.0, 4.0), (1.0, 6.0)):
        here, k = standing(1, 0, fresh_world()), 0
        while here.state.track.open[0, 0] == 1:
            here.state.track.last_act[0, 0] = k * 0.25
            settled(here, k, 0.25, bilateral=5.0, success=1.0, treaty_share=share_, relief=0.06)
            k += 1
        pair = here.state.pair
        assert (pair.impulse_first[0], pair.impulse_second[0]) == pytest.approx((-0.06 * bar,) * 2)


def test_a_broken_settlement_reopens_the_dispute() -> None:
    here = standing(1, 0, fresh_world())
    k = 0
    while here.state.track.open[0, 0] == 1:
        here.state.track.last_act[0, 0] = k * 0.25
        settled(here, k, 0.25, bilateral=5.0, success=1.0, kept=0.0, enforcement=0.0,
                broken_years=0.1)  # fmt: skip
        k += 1
    due = float(here.state.track.relapse[0, 0])
    assert due > (k - 1) * 0.25
    assert events_of(here.log, here.state)["kept"][0] == -1
    for later in range(k, int(due / 0.25) + 2):
        settled(here, later, 0.25, bilateral=0.0, third_party=0.0, joint_body=0.0)
    log = events_of(here.log, here.state)
    assert here.state.track.open[0, 0] == 1
    assert log["act"].tolist()[-1] == CONDEMNATION
    assert log["cause"][-1] == 0
    assert log["kept"][0] == 0


def test_a_dispute_without_an_act_for_five_years_is_forgotten() -> None:
    here = standing(1, 0, fresh_world())
    settled(here, 19, 0.25, bilateral=0.0, third_party=0.0, joint_body=0.0)
    assert here.state.track.open[0, 0] == 1
    settled(here, 21, 0.25, bilateral=0.0, third_party=0.0, joint_body=0.0)
    assert (here.state.track.open[0, 0], here.state.track.level[0, 0]) == (0, 0)


def test_silent_capitals_settle_nothing_by_themselves() -> None:
    """A bilateral attempt nearly every quarter of a year; none in silence, unless one mediates."""
    here = fresh_world(changed(small_region(), "pair", body_resolution=0.0, mediators=1.0))
    for silent, mediated, tried in ((0.0, 0.0, True), (99.0, 0.0, False), (99.0, 5.0, True)):
        standing(3, 0, here)
        here.state.pair.silent_until[:] = silent
        for k in range(20):
            here.state.track.last_act[0, 0] = k * 0.25
            settled(here, k, 0.25, bilateral=5.0, third_party=mediated, success=0.0)
        methods = events_of(here.log, here.state)["settlement"]
        assert bool(methods.size) is tried
        assert silent == 0.0 or (methods == 3).all()


# ── talk ────────────────────────────────────────────────────────────────────────────────────────


def test_hostile_words_worked_by_hand() -> None:
    """Interest 0.15 + 0.4 + 0.5 with an open dispute; tension 3: e^(0.5 (3 - 1))."""
    p = numbers().talk._replace(plenty=0.15, disputed=0.5)
    assert interest(0.4, True, p) == pytest.approx(1.05)
    assert interest(0.4, False, p) == pytest.approx(0.55)
    assert tone(0.5, 3.0) == pytest.approx(math.e)


@pytest.mark.slow
@pytest.mark.parametrize("dt", [0.5 * WEEK, 2.0 * WEEK])
def test_talk_excites_itself_without_exploding_at_any_tick_length(dt: float) -> None:
    """A branching process: base / (1 - branching) = 2 / 0.4 = 5 friendly acts a year."""
    p, here = (
        numbers(),
        fresh_world(
            changed(small_region(), "pair", body_monitoring=0.0, body_resolution=0.0), years=200.0
        ),
    )
    values = p.talk._replace(friendly_rate=2.0, friendly_branching=0.6, hostile_rate=0.0,
                             neutral_rate=0.0, plenty=1.0)  # fmt: skip
    _, state, _, log = here.by_reference
    years = many(1500, 120)
    for t in range(round(years / dt)):
        here.state.tally[0] = min(here.state.tally[0], 1_000_000)
        talk(handed(here.topology.pair), state, log, values, SEED, t, dt)
    assert here.state.tally[2] == 0, "the log was large enough"
    acts = events_of(here.log, here.state)["act"]
    assert acts.size / years == pytest.approx(5.0, rel=many(1, 3) * 0.07)
    assert np.isin(acts, range(TALKS, TALKS + 4)).all(), "treaties only where they do something"
    shares = np.diff(FRIENDLY_SHARES, prepend=0.0)
    found = np.bincount(acts - TALKS, minlength=4) / acts.size
    assert found == pytest.approx(shares, abs=many(1, 3) * 0.03)


def test_hostile_words_bind_the_government_that_speaks_them() -> None:
    """Rhetoric 0.03 per BAR point of every word, on the side of its speaker; praise adds none."""
    here = fresh_world()
    _, state, _, log = here.by_reference
    for t in range(80):
        talk(handed(here.topology.pair), state, log, numbers().talk._replace(
            hostile_rate=10.0, friendly_rate=10.0, plenty=1.0), SEED, t, WEEK)  # fmt: skip
    said = events_of(here.log, here.state)
    hostile = said[said["bar"] < 0]
    points = np.bincount(hostile["actor"], weights=-hostile["bar"].astype(float), minlength=2)
    assert points.min() > 0.0
    assert here.state.nation.spoken == pytest.approx(numbers().talk.rhetoric * points)


def test_silent_capitals_have_only_hostile_words_for_each_other() -> None:
    here, p = fresh_world(), numbers().talk._replace(
        friendly_rate=5.0, hostile_rate=5.0, neutral_rate=0.0, plenty=1.0)  # fmt: skip
    _, state, _, log = here.by_reference
    here.state.pair.silent_until[:] = 5.0
    for t in range(52 * 10):
        talk(handed(here.topology.pair), state, log, p, SEED, t, WEEK)
    log_ = events_of(here.log, here.state)
    friendly = np.isin(log_["act"], range(TALKS, TALKS + 4))
    assert log_["time"][friendly].min() > 5.0
    assert log_["time"][~friendly].min() < 1.0


def test_talk_comes_in_bursts() -> None:
    """Self-excitation: quarterly counts vary more than those of a Poisson process."""
    p, here = numbers(), fresh_world(years=200.0)
    values = p.talk._replace(friendly_rate=2.0, friendly_branching=0.6, hostile_rate=0.0,
                             neutral_rate=0.0)  # fmt: skip
    _, state, _, log = here.by_reference
    years = many(400, 60)
    for t in range(52 * years):
        talk(handed(here.topology.pair), state, log, values, SEED, t, WEEK)
    counts = np.bincount((events_of(here.log, here.state)["time"] * 4.0).astype(int))
    assert counts.var() / counts.mean() > 1.5


def test_neutral_acts_come_at_their_rate_and_move_no_rung() -> None:
    p, here = numbers(), fresh_world()
    values = p.talk._replace(friendly_rate=0.0, hostile_rate=0.0, neutral_rate=5.0, plenty=1.0)
    _, state, _, log = here.by_reference
    for t in range(52 * 60):
        talk(handed(here.topology.pair), state, log, values, SEED, t, WEEK)
    log_ = events_of(here.log, here.state)
    assert (log_["act"] == NEUTRAL).all()
    assert log_.size / 60.0 == pytest.approx(5.0, rel=0.2)
    assert not here.state.track.level.any()


# ── tension, attention, opinion ─────────────────────────────────────────────────────────────────


def test_tension_rests_where_fatigue_balances_reaction_and_grievance() -> None:
    """Richardson without misreading: x = g s / (a - k) = 0.25 x 2 / (1 - 0.5) = 1."""
    here, p = fresh_world(), numbers().tension._replace(
        reaction=0.5, fatigue=1.0, grievance=0.25, misreading=0.0)  # fmt: skip
    here.state.pair.rivalry[:] = 2.0
    for t in range(52 * 30):
        tension(handed(here.topology.pair), handed(here.state.pair), handed(here.state.channel), p,
                SEED, t, WEEK)  # fmt: skip
    assert here.state.pair.tension_first == pytest.approx([1.0])
    assert here.state.pair.tension_second == pytest.approx([1.0])


def test_tit_for_tat_pays_back_and_forgives() -> None:
    """Rival form: 0.5 + 2 x 0.3 after an act; e^-1.5 of what is above rest is left in a year."""
    here, p = fresh_world(), numbers().tension._replace(
        rival=1.0, reaction=0.5, fatigue=1.0, grievance=0.25, retaliation=2.0, conciliation=1.5
    )
    pair = here.state.pair
    pair.rivalry[:], pair.tension_first[:], pair.tension_second[:] = 1.0, 0.5, 3.0
    pair.impulse_first[:] = 0.3
    assert resting(1.0, p) == pytest.approx(0.5)
    for t in range(53):
        tension(handed(here.topology.pair), handed(pair), handed(here.state.channel), p, SEED, t,
                WEEK)  # fmt: skip
    assert pair.tension_first == pytest.approx([0.5 + 0.6 * math.exp(-1.5)])
    assert pair.tension_second == pytest.approx([0.5 + 2.5 * math.exp(-1.5 * 53 / 52)])


def test_the_rival_accounts_of_recurrence_worked_by_hand() -> None:
    """Differ only: 0.08 x 2; remember only: 0.02 + 0.28 x 0.5."""
    p = numbers().quarrel._replace(floor_alone=0.08, floor_alike=0.02, jump_alike=0.28)
    assert onset_rate(2.0, 0.5, 0.5, p._replace(rival=1.0)) == pytest.approx(0.16)
    assert onset_rate(2.0, 0.5, 0.5, p._replace(rival=2.0)) == pytest.approx(0.16)
    assert onset_rate(9.0, 0.0, 0.5, p._replace(rival=2.0)) == pytest.approx(0.02)


def test_an_insult_is_felt_by_its_target_and_fades() -> None:
    """0.3 received: 0.3 e^-1 left after a year without reaction at fatigue 1."""
    here, p = fresh_world(), numbers().tension._replace(
        reaction=0.0, fatigue=1.0, grievance=0.0, misreading=0.0)  # fmt: skip
    pair = here.state.pair
    pair.tension_first[:] = pair.tension_second[:] = 0.0
    pair.impulse_second[:] = 0.3
    for t in range(53):
        tension(handed(here.topology.pair), handed(pair), handed(here.state.channel), p, SEED, t,
                WEEK)  # fmt: skip
    assert pair.tension_second == pytest.approx([0.3 * math.exp(-1.0)])
    assert pair.tension_first == pytest.approx([0.0])
    assert pair.impulse_second[0] == 0.0


@given(st.floats(0.0, 10.0), share, st.floats(0.0, 20.0), st.floats(0.0, 5.0))
def test_tension_stays_on_its_scale(own: float, keep: float, push: float, received: float) -> None:
    assert 0.0 <= richardson(own, keep, push, received) <= 10.0


def test_violence_draws_attention_which_fades() -> None:
    """One violent act and one protest: 1 - e^(-0.5 x 1.15); e-folding of eight weeks after."""
    pair = fresh_world().state.pair
    pair.shock[0] = 1.0 + 0.15
    p = numbers().opinion._replace(attention_gain=0.5, attention_weeks=8.0)
    attention(handed(pair), p)
    drawn = 1.0 - math.exp(-0.5 * 1.15)
    assert pair.attention[0] == pytest.approx(drawn)
    for _ in range(8):
        attention_fades(handed(pair), p, 0.5 * WEEK)
        attention(handed(pair), p)
        attention_fades(handed(pair), p, 0.5 * WEEK)
    assert pair.attention[0] == pytest.approx(drawn * math.exp(-1.0))


def test_approval_is_a_mean_reverting_series_with_its_spread() -> None:
    """Stationary sd 0.12 around a half; lag of 1.5 years: correlation 1/e."""
    here, p = fresh_world(), numbers().opinion._replace(approval_sd=0.12, approval_years=1.5)
    nation, path = here.state.nation, []
    table, state = handed(here.topology.nation), handed(nation)
    for t in range(52 * many(1500, 120)):
        approval_and_elections(table, state, p, SEED, t, WEEK)
        path.append(nation.approval.copy())
    series, wide = np.array(path[260:]), many(1, 3)
    assert series.mean() == pytest.approx(0.5, abs=wide * 0.015)
    assert series.std() == pytest.approx(0.12, rel=wide * 0.06)
    later = np.mean([np.corrcoef(x[:-78], x[78:])[0, 1] for x in series.T])
    assert later == pytest.approx(math.exp(-1.0), abs=wide * 0.08)


def test_unpopular_governments_are_replaced_and_their_temper_with_them() -> None:
    here = fresh_world()
    p = numbers().opinion._replace(approval_sd=0.0, approval_years=10.0, turnover_sd=0.15)
    nation = here.state.nation
    table, state = handed(here.topology.nation), handed(nation)
    for approval, changes in ((1.0, False), (0.0, True)):
        nation.hawkishness[:] = 0.9
        for t in range(52 * 12):
            nation.approval[:] = approval
            approval_and_elections(table, state, p, SEED, t, WEEK)
            assert (nation.hawkishness >= 0.0).all()
            assert (nation.hawkishness <= 1.0).all()
        assert bool((nation.hawkishness != 0.9).all()) is changes or approval == 1.0
        assert bool((nation.hawkishness != 0.9).any()) is changes


def test_scarcity_is_the_mean_shortage_over_the_dyads_of_a_pair_by_kind() -> None:
    """A dry river makes no fish scarce; a kind that is not shared is never short."""
    here = fresh_world()
    dyad, fair = here.topology.dyad, here.state.climate.fair
    kind = here.topology.unit.kind[dyad.unit]
    fair[:] = 1.0
    fair[dyad.basin[0]] = 0.4
    scarcity(*here.by_reference[:2])
    same = dyad.basin == dyad.basin[0]
    assert kind[0] == RIVER
    assert here.state.pair.scarcity == pytest.approx([0.6 * same.mean()])
    rivers = 0.6 * same[kind == RIVER].mean()
    mean = 0.6 * same.mean()
    assert here.state.track.scarcity[0] == pytest.approx([rivers, 0.0, 0.0, 0.0, mean])


def test_a_kind_that_no_dyad_contests_is_as_short_as_the_systems_that_both_live_from() -> None:
    topology = small_region().topology
    rivers = topology.unit.kind[topology.dyad.unit] == RIVER
    moved = np.where(rivers, topology.dyad.basin, topology.dyad.basin[rivers][0])
    here = fresh_world(changed(small_region(), "dyad", basin=moved))
    here.state.climate.fair[:] = np.where(topology.basin.kind == FISHERY, 0.3, 1.0)
    scarcity(*here.by_reference[:2])
    assert here.state.track.scarcity[0] == pytest.approx([0.0, 0.0, 0.7, 0.0, 0.0])


def test_land_is_claimed_by_how_much_of_its_border_is_not_marked() -> None:
    """Marked 0.5 + undemarcated: 0.5 + 0.3 of the claims and protests, and 0.5 when marked."""
    assert ground(LAND, 0.3, 0.5) == pytest.approx(0.8)
    assert ground(LAND, 0.0, 0.5) == pytest.approx(0.5)
    assert ground(RIVER, 0.3, 0.5) == 1.0
    here = fresh_world(synthetic_region(land=True))
    topology, state = here.topology, here.state
    land = topology.unit.kind == LAND
    state.unit.disputed[:] = np.where(land, 0.6, 0.1)
    scarcity(*here.by_reference[:2])
    assert land[topology.dyad.unit].any()
    assert state.pair.undemarcated == pytest.approx([0.6])


def test_other_issues_are_their_own_track() -> None:
    here = fresh_world()
    act(here, OTHER_FORCE, issue=OTHER)
    assert here.state.track.level[0].tolist() == [0, 0, 0, 0, 4]
    assert events_of(here.log, here.state)["bar"][0] == 0
