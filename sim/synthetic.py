"""An invented border region of any size, laid out as arrays directly.

Municipalities stand along a border line and alternate between its two sides. With n nations the
line has n - 1 segments, one per pair of neighbouring nations, so that every adjacent pair shares a
border. Every eight municipalities share a river of a few reaches; every fourth such block also has
an aquifer; the last block has a fishery and, when asked for, a pasture. A municipality deals with
its nearest foreign neighbours. Inflow is set from demand: ``scarcity`` is the yearly demand on a
resource over its mean supply (for a fishery or pasture: over its maximum sustainable yield, rK/4).

Numbers are drawn once, when the region is built, from PCG64(seed): they are the region, not chance
within a history. All magnitudes are assumptions of an invented place.
"""

from __future__ import annotations

from math import nan

import numpy as np

from sim.region import Region, RegionError
from sim.region_arrays import members
from sim.region_links import gravity_weights
from sim.river_order import with_river_order
from sim.synthetic_plan import Names, Plan, keys_of, names_of_plan, plan_of, settings_problems
from sim.synthetic_resources import basins_of, units_of
from sim.topology import (
    GROUP_KINDS,
    RESOURCE_KINDS,
    Dyads,
    Groups,
    Municipalities,
    Nations,
    Pairs,
    Reals,
    Topology,
    Units,
)

# (name, kind, share of the people, need in m3 (fish, forage: t) a year and person, seasonality,
# dependence, vulnerability, voice)
KINDS = (
    ("irrigators", "irrigators", 0.35, 2500.0, 1.0, 0.7, 0.4, 0.4),
    ("urban_households", "urban_households", 0.30, 90.0, 0.2, 0.3, 0.3, 0.6),
    ("industry", "industry", 0.05, 1500.0, 0.0, 0.4, 0.2, 0.9),
    ("urban_poor", "urban_poor", 0.10, 40.0, 0.2, 0.4, 0.8, 0.2),
    ("herders", "herders", 0.05, 200.0, 0.6, 0.7, 0.6, 0.2),
    ("traders", "traders", 0.05, 60.0, 0.0, 0.2, 0.3, 0.5),
    ("indigenous", "indigenous", 0.05, 300.0, 0.5, 0.8, 0.7, 0.2),
    ("late_irrigators", "irrigators", 0.05, 2500.0, 1.0, 0.7, 0.5, 0.2),
    ("fishers", "fishers", 0.10, 5.0, 0.3, 0.8, 0.5, 0.3),
    ("pastoralists", "herders", 0.10, 6.0, 0.5, 0.8, 0.6, 0.2),
)
HOUSEHOLDS, FISHERS, PASTORALISTS = 1, len(KINDS) - 2, len(KINDS) - 1
TRAIT = np.array([kind[2:] for kind in KINDS], dtype=np.float64)  # [kind, trait]
SHARE, NEED, SEASONALITY, DEPENDENCE, VULNERABILITY, VOICE = range(6)
START_YEAR = 2026
KM_PER_DEGREE = 111.2


def synthetic_region(
    municipalities: int = 12,
    nations: int = 2,
    groups: int = 3,
    units: int | None = None,
    dyads_per_municipality: int = 2,
    fishery: bool = True,
    seed: int = 1,
    scarcity: float = 0.9,
    land: bool = False,
) -> Region:
    """Build an invented region: see the module. Raises RegionError naming every wrong setting."""
    given = {
        "municipalities": municipalities, "nations": nations, "groups": groups, "units": units,
        "dyads_per_municipality": dyads_per_municipality, "seed": seed, "scarcity": scarcity,
    }  # fmt: skip
    problems = settings_problems(given, fishery, land)
    if problems:
        raise RegionError([p.text for p in problems], [p.path for p in problems])
    draws = np.random.Generator(np.random.PCG64(seed))
    plan = plan_of(municipalities, nations, units, dyads_per_municipality, fishery, land)
    kinds = _kinds(plan, groups)
    names = names_of_plan(plan, nations, kinds, tuple(kind[0] for kind in KINDS))
    east, north = _places(plan, draws)
    return Region(
        name="synthetic",
        label=f"An invented border of {municipalities} municipalities",
        start_year=START_YEAR,
        nation_names=names.nation,
        nation_labels=tuple(f"Nation {n + 1}" for n in range(nations)),
        pair_names=names.pair,
        municipality_names=names.municipality,
        group_names=names.group,
        unit_names=names.unit,
        basin_names=names.basin,
        dyad_names=names.dyad,
        latitude=north / KM_PER_DEGREE,
        longitude=east / KM_PER_DEGREE,
        topology=with_river_order(_topology(plan, kinds, names, (east, north), scarcity, draws)),
    )


def _topology(
    plan: Plan,
    kinds: np.ndarray,
    names: Names,
    places: tuple[Reals, Reals],
    scarcity: float,
    draws: np.random.Generator,
) -> Topology:
    """Arrays of the region; draws are made in a fixed order."""
    population = np.round(20_000.0 * np.exp(0.8 * draws.standard_normal(plan.segment.size)))
    group = _groups(plan, kinds, population, names, draws)
    dyad = _dyads(plan, population, places, names)
    unit = units_of(plan, group, dyad, names, scarcity)
    return Topology(
        nation=_nations(names),
        pair=_pairs(plan, group, unit, dyad, names),
        municipality=_municipalities(plan, population, group, dyad, names, draws),
        group=group,
        unit=unit,
        basin=basins_of(unit, names),
        dyad=dyad,
    )


def _kinds(plan: Plan, groups: int) -> np.ndarray:
    """[m, g] row of KINDS of each group; where there is a fishery the last group are fishers.

    Where there is a pasture the last but one are herders, unless those are the households of the
    aquifer; then the first.
    """
    kinds = np.tile(np.arange(groups), (plan.segment.size, 1))
    herders = groups - 2 if groups > 2 and groups - 2 != HOUSEHOLDS else 0
    kinds[plan.pasture >= 0, herders] = PASTORALISTS
    kinds[plan.fishery >= 0, -1] = FISHERS
    return kinds


def _places(plan: Plan, draws: np.random.Generator) -> tuple[Reals, Reals]:
    """Kilometres east and north: side a north of the border line, side b south of it."""
    count = plan.segment.size
    step = min(6.0, 6000.0 / count)
    east = step * (np.arange(count) + 0.6 * (draws.random(count) - 0.5))
    side = np.where(plan.nation == plan.segment, 1.0, -1.0)
    return east, side * (2.0 + 6.0 * draws.random(count)) * step / 6.0


def _groups(
    plan: Plan, kinds: np.ndarray, population: Reals, names: Names, draws: np.random.Generator
) -> Groups:
    municipality = np.repeat(np.arange(kinds.shape[0]), kinds.shape[1])
    kind = kinds.ravel()
    trait = TRAIT[kind]
    size = np.maximum(1.0, np.round(trait[:, SHARE] * population[municipality]))
    noise = np.exp(0.15 * draws.standard_normal(kind.size))
    scale = np.where(kind >= FISHERS, 1e-3, 1e-6)
    total = np.bincount(municipality, weights=size)
    aquifer = plan.aquifer[municipality]
    unit = plan.reach[municipality].astype(np.int64)
    unit = np.where((kind == HOUSEHOLDS) & (aquifer >= 0), aquifer, unit)
    unit = np.where(kind == FISHERS, plan.fishery[municipality], unit)
    unit = np.where(kind == PASTORALISTS, plan.pasture[municipality], unit)
    rows = np.array([GROUP_KINDS.index(each[1]) for each in KINDS])
    return Groups(
        key=keys_of((tuple(name.split("/")) for name in names.group), kind.size),
        municipality=municipality.astype(np.uint32),
        unit=unit.astype(np.uint32),
        kind=rows[kind].astype(np.uint32),
        size=size,
        weight=size / total[municipality],
        demand=size * trait[:, NEED] * noise * scale,
        seasonality=trait[:, SEASONALITY].copy(),
        dependence=trait[:, DEPENDENCE].copy(),
        vulnerability=trait[:, VULNERABILITY].copy(),
        voice=trait[:, VOICE].copy(),
    )


def _dyads(plan: Plan, population: Reals, places: tuple[Reals, Reals], names: Names) -> Dyads:
    """What two neighbours contest: a river reach; every fourth the aquifer, fishery or pasture."""
    a, b = plan.first, plan.second
    low = np.minimum(a, b)
    contested = np.where(plan.block[a] == plan.block[b], low, np.maximum(a, b))
    unit = plan.reach[contested].astype(np.int64)
    for rest, other in ((1, plan.fishery), (2, plan.pasture), (3, plan.aquifer)):
        both = (other[a] >= 0) & (other[a] == other[b]) & (low % 4 == rest)
        unit = np.where(both, other[a], unit)
    blocks = int(plan.block[-1]) + 1
    extra = np.arange(plan.aquifers + plan.fisheries + plan.pastures) + blocks
    called = names.municipality
    sides = [
        (*sorted((called[i], called[j])), called[i], called[j])
        for i, j in zip(a.tolist(), b.tolist(), strict=True)
    ]
    east, north = places
    mass = np.sqrt(population[a] * population[b])
    return Dyads(
        first=a,
        second=b,
        pair=plan.segment[a],
        key=keys_of(((x, y) for x, y, _, _ in sides), a.size),
        key_first=keys_of(((x, y, i) for x, y, i, _ in sides), a.size),
        key_second=keys_of(((x, y, j) for x, y, _, j in sides), a.size),
        unit=unit.astype(np.uint32),
        basin=np.concatenate((plan.river, extra))[unit].astype(np.uint32),
        weight=gravity_weights(mass, np.hypot(east[a] - east[b], north[a] - north[b])),
        below=np.zeros(a.size, dtype=np.int32),
    )


def _nations(names: Names) -> Nations:
    nations = len(names.nation)
    return Nations(
        key=keys_of(((name,) for name in names.nation), nations),
        hawkishness=np.full(nations, nan),
        term_years=np.full(nations, 5.0),
    )


def _pairs(plan: Plan, group: Groups, unit: Units, dyad: Dyads, names: Names) -> Pairs:
    count = len(names.pair)
    first = np.arange(count, dtype=np.uint32)
    between = [(names.nation[p], names.nation[p + 1]) for p in range(count)]
    users = np.zeros((len(names.basin), len(names.nation)), dtype=bool)
    users[unit.basin[group.unit], plan.nation[group.municipality]] = True
    shared = (users[:, :count] & users[:, 1 : count + 1]).T
    shared[dyad.pair, dyad.basin] = True
    shares = np.zeros((count, len(RESOURCE_KINDS)))
    basins, kinds = np.unique(unit.basin, return_index=True)
    for p in range(count):
        shares[p, unit.kind[kinds[shared[p, basins]]]] = 1.0
    start, rows = members(dyad.pair, count)
    return Pairs(
        first=first,
        second=first + np.uint32(1),
        key=keys_of(between, count),
        key_first=keys_of(((a, b, a) for a, b in between), count),
        key_second=keys_of(((a, b, b) for a, b in between), count),
        rivalry=np.full(count, nan),
        body_monitoring=np.full(shares.shape, 0.2),
        body_resolution=np.full(shares.shape, 0.2),
        body_enforcement=np.zeros(shares.shape),
        liaison=np.zeros(count),
        mediators=np.full(count, 0.5),
        shares=shares,
        basin_start=np.concatenate(([0], np.cumsum(shared.sum(axis=1)))).astype(np.uint32),
        basin=np.nonzero(shared)[1].astype(np.uint32),
        dyad_start=start,
        dyad=rows,
    )


def _municipalities(
    plan: Plan,
    population: Reals,
    group: Groups,
    dyad: Dyads,
    names: Names,
    draws: np.random.Generator,
) -> Municipalities:
    count = population.size
    group_start, _ = members(group.municipality, count)
    dyad_start, side = members(np.column_stack((dyad.first, dyad.second)).ravel(), count)
    return Municipalities(
        key=keys_of(((name,) for name in names.municipality), count),
        nation=plan.nation,
        population=population,
        revenue=population * 200.0 * np.exp(0.3 * draws.standard_normal(count)) / 1e6,
        capacity=0.3 + 0.5 * draws.random(count),
        term_years=np.full(count, 4.0),
        basin=plan.block,
        reach=plan.reach.astype(np.int32),
        group_start=group_start,
        dyad_start=dyad_start,
        dyad=side // np.uint32(2),
    )
