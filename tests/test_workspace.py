"""A study folder under ill luck: what is not ours stays, what is damaged is made again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from experiments import chunk_job, part_files, store, workspace
from experiments.digest import digest_of
from experiments.exits import StoppedError
from experiments.main import main
from experiments.model_digest import digest_of_sources
from sim import simulate

FRAME = ("region=synthetic", "region.municipalities=4", "years=1", "spinup_years=1")
SWEEP = ("sweep", *FRAME, "arms=none,full", "seeds=4", "chunk=2", "out=mine")
pytestmark = pytest.mark.slow


@pytest.fixture
def study(here: Path) -> Path:
    """A finished study of four parts."""
    assert main([*SWEEP]) == 0
    return here / "mine"


def failing(monkeypatch: pytest.MonkeyPatch, seed: int, full: bool) -> None:
    """Plant an error in the runs of one seed, in the arm with mechanisms or the one without."""
    whole = simulate._one

    def one(scenario: Any, space: Any, *zero: Any) -> Any:
        if scenario.seed == seed and bool(scenario.intensity.any()) == full:
            raise FloatingPointError("planted")
        return whole(scenario, space, *zero)

    monkeypatch.setattr(simulate, "_one", one)


@pytest.mark.parametrize("name", ["config.yaml", "calibration.json", "part-000000.parquet"])
def test_a_folder_without_a_manifest_is_nobody_s_to_empty(name: str, here: Path) -> None:
    """A user's own configs, another command's results, or a copy that has not come to its end."""
    (here / "mine" / "parameters").mkdir(parents=True)
    (here / "mine" / name).write_text("{}")
    assert main([*SWEEP]) == 2
    assert sorted(p.name for p in (here / "mine").iterdir()) == sorted([name, "parameters"])


def test_a_study_that_was_killed_before_its_manifest_begins_anew(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = store.write_json

    def killed(path: Path, content: Any) -> None:
        if path.name == "manifest.json":
            raise KeyboardInterrupt
        whole(path, content)

    with monkeypatch.context() as patched:
        patched.setattr(store, "write_json", killed)
        assert main([*SWEEP]) == 130
    assert not (here / "mine" / "manifest.json").exists()
    assert main([*SWEEP]) == 0
    assert not (here / "mine" / store.BEGUN).exists()


def test_a_study_killed_while_it_grows_is_not_called_complete(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = [word.replace("seeds=4", "seeds=6") for word in SWEEP]
    with monkeypatch.context() as patched:
        patched.setattr(workspace, "write_design", lambda *_: (_ for _ in ()).throw(OSError()))
        with pytest.raises(OSError):
            main(larger)
    assert json.loads((study / "manifest.json").read_text())["complete"] is False
    assert main(larger) == 0
    assert digest_of(study).runs == 12


def test_a_part_with_a_damaged_page_is_made_again(study: Path) -> None:
    """Its footer is whole: only reading the numbers shows it."""
    before = digest_of(study)
    path = study / "part-000001.parquet"
    data = bytearray(path.read_bytes())
    column = pq.ParquetFile(path).schema_arrow.get_field_index("status")
    begin = pq.read_metadata(path).row_group(0).column(column).data_page_offset
    data[begin : begin + 40] = b"\xff" * 40
    path.write_bytes(bytes(data))
    assert main([*SWEEP]) == 0
    assert digest_of(study) == before


def test_a_stale_part_that_appears_meanwhile_gives_way(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker of an earlier study that ends late: its part is not taken for one of this study."""
    before = digest_of(study)
    stale = (study / "part-000003.parquet").read_bytes()
    (study / "part-000000.parquet").unlink()
    whole = chunk_job.simulate_runs

    def late(*words: Any) -> Any:
        (study / "part-000000.parquet").write_bytes(stale)
        return whole(*words)

    monkeypatch.setattr(chunk_job, "simulate_runs", late)
    assert main([*SWEEP]) == 0
    assert digest_of(study) == before


def test_a_worker_of_a_replaced_study_writes_nothing(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (study / "part-000000.parquet").unlink()
    runs = (study / "runs.parquet").read_bytes()
    assert main([*[w.replace("years=1", "years=2") for w in SWEEP], "--replace"]) == 0
    other = (study / "runs.parquet").read_bytes()
    kept = {path.name: path.read_bytes() for path in study.glob("part-*.parquet")}
    (study / "part-000000.parquet").unlink()
    whole = chunk_job.simulate_runs

    def replaced(*words: Any) -> Any:
        (study / "runs.parquet").write_bytes(runs)
        return whole(*words)

    monkeypatch.setattr(chunk_job, "simulate_runs", replaced)
    with pytest.raises(StoppedError, match="another study by now"):
        chunk_job.work(study, [0], 1)
    assert not (study / "part-000000.parquet").exists()
    (study / "runs.parquet").write_bytes(other)
    monkeypatch.undo()
    chunk_job.work(study, [0], 1)
    assert (study / "part-000000.parquet").read_bytes() == kept["part-000000.parquet"]


def test_a_told_history_is_one_that_ended_well_in_every_arm(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, seed=2, full=True)
    words = ["compare", *FRAME, "arms=none,full", "seed=2", "out=mine"]
    assert main([*words, "seeds=2"]) == 3
    assert json.loads((here / "mine" / "history-full.json").read_text())["seed"] == 3
    assert main([*words[:-1], "out=none", "seeds=1"]) == 3, "and without any, none is told"
    assert not list((here / "none").glob("history-*.json"))


def test_fail_fast_ends_with_one_even_in_the_last_chunk(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, seed=4, full=True)
    assert main([*SWEEP, "--fail", "fast"]) == 1


def test_failed_runs_are_made_again_where_that_is_asked(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        failing(patched, seed=3, full=False)
        assert main([*SWEEP]) == 3
    assert main([*SWEEP]) == 3, "a failed run is kept"
    capsys.readouterr()
    assert main([*SWEEP, "--retry"]) == 0
    assert "reused 6 of 8 runs" in capsys.readouterr().err
    assert not (here / "mine" / "failures.json").exists()


def test_a_disk_that_is_full_ends_in_words_and_an_account(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: Any) -> None:
        raise StoppedError("part-000002: cannot be written (No space left on device).")

    whole = part_files.write_part
    made: list[int] = []

    def write(folder: Path, chunk: part_files.Chunk, *words: Any) -> None:
        made.append(chunk.part)
        (full if len(made) > 2 else whole)(folder, chunk, *words)

    monkeypatch.setattr(part_files, "write_part", write)
    assert main([*SWEEP]) == 1
    said = capsys.readouterr()
    assert "No space left" in said.err
    assert "8 launched = 4 ok + 0 failed + 4 aborted" in said.out


def test_the_model_s_digest_sees_numbers_and_not_words(tmp_path: Path) -> None:
    """Outcomes are plain Python, and move numbers as the compiled rules do."""
    (tmp_path / "outcomes").mkdir()
    path = tmp_path / "outcomes" / "incidents.py"
    path.write_text('"""Claim."""\nRATE = 2.0  # a comment\n\n\ndef f(x):\n    """Words."""\n')
    before = digest_of_sources(tmp_path)
    path.write_text('"""Another claim."""\n\nRATE = 2.0\n\n\ndef f(x):\n    """More words."""\n')
    assert digest_of_sources(tmp_path) == before
    path.write_text('"""Claim."""\nRATE = 20.0\n\n\ndef f(x):\n    """Words."""\n')
    assert digest_of_sources(tmp_path) != before
