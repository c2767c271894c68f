"""Water carries pollution, salt and sediment downstream; what is too dirty is of little use.

    river    dM/dt = i - (k + d) M   over a tick with steady entry i, C = M / S
             entry = own inflow x background + from upstream + sewage, in all of which C is an
             index: at C = 1 the water is half as useful
    sewage   = sum over groups of load[kind] take (1 - y detection), times the pollution channel
    aquifer  P' = (P S + sewage) / (S + gained) e^{-dt/ground};  salt tends to what intrudes
    intruded = w near max(0, 1 - 2 S/K)  (aquifer),   w near max(0, 1 - S/S0)^2  (river, S0: mean)
    useful   = (1 - eroded) / ((1 + P^2)(1 + (salt + intruded)^2)(1 + T^2)), smoothed like take,
               with the concentrations of a reach's discharge (their mean over the tick)
    fouled   = P P_up / (1 + P^2), smoothed alike,   P_up: the part of P that came from upstream

k: release, d: decay (pollution) or settling (sediment, T); salt neither decays nor leaves with what
is used, so that irrigation concentrates it downstream. A town's sewage enters the reach by which it
stands, else the water that its people take. Pollution accidents strike a reach as a Poisson process
with a heavy tail, and flow downstream, diluted by what joins. Livelihood counts useful water only.
Source: linear reservoirs with decay (Streeter & Phelps 1925 for the decay of sewage); extremes over
a threshold (Coles 2001); salt balance and upconing of salt under overdraft: common knowledge of
irrigation; sizes: assumption. Limits: quality is the same for all uses; fisheries and pastures have
none; sediment does not fill reservoirs; the other side is blamed for dirt from upstream (rule
perception), not for salt, mud or what it lets into the same reach.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp, log
from sim.state import Channels, People, Resource
from sim.streams import Purpose, fill_uniforms
from sim.topology import AQUIFER, GROUP_KINDS, RIVER, Groups, Municipalities, Units
from sim.units import WEEKS_PER_YEAR, probability, retention

ACCIDENT = int(Purpose.POLLUTION_ACCIDENT)
FARMERS, INDUSTRY = GROUP_KINDS.index("irrigators"), GROUP_KINDS.index("industry")


class QualityParameters(NamedTuple):
    """Pollution, salt and sediment."""

    farm_load: Annotated[float, Par(
        "index", 0, 2, "Pollution of the water that farms use",
        "assumption: drains carry a tenth of what would halve the use of water")] = 0.1
    industry_load: Annotated[float, Par(
        "index", 0, 50, "Pollution of the water that industry uses",
        "assumption: mostly treated or kept out; undiluted it halves the use of water")] = 1.0
    town_load: Annotated[float, Par(
        "index", 0, 50, "Pollution of the water that all others use",
        "assumption: mostly treated or kept out; undiluted it halves the use of water")] = 1.0
    careful: Annotated[float, Par(
        "share", 0, 1, "Sewage that is held back where all of it is found out",
        "assumption: the part that costs little to hold back")] = 0.5
    decay_weeks: Annotated[float, Par(
        "weeks", 0.1, 20, "Time in which pollution decays in a river",
        "assumption: the organic load of sewage decays by 10-20 % a day")] = 1.0
    ground_years: Annotated[float, Par(
        "years", 0.5, 100, "Time in which pollution decays in the ground",
        "assumption: nitrate stays for decades, germs for weeks")] = 10.0
    settling_weeks: Annotated[float, Par(
        "weeks", 0.1, 20, "Time in which sediment settles",
        "assumption: half in five days; still water of two metres sheds silt in a day, clay in a "
        "week")] = 1.0
    salt: Annotated[float, Par(
        "index", 0, 1, "Salt of inflow and recharge",
        "assumption: use is halved when it is concentrated twelvefold")] = 0.08
    silt: Annotated[float, Par(
        "index", 0, 1, "Sediment of mean inflow; grows with flow",
        "assumption: at mean flow it costs 1/400 of the use, at twentyfold flow a half")] = 0.05
    intrusion: Annotated[float, Par(
        "index", 0, 5, "Salt where saline water stands near and the stock is gone",
        "assumption: sea water is of no use")] = 2.0
    intrusion_years: Annotated[float, Par(
        "years", 0.1, 50, "Time in which an aquifer turns saline or fresh again",
        "assumption: half in three and a half years; twice as fast as dirt in the ground")] = 5.0
    accident_scale: Annotated[float, Par(
        "index", 0.01, 10, "Scale of an accident, in the reach at its mean stock",
        "assumption: a common one halves the use of the water for a week")] = 0.7
    accident_shape: Annotated[float, Par(
        "exponent", 0.01, 0.8, "Tail of accidents",
        "assumption: as that of floods")] = 0.3
    accident_factor: Annotated[float, Par(
        "ratio", 0, 5, "Multiplier on every reach's rate of accidents",
        "1: as the region file says")] = 1.0


@kernel
def accidents(
    unit: Units, resource: Resource, p: QualityParameters, draws: tuple[np.ndarray, np.ndarray],
    seed: int, tick: int, dt: float,
) -> None:
    """Spill pollution into reaches: this tick's accidents. ``draws``: two scratch arrays [u]."""
    u, v = draws
    rate, kind, capacity, initial = unit.accident_rate, unit.kind, unit.capacity, unit.initial
    spill, pollution, stock = resource.spill, resource.pollution, resource.stock
    fill_uniforms(seed, ACCIDENT, tick, unit.key, u, v)
    for i in range(rate.size):
        spill[i] = 0.0
        if kind[i] == RIVER and u[i] < probability(rate[i] * p.accident_factor, dt):
            shape = p.accident_shape
            spill[i] = p.accident_scale / shape * (exp(-shape * log(v[i])) - 1.0)
            mass = spill[i] * initial[i] * capacity[i]
            pollution[i] += mass / stock[i] if stock[i] > 0.0 else 0.0


@kernel
def sewage(
    load: np.ndarray, group: Groups, town: Municipalities, unit: Units, people: People,
    channel: Channels, p: QualityParameters, dt: float,
) -> None:
    """Pollution that enters every reach or aquifer in this tick: index times quantity, [u]."""
    for u in range(load.size):
        load[u] = 0.0
    source, kind, at, felt = group.unit, group.kind, group.municipality, people.take_felt
    reach, kinds, found, factor = town.reach, unit.kind, channel.detection, channel.pollution
    for g in range(source.size):
        m, u = at[g], np.int64(source[g])
        if kinds[u] > AQUIFER:
            continue
        if reach[m] >= 0:
            u = np.int64(reach[m])
        dirt = p.town_load
        if kind[g] == FARMERS:
            dirt = p.farm_load
        elif kind[g] == INDUSTRY:
            dirt = p.industry_load
        load[u] += dirt * felt[g] * dt * (1.0 - p.careful * found[m]) * factor[u]


@scalar
def carry(
    mass: float, entering: float, release: float, decay: float, kept: float, dt: float
) -> tuple[float, float]:
    """Mass that stays in a reach, and that flows on. ``kept``: share that the reach can hold."""
    total = release + decay
    hold, late = exp(-total * dt), 1.0
    if total * dt > 1e-9:
        late = (1.0 - hold) / (total * dt)
    stays = min(mass * hold + entering * late, mass + entering)  # rounding makes no mass
    gone = (mass + entering - stays) * (release / total) if total > 0.0 else 0.0
    return stays * kept, gone + stays * (1.0 - kept)


@scalar
def useful(pollution: float, salt: float, silt: float, eroded: float) -> float:
    """Share of the use that the quality of the water leaves."""
    return (1.0 - eroded) / (
        (1.0 + pollution * pollution) * (1.0 + salt * salt) * (1.0 + silt * silt))


@scalar
def spoiled(pollution: float, part: float) -> float:
    """Share of the use lost to a part of the pollution, P^2 / (1 + P^2) times its share in P."""
    return pollution * part / (1.0 + pollution * pollution)


@scalar
def intruded(near: float, fullness: float, river: bool, p: QualityParameters) -> float:
    """Salt that comes in where the stock is low; fullness: stock over its reference."""
    low = max(1.0 - fullness, 0.0)
    return p.intrusion * near * (low * low if river else low)


@kernel
def in_the_ground(
    resource: Resource, u: int, load: float, near: float, capacity: float, p: QualityParameters,
    dt: float,
) -> None:
    """Pollution and salt of an aquifer that has been recharged."""
    stock, gained = resource.stock[u], resource.gained[u]
    if stock > 0.0:
        mixed = (resource.pollution[u] * (stock - gained) + load) / stock
        resource.pollution[u] = mixed * retention(p.ground_years, dt)
    target = p.salt + intruded(near, 2.0 * stock / capacity, False, p)
    keep = retention(p.intrusion_years, dt)
    resource.salinity[u] = target + (resource.salinity[u] - target) * keep


@kernel
def usability(
    unit: Units, resource: Resource,
    met: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray], p: QualityParameters,
    season_weeks: float, dt: float,
) -> None:
    """Share of the use that quality leaves, as people feel it over a season.

    met: pollution, salt, sediment and pollution from upstream of what every reach let go [u].
    """
    met_dirt, met_salt, met_silt, met_foul = met
    keep = retention(season_weeks / WEEKS_PER_YEAR, dt)
    kind, near, capacity, initial = unit.kind, unit.saline, unit.capacity, unit.initial
    pollution, salinity, sediment = resource.pollution, resource.salinity, resource.sediment
    stock, eroded, out, fouled = resource.stock, resource.eroded, resource.usable, resource.fouled
    for u in range(out.size):
        if kind[u] > AQUIFER:
            continue
        dirt, salt, silt = pollution[u], salinity[u], sediment[u]
        if kind[u] == RIVER:
            dirt, salt, silt = met_dirt[u], met_salt[u], met_silt[u]
            lost = spoiled(dirt, met_foul[u])
            fouled[u] = lost + (fouled[u] - lost) * keep
            mean = initial[u] * capacity[u]
            if near[u] > 0.0 and mean > 0.0:
                salt += intruded(near[u], stock[u] / mean, True, p)
        now = useful(dirt, salt, silt, eroded[u])
        out[u] = now + (out[u] - now) * keep
