"""Why a difference gets no verdict: too few pairs, too few events, uneven failures.

The rules are fixed beforehand and those of the headline (`analysis.headline`): at least 10 complete
pairs, of 10 seeds (points and sets share their seeds: many points of one seed are one luck), and
of a headline outcome that counts events at least 30 histories with any in each of the two arms.
Failed runs are told in any case; they are held against a difference where they are more than one
pair in twenty, or where one arm loses more than the other by a sign test (5 %): what makes a run
fail may also make it a bad history, and the pairs that are left are no fair sample.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis import words
from analysis.headline import FEWEST_PAIRS, NEEDED, short_of_events
from analysis.intervals import LEVEL, sign_test
from analysis.study import Outcome

MOST_LOST = 0.05
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def scruple(outcome: Outcome, a: Floats, b: Floats, failed: tuple[Flags, Flags]) -> str:
    """Why nothing may be said of ``b`` minus ``a`` [..., seed]; empty when it may."""
    there = ~(np.isnan(a) | np.isnan(b))
    n, seeds = int(there.sum()), int(there.reshape(-1, there.shape[-1]).any(axis=0).sum())
    only_a, only_b = int((failed[0] & ~failed[1]).sum()), int((failed[1] & ~failed[0]).sum())
    both = int((failed[0] & failed[1]).sum())
    if n < FEWEST_PAIRS:
        return f"only {words.count(n, 'complete pair')}, {FEWEST_PAIRS} are needed"
    if seeds < FEWEST_PAIRS:
        return f"{n} pairs of only {words.count(seeds, 'seed')}, {FEWEST_PAIRS} seeds are needed"
    lost = uneven(only_a, only_b) or too_many(only_a + only_b + both, failed[0].size)
    if lost:
        return lost
    events = int((a[there] > 0).sum()), int((b[there] > 0).sum())
    return too_few(outcome, events, n)


def shared_scruple(outcome: Outcome, none: Floats, package: Floats, failed: Flags) -> str:
    """The same of Shapley shares; ``failed`` [point, seed, arm] of every bundle of the package."""
    seeds = failed.any(axis=(0, 2))
    there = ~seeds & ~np.isnan(none).any(axis=0) & ~np.isnan(package).any(axis=0)
    n = int(there.sum())
    if n < FEWEST_PAIRS:
        return f"only {words.count(n, 'seed')} with every arm, {FEWEST_PAIRS} are needed"
    by_arm = failed.sum(axis=(0, 1))
    lost = uneven(int(by_arm.min()), int(by_arm.max())) or too_many(int(seeds.sum()), seeds.size)
    if lost:
        return lost
    events = int((none[:, there] > 0).sum()), int((package[:, there] > 0).sum())
    return too_few(outcome, events, none[:, there].size)


def uneven(first: int, second: int) -> str:
    """Why runs that one arm lost and the other did not speak against their difference."""
    if sign_test(first, second) >= 1 - LEVEL:
        return ""
    return f"uneven failures: {first} and {second} runs failed in one of the two arms only"


def too_many(lost: int, asked: int) -> str:
    """Why the pairs that are left may not be a fair sample."""
    if lost <= MOST_LOST * asked:
        return ""
    return f"failures: {lost} of {asked} pairs are lost"


def too_few(outcome: Outcome, events: tuple[int, int], histories: int) -> str:
    """Why an outcome that counts events is too rare to be spoken of."""
    if not any(short_of_events(outcome.key, one) for one in events):
        return ""
    return (f"too few events: {events[0]} and {events[1]} of {histories} histories have any, "
            f"{NEEDED} in each are needed")  # fmt: skip
