"""The process that carries chunks: ``python -m experiments.carrier REQUEST``, started by `carry`.

It composes one small config in memory, lets Hydra's launcher run the jobs, and tells the front what
happened in lines of JSON. Hydra lives here and not in the front, so that nothing that a launcher or
a worker prints reaches the user's terminal, and so that the whole can be ended at once: when the
front closes the pipe, or is killed, this process and all its children end.
"""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from experiments.carrier_job import run_batch, shortened

CONFIG = "thalweg_chunks"
GRACE_SECONDS = 1.5  # for the launcher to put its things away, before everything is ended
ENDING = threading.Event()


class Quiet:
    """Hydra's callbacks, of which there are none: no code of a user's config is run."""

    def on_job_start(self, **_: Any) -> None:
        """Called by Hydra before a job."""

    def on_job_end(self, **_: Any) -> None:
        """Called by Hydra after a job."""


def main(request: Path) -> None:
    """Carry what the request asks for and tell how it went."""
    tell = _line_to_front()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
    signal.signal(signal.SIGTERM, _end_group)
    atexit.register(_end_rest)  # the first to register is the last to run
    threading.Thread(target=_end_with_the_front, daemon=True).start()
    asked = json.loads(request.read_text(encoding="utf-8"))
    if asked["engine"]["launcher"].startswith("submitit_"):
        from experiments.submitit_watch import watch

        watch(lambda job: tell({"job": job}))
    try:
        failed = sweep(asked)
    except KeyboardInterrupt:  # from `_end_group`: nobody waits for an answer
        return
    tell({"failed": [[word.removeprefix("parts=").strip("'"), why] for word, why in failed]})


def sweep(asked: dict[str, Any]) -> Any:
    """Let Hydra's sweeper launch a job per batch; returns what `ThalwegSweeper.sweep` does."""
    from hydra import compose, initialize
    from hydra.core.config_store import ConfigStore
    from hydra.core.global_hydra import GlobalHydra
    from hydra.core.plugins import Plugins
    from hydra.types import HydraContext

    ConfigStore.instance().store(name=CONFIG, node=config_of(asked))
    with initialize(config_path=None, job_name="thalweg", version_base="1.3"):
        config = compose(CONFIG, return_hydra_config=True)
        context = HydraContext(GlobalHydra.instance().config_loader(), Quiet())  # type: ignore[arg-type]
        sweeper = Plugins.instance().instantiate_sweeper(
            hydra_context=context, task_function=run_batch, config=config
        )
        return sweeper.sweep([f"parts='{shortened(batch)}'" for batch in asked["batches"]])


def config_of(asked: dict[str, Any]) -> dict[str, Any]:
    """The config of all jobs: the folder, and a Hydra that writes, logs and changes nothing."""
    engine, folder = asked["engine"], Path(asked["folder"])
    own = str(folder / ".engine")
    launcher = dict(engine["options"])
    if engine["launcher"] == "joblib":
        launcher["temp_folder"] = f"{own}/joblib"
    elif engine["launcher"].startswith("submitit_"):
        launcher["submitit_folder"] = f"{own}/submitit/%j"
    elif engine["launcher"] == "thalweg_dask":
        launcher["local_directory"] = f"{own}/dask"
    return {
        "defaults": [
            {"override hydra/launcher": engine["launcher"]},
            {"override hydra/sweeper": "thalweg"},
            {"override hydra/hydra_logging": "none"},
            {"override hydra/job_logging": "none"},
            "_self_",
        ],
        "hydra": {
            "launcher": launcher,
            "sweeper": {"at_once": engine["jobs"] if engine["in_waves"] else None},
            "output_subdir": None,
            "sweep": {"dir": own, "subdir": "."},
            "job": {"chdir": False},
        },
        "folder": str(folder),
        "threads": engine["threads"],
        "task": asked["task"],
        "carrier": os.getpid() if engine["here"] else None,
        "parts": "",
    }


def _line_to_front() -> Any:
    """A function that sends a line; whatever else is printed goes where errors go."""
    line = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return lambda what: os.write(line, f"{json.dumps(what)}\n".encode())


def _end_with_the_front() -> None:
    """Wait for the end of the pipe from the front, then end this process group."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    _end_group()


def _end_group(*_: object) -> None:
    """End this process as an interrupt does; what is left of its group after a moment, at once."""
    if ENDING.is_set():
        return
    ENDING.set()
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    time.sleep(GRACE_SECONDS)
    _end_rest()


def _end_rest() -> None:
    """End the group by force, this process with it, where an end was asked for.

    Python's resource trackers are spared: they end with the last process that they serve, and
    remove the semaphores and folders that it had no time for.
    """
    if not ENDING.is_set():
        return
    try:
        command = ["ps", "-A", "-o", "pid=,pgid=,args="]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - our own words
    except (OSError, subprocess.CalledProcessError):
        os.killpg(0, signal.SIGKILL)
        return
    for line in done.stdout.splitlines():
        pid, group, *words = line.split(maxsplit=2)
        ours = int(group) == os.getpgid(0) and int(pid) != os.getpid()
        if ours and "resource_tracker" not in "".join(words):
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
