"""User groups of a region: one entry per group and municipality, size and demand in full units.

An entry of the file may stand for several municipalities and may give size and demand directly or
relative to the people of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, nan
from typing import Any

from sim.region_fields import SECTIONS
from sim.region_reader import (
    Entry,
    Path,
    Problems,
    as_entries,
    as_name,
    as_reference,
    check_entry,
    listed,
    names_of,
)
from sim.topology import AQUIFER, FISHERY, GROUP_KINDS, RESOURCE_KINDS, RIVER

WATER_KINDS = (RESOURCE_KINDS[RIVER], RESOURCE_KINDS[AQUIFER])  # million m3; others: thousand t
LIVES_FROM = {"irrigators": WATER_KINDS, "fishers": (RESOURCE_KINDS[FISHERY],)}
MOST_GROUPS = 8


def groups_of(
    spec: Mapping[str, Any], places: list[Entry], units: list[Entry], problems: Problems
) -> list[Entry]:
    """One entry per group and municipality, by municipality and then by name."""
    by_place: dict[str, dict[str, Entry]] = {e["name"]: {} for e in places}
    known, hosts = names_of(units), names_of(places)
    for raw in as_entries(spec, "groups", problems):
        where = f"group {listed(raw.get('municipality'))}/{raw.get('name', raw.get('kind'))}"
        path: Path = raw["path"]
        check_entry(raw, SECTIONS["groups"], where, problems)
        kind_path = (*path, "kind")
        as_reference(raw.get("kind"), GROUP_KINDS, "kind of group", kind_path, where, problems)
        raw["name"] = as_name(raw.get("name", raw.get("kind")), path, where, problems)
        for place in _hosts(raw, hosts, where, problems):
            entry = _group_at(raw, hosts[place], known, problems)
            if str(entry["name"]) in by_place[place]:
                text = f"group {place}/{entry['name']}: declared twice; give one of them a 'name'."
                problems.add(path, text)
            by_place[place][str(entry["name"])] = entry
    for place, groups in by_place.items():
        _check_host(hosts[place], list(groups.values()), problems)
    return [by_place[place][name] for place in sorted(by_place) for name in sorted(by_place[place])]


def _hosts(raw: Entry, hosts: dict[str, Entry], where: str, problems: Problems) -> list[str]:
    """Municipalities that a group entry stands for."""
    value = raw.get("municipality")
    if value == "everywhere":
        return sorted(hosts)
    names = list(value) if isinstance(value, (list, tuple)) else [value]
    path = (*raw["path"], "municipality")
    found = [as_reference(n, hosts, "municipality", path, where, problems) for n in names]
    return [name for name in found if name is not None]


def _group_at(raw: Entry, host: Entry, units: dict[str, Entry], problems: Problems) -> Entry:
    """One group of one municipality: its unit, size in persons and demand a year."""
    where, path = f"group {host['name']}/{raw['name']}", raw["path"]
    given = raw["unit"] if raw.get("unit") is not None else host.get("unit")
    unit = None
    if given is not None:
        unit = as_reference(given, units, "unit", (*path, "unit"), where, problems)
    elif host["unit_given"] is None:  # a wrong unit of the municipality is a mistake of its own
        problems.add(path, f"{where}: 'unit' is missing, here and in its municipality.")
    entry = {**raw, "municipality": host["name"], "unit": unit}
    kind = units[unit]["kind"] if unit is not None else None
    if kind is not None and kind not in LIVES_FROM.get(str(raw.get("kind")), RESOURCE_KINDS):
        problems.add((*path, "unit"), f"{where}: {raw['kind']} cannot live from a {kind}.")
    entry["size"] = _either(entry, "size", "share", host["population"], where, problems)
    per_unit = 1e-6 if kind in WATER_KINDS else 1e-3
    factor = entry["size"] * per_unit
    entry["demand"] = _either(entry, "demand", "demand_per_person", factor, where, problems)
    return entry


def _either(
    entry: Entry, direct: str, relative: str, factor: float, where: str, problems: Problems
) -> float:
    """A quantity given directly, or as a multiple of another one; exactly one of the two."""
    both = [key for key in (direct, relative) if entry.get(key) is not None]
    given = [key for key in both if not isnan(entry[key])]
    own = [key for key in given if key in entry["own"]]
    if len(given) == 2 and len(own) == 1:
        given = own  # the entry's own key replaces the other one of its defaults
    if len(given) != 1:
        broken = {key for key in both if key in entry["own"]} - set(given)
        if not broken or len(given) == 2:
            text = f"{where}: give either '{direct}' or '{relative}'."
            problems.add(entry["path"], text)
        return nan
    value = float(entry[given[0]])
    return value if given[0] == direct else value * factor


def _check_host(host: Entry, groups: list[Entry], problems: Problems) -> None:
    """A municipality has 1 to 8 groups, and not more people in them than live there."""
    where = f"municipality {host['name']}"
    if not 1 <= len(groups) <= MOST_GROUPS:
        text = f"{where}: has {len(groups)} groups; 1 to {MOST_GROUPS} are allowed."
        problems.add(host["path"], text)
    total = sum(group["size"] for group in groups)
    if total > host["population"] * 1.0001:
        text = f"{where}: its groups count {total:,.0f} persons, but its population is "
        problems.add(host["path"], text + f"{host['population']:,.0f}.")
