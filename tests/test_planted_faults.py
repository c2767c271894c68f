"""Every command that answers a question to a folder refuses or flags every fault that it can have.

The commands are walked by the registry: one that is added must say here which faults it is held to,
or why it answers no such question.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from matplotlib.figure import Figure
from planted_faults import BROKEN, FEW, KINDS, SOUND, plant

from experiments.commands import COMMANDS
from experiments.main import main

EVENTS, FAILURES, HALF, OPEN = "too few events", "uneven failures", "not whole", "not yet"
CLOSING = "indices converged"  # where all are counted, open ones or not
HELD_TO = {FEW: (EVENTS,), BROKEN: (FAILURES, HALF)}


class Asked(NamedTuple):
    """How a command is asked, and of which kinds of folder."""

    options: tuple[str, ...] = ()
    kinds: tuple[str, ...] = KINDS


ANSWERS = {
    "effects": Asked(),
    "sensitivity": Asked(("--outcome", "crisis_resource"), ("sweep",)),
    "discover": Asked(("--outcome", "crisis_resource"), ("sweep",)),
    "portfolio": Asked(("risk=crisis_resource", "cost=worst_livelihood")),
    "emulate": Asked(("outcome=crisis_resource",), ("sweep",)),
    "figures": Asked(),
    "report": Asked(),
}
NO_ANSWERS = {
    "run": "one history", "compare": "writes the folder and its report",
    "sweep": "writes the folder and its report", "validate": "patterns have a rule of their own",
    "calibrate": "patterns have a rule of their own", "check": "reads a file of settings",
    "diff": "two studies: tests of its own", "explain": "declarations, no study",
    "status": "counts runs", "verify": "compares bits", "replay": "one run", "trace": "one run",
    "live": "one run",
    "pack": "copies", "digest": "a hash", "regions": "no study", "doctor": "no study",
    "new": "no study yet",
    "coursework": "marks answers to what is there: tests of its own",
}  # fmt: skip
ASKED = [(name, kind) for name, asked in ANSWERS.items() for kind in asked.kinds]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """Every planted folder, by kind and fault."""
    place = tmp_path_factory.mktemp("planted")
    return {(kind, fault): plant(place / f"{kind}-{fault}", kind, fault)
            for kind in KINDS for fault in (SOUND, FEW, BROKEN)}  # fmt: skip


@pytest.fixture(autouse=True)
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said matters here, not what is drawn."""
    monkeypatch.setattr(Figure, "savefig", lambda *_, **__: None)


def test_every_command_says_whether_it_is_held_to_the_planted_faults() -> None:
    assert set(COMMANDS) == set(ANSWERS) | set(NO_ANSWERS)
    assert not set(ANSWERS) & set(NO_ANSWERS)


def told(name: str, folder: Path, capsys: pytest.CaptureFixture[str], *more: str) -> str:
    """What a command prints for a folder, in one line of small letters."""
    assert main([name, str(folder), *ANSWERS[name].options, *more]) == 0
    text = capsys.readouterr().out
    if more:
        text = json.dumps(json.loads(text))
    return " ".join(text.split()).lower()


@pytest.mark.slow
@pytest.mark.parametrize("fault", HELD_TO)
@pytest.mark.parametrize(("name", "kind"), ASKED)
def test_a_planted_fault_is_said_in_text_and_in_json(
    name: str, kind: str, fault: str, folders: dict[tuple[str, str], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    folder = folders[kind, fault]
    said = [told(name, folder, capsys), told(name, folder, capsys, "--json")]
    if name == "report":
        said.append(" ".join((folder / "report.html").read_text("utf-8").split()).lower())
    if (name, fault) == ("sensitivity", BROKEN):
        assert all(OPEN in text.split(CLOSING)[0] for text in said)
    for text in said:
        assert [phrase for phrase in HELD_TO[fault] if phrase not in text] == []


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), ASKED)
def test_a_sound_folder_is_charged_with_nothing(
    name: str, kind: str, folders: dict[tuple[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    text = told(name, folders[kind, SOUND], capsys)
    assert [phrase for phrase in (EVENTS, FAILURES, HALF) if phrase in text] == []
