"""Fixtures for all tests: the command line in an empty folder."""

from __future__ import annotations

import fcntl
import functools
import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# A machine under load, or a function that compiles at its first call, is no failure of the model.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
ROOT = Path(__file__).resolve().parent.parent
# Small, yet with every stage of the model: three nations, all mechanisms, both ladders.
SMALL = ("region=fergana", "years=2", "spinup_years=1")
Command = Callable[..., subprocess.CompletedProcess[str]]
Built = Callable[[str], Path]


def pytest_collection_finish() -> None:
    """What the tests have imported stays: no later search for garbage goes through it again."""
    gc.collect()
    gc.freeze()


def environment() -> dict[str, str]:
    """The environment in which the command runs: this source tree first, no terminal."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    return {**os.environ, "PYTHONPATH": path, "COLUMNS": "200"}


def command_line(*words: str) -> list[str]:
    """The command as a list of words."""
    return [sys.executable, "-m", "experiments.main", *words]


@pytest.fixture
def thalweg(tmp_path: Path) -> Command:
    """Run the command in an empty folder and return what it said."""

    def call(*words: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command_line(*words),
            cwd=cwd,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )

    return call


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder for commands that are called within this process."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The page of a name in `browsing.PAGES`, made once in a run by the first who asks."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    @functools.cache
    def page(name: str) -> Path:
        from browsing import PAGES

        room, told = shared / f"page-{name}", shared / f"page-{name}.txt"
        with (shared / f"page-{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not told.exists():
                room.mkdir(exist_ok=True)
                told.write_text(str(PAGES[name].make(room)), encoding="utf-8")
        return Path(told.read_text(encoding="utf-8"))

    return page


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium, one for all tests of a process."""
    from browsing import chromium
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield launched
        launched.close()
