"""Two versions whose runs are not paired: differences of means, chances and effects of arms.

Where no seed is shared, or where the same seed draws other luck (other steps in time), a run of A
has no like in B. B minus A is then a difference of two independent samples,

    means    mean(b) - mean(a), Welch's t interval
    chances  share(b) - share(a), Newcombe's hybrid score interval (method 10)
    effects  mean of (arm - first arm) within the seeds of B, minus the same of A: Welch's, as each
             side has one number per seed

and wider than a paired one of as many runs. The scruples are those of `analysis.scruples`, asked of
each side. Sources: Welch (1947), doi:10.1093/biomet/34.1-2.28; Newcombe (1998),
doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis import words
from analysis.intervals import LEVEL, rule_of_three, student_quantile, wilson
from analysis.language import say
from analysis.many_rows import shares_p, two_sided
from analysis.scruples import (
    FEWEST_PAIRS,
    Codes,
    scruple,
    too_few,
    too_many,
    undefined,
    with_any,
)
from analysis.study import OK, Outcome
from analysis.sweep_study import MISSING

WELCH, NEWCOMBE = "unpaired, Welch's t", "unpaired, Newcombe's score interval"
Floats = NDArray[np.float64]


class Apart(NamedTuple):
    """A difference of two independent samples; ``p`` of none. NaN: not defined."""

    before: float
    after: float
    difference: float
    lo: float
    hi: float
    p: float
    method: str


def means_apart(a: Floats, b: Floats, *, rare: bool = False) -> Apart:
    """Mean of ``b`` minus mean of ``a``; NaN entries are left out.

    ``rare``: differences of 0/1 outcomes, so that a side without any gets the rule of three.
    """
    first, second = a[~np.isnan(a)], b[~np.isnan(b)]
    if min(first.size, second.size) < 2:
        return Apart(_mean(first), _mean(second), _mean(second) - _mean(first), math.nan,
                     math.nan, math.nan, WELCH)  # fmt: skip
    own = [float(one.var(ddof=1)) / one.size for one in (first, second)]
    variance, difference = sum(own), float(second.mean() - first.mean())
    degrees = float(min(first.size, second.size) - 1)
    if variance > 0:
        shares = [v**2 / (one.size - 1) for v, one in zip(own, (first, second), strict=True)]
        degrees = variance**2 / sum(shares)
    bounds = [rule_of_three(one.size) for one in (first, second) if rare and not one.any()]
    half = math.hypot(student_quantile(degrees) * math.sqrt(variance), *bounds)
    return Apart(_mean(first), _mean(second), difference, difference - half, difference + half,
                 two_sided(difference, math.sqrt(variance), degrees), WELCH)  # fmt: skip


def shares_apart(a: Floats, b: Floats) -> Apart:
    """Share of ``b`` minus share of ``a``, of 0/1 values; NaN entries are left out."""
    first, second = a[~np.isnan(a)], b[~np.isnan(b)]
    if min(first.size, second.size) < 2:
        return means_apart(a, b)._replace(method=NEWCOMBE)
    one, two = float(first.mean()), float(second.mean())
    ends = [tuple(map(float, wilson(s.sum(), s.size))) for s in (first, second)]
    (low, high), (lower, upper) = ends
    lo = two - one - math.hypot(two - lower, high - one)
    hi = two - one + math.hypot(upper - two, one - low)
    p = shares_p(int(first.sum()), first.size, int(second.sum()), second.size)
    return Apart(one, two, two - one, lo, hi, p, NEWCOMBE)


def level_apart(outcome: Outcome, a: Floats, b: Floats) -> Apart:
    """B minus A of one outcome of one arm."""
    return shares_apart(a, b) if outcome.is_probability else means_apart(a, b)


def level_scruple(
    outcome: Outcome, values: tuple[Floats, Floats], status: tuple[Codes, Codes],
    names: Sequence[str],
) -> str:  # fmt: skip
    """Why nothing may be said of one arm in B against A; empty when it may."""
    failed = [(own != OK) & (own != MISSING) for own in status]
    held = [int((own != MISSING).sum()) for own in status]
    lost = [int(own.sum()) for own in failed]
    for own, codes, name in zip(values, status, names, strict=True):
        n, ended = int((~np.isnan(own)).sum()), int((codes == OK).sum())
        if n < FEWEST_PAIRS:
            return say("only {runs} with {name}, {needed} are needed",
                       runs=words.count(n, "finished run"), name=name, needed=FEWEST_PAIRS)
        many = undefined(n, ended, say("runs with {name}", name=name))
        if many:
            return many
    if shares_p(lost[0], held[0], lost[1], held[1]) < 1 - LEVEL:
        return say("uneven failures: {lost} of {held} failed with {one}, {gone} of {there} with "
                   "{other}", lost=words.plain(lost[0], 0), held=words.plain(held[0], 0),
                   one=names[0], gone=words.plain(lost[1], 0), there=words.plain(held[1], 0),
                   other=names[1])  # fmt: skip
    for name, gone, there in zip(names, lost, held, strict=True):
        if many := too_many(gone, there, say("runs with {name}", name=name)):
            return many
    events = [int(with_any(outcome, own[~np.isnan(own)][:, None])[0]) for own in values]
    fewest = min(int((~np.isnan(own)).sum()) for own in values)
    return too_few(outcome, events, fewest, names)


def effect_scruple(
    outcome: Outcome, sides: Sequence[tuple[Floats, Codes]], names: Sequence[Sequence[str]]
) -> str:
    """The same of an effect in B against A: ``sides`` hold [seed, (first arm, arm)] of each."""
    for (values, status), own in zip(sides, names, strict=True):
        why = scruple(outcome, values[:, 0], values[:, 1], (status[:, 0], status[:, 1]), own)
        if why:
            return why
    return ""


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else math.nan
