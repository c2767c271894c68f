"""``hydra/launcher=thalweg_dask``: one Dask task per job, on workers here or on your scheduler.

A worker that dies is replaced and its task begun again by Dask itself. Workers started here listen
on the loopback address only, and there is no dashboard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn
from hydra.plugins.launcher import Launcher


@dataclass
class ThalwegDaskConf:
    """Settings of the launcher; ``address`` and ``n_workers`` exclude each other in effect."""

    _target_: str = "hydra_plugins.thalweg.dask_launcher.ThalwegDaskLauncher"

    # scheduler that you started, such as tcp://10.0.0.1:8786; empty: workers on this machine
    address: str | None = None
    # worker processes on this machine
    n_workers: int = 1
    # where workers on this machine listen
    host: str = "127.0.0.1"
    # folder of the workers' own files
    local_directory: str | None = None
    # times that a task is begun again after an error outside the job itself
    retries: int = 2
    # seconds to wait for the scheduler
    timeout: float = 30.0


ConfigStore.instance().store(
    group="hydra/launcher", name="thalweg_dask", node=ThalwegDaskConf, provider="thalweg"
)


class ThalwegDaskLauncher(Launcher):
    """Holds the settings; the work is in ``_dask_work``, which Hydra does not import at start."""

    def __init__(self, **settings: Any) -> None:
        self.settings = settings

    def setup(self, *, hydra_context: Any, task_function: Any, config: Any) -> None:
        """Called by Hydra with what every job needs."""
        self.hydra_context, self.task_function, self.config = hydra_context, task_function, config

    def launch(
        self, job_overrides: Sequence[Sequence[str]], initial_job_idx: int
    ) -> Sequence[JobReturn]:
        """Run the jobs and wait for all of them."""
        from hydra_plugins.thalweg import _dask_work

        returns: Sequence[JobReturn] = _dask_work.launch(self, job_overrides, initial_job_idx)
        return returns
