"""`thalweg compare` and `thalweg run` with the real model: what is written, what stays equal."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import SMALL

from experiments.digest import digest_of
from experiments.main import main

pytestmark = pytest.mark.slow
STUDY = ("compare", *SMALL, "arms=none,exchanges,full", "seeds=4")


def runs_of(folder: Path) -> pd.DataFrame:
    """All runs of a study, by arm and seed."""
    table = pq.ParquetDataset(sorted(folder.glob("part-*.parquet"))).read().to_pandas()
    return table.drop(columns="row").set_index(["arm", "seed"]).sort_index()


def document(path: Path) -> dict[str, Any]:
    """A JSON file."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small study of three arms."""
    folder = tmp_path_factory.mktemp("study") / "first"
    assert main([*STUDY, "chunk=5", f"out={folder}"]) == 0
    return folder


def test_the_study_folder_is_complete(study: Path) -> None:
    names = {path.name for path in study.iterdir()}
    assert names >= {
        "manifest.json", "config.yaml", "overrides.txt", "provenance.json", "region.json",
        "declarations.json", "design.parquet", "part-000000.parquet", "series-000002.parquet",
        "history-none.json", "history-exchanges.json", "history-full.json", "report.html",
    }  # fmt: skip
    assert not [name for name in names if ".tmp" in name]
    manifest = document(study / "manifest.json")
    assert manifest["complete"] is True
    assert manifest["runs"] == {"launched": 12, "ok": 12, "failed": 0, "aborted": 0,
                                "pending": 0}  # fmt: skip
    assert manifest["chunks"][-1] == {"part": 2, "start": 10, "stop": 12}
    assert manifest["seeds"] == {"first": 1, "count": 4}
    assert [arm["name"] for arm in manifest["arms"]] == ["none", "exchanges", "full"]
    assert manifest["arms"][1]["mechanisms"] == {"exchanges": 1.0}


def test_every_run_of_the_design_is_there_with_every_outcome(study: Path) -> None:
    from sim.outcomes import OUTCOMES
    from sim.record import SERIES

    design = pq.read_table(study / "design.parquet").to_pandas()
    runs = pq.ParquetDataset(sorted(study.glob("part-*.parquet"))).read().to_pandas()
    pd.testing.assert_frame_equal(design[["row", "arm", "seed"]], runs[["row", "arm", "seed"]])
    listed = pq.read_table(study / "runs.parquet").to_pandas()
    assert list(listed["row"]) == list(range(12))
    assert listed["run"].nunique() == 12, "every run has an identity of its own"
    assert list(design["arm"][:3]) == ["none", "exchanges", "full"], "arms of a seed side by side"
    assert list(runs.columns[5:]) == list(OUTCOMES)
    series = pq.read_table(study / "series-000000.parquet")
    assert series.column_names == ["row", *(s.key for s in SERIES), "dyad_peak"]
    assert series.schema.field(SERIES[0].key).type.list_size == 8


def test_declarations_say_what_the_columns_mean(study: Path) -> None:
    from sim.mechanisms import NAMES
    from sim.parameters import DECLARED

    declared = document(study / "declarations.json")
    assert all(o["label"] and o["about"] for o in declared["outcomes"].values())
    assert [p["key"] for p in declared["parameters"]] == [d.key for d in DECLARED]
    assert [m["name"] for m in declared["mechanisms"]] == list(NAMES)
    assert document(study / "region.json")["municipalities"][0]["lat"] > 0


def test_provenance_is_complete_and_holds_nothing_of_the_environment(study: Path) -> None:
    record = document(study / "provenance.json")
    for key in ("versions", "python", "commit", "dirty", "kernel_digest", "platform", "threads",
                "started", "ended", "wall_seconds", "command_line", "engine",
                "sessions"):  # fmt: skip
        assert key in record
    assert record["versions"]["numba"]
    text = (study / "provenance.json").read_text()
    kept = {"threads", "platform", "python", "command_line"}
    for name, value in os.environ.items():
        if len(value) > 12 and value not in str([record[key] for key in kept]):
            assert value not in text, name


def test_one_history_per_arm_tells_the_same_seed(study: Path) -> None:
    told = [document(study / f"history-{arm}.json") for arm in ("none", "exchanges", "full")]
    assert len({history["seed"] for history in told}) == 1
    assert len({history["rule"] for history in told}) == 1
    runs = runs_of(study)
    for history in told:
        row = runs.loc[(history["arm"], history["seed"])]
        for key, value in history["outcomes"].items():
            assert (np.isnan(row[key]) and value is None) or row[key] == value, key
        for event in history["events"]:
            assert event["cause"] is None or event["cause"] < event["id"]
            assert event["date"][:4] == str(event["year"])


def test_digest_is_the_last_line(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digest", str(study)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == ["12 of 12 runs", digest_of(study).text]


@pytest.mark.parametrize("words", [("threads=1", "chunk=12"), ("threads=2", "chunk=1")])
def test_threads_and_chunks_change_no_bit(words: tuple[str, str], study: Path, here: Path) -> None:
    assert main([*STUDY, *words, "out=other"]) == 0
    assert digest_of(here / "other") == digest_of(study)


def test_a_complete_study_is_reused_whole(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digest_of(study)
    made = {path: path.stat() for path in study.glob("part-*.parquet")}
    assert main([*STUDY, f"out={study}"]) == 0
    assert "reused 12 of 12 runs" in capsys.readouterr().err
    for path, stood in made.items():
        now = path.stat()
        assert (now.st_ino, now.st_mtime_ns) == (stood.st_ino, stood.st_mtime_ns)
    assert digest_of(study) == before


def test_a_study_grows_by_seeds_and_arms_and_only_what_is_new_runs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three steps; what was there stays in place, and the end is that of one large study."""
    steps = (("arms=none,full", "seeds=2"), ("arms=none,full", "seeds=3"),
             ("arms=none,exchanges,full", "seeds=4"))  # fmt: skip
    for arms, seeds in steps:
        before = {p: p.stat() for p in (here / "grown").glob("part-*.parquet")}
        assert main(["compare", *SMALL, arms, seeds, "out=grown"]) == 0
        for path, stood in before.items():
            now = path.stat()
            assert (now.st_ino, now.st_mtime_ns) == (stood.st_ino, stood.st_mtime_ns)
    assert "reused 6 of 12 runs" in capsys.readouterr().err
    assert main(["compare", *SMALL, *steps[-1], "out=whole"]) == 0
    assert digest_of(here / "grown") == digest_of(here / "whole")
    grown, whole = ((here / name / "headline.txt").read_text() for name in ("grown", "whole"))
    assert grown == whole


def test_a_study_does_not_shrink(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *SMALL, "arms=none,full", "seeds=2", "out=mine"]) == 0
    before = digest_of(here / "mine")
    assert main(["compare", *SMALL, "arms=none,full", "seeds=1", "out=mine"]) == 2
    assert "seeds=2 instead of 1" in capsys.readouterr().err
    assert digest_of(here / "mine") == before


def test_intensity_zero_is_the_absent_mechanism_bit_for_bit(here: Path) -> None:
    words = ["compare", *SMALL, "arms=none,exchanges", "mechanisms.exchanges.intensity=0"]
    assert main([*words, "seeds=3", "out=zero"]) == 0
    runs = runs_of(here / "zero")
    pd.testing.assert_frame_equal(runs.loc["none"], runs.loc["exchanges"], check_exact=True)


def test_another_study_in_the_folder_is_refused_with_what_differs(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", *SMALL, "arms=none,full", "seeds=1", "out=mine"]) == 0
    before = digest_of(here / "mine")
    capsys.readouterr()
    other = ["compare", *SMALL, "arms=none,full", "seeds=2", "out=mine"]
    assert main([*other, "parameters.drought.severity_mean=0.1"]) == 2
    message = capsys.readouterr().err
    for word in ("seeds=1 instead of 2", "drought.severity_mean", "out=DIR", "--replace"):
        assert word in message
    assert digest_of(here / "mine") == before
    assert main([*other, "--replace"]) == 0
    assert digest_of(here / "mine").runs == 4


def test_a_folder_with_other_files_is_refused(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "photos").mkdir()
    (here / "photos" / "river.txt").write_text("mine")
    assert main(["compare", *SMALL, "seeds=1", "out=photos", "--replace"]) == 2
    assert "river.txt" in capsys.readouterr().err
    assert [path.name for path in (here / "photos").iterdir()] == ["river.txt"]


def test_failed_runs_are_kept_counted_and_told(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim import simulate

    whole = simulate.simulate_many

    def failing(scenarios: Any, **how: Any) -> Any:
        ensemble = whole(scenarios, **how)
        ensemble.status[[s.seed == 2 for s in scenarios]] = 1
        return ensemble

    monkeypatch.setattr(simulate, "simulate_many", failing)
    assert main(["compare", *SMALL, "arms=none,full", "seeds=3", "out=mine"]) == 3
    assert "6 launched = 4 ok + 2 failed + 0 aborted" in capsys.readouterr().out
    runs = runs_of(here / "mine")
    failed = runs[runs["status"] != 0]
    assert list(failed.index) == [("full", 2), ("none", 2)]
    assert failed.drop(columns=["status", "error"]).isna().all(axis=None)
    assert set(failed["error"]) == {"numerical failure"}
    assert document(here / "mine/manifest.json")["runs"]["failed"] == 2


def test_results_go_to_a_folder_named_after_the_study(here: Path) -> None:
    assert main(["run", *SMALL]) == 0
    (folder,) = (here / "results").iterdir()
    assert folder.name.startswith("run-fergana-")
    assert document(folder / "manifest.json")["identity"].startswith(folder.name[-10:])


def test_run_tells_one_history_and_writes_it(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["run", *SMALL, "mechanisms=full", "seed=0", "out=one"]
    assert main(words) == 0
    text = capsys.readouterr().out
    assert "Simulated, not observed." in text
    assert "Seed 0." in text
    assert "(week " in text
    events = pq.read_table(here / "one/events.parquet")
    readable = pd.read_csv(here / "one/events.csv")
    assert len(readable) == events.num_rows > 0
    assert {"date", "place", "actor", "act", "bar", "hostility", "cause"} <= {*readable.columns}
    assert pq.read_table(here / "one/series.parquet")["time"].to_pylist()[-1] == 2.0
    before = digest_of(here / "one")
    assert main(words) == 0
    assert digest_of(here / "one") == before


def test_run_and_compare_simulate_the_same_history(study: Path, here: Path) -> None:
    history = document(study / "history-full.json")
    assert main(["run", *SMALL, "mechanisms=full", f"seed={history['seed']}", "out=one"]) == 0
    assert len(pd.read_csv(here / "one/events.csv")) == len(history["events"])
