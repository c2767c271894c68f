"""Acts that are not done (sim.undone): nothing of them is left, and all else goes on."""

from __future__ import annotations

import numpy as np
import pytest
from rules.test_stage1_hazards import build, one_of
from rules.test_stage5_dyads import climb, on_rung
from rules.test_stage6_nations import act, run_track
from rules.worked import WEEK, World, events_of, numbers
from rules.worked import world as fresh_world

from sim.events import (
    ARMY_FORCE,
    COMPLAINT,
    GUARDS_FIRE,
    NOTE,
    OTHER_FORCE,
    PROJECT,
    PROJECT_DONE,
    PROTEST,
    TALKS,
    THREAT,
)
from sim.state import PARTS
from sim.topology import OTHER, RIVER
from sim.undone import MOST_UNDONE, Undone, check_undone, set_undone, undone_of


def bits(here: World) -> bytes:
    """Every bit of the state, of the counters, and of the acts written."""
    parts = [array.tobytes() for part in here.state[: len(PARTS)] for array in part]
    return b"".join([*parts, here.state.tally[:5].tobytes(), events_of(here.log, here.state)])


def leave_out(here: World, *acts: Undone, weeks: float = 1.0) -> None:
    """Acts that are not to be done in this world."""
    set_undone(here.log, here.state.tally, acts, weeks)


def between_capitals(kind: int, issue: int = RIVER, time: float = 1.0, actor: int = 0) -> Undone:
    """An act of the first pair's capitals."""
    return Undone(time, kind, -1, 0, actor, issue)


@pytest.mark.parametrize("kind", [NOTE, THREAT, ARMY_FORCE])
def test_an_act_of_state_that_is_not_done_leaves_no_bit_behind(kind: int) -> None:
    here = fresh_world()
    before = bits(here)
    leave_out(here, between_capitals(kind))
    assert act(here, kind) == -2
    assert bits(here) == before
    assert act(here, kind, time=1.5) == 0, "in another week it is done"
    assert here.state.track.level[0, RIVER] > 0


@pytest.mark.parametrize(
    "other",
    [
        between_capitals(THREAT), between_capitals(NOTE, actor=1), between_capitals(NOTE, OTHER),
        between_capitals(NOTE, time=1.0 + WEEK), between_capitals(NOTE, time=1.0 - WEEK),
        Undone(1.0, NOTE, 3, 0, 0, RIVER), Undone(1.0, NOTE, -1, 1, 0, RIVER),
    ],
    ids=["kind", "actor", "issue", "next week", "week before", "place", "pair"],
)  # fmt: skip
def test_another_act_is_done_as_if_there_were_no_list(other: Undone) -> None:
    plain, here = fresh_world(), fresh_world()
    leave_out(here, other)
    assert act(plain, NOTE) == act(here, NOTE) == 0
    assert bits(here) == bits(plain)


def test_acts_of_the_spin_up_are_never_left_out() -> None:
    here = fresh_world()
    leave_out(here, between_capitals(NOTE, time=0.0))
    assert act(here, NOTE, time=-0.5) == -1
    assert here.state.track.level[0, RIVER] == 1


def test_a_quarrel_that_is_not_begun_leaves_no_memory_closure_or_crisis() -> None:
    here = fresh_world()
    leave_out(here, between_capitals(OTHER_FORCE, OTHER))
    act(here, OTHER_FORCE, issue=OTHER)
    assert here.state.pair.memory[0] == 0.0
    assert here.state.pair.closed_until[0] == here.state.pair.last_militarized[0] < 0.0
    act(here, OTHER_FORCE, issue=OTHER, time=1.5)
    assert here.state.pair.memory[0] == 1.0


def test_a_reply_that_does_not_come_closes_the_gate_that_waited_for_it() -> None:
    here = fresh_world()
    assert act(here, NOTE, constant=4.0, time=1.0) == 0
    here.state.track.answer_due[0, RIVER] = 1.0 + 0.5 * WEEK
    leave_out(here, between_capitals(NOTE, actor=1))
    run_track(here, 52, up_1=0.0, down_rate=1e-9)
    assert here.state.tally[0] == 1
    assert here.state.track.answered[0, RIVER] == 0
    assert here.state.track.answer_due[0, RIVER] == np.inf
    assert here.log["answered"][0] == 0
    assert here.state.track.level[0, RIVER] == 1, "what was done stays done"


def test_a_climb_that_does_not_come_leaves_the_dispute_at_its_rung() -> None:
    here, plain = fresh_world(), fresh_world()
    for each in (here, plain):
        act(each, NOTE)
        each.state.track.answered[0, RIVER] = 1
        each.state.track.answer_due[0, RIVER] = np.inf
    run_track(plain, 52, up_1=50.0, down_rate=0.5, threat_share=1.0, closure_share=1.0, dt=0.1)
    assert plain.state.track.level[0, RIVER] >= 2
    weeks = np.arange(5.2, 5.3, WEEK).tolist()
    threats = [Undone(t, THREAT, -1, 0, a, RIVER) for t in weeks for a in (0, 1)]
    leave_out(here, *threats)
    run_track(here, 52, up_1=50.0, down_rate=0.5, threat_share=1.0, closure_share=1.0, dt=0.1)
    assert here.state.track.level[0, RIVER] <= 1
    assert here.state.tally[0] == 1, "no threat, and no border shut for it"


def first_acts(here: World) -> None:
    """A first act on every dyad, in the first tick of the second year."""
    here.state.dyad.onset[:] = 50.0
    still = {"up_rate": 0.0, "down_rate": 1e-12, "bilateral_rate": 0.0, "hand_over": 0.0}
    climb(here, numbers().ladder._replace(**still), 52, WEEK, u=0.001)


def test_an_incident_that_does_not_begin_heats_nothing_and_takes_no_number() -> None:
    plain, here = fresh_world(), fresh_world()
    first_acts(plain)
    begun = events_of(plain.log, plain.state)
    mine = begun[begun["dyad"] == 3]
    assert mine.size >= 1
    leave_out(here, *(undone_of(one) for one in mine))
    first_acts(here)
    left = events_of(here.log, here.state)
    assert 3 not in left["dyad"]
    assert here.state.dyad.heat[3] == here.state.dyad.caseload[3] == 0.0
    assert here.state.dyad.incident[3] == -1
    assert here.state.tally[1] == np.unique(left["incident"]).size
    others = np.arange(here.topology.dyad.key.size) != 3
    assert np.array_equal(here.state.dyad.heat[others], plain.state.dyad.heat[others])


def test_a_protest_that_is_not_made_leaves_the_incident_at_its_rung() -> None:
    up = numbers().ladder._replace(up_rate=100.0, down_rate=1e-9, hand_over=1.0, unwatched=1.0,
                                   taken_up_mild=1.0, guards=0.0)  # fmt: skip

    def after(*left_out: Undone) -> World:
        here = on_rung(1, 1.0, anger=1.0)
        here.state.channel.hand_over[:] = 1.0
        leave_out(here, *left_out)
        climb(here, up, 52, WEEK)
        return here

    plain = after()
    acts = events_of(plain.log, plain.state)
    protests = acts[(acts["act"] == PROTEST) & (acts["dyad"] == 3)]
    assert protests.size == 1
    both = [undone_of(protests[0])._replace(actor=int(protests[0][side]))
            for side in ("actor", "target")]  # fmt: skip
    here = after(*both)
    assert here.state.dyad.rung[3] == 1
    assert plain.state.dyad.rung[3] > 1
    assert here.state.pair.shock[0] < plain.state.pair.shock[0]


def test_works_are_not_begun_or_not_completed_where_that_is_left_out() -> None:
    def built(*left_out: int) -> World:
        here = fresh_world()
        here.state.unit.disputed[:] = 1.0
        a = int(here.topology.dyad.first[3])
        issue = int(here.topology.basin.kind[here.topology.dyad.basin[3]])
        leave_out(here, *(Undone(t * WEEK, kind, 3, 0, a, issue)
                          for t, kind in enumerate((PROJECT, PROJECT_DONE)) if kind in left_out))
        low = np.zeros(here.topology.dyad.key.size)
        build(here, one_of(here), low, 0)
        build(here, one_of(here), low, 1, objection=0.0)
        return here

    assert built().state.tally[0] == 2
    assert built(PROJECT).state.dyad.project[3] == 1, "announced a week later instead"
    under_way = built(PROJECT_DONE)
    assert under_way.state.tally[0] == 1
    assert under_way.state.dyad.project[3] == 1


@pytest.mark.parametrize(
    ("acts", "told"),
    [
        ((Undone(1.0, TALKS, -1, 0, 0, RIVER),), "cannot be left out"),
        ((Undone(-1.0, COMPLAINT, 0, 0, 0, RIVER),), "before the start"),
        ((Undone(1.0, GUARDS_FIRE, 0, 0, 0, RIVER),) * (MOST_UNDONE + 1), "at most"),
    ],
)
def test_what_cannot_be_left_out_is_refused(acts: tuple[Undone, ...], told: str) -> None:
    here = fresh_world()
    with pytest.raises(ValueError, match=told):
        leave_out(here, *acts)
    assert check_undone(acts) != []


def test_the_list_takes_room_from_the_log_and_a_full_log_still_fails_the_run() -> None:
    here = fresh_world()
    room = here.log.size
    leave_out(here, between_capitals(NOTE))
    here.state.tally[0] = room - 1
    assert act(here, THREAT) == -1
    assert here.state.tally[2] == 1, "an act was lost, and that is counted"
    assert here.log["act"][room - 1] == NOTE
