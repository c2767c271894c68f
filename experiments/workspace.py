"""The folder of a study: begin it, go on in it, or refuse it.

=========================================  ========================================================
folder holds                               what happens
=========================================  ========================================================
nothing                                    a new study
the same study, complete                   simulated anew; each part takes the place of the old one
the same study, stopped half-way           the missing chunks are simulated, the others reused
another study                              refused with what differs; ``--replace`` removes it first
files that are not ours                    refused
=========================================  ========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from experiments import store
from experiments.documents import manifest
from experiments.execute import Counts
from experiments.exits import UsageError
from experiments.store import MANIFEST, Chunk
from experiments.study import Study


class Workspace(NamedTuple):
    """An open folder: its manifest, all chunks and those still to simulate."""

    folder: Path
    manifest: dict[str, Any]
    chunks: list[Chunk]
    missing: list[Chunk]

    @property
    def reused(self) -> int:
        """Runs that were already there."""
        return sum(c.stop - c.start for c in self.chunks if c not in self.missing)


def check(study: Study, replace: bool) -> None:
    """Refuse a folder that this study must not write in; writes nothing."""
    folder = study.folder
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: a file stands there. Choose another folder with out=DIR")
    if not folder.is_dir():
        return
    old = store.read_manifest(folder)
    foreign = store.foreign_files(folder)
    if old is None and foreign:
        shown = ", ".join(foreign[:3])
        raise UsageError(
            f"{folder}: holds other files ({shown}) and no study. Choose another folder: out=DIR"
        )
    if old is not None and not replace and old.get("identity") != study.identity:
        differs = _differences(old.get("identity_parts") or {}, study.parts)
        raise UsageError(
            f"{folder}: holds another study, with {differs}. Choose another folder with out=DIR, "
            "or add --replace to remove that study."
        )


def open_workspace(study: Study, replace: bool) -> Workspace:
    """Begin or go on. The caller holds the lock of the folder."""
    folder = study.folder
    check(study, replace)
    store.sweep(folder)
    old = store.read_manifest(folder)
    if old is not None and old.get("identity") != study.identity:
        store.clear(folder)
        old = None
    if old is None:
        length = study.settings["chunk"]
        chunks = store.chunks_of(study.runs, length)
        content = manifest(study, chunks, length)
        missing = list(chunks)
    else:
        chunks = [Chunk(c["part"], c["start"], c["stop"]) for c in old["chunks"]]
        again = bool(old.get("complete"))
        missing = [c for c in chunks if again or not store.is_done(folder, c, study.identity)]
        content = {**old, "complete": False}
    store.write_json(folder / MANIFEST, content)
    return Workspace(folder, content, chunks, missing)


def counted(workspace: Workspace, chunks: list[Chunk]) -> Counts:
    """Good and failed runs of chunks that are on disk."""
    failed = total = 0
    for chunk in chunks:
        path = store.part_path(workspace.folder, chunk.part)
        status = pq.read_table(path, columns=["status"])["status"].to_numpy()
        failed += int((status != 0).sum())
        total += status.size
    return Counts(total - failed, failed)


def keep_counts(workspace: Workspace, counts: Counts, complete: bool) -> None:
    """Write how many runs are done; launched = ok + failed + aborted at any moment."""
    launched = workspace.manifest["runs"]["launched"]
    runs = {
        "launched": launched,
        "ok": counts.ok,
        "failed": counts.failed,
        "aborted": launched - counts.ok - counts.failed,
    }
    content = {**workspace.manifest, "runs": runs, "complete": complete}
    store.write_json(workspace.folder / MANIFEST, content)


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """What differs between two identities, in words."""
    found = []
    for key, value in new.items():
        if old.get(key) == value:
            continue
        if key in {"region content", "model code", "outcomes", "series"}:
            found.append(f"another {key}" if key == "model code" else f"other {key}")
        elif key == "parameters":
            found.append(_parameters(old.get(key) or {}, value))
        elif key == "arms":
            names = "+".join(str(arm[0]) for arm in old.get(key) or [])
            mine = ",".join(str(arm[0]) for arm in value)
            there = ",".join(str(arm[0]) for arm in old.get(key) or [])
            same = "other intensities or first years" if mine == there else f"arms {there}"
            found.append(same if names else "no arms")
        else:
            found.append(f"{key}={old.get(key)} instead of {value}")
    return ", ".join(found) or "another layout"


def _parameters(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    changed = [key for key in new if old.get(key) != new[key]]
    shown = ", ".join(f"{k}={old.get(k)} instead of {new[k]}" for k in changed[:3])
    return f"parameters {shown}" + (", ..." if len(changed) > 3 else "")
