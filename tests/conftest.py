"""Fixtures for all tests: the command line in an empty folder."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

# A machine under load, or a function that compiles at its first call, is no failure of the model.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")
ROOT = Path(__file__).resolve().parent.parent
# Small, yet with every stage of the model: three nations, all mechanisms, both ladders.
SMALL = ("region=fergana", "years=2", "spinup_years=1")
Command = Callable[..., subprocess.CompletedProcess[str]]


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
