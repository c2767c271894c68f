"""Simulate histories for the patterns: each is reduced to a short row of counts as soon as it ends.

No log outlives its history, so that thousands of long histories fit in memory. Histories are keyed
by border and seed; threads and chunks change no bit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any, NamedTuple

import numpy as np

from analysis.patterns import COLUMNS
from analysis.patterns.acts import RIVER, Acts, Cluster
from analysis.patterns.score import count
from sim.events import CLASS, VIOLENT
from sim.scenario import Scenario
from sim.simulate import OK, Workspace, advance, ended, workspace
from sim.state import State
from sim.units import ticks_in

QUARTERS = 4
BODY = 0.05  # strength from which a joint body counts as one
BODIES = ("body_monitoring", "body_resolution", "body_enforcement")


class Task(NamedTuple):
    """One history to watch. ``border``: name of the background that it belongs to."""

    border: str
    scenario: Scenario


class Watched(NamedTuple):
    """Counts of histories. Axis: history, in the order asked for."""

    border: np.ndarray
    seed: np.ndarray
    status: np.ndarray
    counts: np.ndarray  # [history, COLUMNS]

    @property
    def good(self) -> Watched:
        """The histories that did not fail."""
        return Watched(*(column[self.status == OK] for column in self))


def watch_many(
    tasks: Sequence[Task], threads: int | None = None, on_done: Callable[[int], None] | None = None
) -> Watched:
    """Watch histories on all cores; ``on_done`` hears from this thread how many are finished."""
    counts = np.zeros((len(tasks), len(COLUMNS)))
    status = np.zeros(len(tasks), dtype=np.int8)
    own = local()

    def work(row: int) -> None:
        task = tasks[row]
        shape = (id(task.scenario.region.topology), task.scenario.years)
        if getattr(own, "shape", None) != shape:
            own.space, own.shape = workspace(task.scenario.region.topology, shape[1]), shape
        counts[row], status[row] = watch(task.scenario, own.space)

    with ThreadPoolExecutor(max_workers=threads or os.cpu_count() or 1) as pool:
        futures = [pool.submit(work, row) for row in range(len(tasks))]
        try:
            for done, future in enumerate(futures, 1):
                future.result()
                if on_done is not None:
                    on_done(done)
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    border = np.array([task.border for task in tasks])
    seed = np.array([task.scenario.seed for task in tasks], dtype=np.int64)
    return Watched(border, seed, status, counts)


def watch(scenario: Scenario, space: Workspace) -> tuple[np.ndarray, int]:
    """Counts [COLUMNS] and status of one history."""
    topology, state = scenario.region.topology, space.state
    years = int(scenario.years)
    rivers = np.flatnonzero(topology.unit.kind == RIVER)
    systems = topology.unit.basin[rivers]
    inflow = np.zeros((topology.basin.key.size, years))
    bodies = np.zeros((topology.pair.key.size, QUARTERS * years), dtype=bool)
    first, gained = -ticks_in(scenario.spinup_years, scenario.tick_weeks), state.unit.added
    fresh = True
    for quarter in range(QUARTERS * years):
        last = ticks_in((quarter + 1) / QUARTERS, scenario.tick_weeks)
        if quarter == 0 and first < 0:
            advance(scenario, space, first, 0, fresh)
            first, fresh = 0, False
        before = gained[rivers].copy()
        bodies[:, quarter] = joint_body(topology, state)
        advance(scenario, space, first, last, fresh)
        first, fresh = last, False
        np.add.at(inflow[:, quarter // QUARTERS], systems, gained[rivers] - before)
    _, _, status = ended(scenario, space, np.zeros((0, 0)))
    acts = acts_of(space.log[: int(state.tally[0])], bodies)
    with_body = float(bodies.sum()) / QUARTERS
    away = (bodies.size / QUARTERS - with_body, with_body)
    cluster = Cluster(acts, years, topology.pair.key.size, away, inflow[np.unique(systems)])
    return count(cluster), int(status)


def joint_body(topology: Any, state: State) -> np.ndarray:
    """[pair] a joint body of the two states is at work, over whatever kind of resource."""
    pair: Any = state.pair if hasattr(state.pair, BODIES[0]) else topology.pair
    strength = np.maximum.reduce([getattr(pair, name) for name in BODIES])
    work: np.ndarray = strength.max(axis=1) >= BODY
    return work


def acts_of(log: np.ndarray, bodies: np.ndarray) -> Acts:
    """An event log as the acts that patterns read. ``bodies``: [pair, quarter]."""
    log = np.sort(log, order="time", kind="stable")
    quarter = np.minimum((log["time"] * QUARTERS).astype(int), bodies.shape[1] - 1)
    return Acts(
        time=log["time"], pair=log["pair"].astype(int), bar=log["bar"].astype(int),
        hostility=log["hostility"].astype(int), actor=CLASS[log["act"]].astype(int),
        kind=log["issue"].astype(int), seen=log["reported"].astype(int),
        claim=log["answered"] >= 0, incident=log["incident"].astype(int),
        violent=log["act"] == VIOLENT, fatal=log["fatal"] > 0,
        body=bodies[log["pair"].astype(int), quarter],
    )  # fmt: skip
