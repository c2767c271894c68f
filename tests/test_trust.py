"""`thalweg status`, `verify`, `replay`, `pack`: nothing wrong with a study stays unseen."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from conftest import ROOT, command_line, environment
from damage import rewrite, set_json

from experiments import store
from experiments.digest import digest_of
from experiments.execute import portable
from experiments.main import main
from experiments.status import ranges

FRAME = ("region=synthetic", "region.municipalities=4", "years=1", "spinup_years=1")
SWEEP = ("sweep", *FRAME, "arms=none,full", "parameters.ladder.up_rate=3,7", "seeds=2",
         "series=all", "series_every=2", "events=true", "chunk=3", "--yes")  # fmt: skip
COMPARE = ("compare", *FRAME, "arms=none,full", "seeds=3", "chunk=4")
Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Carry out a command line here: its exit code and what it said on both channels."""

    def call(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of eight runs in four parts, with series and event logs."""
    folder = tmp_path_factory.mktemp("trust") / "first"
    subprocess.run(command_line(*SWEEP, f"out={folder}"), env=environment(), check=True,
                   capture_output=True, cwd=folder.parent)  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A comparison of six runs, as another user left it."""
    folder = tmp_path_factory.mktemp("trust") / "compared"
    subprocess.run(command_line(*COMPARE, "out=compared"), env=environment(), check=True,
                   capture_output=True, cwd=folder.parent)  # fmt: skip
    return folder


@pytest.fixture
def study(first: Path, tmp_path: Path) -> Path:
    """A copy of the sweep, to be damaged."""
    shutil.copytree(first, tmp_path / "mine")
    return tmp_path / "mine"


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Every file with its size and time."""
    return {p.name: (p.stat().st_size, p.stat().st_mtime_ns) for p in folder.iterdir()}


def test_numbers_are_told_as_ranges() -> None:
    assert ranges([0, 3, 4, 5, 9, 10]) == "0, 3-5, 9-10"
    assert ranges([]) == ""


def test_a_lock_that_is_held_is_seen_and_looking_creates_nothing(tmp_path: Path) -> None:
    assert not store.is_held(tmp_path)
    assert list(tmp_path.iterdir()) == []
    with store.locked(tmp_path):
        assert store.is_held(tmp_path)
    assert not store.is_held(tmp_path)


def test_a_traceback_says_nothing_of_the_machine() -> None:
    text = (
        f'  File "{ROOT}/sim/simulate.py", line 3, in run\n'
        '  File "/opt/x/lib/python3.11/site-packages/numpy/core.py", line 4, in f\n'
        '  File "/opt/x/lib/python3.11/threading.py", line 5, in g\n'
    )
    assert re.findall(r'"(.+)"', portable(text)) == [
        "sim/simulate.py", "numpy/core.py", "threading.py",
    ]  # fmt: skip


def test_folders_of_other_commands_get_one_plain_line(tmp_path: Path, say: Say) -> None:
    for name, file, content, word in (
        ("run", "manifest.json", '{"command": "run", "region": "fergana", "schema": 2}', "history"),
        ("scores", "scorecard.json", "{}", "thalweg validate"),
        ("fits", "calibration.json", "{}", "thalweg calibrate"),
        ("half", "counts-000001.parquet", "", "not finished"),
        ("old", "manifest.json", '{"command": "compare", "schema": 1}', "schema 1"),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / file).write_text(content)
        code, out, err = say("status", tmp_path / name)
        assert (code, err) == (0, "")
        assert len(out.splitlines()) == 1
        assert word in out
        assert json.loads(say("status", tmp_path / name, "--json")[1])["study"] is False
        for command in (["verify"], ["replay", "0"], ["pack"]):
            code, out, err = say(command[0], tmp_path / name, *command[1:])
            assert (code, out) == (2, "")
            assert word in err


@pytest.mark.slow
def test_status_of_a_whole_study_reads_only(study: Path, say: Say) -> None:
    before = snapshot(study)
    code, out, err = say("status", study)
    assert (code, err) == (0, "")
    assert "thalweg sweep, complete" in out
    assert "runs: 8 launched = 8 ok + 0 failed + 0 aborted + 0 pending" in out
    assert "synthetic x 2 points: 2 arms (none, full) x 2 seeds (1 to 2)" in out
    assert "chunks: 3 of 3 done" in out
    assert "engine local: 8 runs made, 0 reused" in out
    assert "this installation: the same model" in out
    assert f"thalweg digest {study}" in out
    assert digest_of(study).text not in out
    content = json.loads(say("status", study, "--json")[1])
    assert content["runs"] == {"launched": 8, "ok": 8, "failed": 0, "aborted": 0, "pending": 0}
    assert content["complete"] is True
    assert content["installation"]["same_model"] is True
    assert snapshot(study) == before


@pytest.mark.slow
def test_status_names_what_is_missing_torn_or_of_another_study(study: Path, say: Say) -> None:
    (study / "part-000001.parquet").unlink()
    series = study / "series-000000.parquet"
    series.write_bytes(series.read_bytes()[:-9])
    shutil.copy(study / "part-000002.parquet", study / "part-000007.parquet")
    code, out, _ = say("status", study)
    assert code == 0
    assert "runs: 8 launched = 2 ok + 0 failed + 6 aborted + 0 pending" in out
    assert "chunks: 1 of 3 done; missing: parts 1" in out
    assert "series-000000.parquet is torn" in out
    assert "part-000007.parquet belongs to no chunk" in out
    assert f"to go on: thalweg {' '.join(SWEEP)} out={study}" in out, "the words of the session"
    shutil.copy(study / "part-000002.parquet", study / "part-000000.parquet")
    shutil.copy(study / "series-000002.parquet", series)
    assert "part-000000.parquet holds other runs" in say("status", study)[1]
    assert main([*SWEEP, f"out={study}"]) == 0, "and the command that it names does go on"


@pytest.mark.slow
def test_status_tells_a_running_study_from_a_killed_one(tmp_path: Path, say: Say) -> None:
    """A front that works holds the lock; killed half-way, it leaves the rest pending."""
    words = ("compare", *FRAME, "years=3", "seeds=100", "chunk=1", "arms=none,full", "out=mine")
    folder = tmp_path / "mine"
    with subprocess.Popen(
        command_line(*words), cwd=tmp_path, env=environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        while process.poll() is None and not (folder / "part-000003.parquet").exists():
            time.sleep(0.002)
        process.send_signal(signal.SIGSTOP)
        running = json.loads(say("status", folder, "--json")[1])
        told = say("status", folder)[1]
        refused = say("pack", folder)
        process.kill()
    assert running["running"] is True
    assert 4 <= running["runs"]["ok"] < 200
    assert running["runs"]["pending"] == 200 - running["runs"]["ok"]
    assert "running now" in told
    assert "engine local: at work" in told
    assert refused[0] == 2
    assert "a command is at work there" in refused[2]
    content = json.loads(say("status", folder, "--json")[1])
    parts = len(list(folder.glob("part-*.parquet")))
    assert content["running"] is False
    assert content["complete"] is False
    assert content["runs"] == {"launched": 200, "ok": parts, "failed": 0, "aborted": 0,
                               "pending": 200 - parts}  # fmt: skip
    assert len(content["chunks"]["missing"]) == 200 - parts
    assert content["sessions"][0]["ended"] is None
    out = say("status", folder)[1]
    assert "killed: it wrote no end" in out
    assert f"to go on: thalweg compare {' '.join(FRAME)}" in out
    code, out, err = say("verify", folder, "--seed", "1", "--share", "0.0001")
    assert (code, out) == (0, f"verified 1 of {parts} runs: identical\n")
    assert f"{200 - parts} of 200 runs are not done yet" in err
    code, _, err = say("pack", folder)
    assert code == 2
    assert f"not finished ({parts} of 200 runs are there)" in err
    assert "To go on: thalweg compare" in err


@pytest.mark.slow
def test_a_study_of_another_model_is_told_and_not_verified(study: Path, say: Say) -> None:
    set_json(study / "manifest.json", model_digest="ab" * 32)
    set_json(study / "plan.json", model_digest="ab" * 32)
    code, out, _ = say("status", study)
    assert code == 0
    assert "another model" in out
    assert "abababab" in out
    for command in (["verify"], ["replay", "0"]):
        code, out, err = say(command[0], study, *command[1:])
        assert (code, out) == (2, "")
        assert "was simulated by model code abab" in err
        assert "provenance.json names the commit and version to install" in err


@pytest.mark.slow
@pytest.mark.parametrize("share", ["0.01", "0.5", "1"])
def test_an_untouched_study_is_verified(share: str, study: Path, say: Say) -> None:
    number = {"0.01": 1, "0.5": 4, "1": 8}[share]
    code, out, err = say("verify", study, "--share", share, "--seed", "0")
    assert (code, out) == (0, f"verified {number} of 8 runs: identical\n")
    assert f"drawn with --seed 0: {number} of 8 runs, rows " in err
    assert say("verify", study, "--share", share, "--seed", "0")[2] == err


@pytest.mark.slow
def test_without_a_seed_the_draw_is_told_so_that_it_can_be_made_again(
    study: Path, say: Say
) -> None:
    _, _, err = say("verify", study, "--share", "0.3")
    seed = re.search(r"--seed (\d+)", err)
    assert seed is not None
    assert say("verify", study, "--share", "0.3", "--seed", seed[1])[2] == err


@pytest.mark.slow
def test_one_bit_of_an_outcome_is_found_and_named(study: Path, say: Say) -> None:
    def flipped(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[frame["row"] == 4, "mean_livelihood"] *= 1 + 1e-15
        return frame

    kept = pq.read_table(study / "part-000001.parquet")["mean_livelihood"][1].as_py()
    rewrite(study / "part-000001.parquet", flipped)
    changed = pq.read_table(study / "part-000001.parquet")["mean_livelihood"][1].as_py()
    assert changed != kept
    assert "chunks: 3 of 3 done" in say("status", study)[1], "its looks give nothing away"
    code, out, _ = say("verify", study, "--share", "1")
    assert code == 1
    assert out == (
        f"row 4 (none, seed 1): mean_livelihood: kept {changed}, now {kept}\n"
        "verified 8 of 8 runs: 1 differs\n"
    )
    code, out, _ = say("replay", study, "4")
    assert code == 1
    for number in (str(kept), str(changed)):
        assert number in out
    assert "not as it is kept: 1 difference" in out
    assert say("replay", study, "5")[0] == 0


@pytest.mark.slow
def test_one_bit_of_a_series_or_of_an_event_log_is_found_and_named(study: Path, say: Say) -> None:
    from sim.record import SERIES

    def bent(frame: pd.DataFrame) -> pd.DataFrame:
        values = frame.loc[1, SERIES[0].key].copy()
        values[1] = np.nextafter(values[1], np.float32(9))
        frame.at[1, SERIES[0].key] = values  # noqa: PD008 - a list in a cell
        return frame

    def late(frame: pd.DataFrame) -> pd.DataFrame:
        place = frame.index[frame["row"] == 7][2]
        frame.loc[place, "time"] += 1e-9
        return frame

    rewrite(study / "series-000000.parquet", bent)
    rewrite(study / "events-000002.parquet", late)
    code, out, _ = say("verify", study, "--share", "1")
    assert code == 1
    assert re.search(rf"^row 1 \(full, seed 1\): series {SERIES[0].key} from quarter 4 on", out,
                     re.MULTILINE)  # fmt: skip
    assert re.search(r"^row 7 \(full, seed 2\): event log: time of act 2: kept", out, re.MULTILINE)
    assert "verified 8 of 8 runs: 2 differ" in out


@pytest.mark.slow
def test_rows_twice_missing_or_of_another_part_are_found(study: Path, say: Say) -> None:
    part = study / "part-000000.parquet"
    rewrite(part, lambda frame: pd.concat([frame, frame.iloc[[1]]]))
    code, out, _ = say("verify", study)
    assert code == 1
    assert "part-000000.parquet: row 1 stands there twice" in out
    rewrite(part, lambda frame: frame.iloc[[0, 1, 1]])
    code, out, _ = say("verify", study)
    assert code == 1
    assert "part-000000.parquet: row 1 stands there twice" in out
    assert "part-000000.parquet: row 2 is missing" in out
    rewrite(part, lambda frame: frame.iloc[:2].assign(row=[0, 5]))
    assert "row 5 belongs to another part" in say("verify", study)[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("design.parquet", lambda f: f.assign(row=f["row"].replace(3, 99)),
         "design.parquet: entry 3 points at row 99; there are 0 to 7"),
        ("design.parquet", lambda f: f.assign(row=f["row"].replace(3, 2)),
         "design.parquet: runs that no entry asks for: row 3"),
        ("design.parquet", lambda f: f.assign(seed=f["seed"].replace(2, 9)),
         "design.parquet: entry 2 points at row 2, which is another run"),
        ("runs.parquet", lambda f: f.assign(seed=f["seed"] + (f["row"] == 6)),
         "runs.parquet: the identity is not that of the inputs: row 6"),
        ("part-000001.parquet", lambda f: f.assign(arm=["full", "none", "none"]),
         "part-000001.parquet: row 5 has another arm or seed in runs.parquet"),
    ],
)  # fmt: skip
def test_tables_that_do_not_agree_are_found(
    name: str, change: Callable[[pd.DataFrame], pd.DataFrame], told: str, study: Path, say: Say
) -> None:
    rewrite(study / name, change)
    code, out, _ = say("verify", study)
    assert code == 1
    assert told in out


@pytest.mark.slow
def test_an_account_that_does_not_reconcile_is_found(study: Path, say: Say) -> None:
    runs = {"launched": 8, "ok": 7, "failed": 1, "aborted": 0, "pending": 0}
    set_json(study / "manifest.json", runs=runs)
    code, out, _ = say("verify", study)
    assert code == 1
    assert "manifest.json states runs: 8 launched = 7 ok + 1 failed" in out
    set_json(study / "manifest.json", runs={**runs, "failed": 0})
    assert "does not add up" in say("verify", study)[1]


@pytest.mark.slow
def test_replay_tells_inputs_and_history_and_keeps_it(
    study: Path, here: Path, say: Say
) -> None:
    code, out, _ = say("replay", study, "7", "--story", "--out", here / "one")
    assert code == 0
    assert "An invented border of 4 municipalities, 1 years" in out
    assert "arm: full (all 17 mechanisms); seed: 2" in out
    assert "parameters.ladder.up_rate = 7.0" in out
    assert "identical: " in out
    assert "Simulated, not observed." in out
    run = ["run", *FRAME, "mechanisms=full", "seed=2", "parameters.ladder.up_rate=7", "out=two"]
    assert main(run) == 0
    assert digest_of(here / "one") == digest_of(here / "two")
    assert {path.name for path in (here / "one").iterdir()} == {
        "events.csv", "events.parquet", "series.parquet",
    }  # fmt: skip
    assert "exists. Choose a new folder" in say("replay", study, "7", "--out", here / "one")[2]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("row", "told"),
    [("8", "row 8: this study has rows 0 to 7"), ("-1", "row -1: this study has rows 0 to 7"),
     ("first", "'first' is no row"), ("1.5", "'1.5' is no row")],
)  # fmt: skip
def test_a_row_that_is_none_gets_a_plain_message(
    row: str, told: str, study: Path, say: Say
) -> None:
    code, out, err = say("replay", study, row)
    assert (code, out) == (2, "")
    assert told in err


@pytest.mark.slow
def test_a_failed_run_is_kept_told_replayed_and_verified(
    here: Path, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    """The program itself stops for seed 2; healed later, that is a difference."""
    from sim import simulate

    whole = simulate.simulate_many

    def failing(scenarios: Any, **how: Any) -> Any:
        if any(scenario.seed == 2 for scenario in scenarios):
            raise ZeroDivisionError("a planted fault")
        return whole(scenarios, **how)

    monkeypatch.setattr(simulate, "simulate_many", failing)
    assert say(*COMPARE, "out=mine")[0] == 3
    code, out, _ = say("status", here / "mine")
    assert code == 0
    assert "runs: 6 launched = 4 ok + 2 failed + 0 aborted + 0 pending" in out
    assert "failed: 1 of 3 runs of synthetic, full" in out
    assert "cause: ZeroDivisionError: a planted fault (2)" in out
    assert json.loads(say("status", here / "mine", "--json")[1])["failed"][0]["runs"] == 3
    code, out, _ = say("replay", here / "mine", "3")
    assert code == 3
    assert "kept error:\n  Traceback (most recent call last):" in out
    assert out.count("\n  ZeroDivisionError: a planted fault") == 2, "kept and now"
    assert 'File "tests/test_trust.py"' in out
    assert "it fails as it did" in out
    assert say("verify", "mine", "--share", "1")[:2] == (0, "verified 6 of 6 runs: identical\n")
    monkeypatch.setattr(simulate, "simulate_many", whole)
    code, out, _ = say("replay", here / "mine", "3")
    assert code == 1
    assert "status: kept failed, now ok" in out
    code, out, _ = say("verify", here / "mine", "--share", "1")
    assert code == 1
    assert ("row 3 (full, seed 2): status: kept failed (ZeroDivisionError: a planted fault), "
            "now ok") in out  # fmt: skip


@pytest.mark.slow
def test_a_numerical_failure_is_placed_in_time(
    here: Path, monkeypatch: pytest.MonkeyPatch, say: Say
) -> None:
    from sim import simulate
    from sim.record import SERIES

    one = simulate._one

    def broken(scenario: Any, space: Any, *zero: Any) -> Any:
        series, dyads, pairs, counts, sums, status = one(scenario, space, *zero)
        if scenario.seed == 2:
            series[2:, 1] = np.nan
            status = np.array(simulate.NUMERICAL)
        return series, dyads, pairs, counts, sums, status

    monkeypatch.setattr(simulate, "_one", broken)
    assert say(*COMPARE, "out=mine")[0] == 3
    code, out, _ = say("replay", here / "mine", "3")
    assert code == 3
    assert f"first quarter that is not finite: 3 (year 0.5 to 0.75), in {SERIES[1].key}" in out
    assert "it fails as it did" in out


@pytest.mark.slow
def test_the_capsule_is_equal_for_equal_folders_and_works_elsewhere(
    compared: Path, here: Path, say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Packed twice, from another place and at another time; then unpacked and put to use."""
    shutil.copytree(compared, here / "copy")
    (here / "copy" / "report.html").unlink()
    (here / "copy" / "notes.txt").write_text("mine")
    assert say("pack", compared, "--out", "a.tar.gz")[0] == 0
    code, out, err = say("pack", "copy/")
    assert (code, out.splitlines()[0][:21]) == (0, "packed: copy.tar.gz (")
    assert "left out, not of this study: notes.txt" in err
    assert (here / "a.tar.gz").read_bytes() == (here / "copy.tar.gz").read_bytes()
    code, _, err = say("pack", "copy")
    assert code == 2
    assert "add --replace" in err
    with tarfile.open(here / "a.tar.gz") as archive:
        names = archive.getnames()
        assert names == sorted(names)
        assert {(m.uid, m.mtime, m.mode) for m in archive.getmembers()} == {(0, 0, 0o644)}
        archive.extractall(here / "far", filter="data")
    (place,) = (here / "far").iterdir()
    assert not {".lock", "notes.txt"} & {path.name for path in place.iterdir()}
    digest = digest_of(compared).text
    assert digest in (place / "README.md").read_text()
    monkeypatch.chdir(place)
    for words, said in (
        (("digest", "."), digest), (("verify", ".", "--share", "1"), "6 of 6 runs: identical"),
        (("status", "."), "thalweg compare, complete"), (("replay", ".", "2"), "identical: "),
        (("report", "."), "report: report.html"),
        (("pack", ".", "--out", here / "c.tar.gz"), "digest of the results"),
    ):  # fmt: skip
        code, out, err = say(*words)
        assert code == 0, err
        assert said in out
    assert (here / "c.tar.gz").read_bytes() == (here / "a.tar.gz").read_bytes()
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=place, check=True)


@pytest.mark.slow
def test_the_capsule_holds_nothing_of_the_machine_and_its_page_can_be_followed(
    compared: Path, here: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert main(["pack", str(compared), "--out", "a.tar.gz"]) == 0
    whole = gzip.decompress((here / "a.tar.gz").read_bytes())
    tokens = {str(ROOT), str(compared.parent), sys.prefix, str(Path.home()) + "/"}
    tokens |= {v for k, v in os.environ.items() if len(v) > 20 and k not in {"_", "PWD"}}
    assert [token for token in tokens if token.encode() in whole] == []
    with tarfile.open(here / "a.tar.gz") as archive:
        archive.extractall(here, filter="data")
    (place,) = (path for path in here.iterdir() if path.is_dir())
    text = (place / "README.md").read_text()
    assert (compared / "headline.txt").read_text().strip() in text
    assert "runs: 6 launched = 6 ok + 0 failed + 0 aborted + 0 pending" in text
    (code,) = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    monkeypatch.chdir(place)
    capsys.readouterr()
    exec(compile(code, "README.md", "exec"), {})
    assert re.search(r"^full\s+\d", capsys.readouterr().out, re.MULTILINE)


@pytest.mark.slow
def test_a_damaged_study_is_not_packed(study: Path, here: Path, say: Say) -> None:
    rewrite(study / "part-000000.parquet", lambda frame: frame.iloc[[0, 1, 1]])
    code, _, err = say("pack", study)
    assert code == 2
    assert "row 1 stands there twice" in err
    assert not list(here.glob("**/*.tar.gz"))


@pytest.mark.slow
def test_the_hint_of_digest_names_the_command_of_the_study(study: Path, say: Say) -> None:
    (study / "part-000001.parquet").unlink()
    set_json(study / "manifest.json", complete=False)
    _, _, err = say("digest", study)
    assert "the same sweep command continues it" in err
