"""Border guards and capitals agree how to answer: hotlines, pull-back, no first shot.

Channels: restraint in answering, misreading of signals, taking up of local incidents, channels kept
open, restraint read as weakness. The only mechanism that acts on how an act is answered, because
that is what it is; acts over other issues than the shared resource are beyond it. Between states:
not suspended by a closed border. Fails when: a hawkish electorate reads it as weakness (approval
falls), or an opponent who probes exploits it (more protests). Seeds: A (proportional responses,
escalation protocols, channels that stay open). Source: incidents-at-sea agreements and border
protocols; sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class RestraintProtocolParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    restraint: Annotated[float, Par(
        "logit", 0, 4, "Lower readiness to answer",
        "assumption: from about a half to a fifth")] = 1.2
    misreading: Annotated[float, Par(
        "share", 0, 1, "Fewer misread signals",
        "assumption: half, as a hotline that half of the governments use (crisis.liaison)")] = 0.5
    hand_over: Annotated[float, Par(
        "share", 0, 1, "Fewer local incidents taken up",
        "assumption: two in five; a signed duty to call first does more than liaison (0.3)")] = 0.4
    open_channels: Annotated[float, Par(
        "share", 0, 1, "Channels kept open in a crisis",
        "assumption: three in five; a signed promise holds a little more than a hotline")] = 0.6
    weakness: Annotated[float, Par(
        "share", 0, 1, "How far hawks read it as weakness",
        "assumption: half, for want of evidence; a middling government then loses 1.25 points of "
        "approval by an act it leaves unanswered")] = 0.5
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: liaison officers and a hotline")] = 0.001
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: lines and training cost one more year's running")] = 0.001
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: staff talks and one joint exercise take a year")] = 1.0


ABOUT = (
    "restraint_protocol", "Restraint protocol",
    "Guards and capitals agree how to answer.",
    ("restraint", "misreading", "hand_over", "open_channels", "weakness"),
    "hawks read it as weakness, or an opponent probes",
)
ANSWERS = {"conflict": 1.0, "trust": 0.3}  # problems of the partners
TRAITS = ("survives",)


@kernel
def modify(channel: Channels, reach: np.ndarray, p: RestraintProtocolParameters) -> None:
    """Change the channels of every pair of nations. reach [p]: mean strength over its dyads."""
    restraint, misreading, hand_over = channel.restraint, channel.misreading, channel.hand_over
    open_channels, weakness = channel.open_channels, channel.weakness
    for i in range(reach.size):
        restraint[i] += p.restraint * reach[i]
        misreading[i] *= 1.0 - p.misreading * reach[i]
        hand_over[i] *= 1.0 - p.hand_over * reach[i]
        open_channels[i] += (1.0 - open_channels[i]) * (p.open_channels * reach[i])
        weakness[i] = min(weakness[i] + p.weakness * reach[i], 1.0)
