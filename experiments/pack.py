"""``thalweg pack``: a study as one archive that can be cited, and verified far from here.

The archive depends on the files of the study alone: names are sorted, times, owners and modes are
fixed, so that equal folders give equal bytes (with one version of Python and zlib).
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from experiments import console, store
from experiments.audit import audit
from experiments.book import open_book
from experiments.capsule_text import page
from experiments.digest import digest_of
from experiments.exits import OK, UsageError
from experiments.failures import FAILURES
from experiments.holdings import Holdings, look
from experiments.status import sessions_of, unfinished

NOT_PACKED = (store.LOCK, ".stop", ".engine")
README, SUMS = "README.md", "SHA256SUMS"
PAPERS = ("CITATION.cff", "LICENSE")
BLOCK = 1 << 20


def pack(arguments: argparse.Namespace) -> int:
    """Check, gather and write the archive; returns the exit code."""
    folder = Path(arguments.folder)
    found = look(folder)
    if not found.whole:
        raise unfinished(found, "packed")
    target = _target(folder, arguments.out, arguments.replace)
    wrong, _ = audit(found, open_book(folder))
    if wrong:
        raise UsageError([f"{folder}: {line}" for line in wrong])
    name = f"thalweg-{found.manifest['command']}-{found.manifest['identity'][:10]}"
    with _unchanged(folder):
        _report(folder)
        files, left = _gathered(folder)
        digest = digest_of(folder).text
        _write(target, name, _with_papers(found, files, digest))
    if left:
        console.note(f"left out, not of this study: {', '.join(left)}")
    console.say(f"packed: {target} ({target.stat().st_size / 1e6:.1f} MB, folder {name})",
                f"sha256: {_sum(target)}", f"digest of the results: {digest}")  # fmt: skip
    return OK


def _unchanged(folder: Path) -> AbstractContextManager[None]:
    """Nobody grows the study meanwhile; a folder that cannot be written in cannot grow."""
    return store.locked(folder) if os.access(folder, os.W_OK) else nullcontext()


def _target(folder: Path, given: str | None, replace: bool) -> Path:
    """Where the archive goes. Raises UsageError where a file is that must not be replaced."""
    whole = folder.resolve()
    beside = folder.with_name(whole.name) if folder.name == whole.name else whole
    target = Path(given) if given is not None else beside.with_name(f"{whole.name}.tar.gz")
    if target.is_dir():
        raise UsageError(f"--out {target}: a folder. Name a file, for example {whole.name}.tar.gz")
    if target.exists() and not replace:
        raise UsageError(f"{target}: exists. Choose another file with --out, or add --replace.")
    return target


def _report(folder: Path) -> None:
    """Build the report where it is missing."""
    if (folder / "report.html").is_file():
        return
    from analysis.report import build
    from analysis.study import StudyError

    try:
        build(folder)
    except StudyError as error:
        console.note(f"packed without a report: {error}")


def _gathered(folder: Path) -> tuple[dict[str, Path | bytes], list[str]]:
    """Files of the study by name, and what else lies there."""
    ours: dict[str, Path | bytes] = {}
    left = []
    for path in sorted(folder.iterdir()):
        if path.name in NOT_PACKED or ".tmp" in path.name:
            continue
        if store.OURS.fullmatch(path.name) and path.is_file():
            ours[path.name] = path
        elif path.name not in {README, SUMS, *PAPERS}:
            left.append(path.name)
    return ours, left


def _with_papers(
    found: Holdings, files: dict[str, Path | bytes], digest: str
) -> dict[str, Path | bytes]:
    """The files of the study, the papers about them, and the sums of all."""
    if FAILURES in files:
        files[FAILURES] = _failures(found.folder / FAILURES)
    files |= {name: path for name in PAPERS if (path := _shipped(name)) is not None}
    headline = found.folder / "headline.txt"
    told = headline.read_text(encoding="utf-8").strip() if headline.is_file() else ""
    names = sorted(files)
    files[README] = page(found, digest, told, sessions_of(found.folder), names).encode()
    sums = [f"{_sum(content)}  {name}\n" for name, content in sorted(files.items())]
    return {**files, SUMS: "".join(sums).encode()}


def _failures(path: Path) -> bytes:
    """The failed runs with commands that hold where the capsule is unpacked."""
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    runs = [{**run, "again": f"thalweg replay . {run['row']}"} for run in content["runs"]]
    text = json.dumps({**content, "runs": runs}, indent=1, ensure_ascii=False)
    return f"{text}\n".encode()


def _shipped(name: str) -> Path | None:
    """A paper of the program: from its source tree, or as it was installed."""
    tree = Path(__file__).resolve().parent.parent
    if (tree / "pyproject.toml").is_file():
        return tree / name if (tree / name).is_file() else None
    try:
        listed = distribution("thalweg").files or []
    except PackageNotFoundError:
        return None
    paths = [Path(str(one.locate())) for one in listed if one.name == name]
    return next((path for path in paths if path.is_file()), None)


def _write(target: Path, top: str, files: Mapping[str, Path | bytes]) -> None:
    """The archive, whole or not at all."""
    with (
        store.replacing(target) as temporary,
        temporary.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=raw, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, content in sorted(files.items()):
            entry = tarfile.TarInfo(f"{top}/{name}")
            entry.mode = 0o644
            if isinstance(content, bytes):
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
            else:
                entry.size = content.stat().st_size
                with content.open("rb") as source:
                    archive.addfile(entry, source)


def _sum(content: Path | bytes) -> str:
    digest = hashlib.sha256()
    for block in _blocks(content):
        digest.update(block)
    return digest.hexdigest()


def _blocks(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as source:
        while block := source.read(BLOCK):
            yield block
