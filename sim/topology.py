"""What does not change within a history: who exists, where, and who touches whom, as arrays.

Axes: n nations, p unordered nation pairs, m municipalities, g user groups (sorted by municipality),
u resource units (upstream before downstream), b basins (resource systems, one kind each), d dyads
(partner municipalities across a border; side a belongs to the pair's first nation). Links are CSR:
``*_start[i]:*_start[i+1]`` are the members of i. Keys are 64-bit hashes of names. Quantities:
million m3 (rivers, aquifers) or thousand tonnes (fisheries); money: million US dollars of 2020.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Index = NDArray[np.uint32]
Signed = NDArray[np.int32]
Keys = NDArray[np.uint64]

RIVER, AQUIFER, FISHERY, LAND = 0, 1, 2, 3
RESOURCE_KINDS = ("river", "aquifer", "fishery", "land")
ISSUES = (*RESOURCE_KINDS, "other")  # tracks of a nation pair; "other": no shared resource
OTHER = 4
GROUP_KINDS = (
    "irrigators", "industry", "fishers", "herders",
    "indigenous", "urban_households", "urban_poor", "traders", "displaced",
)  # fmt: skip


class Nations(NamedTuple):
    """Governments. NaN in a trait: drawn per history."""

    key: Keys  # [n]
    hawkishness: Reals  # [n] 0..1
    term_years: Reals  # [n] years between national elections (or purges: any renewal of mandate)


class Pairs(NamedTuple):
    """Unordered pairs of nations that share a border in the region."""

    first: Index  # [p] row of the nation on side a
    second: Index  # [p] row of the nation on side b
    key: Keys  # [p]
    key_first: Keys  # [p] identity of side a within the pair
    key_second: Keys  # [p]
    rivalry: Reals  # [p] relative level of other-issue quarrel, mean 1; NaN: drawn lognormal
    body_monitoring: Reals  # [p, 4] 0..1 an interstate body monitors, by kind of resource
    body_resolution: Reals  # [p, 4] 0..1 it resolves disputes
    body_enforcement: Reals  # [p, 4] 0..1 it enforces
    liaison: Reals  # [p] 0..1 liaison office or hotline between capitals and guards
    mediators: Reals  # [p] 0..1 reach of third parties who mediate
    shares: Reals  # [p, 4] 1 where the pair shares a resource of that kind
    basin_start: Index  # [p+1]
    basin: Index  # resource systems that both nations of a pair live from or contest
    dyad_start: Index  # [p+1]
    dyad: Index  # [d] dyads of each pair


class Municipalities(NamedTuple):
    """Local governments."""

    key: Keys  # [m]
    nation: Index  # [m]
    population: Reals  # [m] persons
    revenue: Reals  # [m] million dollars a year
    capacity: Reals  # [m] 0..1 administrative capacity
    term_years: Reals  # [m]
    basin: Index  # [m] resource system whose weather it has
    reach: Signed  # [m] river unit whose floods reach it; -1: none
    group_start: Index  # [m+1] its groups are rows group_start[m]:group_start[m+1]
    dyad_start: Index  # [m+1]
    dyad: Index  # [2d] dyads it is a side of


class Groups(NamedTuple):
    """User groups, sorted by municipality."""

    key: Keys  # [g]
    municipality: Index  # [g]
    unit: Index  # [g] resource unit it lives from
    kind: Index  # [g] row of GROUP_KINDS
    size: Reals  # [g] persons
    weight: Reals  # [g] share of the municipality's people in groups (sums to 1 per municipality)
    demand: Reals  # [g] need, quantity a year
    seasonality: Reals  # [g] 0..1 how far need follows the growing season
    dependence: Reals  # [g] 0..1 share of livelihood lost without the resource
    vulnerability: Reals  # [g] 0..1 exposure to hazard damage
    voice: Reals  # [g] 0..1 weight when decisions are made or protest is heard


class Units(NamedTuple):
    """Resource units: river reaches (upstream first), aquifers, fisheries."""

    key: Keys  # [u]
    kind: Index  # [u] RIVER, AQUIFER or FISHERY
    basin: Index  # [u]
    downstream: Signed  # [u] next reach, -1: leaves the region
    capacity: Reals  # [u] largest stock
    initial: Reals  # [u] 0..1 stock at the start as a share of capacity
    inflow: Reals  # [u] mean own inflow (river) or recharge (aquifer), quantity a year; fishery 0
    growth: Reals  # [u] fishery: intrinsic growth rate r, 1/year
    release: Reals  # [u] river: linear-reservoir release rate, 1/year
    return_share: Reals  # [u] share of abstraction that returns downstream (or to the stock)
    accident_rate: Reals  # [u] pollution accidents per year (river)
    saline: Reals  # [u] 0..1 how near saline water stands that can intrude
    flood_rate: Reals  # [u] floods per year (1 / return period); 0: none
    disputed: Reals  # [u] 0..1 share of the unit's border stretch that is not demarcated
    group_start: Index  # [u+1]
    group: Index  # [g] groups of each unit


class Basins(NamedTuple):
    """Resource systems and their climate."""

    key: Keys  # [b]
    kind: Index  # [b]
    season: Reals  # [b, 12] monthly inflow relative to the annual mean (mean 1)
    need_season: Reals  # [b, 12] monthly need relative to the annual mean (mean 1)
    variation: Reals  # [b] coefficient of variation of annual inflow
    memory_years: Reals  # [b] e-folding time of the inflow anomaly
    record: Signed  # [b] row of records that drives the inflow, -1: generated
    drought_rate: Reals  # [b] droughts per year
    heat_rate: Reals  # [b] heat waves per year
    storm_rate: Reals  # [b] storms per year
    warm: Reals  # [b, 12] likelihood of heat by month, mean 1
    unit_start: Index  # [b+1]
    unit: Index  # [u]
    records: Reals  # [r, months] monthly flow relative to the record's mean, January first
    record_months: Index  # [r] months of each record (whole years)


class Dyads(NamedTuple):
    """Partner municipalities across a border and what they contest."""

    first: Index  # [d] municipality on side a
    second: Index  # [d] municipality on side b
    pair: Index  # [d]
    key: Keys  # [d] unordered pair of names
    key_first: Keys  # [d] identity of side a within the dyad
    key_second: Keys  # [d]
    unit: Index  # [d] contested unit (where the border stretch and the incident are)
    basin: Index  # [d]
    weight: Reals  # [d] interaction weight, mean 1 (rule of reach: see sim.mechanisms)
    below: Signed  # [d] 1: side a lies downstream of side b, -1: b of a, 0: neither


class Topology(NamedTuple):
    """All of the above; the one argument that carries the region into compiled code."""

    nation: Nations
    pair: Pairs
    municipality: Municipalities
    group: Groups
    unit: Units
    basin: Basins
    dyad: Dyads
