"""Rivers, aquifers and the fishery of an invented region, sized from the demand on them."""

from __future__ import annotations

import numpy as np

from sim.region_arrays import members
from sim.region_weather import SALINE_BELOW, warm_months
from sim.synthetic_plan import Names, Plan, keys_of
from sim.topology import AQUIFER, FISHERY, LAND, RIVER, Basins, Dyads, Groups, Units

SNOW = (0.45, 0.45, 0.6, 1.0, 1.6, 2.1, 1.9, 1.4, 0.9, 0.6, 0.5, 0.5)
GROWING = (0.1, 0.1, 0.4, 1.0, 1.8, 2.3, 2.5, 2.1, 1.1, 0.4, 0.1, 0.1)
UNDEMARCATED = 0.2  # share of the border
LATITUDE = 40.0  # whose summers the invented region has
TIDAL = 0.2  # how near the sea stands to the last reach of a river
RELEASE = 52.0  # 1/year: water stays in a reach for a week
GROWTH = 0.5  # 1/year, fish
REGROWTH = 2.5  # 1/year, pasture
RAIN = (0.2, 0.3, 0.6, 1.2, 1.8, 2.0, 1.8, 1.5, 1.1, 0.8, 0.4, 0.3)


def units_of(plan: Plan, group: Groups, dyad: Dyads, names: Names, scarcity: float) -> Units:
    """Resource units: inflow and capacity from the demand on their basin."""
    rivers, count = plan.river.size, len(names.unit)
    counts = [rivers, plan.aquifers, plan.fisheries, plan.pastures]
    kind = np.repeat([RIVER, AQUIFER, FISHERY, LAND], counts)
    blocks = int(plan.block[-1]) + 1
    basin = np.concatenate((plan.river, blocks + np.arange(count - rivers)))
    demand = np.bincount(basin[group.unit], weights=group.demand, minlength=len(names.basin))
    supply = np.maximum(demand, 1e-3) / scarcity
    is_head = np.diff(basin, prepend=-1) > 0
    reaches = np.bincount(basin)[basin]
    tributary = 0.3 / np.maximum(1, reaches - 1)
    inflow = supply[basin] * np.where(reaches == 1, 1.0, np.where(is_head, 0.7, tributary))
    last = np.append(np.diff(basin) > 0, True)
    river = kind == RIVER
    growth = np.where(kind == FISHERY, GROWTH, np.where(kind == LAND, REGROWTH, 0.0))
    grows = growth > 0.0
    start, rows = members(group.unit, count)
    disputed = np.zeros(count, dtype=np.float64)
    disputed[dyad.unit] = UNDEMARCATED
    water = np.where(river, 5.0 * supply[basin] / RELEASE, 20.0 * supply[basin])
    return Units(
        key=keys_of(((name,) for name in names.unit), count),
        kind=kind.astype(np.uint32),
        basin=basin.astype(np.uint32),
        downstream=np.where(river & ~last, np.arange(count) + 1, -1).astype(np.int32),
        capacity=np.where(grows, 4.0 * supply[basin] / np.where(grows, growth, 1.0), water),
        initial=np.where(river, 0.2, 0.7),
        inflow=np.where(grows, 0.0, inflow),
        growth=growth,
        release=np.where(river, RELEASE, 0.0),
        return_share=np.where(river, 0.25, np.where(grows, 0.0, 0.1)),
        accident_rate=np.where(river, 1.0 / 25.0, 0.0),
        saline=np.where(kind == AQUIFER, SALINE_BELOW, np.where(river & last, TIDAL, 0.0)),
        flood_rate=np.where(river, 1.0 / 15.0, 0.0),
        disputed=disputed,
        group_start=start,
        group=rows,
    )


def basins_of(unit: Units, names: Names) -> Basins:
    """Climate of each basin: snow-fed rivers, steady aquifers and fishery."""
    count = len(names.basin)
    start, rows = members(unit.basin, count)
    kind = unit.kind[rows[start[:-1]]]
    river, land = (kind == RIVER)[:, None], (kind == LAND)[:, None]
    rain = np.array(RAIN) / np.mean(RAIN)
    return Basins(
        key=keys_of(((name,) for name in names.basin), count),
        kind=kind,
        season=np.where(river, np.array(SNOW) / np.mean(SNOW), np.where(land, rain, 1.0)),
        need_season=np.where(river, np.array(GROWING) / np.mean(GROWING), 1.0),
        variation=np.where(kind == FISHERY, 0.10, 0.24),
        memory_years=np.full(count, 1.0 / 3.0),
        record=np.full(count, -1, dtype=np.int32),
        drought_rate=np.where((kind == RIVER) | (kind == LAND), 1.0 / 8.0, 0.0),
        heat_rate=np.full(count, 1.0 / 2.0),
        storm_rate=np.full(count, 1.0 / 5.0),
        warm=np.tile(warm_months(LATITUDE), (count, 1)),
        unit_start=start,
        unit=rows,
        records=np.ones((1, 12)),
        record_months=np.array([12], dtype=np.uint32),
    )
