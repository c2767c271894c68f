"""A study as the analysis sees it: declared names, one table of runs, series on demand.

Labels, units and directions come from the study's own declarations, so that a figure types none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
from numpy.typing import NDArray

OK = 0
QUARTER_YEARS = 0.25
DYAD_PEAK = "dyad_peak"


class StudyError(ValueError):
    """A study folder that cannot be read; the message is meant for the reader of a terminal."""


class Arm(NamedTuple):
    """One bundle of mechanisms with their intensities, 0 to 1.

    ``negotiated``: those left to the towns, with the most that they may agree on.
    """

    name: str
    label: str
    mechanisms: dict[str, float]
    negotiated: dict[str, float] | None = None


class Outcome(NamedTuple):
    """Declaration of one number per run. ``better``: lower, higher or none."""

    key: str
    label: str
    unit: str
    better: str
    kind: str
    about: str

    @property
    def bad_sign(self) -> int:
        """+1 when a rise is bad, -1 when a fall is bad, 0 when neither is."""
        return {"lower": 1, "higher": -1}.get(self.better, 0)

    @property
    def is_probability(self) -> bool:
        """True for 0/1 outcomes."""
        return self.kind == "probability"


class SeriesInfo(NamedTuple):
    """Declaration of one quarterly series with the ends of its scale."""

    key: str
    label: str
    unit: str
    lo: float
    hi: float


class RunCounts(NamedTuple):
    """Where every launched run went: launched = ok + failed + aborted + pending."""

    launched: int
    ok: int
    failed: int
    aborted: int
    pending: int = 0


@dataclass(frozen=True, eq=False)
class Study:
    """Everything a figure may ask for. Frames hold one row per finished run."""

    folder: Path
    manifest: dict[str, Any]
    provenance: dict[str, Any]
    region: dict[str, Any]
    declarations: dict[str, Any]
    arms: tuple[Arm, ...]
    outcomes: dict[str, Outcome]
    series_declared: dict[str, SeriesInfo]
    runs: pd.DataFrame  # row, arm (name), seed, status, one column per outcome
    counts: RunCounts
    histories: dict[str, dict[str, Any]]
    overrides: tuple[str, ...] = ()
    config_text: str = ""
    series_files: tuple[Path, ...] = ()
    _cache: dict[str, NDArray[np.float32]] = field(default_factory=dict, repr=False)

    @property
    def reference(self) -> Arm:
        """The arm that all others are compared with: the first."""
        return self.arms[0]

    @property
    def largest(self) -> Arm:
        """The arm with the most mechanisms in force (ties: the later one)."""
        return largest_of(self.arms)

    @property
    def years(self) -> float:
        """Length of a history in years."""
        return float(self.manifest["years"])

    @property
    def start_year(self) -> int:
        """Calendar year in which the histories begin."""
        return int(self.region["start_year"])

    @property
    def end_year(self) -> int:
        """Calendar year in which the histories end."""
        return self.start_year + round(self.years)

    @property
    def region_label(self) -> str:
        """The region's name in words."""
        return str(self.region["label"])

    @property
    def identity(self) -> str:
        """Hash of kernel, resolved scenario and design, as the manifest states it."""
        return str(self.manifest.get("identity", ""))

    @property
    def local_rungs(self) -> list[str]:
        """Names of the local ladder, calm first."""
        return [str(name) for name in self.declarations["local_rungs"]]

    @property
    def interstate_rungs(self) -> list[str]:
        """Names of the interstate ladder, normal first."""
        return [str(name) for name in self.declarations["interstate_rungs"]]

    def arm(self, name: str) -> Arm:
        """The arm of that name. Raises StudyError when there is none."""
        for arm in self.arms:
            if arm.name == name:
                return arm
        raise StudyError(f"no arm {name!r}; there are {', '.join(a.name for a in self.arms)}")

    def finished(self, arm: str) -> pd.DataFrame:
        """Successful runs of one arm, indexed by seed."""
        runs = self.runs
        chosen = runs[(runs["arm"] == arm) & (runs["status"] == OK)]
        return chosen.set_index("seed").sort_index()

    def values(self, arm: str, outcome: str) -> pd.Series:
        """One outcome of the successful runs of one arm, indexed by seed."""
        return self.finished(arm)[outcome].astype(float)

    def series(self, key: str, arm: str) -> NDArray[np.float32]:
        """Quarterly values [run, point] of the successful runs of one arm, by seed.

        An undeclared or unrecorded key gives an array with no points.
        """
        name = f"{arm}/{key}"
        if name not in self._cache:
            self._cache[name] = self._read_series(key, arm)
        return self._cache[name]

    def dyad_peak(self, arm: str) -> NDArray[np.float32]:
        """Highest local rung [run, dyad] of the successful runs of one arm, by seed."""
        return self.series(DYAD_PEAK, arm)

    def point_years(self, points: int) -> NDArray[np.float64]:
        """Calendar time of the ends of the first ``points`` quarters, in years."""
        return np.asarray(self.start_year + QUARTER_YEARS * np.arange(1, points + 1), dtype=float)

    def _read_series(self, key: str, arm: str) -> NDArray[np.float32]:
        rows = self.finished(arm)["row"].to_numpy()
        blocks, found = [], []
        for path in self.series_files:
            if key not in pq.read_schema(path).names:
                continue
            table = pq.read_table(path, columns=["row", key])
            flat = np.asarray(table[key].combine_chunks().flatten(), dtype=np.float32)
            blocks.append(flat.reshape(len(table), -1) if len(table) else flat.reshape(0, 0))
            found.append(np.asarray(table["row"]))
        if not blocks:
            return np.zeros((len(rows), 0), dtype=np.float32)
        return _pick(np.concatenate(found), np.concatenate(blocks), rows, key)


def _pick(
    found: NDArray[Any], block: NDArray[np.float32], rows: NDArray[Any], key: str
) -> NDArray[np.float32]:
    order = np.argsort(found)
    at = np.searchsorted(found[order], rows)
    at = np.minimum(at, len(found) - 1)
    if not np.array_equal(found[order][at], rows):
        raise StudyError(f"the series parts lack runs that the outcome parts have (series {key})")
    return block[order][at]


def largest_of(arms: Sequence[Arm]) -> Arm:
    """The arm with the most mechanisms in force (ties: the later one)."""
    return max(arms, key=lambda arm: (_strength(arm.mechanisms), arms.index(arm)))


def _strength(mechanisms: Mapping[str, float]) -> tuple[int, float]:
    acting = [value for value in mechanisms.values() if value > 0]
    return len(acting), float(sum(acting))
