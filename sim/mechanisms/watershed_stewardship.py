"""Buffer strips, wetlands, closed seasons and rest for pasture upstream, paid for by downstream.

Channels: recharge, sediment, pollution, regrowth, at every contested unit. The town downstream
pays, part of it is income of the town upstream, and the upstream side delivers; where neither lies
below the other (one reach, a lake, an aquifer, pasture) both pay half and both deliver. Fails when:
it pays late (years pass between the first payment and a better river), or the upstream side takes
the money and does not deliver: what works is what was delivered (an agreement of promises; the rule
of agreements holds the promise against performance-based release). Seeds: A (joint watershed
management that coordinates land use, sediment control and habitat; downstream users finance
upstream conservation). Source: conditions define payments for environmental services, and are
seldom watched or enforced, which may make them work less (Wunder et al. 2018); riparian buffers
trap most of the sediment that crosses them (Zhang et al. 2010), yet line few banks; more forest
does not mean more water (Filoso et al. 2017), hence a small gain of recharge; sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class WatershedStewardshipParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    recharge: Annotated[float, Par(
        "share", 0, 1, "More recharge and dry-season inflow at full strength",
        "assumption: wetlands, terraces; forest alone can yield less (Filoso et al. 2017)")] = 0.06
    sediment: Annotated[float, Par(
        "share", 0, 1, "Reduction of erosion and sediment",
        "assumption: buffers trap over half (Zhang et al. 2010) and line half of the banks")] = 0.4
    pollution: Annotated[float, Par(
        "share", 0, 1, "Reduction of the pollution load from land",
        "assumption: as for sediment, for the part of the load that comes from land")] = 0.25
    regrowth: Annotated[float, Par(
        "share", 0, 2, "Faster regrowth of fish and pasture",
        "assumption: protected nurseries and rested pasture")] = 0.15
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: payments to upstream land users and their inspection")] = 0.003
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: mapping and planting")] = 0.002
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: banks take some five years to grow over")] = 5.0


ABOUT = (
    "watershed_stewardship", "Watershed stewardship",
    "Downstream pays upstream for buffers, wetlands and rested land.",
    ("recharge", "sediment", "pollution", "regrowth"),
    "it pays late, or upstream takes the money and does not deliver",
)
ANSWERS = {"water": 0.7, "livelihood": 0.4, "hazard": 0.3}  # more and cleaner water
TRAITS = ("promised", "paid")


@kernel
def modify(channel: Channels, reach: np.ndarray, p: WatershedStewardshipParameters) -> None:
    """Change the channels of every unit. reach [u]: mean strength over dyads that contest it."""
    recharge, sediment = channel.recharge, channel.sediment
    pollution, regrowth = channel.pollution, channel.regrowth
    for u in range(reach.size):
        recharge[u] *= 1.0 + p.recharge * reach[u]
        sediment[u] *= 1.0 - p.sediment * reach[u]
        pollution[u] *= 1.0 - p.pollution * reach[u]
        regrowth[u] *= 1.0 + p.regrowth * reach[u]
