"""``thalweg doctor``: what is installed, what is warm, what is missing and how to get it."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from experiments import console
from experiments.exits import FAILED, OK
from experiments.provenance import PACKAGES, source_state, thread_count, versions

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


class Finding(NamedTuple):
    """One line: what was looked at, what was found, the cure when something is amiss."""

    what: str
    found: str
    cure: str = ""
    needed: bool = True


def doctor(_arguments: argparse.Namespace) -> int:
    """Print all findings; exit code 1 when something that is needed is missing."""
    findings = list(_findings())
    rows = [(f.what, "" if not f.cure else ("MISSING" if f.needed else "note"), f.found)
            for f in findings]  # fmt: skip
    console.table("thalweg doctor", ("looked at", "", "found"), rows)
    cures = [f for f in findings if f.cure]
    console.say(*(f"{f.what}: {f.cure}" for f in cures))
    missing = [f for f in cures if f.needed]
    console.say("something is missing: see above" if missing else "all that is needed is here")
    return FAILED if missing else OK


def _findings() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    old = "" if sys.version_info >= (3, 11) else "install Python 3.11 or later"
    yield Finding("Python", version, old)
    yield from _packages()
    commit, dirty = source_state()
    if commit is not None:
        yield Finding("source", f"{commit[:10]}{' with changes' if dirty else ''}")
    yield from _model()
    yield Finding("threads", f"{thread_count()} (threads=N uses fewer)")
    yield from _configs()
    yield from _engines()
    yield _writable("results here", Path.cwd(), "change to a folder of yours, or give out=DIR")
    yield _browser()


def _packages() -> Iterator[Finding]:
    found = versions()
    lacking = [name for name in PACKAGES if name not in found]
    listed = ", ".join(f"{name} {number}" for name, number in found.items())
    cure = f"missing {', '.join(lacking)}: install again with `make setup` or `pip install .`"
    yield Finding("packages", listed, cure if lacking else "")


def _model() -> Iterator[Finding]:
    """The cache of compiled code."""
    try:
        from sim._jit import cache_folder
    except ImportError as error:
        yield Finding("model", f"cannot be imported ({error})", "install again with `make setup`")
        return
    folder = cache_folder()
    warm = len(list(folder.rglob("*.nbi"))) if folder.is_dir() else 0
    state = f"warm, {warm} functions" if warm else "cold: the first run compiles for some seconds"
    yield Finding("compiled code", f"{folder} ({state})")
    nearest = next(path for path in (folder, *folder.parents) if path.is_dir())
    cure = "set THALWEG_CACHE to a folder that you may write in"
    yield _writable("cache folder", nearest, cure)


def _configs() -> Iterator[Finding]:
    from experiments.shipped import config_folder, region_names

    names = region_names() if config_folder().is_dir() else ()
    cure = "" if names else "the packaged configs are missing: install again"
    yield Finding("regions", ", ".join(names) or "none", cure)


def _engines() -> Iterator[Finding]:
    """Who could carry the chunks of a sweep from here."""
    from experiments.engines import engine_names, engine_of
    from experiments.exits import UsageError
    from experiments.shipped import config_folder

    here, cures = [], []
    for name in engine_names([config_folder()]):
        try:
            here.append(engine_of(name, {}, [config_folder()]).name)
        except UsageError as missing:
            cures += missing.messages
    yield Finding("engines", ", ".join(here), " ".join(cures), needed=False)


def _writable(what: str, folder: Path, cure: str) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free / 1e9
    except OSError as error:
        return Finding(what, f"{folder}: {error.strerror}", cure)
    return Finding(what, f"can be written, {free:.0f} GB free")


def _browser() -> Finding:
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        cure = "only the browser tests need one: install the package chromium"
        return Finding("Chromium", "not found", cure, needed=False)
    return Finding("Chromium", Path(found).name)
