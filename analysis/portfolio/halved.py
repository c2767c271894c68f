"""What the best mix does on seeds that did not choose it: two halves, each scored on the other.

The best of many noisy numbers looks better than it is, and an interval around it covers its truth
in far fewer than 95 of 100 studies (256 mixes that are all alike: about 50). Seeds are therefore
split in order, every other one to each half. Each half chooses its mix by the rule of `best`, at
the costs of all seeds, and the mean over the other half is taken::

    told = (n_2 m_2[chosen by 1] + n_1 m_1[chosen by 2]) / (n_1 + n_2)

with an interval from resampled seeds (and points, where sampled), the two choices held as they are.
Where both halves choose the mix that all seeds choose, this is its plain mean. Where they do not it
is the mean of what two such choices bring, and the text says so. Two halves, not more: shares of
the seeds that choose together make the scores depend on one another (256 mixes alike: 82 to 91 %
coverage with 5 parts, 73 to 85 % with 10, 94 to 95 % with 2).

Source: Stone (1974), doi:10.1111/j.2517-6161.1974.tb00994.x (choice and assessment apart).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from analysis.portfolio.choice import COST, RISK, best
from analysis.portfolio.mixes import Floats, Mixes
from analysis.portfolio.resample import Weights, interval, means
from analysis.portfolio.rules import Roles

Ends = tuple[float, float, float]  # a number and its interval
UNKNOWN: Ends = (math.nan, math.nan, math.nan)


class Halved(NamedTuple):
    """Risk of what either half chose, and less that of the first mix, in natural units."""

    chosen: tuple[int, ...]  # by the one half, by the other
    level: Ends
    difference: Ends


NOTHING = Halved((), UNKNOWN, UNKNOWN)


def halved(
    mixes: Mixes, roles: Roles, sign: Floats, budget: float, weights: Weights, units: int
) -> Halved:
    """Choose on each half of the seeds and score on the other; ``weights``: draw 0 all ones."""
    held = np.flatnonzero(mixes.whole.any(axis=(0, 1)))
    if held.size < 4:
        return NOTHING
    one = np.zeros(mixes.status.shape[2])
    one[held[::2]] = 1.0
    halves = [one, np.where(mixes.whole.any(axis=(0, 1)), 1.0 - one, 0.0)]
    first = Weights(weights.points[:1], weights.seeds[:1])
    costs = means(mixes, roles.keys, first).mean(axis=1)[0, :, COST]
    chosen = [_chosen(mixes, roles, sign, budget, half, costs) for half in halves]
    if min(chosen) < 0:
        return NOTHING
    scores = [_scores(mixes, roles, weights, half, mix)
              for half, mix in zip(halves[::-1], chosen, strict=True)]  # fmt: skip
    share = halves[1].sum() / held.size
    told = share * scores[0] + (1 - share) * scores[1]  # [draw, level and difference]
    if np.isnan(told[0]).any():
        return NOTHING
    lo, hi = interval(told, units)
    level, apart = ((float(told[0, k]), float(lo[k]), float(hi[k])) for k in (0, 1))
    return Halved(tuple(chosen), level, apart)


def _chosen(
    mixes: Mixes, roles: Roles, sign: Floats, budget: float, half: Floats, costs: Floats
) -> int:
    """The best mix by some of the seeds, at these costs [mix]."""
    own = Weights(np.ones((1, mixes.status.shape[1])), half[None])
    losses = means(mixes, roles.keys, own).mean(axis=1) * sign
    losses[:, :, COST] = costs
    return int(best(losses, mixes.members, budget)[0])


def _scores(mixes: Mixes, roles: Roles, weights: Weights, half: Floats, mix: int) -> Floats:
    """Risk of a mix, and less that of the first one, by some of the seeds [draw, 2]."""
    own = Weights(weights.points, weights.seeds * half)
    found = means(mixes, [roles.keys[RISK]], own, (0, mix)).mean(axis=1)[..., 0]
    return np.stack([found[:, 1], found[:, 1] - found[:, 0]], axis=1)
