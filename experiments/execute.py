"""Simulate runs of a study, a chunk at a time.

A run needs its book (case, arm) and its row of the list of runs (seed, values of the sampled
settings), nothing else: who simulates it, with how many threads and in which chunk, changes no bit.
A run that stops with an error is kept as failed, with the traceback; its neighbours go on.
"""

from __future__ import annotations

import contextlib
import re
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local
from typing import Any

import numpy as np

from experiments.book import Book
from experiments.part_files import Part
from experiments.plan import Layout
from experiments.provenance import thread_count
from experiments.runs import Runs
from experiments.sweep_checks import DYAD_PEAK

STOPPED = 3  # status of a run that ended with an error of the program; 1 and 2 are the model's
BATCH = 16  # runs that a thread takes at a time, fewer where a chunk has few


def scenarios_of(book: Book, runs: Runs) -> list[Any]:
    """The scenario of every run."""
    return [
        book.base(case, arm).of(values, seed)
        for case, arm, seed, values in zip(
            runs.case.tolist(), runs.arm.tolist(), runs.seed.tolist(), runs.values, strict=True
        )
    ]


def simulate_runs(
    book: Book, runs: Runs, start: int, threads: int | None, on_progress: Callable[[int], None]
) -> Part:
    """Simulate runs of one case; ``start``: row of the first. ``on_progress`` hears how many."""
    scenarios = scenarios_of(book, runs)
    names = [arm.name for arm in book.cases[int(runs.case[0])].arms]
    results, error = ensemble(scenarios, threads, on_progress)
    layout = book.layout
    row = np.arange(start, start + runs.size)
    logs = _events(scenarios, results.status, row, threads) if layout.events else None
    return Part(
        row=row,
        arm=[names[arm] for arm in runs.arm.tolist()],
        seed=runs.seed,
        status=results.status,
        error=error,
        outcomes={key: results.outcomes[key] for key in layout.outcomes},
        series=_series(results, layout),
        events=logs,
    )


def batch_of(runs: int, threads: int | None) -> int:
    """Runs that a thread takes at a time: every thread gets some four turns at least."""
    return max(1, min(BATCH, runs // (4 * (threads or thread_count()))))


def ensemble(
    scenarios: Sequence[Any], threads: int | None, on_progress: Callable[[int], None]
) -> tuple[Any, list[str | None]]:
    """All runs at once; where that stops with an error, one by one, to find whose it is."""
    from sim.simulate import STATUS, simulate_many

    results, found = None, dict[int, str]()
    with contextlib.suppress(Exception):
        results = simulate_many(
            scenarios, threads=threads, chunk=batch_of(len(scenarios), threads),
            on_chunk=on_progress,
        )  # fmt: skip
    if results is None:
        results, found = _singly(scenarios, on_progress)
    error = [
        found.get(place, STATUS[status] if 0 < status < len(STATUS) else None)
        for place, status in enumerate(results.status.tolist())
    ]
    return results, error


def _singly(
    scenarios: Sequence[Any], on_progress: Callable[[int], None]
) -> tuple[Any, dict[int, str]]:
    """Each run by itself; those that stop leave NaN and their traceback."""
    from sim.simulate import simulate_many

    done: list[Any] = []
    found: dict[int, str] = {}
    for place, scenario in enumerate(scenarios):
        try:
            done.append(simulate_many([scenario], threads=1))
        except Exception:
            done.append(None)
            found[place] = portable(traceback.format_exc())
        on_progress(place + 1)
    return _joined(scenarios[0], done), found


def portable(text: str) -> str:
    """A traceback whose paths say nothing of the machine: those of ours from the tree on."""
    root = Path(__file__).resolve().parent.parent.as_posix() + "/"

    def shown(found: re.Match[str]) -> str:
        path = found[1].replace("\\", "/")
        inside = path.rpartition("site-packages/")[2].removeprefix(root)
        return f'File "{inside if inside != path else Path(path).name}"'

    return re.sub(r'File "([^"]+)"', shown, text)


def _joined(scenario: Any, done: Sequence[Any]) -> Any:
    """Ensembles of one run each as one; None stands for a run that stopped."""
    from sim.outcomes import OUTCOMES
    from sim.record import SERIES
    from sim.simulate import Ensemble, points_of

    lost = Ensemble(
        {key: np.array([np.nan]) for key in OUTCOMES},
        np.full((1, points_of(scenario), len(SERIES)), np.nan, dtype=np.float32),
        np.full((1, scenario.region.topology.dyad.key.size), np.nan, dtype=np.float32),
        np.array([STOPPED], dtype=np.int8),
    )
    each = [lost if one is None else one for one in done]
    return Ensemble(
        {key: np.concatenate([one.outcomes[key] for one in each]) for key in OUTCOMES},
        *(np.concatenate([getattr(one, name) for one in each])
          for name in ("series", "dyad_peak", "status")),
    )  # fmt: skip


def _series(results: Any, layout: Layout) -> dict[str, np.ndarray]:
    """The series that are kept, at the stride asked for; the peak of each dyad has no time."""
    from sim.record import SERIES

    place = {series.key: column for column, series in enumerate(SERIES)}
    step = slice(layout.every - 1, None, layout.every)
    return {
        key: np.asarray(
            results.dyad_peak if key == DYAD_PEAK else results.series[:, step, place[key]],
            dtype=np.float32,
        )
        for key in layout.series
    }


def _events(
    scenarios: Sequence[Any], status: np.ndarray, row: np.ndarray, threads: int | None
) -> dict[str, np.ndarray]:
    """The event log of every run that ended well, one under the other.

    The histories are simulated a second time: an ensemble keeps no logs.
    """
    from sim.events import EVENT

    good = [place for place, one in enumerate(status.tolist()) if one == 0]
    own = local()
    with ThreadPoolExecutor(max_workers=threads or thread_count()) as pool:
        logs = list(pool.map(lambda place: _log(scenarios[place], own), good))
    rows = [np.full(log.size, row[place]) for place, log in zip(good, logs, strict=True)]
    whole = np.concatenate([np.zeros(0, EVENT), *logs])
    names = EVENT.names or ()
    return {"row": np.concatenate([np.zeros(0, np.int64), *rows]),
            **{name: np.ascontiguousarray(whole[name]) for name in names}}  # fmt: skip


def _log(scenario: Any, own: local) -> np.ndarray:
    """The event log of one history, in the workspace of this thread."""
    from sim.events import EVENTS
    from sim.simulate import advance, workspace
    from sim.units import ticks_in

    if not hasattr(own, "space"):
        own.space = workspace(scenario.region.topology, scenario.years)
    first = -ticks_in(scenario.spinup_years, scenario.tick_weeks)
    last = ticks_in(scenario.years, scenario.tick_weeks)
    advance(scenario, own.space, first, last, fresh=True)
    log: np.ndarray = own.space.log[: own.space.state.tally[EVENTS]].copy()
    return log
