"""Read a sweep: the runs of several frames and points, and check that they add up.

``load_sweep(folder)`` gives a `Sweep` or raises `StudyError` with one plain sentence. Outcomes are
read when they are asked for (`Sweep.values`), so that a hundred thousand runs take little memory.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis import words
from analysis.comparisons import (
    arms_of,
    is_sweep,
    outcomes_of,
    read_json,
    read_manifest,
    read_text,
    reconciled,
)
from analysis.study import OK, Arm, Outcome, RunCounts, StudyError
from analysis.sweep_study import MISSING, Factor, Floats, Frame, Sweep, read_table


def load_sweep(folder: str | Path) -> Sweep:
    """Read the sweep in ``folder``. Raises StudyError."""
    place = Path(folder)
    manifest = read_manifest(place)
    if not is_sweep(manifest):
        raise StudyError(
            f"{place}: a comparison, one frame and one point. This is asked of a sweep, in which "
            "settings vary, for example: thalweg sweep study=doubts"
        )
    declarations = read_json(place / "declarations.json")
    arms = arms_of(manifest, place)
    outcomes = outcomes_of(declarations, manifest, place)
    factors = _factors(manifest)
    design = read_table(place / "design.parquet", None)
    row = _rows(place, manifest, design, arms)
    points = _points(design, row.shape, factors)
    status, parts = _status(place, design, int(manifest["runs"]["launched"]), arms)
    there = status[status != MISSING]
    counts = reconciled(place, manifest, int((there == OK).sum()), int((there != OK).sum()))
    regions = _regions(place, manifest)
    return Sweep(
        folder=place, manifest=manifest,
        provenance=read_json(place / "provenance.json", optional=True),
        declarations=declarations, regions=regions, arms=arms, outcomes=outcomes,
        factors=factors, frames=_frames(place, manifest, regions, outcomes, status, row),
        points=points, row=row, status=status, parts=parts, counts=counts,
        failures=read_json(place / "failures.json", optional=True),
        overrides=tuple(read_text(place / "overrides.txt").splitlines()),
        config_text=read_text(place / "config.yaml"),
    )  # fmt: skip


def _factors(manifest: dict[str, Any]) -> tuple[Factor, ...]:
    sampled = set(manifest.get("sampled", []))
    return tuple(
        Factor(
            str(f["key"]), _label(f),
            str(f.get("unit") or ""), str(f["kind"]), float(f["lo"]), float(f["hi"]),
            tuple(f["values"]), str(f.get("scale", "uniform")), bool(f.get("whole")),
            str(f.get("group") or ""), f.get("default"), f["key"] in sampled,
        )
        for f in manifest.get("factors", [])
    )  # fmt: skip


def _label(factor: dict[str, Any]) -> str:
    """What a setting is called; the declared meaning of ``region`` is for the command line."""
    key = str(factor["key"])
    return "Region" if key == "region" else words.upper_first(str(factor.get("label") or key))


def _rows(
    place: Path, manifest: dict[str, Any], design: pa.Table, arms: tuple[Arm, ...]
) -> NDArray[np.int64]:
    """Which run stands at [frame, point, seed, arm]; every cell exactly once."""
    cases = max(1, len(manifest.get("cases", [])))
    shape = (cases, int(manifest.get("points", 1)), int(manifest["seeds"]["count"]), len(arms))
    name = place / "design.parquet"
    if design.num_rows != np.prod(shape):
        raise StudyError(
            f"{name}: {design.num_rows:,} entries, but {shape[0]} frames x {shape[1]} points x "
            f"{shape[2]} seeds x {shape[3]} arms are {np.prod(shape):,}"
        )
    first = int(manifest["seeds"]["first"])
    at = (
        design["case"].to_numpy(), design["point"].to_numpy(), design["seed"].to_numpy() - first,
        _arm_codes(design["arm"], arms, name),
    )  # fmt: skip
    if any(a.min() < 0 or a.max() >= size for a, size in zip(at, shape, strict=True)):
        raise StudyError(f"{name}: names a frame, point or seed that the manifest does not")
    cell = np.ravel_multi_index(at, shape)
    row = np.full(design.num_rows, -1, dtype=np.int64)
    row[cell] = design["row"].to_numpy()
    launched = int(manifest["runs"]["launched"])
    if row.min() < 0 or row.max() >= launched:
        raise StudyError(f"{name}: does not name every run once, or one that was not launched")
    return row.reshape(shape)


def _arm_codes(column: pa.ChunkedArray, arms: tuple[Arm, ...], path: Path) -> NDArray[np.int64]:
    """Place of every arm named in a column. Raises StudyError on a name that is not known."""
    coded = column.combine_chunks().dictionary_encode()
    if isinstance(coded, pa.ChunkedArray):
        coded = coded.combine_chunks()
    names = [arm.name for arm in arms]
    known = coded.dictionary.to_pylist()
    strange = [name for name in known if name not in names]
    if strange:
        raise StudyError(f"{path}: names the arm {strange[0]!r}, which the manifest does not")
    places = np.array([names.index(name) for name in known], dtype=np.int64)
    return np.asarray(places[coded.indices.to_numpy(zero_copy_only=False)])


def _points(
    design: pa.Table, shape: tuple[int, ...], factors: tuple[Factor, ...]
) -> Floats:
    """Value of every sampled setting at every point."""
    place = design["point"].to_numpy()
    columns = []
    for factor in factors:
        if not factor.sampled:
            continue
        if factor.key not in design.column_names:
            raise StudyError(f"design.parquet: lacks the swept setting {factor.key}")
        found = np.full(shape[1], np.nan)
        found[place] = design[factor.key].to_numpy()
        columns.append(found)
    return np.column_stack(columns) if columns else np.zeros((shape[1], 0))


def _status(
    place: Path, design: pa.Table, launched: int, arms: tuple[Arm, ...]
) -> tuple[NDArray[np.int8], tuple[tuple[Path, NDArray[np.int64]], ...]]:
    """How every run ended, and which part holds which rows; parts must agree with the design."""
    rows = design["row"].to_numpy()
    seed, arm = np.full(launched, -1, dtype=np.int64), np.full(launched, -1, dtype=np.int64)
    seed[rows] = design["seed"].to_numpy()
    arm[rows] = _arm_codes(design["arm"], arms, place / "design.parquet")
    status = np.full(launched, MISSING, dtype=np.int8)
    parts = []
    for path in sorted(place.glob("part-*.parquet")):
        table = read_table(path, ("row", "arm", "seed", "status"))
        held = table["row"].to_numpy()
        if held.size and (held.min() < 0 or held.max() >= launched):
            raise StudyError(f"{path}: holds a run that was not launched")
        if np.unique(held).size < held.size or (status[held] != MISSING).any():
            raise StudyError(f"{path}: holds a run twice, or one that another part holds")
        same = np.array_equal(seed[held], table["seed"].to_numpy())
        if not (same and np.array_equal(arm[held], _arm_codes(table["arm"], arms, path))):
            raise StudyError(f"{path}: its seeds or arms are not those of design.parquet")
        status[held] = np.where(table["status"].to_numpy() == OK, OK, 1)
        parts.append((path, held))
    if not parts:
        raise StudyError(f"{place}: no part-*.parquet, so no run has finished yet")
    return status, tuple(parts)


def _regions(place: Path, manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The document of every region by its file."""
    files = list(dict.fromkeys(_region_files(manifest)))
    return {name: read_json(place / name) for name in files}


def _region_files(manifest: dict[str, Any]) -> list[str]:
    """The file that describes the region of each frame."""
    cases = manifest.get("cases", [])
    one = len({str(case["region"]) for case in cases}) < 2
    return [str(case.get("region_file") or
                ("region.json" if one else f"region-{case['region']}.json"))
            for case in cases]  # fmt: skip


def _frames(
    place: Path, manifest: dict[str, Any], regions: dict[str, dict[str, Any]],
    outcomes: dict[str, Outcome], status: NDArray[np.int8], row: NDArray[np.int64],
) -> tuple[Frame, ...]:  # fmt: skip
    found = []
    complete = bool(manifest.get("complete", True))
    plan = read_json(place / "plan.json", optional=True).get("cases") or []
    files = _region_files(manifest)
    for case, told in enumerate(manifest.get("cases", [])):
        settings = {key: value for key, value in told.items() if key != "region_file"}
        own = plan[case] if case < len(plan) else {}
        arms = arms_of(own if "arms" in own else manifest, place)
        name = str(settings["region"])
        label = str(regions[files[case]].get("label") or name)
        rest = [f"{key.rpartition('.')[2]} {value}" for key, value in settings.items()
                if key != "region"]  # fmt: skip
        full = ", ".join([label, *rest]) if len(regions) > 1 or not rest else ", ".join(rest)
        label = f"{label} ({', '.join(rest)})" if rest else label
        years = float(settings.get("years", manifest["years"]))
        counts = _own_counts(status[np.unique(row[case])], complete=complete)
        found.append(Frame(case, name, label, full, settings, years, arms, outcomes, counts,
                           complete, own.get("parameters", {})))  # fmt: skip
    return tuple(found)


def _own_counts(status: NDArray[np.int8], *, complete: bool) -> RunCounts:
    ok, missing = int((status == OK).sum()), int((status == MISSING).sum())
    failed = status.size - ok - missing
    return RunCounts(status.size, ok, failed, missing if complete else 0,
                     0 if complete else missing)  # fmt: skip
