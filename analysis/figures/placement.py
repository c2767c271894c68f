"""Where labels go on a map: greedily, without lying on each other, on towns or across a border.

Positions are in map units (degrees of longitude scaled by the cosine of latitude, degrees of
latitude), sizes come from the drawing's pixels per degree. Deterministic: larger towns first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Box(NamedTuple):
    """An axis-parallel box."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: Box) -> bool:
        """True when the two boxes share area."""
        return not (
            self.right <= other.left
            or other.right <= self.left
            or self.top <= other.bottom
            or other.top <= self.bottom
        )

    def inside(self, other: Box) -> bool:
        """True when this box lies within the other."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.bottom >= other.bottom
            and self.top <= other.top
        )


class Anchor(NamedTuple):
    """A side of a point at which its label may stand, as plotly anchors and shifts."""

    xanchor: str
    yanchor: str
    dx: int
    dy: int


ANCHORS = (
    Anchor("center", "bottom", 0, 9),
    Anchor("left", "middle", 10, 0),
    Anchor("center", "top", 0, -9),
    Anchor("right", "middle", -10, 0),
    Anchor("left", "bottom", 7, 6),
    Anchor("right", "bottom", -7, 6),
    Anchor("left", "top", 7, -6),
    Anchor("right", "top", -7, -6),
)


def label_box(x: float, y: float, anchor: Anchor, width: float, height: float, pixel: float) -> Box:
    """The box of a label of ``width`` x ``height`` pixels; ``pixel`` is one pixel in map units."""
    left = {"left": 0.0, "center": -0.5, "right": -1.0}[anchor.xanchor] * width + anchor.dx
    bottom = {"bottom": 0.0, "middle": -0.5, "top": -1.0}[anchor.yanchor] * height + anchor.dy
    return Box(
        x + left * pixel,
        y + bottom * pixel,
        x + (left + width) * pixel,
        y + (bottom + height) * pixel,
    )


def place_labels(
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    frame: Box,
    pixel: float,
    font: float,
) -> tuple[list[tuple[int, Anchor]], list[Box]]:
    """Choose an anchor for each point's label, in the given order; those that fit nowhere are left.

    Returns (index, anchor) of the placed labels and all boxes taken, points included.
    """
    radius = 7 * pixel
    taken = [Box(x - radius, y - radius, x + radius, y + radius) for x, y in points]
    placed = []
    for index, (x, y) in enumerate(points):
        width, height = text_size(names[index], font)
        for anchor in ANCHORS:
            box = label_box(x, y, anchor, width, height, pixel)
            others = (b for i, b in enumerate(taken) if i != index)
            if box.inside(frame) and not any(box.overlaps(other) for other in others):
                taken.append(box)
                placed.append((index, anchor))
                break
    return placed, taken


def text_size(text: str, font: float) -> tuple[float, float]:
    """Width and height of a label in pixels, generous for any common typeface."""
    return 0.62 * font * len(text) + 6, 1.3 * font


def place_area_label(
    members: Sequence[tuple[float, float]],
    others: Sequence[tuple[float, float]],
    borders: Sequence[Floats],
    frame: Box,
    size: tuple[float, float],
    taken: Sequence[Box],
) -> tuple[float, float] | None:
    """A free spot for an area's name: nearest to its own towns, on their side of every border.

    ``size`` is in map units. Returns None when there is no such spot.
    """
    if not members:
        return None
    best, score = None, -np.inf
    own, foreign = np.array(members), np.array(others).reshape(-1, 2)
    for x in np.linspace(frame.left, frame.right, 41):
        for y in np.linspace(frame.bottom, frame.top, 31):
            box = Box(x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)
            if not box.inside(frame) or any(box.overlaps(other) for other in taken):
                continue
            here = np.array([x, y])
            own_distance = np.hypot(*(own - here).T)
            far = np.hypot(*(foreign - here).T).min() if len(foreign) else 1.0
            value = min(far, 3 * size[0]) - 0.6 * own_distance.mean()
            nearest = own[int(own_distance.argmin())]
            if value > score and far > own_distance.min() and _same_side(box, nearest, borders):
                best, score = (float(x), float(y)), value
    return best


def _same_side(box: Box, town: Floats, borders: Sequence[Floats]) -> bool:
    corners = [(box.left, box.bottom), (box.right, box.bottom), (box.left, box.top)]
    corners.append((box.right, box.top))
    return not any(crosses(np.array(corner), town, line) for line in borders for corner in corners)


def crosses(start: Floats, end: Floats, polyline: Floats) -> bool:
    """True when the segment from start to end crosses any segment of the polyline [point, 2]."""
    if len(polyline) < 2:
        return False
    a, b = polyline[:-1], polyline[1:]
    first = _side(a, b, start) != _side(a, b, end)
    return bool((first & (_turn(start, end, a) != _turn(start, end, b))).any())


def _side(a: Floats, b: Floats, point: Floats) -> NDArray[np.bool_]:
    along = b - a
    left: NDArray[np.bool_] = along[:, 0] * (point[1] - a[:, 1]) > along[:, 1] * (
        point[0] - a[:, 0]
    )
    return left


def _turn(start: Floats, end: Floats, points: Floats) -> NDArray[np.bool_]:
    along = end - start
    off = points - start
    left: NDArray[np.bool_] = along[0] * off[:, 1] > along[1] * off[:, 0]
    return left
