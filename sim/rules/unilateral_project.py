"""Unilateral works (dam, diversion, road, camera, fence) over a border stretch, and what they do.

    announcement ~ Poisson(rate disputed);  kind by what is contested (LIKELY), side by a coin
    while under way, competing risks:  completion 1 / years,
        objection o (once),  after it: giving up  g (0.5 + T)(1 + committee)
    completion   water works: builder's use of water x <- x (1 + expansion WATER[kind]), at most 1.5
                 works on the line: disputed <- disputed + (1 - disputed) line LINE[kind]

T: mean trust of the dyad; committee: 1 where there is capacity to settle disputes (channel). Works
raise what the builder wants of water, not of fish or pasture, and what it lives from: its people
want x times as much, and make of the same share of it x times the living (rules abstraction,
livelihood). So in shortage the builder gains at the cost of whoever shares the water; a builder
upstream takes it before the other side. The region declares needs and disputed stretches as they
are at the start, so works completed in the spin-up change nothing.
Announced works are an act of their own (BAR -3: unilateral works over protest), raise the onset
hazard while they go on, and are the cause that objections and later incidents of the dyad point to.
Source: rapid physical change is the best signal of conflict (Yoffe, Wolf & Giordano 2003); rates,
kinds and sizes, and that added use is worth as much as the use of before: assumption. Limits: no
works without a disputed stretch; works are never taken down; in plenty they add nothing to a living
that is full.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.events import OBJECTION, PROJECT, PROJECT_DONE, PROJECT_DROPPED, ROOT_LOCAL, emit
from sim.state import Link, Resource, Town
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import Topology
from sim.undone import NOT_DONE, is_undone
from sim.units import probability

PROJECT_KIND = int(Purpose.PROJECT_KIND)
WORKS = ("none", "dam", "diversion", "road", "camera", "fence")
# Shares of dam, diversion, road, camera, fence; rows: river, aquifer, fishery, pasture contested.
LIKELY = np.array([
    [0.25, 0.40, 0.15, 0.15, 0.05],
    [0.00, 0.60, 0.20, 0.10, 0.10],
    [0.00, 0.30, 0.20, 0.40, 0.10],
    [0.00, 0.10, 0.40, 0.15, 0.35],
])  # fmt: skip
WATER = np.array([0.0, 2.0, 1.0, 0.0, 0.0, 0.0])  # growth of use against a diversion's
LINE = np.array([0.0, 0.0, 0.0, 0.5, 0.2, 1.0])  # dispute over the line against a fence's


class ProjectParameters(NamedTuple):
    """Unilateral works."""

    rate: Annotated[float, Par(
        "1/year", 0, 1, "Works begun per dyad on a fully disputed stretch",
        "assumption: one in 17 years, as works wait for money; one stretch in 12 has some")] = 0.06
    years: Annotated[float, Par(
        "years", 0.1, 10, "Mean time to completion", "assumption: one to two years")] = 1.5
    expansion: Annotated[float, Par(
        "share", 0, 0.5,
        "Growth of the builder's use of water, in want and in living, by a diversion; by a dam "
        "twice that",
        "assumption: one user in 25; ten reach the most that a builder may add, a half")] = 0.04
    line: Annotated[float, Par(
        "share", 0, 1, "Part of an undisputed stretch that a fence makes disputed",
        "assumption: who builds on the line says where it runs; a road half of it")] = 0.1
    objection: Annotated[float, Par(
        "1/year", 0, 50, "Objections of the other side to works under way",
        "assumption: within a season")] = 4.0
    dropped: Annotated[float, Par(
        "1/year", 0, 10, "Rate at which works are given up after an objection, at middling trust",
        "assumption: one in eight; twice as many before a committee")] = 0.1


@scalar
def kind_of_works(v: float, issue: int) -> int:
    """Row of WORKS; v ~ U(0, 1)."""
    below = 0.0
    for k in range(LIKELY.shape[1]):
        below += LIKELY[issue, k]
        if v < below:
            return np.int64(k + 1)
    return np.int64(LIKELY.shape[1])


@scalar
def giving_up(trust: float, capacity: float, p: ProjectParameters) -> float:
    """Hazard that works objected to are given up, per year."""
    return p.dropped * (0.5 + trust) * (2.0 if capacity > 0.0 else 1.0)


@kernel
def complete(
    town: Town, resource: Resource, builder: int, u: int, works: int, p: ProjectParameters
) -> None:
    """What finished works change."""
    grown = town.expansion[builder] * (1.0 + p.expansion * WATER[works])
    town.expansion[builder] = min(grown, 1.5)
    resource.disputed[u] += (1.0 - resource.disputed[u]) * p.line * LINE[works]


@kernel
def begin_works(
    topology: Topology, link: Link, d: int, side: int, row: int, seed: int, tick: int
) -> None:
    """Works are under way; ``row``: the act that announced them, if it was done."""
    if row == NOT_DONE:
        return
    w, _ = pair_of_uniforms(seed, PROJECT_KIND, topology.dyad.key[d], tick, 0)
    link.project[d] = side
    link.works[d] = kind_of_works(w, topology.basin.kind[topology.dyad.basin[d]])
    link.project_event[d] = row


@kernel
def write_down(
    topology: Topology, link: Link, log_: np.ndarray, tally: np.ndarray, d: int, side: int,
    act: int, now: float,
) -> int:
    """Write an act of the builder, or of the side that objects, against the other."""
    a, b = np.int64(topology.dyad.first[d]), np.int64(topology.dyad.second[d])
    actor, target = (a, b) if side == 1 else (b, a)
    place = (d, np.int64(topology.dyad.pair[d]), actor, target)
    issue = topology.basin.kind[topology.dyad.basin[d]]
    if is_undone(log_, tally, now, act, place, issue):
        return NOT_DONE
    return emit(log_, tally, now, act, place, issue, link.project_event[d], (ROOT_LOCAL, -1))


@kernel
def end_works(link: Link, d: int) -> None:
    """Nothing is being built any more."""
    link.project[d] = 0
    link.works[d] = 0
    link.objected[d] = 0
    link.project_event[d] = -1


@kernel
def turn_against(
    topology: Topology, link: Link, log_: np.ndarray, tally: np.ndarray, d: int, side: int,
    now: float,
) -> None:
    """The other side objects to works under way, or after that they are given up."""
    if link.objected[d] == 0:
        if write_down(topology, link, log_, tally, d, 3 - side, OBJECTION, now) != NOT_DONE:
            link.objected[d] = 1
    elif write_down(topology, link, log_, tally, d, side, PROJECT_DROPPED, now) != NOT_DONE:
        end_works(link, d)


@kernel
def unilateral_project(
    topology: Topology, link: Link, town: Town, resource: Resource, capacity: np.ndarray,
    log_: np.ndarray, tally: np.ndarray, draws: tuple[np.ndarray, np.ndarray],
    p: ProjectParameters, seed: int, tick: int, dt: float,
) -> None:
    """Announce, object to, give up and complete works.

    capacity: to settle disputes [d]; ``draws``: two uniforms per dyad.
    """
    u, v = draws
    project, unit, disputed = link.project, topology.dyad.unit, resource.disputed
    now, done = tick * dt, 1.0 / p.years
    for d in range(u.size):
        side = np.int64(project[d])
        if side == 0:
            if u[d] < probability(p.rate * disputed[unit[d]], dt):
                side = np.int64(1) if v[d] < 0.5 else np.int64(2)
                row = write_down(topology, link, log_, tally, d, side, PROJECT, now)
                begin_works(topology, link, d, side, row, seed, tick)
            continue
        against = p.objection
        if link.objected[d] > 0:
            trust = 0.5 * (link.trust_first[d] + link.trust_second[d])
            against = giving_up(trust, capacity[d], p)
        if u[d] >= probability(done + against, dt):
            continue
        if v[d] * (done + against) < done:
            if write_down(topology, link, log_, tally, d, side, PROJECT_DONE, now) == NOT_DONE:
                continue
            builder = topology.dyad.first[d] if side == 1 else topology.dyad.second[d]
            if tick >= 0:
                complete(town, resource, np.int64(builder), np.int64(unit[d]), link.works[d],
                         p)
            end_works(link, d)
        else:
            turn_against(topology, link, log_, tally, d, side, now)
