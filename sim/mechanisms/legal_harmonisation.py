"""Compatible rules of procurement, planning and assessment; diplomas and social rights that cross.

Channels: legal distance (time and cost of reaching and running every other agreement), rights that
hold across the border. Fails when: a legislature does not pass it: it matures only while
legislatures let it (the rule of agreements), and costs money meanwhile. Seeds: B (harmonised
procurement, assessment and land-use rules; where that fails, interoperability and mutual
recognition). Source: legal and administrative differences are the obstacle that people in European
border regions name first (European Commission 2017, Boosting growth and cohesion in EU border
regions); sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class LegalHarmonisationParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    distance: Annotated[float, Par(
        "share", 0, 1, "Reduction of legal distance at full strength",
        "assumption: half of the rules can be made compatible")] = 0.5
    portable: Annotated[float, Par(
        "share", 0, 1, "Rights that hold on the other side at full strength",
        "assumption: insured benefits can cross, those paid from taxes often not")] = 0.7
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: a legal service")] = 0.0004
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: lawyers and hearings")] = 0.0012
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: more than one legislative term")] = 5.0


ABOUT = (
    "legal_harmonisation", "Legal harmonisation",
    "Compatible rules, and rights that cross the border.",
    ("legal", "portable"),
    "deadlock in a legislature",
)
ANSWERS = {"money": 0.6, "livelihood": 0.3}  # all else gets cheaper
TRAITS = ("legislated",)


@kernel
def modify(
    channel: Channels, strength: np.ndarray, reach: np.ndarray, p: LegalHarmonisationParameters
) -> None:
    """Change the channels of dyads and municipalities. strength [d], reach [m]."""
    legal, portable = channel.legal, channel.portable
    for d in range(strength.size):
        legal[d] *= 1.0 - p.distance * strength[d]
    for m in range(reach.size):
        portable[m] += (1.0 - portable[m]) * (p.portable * reach[m])
