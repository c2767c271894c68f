"""Read the folder of a comparison and check that it adds up.

``load_comparison(folder)`` gives a `Study` or raises `StudyError` with one plain sentence: what is
missing or does not agree, and in which file. Nothing is repaired silently.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.study import OK, Arm, Outcome, RunCounts, SeriesInfo, Study, StudyError

SCHEMA = 2
KEY_COLUMNS = ("row", "arm", "seed", "status")
__all__ = ["Study", "StudyError", "load_comparison"]


def load_comparison(folder: str | Path) -> Study:
    """Read the study in ``folder``.

    Raises StudyError when a file is missing or unreadable, when runs occur twice, or when
    launched = ok + failed + aborted + pending does not hold.
    """
    place = Path(folder)
    manifest = read_manifest(place)
    if is_sweep(manifest):
        raise StudyError(f"{place}: a sweep over several frames or points; it has its own report")
    declarations = read_json(place / "declarations.json")
    arms = arms_of(manifest, place)
    outcomes = outcomes_of(declarations, manifest, place)
    runs = _runs(place, arms, outcomes)
    return Study(
        folder=place,
        manifest=manifest,
        provenance=read_json(place / "provenance.json", optional=True),
        region=_region(read_json(place / "region.json"), place),
        declarations=declarations,
        arms=arms,
        outcomes=outcomes,
        series_declared=_series(declarations),
        runs=runs,
        counts=_counts(place, manifest, runs),
        histories=_histories(place, arms),
        overrides=tuple(read_text(place / "overrides.txt").splitlines()),
        config_text=read_text(place / "config.yaml"),
        series_files=tuple(sorted(place.glob("series-*.parquet"))),
    )


def read_manifest(place: Path) -> dict[str, Any]:
    """The manifest of a study folder. Raises StudyError."""
    if not place.is_dir():
        raise StudyError(f"{place}: no such folder")
    manifest = read_json(place / "manifest.json")
    if manifest.get("schema") != SCHEMA:
        raise StudyError(
            f"{place / 'manifest.json'}: schema {manifest.get('schema')!r}, this version reads "
            f"schema {SCHEMA}; run the study again or use the version that wrote it"
        )
    return manifest


def is_sweep(manifest: Mapping[str, Any]) -> bool:
    """True for a study over several frames or points; one of each is a comparison."""
    varied = len(manifest.get("cases", [])) > 1 or manifest.get("points", 1) > 1
    return varied or bool(manifest.get("factors"))


def read_json(path: Path, *, optional: bool = False) -> dict[str, Any]:
    """A JSON object. Raises StudyError; a missing optional file is an empty one."""
    if not path.exists():
        if optional:
            return {}
        raise StudyError(f"{path}: missing, so this is not a finished study folder")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StudyError(f"{path}: not readable as JSON ({error})") from error
    if not isinstance(content, dict):
        raise StudyError(f"{path}: expected a JSON object")
    return content


def read_text(path: Path) -> str:
    """A text file, empty where there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def arms_of(manifest: dict[str, Any], place: Path) -> tuple[Arm, ...]:
    """The arms in their order, with labels that differ. Raises StudyError."""
    arms = []
    for entry in manifest.get("arms", []):
        name = str(entry["name"])
        mechanisms = {str(k): float(v) for k, v in (entry.get("mechanisms") or {}).items()}
        left = {str(k): float(v) for k, v in (entry.get("negotiated") or {}).items()}
        arms.append(Arm(name, str(entry.get("label") or name), mechanisms, left or None))
    if not arms:
        raise StudyError(f"{place / 'manifest.json'}: names no arms")
    if len({arm.name for arm in arms}) < len(arms):
        raise StudyError(f"{place / 'manifest.json'}: an arm is named twice")
    labels = [arm.label for arm in arms]
    return tuple(
        arm._replace(label=f"{arm.label} ({arm.name})") if labels.count(arm.label) > 1 else arm
        for arm in arms
    )


def outcomes_of(
    declarations: dict[str, Any], manifest: dict[str, Any], place: Path
) -> dict[str, Outcome]:
    """The outcomes that the study keeps, as declared. Raises StudyError."""
    kept = (manifest.get("layout") or {}).get("outcomes")
    declared = {
        key: Outcome(
            key,
            str(entry.get("label", key)),
            str(entry.get("unit", "")),
            str(entry.get("better", "none")),
            str(entry.get("kind", "level")),
            str(entry.get("about", "")),
        )
        for key, entry in declarations.get("outcomes", {}).items()
        if kept is None or key in kept
    }
    if not declared:
        raise StudyError(f"{place / 'declarations.json'}: declares no outcomes")
    return declared


def _series(declarations: dict[str, Any]) -> dict[str, SeriesInfo]:
    infos = (
        SeriesInfo(str(e["key"]), str(e["label"]), str(e["unit"]), float(e["lo"]), float(e["hi"]))
        for e in declarations.get("series", [])
    )
    return {info.key: info for info in infos}


def _region(region: dict[str, Any], place: Path) -> dict[str, Any]:
    missing = [key for key in ("label", "start_year", "municipalities") if key not in region]
    if missing:
        raise StudyError(f"{place / 'region.json'}: lacks {', '.join(missing)}")
    return region


def _runs(place: Path, arms: tuple[Arm, ...], outcomes: dict[str, Outcome]) -> pd.DataFrame:
    parts = sorted(place.glob("part-*.parquet"))
    if not parts:
        raise StudyError(f"{place}: no part-*.parquet, so no run has finished yet")
    runs = pd.concat([_part(path, outcomes) for path in parts], ignore_index=True)
    runs["arm"] = _arm_names(runs["arm"], arms, place)
    if runs.duplicated(["arm", "seed"]).any() or runs["row"].duplicated().any():
        raise StudyError(f"{place}: the parts hold some runs twice")
    return runs.sort_values("row", ignore_index=True)


def _part(path: Path, outcomes: dict[str, Outcome]) -> pd.DataFrame:
    try:
        frame = pq.read_table(path).to_pandas()
    except (OSError, pa.ArrowException) as error:
        raise StudyError(f"{path}: not a readable parquet file ({error})") from error
    missing = [name for name in (*KEY_COLUMNS, *outcomes) if name not in frame.columns]
    if missing:
        raise StudyError(f"{path}: lacks the column {', '.join(missing)}")
    kept: pd.DataFrame = frame[[*KEY_COLUMNS, *outcomes]]
    return kept


def _arm_names(column: pd.Series, arms: tuple[Arm, ...], place: Path) -> pd.Series:
    names = [arm.name for arm in arms]
    if pd.api.types.is_integer_dtype(column):
        named = column.map(dict(enumerate(names)))
    else:
        named = column.astype(str).where(column.astype(str).isin(names))
    if named.isna().any():
        raise StudyError(f"{place}: the parts name an arm that the manifest does not")
    return named.astype(str)


def _counts(place: Path, manifest: dict[str, Any], runs: pd.DataFrame) -> RunCounts:
    ok = int((runs["status"] == OK).sum())
    return reconciled(place, manifest, ok, len(runs) - ok)


def reconciled(place: Path, manifest: dict[str, Any], ok: int, failed: int) -> RunCounts:
    """Where every run went, as the parts say. Raises StudyError where the manifest says other."""
    stated = manifest.get("runs", {})
    launched = int(stated.get("launched", ok + failed))
    rest = launched - ok - failed
    if rest < 0:
        raise StudyError(
            f"{place / 'manifest.json'}: {launched} runs launched, but the parts hold "
            f"{ok + failed}"
        )
    pending = min(int(stated.get("pending", 0)), rest)
    found = RunCounts(launched, ok, failed, rest - pending, pending)
    told = RunCounts(*(int(stated.get(name, 0)) for name in RunCounts._fields))
    if manifest.get("complete", True) and told != found:
        raise StudyError(
            f"{place / 'manifest.json'}: states {_say(told)}, but the parts hold {_say(found)}"
        )
    return found


def _say(counts: RunCounts) -> str:
    return (
        f"{counts.launched} launched = {counts.ok} ok + {counts.failed} failed "
        f"+ {counts.aborted} aborted + {counts.pending} pending"
    )


def _histories(place: Path, arms: tuple[Arm, ...]) -> dict[str, dict[str, Any]]:
    found = {}
    for arm in arms:
        path = place / f"history-{arm.name}.json"
        if path.exists():
            found[arm.name] = read_json(path)
    return found
