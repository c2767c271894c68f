"""Figures and tables of a study for papers: what is written, from what, and what is said beside."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import ROOT
from study_factory import make_study
from sweep_factory import make_sweep

from analysis.comparisons import load_comparison
from analysis.effects import effects
from analysis.figures.ladder import quantiles
from analysis.intervals import wilson
from analysis.paper_report import few_events, level_frame, write
from analysis.scruples import flags
from experiments.main import main

KINDS = (".columns.csv", ".csv", ".parquet", ".pdf", ".svg", ".txt")
NAMES = ("crises", "effects", "ladder")


def held(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of four arms."""
    return make_study(tmp_path_factory.mktemp("study") / "s", seeds=120, crisis=0.6)


@pytest.mark.slow
def test_the_same_folder_gives_the_same_bytes_in_any_process(folder: Path, tmp_path: Path) -> None:
    write(folder, str(tmp_path / "a"))
    code = "import sys; from experiments.main import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "figures", str(folder), "--out", str(tmp_path / "b")],
        cwd=ROOT, check=True, env={**os.environ, "PYTHONHASHSEED": "77"}, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0
    first = held(tmp_path / "a")
    assert sorted(first) == sorted(f"{name}{kind}" for name in NAMES for kind in KINDS)
    assert held(tmp_path / "b") == first


def test_the_tables_hold_the_numbers_of_the_report(folder: Path, tmp_path: Path) -> None:
    write(folder, str(tmp_path))
    study = load_comparison(folder)
    table = pd.read_csv(tmp_path / "effects.csv")
    found = effects(study)
    assert len(table) == len(found)
    for row in table.itertuples(index=False):
        one = found[row.arm, row.outcome]
        assert (row.estimate, row.lo, row.hi, row.n) == pytest.approx(
            (one.difference, one.lo, one.hi, one.n), nan_ok=True, rel=1e-12
        )
    ladder = pd.read_parquet(tmp_path / "ladder.parquet")
    own = quantiles(study)
    np.testing.assert_array_equal(ladder["p95"], own["p95"])
    crises = pd.read_csv(tmp_path / "crises.csv")
    one = crises[(crises["arm"] == "full") & (crises["outcome"] == "crisis_resource")].iloc[0]
    values = study.values("full", "crisis_resource")
    assert one["events"] == values.sum()
    assert one["estimate"] == pytest.approx(100 * values.mean())
    assert one["hi"] == pytest.approx(100 * float(wilson(values.sum(), 120)[1]))
    assert one["unit"] == "in 100 histories"


def test_levels_that_are_no_chances_have_the_bootstrap_and_the_declared_unit(folder: Path) -> None:
    study = load_comparison(folder)
    frame = level_frame(study, ("hazard_damage",), study.arms)
    assert frame["unit"].unique().tolist() == ["million US dollars of 2020"]
    assert (frame["lo"] < frame["estimate"]).all()
    assert (frame["estimate"] < frame["hi"]).all()


def test_too_few_crises_are_said_in_the_caption_and_on_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_study(tmp_path / "s", seeds=40, crisis=0.1)
    assert main(["figures", str(folder)]) == 0
    said = capsys.readouterr().out
    flag = few_events(load_comparison(folder))[0]
    assert "Interstate crisis over the resource: too few events: 1 of 40 histories with" in flag
    assert flag in said
    made = folder / "answers" / "figures"
    assert flag in (made / "effects.txt").read_text("utf-8")
    assert "too few events for a claim" in (made / "effects.svg").read_text("utf-8")
    assert f"{made / 'crises.pdf'} (also svg" in said


def test_runs_that_failed_and_arms_that_lost_more_are_said(tmp_path: Path) -> None:
    assert flags(load_comparison(make_study(tmp_path / "a", seeds=40))) == ()
    some = flags(load_comparison(make_study(tmp_path / "b", seeds=40, failing=1)))
    assert some == ("1 run of 160 failed; no number stands for their pairs.",)
    many = flags(load_comparison(make_study(tmp_path / "c", seeds=40, failing=9)))
    assert "pairs. Uneven failures: 9 of 40 runs failed with Full package, 0 with" in many[0]


def test_a_sweep_gives_its_effects_frame_by_frame(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_sweep(tmp_path / "s", points=8, seeds=6)
    assert main(["figures", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {Path(path).name for path in told["files"]} == {f"effects{kind}" for kind in KINDS}
    table = pd.read_csv(folder / "answers" / "figures" / "effects.csv")
    assert table["frame"].nunique() == 2
    svg = (folder / "answers" / "figures" / "effects.svg").read_text("utf-8")
    assert all(frame in svg for frame in table["frame"].unique())


@pytest.mark.slow
def test_many_arms_are_grouped_and_every_one_stands_in_the_tables(tmp_path: Path) -> None:
    arms = ("none", "full", *(f"m{k}" for k in range(9)), "full-a", "full-b")
    folder = make_study(tmp_path / "s", seeds=30, arms=arms)
    write(folder, str(tmp_path / "out"))
    svg = (tmp_path / "out" / "effects.svg").read_text("utf-8")
    assert "All mechanisms but one" in svg
    crises = pd.read_csv(tmp_path / "out" / "crises.csv")
    assert set(crises["arm"]) == set(arms)
    assert "arms are drawn one by one" in (tmp_path / "out" / "crises.txt").read_text("utf-8")


def test_one_arm_has_no_effects_and_a_folder_that_is_none_is_a_usage_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = make_study(tmp_path / "s", seeds=12, arms=("none",))
    made = {path.name.split(".")[0] for path in write(alone).files}
    assert made == {"crises", "ladder"}
    for name in ("nowhere", "."):
        assert main(["figures", str(tmp_path / name)]) == 2
        assert capsys.readouterr().err.startswith("thalweg figures: ")
    assert not (tmp_path / "answers").exists(), "nothing is written where nothing was read"
