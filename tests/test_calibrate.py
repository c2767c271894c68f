"""History matching finds what can be known; ``thalweg calibrate`` writes sets that can be used."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

from analysis import history_matching as matching
from experiments import backgrounds, calibrate, calibration_plan
from experiments.exits import UsageError
from experiments.main import main

SMALL = {
    "years": 11, "spinup_years": 1, "first_seed": 5,
    "borders": [{"name": "a", "region": "fergana", "rivalry": "drawn", "histories": 2}],
    "free": {"quarrel.floor": {"range": [0.01, 0.08], "log": True}},
    "structures": [{"name": "one", "about": "as declared"}],
}  # fmt: skip
TRUTH = np.array([0.3, 0.7])


def toy(position: np.ndarray, off: float = 0.0) -> matching.Known:
    """Every target is met where the position is TRUTH, and missed by its distance from there."""
    aims = matching.targets()
    middle, sd = np.array([t.middle for t in aims]), np.array([t.sd for t in aims])
    away = np.column_stack([(position - TRUTH)[:, j % 2] for j in range(len(aims))])
    value = middle + sd * (20.0 * away + off)
    return matching.Known(position, value, np.full(value.shape, 1e-6) * sd**2)


def test_only_patterns_that_may_be_calibrated_on_are_targets() -> None:
    assert {t.pattern.key for t in matching.targets()} == {"V1", "V2", "V7", "V8", "V12", "V13"}


@pytest.mark.slow
def test_waves_close_in_on_the_truth() -> None:
    known = toy(matching.spread(12, 2, 1))
    places, share = matching.next_wave(known, 8, 2)
    assert share < 0.2
    assert np.abs(places - TRUTH).max() < 0.25
    assert matching.implausibility(*toy(TRUTH[None])[1:])[0] < 0.1


@pytest.mark.slow
def test_what_cannot_be_met_leaves_nothing() -> None:
    """Two targets that pull apart: no point of the space is kept."""
    known = toy(matching.spread(12, 2, 1), off=0.0)
    value = known.value.copy()
    value[:, 0] += 40.0 * matching.targets()[0].sd
    _, share = matching.next_wave(known._replace(value=value), 4, 2)
    assert share == 0.0


@pytest.mark.slow
def test_a_lucky_ensemble_does_not_pull_the_emulator() -> None:
    """One point of thirty is far off and says that it is sure: its neighbours are believed."""
    known, sd = toy(matching.spread(30, 2, 4)), np.array([t.sd for t in matching.targets()])
    lucky = known._replace(value=known.value.copy(), variance=known.variance + (2.0 * sd) ** 2)
    lucky.value[3] += 5.0 * sd
    lucky.variance[3] = known.variance[3]
    found, _ = matching.emulate(lucky, known.position[3:4], 1)
    assert (np.abs(found[0] - known.value[3]) < 2.0 * sd).all()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_wave() -> None:
    known = toy(matching.spread(12, 2, 1))
    one, two = (matching.next_wave(known, 5, 3)[0] for _ in range(2))
    assert (one == two).all()


def test_axes_reach_their_ends() -> None:
    axis = matching.Axis("x", 0.01, 1.0, True)
    assert axis.at(np.array([0.0, 0.5, 1.0])) == pytest.approx([0.01, 0.1, 1.0])
    assert matching.Axis("x", 1, 3, False).at(np.array(0.5)) == 2.0


def test_chosen_points_lie_far_apart() -> None:
    pool = np.array([[0.0, 0.0], [0.01, 0.0], [1.0, 1.0], [0.0, 1.0]])
    assert {*matching.apart(pool, 3).tolist()} == {0, 2, 3}


@pytest.mark.slow
def test_the_shipped_study_frees_few_parameters_of_three_structures() -> None:
    content, where = backgrounds.load_content("calibration")
    rest, structures = calibration_plan.split(content, where)
    assert [s.name for s in structures] == ["memory", "differ", "alike"]
    for structure in structures:
        assert len({axis.key for axis in structure.axes}) == len(structure.axes) <= 12
        inside = calibrate.parameters_at(structure, np.full(len(structure.axes), 0.5))
        assert {*structure.fixed} <= {*inside}
    plan = backgrounds.read_plan(rest, where, [], None, False)
    assert plan.tasks(0, inside)[0].scenario.years == 69


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"free": {}}, "at least one free parameter"),
        ({"free": {"quarrel.flor": None}}, "Did you mean"),
        ({"free": {"quarrel.floor": {"range": [0.1, 5]}}}, "outside the declared bounds"),
        ({"free": {"quarrel.floor": {"range": [0.2, 0.1]}}}, "the lower first"),
        ({"free": {"quarrel.floor": {"range": [0, 0.1], "log": True}}}, "begins above 0"),
        ({"structures": [{"about": "x"}]}, "a block with a name"),
        ({"structures": [{"name": "x", "instead": {"quarrel.jump": "a.b"}}]}, "is not free"),
        ({"structures": [{"name": "x", "fixt": {}}]}, "unknown key 'fixt'"),
        ({"structures": 3}, "a list is needed"),
        ({"structures": [{"name": "x", "instead": 3}]}, "a block of keys is needed"),
        ({"structures": [{"name": "x", "fixed": {"quarrel.rival": "one"}}]}, "a number is needed"),
        ({"free": {"quarrel.floor": -1}}, "'range: [LOW, HIGH]' is needed"),
    ],
)
def test_mistakes_of_a_calibration_file_are_named(change: dict, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        calibration_plan.split({**SMALL, **change}, "mine.yaml")
    assert said in str(caught.value)


@pytest.mark.slow
def test_too_small_a_budget_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calibrate", "--budget", "3"]) == 2
    assert "ensembles are needed" in capsys.readouterr().err


@pytest.mark.slow
def test_a_calibration_goes_on_and_its_record_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, out = tmp_path / "mine.yaml", tmp_path / "out"
    study.write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    words = ["calibrate", "--study", str(study), "--budget", "9", f"out={out}"]
    assert main(words) in {0, 1}
    first = json.loads((out / "calibration.json").read_text(encoding="utf-8"))
    stamps = {p.name: p.stat().st_mtime_ns for p in out.glob("counts-*.parquet")}
    seeds = [min(pq.read_table(p)["seed"].to_pylist()) for p in out.glob("counts-*.parquet")]
    assert sorted({*seeds}) == list(range(5, 5 + 2 * 13, 2)), "9 of the search, 4 to look again"
    assert len(seeds) == 9 + 4 * 4, "every point its own, the four places the same four"
    assert main(words) in {0, 1}
    assert {p.name: p.stat().st_mtime_ns for p in out.glob("counts-*.parquet")} == stamps
    again = json.loads((out / "calibration.json").read_text(encoding="utf-8"))
    assert {**again, "provenance": 0} == {**first, "provenance": 0}
    assert len(first["structures"][0]["points"]) == 9
    assert "V5" not in str(first["targets"])


@pytest.mark.slow
def test_a_written_fit_is_a_prepared_set_of_parameters(tmp_path: Path) -> None:
    """What `calibrate` writes can be used with parameters=NAME."""
    from experiments.fits import _text
    from experiments.study import plan

    structure = calibration_plan.Structure("one", "x", {"quarrel.rival": 1.0}, (
        matching.Axis("quarrel.floor", 0.01, 0.08, True),))  # fmt: skip
    aims = matching.targets()
    point = calibrate.Point(np.array([0.5]), np.array([t.middle for t in aims]),
                            np.full(len(aims), 1e-4))  # fmt: skip
    found = calibrate.Found(structure, [point], [0.1], [(point, point)], point)

    content, where = backgrounds.load_content("calibration")
    rest, _ = calibration_plan.split(content, where)
    rest["borders"] = rest["borders"][:1]

    class Request:
        identity = "0" * 64
        plan = backgrounds.read_plan(rest, where, ["parameters.talk.tension=0.4"], None, False)

    (tmp_path / "parameters").mkdir()
    text = _text(Request, found, "fit_one_1", point, point)  # type: ignore[arg-type]
    (tmp_path / "parameters" / "fit_one_1.yaml").write_text(text, encoding="utf-8")
    study = plan("run", ["parameters=fit_one_1"], None, str(tmp_path))
    assert study.parameters["quarrel.floor"] == pytest.approx(0.0283, abs=1e-4)
    assert study.parameters["quarrel.rival"] == 1.0
    assert study.parameters["talk.echo_weeks"] == 3.0
    assert study.parameters["talk.tension"] == 0.4
