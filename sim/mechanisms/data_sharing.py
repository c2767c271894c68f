"""Gauges, stocks and forecasts are shared across the border.

Channels: error of perceived stock, error of perceived taking, warning time. It changes what people
see and nothing else. Fails when: capacity is short (strength is limited by the weaker town); or the
numbers expose over-taking that an error hid: people notice it in more weeks. That is no harm on
average: errors are right in the mean and only an excess is seen, so that a smaller error shows less
of it, and less is blamed, even in towns from which the other side really takes too much (rule
perception). Seeds: A (linked weather stations, flood sensors and portals), B (standard data
formats, sensor networks, joint hazard maps). Source: less information on others' acts weakens
agreements (Janssen 2013); information exchange is in 45 % of water agreements (TFDD).
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.channels import Channels
from sim.declare import Par


class DataSharingParameters(NamedTuple):
    """Numbers of the mechanism; costs as a share of the smaller town's revenue."""

    stock_error: Annotated[float, Par(
        "share", 0, 1, "Reduction of the error of perceived stock",
        "assumption: joint gauges leave a third to a half of the error")] = 0.6
    take_error: Annotated[float, Par(
        "share", 0, 1, "Reduction of the error of perceived taking",
        "assumption, as for stocks")] = 0.6
    warning_weeks: Annotated[float, Par(
        "weeks", 0, 2, "Lead time gained for flood warnings",
        "assumption: about one day of travel time upstream")] = 0.15
    cost_per_year: Annotated[float, Par(
        "share/year", 0, 0.1, "Running cost per dyad, as a share of the smaller town's revenue",
        "assumption: gauges, telemetry and one analyst")] = 0.003
    setup_cost: Annotated[float, Par(
        "share/year", 0, 0.1, "Added cost while it is being set up, same base",
        "assumption: gauges are bought first; in all two and a half years' running cost")] = 0.005
    setup_years: Annotated[float, Par(
        "years", 0.05, 10, "Time to set up (63 % mature)",
        "assumption: tender, then a wet and a dry season to calibrate")] = 1.5


ABOUT = (
    "data_sharing", "Data sharing",
    "Gauges, stocks and forecasts are shared.",
    ("stock_error", "take_error", "warning_weeks"),
    "capacity is short; over-taking is noticed in more weeks, though not blamed more on average",
)
ANSWERS = {"water": 0.5, "hazard": 0.5, "trust": 0.3}  # problems of the partners


@kernel
def modify(channel: Channels, reach: np.ndarray, p: DataSharingParameters) -> None:
    """Change the channels of every municipality. reach [m]: mean strength over its dyads."""
    stock_error, take_error = channel.stock_error, channel.take_error
    warning_weeks = channel.warning_weeks
    for m in range(reach.size):
        stock_error[m] *= 1.0 - p.stock_error * reach[m]
        take_error[m] *= 1.0 - p.take_error * reach[m]
        warning_weeks[m] += p.warning_weeks * reach[m]
