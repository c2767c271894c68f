"""Checked entries laid out as the arrays of a `Topology`.

Nothing is validated here: the tables hold no mistake, rows are in their final order.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan

import numpy as np

from sim.region_reader import Entry, names_of
from sim.region_tables import Tables
from sim.region_weather import mean_latitude, saline, warm_months, weather_of
from sim.river_order import with_river_order
from sim.streams import entity_key
from sim.topology import (
    GROUP_KINDS,
    RESOURCE_KINDS,
    Basins,
    Dyads,
    Groups,
    Index,
    Keys,
    Municipalities,
    Nations,
    Pairs,
    Reals,
    Signed,
    Topology,
    Units,
)

MILLION = 1e6
BODY_POWERS = ("monitoring", "conflict_resolution", "enforcement")


def arrays_of(tables: Tables) -> Topology:
    """The topology of a region."""
    return with_river_order(Topology(
        nation=_nations(tables),
        pair=_pairs(tables),
        municipality=_municipalities(tables),
        group=_groups(tables),
        unit=_units(tables),
        basin=_basins(tables),
        dyad=_dyads(tables),
    ))  # fmt: skip


def members(owner: np.ndarray, owners: int) -> tuple[Index, Index]:
    """CSR lists of the rows that belong to each owner, rows ascending: (start, rows)."""
    start = np.zeros(owners + 1, dtype=np.uint32)
    start[1:] = np.cumsum(np.bincount(owner, minlength=owners))
    return start, np.argsort(owner, kind="stable").astype(np.uint32)


def reals(values: Iterable[float]) -> Reals:
    """A float64 array."""
    return np.array(list(values), dtype=np.float64)


def complement_product(shares: Iterable[float]) -> float:
    """How far several bodies together do a thing: 1 - product of (1 - share)."""
    left = 1.0
    for share in shares:
        left *= 1.0 - share
    return 1.0 - left


def _rows(entries: Sequence[Entry]) -> dict[str, int]:
    return {entry["name"]: row for row, entry in enumerate(entries)}


def _index(values: Iterable[int]) -> Index:
    return np.array(list(values), dtype=np.uint32)


def _signed(values: Iterable[int]) -> Signed:
    return np.array(list(values), dtype=np.int32)


def _keys(names: Iterable[tuple[str, ...]]) -> Keys:
    return np.array([entity_key(*each) for each in names], dtype=np.uint64)


def _rate(return_years: float) -> float:
    """Events per year from a return period; none when it is not given or 0."""
    return 0.0 if isnan(return_years) or return_years <= 0.0 else 1.0 / return_years


def _nations(tables: Tables) -> Nations:
    return Nations(
        key=_keys((e["name"],) for e in tables.nations),
        hawkishness=reals(e["hawkishness"] for e in tables.nations),
        term_years=reals(e["term_years"] for e in tables.nations),
    )


def _pairs(tables: Tables) -> Pairs:
    row = _rows(tables.nations)
    between = [e["between"] for e in tables.pairs]
    start, dyad = members(_index(d["pair"] for d in tables.dyads), len(between))
    shared = _shared(tables)
    body = {key: _powers(tables, key) for key in BODY_POWERS}
    return Pairs(
        first=_index(row[a] for a, _ in between),
        second=_index(row[b] for _, b in between),
        key=_keys(between),
        key_first=_keys((a, b, a) for a, b in between),
        key_second=_keys((a, b, b) for a, b in between),
        rivalry=reals(e["rivalry"] for e in tables.pairs),
        body_monitoring=body["monitoring"],
        body_resolution=body["conflict_resolution"],
        body_enforcement=body["enforcement"],
        liaison=reals(e["liaison"] for e in tables.pairs),
        mediators=reals(e["mediators"] for e in tables.pairs),
        shares=_shared_kinds(tables, shared),
        basin_start=_index([0, *np.cumsum(shared.sum(axis=1))]),
        basin=_index(np.nonzero(shared)[1]),
        dyad_start=start,
        dyad=dyad,
    )


def _powers(tables: Tables, power: str) -> Reals:
    """[p, 4] what the bodies of a pair that deal with a kind of resource may do together."""
    powers = np.zeros((len(tables.pairs), len(RESOURCE_KINDS)), dtype=np.float64)
    for row, pair in enumerate(tables.pairs):
        for column, kind in enumerate(RESOURCE_KINDS):
            shares = [body[power] for body in pair["bodies"] if kind in body["kinds"]]
            powers[row, column] = complement_product(shares)
    return powers


def _shared(tables: Tables) -> np.ndarray:
    """[p, b] True where people of both nations live from a basin, or contest a unit of it."""
    nation = {e["name"]: e["nation"] for e in tables.municipalities}
    unit = names_of(tables.units)
    users: dict[str, set[str]] = {e["name"]: set() for e in tables.basins}
    for group in tables.groups:
        users[unit[group["unit"]]["basin"]].add(nation[group["municipality"]])
    shared = np.zeros((len(tables.pairs), len(tables.basins)), dtype=bool)
    for row, pair in enumerate(tables.pairs):
        for column, basin in enumerate(tables.basins):
            shared[row, column] = set(pair["between"]) <= users[basin["name"]]
    column_of = _rows(tables.basins)
    for dyad in tables.dyads:
        shared[dyad["pair"], column_of[unit[dyad["unit"]]["basin"]]] = True
    return shared


def _shared_kinds(tables: Tables, shared: np.ndarray) -> Reals:
    """1 where a pair shares a basin of that kind."""
    shares = np.zeros((len(tables.pairs), len(RESOURCE_KINDS)), dtype=np.float64)
    for column, basin in enumerate(tables.basins):
        shares[shared[:, column], RESOURCE_KINDS.index(basin["kind"])] = 1.0
    return shares


def _municipalities(tables: Tables) -> Municipalities:
    places, row = tables.municipalities, _rows(tables.municipalities)
    nation, unit = _rows(tables.nations), _rows(tables.units)
    group_start, _ = members(_index(row[g["municipality"]] for g in tables.groups), len(places))
    sides = [row[name] for d in tables.dyads for name in d["between"]]
    dyad_start, side = members(_index(sides), len(places))
    return Municipalities(
        key=_keys((e["name"],) for e in places),
        nation=_index(nation[e["nation"]] for e in places),
        population=reals(e["population"] for e in places),
        revenue=reals(e["population"] * e["revenue_per_person"] / MILLION for e in places),
        capacity=reals(e["capacity"] for e in places),
        term_years=reals(e["term_years"] for e in places),
        basin=_index(_rows(tables.basins)[name] for name in weather_of(tables)),
        reach=_signed(unit.get(str(e.get("reach")), -1) for e in places),
        group_start=group_start,
        dyad_start=dyad_start,
        dyad=side // np.uint32(2),
    )


def _groups(tables: Tables) -> Groups:
    groups = tables.groups
    row, unit = _rows(tables.municipalities), _rows(tables.units)
    municipality = _index(row[e["municipality"]] for e in groups)
    size = reals(e["size"] for e in groups)
    total = np.bincount(municipality, weights=size, minlength=len(row))
    return Groups(
        key=_keys((e["municipality"], e["name"]) for e in groups),
        municipality=municipality,
        unit=_index(unit[e["unit"]] for e in groups),
        kind=_index(GROUP_KINDS.index(e["kind"]) for e in groups),
        size=size,
        weight=size / total[municipality],
        demand=reals(e["demand"] for e in groups),
        seasonality=reals(e["seasonality"] for e in groups),
        dependence=reals(e["dependence"] for e in groups),
        vulnerability=reals(e["vulnerability"] for e in groups),
        voice=reals(e["voice"] for e in groups),
    )


def _units(tables: Tables) -> Units:
    units, row, basin = tables.units, _rows(tables.units), _rows(tables.basins)
    start, group = members(_index(row[g["unit"]] for g in tables.groups), len(units))
    return Units(
        key=_keys((e["name"],) for e in units),
        kind=_index(RESOURCE_KINDS.index(e["kind"]) for e in units),
        basin=_index(basin[e["basin"]] for e in units),
        downstream=_signed(row.get(str(e.get("downstream")), -1) for e in units),
        capacity=reals(e["capacity"] for e in units),
        initial=_initial(units, row),
        inflow=reals(e["inflow"] for e in units),
        growth=reals(e["growth"] for e in units),
        release=reals(e["release"] for e in units),
        return_share=reals(e["return_share"] for e in units),
        accident_rate=reals(_rate(e["accident_return_years"]) for e in units),
        saline=reals(saline(e) for e in units),
        flood_rate=reals(_rate(e["flood_return_years"]) for e in units),
        disputed=_disputed(tables),
        group_start=start,
        group=group,
    )


def _initial(units: Sequence[Entry], row: dict[str, int]) -> Reals:
    """Stock at the start: declared, else where through-flow and release balance, else 0.7."""
    through = [e["inflow"] for e in units]
    initial = np.empty(len(units), dtype=np.float64)
    for here, entry in enumerate(units):
        below = row.get(str(entry.get("downstream")), -1)
        if below >= 0:
            through[below] += through[here]
        steady = through[here] / (entry["release"] * entry["capacity"]) if entry["release"] else 0.7
        initial[here] = min(1.0, steady) if isnan(entry["initial"]) else entry["initial"]
    return initial


def _disputed(tables: Tables) -> Reals:
    """Declared, else the largest undemarcated share of the pairs whose dyads contest the unit."""
    row = _rows(tables.units)
    contested = [0.0] * len(row)
    for dyad in tables.dyads:
        here = row[dyad["unit"]]
        contested[here] = max(contested[here], tables.pairs[dyad["pair"]]["undemarcated"])
    own = [e["undemarcated"] for e in tables.units]
    return reals(c if isnan(o) else o for o, c in zip(own, contested, strict=True))


def _basins(tables: Tables) -> Basins:
    basins, row = tables.basins, _rows(tables.basins)
    start, unit = members(_index(row[e["basin"]] for e in tables.units), len(basins))
    recorded = [e["record"] for e in basins if e["record"] is not None]
    months = [len(record) for record in recorded] or [12]
    records = np.ones((len(months), max(months)), dtype=np.float64)
    for here, record in enumerate(recorded):
        records[here, : len(record)] = record
    with_record = [e["name"] for e in basins if e["record"] is not None]
    return Basins(
        key=_keys((e["name"],) for e in basins),
        kind=_index(RESOURCE_KINDS.index(e["kind"]) for e in basins),
        season=np.array([e["season"] for e in basins], dtype=np.float64),
        need_season=np.array([e["need_season"] for e in basins], dtype=np.float64),
        variation=reals(e["variation"] for e in basins),
        memory_years=reals(e["memory_years"] for e in basins),
        record=_signed(
            with_record.index(e["name"]) if e["name"] in with_record else -1 for e in basins
        ),
        drought_rate=reals(_rate(e["drought_return_years"]) for e in basins),
        heat_rate=reals(_rate(e["heat_return_years"]) for e in basins),
        storm_rate=reals(_rate(e["storm_return_years"]) for e in basins),
        warm=np.tile(warm_months(mean_latitude(tables)), (len(basins), 1)),
        unit_start=start,
        unit=unit,
        records=records,
        record_months=_index(months),
    )


def _dyads(tables: Tables) -> Dyads:
    dyads, row = tables.dyads, _rows(tables.municipalities)
    unit = _rows(tables.units)
    basin = [_rows(tables.basins)[e["basin"]] for e in tables.units]
    names = [tuple(sorted(d["between"])) for d in dyads]
    return Dyads(
        first=_index(row[d["between"][0]] for d in dyads),
        second=_index(row[d["between"][1]] for d in dyads),
        pair=_index(d["pair"] for d in dyads),
        key=_keys(names),
        key_first=_keys((*n, d["between"][0]) for n, d in zip(names, dyads, strict=True)),
        key_second=_keys((*n, d["between"][1]) for n, d in zip(names, dyads, strict=True)),
        unit=_index(unit[d["unit"]] for d in dyads),
        basin=_index(basin[unit[d["unit"]]] for d in dyads),
        weight=reals(d["weight"] for d in dyads),
        below=np.zeros(len(dyads), dtype=np.int32),
    )
