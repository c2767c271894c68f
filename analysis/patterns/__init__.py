"""Published patterns that the model is measured against: one file each, computed on tables of acts.

A pattern file declares PATTERN (`analysis.patterns.base.Pattern`): target, accepted range, use, and
how a cluster of acts is counted. Nothing here runs the model.
"""

from __future__ import annotations

from analysis.patterns import (
    v01_tone,
    v02_talk,
    v05_claims,
    v07_recurrence,
    v08_force,
    v11_institutions,
    v12_local_to_force,
    v13_inflow,
)
from analysis.patterns.base import Pattern

PATTERNS: tuple[Pattern, ...] = (
    v01_tone.PATTERN,
    v02_talk.PATTERN,
    v05_claims.PATTERN,
    v07_recurrence.PATTERN,
    v08_force.PATTERN,
    v11_institutions.PATTERN,
    v12_local_to_force.PATTERN,
    v13_inflow.PATTERN,
)
REPORTED, ALL = "reported", "all"
VIEWS = (REPORTED, ALL)  # through the reporting filter, and every act
COLUMNS: tuple[str, ...] = tuple(
    f"{pattern.key}.{column}.{view}"
    for pattern in PATTERNS
    for view in VIEWS
    for column in pattern.columns
)

__all__ = ["ALL", "COLUMNS", "PATTERNS", "REPORTED", "VIEWS", "Pattern"]
