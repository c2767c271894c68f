"""``thalweg new``: the folder runs as it is, its README is true, and nothing is overwritten."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import ROOT

from experiments.main import main
from experiments.regions import load_region
from experiments.shipped import region_names

SMALL = ["seeds=3", "years=1", "spinup_years=1"]
MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)$", re.MULTILINE)


@pytest.fixture
def made(here: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["new", "mystudy"]) == 0
    capsys.readouterr()
    return here / "mystudy"


def commands(page: Path) -> list[list[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line]


def test_it_says_what_it_wrote_and_what_comes_next(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "mystudy"]) == 0
    told = capsys.readouterr().out
    for name in sorted(path.name for path in (here / "mystudy").iterdir()):
        assert f"  {name} " in told
    assert told.endswith("Next:\n  cd mystudy\n  thalweg compare --config study.yaml\n")
    assert [path.name for path in here.iterdir() if path.name.startswith(".")] == []


@pytest.mark.slow
def test_every_command_of_its_readme_runs_there(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(made)
    typed = commands(made / "README.md")
    assert [words[1] for words in typed] == ["check", "compare", "explain", "report"]
    for words in typed:
        more = SMALL if words[1] == "compare" else []
        assert main([*words[1:], *more]) == 0, (words, capsys.readouterr().err)
    assert (made / "results" / "report.html").is_file()
    assert main(["compare", "--config", "study.yaml", "seeds=3", "years=2"]) == 2
    assert "--replace" in capsys.readouterr().err


def test_each_file_names_a_schema_that_holds_it(made: Path) -> None:
    for name in ("study.yaml", "border.yaml"):
        text = (made / name).read_text("utf-8")
        found = MODELINE.search(text)
        assert found is not None
        schema = json.loads((made / found[1]).read_text("utf-8"))
        jsonschema.Draft7Validator(schema).validate(yaml.safe_load(text))


def test_what_the_study_says_is_the_default_is_the_default(made: Path) -> None:
    from sim.parameters import DECLARED, KEYS

    study = yaml.safe_load((made / "study.yaml").read_text("utf-8"))
    for owner, held in study["parameters"].items():
        for key, value in held.items():
            assert value == DECLARED[KEYS.index(f"{owner}.{key}")].default


def test_its_own_command_builds_the_region_again(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(made)
    before = (made / "border.yaml").read_text("utf-8")
    line = re.search(r"^# Made by: thalweg (.*)$", before, re.MULTILINE)
    assert line is not None
    assert main([*shlex.split(line[1]), "--replace"]) == 0
    capsys.readouterr()
    assert (made / "border.yaml").read_text("utf-8") == before


@pytest.mark.parametrize("region", [name for name in region_names() if name != "synthetic"])
def test_a_region_that_ships_is_copied_with_what_lies_beside_it(here: Path, region: str) -> None:
    assert main(["new", "mine", f"from={region}"]) == 0
    copied = load_region(str(here / "mine" / "border.yaml"))
    assert copied.name == "mine"
    assert copied._replace(name=region).municipality_names == load_region(
        region).municipality_names  # fmt: skip
    lines = ROOT / "configs" / "region" / f"{region}.borders.json"
    assert (here / "mine" / "border.borders.json").read_bytes() == lines.read_bytes()
    assert f"region={region}" not in (here / "mine" / "border.yaml").read_text("utf-8")


def test_own_towns_are_copied_into_the_folder(here: Path) -> None:
    table = (ROOT / "docs" / "coursework" / "6-own-region" / "towns.csv").read_bytes()
    (here / "places.csv").write_bytes(table)
    assert main(["new", "mine", "towns=places.csv", "scarcity=2"]) == 0
    assert (here / "mine" / "towns.csv").read_bytes() == table
    assert "towns=towns.csv scarcity=2" in (here / "mine" / "border.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["new"], "a name is needed"),
        (["new", "a", "b"], "one folder at a time"),
        (["new", "my study"], "letters, digits"),
        (["new", "there/mine"], "no such folder to make mine in"),
        (["new", "taken"], "is left as it is"),
        (["new", "mine", "from=fergna"], "Did you mean 'fergana'?"),
        (["new", "mine", "from=fergana", "scarcity=2"], "leave the other words out"),
        (["new", "mine", "tows=x.csv"], "Did you mean 'towns'?"),
        (["new", "mine", "towns=x.csv"], "towns=x.csv: no such file"),
        (["new", "mine", "scarcity=much"], "not a number"),
        (["new", "mine", "name=other"], "the folder gives the name"),
        (["new", "mine", "map=x.json"], "thalweg regions borders"),
    ],
)
def test_a_mistake_is_told_and_leaves_nothing_behind(
    words: list[str], says: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "taken").mkdir()
    (here / "taken" / "mine.txt").write_text("mine", "utf-8")
    assert main(words) == 2
    assert says in capsys.readouterr().err
    assert [path.name for path in here.rglob("*")] == ["taken", "mine.txt"]
