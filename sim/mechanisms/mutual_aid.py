"""Crews, pumps and shelters cross the border when one side is hit.

Channels: what crews from across avert of a blow, speed of recovery, guards who open fire (those who
trained with the other side's hold it more often). Fails when: both sides are hit (crews stay home
in the week in which their own town is struck, rule hazard_response, and unrepaired damage of the
partner lowers what it can send), or foreign crews are refused while the border is closed. Seeds: A
(shared emergency hotline, joint training of crews), B (unified incident command, drills, transfers
of crews and shelters). Source: none; sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par
from sim.topology import Dyads, Municipalities


class MutualAidParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    damage: Annotated[float, Par(
        "share", 0, 1, "Damage avoided with full aid",
        "assumption: pumps, sandbags and evacuation")] = 0.3
    recovery: Annotated[float, Par(
        "share", 0, 3, "Faster recovery with full aid",
        "assumption: not twice as fast, as crews go home; two thirds mended in 7.5 months, not "
        "12")] = 0.6
    training: Annotated[float, Par(
        "share", 0, 1, "Guards who step in and do not open fire because they trained together",
        "assumption: drills teach who is who and how to call; a third hold fire")] = 0.3
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: drills, a hotline and shared equipment")] = 0.003
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: equipment and first drills cost one more year's running")] = 0.003
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: plans and drills for one flood season")] = 1.0


ABOUT = (
    "mutual_aid", "Mutual aid",
    "Crews and shelters cross the border when one side is hit.",
    ("crews", "recovery", "training"),
    "both sides are hit, or crews are refused at a closed border",
)
ANSWERS = {"hazard": 1.0, "trust": 0.2}  # problems of the partners


@kernel
def ready(
    channel: Channels, strength: np.ndarray, dyads: Dyads, closed_until: np.ndarray,
    p: MutualAidParameters, now: float,
) -> None:
    """What crews that may cross the border could avert on the other side. strength [d]."""
    crews, pair = channel.crews, dyads.pair
    for d in range(crews.size):
        if closed_until[pair[d]] <= now:
            crews[d] += (1.0 - crews[d]) * (p.damage * strength[d])


@kernel
def help_within_reach(
    out: np.ndarray, strength: np.ndarray, municipality: Municipalities, dyads: Dyads,
    damage: np.ndarray, closed_until: np.ndarray, now: float,
) -> None:
    """Mean help in recovering that partners could send to every town. out [m], strength [d]."""
    start, member = municipality.dyad_start, municipality.dyad
    first, second, pair, weight = dyads.first, dyads.second, dyads.pair, dyads.weight
    for m in range(out.size):
        total, mass = 0.0, 0.0
        for k in range(start[m], start[m + 1]):
            d = member[k]
            partner = second[d] if first[d] == m else first[d]
            sent = strength[d] * (1.0 - damage[partner])
            if closed_until[pair[d]] > now:
                sent = 0.0
            total += weight[d] * sent
            mass += weight[d]
        out[m] = total / mass if mass > 0.0 else 0.0


@kernel
def modify(channel: Channels, reach: np.ndarray, p: MutualAidParameters) -> None:
    """Change the channel of every municipality. reach [m]: help within reach."""
    recovery = channel.recovery
    for m in range(reach.size):
        recovery[m] *= 1.0 + p.recovery * reach[m]


@kernel
def train(channel: Channels, reach: np.ndarray, p: MutualAidParameters) -> None:
    """Guards who trained together. reach [p]: mean strength over a pair's dyads."""
    training = channel.training
    for i in range(reach.size):
        training[i] *= 1.0 - p.training * reach[i]
