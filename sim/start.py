"""The first state of a history: drawn traits, stocks, and slow states at rest.

Hazard memory is drawn as the pair's own rate would leave it (time since the last onset is
exponential), tension starts at its mean; everything else relaxes during the spin-up (30 years by
default), which is run, not assumed.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel
from sim.elementary import exp, log
from sim.parameters import Parameters
from sim.rules.agreement_money import draw_spoilers
from sim.rules.background_quarrel import draw_traits, onset_rate
from sim.rules.tension import resting
from sim.state import Relation, State
from sim.streams import Purpose, pair_of_normals, pair_of_uniforms
from sim.topology import AQUIFER, OTHER, RIVER, Pairs, Topology

TEMPERAMENT, RECORD, MEMORY = (
    int(Purpose.TEMPERAMENT), int(Purpose.RECORD_START), int(Purpose.MEMORY_START))


@kernel
def declared_bodies(pairs: Pairs, relation: Relation) -> None:
    """What the joint bodies of every pair may do about each kind of resource."""
    for i in range(pairs.key.size):
        for j in range(OTHER):
            relation.body_monitoring[i, j] = pairs.body_monitoring[i, j]
            relation.body_resolution[i, j] = pairs.body_resolution[i, j]
            relation.body_enforcement[i, j] = pairs.body_enforcement[i, j]


@kernel
def begin(topology: Topology, s: State, p: Parameters, seed: int) -> None:
    """Fill a freshly reset state for one history."""
    draw_traits(topology.nation, topology.pair, s, p.quarrel, seed)
    declared_bodies(topology.pair, s.pair)
    for i in range(topology.pair.key.size):
        rate = onset_rate(s.pair.rivalry[i], 0.0, 0.5, p.quarrel) + 1e-9
        u, _ = pair_of_uniforms(seed, MEMORY, topology.pair.key[i], 0, 0)
        s.pair.memory[i] = exp(log(u) / rate / p.quarrel.memory_years)
        level = resting(s.pair.rivalry[i], p.tension)
        s.pair.tension_first[i] = level
        s.pair.tension_second[i] = level
        s.pair.liaison[i] = topology.pair.liaison[i]
    for m in range(topology.municipality.key.size):
        z, _ = pair_of_normals(seed, TEMPERAMENT, topology.municipality.key[m], 0, 0)
        s.municipality.phase[m], _ = pair_of_uniforms(
            seed, TEMPERAMENT, topology.municipality.key[m], 0, 1)
        s.municipality.capacity[m] = topology.municipality.capacity[m]
        s.municipality.commitment[m] = min(
            max(p.politics.commitment + p.politics.commitment_sd * z, 0.0), 1.0)
        cap = p.agreement.reserve_cap * topology.municipality.revenue[m]
        s.municipality.reserves[m] = 0.5 * cap
        s.municipality.income[m] = topology.municipality.revenue[m]
        s.municipality.exposure[m] = p.hazard.exposed_share
    draw_spoilers(topology, s.dyad, s.municipality, p.money, seed)
    for u in range(topology.unit.key.size):
        s.unit.stock[u] = topology.unit.initial[u] * topology.unit.capacity[u]
        if topology.unit.kind[u] != RIVER:
            s.unit.projected[u] = topology.unit.initial[u]
        if topology.unit.kind[u] == RIVER:
            s.unit.salinity[u] = p.quality.salt
            s.unit.reserved[u] = p.resource.environmental_share * s.unit.stock[u]
        if topology.unit.kind[u] == AQUIFER:
            s.unit.salinity[u] = p.quality.salt
        s.unit.disputed[u] = topology.unit.disputed[u]
    for g in range(topology.group.key.size):
        s.group.need_felt[g] = topology.group.demand[g]
        s.group.take_felt[g] = topology.group.demand[g]
        s.group.identity[g] = p.identity.base
        s.group.heard[g] = topology.group.voice[g]
    for b in range(topology.basin.key.size):
        u, _ = pair_of_uniforms(seed, RECORD, topology.basin.key[b], 0, 0)
        row = topology.basin.record[b]
        if row >= 0:
            s.climate.record_year[b] = np.floor(u * (topology.basin.record_months[row] // 12))
