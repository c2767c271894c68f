"""Schools, festivals and visits bring people of both sides together.

Channels: contact (which raises shared identity, and so lowers blame), trust gained from met people
and kept promises, expectations raised, amplification of rumour. Fails when: raised expectations are
disappointed where inequity shows (``hope`` widens the gap that people feel), or visits are news to
hawks, who answer them with rumours:

    rumour *= 1 + b strength max(2 hawkishness - 1, 0),  hawkishness: mean of the two nations

Limits: visits are a steady rate and no events; one of high status is not told from a school's, and
hawks answer the mean of all. Seeds: A (school exchanges, festivals, joint sport; nostalgia must not
mask inequities). Source: intergroup contact lowers prejudice (Pettigrew & Tropp 2006); sizes:
assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class ExchangesParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    contact: Annotated[float, Par(
        "1/year", 0, 1, "Growth of shared identity at full strength",
        "assumption: half of a generation in about ten years")] = 0.06
    trust: Annotated[float, Par(
        "share", 0, 3, "Faster gain of trust",
        "assumption: trust in peace then rests at two thirds instead of 0.55")] = 0.7
    hope: Annotated[float, Par(
        "ratio", 0, 2, "Livelihood hoped for per perceived over-taking by the other side",
        "assumption: visits show what the other side has")] = 0.3
    backlash: Annotated[float, Par(
        "ratio", 0, 4, "Rise of rumour where both nations are wholly hawkish",
        "assumption: a visit doubles the rumours of a week, one week in two")] = 0.5
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: buses, school partnerships and festivals")] = 0.002
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: half the running cost, since a visit needs little before it")] = 0.001
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: half a school year to find partners and book buses")] = 0.5


ABOUT = (
    "exchanges", "Exchanges",
    "Schools, festivals and visits bring people together.",
    ("contact", "trust_gain", "hope", "rumour"),
    "raised expectations are disappointed, or visits stir up hawks",
)
ANSWERS = {"trust": 1.0, "conflict": 0.3}  # problems of the partners


@kernel
def modify(
    channel: Channels, strength: np.ndarray, reach: np.ndarray, p: ExchangesParameters
) -> None:
    """Change the channels of dyads and municipalities. strength [d], reach [m]."""
    contact, trust_gain, hope = channel.contact, channel.trust_gain, channel.hope
    for d in range(strength.size):
        trust_gain[d] *= 1.0 + p.trust * strength[d]
    for m in range(reach.size):
        contact[m] += p.contact * reach[m]
        hope[m] += p.hope * reach[m]


@kernel
def backlash(
    channel: Channels, strength: np.ndarray, pair: np.ndarray, first: np.ndarray,
    second: np.ndarray, hawkishness: np.ndarray, p: ExchangesParameters,
) -> None:
    """Visits as hawks see them. strength, pair [d]; first, second [p]; hawkishness [n]."""
    rumour = channel.rumour
    for d in range(strength.size):
        sides = hawkishness[first[pair[d]]] + hawkishness[second[pair[d]]]
        rumour[d] *= 1.0 + p.backlash * strength[d] * max(sides - 1.0, 0.0)
