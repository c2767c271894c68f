"""Score rows of counts against the patterns: values, intervals by bootstrap, verdicts.

Clusters are resampled whole, within their border: the mix of borders is a declared choice and not a
sample, what varies is the history. Percentile interval (Efron 1979), 95 %.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from analysis.patterns import COLUMNS, PATTERNS, REPORTED, VIEWS
from analysis.patterns.acts import Array, Cluster
from analysis.patterns.base import Measure, Pattern, together, verdict

DRAWS, SEED = 2000, 20_261_122
TAIL = 0.025


class Found(NamedTuple):
    """One measure of one view. ``verdict``: of this measure alone."""

    measure: Measure
    value: float
    lo: float
    hi: float
    events: int
    verdict: str


class Scored(NamedTuple):
    """One pattern: its measures by view, and its verdict through the reporting filter."""

    pattern: Pattern
    views: dict[str, list[Found]]
    verdict: str


def count(cluster: Cluster) -> Array:
    """All counts of one cluster [COLUMNS]."""
    rows = [p.tally(cluster, view == REPORTED) for p in PATTERNS for view in VIEWS]
    return np.array([float(value) for row in rows for value in row])


def score(counts: Array, border: Array, draws: int = DRAWS) -> list[Scored]:
    """Score rows [cluster, COLUMNS]; ``border`` [cluster] says which rows are alike."""
    total = counts.sum(axis=0)
    resampled = resample(counts, border, draws)
    return [_score(pattern, total, resampled) for pattern in PATTERNS]


def resample(counts: Array, border: Array, draws: int = DRAWS) -> Array:
    """Totals [draw, column] of rows drawn with replacement within each border."""
    random = np.random.default_rng(SEED)
    totals = np.zeros((draws, counts.shape[1]))
    for name in np.unique(border):
        own = counts[border == name]
        weights = random.multinomial(len(own), np.full(len(own), 1 / len(own)), size=draws)
        totals += weights.astype(float) @ own
    return totals


def values(counts: Array, view: str = REPORTED) -> dict[str, float]:
    """Value of every measure, keyed PATTERN.measure, without intervals."""
    total = counts.sum(axis=0)
    return {
        f"{pattern.key}.{measure.key}": float(measure.compute(_named(pattern, view, total)))
        for pattern in PATTERNS
        for measure in pattern.measures
    }


def _score(pattern: Pattern, total: Array, resampled: Array) -> Scored:
    views = {}
    for view in VIEWS:
        sums, drawn = _named(pattern, view, total), _named(pattern, view, resampled)
        views[view] = [_measure(measure, sums, drawn) for measure in pattern.measures]
    return Scored(pattern, views, together([found.verdict for found in views[REPORTED]]))


def _measure(measure: Measure, sums: dict[str, Any], drawn: dict[str, Any]) -> Found:
    value = float(measure.compute(sums))
    many = np.asarray(measure.compute(drawn), dtype=float)
    kept = many[np.isfinite(many)]
    lo = hi = float("nan")
    if kept.size >= 0.9 * many.size and np.isfinite(value):
        lo, hi = (float(each) for each in np.quantile(kept, [TAIL, 1 - TAIL]))
    return Found(measure, value, lo, hi, int(sums[measure.events]), verdict(measure, lo, hi))


def _named(pattern: Pattern, view: str, totals: Array) -> dict[str, Any]:
    """Totals of one pattern and view by column."""
    return {
        column: totals[..., COLUMNS.index(f"{pattern.key}.{column}.{view}")]
        for column in pattern.columns
    }
