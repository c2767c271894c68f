"""Which mix holds up across states of the world nobody can put a probability on?

For a budget, with A(s) the mixes affordable in state s::

    regret[s, a]   risk of a in s less the least risk in A(s)
    greatest       max over s;  mean: over s, all states alike
    satisficing    share of the states in which a meets every threshold

Only mixes that are affordable in every state are candidates. The least of several noisy numbers is
too low, so regrets of noisy means are too high, all mixes alike; the share of resamplings in which
a mix has the least greatest regret is told beside it.

Sources: Savage (1951), doi 10.1080/01621459.1951.10500768 (regret); Herman et al. (2015), doi
10.1061/(ASCE)WR.1943-5452.0000509 (satisficing as a share of states).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from analysis.portfolio.choice import COST, RISK
from analysis.portfolio.mixes import Flags, Floats


class Robust(NamedTuple):
    """Axes: draw first; draw 0 is the estimate. NaN for mixes that are no candidates."""

    candidates: Flags  # [mix], of the estimate
    greatest: Floats  # [draw, mix]
    mean: Floats  # [draw, mix]
    worst_state: np.ndarray  # [mix], of the estimate
    meets: Floats  # [draw, mix]


def robust(losses: Floats, budget: float, meets: Flags) -> Robust:
    """Regret and satisficing. ``losses`` [draw, state, mix, objective]; ``meets`` without the last.

    Affordability is that of the estimate, so that all draws compare the same mixes.
    """
    affordable = losses[0, :, :, COST] <= budget  # [state, mix]
    candidates = np.asarray(affordable.all(axis=0))
    risk = losses[:, :, :, RISK]
    least = np.where(affordable, risk, np.inf).min(axis=2, keepdims=True)
    regret = np.where(candidates, risk - least, np.nan)
    greatest = np.where(candidates, regret.max(axis=1), np.nan)
    share = np.where(candidates, meets.mean(axis=1), np.nan)
    worst = np.argmax(np.where(candidates, regret[0], 0.0), axis=0)
    return Robust(candidates, greatest, regret.mean(axis=1), worst, share)


def chosen_by(values: Floats, members: Flags, *, most: bool = False) -> np.ndarray:
    """Place of the mix with the least (or most) value in every draw; ties to fewer mechanisms."""
    sign = -1.0 if most else 1.0
    filled = np.where(np.isnan(values), np.inf, sign * values)
    order = np.lexsort((np.arange(len(members)), members.sum(axis=1)))
    return np.asarray(order[np.argmin(filled[:, order], axis=1)])
