"""Figures, one question per file. ``FIGURES`` names their builders; each takes a `Study`.

A new file in this folder with a ``build`` is found by itself; where it stands in the report says
`analysis.report.outline`. A builder returns None when the study lacks what the figure needs; the
report then leaves it out.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from analysis.figures.figure import Figure
from analysis.study import Study

WHOLE = ("forest",)  # figures that show every arm; the others draw the arms in focus


def _builders() -> dict[str, Callable[[Study], Figure | None]]:
    """Every file of this folder that answers a question, in the order of their names."""
    names = sorted(file.name for file in pkgutil.iter_modules(__path__))
    files = {name: import_module(f"analysis.figures.{name}") for name in names}
    return {name: file.build for name, file in files.items() if hasattr(file, "build")}


FIGURES = _builders()
