"""Have chunks simulated elsewhere: start the process that carries them, wait, tell how it went."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple

from experiments.carrier_job import TASK
from experiments.plugin_folder import plugin_folder

LOG = "log.txt"
PATIENCE_SECONDS = 10.0  # for the carrier to end once its pipe is closed
SETTLE_SECONDS = 0.5  # for workers whose carrier was killed, and who then tidy up after it


class Engine(NamedTuple):
    """Who simulates the chunks of a sweep.

    ``launcher``: Hydra's name of it, None for this process; ``jobs``: how many work at a time;
    ``threads`` of each job, None for all cores; ``options`` of the launcher; ``in_waves``: the
    launcher knows no bound of its own, so that it gets ``jobs`` at a time; ``here``: the workers
    are started on this machine and must not outlive the sweep.
    """

    name: str
    launcher: str | None
    jobs: int
    threads: int | None
    options: dict[str, Any]
    in_waves: bool = False
    here: bool = False


def carry(
    engine: Engine, folder: Path, batches: Sequence[Sequence[int]], task: str = TASK
) -> list[str]:
    """Run ``task`` for each batch of parts and wait; returns a line for each reason of failure.

    On an interrupt everything that was started on this machine is ended. A KeyboardInterrupt
    carries what the user should know (a SLURM job that goes on) as its arguments.
    """
    own = folder.resolve() / ".engine"
    own.mkdir(parents=True, exist_ok=True)
    request = own / "request.json"
    asked = {"engine": engine._asdict(), "folder": str(folder.resolve()), "task": task,
             "batches": [[int(part) for part in batch] for batch in batches]}  # fmt: skip
    request.write_text(json.dumps(asked), encoding="utf-8")
    with (own / LOG).open("ab") as log:
        carrier = _start(engine, request, log)
    jobs: list[str] = []
    failed = None
    try:
        failed = _listen(carrier, jobs)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(*_going_on(jobs)) from None
    finally:
        _end(carrier, clean=failed is not None)
    if failed is None:
        return [f"engine {engine.name} stopped without an answer; {_last_words(own / LOG)}"]
    return _told(failed)


def _start(engine: Engine, request: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """The carrier in a process group of its own, with this source tree first on its path."""
    root = Path(__file__).resolve().parent.parent
    places = [plugin_folder(), root, os.environ.get("PYTHONPATH")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(place) for place in places if place),
        "RAY_USAGE_STATS_ENABLED": "0",
        **(_ray_token() if engine.launcher == "ray" and engine.here else {}),
    }
    return subprocess.Popen(  # noqa: S603 - our own module under this Python
        [sys.executable, "-m", "experiments.carrier", str(request)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment,
        start_new_session=True,
    )  # fmt: skip


def _ray_token() -> dict[str, str]:
    """A password for one Ray on this machine; without it Ray writes one into the user's home."""
    if "RAY_AUTH_MODE" in os.environ or "RAY_AUTH_TOKEN" in os.environ:
        return {}
    return {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}


def _listen(carrier: subprocess.Popen[bytes], jobs: list[str]) -> list[list[str]] | None:
    """Wait for the carrier's answer; None where it ends without. ``jobs`` receives SLURM's ids."""
    for line in carrier.stdout or ():
        said: dict[str, Any] = json.loads(line)
        if "failed" in said:
            answer: list[list[str]] = said["failed"]
            return answer
        jobs.append(said["job"])
    return None


def _end(carrier: subprocess.Popen[bytes], clean: bool) -> None:
    """See the carrier to its end: by itself after an answer, else by closing its pipe."""
    try:
        if not clean:
            _let_go(carrier)
        carrier.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        clean = False
    finally:
        if not clean:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(carrier.pid, signal.SIGTERM)
                time.sleep(SETTLE_SECONDS)
                os.killpg(carrier.pid, signal.SIGKILL)
        carrier.wait()
        _let_go(carrier)


def _let_go(carrier: subprocess.Popen[bytes]) -> None:
    """Close both pipes: a carrier that reads the end of one ends everything that it started."""
    for pipe in (carrier.stdin, carrier.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def _going_on(jobs: Sequence[str]) -> list[str]:
    """What to say of jobs that a cluster goes on with."""
    names = sorted({job.partition("_")[0] for job in jobs})
    if not names:
        return []
    cancel = f"scancel {' '.join(names)}"
    return [f"SLURM goes on with job {', '.join(names)}, its parts count. To cancel it: {cancel}"]


def _told(failed: Sequence[Sequence[str]]) -> list[str]:
    """A line for each reason, with the parts that share it."""
    shared: dict[str, list[str]] = {}
    for parts, reason in failed:
        shared.setdefault(reason, []).append(parts)
    return [f"parts {','.join(parts)}: {reason}" for reason, parts in shared.items()]


def _last_words(log: Path) -> str:
    """The last line of the log, where it is, in words."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return f"{log}: {lines[-1].strip()[:300] if lines else 'empty'}"
