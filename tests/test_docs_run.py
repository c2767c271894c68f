"""Every command that the pages show is run, with few seeds and short histories, and ends well.

What simulates comes first on each page, so that a command finds the folders it speaks of. Left out:
what installs, serves or needs a cluster (tested on its own), and the campaigns of minutes.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from conftest import ROOT
from geonames_stub import install
from test_docs import README, commands, folder_with_files, name_of

from experiments.main import main

pytestmark = pytest.mark.slow
DOCS = ROOT / "docs"
PAGES = [README, DOCS / "tutorials" / "first-steps.md", DOCS / "how-to" / "languages.md"] + [
    DOCS / f"{name}.md" for name in (
        "discovery", "effects", "emulator", "portfolio", "sweeps", "trace", "sensitivity", "diff",
        "replay", "trust", "notebook")]  # fmt: skip
FIRST = ("regions", "new", "run", "compare", "sweep")
ELSEWHERE = {"live", "validate", "calibrate"}
SMALL = {"seeds": "4", "years": "1", "n": "16", "permutations": "2"}
SIZE = re.compile(r"^(seeds|years|n|permutations)=[\d,]+$")
DEMO = ["compare", "region=fergana", "arms=none,data_sharing,joint_committee,full",
        "out=results/demo"]  # fmt: skip
OTHER = [*DEMO[:-1], "parameters=tight_purse", "out=results/other"]
BEFORE = {"README": [DEMO], "languages": [DEMO], "diff": [DEMO, OTHER]}  # what a page has by then
SEEDS = {"trust": "20", "README": "5"}  # as many as the rows of the page need


def typed(page: Path) -> list[list[str]]:
    """Commands of a page: what simulates first, in the order of the page."""
    text = "\n".join(commands(page)).replace("\\\n", " ")
    words = [shlex.split(line, comments=True) for line in text.splitlines()]
    own = [line[1:] for line in words if line[:1] == ["thalweg"] and line[1] not in ELSEWHERE
           and "." not in line]  # fmt: skip  # an unpacked capsule has tests of its own
    return sorted(own, key=lambda line: line[0] not in FIRST)


def shorter(words: list[str], seeds: str = SMALL["seeds"]) -> list[str]:
    """The same command with few seeds and years."""
    if words[0] not in {"run", "compare", "sweep", "diff"} or "--no-run" in words:
        return words
    kept = [word for word in words if not SIZE.match(word) and not word.startswith("until=")]
    if words[0] == "diff" and all(word.startswith("results/") for word in words[1:3]):
        return kept
    keys = {SIZE.match(word)[1] for word in words if SIZE.match(word)}  # type: ignore[index]
    most = {"run": {"years"}, "diff": {"seeds", "years"}}.get(words[0], {"seeds", "years"} | keys)
    size = {**SMALL, "seeds": seeds, **({"years": "4"} if "--config" in words else {})}
    more = [f"{key}={size[key]}" for key in sorted(most)]
    spinup = [] if any(word.startswith("spinup_years=") for word in words) else ["spinup_years=1"]
    return [*kept, *more, *spinup, *(["--yes"] if words[0] in {"compare", "sweep"} else [])]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install(monkeypatch)
    monkeypatch.chdir(folder_with_files(tmp_path))
    lines = typed(page)
    assert lines, "the page shows no command"
    for words in [*BEFORE.get(page.stem, []), *lines]:
        code = main(shorter(words, SEEDS.get(page.stem, SMALL["seeds"])))
        told = capsys.readouterr()
        assert code == 0, (words, told.err[-600:])
