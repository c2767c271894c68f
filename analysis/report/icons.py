"""Small inline drawings of the headline: 100 dots for a chance, 20 dots for a distribution.

Plain SVG with classes for colour, so that both themes and print work without scripts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from analysis.language import say

QUANTILE_DOTS = 20
WIDTH, HEIGHT, RADIUS = 240, 92, 5.2


def icon_array(share: float, label: str) -> Markup:
    """One hundred dots in ten rows, as many of them filled as the share says."""
    filled = round(100 * share)
    dots = []
    for index in range(100):
        row, column = divmod(index, 10)
        kind = "event" if index < filled else "empty"
        dots.append(Markup('<circle class="{}" cx="{}" cy="{}" r="4.6"/>').format(
            kind, 6 + 12 * column, 6 + 12 * row
        ))  # fmt: skip
    return Markup(
        '<svg class="icons" viewBox="0 0 120 120" role="img" aria-label="{}">{}</svg>'
    ).format(
        say("{label}: {filled} of 100 dots filled", label=label, filled=filled),
        Markup("").join(dots),
    )


def quantile_dots(values: Sequence[float], lo: float, hi: float, label: str) -> Markup:
    """Twenty dots, each standing for 5 in 100 histories, stacked on a scale from lo to hi."""
    clean = np.sort(np.asarray(values, dtype=float))
    clean = clean[~np.isnan(clean)]
    if clean.size == 0 or not hi > lo:
        return Markup("")
    shares = (np.arange(QUANTILE_DOTS) + 0.5) / QUANTILE_DOTS
    spots = _stack(np.quantile(clean, shares), lo, hi)
    dots = [
        Markup('<circle class="event" cx="{:.1f}" cy="{:.1f}" r="{}"/>').format(x, y, RADIUS - 0.6)
        for x, y in spots
    ]
    line = Markup('<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"/>').format(
        WIDTH, HEIGHT - 0.5, HEIGHT - 0.5
    )
    return Markup(
        '<svg class="dots" viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}</svg>'
    ).format(
        WIDTH, HEIGHT, say("{label}: distribution over histories", label=label), line,
        Markup("").join(dots),
    )  # fmt: skip


def _stack(values: NDArray[np.float64], lo: float, hi: float) -> list[tuple[float, float]]:
    """Bin values to dot widths and pile them up."""
    bins = int(WIDTH // (2 * RADIUS))
    at = np.clip(((values - lo) / (hi - lo) * bins).astype(int), 0, bins - 1)
    height: dict[int, int] = {}
    spots = []
    step = 2 * RADIUS
    tallest = max(int((at == b).sum()) for b in set(at.tolist()))
    rise = min(step, (HEIGHT - 2 * RADIUS) / max(tallest - 1, 1))
    for b in at.tolist():
        level = height.get(b, 0)
        height[b] = level + 1
        spots.append((RADIUS + b * step, HEIGHT - RADIUS - level * rise))
    return spots
