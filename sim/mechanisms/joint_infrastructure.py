"""Treatment plants, mains and pumps are built, bought and kept up together.

Channels: need after losses are cut, ageing of works (shared crews and inspection), price of upkeep
(economies of scale in procurement and maintenance), pollution of contested units, services that
stop at a closed border, people who must move for works. Fails when: the border closes in a crisis
and the plant is on the other side (hostage), or works displace people who had no say:

    displacing = m (mean over dyads of intensity (1 - maturity) (1 - c heard))   while being built

heard: strength of inclusion on the dyad. Hostage is what stands, also while the agreement is
suspended. Limits: what is built more slowly displaces for longer; cheaper upkeep helps only towns
that cannot pay for all of it, and large ones as much as small ones; no works keep out a flood, a
storm or heat. Seeds: A (shared procurement, cross-border waste treatment), B (shared maintenance
regimes, economies of scale). Source: displacement by water works is large where people have no say
(World Commission on Dams 2000); Moravian municipalities that handle waste together pay 13.5 % less
for it (Struk & Bakoš 2021), over all studies savings diverge, and small places have the advantage
(Bel & Sebő 2021); sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class JointInfrastructureParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    losses: Annotated[float, Par(
        "share", 0, 0.9, "Reduction of need because leaks and losses are cut",
        "assumption: mains lose about a third on the way; joint works mend a third of that")] = 0.1
    upkeep: Annotated[float, Par(
        "share", 0, 1, "Slower ageing of works because maintenance is shared",
        "assumption: spare parts, crews and inspection for two towns")] = 0.3
    scale: Annotated[float, Par(
        "share", 0, 0.9, "Price of upkeep saved because parts and crews are bought for both",
        "assumption below the 13.5 % saved on waste in Moravia (Struk & Bakoš 2021), since studies "
        "of other places and services diverge (Bel & Sebő 2021)")] = 0.1
    treatment: Annotated[float, Par(
        "share", 0, 1, "Reduction of the pollution load by joint treatment",
        "assumption: a joint plant reaches half of the sewers that had none")] = 0.35
    hostage: Annotated[float, Par(
        "share", 0, 1, "Services that stop while a partner's border is closed",
        "assumption: one joint plant or main in seven services")] = 0.15
    displaced_per_year: Annotated[float, Par(
        "1/year", 0, 0.2, "Townspeople who must move while works are being built",
        "assumption: two in a hundred over the time of building")] = 0.005
    co_design: Annotated[float, Par(
        "share", 0, 1, "Moves avoided where those affected have a say",
        "assumption: corridors can be moved, some plots cannot")] = 0.8
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: operation of joint plants beyond that of each town's own; upkeep that gets "
        "cheaper is counted in the budget")] = 0.004
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: construction, a loan's share of it")] = 0.008
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: design, tender and construction")] = 4.0


ABOUT = (
    "joint_infrastructure", "Joint infrastructure",
    "Plants, mains and pumps are built, bought and kept up together.",
    ("demand", "ageing", "upkeep_cost", "pollution", "hostage", "displacing"),
    "it is hostage in a crisis, or displaces people who had no say",
)
ANSWERS = {"water": 0.5, "money": 0.4}  # fewer losses, cheaper and longer-lived works


@kernel
def building(
    out: np.ndarray, intensity: np.ndarray, maturity: np.ndarray, strength: np.ndarray,
    heard: np.ndarray, p: JointInfrastructureParameters,
) -> None:
    """How much is being built over the heads of people, 0 to 1, on every dyad. All [d]."""
    for d in range(out.size):
        under_way = intensity[d] * (1.0 - maturity[d]) if strength[d] > 0.0 else 0.0
        out[d] = under_way * (1.0 - p.co_design * heard[d])


@kernel
def standing(
    out: np.ndarray, intensity: np.ndarray, maturity: np.ndarray, phase: np.ndarray
) -> None:
    """How much of the works stands and is relied on, whether they run or not. All [d]."""
    for d in range(out.size):
        out[d] = intensity[d] * maturity[d] if 1 <= phase[d] <= 3 else 0.0


@kernel
def modify(
    channel: Channels, reach: np.ndarray, units: np.ndarray, p: JointInfrastructureParameters
) -> None:
    """Change the channels of municipalities and units. reach [m], units [u]: mean strengths."""
    demand, ageing, pollution = channel.demand, channel.ageing, channel.pollution
    upkeep_cost = channel.upkeep_cost
    for m in range(reach.size):
        demand[m] *= 1.0 - p.losses * reach[m]
        ageing[m] *= 1.0 - p.upkeep * reach[m]
        upkeep_cost[m] *= 1.0 - p.scale * reach[m]
    for u in range(units.size):
        pollution[u] *= 1.0 - p.treatment * units[u]


@kernel
def rely(channel: Channels, reach: np.ndarray, p: JointInfrastructureParameters) -> None:
    """Services that stop at a closed border. reach [m]: mean of ``standing`` over its dyads."""
    hostage = channel.hostage
    for m in range(reach.size):
        hostage[m] = min(hostage[m] + p.hostage * reach[m], 1.0)


@kernel
def displace(channel: Channels, reach: np.ndarray, p: JointInfrastructureParameters) -> None:
    """People who must move for works under way. reach [m]: mean of ``building`` over its dyads."""
    displacing = channel.displacing
    for m in range(reach.size):
        displacing[m] = min(displacing[m] + p.displaced_per_year * reach[m], 1.0)
