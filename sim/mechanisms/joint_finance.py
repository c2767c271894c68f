"""Both towns pool money, outside funds match it, and part of it is released for performance only.

Channels: funding that both pool (a common reserve: after a disaster the one that still can pays),
cost paid by outside and private funds, money tied to performance, money that leaks. Fails when:
more money through more hands leaks more, or a release is withheld in bad years, when outcomes fall
short for reasons that nobody could help (rule agreement_money): as declared it then helps less than
money that nobody ties (``tied`` 0), and more than none. Limits: it steadies what pays for
agreements; nothing of it pays for damage or upkeep. Seeds: A (joint funding streams matched by
development grants; performance-based release; public-private partnerships), B (blended finance,
reserve funds). Source: pooled reserves smooth shocks that do not strike both at once (elementary
insurance); payments whose conditions are not enforced may deliver less (Wunder et al. 2018); sizes:
assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class JointFinanceParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    pooled: Annotated[float, Par(
        "share", 0, 1, "Share of a funding gap that the partner's money can close",
        "assumption: half of each budget line is pooled")] = 0.5
    matched: Annotated[float, Par(
        "share", 0, 0.95, "Share of the cost of agreements that outside grants pay",
        "assumption: well below the four fifths that Interreg programmes may give")] = 0.3
    private_share: Annotated[float, Par(
        "share", 0, 0.95, "Share of the rest of the cost that private partners pay",
        "assumption: few border works earn a fee")] = 0.05
    tied: Annotated[float, Par(
        "share", 0, 1, "Share of the money that is released for performance only",
        "assumption: a third is held back until results are seen")] = 0.33
    leakage: Annotated[float, Par(
        "share", 0, 2, "More leakage because more money goes through more hands",
        "assumption: outside money is watched less by those who pay taxes")] = 0.3
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: a joint secretariat and a bank")] = 0.0008
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: statutes and negotiation with donors")] = 0.001
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: two budget cycles")] = 2.0


ABOUT = (
    "joint_finance", "Joint finance",
    "Pooled, matched and partly performance-based money.",
    ("pooled", "matched", "tied", "leakage"),
    "money leaks, or a release is withheld in a bad year",
)
ANSWERS = {"money": 1.0}  # steady money; none of it repairs damage


@kernel
def modify(
    channel: Channels, strength: np.ndarray, reach: np.ndarray, p: JointFinanceParameters
) -> None:
    """Change the channels of dyads and municipalities. strength [d], reach [m]."""
    pooled, matched, tied, leakage = channel.pooled, channel.matched, channel.tied, channel.leakage
    for d in range(strength.size):
        outside = 1.0 - (1.0 - p.matched) * (1.0 - p.private_share)
        pooled[d] += (1.0 - pooled[d]) * (p.pooled * strength[d])
        matched[d] += (1.0 - matched[d]) * (outside * strength[d])
        tied[d] += (1.0 - tied[d]) * (p.tied * strength[d])
    for m in range(reach.size):
        leakage[m] *= 1.0 + p.leakage * reach[m]
