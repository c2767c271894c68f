"""The short form of `make chaos`: a few kills of front and workers on every engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, environment

pytestmark = pytest.mark.slow
KILLS, MOMENTS = 6, 5


def test_kills_at_random_moments_change_no_bit_and_lose_no_run(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.chaos", str(KILLS), str(MOMENTS)],
        cwd=ROOT, env={**environment(), "TMPDIR": str(tmp_path)}, capture_output=True, text=True,
        timeout=1200, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{KILLS} kills over local, joblib, dask" in done.stdout
    assert "always one digest; no run lost, doubled or invented" in done.stdout
    assert not [*tmp_path.glob("thalweg-*")], "a study was left behind"
