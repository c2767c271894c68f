"""Hold the twin beside the compiled model and name the first thing that differs.

`CompiledModel` steps the compiled loop tick by tick. `first_difference` walks all state fields in
the order in which the rules of a tick write them, so the field it names is the earliest in the
schedule and its rule is where to look.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from naive.model import NaiveModel
from sim.events import ACTS, EVENT, EVENTS, INCIDENTS, OVERFLOW
from sim.record import KEYS, STRIDE_WEEKS
from sim.scenario import Scenario, schedule
from sim.simulate import points_of, renew, run, workspace
from sim.state import PARTS, State, fields
from sim.units import ticks_in

# Stage, rule and the fields that the rule is the last to write, in the order of the schedule.
WRITTEN_BY: tuple[tuple[str, str, str, str], ...] = (
    ("start", "start.begin", "climate", "record_year"),
    ("start", "start.begin", "pair", "rivalry"),
    ("start", "start.begin", "municipality", "phase"),
    ("start", "start.begin", "nation", "phase"),
    ("start", "start.begin", "pair", "liaison earlier"),
    ("start", "agreement_money.draw_spoilers", "dyad", "spoiler"),
    ("start", "agreement_money.draw_spoilers", "municipality", "spoiled"),
    ("0 channels", "mechanisms.compose", "channel", (
        "stock_error take_error warning_weeks access_rule settlement complaint_ease crews "
        "recovery contact hope trust_gain restraint misreading hand_over open_channels weakness "
        "training detection vigilance recharge sediment pollution regrowth demand ageing "
        "upkeep_cost hostage displacing pooled matched tied leakage audit learning rumour "
        "inclusion slowness floor cover displacement draw outside portable backup diffuse legal "
        "anchoring lock_in")),
    ("1 hazards", "weather.anomaly", "climate", "anomaly level"),
    ("1 hazards", "drought", "climate", "drought drought_left"),
    ("1 hazards", "weather.inflow_factor", "climate", "factor season_now need dryness"),
    ("1 hazards", "erosion", "unit", "eroded"),
    ("1 hazards", "quality.accidents", "unit", "spill"),
    ("1 hazards", "heat_wave", "climate", "heat_severity heat_left heat"),
    ("1 hazards", "storm", "climate", "storm"),
    ("1 hazards", "flood", "unit", "flood"),
    ("1 hazards", "unilateral_project", "dyad", "project works objected project_event"),
    ("1 hazards", "unilateral_project", "municipality", "expansion"),
    ("2 stocks", "resources.replenish", "unit", "gained added ease"),
    ("2 stocks", "abstraction.needs", "group", "need"),
    ("2 stocks", "resources.fair_share", "climate", "supply demand fair"),
    ("3 use", "perception", "dyad", "seen_first seen_second"),
    ("3 use", "perception", "municipality", "seen"),
    ("3 use", "abstraction.cooperate", "group", "cooperation"),
    ("3 use", "abstraction.intentions", "group", "intended"),
    ("3 use", "routing", "unit", (
        "available intended ration taken stock reserved used arriving left pollution salinity "
        "sediment carried")),
    ("3 use", "quality.usability", "unit", "usable fouled"),
    ("3 use", "routing", "group", "take"),
    ("3 feel", "livelihood.smooth", "group", "need_felt take_felt"),
    ("3 feel", "livelihood.satisfaction", "municipality", "satisfaction"),
    ("3 feel", "displacement.felt_border", "municipality", "closed flight"),
    ("3 feel", "livelihood", "group", "livelihood aid"),
    ("3 feel", "voice", "group", "heard"),
    ("3 feel", "relative_deprivation", "group", "grievance expectation"),
    ("3 feel", "identity", "group", "identity"),
    ("3 feel", "blame", "group", "blame"),
    ("3 feel", "mobilisation.mobilise", "group", "mobilised"),
    ("3 feel", "mobilisation.public_anger", "municipality", "complaint pressure"),
    ("1 hazards", "storm, heat_wave", "municipality", "storm heat_wave"),
    ("4 towns", "hazard_response, exposure", "municipality", (
        "losses storm_losses heat_losses exposure")),
    ("4 towns", "displacement.displace", "group", "displaced"),
    ("4 towns", "displacement.hosted", "municipality", "hosted"),
    ("4 towns", "municipal_budget", "municipality", "income upkeep"),
    ("4 towns", "livelihood.recover, hazard_response.livelihood_loss", "group", "loss"),
    ("4 towns", "hazard_response.works", "municipality", "capacity damage infrastructure service"),
    ("4 towns", "municipal_politics", "municipality", "legitimacy commitment"),
    ("4 towns", "lived", "municipality", (
        "lived_water lived_hazard lived_conflict lived_livelihood lived_money")),
    ("4 towns", "renewal.mark_elections", "dyad", "faced_elections"),
    ("4 towns", "review", "accord", "delivered fit"),
    ("4 towns", "negotiation, renewal", "accord", (
        "milestone due share missed basis election_at")),
    ("4 towns", "renewal", "dyad", "signed first_signed lapsed lost_elections lost_crises"),
    ("4 towns", "agreements.operate", "accord", "intensity phase maturity crisis_at"),
    ("4 towns", "agreements.note_suspensions", "dyad", "faced_crises"),
    ("4 towns", "agreement_money.charge", "municipality", "cost setup aid"),
    ("4 towns", "agreement_money.finance", "municipality", (
        "funding spent spent_setup matched_money leaked_money reserves")),
    ("4 towns", "agreement_money.pass_on", "municipality", "received"),
    ("4 towns", "agreement_money.leaks", "municipality", "leaked"),
    ("4 towns", "agreements.strengths", "accord", "strength"),
    ("5 dyads", "trust.heat_of_towns", "municipality", "heat"),
    ("5 dyads", "local_onset", "dyad", "anger calm onset"),
    ("5 dyads", "local_ladder", "dyad", (
        "rung peak top last_act incident event caseload heat")),
    ("5 dyads", "trust", "dyad", "trust_first trust_second dispute"),
    ("6 nations", "interstate_scarcity", "pair", "scarcity undemarcated"),
    ("6 nations", "interstate_scarcity", "track", "scarcity"),
    ("6 nations", "background_quarrel, state_act", "pair", (
        "memory last_militarized closed_until silent_until")),
    ("6 nations", "interstate_ladder, interstate_settlement", "track", (
        "open level root actor answered answer_due event incident last_act attempts relapse "
        "settled")),
    ("6 nations", "interstate_bodies", "pair", (
        "body_monitoring body_resolution body_enforcement friction")),
    ("6 nations", "demarcation", "unit", "disputed"),
    ("6 nations", "paradiplomacy", "pair", "backlash_until"),
    ("6 nations", "talk", "pair", "hostile_talk friendly_talk"),
    ("6 nations", "public_opinion.attention", "pair", "shock attention"),
    ("6 nations", "tension", "pair", "tension_first tension_second impulse_first impulse_second"),
    ("6 nations", "public_opinion", "nation", (
        "approval lost rhetoric spoken hawkishness")),
    ("7 record", "record", "pair", "closed_weeks peak"),
    ("7 record", "record.look_back", "unit", "projected watched"),
)  # fmt: skip
AGENTS = {
    "b": "basins", "u": "units", "g": "groups", "m": "municipalities", "d": "dyads",
    "kd": "agreements", "n": "nations", "p": "pairs", "pi": "disputes",
}  # fmt: skip


class Difference(NamedTuple):
    """The first value in which the two models differ."""

    tick: int
    stage: str
    rule: str
    field: str
    entity: str
    compiled: Any
    naive: Any

    def __str__(self) -> str:
        return (
            f"first divergence at tick {self.tick}, stage {self.stage}, rule {self.rule}: "
            f"{self.field} of {self.entity} is {self.compiled!r} compiled "
            f"and {self.naive!r} in the twin"
        )


class CompiledModel:
    """The compiled model, tick by tick, from before the spin-up."""

    def __init__(self, scenario: Scenario) -> None:
        topology = scenario.region.topology
        self.scenario = scenario
        self.tick = -ticks_in(scenario.spinup_years, scenario.tick_weeks)
        self.space = workspace(topology, scenario.years)
        self.state = self.space.state
        points = points_of(scenario)
        self.series = np.zeros((points, len(KEYS)))
        self.dyad_peaks = np.zeros((points, topology.dyad.key.size))
        self.pair_peaks = np.zeros((points, topology.pair.key.size))
        self.plan = schedule(scenario)
        renew(scenario, self.space)
        self._run(0, fresh=True)

    def advance(self, ticks: int) -> None:
        """Several ticks in one call of the compiled loop."""
        self._run(ticks, fresh=False)
        self.tick += ticks

    def _run(self, ticks: int, *, fresh: bool) -> None:
        seed: Any = np.uint64(self.scenario.seed)
        paths = (self.series, self.dyad_peaks, self.pair_peaks)
        run(*self.space.references, self.plan, self.scenario.parameters, seed, self.tick,
            self.tick + ticks, self.scenario.tick_weeks, STRIDE_WEEKS, *paths, fresh)  # fmt: skip

    @property
    def events(self) -> np.ndarray:
        """The event log so far."""
        return self.space.log[: self.state.tally[EVENTS]]


def declared_fields() -> Iterator[tuple[str, str, str]]:
    """Part, field and axes of everything that the state declares."""
    for name, part in zip(State._fields, PARTS, strict=False):
        for field, declared in fields(part).items():
            yield name, field, declared.axes


AXES = {(part, field): axes for part, field, axes in declared_fields()}


def values_of(naive: NaiveModel, part: str, field: str) -> tuple[list[Any], list[Any]]:
    """A field of the twin over all its agents, and those agents."""
    agents = list(getattr(naive, AGENTS[AXES[part, field]]))
    owners = [agent.channel for agent in agents] if part == "channel" else agents
    return [getattr(owner, field) for owner in owners], agents


def differing(compiled: np.ndarray, naive: list[Any]) -> np.ndarray:
    """True where two fields differ in at least one bit."""
    values = np.asarray(naive, dtype=compiled.dtype)
    if compiled.dtype.kind == "f":
        return compiled.view(np.int64) != values.view(np.int64)
    return compiled != np.asarray(naive)


def first_difference(compiled: CompiledModel, naive: NaiveModel) -> Difference | None:
    """The first difference in state, acts, incidents or recorded series; None when equal."""
    tick = naive.tick - 1
    for stage, rule, part, names in WRITTEN_BY:
        for field in names.split():
            theirs = getattr(getattr(compiled.state, part), field).ravel()
            ours, agents = values_of(naive, part, field)
            wrong = np.flatnonzero(differing(theirs, ours))
            if wrong.size:
                k = int(wrong[0])
                name = agents[k].name
                return Difference(tick, stage, rule, field, name, theirs[k].item(), ours[k])
    return first_event_difference(compiled, naive) or first_series_difference(compiled, naive)


def first_event_difference(compiled: CompiledModel, naive: NaiveModel) -> Difference | None:
    """The first difference between the two event logs, with the act that it concerns."""
    tick, theirs, ours = naive.tick - 1, compiled.events, naive.log.events
    for row, (event, own) in enumerate(zip(theirs, ours, strict=False)):
        what = f"event {row} ({ACTS[int(event['act'])].name} in year {float(event['time']):.4f})"
        for field in EVENT.names or ():
            value = np.array(getattr(own, field)).astype(EVENT[field])
            if event[field].tobytes() != value.tobytes():
                found = event[field].item(), value.item()
                return Difference(tick, "log", "events.emit", field, what, *found)
    counts = {
        "number of events": (len(theirs), len(ours)),
        "number of incidents": (int(compiled.state.tally[INCIDENTS]), naive.log.incidents),
        "events lost": (int(compiled.state.tally[OVERFLOW]), 0),
    }
    for field, (number, own_number) in counts.items():
        if number != own_number:
            return Difference(tick, "log", "events.emit", field, "the log", number, own_number)
    return None


def first_series_difference(compiled: CompiledModel, naive: NaiveModel) -> Difference | None:
    """The first difference between the quarters recorded so far."""
    for point, own in enumerate(naive.series):
        recorded = dict(zip(KEYS, compiled.series[point].tolist(), strict=True))
        pairs: list[tuple[str, Any, Any]] = [(key, recorded[key], own[key]) for key in KEYS]
        pairs += [
            ("dyad peaks", compiled.dyad_peaks[point].tolist(), naive.dyad_peaks[point]),
            ("pair peaks", compiled.pair_peaks[point].tolist(), naive.pair_peaks[point]),
        ]
        for key, theirs, ours in pairs:
            if theirs != ours:
                where = f"quarter {point + 1}"
                return Difference(naive.tick - 1, "7 record", "record", key, where, theirs, ours)
    return None
