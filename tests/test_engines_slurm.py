"""The engine slurm on a real SLURM: the one that answers here, else one of one node for the tests.

Where none answers and none can be started the tests are skipped with the reason; with
THALWEG_REQUIRE_SLURM=1 that is a failure.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT, environment

from experiments.carry import carry
from experiments.engines import engine_of
from experiments.shipped import config_folder

START = ROOT / "tests" / "slurm" / "start.sh"
BATCHES = [[0, 1], [2, 3], [4], [5]]
SIZE = {"jobs": 2, "threads": 1, "mem_gb": 1}
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def slurm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Variables of the environment that lead to a SLURM."""
    if answers():
        yield {}
        return
    folder = tmp_path_factory.mktemp("slurm")
    port = {**os.environ, "SLURM_TEST_PORT": str(20_000 + os.getpid() % 20_000)}
    started = subprocess.run([START, folder], capture_output=True, text=True, env=port, check=False)
    if started.returncode:
        reason = f"no SLURM answers (sinfo) and none was started: {started.stderr.strip()}"
        assert os.environ.get("THALWEG_REQUIRE_SLURM") != "1", reason
        pytest.skip(reason)
    yield {"SLURM_CONF": started.stdout.split("'")[1]}
    subprocess.run([START, "--stop", folder], check=True)


def answers() -> bool:
    """True where a controller answers."""
    try:
        return subprocess.run(["sinfo"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


@pytest.fixture
def study(slurm: dict[str, str], here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for results, and the way to SLURM."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))
    for name, value in slurm.items():
        monkeypatch.setenv(name, value)
    folder = here / "study"
    folder.mkdir()
    return folder


def done(folder: Path) -> list[int]:
    """Parts that workers wrote."""
    return sorted(int(path.stem[5:]) for path in folder.glob("done-*.json"))


def queue(*words: str) -> list[str]:
    """What squeue lists."""
    listed = subprocess.run(["squeue", "--noheader", "--array", *words], capture_output=True,
                            text=True, check=True)  # fmt: skip
    return listed.stdout.split()


def front(study: Path, task: str) -> subprocess.Popen[str]:
    """A process that carries two batches and tells how that ended."""
    code = (
        "import signal; from pathlib import Path\n"
        "from experiments.engines import engine_of, carry\n"
        "from experiments.shipped import config_folder\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"engine = engine_of('slurm', {SIZE}, [config_folder()])\n"
        f"try: print(carry(engine, Path('study'), [[0], [1]], 'engine_task:{task}'))\n"
        "except KeyboardInterrupt as stopped: print(*stopped.args)\n"
    )
    begun = subprocess.Popen([sys.executable, "-c", code], cwd=study.parent, env=environment(),
                             stdout=subprocess.PIPE, text=True)  # fmt: skip
    until = time.monotonic() + 60
    while done(study) != [0, 1] and time.monotonic() < until:
        time.sleep(0.1)
    return begun


def test_an_array_carries_every_part(study: Path) -> None:
    engine = engine_of("slurm", SIZE, [config_folder()])
    assert carry(engine, study, BATCHES, "engine_task:note") == []
    assert done(study) == [0, 1, 2, 3, 4, 5]


def test_a_task_that_dies_is_a_line_and_comes_back_with_the_same_command(study: Path) -> None:
    engine = engine_of("slurm", SIZE, [config_folder()])
    (told,) = carry(engine, study, BATCHES, "engine_task:die_once_at_three")
    assert re.match(r"parts 2-3: job \d+_1 ended without a result", told)
    assert done(study) == [0, 1, 4, 5]
    assert carry(engine, study, [[2, 3]], "engine_task:die_once_at_three") == []
    assert done(study) == [0, 1, 2, 3, 4, 5]


def test_a_cancelled_task_ends_the_waiting_for_it_without_accounting(study: Path) -> None:
    begun = front(study, "linger")
    subprocess.run(["scancel", *{job.partition("_")[0] for job in queue("--format=%i")}],
                   check=True)  # fmt: skip
    told, _ = begun.communicate(timeout=90)
    assert begun.returncode == 0
    assert len(re.findall(r"parts [01]: job \d+_[01] ended without a result", told)) == 2


def test_an_interrupt_names_the_job_that_goes_on(study: Path) -> None:
    begun = front(study, "linger")
    begun.send_signal(2)
    told, _ = begun.communicate(timeout=10)
    (job,) = {name.partition("_")[0] for name in queue("--format=%i", "--states=running")}
    assert told == f"SLURM goes on with job {job}, its parts count. To cancel it: scancel {job}\n"
    subprocess.run(["scancel", job], check=True)
