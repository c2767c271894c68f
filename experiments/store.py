"""The folder of results: every file written whole or not at all, one process at a time.

Every file is written under a temporary name, flushed to the disk and renamed, so that a kill at any
moment leaves the old one or the new one. `part_files` says what the runs of a chunk are kept in.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.exits import StoppedError, UsageError

MANIFEST, LOCK, BEGUN = "manifest.json", ".lock", ".begun"
OURS = re.compile(
    r"(part|series|counts|events)-\d{6}\.parquet|(runs|design)\.parquet|parameters|answers|"
    r"scorecard\.(json|md)|calibration\.json|events\.(parquet|csv)|series\.parquet|\.lock|\.stop|"
    r"(manifest|provenance|plan|region(-.+)?|declarations|failures|history-.+)\.json|"
    r"(region-.+|config)\.yaml|overrides\.txt|report\.html|headline\.txt|\.(begun|engine)|.+\.tmp\d+"
)


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
