"""V11 within borders: years with and without a joint body of the same border, borders combined.

Pooled over borders a contrast also compares borders: bodies are more common on some, and so are
severe acts. The common ratio of Mantel and Haenszel compares within each border b only:

    odds:   sum_b a d / n  over  sum_b b c / n
            a, b: severe and other conflictive events with a body; c, d: without; n: all four
    rates:  sum_b a t / T  over  sum_b c s / T
            a, c: events with and without a body; s, t: pair-years with and without; T = s + t

Intervals resample histories within their border, as those of the scorecard. Source: Mantel &
Haenszel (1959), Journal of the National Cancer Institute 22:719-748, for odds; the same weights for
rates. Limits: it takes one ratio for all borders; bodies are founded where there was friction and
none is dissolved, so that years with one come later. It is no effect of bodies.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis.patterns import COLUMNS, REPORTED
from analysis.patterns.base import ratio
from analysis.patterns.score import DRAWS, SEED, TAIL

Array = np.ndarray


def common(counts: Array, border: Array, draws: int = DRAWS) -> dict[str, list[float | None]]:
    """[value, lower end, upper end] by measure of V11, over rows [history, COLUMNS]."""
    each = [counts[border == name] for name in np.unique(border)]
    whole = np.stack([own.sum(axis=0) for own in each])
    random = np.random.default_rng(SEED)
    drawn = np.stack([
        random.multinomial(len(own), np.full(len(own), 1 / len(own)), size=draws) @ own
        for own in each
    ])  # fmt: skip
    ratios = {"odds_3": _odds, "complaints": _rates, "odds_5": _odds}
    worst = {"odds_3": "_3", "odds_5": "_5"}
    return {key: _interval(of(whole, worst.get(key, "")), of(drawn, worst.get(key, "")))
            for key, of in ratios.items()}  # fmt: skip


def _odds(sums: Array, worst: str) -> Array:
    """Common odds of events [draw or none] from totals [border, (draw,) COLUMNS]."""
    a, c = _of(sums, f"with{worst}"), _of(sums, f"without{worst}")
    b, d = _of(sums, "with") - a, _of(sums, "without") - c
    n = np.maximum(a + b + c + d, 1.0)
    return ratio((a * d / n).sum(axis=0), (b * c / n).sum(axis=0))


def _rates(sums: Array, _: str) -> Array:
    a, c, s, t = (_of(sums, key) for key in ("with", "without", "years_with", "years_without"))
    years = np.maximum(s + t, 1e-12)
    return ratio((a * t / years).sum(axis=0), (c * s / years).sum(axis=0))


def _of(sums: Array, column: str) -> Array:
    found: Array = sums[..., COLUMNS.index(f"V11.{column}.{REPORTED}")]
    return found


def _interval(value: Any, many: Array) -> list[float | None]:
    """Percentiles of the draws; none where the value, or a tenth of the draws, does not exist."""
    if not np.isfinite(value):
        return [None, None, None]
    held = many[np.isfinite(many)]
    ends = np.quantile(held, [TAIL, 1 - TAIL]) if held.size >= 0.9 * many.size else [None, None]
    return [None if one is None else float(f"{one:.5g}") for one in (float(value), *ends)]
