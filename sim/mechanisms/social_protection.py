"""Relocation aid, cash after losses, affordable homes and training on both sides of the border.

Channels: livelihood floor after a loss and whom it reaches, people displaced by damage, settlement
drawn into hazard zones, anger of those just outside. Fails when: safety draws people to where the
next flood comes, those just above the line are angry, and the right ends at the border (unless
rights are made portable by another mechanism). Seeds: B (temporary relocation assistance, housing,
job training, social services across the border). Source: protection that invites building behind it
is the safe development paradox (White 1945; Burby 2006); mistargeted transfers stirred anger and
crime (Cameron & Shah 2014); sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class SocialProtectionParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    floor: Annotated[float, Par(
        "share", 0, 1, "Livelihood below which nobody falls whom it reaches",
        "assumption: about the cost of food")] = 0.45
    displacement: Annotated[float, Par(
        "share", 0, 1, "Reduction of people displaced by damage",
        "assumption: rent and repairs keep two in five at home")] = 0.4
    draw: Annotated[float, Par(
        "1/year", 0, 0.2, "Growth of what stands in hazard zones",
        "assumption: a tenth more in a decade; direction after Burby 2006")] = 0.01
    outside: Annotated[float, Par(
        "share", 0, 1, "Anger of those just outside the programme",
        "assumption: one in five; sign after Cameron & Shah 2014")] = 0.2
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: transfers to one household in fifty")] = 0.003
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: registers and offices")] = 0.001
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: a register takes more than a year")] = 1.5


ABOUT = (
    "social_protection", "Social protection",
    "A floor under livelihoods after losses.",
    ("floor", "cover", "displacement", "draw", "outside"),
    "it draws settlement into hazard zones, angers those just outside and ends at the border",
)
ANSWERS = {"livelihood": 1.0, "hazard": 0.4}  # nobody falls through


@kernel
def modify(channel: Channels, reach: np.ndarray, p: SocialProtectionParameters) -> None:
    """Change the channels of every municipality. reach [m]: mean strength over its dyads."""
    floor, cover, displacement = channel.floor, channel.cover, channel.displacement
    draw, outside = channel.draw, channel.outside
    for m in range(reach.size):
        floor[m] = max(floor[m], p.floor)
        cover[m] += (1.0 - cover[m]) * reach[m]
        displacement[m] *= 1.0 - p.displacement * reach[m]
        draw[m] = min(draw[m] + p.draw * reach[m], 1.0)
        outside[m] = min(outside[m] + p.outside * reach[m], 1.0)
