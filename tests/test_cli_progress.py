"""Progress: a line now and then without a terminal, a bar on one, and no guess from nothing."""

from __future__ import annotations

import io
import os
import pty
import re
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


def test_failures_so_far_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(console, "QUIET_SECONDS", 0.0)
    with console.Progress(total=10) as progress:
        progress.failed = 2
        progress.reached(4)
    assert capsys.readouterr().err.startswith("4 of 10 runs, 2 failed, ")


def test_a_note_stands_on_a_line_of_its_own_above_the_bar(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setattr(console.sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with console.Progress(total=10) as progress:
        progress.reached(3)
        console.note("a [job] was lost")
        progress.reached(6)
    console.note("done")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    lines = [line.strip() for line in re.split(r"[\r\n]+", plain)]
    assert "a [job] was lost" in lines
    assert lines[-2:] == ["done", ""]


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
