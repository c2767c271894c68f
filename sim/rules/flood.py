"""Floods strike a river reach as a Poisson process, more often in wet spells, with heavy tails.

    P(flood) = 1 - exp(-rate w (1 + trend)^t dt),  w = exp(beta x - beta^2 s^2 / 2)   (mean of w: 1)
    severity = min(scale/shape (v^-shape - 1), 1),     v ~ U(0, 1)   (generalised Pareto)

x: log inflow anomaly with standard deviation s (generated also where a record drives the inflow).
Severity is the share of exposed livelihood and works that is lost on both banks before any warning
or aid. Source: return period per reach from the region file; generalised Pareto for peaks over a
threshold (Coles 2001); scale and shape: assumption, mean loss about 5 % and a tail that reaches 50
%.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp, log
from sim.rules.weather import anomaly_deviation
from sim.state import Climate
from sim.streams import Purpose, fill_uniforms
from sim.topology import Basins, Units
from sim.units import probability

FLOOD = int(Purpose.FLOOD)


class FloodParameters(NamedTuple):
    """Floods, given their return period."""

    scale: Annotated[float, Par(
        "share", 0.001, 0.3, "Scale of flood severity",
        "assumption: mean loss about 5 % of what is exposed")] = 0.04
    shape: Annotated[float, Par(
        "exponent", 0.01, 0.8, "Tail of flood severity",
        "assumption: tails of flood losses lie between 0.1 and 0.5")] = 0.3
    wetness: Annotated[float, Par(
        "exponent", 0, 4, "How strongly wet spells raise the flood rate",
        "assumption: a flow one sd above normal doubles the rate")] = 2.0
    rate_factor: Annotated[float, Par(
        "ratio", 0, 5, "Multiplier on every reach's flood rate",
        "1: as the region file says")] = 1.0


@scalar
def pareto_severity(v: float, scale: float, shape: float) -> float:
    """Generalised Pareto quantile at 1 - v, at most 1."""
    return min(scale / shape * (exp(-shape * log(v)) - 1.0), 1.0)


@kernel
def flood(
    unit: Units, basins: Basins, climate: Climate, severity: np.ndarray, p: FloodParameters,
    draws: tuple[np.ndarray, np.ndarray], more: float, seed: int, tick: int, dt: float,
) -> None:
    """Set this tick's flood severity of every unit (0: none).

    ``draws``: two scratch arrays [u]; ``more``: factor of the trend.
    """
    u, v = draws
    rate, basin, anomaly = unit.flood_rate, unit.basin, climate.anomaly
    fill_uniforms(seed, FLOOD, tick, unit.key, u, v)
    for i in range(rate.size):
        severity[i] = 0.0
        if rate[i] > 0.0:
            b = basin[i]
            spread = p.wetness * anomaly_deviation(basins.variation[b], basins.memory_years[b])
            wet = exp(p.wetness * anomaly[b] - 0.5 * spread * spread)
            if u[i] < probability(rate[i] * p.rate_factor * wet * more, dt):
                severity[i] = pareto_severity(v[i], p.scale, p.shape)
