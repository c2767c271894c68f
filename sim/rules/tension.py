"""Hostility feeds on the rival's as it is read, and fades with fatigue (Richardson 1960).

    x' = k y exp(m z - m^2 / 2) - a x + g min(s, 3) + received

x, y: hostility each way; m: misreading (channel); s: rivalry, g: standing grievance; received:
impulses of hostile acts since the last tick. Stable in the mean if a > k. Tension carries the
persistence of tone; it enters answers, talk and the climb of resource disputes, never the onset of
other quarrels. Source: Richardson 1960 for the form; rates: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.state import Channels, Relation
from sim.streams import Purpose, pair_of_normals
from sim.topology import Pairs
from sim.units import retention

TENSION = int(Purpose.TENSION)


class TensionParameters(NamedTuple):
    """Richardson's arms-race equations read as hostility."""

    reaction: Annotated[float, Par(
        "1/year", 0, 2, "Reaction k to the rival's hostility", "assumption: below fatigue")] = 0.5
    fatigue: Annotated[float, Par(
        "1/year", 0.2, 6, "Fatigue a", "assumption: hostility halves within a year")] = 1.0
    grievance: Annotated[float, Par(
        "1/year", 0, 2, "Standing grievance g per rivalry",
        "assumption: tension near 0.5 for a pair of mean rivalry")] = 0.25
    misreading: Annotated[float, Par(
        "log", 0, 1, "Misreading of the rival's hostility", "assumption")] = 0.3


@scalar
def richardson(
    own: float, keep: float, push: float, received: float
) -> float:
    """One step: decay to the pushed level, plus what was received; held within 0..10.

    ``push`` is (k y_read + g s) / a, the level that own hostility relaxes to.
    """
    return min(max(push + (own - push) * keep + received, 0.0), 10.0)


@kernel
def tension(
    pairs: Pairs, relation: Relation, channel: Channels, p: TensionParameters, seed: int,
    tick: int, dt: float,
) -> None:
    """Advance hostility of both sides of every pair."""
    keep = retention(1.0 / p.fatigue, dt)
    for i in range(pairs.key.size):
        z, _ = pair_of_normals(seed, TENSION, pairs.key_first[i], tick, 0)
        y, _ = pair_of_normals(seed, TENSION, pairs.key_second[i], tick, 0)
        m = p.misreading * channel.misreading[i]
        first, second = relation.tension_first[i], relation.tension_second[i]
        standing = p.grievance * min(relation.rivalry[i], 3.0)
        push_first = (p.reaction * second * exp(m * z - 0.5 * m * m) + standing) / p.fatigue
        push_second = (p.reaction * first * exp(m * y - 0.5 * m * m) + standing) / p.fatigue
        relation.tension_first[i] = richardson(
            first, keep, push_first, relation.impulse_first[i])
        relation.tension_second[i] = richardson(
            second, keep, push_second, relation.impulse_second[i])
        relation.impulse_first[i] = 0.0
        relation.impulse_second[i] = 0.0
