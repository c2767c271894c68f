"""Floods damage towns and livelihoods; warnings, aid and drills soften the blow; repair follows.

    blow = flood damage_channel exp(-warning/lead)
    damage <- damage + (1 - damage) blow e;   group loss <- loss + (1 - loss) blow vulnerability
    damage(t+dt) = damage exp(-r recovery dt)
    infrastructure: C(t+dt) = C + ((u/(u + a)) - C)(1 - exp(-(u + a) dt)),  service = C (1 - damage)

Source: damage falls with warning lead time (Day curve: about a third at 48 hours); works age and
are kept up at constant rates (assumption). e: share of a town that a flood can reach. Money: blow e
times exposed value.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.state import Town
from sim.topology import Municipalities
from sim.units import retention


class HazardParameters(NamedTuple):
    """Damage, repair and upkeep."""

    lead_weeks: Annotated[float, Par(
        "weeks", 0.1, 10, "Lead time that cuts damage to 1/e",
        "assumption scaled from Day's curve: two days save about a third")] = 0.7
    exposed_value: Annotated[float, Par(
        "dollars/person", 100, 50000, "Exposed value per person",
        "assumption: about one year's income in a lower middle-income country, dollars "
        "of 2020")] = 4000.0
    exposed_share: Annotated[float, Par(
        "share", 0.01, 1, "Share of a riverside town that a flood can reach",
        "assumption: a fifth lives on the flood plain")] = 0.2
    repair_rate: Annotated[float, Par(
        "1/year", 0.1, 5, "Rate of repair", "assumption: a year to repair two thirds")] = 1.0
    ageing: Annotated[float, Par(
        "1/year", 0, 0.3, "Ageing of works", "assumption: service life of 25 years")] = 0.04
    upkeep: Annotated[float, Par(
        "1/year", 0, 1, "Upkeep at full capacity",
        "assumption: holds works near 86 % at full capacity")] = 0.25


@scalar
def blow(severity: float, factor: float, warning_weeks: float, lead_weeks: float) -> float:
    """Damage share of what is exposed."""
    return min(severity * factor * exp(-warning_weeks / lead_weeks), 1.0)


@kernel
def flood_damage(
    municipality: Municipalities, town: Town, severity: np.ndarray, factor: np.ndarray,
    warning: np.ndarray, hit: np.ndarray, p: HazardParameters, counted: bool,
) -> None:
    """Damage this tick's floods to towns; ``hit`` [m] holds the blow for their groups."""
    reach, damage, losses = municipality.reach, town.damage, town.losses
    for m in range(hit.size):
        hit[m] = 0.0
        u = reach[m]
        if u >= 0 and severity[u] > 0.0:
            b = blow(severity[u], factor[m], warning[m], p.lead_weeks)
            hit[m] = b
            exposed = b * p.exposed_share
            damage[m] += (1.0 - damage[m]) * exposed
            if counted:
                value = municipality.population[m] * p.exposed_value / 1e6
                losses[m] += exposed * value


@kernel
def livelihood_loss(
    loss: np.ndarray, vulnerability: np.ndarray, town: np.ndarray, hit: np.ndarray
) -> None:
    """Livelihood lost by groups in flooded towns."""
    for g in range(loss.size):
        loss[g] += (1.0 - loss[g]) * hit[town[g]] * vulnerability[g]


@kernel
def works(town: Town, recovery: np.ndarray, p: HazardParameters, dt: float) -> None:
    """Ageing and upkeep of works, repair of damage, and the service that is left."""
    damage, service, condition = town.damage, town.service, town.infrastructure
    capacity = town.capacity
    for m in range(recovery.size):
        damage[m] *= retention(1.0 / (p.repair_rate * recovery[m]), dt)
        upkeep = p.upkeep * capacity[m]
        rate = upkeep + p.ageing
        if rate > 0.0:
            target = upkeep / rate
            keep = exp(-rate * dt)
            condition[m] = target + (condition[m] - target) * keep
        service[m] = condition[m] * (1.0 - damage[m])
