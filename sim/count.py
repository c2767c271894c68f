"""Counts of a finished run, read off its event log in one pass (the ensemble keeps no logs).

A crisis is the first act of hostility 3 or above by a state organ against the other nation;
militarized acts of a pair less than six months apart are one dispute. An incident is *contained*
when it reached protest or more and no act of a national organ with hostility 2 or above, or BAR -3
or worse, descends from it within 26 weeks of its last local act; still open at the end it is
censored.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel
from sim.count_disputes import tally_disputes, tally_local_disputes, tally_years
from sim.counts import (
    AGREEMENTS,
    ANSWERED,
    ASKED,
    BY_BAR,
    BY_HOSTILITY,
    CLOSURES,
    COOP,
    COOP_SEEN,
    COUNTS,
    FATAL,
    FIRST_ANY,
    FIRST_RESOURCE,
    FIRST_ROOT,
    HEARD,
    N_CENSORED,
    N_COMPLAINTS,
    N_CONTAINED,
    N_EVENTS,
    N_INCIDENTS,
    N_LOCAL,
    N_SERIOUS,
    N_SETTLED,
    N_UNCONTAINED,
    NEAR_MISSES,
    NEUTRAL_SEEN,
    OPEN_CHANNELS,
    SEVERE,
    TOP_INTERSTATE,
    TOP_LOCAL,
    VERBAL,
    VIOLENT_FORCE,
    VIOLENT_INCIDENTS,
)
from sim.events import INCIDENTS
from sim.topology import OTHER

__all__ = ["COUNTS", "count_events"]

WITHIN_YEARS = 0.5



@kernel
def tally_scales(event: np.ndarray, out: np.ndarray) -> None:
    """Acts by BAR value: interstate events on a shared resource, as such and as reported."""
    if event.dyad >= 0 and event.hostility < 2:
        return
    if event.hostility > 0:
        out[BY_HOSTILITY + event.hostility] += 1
    if event.issue == OTHER:
        return
    out[BY_BAR + event.bar] += 1
    shift = 0 if event.bar > 0 else (1 if event.bar == 0 else 2)
    out[COOP + shift] += 1
    if event.reported == 2:
        out[NEUTRAL_SEEN] += 1
    elif event.reported == 1:
        out[COOP_SEEN + shift] += 1
        if -2 <= event.bar <= -1:
            out[VERBAL] += 1
        if event.bar <= -5:
            out[SEVERE] += 1


@kernel
def tally_crisis(
    event: np.ndarray, last: np.ndarray, pending: np.ndarray, out: np.ndarray
) -> None:
    """Crises by root, near misses, answers.

    ``pending`` [p, i]: last act at the second rung; half a year without more is a near miss, also
    where the next act, years later, is a militarized one.
    """
    i, j = event.pair, event.issue
    if event.answered >= 0:
        out[ASKED] += 1
        out[ANSWERED] += event.answered
    came_back = pending[i, j] > -5.0 and event.time - pending[i, j] > WITHIN_YEARS
    if event.hostility >= 3:
        out[NEAR_MISSES] += 1.0 if came_back else 0.0
        pending[i, j] = -10.0
        if event.time - last[i] > WITHIN_YEARS:
            root = event.root
            out[N_LOCAL + root - 1] += 1
            if root < 3 and event.time < out[FIRST_RESOURCE]:
                out[FIRST_RESOURCE] = event.time
            if event.time < out[FIRST_ANY]:
                out[FIRST_ANY] = event.time
                out[FIRST_ROOT] = root
            if event.channels >= 0:
                out[HEARD] += 1
                out[OPEN_CHANNELS] += event.channels
        last[i] = max(last[i], event.time)
    elif event.rung == 2 and event.answered >= 0:
        out[NEAR_MISSES] += 1.0 if came_back else 0.0
        pending[i, j] = event.time


@kernel
def follow_incidents(
    log: np.ndarray, count: int, end: np.ndarray, top: np.ndarray, passed: np.ndarray,
    force: np.ndarray,
) -> None:
    """Last local act and top rung of every incident; did a national act descend from it."""
    for k in range(count):
        event = log[k]
        n = event.incident
        if n < 0:
            continue
        if event.act <= 6:
            end[n] = max(end[n], event.time)
            top[n] = max(top[n], event.rung)
        elif event.hostility >= 2 or event.bar <= -3:
            if event.time - end[n] <= WITHIN_YEARS:
                passed[n] = 1
            if event.hostility >= 4:
                force[n] = 1


@kernel
def tally_incidents(
    log: np.ndarray, count: int, incidents: int, years: float, out: np.ndarray
) -> None:
    """Incidents: serious, contained, uncontained, censored; violent ones that led to force."""
    end = np.full(incidents, -1.0)
    top = np.zeros(incidents)
    passed = np.zeros(incidents, dtype=np.int8)
    force = np.zeros(incidents, dtype=np.int8)
    follow_incidents(log, count, end, top, passed, force)
    out[N_INCIDENTS] += incidents
    for n in range(incidents):
        if top[n] >= 4:
            out[VIOLENT_INCIDENTS] += 1
            out[VIOLENT_FORCE] += force[n]
        if top[n] >= 2:
            out[N_SERIOUS] += 1
            if passed[n] == 1:
                out[N_UNCONTAINED] += 1
            elif end[n] + WITHIN_YEARS > years:
                out[N_CENSORED] += 1
            else:
                out[N_CONTAINED] += 1


@kernel
def tally_act(event: np.ndarray, last: np.ndarray, pending: np.ndarray, out: np.ndarray) -> None:
    """Counts that need one act at a time."""
    out[FATAL] += event.fatal
    if event.act <= 3:
        out[N_COMPLAINTS + event.act] += 1
        out[TOP_LOCAL] = max(out[TOP_LOCAL], event.rung)
        return
    if event.act == 4:
        out[N_SETTLED] += 1
        return
    if event.act == 13:
        out[CLOSURES] += 1
    if event.act > 6 and event.answered >= 0:
        out[TOP_INTERSTATE] = max(out[TOP_INTERSTATE], event.rung)
    out[AGREEMENTS] += event.outcome
    tally_crisis(event, last, pending, out)
    tally_scales(event, out)


@kernel
def count_events(
    log: np.ndarray, tally: np.ndarray, count: int, pairs: int, years: float, out: np.ndarray,
    earlier: np.ndarray,
) -> None:
    """All counts of one run into ``out`` [len(COUNTS)]; times that never came are NaN.

    ``earlier`` [p]: last militarized act before the start, so that what goes on is no new crisis.
    """
    out[:] = 0.0
    out[FIRST_RESOURCE] = np.inf
    out[FIRST_ANY] = np.inf
    last = earlier.copy()
    pending = np.full((pairs, OTHER + 1), -10.0)
    for k in range(count):
        tally_act(log[k], last, pending, out)
    for i in range(pairs):
        for j in range(OTHER + 1):
            if pending[i, j] > -5.0 and pending[i, j] + WITHIN_YEARS <= years:
                out[NEAR_MISSES] += 1
    out[N_EVENTS] = count
    tally_incidents(log, count, tally[INCIDENTS], years, out)
    tally_disputes(log, count, pairs, years, out)
    tally_local_disputes(log, count, years, out)
    tally_years(log, count, out)
    if out[FIRST_RESOURCE] == np.inf:
        out[FIRST_RESOURCE] = np.nan
    if out[FIRST_ANY] == np.inf:
        out[FIRST_ANY] = np.nan
