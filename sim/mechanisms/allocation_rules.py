"""Shares of the resource are agreed, seasonal and partly drought-contingent.

Channel: weight of the shared rule against upstream-first access, at every contested unit. Fails
when: the rule is rigid in drought, or nobody complies for want of legitimacy and cooperation (both
in the rule of abstraction); what works is what still fits (a conditional agreement). As declared
(``abstraction.flexible`` 0.6) its fixed part costs it part of what it could do in a drought; it
does nothing there with no drought-contingent part (0). Seeds: A (allocation with transparent
criteria, seasons, common standards). Source: specific and flexible allocation goes with cooperation
(Dinar et al. 2015); imposed rules without legitimacy are broken (Ostrom 2006).
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class AllocationRulesParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    weight: Annotated[float, Par(
        "share", 0, 1, "Weight of the shared rule at full strength",
        "assumption: a tenth of taking escapes any rule")] = 0.9
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: meters, gatekeepers and negotiation")] = 0.003
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: meters and gates come first; in all two years' running cost")] = 0.003
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: two growing seasons, one to measure and one to try the shares")] = 2.0


ABOUT = (
    "allocation_rules", "Allocation rules",
    "Agreed, seasonal, partly drought-contingent shares.",
    ("access_rule",),
    "the rule is rigid in drought, or nobody complies",
)
ANSWERS = {"water": 1.0, "conflict": 0.3}  # problems of the partners
TRAITS = ("conditional",)


@kernel
def modify(channel: Channels, reach: np.ndarray, p: AllocationRulesParameters) -> None:
    """Change the channel of every unit. reach [u]: mean strength over dyads that contest it."""
    access_rule = channel.access_rule
    for u in range(reach.size):
        access_rule[u] = max(access_rule[u], p.weight * reach[u])
