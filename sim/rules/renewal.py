"""What keeps an agreement alive: meetings, the will of those who signed it, worth at its term.

    lapse rate = a (1 - commitment) + b (1 - funding) + c (1 - trust) + m missed meetings
                 + s spoilers + x suspended + n failed next door (1 - backup)
    a meeting falls due every year times slowness; it is missed with chance 1 - commitment, and
    always while the border is closed

One hazard with named terms: no mechanism adds a second one. At the end of its term an agreement is
renewed on the terms of the day when it seems worth its price, else it lapses. What lapsed rests for
a cooling-off time. Commitment and funding: the lower of the two towns; trust: the mean of both.
A lapse is put down to the last election or suspension that this agreement faced, when it comes
within a year of it.
Source: small cross-border regions in Europe grew as units that carry out European regional policy
with its money (Perkmann 2003); that agreements end with the money and with persons in office, and
the rates: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.accord import Accord
from sim.declare import Par
from sim.events import AGREEMENT_LAPSED, AGREEMENT_RENEWED, AGREEMENT_SIGNED
from sim.rules.agreements import (
    ABSENT,
    LAPSED,
    NEGOTIATING,
    PROPOSED,
    SUSPENDED,
    AgreementParameters,
    in_force,
    stopped_until,
)
from sim.rules.bargain import BargainParameters, prospect
from sim.rules.diffusion import neighbours
from sim.rules.lived import ROUND
from sim.rules.municipal_politics import election_falls
from sim.rules.negotiation import (
    NEGOTIATION,
    NegotiationParameters,
    propose,
    rest,
    sign,
    talk_on,
    tell,
)
from sim.schedule import Schedule
from sim.scratch import Scratch
from sim.state import Link, State, Town
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import Dyads, Municipalities, Topology
from sim.units import probability

CONVENING = int(Purpose.CONVENING)
PUT_TO_THE_TEST = 1.0  # years after an election or suspension faced, when a lapse is put down to it


class RenewalParameters(NamedTuple):
    """What ends agreements."""

    commitment: Annotated[float, Par(
        "1/year", 0, 5, "Lapse where nobody is committed",
        "assumption: a third lapse in a term of seven years, 15 % at the mean will 0.6")] = 0.06
    funding: Annotated[float, Par(
        "1/year", 0, 5, "Lapse of what nobody pays for",
        "assumption: half within two and a half years, as staff leave; the largest term")] = 0.3
    trust: Annotated[float, Par(
        "1/year", 0, 5, "Lapse without any trust",
        "assumption: half of want of will: distrust also lowers what is delivered")] = 0.03
    missed: Annotated[float, Par(
        "1/year", 0, 5, "Lapse per meeting missed in a row",
        "assumption: one weighs like want of trust, nine (the most) like want of money")] = 0.03
    spoiler: Annotated[float, Par(
        "1/year", 0, 5, "Lapse under spoilers at full strength",
        "assumption: half lapse in a seven-year term; mean spoilers weigh like mean will")] = 0.1
    suspended: Annotated[float, Par(
        "1/year", 0, 5, "Lapse while suspended",
        "assumption: half in five years; a mean closure (0.4 years) ends one in seventeen")] = 0.15
    neighbour: Annotated[float, Par(
        "1/year", 0, 5, "Lapse where it lapsed all around",
        "assumption: as while suspended, for both say that such agreements do not hold")] = 0.15


@kernel
def lapse_rate(
    s: State, dyads: Dyads, p: RenewalParameters, k: int, d: int, failed: float
) -> float:
    """The one hazard of lapse, per year."""
    town, accord = s.municipality, s.accord
    a, b = dyads.first[d], dyads.second[d]
    trust = 0.5 * (s.dyad.trust_first[d] + s.dyad.trust_second[d])
    rate = p.commitment * (1.0 - min(town.commitment[a], town.commitment[b]))
    rate += p.funding * (1.0 - min(town.funding[a], town.funding[b]))
    rate += p.trust * (1.0 - trust) + p.missed * accord.missed[k, d]
    rate += p.spoiler * s.dyad.spoiler[d]
    if accord.phase[k, d] == SUSPENDED:
        rate += p.suspended
    return rate + p.neighbour * failed * (1.0 - s.channel.backup[d])


@kernel
def convene(
    topology: Topology, s: State, plan: Schedule, k: int, d: int, now: float, seed: int, turn: int
) -> None:
    """Hold or miss the meeting that falls due within the round, if any."""
    accord, dyads, town = s.accord, topology.dyad, s.municipality
    due, every = accord.due[k, d], s.channel.slowness[d]
    if np.floor((due - turn * ROUND) / every) == np.floor((due - (turn + 1) * ROUND) / every):
        return
    u, _ = pair_of_uniforms(seed, CONVENING, dyads.key[d] ^ plan.key[k], turn, 0)
    will = min(town.commitment[dyads.first[d]], town.commitment[dyads.second[d]])
    shut = stopped_until(s.pair, dyads.pair[d]) > now and plan.survives[k] == 0
    if shut or u >= will:
        accord.missed[k, d] = min(accord.missed[k, d] + 1, 9)
    else:
        accord.missed[k, d] = 0


@kernel
def lapse(
    topology: Topology, s: State, log: np.ndarray, p: NegotiationParameters, k: int, d: int,
    now: float
) -> None:
    """The agreement ends; an election or a suspension that it faced lately is its cause."""
    link, accord = s.dyad, s.accord
    link.lapsed[d] += 1.0
    if now - accord.election_at[k, d] < PUT_TO_THE_TEST:
        link.lost_elections[d] += 1.0
    if now - accord.crisis_at[k, d] < PUT_TO_THE_TEST:
        link.lost_crises[d] += 1.0
    rest(s, k, d, np.int64(LAPSED), now + p.cooling_years)
    tell(topology, s, log, np.int64(AGREEMENT_LAPSED), k, d, now)


@kernel
def at_term(
    topology: Topology, s: State, log: np.ndarray, plan: Schedule, talks: NegotiationParameters,
    bargain: BargainParameters, k: int, d: int, now: float, turn: int,
) -> None:
    """At the end of its term an agreement is renewed on the terms of the day, or lapses."""
    if (turn + 1) * ROUND < s.accord.due[k, d]:
        return
    deal = prospect(topology, s, plan, bargain, k, d)
    if deal.intensity > 0.0:
        sign(topology, s, plan, deal, k, d, s.accord.due[k, d] + bargain.term_years)
        tell(topology, s, log, np.int64(AGREEMENT_RENEWED), k, d, now)
    else:
        lapse(topology, s, log, talks, k, d, now)


@kernel
def conclude(
    topology: Topology, s: State, log: np.ndarray, plan: Schedule, talks: NegotiationParameters,
    bargain: BargainParameters, k: int, d: int, now: float, turn: int,
) -> None:
    """After the last milestone the towns sign what is worth its price that day, or part."""
    deal = prospect(topology, s, plan, bargain, k, d)
    if deal.intensity > 0.0:
        sign(topology, s, plan, deal, k, d, (turn + 1) * ROUND + bargain.term_years)
        s.dyad.signed[d] += 1.0
        s.dyad.first_signed[d] = min(s.dyad.first_signed[d], now)
        tell(topology, s, log, np.int64(AGREEMENT_SIGNED), k, d, now)
    else:
        rest(s, k, d, np.int64(ABSENT), now + talks.cooling_years)


@kernel
def mark_elections(
    municipality: Municipalities, dyads: Dyads, town: Town, link: Link, accord: Accord,
    now: float, turn: int,
) -> None:
    """Note, for every agreement in force, an election of the round that it faces."""
    phase, faced = accord.phase, accord.election_at
    for d in range(dyads.key.size):
        a, b = dyads.first[d], dyads.second[d]
        first = election_falls(turn, ROUND, municipality.term_years[a], town.phase[a])
        if first or election_falls(turn, ROUND, municipality.term_years[b], town.phase[b]):
            for k in range(phase.shape[0]):
                if in_force(phase[k, d]):
                    faced[k, d] = now
                    link.faced_elections[d] += 1.0


@kernel
def negotiate(
    topology: Topology, s: State, w: Scratch, log: np.ndarray, plan: Schedule,
    p: RenewalParameters, talks: NegotiationParameters, bargain: BargainParameters,
    general: AgreementParameters, now: float, seed: int, turn: int,
) -> None:
    """One round of everything that a study leaves to the towns."""
    accord, dyads = s.accord, topology.dyad
    for k in range(plan.ceiling.shape[0]):
        if now < plan.from_year[k] or not plan.ceiling[k].any():
            continue
        neighbours(w.u_dyad, w.v_dyad, accord.strength[k], accord.phase[k], topology.municipality,
                   dyads, (w.towns, w.hit))
        for d in range(dyads.key.size):
            if plan.ceiling[k, d] <= 0.0:
                continue
            phase = accord.phase[k, d]
            u, v = pair_of_uniforms(seed, NEGOTIATION, dyads.key[d] ^ plan.key[k], turn, 0)
            if in_force(phase):
                convene(topology, s, plan, k, d, now, seed, turn)
                if u < probability(lapse_rate(s, dyads, p, k, d, w.v_dyad[d]), ROUND):
                    lapse(topology, s, log, talks, k, d, now)
                else:
                    at_term(topology, s, log, plan, talks, bargain, k, d, now, turn)
            elif phase in (PROPOSED, NEGOTIATING):
                if talk_on(topology, s, plan, talks, bargain, general, (k, d), (u, v), now):
                    conclude(topology, s, log, plan, talks, bargain, k, d, now, turn)
            else:
                propose(topology, s, log, plan, talks, bargain, (k, d), (u, w.u_dyad[d]), now)
