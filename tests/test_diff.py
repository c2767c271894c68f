"""`thalweg diff`: planted changes are told, and nothing is simulated that need not be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from conftest import ROOT

from experiments.diff_changes import changes, with_change
from experiments.diff_sides import sides_of
from experiments.main import main

BASE = """\
region: synthetic
region_options: {municipalities: 4}
years: 1
spinup_years: 1
"""
DRY = "parameters: {drought: {severity_mean: 0.45}}\n"
SEVERAL = """\
# everything in another order, and with remarks
parameters:
  ladder: {up_rate: 9}
  drought: {severity_mean: 4.5e-1}  # hard
mechanisms:
  exchanges: {intensity: 0.5}
spinup_years: 1.0
years: 1.0
region_options: {municipalities: 4}
region: synthetic
"""
SEVERITY = "parameters.drought.severity_mean"
Say = Callable[..., str]


@pytest.fixture
def said(here: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """What the command says; it ends well and writes nothing."""

    def call(*words: str) -> str:
        before = sorted(here.rglob("*"))
        assert main(["diff", *words]) == 0
        assert sorted(here.rglob("*")) == before
        return capsys.readouterr().out

    return call


def _refuse(*_: object, **__: object) -> None:
    raise KeyboardInterrupt("nothing must be simulated here")


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """No run is simulated."""
    monkeypatch.setattr("sim.simulate.simulate", _refuse)
    monkeypatch.setattr("sim.simulate.simulate_many", _refuse)


def write(**files: str) -> None:
    """Files of settings in this folder."""
    for name, text in files.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.mark.usefixtures("idle")
def test_one_changed_key_is_told_with_label_unit_and_both_values(said: Say) -> None:
    write(a=BASE, b=BASE + DRY)
    text = said("a.yaml", "b.yaml", "--no-run")
    assert f"{SEVERITY}: mean share of inflow lost in a drought" in text
    assert "A 0.3 share (not said; the default)  ->  B 0.45 share" in text
    assert text.count("->") == 1


@pytest.mark.usefixtures("idle")
def test_several_changes_are_told_and_order_remarks_and_spelling_are_none(said: Say) -> None:
    write(a=BASE + DRY, b=SEVERAL)
    told = json.loads(said("a.yaml", "b.yaml", "--no-run", "--json"))
    moved = {one["key"]: (one["a"], one["b"]) for one in told["changes"] if one["kind"] == "moves"}
    assert moved == {"mechanisms.exchanges.intensity": (1.0, 0.5),
                     "parameters.ladder.up_rate": (7.0, 9)}  # fmt: skip
    assert [one["kind"] for one in told["changes"]] == ["moves", "moves"]


@pytest.mark.usefixtures("idle")
def test_nothing_is_simulated_where_nothing_can_move_a_number(said: Say) -> None:
    write(a=BASE, b="# remark\nthreads: 1\n" + BASE
          + "parameters: {drought: {severity_mean: 0.30}}\n")  # fmt: skip
    text = said("a.yaml", "b.yaml")
    assert "Nothing that can move a number differs." in text
    assert "only in B: 0.3 share, the default" in text
    assert "->  B 1 threads" in text
    assert "What changed" not in text
    assert "only in A: 0.3 share" in said("b.yaml", "a.yaml")


@pytest.mark.usefixtures("idle")
def test_arms_and_seeds_are_no_other_model(said: Say) -> None:
    write(a=BASE + "arms: [none, full]\nseeds: 30\n", b=BASE + "arms: [none, exchanges]\n")
    text = said("a.yaml", "b.yaml")
    assert "Other histories are asked for:" in text
    assert "Nothing that can move a number differs." in text


@pytest.mark.usefixtures("idle")
@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["min.yaml", "other.yaml"], "Did you mean 'mine.yaml'?"),
        (["tight_prse", "mine.yaml"], "Did you mean 'tight_purse'?"),
        (["mine.yaml", "wrong.yaml"], "drought.severity_mena (wrong.yaml:1): unknown setting."),
        (["mine.yaml", "wrong.yaml"], "Did you mean 'parameters.drought.severity_mean'?"),
        (["mine.yaml", "seeds=3"], "what is compared comes first"),
        (["mine.yaml"], "the following arguments are required: B"),
        (["default", "tight_purse", "parameters=fit_alike_1"], "would take the place of default"),
        (["mine.yaml", "."], "holds no study"),
        (["mine.yaml", "borders.yaml"], "a study of thalweg validate"),
        (["mine.yaml", "mine.yaml", "--seeds=5"], "Settings carry no dashes: write seeds=5."),
    ],
)
def test_a_mistake_gets_one_plain_message(
    words: list[str], hint: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(mine=BASE, wrong="drought: {severity_mena: 0.4}\n", borders="borders: []\n")
    assert main(["diff", *words]) == 2
    captured = capsys.readouterr()
    assert hint in captured.err
    assert captured.out == ""


@pytest.mark.usefixtures("here")
def test_all_single_changes_one_after_the_other_make_b_of_a() -> None:
    more = "tick_weeks: 2\nmechanisms: {exchanges: {intensity: 0.3, from_year: 0.5}}\n" + DRY
    write(a=BASE, b=BASE.replace("4}", "4, scarcity: 0.5}") + more)
    a, b = sides_of(("a.yaml", "b.yaml"), [], None)
    moving = [change for change in changes(a, b) if change.alone]
    assert [change.key for change in moving] == [
        "region.scarcity", "tick_weeks", "mechanisms.exchanges.intensity",
        "mechanisms.exchanges.from_year", SEVERITY,
    ]  # fmt: skip
    study = a.study
    for change in moving:
        study = with_change(study, change, b.study)
    for mine, other in zip(study.arms, b.study.arms, strict=True):
        made, asked = study.scenario(mine, 3), b.study.scenario(other, 3)
        assert np.array_equal(made.parameters, asked.parameters)
        assert np.array_equal(made.intensity, asked.intensity)
        assert np.array_equal(made.from_year, asked.from_year)
        assert made.tick_weeks == asked.tick_weeks
        one, two = made.region.topology.unit, asked.region.topology.unit
        assert np.array_equal(one.inflow, two.inflow)


@pytest.mark.usefixtures("idle")
def test_entries_of_region_files_are_told_by_name(said: Say) -> None:
    text = (ROOT / "configs" / "region" / "upper_rhine.yaml").read_text(encoding="utf-8")
    other = text.replace("rivalry: 0.01", "rivalry: 0.05", 1)
    several = other.replace("[*rhine, ", "[")
    write(one=other, two="# copy\n" + text, more=several)
    told = json.loads(said("upper_rhine", "one.yaml", "--no-run", "--json"))
    (change,) = told["changes"]
    assert change["key"] == "region.pairs.CH-DE.rivalry"
    assert change["label"] == "level of quarrel on other issues"
    assert (change["a"], change["b"], change["unit"]) == (0.01, 0.05, "ratio to the mean")
    a, b = sides_of(("upper_rhine", "more.yaml"), [], None)
    gone = changes(a, b)
    assert len(gone) > 2
    assert {one.path for one in gone} == {()}, "where entries went, all of them are one change"
    assert "Nothing that can move a number differs." in said("upper_rhine", "two.yaml")


@pytest.mark.usefixtures("idle")
def test_a_sweep_is_told_with_what_it_sweeps_and_not_simulated(said: Say) -> None:
    write(a=BASE, b=BASE + "parameters: {drought: {severity_mean: 'interval(0.1, 0.5)'}}\n"
          "method: latin\nn: 8\n")  # fmt: skip
    text = said("a.yaml", "b.yaml")
    assert "B interval(0.1, 0.5)" in text
    assert "A sweep has many points" in text


@pytest.mark.slow
def test_single_changes_add_up_under_the_same_seeds(said: Say) -> None:
    write(a=BASE, b=SEVERAL)
    told = json.loads(said("a.yaml", "b.yaml", "seeds=12", "--json"))["compared"]
    assert told["paired"]
    assert (told["arms"], told["seeds"]) == (["none", "full"], [*range(1, 13)])
    total = {line["about"]: line["difference"] for line in told["differences"]["B minus A"]
             if line["outcome"] == told["ranked_by"]}  # fmt: skip
    for arm in told["arms"]:
        own = [line for line in told["single_changes"] if line["arm"] == arm]
        assert {line["about"] for line in own} == {
            "mechanisms.exchanges.intensity", SEVERITY, "parameters.ladder.up_rate", "together",
        }  # fmt: skip
        sizes = [abs(line["difference"]) for line in own[:-1]]
        assert sizes == sorted(sizes, reverse=True)
        assert sum(line["difference"] for line in own) == pytest.approx(total[arm], abs=1e-12)
    without = {line["about"]: line for line in told["single_changes"] if line["arm"] == "none"}
    absent = without["mechanisms.exchanges.intensity"]
    assert absent["differ"] == 0, "a mechanism that is not in an arm changes nothing there"


@pytest.mark.slow
def test_the_effect_of_an_arm_is_compared_within_seeds(said: Say) -> None:
    write(a=BASE, b=BASE + DRY)
    told = json.loads(said("a.yaml", "b.yaml", "seeds=12", "arms=none,exchanges", "--json"))
    found = told["compared"]["differences"]
    by = {(name, line["outcome"], line["about"]): line for name in found for line in found[name]}
    for key in told["compared"]["outcomes"]:
        none, arm = (by["B minus A", key, name]["difference"] for name in ("none", "exchanges"))
        apart = by["effects", key, "exchanges"]["difference"]
        assert apart == pytest.approx(arm - none, abs=1e-12)
    assert told["compared"]["single_changes"] == [], "one change needs no taking apart"


@pytest.mark.slow
def test_one_arm_is_enough_and_is_that_of_settings_of_one_history(said: Say) -> None:
    imposed = "mechanisms: {exchanges: {mode: imposed, intensity: 0.5}}\n"
    write(a=BASE + imposed, b=BASE + DRY)
    told = json.loads(said("a.yaml", "b.yaml", "seeds=10", "--json"))
    assert told["compared"]["arms"] == ["exchanges"]
    assert told["compared"]["differences"]["effects"] == []
    assert [one["key"] for one in told["changes"]] == ["mechanisms.exchanges.intensity", SEVERITY]


@pytest.mark.slow
def test_two_folders_are_compared_as_they_are_kept(
    said: Say, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(a=BASE, b=BASE + DRY)
    for name, seeds in (("a", 12), ("b", 14)):
        words = ["compare", "--config", f"{name}.yaml", "arms=none,full", f"seeds={seeds}"]
        assert main([*words, f"out={name}"]) == 0
    capsys.readouterr()
    monkeypatch.setattr("sim.simulate.simulate_many", _refuse)
    told = json.loads(said("a", "b", "--json"))
    assert [one["key"] for one in told["changes"] if one["kind"] == "moves"] == [SEVERITY]
    assert told["compared"]["kept"]
    assert told["compared"]["seeds"] == [*range(1, 13)]
    key = "worst_livelihood"
    means = [_mean(Path(name), key) for name in ("a", "b")]
    lines: list[dict[str, Any]] = told["compared"]["differences"]["B minus A"]
    line = next(one for one in lines if (one["outcome"], one["about"]) == (key, "full"))
    assert line["difference"] == pytest.approx(means[1] - means[0], abs=1e-12)
    assert "runs as they are kept" in " ".join(said("a", "b").split())
    assert "no pair differs" in said("a", "a")


def _mean(folder: Path, key: str) -> float:
    """Mean of the full arm over the first twelve seeds."""
    runs = pq.ParquetDataset(sorted(folder.glob("part-*.parquet"))).read().to_pandas()
    return float(runs[(runs["arm"] == "full") & (runs["seed"] <= 12)][key].mean())


@pytest.mark.slow
def test_other_towns_are_not_paired_and_no_difference_is_given(said: Say) -> None:
    write(a=BASE, b=BASE.replace("municipalities: 4", "municipalities: 6"))
    told = json.loads(said("a.yaml", "b.yaml", "seeds=11", "--json"))["compared"]
    assert not told["paired"]
    assert [*told["differences"]] == ["effects in A", "effects in B"]
    assert "nothing is paired" in " ".join(told["remarks"])
    text = said("a.yaml", "b.yaml", "seeds=11")
    assert "B - A" not in text
