"""The same history under the same draws with some of its acts left out, and what that changes.

An act left out is not done at all, so that its share of memory, tension, trust, heat, attention and
excitation is gone with it; all other draws are the same. A removal *averts* the crisis when its
rung is not reached again at its place within five years (a dispute is forgotten then), except in
crises that were there anyway; it *delays* it or brings it *forward* when the rung is reached at
another time, and *changes nothing* when it is reached in the same week. Where an act alone leaves
the crisis where it was, within half a year (acts of force less than that apart are one dispute),
acts of the road that the crisis takes instead are left out as well: two acts of which neither alone
does more, but both together avert the crisis or put it off for longer are redundant, *either would
do*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from experiments.trace_chain import Crisis, chain_of, crisis_of, reaching

WITHIN_YEARS = 5.0
SAME_YEARS = 0.5  # acts of force less than that apart are one dispute
MOST_RUNS = 400
AVERTS, DELAYS, HASTENS, NOTHING = "averts", "delays", "brings forward", "changes nothing"


class Removal(NamedTuple):
    """Acts left out (rows of the history as it was) and what came of it."""

    rows: tuple[int, ...]
    verdict: str
    years: float | None  # later than before; None: averted
    first: tuple[Any, ...] | None  # the first cause then, as `mark`
    road: tuple[int, ...]  # acts of the new chain that happened in the old history, too

    @property
    def stays(self) -> bool:
        """Does the crisis come about when it did?"""
        return self.years is not None and abs(self.years) <= SAME_YEARS


class Explained(NamedTuple):
    """One crisis, its chain, and what its removals change."""

    scenario: Any
    events: np.ndarray
    crisis: Crisis
    single: tuple[Removal, ...]  # one removal for every cause that can be left out
    either: tuple[tuple[int, int], ...]  # pairs of which either would do
    off_chain: tuple[Removal, ...]  # single removals of the partners in those pairs
    local_left_out: Removal | None  # all local acts of the last year, where the root is no local
    runs: int

    @property
    def watched(self) -> float:
        """Years after the crisis in which its rung is looked for: five, or to the end."""
        return float(min(WITHIN_YEARS, self.scenario.years - self.crisis.time))


class Histories:
    """The history of a scenario, again and again without some of its acts."""

    def __init__(self, scenario: Any, events: np.ndarray, crisis: Crisis) -> None:
        from sim.simulate import workspace
        from sim.units import ticks_in

        self.events, self.crisis = events, crisis
        last = min(crisis.time + WITHIN_YEARS, scenario.years)
        self.scenario = scenario
        self.space = workspace(scenario.region.topology, scenario.years)
        self.first = -ticks_in(scenario.spinup_years, scenario.tick_weeks)
        self.last = min(ticks_in(last, scenario.tick_weeks) + 1,
                        ticks_in(scenario.years, scenario.tick_weeks))  # fmt: skip
        self.ticks = Marks(events, scenario.tick_weeks)
        self.found: dict[frozenset[int], Removal] = {}

    def without(self, rows: Iterable[int]) -> Removal:
        """What comes of the history without some acts."""
        chosen = frozenset(rows)
        if chosen not in self.found:
            self.found[chosen] = self._judged(sorted(chosen))
        return self.found[chosen]

    @property
    def runs(self) -> int:
        """How many histories were simulated."""
        return len(self.found)

    def _judged(self, rows: list[int]) -> Removal:
        events = self._simulated(rows)
        again, crisis = self._again(events, min(float(self.events["time"][row]) for row in rows))
        if again is None:
            return Removal(tuple(rows), AVERTS, None, None, ())
        chain = chain_of(events, again)
        marks = Marks(events, self.scenario.tick_weeks)
        road = [self.ticks.row_of(marks.of(row)) for row in chain]
        years = float(events["time"][again]) - crisis.time
        verdict = _verdict(marks.of(again), self.ticks.of(crisis.row))
        known = tuple(row for row in road if row is not None)
        return Removal(tuple(rows), verdict, years, marks.of(chain[0]), known)

    def _again(self, events: np.ndarray, since: float) -> tuple[int | None, Crisis]:
        """The first act that reaches the rung and is no other crisis of the old history.

        Later acts of force of the same dispute are no other crisis: that they go on is an answer.
        """
        crisis = self.crisis
        marks = Marks(events, self.scenario.tick_weeks)
        others = {self.ticks.of(row) for row in reaching(self.events, crisis).tolist()
                  if abs(float(self.events["time"][row]) - crisis.time) > SAME_YEARS}  # fmt: skip
        for row in reaching(events, crisis).tolist():
            time = float(events["time"][row])
            inside = since <= time <= crisis.time + WITHIN_YEARS
            if inside and marks.of(row) not in others:
                return row, crisis
        return None, crisis

    def _simulated(self, rows: list[int]) -> np.ndarray:
        """The event log without some acts, as far as it is asked for."""
        from sim.events import EVENTS
        from sim.simulate import advance
        from sim.undone import undone_of

        undone = tuple(undone_of(self.events[row]) for row in rows)
        advance(self.scenario._replace(undone=undone), self.space, self.first, self.last,
                fresh=True)  # fmt: skip
        log: np.ndarray = self.space.log[: self.space.state.tally[EVENTS]].copy()
        return log


class Marks:
    """Names of acts that mean the same in two histories: tick, act, place, actor, issue."""

    def __init__(self, events: np.ndarray, weeks: float) -> None:
        from sim.units import tick_years

        tick = np.floor(events["time"] / tick_years(weeks) + 1e-9).astype(np.int64)
        names = ("act", "dyad", "pair", "actor", "issue")
        table = np.stack([tick, *(events[name].astype(np.int64) for name in names)], axis=1)
        self.marks = [tuple(row) for row in table.tolist()]
        self.rows = {mark: row for row, mark in reversed(list(enumerate(self.marks)))}

    def of(self, row: int) -> tuple[Any, ...]:
        """The mark of an act."""
        return self.marks[row]

    def row_of(self, mark: tuple[Any, ...]) -> int | None:
        """The act with a mark; None: this history has none."""
        return self.rows.get(mark)


def explain(scenario: Any, row: int | None = None) -> Explained | None:
    """Why a crisis happened in the history of a scenario; None where nothing ever climbed.

    ``row``: the act to be explained, by default the gravest.
    """
    from sim.simulate import simulate

    events = simulate(scenario).events
    crisis = crisis_of(events, row)
    if crisis is None:
        return None
    runs = Histories(scenario, events, crisis)
    causes = removable(events, crisis.chain[:-1])
    single = tuple(runs.without([cause]) for cause in causes)
    either, partners = redundant(runs, single)
    return Explained(scenario, events, crisis, single, either, partners,
                     without_locals(runs), runs.runs)  # fmt: skip


def removable(events: np.ndarray, rows: Iterable[int]) -> list[int]:
    """Those acts that can be left out; a settlement that was broken is none."""
    from sim.undone import REMOVABLE

    return [row for row in rows if int(events["act"][row]) in REMOVABLE]


def redundant(
    runs: Histories, single: tuple[Removal, ...]
) -> tuple[tuple[tuple[int, int], ...], tuple[Removal, ...]]:
    """Pairs of which either would do, and what the partners outside the chain do alone.

    Partners are the other causes of the chain and the acts of the road that the crisis takes
    without one of them; each pair is tried while there is room.
    """
    found, partners = [], dict[int, Removal]()
    for one, other in _pairs(runs, single):
        if runs.runs >= MOST_RUNS:
            break
        alone = runs.without([other])
        if other not in {removal.rows[0] for removal in single}:
            partners[other] = alone
        if alone.stays and not runs.without([one, other]).stays:
            found.append((one, other))
    return tuple(found), tuple(partners.values())


def _pairs(runs: Histories, single: tuple[Removal, ...]) -> Iterator[tuple[int, int]]:
    """Causes without which the crisis stays, each with its possible partners."""
    chain = [removal.rows[0] for removal in single if removal.stays]
    for place, removal in enumerate(r for r in single if r.stays):
        outside = [row for row in removal.road if row not in runs.crisis.chain]
        for other in [*chain[place + 1 :], *removable(runs.events, outside)]:
            yield removal.rows[0], other


def without_locals(runs: Histories) -> Removal | None:
    """Where the root is no local incident: the history without the local acts of the year before.

    None where there was none, or where the root is local.
    """
    from sim.events import ACTS, ROOT_LOCAL
    from sim.undone import MOST_UNDONE

    crisis, events = runs.crisis, runs.events
    if crisis.local or crisis.root == ROOT_LOCAL:
        return None
    local = np.array([act.local for act in ACTS])[events["act"]]
    near = (events["time"] >= crisis.time - 1.0) & (events["time"] <= crisis.time)
    rows = np.flatnonzero(local & near & (events["pair"] == crisis.place[0])).tolist()
    acts = removable(events, rows)[-MOST_UNDONE:]
    return runs.without(acts) if acts else None


def _tick(mark: tuple[Any, ...]) -> int:
    return int(mark[0])


def _verdict(now: tuple[Any, ...], before: tuple[Any, ...]) -> str:
    """By the week in which the rung is reached."""
    if _tick(now) == _tick(before):
        return NOTHING
    return DELAYS if _tick(now) > _tick(before) else HASTENS
