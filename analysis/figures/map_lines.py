"""What every map draws: its frame, the border, lines between partner towns."""

from __future__ import annotations

from typing import Any

from analysis.figures.figure import Spec
from analysis.figures.map_labels import Regional


def hidden(span: list[float]) -> Spec:
    """An axis of a map: its range, and nothing drawn."""
    return {
        "range": [round(v, 5) for v in span],
        "visible": False,
        "fixedrange": True,
        "constrain": "domain",
    }


def border_line(study: Regional) -> Spec:
    """Border and coast of the region as one dashed line, as the source draws them."""
    x: list[float | None] = []
    y: list[float | None] = []
    for polyline in [*study.region.get("borders", []), *study.region.get("coast", [])]:
        x += [*(round(float(p[0]), 4) for p in polyline), None]
        y += [*(round(float(p[1]), 4) for p in polyline), None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": "@border", "width": 1.6, "dash": "7px,4px"},
        "hoverinfo": "skip",
    }


def segments(study: Regional, dyads: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """Longitudes and latitudes of lines between partner towns, with a gap after each."""
    x: list[Any] = []
    y: list[Any] = []
    for dyad in dyads:
        a, b = town_of(study, dyad["a"]), town_of(study, dyad["b"])
        x += [float(a["lon"]), float(b["lon"]), None]
        y += [float(a["lat"]), float(b["lat"]), None]
    return x, y


def town_of(study: Regional, name: Any) -> dict[str, Any]:
    """The town of a name, or of a number in the order of the region."""
    towns: list[dict[str, Any]] = study.region["municipalities"]
    if isinstance(name, int):
        return towns[name]
    return next(town for town in towns if town["name"] == name)
