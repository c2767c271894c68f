"""Acts that are not done: the history without one of its own acts, under the same draws.

A scenario may name acts (`Scenario.undone`), each by what the log of a history with the same seed
says of it: kind, place, actor, issue, time. Where the rules come to such an act within its tick,
it is not done: no event, no rung, dispute, answer or crisis, nothing felt, spoken, watched or
remembered. The draws that led to it are made as before, so that all other draws are the same. The
works are not begun, completed, objected to or given up; a reply does not come, and the gate that
waited for it closes. Only acts with effects of their own can be left out (`REMOVABLE`): words that
are spoken from week to week, settlements between states and agreements cannot.

The list stands behind the acts in the event log, ``tally[UNDONE]`` says how many; it is looked at
only where an act is about to happen, so that a run without a list pays nothing for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from typing import NamedTuple

import numpy as np

from sim._jit import kernel, spliced
from sim.events import (
    ACTS,
    CLOSURE,
    OBJECTION,
    OTHER_WAR,
    PROJECT_DROPPED,
    UNDONE,
)
from sim.units import WEEKS_PER_YEAR, tick_years

NOT_DONE = -2  # in place of the row of an act
REMOVABLE = frozenset({*range(OTHER_WAR + 1), OBJECTION, PROJECT_DROPPED} - {CLOSURE})
MOST_UNDONE = 64


class Undone(NamedTuple):
    """One act that is not done; rows as in the event log, time in years since the start."""

    time: float
    act: int
    dyad: int
    pair: int
    actor: int
    issue: int


def undone_of(event: np.void) -> Undone:
    """An act of a history, to be left out of another."""
    return Undone(float(event["time"]), *(int(event[name]) for name in Undone._fields[1:]))


def check_undone(acts: Sequence[Undone]) -> list[str]:
    """What is wrong with a list of acts that are not to be done, one message each."""
    wrong = [
        f"undone: '{ACTS[one.act].name}' cannot be left out; it has no effects of its own."
        for one in acts if one.act not in REMOVABLE
    ]  # fmt: skip
    if len(acts) > MOST_UNDONE:
        wrong.append(f"undone: {len(acts)} acts; {MOST_UNDONE} can be left out at most.")
    return wrong + [f"undone: time {one.time:g} lies before the start."
                    for one in acts if one.time < 0.0]  # fmt: skip


def set_undone(log: np.ndarray, tally: np.ndarray, acts: Sequence[Undone], weeks: float) -> None:
    """Put the list behind the acts of a log, before a history begins. Raises ValueError.

    A record of the list keeps the begin of the act's tick as its time and the tick as its delay.
    """
    wrong = check_undone(acts)
    if wrong:
        raise ValueError(" ".join(wrong))
    dt = tick_years(weeks)
    for row, one in enumerate(acts, start=log.size - len(acts)):
        for name, value in one._asdict().items():
            log[name][row] = value
        log["time"][row] = floor(one.time / dt + 1e-9) * dt
        log["delay"][row] = weeks
    tally[UNDONE] = len(acts)


@kernel
def _is_undone(
    log: np.ndarray, tally: np.ndarray, time: float, act: int, place: tuple[int, int, int, int],
    issue: int,
) -> bool:
    for row in range(log.size - tally[UNDONE], log.size):
        one = log[row]
        if one.act != act or one.issue != issue or one.actor != place[2]:
            continue
        till = one.time + np.float64(one.delay) / WEEKS_PER_YEAR
        if one.dyad == place[0] and one.pair == place[1] and one.time <= time < till:
            return True
    return False


@spliced
def is_undone(
    log: np.ndarray, tally: np.ndarray, time: float, act: int, place: tuple[int, int, int, int],
    issue: int,
) -> bool:
    """Is this act on the list of those that are not done? ``place`` as for `sim.events.emit`."""
    where = (np.int64(place[0]), np.int64(place[1]), np.int64(place[2]), np.int64(place[3]))
    return _is_undone(log, tally, time, np.int64(act), where, np.int64(issue))
