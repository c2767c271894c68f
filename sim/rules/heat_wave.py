"""Heat waves strike a whole region at once, in its warm season, for days or weeks.

    P(onset) = 1 - exp(-rate warm(month) (1 + trend)^t dt)
    severity = min(scale/shape (v^-shape - 1), 1),  length ~ Exp(mean)
    heat = severity min(time left, dt) / dt          (mean over the tick; of a system)
    at a town: min(heat weeks, 1)                    (severity times weeks, in the tick)

warm: likelihood of the month against the yearly mean, from latitude (mid-July in the north, mid-
January in the south, the whole year at the equator). One draw serves all systems of the region,
since a heat wave spans hundreds of kilometres: it strikes both sides of every border at once, and a
system with a longer return period is struck only when one with a shorter one is. Heat raises need
of water, slows the regrowth of fish, and hurts people according to their vulnerability (rule
hazard_response). Source: return period per system from the region file, by default 2 years;
extremes over a threshold (Coles 2001); sizes: assumption. Limits: no humidity, no heat that builds
up.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.elementary import log
from sim.rules.flood import pareto_severity
from sim.state import Climate
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import Basins
from sim.units import WEEKS_PER_YEAR, probability

HEAT_WAVE = int(Purpose.HEAT_WAVE)
EVERYWHERE = np.uint64(0)  # the key of the region: one heat wave for all


class HeatParameters(NamedTuple):
    """Heat waves, given their return period."""

    scale: Annotated[float, Par(
        "share", 0.001, 0.5, "Scale of heat severity",
        "assumption: an ordinary heat wave has a sixth of the worst one's effect")] = 0.15
    shape: Annotated[float, Par(
        "exponent", 0.01, 0.8, "Tail of heat severity",
        "assumption: lighter than that of floods, since temperature is bounded")] = 0.1
    length_weeks: Annotated[float, Par(
        "weeks", 0.2, 12, "Mean length of a heat wave",
        "assumption: most last one to two weeks")] = 1.5
    rate_factor: Annotated[float, Par(
        "ratio", 0, 5, "Multiplier on every system's rate of heat waves",
        "1: as the region file says")] = 1.0
    need: Annotated[float, Par(
        "share", 0, 2, "Rise of the need of water at full severity",
        "assumption: people and crops need half as much again")] = 0.5
    fish: Annotated[float, Par(
        "share", 0, 1, "Regrowth of fish lost at full severity",
        "assumption: warm water holds less oxygen")] = 0.8


@kernel
def heat_wave(
    basin: Basins, climate: Climate, p: HeatParameters, more: float, when: tuple[int, float],
    seed: int, tick: int, dt: float,
) -> None:
    """End, go on with or begin the heat wave of every system.

    more: factor of the trend; when: month in which the tick begins, and its share of the tick.
    """
    u, v = pair_of_uniforms(seed, HEAT_WAVE, EVERYWHERE, tick, 0)
    w, _ = pair_of_uniforms(seed, HEAT_WAVE, EVERYWHERE, tick, 1)
    month, share = when
    for b in range(basin.key.size):
        warm = share * basin.warm[b, month] + (1.0 - share) * basin.warm[b, (month + 1) % 12]
        rate = basin.heat_rate[b] * p.rate_factor * warm * more
        left = climate.heat_left[b]
        if left <= 0.0:
            climate.heat_severity[b] = 0.0
            if u < probability(rate, dt):
                climate.heat_severity[b] = pareto_severity(v, p.scale, p.shape)
                left = -p.length_weeks / WEEKS_PER_YEAR * log(w)
        climate.heat[b] = climate.heat_severity[b] * min(left, dt) / dt
        climate.heat_left[b] = max(left - dt, 0.0)


@kernel
def towns_in_heat(out: np.ndarray, basin: np.ndarray, heat: np.ndarray, weeks: float) -> None:
    """Heat that every municipality went through in this tick: severity times weeks, at most 1."""
    for m in range(out.size):
        out[m] = min(heat[basin[m]] * weeks, 1.0)
