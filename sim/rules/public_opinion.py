"""Incidents and disputes draw a nation's attention; approval drifts; elections renew governments.

    attention(t+dt) = F + (1 - F)(1 - exp(-gain S)),  F = A exp(-dt/tau), S: severity of acts
    approval(t+dt)  = 0.5 + (approval - lost - 0.5) exp(-dt/tau) + sd sqrt(1 - exp(-2 dt/tau)) z
    rhetoric(t+dt)  = min(rhetoric + spoken, 1) exp(-dt/tau)
    at an election, with probability 1 - approval, hawkishness moves to h0 + (h - h0) r + sd z

severity of acts: local ones from a protest up, and those of state organs from diplomatic hostility
up (see acts of state). lost, spoken: approval lost and hostile words spoken in the tick, on all
borders of the nation together. Within a tick the capitals see attention as it stands halfway
through it. Source: issue-attention cycle (Downs 1972): weeks to months; approval as a
mean-reverting series; hawkishness of successors: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.elementary import exp
from sim.rules.municipal_politics import election_falls
from sim.state import Government, Relation
from sim.streams import Purpose, pair_of_normals, pair_of_uniforms
from sim.topology import Nations
from sim.units import WEEKS_PER_YEAR, retention

APPROVAL, ELECTION = int(Purpose.APPROVAL), int(Purpose.NATIONAL_ELECTION)


class OpinionParameters(NamedTuple):
    """Attention, approval and elections."""

    attention_weeks: Annotated[float, Par(
        "weeks", 1, 104, "Time over which attention fades",
        "issue-attention cycle, Downs 1972; length: assumption, half in under six weeks")] = 8.0
    attention_gain: Annotated[float, Par(
        "ratio", 0, 5, "Attention drawn by one violent incident",
        "assumption: one fight draws 39 % of those who did not watch, four draw 86 %")] = 0.5
    approval_years: Annotated[float, Par(
        "years", 0.1, 10, "Time over which approval reverts",
        "assumption: half of a swing is gone in a year, well within a term of office")] = 1.5
    approval_sd: Annotated[float, Par(
        "share", 0, 0.4, "Spread of approval", "assumption: ratings between 30 and 70 %")] = 0.12
    rhetoric_weeks: Annotated[float, Par(
        "weeks", 1, 104, "Time over which hostile words are remembered",
        "assumption: a season, as towns remember (trust); longer than attention")] = 12.0
    turnover_sd: Annotated[float, Par(
        "share", 0, 0.5, "Change of hawkishness with a new government",
        "assumption: a little below the spread between governments, 0.18: voters stay")] = 0.15
    turnover_kept: Annotated[float, Par(
        "share", 0, 1, "Hawkishness above its base that a new government keeps",
        "assumption: half, for want of evidence; a quarter is left after two changes")] = 0.5


@kernel
def attention_fades(relation: Relation, p: OpinionParameters, dt: float) -> None:
    """Attention of every pair's publics fades: half of the tick before local acts, half after."""
    keep = retention(p.attention_weeks / WEEKS_PER_YEAR, dt)
    for i in range(relation.attention.size):
        relation.attention[i] *= keep


@kernel
def attention(relation: Relation, p: OpinionParameters) -> None:
    """The acts of the tick that ends, of crowds, towns and states, draw attention."""
    for i in range(relation.attention.size):
        drawn = 1.0 - exp(-p.attention_gain * relation.shock[i])
        faded = relation.attention[i]
        relation.attention[i] = faded + (1.0 - faded) * drawn
        relation.shock[i] = 0.0


@kernel
def approval_and_elections(
    nations: Nations, nation: Government, p: OpinionParameters, seed: int, tick: int, dt: float
) -> None:
    """Approval and rhetoric of every government, and its renewal."""
    keep = retention(p.approval_years, dt)
    fade = retention(p.rhetoric_weeks / WEEKS_PER_YEAR, dt)
    for n in range(nations.key.size):
        key = nations.key[n]
        z, y = pair_of_normals(seed, APPROVAL, key, tick, 0)
        drift = 0.5 + (max(nation.approval[n] - nation.lost[n], 0.0) - 0.5) * keep
        noise = p.approval_sd * np.sqrt(1.0 - keep * keep) * z
        nation.approval[n] = min(max(drift + noise, 0.0), 1.0)
        nation.rhetoric[n] = min(nation.rhetoric[n] + nation.spoken[n], 1.0) * fade
        nation.lost[n] = 0.0
        nation.spoken[n] = 0.0
        if election_falls(tick, dt, nations.term_years[n], nation.phase[n]):
            u, _ = pair_of_uniforms(seed, ELECTION, key, tick, 0)
            if u < 1.0 - nation.approval[n]:
                base = 0.5 if np.isnan(nations.hawkishness[n]) else nations.hawkishness[n]
                mixed = base + p.turnover_kept * (nation.hawkishness[n] - base) + p.turnover_sd * y
                nation.hawkishness[n] = min(max(mixed, 0.0), 1.0)
