"""What several fits say together: which may speak, and whether an effect changes sign among them.

Every fit is judged on its own runs. One of which nothing may be said (too few events, pairs or
orders) is *silent*: it neither agrees nor disagrees, and the number of all fits together is the
mean over the others. Where fewer than half of the fits speak there is no verdict.

An effect *changes sign* where

- two fits' own intervals exclude zero on opposite sides, or
- two fits have opposite signs, the one's own interval excludes zero, and the two differ: with
  d[p, s] = change under the one minus change under the other, at the same points (or orders) p and
  seeds s, the mean of d is further from zero than ``t(1 - 0.03 / 2 m) sqrt(V)``, V and its degrees
  of freedom over crossed clusters (`analysis.crossed`), m the number of pairs of fits (Bonferroni).

So a fit at zero beside others that help is no change of sign by the luck of its sign alone: it has
to lie clearly apart from a clear one, and on the other side. Were all fits alike, either would be
said of 2 to 3 effects in 100 (planted: 2 to 7 fits, no effect or a small one; test_effects.py).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

from analysis.attribution import Floats
from analysis.crossed import FEWEST_DEGREES, Design, influence, spread

TURNS = "changes sign across fits"
BY_LUCK = 0.03  # of effects that are alike under all fits may be said to differ
FEWEST_SPEAKING = 0.5


class Own(NamedTuple):
    """One fit's own answer; ``change`` [point or orders, seed], with its ``design``."""

    fit: str
    difference: float
    sign: int  # +1 or -1 where its interval excludes zero, else 0
    change: Floats
    design: Design


def turns(fits: Sequence[Own]) -> str:
    """How an effect changes sign among fits that speak; empty where it does not."""
    falls = [one.fit for one in fits if one.sign < 0]
    rises = [one.fit for one in fits if one.sign > 0]
    if not (falls and rises):
        many = math.comb(len(fits), 2)
        apart = [pair for pair in combinations(fits, 2) if opposite(*pair) and differ(*pair, many)]
        involved = {one.fit: one.difference for pair in apart for one in pair}
        falls = [fit for fit, difference in involved.items() if difference < 0]
        rises = [fit for fit, difference in involved.items() if difference > 0]
    if not (falls and rises):
        return ""
    return f"{TURNS}: falls under {', '.join(falls)}; rises under {', '.join(rises)}"


def opposite(one: Own, other: Own) -> bool:
    """True where their signs are opposite and at least one of them is clear."""
    return one.difference * other.difference < 0 and bool(one.sign or other.sign)


def differ(one: Own, other: Own, many: int) -> bool:
    """True where two fits differ by a paired test, one of so many."""
    from scipy.stats import t

    apart = one.change - other.change
    there = ~np.isnan(apart)
    if not there.any():
        return False
    found = spread(influence(apart), there, one.design)
    if not found.degrees >= FEWEST_DEGREES:
        return False
    limit = float(t.ppf(1 - BY_LUCK / (2 * many), found.degrees)) * math.sqrt(found.variance)
    return abs(float(apart[there].mean())) > limit


def too_silent(why: Mapping[str, str], fits: int) -> str:
    """Why nothing is said of all fits together where most are silent; ``why`` by silent fit."""
    speaking = fits - len(why)
    if speaking >= FEWEST_SPEAKING * fits:
        return ""
    fit, reason = next(iter(why.items()))
    return f"{reason} (under {fit}; {speaking} of {fits} fits may say anything)"
