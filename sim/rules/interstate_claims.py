"""Disputes between states come from claims to a shared resource and from what towns set off.

    new dispute = claim (plenty_c + scarcity_j) mood (1 + d (0.5 - approval))
    protest     = note (plenty_n + scarcity_j) mood      in an open dispute that stands at rung 0
    mood = exp(b (min(tension, 3) - 1)) (1 + g weakness hawkishness) (1 + c resolution_j) ground_j
    ground_j = m + undemarcated for land, 1 for every other kind

scarcity_j: shortage of the kind that is claimed (a dry river raises no claim to fish or pasture).
Land is claimed where its border is not marked, and as pasture where it is: marking it takes ground
from claims and protests, and what a claim is about decides how it goes (Hensel et al. 2008).
An open resource dispute at rung 0 goes on making notes of protest, and a joint body invites them
(an assumption; members of basin organizations have more militarized claims, and reach more
agreements in talks: Mitchell & Zawahri 2015); one that follows the last act within 26 weeks
descends from it, a later one has the dispute as its root. Hawks probe an opponent whose restraint
looks weak, and unpopular governments claim a little more (diversion, Levy 1989). What guards and
capitals make of a local incident reaches the track of its resource in the same week, with its
cause. Source: as named; rates: assumption, declared with the interstate ladder.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel, scalar
from sim.events import CONDEMNATION, GUARDS_DISPLAY, NOTE, ROOT_DISPUTE
from sim.rules.answering import AnswerParameters
from sim.rules.interstate_ladder import MILD_SHARE, InterstateParameters, diverted, tone
from sim.rules.state_act import CrisisParameters, Origin, state_act
from sim.state import State
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import LAND, OTHER, Pairs
from sim.units import probability

CLAIM = int(Purpose.CLAIM)
DESCENT_YEARS = 0.5  # a later protest has no cause in the last act: its root is the dispute


@scalar
def ground(issue: int, undemarcated: float, marked: float) -> float:
    """How far an issue gives ground for claims: land by how much of its border is not marked."""
    return marked + undemarcated if issue == LAND else 1.0


@kernel
def new_protests(
    pairs: Pairs, state: State, log_: np.ndarray, p: InterstateParameters,
    crisis: CrisisParameters, answer: AnswerParameters, seed: int, tick: int, dt: float,
) -> None:
    """New disputes over shared resources, and protests in open ones."""
    shares, level = pairs.shares, state.track.level
    for i in range(shares.shape[0]):
        for j in range(OTHER):
            if shares[i, j] <= 0.0 or level[i, j] > 0:
                continue
            tension = 0.5 * (state.pair.tension_first[i] + state.pair.tension_second[i])
            hawk = max(state.nation.hawkishness[pairs.first[i]],
                       state.nation.hawkishness[pairs.second[i]])
            probes = 1.0 + p.probing * state.channel.weakness[i] * hawk
            approval = 0.5 * (state.nation.approval[pairs.first[i]]
                              + state.nation.approval[pairs.second[i]])
            mood = (tone(p.tension, tension) * probes
                    * (1.0 + p.body_claims * state.pair.body_resolution[i, j])
                    * ground(j, state.pair.undemarcated[i], p.land_marked))
            short = state.track.scarcity[i, j]
            if state.track.open[i, j] == 1:
                rate = p.note_rate * mood * (p.note_plenty + short)
            else:
                rate = (p.claim_rate * mood * (p.claim_plenty + short)
                        * diverted(approval, p.diversion))
            u, v = pair_of_uniforms(seed, CLAIM, pairs.key[i], tick, j)
            if u < probability(rate, dt):
                w, _ = pair_of_uniforms(seed, CLAIM, pairs.key[i], tick, 16 + j)
                time = tick * dt + dt * min(u / max(rate * dt, 1e-12), 1.0)
                root, incident, cause = ROOT_DISPUTE, -1, -1
                if state.track.open[i, j] == 1 and (
                        time - state.track.last_act[i, j] <= DESCENT_YEARS):
                    root = np.int64(state.track.root[i, j])
                    incident = np.int64(state.track.incident[i, j])
                    cause = np.int64(state.track.event[i, j])
                act = NOTE if v < MILD_SHARE else CONDEMNATION
                side = 0 if w < 0.5 else 1
                state_act(pairs, state, log_, crisis, answer, i, j, act, side, time,
                          Origin(root, incident, -1, cause), pairs.key[i], seed, tick, 1024 + j,
                          False)


@kernel
def handed_up(
    pairs: Pairs, state: State, log_: np.ndarray, queue: np.ndarray, count: int,
    keys: np.ndarray, kind: np.ndarray, crisis: CrisisParameters, answer: AnswerParameters,
    seed: int, tick: int,
) -> None:
    """Acts of guards and capitals that local incidents set off this tick.

    ``keys`` [d]: identity of the dyad; ``kind`` [d]: kind of the contested resource.
    """
    for row in range(count):
        i, act, side = np.int64(queue[row, 0]), np.int64(queue[row, 1]), np.int64(queue[row, 2])
        d = np.int64(queue[row, 6])
        organ = d if act == GUARDS_DISPLAY or act == GUARDS_DISPLAY + 1 else -1
        origin = Origin(1, np.int64(queue[row, 5]), organ, np.int64(queue[row, 4]))
        state_act(pairs, state, log_, crisis, answer, i, np.int64(kind[d]), act, side,
                  queue[row, 3], origin, keys[d], seed, tick, 2048 + np.int64(queue[row, 7]), False)
