"""What the Dask launcher does: start workers or find them, hand out jobs, gather the returns."""

import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import Any

import cloudpickle
import dask
from distributed import Client, LocalCluster, wait
from hydra.core.hydra_config import HydraConfig
from hydra.core.singleton import Singleton
from hydra.core.utils import JobReturn, JobStatus, configure_log, run_job, setup_globals
from omegaconf import open_dict

ONE_AT_A_TIME = Lock()  # a Hydra job sets globals: threads of one worker take turns


def launch(
    launcher: Any, job_overrides: Sequence[Sequence[str]], first: int
) -> Sequence[JobReturn]:
    """Run the jobs as tasks; a task that Dask gave up is a failed job."""
    config = launcher.config
    configure_log(config.hydra.hydra_logging, config.hydra.verbose)
    state = Singleton.get_state()
    common = (launcher.hydra_context, config, launcher.task_function, state)
    packed = cloudpickle.dumps(common)  # the same bytes for every task
    with _client(launcher.settings) as client:
        tasks = [
            client.submit(
                execute, packed, list(overrides), first + number,
                pure=False, retries=launcher.settings["retries"],
            )
            for number, overrides in enumerate(job_overrides)
        ]  # fmt: skip
        wait(tasks)
        return [task.result() if task.status == "finished" else _lost(task) for task in tasks]


def execute(packed: bytes, overrides: list[str], number: int) -> JobReturn:
    """Run one job in a worker."""
    with ONE_AT_A_TIME:
        context, config, task_function, state = pickle.loads(packed)  # noqa: S301 - from `launch`
        setup_globals()
        Singleton.set_state(state)
        job = context.config_loader.load_sweep_config(config, overrides)
        with open_dict(job):
            job.hydra.job.id = f"{job.hydra.job.name}_{number}"
            job.hydra.job.num = number
        HydraConfig.instance().set_config(job)
        return run_job(
            hydra_context=context,
            task_function=task_function,
            config=job,
            job_dir_key="hydra.sweep.dir",
            job_subdir_key="hydra.sweep.subdir",
        )


@contextmanager
def _client(settings: dict[str, Any]) -> Iterator[Client]:
    """A client of the user's scheduler, or of workers started for this launch."""
    # A task that compiles holds the worker for minutes: silence is no death.
    quiet = {
        "distributed.scheduler.worker-ttl": None,
        "distributed.admin.tick.limit": "1h",
        "temporary-directory": settings["local_directory"],
    }
    with dask.config.set(quiet):
        if settings["address"] is not None:
            with Client(settings["address"], timeout=settings["timeout"]) as client:
                yield client
            return
        cluster = LocalCluster(
            n_workers=settings["n_workers"], threads_per_worker=1, processes=True,
            host=settings["host"], dashboard_address=None, memory_limit=0,
            local_directory=settings["local_directory"],
        )  # fmt: skip
        with cluster, Client(cluster, timeout=settings["timeout"]) as client:
            yield client


def _lost(task: Any) -> JobReturn:
    """The return of a job whose task came to no end."""
    reason = task.exception() if task.status == "error" else RuntimeError(f"task {task.status}")
    return JobReturn(status=JobStatus.FAILED, _return_value=reason)
