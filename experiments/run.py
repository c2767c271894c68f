"""``thalweg run``: one history, told in words, written with its full event log."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import Any

import numpy as np

from experiments import console, replay_page, store, workspace
from experiments.documents import frame, write_papers
from experiments.exits import OK, SOME_RUNS_FAILED
from experiments.provenance import ended, provenance
from experiments.store import MANIFEST, write_json, write_table, write_text
from experiments.story import readable, summary, told
from experiments.study import Study, plan

POINTS_PER_YEAR = 4


def run(arguments: argparse.Namespace) -> int:
    """Simulate, tell and write one history; returns the exit code.

    With ``--replay FILE`` the page of `experiments.replay_page`, too; of several histories only it.
    """
    replay_page.check_language(arguments)
    if replay_page.several(arguments):
        return replay_page.watch(arguments)
    if arguments.replay is not None:
        replay_page.check(arguments)
    study = plan("run", arguments.settings, arguments.config, arguments.config_dir)
    workspace.check(study.identity, study.parts, study.folder, arguments.replace)
    console.note(*study.notes, *_unused(arguments.settings))
    record = provenance(study.settings["threads"])
    with store.locked(study.folder):
        history = _simulate(study)
        events = readable(study.region, history.events)
        _write(study, history, events, record, arguments.replace)
    _tell(study, history, events)
    if arguments.replay is not None:
        replay_page.write(study, [(study.arms[0], study.first_seed, history)], arguments)
    return OK if history.status == 0 else SOME_RUNS_FAILED


def _simulate(study: Study) -> Any:
    from sim.simulate import simulate

    return simulate(study.scenario(study.arms[0], study.first_seed))


def _unused(words: list[str]) -> list[str]:
    """Settings of ``compare`` that one history does not need."""
    keys = [word.partition("=")[0] for word in words]
    return [
        f"note: {key}= is for thalweg compare; run simulates one history"
        for key in ("arms", "seeds")
        if key in keys
    ]


def _tell(study: Study, history: Any, events: list[dict[str, Any]]) -> None:
    from sim.outcomes import OUTCOMES

    arm = study.arms[0]
    console.say(summary(study.region, events, study.settings["years"]))
    console.say(f"Mechanisms: {arm.label}. Seed {study.first_seed}.", "")
    console.say(*told(study.region, events), "")
    if history.status != 0:
        console.note(f"this history failed (status {history.status}); its outcomes are left empty")
    rows = [
        (declared.label, *_shown(history.outcomes.get(key, math.nan), declared))
        for key, declared in OUTCOMES.items()
    ]
    console.table("Outcomes of this history (simulated)", ("outcome", "value", "unit"), rows)
    console.say(f"written: {study.folder} (events.csv, events.parquet, series.parquet)")


def _write(
    study: Study, history: Any, events: list[dict[str, Any]], record: dict[str, Any], replace: bool
) -> None:
    """Write the history; the manifest comes last and makes it complete."""
    folder = study.folder
    workspace.check(study.identity, study.parts, study.folder, replace)
    (folder / store.BEGUN).touch()
    store.clear(folder)
    write_papers(study, folder)
    write_history(folder, history, events)
    write_json(folder / "provenance.json", ended(record))
    failed = int(history.status != 0)
    runs = {"launched": 1, "ok": 1 - failed, "failed": failed, "aborted": 0, "pending": 0}
    content = {**frame(study), "chunk": 1, "chunks": [], "runs": runs, "complete": True}
    write_json(folder / MANIFEST, content)
    (folder / store.BEGUN).unlink(missing_ok=True)


def write_history(folder: Path, history: Any, events: list[dict[str, Any]]) -> None:
    """The raw log, column by column, the readable one, and the quarterly series."""
    _write_events(folder, history, events)
    _write_series(folder, history)


def _write_events(folder: Path, history: Any, events: list[dict[str, Any]]) -> None:
    import pandas as pd
    import pyarrow as pa

    log = history.events
    columns = {name: pa.array(np.ascontiguousarray(log[name])) for name in log.dtype.names}
    write_table(folder / "events.parquet", pa.table(columns))
    write_text(folder / "events.csv", pd.DataFrame(events).to_csv(index=False))


def _write_series(folder: Path, history: Any) -> None:
    import pyarrow as pa

    from sim.record import SERIES

    values = np.asarray(history.series, dtype=np.float32)
    time = (np.arange(values.shape[0]) + 1) / POINTS_PER_YEAR
    columns = {"time": pa.array(time)}
    for column, series in enumerate(SERIES):
        columns[series.key] = pa.array(np.ascontiguousarray(values[:, column]))
    write_table(folder / "series.parquet", pa.table(columns))


def _shown(value: float, declared: Any) -> tuple[str, str]:
    """Value and unit of one outcome; in a single history a probability is yes or no."""
    if math.isnan(value):
        return "not defined", ""
    if declared.kind == "probability":
        return ("yes" if value > 0 else "no"), ""
    return (f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"), declared.unit
