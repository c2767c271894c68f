"""Several partners, overlapping bodies and more than one source of money for the same task.

Channels: what another agreement takes over when one fails, responsibility that nobody takes. It
goes on while a border is closed, since some of its partners need no open border. Fails when: who
must act is unclear, so that parties shop for the forum that suits them and nobody answers the
hotline: settlement between the towns takes longer. Seeds: A (multiple partners, overlapping
authorities, flexible financing). Source: overlap makes systems more reliable than their parts
(Landau 1969); responsibility diffuses among those who could act (Darley & Latane 1968); overlapping
regimes invite forum shopping (Busch 2007); sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class RedundancyParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    backup: Annotated[float, Par(
        "share", 0, 1, "Share of a failed agreement's work that others take over",
        "assumption: half the tasks have a second bearer")] = 0.5
    diffuse: Annotated[float, Par(
        "share", 0, 1, "Share of calls that nobody answers because others could",
        "assumption: one in five, well below what backup wins; direction after Darley & Latane "
        "1968")] = 0.2
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: duplicate offices and contracts")] = 0.0012
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: contracts with more partners")] = 0.0008
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: half in a year, as old contracts end and second ones are signed")] = 1.5


ABOUT = (
    "redundancy", "Redundancy",
    "Several partners and sources of money for the same task.",
    ("backup", "diffuse"),
    "forum shopping and diffuse responsibility: nobody answers the hotline",
)
ANSWERS = {"hazard": 0.4, "money": 0.3}  # one failure is not all
TRAITS = ("survives",)


@kernel
def modify(channel: Channels, strength: np.ndarray, p: RedundancyParameters) -> None:
    """Change the channels of every dyad. strength [d]."""
    backup, diffuse = channel.backup, channel.diffuse
    for d in range(strength.size):
        backup[d] += (1.0 - backup[d]) * (p.backup * strength[d])
        diffuse[d] += (1.0 - diffuse[d]) * (p.diffuse * strength[d])
