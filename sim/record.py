"""Stage 7: which series are kept, once a quarter (13 weeks).

A quarter is recorded by the tick that ends nearest to its end (the later one when two are as near),
so that histories with other ticks have the same number of points at nearly the same times. Rungs
are the highest of the quarter; everything else is the value at its end. Shape: [point, series] for
a history, [run, point, series] for an ensemble; point k is the end of quarter k + 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.elementary import log
from sim.state import State
from sim.topology import RIVER, Topology

STRIDE_WEEKS = 13.0
LEAST = 0.05  # smallest projection that a ratio is taken to


class Series(NamedTuple):
    """One recorded series."""

    key: str
    label: str
    unit: str
    lo: float
    hi: float


SERIES = (
    Series("local_rung", "Local rung, mean over dyads", "rung", 0, 4),
    Series("local_rung_max", "Highest local rung", "rung", 0, 4),
    Series("interstate_rung", "Highest interstate rung", "rung", 0, 5),
    Series("violent_dyads", "Dyads with a violent incident", "share", 0, 1),
    Series("grievance", "Grievance, mean over people", "share", 0, 1),
    Series("blame", "Blame on the other side, mean over people", "share", 0, 1),
    Series("mobilised", "Mobilised people", "share", 0, 1),
    Series("livelihood", "Livelihood, mean over people", "share", 0, 1),
    Series("worst_livelihood", "Livelihood of the worst-off group", "share", 0, 1),
    Series("livelihood_gap", "Gap of mean livelihood between nations", "share", 0, 1),
    Series("identity", "Shared identity, mean over people", "share", 0, 1),
    Series("trust", "Trust across the border, mean over dyads", "share", 0, 1),
    Series("legitimacy", "Legitimacy, mean over people", "share", 0, 1),
    Series("service", "Service continuity, mean over people", "share", 0, 1),
    Series("damage", "Unrepaired damage, mean over people", "share", 0, 1),
    Series("resource_health", "Resource health, mean over units", "share", 0, 1),
    Series("fair_share", "Sustainable supply over need, mean over systems", "share", 0, 1),
    Series("tension", "Tension between nations, mean", "level", 0, 10),
    Series("attention", "Public attention, mean over pairs", "share", 0, 1),
    Series("border_closed", "Pairs with a closed border", "share", 0, 1),
    Series("open_disputes", "Open interstate disputes over a resource", "count", 0, 60),
    Series("strength", "Strength of agreements, mean over mechanisms and dyads", "share", 0, 1),
    Series("displaced", "Displaced people", "share", 0, 1),
    Series("inequality", "Theil index of livelihood, people of all groups", "index", 0, 10),
    Series("protected", "Livelihood that a floor makes up for, mean over people", "share", 0, 1),
    Series("exposure", "Exposure to floods, mean over inhabitants", "share", 0, 1),
    Series("unrepaired", "Unrepaired damage, mean over inhabitants", "share", 0, 1),
    Series("against_projection", "Resource against its projection, mean over units", "ratio", 0, 4),
    Series("quality", "Quality of resources, mean over units", "share", 0, 1),
)
KEYS = tuple(s.key for s in SERIES)


@scalar
def quarters_by(ticks: int, tick_weeks: float, every_weeks: float) -> int:
    """How many points are recorded by the end of so many ticks."""
    return np.int64(np.floor((ticks + 0.5 - 1e-6) * tick_weeks / every_weeks))


@kernel
def record_people(topology: Topology, s: State, out: np.ndarray) -> None:
    """Means over people, worst-off group and gap between nations into out[4:11], out[12:15]."""
    group, g = topology.group, s.group
    nations = topology.nation.key.size
    living, people = np.zeros(nations), np.zeros(nations)
    total, worst = 0.0, 1.0
    for i in range(group.key.size):
        m = group.municipality[i]
        size = group.size[i]
        total += size
        out[4] += size * g.grievance[i]
        out[5] += size * g.blame[i]
        out[6] += size * g.mobilised[i]
        out[7] += size * g.livelihood[i]
        out[10] += size * g.identity[i]
        out[12] += size * s.municipality.legitimacy[m]
        out[13] += size * s.municipality.service[m]
        out[14] += size * s.municipality.damage[m]
        worst = min(worst, g.livelihood[i])
        living[topology.municipality.nation[m]] += size * g.livelihood[i]
        people[topology.municipality.nation[m]] += size
    for k in (4, 5, 6, 7, 10, 12, 13, 14):
        out[k] /= max(total, 1e-300)
    out[8] = worst
    low, high = 2.0, -1.0
    for n in range(nations):
        if people[n] > 0.0:
            low = min(low, living[n] / people[n])
            high = max(high, living[n] / people[n])
    out[9] = max(high - low, 0.0)


@scalar
def theil_term(size: float, livelihood: float, mean: float) -> float:
    """Part of a group in Theil's T: n (x / mean) ln(x / mean); 0 where nobody lives on anything."""
    if livelihood <= 0.0 or mean <= 0.0:
        return 0.0
    return size * (livelihood / mean) * log(livelihood / mean)


@kernel
def record_fortunes(topology: Topology, s: State, out: np.ndarray) -> None:
    """Displaced people, inequality, protection and exposure into out[22:27]; after the means."""
    group, g, town = topology.group, s.group, topology.municipality
    people = 0.0
    for i in range(group.key.size):
        size = group.size[i]
        people += size
        out[22] += size * g.displaced[i]
        out[23] += theil_term(size, g.livelihood[i], out[7])
        out[24] += size * g.aid[i]
    for k in (22, 23, 24):
        out[k] /= max(people, 1e-300)
    out[23] = max(out[23], 0.0)
    inhabitants = 0.0
    for m in range(town.key.size):
        inhabitants += town.population[m]
        out[25] += town.population[m] * s.municipality.exposure[m]
        out[26] += town.population[m] * s.municipality.damage[m]
    for k in (25, 26):
        out[k] /= max(inhabitants, 1e-300)


@kernel
def record_links(topology: Topology, s: State, out: np.ndarray) -> None:
    """Local rungs, trust and agreements into out."""
    dyads = topology.dyad.key.size
    for d in range(dyads):
        peak = float(s.dyad.peak[d])
        out[0] += peak / dyads
        out[1] = max(out[1], peak)
        out[3] += (1.0 if peak >= 4.0 else 0.0) / dyads
        out[11] += 0.5 * (s.dyad.trust_first[d] + s.dyad.trust_second[d]) / dyads
    strength = s.accord.strength
    for k in range(strength.shape[0]):
        for d in range(dyads):
            out[21] += strength[k, d] / (dyads * strength.shape[0])


@kernel
def record_nations(topology: Topology, s: State, out: np.ndarray, now: float) -> None:
    """Interstate rung, tension, attention, closures and open disputes into out."""
    pairs = topology.pair.key.size
    for i in range(pairs):
        out[2] = max(out[2], float(s.pair.peak[i]))
        out[17] += 0.5 * (s.pair.tension_first[i] + s.pair.tension_second[i]) / pairs
        out[18] += s.pair.attention[i] / pairs
        out[19] += (1.0 if s.pair.closed_until[i] > now else 0.0) / pairs
        for j in range(s.track.open.shape[1] - 1):
            out[20] += s.track.open[i, j]


@kernel
def health(topology: Topology, s: State, u: int) -> float:
    """How well a unit is: rivers by the fair share of their system, stocks by capacity."""
    if topology.unit.kind[u] == RIVER:
        return s.climate.fair[topology.unit.basin[u]]
    return s.unit.stock[u] / topology.unit.capacity[u]


@kernel
def look_back(topology: Topology, s: State, dt: float) -> None:
    """One tick before the start: planners extrapolate the mean health of the years that they saw.

    Without a spin-up they count on needs met (rivers) and on the declared stock.
    """
    projected, watched = s.unit.projected, s.unit.watched
    for u in range(projected.size):
        watched[u] += dt
        projected[u] += (health(topology, s, u) - projected[u]) * (dt / watched[u])


@kernel
def record_resources(topology: Topology, s: State, out: np.ndarray) -> None:
    """Resource health (rivers: fair share; stocks: share of capacity), fair shares, projection."""
    units = topology.unit.key.size
    for u in range(units):
        now = health(topology, s, u)
        out[15] += now / units
        out[27] += min(now / max(s.unit.projected[u], LEAST), 4.0) / units
        out[28] += s.unit.usable[u] / units
    basins = topology.basin.key.size
    for b in range(basins):
        out[16] += s.climate.fair[b] / basins


@kernel
def new_maxima(s: State) -> None:
    """Start the highest rungs of a new quarter from today's rungs."""
    for d in range(s.dyad.peak.size):
        s.dyad.peak[d] = s.dyad.rung[d]
    for i in range(s.pair.peak.size):
        level = 0
        for j in range(s.track.level.shape[1]):
            level = max(level, s.track.level[i, j])
        s.pair.peak[i] = level


@kernel
def record(
    topology: Topology, s: State, now: float, series: np.ndarray, dyad_peak: np.ndarray,
    pair_peak: np.ndarray,
) -> None:
    """Write one point of every series and start the next quarter's maxima from today's rungs."""
    out = np.zeros(series.size)
    record_links(topology, s, out)
    record_nations(topology, s, out, now)
    record_people(topology, s, out)
    record_fortunes(topology, s, out)
    record_resources(topology, s, out)
    for k in range(series.size):
        series[k] = out[k]
    for d in range(dyad_peak.size):
        dyad_peak[d] = s.dyad.peak[d]
    for i in range(pair_peak.size):
        pair_peak[i] = s.pair.peak[i]
    new_maxima(s)
