"""Run histories: one with its log, or many on all cores.

A chunk of runs is handed to a thread; the compiled loop holds no interpreter lock. Every run resets
the thread's own state, so results do not depend on threads, chunks or the order of runs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.count import COUNTS, count_events
from sim.events import EVENT, EVENTS, OVERFLOW, records
from sim.mechanisms import (
    CONDITIONAL,
    LEGISLATED,
    MECHANISM_KEYS,
    MECHANISMS,
    NAMES,
    PAID,
    PROMISED,
    RELEVANCE,
    SURVIVES_CLOSURE,
)
from sim.outcomes import OUTCOMES, Chunk
from sim.outcomes.base import SUMS
from sim.parameters import KEYS, unpack
from sim.record import SERIES, STRIDE_WEEKS, look_back, new_maxima, quarters_by, record
from sim.scenario import Scenario
from sim.schedule import Schedule
from sim.scratch import Scratch, allocate_scratch
from sim.start import begin
from sim.state import State, allocate, restart
from sim.structures import (
    parameters_by_reference,
    schedule_by_reference,
    scratch_by_reference,
    state_by_reference,
    topology_by_reference,
)
from sim.sums import final_sums
from sim.tick import tick
from sim.topology import Topology
from sim.undone import set_undone
from sim.units import WEEKS_PER_YEAR, ticks_in

OK, NUMERICAL, LOG_FULL = 0, 1, 2
STATUS = ("ok", "numerical failure", "event log full")


class History(NamedTuple):
    """One history: its log (sim.events.EVENT), series and outcomes."""

    events: np.ndarray
    series: np.ndarray  # [point, series]
    dyad_series: np.ndarray  # [point, dyad] highest local rung of the quarter
    pair_series: np.ndarray  # [point, pair] highest interstate rung of the quarter
    outcomes: dict[str, float]
    status: int


class Ensemble(NamedTuple):
    """Many histories; axis run in the order asked for."""

    outcomes: dict[str, np.ndarray]  # [run]
    series: np.ndarray  # [run, point, series] float32
    dyad_peak: np.ndarray  # [run, dyad] highest local rung
    status: np.ndarray  # [run]


class Workspace(NamedTuple):
    """What one thread owns: arrays, and references to them for compiled code."""

    state: State
    scratch: Scratch
    log: np.ndarray
    references: tuple[Any, Any, Any, Any]  # topology, state, scratch, log


@kernel
def run(
    topology: Topology, s: State, w: Scratch, log: np.ndarray, plan: Schedule, row: np.ndarray,
    seed: int, first: int, last: int, weeks: float, every: float, series: np.ndarray,
    dyads: np.ndarray, pairs: np.ndarray, fresh: bool,
) -> None:
    """The compiled loop over ticks [first, last); negative ticks are the spin-up.

    ``every``: weeks between two recorded points. ``fresh``: begin a history first (its state has
    been reset); else go on from the state given.
    """
    p = parameters_by_reference(unpack(row))
    asked = schedule_by_reference(plan)
    if fresh:
        begin(topology, s, p, seed)
    dt = weeks / WEEKS_PER_YEAR
    for t in range(first, last):
        if t == 0:
            new_maxima(s)
            for i in range(s.pair.earlier.size):
                s.pair.earlier[i] = s.pair.last_militarized[i]
        tick(topology, s, w, log, asked, p, seed, t, weeks)
        if t < 0:
            look_back(topology, s, dt)
            continue
        for i in range(topology.pair.key.size):
            closed = min(max(s.pair.closed_until[i] - t * dt, 0.0), dt)
            s.pair.closed_weeks[i] += closed * WEEKS_PER_YEAR
        k = quarters_by(t, weeks, every)
        if quarters_by(t + 1, weeks, every) > k and k < series.shape[0]:
            record(topology, s, (t + 1) * dt, series[k], dyads[k], pairs[k])


def schedule(scenario: Scenario) -> Schedule:
    """What the study asks for, with the mechanisms' costs and times from the parameter row."""
    def number(key: str) -> np.ndarray:
        return np.array([scenario.parameters[KEYS.index(f"{n}.{key}")] for n in NAMES])

    return Schedule(
        np.ascontiguousarray(scenario.intensity), np.ascontiguousarray(scenario.negotiable),
        scenario.from_year, number("cost_per_year"), number("setup_cost"), number("setup_years"),
        SURVIVES_CLOSURE, PROMISED, CONDITIONAL, LEGISLATED, PAID, RELEVANCE, MECHANISM_KEYS,
    )  # fmt: skip


def workspace(topology: Topology, years: float) -> Workspace:
    """State, scratch arrays and an event log with room for a busy history."""
    room = int(4096 + years * (60 * topology.dyad.key.size + 400 * topology.pair.key.size))
    room = min(room, 20_000_000)
    state, scratch = allocate(topology, len(MECHANISMS)), allocate_scratch(topology)
    log = np.zeros(room, dtype=EVENT)
    references = (topology_by_reference(topology), state_by_reference(state),
                  scratch_by_reference(scratch), records(log))
    return Workspace(state, scratch, log, references)


def renew(scenario: Scenario, space: Workspace) -> None:
    """Make a workspace ready for a history: its state as declared, its list of undone acts."""
    restart(space.state)
    set_undone(space.log, space.state.tally, scenario.undone, scenario.tick_weeks)


def advance(scenario: Scenario, space: Workspace, first: int, last: int, fresh: bool) -> None:
    """Go through ticks [first, last) of one history in a workspace, recording no series.

    ``fresh``: begin it; else go on from the state that the workspace holds.
    """
    topology = scenario.region.topology
    if fresh:
        renew(scenario, space)
    seed: Any = np.uint64(scenario.seed)
    nothing = np.zeros((0, len(SERIES)))
    dyads, pairs = np.zeros((0, topology.dyad.key.size)), np.zeros((0, topology.pair.key.size))
    run(*space.references, schedule(scenario), scenario.parameters, seed, first, last,
        scenario.tick_weeks, STRIDE_WEEKS, nothing, dyads, pairs, fresh)


def points_of(scenario: Scenario) -> int:
    """Number of recorded points of a history."""
    last = ticks_in(scenario.years, scenario.tick_weeks)
    return int(quarters_by(last, scenario.tick_weeks, STRIDE_WEEKS))


def _one(scenario: Scenario, space: Workspace) -> tuple[np.ndarray, ...]:
    """Run one scenario in a workspace: series, dyads, pairs, counts, sums and status."""
    topology = scenario.region.topology
    points = points_of(scenario)
    series = np.zeros((points, len(SERIES)))
    dyads = np.zeros((points, topology.dyad.key.size))
    pairs = np.zeros((points, topology.pair.key.size))
    renew(scenario, space)
    seed: Any = np.uint64(scenario.seed)
    first = -ticks_in(scenario.spinup_years, scenario.tick_weeks)
    last = ticks_in(scenario.years, scenario.tick_weeks)
    run(*space.references, schedule(scenario), scenario.parameters,
        seed, first, last, scenario.tick_weeks, STRIDE_WEEKS, series, dyads, pairs,
        True)
    return (series, dyads, pairs, *ended(scenario, space, series))


def ended(
    scenario: Scenario, space: Workspace, series: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts, final sums and status of the history that a workspace holds."""
    counts = np.zeros(len(COUNTS))
    s, tally = space.state, space.state.tally
    pairs = scenario.region.topology.pair.key.size
    count_events(space.references[3], tally, tally[EVENTS], pairs, scenario.years, counts,
                 s.pair.earlier)
    sums = final_sums(scenario, s)
    status = OK if np.isfinite(series).all() and np.isfinite(sums).all() else NUMERICAL
    if tally[OVERFLOW] > 0:
        status = LOG_FULL
    return counts, sums, np.array(status)


def _chunk(scenario: Scenario, counts: np.ndarray, series: np.ndarray, sums: np.ndarray) -> Chunk:
    topology = scenario.region.topology
    return Chunk(counts, series, sums, scenario.years, float(topology.group.size.sum()),
                 int(topology.dyad.key.size))


def simulate(scenario: Scenario) -> History:
    """Run one history and keep everything."""
    space = workspace(scenario.region.topology, scenario.years)
    series, dyads, pairs, *_ = _one(scenario, space)
    return history_of(scenario, space, series, dyads, pairs)


def history_of(
    scenario: Scenario, space: Workspace, series: np.ndarray, dyads: np.ndarray, pairs: np.ndarray
) -> History:
    """Everything about the history that a workspace holds."""
    counts, sums, status = ended(scenario, space, series)
    chunk = _chunk(scenario, counts[None], series[None].astype(np.float32), sums[None])
    outcomes = {k: float(o.compute(chunk)[0]) for k, o in OUTCOMES.items()}
    events = space.log[: space.state.tally[EVENTS]].copy()
    return History(events, series.astype(np.float32), dyads.astype(np.float32),
                   pairs.astype(np.float32), outcomes, int(status))


def simulate_many(
    scenarios: Sequence[Scenario],
    *,
    threads: int | None = None,
    chunk: int = 64,
    on_chunk: Callable[[int], None] | None = None,
) -> Ensemble:
    """Run many scenarios of one region, horizon and tick length on all cores.

    ``on_chunk`` is called from this thread with the number of runs done. A failed run keeps its
    place: status is not 0 and its outcomes are NaN.
    """
    if not scenarios:
        raise ValueError("no scenarios given")
    head = scenarios[0]
    topology, points = head.region.topology, points_of(head)
    n, dyads = len(scenarios), topology.dyad.key.size
    series = np.zeros((n, points, len(SERIES)), dtype=np.float32)
    peak = np.zeros((n, dyads), dtype=np.float32)
    counts = np.zeros((n, len(COUNTS)))
    sums = np.zeros((n, len(SUMS)))
    status = np.zeros(n, dtype=np.int8)
    own = local()

    def work(start: int) -> int:
        if not hasattr(own, "space"):
            own.space = workspace(topology, head.years)
        stop = min(start + chunk, n)
        for i in range(start, stop):
            path, _, _, counts[i], sums[i], failed = _one(scenarios[i], own.space)
            series[i] = path
            peak[i] = own.space.state.dyad.top
            status[i] = failed
        return stop - start

    workers = threads or os.cpu_count() or 1
    done = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(work, start) for start in range(0, n, chunk)]
        try:
            for future in futures:
                done += future.result()
                if on_chunk is not None:
                    on_chunk(done)
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    values = {k: o.compute(_chunk(head, counts, series, sums)) for k, o in OUTCOMES.items()}
    for array in values.values():
        array[status != OK] = np.nan
    return Ensemble(values, series, peak, status)
