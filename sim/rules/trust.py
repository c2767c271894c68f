"""Trust is quick to lose and slow to build (Slovic 1993).

    T(t+dt) = T + (1 - T) P(a gain) - T P(b heat + s seen + f)

P(r) = 1 - exp(-r dt); gain: channel of met people and kept promises; heat: recent hostility on the
dyad as it stood at the end of the tick before, while it fades through this one (mean over the tick,
so that what an act does to trust and to its neighbours does not depend on the tick length); seen:
perceived over-taking by the other side; f: forgetting. Heat fades at its own rate. So do cases,
which are given up when stale; and a committee hears those that wait, with the sittings that the
newest case leaves (all cases share alike, so one of n + 1 leaves n / (n + 1) of the capacity c):

    d caseload / dt = -caseload / years - ahead c ease / (1 + ahead),  ahead = max(caseload - 1, 0)

ease = (1 - diffuse) / slowness, as in the local ladder. Source: events that destroy trust weigh
more than those that build it (Slovic 1993); how much more (b/a of 2-5 at the heat of a protest),
the rates, and that cases share alike: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.units import probability, retention


class TrustParameters(NamedTuple):
    """Gain and loss of trust between towns."""

    gain: Annotated[float, Par(
        "1/year", 0, 2, "Gain of trust in ordinary dealings",
        "assumption: half of the way in three years, to rest at 0.55 with forgetting")] = 0.12
    loss: Annotated[float, Par(
        "1/year", 0, 10, "Loss of trust under full hostility",
        "asymmetry: Slovic 1993; four times the gain at the heat of a protest: assumption")] = 1.0
    seen: Annotated[float, Par(
        "1/year", 0, 5, "Loss of trust per perceived over-taking",
        "assumption: a partner that takes twice its share for good brings trust from 0.55 to a "
        "third")] = 0.15
    forgetting: Annotated[float, Par(
        "1/year", 0, 1, "Loss of trust without dealings",
        "assumption: half in seven years; slower than gain, so peace rests above a half")] = 0.1
    heat_weeks: Annotated[float, Par(
        "weeks", 1, 104, "Time over which hostility is remembered locally",
        "assumption: a season; a fight then costs a fifth of trust, a protest a tenth")] = 12.0
    case_years: Annotated[float, Par(
        "years", 0.1, 10, "Time after which an unsettled case is given up",
        "assumption: a year, in which those concerned make do without; half in eight months")] = 1.0


@scalar
def trust_step(trust: float, gained: float, lost: float) -> float:
    """Trust after one tick; gained and lost are probabilities."""
    return min(max(trust + (1.0 - trust) * gained - trust * lost, 0.0), 1.0)


@kernel
def trust(
    out: np.ndarray, gain: np.ndarray, heat: np.ndarray, seen: np.ndarray, p: TrustParameters,
    dt: float,
) -> None:
    """Trust of one side of every dyad."""
    for d in range(out.size):
        gained = probability(p.gain * gain[d], dt)
        lost = probability(p.loss * heat[d] + p.seen * seen[d] + p.forgetting, dt)
        out[d] = trust_step(out[d], gained, lost)


@kernel
def fade(values: np.ndarray, years: float, dt: float) -> None:
    """Exponential fading of an array in place."""
    keep = retention(years, dt)
    for i in range(values.size):
        values[i] *= keep


@kernel
def hear_waiting(
    caseload: np.ndarray, capacity: np.ndarray, diffuse: np.ndarray, slowness: np.ndarray,
    dt: float,
) -> None:
    """Committees hear the waiting cases, with the share of sittings that the newest one leaves."""
    for d in range(caseload.size):
        ahead = max(caseload[d] - 1.0, 0.0)
        ease = (1.0 - diffuse[d]) / slowness[d]
        caseload[d] -= ahead * probability(capacity[d] / (1.0 + ahead) * ease, dt)


@kernel
def mean_while_fading(out: np.ndarray, values: np.ndarray, years: float, dt: float) -> None:
    """Mean over the tick of values that fade exponentially: h tau (1 - exp(-dt/tau)) / dt."""
    share = (1.0 - retention(years, dt)) * years / dt
    for i in range(out.size):
        out[i] = values[i] * share


@kernel
def close_disputes(
    dispute: np.ndarray, last_act: np.ndarray, now: float, most_years: float
) -> None:
    """A dispute closes after five years without an act."""
    for d in range(dispute.size):
        if dispute[d] > 0 and now - last_act[d] > most_years:
            dispute[d] = 0


@kernel
def heat_of_towns(
    out: np.ndarray, sums: np.ndarray, masses: np.ndarray, start: np.ndarray, member: np.ndarray,
    heat: np.ndarray, weight: np.ndarray,
) -> None:
    """Weighted mean of recent hostility over every town's dyads; its two sums are kept."""
    for m in range(out.size):
        total, mass = 0.0, 0.0
        for k in range(start[m], start[m + 1]):
            d = member[k]
            total += weight[d] * heat[d]
            mass += weight[d]
        sums[m], masses[m] = total, mass
        out[m] = total / mass if mass > 0.0 else 0.0


@scalar
def without_own(total: float, mass: float, weight: float, heat: float) -> float:
    """Mean hostility over a town's other dyads; 0 where there are none."""
    others = mass - weight
    return max(total - weight * heat, 0.0) / others if others > 0.0 else 0.0


@kernel
def heat_around(
    out: np.ndarray, first: np.ndarray, second: np.ndarray, sums: np.ndarray, masses: np.ndarray,
    heat: np.ndarray, weight: np.ndarray,
) -> None:
    """Recent hostility on the other dyads of both towns of every dyad."""
    for d in range(out.size):
        a, b = first[d], second[d]
        out[d] = 0.5 * (without_own(sums[a], masses[a], weight[d], heat[d])
                        + without_own(sums[b], masses[b], weight[d], heat[d]))

