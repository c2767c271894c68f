"""Results on disk: parquet parts beside a manifest, never half-written.

Every file is written under a temporary name, flushed to the disk and renamed, so that a kill at any
moment loses at most the chunk in flight. A part counts as done when it opens, holds its rows and
carries the identity of the study. One process at a time works in a folder (`locked`).
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.exits import StoppedError, UsageError

MANIFEST, LOCK, BEGUN = "manifest.json", ".lock", ".begun"
OURS = re.compile(
    r"(part|series|counts|events)-\d{6}\.parquet|(runs|design)\.parquet|parameters|"
    r"scorecard\.(json|md)|calibration\.json|events\.(parquet|csv)|series\.parquet|\.lock|\.stop|"
    r"(manifest|provenance|plan|region(-.+)?|declarations|failures|history-.+)\.json|"
    r"(region-.+|config)\.yaml|overrides\.txt|report\.html|headline\.txt|\.(begun|engine)|.+\.tmp\d+"
)


class Chunk(NamedTuple):
    """Rows ``start`` to ``stop`` (exclusive) of the design, kept in one part."""

    part: int
    start: int
    stop: int


class Part(NamedTuple):
    """Results of one chunk; axis 0 is the run.

    ``error``: the traceback of a run that stopped with one, else what its status means, or None.
    """

    row: np.ndarray
    arm: Sequence[str]
    seed: np.ndarray
    status: np.ndarray
    error: Sequence[str | None]
    outcomes: Mapping[str, np.ndarray]  # float64 [run]
    series: Mapping[str, np.ndarray]  # float32 [run, point]
    events: Mapping[str, np.ndarray] | None = None  # columns over acts, ``row`` among them


def chunks_of(rows: int, length: int) -> list[Chunk]:
    """Cut a design of ``rows`` runs into chunks."""
    starts = range(0, rows, length)
    return [Chunk(part, start, min(start + length, rows)) for part, start in enumerate(starts)]


def part_path(folder: Path, part: int) -> Path:
    """File of the outcomes of a chunk."""
    return folder / f"part-{part:06d}.parquet"


def series_path(folder: Path, part: int) -> Path:
    """File of the series of a chunk."""
    return folder / f"series-{part:06d}.parquet"


def events_path(folder: Path, part: int) -> Path:
    """File of the event logs of a chunk."""
    return folder / f"events-{part:06d}.parquet"


def write_part(folder: Path, chunk: Chunk, part: Part, marks: Mapping[str, str]) -> None:
    """Write what a chunk gave.

    The outcomes come last: with them the chunk is there. Files that are there stay as they are.
    """
    for kind, table in reversed(tables_of(part).items()):
        write_table(folder / f"{kind}-{chunk.part:06d}.parquet", table, marks, once=True)


def tables_of(part: Part) -> dict[str, pa.Table]:
    """The tables of part, series and events, as far as they are kept; runs that failed hold NaN."""
    failed = part.status != 0
    columns: dict[str, Any] = {
        "row": pa.array(part.row, pa.int64()),
        "arm": pa.array(list(part.arm), pa.string()),
        "seed": pa.array(part.seed, pa.int64()),
        "status": pa.array(part.status, pa.int8()),
        "error": pa.array(list(part.error), pa.string()),
    }
    for key, values in part.outcomes.items():
        columns[key] = pa.array(np.where(failed, np.nan, values).astype(np.float64))
    tables = {"part": pa.table(columns)}
    if part.series:
        history: dict[str, Any] = {"row": columns["row"]}
        for key, values in part.series.items():
            kept = np.where(failed[:, None], np.nan, values).astype(np.float32)
            history[key] = pa.FixedSizeListArray.from_arrays(pa.array(kept.ravel()), kept.shape[1])
        tables["series"] = pa.table(history)
    if part.events is not None:
        tables["events"] = pa.table({k: pa.array(values) for k, values in part.events.items()})
    return tables


def write_table(
    path: Path, table: pa.Table, marks: Mapping[str, str] | None = None, *,
    row_group_size: int | None = None, once: bool = False,
) -> None:  # fmt: skip
    """Write a parquet file whole or not at all; ``marks`` go into its metadata.

    ``once``: a file that is there stays.
    """
    table = table.replace_schema_metadata(dict(marks or {}))
    floats = [name for name in table.column_names if _is_float(table.schema.field(name).type)]
    with replacing(path, once=once) as temporary:
        pq.write_table(
            table,
            temporary,
            row_group_size=row_group_size,
            compression="zstd",
            use_dictionary=False,
            use_byte_stream_split=[_leaf(table.schema.field(name)) for name in floats],
            store_schema=True,
        )


def write_json(path: Path, content: Any) -> None:
    """Write JSON whole or not at all. NaN and infinity are refused."""
    write_text(path, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write text whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def replacing(path: Path, *, once: bool = False) -> Iterator[Path]:
    """A temporary file that takes the place of ``path`` when the block ends well.

    ``once``: a file that is there by then stays, and the temporary one goes.
    """
    own = int.from_bytes(os.urandom(6))  # processes of several machines may write here
    temporary = path.with_name(f"{path.name}.tmp{own}")
    try:
        yield temporary
        with temporary.open("rb+") as written:
            os.fsync(written.fileno())
        if not (once and _published(temporary, path)):
            temporary.replace(path)
    except OSError as error:
        raise StoppedError(f"{path}: cannot be written ({error.strerror or error}).") from error
    finally:
        temporary.unlink(missing_ok=True)


def _published(temporary: Path, path: Path) -> bool:
    """Give a file its name unless another has it; False where the system has no hard links."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        return True
    except OSError:
        return path.exists()
    return True


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a folder; None when there is none."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: not readable ({error}). Choose another folder.") from None
    return content if isinstance(content, dict) else None


def is_done(folder: Path, chunk: Chunk, mark: str, kinds: Sequence[str] = ("part",)) -> bool:
    """True when the files of a chunk open, and hold its runs as ``mark`` says.

    ``kinds``: part, series, events, as far as the study keeps them.
    """
    for kind in kinds:
        try:
            meta = pq.read_metadata(folder / f"{kind}-{chunk.part:06d}.parquet")
        except (OSError, pa.ArrowException):
            return False
        if (meta.metadata or {}).get(b"runs", b"").decode() != mark:
            return False
        if kind != "events" and meta.num_rows != chunk.stop - chunk.start:
            return False
    return True


def remove(folder: Path, part: int) -> None:
    """Remove what is left of a chunk that is not done."""
    for path in (part_path(folder, part), series_path(folder, part), events_path(folder, part)):
        path.unlink(missing_ok=True)


def strays(folder: Path, parts: Iterable[int]) -> list[Path]:
    """Files of results that belong to none of the chunks."""
    kinds, known = ("part", "series", "events"), set(parts)
    files = (path for kind in kinds for path in folder.glob(f"{kind}-*.parquet"))
    return sorted(p for p in files if int(p.stem.partition("-")[2]) not in known)


def remove_strays(folder: Path, parts: Iterable[int]) -> None:
    """Remove files of results that belong to none of the chunks: nobody asked for their runs."""
    for path in strays(folder, parts):
        path.unlink()


def foreign_files(folder: Path) -> list[str]:
    """Names in a folder that no command of ours writes."""
    return sorted(path.name for path in folder.iterdir() if not OURS.fullmatch(path.name))


def clear(folder: Path) -> None:
    """Remove our own files from a folder, the manifest first."""
    for path in sorted(folder.iterdir(), key=lambda path: path.name != MANIFEST):
        if path.name in {LOCK, BEGUN} or not OURS.fullmatch(path.name):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def sweep(folder: Path) -> None:
    """Remove temporary files that a killed process left."""
    for path in folder.glob("*.tmp*"):
        if OURS.fullmatch(path.name):
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for this process; the system lets go when the process ends, however it ends."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / LOCK).open("a")
    except OSError as error:
        raise UsageError(
            f"{folder}: cannot be written ({error.strerror}). Choose another folder with out=DIR"
        ) from None
    with handle:
        try:
            _lock(handle.fileno())
        except OSError:
            raise UsageError(
                f"{folder}: another thalweg is writing here. Wait for it, or choose out=DIR"
            ) from None
        yield


def is_held(folder: Path) -> bool:
    """True while a command works in a folder. Creates nothing, and lets go at once.

    A shared lock is tried, so that two who look at once do not take each other for a writer.
    """
    try:
        import fcntl

        with (folder / LOCK).open() as handle:
            fcntl.flock(handle.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except (ImportError, OSError):  # no advisory locks on this system, or nobody ever wrote here
        return False
    return False


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # no advisory locks on this system
        return
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_float(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_fixed_size_list(kind) else kind
    return bool(pa.types.is_floating(inner))


def _leaf(field: pa.Field) -> str:
    """Name of the column as parquet counts it."""
    nested = pa.types.is_fixed_size_list(field.type)
    return f"{field.name}.list.element" if nested else str(field.name)
