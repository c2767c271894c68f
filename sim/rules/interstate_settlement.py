"""Open resource disputes are settled by the capitals, a joint body or a third party, or fade.

    bilateral   = b exp(-t tension), none while channels are silent;  joint body = j resolution
    third party = m reach min(rung - 1, 3) (1 - r hawkishness)
    success ends the dispute by agreement; it is kept with probability
    k + e enforcement - s hawkishness (1 if the border was closed within a year),
    else it is broken after a time ~ Exp(mean), which reopens the dispute
    hostility each way falls by c BAR (agreement 4, treaty 6) when it is concluded

Capitals that do not speak to each other (after a crisis) settle nothing by themselves; a joint body
and third parties have channels of their own. Bodies hear what they deal with. A treaty brings joint
monitoring of its kind of resource with it. Mediators come to grave disputes (rung 2 and above) and
as far as they reach (declared per pair); hawkish governments refuse them (hawkishness: of the more
hawkish side). Spoilers: hardliners who gained from a closed border break what was settled (Stedman
1997). Attempts are logged with their method (a failed one as talks). A claim at rest may be
renounced. A dispute without an act for five years closes. Source: basin organizations with dispute
resolution 53 % (TFDD); clauses on information and enforcement go with fewer militarized claims and
more talks that succeed, enforcement with compliance; members of basin organizations militarize more
and shun third parties, yet agree more often in talks (Mitchell & Zawahri 2015); mediation is
offered where disputes are grave (Bercovitch & Jackson 2001); rates: assumption, river claims last
years.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.elementary import exp, log
from sim.events import AGREEMENT, BAR, CLAIM_RENOUNCED, CONDEMNATION, TALKS, TREATY, emit
from sim.rules.answering import AnswerParameters
from sim.rules.state_act import CrisisParameters, Origin, seen_as, state_act
from sim.state import State
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import OTHER, Pairs
from sim.undone import NOT_DONE
from sim.units import probability

SETTLEMENT, RENUNCIATION = int(Purpose.INTERSTATE_SETTLEMENT), int(Purpose.RENUNCIATION)
FORGOTTEN_YEARS = 5.0
SPOILS_YEARS = 1.0  # those who gained from a closed border still count so long


class SettlementParameters(NamedTuple):
    """How interstate disputes over a resource end."""

    bilateral: Annotated[float, Par(
        "1/year", 0, 5, "Bilateral settlement attempts at no tension",
        "assumption: one in two years: with one success in three, claims last six years")] = 0.5
    joint_body: Annotated[float, Par(
        "1/year", 0, 5, "Attempts by a joint body with full powers",
        "assumption: a yearly session, twice as often as capitals meet by themselves")] = 1.0
    third_party: Annotated[float, Par(
        "1/year", 0, 5, "Mediation offered at diplomatic hostility by mediators within reach",
        "assumption: one offer in two years")] = 0.5
    refusal: Annotated[float, Par(
        "share", 0, 1, "Offers that a wholly hawkish government refuses",
        "assumption: half, for want of evidence; a middling government refuses a quarter")] = 0.5
    treaty_share: Annotated[float, Par(
        "share", 0, 1, "Settlements that are a treaty",
        "assumption: one in seven, as treaties must pass parliaments")] = 0.15
    treaty_clauses: Annotated[float, Par(
        "share", 0, 1, "Joint monitoring that a treaty brings with it",
        "45 % of water agreements exchange information, TFDD; strength: assumption, somewhat under "
        "a half of full monitoring in those")] = 0.2
    spoilers: Annotated[float, Par(
        "probability", 0, 1, "Settlements that hardliners spoil who gained from a closed border",
        "spoilers, Stedman 1997; size: assumption, half of those kept without enforcement where "
        "hawks rule")] = 0.3
    success: Annotated[float, Par(
        "probability", 0, 1, "An attempt succeeds",
        "assumption: about a third, ICOW attempts")] = 0.35
    tension: Annotated[float, Par(
        "logit", 0, 3, "Tension discourages bilateral talks",
        "assumption: as on hostile words (talk); mean rivalry costs a fifth of the talks")] = 0.5
    renunciation: Annotated[float, Par(
        "1/year", 0, 5, "A claim at rest is given up",
        "assumption: one dispute in twenty a year; many claims end so (ICOW)")] = 0.05
    kept: Annotated[float, Par(
        "probability", 0, 1, "A settlement is kept without enforcement",
        "assumption: three in five, as both agreed freely; room for what enforcement adds")] = 0.6
    enforcement: Annotated[float, Par(
        "probability", 0, 1, "Added by a body that enforces",
        "assumption: nine in ten are then kept: three breaches in four are averted")] = 0.3
    relief: Annotated[float, Par(
        "level", 0, 1, "Hostility that an agreement takes away, per BAR point",
        "assumption: as much as a hostile act of that size adds")] = 0.06
    broken_years: Annotated[float, Par(
        "years", 0.1, 20, "Mean time to the breach of one that is not kept",
        "assumption: half in two years, while those who signed are mostly in office")] = 3.0


@kernel
def more_hawkish(pairs: Pairs, state: State, i: int) -> float:
    """Hawkishness of the more hawkish government of a pair."""
    hawks = state.nation.hawkishness
    return max(hawks[pairs.first[i]], hawks[pairs.second[i]])


@kernel
def log_meeting(
    pairs: Pairs, state: State, log_: np.ndarray, i: int, j: int, time: float, act: int,
    method: int, seed: int, tick: int,
) -> int:
    """Write an attempt at settlement down; either side may call it. Returns its row."""
    seen, s = pair_of_uniforms(seed, SETTLEMENT, pairs.key[i], tick, 512 + j)
    first, second = np.int64(pairs.first[i]), np.int64(pairs.second[i])
    actor, target = (first, second) if s < 0.5 else (second, first)
    row = emit(log_, state.tally, time, act, (-1, i, actor, target), j,
               np.int64(state.track.event[i, j]), (np.int64(state.track.root[i, j]), -1))
    if row >= 0:
        log_[row].reported = seen_as(np.int64(log_[row].bar), seen)
        log_[row].settlement = method
        log_[row].attempt = min(state.track.attempts[i, j], 100)
    return row


@kernel
def conclude(
    pairs: Pairs, state: State, log_: np.ndarray, p: SettlementParameters, i: int, j: int,
    time: float, method: int, v: float, seed: int, tick: int,
) -> None:
    """The dispute ends by agreement; whether it will be kept is drawn now."""
    track = state.track
    act = TREATY if v < p.treaty_share else AGREEMENT
    row = log_meeting(pairs, state, log_, i, j, time, act, method, seed, tick)
    u, w = pair_of_uniforms(seed, SETTLEMENT, pairs.key[i], tick, 256 + j)
    spoiled = 0.0
    if state.pair.closed_until[i] > time - SPOILS_YEARS:
        spoiled = p.spoilers * more_hawkish(pairs, state, i)
    keeps = u < p.kept + p.enforcement * state.pair.body_enforcement[i, j] - spoiled
    if act == TREATY and time >= 0.0:
        monitoring = state.pair.body_monitoring[i, j]
        state.pair.body_monitoring[i, j] = 1.0 - (1.0 - monitoring) * (1.0 - p.treaty_clauses)
    relief = p.relief * float(BAR[act])
    state.pair.impulse_first[i] -= relief
    state.pair.impulse_second[i] -= relief
    if row >= 0:
        log_[row].outcome = 1
        log_[row].kept = 1 if keeps else -1
    track.relapse[i, j] = np.inf if keeps else time - p.broken_years * log(w)
    track.settled[i, j] = row
    track.open[i, j] = 0
    track.level[i, j] = 0
    track.answered[i, j] = 0
    track.answer_due[i, j] = np.inf


@kernel
def renounced(
    pairs: Pairs, state: State, log_: np.ndarray, p: SettlementParameters, i: int, j: int,
    seed: int, tick: int, dt: float,
) -> bool:
    """A dispute at rest may end because a government gives its claim up."""
    u, s = pair_of_uniforms(seed, RENUNCIATION, pairs.key[i], tick, j)
    if state.track.level[i, j] > 0 or u >= probability(p.renunciation, dt):
        return False
    first, second = np.int64(pairs.first[i]), np.int64(pairs.second[i])
    actor, target = (first, second) if s < 0.5 else (second, first)
    time = max(tick * dt + 0.5 * dt, state.track.last_act[i, j])
    row = emit(log_, state.tally, time, CLAIM_RENOUNCED, (-1, i, actor, target), j,
               np.int64(state.track.event[i, j]), (np.int64(state.track.root[i, j]), -1))
    if row >= 0:
        seen, _ = pair_of_uniforms(seed, RENUNCIATION, pairs.key[i], tick, 16 + j)
        log_[row].reported = seen_as(np.int64(log_[row].bar), seen)
    state.track.open[i, j] = 0
    return True


@kernel
def interstate_settlement(
    pairs: Pairs, state: State, log_: np.ndarray, p: SettlementParameters,
    crisis: CrisisParameters, answer: AnswerParameters, seed: int, tick: int, dt: float,
) -> None:
    """Attempts, closure by oblivion, and breaches of broken settlements."""
    track = state.track
    is_open, relapse = track.open, track.relapse
    now = tick * dt
    for i in range(is_open.shape[0]):
        for j in range(OTHER):
            if is_open[i, j] == 0:
                if relapse[i, j] < now + dt:
                    due = max(relapse[i, j], now)
                    track.relapse[i, j] = np.inf
                    cause = np.int64(track.settled[i, j])
                    origin = Origin(max(np.int64(track.root[i, j]), 1), -1, -1, cause)
                    u, _ = pair_of_uniforms(seed, SETTLEMENT, pairs.key[i], tick, 320 + j)
                    side = 0 if u < 0.5 else 1
                    row = state_act(pairs, state, log_, crisis, answer, i, j, CONDEMNATION, side,
                                    due, origin, pairs.key[i], seed, tick, 3072 + j, False)
                    if cause >= 0 and row != NOT_DONE:
                        log_[cause].kept = 0
                continue
            if now - track.last_act[i, j] > FORGOTTEN_YEARS:
                track.open[i, j] = 0
                track.level[i, j] = 0
                continue
            tension = 0.5 * (state.pair.tension_first[i] + state.pair.tension_second[i])
            if renounced(pairs, state, log_, p, i, j, seed, tick, dt):
                continue
            speaking = state.pair.silent_until[i] <= now + 0.5 * dt
            talk = p.bilateral * exp(-p.tension * tension) if speaking else 0.0
            body = p.joint_body * state.pair.body_resolution[i, j]
            accepted = 1.0 - p.refusal * more_hawkish(pairs, state, i)
            grave = float(min(max(track.level[i, j] - 1, 0), 3))
            third = p.third_party * pairs.mediators[i] * grave * accepted
            total = talk + body + third
            u, v = pair_of_uniforms(seed, SETTLEMENT, pairs.key[i], tick, j)
            if u >= probability(total, dt):
                continue
            track.attempts[i, j] += 1
            state.pair.friction[i] += 1.0
            w, x = pair_of_uniforms(seed, SETTLEMENT, pairs.key[i], tick, 64 + j)
            method = 1 if v * total < talk else (2 if v * total < talk + body else 3)
            meeting = max(now + 0.5 * dt, track.last_act[i, j])
            if w < p.success:
                conclude(pairs, state, log_, p, i, j, meeting, method, x, seed, tick)
            else:
                log_meeting(pairs, state, log_, i, j, meeting, TALKS, method, seed, tick)
