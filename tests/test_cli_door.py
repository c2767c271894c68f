"""The door: help, hints, exit codes, and a start-up that stays close to bare Python."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time

import pytest
from conftest import ROOT, Command, command_line, environment

from experiments.compose import settle
from experiments.main import COMMANDS, main
from experiments.shipped import region_names

HEAVY = ("numpy", "numba", "pandas", "pyarrow", "hydra", "omegaconf", "pydantic", "rich", "yaml",
         "plotly", "mesa", "sim.", "difflib")  # fmt: skip


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["help"]])
def test_help_lists_every_command_with_an_example(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 0
    text = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert f"  {name} " in text
        assert command.example in text


def test_no_command_shows_the_help_and_is_a_usage_mistake(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 2
    assert "usage: thalweg COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    assert f"example:\n  {COMMANDS[name].example}" in text
    assert "exit codes" in text


@pytest.mark.parametrize("name", [n for n, c in COMMANDS.items() if c.takes == "settings"])
def test_help_names_every_region_that_ships(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    words = capsys.readouterr().out.replace(",", " ").split()
    assert {*region_names()} <= {*words}


@pytest.mark.parametrize("name", [n for n, c in COMMANDS.items() if c.takes == "settings"])
def test_examples_can_be_copied(name: str) -> None:
    words = shlex.split(COMMANDS[name].example)
    assert words[:2] == ["thalweg", name]
    assert settle(words[2:]).mistakes == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["comprae"], "Did you mean 'compare'?"),
        (["frobnicate"], "Known: run, compare, sweep, validate, "),
        (["years=5"], "A command comes first, for example: thalweg run"),
        (["--hlep"], "Did you mean '--help'?"),
        (["--config", "x.yaml"], "--config comes after a command"),
        (["compare", "--confg", "x.yaml"], "Did you mean '--config'?"),
        (["compare", "--seeds=3"], "Settings carry no dashes: write seeds=3."),
        (["compare", "--config"], "a value is needed after it"),
        (["compare", "--budget", "3"], "It belongs to thalweg calibrate."),
        (["calibrate", "budget=3"], "'budget=3': --budget is an option here"),
        (["compare", "config_dir=mine"], "'config_dir=mine': --config-dir is an option here"),
        (["digest"], "the following arguments are required: DIR"),
        (["digest", "a", "b"], "'b' is one argument too many"),
        (["digest", "nowhere"], "nowhere: no such folder"),
        (["report", "nowhere"], "nowhere: no such folder"),
        (["status", "nowhere"], "nowhere: no such folder"),
        (["status", "."], "holds no study. Give the folder that compare or sweep has written"),
        (["verify", "."], "holds no study"),
        (["verify", ".", "--share", "0"], "--share 0: a share of the runs is above 0"),
        (["verify", ".", "--share", "1.5"], "--share 1.5: a share of the runs is above 0"),
        (["verify", ".", "--share", "half"], "invalid float value: 'half'"),
        (["verify", ".", "--seed", "-3"], "--seed -3: a whole number from 0 on is expected"),
        (["replay", "."], "the following arguments are required: ROW"),
        (["replay", ".", "3"], "holds no study"),
        (["pack", "."], "holds no study"),
    ],
)
def test_a_wrong_word_gets_the_nearest_right_one(
    words: list[str], hint: str, here: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert hint in captured.err
    assert "--help" in captured.err
    assert captured.out == ""


def test_help_imports_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", *command_line("--help")[1:]]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
    imported = [line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()]
    assert "argparse" in imported
    assert [name for name in imported if f"{name}.".startswith(HEAVY)] == []


def test_help_answers_within_four_times_bare_python() -> None:
    """Fastest of several interleaved starts each, since other work on the machine only adds."""
    bare, helped = [], []
    for _ in range(9):
        bare.append(_seconds([sys.executable, "-c", "pass"]))
        helped.append(_seconds(command_line("--help")))
    assert min(helped) <= 4.0 * min(bare)


def test_version(thalweg: Command) -> None:
    done = thalweg("--version")
    if done.returncode == 0:
        assert done.stdout.startswith("thalweg 0.")
    else:
        assert "thalweg" in done.stderr


def test_a_closed_pipe_is_no_error() -> None:
    """`thalweg run | head -1`: the reader leaves early."""
    words = shlex.join(command_line("--help"))
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {words} | head -1"],
        cwd=ROOT, env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_doctor_looks_at_everything(thalweg: Command) -> None:
    done = thalweg("doctor")
    assert done.returncode in {0, 1}, done.stderr
    for word in ("Python", "numba", "threads", "compiled code", "fergana", "Chromium", "results"):
        assert word in done.stdout


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, env={**environment(), "PYTHONDONTWRITEBYTECODE": ""},
                   stdout=subprocess.DEVNULL, check=True, cwd=os.fspath(ROOT))  # fmt: skip
    return time.perf_counter() - started
