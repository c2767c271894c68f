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
from study_factory import make_study
from sweep_factory import FLAGS, LIST, LOG, RANGE, make_sweep

from analysis.sensitivity.answers import answers
from analysis.sensitivity.study import MEAN, SPREAD, design_of, failures
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
        assert max(answer.floors.values()) < 0.02


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
    assert "Uneven failures" in told
    assert "20 of 1,920 runs with full" in told
    (told,) = failures(load_sweep(even))
    assert "neven failures" not in told
    assert any("neven failures" in line for line in text(load_sweep(uneven), of(uneven)))


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
    with pytest.raises(StudyError, match=r"method=grid are chosen.*method=sobol n=256"):
        design_of(load_sweep(folder))


def test_a_mixed_design_is_refused_by_its_own_name(tmp_path: Path) -> None:
    folder = make_sweep(tmp_path / "s", method="mixed")
    with pytest.raises(StudyError, match=r"method=mixed draws.*method=sobol n=256") as told:
        design_of(load_sweep(folder))
    assert "grid" not in str(told.value)


def test_a_comparison_is_refused_with_the_command_that_would_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sensitivity", str(make_study(tmp_path / "s"))]) == 2
    said = capsys.readouterr().err
    assert "no setting was varied" in said
    assert "thalweg sweep method=sobol" in said


def spreading(folder: Path, seeds: int, n: int = 512) -> Path:
    """A sweep in which the spread over seeds hangs on the first setting, the mean on the second."""
    x = blocks(ISHIGAMI, n, 3).reshape(-1, 3)
    make_sweep(folder, regions=("east",), arms=ARMS, factors=SETTINGS, method="sobol",
               points=len(x), seeds=seeds)  # fmt: skip
    luck = np.random.default_rng(6).normal(size=(len(x), seeds, 2))
    y = 9 + 2 * x[:, 1, None, None] + np.exp(1.5 * x[:, 0])[:, None, None] * luck
    rewrite(folder, x, {"violent_incidents": y}, ())
    edit(folder, block=5)
    return folder


def test_noise_of_a_spread_over_seeds_is_no_interaction(tmp_path: Path) -> None:
    """The plain standard deviation gives every setting a total index of some 0.15."""
    found = of(spreading(tmp_path / "s", 20))
    spread = next(a for a in found if a.question.statistic == SPREAD)
    first, *others = (SETTINGS[k]["key"] for k in range(3))
    own = {(i.kind, i.units[0].name): i.now for i in spread.indices}
    for kind in ("first", "total"):
        assert own[kind, first].lo <= 1 <= own[kind, first].hi
        assert own[kind, first].value == pytest.approx(1, abs=0.1)
        for other in others:
            assert own[kind, other].value == pytest.approx(0, abs=0.06)
            assert own[kind, other].lo <= 0 <= own[kind, other].hi
    assert spread.floors["total"] < 0.3


def test_a_spread_over_few_seeds_is_refused(tmp_path: Path) -> None:
    found = of(spreading(tmp_path / "s", 11, 32))
    spread = next(a for a in found if a.question.statistic == SPREAD)
    assert "11 seeds is too noisy" in spread.refusal
    assert "12 are needed" in spread.refusal


def test_one_seed_settles_nothing(tmp_path: Path) -> None:
    """Every point draws luck of its own: with one seed, more blocks only make it look certain."""
    folder = plant(tmp_path / "s", n=1024, seeds=1, luck=3.0)
    none, *_ = of(folder)
    assert {i.verdict.word for i in none.indices} == {CANNOT_TELL}
    assert {i.verdict.needed.seeds for i in none.indices} == {4}
    assert "4 seeds are needed" in " ".join(text(load_sweep(folder), [none]))


def test_without_a_floor_of_noise_only_what_is_clearly_large_is_told(tmp_path: Path) -> None:
    folder = plant(tmp_path / "s", n=2048, seeds=3, luck=0.01)
    none, *_ = of(folder)
    for index in none.indices:
        if index.now.lo <= 0.05:
            assert index.verdict.word == CANNOT_TELL
            assert "3 seeds give no floor of noise, 4 are needed" in index.verdict.reason
        else:
            assert index.verdict.word in {CONVERGED, NOT_YET}
    assert CONVERGED in {i.verdict.word for i in none.indices}
    assert "4 are needed" in " ".join(text(load_sweep(folder), [none]))


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


def latin(folder: Path, points: int, seeds: int, luck: np.ndarray | None = None) -> Path:
    """A hypercube over two settings of which the first matters; ``luck`` [seed] through it."""
    factors = (RANGE, LOG)
    make_sweep(folder, regions=("east",), arms=("none",), factors=factors, points=points,
               seeds=seeds)  # fmt: skip
    x = np.random.default_rng(4).random((points, 2))
    design = pq.read_table(folder / "design.parquet")
    for k, factor in enumerate(factors):
        at, place = design.column_names.index(factor["key"]), design["point"].to_numpy()
        design = design.set_column(at, factor["key"], pa.array(x[place, k]))
    pq.write_table(design, folder / "design.parquet")
    slope = 3 + (np.zeros(seeds) if luck is None else luck)
    y = 9 + x[:, :1] * slope + np.random.default_rng(5).normal(size=(points, seeds))
    rewrite(folder, x[:, :0], {"violent_incidents": y[..., None]}, ())
    return folder


def test_delta_at_half_is_read_from_half_of_what_delta_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more points than Delta reads, half of them would be the same points twice."""
    monkeypatch.setattr("analysis.sensitivity.given.MOST_DELTA", 80)
    monkeypatch.setattr("analysis.sensitivity.given.DELTA_DRAWS", 20)
    folder = latin(tmp_path / "s", 200, 4)
    none = next(a for a in of(folder) if a.question.statistic == MEAN)
    for index in (i for i in none.indices if i.kind == "delta"):
        assert [step.blocks for step in index.trail] == [20, 40, 80]
        assert index.trail[1].value != index.trail[2].value
        assert index.verdict.needed is None or index.verdict.needed.blocks == 200
    said = text(load_sweep(folder), [none])
    assert any("Delta: of the first 20, 40 and 80 points" in line for line in said)


def test_a_hypercube_with_one_seed_settles_nothing(tmp_path: Path) -> None:
    none, *_ = of(latin(tmp_path / "s", 120, 1))
    assert {i.verdict.word for i in none.indices} == {CANNOT_TELL}
    assert {i.verdict.reason for i in none.indices} == {
        "one seed tells nothing of luck, 2 seeds are needed"
    }


def test_a_quarter_that_other_seeds_may_put_across_its_floor_is_not_settled(
    tmp_path: Path,
) -> None:
    found = []
    for luck in (np.zeros(6), np.array([9.0, -9.0, 8.0, -8.0, 7.0, -7.0])):
        none = next(a for a in of(latin(tmp_path / str(luck[0]), 160, 6, luck))
                    if a.question.statistic == MEAN)  # fmt: skip
        found += [i.verdict for i in none.indices
                  if i.kind == "quarter 4" and i.units[0].name == RANGE["key"]]  # fmt: skip
    steady, lucky = found
    assert steady.word == CONVERGED
    assert not steady.below_floor
    assert lucky.word == NOT_YET
    assert lucky.needed.seeds == 12


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
    sigma = {i.units[0].name: i for i in none.indices if i.kind == "sigma"}
    assert all(sigma[f["key"]].verdict.below_floor for f in SETTINGS)


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
