"""A sweep as the analysis sees it: frames x points x seeds x arms, outcomes on demand.

A *frame* is one combination of what changes the scene (region, years, prepared sets); a *point* is
one value of every sampled setting. All frames share the points, all points the seeds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from analysis.censored import FIRST_TIMES, at_risk
from analysis.crossed import Design
from analysis.study import OK, Arm, Outcome, RunCounts, StudyError

MISSING = -1  # status of a run that no part holds
GRID = "grid"
Floats = NDArray[np.float64]


class Factor(NamedTuple):
    """One setting that was swept: a range with both ends, or a list of values."""

    key: str
    label: str
    unit: str
    kind: str  # range or list
    lo: float
    hi: float
    values: tuple[Any, ...]
    scale: str  # uniform or log
    whole: bool
    group: str
    default: Any
    sampled: bool  # False: its values make frames


class Frame(NamedTuple):
    """One combination of the settings that make frames.

    ``counts``: its own runs; ``arms``: what they switch on here; ``parameters``: as far as known.
    """

    case: int
    name: str  # of the region
    region_label: str
    label: str  # region and what else tells the frame from the others
    settings: dict[str, Any]
    years: float
    arms: tuple[Arm, ...]
    outcomes: dict[str, Outcome]
    counts: RunCounts
    complete: bool
    parameters: dict[str, float]

    @property
    def reference(self) -> Arm:
        """The arm that all others are compared with: the first."""
        return self.arms[0]

    def arm(self, name: str) -> Arm:
        """The arm of that name."""
        return next(arm for arm in self.arms if arm.name == name)


@dataclass(frozen=True, eq=False)
class Sweep:
    """Everything that the report of a sweep may ask for."""

    folder: Path
    manifest: dict[str, Any]
    provenance: dict[str, Any]
    declarations: dict[str, Any]
    regions: dict[str, dict[str, Any]]  # documents of the regions, by file
    arms: tuple[Arm, ...]
    outcomes: dict[str, Outcome]
    factors: tuple[Factor, ...]
    frames: tuple[Frame, ...]
    points: Floats  # [point, sampled factor]; flags are 0 and 1
    row: NDArray[np.int64]  # [frame, point, seed, arm]
    status: NDArray[np.int8]  # [row]
    parts: tuple[tuple[Path, NDArray[np.int64]], ...]  # files and the rows that they hold
    counts: RunCounts
    failures: dict[str, Any]
    overrides: tuple[str, ...]
    config_text: str

    @property
    def sampled(self) -> tuple[Factor, ...]:
        """The settings whose values make points."""
        return tuple(factor for factor in self.factors if factor.sampled)

    @property
    def crossed(self) -> tuple[Factor, ...]:
        """The settings whose values make frames."""
        return tuple(factor for factor in self.factors if not factor.sampled)

    @property
    def seeds(self) -> int:
        """Histories of each arm at each point."""
        return int(self.row.shape[2])

    @property
    def method(self) -> str:
        """How the points were drawn."""
        return str(self.manifest.get("method", GRID))

    @property
    def complete(self) -> bool:
        """False for a study that was broken off."""
        return bool(self.manifest.get("complete", True))

    @cached_property
    def design(self) -> Design:
        """Which points were drawn together, and whether they are a sample."""
        length = max(1, int(self.manifest.get("block", 1)))
        return Design(np.arange(len(self.points)) // length, self.method != GRID)

    def values(self, keys: Sequence[str]) -> dict[str, Floats]:
        """Outcomes [frame, point, seed, arm]; NaN for runs that failed or are missing.

        Times to a first event that never came count with the horizon (`analysis.censored`).
        """
        flat = {key: np.full(self.status.size, np.nan) for key in keys}
        for path, rows in self.parts:
            table = read_table(path, keys)
            for key in keys:
                flat[key][rows] = table[key].to_numpy()
        found = {}
        for key, values in flat.items():
            values[self.status != OK] = np.nan
            found[key] = values[self.row]
            if key in FIRST_TIMES:
                self._fill(key, found[key])
        return found

    def _fill(self, key: str, values: Floats) -> None:
        ended = self.status[self.row] == OK
        for f, frame in enumerate(self.frames):
            for a, arm in enumerate(frame.arms):
                if at_risk(arm, key):
                    there = values[f, :, :, a]
                    there[ended[f, :, :, a] & np.isnan(there)] = frame.years


def read_table(path: Path, columns: Sequence[str] | None) -> pa.Table:
    """Columns of a parquet file, all for None. Raises StudyError."""
    if not path.exists():
        raise StudyError(f"{path}: missing, so this is not a finished study folder")
    try:
        return pq.read_table(path, columns=None if columns is None else list(columns))
    except (OSError, pa.ArrowException, KeyError) as error:
        raise StudyError(f"{path}: not a readable parquet file ({error})") from error
