"""Reading a study folder: what adds up, and what is refused in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from study_factory import make_study

from analysis.comparisons import StudyError, load_comparison


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a JSON file in place."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def test_a_study_is_read_with_its_names_and_counts(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", seeds=30, failing=2))
    assert [arm.name for arm in study.arms] == ["none", "data_sharing", "joint_committee", "full"]
    assert study.reference.name == "none"
    assert study.largest.name == "full"
    assert study.counts == (120, 118, 2, 0, 0)
    assert len(study.values("full", "crisis_resource")) == 28
    assert study.end_year == study.start_year + 20
    assert set(study.histories) == {arm.name for arm in study.arms}


def test_series_follow_the_order_of_seeds_and_leave_failed_runs_out(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", seeds=30, failing=2))
    rungs = study.series("interstate_rung", "full")
    assert rungs.shape == (28, 80)
    crisis = study.values("full", "crisis_resource").to_numpy() > 0
    assert ((rungs.max(axis=1) >= 3) == crisis).all()
    assert study.series("not_recorded", "full").shape == (28, 0)
    assert study.dyad_peak("none").shape[1] == len(study.region["dyads"])


def test_arms_may_be_numbered_in_the_parts(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=20)
    names = ["none", "data_sharing", "joint_committee", "full"]
    for path in sorted(folder.glob("part-*.parquet")):
        frame = pq.read_table(path).to_pandas()
        frame["arm"] = frame["arm"].map({name: at for at, name in enumerate(names)}).astype(int)
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    assert set(load_comparison(folder).runs["arm"]) == set(names)


def test_two_arms_of_the_same_label_stay_apart(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=20)
    edit(folder / "manifest.json", lambda m: [a.update(label="same") for a in m["arms"]])
    assert len({arm.label for arm in load_comparison(folder).arms}) == 4


def test_an_interrupted_study_counts_what_is_missing(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", seeds=30, aborted=4, complete=False))
    assert study.counts == (120, 116, 0, 4, 0)


@pytest.mark.parametrize("name", ["manifest.json", "declarations.json", "region.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = make_study(tmp_path / "s", seeds=10)
    (folder / name).unlink()
    with pytest.raises(StudyError, match=name):
        load_comparison(folder)


def test_what_is_no_study_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no such folder"):
        load_comparison(tmp_path / "nowhere")
    folder = make_study(tmp_path / "s", seeds=10)
    (folder / "region.json").write_text("{", encoding="utf-8")
    with pytest.raises(StudyError, match="not readable as JSON"):
        load_comparison(folder)


def test_another_schema_is_refused(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=10)
    edit(folder / "manifest.json", lambda m: m.update(schema=1))
    with pytest.raises(StudyError, match="schema 1"):
        load_comparison(folder)


def test_counts_that_do_not_add_up_are_refused(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=10)
    edit(folder / "manifest.json", lambda m: m["runs"].update(ok=39, failed=1))
    with pytest.raises(StudyError, match="40 launched = 40 ok"):
        load_comparison(folder)


def test_a_lost_part_is_noticed(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=10)
    (folder / "part-000001.parquet").unlink()
    with pytest.raises(StudyError, match="the parts hold"):
        load_comparison(folder)


def test_runs_that_occur_twice_are_refused(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=10)
    copied = (folder / "part-000000.parquet").read_bytes()
    (folder / "part-000009.parquet").write_bytes(copied)
    with pytest.raises(StudyError, match="twice"):
        load_comparison(folder)


def test_a_broken_part_and_a_lost_column_are_named(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=10)
    part = folder / "part-000000.parquet"
    frame = pq.read_table(part).to_pandas().drop(columns="crisis_any")
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), part)
    with pytest.raises(StudyError, match="lacks the column crisis_any"):
        load_comparison(folder)
    part.write_bytes(b"not parquet")
    with pytest.raises(StudyError, match=r"part-000000\.parquet: not a readable parquet"):
        load_comparison(folder)


def test_series_without_their_runs_are_refused(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=10)
    (folder / "series-000001.parquet").unlink()
    study = load_comparison(folder)
    with pytest.raises(StudyError, match="lack runs"):
        study.series("local_rung", "full")


def test_an_unknown_arm_is_answered_with_the_known_ones(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", seeds=10))
    with pytest.raises(StudyError, match="there are none, data_sharing"):
        study.arm("ful")


def test_seed_zero_and_float_columns_are_kept(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", seeds=10))
    values = study.values("none", "crisis_resource")
    assert isinstance(values, pd.Series)
    assert 0 in values.index
    assert values.dtype == np.float64
