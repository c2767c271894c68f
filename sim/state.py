"""The state: everything that changes within a history, as NamedTuples of arrays.

Each field declares its axes, unit, range, start value and meaning once (`Field`); allocation, range
tests and the documentation read the declarations. Channels: see `sim.channels`. Axes as in
`sim.topology`, plus k mechanisms and i issues (river, aquifer, fishery, other). Times are years
since the start (spin-up: negative).
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from sim.accord import NEVER, Accord
from sim.channels import Channels
from sim.declare import Field
from sim.topology import ISSUES, Topology

Array = NDArray[Any]
F, INF = Field, float("inf")


class Climate(NamedTuple):
    """Weather of a resource system."""

    anomaly: Annotated[Array, F("b", "log", -4, 4, 0, "log inflow anomaly")]
    level: Annotated[Array, F("b", "share", -0.9, 2, 0, "level shift of mean inflow")]
    drought: Annotated[Array, F("b", "share", 0, 0.9, 0, "inflow lost to the drought under way")]
    drought_left: Annotated[Array, F("b", "years", 0, INF, 0, "time the drought still lasts")]
    factor: Annotated[Array, F("b", "ratio", 0, INF, 1, "inflow now over annual mean")]
    season_now: Annotated[Array, F("b", "ratio", 0, INF, 1, "mean inflow of the month over annual")]
    need: Annotated[Array, F("b", "ratio", 0, INF, 1, "need now over annual mean")]
    dryness: Annotated[Array, F("b", "share", 0, 1, 0, "felt shortfall of inflow for the season")]
    heat_severity: Annotated[Array, F("b", "share", 0, 1, 0, "severity of the heat wave under way")]
    heat_left: Annotated[Array, F("b", "years", 0, INF, 0, "time it still lasts")]
    heat: Annotated[Array, F("b", "share", 0, 1, 0, "heat of this tick, mean")]
    storm: Annotated[Array, F("b", "share", 0, 1, 0, "severity of this tick's storm")]
    record_year: Annotated[Array, F("b", "years", 0, INF, 0, "year of the record at the start")]
    supply: Annotated[Array, F("b", "quantity/year", 0, INF, 0, "sustainable supply, smoothed")]
    demand: Annotated[Array, F("b", "quantity/year", 0, INF, 0, "need, smoothed")]
    fair: Annotated[Array, F("b", "share", 0, 1, 1, "fair share: supply over need, at most 1")]


class Resource(NamedTuple):
    """Stocks and flows of resource units; quantities per tick unless said otherwise."""

    stock: Annotated[Array, F("u", "quantity", 0, INF, 0, "stock")]
    reserved: Annotated[Array, F("u", "quantity", 0, INF, 0, "stock that cannot be withdrawn")]
    arriving: Annotated[Array, F("u", "quantity", 0, INF, 0, "came from upstream this tick")]
    gained: Annotated[Array, F("u", "quantity", 0, INF, 0, "inflow, recharge or regrowth")]
    available: Annotated[Array, F("u", "quantity", 0, INF, 0, "what can be taken this tick")]
    ease: Annotated[Array, F("u", "ratio", 0, 2, 1, "take per effort against the reference")]
    intended: Annotated[Array, F("u", "quantity", 0, INF, 0, "sum of intended takes")]
    ration: Annotated[Array, F("u", "share", 0, 1, 1, "share of intended takes that is there")]
    taken: Annotated[Array, F("u", "quantity", 0, INF, 0, "sum of takes")]
    left: Annotated[Array, F("u", "quantity", 0, INF, 0, "left the region, whole history")]
    added: Annotated[Array, F("u", "quantity", 0, INF, 0, "gained, whole history")]
    used: Annotated[Array, F("u", "quantity", 0, INF, 0, "taken and not returned, whole history")]
    flood: Annotated[Array, F("u", "share", 0, 1, 0, "severity of this tick's flood")]
    eroded: Annotated[Array, F("u", "share", 0, 1, 0, "riverside land lost to floods")]
    spill: Annotated[Array, F("u", "index", 0, INF, 0, "severity of this tick's accident")]
    pollution: Annotated[Array, F("u", "index", 0, INF, 0, "pollution; 1 halves the use")]
    salinity: Annotated[Array, F("u", "index", 0, INF, 0, "salt; 1 halves the use")]
    sediment: Annotated[Array, F("u", "index", 0, INF, 0, "sediment; 1 halves the use")]
    usable: Annotated[Array, F("u", "share", 0, 1, 1, "use that quality leaves, smoothed")]
    carried: Annotated[Array, F("u", "index", 0, INF, 0, "pollution that came from upstream")]
    fouled: Annotated[Array, F("u", "share", 0, 1, 0, "use lost to that, smoothed")]
    disputed: Annotated[Array, F("u", "share", 0, 1, 0, "its border stretch not demarcated")]
    projected: Annotated[Array, F("u", "share", 0, 1, 1, "health that a plan counts on")]
    watched: Annotated[Array, F("u", "years", 0, INF, 0, "years before the start that it rests on")]


class People(NamedTuple):
    """User groups."""

    cooperation: Annotated[Array, F("g", "share", 0, 1, 0.5, "conditional cooperation")]
    need: Annotated[Array, F("g", "quantity", 0, INF, 0, "need this tick")]
    intended: Annotated[Array, F("g", "quantity", 0, INF, 0, "take intended this tick")]
    take: Annotated[Array, F("g", "quantity", 0, INF, 0, "taken this tick")]
    need_felt: Annotated[Array, F("g", "quantity/year", 0, INF, 0, "need, smoothed")]
    take_felt: Annotated[Array, F("g", "quantity/year", 0, INF, 0, "take, smoothed")]
    loss: Annotated[Array, F("g", "share", 0, 1, 0, "livelihood lost to hazards, unrecovered")]
    livelihood: Annotated[Array, F("g", "share", 0, 1, 1, "livelihood attained, 1: full")]
    expectation: Annotated[Array, F("g", "share", 0, 1.5, 1, "livelihood expected")]
    grievance: Annotated[Array, F("g", "share", 0, 1, 0, "grievance G = H (1 - L)")]
    identity: Annotated[Array, F("g", "share", 0, 1, 0.2, "shared identity with the other side")]
    blame: Annotated[Array, F("g", "share", 0, 1, 0, "share of grievance blamed on the other side")]
    mobilised: Annotated[Array, F("g", "share", 0, 1, 0, "share of members ready to act")]
    displaced: Annotated[Array, F("g", "share", 0, 1, 0, "share of members who had to leave")]
    heard: Annotated[Array, F("g", "share", 0, 1, 0, "effective voice")]
    aid: Annotated[Array, F("g", "share", 0, 1, 0, "livelihood that a floor makes up for")]


class Town(NamedTuple):
    """Municipalities."""

    satisfaction: Annotated[Array, F("m", "ratio", 0, 2, 1, "take over need, mean over people")]
    seen: Annotated[Array, F("m", "ratio", 0, 5, 0, "wrong done by the other side, as seen")]
    expansion: Annotated[Array, F("m", "ratio", 1, 1.6, 1, "use of water grown by completed works")]
    phase: Annotated[Array, F("m", "share", 0, 1, 0, "share of the term run at time 0")]
    capacity: Annotated[Array, F("m", "share", 0, 1, 0.5, "administrative capacity")]
    commitment: Annotated[Array, F("m", "share", 0, 1, 0.5, "will to pay for cooperation")]
    legitimacy: Annotated[Array, F("m", "share", 0, 1, 0.6, "perceived legitimacy")]
    infrastructure: Annotated[Array, F("m", "share", 0, 1, 0.8, "condition of works")]
    damage: Annotated[Array, F("m", "share", 0, 1, 0, "damage not yet repaired")]
    service: Annotated[Array, F("m", "share", 0, 1, 0.8, "service continuity")]
    reserves: Annotated[Array, F("m", "million dollars", 0, INF, 0, "reserves")]
    cost: Annotated[Array, F("m", "million dollars/year", 0, INF, 0, "asked by agreements")]
    funding: Annotated[Array, F("m", "share", 0, 1, 1, "share of that which is paid")]
    spent: Annotated[Array, F("m", "million dollars", 0, INF, 0, "spent on agreements since start")]
    losses: Annotated[Array, F("m", "million dollars", 0, INF, 0, "hazard losses since start")]
    storm_losses: Annotated[Array, F("m", "million dollars", 0, INF, 0, "of these by storms")]
    heat_losses: Annotated[Array, F("m", "million dollars", 0, INF, 0, "of these by heat waves")]
    complaint: Annotated[Array, F("m", "share", 0, 1, 0, "blamed grievance, by voice")]
    pressure: Annotated[Array, F("m", "share", 0, 1, 0, "mobilised blamed people")]
    heat: Annotated[Array, F("m", "share", 0, 1, 0, "recent local hostility around it")]
    lived_water: Annotated[Array, F("m", "share", 0, 1, 0, "worst shortage remembered")]
    lived_hazard: Annotated[Array, F("m", "share", 0, 1, 0, "worst damage remembered")]
    lived_conflict: Annotated[Array, F("m", "share", 0, 1, 0, "worst hostility remembered")]
    lived_livelihood: Annotated[Array, F("m", "share", 0, 1, 0, "worst loss of living remembered")]
    lived_money: Annotated[Array, F("m", "share", 0, 1, 0, "worst want of money remembered")]
    spoiled: Annotated[Array, F("m", "share", 0, 1, 0, "strength of spoilers around it")]
    setup: Annotated[Array, F("m", "million dollars/year", 0, INF, 0, "set-up part of the cost")]
    aid: Annotated[Array, F("m", "million dollars/year", 0, INF, 0, "cost that others pay for it")]
    received: Annotated[Array, F("m", "million dollars/year", 0, INF, 0, "paid by downstream")]
    spent_setup: Annotated[Array, F("m", "million dollars", 0, INF, 0, "of spent: set-up")]
    matched_money: Annotated[Array, F("m", "million dollars", 0, INF, 0, "paid by others")]
    leaked_money: Annotated[Array, F("m", "million dollars", 0, INF, 0, "leaked since the start")]
    storm: Annotated[Array, F("m", "share", 0, 1, 0, "severity of this tick's storm")]
    heat_wave: Annotated[Array, F("m", "share", 0, 1, 0, "heat this tick, severity x weeks")]
    exposure: Annotated[Array, F("m", "share", 0, 1, 0.2, "share that a flood can reach")]
    leaked: Annotated[Array, F("m", "share", 0, 1, 0, "agreements' money that leaks, smoothed")]
    income: Annotated[Array, F("m", "million dollars/year", 0, INF, 0, "revenue of this tick")]
    upkeep: Annotated[Array, F("m", "share", 0, 1, 1, "share of upkeep that is paid")]
    closed: Annotated[Array, F("m", "share", 0, 1, 0, "dealings behind a closed border")]
    flight: Annotated[Array, F("m", "1/year", 0, INF, 0, "flight from violence nearby")]
    hosted: Annotated[Array, F("m", "ratio", 0, INF, 0, "displaced people per inhabitant")]


class Link(NamedTuple):
    """Dyads: the local ladder, its incident and its dispute."""

    trust_first: Annotated[Array, F("d", "share", 0, 1, 0.5, "trust of side a in side b")]
    trust_second: Annotated[Array, F("d", "share", 0, 1, 0.5, "trust of side b in side a")]
    seen_first: Annotated[Array, F("d", "ratio", 0, 5, 0, "wrong done by b as a sees it")]
    seen_second: Annotated[Array, F("d", "ratio", 0, 5, 0, "wrong done by a as b sees it")]
    onset: Annotated[Array, F("d", "1/year", 0, INF, 0, "hazard of a first act")]
    calm: Annotated[Array, F("d", "1/year", 0, INF, 0, "the part of onset that is accidental")]
    anger: Annotated[Array, F("d", "share", 0, 2, 0, "mobilised pressure of both sides")]
    rung: Annotated[Array, F("d", "rung", 0, 4, 0, "local rung", "i1")]
    peak: Annotated[Array, F("d", "rung", 0, 4, 0, "highest rung since last recorded", "i1")]
    top: Annotated[Array, F("d", "rung", 0, 4, 0, "highest rung since the start", "i1")]
    last_act: Annotated[Array, F("d", "years", -INF, INF, NEVER, "time of the last act")]
    incident: Annotated[Array, F("d", "index", -1, INF, -1, "open incident", "i4")]
    event: Annotated[Array, F("d", "index", -1, INF, -1, "last act of the incident", "i4")]
    dispute: Annotated[Array, F("d", "flag", 0, 1, 0, "a local dispute is open", "i1")]
    caseload: Annotated[Array, F("d", "cases", 0, INF, 0, "incidents not settled")]
    project: Annotated[Array, F("d", "phase", 0, 2, 0, "0 none, 1 side a building, 2 side b", "i1")]
    works: Annotated[Array, F("d", "kind", 0, 5, 0, "0 none dam diversion road camera fence", "i1")]
    objected: Annotated[Array, F("d", "flag", 0, 1, 0, "the other side has objected to them", "i1")]
    project_event: Annotated[Array, F("d", "index", -1, INF, -1, "its announcement", "i4")]
    heat: Annotated[Array, F("d", "share", 0, 1, 0, "recent hostility, fading over weeks")]
    spoiler: Annotated[Array, F("d", "share", 0, 1, 0, "strength of those who profit from closure")]
    signed: Annotated[Array, F("d", "count", 0, INF, 0, "agreements signed")]
    lapsed: Annotated[Array, F("d", "count", 0, INF, 0, "agreements lapsed")]
    first_signed: Annotated[Array, F("d", "years", 0, INF, INF, "time of the first signature")]
    faced_elections: Annotated[Array, F("d", "count", 0, INF, 0, "agreements met by elections")]
    lost_elections: Annotated[Array, F("d", "count", 0, INF, 0, "of them lapsed within a year")]
    faced_crises: Annotated[Array, F("d", "count", 0, INF, 0, "agreements suspended in crises")]
    lost_crises: Annotated[Array, F("d", "count", 0, INF, 0, "of them lapsed within a year")]


class Government(NamedTuple):
    """Nations."""

    phase: Annotated[Array, F("n", "share", 0, 1, 0, "share of the term run at time 0")]
    hawkishness: Annotated[Array, F("n", "share", 0, 1, 0.5, "hawkishness")]
    approval: Annotated[Array, F("n", "share", 0, 1, 0.5, "approval of the government")]
    rhetoric: Annotated[Array, F("n", "share", 0, 1, 0, "recent hostile public talk")]
    spoken: Annotated[Array, F("n", "share", 0, INF, 0, "hostile talk of this tick")]
    lost: Annotated[Array, F("n", "share", 0, INF, 0, "approval lost in this tick")]


class Relation(NamedTuple):
    """Pairs of nations; first and second as in the topology."""

    rivalry: Annotated[Array, F("p", "ratio", 0, 20, 1, "level of other-issue quarrel")]
    memory: Annotated[Array, F("p", "share", 0, 1, 0, "hazard memory, reset to 1 at onset")]
    tension_first: Annotated[Array, F("p", "level", 0, 10, 0.5, "hostility of first to second")]
    tension_second: Annotated[Array, F("p", "level", 0, 10, 0.5, "hostility of second to first")]
    impulse_first: Annotated[Array, F("p", "level", -INF, INF, 0, "hostility received by first")]
    impulse_second: Annotated[Array, F("p", "level", -INF, INF, 0, "hostility received by second")]
    shock: Annotated[Array, F("p", "acts", 0, INF, 0, "severity of this tick's acts")]
    attention: Annotated[Array, F("p", "share", 0, 1, 0, "public attention to the border")]
    hostile_talk: Annotated[Array, F("p", "events", 0, INF, 0, "pending echoes of hostile talk")]
    friendly_talk: Annotated[Array, F("p", "events", 0, INF, 0, "pending echoes of friendly talk")]
    scarcity: Annotated[Array, F("p", "share", 0, 1, 0, "shortage in contested systems")]
    undemarcated: Annotated[Array, F(
        "p", "share", 0, 1, 0, "part of its contested land that is not demarcated")]
    closed_until: Annotated[Array, F("p", "years", -INF, INF, NEVER, "border closed until then")]
    silent_until: Annotated[Array, F("p", "years", -INF, INF, NEVER, "channels closed until then")]
    closed_weeks: Annotated[Array, F("p", "weeks", 0, INF, 0, "weeks closed since the start")]
    last_militarized: Annotated[Array, F("p", "years", -INF, INF, NEVER, "last militarized act")]
    earlier: Annotated[Array, F("p", "years", -INF, 0, NEVER, "last one before the start")]
    liaison: Annotated[Array, F("p", "share", 0, 1, 0, "declared liaison of capitals and guards")]
    body_monitoring: Annotated[Array, F("pi", "share", 0, 1, 0, "a joint body monitors")]
    body_resolution: Annotated[Array, F("pi", "share", 0, 1, 0, "it resolves disputes")]
    body_enforcement: Annotated[Array, F("pi", "share", 0, 1, 0, "it enforces")]
    friction: Annotated[Array, F("p", "acts", 0, INF, 0, "recent claims, protests and talks")]
    backlash_until: Annotated[Array, F(
        "p", "years", -INF, INF, NEVER, "a capital suspends what towns agreed until then")]
    peak: Annotated[Array, F("p", "rung", 0, 5, 0, "highest rung since last recorded", "i1")]


class Track(NamedTuple):
    """Interstate disputes: one per pair of nations and issue."""

    open: Annotated[Array, F("pi", "flag", 0, 1, 0, "a dispute is open", "i1")]
    level: Annotated[Array, F("pi", "rung", 0, 5, 0, "interstate rung", "i1")]
    root: Annotated[Array, F("pi", "root", 0, 3, 0, "root by the cause pointers", "i1")]
    actor: Annotated[Array, F("pi", "side", 0, 1, 0, "side of the last act", "i1")]
    answered: Annotated[Array, F("pi", "flag", 0, 1, 0, "the last act was answered", "i1")]
    answer_due: Annotated[Array, F("pi", "years", -INF, INF, INF, "when the answer comes")]
    event: Annotated[Array, F("pi", "index", -1, INF, -1, "last act", "i4")]
    incident: Annotated[Array, F(
        "pi", "index", -1, INF, -1, "local incident it descends from", "i4")]
    last_act: Annotated[Array, F("pi", "years", -INF, INF, NEVER, "time of the last act")]
    scarcity: Annotated[Array, F("pi", "share", 0, 1, 0, "shortage in shared systems of its kind")]
    attempts: Annotated[Array, F("pi", "count", 0, INF, 0, "settlement attempts", "i4")]
    relapse: Annotated[Array, F("pi", "years", -INF, INF, INF, "when a settlement is broken")]
    settled: Annotated[Array, F("pi", "index", -1, INF, -1, "its settlement event", "i4")]


class State(NamedTuple):
    """The whole state of one history."""

    climate: Climate
    unit: Resource
    group: People
    municipality: Town
    dyad: Link
    accord: Accord
    nation: Government
    pair: Relation
    track: Track
    channel: Channels
    tally: Array  # [16] int64 counters of the run, see sim.events


PARTS = (Climate, Resource, People, Town, Link, Accord, Government, Relation, Track, Channels)


@cache  # every history starts from them, and reading annotations takes longer than a year of it
def fields(part: type) -> dict[str, Field]:
    """Declarations of one part of the state, in order."""
    hints = get_type_hints(part, include_extras=True)
    return {name: get_args(hint)[1] for name, hint in hints.items()}


def axes(topology: Topology, mechanisms: int) -> dict[str, int]:
    """Length of every axis letter."""
    return {
        "n": topology.nation.key.size, "p": topology.pair.key.size,
        "m": topology.municipality.key.size, "g": topology.group.key.size,
        "u": topology.unit.key.size, "b": topology.basin.key.size,
        "d": topology.dyad.key.size, "k": mechanisms, "i": len(ISSUES),
    }  # fmt: skip


def allocate(topology: Topology, mechanisms: int) -> State:
    """New state arrays for a region, every field at its declared start."""
    length = axes(topology, mechanisms)
    parts = []
    for part in PARTS:
        made = [
            np.full(tuple(length[a] for a in f.axes), f.start, dtype=f.dtype)
            for f in fields(part).values()
        ]
        parts.append(part(*made))
    return State._make((*parts, np.zeros(16, dtype=np.int64)))


def restart(state: State) -> None:
    """Put every array back to its declared start, in place (a state serves many runs)."""
    for part, values in zip(PARTS, state[: len(PARTS)], strict=True):
        for field, array in zip(fields(part).values(), values, strict=True):
            array[...] = field.start
    state.tally[...] = 0
