"""The frontier: mixes that no other mix beats in every objective at once, exactly.

A mix is dominated where another is at least as good in every objective and better in one. Mixes
that are alike in all stay together. Every pair is compared; nothing is approximated.
"""

from __future__ import annotations

import numpy as np

from analysis.portfolio.mixes import Flags, Floats

_BLOCK = 2_000_000  # comparisons of pairs that are held at once


def on_frontier(losses: Floats) -> Flags:
    """[..., mix]: no other mix dominates. ``losses`` [..., mix, objective], smaller is better."""
    *lead, mixes, objectives = losses.shape
    flat = losses.reshape(-1, mixes, objectives)
    free = np.empty(flat.shape[:2], dtype=bool)
    step = max(1, _BLOCK // max(1, mixes * mixes))
    for start in range(0, len(flat), step):
        own = flat[start : start + step]
        no_worse = np.ones((len(own), mixes, mixes), dtype=bool)  # [draw, other, mix]
        better = np.zeros_like(no_worse)
        for k in range(objectives):
            other, mine = own[:, :, None, k], own[:, None, :, k]
            no_worse &= other <= mine
            better |= other < mine
        free[start : start + step] = ~(no_worse & better).any(axis=1)
    return free.reshape(*lead, mixes)


def membership(losses: Floats) -> Floats:
    """Share of the resampled draws in which each mix is on the frontier [mix].

    ``losses`` [draw, mix, objective], draw 0 the estimate, which does not count.
    """
    return np.asarray(on_frontier(losses[1:]).mean(axis=0))
