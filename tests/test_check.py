"""`thalweg check`: what a file is and asks for, or every mistake with its line; runs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from experiments.main import main

CONFIGS = ROOT / "configs"
STUDY = """\
about: does drought matter
region: [fergana, upper_rhine]
arms: [none, full, exchanges]
seeds: 4
method: sobol
n: 8
parameters:
  drought:
    severity_mean: interval(0.1, 0.5)
    rate_factor: tag(logunif, group_x, interval(0.5, 2))
mechanisms:
  exchanges:
    intensity: [0.2, 0.5, 1]
"""
BORDERS = """\
years: 30
borders:
  - {name: a, region: synthetic, histories: 0}
  - {name: b, regoin: fergana, histories: 2}
"""
FREE = """\
years: 30
borders: []
free:
  quarrel.flor: {range: [0, 1]}
structures:
  - name: x
    fixt: {}
"""


@pytest.fixture(autouse=True)
def _nothing_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise KeyboardInterrupt("a check must not simulate")

    monkeypatch.setattr("sim.simulate.simulate", refuse)
    monkeypatch.setattr("sim.simulate.simulate_many", refuse)


def test_a_schema_for_editors_is_told_from_a_study(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(CONFIGS / "schema" / "region.json")]) == 2
    told = capsys.readouterr().err
    assert "a JSON schema, from which editors complete the keys" in told
    assert len(told.splitlines()) <= 3


def checked(here: Path, text: str, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a check says of a study file that is fine; nothing else is written."""
    (here / "mine.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "mine.yaml", *words]) == 0
    assert [path.name for path in here.iterdir()] == ["mine.yaml"]
    return capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    sorted(p for p in CONFIGS.rglob("*.yaml") if p.parent.name != "engine"),
    ids=lambda path: str(path.relative_to(CONFIGS)),
)
def test_every_file_that_ships_is_fine(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(path)]) == 0
    assert "nothing is wrong" in capsys.readouterr().out


def test_a_sweep_is_told_with_its_factors_and_runs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = checked(here, STUDY, capsys)
    for line in (
        "about      does drought matter",
        "regions    fergana, upper_rhine",
        "arms       none, full, exchanges",
        "parameters.drought.severity_mean: 0.1 to 0.5 share",
        "parameters.drought.rate_factor: 0.5 to 2 ratio, even in the logarithm, in group x",
        "mechanisms.exchanges.intensity: 3 values, 0.2, 0.5, 1",
        "points     40 by sobol, n=8",
        "seeds      4 (1 to 4)",
        "runs       960 = 2 frames x 40 points x 3 arms x 4 seeds; 848 differ",
        "use it     thalweg sweep study=mine.yaml",
    ):
        assert line in said


def test_the_runs_that_a_check_expects_are_those_of_the_plan(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from experiments.plan import sweep_plan

    said = checked(here, STUDY, capsys)
    assert f"{sweep_plan([], 'mine.yaml', None).asked} = " in said


def test_words_are_laid_over_the_file(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "runs       480 = 1 frame" in checked(here, STUDY, capsys, "region=fergana")
    assert main(["check", "mine.yaml", "n=9", "seeds=0"]) == 2
    assert "0 seeds is outside" in capsys.readouterr().err


def test_settings_for_compare_and_for_one_history_are_told_apart(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = checked(here, "arms: [none, full]\nseeds: 3\n", capsys)
    assert "thalweg compare --config mine.yaml" in said
    said = checked(here, "mechanisms:\n  exchanges:\n    mode: imposed\n", capsys)
    assert "settings of one history" in said
    assert "thalweg run --config mine.yaml" in said


def test_a_region_file_is_told_with_what_it_holds(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (CONFIGS / "region" / "synthetic.yaml").read_text(encoding="utf-8")
    said = checked(here, text, capsys)
    assert "a region" in said
    assert "2 nations, 12 municipalities" in said
    assert "thalweg run region=mine.yaml" in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("seeds: 3\nyeers: 5\nregion: fergan\n", ["yeers (mine.yaml:2)", "region (mine.yaml:3)"]),
        ("generator: synthetic\nnations: 9\n", ["mine.yaml:2: nations: 9 is outside"]),
        (
            BORDERS,
            ["mine.yaml:3: border 1: histories", "mine.yaml:4: border 2: unknown key 'regoin'"],
        ),
        (
            "years: 30\nborders:\n  - {name: a, region: fergan, histories: 1}\n",
            ["mine.yaml:3: border a: ", "Did you mean 'fergana'?"],
        ),
        (
            FREE,
            ["mine.yaml:4: free: unknown parameter", "mine.yaml:7: structure 1: unknown key"],
        ),
    ],
)
def test_every_mistake_of_a_file_is_told_with_its_line(
    text: str, expected: list[str], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.yaml").write_text(text, encoding="utf-8")
    assert main(["check", "mine.yaml"]) == 2
    captured = capsys.readouterr()
    for words in expected:
        assert words in captured.err
    assert captured.out == ""


def test_a_users_sets_are_checked_where_they_lie(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = here / "own" / "parameters" / "dry.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("defaults: [default, _self_]\ndrought: {severity_mean: 0.5}\n")
    assert main(["check", "own/parameters/dry.yaml"]) == 0
    assert "--config-dir own parameters=dry" in capsys.readouterr().out
    path.write_text("defaults: [default, _self_]\ndrought:\n  severity_mean: 5\n")
    assert main(["check", "own/parameters/dry.yaml"]) == 2
    assert "(own/parameters/dry.yaml:3): 5 share is outside" in capsys.readouterr().err


def test_a_missing_file_gets_the_nearest_one(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.yaml").write_text("seeds: 3\n")
    assert main(["check", "mien.yaml"]) == 2
    assert "Did you mean mine.yaml?" in capsys.readouterr().err
