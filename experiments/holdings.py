"""What the folder of a study holds, found from its parts alone.

Nothing is written and no lock is kept, so that a study can be looked at while it runs, after a
kill, on another machine, or by another version of the model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from experiments import part_files, store
from experiments.chunk_job import kinds_of
from experiments.exits import UsageError
from experiments.part_files import Chunk
from experiments.plan import Layout
from experiments.runs import Runs, mark, read_runs
from experiments.store import MANIFEST
from experiments.study import SCHEMA

MISSING = "is missing"
STUDIES = ("compare", "sweep")


class Holdings(NamedTuple):
    """Chunks and runs of a study. ``faults``: what is wrong with a chunk that is not done.

    ``strays``: parts that belong to no chunk; ``failed_in``: failed runs by (case, arm);
    ``made_in``: all runs on disk by (case, arm); ``causes``: failed runs by their last line.
    """

    folder: Path
    manifest: dict[str, Any]
    runs: Runs
    chunks: list[Chunk]
    faults: dict[int, str]
    strays: list[str]
    failed_in: Counter[tuple[int, str]]
    made_in: Counter[tuple[int, str]]
    causes: Counter[str]
    held: bool

    @property
    def launched(self) -> int:
        """Runs that were asked for."""
        return int(self.manifest["runs"]["launched"])

    @property
    def done(self) -> int:
        """Runs on disk."""
        return self.made_in.total()

    @property
    def account(self) -> dict[str, int]:
        """Launched = ok + failed + aborted + pending, as the parts have it.

        What is not there is pending while a command works in the folder, or when one was killed,
        and aborted when one gave it up.
        """
        failed, rest = self.failed_in.total(), self.launched - self.done
        waits = self.held or self.manifest["runs"].get("pending", 0) > 0
        return {"launched": self.launched, "ok": self.done - failed, "failed": failed,
                "aborted": 0 if waits else rest, "pending": rest if waits else 0}  # fmt: skip

    @property
    def regions(self) -> list[str]:
        """Name of the region of every case."""
        cases = self.manifest.get("cases") or [self.manifest]
        return [str(case["region"]) for case in cases]

    def region(self, case: int) -> str:
        """Name of the region of a case, or its number where the study names none such."""
        names = self.regions
        return names[case] if 0 <= case < len(names) else f"case {case}"

    @property
    def whole(self) -> bool:
        """True when every run is there and what comes after the last one was done, too."""
        return bool(self.manifest.get("complete")) and not self.faults and not self.held


def look(folder: Path) -> Holdings:
    """Read what is there. Raises UsageError where the folder holds no study."""
    line = other_than_study(folder)
    if line is not None:
        raise UsageError(f"{folder}: {line}")
    held = store.is_held(folder)
    content = store.read_manifest(folder) or {}
    try:
        chunks = [Chunk(**chunk) for chunk in content["chunks"]]
        kinds = kinds_of(layout_of(content))
        runs = read_runs(folder, 0, int(content["runs"]["launched"]))
    except (KeyError, TypeError) as error:
        raise UsageError(f"{folder / MANIFEST}: not readable ({error}).") from None
    found = Holdings(folder, content, runs, chunks, {}, _strays(folder, chunks), Counter(),
                     Counter(), Counter(), held)  # fmt: skip
    for chunk in chunks:
        fault = fault_of(folder, chunk, mark(runs.take(slice(chunk.start, chunk.stop))), kinds)
        if fault is None:
            fault = _count(found, chunk)
        if fault is not None:
            found.faults[chunk.part] = fault
    return found


def other_than_study(folder: Path) -> str | None:
    """What a folder holds where it is no study; None for one. Raises UsageError for nothing."""
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder.")
    content = store.read_manifest(folder) or {}
    command = content.get("command")
    if command == "run":
        return (
            f"one history of thalweg run (region {content.get('region')}), not a study. thalweg "
            "digest prints its hash; the same run command makes it again."
        )
    if command in STUDIES and content.get("schema") == SCHEMA:
        return None
    if content:
        return (f"a study of schema {content.get('schema')}; this version reads schema {SCHEMA}. "
                "provenance.json names the version that made it.")  # fmt: skip
    for name, maker in (("calibration.json", "calibrate"), ("scorecard.json", "validate")):
        if (folder / name).is_file():
            return f"results of thalweg {maker} ({name}), not a study."
    if next(folder.glob("counts-*.parquet"), None) is not None:
        return "histories of thalweg validate or calibrate, not finished, and not a study."
    raise UsageError(f"{folder}: holds no study. Give the folder that compare or sweep has written")


def fault_of(folder: Path, chunk: Chunk, marked: str, kinds: Sequence[str]) -> str | None:
    """What is wrong with the files of a chunk; None where it is done."""
    if part_files.is_done(folder, chunk, marked, kinds):
        return None
    if not part_files.part_path(folder, chunk.part).exists():
        return MISSING
    for kind in kinds:
        path = folder / f"{kind}-{chunk.part:06d}.parquet"
        if not path.exists():
            return f"{path.name} is missing"
        try:
            meta = pq.read_metadata(path)
        except (OSError, pa.ArrowException):
            return f"{path.name} is torn"
        if (meta.metadata or {}).get(b"runs", b"").decode() != marked:
            return f"{path.name} holds other runs"
        if kind != "events" and meta.num_rows != chunk.stop - chunk.start:
            return f"{path.name} holds {meta.num_rows} runs instead of {chunk.stop - chunk.start}"
    return None


def layout_of(content: Mapping[str, Any]) -> Layout:
    """What a study keeps of every run."""
    kept = content["layout"]
    return Layout(tuple(kept["outcomes"]), tuple(kept["series"]), kept["every"], kept["events"])


def last_line(error: str | None) -> str:
    """The line of a traceback that names the fault; all of a shorter text."""
    lines = (error or "").strip().splitlines()
    return lines[-1] if lines else ""


def _count(found: Holdings, chunk: Chunk) -> str | None:
    """Count the runs of a chunk; what is wrong where it cannot be read after all."""
    path = part_files.part_path(found.folder, chunk.part)
    try:
        table = pq.read_table(path, columns=["arm", "status"])
        failed = table["status"].to_numpy() != 0
        errors = pq.read_table(path, columns=["error"]) if failed.any() else None
    except (OSError, pa.ArrowException):
        return f"{path.name} is torn"
    case = int(found.runs.case[chunk.start])
    arms = table["arm"].to_pylist()
    found.made_in.update((case, arm) for arm in arms)
    if errors is not None:
        lost = failed.nonzero()[0].tolist()
        found.failed_in.update((case, arms[place]) for place in lost)
        found.causes.update(last_line(errors["error"][place].as_py()) for place in lost)
    return None


def _strays(folder: Path, chunks: Sequence[Chunk]) -> list[str]:
    found = part_files.strays(folder, [chunk.part for chunk in chunks])
    return [path.name for path in found if path.name.startswith("part-")]
