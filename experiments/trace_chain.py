"""Which crisis of a history is meant, and the chain of acts that led to it.

A crisis is what a use or show of force over a resource is, or else one over another issue, or else
whatever climbed highest. The chain follows the cause pointers of the event log from the gravest act
back to the act that has none: the first cause. Weather, shortage, grievance and political shocks
raise the chance of acts and are no acts: they stand in no pointer, so they are neither first cause
nor removed here (an arm or a setting without them is a study: ``thalweg sweep``).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MILITARIZED = 3  # hostility from which an act is a show or use of force


class Crisis(NamedTuple):
    """The act to be explained, and where it would be met again in another history."""

    row: int  # of the event log
    time: float
    local: bool
    place: tuple[int, int]  # (dyad, -1) on the local ladder, (pair, issue) between states
    rung: int
    root: int  # row of sim.events.ROOTS
    chain: tuple[int, ...]  # rows from the first cause to the act itself


def crisis_of(events: np.ndarray, row: int | None = None) -> Crisis | None:
    """The gravest crisis of a history, or the one whose act is given; None without any act."""
    found = gravest(events) if row is None else row
    if found is None:
        return None
    event = events[found]
    local = bool(_local()[event["act"]])
    place = (int(event["dyad"]), -1) if local else (int(event["pair"]), int(event["issue"]))
    return Crisis(found, float(event["time"]), local, place, int(event["rung"]),
                  int(event["root"]), tuple(chain_of(events, found)))  # fmt: skip


def gravest(events: np.ndarray) -> int | None:
    """Row of the act that climbed highest: force over a resource before all other force."""
    from sim.events import ROOT_OTHER

    rows = np.flatnonzero(climbing(events))
    if rows.size == 0:
        return None
    some = events[rows]
    force = some["hostility"] >= MILITARIZED
    ours = force & (some["root"] != ROOT_OTHER)
    lane = np.where(_local()[some["act"]], 0, 10) + some["rung"]
    early = np.array([begun_before(events, row) for row in rows.tolist()])
    order = np.lexsort((some["time"], -lane, early, ~force, ~ours))
    return int(rows[order[0]])


def begun_before(events: np.ndarray, row: int) -> bool:
    """Does the chain of an act lead back to before the start, where nothing is logged?

    What begins a chain is a local act, a claim, a condemnation or a quarrel; a reply, a threat or
    a step of armies without a cause goes on with what was there.
    """
    from sim.events import ARMY_DISPLAY, OTHER_WAR, SANCTIONS, THREAT, WAR

    first = events[chain_of(events, row)[0]]
    if _local()[first["act"]]:
        return False
    later = {THREAT, SANCTIONS, *range(ARMY_DISPLAY, WAR + 1), OTHER_WAR}
    return int(first["answered"]) < 0 or int(first["act"]) in later


def begun(events: np.ndarray) -> np.ndarray:
    """Rows of the acts that began an interstate crisis."""
    return np.flatnonzero(events["channels"] >= 0)


def chain_of(events: np.ndarray, row: int) -> list[int]:
    """An act and its causes, the first cause first."""
    chain = [row]
    while 0 <= (cause := int(events["cause"][chain[-1]])) < chain[-1]:
        chain.append(cause)
    return chain[::-1]


def climbing(events: np.ndarray) -> np.ndarray:
    """True for acts that stand on a ladder; words that capitals only speak do not."""
    from sim.events import CONDEMNATION, NOTE

    words = np.isin(events["act"], (NOTE, CONDEMNATION)) & (events["cause"] < 0)
    climbs: np.ndarray = (events["rung"] > 0) & ~(words & (events["answered"] < 0))
    return climbs


def reaching(events: np.ndarray, crisis: Crisis) -> np.ndarray:
    """Rows of the acts that reach the rung of a crisis at its place."""
    local = _local()[events["act"]]
    if crisis.local:
        here = local & (events["dyad"] == crisis.place[0])
    else:
        here = ~local & (events["pair"] == crisis.place[0])
        here &= events["issue"] == crisis.place[1]
    return np.flatnonzero(here & climbing(events) & (events["rung"] >= crisis.rung))


def _local() -> np.ndarray:
    """True for every act of the table that is local."""
    from sim.events import ACTS

    return np.array([act.local for act in ACTS])
