"""``hydra/sweeper=thalweg``: one Hydra job per batch of chunks, through any launcher.

A job that fails is a line in the answer, not the end of the others. A launcher that gives up as a
whole (a worker process died under it) is asked again: parts that were written are not made twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hydra.core.config_store import ConfigStore
from hydra.core.utils import JobReturn, JobStatus
from hydra.plugins.sweeper import Sweeper


@dataclass
class ThalwegSweeperConf:
    """``at_once``: jobs per call of the launcher (empty: all); ``attempts``: calls in all."""

    _target_: str = "hydra_plugins.thalweg.sweeper.ThalwegSweeper"
    at_once: int | None = None
    attempts: int = 3


ConfigStore.instance().store(
    group="hydra/sweeper", name="thalweg", node=ThalwegSweeperConf, provider="thalweg"
)


class ThalwegSweeper(Sweeper):
    """Every argument of the sweep is the override of one job, such as ``parts='0-9'``."""

    def __init__(self, at_once: int | None, attempts: int) -> None:
        self.at_once, self.attempts = at_once, attempts

    def setup(self, *, hydra_context: Any, task_function: Any, config: Any) -> None:
        """Called by Hydra: find the launcher that the user picked."""
        from hydra.core.plugins import Plugins

        self.hydra_context, self.config = hydra_context, config
        self.launcher = Plugins.instance().instantiate_launcher(
            hydra_context=hydra_context, task_function=task_function, config=config
        )

    def sweep(self, arguments: Sequence[str]) -> list[tuple[str, str]]:
        """Launch one job per argument; returns the arguments that failed, each with its reason."""
        length = self.at_once or max(1, len(arguments))
        failed: list[tuple[str, str]] = []
        for first in range(0, len(arguments), length):
            failed += self._launch(arguments[first : first + length], first)
        return failed

    def _launch(self, arguments: Sequence[str], first: int) -> list[tuple[str, str]]:
        launcher: Any = self.launcher
        reason = ""
        for _ in range(self.attempts):
            try:
                returns = launcher.launch([[word] for word in arguments], first)
            except Exception as error:  # whatever the launcher's package raises for a lost worker
                reason = _line(error)
            else:
                pairs = zip(arguments, returns, strict=True)
                return [(word, _reason(job)) for word, job in pairs if _reason(job)]
        return [(word, reason) for word in arguments]


def _reason(job: JobReturn) -> str:
    """Why a job failed; empty when it did not."""
    if job.status == JobStatus.COMPLETED:
        return ""
    try:
        return f"ended as {job.status.name}: {job.return_value}"
    except Exception as error:  # a failed job raises here what its task raised there
        return _line(error)


def _line(error: BaseException) -> str:
    told = " ".join(str(error).split())
    bare = type(error) is RuntimeError and told  # from a job of ours: it names its own error
    return (told if bare else f"{type(error).__name__}: {told}")[:300]
