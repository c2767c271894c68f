"""Floods, storms and heat strike towns and livings; warnings and aid soften the blow.

    blow_h = severity_h exp(-l_h warning/lead) (1 - aid)            h: flood, storm, heat wave
    aid    = mean over dyads of crews (1 - damage')(1 - min(1, blown'/hands))     ': of the partner
    blown  = 1 - product_h (1 - blow_h reach_h), before aid
    damage <- damage + (1 - damage)(1 - product_h (1 - blow_h reach_h))
    struck = 1 - product_h (1 - blow_h living_h vulnerability S[h, kind]),  each factor at least 0
    group loss <- loss + (1 - loss) struck
    damage(t+dt) = damage exp(-r recovery dt)
    condition: C(t+dt) = C* + (C - C*) exp(-(u + a) dt),   C* = u / (u + a)
    service = C (1 - damage)(1 - press hosted)(1 - hostage closed)

warning: lead time gained by sharing (channel), l: how far it counts, 1 for a flood. crews: channel
of what a partner's crews avert; who is struck in the same week, by whatever hazard, needs them at
home, and who has not repaired the last blow sends fewer. reach: the town's exposure for a flood,
fixed shares for storm and heat. living: exposure over the ordinary one for a flood, fixed ratios
for storm and heat. u: upkeep times capacity times the share of upkeep that is paid; a: ageing times
the ageing channel. hosted: displaced people per inhabitant; closed: share of the town's dealings
behind a closed border, hostage: channel of services that depend on the partner. Money: what is
reached times exposed value. Source: damage falls with warning lead time (Day curve: about a third
at 48 hours); heat burdens those who work outdoors and poor quarters most (IPCC 2022, AR6 WG II, ch.
6-7); S, the sensitivity of a kind of group relative to its declared vulnerability, and all sizes:
assumption. Limits: no sequence of hazards makes the next one worse except through damage not yet
repaired.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.state import Town
from sim.topology import Dyads, Groups, Municipalities
from sim.units import retention

# Rows: flood, storm, heat; columns: kinds of groups as in `sim.topology.GROUP_KINDS`.
SENSITIVITY = np.array([
    #  irrig. indus. fish. herd. indig. urban poor traders displaced
    [1.0, 1.0, 0.8, 0.8, 1.0, 1.0, 1.0, 1.0, 1.2],
    [1.0, 0.8, 1.5, 1.0, 1.0, 0.8, 1.2, 1.0, 1.5],
    [1.0, 0.3, 1.2, 1.4, 1.0, 0.6, 1.5, 0.6, 1.5],
])  # fmt: skip


class HazardParameters(NamedTuple):
    """Damage, repair, upkeep and service."""

    lead_weeks: Annotated[float, Par(
        "weeks", 0.1, 10, "Lead time that cuts damage to 1/e",
        "assumption scaled from Day's curve: two days save about a third")] = 0.7
    storm_lead: Annotated[float, Par(
        "share", 0, 1, "Lead time gained for storms, against floods",
        "assumption: weather services warn of most storms anyway; shared stations see a squall "
        "hours ahead, a flood a day ahead")] = 0.2
    heat_lead: Annotated[float, Par(
        "share", 0, 1, "Lead time gained for heat waves, against floods",
        "assumption: weather services forecast heat for days; what towns share adds nothing")] = 0.0
    exposed_value: Annotated[float, Par(
        "dollars/person", 100, 50000, "Exposed value per person",
        "assumption: about one year's income in a lower middle-income country, dollars "
        "of 2020")] = 4000.0
    exposed_share: Annotated[float, Par(
        "share", 0.01, 1, "Share of a riverside town that a flood can reach, at first",
        "assumption: a fifth lives on the flood plain")] = 0.2
    storm_share: Annotated[float, Par(
        "share", 0, 1, "Share of a town that the worst storm wrecks",
        "assumption: roofs, lines and sheds; less than the worst flood on its plain")] = 0.1
    heat_share: Annotated[float, Par(
        "share", 0, 1, "Share of works that the worst heat wave breaks",
        "assumption: pumps and lines fail; buildings stand")] = 0.01
    storm_living: Annotated[float, Par(
        "ratio", 0, 1, "Living lost to a storm against a flood of equal severity",
        "assumption: crops and boats are hit, land and stores less than by water")] = 0.4
    heat_living: Annotated[float, Par(
        "ratio", 0, 1, "Living lost to a heat wave against a flood of equal severity",
        "assumption: weeks of outdoor work, animals and part of a harvest")] = 0.2
    all_hands: Annotated[float, Par(
        "share", 0.001, 1, "Share of a town struck in a week at which none of its crews go to help",
        "assumption: an ordinary flood, which strikes a hundredth, keeps half of them at home"
        )] = 0.02
    repair_rate: Annotated[float, Par(
        "1/year", 0.1, 5, "Rate of repair", "assumption: a year to repair two thirds")] = 1.0
    ageing: Annotated[float, Par(
        "1/year", 0, 0.3, "Ageing of works", "assumption: service life of 25 years")] = 0.04
    upkeep: Annotated[float, Par(
        "1/year", 0, 1, "Upkeep at full capacity and money",
        "assumption: holds works near 86 % at full capacity")] = 0.25
    press: Annotated[float, Par(
        "ratio", 0, 2, "Service lost per displaced person per inhabitant",
        "assumption: a town that hosts one for ten loses a twentieth of its service")] = 0.5


@scalar
def blow(severity: float, warning_weeks: float, lead_weeks: float) -> float:
    """Damage share of what is exposed."""
    return severity * exp(-warning_weeks / lead_weeks)


@scalar
def sent(crews: float, damage: float, blown: float, all_hands: float) -> float:
    """What a partner's crews avert elsewhere while it is itself damaged and struck."""
    return crews * (1.0 - damage) * (1.0 - min(blown / all_hands, 1.0))


@kernel
def blows(
    municipality: Municipalities, town: Town, flood: np.ndarray, warning: np.ndarray,
    hits: tuple[np.ndarray, np.ndarray, np.ndarray], blown: np.ndarray, p: HazardParameters,
) -> None:
    """Blows of this tick's hazards before aid; ``blown`` [m]: share of the town they strike."""
    by_flood, by_storm, by_heat = hits
    reach, exposure, storm, heat_wave = (
        municipality.reach, town.exposure, town.storm, town.heat_wave)
    for m in range(by_flood.size):
        u = reach[m]
        flooded = flood[u] if u >= 0 else 0.0
        by_flood[m] = by_storm[m] = by_heat[m] = blown[m] = 0.0
        if flooded <= 0.0 and storm[m] <= 0.0 and heat_wave[m] <= 0.0:
            continue
        by_flood[m] = blow(flooded, warning[m], p.lead_weeks)
        by_storm[m] = blow(storm[m], p.storm_lead * warning[m], p.lead_weeks)
        by_heat[m] = blow(heat_wave[m], p.heat_lead * warning[m], p.lead_weeks)
        standing = (1.0 - by_flood[m] * exposure[m]) * (1.0 - by_storm[m] * p.storm_share)
        blown[m] = 1.0 - standing * (1.0 - by_heat[m] * p.heat_share)


@kernel
def aided(
    hits: tuple[np.ndarray, np.ndarray, np.ndarray], blown: np.ndarray, damage: np.ndarray,
    crews: np.ndarray, municipality: Municipalities, dyads: Dyads, p: HazardParameters,
) -> None:
    """Crews from across the border soften the blows. crews [d]: channel."""
    by_flood, by_storm, by_heat = hits
    start, member = municipality.dyad_start, municipality.dyad
    first, second, weight = dyads.first, dyads.second, dyads.weight
    for m in range(by_flood.size):
        if by_flood[m] <= 0.0 and by_storm[m] <= 0.0 and by_heat[m] <= 0.0:
            continue
        total, mass = 0.0, 0.0
        for k in range(start[m], start[m + 1]):
            d = member[k]
            partner = second[d] if first[d] == m else first[d]
            total += weight[d] * sent(crews[d], damage[partner], blown[partner], p.all_hands)
            mass += weight[d]
        left = 1.0 - total / mass if mass > 0.0 else 1.0
        by_flood[m] *= left
        by_storm[m] *= left
        by_heat[m] *= left


@kernel
def strike(
    municipality: Municipalities, town: Town, hits: tuple[np.ndarray, np.ndarray, np.ndarray],
    p: HazardParameters, counted: bool,
) -> None:
    """Damage of this tick's hazards to towns; ``hits`` [m]: blows of flood, storm and heat."""
    by_flood, by_storm, by_heat = hits
    damage, exposure, losses, population = (
        town.damage, town.exposure, town.losses, municipality.population)
    for m in range(by_flood.size):
        if by_flood[m] <= 0.0 and by_storm[m] <= 0.0 and by_heat[m] <= 0.0:
            continue
        dry = 1.0 - by_flood[m] * exposure[m]
        standing = dry * (1.0 - by_storm[m] * p.storm_share)
        spared = standing * (1.0 - by_heat[m] * p.heat_share)
        damage[m] += (1.0 - damage[m]) * (1.0 - spared)
        if counted:
            value = population[m] * p.exposed_value / 1e6
            losses[m] += (1.0 - spared) * value
            town.storm_losses[m] += (dry - standing) * value
            town.heat_losses[m] += (standing - spared) * value


@kernel
def struck(
    out: np.ndarray, group: Groups, start: np.ndarray, exposure: np.ndarray,
    hits: tuple[np.ndarray, np.ndarray, np.ndarray], p: HazardParameters,
) -> None:
    """Share of every group's living that this tick's hazards strike."""
    by_flood, by_storm, by_heat = hits
    kind, vulnerability = group.kind, group.vulnerability
    out[:] = 0.0
    for m in range(by_flood.size):
        if by_flood[m] <= 0.0 and by_storm[m] <= 0.0 and by_heat[m] <= 0.0:
            continue
        flood = by_flood[m] * exposure[m] / p.exposed_share
        storm, heat = by_storm[m] * p.storm_living, by_heat[m] * p.heat_living
        for g in range(start[m], start[m + 1]):
            v, k = vulnerability[g], kind[g]
            spared = max(1.0 - flood * v * SENSITIVITY[0, k], 0.0)
            spared *= max(1.0 - storm * v * SENSITIVITY[1, k], 0.0)
            spared *= max(1.0 - heat * v * SENSITIVITY[2, k], 0.0)
            out[g] = 1.0 - spared


@kernel
def livelihood_loss(loss: np.ndarray, struck_share: np.ndarray) -> None:
    """The hazard takes part of what is left of every group's living."""
    for g in range(loss.size):
        loss[g] += (1.0 - loss[g]) * struck_share[g]


@kernel
def works(
    town: Town, recovery: np.ndarray, ageing: np.ndarray, hostage: np.ndarray,
    p: HazardParameters, dt: float,
) -> None:
    """Ageing and upkeep of works, repair of damage, and the service that is left."""
    damage, service, condition, paid = town.damage, town.service, town.infrastructure, town.upkeep
    capacity, hosted, closed = town.capacity, town.hosted, town.closed
    for m in range(recovery.size):
        damage[m] *= retention(1.0 / (p.repair_rate * recovery[m]), dt)
        upkeep = p.upkeep * capacity[m] * paid[m]
        rate = upkeep + p.ageing * ageing[m]
        if rate > 0.0:
            target = upkeep / rate
            keep = exp(-rate * dt)
            condition[m] = target + (condition[m] - target) * keep
        running = max(1.0 - p.press * hosted[m], 0.0) * max(1.0 - hostage[m] * closed[m], 0.0)
        service[m] = condition[m] * (1.0 - damage[m]) * running
