"""A long-term vision with enforceable clauses and multi-year funding.

Channels: what elections and shocks cannot take, revision that is shut out. Fails when: it locks in
a rule that no longer fits, or is empty, because nothing else is delivered that voters would miss:

    anchoring = a (mean over dyads of strength min(B / B0, 1)),  B: sum of the other strengths

Limits: clauses, budgets over years, convenings and leadership that rotates across electoral cycles
are one number, the anchor; none has a rule of its own. Seeds: A (sustained investment, benefits
that stay visible), B (enforceable agreements, regular convenings, rotating leadership). Source:
commitments bind when breaking them costs (North & Weingast 1989); long-lived rules can outlast
their fit (Young 2002, the problem of fit); sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class SustainedCommitmentParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    anchoring: Annotated[float, Par(
        "share", 0, 1, "What elections and shocks cannot take, at full strength",
        "assumption: a council can still leave, at a price")] = 0.6
    benefits: Annotated[float, Par(
        "ratio", 0.05, 17, "Sum of strengths of other agreements at which the anchor holds",
        "assumption: two agreements that work")] = 2.0
    lock_in: Annotated[float, Par(
        "share", 0, 1, "Revision that is shut out at full strength",
        "assumption: an entrenched clause needs both councils")] = 0.4
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: convenings and a small secretariat")] = 0.0003
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: drafting and ceremonies")] = 0.0004
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: a round of votes and budgets in both councils; half in a year")] = 1.5


ABOUT = (
    "sustained_commitment", "Sustained commitment",
    "A long-term vision with enforceable clauses.",
    ("anchoring", "lock_in"),
    "it locks in a rule that no longer fits, or is empty without delivered benefits",
)
ANSWERS = {"trust": 0.5, "money": 0.5}  # outlasts the next election


@kernel
def anchored(
    out: np.ndarray, strength: np.ndarray, every: np.ndarray, p: SustainedCommitmentParameters
) -> None:
    """Strength that delivered benefits stand behind. out, strength [d]; every [k, d]."""
    for d in range(out.size):
        out[d] = -strength[d]
    for k in range(every.shape[0]):
        for d in range(out.size):
            out[d] += every[k, d]
    for d in range(out.size):
        out[d] = strength[d] * min(max(out[d], 0.0) / p.benefits, 1.0)


@kernel
def modify(
    channel: Channels, strength: np.ndarray, reach: np.ndarray, p: SustainedCommitmentParameters
) -> None:
    """Change the channels of dyads and municipalities. strength [d], reach [m]: anchored mean."""
    anchoring, lock_in = channel.anchoring, channel.lock_in
    for m in range(reach.size):
        anchoring[m] += (1.0 - anchoring[m]) * (p.anchoring * reach[m])
    for d in range(strength.size):
        lock_in[d] += (1.0 - lock_in[d]) * (p.lock_in * strength[d])
