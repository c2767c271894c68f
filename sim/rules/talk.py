"""Words between capitals over shared resources excite themselves: praise and blame come in bursts.

    events this tick ~ Poisson(base dt + (1 - exp(-d dt)) E)
    E(t+dt) = E exp(-d dt) + branching * events
    base     = rate interest (hostile: exp(t (min(tension, 3) - 1)); friendly: 1 + b body)
    interest = plenty + scarcity + o (1 if a dispute is open)

E: pending echoes. Every event releases ``branching`` further ones over the decay time, at any tick
length. Branching about 0.6 for cooperative and 0.4 for conflictive talk, decaying within weeks (fit
to event series). Capitals speak of what matters to them: cooperation and conflict over water come
from the same basins, and where nothing is short and nothing disputed there is little of either.
body: the strongest over the kinds of resource that the pair shares.
While the channels between capitals are silent (after a crisis) there is no friendly talk, and its
echoes die away; hostile words are public and go on. Friendly talk carries BAR +1 to +4 in the
proportions of the 1948-1999 counts (438, 190, 170, 266). Treaties (+6) come only where they do
something: when a dispute is settled or a joint body is founded; nothing makes +5. Hostile words are
-1 or -2 (250 : 164), move no rung, and add h per BAR point to the rhetoric of the government that
speaks them, which binds it before its public. Self-excitation carries the bursts (one memory each).
Source: TFDD counts (Yoffe, Wolf & Giordano 2003); base rates: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.events import BAR, CONDEMNATION, NEUTRAL, NOTE, ROOT_DISPUTE, TALKS, emit
from sim.rules.interstate_ladder import MILD_SHARE, tone
from sim.rules.state_act import seen_as
from sim.state import State
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import OTHER, Pairs
from sim.units import WEEKS_PER_YEAR, probability, retention

HOSTILE, FRIENDLY, NEUTRAL_ACT = (
    int(Purpose.TALK_HOSTILE), int(Purpose.TALK_FRIENDLY), int(Purpose.NEUTRAL_ACT))
FRIENDLY_SHARES = np.cumsum(np.array([438.0, 190.0, 170.0, 266.0]) / 1064.0)
MOST_EVENTS = 16


class TalkParameters(NamedTuple):
    """Self-exciting talk."""

    friendly_rate: Annotated[float, Par(
        "1/year", 0, 10, "First friendly acts at full interest without a body",
        "calibrated on V1 (TFDD)")] = 1.1
    body_bonus: Annotated[float, Par(
        "ratio", 0, 5, "More friendly acts with a full interstate body",
        "assumption: regular sessions bring as many again as occasions do")] = 1.0
    hostile_rate: Annotated[float, Par(
        "1/year", 0, 10, "First hostile words at reference tension and full interest",
        "calibrated on V1 and V2 (TFDD)")] = 0.7
    friendly_branching: Annotated[float, Par(
        "ratio", 0, 0.95, "Echoes of a friendly act", "0.6, trial fit to event series")] = 0.6
    hostile_branching: Annotated[float, Par(
        "ratio", 0, 0.95, "Echoes of hostile words", "0.4, trial fit to event series")] = 0.4
    echo_weeks: Annotated[float, Par(
        "weeks", 0.5, 52, "Time over which echoes come", "weeks, trial fit to event series")] = 3.0
    neutral_rate: Annotated[float, Par(
        "1/year", 0, 5, "Neutral acts of a pair at full interest",
        "5 % of events are neutral, TFDD; size: assumption, the rest are weak acts coded 0")] = 0.2
    plenty: Annotated[float, Par(
        "share", 0, 2, "Interest without scarcity or dispute, against what full scarcity adds",
        "assumption: one in seven talks has another occasion")] = 0.15
    disputed: Annotated[float, Par(
        "share", 0, 2, "Interest added by an open dispute", "assumption: as half scarcity")] = 0.5
    tension: Annotated[float, Par(
        "logit", 0, 3, "Effect of tension on hostile words",
        "assumption: a unit adds two thirds; less than on deeds (interstate.tension, 0.6)")] = 0.5
    rhetoric: Annotated[float, Par(
        "share", 0, 0.5, "Rhetoric added per BAR point of hostile words",
        "assumption: half of what a hostile act adds")] = 0.03


@scalar
def interest(scarcity: float, disputed: bool, p: TalkParameters) -> float:
    """How much there is to talk about: 1 at full scarcity (about)."""
    return p.plenty + scarcity + (p.disputed if disputed else 0.0)


@kernel
def shared_issue(pairs: Pairs, state: State, i: int, v: float) -> int:
    """Kind of resource that a talk is about: an open dispute first, else one shared at random."""
    shared = 0.0
    for j in range(OTHER):
        if state.track.open[i, j] == 1:
            return j
        shared += pairs.shares[i, j]
    choice = v * shared
    for j in range(OTHER):
        if pairs.shares[i, j] > 0.0:
            choice -= pairs.shares[i, j]
            if choice <= 0.0:
                return j
    return OTHER


@kernel
def strongest_body(pairs: Pairs, state: State, i: int) -> float:
    """How far a joint body monitors or resolves, over the kinds of resource that a pair shares."""
    most = 0.0
    for j in range(OTHER):
        if pairs.shares[i, j] > 0.0:
            most = max(most, state.pair.body_monitoring[i, j], state.pair.body_resolution[i, j])
    return most


@kernel
def speak(
    pairs: Pairs, state: State, log_: np.ndarray, seed: int, purpose: int, tick: int, dt: float,
    i: int, expected: float, rhetoric: float,
) -> int:
    """Log a Poisson number of acts of one tone with the given expectation; returns how many.

    ``rhetoric``: what a hostile word adds to that of its speaker, per BAR point.
    """
    left = exp(-expected)
    u, _ = pair_of_uniforms(seed, purpose, pairs.key[i], tick, 0)
    number, term, total = 0, left, left
    while u > total and number < MOST_EVENTS:
        number += 1
        term *= expected / number
        total += term
    for k in range(number):
        v, w = pair_of_uniforms(seed, purpose, pairs.key[i], tick, 1 + k)
        x, y = pair_of_uniforms(seed, purpose, pairs.key[i], tick, 64 + k)
        act = NOTE if v < MILD_SHARE else CONDEMNATION
        if purpose == FRIENDLY:
            act = TALKS
            while act < TALKS + 3 and v > FRIENDLY_SHARES[act - TALKS]:
                act += 1
        elif purpose == NEUTRAL_ACT:
            act = NEUTRAL
        issue = shared_issue(pairs, state, i, x)
        first, second = np.int64(pairs.first[i]), np.int64(pairs.second[i])
        actor, target = (first, second) if w < 0.5 else (second, first)
        state.nation.spoken[actor] += rhetoric * max(-float(BAR[act]), 0.0)
        row = emit(log_, state.tally, (tick + (k + 0.5) / number) * dt, act,
                   (-1, i, actor, target), issue, -1, (ROOT_DISPUTE, -1))
        if row >= 0:
            bar = np.int64(log_[row].bar)
            log_[row].reported = seen_as(bar, y)
    return number


@kernel
def talk(
    pairs: Pairs, state: State, log_: np.ndarray, p: TalkParameters, seed: int, tick: int,
    dt: float,
) -> None:
    """Friendly, hostile and neutral words of every pair that shares a resource."""
    years = p.echo_weeks / WEEKS_PER_YEAR
    keep, released = retention(years, dt), probability(1.0 / years, dt)
    for i in range(pairs.key.size):
        shared, disputes = 0.0, 0
        for j in range(OTHER):
            shared += pairs.shares[i, j]
            disputes += state.track.open[i, j]
        if shared <= 0.0:
            continue
        tension = 0.5 * (state.pair.tension_first[i] + state.pair.tension_second[i])
        matter = interest(state.pair.scarcity[i], disputes > 0, p)
        base = p.hostile_rate * matter * tone(p.tension, tension)
        pending = state.pair.hostile_talk[i]
        n = speak(pairs, state, log_, seed, np.int64(HOSTILE), tick, dt, i,
                  base * dt + released * pending, p.rhetoric)
        state.pair.hostile_talk[i] = pending * keep + p.hostile_branching * n
        body = strongest_body(pairs, state, i)
        base = p.friendly_rate * matter * (1.0 + p.body_bonus * body)
        pending = state.pair.friendly_talk[i]
        speaking = state.pair.silent_until[i] <= (tick + 0.5) * dt
        n = speak(pairs, state, log_, seed, np.int64(FRIENDLY), tick, dt, i,
                  base * dt + released * pending if speaking else 0.0, p.rhetoric)
        state.pair.friendly_talk[i] = pending * keep + p.friendly_branching * n
        speak(pairs, state, log_, seed, np.int64(NEUTRAL_ACT), tick, dt, i,
              p.neutral_rate * matter * dt, p.rhetoric)
