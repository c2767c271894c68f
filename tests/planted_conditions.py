"""How often discovery finds a planted box, and how often it finds one where nothing is planted.

``make discovery`` (WORLDS=100) draws worlds of 200 points, 8 settings on [0, 1] and 10 seeds. In
half of them the chance of a crisis is 0.75 inside ``a < 0.6, b > 0.3, c < 0.7`` (29 % of the
points) and 0.25 elsewhere; in the other half it is 0.4 everywhere. All points share luck of the
seeds. As many worlds again are *moody*: 0.4 too, but every seed has slopes of its own along all
settings, so that there are conditions in these seeds and none in others.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from analysis.discovery.answer import FOUND, NOTHING, Condition, conditions
from analysis.discovery.question import CRISIS, Question, cases_of
from analysis.study import Arm, Outcome
from analysis.sweep_study import Factor

POINTS, SETTINGS, SEEDS, SHARED = 200, 8, 10, 0.3
TRUE = ((0, True, 0.6), (1, False, 0.3), (2, True, 0.7))  # setting, upper end, limit
INSIDE, OUTSIDE, EVERYWHERE = 0.75, 0.25, 0.4
OWN = 0.6  # spread of what a seed makes of the settings, of a spread of 1
NAMES = "abcdefgh"
FACTORS = tuple(Factor(k, k, "", "range", 0.0, 1.0, (), "uniform", False, "", None, True)
                for k in NAMES)  # fmt: skip
ARM = Arm("none", "none", {})
OFTEN = Question(Outcome("crisis_any", "crisis", "", "lower", "probability", ""), ARM, ARM, CRISIS,
                 0.5)  # fmt: skip


class World(NamedTuple):
    """What was found in one world, the first box."""

    verdict: str
    stable: frozenset[tuple[int, bool]]
    within: tuple[bool, ...]  # true limit within the stated interval, where it is stable
    error: tuple[float, ...]  # limit less true limit, where it is stable


def world(seed: int, planted: bool, *, moody: bool = False) -> World:
    """Draw and search one world."""
    random = np.random.default_rng((seed, planted, *([7] if moody else [])))
    shares = random.permuted(np.tile(np.arange(POINTS), (SETTINGS, 1)), axis=1).T
    x = (shares + random.random(shares.shape)) / POINTS  # a Latin hypercube
    inside = np.all([x[:, k] < at if upper else x[:, k] > at for k, upper, at in TRUE], axis=0)
    level = np.where(inside, INSIDE, OUTSIDE) if planted else np.full(POINTS, EVERYWHERE)
    mood = SHARED * random.normal(size=(1, SEEDS))
    mood = mood + (1 - SHARED**2) ** 0.5 * random.normal(size=(POINTS, SEEDS))
    if moody:
        slopes = random.normal(size=(SETTINGS, SEEDS)) * (12 / SETTINGS) ** 0.5
        mood = (1 - OWN**2) ** 0.5 * mood + OWN * (x - 0.5) @ slopes
    quantile = np.vectorize(NormalDist().inv_cdf)(level)[:, None]
    values = (mood < quantile).astype(float)
    cases = cases_of(OFTEN, values, values, np.arange(POINTS))
    return read(next(iter(conditions(FACTORS, OFTEN, cases, x))))


def read(found: Condition) -> World:
    """The first box against the truth."""
    stable = {(NAMES.index(one.factor.key), one.upper): one for one in found.limits if one.stable}
    there = [(stable[k, upper], at) for k, upper, at in TRUE if (k, upper) in stable]
    return World(
        found.verdict, frozenset(stable),
        tuple(one.again.lo <= at <= one.again.hi for one, at in there),
        tuple(one.at - at for one, at in there),
    )  # fmt: skip


def summary(
    planted: Sequence[World], flat: Sequence[World], moody: Sequence[World] = ()
) -> dict[str, Any]:
    """Shares of worlds, and of the planted limits."""
    true = {(k, upper) for k, upper, _ in TRUE}
    within = [one for w in planted for one in w.within]
    errors = np.array([one for w in planted for one in w.error])
    return {
        "planted worlds": len(planted),
        "a condition found": sum(w.verdict == FOUND for w in planted),
        "planted limits that are found and stable, of 3": len(within) / len(planted),
        "stable limits that were not planted": sum(len(w.stable - true) for w in planted),
        "planted limits within the stated interval": float(np.mean(within)),
        "median error of a limit": float(np.median(np.abs(errors))),
        "flat worlds": len(flat),
        "no condition stands out": sum(w.verdict == NOTHING for w in flat),
        "a condition found in a flat world": sum(w.verdict == FOUND for w in flat),
        "moody worlds": len(moody),
        "a condition found in a moody world": sum(w.verdict == FOUND for w in moody),
    }


def main(worlds: int) -> None:
    """Print the summary."""
    planted, flat = ([world(seed, one) for seed in range(worlds // 2)] for one in (True, False))
    moody = [world(seed, planted=False, moody=True) for seed in range(worlds // 2)]
    for name, value in summary(planted, flat, moody).items():
        print(f"{name:48} {value:.3g}")  # noqa: T201 (a program that prints its table)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
