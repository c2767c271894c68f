"""Every command that the pages show is run, with few seeds and short histories, and ends well.

What simulates comes first on each page, so that a command finds the folders it speaks of, and the
Python of a page last. Left out: what installs, serves or needs a cluster (tested on its own), and
the campaigns of minutes; `test_docs_blocks` holds the list.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT
from geonames_stub import install
from test_docs import README, blocks, commands, folder_with_files, name_of

from experiments.main import main

pytestmark = pytest.mark.slow
DOCS = ROOT / "docs"
PAGES = [README, DOCS / "tutorials" / "first-steps.md", DOCS / "how-to" / "languages.md"] + [
    DOCS / f"{name}.md" for name in (
        "discovery", "effects", "emulator", "portfolio", "sweeps", "trace", "sensitivity", "diff",
        "replay", "trust", "notebook", "own-border", "extending", "clusters", "validation")
    ]  # fmt: skip
FIRST = ("regions", "new", "run", "compare", "sweep")
ELSEWHERE = {"live", "validate", "calibrate"}
OTHER_ENGINE = ("engine=slurm", "engine=ray", "engine.address=")  # what they need is not here
PYTHON = {DOCS / f"{name}.md" for name in ("effects", "emulator", "extending", "sweeps")}
SMALL = {"seeds": "4", "years": "1", "n": "16", "permutations": "2"}
SIZE = re.compile(r"^(seeds|years|n|permutations)=[\d,]+$")
DEMO = ["compare", "region=fergana", "arms=none,data_sharing,joint_committee,full",
        "out=results/demo"]  # fmt: skip
OTHER = [*DEMO[:-1], "parameters=tight_purse", "out=results/other"]
MINE = ["sweep", "region=fergana", "parameters.ladder.up_rate=4,7", "out=results/mine"]
BEFORE = {"README": [DEMO], "languages": [DEMO], "diff": [DEMO, OTHER],
          "sweeps": [MINE]}  # fmt: skip  # what a page has by then
SEEDS = {"trust": "20", "README": "5", "emulator": "40"}  # as many as the rows of the page need


def typed(page: Path) -> list[list[str]]:
    """Commands of a page: what simulates first, in the order of the page."""
    text = "\n".join(commands(page)).replace("\\\n", " ")
    words = [shlex.split(line, comments=True) for line in text.splitlines()]
    own = [line[1:] for line in words if line[:1] == ["thalweg"] and line[1] not in ELSEWHERE
           and "." not in line  # an unpacked capsule has tests of its own
           and not any(word.startswith(OTHER_ENGINE) for word in line)]  # fmt: skip
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
        if page.stem == "clusters":
            leave_work(Path("results/droughts"))
    if page in PYTHON:
        HELD.get(page.stem, lambda names: None)(python_of(page))


def leave_work(study: Path) -> None:
    """Take the last part away: the next engine of the page has it to make."""
    max(study.glob("part-*.parquet")).unlink()


def python_of(page: Path) -> dict[str, Any]:
    """Names after every Python block of a page, run one after the other in the folder."""
    names: dict[str, Any] = {}
    for body in blocks(page, "python") + blocks(page, "py"):
        exec(compile(body, name_of(page), "exec"), names)
    return names


def joined(names: dict[str, Any]) -> None:
    assert len(names["table"]) == len(names["runs"]) > 0
    assert {"seed", "ladder.up_rate", "violent_incidents"} <= {
        column.removeprefix("parameters.") for column in names["table"]}  # fmt: skip


def averaged(names: dict[str, Any]) -> None:
    found = names["emulator"].average({"mechanisms.data_sharing.intensity": 1.0})
    assert np.isfinite(np.asarray(found[0])).all()


def declared(names: dict[str, Any]) -> None:
    """The outcome of the page on a chunk of a real history, and on an empty one."""
    from experiments import load_scenario
    from sim.outcomes.base import SUMS, Chunk
    from sim.simulate import simulate

    (outcome,) = names["FAMILY"]
    history = simulate(load_scenario("region=fergana", "years=1", "spinup_years=1"))
    series = history.series[np.newaxis]
    for kept in (series, series[:, :0]):
        sums = np.zeros((1, len(SUMS)))
        value = outcome.compute(Chunk(np.zeros((1, 0)), kept, sums, 1.0, 1.0, 1))
        assert value.shape == (1,)
        assert np.isfinite(value[0]) == bool(kept.shape[1])


HELD = {"sweeps": joined, "emulator": averaged, "extending": declared,
        "effects": lambda names: len(names["table"])}  # fmt: skip
