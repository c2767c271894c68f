"""Simulate the runs of a study chunk by chunk, each chunk kept before the next begins.

The design is a list of (arm, seed) with all arms of a seed side by side, so that whatever is
finished early is already paired. A run is identified by its arm and seed alone: more seeds leave
the earlier runs as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.store import Chunk, Part, write_part
from experiments.study import Study

DYAD_PEAK = "dyad_peak"


class Row(NamedTuple):
    """One run of the design. ``arm``: row of the study's arms."""

    row: int
    arm: int
    seed: int


class Counts(NamedTuple):
    """Where finished runs went."""

    ok: int
    failed: int


def design(study: Study) -> list[Row]:
    """Every run of a study, all arms of a seed side by side."""
    arms = len(study.arms)
    return [
        Row(number, number % arms, study.first_seed + number // arms)
        for number in range(arms * study.seeds)
    ]


def simulate_chunk(
    study: Study, rows: Sequence[Row], threads: int | None, on_progress: Callable[[int], None]
) -> Part:
    """Simulate some runs of the design. ``on_progress`` hears how many of them are done."""
    from sim.simulate import simulate_many

    scenarios = _scenarios(study, rows)
    ensemble = simulate_many(scenarios, threads=threads, chunk=16, on_chunk=on_progress)
    return Part(
        row=np.array([row.row for row in rows]),
        arm=[study.arms[row.arm].name for row in rows],
        seed=np.array([row.seed for row in rows]),
        status=np.asarray(ensemble.status),
        outcomes={key: np.asarray(values) for key, values in ensemble.outcomes.items()},
        series=_series(ensemble),
    )


def run_chunk(
    study: Study, folder: Path, chunk: Chunk, rows: Sequence[Row], marks: Mapping[str, str],
    on_progress: Callable[[int], None],
) -> Counts:  # fmt: skip
    """Simulate one chunk and write its part."""
    part = simulate_chunk(study, rows, study.settings["threads"], on_progress)
    write_part(folder, chunk, part, marks)
    failed = int(np.count_nonzero(part.status))
    return Counts(len(rows) - failed, failed)


def _scenarios(study: Study, rows: Sequence[Row]) -> list[Any]:
    """One scenario per run; runs of an arm share everything but the seed."""
    shared: dict[int, Any] = {}
    for row in rows:
        if row.arm not in shared:
            shared[row.arm] = study.scenario(study.arms[row.arm], row.seed)
    return [shared[row.arm]._replace(seed=row.seed) for row in rows]


def _series(ensemble: Any) -> dict[str, np.ndarray]:
    """Series by key, and the highest local rung of each dyad."""
    from sim.record import SERIES

    values = np.asarray(ensemble.series, dtype=np.float32)
    named = {series.key: values[:, :, column] for column, series in enumerate(SERIES)}
    return {**named, DYAD_PEAK: np.asarray(ensemble.dyad_peak, dtype=np.float32)}
