"""Kinds of points that readers ask about, each of which an emulator must be good at.

``none``: no mechanism on; ``few``: one to three on, others off; ``corners``: every intensity at one
end of its range; ``uniform``: anything else. The kind is read from the numbers, not the design.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.emulator.basis import Axis, Floats
from analysis.language import marked

UNIFORM, CORNERS, FEW, NONE = FAMILIES = ("uniform", "corners", "few", "none")
WORDS = {
    UNIFORM: marked("anywhere in the ranges"), CORNERS: marked("every mechanism fully on or off"),
    FEW: marked("one to three mechanisms on"), NONE: marked("no mechanism on"),
}  # fmt: skip
MOST_FEW = 3


def is_switch(key: str) -> bool:
    """True for the intensity of a mechanism."""
    return key.startswith("mechanisms.") and key.endswith(".intensity")


def families_of(axes: Sequence[Axis], points: Floats) -> np.ndarray:
    """The family of every point [point], as its place in FAMILIES."""
    found = np.zeros(len(points), dtype=np.int64)
    place = [i for i, axis in enumerate(axes) if is_switch(axis.key)]
    if not place:
        return found
    own = points[:, place]
    tops = np.array([axes[i].hi for i in place])
    on = (own > 0).sum(axis=1)
    ends = ((own == 0) | (own == tops)).all(axis=1)
    found[ends] = FAMILIES.index(CORNERS)
    found[(on <= MOST_FEW) & (on < len(place))] = FAMILIES.index(FEW)
    found[on == 0] = FAMILIES.index(NONE)
    return found
