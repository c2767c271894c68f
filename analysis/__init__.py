"""The analysis room: reads a study folder, never runs the model.

In a notebook::

    from analysis import load

    study = load("results/demo")
    study.effects()

`analysis.comparisons` reads a comparison as a `Study`, `analysis.sweeps` a sweep as a `Sweep`; what
computes, draws and tells takes one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.tidy import TidyStudy

__all__ = ["load"]


def load(folder: str | Path) -> TidyStudy:
    """A comparison or a sweep as tidy frames (`analysis.tidy`). Raises `StudyError`."""
    from analysis.tidy import load_tidy

    return load_tidy(folder)
