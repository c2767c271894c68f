"""Engines carry every part once, keep quiet, report what failed, and leave nothing behind."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT, environment
from hypothesis import given
from hypothesis import strategies as st

from experiments import engines
from experiments.carrier_job import parts_of, shortened
from experiments.carry import Engine, carry
from experiments.engines import engine_names, engine_of, from_hydra_words
from experiments.exits import UsageError
from experiments.launcher_options import is_installed
from experiments.shipped import config_folder
from experiments.submitit_watch import states, why
from experiments.sweep import engine_words, study_file

PACKAGED = (config_folder(),)
CARRIED = ("joblib", "submitit_local", "dask")
BATCHES = [[0, 1], [2, 3], [4], [5]]


def mistakes(name: str, /, **options: object) -> list[str]:
    """What is wrong with an engine so asked for."""
    with pytest.raises(UsageError) as caught:
        engine_of(name, options, PACKAGED)
    return caught.value.messages


# ── names and settings ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", engine_names(PACKAGED))
def test_the_file_of_an_engine_opens_with_the_command_that_uses_it(name: str) -> None:
    text = (PACKAGED[0] / "engine" / f"{name}.yaml").read_text(encoding="utf-8")
    assert re.match(r"# [A-Z].+: thalweg sweep ", text)
    assert name == "local" or f"engine={name}" in text.splitlines()[0]


@pytest.mark.parametrize("name", CARRIED)
def test_an_engine_has_as_many_jobs_as_cores_where_none_are_asked_for(name: str) -> None:
    engine = engine_of(name, {}, PACKAGED)
    assert engine.jobs == engines.thread_count()
    assert engine.threads == 1
    assert engine.here
    assert engine.launcher is not None
    assert is_installed(engine.launcher)


def test_local_is_no_launcher_at_all() -> None:
    assert engine_of("local", {"threads": 2}, PACKAGED) == Engine("local", None, 1, 2, {})
    assert mistakes("local", jobs=4) == ["engine.jobs: engine=local takes threads= only."]


def test_jobs_may_be_named_as_the_launcher_names_them() -> None:
    for options in ({"jobs": 3}, {"n_jobs": 3}, {"engine.jobs": 3}):
        engine = engine_of("joblib", options, PACKAGED)
        assert (engine.jobs, engine.options["n_jobs"]) == (3, 3)
    assert engine_of("joblib", {"n_jobs": -1}, PACKAGED).jobs == engines.thread_count()


def test_workers_of_a_scheduler_elsewhere_do_not_end_with_the_sweep() -> None:
    engine = engine_of("dask", {"address": "tcp://10.0.0.1:8786", "jobs": 9}, PACKAGED)
    assert not engine.here
    assert engine.jobs == 9
    assert engine.options == {"address": "tcp://10.0.0.1:8786"}


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("jobli", {}, "engine=jobli: no such engine. Did you mean 'joblib'?"),
        ("joblib", {"n_jobz": 3}, "engine.n_jobz: joblib has no such setting. Did you mean 'n_job"),
        ("joblib", {"jobs": 0}, "engine.jobs: 0 is no whole number from 1 to 100000."),
        ("joblib", {"threads": True}, "engine.threads: True is no whole number from 1 to 1024."),
        ("joblib", {"timeout": "soon"}, "engine.timeout: 'soon' is no number."),
        ("dask", {"adress": "x"}, "thalweg_dask has no such setting. Did you mean 'address'?"),
        ("dask", {"_target_": "os.system"}, "engine._target_: refused"),
        ("dask", {"address": "${oc.env:HOME}"}, "engine.address: refused"),
        ("submitit_local", {"name": {"_target_": "os.system"}}, "engine.name: refused"),
        ("submitit_local", {"submitit_folder": "x"}, "submitit_local has no such setting."),
    ],
)  # fmt: skip
def test_a_mistake_in_an_engine_is_one_plain_line(
    name: str, options: dict[str, object], message: str
) -> None:
    (told,) = mistakes(name, **options)
    assert message in told


def test_every_mistake_in_an_engine_is_told_at_once() -> None:
    assert len(mistakes("joblib", jobs=-1, n_jobz=2, timeout="soon")) == 3


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        ("joblib", "joblib"),
        ("submitit_local", "slurm"),
        ("slurm", "slurm"),
        ("dask", "dask"),
        ("ray", "ray"),
    ],
)
def test_a_missing_package_is_named_with_the_extra_that_brings_it(
    name: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda _: None)
    (told,) = mistakes(name)
    assert told.endswith(f"is not installed. To install it: pip install 'thalweg[{extra}]'")


def test_slurm_is_started_where_its_commands_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines.shutil, "which", lambda _: None)
    assert "there is no command 'sbatch' here" in mistakes("slurm")[0]


def test_slurm_is_asked_for_the_cores_that_a_job_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines.shutil, "which", lambda name: name)
    engine = engine_of("slurm", {"threads": 8, "partition": "long"}, PACKAGED)
    assert engine.options["cpus_per_task"] == engine.threads == 8
    assert engine.options["array_parallelism"] == engine.jobs == 10
    assert engine.options["partition"] == "long"
    assert not engine.here
    more = {"additional_parameters": {"mail-type": "END"}}
    assert engine_of("slurm", more, PACKAGED).options.items() >= more.items()


def test_a_file_of_the_users_own_wins_and_may_not_run_code(tmp_path: Path) -> None:
    (tmp_path / "engine").mkdir()
    mine = tmp_path / "engine" / "joblib.yaml"
    mine.write_text("launcher: joblib\njobs: 7\nthreads: 2\noptions: {n_jobs: '${jobs}'}\n")
    engine = engine_of("joblib", {}, (tmp_path, *PACKAGED))
    assert (engine.jobs, engine.threads, engine.options) == (7, 2, {"n_jobs": 7})
    mine.write_text("launcher: joblib\noptions: {_target_: os.system}\n")
    with pytest.raises(UsageError) as caught:
        engine_of("joblib", {}, (tmp_path, *PACKAGED))
    assert any("2:11: options._target_: refused" in message for message in caught.value.messages)
    mine.write_text("launcher: joblib\nlaunchr: x\n")
    with pytest.raises(UsageError) as caught:
        engine_of("joblib", {}, (tmp_path, *PACKAGED))
    assert any("Did you mean 'launcher'?" in message for message in caught.value.messages)


def test_any_launcher_that_is_installed_is_an_engine() -> None:
    from hydra.core.config_store import ConfigStore

    node = {"_target_": "hydra_plugins.toy.Toy", "size": 3}
    ConfigStore.instance().store(group="hydra/launcher", name="toy", node=node)
    engine = engine_of("toy", {"jobs": 2, "size": 5}, PACKAGED)
    assert engine == Engine("toy", "toy", 2, 1, {"size": 5})
    assert engine_of("basic", {}, PACKAGED).name == "local"


def test_the_words_of_hydras_users_are_understood() -> None:
    words = ["hydra/launcher=submitit_slurm", "region=synthetic", "hydra.launcher.partition=long",
             "+hydra.launcher.timeout_min=30", "hydra/sweeper=thalweg", "--yes"]  # fmt: skip
    assert from_hydra_words(words) == (
        "slurm", {"partition": "long", "timeout_min": 30}, ["region=synthetic", "--yes"],
    )  # fmt: skip
    assert from_hydra_words(["hydra/launcher=basic"])[0] == "local"
    assert from_hydra_words(["hydra.sweep.dir=x"]) == (None, {}, ["hydra.sweep.dir=x"])
    for word in ("hydra/sweeper=optuna", "hydra.launcher.n_jobs=1,2", "hydra.launcher.n_jobs=["):
        with pytest.raises(UsageError):
            from_hydra_words([word])


@given(st.sets(st.integers(0, 10_000), min_size=1))
def test_parts_written_as_ranges_are_read_back(parts: set[int]) -> None:
    assert parts_of(shortened(parts)) == sorted(parts)


def test_ranges_are_short() -> None:
    assert shortened([7, 0, 1, 2, 3]) == "0-3,7"


def test_a_job_that_the_queue_does_not_know_is_over() -> None:
    listed = "12_0 COMPLETED\n12_1 RUNNING\n12_2 PENDING\n99 RUNNING\n"
    found = states(listed, {"12_0", "12_1", "12_2", "12_3"})
    assert {job: state["State"] for job, state in found.items()} == {
        "12_0": "COMPLETED", "12_1": "RUNNING", "12_2": "PENDING", "12_3": "no longer in the queue",
    }  # fmt: skip


def test_a_lost_job_says_its_last_words() -> None:
    told = "submitit INFO (2026) - Loading pickle\nslurmstepd: error: Detected 1 oom_kill event\n"
    assert why("12_1", "OUT_OF_MEMORY", told) == (
        "job 12_1 ended without a result (OUT_OF_MEMORY): "
        "slurmstepd: error: Detected 1 oom_kill event"
    )
    assert why("12_1", "CANCELLED", "") == "job 12_1 ended without a result (CANCELLED)"


def told_to_type() -> list[str]:
    """Sweeps of the page on engines and of the engines' files, less those of Ray."""
    page = (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8")
    files = (path.read_text(encoding="utf-8") for path in (PACKAGED[0] / "engine").glob("*.yaml"))
    found = re.findall(r"^(?:# .+: )?thalweg (sweep .+)$", "\n".join([page, *files]), re.MULTILINE)
    return [typed for typed in found if "engine=ray" not in typed]


def test_every_command_of_the_page_on_engines_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines.shutil, "which", lambda name: name)
    names = set()
    for typed in told_to_type():
        engine, words = engine_words(shlex.split(typed)[1:], None)
        names.add(engine.name)
        assert not [word for word in words if "engine" in word or "hydra" in word]
        rest, _ = study_file(words, None, None)
        assert {word.partition("=")[0] for word in rest} <= {"out", "seeds", "threads"}
    assert names == {*engine_names(PACKAGED)} - {"ray"}


# ── at work ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def study(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for results, in a working folder that is empty but for it."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    monkeypatch.setenv("THALWEG_TEST_SECRET", "a word that no file may hold")
    folder = here / "study"
    folder.mkdir()
    return folder


def seen(folder: Path) -> dict[int, dict[str, object]]:
    """What the workers wrote, by part."""
    files = folder.glob("done-*.json")
    return {int(path.stem[5:]): json.loads(path.read_text()) for path in files}


@pytest.mark.slow
@pytest.mark.parametrize("name", CARRIED)
def test_an_engine_carries_every_part_and_says_nothing(
    name: str, study: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    engine = engine_of(name, {"jobs": 2, "threads": 3}, PACKAGED)
    assert carry(engine, study, BATCHES, "engine_task:note") == []
    found = seen(study)
    assert sorted(found) == [0, 1, 2, 3, 4, 5]
    assert os.getpid() not in {each["pid"] for each in found.values()}
    for each in found.values():
        assert (each["threads"], each["numba"]) == (3, "3")
        assert each["cwd"] == str(study.parent)
    assert capfd.readouterr() == ("", "")
    assert [path.name for path in study.parent.iterdir()] == ["study"]
    assert not [*study.rglob(".hydra"), *study.rglob("*.yaml")]
    for path in study.rglob("*"):
        assert not path.is_file() or b"a word that no file may hold" not in path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("name", CARRIED)
def test_a_job_that_fails_is_a_line_and_the_others_are_done(
    name: str, study: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    engine = engine_of(name, {"jobs": 2}, PACKAGED)
    failed = carry(engine, study, BATCHES, "engine_task:fail_at_three")
    assert failed == [
        "parts 2-3: OSError: [Errno 28] No space left on device (.engine/failed-2.txt has more)"
    ]
    assert sorted(seen(study)) == [0, 1, 4, 5]
    assert "fail_at_three" in (study / ".engine" / "failed-2.txt").read_text()
    assert capfd.readouterr() == ("", "")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["joblib", "dask"])
def test_the_work_of_a_worker_that_dies_is_done_by_another(name: str, study: Path) -> None:
    engine = engine_of(name, {"jobs": 2}, PACKAGED)
    assert carry(engine, study, BATCHES, "engine_task:die_once_at_three") == []
    assert (study / "died").exists()
    assert sorted(seen(study)) == [0, 1, 2, 3, 4, 5]


@pytest.mark.slow
def test_a_job_that_dies_under_submitit_is_a_line_and_comes_back_with_the_same_command(
    study: Path,
) -> None:
    engine = engine_of("submitit_local", {"jobs": 2}, PACKAGED)
    (told,) = carry(engine, study, BATCHES, "engine_task:die_once_at_three")
    assert re.match(r"parts 2-3: job \d+ ended without a result", told)
    assert sorted(seen(study)) == [0, 1, 4, 5]
    assert carry(engine, study, [[2, 3]], "engine_task:die_once_at_three") == []
    assert sorted(seen(study)) == [0, 1, 2, 3, 4, 5]


def alive(pid: object) -> bool:
    """True while a process exists and is no zombie."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True,
                          check=False)  # fmt: skip
    return bool(done.stdout.strip()) and not done.stdout.strip().startswith("Z")


def gone(pids: set[object], seconds: float) -> bool:
    """True when processes end within some seconds."""
    until = time.monotonic() + seconds
    while any(map(alive, pids)) and time.monotonic() < until:
        time.sleep(0.1)
    return not any(map(alive, pids))


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("name", CARRIED)
def test_no_worker_outlives_its_front(name: str, sent: signal.Signals, study: Path) -> None:
    code = (
        "import signal; from pathlib import Path\n"
        "from experiments.engines import engine_of, carry\n"
        "from experiments.shipped import config_folder\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"engine = engine_of('{name}', {{'jobs': 2}}, [config_folder()])\n"
        "carry(engine, Path('study'), [[0], [1]], 'engine_task:linger')\n"
    )
    front = subprocess.Popen([sys.executable, "-c", code], cwd=study.parent,
                             env=environment(), stderr=subprocess.DEVNULL)  # fmt: skip
    until = time.monotonic() + 60
    while len(seen_whole(study)) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    workers = {each["pid"] for each in seen_whole(study).values()}
    assert len(workers) == 2
    front.send_signal(sent)
    assert front.wait(10) == -sent
    assert gone(workers, 8)


def seen_whole(folder: Path) -> dict[int, dict[str, object]]:
    """What workers wrote so far; nothing while one writes."""
    try:
        return seen(folder)
    except json.JSONDecodeError:
        return {}
