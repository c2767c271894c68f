"""Political shocks: a scandal, a defeat or a change of party takes part of a town's commitment.

    with rate s per year: commitment <- commitment (1 - depth v (1 - anchoring)),  v uniform 0..1

Rarer than elections and not on their calendar; commitment stays where it fell until an election
renews it. Drawn for every town in every round of four weeks, whatever it has agreed on. Source:
European cross-border regions are the work of local policy entrepreneurs (Perkmann 2005, Warwick
CSGR working paper 166); that agreements weaken when such persons fall, rate and depth: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.rules.lived import ROUND
from sim.state import Town
from sim.streams import Purpose, pair_of_uniforms
from sim.units import probability

SHOCK = int(Purpose.POLITICAL_SHOCK)


class ShockParameters(NamedTuple):
    """Political shocks to towns."""

    rate: Annotated[float, Par(
        "1/year", 0, 2, "Political shocks per town", "assumption: one in a generation")] = 0.04
    depth: Annotated[float, Par(
        "share", 0, 1, "Commitment that the worst shock takes",
        "assumption: two fifths by the mean shock; the worst spares a fifth, as staff stay")] = 0.8


@kernel
def political_shock(
    town: Town, key: np.ndarray, anchoring: np.ndarray, p: ShockParameters, seed: int, turn: int
) -> None:
    """Shocks of one round to every town. ``turn``: number of the round."""
    chance = probability(p.rate, ROUND)
    for m in range(key.size):
        u, v = pair_of_uniforms(seed, SHOCK, key[m], turn, 0)
        if u < chance:
            town.commitment[m] *= 1.0 - p.depth * v * (1.0 - anchoring[m])
