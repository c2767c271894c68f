"""Watch jobs of submitit so that one that is lost ends the waiting for it, and only for it.

submitit raises at the first job that failed while others still run, asks ``sacct`` (which many
clusters do not keep) every ten minutes, and never hears of a cancelled array task without it. Here
the queue itself is asked, and a job without a result is a failed job among others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

OVER = "no longer in the queue"  # no state of SLURM
ASK_SECONDS = 20
LATE_SECONDS = 15.0  # a result may be seen so late after its job: disks of clusters are slow
ENDED = {OVER, "COMPLETED", "CANCELLED", "FAILED", "TIMEOUT", "OUT_OF_MEMORY", "NODE_FAIL",
         "BOOT_FAIL", "DEADLINE"}  # fmt: skip


def watch(on_job: Callable[[str], None]) -> None:
    """Teach submitit, in this process. ``on_job`` hears the id of every SLURM job."""
    from submitit import Job, LocalJob, SlurmJob
    from submitit.slurm.slurm import SlurmInfoWatcher

    over: dict[str, float] = {}

    class QueueWatcher(SlurmInfoWatcher):
        """Asks ``squeue``, which every SLURM has."""

        def _make_command(self) -> list[str] | None:
            waiting = self._registered - self._finished
            command = ["squeue", "--me", "--noheader", "--array", "--states=all", "--format=%i %T"]
            return command if waiting else None

        def read_info(self, string: bytes | str) -> dict[str, dict[str, str]]:
            told = string.decode() if isinstance(string, bytes) else string
            found = states(told, self._registered)
            for job in found:
                if found[job]["State"] in ENDED:
                    over.setdefault(job, time.monotonic())
            return found

        def is_done(self, job_id: str, mode: str = "standard") -> bool:
            self.get_info(job_id, mode)
            return job_id in over

        def register_job(self, job_id: str) -> None:
            super().register_job(job_id)
            on_job(job_id)

    SlurmJob.watcher = QueueWatcher(delay_s=ASK_SECONDS)
    LocalJob._results_timeout_s = 1  # noqa: SLF001 - a local disk shows a file at once
    results = Job.results

    def patient(job: Any) -> list[Any]:
        """The result, or a failed job that says why there is none."""
        try:
            job.wait()
            if job.job_id in over:  # jobs are asked one after the other: they wait together
                waited = time.monotonic() - over[job.job_id]
                job._results_timeout_s = max(1.0, LATE_SECONDS - waited)  # noqa: SLF001 - its own knob
            return list(results(job))
        except Exception as error:  # submitit's own errors, and whatever a result file may hold
            return [_lost(job, error)]

    setattr(Job, "results", patient)  # noqa: B010 - as a plain assignment no type would fit


def states(listed: str, jobs: set[str]) -> dict[str, dict[str, str]]:
    """State of each job in what ``squeue`` listed; one that it does not list is over."""
    found = dict(line.split()[:2] for line in listed.splitlines() if len(line.split()) > 1)
    return {job: {"JobID": job, "State": found.get(job, OVER)} for job in jobs}


def why(job_id: str, state: str, told: str) -> str:
    """One line on a job without a result: its last words, less what submitit says of itself."""
    lines = [line.strip() for line in told.splitlines() if line.strip()]
    last = [line for line in lines if "submitit INFO" not in line]
    return f"job {job_id} ended without a result ({state})" + (f": {last[-1]}" if last else "")


def _lost(job: Any, error: Exception) -> Any:
    from hydra.core.utils import JobReturn, JobStatus
    from submitit.core.utils import UncompletedJobError

    told = job.stderr() if isinstance(error, UncompletedJobError) else str(error)
    reason = RuntimeError(why(job.job_id, str(job.state), told or ""))
    return JobReturn(status=JobStatus.FAILED, _return_value=reason)
