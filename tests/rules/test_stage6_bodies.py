"""Stage 6: joint bodies, demarcation, towns reined in, mediators, spoilers (a tick, 6)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules.worked import SEED, WEEK, World, changed, events_of, handed, many, numbers, small_region
from rules.worked import world as fresh_world

from sim.events import (
    BODY_FOUNDED,
    CLAIM_RENOUNCED,
    DEMARCATED,
    NOTE,
    REINED_IN,
    ROOT_DISPUTE,
    TREATY,
)
from sim.rules.demarcation import demarcation, mark, round_rate
from sim.rules.interstate_bodies import founding_rate, interstate_bodies, with_power
from sim.rules.interstate_settlement import interstate_settlement, more_hawkish
from sim.rules.paradiplomacy import paradiplomacy, provoked, ties
from sim.rules.state_act import Origin, state_act
from sim.synthetic import synthetic_region
from sim.topology import FISHERY, OTHER, RIVER

share = st.floats(0.0, 1.0)


def calm(here: World, tension: float = 0.0) -> World:
    """Every pair at a tension."""
    here.state.pair.tension_first[:] = here.state.pair.tension_second[:] = tension
    return here


# ── joint bodies ────────────────────────────────────────────────────────────────────────────────


def test_the_rate_of_founding_worked_by_hand() -> None:
    """0.1 x 4 / (4 + 4) x e^(-0.7) x (1 - 0.2)."""
    p = numbers().body._replace(rate=0.1, half=4.0, tension=0.7)
    assert founding_rate(4.0, 1.0, 0.2, p) == pytest.approx(0.05 * math.exp(-0.7) * 0.8)
    assert with_power(0.2, 0.5) == pytest.approx(0.6)


@given(st.floats(0.0, 50.0), st.floats(0.0, 10.0), share, share)
def test_bodies_follow_friction_and_wait_for_calm(
    friction: float, tense: float, most: float, more: float
) -> None:
    p = numbers().body
    rate = founding_rate(friction, tense, most, p)
    assert 0.0 <= rate <= p.rate
    assert founding_rate(friction + more, tense, most, p) >= rate
    assert founding_rate(friction, tense + more, most, p) <= rate


def found(here: World, ticks: int, first: int = 0, **values: float) -> np.ndarray:
    """Run the rule; what it logged."""
    _, state, _, log = here.by_reference
    for t in range(first, first + ticks):
        interstate_bodies(handed(here.topology.pair), state, log, numbers().body._replace(**values),
                          SEED, t, WEEK)  # fmt: skip
    return events_of(here.log, here.state)


def test_a_body_is_founded_after_friction_and_given_powers() -> None:
    region = changed(small_region(), "pair", body_monitoring=0.0, body_resolution=0.0)
    here = calm(fresh_world(region))
    assert found(here, 400, rate=5.0).size == 0, "without friction there is no demand"
    here.state.pair.friction[:] = 1e6
    log = found(here, 400, rate=5.0, resolves=1.0, monitors=0.0, enforces=1.0, strength=0.5)
    assert log.size > 0
    assert (log["act"] == BODY_FOUNDED).all()
    assert (log["outcome"] == 1).all()
    assert (log["issue"] != OTHER).all()
    lent = 1.0 - 0.5 ** np.bincount(log["issue"], minlength=OTHER + 1)
    assert np.count_nonzero(lent) > 1, "kinds that the pair shares, at random"
    assert here.state.pair.body_resolution[0] == pytest.approx(lent)
    assert here.state.pair.body_enforcement[0] == pytest.approx(lent)
    assert (here.state.pair.body_monitoring[0] == 0.0).all()


def test_a_body_deals_with_the_kind_over_which_a_dispute_is_open() -> None:
    """A fishery dispute stands open: the body resolves over fish, and rivers stay without one."""
    region = changed(small_region(), "pair", body_monitoring=0.0, body_resolution=0.0)
    here = calm(fresh_world(region))
    here.state.pair.friction[:] = 1e6
    here.state.track.open[0, FISHERY] = 1
    log = found(here, 400, rate=5.0, resolves=1.0, strength=0.5)
    assert (log["issue"] == FISHERY).all()
    resolution = here.state.pair.body_resolution[0]
    assert resolution[FISHERY] == pytest.approx(1.0 - 0.5**log.size)
    assert resolution[RIVER] == resolution[OTHER] == 0.0


def test_no_body_is_founded_before_the_start_and_friction_fades() -> None:
    here = calm(fresh_world())
    here.state.pair.friction[:] = 8.0
    assert found(here, 52, first=-60, rate=5.0, memory_years=5.0).size == 0
    assert here.state.pair.friction[0] == pytest.approx(8.0 * math.exp(-1.0 / 5.0))


def test_acts_over_a_resource_make_friction_and_other_quarrels_none() -> None:
    here, p = fresh_world(), numbers()
    _, state, _, log = here.by_reference
    origin = Origin(np.int64(ROOT_DISPUTE), np.int64(-1), np.int64(-1), np.int64(-1))
    for issue in (0, OTHER):
        state_act(handed(here.topology.pair), state, log, p.crisis, p.answer, np.int64(0),
                  np.int64(issue), np.int64(NOTE), np.int64(0), 1.0, origin,
                  here.topology.pair.key[0], SEED, np.int64(52), np.int64(1), False)  # fmt: skip
        assert here.state.pair.friction[0] == 1.0


# ── demarcation ─────────────────────────────────────────────────────────────────────────────────


def test_commissions_meet_less_the_tenser_nations_are() -> None:
    """0.25 (1 - 0.5 / 1) a year, none from the limit on."""
    p = numbers().demarcation._replace(rate=0.25, limit=1.0)
    assert round_rate(0.5, p) == pytest.approx(0.125)
    assert round_rate(1.0, p) == round_rate(5.0, p) == 0.0


def test_a_round_settles_a_share_of_every_stretch_once() -> None:
    here = fresh_world(changed(small_region(), "unit", disputed=0.5))
    topology = here.by_reference[0]
    mark(topology, here.state.unit.disputed, here.scratch.units, np.int64(0), 0.3)
    contested = np.unique(here.topology.dyad.unit)
    assert here.state.unit.disputed[contested] == pytest.approx(0.35)


def marked(here: World, years: float, **values: float) -> np.ndarray:
    """Run the rule from the start on; what it logged."""
    topology, state, _, log = here.by_reference
    for t in range(round(52 * years)):
        demarcation(topology, state, log, here.scratch.units,
                    numbers().demarcation._replace(**values), SEED, t, WEEK)  # fmt: skip
    return events_of(here.log, here.state)


def test_borders_are_marked_over_years_of_calm_and_not_in_tension_or_closed() -> None:
    region = changed(small_region(), "unit", disputed=0.5)
    log = marked(here := calm(fresh_world(region)), 20.0, rate=1.0)
    assert (log["act"] == DEMARCATED).all()
    assert (log["issue"] == OTHER).all(), "no event on the shared resource"
    left = 0.5 * 0.7**log.size
    assert here.state.unit.disputed[here.topology.dyad.unit[0]] == pytest.approx(left)
    assert marked(calm(fresh_world(region), 2.0), 20.0, rate=1.0).size == 0
    shut = calm(fresh_world(region))
    shut.state.pair.closed_until[:] = 99.0
    assert marked(shut, 20.0, rate=1.0).size == 0


def test_a_border_without_disputed_stretches_needs_no_commission() -> None:
    region = changed(small_region(), "unit", disputed=0.0)
    assert marked(calm(fresh_world(region)), 20.0, rate=5.0).size == 0


# ── paradiplomacy ───────────────────────────────────────────────────────────────────────────────


def test_the_rate_of_backlash_worked_by_hand() -> None:
    """0.2 x 4 / (4 + 4) x 0.5 = 0.05 a year."""
    p = numbers().paradiplomacy._replace(rate=0.2, half=4.0)
    assert provoked(4.0, 0.5, p) == pytest.approx(0.05)
    assert provoked(4.0, 0.0, p) == 0.0


def test_only_agreements_between_towns_provoke_and_a_legal_base_disarms() -> None:
    out, strength = np.zeros(2), np.array([[0.5, 0.2], [0.3, 0.1], [0.9, 0.9]])
    ties(out, strength, np.array([0, 0, 1], dtype=np.int8), np.array([1.0, 0.5]))
    assert out == pytest.approx([0.8, 0.15])


def reined(here: World, breadth: float, hawks: float, years: float = 20.0) -> np.ndarray:
    """Run the rule; what it logged."""
    _, state, _, log = here.by_reference
    here.state.nation.hawkishness[:] = hawks
    close = np.full(here.topology.pair.key.size, breadth)
    for t in range(round(52 * years)):
        paradiplomacy(handed(here.topology.pair), state, log, close,
                      numbers().paradiplomacy._replace(rate=2.0), SEED, t, WEEK)  # fmt: skip
    return events_of(here.log, here.state)


def test_hawkish_capitals_rein_close_towns_in_for_a_time() -> None:
    here = fresh_world()
    log = reined(here, 8.0, 1.0)
    assert log.size > 3
    assert (log["act"] == REINED_IN).all()
    assert (log["hostility"] == 0).all()
    assert np.diff(log["time"]).min() > 0.0, "one at a time"
    assert here.state.pair.backlash_until[0] > log["time"][-1]
    assert here.state.pair.hostile_talk[0] == pytest.approx(1.5 * log.size)
    assert reined(fresh_world(), 8.0, 0.0).size == 0
    assert reined(fresh_world(), 0.0, 1.0).size == 0


# ── third parties ───────────────────────────────────────────────────────────────────────────────


def settlements(here: World, level: int, n: int, **values: float) -> np.ndarray:
    """Methods of the attempts in n quarters of a river dispute that stands on a rung."""
    p, track = numbers(), here.state.track
    _, state, _, log = here.by_reference
    for k in range(n):
        track.level[0, 0], track.open[0, 0], track.last_act[0, 0] = level, 1, k * 0.25
        interstate_settlement(handed(here.topology.pair), state, log,
                              p.settlement._replace(**values), p.crisis, p.answer, SEED, k,
                              0.25)  # fmt: skip
    return events_of(here.log, here.state)


def test_mediators_come_to_grave_disputes_within_reach_and_hawks_refuse_them() -> None:
    alone = {"bilateral": 0.0, "joint_body": 0.0, "third_party": 0.5, "refusal": 1.0}
    n, counted = many(2000, 300), []
    for level, reach, hawk in ((1, 1.0, 0.0), (2, 1.0, 0.0), (4, 1.0, 0.0), (4, 0.0, 0.0),
                               (4, 1.0, 1.0), (4, 1.0, 0.5)):  # fmt: skip
        here = calm(fresh_world(changed(small_region(), "pair", mediators=reach), years=200.0))
        here.state.nation.hawkishness[:] = hawk
        log = settlements(here, level, n, success=0.0, **alone)
        assert (log["settlement"] == 3).all()
        counted.append(log.size)
    none, grave, graver, far, refused, half = counted
    assert none == far == refused == 0
    assert graver > grave > 0
    assert graver > half > 0


def test_hardliners_who_gained_from_a_closed_border_spoil_what_is_settled() -> None:
    kept = []
    for closed_until in (-1000.0, 1000.0):
        here = calm(fresh_world(years=200.0))
        here.state.nation.hawkishness[:] = 1.0
        here.state.pair.closed_until[:] = closed_until
        log = settlements(here, 1, many(2000, 300), bilateral=5.0, success=1.0, kept=0.7,
                          spoilers=0.4, enforcement=0.0)  # fmt: skip
        kept.append(np.mean(log["kept"][log["outcome"] == 1] == 1))
    assert kept == pytest.approx([0.7, 0.3], abs=many(1, 2) * 0.06)


def test_a_claim_at_rest_is_renounced_at_its_rate() -> None:
    """0.4 a year: 1 - e^(-0.1) of the disputes at rest each quarter, none on a rung."""
    none = {"bilateral": 0.0, "joint_body": 0.0, "third_party": 0.0}
    n = many(4000, 600)
    log = settlements(calm(fresh_world(years=200.0)), 0, n, renunciation=0.4, **none)
    assert (log["act"] == CLAIM_RENOUNCED).all()
    assert log.size / n == pytest.approx(1.0 - math.exp(-0.1), rel=many(1, 3) * 0.15)
    assert settlements(calm(fresh_world()), 1, 50, renunciation=5.0, **none).size == 0


def test_a_treaty_brings_joint_monitoring() -> None:
    here = calm(fresh_world(changed(small_region(), "pair", body_monitoring=0.0)))
    log = settlements(here, 1, 8, bilateral=5.0, success=1.0, treaty_share=1.0, treaty_clauses=0.2)
    treaties = int((log["act"] == TREATY).sum())
    assert treaties > 0
    kinds = np.bincount(log["issue"][log["act"] == TREATY], minlength=OTHER + 1)
    assert here.state.pair.body_monitoring[0] == pytest.approx(1.0 - 0.8**kinds)


def test_the_more_hawkish_side_counts() -> None:
    here = fresh_world(synthetic_region(municipalities=24, nations=3))
    here.state.nation.hawkishness[:] = (0.2, 0.9, 0.4)
    hawks = [more_hawkish(handed(here.topology.pair), here.by_reference[1], np.int64(i))
             for i in range(2)]  # fmt: skip
    assert hawks == [0.9, 0.9]
