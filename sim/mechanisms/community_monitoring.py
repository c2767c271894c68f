"""Patrols of residents watch gates, wells, nets and outfalls.

Channels: detection of over-taking and pollution, error of perceived taking (who did it can be
seen), vigilance of the watchers. Fails when: trust is low, for then patrols take the law into their
own hands and anger the crowds at the gates they guard, who then act and climb as angry crowds do:

    vigilance = v strength max(1 - T / T0, 0),  T: mean trust of the two sides

Seeds: A (community-led monitoring patrols, supported by scientific advisors; no rule holds the
advisors, and the size of attribution may be read as with or without them). Source: monitors who
are accountable to the users are a design principle of lasting commons (Ostrom 1990); community
monitoring lowered use and raised satisfaction in six countries, modestly (Slough et al. 2021);
sizes: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class CommunityMonitoringParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    detection: Annotated[float, Par(
        "share", 0, 1, "Over-taking and pollution found out at full strength",
        "assumption: patrols see a part of the gates and by day; the effect of monitoring in six "
        "countries was modest (Slough et al. 2021)")] = 0.4
    attribution: Annotated[float, Par(
        "share", 0, 1, "Reduction of the error of perceived taking",
        "assumption: a patrol sees who takes at the gates that it walks by, gauges see all")] = 0.2
    vigilance: Annotated[float, Par(
        "ratio", 0, 5, "Vigilance at full strength where there is no trust",
        "assumption: as much again as angry crowds without patrols")] = 1.0
    trust_enough: Annotated[float, Par(
        "share", 0.01, 1, "Mean trust from which patrols keep to their task",
        "assumption: the middle of the scale")] = 0.5
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: stipends, boats and a laboratory contract")] = 0.0015
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: training and equipment")] = 0.001
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: a season of training and one of practice")] = 1.0


ABOUT = (
    "community_monitoring", "Community monitoring",
    "Residents' patrols watch gates, wells and outfalls.",
    ("detection", "take_error", "vigilance"),
    "patrols turn into vigilantes where trust is low",
)
ANSWERS = {"water": 0.6, "livelihood": 0.3}  # finds over-taking and pollution


@kernel
def modify(
    channel: Channels, strength: np.ndarray, reach: np.ndarray, trust_first: np.ndarray,
    trust_second: np.ndarray, p: CommunityMonitoringParameters,
) -> None:
    """Change the channels of municipalities and dyads. strength and trust [d], reach [m]."""
    detection, take_error = channel.detection, channel.take_error
    vigilance = channel.vigilance
    for m in range(reach.size):
        detection[m] += (1.0 - detection[m]) * (p.detection * reach[m])
        take_error[m] *= 1.0 - p.attribution * reach[m]
    for d in range(strength.size):
        trust = 0.5 * (trust_first[d] + trust_second[d])
        vigilance[d] += p.vigilance * strength[d] * max(1.0 - trust / p.trust_enough, 0.0)
