"""The life of an agreement in force: set up, operate, suspended when the border closes.

    maturity(t+dt) = 1 - (1 - maturity) exp(-dt/(set-up slowness legal))     while in force
    maturity(t+dt) = maturity exp(-dt/decay)                                 while suspended
    strength = intensity min(capacity) money maturity delivered fit   (suspended: times backup)

Agreements imposed by a study start at their year and never lapse; those left to the towns are
signed, renewed and lost by the rules of negotiation and of renewal. What parliaments must pass
matures only while both governments' approval reaches a majority: what a friendly spell has gained
is kept, but nothing is added in a deadlock. A closed border, or a capital that reins its towns in,
suspends agreements between towns; those between states go on. An agreement of intensity 0 has no
cost and no effect, bit for bit. Source: none; form and figures are assumptions (phases after the
life cycle of Interreg programmes and of treaties).
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.accord import Accord
from sim.declare import Par
from sim.events import AGREEMENT_SUSPENDED, emit
from sim.schedule import Schedule
from sim.state import Channels, Government, Link, Relation
from sim.topology import Dyads, Pairs, Topology
from sim.units import retention

(ABSENT, SETTING_UP, OPERATING, SUSPENDED, PROPOSED, NEGOTIATING, LAPSED) = range(7)


class AgreementParameters(NamedTuple):
    """Time and money of agreements in general."""

    budget_share: Annotated[float, Par(
        "share", 0, 0.2, "Share of revenue a fully committed town can give to cooperation",
        "assumption: about what committed border towns put into joint programmes")] = 0.02
    reserve_share: Annotated[float, Par(
        "share", 0, 0.2, "Share of revenue put aside every year",
        "assumption: a quarter of full spending on cooperation; full in six years")] = 0.005
    reserve_cap: Annotated[float, Par(
        "ratio", 0, 2, "Largest reserves, in years of revenue",
        "assumption: a year and a half of full spending on cooperation, for a lean year")] = 0.03
    decay_years: Annotated[float, Par(
        "years", 0.1, 20, "Time over which a suspended agreement is unlearnt",
        "assumption: staff turnover; half in two years")] = 3.0
    majority: Annotated[float, Par(
        "share", 0, 1, "Approval that both governments need to pass a law",
        "assumption: a little under one half, since parties abstain")] = 0.45


@scalar
def in_force(phase: int) -> bool:
    """Signed or imposed, and not lapsed."""
    return SETTING_UP <= phase <= SUSPENDED


@scalar
def stopped_until(relation: Relation, i: int) -> float:
    """When towns of a pair of nations may deal with each other again: closure or backlash."""
    return max(relation.closed_until[i], relation.backlash_until[i])


@kernel
def majorities(
    passing: np.ndarray, pairs: Pairs, nation: Government, p: AgreementParameters
) -> None:
    """1 for pairs of nations where both governments could pass a law now, else 0."""
    for i in range(passing.size):
        weaker = min(nation.approval[pairs.first[i]], nation.approval[pairs.second[i]])
        passing[i] = 1.0 if weaker >= p.majority else 0.0


@kernel
def time_to_learn(
    speed: np.ndarray, channel: Channels, dt: float
) -> None:
    """Years of learning within the tick, per dyad: slower where decisions take longer."""
    slowness, legal = channel.slowness, channel.legal
    for d in range(speed.size):
        speed[d] = dt / (slowness[d] * legal[d])


@kernel
def operate(
    dyads: Dyads, accord: Accord, relation: Relation, plan: Schedule, work: tuple[np.ndarray, ...],
    fair: np.ndarray, p: AgreementParameters, now: float, dt: float,
) -> None:
    """Phase and maturity of every agreement in force.

    ``work``: learning time [d], majorities [p] and, written here, new suspensions [d]. ``fair``
    [b]: fair share of each system, to which an agreement that begins now is fitted.
    """
    speed, passing, suspended = work
    phase, maturity, intensity = accord.phase, accord.maturity, accord.intensity
    pair, basin = dyads.pair, dyads.basin
    forget = retention(p.decay_years, dt)
    suspended[:] = 0.0
    for k in range(plan.asked.shape[0]):
        begun = now >= plan.from_year[k]
        years, survives = plan.setup_years[k], plan.survives[k] == 1
        law = plan.legislated[k] == 1
        for d in range(plan.asked.shape[1]):
            if begun and plan.asked[k, d] > 0.0:
                if phase[k, d] == ABSENT:
                    accord.basis[k, d] = fair[basin[d]]
                    if plan.paid[k] == 1:
                        accord.share[k, d] = 0.5 * (1.0 + dyads.below[d])
                intensity[k, d] = plan.asked[k, d]
            elif not in_force(phase[k, d]):
                continue
            if not survives and stopped_until(relation, pair[d]) > now:
                if phase[k, d] != SUSPENDED:
                    suspended[d] += 1.0
                    accord.crisis_at[k, d] = now
                phase[k, d] = SUSPENDED
                maturity[k, d] *= forget
            else:
                phase[k, d] = OPERATING if maturity[k, d] > 0.5 else SETTING_UP
                if not law or passing[pair[d]] > 0.0:
                    learn = retention(years, speed[d])
                    maturity[k, d] = 1.0 - (1.0 - maturity[k, d]) * learn


@kernel
def note_suspensions(
    topology: Topology, link: Link, suspended: np.ndarray, log: np.ndarray, tally: np.ndarray,
    now: float,
) -> None:
    """Write down once per dyad that a closed border has suspended its agreements."""
    dyads = topology.dyad
    for d in range(suspended.size):
        if suspended[d] > 0.0:
            link.faced_crises[d] += suspended[d]
            place = (d, np.int64(dyads.pair[d]), np.int64(dyads.first[d]),
                     np.int64(dyads.second[d]))
            issue = topology.basin.kind[dyads.basin[d]]
            emit(log, tally, now, AGREEMENT_SUSPENDED, place, issue, -1, (0, -1))


@kernel
def note_operating(
    log: np.ndarray, first: int, last: int, start: np.ndarray, member: np.ndarray,
    phase: np.ndarray,
) -> None:
    """Write into new acts which mechanisms operate on their dyad, or on any dyad of their pair."""
    if first == last:
        return
    known = np.full(start.size, -1)  # a pair's mask is made once per tick, when an act asks for it
    for row in range(first, last):
        d, i = log[row].dyad, log[row].pair
        mask = 0
        if d >= 0:
            for k in range(phase.shape[0]):
                mask |= (1 << k) if phase[k, d] == OPERATING else 0
        elif known[i] >= 0:
            mask = known[i]
        else:
            for k in range(phase.shape[0]):
                for n in range(start[i], start[i + 1]):
                    if phase[k, member[n]] == OPERATING:
                        mask |= 1 << k
                        break
            known[i] = mask
        log[row].agreements = mask


@kernel
def strengths(
    accord: Accord, able: np.ndarray, backup: np.ndarray
) -> None:
    """Effective intensity of every agreement, read by the mechanisms in the next tick.

    ``able`` [d]: capacity and money of the two towns; ``backup`` [d]: what another agreement takes
    over from one that is suspended.
    """
    phase, maturity, intensity = accord.phase, accord.maturity, accord.intensity
    strength, delivered, fit = accord.strength, accord.delivered, accord.fit
    for k in range(strength.shape[0]):
        for d in range(strength.shape[1]):
            if not in_force(phase[k, d]):
                strength[k, d] = 0.0
                continue
            worth = intensity[k, d] * able[d] * maturity[k, d] * delivered[k, d] * fit[k, d]
            strength[k, d] = worth * backup[d] if phase[k, d] == SUSPENDED else worth
