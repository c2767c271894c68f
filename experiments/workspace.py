"""The folder of a study: begin it, go on in it, let it grow, or refuse it.

=========================================  ========================================================
folder holds                               what happens
=========================================  ========================================================
nothing                                    a new study
the same study, stopped half-way           the missing chunks are simulated, the others reused
a study whose runs are all asked for       it grows: new runs are appended, the others reused
another study                              refused with what differs; ``--replace`` removes it first
files that are not ours                    refused
=========================================  ========================================================
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from experiments import part_files, store
from experiments.book import BOOK, Book, book_content, read_book
from experiments.chunk_job import STOP, failed_in, kinds_of
from experiments.differences import differences, in_place
from experiments.documents import manifest
from experiments.exits import UsageError
from experiments.part_files import Chunk
from experiments.plan import Plan
from experiments.runs import (
    RUNS,
    Runs,
    mark,
    merged,
    planned,
    read_runs,
    write_design,
    write_runs,
)
from experiments.store import MANIFEST

INSTEAD = "Or add --replace to remove the study there."


class Counts(NamedTuple):
    """Where finished runs went."""

    ok: int
    failed: int

    @property
    def done(self) -> int:
        """Runs that are on disk."""
        return self.ok + self.failed


class Outline(NamedTuple):
    """What is to be done, before anything is written: all runs, and the chunks that stand.

    ``kept``: failed runs by part, of the chunks that are there and stay.
    """

    book: Book
    content: dict[str, Any]  # of plan.json
    asked: Runs  # every entry of the design
    row: np.ndarray  # its row in ``runs``
    runs: Runs
    old: dict[str, Any] | None  # the manifest that goes on
    chunks: list[Chunk]
    kept: dict[int, int]

    @property
    def missing(self) -> list[Chunk]:
        """Chunks that are to be made again."""
        return [chunk for chunk in self.chunks if chunk.part not in self.kept]


class Workspace(NamedTuple):
    """An open folder: its manifest, all chunks and those still to simulate."""

    folder: Path
    manifest: dict[str, Any]
    book: Book
    chunks: list[Chunk]
    missing: list[Chunk]
    launched: int
    marks: dict[int, str]  # what each part must say that it holds
    begun: Counts  # where the runs stood when the folder was opened

    def holds(self, chunk: Chunk) -> bool:
        """True when a chunk is there, with its own runs."""
        kinds = kinds_of(self.book.layout)
        return part_files.is_done(self.folder, chunk, self.marks[chunk.part], kinds)


def refuse_others(folder: Path, replace: bool = False) -> dict[str, Any] | None:
    """The manifest of a folder; UsageError where files of somebody else lie there.

    ``replace``: one that cannot be read counts as empty, as it goes with the study.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder}: a file stands there. Choose another folder with out=DIR")
    if not folder.is_dir():
        return None
    try:
        old = store.read_manifest(folder)
    except UsageError as error:
        ours = (folder / "provenance.json").is_file()
        if ours and replace:
            return {}
        raise UsageError(f"{error.messages[0]}{f' {INSTEAD}' if ours else ''}") from None
    held = [path.name for path in folder.iterdir() if path.name != store.LOCK]
    if old is None and held and store.BEGUN not in held:
        shown = ", ".join((store.foreign_files(folder) or sorted(held))[:3])
        raise UsageError(
            f"{folder}: holds other files ({shown}) and no study. Choose another folder: out=DIR"
        )
    return old


def check(identity: str, parts: Mapping[str, Any], folder: Path, replace: bool) -> None:
    """Refuse a folder that a single history must not be written in; writes nothing."""
    old = refuse_others(folder, replace)
    if old is not None and not replace and old.get("identity") != identity:
        _refuse(folder, old, parts)


def outline(plan: Plan, replace: bool, *, retry: bool = False) -> Outline:
    """All runs of a plan, and how they stand to what the folder holds; writes nothing.

    ``retry``: chunks with failed runs are made again. Raises UsageError where the folder must not
    be written in.
    """
    old = refuse_others(plan.folder, replace)
    content = book_content(plan)
    book = read_book(content)
    asked = planned(plan, book)
    if old is not None:
        try:
            runs, row = merged(_keys(plan, old), asked)
        except UsageError as error:
            if not replace:
                raise UsageError(f"{_unlisted(plan.folder, error)} {INSTEAD}") from None
        except ValueError:
            if not replace:
                _refuse(plan.folder, old, plan.parts)
        else:
            chunks = [Chunk(**chunk) for chunk in old["chunks"]]
            drawn = Outline(book, content, asked, row, runs, old, chunks, {})
            return drawn._replace(kept=_kept(plan.folder, drawn, retry))
    runs, row = merged(None, asked)
    return Outline(book, content, asked, row, runs, None, [], {})


def _kept(folder: Path, drawn: Outline, retry: bool) -> dict[int, int]:
    """Failed runs by part, of the chunks that are whole; ``retry``: and without any."""
    kinds = kinds_of(drawn.book.layout)
    kept: dict[int, int] = {}
    for chunk in drawn.chunks:
        runs = drawn.runs.take(slice(chunk.start, chunk.stop))
        if part_files.is_done(folder, chunk, mark(runs), kinds):
            # an end that is whole says nothing of what stands before it
            with contextlib.suppress(OSError, pa.ArrowException):
                kept[chunk.part] = failed_in(folder, chunk)
    return {part: failed for part, failed in kept.items() if not (retry and failed)}


def _unlisted(folder: Path, error: UsageError) -> str:
    """What to say of a study whose list of runs cannot be read."""
    if (folder / RUNS).exists():
        return error.messages[0]
    return (f"{folder / RUNS} is missing: without it nobody knows which runs the parts hold. Put "
            "it back from a copy of the study.")  # fmt: skip


def _keys(plan: Plan, old: Mapping[str, Any]) -> np.ndarray:
    """Identities of the runs in a folder; ValueError where other things are kept of them."""
    kept = old.get("identity_parts") or {}
    if old.get("schema") != 2 or old.get("command") != plan.command:
        raise ValueError
    if any(kept.get(k) != plan.parts[k] for k in ("outcomes", "series", "series_every", "events")):
        raise ValueError
    return read_runs(plan.folder, 0, old["runs"]["launched"]).key


def open_workspace(plan: Plan, drawn: Outline, length: int) -> Workspace:
    """Begin, go on or grow. The caller holds the folder's lock.

    ``length``: runs of a new chunk.
    """
    folder = plan.folder
    store.sweep(folder)
    (folder / STOP).unlink(missing_ok=True)
    if drawn.old is None:
        (folder / store.BEGUN).touch()  # what lies here without a manifest is ours to remove
        store.clear(folder)
    else:
        store.write_json(folder / MANIFEST, {**drawn.old, "complete": False})
    chunks = [*drawn.chunks, *new_chunks(drawn, length)]
    content = {**manifest(plan, chunks, length), "runs": _told(drawn.runs.size, Counts(0, 0))}
    write_runs(folder, drawn.runs, plan)
    write_design(folder, plan, drawn.asked, drawn.row)
    store.write_json(folder / BOOK, drawn.content)
    store.write_json(folder / MANIFEST, content)
    (folder / store.BEGUN).unlink(missing_ok=True)
    part_files.remove_strays(folder, [chunk.part for chunk in chunks])
    missing = drawn._replace(chunks=chunks).missing
    for chunk in missing:
        part_files.remove(folder, chunk.part)
    marks = {c.part: mark(drawn.runs.take(slice(c.start, c.stop))) for c in chunks}
    failed = sum(drawn.kept.values())
    begun = Counts(drawn.runs.size - sum(c.stop - c.start for c in missing) - failed, failed)
    return Workspace(folder, content, drawn.book, chunks, missing, drawn.runs.size, marks, begun)


def new_chunks(drawn: Outline, length: int) -> list[Chunk]:
    """Chunks of the runs that no chunk holds yet; a chunk stays within one case."""
    begin = drawn.chunks[-1].stop if drawn.chunks else 0
    case = drawn.runs.case[begin:]
    cuts = [0, *(np.flatnonzero(np.diff(case)) + 1).tolist(), case.size]
    part = len(drawn.chunks)
    found: list[Chunk] = []
    for start, stop in itertools.pairwise(cuts):
        for one in part_files.chunks_of(stop - start, length):
            found.append(Chunk(part + len(found), begin + start + one.start,
                               begin + start + one.stop))  # fmt: skip
    return found


def counted(folder: Path, chunks: list[Chunk]) -> Counts:
    """Good and failed runs of chunks that are on disk."""
    failed = total = 0
    for chunk in chunks:
        failed += failed_in(folder, chunk)
        total += chunk.stop - chunk.start
    return Counts(total - failed, failed)


def keep_counts(
    workspace: Workspace, counts: Counts, *, ended: bool, complete: bool = False
) -> None:
    """Write where the runs are: launched = ok + failed + aborted + pending at any moment.

    ``ended``: what is not there now was given up, until the same command goes on.
    """
    runs = _told(workspace.launched, counts, ended=ended)
    content = {**workspace.manifest, "runs": runs, "complete": complete}
    store.write_json(workspace.folder / MANIFEST, content)


def _told(launched: int, counts: Counts, *, ended: bool = False) -> dict[str, int]:
    rest = launched - counts.done
    return {"launched": launched, "ok": counts.ok, "failed": counts.failed,
            "aborted": rest if ended else 0, "pending": 0 if ended else rest}  # fmt: skip


def _refuse(folder: Path, old: Mapping[str, Any], parts: Mapping[str, Any]) -> None:
    """Say what differs, and what to do."""
    before = old.get("identity_parts") or {}
    cure = ""
    if before.get("model code") not in (None, parts["model code"]):
        made = str(before["model code"])[:16]
        cure = (
            f" The model has changed since (its digest was {made}); provenance.json there names "
            "the version and commit that go on with it."
        )
    raise UsageError(
        f"{folder}: holds another study, with {differences(before, parts)}. "
        f"{in_place(before, parts)}Choose another folder with out=DIR, or add --replace to remove "
        f"that study.{cure}"
    )
