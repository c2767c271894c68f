"""Progress: a line now and then without a terminal, a bar on one, and no guess from nothing."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import SMALL, command_line, environment

from experiments import console


def test_without_a_terminal_there_is_a_line_every_thirty_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    clock = iter(range(0, 10_000, 10))
    monkeypatch.setattr(console.time, "monotonic", lambda: float(next(clock)))
    with console.Progress(total=100, done=20) as progress:
        for done in range(20, 101, 5):
            progress.reached(done)
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert captured.out == ""
    assert 3 <= len(lines) <= 8
    assert all(" of 100 runs, " in line for line in lines)
    assert "left" in lines[-1]


def test_no_time_is_promised_before_a_pace_is_known(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "QUIET_SECONDS", 0.0)
    with console.Progress(total=10) as progress:
        progress.reached(1)
    assert capsys.readouterr().err == "1 of 10 runs, time left not known yet\n"


@pytest.mark.slow
def test_on_a_terminal_there_is_a_bar(tmp_path: Path) -> None:
    master, slave = pty.openpty()
    words = ("compare", *SMALL, "arms=none,full", "seeds=40", "chunk=8", "out=mine")
    with subprocess.Popen(
        command_line(*words), cwd=tmp_path, stdout=subprocess.PIPE, stderr=slave,
        env={**environment(), "TERM": "xterm"},
    ) as process:  # fmt: skip
        os.close(slave)
        shown = b""
        while chunk := _read(master):
            shown += chunk
        out, _ = process.communicate(timeout=300)
    text = shown.decode(errors="replace")
    assert process.returncode == 0, text
    assert "simulating" in text
    assert "/80" in text
    assert "report:" in out.decode()
    shutil.rmtree(tmp_path / "mine")


def _read(descriptor: int) -> bytes:
    """What the terminal shows next; nothing once the other end is closed."""
    try:
        return os.read(descriptor, 65536)
    except OSError:
        return b""
