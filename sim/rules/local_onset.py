"""Local incidents begin from blamed grievance, mobilised crowds, accidents and projects.

    anger  = (X_a + X_b) / 2 (1 + rise) (1 + vigilance)
    rise   = contagion rumour h,  h = (others_a + others_b) / 2               (rival 0)
           = contagion 0.797 (1 - exp(-speed rumour h))                       (rival 1)
    onset  = w (complaint ease (C_a + C_b) / 2 + protest anger) + calm
    calm   = accident (quiet + disputed) + works (1 if a project is under way)
    chance = 1 - exp(-onset dt)

C: blamed grievance by voice, X: mobilised blamed people of each side (stage 3), others: mean recent
hostility on the other dyads of each town, for what is between these two already speaks through
their trust and shared identity, w: interaction weight of the dyad, ease: channel by which a place
to complain makes complaining cheap; rumour: channel by which news of hostility is amplified or
corrected (Allport & Postman 1947: rumour grows with importance and ambiguity); vigilance: channel
of watchers who take the law into their hands, which angers crowds and nothing else. Rival rule: by
Daley & Kendall (1965) a rumour stops when its tellers meet those who know it, so it saturates, at
0.797 of those whom it can reach; the exponential approach to that share is ours. Source: mobilised
grievance and opportunity (Gurr 1970; Epstein 2002), contagion of protest (Braha 2012), fast
physical change as best signal of conflict (Yoffe, Wolf & Giordano 2003). Rates: assumption. Tension
between nations does not enter (one memory each).
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.units import probability

HEARD = 0.797  # Daley & Kendall 1965: share whom a rumour reaches in the end


class OnsetParameters(NamedTuple):
    """Hazards of a first local act."""

    complaint_rate: Annotated[float, Par(
        "1/year", 0, 200, "Complaints per dyad at full blamed grievance",
        "assumption: a wholly aggrieved town complains twice a week")] = 100.0
    protest_rate: Annotated[float, Par(
        "1/year", 0, 500, "Protests per dyad when everyone is mobilised",
        "assumption: a wholly mobilised border town protests daily")] = 300.0
    accident_rate: Annotated[float, Par(
        "1/year", 0, 5, "Accidents (shots, trespass, a broken weir) per dyad on a disputed stretch",
        "assumption: one in ten years on a fully disputed stretch")] = 0.08
    works_rate: Annotated[float, Par(
        "1/year", 0, 20, "Incidents per dyad while works go on over the border stretch",
        "assumption: rapid physical change beyond what institutions absorb")] = 1.5
    contagion: Annotated[float, Par(
        "ratio", 0, 20, "Rise of mobilised pressure under full hostility with other neighbours",
        "assumption: a violent quarter about doubles it; the calm are not mobilised by it")] = 3.0
    quiet_stretch: Annotated[float, Par(
        "ratio", 0, 1, "Accidents on a demarcated stretch against those a disputed one adds",
        "assumption: patrols and trespass meet mostly where the line is not marked")] = 0.2
    rival: Annotated[float, Par(
        "switch", 0, 1, "How hostility spreads: 0 in proportion, 1 saturating rumour",
        "rival forms: Braha 2012; Daley & Kendall 1965")] = 0.0
    rumour_speed: Annotated[float, Par(
        "ratio", 0.1, 20, "Rival rule: how fast a rumour saturates with hostility",
        "assumption: near its end at the heat of a fight in one town of two")] = 4.0


@scalar
def spread(hot: float, rumour: float, p: OnsetParameters) -> float:
    """Rise of mobilised pressure under hostility around the towns, by the rule in force."""
    if p.rival < 0.5:
        return p.contagion * rumour * hot
    return p.contagion * HEARD * (1.0 - exp(-p.rumour_speed * rumour * hot))


@scalar
def mean_anger(first: float, second: float, rise: float, vigilance: float) -> float:
    """Mobilised pressure on a dyad."""
    return 0.5 * (first + second) * (1.0 + rise) * (1.0 + vigilance)


@kernel
def anger(
    out: np.ndarray, first: np.ndarray, second: np.ndarray, pressure: np.ndarray,
    around: np.ndarray, rumour: np.ndarray, vigilance: np.ndarray, p: OnsetParameters,
) -> None:
    """Mobilised pressure of both sides of every dyad."""
    for d in range(out.size):
        a, b = first[d], second[d]
        rise = spread(around[d], rumour[d], p)
        out[d] = mean_anger(pressure[a], pressure[b], rise, vigilance[d])


@kernel
def calm_hazard(
    out: np.ndarray, disputed: np.ndarray, unit: np.ndarray, project: np.ndarray,
    p: OnsetParameters,
) -> None:
    """The part of the onset hazard that needs no anger."""
    for d in range(out.size):
        works = p.works_rate if project[d] > 0 else 0.0
        out[d] = p.accident_rate * (p.quiet_stretch + disputed[unit[d]]) + works


@kernel
def onset_hazard(
    out: np.ndarray, first: np.ndarray, second: np.ndarray, complaint: np.ndarray,
    ease: np.ndarray, anger_now: np.ndarray, weight: np.ndarray, calm: np.ndarray,
    p: OnsetParameters,
) -> None:
    """Hazard of a first act, per year."""
    for d in range(out.size):
        blamed = 0.5 * (complaint[first[d]] + complaint[second[d]])
        out[d] = weight[d] * (
            p.complaint_rate * ease[d] * blamed + p.protest_rate * anger_now[d]) + calm[d]


@kernel
def onset_chance(out: np.ndarray, hazard: np.ndarray, dt: float) -> None:
    """Chance of a first act within the tick."""
    for d in range(out.size):
        out[d] = probability(hazard[d], dt)
