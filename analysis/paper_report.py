"""What a report shows, for papers: effects, crises by arm and the ladder as figures and tables.

``write(folder, out)`` reads a comparison or a sweep. Of a comparison come effects, levels of every
crisis by root, and the ladder over the years; of a sweep the effects, frame by frame. Whatever
keeps a number from being claimed (few events, runs lost, arms that lost more than others) is a
sentence in ``flags`` and in the captions.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis import censored, words
from analysis.censored import Watched
from analysis.comparisons import is_sweep, load_comparison, read_manifest
from analysis.effects import finished
from analysis.figures import ladder as of_report
from analysis.figures.forest_rows import GROUPS
from analysis.focus import focus_note, in_focus, kind_of, many
from analysis.headline import ORDER
from analysis.intervals import bootstrap_intervals, wilson
from analysis.paper_figures import forest, ladder, levels
from analysis.paper_figures.marks import counted as counted_of
from analysis.paper_kit import (
    Column,
    Source,
    answer_folder,
    save_figure,
    save_table,
    source_of,
)
from analysis.report.texts import CRISES
from analysis.scruples import Floats, too_few, with_any
from analysis.scruples import flags as flags_of
from analysis.study import Arm, Outcome, Study
from analysis.sweep_study import Sweep
from analysis.sweeps import load_sweep
from analysis.tidy_effects import COLUMNS, of_comparison, of_sweep

NAME = "figures"
LEVELS = (
    Column("outcome", "Outcome", "", "key of the outcome"),
    Column("quantity", "Outcome", "", "label of the outcome"),
    Column("unit", "Unit", "", "of estimate, lo and hi"),
    Column("arm", "Arm", "", "name of the arm"),
    Column("label", "Arm", "", "label of the arm"),
    Column("estimate", "Mean"), Column("lo", "95 % from"), Column("hi", "95 % to"),
    Column("n", "Histories", "histories"),
    Column("events", "Histories with any", "histories"),
)  # fmt: skip
RUNGS = (
    Column("label", "Arm"), Column("year", "Year", "", "end of the quarter"),
    *(Column(f"p{p:02d}", f"{p} % of histories at or below", "rung")
      for p in of_report.PERCENTILES),
    Column("n", "Histories", "histories"),
)  # fmt: skip


class Written(NamedTuple):
    """Files that were written, and what has to be said beside their numbers."""

    files: tuple[Path, ...]
    flags: tuple[str, ...]


class _Item(NamedTuple):
    """One figure with its table."""

    name: str
    module: ModuleType
    frame: pd.DataFrame
    table: pd.DataFrame
    columns: tuple[Column, ...]
    counted: str
    note: str = ""


def write(folder: Path, out: str | None = None) -> Written:
    """Write figures and tables of a study folder, by default into it. Raises StudyError."""
    stored = load_sweep(folder) if is_sweep(read_manifest(folder)) else load_comparison(folder)
    flags = flags_of(stored)
    flags = (*flags, *few_events(stored))
    if isinstance(stored, Sweep):
        items = [_of_sweep(stored)]
    else:
        items = [item for make in (_effects, _crises, _ladder) if (item := make(stored))]
    place = answer_folder(folder, NAME, out)
    files: list[Path] = []
    for item in items:
        source = source_of(stored, item.counted)
        files += _saved(item, source, place, flags)
    return Written(tuple(files), flags)


def few_events(stored: Study | Sweep) -> tuple[str, ...]:
    """Headline outcomes that too few histories of an arm had, a sentence each, frame by frame."""
    keys = [key for key in ORDER if key in stored.outcomes]
    arms = [arm.label for arm in stored.arms]
    said = []
    for key, label, own in _values(stored, keys):
        outcome = stored.outcomes[key]
        held = int((~np.isnan(own)).sum(axis=0).max())
        few = too_few(outcome, with_any(outcome, own), held, arms)
        where = f"{label}: {words.lower_first(outcome.label)}" if label else (
            words.upper_first(outcome.label))  # fmt: skip
        said += [f"{where}: {few}; no headline is taken from it."] if few else []
    return tuple(said)


def _values(stored: Study | Sweep, keys: list[str]) -> Iterator[tuple[str, str, Floats]]:
    """(outcome, label of the frame where there are several, values [history, arm])."""
    if isinstance(stored, Study):
        runs = [finished(stored, arm.name) for arm in stored.arms]
        for key in keys:
            yield key, "", pd.concat([one[key] for one in runs], axis=1).to_numpy(dtype=float)
        return
    for key, values in stored.values(keys).items() if keys else ():
        for frame in stored.frames:
            label = frame.label if len(stored.frames) > 1 else ""
            yield key, label, values[frame.case].reshape(-1, len(stored.arms))


def level_frame(study: Study, keys: tuple[str, ...], arms: tuple[Arm, ...]) -> pd.DataFrame:
    """Mean of each outcome under each arm, with its interval (Wilson for chances)."""
    rows = [_level(study, study.outcomes[key], arm) for key in keys for arm in arms]
    return pd.DataFrame(rows, columns=[column.key for column in LEVELS])


def _level(study: Study, outcome: Outcome, arm: Arm) -> dict[str, object]:
    held = finished(study, arm.name)[outcome.key].to_numpy(dtype=float)
    held = held[~np.isnan(held)]
    n, scale = held.size, words.scale_of(outcome) if outcome.is_probability else 1.0
    if outcome.is_probability:
        lo, hi = (float(end) for end in wilson(held.sum(), n))
    else:
        ends = bootstrap_intervals(held[:, None])
        lo, hi = float(ends[0][0]), float(ends[1][0])
    mean = float(held.mean()) if n else np.nan
    unit = words.unit_of(outcome) if outcome.is_probability else outcome.unit
    return {
        "outcome": outcome.key, "quantity": outcome.label, "arm": arm.name, "label": arm.label,
        "unit": censored.unit(study, outcome.key, unit), "estimate": mean * scale,
        "lo": lo * scale, "hi": hi * scale, "n": n, "events": int((held > 0).sum()),
    }  # fmt: skip


def _effects(study: Study) -> _Item | None:
    table = of_comparison(study)
    if table.empty:
        return None
    shown = _shown(study, table)
    if many(study):
        kinds = {arm.name: GROUPS[kind_of(arm)] for arm in study.arms}
        shown = shown.assign(group=shown["arm"].map(kinds))
        place = {heading: at for at, heading in enumerate(GROUPS.values())}
        shown = shown.sort_values("group", key=lambda g: g.map(place), kind="stable")
    counted = f"{counted_of(shown, 'pairs of histories')}, against {study.reference.label}"
    return _Item("effects", forest, shown, table, COLUMNS, counted)


def _of_sweep(sweep: Sweep) -> _Item:
    table = of_sweep(sweep)
    shown = _shown(sweep.frames[0], table)
    if len(sweep.frames) > 1:
        shown = shown.assign(group=shown["frame"])
    points = words.count(len(sweep.points), "point")
    counted = f"{points} x {words.count(sweep.seeds, 'seed')}, against {sweep.arms[0].label}"
    return _Item("effects", forest, shown, table, COLUMNS, counted)


def _shown(study: Watched, table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the headline outcomes, chances in 100."""
    keys = [key for key in ORDER if key in study.outcomes] or list(study.outcomes)[:4]
    shown = table[table["outcome"].isin(keys)].copy()
    for key in keys:
        if study.outcomes[key].is_probability:
            own = shown["outcome"] == key
            shown.loc[own, ["estimate", "lo", "hi"]] *= 100.0
            shown.loc[own, "unit"] = words.unit_of(study.outcomes[key])
    place = {key: at for at, key in enumerate(keys)}
    return shown.sort_values("outcome", key=lambda column: column.map(place), kind="stable")


def _crises(study: Study) -> _Item | None:
    keys = tuple(key for key in CRISES if key in study.outcomes)
    if not keys:
        return None
    near = in_focus(study)
    shown = level_frame(study, keys, near.arms)
    table = level_frame(study, keys, study.arms)
    counted = words.count(study.counts.ok, "simulated history", "simulated histories")
    return _Item("crises", levels, shown, table, LEVELS, counted, focus_note(study))


def _ladder(study: Study) -> _Item | None:
    near = in_focus(study)
    if any(near.series(of_report.SERIES, arm.name).size == 0 for arm in near.arms):
        return None
    n = {arm.label: len(near.finished(arm.name)) for arm in near.arms}
    table = of_report.quantiles(near).rename(columns={"arm": "label"})
    table = table.assign(n=table["label"].map(n))
    declared = study.series_declared.get(of_report.SERIES)
    label, unit = (declared.label, declared.unit) if declared else (of_report.SERIES, "rung")
    shown = table.assign(quantity=label, unit=unit)
    counted = words.count(near.counts.ok, "simulated history", "simulated histories")
    return _Item("ladder", ladder, shown, table, RUNGS, f"{counted}, mean of 12 months",
                 focus_note(study))  # fmt: skip


def _saved(item: _Item, source: Source, out: Path, flags: tuple[str, ...]) -> list[Path]:
    caption = " ".join(text for text in (item.module.caption(item.frame, source), item.note,
                                         *flags) if text)  # fmt: skip
    return [
        *save_figure(item.module.draw(item.frame, source), out, item.name, caption),
        *save_table(item.table, out, item.name, item.columns),
    ]
