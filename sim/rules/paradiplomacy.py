"""Towns that agree much across a border may provoke their capital (paradiplomacy backlash).

    B       = weighted mean over a pair's dyads of  legal distance x sum of strengths of agreements
    backlash ~ Poisson(rate B / (B + half) hawkishness)          of each nation of the pair
    a backlash suspends the pair's agreements between towns for a time ~ Exp(mean)

Only agreements between towns count: what runs between states provokes nobody. A legal base in both
countries (channel of legal distance below 1) disarms the charge of a foreign policy behind the
capital's back. The capital that reins its towns in also speaks harder words (echoes of hostile
talk). Source: parallel diplomacy of subnational governments provokes central ones where it is seen
as separatist or outside the law (Duchacek 1990; Soldatos 1990); sizes: assumption. Limits: a
backlash strikes all agreements of the pair alike.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import log
from sim.events import REINED_IN, ROOT_DISPUTE, emit
from sim.state import State
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import OTHER, Pairs
from sim.units import probability

BACKLASH = int(Purpose.BACKLASH)


class ParadiplomacyParameters(NamedTuple):
    """When capitals rein their border towns in."""

    rate: Annotated[float, Par(
        "1/year", 0, 20, "Backlash of a wholly hawkish capital against very close towns",
        "assumption: one in five years")] = 0.2
    half: Annotated[float, Par(
        "agreements", 0.1, 20, "Full agreements per dyad at which half of that is reached",
        "assumption: four working agreements are noticed")] = 4.0
    years: Annotated[float, Par(
        "years", 0.05, 10, "Mean time for which agreements are suspended",
        "assumption: most of a year")] = 0.7
    words: Annotated[float, Par(
        "events", 0, 10, "Hostile words that follow", "assumption: a press campaign")] = 1.5


@scalar
def provoked(breadth: float, hawkishness: float, p: ParadiplomacyParameters) -> float:
    """Backlashes of one capital per year."""
    return p.rate * breadth / (breadth + p.half) * hawkishness


@kernel
def ties(
    out: np.ndarray, strength: np.ndarray, survives: np.ndarray, legal: np.ndarray
) -> None:
    """Agreements between the towns of each dyad, by strength, times their legal distance."""
    out[:] = 0.0
    for k in range(strength.shape[0]):
        if survives[k] == 0:
            row = strength[k]
            for d in range(out.size):
                out[d] += row[d]
    for d in range(out.size):
        out[d] *= legal[d]


@kernel
def rein_in(
    pairs: Pairs, state: State, log_: np.ndarray, p: ParadiplomacyParameters, i: int, side: int,
    time: float, length: float,
) -> None:
    """One capital suspends what its towns agreed, for an exponential time."""
    first, second = np.int64(pairs.first[i]), np.int64(pairs.second[i])
    actor, target = (first, second) if side == 0 else (second, first)
    until = time - p.years * log(length)
    state.pair.backlash_until[i] = max(state.pair.backlash_until[i], until)
    state.pair.hostile_talk[i] += p.words
    emit(log_, state.tally, time, REINED_IN, (-1, i, actor, target), OTHER, -1, (ROOT_DISPUTE, -1))


@kernel
def paradiplomacy(
    pairs: Pairs, state: State, log_: np.ndarray, breadth: np.ndarray, p: ParadiplomacyParameters,
    seed: int, tick: int, dt: float,
) -> None:
    """Backlash of either capital in the middle of the tick. ``breadth``: ties [p]."""
    now = (tick + 0.5) * dt
    hawks = state.nation.hawkishness
    for i in range(pairs.key.size):
        if breadth[i] <= 0.0 or state.pair.backlash_until[i] > now:
            continue
        keys = (pairs.key_first[i], pairs.key_second[i])
        for side in range(2):
            hawk = hawks[pairs.first[i]] if side == 0 else hawks[pairs.second[i]]
            u, v = pair_of_uniforms(seed, BACKLASH, keys[side], tick, 0)
            if u < probability(provoked(breadth[i], hawk, p), dt):
                rein_in(pairs, state, log_, p, i, np.int64(side), now, v)
