"""``thalweg compare``: every arm under the same draws, a study folder, its report."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from experiments import console, store, workspace
from experiments.documents import write_papers
from experiments.execute import Counts, design, run_chunk
from experiments.exits import INTERRUPTED, OK, SOME_RUNS_FAILED
from experiments.histories import write_histories
from experiments.provenance import cache_is_warm, ended, provenance
from experiments.study import Study, plan
from experiments.workspace import Workspace


def compare(arguments: argparse.Namespace) -> int:
    """Plan, simulate what is missing, report; returns the exit code."""
    study = plan("compare", arguments.settings, arguments.config, arguments.config_dir)
    workspace.check(study, arguments.replace)
    console.note(*study.notes)
    with store.locked(study.folder):
        place = workspace.open_workspace(study, arguments.replace)
        done = Counts(0, 0)
        try:
            _announce(study, place)
            done = _simulate(study, place)
        except KeyboardInterrupt:
            return _interrupted(study, place)
        report = _report(study.folder)
    console.say(*_closing(study, done, report))
    return SOME_RUNS_FAILED if done.failed else OK


def _announce(study: Study, place: Workspace) -> None:
    arms = ", ".join(arm.name for arm in study.arms)
    last = study.first_seed + study.seeds - 1
    console.note(
        f"{study.region.label}: {len(study.arms)} arms ({arms}) x {study.seeds} seeds "
        f"({study.first_seed} to {last}) x {study.settings['years']:g} years"
    )
    if not cache_is_warm():
        console.note("compiling the model, once for this version: about a minute")
    if place.reused:
        console.note(f"reused {place.reused} of {study.runs} runs that were already done")


def _simulate(study: Study, place: Workspace) -> Counts:
    """Simulate the missing chunks, then everything that needs all of them."""
    folder, identity = study.folder, study.identity
    record = provenance(study.settings["threads"])
    store.write_json(folder / "provenance.json", record)
    write_papers(study, folder)
    _write_design(study)
    rows = design(study)
    marks = {"identity": identity, "kernel_digest": study.parts["model code"], "schema": "1"}
    kept = [chunk for chunk in place.chunks if chunk not in place.missing]
    counts = workspace.counted(place, kept)
    with console.Progress(study.runs, place.reused) as progress:
        for chunk in place.missing:
            before = counts.ok + counts.failed
            new = run_chunk(
                study, folder, chunk, rows[chunk.start : chunk.stop], marks,
                partial(_reached, progress, before),
            )  # fmt: skip
            counts = Counts(counts.ok + new.ok, counts.failed + new.failed)
            workspace.keep_counts(place, counts, complete=False)
            progress.reached(counts.ok + counts.failed)
    write_histories(study, folder)
    sessions = {**ended(record), "runs_made": study.runs - place.reused, "reused": place.reused}
    store.write_json(folder / "provenance.json", sessions)
    workspace.keep_counts(place, counts, complete=True)
    return counts


def _reached(progress: console.Progress, before: int, done: int) -> None:
    progress.reached(before + done)


def _interrupted(study: Study, place: Workspace) -> int:
    """Say what is kept and how to go on."""
    store.sweep(study.folder)
    done = sum(
        chunk.stop - chunk.start
        for chunk in place.chunks
        if store.is_done(study.folder, chunk, study.identity)
    )
    console.note(f"{done} of {study.runs} runs done; the same command continues.")
    return INTERRUPTED


def _write_design(study: Study) -> None:
    import pyarrow as pa

    rows = design(study)
    table = pa.table(
        {
            "row": pa.array([row.row for row in rows], pa.int64()),
            "arm": pa.array([study.arms[row.arm].name for row in rows], pa.string()),
            "seed": pa.array([row.seed for row in rows], pa.int64()),
        }
    )
    store.write_table(study.folder / "design.parquet", table)


def _report(folder: Path) -> Path:
    from analysis.report import build

    return Path(build(folder))


def _closing(study: Study, done: Counts, report: Path) -> list[str]:
    headline = study.folder / "headline.txt"
    text = headline.read_text(encoding="utf-8").strip() if headline.is_file() else _headline(study)
    runs = f"runs: {study.runs} launched = {done.ok} ok + {done.failed} failed + 0 aborted"
    return [text, "", runs, f"report: {report}"]


def _headline(study: Study) -> str:
    from analysis.headline import headline
    from analysis.load import load

    return str(headline(load(study.folder)).text)
