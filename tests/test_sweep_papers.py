"""The papers of a study: which region they name, what was typed, and that config.yaml is enough."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.sweeps import load_sweep
from experiments.digest import digest_of
from experiments.documents import write_plan_papers
from experiments.main import main
from experiments.plan import compare_plan, sweep_plan
from experiments.regions import region_path
from experiments.store import foreign_files

FRAME = ["years=1", "spinup_years=1"]
SMALL = ["region=synthetic", "region.municipalities=4", *FRAME]
DYADS = "mechanisms.exchanges.dyads"
LISTS = f"{DYADS}=[M01-M02],[M02-M03]"
CHOICE = f"{DYADS}=choice([M01-M02],[M02-M03])"
IN_A_FILE = "mechanisms:\n  exchanges:\n    dyads: {}\n"


def ran(command: str, *words: str) -> None:
    assert main([command, *words]) == 0, words


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return content


@pytest.fixture
def own(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the user's with another Fergana: its own label and record."""
    source = region_path("fergana")
    content = yaml.safe_load(source.read_text(encoding="utf-8"))
    content["label"] = "My valley"
    folder = here / "cd" / "region"
    folder.mkdir(parents=True)
    for basin in content["basins"]:
        if isinstance(basin.get("record"), str):
            shutil.copy(source.parent / basin["record"], folder)
    content["basins"][0]["record"] = "mine.csv"
    with (folder / "mine.csv").open("w", newline="") as file:
        rows = [(f"2000-{month:02d}", 1 + month % 3) for month in range(1, 13)]
        csv.writer(file).writerows([("month", "flow"), *rows])
    lines = source.with_suffix(".borders.json")
    if lines.is_file():
        shutil.copy(lines, folder / "fergana.borders.json")
    (folder / "fergana.yaml").write_text(yaml.safe_dump(content, allow_unicode=True))
    monkeypatch.setattr("experiments.sweep._closing", lambda _, told: [told])
    monkeypatch.setattr("experiments.compare.closing", lambda _, told: [told])
    return here


@pytest.mark.slow
def test_frames_of_one_region_with_other_options_are_each_called_by_their_own(here: Path) -> None:
    ran("sweep", "region=synthetic", "region.municipalities=6,4", *FRAME, "seeds=1", "out=a")
    labels = [frame.region_label for frame in load_sweep(here / "a").frames]
    towns = [f"An invented border of {number} municipalities" for number in (6, 4)]
    assert [label.partition(" (")[0] for label in labels] == towns
    assert foreign_files(here / "a") == []
    files = {case["region_file"] for case in manifest(here / "a")["cases"]}
    assert files == {path.name for path in (here / "a").glob("region-*")}


@pytest.mark.slow
@pytest.mark.parametrize("form", [LISTS, CHOICE, IN_A_FILE.format("[[M01-M02], [M02-M03]]"),
                                  IN_A_FILE.format("choice([M01-M02],[M02-M03])")])  # fmt: skip
def test_lists_of_dyads_are_swept_alike_however_they_are_written(form: str, here: Path) -> None:
    common = [*SMALL, "arms=none,exchanges", "seeds=1"]
    ran("sweep", *common, LISTS, "out=first")
    ran("sweep", "--config", "first/config.yaml", "out=again")
    words = [form]
    if "\n" in form:
        (here / "form.yaml").write_text(form)
        words = ["study=form.yaml"]
    ran("sweep", *common, *words, "out=second")
    folders = [here / name for name in ("first", "second", "again")]
    assert len({digest_of(folder).text for folder in folders}) == 1
    assert len({manifest(folder)["identity"] for folder in folders}) == 1
    assert [f.settings[DYADS] for f in load_sweep(folders[1]).frames] == ["[M01-M02]", "[M02-M03]"]


def test_all_dyads_may_be_one_of_the_values() -> None:
    plan = sweep_plan([*SMALL, "arms=none,exchanges", f"{DYADS}=null,[M01-M02]"], None, None)
    assert [case.arms[1].dyads for case in plan.cases] == [{}, {"exchanges": ["M01-M02"]}]


@pytest.mark.slow
@pytest.mark.parametrize("command", ["compare", "sweep", "run"])
def test_config_yaml_gives_a_study_of_an_own_region_back_wherever_it_is_moved(
    command: str, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = {"run": [], "compare": ["seeds=1"], "sweep": ["seeds=1", "tick_weeks=1,2"]}[command]
    ran(command, "--config-dir", "cd", "region=fergana", *FRAME, *more, "out=c1")
    before = manifest(own / "c1")
    there = own / "elsewhere"
    shutil.move(own / "c1", there / "c1")
    shutil.rmtree(own / "cd")
    monkeypatch.chdir(there)
    ran(command, "--config", "c1/config.yaml", "out=c1")
    ran(command, "--config", "c1/config.yaml", "out=c2")
    for name in ("c1", "c2"):
        assert manifest(there / name)["identity"] == before["identity"]
        document = json.loads((there / name / "region.json").read_text())
        assert document["label"] == "My valley"
        assert document["borders"]
        assert foreign_files(there / name) == []
    assert (there / "c1/region-fergana.yaml").read_text() == (
        there / "c2/region-fergana.yaml").read_text()  # fmt: skip


@pytest.mark.slow
def test_a_sweep_over_own_regions_goes_on_from_its_config(own: Path) -> None:
    shutil.copytree(own / "cd" / "region", own / "mine")
    words = ["region=mine/fergana.yaml,synthetic", *FRAME, "arms=none", "seeds=1", "out=c1"]
    ran("sweep", *words)
    identity = manifest(own / "c1")["identity"]
    shutil.rmtree(own / "mine")
    ran("sweep", "--config", "c1/config.yaml", "out=c1")
    assert manifest(own / "c1")["identity"] == identity
    assert "region: [region-fergana.yaml, synthetic]" in (own / "c1/config.yaml").read_text()


def test_a_region_beside_a_file_of_settings_wins_over_the_working_folder(here: Path) -> None:
    text = "generator: synthetic\nname: {}\nmunicipalities: 4\n"
    (here / "one").mkdir()
    (here / "r.yaml").write_text(text.format("far"))
    (here / "one" / "r.yaml").write_text(text.format("near"))
    (here / "one" / "s.yaml").write_text("region: r.yaml\nyears: 1\nspinup_years: 1\n")
    assert sweep_plan([], "one/s.yaml", None).head.region.name == "near"
    assert sweep_plan(["region=r.yaml"], "one/s.yaml", None).head.region.name == "far"


def test_overrides_of_a_file_keep_what_was_written(here: Path) -> None:
    (here / "s.yaml").write_text(
        "region: synthetic\nyears: 1\nparameters: glob(fit_memory_*)\n"
        "parameters.ladder.up_rate: interval(3, 7)\nseeds: 2\nmethod: sobol\nn: 2\n"
    )
    plan = sweep_plan(["tick_weeks=1,2"], "s.yaml", None)
    write_plan_papers(plan, here)
    lines = (here / "overrides.txt").read_text().splitlines()
    assert "parameters=glob(fit_memory_*)  # s.yaml:3" in lines
    assert "parameters.ladder.up_rate=interval(3, 7)  # s.yaml:4" in lines
    assert "tick_weeks=1,2" in lines


def test_histories_go_when_a_comparison_grows_to_a_sweep(here: Path) -> None:
    history = here / "history-none.json"
    history.write_text("{}")
    write_plan_papers(compare_plan(SMALL, None, None), here)
    assert history.exists()
    write_plan_papers(sweep_plan([*SMALL, "tick_weeks=1,2"], None, None), here)
    assert not history.exists()
