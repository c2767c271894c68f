"""Ctrl-C and kill -9: what is finished stays, the same command goes on, the digest is the same."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Command, command_line, environment

from experiments.digest import digest_of

pytestmark = pytest.mark.slow
# Long enough to be caught half-way on a fast machine: a hundred and twenty parts.
WORDS = ("compare", "region=fergana", "arms=none,full", "years=10", "spinup_years=5",
         "seeds=240", "chunk=4", "threads=1", "out=mine")  # fmt: skip


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same study, never interrupted, in other chunks."""
    folder = tmp_path_factory.mktemp("whole")
    words = [word for word in WORDS if not word.startswith(("chunk", "threads"))]
    subprocess.run(command_line(*words), cwd=folder, env=environment(), check=True,
                   capture_output=True, timeout=900)  # fmt: skip
    return folder / "mine"


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """A shell lets what it starts in the background ignore Ctrl-C, and children inherit it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def stopped(folder: Path, how: signal.Signals, parts: int) -> subprocess.CompletedProcess[str]:
    """Start the study, wait for some parts, send a signal."""
    with subprocess.Popen(
        command_line(*WORDS), cwd=folder, env=environment(),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        last = folder / "mine" / f"part-{parts - 1:06d}.parquet"
        for _ in range(9000):
            if last.exists() or process.poll() is not None:
                break
            time.sleep(0.05)
        process.send_signal(how)
        out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(
    tmp_path: Path, thalweg: Command, reference: Path
) -> None:
    done = stopped(tmp_path, signal.SIGINT, 3)
    assert done.returncode == 130, done.stderr
    assert "Traceback" not in done.stderr
    assert "of 480 runs done; the same command continues." in done.stderr
    folder = tmp_path / "mine"
    assert not list(folder.glob("*.tmp*"))
    manifest = json.loads((folder / "manifest.json").read_text())
    runs = manifest["runs"]
    assert manifest["complete"] is False
    assert runs["launched"] == runs["ok"] + runs["failed"] + runs["aborted"] == 480
    assert runs["ok"] >= 12
    kept = {p.name: p.stat().st_mtime_ns for p in folder.glob("part-*.parquet")}
    again = thalweg(*WORDS)
    assert again.returncode == 0, again.stderr
    assert f"reused {4 * len(kept)} of 480 runs" in again.stderr
    assert all((folder / name).stat().st_mtime_ns == made for name, made in kept.items())
    assert digest_of(folder) == digest_of(reference)


def test_kill_loses_the_chunk_in_flight_at_most(
    tmp_path: Path, thalweg: Command, reference: Path
) -> None:
    """Killed three times at different places, then finished."""
    folder = tmp_path / "mine"
    for parts in (1, 4, 9):
        done = stopped(tmp_path, signal.SIGKILL, parts)
        assert done.returncode == -signal.SIGKILL
        assert json.loads((folder / "manifest.json").read_text())["complete"] is False
    (folder / f"part-000030.parquet.tmp{os.getpid()}").write_text("left by a kill")
    (folder / "part-000000.parquet").write_bytes(b"PAR1 torn")
    again = thalweg(*WORDS)
    assert again.returncode == 0, again.stderr
    assert "reused" in again.stderr
    assert not list(folder.glob("*.tmp*"))
    assert digest_of(folder) == digest_of(reference)
