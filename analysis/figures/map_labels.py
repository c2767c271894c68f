"""What a map shows and what is written on it: the extent, names of towns and of nations."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np

from analysis.figures.figure import Spec
from analysis.figures.layout import escape
from analysis.figures.placement import Box, place_area_label, place_labels, text_size


class Regional(Protocol):
    """Whatever has a region as plain values: a study, or one history that is being stepped."""

    @property
    def region(self) -> dict[str, Any]:
        """Names, places and lines, as in region.json."""


class Extent(NamedTuple):
    """What the map shows, in degrees, with the cosine that makes it look right."""

    west: float
    east: float
    south: float
    north: float
    cosine: float

    @property
    def ratio(self) -> float:
        """Height over width on screen."""
        return (self.north - self.south) / ((self.east - self.west) * self.cosine)


def extent(study: Regional) -> Extent:
    """The box around all towns with a margin, widened to a landscape shape."""
    towns = study.region["municipalities"]
    lon = [float(t["lon"]) for t in towns]
    lat = [float(t["lat"]) for t in towns]
    cosine = math.cos(math.radians((min(lat) + max(lat)) / 2))
    width = max(max(lon) - min(lon), 0.05) * cosine * 1.24
    height = max(max(lat) - min(lat), 0.05) * 1.24
    width, height = max(width, height / 0.64), max(height, width * 0.46)
    x, y = (min(lon) + max(lon)) / 2, (min(lat) + max(lat)) / 2
    half = width / cosine / 2
    return Extent(x - half, x + half, y - height / 2, y + height / 2, cosine)


def town_name(town: dict[str, Any]) -> str:
    """The name a reader knows."""
    return str(town.get("label") or town["name"])


@lru_cache(maxsize=4)
def map_labels(study: Regional, box: Extent, pixels: int, font: float) -> list[Spec]:
    """Names of towns, larger first, and of nations where there is room."""
    towns = sorted(
        study.region["municipalities"],
        key=lambda t: (-float(t.get("population") or 0), str(t["name"])),
    )
    points = [(float(t["lon"]) * box.cosine, float(t["lat"])) for t in towns]
    frame = Box(box.west * box.cosine, box.south, box.east * box.cosine, box.north)
    pixel = (frame.right - frame.left) / pixels
    placed, taken = place_labels(points, [town_name(t) for t in towns], frame, pixel, font)
    notes = [
        _label(
            escape(town_name(towns[i])),
            float(towns[i]["lon"]),
            float(towns[i]["lat"]),
            font,
            xanchor=anchor.xanchor,
            yanchor=anchor.yanchor,
            xshift=anchor.dx,
            yshift=anchor.dy,
            bgcolor="@land0/78",
            borderpad=1,
        )
        for i, anchor in placed
    ]
    return [*notes, *_nation_labels(study, box, frame, pixel, font, taken)]


def _nation_labels(
    study: Regional, box: Extent, frame: Box, pixel: float, font: float, taken: list[Box]
) -> list[Spec]:
    towns = study.region["municipalities"]
    scale = np.array([box.cosine, 1.0])
    borders = [np.array(line, dtype=float) * scale for line in study.region.get("borders", [])]
    notes, occupied = [], list(taken)
    for nation in study.region.get("nations", []):
        at = [(float(t["lon"]) * box.cosine, float(t["lat"])) for t in towns]
        own = [p for p, t in zip(at, towns, strict=True) if t["nation"] == nation["name"]]
        other = [p for p, t in zip(at, towns, strict=True) if t["nation"] != nation["name"]]
        text = "\u2009".join(str(nation.get("label", nation["name"])).upper())
        width, height = (side * pixel for side in text_size(text, font * 0.62))
        spot = place_area_label(own, other, borders, frame, (width, height * 1.7), occupied)
        if spot is None:
            continue
        x, y = spot
        occupied.append(Box(x - width / 2, y - height, x + width / 2, y + height))
        note = _label(escape(text), x / box.cosine, y, font, xanchor="center", yanchor="middle")
        notes.append({**note, "font": {"size": font * 0.92, "color": "@muted"}})
    return notes


def _label(text: str, x: float, y: float, font: float, **place: Any) -> Spec:
    return {
        "text": text,
        "x": round(x, 5),
        "y": round(y, 5),
        "showarrow": False,
        "font": {"size": font, "color": "@text"},
        **place,
    }
