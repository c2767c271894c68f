"""Droughts begin as a Poisson process per resource system, with random severity and length.

    P(onset) = 1 - exp(-rate (1 + trend)^t dt);  severity = min(mean e^(0.4 z - 0.08), 0.85)
    length ~ Exp(mean)

A drought takes the same share of inflow on both sides of the border: its footprint is the system.
Source: return period per basin from the region file; form and spread: assumption (lognormal
severity keeps the mean and gives a heavy tail). Systems driven by a record have no extra drought.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

from sim._jit import kernel
from sim.declare import Par
from sim.elementary import exp, log
from sim.state import Climate
from sim.streams import Purpose, pair_of_normals, pair_of_uniforms
from sim.topology import Basins
from sim.units import probability

DROUGHT = int(Purpose.DROUGHT)


class DroughtParameters(NamedTuple):
    """Droughts, given their return period."""

    severity_mean: Annotated[float, Par(
        "share", 0, 0.8, "Mean share of inflow lost in a drought",
        "assumption: dry years of the Colorado and Nile records lie 25-45 % below their "
        "mean")] = 0.3
    length_years: Annotated[float, Par(
        "years", 0.1, 5, "Mean length of a drought",
        "assumption: about one growing season to two")] = 0.75
    rate_factor: Annotated[float, Par(
        "ratio", 0, 5, "Multiplier on every basin's drought rate",
        "1: as the region file says")] = 1.0


@kernel
def drought(
    basin: Basins, climate: Climate, p: DroughtParameters, more: float, seed: int, tick: int,
    dt: float,
) -> None:
    """End, go on with or begin the drought of every basin. ``more``: factor of the trend."""
    for b in range(basin.key.size):
        left = max(climate.drought_left[b] - dt, 0.0)
        if left <= 0.0:
            climate.drought[b] = 0.0
            u, v = pair_of_uniforms(seed, DROUGHT, basin.key[b], tick, 0)
            rate = basin.drought_rate[b] * p.rate_factor * more
            if basin.record[b] < 0 and u < probability(rate, dt):
                z, _ = pair_of_normals(seed, DROUGHT, basin.key[b], tick, 1)
                climate.drought[b] = min(p.severity_mean * exp(0.4 * z - 0.08), 0.85)
                left = -p.length_years * log(v)
        climate.drought_left[b] = left
