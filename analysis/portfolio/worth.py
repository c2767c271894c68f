"""What a mechanism does on average over mixes, and which two do more, or less, together.

Over all backgrounds S (mixes without the mechanism, or without the pair) for which every mix that
is needed was run::

    effect[i]      mean over S of  f(S+i) - f(S)
    together[i,j]  mean over S of  f(S+i+j) - f(S+i) - f(S+j) + f(S)

Both are fixed sums of the means of mixes, so that their intervals come from the same resamplings.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from analysis.portfolio.mixes import Flags, Floats


def contrasts(members: Flags, size: int) -> tuple[list[tuple[int, ...]], Floats, list[int]]:
    """(sets of ``size`` mechanisms, weights [set, mix], backgrounds of each); none: left out."""
    index = {tuple(row): place for place, row in enumerate(members.tolist())}
    sets, rows, counts = [], [], []
    for chosen in combinations(range(members.shape[1]), size):
        weights, backgrounds = _of(members, index, chosen)
        if backgrounds:
            sets.append(chosen)
            rows.append(weights / backgrounds)
            counts.append(backgrounds)
    return sets, np.array(rows).reshape(len(rows), len(members)), counts


def _of(
    members: Flags, index: dict[tuple[bool, ...], int], chosen: tuple[int, ...]
) -> tuple[Floats, int]:
    weights, backgrounds = np.zeros(len(members)), 0
    for row in members[~members[:, list(chosen)].any(axis=1)]:
        cells = []
        for size in range(len(chosen) + 1):
            for switched in combinations(chosen, size):
                own = row.copy()
                own[list(switched)] = True
                cells.append((index.get(tuple(own.tolist())), (-1) ** (len(chosen) - size)))
        if all(place is not None for place, _ in cells):
            backgrounds += 1
            for place, sign in cells:
                weights[place] += sign
    return weights, backgrounds
