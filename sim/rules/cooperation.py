"""The order in which the rules of agreements run: rounds of talks, then a tick of operation.

| when | what happens | rules |
| --- | --- | --- |
| every four weeks | memory, shocks, reviews, talks, meetings, ends | lived ... renewal |
| every tick | set-up and suspension, money, strength | agreements, agreement_money |

Rounds end at whole multiples of four weeks, whatever the tick, and their draws are numbered by the
round: a study with another tick length holds the same talks. Source: none needed, an order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim._jit import spliced
from sim.rules.agreement_money import (
    ability,
    bills,
    charge,
    finance,
    leaks,
    outside_money,
    pass_on,
)
from sim.rules.agreements import (
    majorities,
    note_suspensions,
    operate,
    strengths,
    time_to_learn,
)
from sim.rules.lived import live_through, rounds_before
from sim.rules.political_shock import political_shock
from sim.rules.renewal import mark_elections, negotiate
from sim.rules.review import deliver, review
from sim.schedule import Schedule
from sim.scratch import Scratch
from sim.state import State
from sim.topology import Topology
from sim.units import WEEKS_PER_YEAR

if TYPE_CHECKING:
    from sim.parameters import Parameters


@spliced
def rounds_of_talks(
    topology: Topology, s: State, w: Scratch, log: np.ndarray, plan: Schedule, p: Parameters,
    seed: int, tick: int, weeks: float,
) -> None:
    """Stage 4, every four weeks: memory, shocks, reviews, negotiation, renewal."""
    town, towns, fair = topology.municipality, s.municipality, s.climate.fair
    now = tick * (weeks / WEEKS_PER_YEAR)
    for turn in range(rounds_before(tick, weeks), rounds_before(tick + 1, weeks)):
        live_through(towns, town.group_start, topology.group.weight, s.group.livelihood, p.lived)
        political_shock(towns, town.key, s.channel.anchoring, p.shock, seed, turn)
        mark_elections(town, topology.dyad, towns, s.dyad, s.accord, now, turn)
        deliver(s.accord, topology.dyad, s.dyad, towns.legitimacy, s.channel.tied, plan,
                p.review)
        review(s.accord, topology.dyad, s.channel, fair, plan, p.review, seed, turn)
        negotiate(topology, s, w, log, plan, p.renewal, p.negotiation, p.bargain, p.agreement,
                  now, seed, turn)


@spliced
def run_agreements(
    topology: Topology, s: State, w: Scratch, log: np.ndarray, plan: Schedule, p: Parameters,
    t: int, dt: float,
) -> None:
    """Stage 4, last part: agreements run, cost money and work."""
    dyad, towns, fair = topology.dyad, s.municipality, s.climate.fair
    majorities(w.pairs, topology.pair, s.nation, p.agreement)
    time_to_learn(w.chance, s.channel, dt)
    operate(dyad, s.accord, s.pair, plan, (w.chance, w.pairs, w.u_dyad), fair, p.agreement, t * dt,
            dt)
    note_suspensions(topology, s.dyad, w.u_dyad, log, s.tally, t * dt)
    bill = (w.u_dyad, w.v_dyad, w.more)
    bills(bill, s.accord, plan, p.money)
    outside_money(w.chance, bill, topology, towns, s.channel, fair, p.money)
    charge(towns, dyad, bill, w.chance)
    finance(topology.municipality, towns, p.agreement, dt, t >= 0)
    pass_on(topology, towns, s.channel.legal, s.accord, plan, p.money)
    leaks(towns, s.channel.leakage, p.money, dt)
    ability(w.chance, dyad, towns, s.channel.pooled)
    strengths(s.accord, w.chance, s.channel.backup)
