"""Lines for the map of a region, from Natural Earth countries in TopoJSON.

The borders that come with Thalweg were made by this module from ``countries-10m.json`` of the npm
package ``world-atlas`` 2.0.2 (Natural Earth 1:10m, public domain). An arc that two countries share
is a border, one that a single country has is coast; arcs are cut to a box around the towns.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any, NamedTuple

from experiments.exits import UsageError

SOURCE = "Natural Earth 1:10m (public domain), edition of world-atlas 2.0.2"
# A map leaves a margin round the towns; height over width lies between FLAT and LANDSCAPE.
MARGIN, LANDSCAPE, FLAT, LEAST_DEGREES = 1.4, 0.64, 0.46, 0.05
Point = tuple[float, float]


class Box(NamedTuple):
    """Degrees."""

    west: float
    east: float
    south: float
    north: float


def box_around(places: Sequence[Mapping[str, Any]]) -> Box:
    """A box around places (``longitude``, ``latitude``), a little larger than the report's map."""
    east = [float(place["longitude"]) for place in places]
    north = [float(place["latitude"]) for place in places]
    middle = (min(east) + max(east)) / 2.0, (min(north) + max(north)) / 2.0
    cosine = cos(radians(middle[1]))
    width = MARGIN * cosine * max(max(east) - min(east), LEAST_DEGREES)
    height = MARGIN * max(max(north) - min(north), LEAST_DEGREES)
    width, height = max(width, height / LANDSCAPE), max(height, width * FLAT)
    half = width / cosine / 2.0
    return Box(middle[0] - half, middle[0] + half, middle[1] - height / 2, middle[1] + height / 2)


def lines_within(path: Path, box: Box) -> dict[str, Any]:
    """Borders and coast inside a box: the content of ``NAME.borders.json``.

    Raises UsageError when the file is no TopoJSON of countries.
    """
    try:
        atlas = json.loads(path.read_text(encoding="utf-8"))
        countries = atlas["objects"]["countries"]["geometries"]
        arcs, scale, shift = atlas["arcs"], *(atlas["transform"][k] for k in ("scale", "translate"))
    except OSError as error:
        raise UsageError(f"map={path}: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError):
        raise UsageError(
            f"map={path}: holds no countries in TopoJSON. Take countries-10m.json of the npm "
            "package world-atlas."
        ) from None
    owners = Counter(
        arc for country in countries for arc in {*map(_forward, _arcs_of(country["arcs"]))}
    )
    found: dict[str, list[list[list[float]]]] = {"lines": [], "coast": []}
    for number, arc in enumerate(arcs):
        if owners[number]:
            key = "lines" if owners[number] > 1 else "coast"
            found[key] += _cut(list(_points(arc, scale, shift)), box)
    kept = {key: lines for key, lines in found.items() if lines or key == "lines"}
    return {"source": SOURCE, **kept}


def as_text(borders: Mapping[str, Any]) -> str:
    """JSON with one line of the map per line of the file."""
    parts = [f' "source": {json.dumps(borders["source"])}']
    for key in ("lines", "coast"):
        if key in borders:
            rows = ",\n".join(
                "  " + json.dumps(line, separators=(",", ":")) for line in borders[key]
            )
            parts.append(f' "{key}": [\n{rows}\n ]')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _arcs_of(nested: Any) -> Iterator[int]:
    """Numbers of arcs in rings of polygons, however deep."""
    for item in nested:
        if isinstance(item, int):
            yield item
        else:
            yield from _arcs_of(item)


def _forward(arc: int) -> int:
    """TopoJSON writes a reversed arc as its ones' complement."""
    return ~arc if arc < 0 else arc


def _points(arc: Any, scale: Sequence[float], shift: Sequence[float]) -> Iterator[Point]:
    """Degrees from the steps of a quantised arc."""
    x = y = 0
    for step in arc:
        x, y = x + step[0], y + step[1]
        yield round(x * scale[0] + shift[0], 4), round(y * scale[1] + shift[1], 4)


def _cut(points: list[Point], box: Box) -> list[list[list[float]]]:
    """Runs of segments that touch the box; a map cuts the ends off at its frame."""
    runs: list[list[list[float]]] = []
    open_run = False
    for a, b in pairwise(points):
        touches = (
            max(a[0], b[0]) >= box.west
            and min(a[0], b[0]) <= box.east
            and max(a[1], b[1]) >= box.south
            and min(a[1], b[1]) <= box.north
        )
        if touches and not open_run:
            runs.append([list(a)])
        if touches:
            runs[-1].append(list(b))
        open_run = touches
    return runs
