"""Run histories: one with its log, or many on all cores.

A chunk of runs is handed to a thread; the compiled loop holds no interpreter lock. Every run resets
the thread's own state, so results do not depend on threads, chunks or the order of runs.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import local
from typing import Any, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.count import COUNTS, count_events
from sim.events import EVENT, EVENTS, OVERFLOW, records
from sim.mechanisms import MECHANISMS
from sim.outcomes import OUTCOMES, Chunk
from sim.outcomes.base import SUMS
from sim.parameters import unpack
from sim.record import SERIES, STRIDE_WEEKS, look_back, new_maxima, quarters_by, record
from sim.scenario import Scenario, schedule
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
from sim.year_zero import YearZero, kept, resume, shared_key, side_by_side

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


def _one(
    scenario: Scenario, space: Workspace, zero: YearZero | None = None
) -> tuple[np.ndarray, ...]:
    """Run one scenario in a workspace: series, dyads, pairs, counts, sums and status.

    ``zero``: its year 0, where another history has been through the years before.
    """
    topology = scenario.region.topology
    points = points_of(scenario)
    series = np.zeros((points, len(SERIES)))
    dyads = np.zeros((points, topology.dyad.key.size))
    pairs = np.zeros((points, topology.pair.key.size))
    if zero is None:
        renew(scenario, space)
    else:
        resume(zero, space.state, space.log)
    seed: Any = np.uint64(scenario.seed)
    first = 0 if zero else -ticks_in(scenario.spinup_years, scenario.tick_weeks)
    last = ticks_in(scenario.years, scenario.tick_weeks)
    run(*space.references, schedule(scenario), scenario.parameters,
        seed, first, last, scenario.tick_weeks, STRIDE_WEEKS, series, dyads, pairs,
        zero is None)
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


def _year_zero(scenario: Scenario, space: Workspace) -> YearZero:
    """Go through the years before the start, and keep what they lead to."""
    first = -ticks_in(scenario.spinup_years, scenario.tick_weeks)
    advance(scenario, space, first, 0, fresh=True)
    return kept(space.state, space.log)


def _in_turn(
    scenarios: Sequence[Scenario], keys: Sequence[bytes], places: Sequence[int], space: Workspace
) -> Iterator[tuple[int, tuple[np.ndarray, ...]]]:
    """Run some of the scenarios one after the other; neighbours of one key share their year 0."""
    zero = None
    for i, after in zip(places, [*places[1:], -1], strict=True):
        shared = after >= 0 and keys[after] == keys[i] and scenarios[i].spinup_years > 0.0
        if zero is None and shared:
            zero = _year_zero(scenarios[i], space)
        yield i, _one(scenarios[i], space, zero)
        zero = zero if shared else None


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

    Those that share their years before the start are run one after the other, and go through them
    once (`sim.year_zero`).
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
    keys = [shared_key(scenario) for scenario in scenarios]
    order = side_by_side(keys)

    def work(start: int) -> int:
        if not hasattr(own, "space"):
            own.space = workspace(topology, head.years)
        places = order[start : start + chunk]
        for i, found in _in_turn(scenarios, keys, places, own.space):
            series[i], _, _, counts[i], sums[i], status[i] = found
            peak[i] = own.space.state.dyad.top
        return len(places)

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
