"""Links that need the whole region: the order of units along a river, and who faces whom.

Two municipalities of different nations that deal with each other form a dyad. Dyads are listed, or
made by a rule: every pair of municipalities of a declared nation pair within a distance. Their
weight follows gravity, sqrt(population a * population b) / distance, scaled to mean 1 and kept
within 0.25 and 4 before the last scaling.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from math import asin, cos, isnan, radians, sin, sqrt
from typing import Any

import numpy as np

from sim.region_fields import DYAD_RULE, SECTIONS, SHARED_WORDS
from sim.region_reader import (
    Entry,
    Path,
    Problems,
    as_entries,
    as_number,
    as_pair_of,
    as_reference,
    check_entry,
    has_origin,
    listed,
    names_of,
    nearest,
)
from sim.region_tables import Tables
from sim.topology import Reals

EARTH_RADIUS_KM = 6371.0
LIGHTEST, HEAVIEST = 0.25, 4.0
NEAREST_KM = 1.0  # two towns grown together still count as this far apart


def ordered_units(units: list[Entry], problems: Problems) -> list[Entry]:
    """Units sorted so that each comes before the one downstream of it; ties by basin and name."""
    known = names_of(units)
    above = dict.fromkeys(known, 0)
    for unit in units:
        if unit.get("downstream") in above:
            above[unit["downstream"]] += 1
    ready = [(str(known[name].get("basin")), name) for name, n in above.items() if n == 0]
    heapq.heapify(ready)
    ordered = []
    while ready:
        name = heapq.heappop(ready)[1]
        ordered.append(known.pop(name))
        below = ordered[-1].get("downstream")
        if below in above:
            above[below] -= 1
            if above[below] == 0:
                heapq.heappush(ready, (str(known[below].get("basin")), below))
    if known:
        circle = ", ".join(sorted(known))
        text = f"units: {circle} flow in a circle; 'downstream' must end somewhere."
        problems.add(known[min(known)]["path"], text)
    return ordered + [known[name] for name in sorted(known)]


def dyads_of(spec: Mapping[str, Any], tables: Tables, problems: Problems) -> list[Entry]:
    """Dyads by nation pair and names, with unit and weight; side a: the pair's first nation."""
    raw = spec.get("dyads")
    if isinstance(raw, Mapping):
        found = _by_rule(raw, tables, problems)
    else:
        found = _listed(spec, tables, problems)
    if not found and len(tables.nations) > 1 and not problems:
        text = "dyads: no two municipalities of different nations face each other."
        problems.add(("dyads",), text)
    found.sort(key=lambda dyad: (dyad["pair"], *sorted(dyad["between"])))
    _weigh(found, tables)
    return found


def distance_km(a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
    """Great-circle distance of two places (haversine), km."""
    latitude_a, latitude_b = radians(a["latitude"]), radians(b["latitude"])
    half_north = 0.5 * (latitude_b - latitude_a)
    half_east = 0.5 * radians(b["longitude"] - a["longitude"])
    chord = sin(half_north) ** 2 + cos(latitude_a) * cos(latitude_b) * sin(half_east) ** 2
    return 2.0 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def _listed(spec: Mapping[str, Any], tables: Tables, problems: Problems) -> list[Entry]:
    places, units = names_of(tables.municipalities), names_of(tables.units)
    pairs = {e["between"]: row for row, e in enumerate(tables.pairs)}
    found: dict[tuple[str, str], Entry] = {}
    for entry in as_entries(spec, "dyads", problems):
        raw = {"assumption": "listed", **entry}  # a dyad is a choice: it needs no source of its own
        where, path = f"dyad {listed(raw.get('between'))}", raw["path"]
        check_entry(raw, SECTIONS["dyads"], where, problems)
        names = as_pair_of(raw, places, "municipality", where, problems)
        if raw.get("unit") is not None:
            as_reference(raw["unit"], units, "unit", (*path, "unit"), where, problems)
        if names is None:
            continue
        if not _placed(names, tables):
            continue  # a wrong nation is a mistake of its own
        dyad = _dyad(names, raw, pairs, tables)
        if isinstance(dyad, str):
            problems.add(path, f"{where}: {dyad}")
        elif names in found:
            problems.add(path, f"{where}: declared twice.")
        else:
            found[names] = dyad
    return list(found.values())


def _placed(names: tuple[str, str], tables: Tables) -> bool:
    """True when both municipalities lie in declared nations."""
    nations, places = names_of(tables.nations), names_of(tables.municipalities)
    return all(places[name].get("nation") in nations for name in names)


def _by_rule(raw: Mapping[str, Any], tables: Tables, problems: Problems) -> list[Entry]:
    """Every pair of foreign municipalities within a distance, or only the nearest few of each."""
    path: Path = ("dyads",)
    for key in raw:
        if key not in DYAD_RULE and key not in SHARED_WORDS:
            text = f"dyads: unknown key '{key}'. {nearest(key, DYAD_RULE, 'valid keys')}"
            problems.add((*path, str(key)), text)
    if raw.get("within_km") is None:
        problems.add(path, "dyads: a list of 'between' entries, or 'within_km', is needed.")
        return []
    limits = {}
    for key, field in DYAD_RULE.items():
        value = raw.get(key, field.default)
        limits[key] = as_number(value, field, (*path, key), f"dyads: {key}", problems)
    if not has_origin(raw):
        problems.add(path, "dyads: needs 'source:' or 'assumption:' with a sentence.")
    if any(isnan(limit) for limit in limits.values()):
        return []
    return _nearest_partners(tables, limits["within_km"], int(limits["neighbours"]))


def _nearest_partners(tables: Tables, within_km: float, neighbours: int) -> list[Entry]:
    pairs = {e["between"]: row for row, e in enumerate(tables.pairs)}
    places = [e for e in tables.municipalities if not isnan(e["latitude"] + e["longitude"])]
    chosen = set()
    for a in places:
        near = []
        for b in places:
            nations = _nations(a, b)
            if nations in pairs and distance_km(a, b) <= within_km:
                near.append((distance_km(a, b), b["name"]))
        for _, name in sorted(near)[:neighbours]:
            chosen.add((min(a["name"], name), max(a["name"], name)))
    made = [_dyad(names, {"path": ("dyads",)}, pairs, tables) for names in sorted(chosen)]
    return [dyad for dyad in made if not isinstance(dyad, str)]


def _nations(a: Entry, b: Entry) -> tuple[str, str]:
    first, second = sorted((str(a.get("nation")), str(b.get("nation"))))
    return first, second


def _dyad(
    names: tuple[str, str], raw: Entry, pairs: Mapping[tuple[str, str], int], tables: Tables
) -> Entry | str:
    """One dyad with side a in the pair's first nation, or in words why it cannot be."""
    places = names_of(tables.municipalities)
    a, b = places[names[0]], places[names[1]]
    nations = _nations(a, b)
    if nations[0] == nations[1]:
        return f"both lie in {nations[0]}; a dyad needs two nations."
    if nations not in pairs:
        return f"the nations {nations[0]} and {nations[1]} are not declared under 'pairs'."
    if a.get("nation") != nations[0]:
        a, b = b, a
    unit = raw.get("unit")
    return {
        "path": raw["path"],
        "between": (a["name"], b["name"]),
        "pair": pairs[nations],
        "unit": unit if unit is not None else _shared_unit(a["name"], b["name"], tables),
        "weight": raw.get("weight", float("nan")),
    }


def _shared_unit(a: str, b: str, tables: Tables) -> str | None:
    """What two municipalities contest when the file does not say.

    The unit on which both live and the smaller of the two demands is largest; else the most
    demanded unit of a basin that both use; else the most demanded unit of either.
    """
    basin_of = {e["name"]: e.get("basin") for e in tables.units}
    use: dict[str, dict[str, float]] = {a: {}, b: {}}
    for group in tables.groups:
        if group["municipality"] in use and group["unit"] in basin_of:
            of = use[group["municipality"]]
            of[group["unit"]] = of.get(group["unit"], 0.0) + group["demand"]
    basins = {basin_of[u] for u in use[a]} & {basin_of[u] for u in use[b]}
    ranked = [
        (
            min(use[a].get(unit, -1.0), use[b].get(unit, -1.0)),
            basin_of[unit] in basins,
            use[a].get(unit, 0.0) + use[b].get(unit, 0.0),
            unit,
        )
        for unit in sorted({*use[a], *use[b]})
    ]
    return max(ranked)[3] if ranked else None


def gravity_weights(mass: Reals, distance: Reals) -> Reals:
    """Weights [d] of mean 1 from mass (persons) over distance (km), kept within 0.25 and 4."""
    if mass.size == 0:
        return np.zeros(0)
    pull = mass / np.maximum(NEAREST_KM, distance)
    weight: Reals = np.clip(pull / pull.mean(), LIGHTEST, HEAVIEST)
    weight /= weight.mean()
    return weight


def _weigh(dyads: list[Entry], tables: Tables) -> None:
    """Fill in gravity weights and scale all weights to mean 1."""
    places = names_of(tables.municipalities)
    sides = [(places[d["between"][0]], places[d["between"][1]]) for d in dyads]
    mass = np.array([sqrt(a["population"] * b["population"]) for a, b in sides])
    distance = np.array([distance_km(a, b) for a, b in sides])
    gravity = gravity_weights(mass, distance)
    declared = np.array([dyad["weight"] for dyad in dyads], dtype=np.float64)
    weight = np.where(np.isnan(declared), gravity, declared)
    for dyad, each in zip(dyads, weight, strict=True):
        dyad["weight"] = float(each) * len(dyads) / float(weight.sum())
