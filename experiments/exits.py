"""How a command ends: the exit codes and the two ways to stop with a plain message."""

from __future__ import annotations

from collections.abc import Sequence

OK, FAILED, USAGE, SOME_RUNS_FAILED, INTERRUPTED = 0, 1, 2, 3, 130


class UsageError(ValueError):
    """The request cannot be carried out as written. ``messages``: one plain line per mistake.

    Raised before anything is simulated or written; the command ends with exit code 2.
    """

    def __init__(self, messages: str | Sequence[str]) -> None:
        self.messages = [messages] if isinstance(messages, str) else list(messages)
        super().__init__("\n".join(self.messages))


class StoppedError(RuntimeError):
    """Work was begun and could not be finished; the text says why and what helps. Exit code 1."""
