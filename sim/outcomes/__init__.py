"""Outcomes of a run: one family per file, each a pure function of a chunk of histories.

An outcome takes counts [run, count], series [run, point, series] and final sums [run, sum], all
with the leading axis run, and works on an empty chunk. NaN means: not defined in that run.
"""

from __future__ import annotations

from sim.outcomes import (
    agreements,
    crises,
    disputes,
    hazards,
    incidents,
    indicators,
    money,
    people,
    resources,
    scales,
)
from sim.outcomes.base import Chunk, Outcome

_FAMILIES = (
    crises, disputes, incidents, people, hazards, resources, agreements, money, indicators, scales,
)  # fmt: skip
OUTCOMES: dict[str, Outcome] = {
    outcome.key: outcome for family in _FAMILIES for outcome in family.FAMILY
}

__all__ = ["OUTCOMES", "Chunk", "Outcome"]
