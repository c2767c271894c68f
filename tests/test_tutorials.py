"""Tutorials and how-to pages run from top to bottom, as they stand, with few seeds and years."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT
from test_docs import blocks, commands, folder_with_files

from experiments.main import main

pytestmark = pytest.mark.slow
RESEARCHER = ROOT / "docs" / "tutorials" / "researcher.md"
OWN_DATA = ROOT / "docs" / "how-to" / "own-data.md"
POLICY = ROOT / "docs" / "tutorials" / "policy.md"
HOW_TO = ROOT / "docs" / "how-to"
PAGES = (RESEARCHER, POLICY, OWN_DATA, HOW_TO / "paper-figures.md", HOW_TO / "new-study.md")
BUTTONS = ("Copy link", "Print", "CSV", "PNG", "SVG", "Provenance", "Reproduce this")
SIMULATING = {"run", "compare", "sweep", "diff"}
SMALL = {"seeds": 4, "years": 1, "n": 4}
SIZE = re.compile(r"\b(seeds|years|n)(=|: )\d+")


def smaller(text: str) -> str:
    """The same settings with few seeds and years."""
    return SIZE.sub(lambda found: f"{found[1]}{found[2]}{SMALL[found[1]]}", text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_command_runs_after_those_above_it(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder_with_files(tmp_path))
    for body in blocks(page, "yaml"):
        name = re.match(r"# (\S+)", body)
        assert name
        Path(name[1]).write_text(smaller(body), encoding="utf-8")
    typed = [line for line in commands(page) if line.startswith("thalweg ")]
    assert typed
    for line in typed:
        words = shlex.split(smaller(line))[1:]
        code = main([*words, "spinup_years=1"] if words[0] in SIMULATING else words)
        assert code == 0, (line, capsys.readouterr().err)
        capsys.readouterr()
    if page == POLICY:
        report = Path("results/fergana/report.html").read_text("utf-8")
        named = re.findall(r"^(?:\d\. |- )\*\*(.+?)\.?\*\*", page.read_text("utf-8").partition(
            "## 4.")[2], re.MULTILINE)  # fmt: skip
        assert len(named) >= 6
        absent = [name for name in (*named[:6], *BUTTONS) if name not in report]
        assert absent == [], "the page names what the report no longer shows"


@pytest.mark.parametrize(
    ("page", "typed", "block"),
    [
        (RESEARCHER, "thalweg check question.yaml", 0),
        (OWN_DATA, "thalweg regions build name=own_data", 0),
        (OWN_DATA, "thalweg diff default measured", 2),
    ],
)
def test_what_needs_no_history_is_printed_as_shown(
    page: Path, typed: str, block: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(folder_with_files(tmp_path))
    (line,) = [line for line in commands(page) if line.startswith(typed)]
    assert main(shlex.split(line)[1:]) == 0
    assert blocks(page, "text")[block] in capsys.readouterr().out


def test_the_mistakes_of_own_data_are_told_as_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder_with_files(tmp_path))
    towns = Path("own_towns.csv").read_text("utf-8").splitlines()[1:3]
    Path("towns.csv").write_text("\n".join(towns).replace("18000", "18 000"), "utf-8")
    Path("flow.csv").write_text("month,flow\n1998-04,3\n1998-06,4\n", "utf-8")
    values = Path("mine/parameters/measured.yaml").read_text("utf-8")
    Path("mine/parameters/wrong.yaml").write_text(values.replace("0.25", "0.95"), "utf-8")
    told = []
    for words in ("regions build name=x towns=towns.csv",
                  "regions build name=x towns=own_towns.csv flow=flow.csv",
                  "check question.yaml parameters=wrong --config-dir mine"):  # fmt: skip
        assert main(shlex.split(words)) == 2
        told.append(capsys.readouterr().err.splitlines()[0])
    shown = [line for body in blocks(OWN_DATA, "text") for line in body.splitlines()]
    assert [line for line in shown if re.match(r"thalweg \w+: ", line)] == told
