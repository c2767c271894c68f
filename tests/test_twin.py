"""The compiled model against its slow twin: the same bits in every field of the state.

The twin (tests/naive) states the rules as plain Mesa agents. Three regions, without mechanisms and
with all of them; every tick at first, then at the ends of quarters; and a violent variant in which
every rule of the twin is used. A difference is printed as tick, stage, rule, field and entity.
"""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest
from naive.compare import AXES, WRITTEN_BY, CompiledModel, Difference, first_difference
from naive.draws import Table
from naive.events import Event, Place
from naive.library import library_functions
from naive.model import NaiveModel
from naive.numbers import exp
from naive.stages import feel, local_ladder
from naive.stages.agreements import SUSPENDED

from experiments.regions import load_region
from sim.events import ACTS, CONDEMNATION, NOTE, TRACK_STEPS
from sim.mechanisms import NAMES
from sim.parameters import DECLARED
from sim.record import KEYS
from sim.region import Region
from sim.scenario import Scenario, scenario
from sim.simulate import simulate
from sim.topology import AQUIFER, FISHERY, LAND, RIVER
from sim.undone import MOST_UNDONE, REMOVABLE, undone_of
from sim.units import ticks_in

QUARTER = 13  # weeks
SPOKEN = (NOTE, CONDEMNATION)  # also said without any effect on a ladder
EVERY = dict.fromkeys(NAMES, 1.0)
ARMS = {
    "none": {}, "full": {"mechanisms": EVERY}, "negotiated": {"negotiated": EVERY}
}  # fmt: skip
REGIONS = ("fergana", "lower_colorado", "synthetic")
# Rates raised until every act that the model knows happens within a few years.
VIOLENT = {
    "project.rate": 0.6, "project.objection": 10.0, "project.dropped": 1.5, "project.years": 0.3,
    "drought.rate_factor": 3.0, "flood.rate_factor": 5.0, "quality.accident_factor": 5.0,
    "deprivation.gain": 10.0, "onset.complaint_rate": 200.0, "onset.accident_rate": 2.0,
    "ladder.guards": 1.0, "ladder.guards_fire": 0.4, "ladder.hand_over": 1.0,
    "quarrel.floor": 0.3, "answer.constant": 1.0, "interstate.claim_rate": 1.0,
    "interstate.up_1": 20.0, "interstate.up_2": 10.0, "interstate.up_4": 5.0,
    "interstate.down_rate": 3.0, "settlement.bilateral": 2.0, "settlement.kept": 0.2,
    "settlement.broken_years": 0.5, "settlement.renunciation": 2.0, "body.rate": 3.0,
    "demarcation.rate": 3.0, "demarcation.limit": 10.0, "paradiplomacy.rate": 5.0,
    "negotiation.propose_rate": 20.0,
    "negotiation.step_rate": 30.0, "negotiation.cooling_years": 0.3, "bargain.term_years": 1.0,
    "renewal.commitment": 0.5, "shock.rate": 0.5,
}  # fmt: skip


@cache
def region(name: str) -> Region:
    """A region of the test; the synthetic one has three nations and all four kinds of resource."""
    if name == "synthetic":
        return load_region(name, {"municipalities": 14, "nations": 3, "groups": 4, "land": True})
    return load_region(name)


def both(given: Scenario) -> tuple[CompiledModel, NaiveModel]:
    """The two models before their first tick."""
    return CompiledModel(given), NaiveModel(given)


def step_together(
    compiled: CompiledModel, naive: NaiveModel, until: int, every: int
) -> Difference | None:
    """Advance both to a tick, holding them together at the ends of every so many ticks."""
    found = first_difference(compiled, naive)
    while found is None and naive.tick < until:
        ticks = min(every - naive.tick % every, until - naive.tick)
        compiled.advance(ticks)
        naive.advance(ticks)
        found = first_difference(compiled, naive)
    return found


def test_the_three_regions_are_worth_the_comparison() -> None:
    nations = [region(name).topology.nation.key.size for name in REGIONS]
    assert max(nations) == 3
    assert set(region("synthetic").topology.unit.kind) == {RIVER, AQUIFER, FISHERY, LAND}
    assert (region("lower_colorado").topology.basin.record >= 0).any()


def test_every_field_of_the_state_is_compared() -> None:
    listed = [(part, name) for _, _, part, names in WRITTEN_BY for name in names.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == set(AXES), "name the field in WRITTEN_BY of tests/naive/compare.py"


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("name", REGIONS)
def test_the_state_is_equal_after_every_tick_from_the_spin_up_on(name: str, arm: str) -> None:
    given = scenario(region(name), **ARMS[arm], years=1, spinup_years=0.5, seed=0)
    compiled, naive = both(given)
    assert naive.tick == -26
    assert (found := step_together(compiled, naive, 26, every=1)) is None, str(found)


@pytest.mark.slow
@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("name", REGIONS)
def test_state_acts_and_series_are_equal_over_years(name: str, arm: str) -> None:
    given = scenario(region(name), **ARMS[arm], years=6, spinup_years=2, seed=7)
    compiled, naive = both(given)
    assert (found := step_together(compiled, naive, 6 * 52, QUARTER)) is None, str(found)
    assert len(naive.series) == 24
    assert len(naive.log.events) > 10


@cache
def violent_history(name: str, arm: str) -> tuple[Difference | None, CompiledModel, NaiveModel]:
    """A history in which everything happens, compared quarter by quarter."""
    given = scenario(
        region(name), **ARMS[arm], years=5, spinup_years=1, seed=3, parameters=VIOLENT
    )
    compiled, naive = both(given)
    return step_together(compiled, naive, 5 * 52, QUARTER), compiled, naive


@pytest.mark.slow
@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("name", REGIONS)
def test_a_violent_border_is_equal_too(name: str, arm: str) -> None:
    found, compiled, naive = violent_history(name, arm)
    assert found is None, str(found)
    assert naive.track_steps == compiled.state.tally[TRACK_STEPS] > 0


@pytest.mark.slow
def test_the_violent_histories_hold_every_act_that_a_rule_makes() -> None:
    histories = [violent_history(name, arm)[2] for name in REGIONS for arm in ARMS]
    made = {ACTS[event.act].name for naive in histories for event in naive.log.events}
    assert made == {act.name for act in ACTS} - {"strategic support"}  # a grade no rule makes
    phases = {agreement.phase for naive in histories for agreement in naive.agreements}
    assert SUSPENDED in phases
    settled = {event.settlement for naive in histories for event in naive.log.events}
    assert settled == {0, 1, 2, 3}


@pytest.mark.slow
@pytest.mark.parametrize("name", REGIONS)
def test_a_history_without_some_of_its_acts_is_equal_too(name: str) -> None:
    """Left out are the first acts of every kind that can be, of two years."""
    whole = violent_history(name, "full")[1].events
    kinds = sorted(REMOVABLE & set(whole["act"][whole["time"] < 2.0].tolist()))
    rows = [row for kind in kinds for row in np.flatnonzero(whole["act"] == kind)[:3].tolist()]
    undone = tuple(undone_of(whole[row]) for row in rows)
    assert 30 < len(undone) <= MOST_UNDONE
    given = scenario(
        region(name), **ARMS["full"], years=5, spinup_years=1, seed=3, parameters=VIOLENT
    )
    compiled, naive = both(given._replace(undone=undone))
    assert (found := step_together(compiled, naive, 2 * 52, QUARTER)) is None, str(found)
    assert not any(naive.log.leaves_out(event.time, event.act, place(event), event.issue)
                   for event in naive.log.events if event.act not in SPOKEN)  # fmt: skip
    assert len(naive.log.events) > 10
    assert compiled.events["time"].tolist() != whole["time"][: compiled.events.size].tolist()


def place(event: Event) -> Place:
    """Where an act happened."""
    return Place(event.dyad, event.pair, event.actor, event.target)


@pytest.mark.slow
@pytest.mark.parametrize("weeks", [0.5, 2.0])
def test_other_tick_lengths_named_dyads_and_the_rival_rule_are_equal(weeks: float) -> None:
    some = region("synthetic").dyad_names[::3]
    given = scenario(
        region("synthetic"), **ARMS["full"], from_years={"exchanges": 0.5}, years=1.5,
        dyads={"exchanges": some, "joint_infrastructure": some},
        spinup_years=0.5, tick_weeks=weeks, seed=2**63 - 1,
        parameters={
            **VIOLENT, "deprivation.absolute": 0.4, "weather.trend": -0.01, "onset.rival": 1.0,
            "tension.rival": 1.0, "quarrel.rival": 1.0,
        },
    )  # fmt: skip
    compiled, naive = both(given)
    last = ticks_in(1.5, weeks)
    assert (found := step_together(compiled, naive, last, every=last // 6)) is None, str(found)


@pytest.mark.slow
@pytest.mark.parametrize("draw", range(6))
def test_parameters_drawn_anywhere_within_their_bounds_are_equal(draw: int) -> None:
    numbers = random.Random(draw)
    parameters = {d.key: numbers.uniform(d.lo, d.hi) for d in DECLARED if numbers.random() < 0.5}
    given = scenario(
        region(REGIONS[draw % 3]), parameters=parameters, years=2, spinup_years=1, seed=draw,
        mechanisms={name: numbers.random() for name in NAMES[::2]},
        negotiated={name: numbers.random() for name in NAMES[1::2]},
    )  # fmt: skip
    compiled, naive = both(given)
    assert (found := step_together(compiled, naive, 2 * 52, QUARTER)) is None, str(found)


@pytest.mark.slow
def test_a_whole_history_of_the_ensemble_is_the_twins_history() -> None:
    given = scenario(region("fergana"), mechanisms={"mutual_aid": 0.5}, years=2, spinup_years=1)
    history, naive = simulate(given), NaiveModel(given)
    naive.spin_up()
    naive.advance(2 * 52)
    assert [event.time for event in naive.log.events] == history.events["time"].tolist()
    assert [event.cause for event in naive.log.events] == history.events["cause"].tolist()
    path = np.array([[point[key] for key in KEYS] for point in naive.series], dtype=np.float32)
    assert path.tobytes() == history.series.tobytes()
    assert naive.dyad_peaks == history.dyad_series.tolist()
    assert naive.pair_peaks == history.pair_series.tolist()


def test_a_prepared_table_gives_the_same_history_as_numbers_made_in_python() -> None:
    given = scenario(region("synthetic"), years=1, spinup_years=0.25, parameters=VIOLENT)
    table = Table(given.seed)
    rehearsal, prepared, plain = NaiveModel(given, table), None, NaiveModel(given)
    rehearsal.advance(30)
    made = table.made
    prepared = NaiveModel(given, table)
    prepared.advance(30)
    plain.advance(30)
    assert made == table.made > 0, "the rehearsal prepared every draw"
    for part in ("groups", "dyads", "pairs", "units"):
        for own, other in zip(getattr(prepared, part), getattr(plain, part), strict=True):
            keep = {k: v for k, v in vars(own).items() if isinstance(v, int | float | str)}
            assert keep == {k: v for k, v in vars(other).items() if k in keep}


def test_a_planted_divergence_is_named_by_tick_rule_and_entity(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compiled, naive = both(scenario(region("fergana"), years=1, spinup_years=0.25))
    assert step_together(compiled, naive, -5, every=1) is None
    victim = list(naive.groups)[4]
    rule = feel.blamed_share
    monkeypatch.setattr(
        feel, "blamed_share", lambda group: rule(group) + (1e-9 if group is victim else 0.0)
    )
    found = step_together(compiled, naive, 13, every=1)
    assert found is not None
    assert (found.tick, found.stage, found.rule) == (-5, "3 feel", "blame")
    assert (found.field, found.entity) == ("blame", victim.name)
    assert found.naive == victim.blame > found.compiled
    for told in ("tick -5", "stage 3 feel", "rule blame", victim.name, repr(found.naive)):
        assert told in str(found)


def test_a_changed_last_bit_is_a_divergence() -> None:
    compiled, naive = both(scenario(region("fergana"), years=1, spinup_years=0.25))
    pair = list(naive.pairs)[1]
    pair.memory = float(np.nextafter(pair.memory, 2.0))
    found = first_difference(compiled, naive)
    assert found is not None
    assert (found.rule, found.field, found.entity) == (
        "background_quarrel, state_act", "memory", pair.name,
    )  # fmt: skip


def test_a_wrong_cause_in_the_log_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = local_ladder.Origin
    monkeypatch.setattr(
        local_ladder, "Origin", lambda root, incident, cause: rule(root, incident, cause=cause - 1)
    )
    given = scenario(region("fergana"), years=1, spinup_years=0.25, parameters=VIOLENT)
    compiled, naive = both(given)
    found = step_together(compiled, naive, 52, every=QUARTER)
    assert found is not None
    assert (found.stage, found.field) == ("log", "cause")
    assert found.entity.startswith("event ")


def test_library_functions_replace_the_series_only_within_their_context() -> None:
    assert feel.exp is exp
    with library_functions():
        assert feel.exp is not exp
        assert feel.exp(1.0) == pytest.approx(exp(1.0), rel=1e-15)
    assert feel.exp is exp
