"""One voice in a crisis: common messages, alerts in all languages, a hotline, reviews afterwards.

Channel: amplification of rumour. Fails when: trust is low, for credibility follows trust and an
official denial that nobody believes feeds the rumour:

    rumour *= max(1 - r strength (T - T0), 0),  T: mean trust; above 1 where T < T0

Seeds: B (common messaging, multilingual alerts, hotlines, after-event reviews). Source: trust in
the sender decides whether risk messages are believed (Slovic 1993); corrections can strengthen a
belief in some settings, though rarely (Nyhan & Reifler 2010; Wood & Porter 2019 find it seldom);
sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class CrisisCommunicationParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    calming: Annotated[float, Par(
        "ratio", 0, 5, "Fall of rumour per unit of trust above the neutral point",
        "assumption: at trust 0.8 a working office halves rumour")] = 1.2
    neutral_trust: Annotated[float, Par(
        "share", 0, 1, "Trust at which official messages change nothing",
        "assumption: a third believe, a third do not care, a third take offence")] = 0.35
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: two press officers and translators")] = 0.0006
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: protocols and an exercise")] = 0.0005
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: protocols, translations and one exercise in nine months")] = 0.75


ABOUT = (
    "crisis_communication", "Crisis communication",
    "Common messages and alerts in all languages.",
    ("rumour",),
    "nobody believes it where trust is low, and denial feeds rumour",
)
ANSWERS = {"hazard": 0.5, "trust": 0.4, "conflict": 0.3}  # alerts, no rumours


@kernel
def modify(
    channel: Channels, strength: np.ndarray, trust_first: np.ndarray, trust_second: np.ndarray,
    p: CrisisCommunicationParameters,
) -> None:
    """Change the channel of every dyad. strength and trust [d]."""
    rumour = channel.rumour
    for d in range(strength.size):
        believed = 0.5 * (trust_first[d] + trust_second[d]) - p.neutral_trust
        rumour[d] *= max(1.0 - p.calming * strength[d] * believed, 0.0)
