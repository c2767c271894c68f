"""Outcomes of a run: one family per file, each a pure function of a chunk of histories.

An outcome takes counts [run, count], series [run, point, series] and final sums [run, sum], all
with the leading axis run, and works on an empty chunk. NaN means: not defined in that run.
A new file in this folder with a ``FAMILY`` is found by itself and shown after the others.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from sim.outcomes.base import Chunk, Outcome

_ORDER = (
    "crises",
    "disputes",
    "incidents",
    "people",
    "hazards",
    "resources",
    "agreements",
    "money",
    "indicators",
    "scales",
)


def _families() -> list[str]:
    """Files of this folder that declare outcomes, those of ``_ORDER`` first."""
    found = sorted({file.name for file in pkgutil.iter_modules(__path__)} - {"base"})
    return [*_ORDER, *(name for name in found if name not in _ORDER)]


OUTCOMES: dict[str, Outcome] = {
    outcome.key: outcome
    for name in _families()
    for outcome in import_module(f"sim.outcomes.{name}").FAMILY
}

__all__ = ["OUTCOMES", "Chunk", "Outcome"]
