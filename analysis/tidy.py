"""Tidy frames of a study folder, for notebooks: ``from analysis import load``.

``load(folder)`` reads a comparison or a sweep as a `TidyStudy`. Its frames are plain pandas, one
observation a row, the same columns for both kinds of study:

    row       number of the run in the study; `thalweg replay DIR ROW` makes it again
    region    name of the region
    arm       name of the arm; seed: runs of equal region, point and seed are a pair
    point     number of the point of a sweep; 0 in a comparison
    ...       one column per swept setting, by its key
    status    ok or failed

Labels and units stand in ``outcomes``, ``arms`` and ``factors``, as the study declares them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from analysis import tidy_effects
from analysis.comparisons import is_sweep, load_comparison, read_manifest
from analysis.paper_kit import Source, source_of
from analysis.study import OK, QUARTER_YEARS, RunCounts, Study, StudyError
from analysis.sweep_study import MISSING, Factor, Sweep, read_table
from analysis.sweeps import load_sweep

ENDINGS = {OK: "ok"}
FAILED = "failed"


def load_tidy(folder: str | Path) -> TidyStudy:
    """The study in ``folder``, a comparison or a sweep. Raises StudyError in plain words."""
    swept = is_sweep(read_manifest(Path(folder)))
    return TidyStudy(load_sweep(folder) if swept else load_comparison(folder))


@dataclass(frozen=True, eq=False)
class TidyStudy:
    """A study folder as tidy frames. ``stored``: the same as the rest of `analysis` takes it."""

    stored: Study | Sweep

    @property
    def folder(self) -> Path:
        """Where the study lies."""
        return self.stored.folder

    @property
    def manifest(self) -> dict[str, Any]:
        """What the folder says of itself (identity, arms, seeds, runs, settings)."""
        return self.stored.manifest

    @property
    def counts(self) -> RunCounts:
        """Where every run went, with launched = ok + failed + aborted + pending."""
        return self.stored.counts

    @property
    def outcomes(self) -> pd.DataFrame:
        """Label, unit, good direction, kind and definition of every outcome, by key."""
        return _declared(self.stored.outcomes.values(), "key")

    @property
    def arms(self) -> pd.DataFrame:
        """Label and mechanisms (intensity, and the most that is left to the towns), by name."""
        return _declared(self.stored.arms, "name")

    @property
    def factors(self) -> pd.DataFrame:
        """Label, unit, range or values of every swept setting, by key; empty in a comparison."""
        factors = self.stored.factors if isinstance(self.stored, Sweep) else ()
        return _declared(factors, "key", Factor._fields)

    def runs(self) -> pd.DataFrame:
        """One row a run: the columns above and every outcome in its declared unit.

        A number that is not defined in a history (the time of a crisis that never came) and every
        outcome of a failed run is NaN. Points of equal values share their runs.
        """
        keys = self._keys
        parts = [read_table(path, ("row", *self.stored.outcomes)) for path in self._files("part")]
        values = pd.concat([part.to_pandas() for part in parts], ignore_index=True)
        whole = keys.merge(values, on="row", how="left", validate="many_to_one")
        whole.loc[whole["status"] != ENDINGS[OK], list(self.stored.outcomes)] = np.nan
        return whole

    def series(self, key: str) -> pd.DataFrame:
        """One row a successful run and quarter: the columns above, year and value.

        ``year`` is the end of the quarter. Raises StudyError when the series was not kept.
        """
        found = [_series(path, key) for path in self._files("series")
                 if key in pq.read_schema(path).names]  # fmt: skip
        kept = [name for name in self._kept if name in self._declared_series]
        if not found or key not in self._declared_series:
            told = f"it keeps {', '.join(kept)}" if kept else "it keeps none"
            raise StudyError(f"{self.folder}: no series {key!r} was kept; {told}")
        values = pd.concat(found, ignore_index=True)
        keys = self._keys[self._keys["status"] == ENDINGS[OK]].drop(columns="status")
        whole = keys.merge(values, on="row", how="inner")
        step = QUARTER_YEARS * int((self.manifest.get("layout") or {}).get("every", 1))
        start = whole["region"].map(self._start_years)
        whole["year"] = start + step * (whole.pop("point_of_time") + 1)
        return whole[[*keys.columns, "year", "value"]]

    def effects(self) -> pd.DataFrame:
        """One row a region, arm and outcome: paired difference from the first arm, and interval.

        Columns are those of `analysis.paper_figures`, so that rows can be drawn as they are, and
        what the effect rests on: means of both arms, pairs, shares that got better and worse,
        variance reduction, the method of the interval.
        """
        if isinstance(self.stored, Sweep):
            return tidy_effects.of_sweep(self.stored)
        return tidy_effects.of_comparison(self.stored)

    def source(self, counted: str) -> Source:
        """What a figure of this study says under it; ``counted``: such as ``200 pairs``."""
        return source_of(self.stored, counted)

    def __repr__(self) -> str:
        kind = "sweep" if isinstance(self.stored, Sweep) else "comparison"
        return f"<{kind} {self.folder}: {self.counts.ok:,} runs, {len(self.stored.arms)} arms>"

    @cached_property
    def _keys(self) -> pd.DataFrame:
        stored = self.stored
        return _sweep_keys(stored) if isinstance(stored, Sweep) else _comparison_keys(stored)

    @property
    def _declared_series(self) -> set[str]:
        return {str(entry["key"]) for entry in self.stored.declarations.get("series", [])}

    @property
    def _kept(self) -> list[str]:
        files = self._files("series")
        return [name for name in pq.read_schema(files[0]).names if name != "row"] if files else []

    @property
    def _start_years(self) -> dict[str, int]:
        stored = self.stored
        regions = stored.regions.values() if isinstance(stored, Sweep) else (stored.region,)
        return {str(region.get("name", self.manifest.get("region"))): int(region["start_year"])
                for region in regions}  # fmt: skip

    def _files(self, kind: str) -> list[Path]:
        return sorted(self.folder.glob(f"{kind}-*.parquet"))


def _declared(entries: Any, index: str, fields: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Declarations as a table."""
    rows = [entry._asdict() for entry in entries]
    return pd.DataFrame(rows, columns=None if rows else fields).set_index(index)


def _comparison_keys(study: Study) -> pd.DataFrame:
    runs = study.runs
    region = str(study.region.get("name", study.manifest.get("region", "")))
    return pd.DataFrame({
        "row": runs["row"], "region": region, "arm": runs["arm"], "seed": runs["seed"],
        "point": 0, "status": _ended(runs["status"]),
    })  # fmt: skip


def _sweep_keys(sweep: Sweep) -> pd.DataFrame:
    """Every entry of the design whose run is in, in its order."""
    frame, point, seed, arm = (place.ravel() for place in np.indices(sweep.row.shape))
    row = sweep.row.ravel()
    names = np.array([arm.name for arm in sweep.arms], dtype=object)
    regions = np.array([one.name for one in sweep.frames], dtype=object)
    found: dict[str, Any] = {
        "row": row, "region": regions[frame], "arm": names[arm],
        "seed": seed + int(sweep.manifest["seeds"]["first"]), "point": point,
    }  # fmt: skip
    for factor in sweep.crossed:
        if factor.key != "region":
            values = [one.settings.get(factor.key) for one in sweep.frames]
            found[factor.key] = pd.Series(values)[frame].to_numpy()
    for place, factor in enumerate(sweep.sampled):
        found[factor.key] = _as_given(factor, sweep.points[:, place])[point]
    found["status"] = _ended(pd.Series(sweep.status[row])).to_numpy()
    there = sweep.status[row] != MISSING
    kept: pd.DataFrame = pd.DataFrame(found)[there].reset_index(drop=True)
    return kept


def _as_given(factor: Factor, values: Any) -> Any:
    """Values of a list as they were given (flags are stored as 0 and 1); numbers as they are."""
    if factor.kind != "list":
        return values
    given = {float(one): one for one in factor.values}  # noqa: PD011 (a tuple, not a frame)
    return pd.Series([given.get(float(one), one) for one in values]).to_numpy()


def _ended(status: pd.Series) -> pd.Series:
    return status.map(ENDINGS).fillna(FAILED)


def _series(path: Path, key: str) -> pd.DataFrame:
    """Long form of one file of series."""
    table = read_table(path, ("row", key))
    flat = np.asarray(table[key].combine_chunks().flatten())
    points = flat.size // max(len(table), 1)
    return pd.DataFrame({
        "row": np.repeat(table["row"].to_numpy(), points),
        "point_of_time": np.tile(np.arange(points), len(table)), "value": flat,
    })  # fmt: skip
