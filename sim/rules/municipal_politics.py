"""Legitimacy follows services and livelihood; elections renew a town's will to cooperate.

    legitimacy(t+dt) = s + (legitimacy - s) exp(-dt/tau),   s = a service + (1 - a) mean livelihood
    at each election, with probability 1 - legitimacy, the majority changes:
    commitment = clip(c0 + sd z)

Elections fall every term, at a phase fixed by the town's own draw. Source: output legitimacy
(Scharpf 1999); weights and spread: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.state import Town
from sim.streams import Purpose, pair_of_normals, pair_of_uniforms
from sim.topology import Municipalities
from sim.units import retention

ELECTION = int(Purpose.MUNICIPAL_ELECTION)


class PoliticsParameters(NamedTuple):
    """Local politics."""

    service_weight: Annotated[float, Par(
        "share", 0, 1, "Weight of services in legitimacy", "assumption")] = 0.5
    legitimacy_years: Annotated[float, Par(
        "years", 0.1, 10, "Time over which legitimacy follows performance",
        "assumption: half a term")] = 2.0
    commitment: Annotated[float, Par(
        "share", 0, 1, "Mean commitment of a town to cooperation", "assumption")] = 0.6
    commitment_sd: Annotated[float, Par(
        "share", 0, 0.5, "Spread of commitment between majorities", "assumption")] = 0.2


@scalar
def election_falls(tick: int, dt: float, term_years: float, phase: float) -> bool:
    """True when an election falls within this tick (phase: share of a term, 0..1)."""
    now = np.floor(tick * dt / term_years + phase)
    return np.floor((tick + 1) * dt / term_years + phase) > now


@kernel
def legitimacy(
    out: np.ndarray, service: np.ndarray, start: np.ndarray, weight: np.ndarray,
    livelihood: np.ndarray, p: PoliticsParameters, dt: float,
) -> None:
    """Legitimacy of every municipality."""
    keep = retention(p.legitimacy_years, dt)
    for m in range(out.size):
        living, mass = 0.0, 0.0
        for g in range(start[m], start[m + 1]):
            living += weight[g] * livelihood[g]
            mass += weight[g]
        mean = living / mass if mass > 0.0 else 1.0
        target = p.service_weight * service[m] + (1.0 - p.service_weight) * mean
        out[m] = target + (out[m] - target) * keep


@kernel
def municipal_election(
    municipality: Municipalities, town: Town, p: PoliticsParameters, seed: int, tick: int,
    dt: float,
) -> None:
    """Elections: a change of majority redraws commitment."""
    key, term, phase = municipality.key, municipality.term_years, town.phase
    for m in range(key.size):
        if election_falls(tick, dt, term[m], phase[m]):
            u, _ = pair_of_uniforms(seed, ELECTION, key[m], tick, 0)
            z, _ = pair_of_normals(seed, ELECTION, key[m], tick, 1)
            if u < 1.0 - town.legitimacy[m]:
                town.commitment[m] = min(max(p.commitment + p.commitment_sd * z, 0.0), 1.0)
