"""The only place of the command line that prints.

Results go to standard output; notes, progress and complaints go to standard error, so that
``thalweg digest DIR | tail -1`` and the like stay clean.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from types import TracebackType
from typing import Any, ClassVar, Self

QUIET_SECONDS = 30.0  # without a terminal: one progress line in this time


def say(*lines: str) -> None:
    """Print lines of the result."""
    for line in lines:
        print(line, flush=True)


def note(*lines: str) -> None:
    """Print lines about the work itself; above the bar, while one is shown."""
    for line in lines:
        if Progress.shown is not None:
            Progress.shown.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr, flush=True)


def ask(question: str) -> str:
    """The answer to a question on the terminal."""
    print(question, file=sys.stderr, end="", flush=True)
    return sys.stdin.readline()


def complain(command: str, messages: Sequence[str], helps: str) -> None:
    """Print what is wrong with a request, one line per mistake, and where help is."""
    if len(messages) == 1:
        note(f"{command}: {messages[0]}")
    else:
        note(f"{command}: {len(messages)} mistakes; nothing was run or written.")
        note(*(f"  {message}" for message in messages))
    note(helps)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table: first column left, the others right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    grid = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD)
    for position, column in enumerate(columns):
        grid.add_column(column, justify="left" if position != 1 else "right", overflow="fold")
    for row in rows:
        grid.add_row(*row)
    width = None if sys.stdout.isatty() else 100
    Console(file=sys.stdout, width=width, markup=False, highlight=False).print(grid)


class Progress:
    """Runs done of all, with the time left: a bar on a terminal, else a line every 30 seconds."""

    shown: ClassVar[Any] = None  # the console of the bar that is on the screen

    def __init__(self, total: int, done: int = 0) -> None:
        self.total, self.done, self.failed = total, done, 0
        self._paced = False  # from the first report on: compiling is no measure of the pace
        self._already, self._started = done, time.monotonic()
        self._spoken = time.monotonic()
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._open_bar()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: object, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            Progress.shown = None
            self._bar.stop()

    def reached(self, done: int) -> None:
        """Show that ``done`` runs of all are finished."""
        self.done = done
        if not self._paced:
            self._paced, self._already, self._started = True, done, time.monotonic()
        if self._bar is not None:
            self._bar.update(self._task, completed=done, lost=self._lost(), pace=self._pace())
        elif time.monotonic() - self._spoken >= QUIET_SECONDS:
            self._spoken = time.monotonic()
            note(f"{done} of {self.total} runs{self._lost()}, {self._time_left()}")

    def _lost(self) -> str:
        """Words for the runs that failed so far."""
        return f", {self.failed} failed" if self.failed else ""

    def _pace(self) -> str:
        """Runs a second since the first report."""
        seconds = time.monotonic() - self._started
        made = self.done - self._already
        return f"{made / seconds:.3g} runs/s" if made > 0 and seconds > 0 else ""

    def _time_left(self) -> str:
        """Words for the time that the remaining runs need at the pace so far."""
        made = self.done - self._already
        if made <= 0:
            return "time left not known yet"
        seconds = (time.monotonic() - self._started) / made * (self.total - self.done)
        return (
            f"about {seconds:.0f} s left" if seconds < 120 else f"about {seconds / 60:.0f} min left"
        )

    def _open_bar(self) -> None:
        from rich import progress
        from rich.console import Console

        self._bar = progress.Progress(
            progress.TextColumn("simulating"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[pace]}{task.fields[lost]}"),
            progress.TimeElapsedColumn(),
            progress.TextColumn("left"),
            progress.TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            transient=True,
        )
        self._task = self._bar.add_task(
            "runs", total=self.total, completed=self.done, lost="", pace=""
        )
        Progress.shown = self._bar.console
        self._bar.start()
