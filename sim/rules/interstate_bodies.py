"""Joint bodies of two states are founded where there was friction, once tempers have cooled.

    founding ~ Poisson(rate F / (F + half) exp(-e tension) (1 - most))
    F(t+dt) = F exp(-dt/tau);  every protest, sanction or attempt at settlement adds one

F: friction of the pair over shared resources, as claims and talks of the last years; most: the
strongest power that bodies of the pair hold already over the same kind of resource. A body deals
with the kind over which a dispute stands open when it is founded, or else with one that the pair
shares, at random; the scope of those that exist is declared. It monitors, resolves disputes and
enforces with probabilities of its own; each power p it is given becomes 1 - (1 - p)(1 - strength).
Friction makes the demand for institutions and tension hinders them: a raw contrast of borders with
and without a body is therefore no effect of bodies. Source: river treaties hold more institutions
where water is scarce (Stinnett & Tir 2009) and where they settle contentious issues (Tir & Stinnett
2011); shares of powers: of 118 basin organizations 53 % resolve disputes and 23 % monitor, of 639
water agreements 9 % enforce (TFDD); rates: assumption. Limits: bodies are not dissolved; the region
declares those that exist at the start, and none is founded in the spin-up.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.events import BODY_FOUNDED, ROOT_DISPUTE, emit
from sim.rules.state_act import seen_as
from sim.rules.talk import shared_issue
from sim.state import Relation, State
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import OTHER, Pairs
from sim.units import probability, retention

JOINT_BODY = int(Purpose.JOINT_BODY)


class BodyParameters(NamedTuple):
    """How interstate bodies come about and what they may do."""

    rate: Annotated[float, Par(
        "1/year", 0, 5, "Foundings under great friction without tension",
        "assumption: one in ten years")] = 0.1
    half: Annotated[float, Par(
        "acts", 0.1, 100, "Friction at which half of that is reached",
        "assumption: four protests or talks in the last years")] = 4.0
    memory_years: Annotated[float, Par(
        "years", 0.5, 30, "Time over which friction is remembered by ministries",
        "assumption: the five years of a dispute")] = 5.0
    tension: Annotated[float, Par(
        "logit", 0, 3, "Tension hinders founding",
        "assumption: halved at tension 1, from which border commissions do not meet")] = 0.7
    strength: Annotated[float, Par(
        "share", 0, 1, "Power that a founding lends",
        "assumption: half, for want of evidence; two foundings lend three quarters")] = 0.5
    resolves: Annotated[float, Par(
        "probability", 0, 1, "A body resolves disputes",
        "53 % of basin organizations, TFDD")] = 0.53
    monitors: Annotated[float, Par(
        "probability", 0, 1, "A body monitors", "23 % of basin organizations, TFDD")] = 0.23
    enforces: Annotated[float, Par(
        "probability", 0, 1, "A body enforces", "9 % of water agreements, TFDD")] = 0.09


@scalar
def founding_rate(friction: float, tension: float, most: float, p: BodyParameters) -> float:
    """Foundings per year."""
    return p.rate * friction / (friction + p.half) * exp(-p.tension * tension) * (1.0 - most)


@scalar
def with_power(power: float, lent: float) -> float:
    """A power of a pair's bodies after one more holds it."""
    return 1.0 - (1.0 - power) * (1.0 - lent)


@kernel
def empower(
    relation: Relation, p: BodyParameters, i: int, j: int, u: float, v: float, w: float
) -> None:
    """What the new body may do about its issue."""
    if u < p.resolves:
        relation.body_resolution[i, j] = with_power(relation.body_resolution[i, j], p.strength)
    if v < p.monitors:
        relation.body_monitoring[i, j] = with_power(relation.body_monitoring[i, j], p.strength)
    if w < p.enforces:
        relation.body_enforcement[i, j] = with_power(relation.body_enforcement[i, j], p.strength)


@kernel
def interstate_bodies(
    pairs: Pairs, state: State, log_: np.ndarray, p: BodyParameters, seed: int, tick: int, dt: float
) -> None:
    """Found bodies in the middle of the tick; friction fades."""
    relation, now = state.pair, (tick + 0.5) * dt
    keep = retention(p.memory_years, dt)
    for i in range(pairs.key.size):
        friction = relation.friction[i]
        relation.friction[i] = friction * keep
        if tick < 0 or friction <= 0.0:
            continue
        tension = 0.5 * (relation.tension_first[i] + relation.tension_second[i])
        side, subject = pair_of_uniforms(seed, JOINT_BODY, pairs.key[i], tick, 3)
        issue = shared_issue(pairs, state, i, subject)
        if issue == OTHER:
            continue
        most = max(relation.body_resolution[i, issue], relation.body_monitoring[i, issue],
                   relation.body_enforcement[i, issue])
        u, _ = pair_of_uniforms(seed, JOINT_BODY, pairs.key[i], tick, 0)
        if u >= probability(founding_rate(friction, tension, most, p), dt):
            continue
        x, y = pair_of_uniforms(seed, JOINT_BODY, pairs.key[i], tick, 1)
        z, seen = pair_of_uniforms(seed, JOINT_BODY, pairs.key[i], tick, 2)
        empower(relation, p, i, issue, x, y, z)
        first, second = np.int64(pairs.first[i]), np.int64(pairs.second[i])
        actor, target = (first, second) if side < 0.5 else (second, first)
        cause = np.int64(state.track.event[i, issue])
        row = emit(log_, state.tally, now, BODY_FOUNDED, (-1, i, actor, target), issue, cause,
                   (ROOT_DISPUTE, -1))
        if row >= 0:
            log_[row].settlement = 1
            log_[row].outcome = 1
            log_[row].kept = 1
            log_[row].reported = seen_as(np.int64(log_[row].bar), seen)
