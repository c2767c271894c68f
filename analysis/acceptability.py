"""Is an arm worth its money? The chance that its net benefit is positive, by what a point is worth.

    net benefit(w) = w (risk without - risk with) 100 - (money with - money without)
    acceptability(w) = share of resampled sets of pairs with net benefit above 0

w: what society would pay to lower the risk by one point in a hundred, over the horizon. Cost per
crisis averted has no mean (a difference near zero stands below the line), so nobody should quote
it; the curve says for each w how sure the answer is. Money: set-up and yearly, of towns and others,
undiscounted. Source: van Hout, Al, Gordon & Rutten (1994), doi:10.1002/hec.4730030505; net benefit:
Stinnett & Mullahy (1998), doi:10.1177/0272989X98018002S09. Limits: one risk at a time; damage
averted and livelihoods are no part of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.effects import pairs
from analysis.intervals import DRAWS, SEED
from analysis.study import Study

Array = NDArray[Any]
RISKS = ("crisis_resource", "crisis_local", "crisis_any")  # chances, in the order of the headline
COSTS = ("money_spent", "money_matched")  # per year; what a study lacks is left out
LEVELS = 61


class Curve(NamedTuple):
    """One arm and one risk. Axis of ``worth`` and ``chance``: what a point is worth."""

    arm: str
    risk: str
    n: int
    worth: Array  # million dollars per point of risk over the horizon
    chance: Array  # that the arm is worth its money
    points: float  # points of risk averted, mean
    cost: float  # million dollars over the horizon, mean
    break_even: float  # worth at which the chance passes one half; NaN: nowhere on the curve


def risks(study: Study) -> list[str]:
    """Risks that the study knows; empty when it knows no cost."""
    known = [key for key in RISKS if key in study.outcomes]
    return known if any(cost in study.outcomes for cost in COSTS) else []


@lru_cache(maxsize=256)
def curve(study: Study, arm: str, risk: str, most: float | None = None) -> Curve:
    """The acceptability curve of an arm against the first arm, up to a worth of ``most``."""
    reference, treated = pairs(study, arm)
    costs = [key for key in COSTS if key in study.outcomes]
    averted = 100.0 * (reference[risk] - treated[risk]).to_numpy(dtype=float)
    spent = study.years * sum(
        (treated[key] - reference[key]).to_numpy(dtype=float) for key in costs
    )
    points, money = resampled(averted, np.asarray(spent, dtype=float))
    worth = levels(float(np.mean(averted)), float(np.mean(spent)))
    worth = worth if most is None else np.linspace(0.0, most, LEVELS)
    chance = np.array([float(np.mean(w * points - money > 0.0)) for w in worth])
    return Curve(
        arm, risk, len(averted), worth, chance, float(np.mean(averted)), float(np.mean(spent)),
        break_even(worth, chance),
    )  # fmt: skip


def resampled(averted: Array, spent: Array, draws: int = DRAWS) -> tuple[Array, Array]:
    """Means [draw] of both over resampled pairs; both share the pairs. Seeded."""
    n = len(averted)
    if n == 0:
        nothing = np.zeros(0)
        return nothing, nothing
    random = np.random.default_rng(SEED)
    weights = random.multinomial(n, np.full(n, 1 / n), size=draws) / n
    return weights @ averted, weights @ spent


def levels(points: float, cost: float) -> Array:
    """Worths to look at: from nothing to four times the ratio of the means, at least one."""
    ratio = cost / points if points > 0.0 and cost > 0.0 else 1.0
    return np.linspace(0.0, 4.0 * max(ratio, 1e-6), LEVELS)


def break_even(worth: Array, chance: Array) -> float:
    """The lowest worth from which on the chance stays at one half or more; NaN without one."""
    above = chance >= 0.5
    if not above.size or not above[-1]:
        return float("nan")
    below = np.flatnonzero(~above)
    return float(worth[below[-1] + 1]) if below.size else float(worth[0])
