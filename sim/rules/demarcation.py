"""Undemarcated stretches are marked on the ground over years, while nations are on good terms.

    rounds   ~ Poisson(rate max(1 - tension / limit, 0))     per pair, while the border is open
    disputed -> disputed (1 - share)                         on every unit that its dyads contest

tension: mean of both sides. The region declares what is disputed at the start; demarcation goes on
from there, and the spin-up leaves it alone. Fewer disputed stretches mean fewer accidents, fewer
unilateral works, fewer guards and fewer claims to land. Source: commissions of demarcation work for
years and stop with every crisis (Kyrgyz-Tajik line: described from 2002, agreed in March 2025);
rates: assumption. Limits: what is marked is not contested again.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.events import DEMARCATED, ROOT_OTHER, emit
from sim.state import State
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import OTHER, Topology
from sim.units import probability

DEMARCATION = int(Purpose.DEMARCATION)
NOTHING_LEFT = 0.01  # a smaller disputed share is no matter for a commission


class DemarcationParameters(NamedTuple):
    """How borders are marked."""

    rate: Annotated[float, Par(
        "1/year", 0, 5, "Rounds of demarcation concluded without tension",
        "assumption: one in four years")] = 0.25
    limit: Annotated[float, Par(
        "level", 0.1, 10, "Tension from which commissions do not meet",
        "assumption: twice the level of a pair of mean rivalry")] = 1.0
    share: Annotated[float, Par(
        "share", 0, 1, "Share of what is disputed that a round settles",
        "assumption: the easy third first")] = 0.3


@scalar
def round_rate(tension: float, p: DemarcationParameters) -> float:
    """Rounds of demarcation per year."""
    return p.rate * max(1.0 - tension / p.limit, 0.0)


@kernel
def disputed_of(topology: Topology, disputed: np.ndarray, i: int) -> float:
    """Largest disputed share among the units that a pair's dyads contest."""
    most = 0.0
    for k in range(topology.pair.dyad_start[i], topology.pair.dyad_start[i + 1]):
        most = max(most, disputed[topology.dyad.unit[topology.pair.dyad[k]]])
    return most


@kernel
def mark(topology: Topology, disputed: np.ndarray, done: np.ndarray, i: int, share: float) -> None:
    """One round on every unit that a pair's dyads contest; ``done`` [u] is work space."""
    done[:] = 0.0
    for k in range(topology.pair.dyad_start[i], topology.pair.dyad_start[i + 1]):
        u = topology.dyad.unit[topology.pair.dyad[k]]
        if done[u] == 0.0:
            disputed[u] *= 1.0 - share
            done[u] = 1.0


@kernel
def demarcation(
    topology: Topology, state: State, log_: np.ndarray, done: np.ndarray, p: DemarcationParameters,
    seed: int, tick: int, dt: float,
) -> None:
    """Conclude rounds of demarcation in the middle of the tick."""
    if tick < 0:
        return
    pairs, now = topology.pair, (tick + 0.5) * dt
    for i in range(pairs.key.size):
        tension = 0.5 * (state.pair.tension_first[i] + state.pair.tension_second[i])
        u, v = pair_of_uniforms(seed, DEMARCATION, pairs.key[i], tick, 0)
        if u >= probability(round_rate(tension, p), dt) or state.pair.closed_until[i] > now:
            continue
        if disputed_of(topology, state.unit.disputed, i) <= NOTHING_LEFT:
            continue
        mark(topology, state.unit.disputed, done, i, p.share)
        first, second = np.int64(pairs.first[i]), np.int64(pairs.second[i])
        actor, target = (first, second) if v < 0.5 else (second, first)
        row = emit(log_, state.tally, now, DEMARCATED, (-1, i, actor, target), OTHER, -1,
                   (ROOT_OTHER, -1))
        if row >= 0:
            log_[row].settlement = 1
            log_[row].outcome = 1
            log_[row].kept = 1
