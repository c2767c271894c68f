"""What a local act does, whoever takes it and for whatever cause.

It is logged with its cause, begins an incident or carries it on, moves the rung of the dyad, heats
it, and opens its dispute; a new incident is a new case. A settlement closes the dispute and trust
gains a little; four weeks without an act end the incident. An act that is not to be done
(`sim.undone`) does none of that. Source: see the local ladder.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel
from sim.events import INCIDENTS, LOCAL_SETTLEMENT, ROOT_LOCAL, emit
from sim.state import Link
from sim.topology import Topology
from sim.undone import NOT_DONE, is_undone
from sim.units import WEEKS_PER_YEAR

QUIET_YEARS = 4.0 / WEEKS_PER_YEAR


@kernel
def local_act(
    topology: Topology, link: Link, log_: np.ndarray, tally: np.ndarray, d: int, act: int,
    side: int, time: float, rung: int,
) -> int:
    """Write one local act and move the dyad's ladder, incident and dispute to it."""
    a, b = topology.dyad.first[d], topology.dyad.second[d]
    actor, target = (a, b) if side == 0 else (b, a)
    issue = topology.basin.kind[topology.dyad.basin[d]]
    place = (d, np.int64(topology.dyad.pair[d]), np.int64(actor), np.int64(target))
    if is_undone(log_, tally, time, act, place, issue):
        return NOT_DONE
    if link.incident[d] < 0 and time >= 0.0:
        link.incident[d] = tally[INCIDENTS]
        tally[INCIDENTS] += 1
        link.event[d] = link.project_event[d] if link.project[d] > 0 else -1
    row = emit(log_, tally, time, act, place, issue, link.event[d], (ROOT_LOCAL, link.incident[d]))
    link.event[d] = row
    link.rung[d] = rung
    link.peak[d] = max(link.peak[d], rung)
    if time >= 0.0:
        link.top[d] = max(link.top[d], rung)
    if rung > 0:
        if link.dispute[d] == 0 or link.last_act[d] + QUIET_YEARS <= time:
            link.caseload[d] += 1.0  # a new incident is a new case
        link.dispute[d] = 1
        link.last_act[d] = time
        link.heat[d] = max(link.heat[d], 0.25 * rung)
    return row


@kernel
def go_quiet(link: Link, d: int) -> None:
    """Four quiet weeks end the incident; the dispute stays open."""
    link.rung[d] = 0
    link.incident[d] = -1
    link.event[d] = -1


@kernel
def settle(
    topology: Topology, link: Link, log_: np.ndarray, tally: np.ndarray, d: int, time: float,
    committee: bool, gain: float,
) -> None:
    """The matter is settled: the dispute closes by agreement and trust gains a little."""
    row = local_act(topology, link, log_, tally, d, np.int64(LOCAL_SETTLEMENT), np.int64(0), time,
                    np.int64(0))
    if row == NOT_DONE:
        return
    if row >= 0:
        log_[row].settlement = 2 if committee else 1
        log_[row].outcome = 1
        log_[row].kept = 1
        log_[row].attempt = 1
    link.dispute[d] = 0
    link.caseload[d] = max(link.caseload[d] - 1.0, 0.0)
    link.trust_first[d] += gain * (1.0 - link.trust_first[d])
    link.trust_second[d] += gain * (1.0 - link.trust_second[d])
    go_quiet(link, d)
