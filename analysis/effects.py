"""Paired effect of each arm against the first arm, outcome by outcome.

Runs of two arms with the same seed share weather, elections and temperaments (common random
numbers), so the effect is the mean of the differences within pairs. A first event that never came
counts with the horizon (see `analysis.censored`); other pairs in which either value is not defined
are dropped and counted. Effects are arm minus reference, in the outcome's own unit.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.censored import restricted
from analysis.intervals import (
    LEVEL,
    bootstrap_intervals,
    few_discordant,
    paired_change,
    rule_of_three,
    sign_test,
)
from analysis.scruples import short, too_many, with_any
from analysis.study import Outcome, Study

FEW_DISCORDANT = 30
ROUNDING = 1e-20  # a variance below this share of the others is rounding of a constant
BOOTSTRAP = "paired bootstrap"
FEW = "adjusted Wald, few discordant pairs"
NONE_SEEN = "rule of three, no pair differs"
IDENTICAL = "no pair differs"
WIDENED = "paired bootstrap, widened to zero: too few pairs differ"
UNDEFINED = "fewer than two pairs"
FEW_EVENTS = "few events"
FEW_VALUES = "values missing"

Floats = NDArray[np.float64]


class Effect(NamedTuple):
    """One arm's effect on one outcome; shares are of complete pairs."""

    arm: str
    outcome: str
    n: int  # complete pairs
    dropped: int  # pairs with a value that is not defined
    reference_mean: float
    arm_mean: float
    difference: float
    lo: float
    hi: float
    method: str
    fell: float
    rose: float
    unchanged: float
    better: float  # NaN when the outcome has no bad direction
    worse: float
    discordant: int  # pairs that differ
    variance_reduction: float  # (var_a + var_b) / var(difference); NaN: no pair differs
    events: tuple[int, int]  # pairs with any event in the reference and in the arm

    @property
    def spans_zero(self) -> bool:
        """True when the interval does not tell the sign (an undefined interval never does)."""
        return not (self.lo > 0 or self.hi < 0)

    def verdict(self, outcome: Outcome) -> str:
        """``better``, ``worse``, ``unclear``, or ``rises``/``falls`` without a bad direction.

        ``few events`` where an outcome that counts events has too few, ``values missing`` where too
        many pairs do not define it (`analysis.scruples`).
        """
        if too_many(self.dropped, self.n + self.dropped):
            return FEW_VALUES
        if short(outcome, *self.events):
            return FEW_EVENTS
        if self.spans_zero:
            return "unclear"
        if outcome.bad_sign == 0:
            return "rises" if self.difference > 0 else "falls"
        return "worse" if self.difference * outcome.bad_sign > 0 else "better"


@lru_cache(maxsize=4)
def effects(study: Study) -> dict[tuple[str, str], Effect]:
    """All effects, keyed by (arm, outcome), for every arm but the first."""
    found: dict[tuple[str, str], Effect] = {}
    for arm in study.arms[1:]:
        for effect in _arm_effects(study, arm.name):
            found[arm.name, effect.outcome] = effect
    return found


def paired_effect(
    arm: str, outcome: Outcome, reference: Floats, treated: Floats, interval: tuple[float, float]
) -> Effect:
    """Summarise one outcome's pairs (equal lengths, NaN: not defined) and their interval."""
    valid = ~(np.isnan(reference) | np.isnan(treated))
    a, b = reference[valid], treated[valid]
    change = paired_change(a, b)
    n = int(valid.sum())
    fell, rose = _share(change < 0), _share(change > 0)
    worse, better = {1: (rose, fell), -1: (fell, rose)}.get(outcome.bad_sign, (math.nan, math.nan))
    lo, hi, method = _interval(outcome, change, interval)
    events = with_any(outcome, np.stack([a, b], axis=-1))
    return Effect(
        arm=arm,
        outcome=outcome.key,
        n=n,
        dropped=len(valid) - n,
        reference_mean=_mean(a),
        arm_mean=_mean(b),
        difference=_mean(change),
        lo=lo,
        hi=hi,
        method=method,
        fell=fell,
        rose=rose,
        unchanged=_share(change == 0),
        better=better,
        worse=worse,
        discordant=int((change != 0).sum()),
        variance_reduction=_variance_reduction(a, b, change),
        events=(int(events[0]), int(events[1])),
    )


def pairs(study: Study, arm: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Successful runs of the reference and of ``arm`` with the same seeds, in the same order."""
    reference, treated = finished(study, study.reference.name), finished(study, arm)
    seeds = reference.index.intersection(treated.index).sort_values()
    return reference.loc[seeds], treated.loc[seeds]


def finished(study: Study, arm: str) -> pd.DataFrame:
    """Successful runs of one arm by seed, times to first events up to the horizon."""
    return restricted(study, study.arm(arm), study.finished(arm))


def effects_frame(study: Study) -> pd.DataFrame:
    """All effects as a table, one row per arm and outcome, in declared order."""
    return pd.DataFrame([effect._asdict() for effect in effects(study).values()])


def _arm_effects(study: Study, arm: str) -> list[Effect]:
    reference, treated = pairs(study, arm)
    keys = list(study.outcomes)
    a = reference[keys].to_numpy(dtype=float)
    b = treated[keys].to_numpy(dtype=float)
    lo, hi = bootstrap_intervals(paired_change(a, b))
    return [
        paired_effect(arm, study.outcomes[key], a[:, i], b[:, i], (float(lo[i]), float(hi[i])))
        for i, key in enumerate(keys)
    ]


def _interval(
    outcome: Outcome, change: Floats, bootstrap: tuple[float, float]
) -> tuple[float, float, str]:
    n, fell, rose = len(change), int((change < 0).sum()), int((change > 0).sum())
    differing = fell + rose
    if n < 2:
        return math.nan, math.nan, UNDEFINED
    if differing == 0 and outcome.is_probability:
        bound = rule_of_three(n)
        return -bound, bound, NONE_SEEN
    if differing == 0:
        return 0.0, 0.0, IDENTICAL
    if outcome.is_probability and differing < FEW_DISCORDANT:
        return *few_discordant(fell, rose, n), FEW
    lo, hi = bootstrap
    if differing < FEW_DISCORDANT and sign_test(fell, rose) > 1 - LEVEL and not lo <= 0 <= hi:
        return min(lo, 0.0), max(hi, 0.0), WIDENED
    return lo, hi, BOOTSTRAP


def _variance_reduction(a: Floats, b: Floats, change: Floats) -> float:
    if len(change) < 2 or not change.any():
        return math.nan
    spread, apart = float(change.var(ddof=1)), float(a.var(ddof=1) + b.var(ddof=1))
    if spread <= ROUNDING * apart:
        return math.inf
    return apart / spread


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def _share(flags: NDArray[np.bool_]) -> float:
    return float(flags.mean()) if len(flags) else math.nan
