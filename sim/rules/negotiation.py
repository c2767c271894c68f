"""Towns propose, talk past vetoes, reach milestones and sign.

    proposal rate   = r appeal commitment (1 + copying worked)
    appeal          = surplus / what being rid of every problem is worth to both
    milestone rate  = s commitment / (slowness legal)           (none while the border is closed)
    failure rate    = v_b over budget + v_e opposed + v_n hostile + v_l legal
    over budget = share of the own cost beyond the committed money that is left, worse side
    opposed     = 1 - trust (1 - blamed grievance), worse side        (electorate)
    hostile     = hawkishness tension / (1 + tension), worse side     (nation)
    legal       = channel of legal distance, 1 between nations that have not harmonised their law

Steps and failures are competing risks in rounds of four weeks. After the last milestone the towns
sign the deal that they would strike then; without one, and after any failure, the matter rests for
a cooling-off time. Commitment: the lower of the two. Source: stages of negotiation and two-level
games (Putnam 1988); vetoes: Tsebelis 2002; rates: assumption (one to three years from proposal to
signature, about half of the talks fail).
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.accord import NEVER
from sim.declare import Par
from sim.events import AGREEMENT_PROPOSED, emit
from sim.rules.agreements import (
    ABSENT,
    NEGOTIATING,
    PROPOSED,
    SETTING_UP,
    AgreementParameters,
    in_force,
    stopped_until,
)
from sim.rules.bargain import BargainParameters, Deal, prospect
from sim.rules.lived import ROUND
from sim.schedule import Schedule
from sim.state import Government, Relation, State
from sim.streams import Purpose
from sim.topology import Pairs, Topology
from sim.units import probability

NEGOTIATION = int(Purpose.NEGOTIATION)


class NegotiationParameters(NamedTuple):
    """From a proposal to a signature."""

    propose_rate: Annotated[float, Par(
        "1/year", 0, 20, "Proposals of an agreement that would solve every problem for nothing",
        "assumption: one a budget year; one in some seven years where a third of the problems is "
        "felt and will is 0.6")] = 1.0
    copying: Annotated[float, Par(
        "ratio", 0, 20, "Rise of proposals where all neighbours do well with it",
        "assumption: learning from a neighbour doubles to trebles adoption")] = 2.0
    milestones: Annotated[float, Par(
        "steps", 1, 10, "Milestones from proposal to signature",
        "assumption: mandate, text, ratification")] = 3.0
    step_rate: Annotated[float, Par(
        "1/year", 0.1, 50, "Milestones a year of fully committed towns",
        "assumption: a year to a signature; 20 months at the mean will of 0.6")] = 3.0
    cooling_years: Annotated[float, Par(
        "years", 0, 20, "Time that a failed matter rests", "assumption: half a term")] = 2.0
    veto_budget: Annotated[float, Par(
        "1/year", 0, 20, "Failures when nothing of the cost could be paid",
        "assumption: the heaviest, since what cannot be paid is not signed; one talk in nine "
        "survives it at will 0.6")] = 2.0
    veto_electorate: Annotated[float, Par(
        "1/year", 0, 20, "Failures when all voters are against it",
        "assumption: councils sign, not voters; it ends six talks in ten at will 0.6")] = 0.6
    veto_nation: Annotated[float, Par(
        "1/year", 0, 20, "Failures under a hawkish capital at high tension",
        "assumption: half of the budget's, as capitals may forbid but seldom look; it would end "
        "three talks in four at will 0.6")] = 1.0
    veto_legal: Annotated[float, Par(
        "1/year", 0, 20, "Failures at the legal distance of nations that have not harmonised",
        "assumption: local governments seldom may sign what binds")] = 0.2


@kernel
def over_budget(
    topology: Topology, s: State, deal: Deal, p: AgreementParameters, d: int
) -> float:
    """Share of its cost that the side worse off could not pay out of committed money."""
    town = s.municipality
    worst = 0.0
    for side in range(2):
        m = topology.dyad.first[d] if side == 0 else topology.dyad.second[d]
        own = deal.price * (deal.share if side == 0 else 1.0 - deal.share)
        room = max(p.budget_share * town.income[m] * town.commitment[m] - town.cost[m], 0.0)
        if own > 0.0:
            worst = max(worst, 1.0 - room / own)
    return worst


@kernel
def hostile(relation: Relation, pairs: Pairs, nation: Government, i: int) -> float:
    """Readiness of the more hostile capital to forbid its towns an agreement, 0 to 1."""
    first = nation.hawkishness[pairs.first[i]] * bounded(relation.tension_first[i])
    second = nation.hawkishness[pairs.second[i]] * bounded(relation.tension_second[i])
    return max(first, second)


@scalar
def bounded(tension: float) -> float:
    """Tension on a scale from 0 to 1."""
    return tension / (1.0 + tension)


@kernel
def opposed(topology: Topology, s: State, d: int) -> float:
    """Share of voters against an agreement, on the side with more of them."""
    complaint = s.municipality.complaint
    first = 1.0 - s.dyad.trust_first[d] * (1.0 - complaint[topology.dyad.first[d]])
    second = 1.0 - s.dyad.trust_second[d] * (1.0 - complaint[topology.dyad.second[d]])
    return max(first, second)


@kernel
def tell(
    topology: Topology, s: State, log: np.ndarray, act: int, k: int, d: int, time: float
) -> None:
    """Write down one act in the life of an agreement; the first town acts for both."""
    dyads = topology.dyad
    a, b = np.int64(dyads.first[d]), np.int64(dyads.second[d])
    issue = topology.basin.kind[dyads.basin[d]]
    place = (d, np.int64(dyads.pair[d]), a, b)
    row = emit(log, s.tally, time, act, place, issue, -1, (0, -1))
    if row >= 0:
        log[row].mechanism = k


@kernel
def propose(
    topology: Topology, s: State, log: np.ndarray, plan: Schedule, p: NegotiationParameters,
    bargain: BargainParameters, place: tuple[int, int], chance: tuple[float, float], now: float
) -> None:
    """One round of a matter that nobody has raised.

    ``place``: (mechanism, dyad); ``chance``: the draw, and how well it works next door.
    """
    (k, d), (u, worked) = place, chance
    accord, dyads, revenue = s.accord, topology.dyad, topology.municipality.revenue
    if now < accord.due[k, d]:
        return
    accord.phase[k, d] = ABSENT
    if stopped_until(s.pair, dyads.pair[d]) > now and plan.survives[k] == 0:
        return
    a, b = dyads.first[d], dyads.second[d]
    deal = prospect(topology, s, plan, bargain, k, d)
    most = bargain.worth * (revenue[a] + revenue[b])
    appeal = min(deal.surplus / most, 1.0) if most > 0.0 else 0.0
    will = min(s.municipality.commitment[a], s.municipality.commitment[b])
    rate = p.propose_rate * appeal * will * (1.0 + p.copying * worked)
    if u < probability(rate, ROUND):
        accord.phase[k, d] = PROPOSED
        accord.milestone[k, d] = 0
        tell(topology, s, log, np.int64(AGREEMENT_PROPOSED), k, d, now)


@kernel
def talk_on(
    topology: Topology, s: State, plan: Schedule, p: NegotiationParameters,
    bargain: BargainParameters, general: AgreementParameters, place: tuple[int, int],
    draw: tuple[float, float], now: float,
) -> bool:
    """One round of talks; True when the last milestone is reached. ``place``: (k, d)."""
    k, d = place
    accord, town, i = s.accord, s.municipality, topology.dyad.pair[d]
    a, b = topology.dyad.first[d], topology.dyad.second[d]
    legal = s.channel.legal[d]
    up = p.step_rate * min(town.commitment[a], town.commitment[b])
    up /= s.channel.slowness[d] * legal
    if stopped_until(s.pair, i) > now and plan.survives[k] == 0:
        up = 0.0
    deal = prospect(topology, s, plan, bargain, k, d)
    down = (p.veto_budget * over_budget(topology, s, deal, general, d)
            + p.veto_electorate * opposed(topology, s, d)
            + p.veto_nation * hostile(s.pair, topology.pair, s.nation, i)
            + p.veto_legal * legal)
    total = up + down
    if draw[0] >= probability(total, ROUND):
        return False
    if draw[1] * total >= up:
        rest(s, k, d, np.int64(ABSENT), now + p.cooling_years)
        return False
    accord.milestone[k, d] += 1
    accord.phase[k, d] = NEGOTIATING
    return accord.milestone[k, d] >= p.milestones


@kernel
def rest(s: State, k: int, d: int, phase: int, until: float) -> None:
    """The matter rests until then: nothing is left of the agreement but its end."""
    accord = s.accord
    accord.phase[k, d] = phase
    accord.due[k, d] = until
    accord.milestone[k, d] = 0
    accord.missed[k, d] = 0
    accord.intensity[k, d] = 0.0
    accord.maturity[k, d] = 0.0
    accord.strength[k, d] = 0.0
    accord.election_at[k, d] = NEVER
    accord.crisis_at[k, d] = NEVER


@kernel
def sign(
    topology: Topology, s: State, plan: Schedule, deal: Deal, k: int, d: int, until: float
) -> None:
    """Terms of a new or renewed agreement, fitted to the present."""
    accord = s.accord
    accord.intensity[k, d] = plan.ceiling[k, d] * deal.intensity
    accord.share[k, d] = deal.share
    accord.due[k, d] = until
    accord.basis[k, d] = s.climate.fair[topology.dyad.basin[d]]
    accord.missed[k, d] = 0
    accord.fit[k, d] = 1.0
    if not in_force(accord.phase[k, d]):
        accord.phase[k, d] = SETTING_UP
        accord.delivered[k, d] = 1.0
