"""The map and the strips of the replay page as SVG values: paths, marks and places of labels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from analysis.theme import rung_token, trace_token

WIDE, MARGIN = 400.0, 46.0  # of the map, in its own units
AROUND = 240.0  # drawn beside the frame, where a low window leaves room there
LEAST_TALL, MOST_TALL = 200.0, 420.0
LETTER, LINE = 7.4, 15.0  # of a label


def token(rung: int, top: int) -> str:
    """Class that colours a rung of a ladder whose highest rung is ``top``."""
    return rung_token(rung, top).removeprefix("@")


def line_token(rung: int, top: int) -> str:
    """Class that colours a link of the map: dark enough to be seen thin; the axis where calm."""
    return trace_token(rung, top).removeprefix("@") if rung else "axis"


def years_of(start_year: int, points: int) -> list[int]:
    """Years whose first day is marked under a strip: its ends and, where whole, its middle."""
    marks = [0, points // 2, points] if points % 8 == 0 else [0, points]
    return [start_year + mark // 4 for mark in marks]


def links_of(region: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A line for every pair of towns, in the order of the dyads."""
    place = _projection(region)[0]
    towns = _towns(region)
    found = []
    for dyad in region["dyads"]:
        (x1, y1), (x2, y2) = (place(towns[dyad[end]]) for end in ("a", "b"))
        found.append({"name": dyad["name"], "x1": x1, "y1": y1, "x2": x2, "y2": y2})
    return found


def map_of(region: Mapping[str, Any]) -> dict[str, Any]:
    """Border and coast as one path, towns with labels, and the frame of the map."""
    place, tall = _projection(region)
    lines = [*region["borders"], *region["coast"]]
    towns = []
    discs = [(*place(town), _radius(town)) for town in region["municipalities"]]
    taken = [(x - r, y - r, x + r, y + r) for x, y, r in discs]
    for town, (x, y, radius) in zip(region["municipalities"], discs, strict=True):
        label = _label(town)
        text_x, text_y, anchor, box = _free_place(label, (x, y, radius), taken, tall)
        taken.append(box)
        towns.append({"label": label, "x": x, "y": y, "r": radius,
                      "tx": text_x, "ty": text_y, "anchor": anchor})  # fmt: skip
    return {
        "wide": WIDE,
        "tall": tall,
        "border": "".join(_path([place({"lon": p[0], "lat": p[1]}) for p in line], tall)
                          for line in lines),
        "towns": towns,
        "nations": " · ".join(str(nation["label"]) for nation in region["nations"]),
    }  # fmt: skip


def strip(row: Mapping[str, Any], top: int) -> dict[str, Any]:
    """One ladder over time: a path per rung above the lowest, x in quarters."""
    rungs = [int(rung) for rung in row["rung"]]
    paths: dict[int, str] = {}
    begin = 0
    for k in range(1, len(rungs) + 1):
        if k == len(rungs) or rungs[k] != rungs[begin]:
            if rungs[begin]:
                run = f"M{begin} 0H{k}V1H{begin}Z"
                paths[rungs[begin]] = paths.get(rungs[begin], "") + run
            begin = k
    return {
        "name": row["name"],
        "paths": [(token(rung, top), paths[rung]) for rung in sorted(paths)],
        "points": len(rungs),
    }


def _towns(region: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {town["name"]: town for town in region["municipalities"]}


def _label(town: Mapping[str, Any]) -> str:
    """The town's label, with the name that the acts use where that is another."""
    same = town["label"] == town["name"]
    return str(town["name"]) if same else f"{town['label']} ({town['name']})"


def _radius(town: Mapping[str, Any]) -> float:
    return round(3.0 + 1.1 * math.log10(1.0 + float(town["population"]) / 5000.0), 1)


def _projection(region: Mapping[str, Any]) -> tuple[Any, float]:
    """Equal scale both ways at the middle latitude; returns the function and the map's height."""
    towns = region["municipalities"]
    south, north = (f(float(t["lat"]) for t in towns) for f in (min, max))
    west, east = (f(float(t["lon"]) for t in towns) for f in (min, max))
    squeeze = math.cos(math.radians((south + north) / 2))
    across, along = max((east - west) * squeeze, 1e-6), max(north - south, 1e-6)
    scale = min((WIDE - 2 * MARGIN) / across, (MOST_TALL - 2 * MARGIN) / along)
    tall = round(min(max(along * scale + 2 * MARGIN, LEAST_TALL), MOST_TALL), 1)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def place(point: Mapping[str, Any]) -> tuple[float, float]:
        x = WIDE / 2 + (float(point["lon"]) - middle_x) * squeeze * scale
        y = tall / 2 - (float(point["lat"]) - middle_y) * scale
        return round(x, 1), round(y, 1)

    return place, tall


def _path(points: Sequence[tuple[float, float]], tall: float) -> str:
    """A polyline, without the stretches that lie wholly beyond the frame."""
    text, pen = [], False
    for before, after in pairwise(points):
        if _beyond(before, after, tall):
            pen = False
            continue
        if not pen:
            text.append(f"M{before[0]:g} {before[1]:g}")
        text.append(f"L{after[0]:g} {after[1]:g}")
        pen = True
    return "".join(text)


def _beyond(a: tuple[float, float], b: tuple[float, float], tall: float) -> bool:
    sides = ((0, -AROUND, WIDE + AROUND), (1, -9.0, tall + 9.0))
    return any(
        max(a[axis], b[axis]) < low or min(a[axis], b[axis]) > high for axis, low, high in sides
    )


def _free_place(
    label: str, disc: tuple[float, float, float], taken: Sequence[tuple[float, ...]], tall: float
) -> tuple[float, float, str, tuple[float, float, float, float]]:
    """Where a label covers least: beside, above or below its town. Returns x, y, anchor, box."""
    x, y, radius = disc
    width, gap = len(label) * LETTER, radius + 3.0
    tries = (
        (x + gap, y + 4, "start", x + gap),
        (x - gap, y + 4, "end", x - gap - width),
        (x, y - gap - 1, "middle", x - width / 2),
        (x, y + gap + 9, "middle", x - width / 2),
        (x + gap, y - 6, "start", x + gap),
        (x + gap, y + 14, "start", x + gap),
        (x - gap, y - 6, "end", x - gap - width),
        (x - gap, y + 14, "end", x - gap - width),
    )
    best = None
    for order, (text_x, text_y, anchor, left) in enumerate(tries):
        box = (left, text_y - LINE + 3, left + width, text_y + 3)
        outside = max(0.0, -box[0]) + max(0.0, box[2] - WIDE) + max(0.0, box[3] - tall)
        cost = (sum(_overlap(box, other) for other in taken) + 40.0 * outside, order)
        if best is None or cost < best[0]:
            best = (cost, (round(text_x, 1), round(text_y, 1), anchor, box))
    return best[1] if best else (x, y, "start", (x, y, x, y))


def _overlap(a: Sequence[float], b: Sequence[float]) -> float:
    across = min(a[2], b[2]) - max(a[0], b[0])
    along = min(a[3], b[3]) - max(a[1], b[1])
    return max(across, 0.0) * max(along, 0.0)
