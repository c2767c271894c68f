"""Legitimacy follows performance, fairness and scandal; elections renew the will to cooperate.

    s = a service + (1 - a) mean livelihood                          performance
    s <- s + f inclusion (1 - s)                                     perceived fairness
    s <- s (1 - c w leaked (n + (1 - n) audit)),  w = min(paid / purse, 1)     scandal
    legitimacy(t+dt) = s + (legitimacy - s) exp(-dt/tau)
    at each election, with probability 1 - legitimacy, the majority changes:
    commitment = anchoring commitment + (1 - anchoring) clip(c0 + sd z)
    commitment <- commitment exp(-e anchoring (1 - legitimacy) dt)   anchored, not delivered

Elections fall every term, at a phase fixed by the town's own draw. leaked: share of the agreements'
money that leaks; n of it is known anyway, an audit (channel) brings the rest to light, so that
legitimacy falls first, and rises above what it was only where most of them were suspected (see
accountability); paid, purse: what the town pays for agreements, and all that it is free to spend,
so that a leak in little money is a little scandal. How much it costs is not settled: published
audits of money that fills most of a Brazilian town's budget made mayors' return about a fifth less
likely (Ferraz & Finan 2006, first version of their 2008 paper); over all field experiments, word of
corruption moves votes by about nothing, in surveys by 32 points (Incerti 2020). With a purse of
0.02, any agreement of a willing town would weigh in full. inclusion: channel; anchoring: channel of
what an election cannot take; a promise that is kept on paper while people see nothing of it loses
its force. Source: output legitimacy (Scharpf 1999), procedural fairness (Tyler 2006, *Why People
Obey the Law*), corruption and trust in government (Anderson & Tverdova 2003); weights: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.state import Town
from sim.streams import Purpose, pair_of_normals, pair_of_uniforms
from sim.topology import Municipalities
from sim.units import retention

ELECTION = int(Purpose.MUNICIPAL_ELECTION)


class PoliticsParameters(NamedTuple):
    """Local politics."""

    service_weight: Annotated[float, Par(
        "share", 0, 1, "Weight of services in legitimacy",
        "assumption: as much as livelihood, for want of evidence that either counts more")] = 0.5
    legitimacy_years: Annotated[float, Par(
        "years", 0.1, 10, "Time over which legitimacy follows performance",
        "assumption: half a term")] = 2.0
    commitment: Annotated[float, Par(
        "share", 0, 1, "Mean commitment of a town to cooperation",
        "assumption: border towns lean to it; seven majorities in ten lie above a half")] = 0.6
    commitment_sd: Annotated[float, Par(
        "share", 0, 0.5, "Spread of commitment between majorities",
        "assumption: two majorities in three lie within 0.4 to 0.8, few at an end")] = 0.2
    fairness: Annotated[float, Par(
        "ratio", 0, 1, "Legitimacy gained, of what is missing, when everyone is heard",
        "assumption: three tenths, as a hearing mends no service; direction: Tyler 2006")] = 0.3
    scandal: Annotated[float, Par(
        "ratio", 0, 3, "Legitimacy lost per known leak of agreements' money",
        "assumption between none (field experiments) and most (surveys): Incerti 2020")] = 1.0
    purse: Annotated[float, Par(
        "share", 0.001, 1, "Spending on agreements, of revenue, whose leaks weigh in full",
        "assumption: all that is not wages and running costs (budget.fixed)")] = 0.2
    known: Annotated[float, Par(
        "share", 0, 1, "Share of leaks that people know of without an audit",
        "assumption: rumour of one in five")] = 0.2
    empty: Annotated[float, Par(
        "1/year", 0, 2, "Rate at which an anchored promise loses force without legitimacy",
        "assumption: half in about five years if nothing is delivered")] = 0.15


@scalar
def election_falls(tick: int, dt: float, term_years: float, phase: float) -> bool:
    """True when an election falls within this tick (phase: share of a term, 0..1)."""
    now = np.floor(tick * dt / term_years + phase)
    return np.floor((tick + 1) * dt / term_years + phase) > now


@scalar
def judged(
    performance: float, included: float, leaked: float, audit: float, p: PoliticsParameters
) -> float:
    """Legitimacy that people would grant in the end, 0..1."""
    fair = performance + p.fairness * included * (1.0 - performance)
    public = leaked * (p.known + (1.0 - p.known) * audit)
    return fair * max(1.0 - p.scandal * public, 0.0)


@kernel
def legitimacy(
    town: Town, living: np.ndarray, included: np.ndarray, audit: np.ndarray,
    revenue: np.ndarray, p: PoliticsParameters, dt: float,
) -> None:
    """Legitimacy of every municipality; living [m]: mean livelihood."""
    keep = retention(p.legitimacy_years, dt)
    out, service, leaked = town.legitimacy, town.service, town.leaked
    cost, funding = town.cost, town.funding
    for m in range(living.size):
        performance = p.service_weight * service[m] + (1.0 - p.service_weight) * living[m]
        full = p.purse * revenue[m]
        weight = min(cost[m] * funding[m] / full, 1.0) if full > 0.0 else 0.0
        target = judged(performance, included[m], weight * leaked[m], audit[m], p)
        out[m] = target + (out[m] - target) * keep


@kernel
def municipal_election(
    municipality: Municipalities, town: Town, anchoring: np.ndarray, p: PoliticsParameters,
    seed: int, tick: int, dt: float,
) -> None:
    """Elections: a change of majority redraws what is not anchored of commitment."""
    key, term, phase = municipality.key, municipality.term_years, town.phase
    commitment, legitimacy_now = town.commitment, town.legitimacy
    for m in range(key.size):
        if anchoring[m] > 0.0:
            missing = anchoring[m] * (1.0 - legitimacy_now[m])
            commitment[m] *= exp(-p.empty * missing * dt)
        if election_falls(tick, dt, term[m], phase[m]):
            u, _ = pair_of_uniforms(seed, ELECTION, key[m], tick, 0)
            z, _ = pair_of_normals(seed, ELECTION, key[m], tick, 1)
            if u < 1.0 - legitimacy_now[m]:
                new = min(max(p.commitment + p.commitment_sd * z, 0.0), 1.0)
                commitment[m] = anchoring[m] * commitment[m] + (1.0 - anchoring[m]) * new
