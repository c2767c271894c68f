"""Each side sees how much the other side takes beyond its fair share, with error.

    seen = max(0, s_other exp(e z) / max(f, 0.05) - 1),  at most 5,   z ~ N(0, 1)

s: satisfaction of the other town (take over need), f: fair share of the system, e: error of
perceived taking, the ``take_error`` channel. An honest number can hurt: where the other side really
over-takes, a smaller error shows it. Source: less information on others' acts weakens agreements
(Janssen 2013); sizes: assumption. Limits: errors are independent between weeks.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp


class PerceptionParameters(NamedTuple):
    """What people can and cannot see."""

    take_error: Annotated[float, Par(
        "log", 0, 1.5, "Error of perceived taking by the other side",
        "assumption: estimates of a neighbour's withdrawals are off by about half")] = 0.45
    stock_error: Annotated[float, Par(
        "log", 0, 1.5, "Error of perceived stock",
        "assumption: stock assessments without joint monitoring are off by about a third")] = 0.3


@scalar
def over_taking(satisfaction: float, fair: float, error: float, z: float) -> float:
    """Perceived excess of the other side's take over its fair share, 0..5."""
    return min(max(satisfaction * exp(error * z) / max(fair, 0.05) - 1.0, 0.0), 5.0)


@kernel
def perceived_taking(
    seen: np.ndarray, viewer: np.ndarray, other: np.ndarray, basin: np.ndarray,
    satisfaction: np.ndarray, fair: np.ndarray, error: np.ndarray, z: np.ndarray,
    p: PerceptionParameters,
) -> None:
    """What one side of every dyad sees of the other. viewer, other: municipality rows [d]."""
    for d in range(seen.size):
        seen[d] = over_taking(
            satisfaction[other[d]], fair[basin[d]], p.take_error * error[viewer[d]], z[d])


@kernel
def gather_dyads(
    out: np.ndarray, start: np.ndarray, member: np.ndarray, first: np.ndarray,
    of_first: np.ndarray, of_second: np.ndarray, weight: np.ndarray,
) -> None:
    """Weighted mean, over a town's dyads, of the value on its own side (rule of reach)."""
    for m in range(out.size):
        total, mass = 0.0, 0.0
        for k in range(start[m], start[m + 1]):
            d = member[k]
            value = of_first[d] if first[d] == m else of_second[d]
            total += weight[d] * value
            mass += weight[d]
        out[m] = total / mass if mass > 0.0 else 0.0
