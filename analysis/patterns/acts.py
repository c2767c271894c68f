"""What a pattern reads: the acts, the years and the river flows of one cluster.

A cluster is one simulated history, or one pair of states of a user's own event table; intervals
resample clusters whole. An act carries the two scales of `sim.events` (BAR value, hostility level),
who acted, what it was about and whether a reporter saw it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
KINDS = ("river", "aquifer", "fishery", "land", "other")  # of resource; other: no shared resource
RIVER, AQUIFER, FISHERY, LAND, OTHER = range(len(KINDS))
CROWD, TOWN, GUARDS, ARMY, GOVERNMENT = range(5)  # who acts; from GUARDS on an organ of the state
SEEN, CODED_NEUTRAL = 1, 2
ONE_DISPUTE = 0.5  # years: militarized acts of a pair closer than this are one dispute
FORGOTTEN = 5.0  # years without an act after which a claim over a resource is a new one


class Acts(NamedTuple):
    """Acts of one cluster in order of time. Axis: act."""

    time: Array  # years since the start
    pair: Array  # row of the pair of states
    bar: Array  # BAR value, -7 to 7
    hostility: Array  # 0 to 5, levels of militarized interstate disputes
    actor: Array  # CROWD ... GOVERNMENT
    kind: Array  # row of KINDS
    seen: Array  # 0 unseen, SEEN, or CODED_NEUTRAL: seen and coded 0
    claim: Array  # bool: addressed to the other state, so that it belongs to a dispute
    incident: Array  # local incident it belongs to or descends from, -1: none
    violent: Array  # bool: a crowd's violence
    fatal: Array  # bool
    body: Array  # bool: a joint body of the two states was at work

    def keep(self, chosen: Array) -> Acts:
        """The chosen acts only."""
        return Acts(*(column[chosen] for column in self))

    def reported(self) -> Acts:
        """Acts of state organs as a reporter saw them; acts of towns and crowds stay as they are.

        An act that was seen and coded neutral has BAR value 0.
        """
        state = self.actor >= GUARDS
        neutral = state & (self.seen == CODED_NEUTRAL)
        coded = self._replace(bar=np.where(neutral, 0, self.bar))
        return coded.keep(~state | (self.seen > 0))

    def between_states(self) -> Acts:
        """Acts of state organs over a shared resource."""
        return self.keep((self.actor >= GUARDS) & (self.kind != OTHER))


class Cluster(NamedTuple):
    """One history, or one pair of an event table."""

    acts: Acts
    years: int  # whole years watched
    pairs: int
    body_years: tuple[float, float]  # pair-years without and with a joint body
    inflow: Array  # [river, year] annual inflow; no row where none was recorded


def no_acts() -> Acts:
    """An empty log."""
    number, flag = np.zeros(0), np.zeros(0, dtype=bool)
    whole = np.zeros(0, dtype=np.int64)
    return Acts(number, *(whole,) * 6, flag, whole, flag, flag, flag)


def spells(time: Array, gap: float) -> list[Array]:
    """Rows of ``time`` (ascending) cut where more than ``gap`` years lie between two."""
    rows = np.arange(time.size)
    if not rows.size:
        return []
    return list(np.split(rows, np.flatnonzero(np.diff(time) > gap) + 1))


def disputes(cluster: Cluster, acts: Acts) -> list[tuple[int, Acts]]:
    """Militarized disputes: (pair, its acts of hostility 3 or above) of every pair in turn."""
    hard = acts.keep((acts.hostility >= 3) & (acts.actor >= GUARDS))
    found = []
    for pair in range(cluster.pairs):
        own = hard.keep(hard.pair == pair)
        found += [(pair, own.keep(rows)) for rows in spells(own.time, ONE_DISPUTE)]
    return found
