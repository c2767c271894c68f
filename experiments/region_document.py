"""What a report needs to name and draw a region: the content of ``region.json``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.region import Region
from sim.topology import RESOURCE_KINDS

NOTE = "Simulated, not observed. No position on any border is implied."


def document_of(path: Path, spec: Mapping[str, Any], region: Region) -> dict[str, Any]:
    """Names, places, borders, bodies, assumptions and sources of a region that was opened."""
    borders = _borders(path)
    origins = _origins(spec)
    nations = zip(region.nation_names, region.nation_labels, strict=True)
    return {
        "name": region.name,
        "label": region.label,
        "about": spec.get("about", ""),
        "note": spec.get("note", NOTE),
        "start_year": region.start_year,
        "money": spec.get("money", "US dollars of 2020"),
        "nations": [{"name": name, "label": label} for name, label in nations],
        "municipalities": _places(region, spec),
        "dyads": _dyads(region),
        "units": _units(region, spec),
        "pairs": _pairs(region),
        "borders": borders.get("lines", []),
        "coast": borders.get("coast", []),
        "border_source": spec.get("border_source", borders.get("source", "")),
        "place_source": spec.get("place_source", ""),
        "bodies": _bodies(spec),
        "assumptions": origins["assumption"],
        "sources": origins["source"],
    }


def _places(region: Region, spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Municipalities with nation, place and people."""
    places, labels = region.topology.municipality, _labels(spec, "municipalities")
    return [
        {
            "name": name,
            "label": labels.get(name, name),
            "nation": region.nation_names[int(places.nation[row])],
            "lat": round(float(region.latitude[row]), 4),
            "lon": round(float(region.longitude[row]), 4),
            "population": float(places.population[row]),
        }
        for row, name in enumerate(region.municipality_names)
    ]


def _dyads(region: Region) -> list[dict[str, str]]:
    """Who faces whom over what."""
    dyad, place = region.topology.dyad, region.municipality_names
    return [
        {
            "name": name,
            "a": place[int(dyad.first[row])],
            "b": place[int(dyad.second[row])],
            "pair": region.pair_names[int(dyad.pair[row])],
            "unit": region.unit_names[int(dyad.unit[row])],
        }
        for row, name in enumerate(region.dyad_names)
    ]


def _units(region: Region, spec: Mapping[str, Any]) -> list[dict[str, str]]:
    """Resource units with kind and basin."""
    unit, labels = region.topology.unit, _labels(spec, "units")
    return [
        {
            "name": name,
            "label": labels.get(name, name),
            "kind": RESOURCE_KINDS[int(unit.kind[row])],
            "basin": region.basin_names[int(unit.basin[row])],
        }
        for row, name in enumerate(region.unit_names)
    ]


def _pairs(region: Region) -> list[dict[str, str]]:
    """Pairs of nations."""
    pair, nation = region.topology.pair, region.nation_names
    return [
        {"name": name, "a": nation[int(pair.first[row])], "b": nation[int(pair.second[row])]}
        for row, name in enumerate(region.pair_names)
    ]


def _labels(spec: Mapping[str, Any], key: str) -> dict[str, str]:
    """Labels that the file gives to entities of one section."""
    entries = [entry for entry in _listed(spec, key) if entry.get("label") is not None]
    return {str(entry.get("name")): str(entry["label"]) for entry in entries}


def _borders(path: Path) -> dict[str, Any]:
    """Lines for the map, when the file of borders lies beside the region's."""
    beside = path.with_suffix(".borders.json")
    if not beside.is_file():
        return {}
    borders: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
    return borders


def _bodies(spec: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Interstate bodies, each once, with the pairs that they serve."""
    bodies: dict[str, dict[str, Any]] = {}
    for pair in _listed(spec, "pairs"):
        for body in _listed(pair, "bodies"):
            entry = {key: value for key, value in body.items() if key != "note"}
            kept = bodies.setdefault(str(body.get("name")), {**entry, "pairs": []})
            kept["pairs"].append("-".join(sorted(pair["between"])))
    return list(bodies.values())


def _origins(spec: Mapping[str, Any]) -> dict[str, list[dict[str, str]]]:
    """Every source and assumption of a region file: where it stands and what it says."""
    found: dict[str, list[dict[str, str]]] = {"source": [], "assumption": []}
    for key, where, text in _told(spec, ""):
        origin = {"where": where, "text": " ".join(text.split())}
        if origin not in found[key]:
            found[key].append(origin)
    return found


def _told(value: Any, where: str) -> Iterator[tuple[str, str, str]]:
    """(source or assumption, where, text) of a value and everything inside it."""
    if isinstance(value, list):
        for entry in value:
            yield from _told(entry, f"{where} {_called(entry)}".strip())
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key in ("source", "assumption") and isinstance(inner, str):
                yield key, where, inner
            elif isinstance(inner, (dict, list)):
                yield from _told(inner, f"{where}: {key}" if where else str(key))


def _called(entry: Any) -> str:
    """How a reader would call an entry."""
    if not isinstance(entry, dict):
        return ""
    if "name" in entry and "municipality" not in entry:
        return str(entry["name"])
    if "between" in entry:
        return "-".join(str(name) for name in entry["between"])
    place = entry.get("municipality", "")
    places = ", ".join(place) if isinstance(place, list) else str(place)
    return f"{places} {entry.get('name', entry.get('kind', ''))}".strip()


def _listed(spec: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The entries of a section that are blocks of keys."""
    value = spec.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
