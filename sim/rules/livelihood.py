"""Livelihood follows what was taken against need, and what hazards destroyed.

    L = max(0, 1 - D (1 - min(1, T/N)) - loss),   T, N: take and need smoothed over a season
    loss(t+dt) = loss exp(-r dt)                  (r: recovery rate times the recovery channel)

D is the share of livelihood that depends on the resource. Source: sustainable-livelihoods accounts
of water users; linear form: assumption (the marginal loss of a harvest is close to constant down to
crop failure). Limits: no prices, no savings.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.units import WEEKS_PER_YEAR, retention


class LivelihoodParameters(NamedTuple):
    """How a season's take turns into a living."""

    season_weeks: Annotated[float, Par(
        "weeks", 1, 52, "Time over which take is felt as livelihood",
        "assumption: half a growing season")] = 13.0
    recovery_rate: Annotated[float, Par(
        "1/year", 0.05, 5, "Rate of recovery of livelihood lost to hazards",
        "assumption: half of households recover within 8-12 months")] = 0.8


@scalar
def attained(dependence: float, taken: float, need: float, loss: float) -> float:
    """Livelihood attained, 0..1."""
    met = min(taken / need, 1.0) if need > 0.0 else 1.0
    return max(1.0 - dependence * (1.0 - met) - loss, 0.0)


@kernel
def smooth(felt: np.ndarray, now: np.ndarray, p: LivelihoodParameters, dt: float) -> None:
    """Exponential average of a quantity per tick as a rate per year."""
    keep = retention(p.season_weeks / WEEKS_PER_YEAR, dt)
    for g in range(felt.size):
        rate = now[g] / dt
        felt[g] = rate + (felt[g] - rate) * keep


@kernel
def unrecovered(
    share: np.ndarray, speed: np.ndarray, p: LivelihoodParameters, dt: float
) -> None:
    """Share of a hazard loss that is left after the tick, per town; ``speed``: recovery channel."""
    for m in range(share.size):
        share[m] = retention(1.0 / (p.recovery_rate * speed[m]), dt)


@kernel
def recover(loss: np.ndarray, town: np.ndarray, share: np.ndarray) -> None:
    """Hazard losses fade."""
    for g in range(loss.size):
        loss[g] *= share[town[g]]


@kernel
def livelihood(
    out: np.ndarray, dependence: np.ndarray, taken: np.ndarray, need: np.ndarray,
    loss: np.ndarray,
) -> None:
    """Livelihood of every group."""
    for g in range(out.size):
        out[g] = attained(dependence[g], taken[g], need[g], loss[g])


@kernel
def satisfaction(
    out: np.ndarray, start: np.ndarray, taken: np.ndarray, need: np.ndarray
) -> None:
    """Take over need of every municipality's groups together, at most 2."""
    for m in range(out.size):
        t, n = 0.0, 0.0
        for g in range(start[m], start[m + 1]):
            t += taken[g]
            n += need[g]
        out[m] = min(t / n, 2.0) if n > 0.0 else 1.0
