"""Unilateral works (dam, diversion, road, camera, fence) over a border stretch.

    announcement ~ Poisson(rate disputed);  completion ~ Exp(mean years) after it
    completion raises the builder's need by ``expansion`` (at most 1.5 times)

Announced works are an act of their own (BAR -3: unilateral works over protest), raise the onset
hazard while they go on, and are the cause that later incidents of the dyad point to. Source: rapid
physical change is the best signal of conflict (Yoffe, Wolf & Giordano 2003); rates: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.events import PROJECT, PROJECT_DONE, ROOT_LOCAL, emit
from sim.state import Link, Town
from sim.topology import Topology
from sim.units import probability


class ProjectParameters(NamedTuple):
    """Unilateral works."""

    rate: Annotated[float, Par(
        "1/year", 0, 1, "Works begun per dyad on a fully disputed stretch", "assumption")] = 0.06
    years: Annotated[float, Par(
        "years", 0.1, 10, "Mean time to completion", "assumption: one to two years")] = 1.5
    expansion: Annotated[float, Par(
        "share", 0, 0.5, "Growth of the builder's need at completion", "assumption")] = 0.04


@kernel
def unilateral_project(
    topology: Topology, link: Link, town: Town, log_: np.ndarray, tally: np.ndarray,
    draws: tuple[np.ndarray, np.ndarray, np.ndarray], p: ProjectParameters, tick: int, dt: float,
) -> None:
    """Announce and complete works. ``draws``: two uniforms per dyad; share not demarcated [u]."""
    u, v, disputed = draws
    finished = probability(1.0 / p.years, dt)
    project, unit = link.project, topology.dyad.unit
    now = tick * dt
    for d in range(u.size):
        phase = project[d]
        chance = finished
        if phase == 0:
            chance = probability(p.rate * disputed[unit[d]], dt)
        if u[d] >= chance:
            continue
        side = (1 if v[d] < 0.5 else 2) if phase == 0 else phase
        a, b = np.int64(topology.dyad.first[d]), np.int64(topology.dyad.second[d])
        builder, other = (a, b) if side == 1 else (b, a)
        place = (d, np.int64(topology.dyad.pair[d]), builder, other)
        issue = topology.basin.kind[topology.dyad.basin[d]]
        act = PROJECT if phase == 0 else PROJECT_DONE
        row = emit(log_, tally, now, act, place, issue, link.project_event[d],
                   (ROOT_LOCAL, -1))
        if phase == 0:
            link.project[d] = side
            link.project_event[d] = row
        else:
            link.project[d] = 0
            link.project_event[d] = -1
            town.expansion[builder] = min(town.expansion[builder] * (1.0 + p.expansion), 1.5)
