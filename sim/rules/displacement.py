"""People leave when hazards, works or violence drive them out; they return over years.

    D <- D + (1 - D) min(1, h struck displacement)                  homes lost to a hazard
    D <- D + (1 - D)(1 - exp(-rate dt)),  rate = 2 displacing (1 - v) + flight
    D(t+dt) = D exp(-recovery dt/tau)
    flight = mean over the town's dyads of (c [violent incident] + f [the pair uses force])
    hosted = (P - sent + received) / population + weight of groups of displaced people

D: share of a group's members who have lost their place; struck: share of the living that a hazard
strikes; displacement, displacing, recovery: channels. Works displace those who have little to say,
v: declared voice, at one half exactly the channel (Cernea 1997 on resettlement; World Commission on
Dams 2000); whether people were asked is in the channel. P: the town's displaced people. A share b
of them crosses every open border, divided among the partner towns by interaction weight; nobody is
lost or counted twice. Those across the border are covered by a livelihood floor only as far as
rights are portable. Groups declared as displaced people have come from across the border before the
start. Source: direction as named; rates: assumption. Limits: who moves keeps her group; no onward
flight, no settling for good, and evacuations that last days are not counted.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.state import Town
from sim.topology import GROUP_KINDS, Dyads, Groups, Municipalities
from sim.units import retention

DISPLACED = GROUP_KINDS.index("displaced")
VIOLENCE, FORCE = 4, 4  # rungs of the local and of the interstate ladder


class DisplacementParameters(NamedTuple):
    """Who leaves, for how long, and where to."""

    by_hazard: Annotated[float, Par(
        "ratio", 0, 1, "Members displaced per living struck by a hazard",
        "assumption: one struck household in three loses its home as well")] = 0.3
    by_violence: Annotated[float, Par(
        "1/year", 0, 20, "Homes given up to violent local incidents on all the town's stretches",
        "assumption: houses are burnt, a few; who flees for days is not counted")] = 0.02
    by_force: Annotated[float, Par(
        "1/year", 0, 50, "Homes given up while the states use force on all the town's stretches",
        "assumption: of those evacuated on such a border one in a hundred loses the home")] = 0.15
    years: Annotated[float, Par(
        "years", 0.1, 50, "Time to return or resettle",
        "assumption: most within a few years, some never")] = 3.0
    across: Annotated[float, Par(
        "share", 0, 0.9, "Share of the displaced who cross an open border",
        "assumption: most of the displaced stay in their own country")] = 0.2


@kernel
def borders(
    shut: np.ndarray, fire: np.ndarray, closed_until: np.ndarray, level: np.ndarray, now: float
) -> None:
    """1 for every pair whose border is closed, and for every pair that uses force. level [p, i]."""
    for i in range(shut.size):
        shut[i] = 1.0 if closed_until[i] > now else 0.0
        fire[i] = 0.0
        for j in range(level.shape[1]):
            if level[i, j] >= FORCE:
                fire[i] = 1.0


@kernel
def felt_border(
    town: Town, municipality: Municipalities, dyads: Dyads, rung: np.ndarray, shut: np.ndarray,
    fire: np.ndarray, p: DisplacementParameters,
) -> None:
    """Closed border and danger as every town feels them (rule of reach). shut, fire: [p]."""
    start, member = municipality.dyad_start, municipality.dyad
    weight, pair, closed, flight = dyads.weight, dyads.pair, town.closed, town.flight
    for m in range(closed.size):
        behind, danger, mass = 0.0, 0.0, 0.0
        for k in range(start[m], start[m + 1]):
            d = member[k]
            rate = p.by_violence if rung[d] >= VIOLENCE else 0.0
            behind += weight[d] * shut[pair[d]]
            danger += weight[d] * (rate + p.by_force * fire[pair[d]])
            mass += weight[d]
        closed[m] = behind / mass if mass > 0.0 else 0.0
        flight[m] = danger / mass if mass > 0.0 else 0.0


@kernel
def uncovered(
    out: np.ndarray, closed: np.ndarray, portable: np.ndarray, p: DisplacementParameters
) -> None:
    """Share of every town's displaced who are across the border and without rights there."""
    for m in range(out.size):
        out[m] = p.across * (1.0 - closed[m]) * (1.0 - portable[m])


@kernel
def displace(
    out: np.ndarray, struck_share: np.ndarray, group: Groups, flight: np.ndarray,
    causes: tuple[np.ndarray, np.ndarray, np.ndarray], stay: np.ndarray,
    p: DisplacementParameters, dt: float,
) -> None:
    """Displaced share of every group; ``stay`` [m]: work array.

    ``causes`` [m]: channels of displacement by hazards, of displacement by works, and of recovery.
    """
    factor, displacing, recovery = causes
    town, voice = group.municipality, group.voice
    for m in range(stay.size):
        stay[m] = retention(p.years / recovery[m], dt)
    for g in range(out.size):
        m = town[g]
        home = 1.0 - out[g] * stay[m]
        home *= 1.0 - min(p.by_hazard * struck_share[g] * factor[m], 1.0)
        rate = 2.0 * displacing[m] * (1.0 - voice[g]) + flight[m]
        if rate > 0.0:
            home *= retention(1.0 / rate, dt)
        out[g] = 1.0 - home


@kernel
def hosted(
    out: np.ndarray, own: np.ndarray, mass: np.ndarray, municipality: Municipalities,
    group: Groups, displaced: np.ndarray, dyads: Dyads, shut: np.ndarray,
    p: DisplacementParameters,
) -> None:
    """Displaced people per inhabitant of every town; ``own``, ``mass`` [m]: work arrays."""
    first, second, pair, deal = dyads.first, dyads.second, dyads.pair, dyads.weight
    start, kind, weight = municipality.group_start, group.kind, group.weight
    population = municipality.population
    mass[:] = 0.0
    for d in range(deal.size):
        mass[first[d]] += deal[d]
        mass[second[d]] += deal[d]
    for m in range(out.size):
        guests, homeless = 0.0, 0.0
        for g in range(start[m], start[m + 1]):
            if kind[g] == DISPLACED:
                guests += weight[g]
            else:
                homeless += weight[g] * displaced[g]
        own[m] = homeless * population[m]
        out[m] = guests + homeless
    for d in range(deal.size):
        a, b = first[d], second[d]
        if shut[pair[d]] > 0.0 or own[a] + own[b] <= 0.0:
            continue
        moved = p.across * deal[d] * (own[a] / mass[a] - own[b] / mass[b])
        out[a] -= moved / population[a]
        out[b] += moved / population[b]
