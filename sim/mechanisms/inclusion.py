"""Those without a voice are heard: advisory boards, quotas, meetings in their language and hours.

Channels: the excluded who are given a voice, time that decisions take. Perceived fairness follows
in the rules that read the voice; works that people helped to design displace fewer of them. Fails
when: decisions take longer, so that agreements come later and disputes wait. Seeds: A (citizen
advisory boards; fisherfolk, women heads of households and small farmers are heard), B (co-design,
early and ongoing consultation). Source: procedural fairness carries acceptance and legitimacy (Lind
& Tyler 1988); participation takes time and its costs are real (Irvin & Stansbury 2004); sizes:
assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class InclusionParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    voice: Annotated[float, Par(
        "share", 0, 1, "Excluded who are given a voice at full strength",
        "assumption: one in three stays away from every meeting")] = 0.7
    slowness: Annotated[float, Par(
        "share", 0, 5, "Longer time that decisions take",
        "assumption: one more round of consultation for every two")] = 0.5
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: facilitators, interpreters and travel money")] = 0.0008
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: elections to boards")] = 0.0005
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: one round of meetings")] = 1.0


ABOUT = (
    "inclusion", "Inclusion",
    "Those without a voice sit at the table.",
    ("inclusion", "slowness"),
    "it slows decisions",
)
ANSWERS = {"livelihood": 0.6, "conflict": 0.3, "trust": 0.3}  # who was never asked


@kernel
def modify(
    channel: Channels, strength: np.ndarray, reach: np.ndarray, p: InclusionParameters
) -> None:
    """Change the channels of dyads and municipalities. strength [d], reach [m]."""
    inclusion, slowness = channel.inclusion, channel.slowness
    for m in range(reach.size):
        inclusion[m] += (1.0 - inclusion[m]) * (p.voice * reach[m])
    for d in range(strength.size):
        slowness[d] *= 1.0 + p.slowness * strength[d]
