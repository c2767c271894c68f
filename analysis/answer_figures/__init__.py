"""Figures of answers that need more than one study, one question per file.

``ANSWERS`` names their builders; each takes a `Study` and its `Companions` and returns a `Figure`,
or None where no companion answers the question. A new file in this folder with a ``build`` is found
by itself; where it stands in the report says `analysis.report.outline`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from importlib import import_module

from analysis.companions import Companions
from analysis.figures.figure import Figure
from analysis.study import Study


def _builders() -> dict[str, Callable[[Study, Companions], Figure | None]]:
    """Every file of this folder that answers a question, in the order of their names."""
    names = sorted(file.name for file in pkgutil.iter_modules(__path__))
    files = {name: import_module(f"analysis.answer_figures.{name}") for name in names}
    return {name: file.build for name, file in files.items() if hasattr(file, "build")}


ANSWERS = _builders()
