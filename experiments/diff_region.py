"""What differs between two regions, entry by entry, and a region with one entry of the other.

Entries are known by their names, so that their order does not count; sources, notes and labels are
words and move no number. An entry that moves one is a change of its own where the region can be
built with it alone; where entries came or went, all of them are one change.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from analysis.changes_words import BORDER, ENTRY
from experiments.regions import GENERATOR_KEYS, rebuilt
from experiments.settings import settings
from experiments.study import Study, region_digest
from sim.region import Region, RegionError
from sim.region_fields import SECTIONS, START_YEAR
from sim.synthetic import synthetic_region

WORDS = frozenset({"source", "assumption", "note", "about", "label", "money", "place_source",
                   "border_source", "generator", "name", "between", "geonames_id"})  # fmt: skip
Where = tuple[str | int, ...]


class Row(NamedTuple):
    """An entry that differs; None: there is none. ``path``: where it stands in the file of A.

    No path: it cannot be changed alone.
    """

    key: str
    label: str
    unit: str
    a: Any
    b: Any
    moves: bool
    path: Where


def numbers_of(region: Region) -> str:
    """Hash of what the model sees of a region: words and the map do not count."""
    nowhere = np.zeros(0)
    return region_digest(region._replace(name="", label="", nation_labels=(), latitude=nowhere,
                                         longitude=nowhere))  # fmt: skip


def same_towns(a: Region, b: Region) -> bool:
    """True where the entities that draw their luck by name are the same ones."""
    return a.nation_names == b.nation_names and a.municipality_names == b.municipality_names


def region_changes(a: Study, b: Study) -> list[Row]:
    """What differs between the regions of two studies."""
    moves = numbers_of(a.region) != numbers_of(b.region)
    made = ["generator" in one.source["spec"] for one in (a, b)]
    if made[0] != made[1] or (not all(made) and not same_towns(a.region, b.region)):
        return [_whole(a, b)]
    rows = [_row(*pair) for pair in _pairs(a, b)]
    if not moves:
        return [row._replace(moves=False) for row in rows]
    if not rows:
        return [_whole(a, b)]
    alone = [_moves_alone(a, row, b) for row in rows]
    if None in alone:
        return [row._replace(path=()) for row in rows]
    return [row._replace(moves=bool(own)) for row, own in zip(rows, alone, strict=True)]


def with_region(study: Study, path: Where, value: Any, other: Study) -> Study:
    """The study with one entry of its region as the other has it; no path: the whole region."""
    if not path:
        return study._replace(region=other.region, source=other.source)
    source = json.loads(json.dumps(study.source))  # parts that a file names twice come apart
    if "generator" in source["spec"]:
        source["settings"][path[0]] = value
    else:
        place = source["spec"]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    return study._replace(region=rebuilt(source), source=source)


def _moves_alone(a: Study, row: Row, b: Study) -> bool | None:
    """Whether an entry alone moves a number; None where the region cannot be built with it."""
    if not row.path:
        return None
    try:
        changed = with_region(a, row.path, row.b, b)
    except RegionError:
        return None
    return numbers_of(changed.region) != numbers_of(a.region)


def _whole(a: Study, b: Study) -> Row:
    told = [f"{one.region.label}, {len(one.region.municipality_names)} towns" for one in (a, b)]
    return Row("region", BORDER, "", told[0], told[1], True, ())


def _pairs(a: Study, b: Study) -> Iterator[tuple[str, Any, Any, Where]]:
    """Entries of both that differ; the path is that of A, where both have it."""
    first, second = (_entries(one.source) for one in (a, b))
    for key in dict.fromkeys((*first, *second)):
        path, x = first.get(key, ((), None))
        y = second[key][1] if key in second else None
        if key in first and key in second:
            if x != y:
                yield key, x, y, path
        else:
            yield key, x, y, ()


def _entries(source: Mapping[str, Any]) -> dict[str, tuple[Where, Any]]:
    """Every entry of a region by its dotted name, with its path in the file."""
    spec = source["spec"]
    if "generator" in spec:
        known = inspect.signature(synthetic_region).parameters
        chosen = {**{k: p.default for k, p in known.items()},
                  **{k: v for k, v in spec.items() if k not in GENERATOR_KEYS},
                  **source["settings"]}  # fmt: skip
        return {f"region.{key}": ((key,), value) for key, value in chosen.items()}
    return {f"region.{name}": (path, value) for name, path, value in _leaves(spec, "", ())}


def _leaves(value: Any, name: str, path: Where) -> Iterator[tuple[str, Where, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in WORDS:
                yield from _leaves(inner, f"{name}.{key}".lstrip("."), (*path, key))
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        seen: dict[str, int] = {}
        for row, inner in enumerate(value):
            own = _called(inner)
            seen[own] = seen.get(own, 0) + 1
            count = f" {seen[own]}" if seen[own] > 1 else ""
            yield from _leaves(inner, f"{name}.{own}{count}", (*path, row))
    else:
        yield name, path, value


def _called(entry: Any) -> str:
    """What names an entry of a list."""
    if not isinstance(entry, dict):
        return str(entry)
    if "between" in entry:
        return "-".join(sorted(map(str, entry["between"])))
    place = entry.get("municipality", "")
    places = "+".join(map(str, place)) if isinstance(place, list) else str(place)
    return " ".join(filter(None, (places, str(entry.get("name") or entry.get("kind") or ""))))


def _row(key: str, x: Any, y: Any, path: Where) -> Row:
    """A row with label and unit of its declaration."""
    parts = key.split(".")
    section = next((part for part in reversed(parts) if part in SECTIONS), "")
    setting = settings().get(key)
    field = SECTIONS[section].numbers.get(parts[-1]) if section else None
    field = START_YEAR if key == "region.start_year" else field
    about = setting or field
    label, unit = (about.label, about.unit) if about is not None else (ENTRY, "")
    return Row(key, label, unit, x, y, True, path)
