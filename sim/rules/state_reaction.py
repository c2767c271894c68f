"""Border guards step in and capitals take up what towns do: the hand-over from town to state.

    guards step in   = g presence severity reach                    from a unilateral act up
    presence = (quiet + disputed) (1 + r (tension - t0) / (tension + t0))
    of those, fire   = f training
    capital takes up = h (u + (1 - u) attention) severity reach     from a protest up
    reach = hand_over (1 - l liaison)

Guards stand where the line is not marked, and more of them where governments are tense (mean of
both sides; as many as a stretch has by itself at t0); who acts decides what an act means: what
guards do is an act between states. severity: 1 for violence, less for milder acts. hand_over:
channel of the restraint protocol; training: channel of guards who trained together, some of whom
show themselves instead of firing; liaison: of capitals and guards, as declared. Local acts also
draw attention, more where rumour amplifies them. Both reactions are handed to stage 6 through the
queue, with their cause. Source: reports of more than 150 clashes and one or two armed fights on one
border; sizes: assumption, declared with the local ladder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim._jit import kernel, scalar
from sim.channels import Channels
from sim.events import GUARDS_DISPLAY, GUARDS_FIRE, NOTE, OVERFLOW
from sim.state import Relation
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import Topology

if TYPE_CHECKING:
    from sim.rules.local_ladder import LadderParameters

GUARDS, TAKEN_UP = int(Purpose.GUARDS), int(Purpose.TAKEN_UP)
QUEUED = 4  # counter in the tally: acts handed up this tick


@kernel
def hand_up(
    queue: np.ndarray, tally: np.ndarray, act: int, side: int, time: float, d: int, pair: int,
    cause: int, incident: int, step: int,
) -> None:
    """Pass an act of a state organ on to stage 6, with its cause."""
    row = tally[QUEUED]
    if row >= queue.shape[0]:
        tally[OVERFLOW] += 1
        return
    tally[QUEUED] = row + 1
    queue[row, 0] = pair
    queue[row, 1] = act
    queue[row, 2] = side
    queue[row, 3] = time
    queue[row, 4] = cause
    queue[row, 5] = incident
    queue[row, 6] = d
    queue[row, 7] = step


@scalar
def presence(
    disputed: float, tension: float, quiet: float, reinforced: float, ordinary: float
) -> float:
    """Guards near a stretch of border, against a fully disputed one at ordinary tension."""
    return (quiet + disputed) * (1.0 + reinforced * (tension - ordinary) / (tension + ordinary))


@kernel
def state_reaction(
    topology: Topology, channel: Channels, relation: Relation, disputed: float,
    queue: np.ndarray, tally: np.ndarray, p: LadderParameters, seed: int, tick: int, d: int,
    rung: int, side: int, time: float, cause: int, incident: int, step: int,
) -> None:
    """Do guards step in, does a capital take the act up? ``side``: who acted locally."""
    key = topology.dyad.key[d]
    pair = topology.dyad.pair[d]
    if rung >= 2:
        relation.shock[pair] += (1.0 if rung == 4 else p.protest_shock) * channel.rumour[d]
    reach = channel.hand_over[pair] * (1.0 - p.liaison * relation.liaison[pair])
    u, v = pair_of_uniforms(seed, GUARDS, key, tick, step)
    severity = 1.0 if rung == 4 else p.guards_mild
    tension = 0.5 * (relation.tension_first[pair] + relation.tension_second[pair])
    near = presence(disputed, tension, p.guards_quiet, p.guards_tense, p.guards_tension)
    if rung >= 3 and u < p.guards * near * severity * reach:
        act = GUARDS_FIRE if v < p.guards_fire * channel.training[pair] else GUARDS_DISPLAY
        hand_up(queue, tally, act, 1 - side, time, d, pair, cause, incident, 2 * step)
    u, _ = pair_of_uniforms(seed, TAKEN_UP, key, tick, step)
    watched = p.unwatched + (1.0 - p.unwatched) * relation.attention[pair]
    severity = 1.0 if rung == 4 else p.taken_up_mild
    if rung >= 2 and u < p.hand_over * watched * severity * reach:
        hand_up(queue, tally, NOTE, 1 - side, time, d, pair, cause, incident, 2 * step + 1)
