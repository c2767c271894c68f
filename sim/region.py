"""Region: names outside, arrays inside.

`build_region` turns plain tables of named entities (from a region file or a generator) into a
validated `Topology`. Every error is in the user's words and names the entity; all are reported at
once. Rows are sorted by name (units: upstream first), so the order of a file never matters, neither
for identity nor for a single bit of a result.

A region is a mapping with the keys ``name, label, start_year`` and the lists

=============== ===================================================================================
nations         name, hawkishness, term_years
pairs           between, rivalry, undemarcated, bodies: name, since, monitoring,
                conflict_resolution, enforcement (several bodies: 1 - (1-p)(1-q)),
                kinds of resource that it deals with (all, unless it says which)
basins          name, kind, season, need_season (12 numbers each), variation, memory_years,
                drought_return_years, record (monthly flows, whole years from January)
units           name, basin, downstream, inflow, capacity, release, return_share, initial,
                flood_return_years, growth, undemarcated
municipalities  name, nation, latitude, longitude, population, revenue_per_person, capacity,
                term_years, reach (unit whose floods reach it), unit (what its groups live from)
groups          municipality (name, list of names, or ``everywhere``), kind, unit, size or share,
                demand or demand_per_person, dependence, vulnerability, voice, seasonality,
                name (needed when a municipality has two groups of one kind)
dyads           a list of between, unit, weight; or a rule: within_km, neighbours
=============== ===================================================================================

and ``defaults``: a block per list whose keys hold where an entry says nothing, with blocks of
its own (groups: per kind, municipalities: per nation, units: per basin, basins: per kind). Every
entry carries or inherits ``source:`` or ``assumption:``. Units, ranges and meanings:
`sim.region_fields`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.region_arrays import arrays_of
from sim.region_links import dyads_of, ordered_units
from sim.region_reader import Path, Problems
from sim.region_tables import Tables, read_tables
from sim.topology import Topology


class Region(NamedTuple):
    """A border region with the names and places that its arrays stand for."""

    name: str
    label: str
    start_year: int
    nation_names: tuple[str, ...]
    nation_labels: tuple[str, ...]
    pair_names: tuple[str, ...]  # "KG-TJ"
    municipality_names: tuple[str, ...]
    group_names: tuple[str, ...]  # "Isfara/irrigators"
    unit_names: tuple[str, ...]
    basin_names: tuple[str, ...]
    dyad_names: tuple[str, ...]  # "Batken-Isfara"
    latitude: np.ndarray  # [m] degrees
    longitude: np.ndarray  # [m] degrees
    topology: Topology


class RegionError(ValueError):
    """A region that cannot be built. ``messages``: one plain sentence per mistake.

    ``paths`` holds the place of each mistake in the mapping, in the same order.
    """

    def __init__(self, messages: list[str], paths: list[Path] | None = None) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages
        self.paths: list[Path] = paths if paths is not None else [()] * len(messages)


def build_region(spec: Mapping[str, Any]) -> Region:
    """Check a region given as plain mappings and lists, and lay it out as arrays.

    Raises RegionError with every mistake found.
    """
    problems = Problems()
    tables = read_tables(spec, problems)
    if tables is not None:
        tables = tables._replace(units=ordered_units(tables.units, problems))
        tables = tables._replace(dyads=dyads_of(spec, tables, problems))
    if problems or tables is None:
        raise RegionError([p.text for p in problems], [p.path for p in problems])
    return _region(tables)


def _region(tables: Tables) -> Region:
    """Names and arrays of a region whose tables hold no mistake."""
    places = tables.municipalities
    return Region(
        name=tables.name,
        label=tables.label,
        start_year=tables.start_year,
        nation_names=tuple(e["name"] for e in tables.nations),
        nation_labels=tuple(str(e.get("label", e["name"])) for e in tables.nations),
        pair_names=tuple("-".join(e["between"]) for e in tables.pairs),
        municipality_names=tuple(e["name"] for e in places),
        group_names=tuple(f"{e['municipality']}/{e['name']}" for e in tables.groups),
        unit_names=tuple(e["name"] for e in tables.units),
        basin_names=tuple(e["name"] for e in tables.basins),
        dyad_names=tuple("-".join(sorted(e["between"])) for e in tables.dyads),
        latitude=np.array([e["latitude"] for e in places], dtype=np.float64),
        longitude=np.array([e["longitude"] for e in places], dtype=np.float64),
        topology=arrays_of(tables),
    )
