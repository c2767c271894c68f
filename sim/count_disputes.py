"""Counts of disputes: how long they last, how they end, and what nations do over years.

A dispute between nations over a shared resource opens with a hostile act and ends by agreement, by
renunciation, or after five years without an act; a broken agreement opens a new one. One that was
open before the start is taken to open with its first act after it. A dispute between towns opens
with a local act and ends by settlement or after five years without an act.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel
from sim.counts import (
    AGREED,
    AGREED_BODY,
    AGREED_THIRD,
    BILATERAL,
    BROKEN,
    DISPUTE_YEARS,
    DISPUTES,
    FORGOTTEN,
    KEPT,
    LOCAL_DISPUTES,
    LOCAL_FORGOTTEN,
    LOCAL_SETTLED,
    LOCAL_YEARS,
    MILITARIZED,
    N_BODIES,
    N_MARKED,
    N_REINED,
    OPEN_END,
    RENOUNCED,
    SETTLED,
)
from sim.events import (
    AGREEMENT,
    BODY_FOUNDED,
    CLAIM_RENOUNCED,
    DEMARCATED,
    LOCAL_SETTLEMENT,
    REINED_IN,
    TALKS,
    TREATY,
    VIOLENT,
)
from sim.topology import OTHER

FORGOTTEN_YEARS = 5.0
NOT_OPEN = -1.0


@kernel
def tally_attempt(event: np.ndarray, out: np.ndarray) -> None:
    """Attempts by method, agreements among them, and whether those were kept."""
    out[BILATERAL + event.settlement - 1] += 1
    if event.outcome == 0:
        return
    out[AGREED] += 1
    out[KEPT] += 1 if event.kept == 1 else 0
    out[BROKEN] += 1 if event.kept == 0 else 0
    out[AGREED_BODY] += 1 if event.settlement == 2 else 0
    out[AGREED_THIRD] += 1 if event.settlement == 3 else 0


@kernel
def tally_dispute(
    event: np.ndarray, opened: np.ndarray, last: np.ndarray, hot: np.ndarray, out: np.ndarray
) -> None:
    """One act of a state over a resource: does it open, heat or end a dispute?"""
    i, j = event.pair, event.issue
    if event.answered >= 0:
        if opened[i, j] >= 0.0 and event.time - last[i, j] > FORGOTTEN_YEARS:
            out[FORGOTTEN] += 1
            out[DISPUTE_YEARS] += last[i, j] + FORGOTTEN_YEARS - opened[i, j]
            opened[i, j] = NOT_OPEN
        if opened[i, j] < 0.0:
            out[DISPUTES] += 1
            opened[i, j] = event.time
            hot[i, j] = 0
        last[i, j] = max(last[i, j], event.time)
        if event.hostility >= 2 and hot[i, j] == 0:
            hot[i, j] = 1
            out[MILITARIZED] += 1
        return
    ends = event.act == CLAIM_RENOUNCED
    if event.settlement > 0 and (event.act in (TALKS, AGREEMENT, TREATY)):
        tally_attempt(event, out)
        ends = event.outcome == 1
    if ends and opened[i, j] >= 0.0:
        out[RENOUNCED if event.act == CLAIM_RENOUNCED else SETTLED] += 1
        out[DISPUTE_YEARS] += event.time - opened[i, j]
        opened[i, j] = NOT_OPEN


@kernel
def tally_disputes(
    log: np.ndarray, count: int, pairs: int, years: float, out: np.ndarray
) -> None:
    """Interstate disputes over a resource: number, heat, duration and end."""
    opened = np.full((pairs, OTHER), NOT_OPEN)
    last = np.full((pairs, OTHER), -100.0)
    hot = np.zeros((pairs, OTHER), dtype=np.int8)
    for k in range(count):
        event = log[k]
        if event.issue != OTHER and event.act > VIOLENT:
            tally_dispute(event, opened, last, hot, out)
    for i in range(pairs):
        for j in range(OTHER):
            if opened[i, j] < 0.0:
                continue
            if years - last[i, j] > FORGOTTEN_YEARS:
                out[FORGOTTEN] += 1
                out[DISPUTE_YEARS] += last[i, j] + FORGOTTEN_YEARS - opened[i, j]
            else:
                out[OPEN_END] += 1


@kernel
def tally_local_disputes(log: np.ndarray, count: int, years: float, out: np.ndarray) -> None:
    """Disputes between towns: number, duration and end."""
    dyads = 0
    for k in range(count):
        dyads = max(dyads, log[k].dyad + 1)
    opened, last = np.full(dyads, NOT_OPEN), np.full(dyads, -100.0)
    for k in range(count):
        event = log[k]
        d = event.dyad
        if d < 0 or event.act > LOCAL_SETTLEMENT:
            continue
        over = event.time - last[d] > FORGOTTEN_YEARS
        if opened[d] >= 0.0 and over:
            out[LOCAL_FORGOTTEN] += 1
            out[LOCAL_YEARS] += last[d] + FORGOTTEN_YEARS - opened[d]
            opened[d] = NOT_OPEN
        if event.act == LOCAL_SETTLEMENT:
            if opened[d] >= 0.0:
                out[LOCAL_SETTLED] += 1
                out[LOCAL_YEARS] += event.time - opened[d]
            opened[d] = NOT_OPEN
            continue
        if opened[d] < 0.0:
            out[LOCAL_DISPUTES] += 1
            opened[d] = event.time
        last[d] = event.time
    for d in range(dyads):
        if opened[d] >= 0.0 and years - last[d] > FORGOTTEN_YEARS:
            out[LOCAL_FORGOTTEN] += 1
            out[LOCAL_YEARS] += last[d] + FORGOTTEN_YEARS - opened[d]


@kernel
def tally_years(log: np.ndarray, count: int, out: np.ndarray) -> None:
    """What nations do over years: joint bodies, demarcation, towns reined in."""
    for k in range(count):
        act = log[k].act
        out[N_BODIES] += 1 if act == BODY_FOUNDED else 0
        out[N_MARKED] += 1 if act == DEMARCATED else 0
        out[N_REINED] += 1 if act == REINED_IN else 0
