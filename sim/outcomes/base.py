"""What an outcome is, and the chunk of histories that it reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.counts import COUNTS
from sim.record import KEYS

SUMS = (
    "weeks_closed", "spent", "losses", "storm_losses", "heat_losses", "struck", "spent_setup",
    "matched_money", "leaked_money", "reserves", "spent_poorest", "signed", "lapsed", "in_force",
    "first_signed", "faced_elections", "lost_elections", "faced_crises", "lost_crises",
)  # fmt: skip


class Chunk(NamedTuple):
    """Histories of one region and horizon. Axes: run first."""

    counts: NDArray[np.float64]  # [run, count]
    series: NDArray[np.float32]  # [run, point, series]
    sums: NDArray[np.float64]  # [run, sum]
    years: float
    population: float  # persons in groups
    dyads: int

    def number(self, name: str) -> NDArray[np.float64]:
        """One count of every run [run]."""
        return self.counts[:, COUNTS.index(name)]

    def path(self, name: str) -> NDArray[np.float64]:
        """One series [run, point]."""
        return self.series[:, :, KEYS.index(name)].astype(np.float64)

    def total(self, name: str) -> NDArray[np.float64]:
        """One final sum [run]."""
        return self.sums[:, SUMS.index(name)]


class Outcome(NamedTuple):
    """Definition of one outcome."""

    key: str
    label: str
    unit: str
    better: str  # "lower", "higher" or "none"
    kind: str  # "probability", "rate", "share", "level", "time", "money", "count"
    about: str
    compute: Callable[[Chunk], NDArray[np.float64]]


def mean_path(chunk: Chunk, name: str) -> NDArray[np.float64]:
    """Mean over time of a series [run]; NaN when nothing was recorded."""
    path = chunk.path(name)
    if path.shape[1] == 0:
        return np.full(path.shape[0], np.nan)
    mean: NDArray[np.float64] = path.mean(axis=1)
    return mean


def last_path(chunk: Chunk, name: str) -> NDArray[np.float64]:
    """Last recorded value of a series [run]; NaN when nothing was recorded."""
    path = chunk.path(name)
    return path[:, -1] if path.shape[1] else np.full(path.shape[0], np.nan)


def worst_path(chunk: Chunk, name: str) -> NDArray[np.float64]:
    """Lowest recorded value of a series [run]; NaN when nothing was recorded."""
    path = chunk.path(name)
    return path.min(axis=1) if path.shape[1] else np.full(path.shape[0], np.nan)


def ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    """Top / bottom, NaN where bottom is 0."""
    safe = np.where(bottom > 0, bottom, 1.0)
    return np.where(bottom > 0, top / safe, np.nan)
