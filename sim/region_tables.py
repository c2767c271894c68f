"""The entries of a region: merged with their defaults, checked, sorted by name.

Reads what stands in one entry or refers to another by name; links that need the whole region
(the order of units, the dyads) are made in `sim.region_links`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any, NamedTuple

from sim.region_fields import SECTIONS, START_YEAR, TOP_WORDS
from sim.region_groups import groups_of
from sim.region_reader import (
    Entry,
    Path,
    Problems,
    as_entries,
    as_months,
    as_name,
    as_number,
    as_pair_of,
    as_reference,
    check_entry,
    listed,
    names_of,
    nearest,
)
from sim.topology import FISHERY, LAND, RESOURCE_KINDS, RIVER

FLAT = (1.0,) * 12
GROWING_KINDS = {RESOURCE_KINDS[FISHERY]: "a fishery", RESOURCE_KINDS[LAND]: "land"}
RIVER_KIND = RESOURCE_KINDS[RIVER]


class Tables(NamedTuple):
    """Checked entries, each list in the order of the arrays."""

    name: str
    label: str
    start_year: int
    nations: list[Entry]
    pairs: list[Entry]
    basins: list[Entry]
    units: list[Entry]
    municipalities: list[Entry]
    groups: list[Entry]
    dyads: list[Entry]


def read_tables(spec: Mapping[str, Any], problems: Problems) -> Tables | None:
    """All entries but the dyads; None when there is nothing to go on with."""
    if not isinstance(spec, Mapping):
        problems.add((), "A region is a block of keys (name, nations, units, ...).")
        return None
    for key in spec:
        if key not in TOP_WORDS:
            valid = nearest(key, TOP_WORDS, "valid keys")
            problems.add((str(key),), f"unknown key '{key}'. {valid}")
    name = as_name(spec.get("name"), ("name",), "name", problems) or ""
    year = as_number(spec.get("start_year"), START_YEAR, ("start_year",), "start_year", problems)
    if year % 1.0 > 0.0:
        problems.add(("start_year",), f"start_year: {year:g} is not a whole year.")
    nations = _named(spec, "nations", problems)
    basins = _basins(spec, problems)
    units = _units(spec, basins, problems)
    municipalities = _municipalities(spec, nations, units, problems)
    return Tables(
        name=name,
        label=str(spec.get("label", name)),
        start_year=0 if isnan(year) else int(year),
        nations=nations,
        pairs=_pairs(spec, nations, problems),
        basins=basins,
        units=units,
        municipalities=municipalities,
        groups=groups_of(spec, municipalities, units, problems),
        dyads=[],
    )


def _named(spec: Mapping[str, Any], key: str, problems: Problems) -> list[Entry]:
    """Entries of a section whose entries have names of their own, sorted by name."""
    section = SECTIONS[key]
    found: dict[str, Entry] = {}
    for entry in as_entries(spec, key, problems):
        path: Path = entry["path"]
        place = f"{key}, entry {int(path[1]) + 1}"
        name = as_name(entry.get("name"), (*path, "name"), f"{place}: name", problems)
        if name is None:
            continue
        if name in found:
            problems.add((*path, "name"), f"{section.singular} {name}: declared twice.")
            continue
        check_entry(entry, section, f"{section.singular} {name}", problems)
        found[name] = entry
    if not found:
        problems.add((key,), f"{key}: at least one is needed.")
    if key == "nations" and len(found) > 6:
        problems.add((key,), f"nations: {len(found)} declared, at most 6 are allowed.")
    return [found[name] for name in sorted(found)]


def _pairs(spec: Mapping[str, Any], nations: list[Entry], problems: Problems) -> list[Entry]:
    names = [e["name"] for e in nations]
    found: dict[tuple[str, str], Entry] = {}
    for entry in as_entries(spec, "pairs", problems):
        where = f"pair {listed(entry.get('between'))}"
        check_entry(entry, SECTIONS["pairs"], where, problems)
        between = as_pair_of(entry, names, "nation", where, problems)
        entry["bodies"] = _bodies(entry, where, problems)
        if between in found:
            problems.add(entry["path"], f"{where}: declared twice.")
        elif between is not None:
            found[between] = {**entry, "between": between}
    return [found[between] for between in sorted(found)]


def _bodies(pair: Entry, where: str, problems: Problems) -> list[Entry]:
    """Interstate bodies of one pair."""
    bodies = as_entries({"bodies": pair.get("bodies")}, "bodies", problems)
    for row, body in enumerate(bodies):
        body["path"] = (*pair["path"], "bodies", row)
        label = as_name(body.get("name"), body["path"], f"{where}: body: name", problems)
        check_entry(body, SECTIONS["bodies"], f"{where}: body {label}", problems)
        body["kinds"] = _scope(body, f"{where}: body {label}", problems)
    return sorted(bodies, key=lambda body: str(body.get("name")))


def _scope(body: Entry, where: str, problems: Problems) -> tuple[str, ...]:
    """Kinds of resource that a body deals with: every kind, unless it says which."""
    kinds, path = body.get("kinds"), (*body["path"], "kinds")
    if kinds is None:
        return RESOURCE_KINDS
    if not isinstance(kinds, (list, tuple)) or not kinds:
        given = ", ".join(RESOURCE_KINDS)
        problems.add(path, f"{where}: 'kinds' needs a list of at least one of {given}.")
        return RESOURCE_KINDS
    for kind in kinds:
        as_reference(kind, RESOURCE_KINDS, "kind", path, f"{where}: kinds", problems)
    return tuple(kind for kind in RESOURCE_KINDS if kind in kinds)


def _basins(spec: Mapping[str, Any], problems: Problems) -> list[Entry]:
    basins = _named(spec, "basins", problems)
    for entry in basins:
        where = f"basin {entry['name']}"
        path = (*entry["path"], "kind")
        kind = as_reference(entry.get("kind"), RESOURCE_KINDS, "kind", path, where, problems)
        record = _record(entry, where, problems)
        season = as_months(entry, "season", where, problems)
        if record is not None and season is None:
            season = tuple(sum(record[m::12]) / (len(record) // 12) for m in range(12))
        if kind == RIVER_KIND and season is None and entry.get("season") is None:
            text = f"{where}: 'season' is missing (12 numbers, January first)."
            problems.add(entry["path"], text)
        need = as_months(entry, "need_season", where, problems)
        entry.update(season=season or FLAT, need_season=need or FLAT, record=record)
    return basins


def _record(entry: Entry, where: str, problems: Problems) -> tuple[float, ...] | None:
    """Monthly flows scaled to mean 1."""
    record = entry.get("record")
    path = (*entry["path"], "record")
    if record is None:
        return None
    if isinstance(record, str):
        problems.add(path, f"{where}: record '{record}' was not read; pass its monthly flows.")
        return None
    flows = [float(f) for f in record if isinstance(f, (int, float)) and 0.0 <= f < 1e12]
    if not flows or len(flows) % 12 or len(flows) != len(record):
        problems.add(path, f"{where}: record needs whole years of monthly flows of 0 or more.")
        return None
    mean = sum(flows) / len(flows)
    if mean <= 0.0:
        problems.add(path, f"{where}: the record is zero in every month.")
        return None
    return tuple(flow / mean for flow in flows)


def _units(spec: Mapping[str, Any], basins: list[Entry], problems: Problems) -> list[Entry]:
    units = _named(spec, "units", problems)
    kinds = {e["name"]: _kind(e) for e in basins}
    known = names_of(units)
    for entry in units:
        where, path = f"unit {entry['name']}", (*entry["path"], "basin")
        basin = as_reference(entry.get("basin"), kinds, "basin", path, where, problems)
        entry["basin"], entry["kind"] = basin, kinds[basin] if basin is not None else None
        _check_kind(entry, where, problems)
    for entry in units:
        if entry.get("downstream") is not None:
            _check_downstream(entry, known, problems)
    used = {e.get("basin") for e in units}
    for basin_entry in basins:
        if basin_entry["name"] not in used:
            problems.add(basin_entry["path"], f"basin {basin_entry['name']}: has no unit.")
    return units


def _check_downstream(entry: Entry, known: Mapping[str, Entry], problems: Problems) -> None:
    """Water flows on into a unit of the same basin."""
    where, path = f"unit {entry['name']}", (*entry["path"], "downstream")
    lower = as_reference(entry["downstream"], known, "unit", path, where, problems)
    entry["downstream"] = lower
    basins = {entry["basin"], known[lower]["basin"]} if lower is not None else set()
    if len(basins) == 2 and None not in basins:
        problems.add(path, f"{where}: downstream {lower} lies in another basin.")


def _kind(basin: Entry) -> str | None:
    """The kind of a basin when it is one that exists."""
    kind = basin.get("kind")
    return kind if kind in RESOURCE_KINDS else None


def _check_kind(entry: Entry, where: str, problems: Problems) -> None:
    """What only some kinds of resource may or must have."""
    kind, path = entry["kind"], entry["path"]
    if kind is None:
        return
    river, growing = kind == RIVER_KIND, kind in GROWING_KINDS
    if river and entry["release"] == 0.0:
        problems.add(path, f"{where}: a river reach needs 'release' above 0 (share per year).")
    if growing and entry["growth"] == 0.0:
        problems.add(path, f"{where}: {GROWING_KINDS[kind]} needs 'growth' above 0 (1/year).")
    misplaced = [
        ("downstream", entry.get("downstream") is not None and not river),
        ("release", entry["release"] > 0.0 and not river),
        ("growth", entry["growth"] > 0.0 and not growing),
        ("inflow", entry["inflow"] > 0.0 and growing),
    ]
    for key, wrong in misplaced:
        if wrong and key in entry["own"]:
            text = f"{where}: '{key}' has no meaning for a unit of kind {kind}."
            problems.add((*path, key), text)
        elif wrong:
            entry[key] = None if key == "downstream" else 0.0  # a default meant for other kinds


def _municipalities(
    spec: Mapping[str, Any], nations: list[Entry], units: list[Entry], problems: Problems
) -> list[Entry]:
    places = _named(spec, "municipalities", problems)
    names, known = names_of(nations), names_of(units)
    for entry in places:
        where, path = f"municipality {entry['name']}", entry["path"]
        place = (*path, "nation")
        entry["nation"] = as_reference(entry.get("nation"), names, "nation", place, where, problems)
        entry["unit_given"] = entry.get("unit")
        for key in ("reach", "unit"):
            if entry.get(key) is not None:
                told = f"{where}: {key}"
                entry[key] = as_reference(entry[key], known, "unit", (*path, key), told, problems)
        reach = known.get(str(entry.get("reach")))
        if reach is not None and reach["kind"] not in (RIVER_KIND, None):
            problems.add((*path, "reach"), f"{where}: reach {reach['name']} is not a river reach.")
    return places
