"""Floods eat banks and fields, and muddy the river; bare banks are slow to recover.

    eroded <- eroded + (1 - eroded) min(a severity s, 1),  eroded(t+dt) = eroded exp(-dt/tau)
    sediment <- sediment + m severity s

eroded: share of the riverside land of a reach that is lost, on both banks; s: channel of buffers
and terraces that hold the soil. Land that is lost feeds nobody (rule quality). Source of form and
sizes: assumption. Limits: the border does not move with the river.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.state import Resource
from sim.topology import RIVER
from sim.units import retention


class ErosionParameters(NamedTuple):
    """Banks and mud."""

    banks: Annotated[float, Par(
        "ratio", 0, 2, "Riverside land lost per severity of a flood",
        "assumption: a flood that costs a twentieth of all takes a hundredth of the land")] = 0.2
    years: Annotated[float, Par(
        "years", 0.5, 100, "Time in which lost land is won back",
        "assumption: banks and silted fields take a decade")] = 10.0
    mud: Annotated[float, Par(
        "index", 0, 50, "Sediment per severity of a flood",
        "assumption: the worst flood leaves water useless for weeks")] = 5.0


@kernel
def erosion(
    kind: np.ndarray, resource: Resource, hold: np.ndarray, p: ErosionParameters, dt: float
) -> None:
    """Loss of banks and mud of reaches by this tick's floods. hold: channel of sediment [u]."""
    flood, eroded, sediment = resource.flood, resource.eroded, resource.sediment
    keep = retention(p.years, dt)
    for u in range(flood.size):
        eroded[u] *= keep
        if kind[u] == RIVER and flood[u] > 0.0:
            eroded[u] += (1.0 - eroded[u]) * min(p.banks * flood[u] * hold[u], 1.0)
            sediment[u] += p.mud * flood[u] * hold[u]
