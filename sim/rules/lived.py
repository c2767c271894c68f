"""What a town has lived through: the worst of each problem, fading over years.

    lived(r+1) = max(felt now, lived(r) exp(-round/memory)),  felt: share 0..1 of each problem:
    water: taken short of need;  hazard: damage / damage that is felt in full;  conflict: recent
    hostility around the town;  livelihood: mean livelihood lost;  money: services or bills unpaid

What was lived through, not what a model would forecast, makes agreements seem worth their price.
Read once a round of four weeks, so that it does not depend on the tick. Source: how bad an episode
was is judged by its worst and its last moment, hardly by its length (Kahneman et al. 1993, of
pain); droughts and upstream works move cooperation on the Mekong (Lu et al. 2021); that towns
remember like persons, and the fading time: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.state import Town
from sim.units import retention

ROUND_WEEKS = 4.0
ROUND = ROUND_WEEKS / 52.0  # years


class LivedParameters(NamedTuple):
    """Memory of problems."""

    memory_years: Annotated[float, Par(
        "years", 0.5, 50, "Time over which a town forgets what it lived through",
        "assumption: one to two terms of office")] = 6.0
    hazard_full: Annotated[float, Par(
        "share", 0.01, 1, "Damage of a town that is felt in full",
        "assumption: a fifth of a town struck is the disaster of a generation")] = 0.2


@scalar
def rounds_before(tick: int, weeks: float) -> int:
    """Number of whole rounds of four weeks before a tick (negative in the spin-up)."""
    return np.int64(np.floor(tick * weeks / ROUND_WEEKS))


@kernel
def live_through(
    town: Town, start: np.ndarray, weight: np.ndarray, livelihood: np.ndarray, p: LivedParameters
) -> None:
    """Memory of every town after one round."""
    keep = retention(p.memory_years, ROUND)
    for m in range(town.damage.size):
        living, mass = 0.0, 0.0
        for g in range(start[m], start[m + 1]):
            living += weight[g] * livelihood[g]
            mass += weight[g]
        lost = 1.0 - living / mass if mass > 0.0 else 0.0
        short = max(1.0 - town.satisfaction[m], 0.0)
        struck = min(town.damage[m] / p.hazard_full, 1.0)
        unpaid = max(1.0 - town.service[m], 1.0 - town.funding[m])
        town.lived_water[m] = max(short, town.lived_water[m] * keep)
        town.lived_hazard[m] = max(struck, town.lived_hazard[m] * keep)
        town.lived_conflict[m] = max(town.heat[m], town.lived_conflict[m] * keep)
        town.lived_livelihood[m] = max(lost, town.lived_livelihood[m] * keep)
        town.lived_money[m] = max(unpaid, town.lived_money[m] * keep)
