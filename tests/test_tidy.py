"""Tidy frames for notebooks: comparisons and sweeps have the same columns, names and numbers."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT
from study_factory import make_study
from sweep_factory import FLAGS, RANGE, make_sweep

from analysis import load
from analysis.comparisons import load_comparison
from analysis.effects import effects
from analysis.paper_figures import forest
from analysis.study import StudyError
from analysis.sweep_effects import findings
from analysis.sweeps import load_sweep
from analysis.tidy_effects import KEYS

FIRST = ["row", "region", "arm", "seed", "point"]
PAGE = ROOT / "docs" / "notebook.md"


def test_a_comparison_is_one_row_a_run_with_every_outcome(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=20, failing=2)
    study, stored = load(folder), load_comparison(folder)
    runs = study.runs()
    assert list(runs) == [*FIRST, "status", *stored.outcomes]
    assert len(runs) == 80 == study.counts.launched
    assert set(runs["region"]) == {"testland"}
    assert set(runs["point"]) == {0}
    failed = runs[runs["status"] == "failed"]
    assert len(failed) == 2 == study.counts.failed
    assert failed[list(stored.outcomes)].isna().all(axis=None)
    own = runs[(runs["arm"] == "full") & (runs["status"] == "ok")].set_index("seed")
    kept = stored.values("full", "violent_incidents")
    pd.testing.assert_series_equal(own["violent_incidents"].sort_index(), kept)


def test_a_sweep_has_the_same_columns_and_its_settings_beside_them(tmp_path: Path) -> None:
    folder = make_sweep(tmp_path / "s", factors=(RANGE, FLAGS), points=4, seeds=3, failing=1,
                        missing=5)  # fmt: skip
    study, stored = load(folder), load_sweep(folder)
    runs = study.runs()
    settings = [RANGE["key"], FLAGS["key"]]
    assert list(runs) == [*FIRST, *settings, "status", *stored.outcomes]
    assert len(runs) == stored.row.size - 5
    assert sorted(map(str, runs[FLAGS["key"]].unique())) == ["False", "True"]
    assert study.factors.loc[RANGE["key"], "unit"] == "per year"
    values = stored.values(["violent_incidents"])["violent_incidents"]
    places = (
        runs["region"].map({f.name: f.case for f in stored.frames}), runs["point"],
        runs["seed"] - 1, runs["arm"].map({a.name: i for i, a in enumerate(stored.arms)}),
    )  # fmt: skip
    np.testing.assert_array_equal(runs["violent_incidents"], values[tuple(map(list, places))])
    at = runs[runs["point"] == 2][RANGE["key"]].unique()
    assert at.tolist() == [stored.points[2, 0]]


def test_names_and_units_come_from_the_declarations(tmp_path: Path) -> None:
    study = load(make_study(tmp_path / "s", seeds=5))
    assert study.outcomes.loc["hazard_damage", "unit"] == "million US dollars of 2020"
    assert study.outcomes.loc["crisis_resource", "label"] == "interstate crisis over the resource"
    assert study.arms.loc["full", "label"] == "Full package"
    assert study.arms.loc["full", "mechanisms"]["mutual_aid"] == 1.0
    assert study.factors.empty
    assert study.manifest["seeds"]["count"] == 5
    assert str(study.folder) in repr(study)


def test_effects_are_those_of_the_report_and_can_be_drawn_as_they_are(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=200)
    study, stored = load(folder), load_comparison(folder)
    frame = study.effects()
    assert list(frame) == KEYS
    found = effects(stored)
    assert len(frame) == len(found)
    row = frame[(frame["arm"] == "full") & (frame["outcome"] == "crisis_resource")].iloc[0]
    one = found["full", "crisis_resource"]
    assert (row["estimate"], row["lo"], row["hi"], row["n"]) == (
        one.difference, one.lo, one.hi, one.n,
    )  # fmt: skip
    assert row["verdict"] == one.verdict(stored.outcomes["crisis_resource"]) == "better"
    assert row["unit"] == "share of histories"
    held = [stored.values(arm, "crisis_resource").sum() for arm in ("none", "full")]
    assert [row["events_reference"], row["events"]] == held
    times = frame[frame["outcome"] == "time_to_crisis_resource"]
    assert set(times["unit"]) == {"years, restricted mean over 20"}
    assert forest.draw(frame[frame["arm"] == "full"].head(3), study.source("60 pairs")).axes


def test_effects_of_a_sweep_stand_frame_by_frame_in_the_order_of_arms_and_outcomes(
    tmp_path: Path,
) -> None:
    folder = make_sweep(tmp_path / "s", points=8, seeds=6)
    frame, stored = load(folder).effects(), load_sweep(folder)
    assert frame["region"].unique().tolist() == ["east", "west"]
    arms = [arm.name for arm in stored.arms[1:]]
    wanted = [(r, a, k) for r in ("east", "west") for a in arms for k in stored.outcomes]
    assert list(frame[["region", "arm", "outcome"]].itertuples(index=False, name=None)) == wanted
    cell = findings(stored, 0).cells[1, "full", "crisis_resource"].effect
    assert cell is not None
    row = frame.set_index(["region", "arm", "outcome"]).loc[("west", "full", "crisis_resource")]
    assert row["estimate"] == cell.difference


def test_series_are_one_row_a_run_and_quarter(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=6, years=5, failing=1)
    study, stored = load(folder), load_comparison(folder)
    long = study.series("local_rung")
    assert list(long) == [*FIRST, "year", "value"]
    assert len(long) == (6 * 4 - 1) * 20
    assert (long["year"].min(), long["year"].max()) == (2025.25, 2030.0)
    wide = long[long["arm"] == "full"].pivot_table(index="seed", columns="year", values="value")
    np.testing.assert_allclose(wide.to_numpy(), stored.series("local_rung", "full"), rtol=1e-6)


@pytest.mark.parametrize("key", ["nonsense", "dyad_peak"])
def test_a_series_that_was_not_kept_is_refused_with_those_that_were(
    key: str, tmp_path: Path
) -> None:
    study = load(make_study(tmp_path / "s", seeds=4, years=2))
    with pytest.raises(StudyError, match=r"it keeps local_rung, interstate_rung$"):
        study.series(key)
    with pytest.raises(StudyError, match=r"it keeps none$"):
        load(make_sweep(tmp_path / "t", points=2, seeds=2)).series(key)


def test_series_of_a_sweep_are_read_at_the_stride_that_was_kept(tmp_path: Path) -> None:
    """Planted: the value is the row plus a tenth of the place in time; two quarters a step."""
    folder = make_sweep(tmp_path / "s", points=2, seeds=2, failing=1)
    for part in sorted(folder.glob("part-*.parquet")):
        rows = pq.read_table(part)["row"].to_numpy()
        block = (rows[:, None] + 0.1 * np.arange(3)).astype(np.float32)
        held = pa.FixedSizeListArray.from_arrays(pa.array(block.ravel()), 3)
        pq.write_table(pa.table({"row": rows, "local_rung": held}),
                       part.with_name(part.name.replace("part", "series")))  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    manifest["layout"]["every"] = 2
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    study = load(folder)
    long = study.series("local_rung")
    runs = study.runs()
    assert len(long) == 3 * (runs["status"] == "ok").sum()
    place = (long["year"] - long["year"].min()) / 0.5
    np.testing.assert_allclose(long["value"], long["row"] + 0.1 * place, rtol=1e-6)
    assert long["year"].min() == 2025.5
    assert RANGE["key"] in long.columns


def test_importing_the_room_imports_nothing() -> None:
    code = "import sys; from analysis import load; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, text=True,
                          capture_output=True)  # fmt: skip
    assert done.stdout.strip() == "False"


@pytest.mark.slow
def test_the_example_of_the_notebook_page_runs_word_for_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from experiments.main import main

    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    commands = re.findall(r"^thalweg (compare .*)$", text, re.MULTILINE)
    assert len(commands) == 1
    assert main(commands[0].split()) == 0
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), names)
    made = tmp_path / "results" / "notebook" / "answers" / "mine"
    assert sorted(path.name for path in made.iterdir()) == [
        "effects.columns.csv", "effects.csv", "effects.parquet", "effects.pdf", "effects.svg",
        "effects.txt",
    ]  # fmt: skip
    assert np.isfinite(names["difference"].mean())  # type: ignore[attr-defined]
