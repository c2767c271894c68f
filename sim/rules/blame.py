"""Blame is split between the other side, nature and one's own government by what can be seen.

    share = (1 - I) x / (x + n q + o (1 - service) + k)
    B(t+dt) = share + (B - share) exp(-dt/tau)

x: over-taking and dirt of the other side as seen; q: dryness that everyone feels; service: own
town's service continuity; I: shared identity, which lowers blame (intergroup contact, Pettigrew &
Tropp 2006). Source: attribution in proportion to visible causes (Kelley 1973); weights: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.units import WEEKS_PER_YEAR, retention


class BlameParameters(NamedTuple):
    """Weights of what can be seen."""

    nature: Annotated[float, Par(
        "ratio", 0, 5, "Weight of felt dryness as a cause",
        "assumption: a wholly dry season weighs like over-taking by two thirds")] = 0.7
    own: Annotated[float, Par(
        "ratio", 0, 5, "Weight of own failing services as a cause",
        "assumption: below dryness; services failing by 0.3 weigh like no visible cause")] = 0.5
    prior: Annotated[float, Par(
        "ratio", 0.01, 2, "Weight of no visible cause",
        "assumption: keeps blame low when little is seen")] = 0.15
    weeks: Annotated[float, Par(
        "weeks", 1, 104, "Time over which blame follows what is seen",
        "assumption: about one season")] = 16.0


@scalar
def blamed_share(
    seen: float, dryness: float, service: float, identity: float, p: BlameParameters
) -> float:
    """Share of grievance that points across the border."""
    rivals = p.nature * dryness + p.own * (1.0 - service) + p.prior
    return (1.0 - identity) * seen / (seen + rivals)


@kernel
def blame(
    out: np.ndarray, identity: np.ndarray, town: np.ndarray, system: np.ndarray,
    seen: np.ndarray, dryness: np.ndarray, service: np.ndarray, p: BlameParameters, dt: float,
) -> None:
    """Blame of every group on the other side. ``system``: basin row of the group's unit."""
    keep = retention(p.weeks / WEEKS_PER_YEAR, dt)
    for g in range(out.size):
        m = town[g]
        share = blamed_share(seen[m], dryness[system[g]], service[m], identity[g], p)
        out[g] = share + (out[g] - share) * keep
