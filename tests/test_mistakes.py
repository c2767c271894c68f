"""The commonest mistakes in a study file or command line of a sweep: one plain message, no run.

The mistakes are data in tests/mistakes: the files and the words, where the message must point to
(file and line, or the override) and what it must say.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Command

from experiments.main import main

FILES = sorted((ROOT / "tests" / "mistakes").glob("*.yaml"))
CORPUS = [
    pytest.param(entry, id=f"{path.stem}: {entry['name']}")
    for path in FILES
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
]
NEVER = (
    "Traceback", "Error", "Exception", "pydantic", "omegaconf", "OmegaConf", "Compos",
    "Extra inputs", "Could not override", "struct", "input_value", "block mapping", "<block",
    "scanning", "parsing", "Errno", " object at ", "None", "Swept(",
)  # fmt: skip
LONGEST = 480  # letters of one message


class Simulated(BaseException):
    """Raised where a run would begin."""


@pytest.fixture
def _nothing_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Simulated

    monkeypatch.setattr("sim.simulate.simulate", refuse)
    monkeypatch.setattr("sim.simulate.simulate_many", refuse)


def test_there_are_forty_mistakes_and_more() -> None:
    names = [param.values[0]["name"] for param in CORPUS]
    assert len(set(names)) == len(names) >= 40


@pytest.mark.slow  # each is short, all of them half a minute
@pytest.mark.usefixtures("_nothing_is_simulated")
@pytest.mark.parametrize("entry", CORPUS)
def test_a_mistake_ends_in_one_plain_message_and_no_run(
    entry: dict[str, Any], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = _written(entry, here)
    code = main(_words(entry))
    captured = capsys.readouterr()
    _check(entry, code, captured.out, captured.err)
    assert _content(here) == before, "something was written"


@pytest.mark.slow
def test_mistakes_as_a_user_meets_them(thalweg: Command, tmp_path: Path) -> None:
    """Some of them in processes of their own."""
    chosen = [param.values[0] for param in CORPUS if param.values[0].get("process")]
    assert len(chosen) >= 8
    for number, entry in enumerate(chosen):
        folder = tmp_path / str(number)
        folder.mkdir()
        before = _written(entry, folder)
        done = thalweg(*_words(entry), cwd=folder)
        _check(entry, done.returncode, done.stdout, done.stderr)
        assert _content(folder) == before


@pytest.mark.usefixtures("_nothing_is_simulated")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"seeds: 2\r\narms: [none, full]\r\n", []),
        (b"\xef\xbb\xbfseeds: 2\narms: [none, full]\n", []),
        (b"seeds: 2\n", ["parameters.drought.severity_mean='0.1,0.2'"]),
        (b"seeds: 2\nevents: yes\n", []),
        (b"seeds: 2\nyears: 1_0\n", []),
        (b"seeds: 2", ["region=[fergana,upper_rhine]"]),
        (b"seeds: 2", ["about=Droughts, floods (both): why?"]),
    ],
    ids=["DOS lines", "order mark", "quotes inside", "yes for true", "1_0", "brackets", "text"],
)
def test_what_is_no_mistake_is_taken(
    content: bytes, words: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.yaml").write_bytes(content)
    assert main(["check", "mine.yaml", *words]) == 0, capsys.readouterr().err
    assert "nothing is wrong" in capsys.readouterr().out


@pytest.mark.usefixtures("_nothing_is_simulated")
def test_of_a_key_given_twice_on_the_command_line_the_last_holds_and_a_note_says_so(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.yaml").write_text("seeds: 9\n")
    assert main(["check", "mine.yaml", "seeds=2", "years=5", "seeds=3"]) == 0
    said = capsys.readouterr().out
    assert "note: seeds is given twice; the last one holds: seeds=3" in said
    assert "seeds      3 (1 to 3)" in said


def _written(entry: dict[str, Any], folder: Path) -> dict[str, bytes]:
    """Write the files of a mistake; the content of the folder."""
    files = {name: text.encode() for name, text in entry.get("files", {}).items()}
    files |= {name: bytes.fromhex(text) for name, text in entry.get("bytes", {}).items()}
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return _content(folder)


def _content(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() if p.is_file() else b"" for p in sorted(folder.rglob("*"))}


def _words(entry: dict[str, Any]) -> list[str]:
    return list(entry["words"]) if "words" in entry else shlex.split(entry["command"])


def _check(entry: dict[str, Any], code: int, out: str, err: str) -> None:
    """Exit code 2, and a message that is plain, short, in place and says what it must."""
    assert code == 2, err
    assert out == ""
    *message, helps = err.strip().splitlines()
    assert helps.startswith("Help: thalweg ")
    wanted = entry.get("mistakes", 1)
    assert len(message) == (1 if wanted == 1 else wanted + 1), err
    text = "\n".join(message)
    assert entry["place"] in text
    for words in entry["says"]:
        assert words in text
    for words in (*NEVER, *entry.get("never", ())):
        assert words not in text
    assert max(map(len, message)) <= LONGEST
