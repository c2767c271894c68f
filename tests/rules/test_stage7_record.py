"""Stage 7: what is recorded and what is counted (model.md, a tick, 7, and acts, not rungs)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from rules.worked import World, world

from sim.count import COUNTS, count_events
from sim.events import (
    ACTS,
    AGREEMENT,
    ARMY_DISPLAY,
    ARMY_FORCE,
    BODY_FOUNDED,
    CLAIM_RENOUNCED,
    CLOSURE,
    COMPLAINT,
    CONDEMNATION,
    DEMARCATED,
    EVENT,
    GUARDS_FIRE,
    LOCAL_SETTLEMENT,
    NEUTRAL,
    NOTE,
    OTHER_FORCE,
    PROTEST,
    REINED_IN,
    ROOT_DISPUTE,
    ROOT_LOCAL,
    ROOT_OTHER,
    SANCTIONS,
    TALKS,
    THREAT,
    TREATY,
    VIOLENT,
    emit,
    records,
)
from sim.record import KEYS, SERIES, new_maxima, record
from sim.topology import OTHER, RIVER

YEARS = 20.0


class Told:
    """A log written by hand, act by act."""

    def __init__(self) -> None:
        self.log = np.zeros(64, dtype=EVENT)
        self.tally = np.zeros(16, dtype=np.int64)

    def tell(
        self, act: int, time: float, *, incident: int = -1, root: int = ROOT_DISPUTE,
        issue: int = 0, pair: int = 0, answered: int = -1, reported: int = 1,
    ) -> int:  # fmt: skip
        """Add one act; an incident's acts are local."""
        dyad = 0 if ACTS[act].local else -1
        place = tuple(np.int64(k) for k in (dyad, pair, 0, 1))
        row = emit(records(self.log), self.tally, time, np.int64(act), place, np.int64(issue),
                   np.int64(-1), (np.int64(root), np.int64(incident)))  # fmt: skip
        self.log[row]["answered"], self.log[row]["reported"] = answered, reported
        self.tally[1] = max(self.tally[1], incident + 1)
        return int(row)

    def settle(
        self, act: int, time: float, *, method: int, agreed: bool = True, kept: int = -1
    ) -> None:
        """Add an attempt at settlement between states."""
        event = self.log[self.tell(act, time)]
        event["settlement"], event["outcome"], event["kept"] = method, int(agreed), kept

    def counted(self, pairs: int = 1, earlier: float = -1000.0) -> dict[str, float]:
        """Counts of the story so far; ``earlier``: last militarized act before the start."""
        out = np.zeros(len(COUNTS))
        count_events(records(self.log), self.tally, self.tally[0], pairs, YEARS, out,
                     np.full(pairs, earlier))  # fmt: skip
        return dict(zip(COUNTS, out.tolist(), strict=True))


# ── the log ─────────────────────────────────────────────────────────────────────────────────────


def test_a_record_of_the_log_is_small() -> None:
    assert EVENT.itemsize <= 64


def test_an_act_carries_its_scales_from_the_table() -> None:
    told = Told()
    for act in range(len(ACTS)):
        row = told.tell(act, 1.0)
        event, declared = told.log[row], ACTS[act]
        assert (event["bar"], event["hostility"]) == (declared.bar, declared.hostility)
        assert (event["rung"], event["act"]) == (declared.rung, act)


def test_the_table_of_acts_follows_its_guide() -> None:
    """Notes -1, condemnation -2, closure and sanctions -3, guards -5, war acts -6, war -7 ..."""
    by_name = {a.name: a for a in ACTS}
    bar = {"diplomatic protest": -1, "official condemnation": -2, "sanctions or recall": -3,
           "border closed": -3, "guards fire": -5, "army uses force": -6, "war": -7, "talks": 1,
           "official support": 2, "working group": 3, "agreement": 4, "strategic support": 5,
           "treaty": 6, "neutral act": 0}  # fmt: skip
    assert {name: by_name[name].bar for name in bar} == bar
    hostility = {"diplomatic protest": 1, "border closed": 1, "sanctions or recall": 1,
                 "threat of force": 2, "army display": 3, "guards fire": 4, "war": 5}  # fmt: skip
    assert {name: by_name[name].hostility for name in hostility} == hostility
    assert all(a.hostility <= 1 for a in ACTS if a.local)


def test_a_full_log_is_counted_as_an_overflow_and_never_lost_in_silence() -> None:
    told = Told()
    for k in range(70):
        row = emit(records(told.log), told.tally, 1.0, np.int64(NOTE),
                   tuple(np.int64(v) for v in (-1, 0, 0, 1)), np.int64(0), np.int64(-1),
                   (np.int64(ROOT_DISPUTE), np.int64(-1)))  # fmt: skip
        assert (int(row) == -1) is (k >= 64)
    assert told.tally[:3].tolist() == [64, 0, 6]


# ── incidents ───────────────────────────────────────────────────────────────────────────────────


def test_an_incident_stays_contained_when_the_nations_only_use_words() -> None:
    told = Told()
    told.tell(PROTEST, 1.0, incident=0, root=ROOT_LOCAL)
    told.tell(VIOLENT, 1.05, incident=0, root=ROOT_LOCAL)
    told.tell(NOTE, 1.1, incident=0, root=ROOT_LOCAL, answered=0)
    found = told.counted()
    assert (found["incidents"], found["serious_incidents"], found["contained"]) == (1, 1, 1)
    assert (found["uncontained"], found["violent_incidents"], found["protests"]) == (0, 1, 1)


@pytest.mark.parametrize("act", [SANCTIONS, THREAT, CLOSURE, ARMY_DISPLAY, GUARDS_FIRE])
@pytest.mark.parametrize(("after", "passed"), [(0.49, 1), (0.51, 0)])
def test_hostility_within_half_a_year_of_its_last_act_uncontains_it(
    act: int, after: float, passed: int
) -> None:
    told = Told()
    told.tell(PROTEST, 1.0, incident=0, root=ROOT_LOCAL)
    told.tell(PROTEST, 2.0, incident=0, root=ROOT_LOCAL)
    told.tell(act, 2.0 + after, incident=0, root=ROOT_LOCAL, answered=1)
    found = told.counted()
    assert (found["uncontained"], found["contained"]) == (passed, 1 - passed)


def test_complaints_alone_are_no_serious_incident() -> None:
    told = Told()
    told.tell(COMPLAINT, 1.0, incident=0, root=ROOT_LOCAL)
    told.tell(SANCTIONS, 1.1, incident=0, root=ROOT_LOCAL, answered=0)
    found = told.counted()
    assert (found["incidents"], found["serious_incidents"], found["uncontained"]) == (1, 0, 0)


def test_an_incident_still_open_at_the_end_is_censored() -> None:
    told = Told()
    told.tell(PROTEST, YEARS - 0.4, incident=0, root=ROOT_LOCAL)
    assert told.counted()["censored"] == 1
    told.tell(SANCTIONS, YEARS - 0.2, incident=0, root=ROOT_LOCAL, answered=0)
    found = told.counted()
    assert (found["censored"], found["uncontained"]) == (0, 1)


def test_violence_that_led_to_force_is_counted_by_descent() -> None:
    """V12: two violent incidents, one with a descendant use of force by a state organ."""
    told = Told()
    for n in range(2):
        told.tell(VIOLENT, 1.0 + n, incident=n, root=ROOT_LOCAL)
    told.tell(ARMY_FORCE, 2.1, incident=1, root=ROOT_LOCAL, answered=1)
    told.tell(ARMY_FORCE, 5.0)
    found = told.counted()
    assert (found["violent_incidents"], found["violent_with_force"]) == (2, 1)


# ── crises ──────────────────────────────────────────────────────────────────────────────────────


def test_militarized_acts_less_than_six_months_apart_are_one_crisis_by_their_first_root() -> None:
    told = Told()
    told.tell(GUARDS_FIRE, 1.0, root=ROOT_LOCAL, incident=-1, answered=1)
    told.tell(ARMY_DISPLAY, 1.4, root=ROOT_DISPUTE, answered=1)
    told.tell(ARMY_FORCE, 1.8, root=ROOT_DISPUTE, answered=0)
    told.tell(ARMY_DISPLAY, 2.4, root=ROOT_DISPUTE, answered=0)
    told.tell(OTHER_FORCE, 9.0, root=ROOT_OTHER, issue=OTHER, answered=0)
    found = told.counted()
    roots = (found["crisis_local"], found["crisis_dispute"], found["crisis_other"])
    assert roots == (1, 1, 1)
    assert found["first_resource_crisis"] == found["first_crisis"] == 1.0
    assert found["highest_interstate_rung"] == 4
    assert (found["asked"], found["answered"]) == (5, 2)


def test_a_crisis_that_began_before_the_start_goes_on() -> None:
    told = Told()
    told.tell(ARMY_DISPLAY, 0.2, answered=0)
    assert told.counted(earlier=-0.1)["crisis_dispute"] == 0
    assert told.counted(earlier=-0.4)["crisis_dispute"] == 1
    told.tell(ARMY_DISPLAY, 0.6, answered=0)
    found = told.counted(earlier=-0.1)
    assert (found["crisis_dispute"], math.isnan(found["first_crisis"])) == (0, True)


def test_pairs_have_crises_of_their_own() -> None:
    told = Told()
    told.tell(ARMY_DISPLAY, 1.0, pair=0, answered=0)
    told.tell(ARMY_DISPLAY, 1.1, pair=1, answered=0)
    assert told.counted(pairs=2)["crisis_dispute"] == 2


def test_a_crisis_over_another_issue_is_no_resource_crisis() -> None:
    told = Told()
    told.tell(OTHER_FORCE, 3.0, root=ROOT_OTHER, issue=OTHER, answered=0)
    found = told.counted()
    assert found["first_crisis"] == 3.0
    assert math.isnan(found["first_resource_crisis"])
    assert found["conflictive"] == 0  # no event on the shared resource


def test_words_and_threats_are_no_crisis() -> None:
    told = Told()
    for act in (NOTE, CONDEMNATION, SANCTIONS, THREAT, CLOSURE):
        told.tell(act, 1.0, answered=0)
    found = told.counted()
    assert found["crisis_dispute"] == found["crisis_local"] == 0
    assert math.isnan(found["first_crisis"])


def test_a_near_miss_reached_diplomatic_hostility_and_came_back() -> None:
    told = Told()
    told.tell(SANCTIONS, 1.0, answered=0)
    told.tell(SANCTIONS, 5.0, answered=1)
    told.tell(ARMY_DISPLAY, 5.2, answered=0)
    assert told.counted()["near_misses"] == 1


def test_a_crisis_years_later_takes_no_near_miss_away() -> None:
    """Sanctions in year 1 came to nothing; the display of year 5 is another matter."""
    told = Told()
    told.tell(SANCTIONS, 1.0, answered=0)
    told.tell(ARMY_DISPLAY, 5.0, answered=0)
    assert told.counted()["near_misses"] == 1
    soon = Told()
    soon.tell(SANCTIONS, 1.0, answered=0)
    soon.tell(ARMY_DISPLAY, 1.4, answered=0)
    assert soon.counted()["near_misses"] == 0


def test_a_border_that_a_crisis_closed_is_no_near_miss() -> None:
    """The closure is logged after the militarized act that caused it."""
    told = Told()
    told.tell(ARMY_DISPLAY, 5.0, answered=0)
    told.tell(CLOSURE, 5.0)
    assert told.counted()["near_misses"] == 0


def test_disputes_end_by_agreement_renunciation_or_oblivion_and_last_so_long() -> None:
    """Settled after 2 years, renounced after 1, forgotten after 0 + 5, open at the end."""
    told = Told()
    told.tell(NOTE, 1.0, answered=0)
    told.settle(TALKS, 2.0, method=1, agreed=False)
    told.settle(AGREEMENT, 3.0, method=3, kept=0)
    told.tell(NOTE, 4.0, answered=1)
    told.tell(CLAIM_RENOUNCED, 5.0)
    told.tell(NOTE, 6.0, answered=0)
    told.tell(NOTE, 13.0, answered=0)
    told.settle(TREATY, 14.0, method=2, kept=1)
    told.tell(NOTE, 18.0, answered=0)
    found = told.counted()
    ends = [found[f"disputes_{how}"] for how in ("settled", "renounced", "forgotten", "open")]
    assert ends == [2, 1, 1, 1]
    assert found["resource_disputes"] == 5
    assert found["dispute_years"] == pytest.approx(2.0 + 1.0 + 5.0 + 1.0)
    tried = [found[f"attempts_{how}"] for how in ("bilateral", "body", "third", "agreed")]
    assert tried == [1, 1, 1, 2]
    assert (found["agreements_kept"], found["agreements_broken"]) == (1, 1)
    assert (found["agreements_by_body"], found["agreements_mediated"]) == (1, 1)


def test_disputes_between_towns_end_by_settlement_or_oblivion() -> None:
    told = Told()
    told.tell(COMPLAINT, 1.0, incident=0, root=ROOT_LOCAL)
    told.tell(PROTEST, 2.0, incident=1, root=ROOT_LOCAL)
    told.tell(LOCAL_SETTLEMENT, 2.5, incident=1, root=ROOT_LOCAL)
    told.tell(COMPLAINT, 3.0, incident=2, root=ROOT_LOCAL)
    told.tell(COMPLAINT, 19.0, incident=3, root=ROOT_LOCAL)
    found = told.counted()
    assert (found["local_disputes"], found["local_disputes_settled"]) == (3, 1)
    assert found["local_disputes_forgotten"] == 1
    assert found["local_dispute_years"] == pytest.approx(1.5 + 5.0)


def test_events_are_counted_by_each_value_of_the_scales() -> None:
    told = Told()
    for act in (NOTE, NOTE, ARMY_FORCE, TREATY, NEUTRAL):
        told.tell(act, 1.0)
    told.tell(OTHER_FORCE, 2.0, issue=OTHER, root=ROOT_OTHER)
    told.tell(VIOLENT, 3.0, incident=0, root=ROOT_LOCAL)  # no act of a state
    found = told.counted()
    assert {k: v for k, v in found.items() if k.startswith("bar_") and v} == {
        "bar_minus_one": 2, "bar_minus_six": 1, "bar_plus_six": 1, "bar_zero": 1}  # fmt: skip
    assert {k: v for k, v in found.items() if k.startswith("hostility_") and v} == {
        "hostility_none": 2, "hostility_force": 2}  # fmt: skip


def test_the_first_crisis_has_a_root_and_channels() -> None:
    told = Told()
    row = told.tell(OTHER_FORCE, 1.0, root=ROOT_OTHER, issue=OTHER, answered=0)
    told.log[row]["channels"] = 1
    row = told.tell(ARMY_DISPLAY, 4.0, answered=0)
    told.log[row]["channels"] = 0
    told.tell(ARMY_FORCE, 4.1, answered=0)
    found = told.counted()
    assert found["first_crisis_root"] == ROOT_OTHER
    assert (found["crises_heard"], found["crises_with_channels"]) == (2, 1)


def test_what_states_build_is_counted() -> None:
    told = Told()
    for act in (BODY_FOUNDED, DEMARCATED, DEMARCATED, REINED_IN):
        told.tell(act, 1.0)
    found = told.counted()
    built = [found[k] for k in ("bodies_founded", "borders_marked", "towns_reined_in")]
    assert built == [1, 2, 1]


def test_disputes_over_a_resource_end_after_five_years_and_turn_military_once() -> None:
    """V5: two disputes, one of which reached a threat of force."""
    told = Told()
    for act, time in ((NOTE, 1.0), (THREAT, 2.0), (ARMY_DISPLAY, 3.0), (NOTE, 9.0)):
        told.tell(act, time, answered=0)
    found = told.counted()
    assert (found["resource_disputes"], found["militarized_resource_disputes"]) == (2, 1)


def test_scales_count_interstate_events_on_the_resource_as_such_and_as_reported() -> None:
    told = Told()
    told.tell(TALKS, 1.0)
    told.tell(NEUTRAL, 1.0)
    told.tell(NOTE, 1.0, answered=0, reported=0)
    told.tell(ARMY_FORCE, 2.0, answered=0)
    told.tell(COMPLAINT, 2.0, incident=0, root=ROOT_LOCAL)  # municipal: no interstate event
    found = told.counted()
    assert (found["cooperative"], found["neutral"], found["conflictive"]) == (1, 1, 2)
    assert (found["conflictive_reported"], found["verbal"], found["severe"]) == (1, 0, 1)
    assert (found["events"], found["complaints"]) == (5, 1)


def test_an_empty_log_counts_nothing() -> None:
    found = Told().counted()
    times = {"first_resource_crisis", "first_crisis"}
    assert all(math.isnan(found[key]) for key in times)
    assert all(value == 0 for key, value in found.items() if key not in times)


# ── series ──────────────────────────────────────────────────────────────────────────────────────


def recorded(here: World, now: float = 1.0) -> tuple[dict[str, float], np.ndarray, np.ndarray]:
    """One point of every series, and the highest rungs of the quarter."""
    topology, state, _, _ = here.by_reference
    out = np.zeros(len(KEYS))
    dyads = np.zeros(here.topology.dyad.key.size)
    pairs = np.zeros(here.topology.pair.key.size)
    record(topology, state, now, out, dyads, pairs)
    return dict(zip(KEYS, out.tolist(), strict=True)), dyads, pairs


def test_means_over_people_weigh_by_their_number() -> None:
    here = world()
    group, size = here.state.group, here.topology.group.size
    nation = here.topology.municipality.nation[here.topology.group.municipality]
    group.grievance[:] = np.linspace(0.0, 1.0, size.size)
    group.livelihood[:] = np.where(nation == 0, 0.9, 0.6)
    here.state.municipality.service[:] = np.linspace(0.2, 0.8, 12)
    found, _, _ = recorded(here)
    assert found["grievance"] == pytest.approx(np.average(group.grievance, weights=size))
    assert found["worst_livelihood"] == pytest.approx(0.6)
    assert found["livelihood_gap"] == pytest.approx(0.3)
    service = here.state.municipality.service[here.topology.group.municipality]
    assert found["service"] == pytest.approx(np.average(service, weights=size))


def test_rungs_are_the_highest_of_the_quarter_and_the_next_quarter_starts_from_today() -> None:
    here = world()
    link, pair, track = here.state.dyad, here.state.pair, here.state.track
    dyads = link.rung.size
    link.peak[:4], link.rung[0], pair.peak[0], track.level[0, 1] = 4, 2, 5, 3
    found, highest, nations = recorded(here)
    assert found["local_rung"] == pytest.approx(16.0 / dyads)
    assert found["violent_dyads"] == pytest.approx(4.0 / dyads)
    assert (found["local_rung_max"], found["interstate_rung"]) == (4.0, 5.0)
    assert highest.tolist() == [4.0] * 4 + [0.0] * (dyads - 4)
    assert nations.tolist() == [5.0]
    assert link.peak.tolist() == [2] + [0] * (dyads - 1)
    assert pair.peak.tolist() == [3]


def test_the_spin_up_leaves_no_maxima_behind() -> None:
    here = world()
    here.state.dyad.peak[:], here.state.pair.peak[:] = 4, 5
    new_maxima(here.by_reference[1])
    assert not here.state.dyad.peak.any()
    assert not here.state.pair.peak.any()


def test_links_nations_and_resources_are_plain_means() -> None:
    here = world()
    state = here.state
    state.dyad.trust_first[:], state.dyad.trust_second[:] = 0.2, 0.6
    state.pair.tension_first[:], state.pair.tension_second[:] = 1.0, 2.0
    state.pair.closed_until[:], state.accord.strength[:] = 1.5, 0.25
    state.track.open[0] = (1, 1, 0, 0, 1)  # another issue is no dispute over a resource
    unit = here.topology.unit
    state.climate.fair[:] = 0.5
    state.unit.stock[:] = 0.8 * unit.capacity
    found, _, _ = recorded(here)
    assert found["trust"] == pytest.approx(0.4)
    assert found["tension"] == pytest.approx(1.5)
    assert found["border_closed"] == 1.0
    assert found["strength"] == pytest.approx(0.25)
    assert found["open_disputes"] == 2.0
    health = np.where(unit.kind == RIVER, 0.5, 0.8)
    assert found["resource_health"] == pytest.approx(health.mean())
    assert recorded(here, now=1.5)[0]["border_closed"] == 0.0


def test_every_declared_series_lies_in_its_range_at_the_start() -> None:
    found, _, _ = recorded(world())
    for series in SERIES:
        assert series.lo <= found[series.key] <= series.hi, series.key
