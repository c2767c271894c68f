"""``thalweg sensitivity`` on planted sweeps: what it finds, refuses and flags."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT
from known_functions import ISHIGAMI, blocks
from sweep_factory import FLAGS, LIST, LOG, RANGE, make_sweep

from analysis.sensitivity.answers import answers
from analysis.sensitivity.study import MEAN, design_of, failures
from analysis.sensitivity.told import table, text
from analysis.sensitivity.verdicts import CANNOT_TELL, CONVERGED, NOT_YET
from analysis.study import StudyError
from analysis.sweeps import load_sweep
from experiments.main import main

SETTINGS = tuple({**RANGE, "key": f"parameters.drought.{name}", "label": label, "lo": 0.0,
                  "hi": 1.0, "unit": ""}
                 for name, label in (("rate", "droughts per year"), ("severity_mean", "severity"),
                                     ("length", "length of a drought")))  # fmt: skip
ARMS = ("none", "full")


def plant(
    folder: Path, n: int = 64, seeds: int = 6, *, size: float = 1.0, luck: float = 0.1,
    failing: tuple[tuple[int, int, int], ...] = (), **changed: Any,
) -> Path:  # fmt: skip
    """A Sobol' sweep in which violent_incidents is Ishigami's function and full halves it.

    ``failing``: (point, seed, arm) of runs that failed.
    """
    x = blocks(ISHIGAMI, n, 3)
    points = x.reshape(-1, 3)
    make_sweep(folder, regions=("east",), arms=ARMS, factors=SETTINGS, method="sobol",
               points=len(points), seeds=seeds)  # fmt: skip
    random = np.random.default_rng(5)
    noise = luck * random.normal(size=(len(points), seeds, 2))
    y = 10 + size * ISHIGAMI.of(points)[:, None, None] * np.array([1.0, 0.5]) + noise
    crisis = (random.random(y.shape) < changed.pop("crisis", 0.3)).astype(float)
    rewrite(folder, points, {"violent_incidents": y, "crisis_resource": crisis}, failing)
    edit(folder, block=5, **changed)
    return folder


def rewrite(folder: Path, points: np.ndarray, outcomes: dict[str, np.ndarray],
            failing: tuple[tuple[int, int, int], ...]) -> None:  # fmt: skip
    """Put planted points and outcomes [point, seed, arm] in place of those of the factory."""
    design = pq.read_table(folder / "design.parquet")
    place = design["point"].to_numpy()
    for k, factor in enumerate(SETTINGS[: points.shape[1]]):
        at = design.column_names.index(factor["key"])
        design = design.set_column(at, factor["key"], pa.array(points[place, k]))
    pq.write_table(design, folder / "design.parquet")
    shape = next(iter(outcomes.values())).shape
    lost = np.zeros(shape, dtype=np.int8)
    for cell in failing:
        lost[cell] = 3
    for path in folder.glob("part-*.parquet"):
        part = pq.read_table(path)
        rows = part["row"].to_numpy()
        for key, values in outcomes.items():
            own = np.where(lost > 0, np.nan, values).ravel()[rows]
            part = part.set_column(part.column_names.index(key), key, pa.array(own))
        part = part.set_column(part.column_names.index("status"), "status",
                               pa.array(lost.ravel()[rows]))  # fmt: skip
        pq.write_table(part, path)
    runs = {"launched": lost.size, "ok": int((lost == 0).sum()), "failed": int((lost > 0).sum()),
            "aborted": 0, "pending": 0}  # fmt: skip
    edit(folder, runs=runs)


def edit(folder: Path, **changed: Any) -> None:
    """Change entries of the manifest."""
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changed}), encoding="utf-8")


def of(folder: Path, key: str = "violent_incidents") -> list:
    """All answers about one outcome."""
    return answers(load_sweep(folder), [key])


def test_planted_indices_are_found_for_arms_and_for_the_effect(tmp_path: Path) -> None:
    found = of(plant(tmp_path / "s", n=512))
    asked = [(a.question.arm.name, a.question.against and a.question.against.name)
             for a in found if a.question.statistic == MEAN]  # fmt: skip
    assert asked == [("none", None), ("full", None), ("full", "none")]
    for answer in (a for a in found if a.question.statistic == MEAN):
        own = {(i.kind, i.units[0].label): i.now.value for i in answer.indices}
        for k, factor in enumerate(SETTINGS):
            label = factor["label"][0].upper() + factor["label"][1:]
            assert own["first", label] == pytest.approx(ISHIGAMI.first[k], abs=0.12)
            assert own["total", label] == pytest.approx(ISHIGAMI.total[k], abs=0.12)
        assert answer.shares.parameters.value > 0.99
        assert max(answer.floors.values()) < 0.01


@pytest.mark.slow
def test_a_larger_design_settles_what_a_small_one_could_not(tmp_path: Path) -> None:
    small, large = (of(plant(tmp_path / str(n), n=n))[0].indices for n in (64, 2048))
    assert {i.verdict.word for i in small} >= {NOT_YET}
    assert all(i.verdict.needed.runs > 64 * 5 * 6 * 2 for i in small if i.verdict.word == NOT_YET)
    assert [i.verdict.word for i in large].count(CONVERGED) >= 4
    first = next(i for i in large if i.kind == "first")
    assert [step.blocks for step in first.trail] == [512, 1024, 2048]


def test_pure_luck_cannot_be_told(tmp_path: Path) -> None:
    found = of(plant(tmp_path / "s", size=0.0, luck=1.0))[0]
    assert {i.verdict.word for i in found.indices} == {CANNOT_TELL}
    assert found.shares.mostly_luck


def test_what_never_varies_cannot_be_told(tmp_path: Path) -> None:
    found = of(plant(tmp_path / "s", size=0.0, luck=0.0))[0]
    assert {i.verdict.reason for i in found.indices} == {"it does not vary between points"}


def test_few_blocks_cannot_tell(tmp_path: Path) -> None:
    found = of(plant(tmp_path / "s", n=8))[0]
    assert {i.verdict.reason for i in found.indices} == {"8 blocks, 16 are needed"}


def test_a_failed_run_takes_its_whole_block_and_no_other(tmp_path: Path) -> None:
    """Three failed runs in two blocks of one arm: that arm and its difference lose two blocks."""
    failing = ((0, 1, 1), (3, 2, 1), (17, 0, 1))
    found = [a for a in of(plant(tmp_path / "s", failing=failing)) if a.question.statistic == MEAN]
    assert [a.dropped for a in found] == [0, 2, 2]
    assert [a.size.blocks for a in found] == [64, 62, 62]
    assert all(np.isfinite(i.now.value) for a in found for i in a.indices)


def test_too_many_failures_are_refused(tmp_path: Path) -> None:
    failing = tuple((5 * block, 0, 0) for block in range(8))
    none, *_ = of(plant(tmp_path / "s", failing=failing))
    assert "8 of 64 blocks hold a run that failed" in none.refusal
    assert none.indices == ()


def test_uneven_failures_are_flagged_and_even_ones_are_not(tmp_path: Path) -> None:
    uneven = plant(tmp_path / "a", failing=tuple((k, k % 6, 1) for k in range(20)))
    even = plant(tmp_path / "b", failing=tuple((k, 0, k % 2) for k in range(20)))
    (told,) = failures(load_sweep(uneven))
    assert "failed unevenly" in told
    assert "20 of 1,920 runs with full" in told
    (told,) = failures(load_sweep(even))
    assert "failed unevenly" not in told
    assert any("failed unevenly" in line for line in text(load_sweep(uneven), of(uneven)))


def test_too_few_events_are_refused(tmp_path: Path) -> None:
    folder = plant(tmp_path / "s", crisis=0.002)
    assert all("too few events" in a.refusal for a in of(folder, "crisis_resource"))


def test_settings_of_a_group_are_one_unit(tmp_path: Path) -> None:
    """With two settings in a group, blocks of five rows are no Saltelli blocks of this problem."""
    folder = plant(tmp_path / "s")
    factors = [{**f, "group": "hard" if k < 2 else ""} for k, f in enumerate(SETTINGS)]
    edit(folder, factors=factors)
    with pytest.raises(StudyError, match="blocks of 5 rows"):
        of(folder)
    edit(folder, method="latin")
    assert [unit.name for unit in design_of(load_sweep(folder)).units] == [
        f["key"] for f in SETTINGS
    ]  # fmt: skip


def test_a_group_has_one_index_and_pairs_their_own(tmp_path: Path) -> None:
    """Ishigami's first two settings as one group: the third acts through the first alone."""
    random, n = np.random.default_rng(1), 512
    a, b = random.random((n, 3)), random.random((n, 3))
    rows = [a]
    for into, other in ((a, b), (b, a)):
        for columns in ((0, 1), (2,)):
            row = into.copy()
            row[:, columns] = other[:, columns]
            rows.append(row)
    points = np.stack([*rows, b], axis=1).reshape(-1, 3)
    factors = [{**f, "group": "hard" if k < 2 else ""} for k, f in enumerate(SETTINGS)]
    folder = make_sweep(tmp_path / "s", regions=("east",), arms=ARMS, factors=factors,
                        method="sobol", points=len(points), seeds=2)  # fmt: skip
    y = np.broadcast_to(ISHIGAMI.of(points)[:, None, None], (len(points), 2, 2))
    rewrite(folder, points, {"violent_incidents": y}, ())
    edit(folder, block=6)
    none, *_ = of(folder)
    own = {(i.kind, *(unit.label for unit in i.units)): i.now for i in none.indices}
    shared, third = ISHIGAMI.total[2], "Length of a drought"
    wanted = {("first", "group hard"): 1 - shared, ("total", "group hard"): 1.0,
              ("first", third): 0.0, ("total", third): shared,
              ("second", "group hard", third): shared}  # fmt: skip
    assert own.keys() == wanted.keys()
    for key, truth in wanted.items():
        assert own[key].lo - 0.03 <= truth <= own[key].hi + 0.03, key


def test_a_grid_is_refused_with_the_cure(tmp_path: Path) -> None:
    folder = make_sweep(tmp_path / "s", factors=(LIST,), method="grid", points=3)
    with pytest.raises(StudyError, match="method=sobol n=256"):
        design_of(load_sweep(folder))


@pytest.mark.slow
def test_a_latin_hypercube_with_a_flag_has_every_index_judged(tmp_path: Path) -> None:
    folder = make_sweep(tmp_path / "s", regions=("east",), arms=ARMS, factors=(RANGE, LOG, FLAGS),
                        points=80, seeds=8, luck=0.0, slope=3.0)  # fmt: skip
    none, *_ = of(folder)
    kinds = {i.kind for i in none.indices}
    assert kinds == {"pawn", "delta", "quarter 1", "quarter 2", "quarter 3", "quarter 4"}
    assert all(i.verdict.word for i in none.indices)
    pawn = {i.units[0].name: i.now.value for i in none.indices if i.kind == "pawn"}
    assert max(pawn, key=pawn.get) == RANGE["key"]


def test_trajectories_are_screened(tmp_path: Path) -> None:
    from SALib.sample import morris

    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0.0, 1.0]] * 3}
    points = morris.sample(problem, 40, num_levels=4, seed=1)
    folder = make_sweep(tmp_path / "s", regions=("east",), arms=ARMS, factors=SETTINGS,
                        method="morris", points=len(points), seeds=5)  # fmt: skip
    y = points[:, :1, None] * 4 + 0.01 * np.random.default_rng(1).normal(size=(len(points), 5, 2))
    rewrite(folder, points, {"violent_incidents": y}, ())
    edit(folder, block=4)
    none, *_ = of(folder)
    star = {i.units[0].name: i for i in none.indices if i.kind == "mu_star"}
    assert star[SETTINGS[0]["key"]].now.value == pytest.approx(4, abs=0.05)
    assert star[SETTINGS[0]["key"]].verdict.word == CONVERGED
    assert star[SETTINGS[1]["key"]].verdict.below_floor


def test_the_text_is_narrow_and_the_table_tidy(tmp_path: Path) -> None:
    folder = plant(tmp_path / "s")
    found, sweep = of(folder), load_sweep(folder)
    assert max(map(len, text(sweep, found))) <= 100
    rows = table(found)
    assert len(rows) == 3 * sum(len(a.indices) for a in found)
    assert set(rows["setting"]) == {f["key"] for f in SETTINGS}


@pytest.mark.slow
def test_the_command_tells_and_keeps_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = plant(tmp_path / "s")
    assert main(["sensitivity", str(folder), "--outcome", "violent_incidents"]) == 0
    out = capsys.readouterr().out
    assert "floor of noise" in out
    assert "not yet:" in out
    kept = folder / "answers" / "sensitivity"
    assert {"indices.csv", "indices.parquet"} <= {p.name for p in kept.iterdir()}
    assert list(kept.glob("*.pdf"))
    assert main(["sensitivity", str(folder), "--json", "--out", str(tmp_path / "o")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows_of_a_block"] == 5
    assert {a["outcome"] for a in told["answers"]} >= {"violent_incidents", "crisis_resource"}


def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "docs" / "sensitivity.md").read_text(encoding="utf-8")
    code = page.partition("```python\n")[2].partition("```")[0]
    plant(tmp_path / "results" / "mine")
    monkeypatch.chdir(tmp_path)
    held: dict[str, Any] = {}
    exec(compile(code, "docs/sensitivity.md", "exec"), held)
    assert set(held["indices"]["outcome"]) == {"violent_incidents"}


def test_an_outcome_that_is_not_kept_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = plant(tmp_path / "s", n=16)
    assert main(["sensitivity", str(folder), "--outcome", "violent_incident"]) == 2
    assert "Did you mean 'violent_incidents'?" in capsys.readouterr().err


def test_the_same_folder_gives_the_same_numbers(tmp_path: Path) -> None:
    folder = plant(tmp_path / "s")
    assert table(of(folder)).equals(table(of(folder)))
