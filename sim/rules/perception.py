"""Each side sees how far the other takes beyond its fair share, and dirt from upstream, with error.

    seen = max(0, s h / max(f, 0.05) - 1) + w F a h,  at most 5,   h = exp(e z - e^2 / 2)
    s = min(T / N, 2),   z ~ N(0, 1)

T, N: take and need, smoothed over a season, of the other town's groups that live from the resource
system which the dyad contests; who takes nothing from it is not seen to take. f: fair share of the
system. h: what estimates are off by, right on average; e: error of perceived taking, the
``take_error`` channel. F: use of the water at the town's
reach that is lost to dirt from upstream (rule quality); nobody knows whose it is, so it is put down
to the other side in the proportion a in which the people who live upstream are of its nation. An
honest number can hurt: where the other side really over-takes, a smaller error shows it week after
week; where it does not, a smaller error ends what was imagined. Source: less information on others'
acts weakens agreements (Janssen 2013); that estimates are right on average and that dirt counts as
taking does: assumption. Limits: errors are independent between weeks; towns without a reach see no
dirt, and monitoring does not find out whose it was.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.state import People


class PerceptionParameters(NamedTuple):
    """What people can and cannot see."""

    take_error: Annotated[float, Par(
        "log", 0, 1.5, "Error of perceived taking by the other side",
        "assumption: estimates of a neighbour's withdrawals are off by about half")] = 0.45
    stock_error: Annotated[float, Par(
        "log", 0, 1.5, "Error of perceived stock",
        "assumption: stock assessments without joint monitoring are off by about a third")] = 0.3
    dirt: Annotated[float, Par(
        "ratio", 0, 5, "Over-taking that weighs like all use lost to the other side's dirt",
        "assumption: spoiling a river for a neighbour is as bad as taking all of it, which is to "
        "take twice the share where two share alike")] = 1.0


@scalar
def misjudged(error: float, z: float) -> float:
    """What an estimate is off by: log-normal, 1 on average."""
    return exp(error * z - 0.5 * error * error)


@scalar
def over_taking(taken: float, fair: float, error: float, z: float) -> float:
    """Perceived excess of the other side's take (over need) over its fair share, 0..5."""
    return min(max(taken * misjudged(error, z) / max(fair, 0.05) - 1.0, 0.0), 5.0)


@kernel
def taken_of_system(
    out: np.ndarray, side: np.ndarray, basin: np.ndarray, start: np.ndarray, system: np.ndarray,
    people: People,
) -> None:
    """Take over need [d] of the contested system by one side's town. side: municipality rows."""
    taken, need = people.take_felt, people.need_felt
    for d in range(out.size):
        m, b, t, n = side[d], basin[d], 0.0, 0.0
        for g in range(start[m], start[m + 1]):
            if system[g] == b:
                t += taken[g]
                n += need[g]
        out[d] = min(t / n, 2.0) if n > 0.0 else 0.0


@kernel
def perceived_taking(
    seen: np.ndarray, viewer: np.ndarray, taken: np.ndarray, basin: np.ndarray, fair: np.ndarray,
    error: np.ndarray, z: np.ndarray, p: PerceptionParameters,
) -> None:
    """What one side of every dyad sees. viewer: municipality rows; taken: of the other side [d]."""
    for d in range(seen.size):
        seen[d] = over_taking(taken[d], fair[basin[d]], p.take_error * error[viewer[d]], z[d])


@kernel
def perceived_dirt(
    seen: np.ndarray, viewer: np.ndarray, theirs: np.ndarray, reach: np.ndarray,
    fouled: np.ndarray, error: np.ndarray, z: np.ndarray, p: PerceptionParameters,
) -> None:
    """Add the dirt from upstream that is put down to the other side. theirs: share of it [d]."""
    for d in range(seen.size):
        m = viewer[d]
        if theirs[d] > 0.0:
            dirt = p.dirt * fouled[reach[m]] * theirs[d]
            seen[d] = min(seen[d] + dirt * misjudged(p.take_error * error[m], z[d]), 5.0)


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
