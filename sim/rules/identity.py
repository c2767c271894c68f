"""Shared identity grows with contact, wears off, and is lost where people fight.

    J = i0 + (I - i0) exp(-dt/tau)
    I(t+dt) = J + (1 - J)(1 - exp(-contact dt)) - J (1 - exp(-v heat dt))

Source: intergroup contact lowers prejudice (Pettigrew & Tropp 2006, mean r = -0.21); times:
assumption. ``contact`` is the channel of exchanges; heat: recent hostility around the town.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.units import probability, retention


class IdentityParameters(NamedTuple):
    """Shared identity across the border."""

    base: Annotated[float, Par(
        "share", 0, 1, "Shared identity without contact programmes",
        "assumption: some kinship and trade across any old border")] = 0.2
    memory_years: Annotated[float, Par(
        "years", 0.5, 50, "Time over which it wears off", "assumption: school cohorts")] = 8.0
    violence: Annotated[float, Par(
        "1/year", 0, 10, "Rate of loss under full local hostility",
        "assumption: a violent year halves it")] = 0.7


@scalar
def contact_identity(
    identity: float, base: float, keep: float, gained: float, lost: float
) -> float:
    """One step of shared identity; gained and lost are probabilities of the tick."""
    relaxed = base + (identity - base) * keep
    return min(max(relaxed + (1.0 - relaxed) * gained - relaxed * lost, 0.0), 1.0)


@kernel
def meetings(
    gained: np.ndarray, lost: np.ndarray, contact: np.ndarray, heat: np.ndarray,
    p: IdentityParameters, dt: float,
) -> None:
    """Chances of the tick, per town, that identity is gained by contact or lost to hostility."""
    for m in range(gained.size):
        gained[m] = probability(contact[m], dt)
        lost[m] = probability(p.violence * heat[m], dt)


@kernel
def identity(
    out: np.ndarray, town: np.ndarray, gained: np.ndarray, lost: np.ndarray,
    p: IdentityParameters, dt: float,
) -> None:
    """Shared identity of every group."""
    keep = retention(p.memory_years, dt)
    for g in range(out.size):
        m = town[g]
        out[g] = contact_identity(out[g], p.base, keep, gained[m], lost[m])
