"""People act when grievance less the risk of arrest beats a threshold (Epstein 2002).

    act if G_i V - R_i P > T,   P = 1 - exp(-k C/A)
    with R_i ~ U(0, 1) and G_i ~ U(0, 2 G) within the group the share that acts is
    (a - T)^2 / (2 a P)  if a - T <= P,   1 - (T + P / 2) / a  beyond,   0 if a = 2 G V <= T
    rival 1 (Granovetter 1978): (1 - T/a) F((A - m) / sd),  F: standard normal law

C/A: police per active person; A counts last week's active share plus a floor, C is a share of the
population times the town's capacity; V: voice (as heard) lowers the cost of being heard. k = 2.3 as
published, where P = 0.9 at C/A = 1. Epstein rounds C/A down; a share of many people needs no
rounding. The share follows its target within weeks; as the share moves the risk, the target is
taken halfway through the tick (midpoint step). Source: Epstein 2002, PNAS 99:7243. T = 0.1 as
published, hardship spread evenly as published.

The rival asks how many others act, not how many police there are: each of those with grievance
beyond T joins once the share that acts passes her own threshold, thresholds are spread with mean m
and deviation sd (Granovetter 1978, American Journal of Sociology 83:1420: mean 25 of 100, where a
deviation of about 12 tips a crowd of a few into a crowd of nearly all). The switch mixes the two
linearly.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.units import WEEKS_PER_YEAR, retention

# The normal law is 1 / (1 + exp(-(LINEAR x + CUBIC x^3))) within 0.0002 (Bowling et al. 2009).
LINEAR, CUBIC = 1.5976, 0.070566


class MobilisationParameters(NamedTuple):
    """Epstein's rule for a group of many."""

    threshold: Annotated[float, Par(
        "share", 0, 0.5, "Threshold T of grievance less risk", "Epstein 2002")] = 0.1
    arrest: Annotated[float, Par(
        "ratio", 0.5, 5, "Arrest constant k", "Epstein 2002: 2.3, so that P = 0.9 at C = A")] = 2.3
    police: Annotated[float, Par(
        "share", 0, 0.2, "Police as a share of people at full capacity",
        "Epstein 2002: cop density 4 % against 70 % citizens")] = 0.04
    floor: Annotated[float, Par(
        "share", 0.001, 0.2, "Active share that a calm group still counts as",
        "assumption: the person who considers acting counts herself")] = 0.02
    weeks: Annotated[float, Par(
        "weeks", 0.5, 26, "Time to gather or disperse",
        "assumption: half gather in two weeks; faster than grievance moves")] = 3.0
    rival: Annotated[float, Par(
        "switch", 0, 1, "Rival rule: 0 Epstein's risk, 1 Granovetter's thresholds",
        "rival forms of collective action (Epstein 2002, Granovetter 1978)")] = 0.0
    crowd_mean: Annotated[float, Par(
        "share", 0.01, 1, "Rival rule: mean threshold of joining",
        "Granovetter 1978: 25 of 100")] = 0.25
    crowd_sd: Annotated[float, Par(
        "share", 0.01, 1, "Rival rule: spread of thresholds",
        "Granovetter 1978: just below the deviation at which nearly all join")] = 0.12


@scalar
def arrest_risk(police: float, active: float, p: MobilisationParameters) -> float:
    """Risk of arrest that a person who considers acting sees: 1 - exp(-k C/A)."""
    return 1.0 - exp(-p.arrest * police / (active + p.floor))


@scalar
def active_share(
    grievance: float, voice: float, active: float, police: float, p: MobilisationParameters
) -> float:
    """Share of the group that acts."""
    risk = arrest_risk(police, active, p)
    worst = 2.0 * grievance * (0.5 + 0.5 * voice)
    reach = max(worst - p.threshold, 0.0)
    if reach <= risk:
        return reach * reach / (2.0 * max(worst, 1e-9) * max(risk, 1e-9))
    return 1.0 - (p.threshold + 0.5 * risk) / worst


@scalar
def joining_share(
    grievance: float, voice: float, active: float, p: MobilisationParameters
) -> float:
    """Share of the group that joins under the rival rule."""
    worst = 2.0 * grievance * (0.5 + 0.5 * voice)
    aggrieved = max(1.0 - p.threshold / max(worst, 1e-9), 0.0)
    distance = (active + p.floor - p.crowd_mean) / p.crowd_sd
    return aggrieved / (1.0 + exp(-distance * (LINEAR + CUBIC * distance * distance)))


@scalar
def target_share(
    grievance: float, voice: float, active: float, police: float, p: MobilisationParameters
) -> float:
    """Share towards which the group moves: Epstein's, its rival's, or a mixture."""
    if p.rival <= 0.0:
        return active_share(grievance, voice, active, police, p)
    joined = p.rival * joining_share(grievance, voice, active, p)
    return (1.0 - p.rival) * active_share(grievance, voice, active, police, p) + joined


@kernel
def mobilise(
    mobilised: np.ndarray, grievance: np.ndarray, voice: np.ndarray, town: np.ndarray,
    capacity: np.ndarray, p: MobilisationParameters, dt: float,
) -> None:
    """Mobilised share of every group."""
    keep = retention(p.weeks / WEEKS_PER_YEAR, dt)
    half = retention(p.weeks / WEEKS_PER_YEAR, 0.5 * dt)
    for g in range(mobilised.size):
        before, police = mobilised[g], p.police * capacity[town[g]]
        target = target_share(grievance[g], voice[g], before, police, p)
        halfway = target + (before - target) * half
        target = target_share(grievance[g], voice[g], halfway, police, p)
        mobilised[g] = target + (before - target) * keep


@kernel
def public_anger(
    complaint: np.ndarray, pressure: np.ndarray, start: np.ndarray, weight: np.ndarray,
    grievance: np.ndarray, blame: np.ndarray, mobilised: np.ndarray, voice: np.ndarray,
) -> None:
    """Blamed grievance (by voice) and mobilised blamed people of every municipality."""
    for m in range(complaint.size):
        c, x = 0.0, 0.0
        for g in range(start[m], start[m + 1]):
            blamed = weight[g] * blame[g]
            c += blamed * grievance[g] * (0.5 + 0.5 * voice[g])
            x += blamed * mobilised[g]
        complaint[m] = c
        pressure[m] = x
