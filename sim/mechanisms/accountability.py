"""Independent audits, open books, transparent procurement, and reviews that change the rest.

Channels: money that leaks, leaks that become public, rate of reviews that revise agreements. Fails
when: audits bring scandals: what becomes public costs legitimacy at once, fewer leaks win some back
later. As declared, where a fifth of leaks is known anyway (``politics.known``), these never make up
for it: less leaks, but more of it is known. At full strength they would where people suspected more
than 0.54 of the leaks: 0.7 (n + 0.5 (1 - n)) < n; at less strength, up to 0.63. Seeds: A
(performance reviews of projected against actual outcomes, independent audits, transparent
procurement), B (audits, evaluations, adaptive management). Source: certain audits cut missing
expenditure by about 8 percentage points of 28 (Olken 2007); published audits cost corrupt mayors
votes (Ferraz & Finan 2008); other sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class AccountabilityParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    leakage: Annotated[float, Par(
        "share", 0, 1, "Reduction of money that leaks",
        "Olken 2007: audits of all projects cut missing expenditure by about 8 points of 28")] = 0.3
    audit: Annotated[float, Par(
        "share", 0, 1, "Leaks that become public at full strength",
        "assumption: audits sample half of the contracts")] = 0.5
    learning: Annotated[float, Par(
        "ratio", 0, 9, "More frequent reviews that revise agreements",
        "assumption: from one review in a term to one in two years")] = 1.0
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: an audit office and evaluators")] = 0.0008
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: rules of procurement and a portal")] = 0.0005
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: one cycle of accounts")] = 1.5


ABOUT = (
    "accountability", "Accountability",
    "Audits, open books and reviews that revise the other agreements.",
    ("leakage", "audit", "learning"),
    "scandal: what becomes public costs more legitimacy than fewer leaks win back",
)
ANSWERS = {"money": 0.7, "trust": 0.4}  # money that leaks


@kernel
def modify(
    channel: Channels, strength: np.ndarray, reach: np.ndarray, p: AccountabilityParameters
) -> None:
    """Change the channels of dyads and municipalities. strength [d], reach [m]."""
    leakage, audit, learning = channel.leakage, channel.audit, channel.learning
    for m in range(reach.size):
        leakage[m] *= 1.0 - p.leakage * reach[m]
        audit[m] += (1.0 - audit[m]) * (p.audit * reach[m])
    for d in range(strength.size):
        learning[d] *= 1.0 + p.learning * strength[d]
