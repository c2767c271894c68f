"""People settle on the flood plain as its floods are forgotten, and leave it after a flood.

    E <- E (1 - leave blow)                             a flood drives people from the plain
    F = e0 + (E - e0) exp(-dt/tau)                      it fills again as the flood is forgotten
    E(t+dt) = F + (1 - F)(1 - exp(-draw dt))            what is insured or supported draws settlers

E: share of the town that a flood can reach, e0: the ordinary share (`hazard.exposed_share`), blow:
the flood's blow, draw: channel. Source: people move away after a flood and return as its memory
decays (Di Baldassarre et al. 2013, socio-hydrology of flood plains); protection that makes a zone
feel safe draws people in (White 1945, *Human Adjustment to Floods*); times: assumption. Limits:
only floods have a zone; storms and heat reach everyone.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.units import probability, retention


class ExposureParameters(NamedTuple):
    """Settlement in the hazard zone."""

    years: Annotated[float, Par(
        "years", 1, 100, "Memory of floods and of drawn settlement",
        "assumption: half a generation")] = 15.0
    leave: Annotated[float, Par(
        "share", 0, 1, "Share of the zone's people who leave it for good after the worst flood",
        "assumption: most rebuild where they were")] = 0.3


@scalar
def settled(exposure: float, ordinary: float, keep: float, drawn: float) -> float:
    """Exposure after one tick; drawn: probability of the tick that an outsider moves in."""
    relaxed = ordinary + (exposure - ordinary) * keep
    return relaxed + (1.0 - relaxed) * drawn


@kernel
def exposure(
    out: np.ndarray, by_flood: np.ndarray, draw: np.ndarray, ordinary: float,
    p: ExposureParameters, dt: float,
) -> None:
    """Exposure of every town; ``by_flood``: blow of this tick's flood."""
    keep = retention(p.years, dt)
    for m in range(out.size):
        left = out[m] * (1.0 - p.leave * by_flood[m])
        out[m] = settled(left, ordinary, keep, probability(draw[m], dt))
