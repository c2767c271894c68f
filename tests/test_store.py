"""Results on disk: whole or not there, and a digest that sees results and nothing else."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments import part_files, store
from experiments.digest import digest_of
from experiments.exits import StoppedError, UsageError
from experiments.part_files import Chunk, Part

IDENTITY = "a" * 64
MARKS = {"runs": IDENTITY, "kernel_digest": "b" * 64}
KINDS = ("part", "series")
ARMS = ("none", "full")


def part(rows: range, changed: float = 0.0) -> Part:
    """Results that depend on arm and seed alone, as those of the model do."""
    row = np.array(rows)
    seed = 1 + row // len(ARMS)
    values = np.sin(seed * 7.0 + row % 2) + changed
    return Part(
        row=row,
        arm=[ARMS[r % 2] for r in rows],
        seed=seed,
        status=np.zeros(row.size, dtype=np.int8),
        error=[None] * row.size,
        outcomes={"crisis": (values > 0).astype(float), "rate": values},
        series={"trust": np.outer(values, np.arange(8)), "dyad_peak": np.outer(values, [1, 2, 3])},
    )


def write(folder: Path, rows: int, length: int, *, changed: float = 0.0) -> list[Chunk]:
    """A study of ``rows`` runs in parts of ``length``."""
    chunks = part_files.chunks_of(rows, length)
    for chunk in chunks:
        results = part(range(chunk.start, chunk.stop), changed)
        part_files.write_part(folder, chunk, results, MARKS)
    return chunks


@given(rows=st.integers(1, 10_000), length=st.integers(1, 3000))
def test_chunks_cover_every_row_once(rows: int, length: int) -> None:
    chunks = part_files.chunks_of(rows, length)
    covered = [row for chunk in chunks for row in range(chunk.start, chunk.stop)]
    assert covered == list(range(rows))
    assert [chunk.part for chunk in chunks] == list(range(len(chunks)))


def test_what_is_written_is_read_back_bit_for_bit(tmp_path: Path) -> None:
    write(tmp_path, 6, 6)
    table = pq.read_table(tmp_path / "part-000000.parquet")
    assert table.column_names == ["row", "arm", "seed", "status", "error", "crisis", "rate"]
    assert table["rate"].to_numpy().tobytes() == part(range(6)).outcomes["rate"].tobytes()
    assert table.schema.field("rate").type == pa.float64()
    series = pq.read_table(tmp_path / "series-000000.parquet")
    assert series.schema.field("trust").type == pa.list_(pa.float32(), 8)
    assert series.schema.field("dyad_peak").type == pa.list_(pa.float32(), 3)
    kept = series["trust"].combine_chunks().flatten().to_numpy()
    assert kept.tobytes() == part(range(6)).series["trust"].astype(np.float32).tobytes()


def test_a_lone_part_tells_which_runs_it_holds(tmp_path: Path) -> None:
    write(tmp_path, 2, 2)
    marks = pq.read_metadata(tmp_path / "part-000000.parquet").metadata
    assert marks[b"runs"] == IDENTITY.encode()


def test_a_failed_run_keeps_its_row_and_never_passes_as_a_number(tmp_path: Path) -> None:
    results = part(range(4))
    results.status[1] = 2
    results = results._replace(error=[None, "event log full", None, None])
    part_files.write_part(tmp_path, Chunk(0, 0, 4), results, MARKS)
    table = pq.read_table(tmp_path / "part-000000.parquet").to_pandas()
    assert list(table["status"]) == [0, 2, 0, 0]
    assert table["error"].tolist()[1] == "event log full"
    assert list(table["rate"].isna()) == [False, True, False, False]
    trust = pq.read_table(tmp_path / "series-000000.parquet")["trust"].to_pylist()
    assert np.isnan(trust[1]).all()
    assert not np.isnan(trust[0]).any()


def test_only_a_whole_part_of_the_same_study_counts_as_done(tmp_path: Path) -> None:
    chunk = write(tmp_path, 4, 4)[0]
    assert part_files.is_done(tmp_path, chunk, IDENTITY, KINDS)
    assert not part_files.is_done(tmp_path, chunk, "c" * 64, KINDS)
    assert not part_files.is_done(tmp_path, Chunk(0, 0, 5), IDENTITY, KINDS)
    assert not part_files.is_done(tmp_path, Chunk(1, 4, 8), IDENTITY, KINDS)
    assert not part_files.is_done(tmp_path, chunk, IDENTITY, (*KINDS, "events"))
    path = tmp_path / "series-000000.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    assert not part_files.is_done(tmp_path, chunk, IDENTITY, KINDS)
    assert part_files.is_done(tmp_path, chunk, IDENTITY), "the outcomes by themselves are whole"
    part_files.remove(tmp_path, 0)
    assert not list(tmp_path.iterdir())


def test_a_part_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    """A worker that comes late, with the same runs, leaves file and time as they are."""
    write(tmp_path, 4, 4)
    before = {path.name: path.stat() for path in tmp_path.iterdir()}
    write(tmp_path, 4, 4)
    for path in tmp_path.iterdir():
        after = path.stat()
        assert (after.st_ino, after.st_mtime_ns) == (
            before[path.name].st_ino, before[path.name].st_mtime_ns
        )  # fmt: skip


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    store.write_json(path, {"old": True})
    with pytest.raises(ValueError, match="JSON compliant"):
        store.write_json(path, {"new": float("nan")})
    assert json.loads(path.read_text()) == {"old": True}
    with contextlib.suppress(RuntimeError), store.replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert json.loads(path.read_text()) == {"old": True}
    assert [p.name for p in tmp_path.iterdir()] == ["manifest.json"]


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoppedError, match="cannot be written"):
        store.write_text(tmp_path / "gone" / "x.txt", "text")
    with pytest.raises(UsageError, match="out=DIR"), store.locked(tmp_path / "file" / "below"):
        pass


def test_one_process_at_a_time_works_in_a_folder(tmp_path: Path) -> None:
    with (
        store.locked(tmp_path),
        pytest.raises(UsageError, match="another thalweg"),
        store.locked(tmp_path),
    ):
        pass
    with store.locked(tmp_path):
        pass


def test_clear_removes_our_files_only(tmp_path: Path) -> None:
    write(tmp_path, 4, 2)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "part-000009.parquet.tmp123").write_text("left by a kill")
    assert store.foreign_files(tmp_path) == ["notes.txt"]
    store.sweep(tmp_path)
    assert not list(tmp_path.glob("*.tmp*"))
    store.clear(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("length", [1, 3, 7, 40])
def test_the_digest_does_not_depend_on_the_parts(length: int, tmp_path: Path) -> None:
    write(tmp_path, 40, length)
    whole = tmp_path / "whole"
    whole.mkdir()
    write(whole, 40, 20)
    assert digest_of(tmp_path) == digest_of(whole)
    assert digest_of(tmp_path).runs == 40
    assert len(digest_of(tmp_path).text) == 64


def test_the_digest_sees_every_number(tmp_path: Path) -> None:
    write(tmp_path, 8, 8)
    before = digest_of(tmp_path)
    store.clear(tmp_path)
    write(tmp_path, 8, 8, changed=1e-15)
    assert digest_of(tmp_path) != before
    store.clear(tmp_path)
    write(tmp_path, 8, 8)
    assert digest_of(tmp_path) == before
    results = part(range(8))
    results.series["trust"][7, 7] += 1e-3
    store.clear(tmp_path)
    part_files.write_part(tmp_path, Chunk(0, 0, 8), results, MARKS)
    assert digest_of(tmp_path) != before


def test_a_folder_without_results_has_no_digest(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no results"):
        digest_of(tmp_path)
    with pytest.raises(UsageError, match="no such folder"):
        digest_of(tmp_path / "gone")
