"""Hostility feeds on the rival's as it is read, and fades with fatigue (Richardson 1960).

    rival 0   x' = k y exp(m z - m^2 / 2) - a x + g min(s, 3) + received
    rival 1   x' = - a c (x - x0) + r received,  c = conciliation in ticks without a hostile act

x, y: hostility each way; m: misreading (channel); s: rivalry, g: standing grievance; received:
impulses of hostile acts since the last tick, less what agreements took away. Stable in the mean if
a > k. Tension carries the persistence of tone; it enters answers, talk and the climb of resource
disputes, never the onset of other quarrels. Rival rule: governments do not dwell on the other's
mood but pay back what was done and no more (tit for tat, Axelrod 1984), and an unprovoked side
takes conciliatory steps (graduated reciprocation in tension reduction, Osgood 1962); x0 = g min(s,
3) / (a - k) is where Richardson's equations rest, so that both forms start from the same mean.
Source: Richardson 1960 for the form; rates: assumption. Limits: conciliation is a faster fading,
not an offer that may be refused.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim._jit import kernel, scalar
from sim.channels import Channels
from sim.declare import Par
from sim.elementary import exp
from sim.state import Relation
from sim.streams import Purpose, pair_of_normals
from sim.topology import Pairs
from sim.units import retention

TENSION = int(Purpose.TENSION)


class TensionParameters(NamedTuple):
    """Richardson's arms-race equations read as hostility."""

    reaction: Annotated[float, Par(
        "1/year", 0, 2, "Reaction k to the rival's hostility",
        "assumption: half of fatigue, so that a blow and its echoes come to twice the blow")] = 0.5
    fatigue: Annotated[float, Par(
        "1/year", 0.2, 6, "Fatigue a", "assumption: hostility halves within a year")] = 1.0
    grievance: Annotated[float, Par(
        "1/year", 0, 2, "Standing grievance g per rivalry",
        "assumption: tension near 0.5 for a pair of mean rivalry")] = 0.25
    misreading: Annotated[float, Par(
        "log", 0, 1, "Misreading of the rival's hostility",
        "assumption: a third either way in a week; less than a signal (answer.misreading)")] = 0.3
    most_rivalry: Annotated[float, Par(
        "ratio", 0.5, 20, "Rivalry above which standing grievance grows no more",
        "assumption: keeps enemies off the end of the scale")] = 3.0
    rival: Annotated[float, Par(
        "switch", 0, 1, "How nations react: 0 to the rival's hostility, 1 to its acts",
        "rival forms: Richardson 1960; Axelrod 1984, Osgood 1962")] = 0.0
    retaliation: Annotated[float, Par(
        "ratio", 0, 5, "Rival rule: hostility per hostility received",
        "assumption: an act and its echo in Richardson's form, 1 / (1 - k / a)")] = 2.0
    conciliation: Annotated[float, Par(
        "ratio", 1, 10, "Rival rule: faster fading without provocation",
        "assumption: half as fast again: hostility halves in 5.5 months instead of 8")] = 1.5


@scalar
def richardson(
    own: float, keep: float, push: float, received: float
) -> float:
    """One step: decay to the pushed level, plus what was received; held within 0..10.

    ``push`` is (k y_read + g s) / a, the level that own hostility relaxes to.
    """
    return min(max(push + (own - push) * keep + received, 0.0), 10.0)


@scalar
def resting(rivalry: float, p: TensionParameters) -> float:
    """Hostility at which Richardson's equations rest for a pair of given rivalry."""
    return p.grievance * min(rivalry, p.most_rivalry) / (
        p.fatigue - min(p.reaction, 0.9 * p.fatigue))


@scalar
def in_kind(own: float, rest: float, received: float, keep: float, calm: float,
            retaliation: float) -> float:
    """One step of tit for tat: fading to rest, faster (calm) without provocation."""
    return richardson(own, keep if received > 0.0 else calm, rest, retaliation * received)


@kernel
def tension(
    pairs: Pairs, relation: Relation, channel: Channels, p: TensionParameters, seed: int,
    tick: int, dt: float,
) -> None:
    """Advance hostility of both sides of every pair."""
    keep = retention(1.0 / p.fatigue, dt)
    calm = retention(1.0 / (p.fatigue * p.conciliation), dt)
    for i in range(pairs.key.size):
        if p.rival >= 0.5:
            rest = resting(relation.rivalry[i], p)
            relation.tension_first[i] = in_kind(
                relation.tension_first[i], rest, relation.impulse_first[i], keep, calm,
                p.retaliation)
            relation.tension_second[i] = in_kind(
                relation.tension_second[i], rest, relation.impulse_second[i], keep, calm,
                p.retaliation)
            relation.impulse_first[i] = 0.0
            relation.impulse_second[i] = 0.0
            continue
        z, _ = pair_of_normals(seed, TENSION, pairs.key_first[i], tick, 0)
        y, _ = pair_of_normals(seed, TENSION, pairs.key_second[i], tick, 0)
        m = p.misreading * channel.misreading[i]
        first, second = relation.tension_first[i], relation.tension_second[i]
        standing = p.grievance * min(relation.rivalry[i], p.most_rivalry)
        push_first = (p.reaction * second * exp(m * z - 0.5 * m * m) + standing) / p.fatigue
        push_second = (p.reaction * first * exp(m * y - 0.5 * m * m) + standing) / p.fatigue
        relation.tension_first[i] = richardson(
            first, keep, push_first, relation.impulse_first[i])
        relation.tension_second[i] = richardson(
            second, keep, push_second, relation.impulse_second[i])
        relation.impulse_first[i] = 0.0
        relation.impulse_second[i] = 0.0
