"""Storms cross a resource system and strike its towns on both sides of the border, unevenly.

    P(storm) = 1 - exp(-rate (1 + trend)^t dt);  severity = min(scale/shape (v^-shape - 1), 1)
    at a town: min(2 w severity, 1),  v, w ~ U(0, 1)          (generalised Pareto, mean factor 1)

Severity is the share of exposed livelihood and works that is lost (rule hazard_response). Source:
return period per system from the region file, by default 5 years; extremes over a threshold (Coles
2001); sizes: assumption. Limits: storms are no likelier in wet spells, and bring no flood.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.rules.flood import pareto_severity
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import Basins, Municipalities
from sim.units import probability

STORM, STORM_AT = int(Purpose.STORM), int(Purpose.STORM_AT)


class StormParameters(NamedTuple):
    """Storms, given their return period."""

    scale: Annotated[float, Par(
        "share", 0.001, 0.3, "Scale of storm severity",
        "assumption: mean loss about 3 % of what is exposed, half of a flood's")] = 0.02
    shape: Annotated[float, Par(
        "exponent", 0.01, 0.8, "Tail of storm severity",
        "assumption: as that of floods")] = 0.3
    rate_factor: Annotated[float, Par(
        "ratio", 0, 5, "Multiplier on every system's rate of storms",
        "1: as the region file says")] = 1.0


@kernel
def storm(
    basin: Basins, severity: np.ndarray, p: StormParameters, more: float, seed: int, tick: int,
    dt: float,
) -> None:
    """Set this tick's storm severity of every system (0: none). ``more``: factor of the trend."""
    for b in range(severity.size):
        severity[b] = 0.0
        u, v = pair_of_uniforms(seed, STORM, basin.key[b], tick, 0)
        if u < probability(basin.storm_rate[b] * p.rate_factor * more, dt):
            severity[b] = pareto_severity(v, p.scale, p.shape)


@kernel
def towns_in_storm(
    out: np.ndarray, town: Municipalities, severity: np.ndarray, seed: int, tick: int
) -> None:
    """Severity at every municipality."""
    for m in range(out.size):
        out[m] = 0.0
        here = severity[town.basin[m]]
        if here > 0.0:
            w, _ = pair_of_uniforms(seed, STORM_AT, town.key[m], tick, 0)
            out[m] = min(2.0 * w * here, 1.0)
