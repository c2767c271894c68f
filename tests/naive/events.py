"""The event log: every act with its cause, as a list of plain records.

The table of acts (who does it, BAR value, hostility level, rung entered) is a declaration of the
model, not a rule; it is read from `sim.events`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import NamedTuple

from sim.events import ACTS
from sim.undone import Undone


class Place(NamedTuple):
    """Where an act happens: rows of the dyad (-1: between capitals), pair, actor and target."""

    dyad: int
    pair: int
    actor: int
    target: int


class Origin(NamedTuple):
    """What an act descends from: row of `sim.events.ROOTS`, incident number, row of its cause."""

    root: int
    incident: int = -1
    cause: int = -1


@dataclass(slots=True)
class Event:
    """One act. Names, units and meanings as in `sim.events.EVENT`."""

    time: float
    cause: int
    dyad: int
    pair: int
    actor: int
    target: int
    incident: int
    act: int
    bar: int  # Basins at Risk scale
    hostility: int
    rung: int
    issue: int
    root: int
    agreements: int = 0
    delay: float = -1.0
    answered: int = -1
    fatal: int = 0
    settlement: int = 0
    outcome: int = 0
    kept: int = -1
    reported: int = 1
    attempt: int = 0
    salience: int = 0
    mechanism: int = -1
    channels: int = -1


class EventLog:
    """Acts since the start, in the order in which the rules made them."""

    def __init__(self, undone: tuple[Undone, ...] = (), dt: float = 1.0) -> None:
        self.events: list[Event] = []
        self.incidents = 0
        self.undone = undone
        self.dt = dt  # years per tick

    def leaves_out(self, time: float, act: int, place: Place, issue: int) -> bool:
        """Is the act, in its tick, one of those that are not done?"""
        for one in self.undone:
            begin = floor(one.time / self.dt + 1e-9) * self.dt
            same = (act, place.dyad, place.pair, place.actor, issue) == one[1:]
            if same and begin <= time < begin + self.dt:
                return True
        return False

    def emit(self, time: float, act: int, place: Place, issue: int, origin: Origin) -> int:
        """Write one act down; returns its row, or -1 in the spin-up, which leaves no log."""
        if time < 0.0:
            return -1
        what = ACTS[act]
        scales = (act, what.bar, what.hostility, what.rung)
        self.events.append(
            Event(time, origin.cause, *place, origin.incident, *scales, issue, origin.root)
        )
        return len(self.events) - 1

    def new_incident(self) -> int:
        """Number of an incident that begins."""
        self.incidents += 1
        return self.incidents - 1
