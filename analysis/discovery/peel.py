"""PRIM: peel a box of points down to where cases are dense, then paste back what was too much.

From a box of all points, every step cuts off, at one end of one setting, about a share ``peel`` of
the points that are left, and takes the cut that gains most for each point it gives up::

    gain = (mean(y inside after) - mean(y inside before)) / (points cut off)

until no cut gains or the box would hold less than a share ``least`` of all points. Pasting moves
an end outwards by a share ``paste`` of the points beyond it, while the mean inside rises. Every
step is kept: the boxes are a curve of coverage against density, of which `choice` takes one.

Ends lie half-way between the last value inside and the first one outside. Equal values go
together, so that whole numbers and lists are peeled value by value. Ties in the gain: the cut that
restricts no further setting, then the first setting, its upper end first.

Written here because each answer takes hundreds of such boxes, and the library that offers it takes
half a second for one; tests hold every step against that library (docs/decisions/0024).

Sources: Friedman & Fisher (1999), doi:10.1023/A:1008894516817; gain for each point: Kwakkel &
Jaxa-Rozen (2016), doi:10.1016/j.envsoft.2015.11.020.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

PEEL = PASTE = LEAST = 0.05
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Box(NamedTuple):
    """Both ends of every setting; infinite where it is not restricted."""

    lo: Floats
    hi: Floats

    @property
    def limits(self) -> int:
        """Ends that restrict something."""
        return int(np.isfinite(self.lo).sum() + np.isfinite(self.hi).sum())

    @property
    def restricted(self) -> Flags:
        """Settings with a limit at either end."""
        return np.isfinite(self.lo) | np.isfinite(self.hi)

    def inside(self, x: Floats) -> Flags:
        """Which points lie in the box; its ends belong to it."""
        return np.asarray(((x >= self.lo) & (x <= self.hi)).all(axis=1))

    def without(self, setting: int, upper: bool) -> Box:
        """The box with one end let go."""
        return self.moved(setting, upper, math.inf if upper else -math.inf)

    def moved(self, setting: int, upper: bool, limit: float) -> Box:
        """The box with one end put elsewhere."""
        lo, hi = self.lo.copy(), self.hi.copy()
        (hi if upper else lo)[setting] = limit
        return Box(lo, hi)


def everything(settings: int) -> Box:
    """The box that restricts nothing."""
    return Box(np.full(settings, -math.inf), np.full(settings, math.inf))


class Held(NamedTuple):
    """A box with the points inside it, and the cases among them."""

    box: Box
    points: int
    cases: int


def boxes(x: Floats, y: Flags, least: float = LEAST) -> list[Held]:
    """Every box on the way, the first without limits. ``x`` [point, setting], ``y`` [point]."""
    box, own, label = everything(x.shape[1]), x, y
    found = [Held(box, len(y), int(y.sum()))]
    while True:
        step = _peeled(own, label, box)
        if step is None or step[1].sum() < least * len(x):
            break
        box, keep = step
        own, label = own[keep], label[keep]
        found.append(Held(box, len(label), int(label.sum())))
    while True:
        wider = _pasted(x, y, found[-1])
        if wider is None:
            return found
        found.append(wider)


def _peeled(x: Floats, y: Flags, box: Box) -> tuple[Box, Flags] | None:
    """The best cut of the points inside, and which of them it keeps."""
    bottom, top = _cuts(x)
    keep = np.empty((len(x), bottom.size, 2), dtype=bool)  # upper end first
    np.less_equal(x, top, out=keep[:, :, 0])
    np.greater_equal(x, bottom, out=keep[:, :, 1])
    cuts = keep.reshape(len(x), -1)
    left, cases = cuts.sum(axis=0), cuts[y].sum(axis=0)
    off = np.maximum(len(x) - left, 1)  # nothing is gained where nothing is cut off
    gain = (cases / left - y.sum() / len(x)) / off
    gain[left == len(x)] = 0.0
    best = np.lexsort((np.repeat(~box.restricted, 2), -gain))[0]
    if gain[best] <= 0:
        return None
    setting, lower = divmod(int(best), 2)
    limit = float(bottom[setting] if lower else top[setting])
    return box.moved(setting, not lower, limit), cuts[:, best]


def _cuts(x: Floats) -> tuple[Floats, Floats]:
    """Lower and upper limit of every column that cut off about a share each."""
    ordered = np.sort(x, axis=0)
    return _cut(ordered, PEEL), -_cut(-ordered[::-1], PEEL)


def _cut(ordered: Floats, share: float) -> Floats:
    """Lower limit of sorted columns that cuts off about a share; the least value where none can."""
    k = math.floor((len(ordered) - 1) * share)
    at, above = ordered[k], ordered[min(k + 1, len(ordered) - 1)]
    equal = above <= at
    if equal.any():
        beyond = np.where(ordered > at, ordered, math.inf).min(axis=0)
        above = np.where(equal, np.where(np.isfinite(beyond), beyond, at), above)
    return np.asarray((at + above) / 2)


def _pasted(x: Floats, y: Flags, now: Held) -> Held | None:
    """The box with the best end moved outwards; None where that gains nothing."""
    best: tuple[tuple[float, int], Held] | None = None
    for setting in np.flatnonzero(now.box.restricted):
        for upper in (False, True):
            wider = _wider(x, now.box, int(setting), upper)
            if wider is None:
                continue
            there = wider.inside(x)
            held = Held(wider, int(there.sum()), int(y[there].sum()))
            more = held.points - now.points
            if more <= 0 or held.cases * now.points <= now.cases * held.points:
                continue
            gain = (held.cases / held.points - now.cases / now.points) / more
            rank = gain, -int(wider.restricted.sum())
            if best is None or rank > best[0]:
                best = rank, held
    return None if best is None else best[1]


def _wider(x: Floats, box: Box, setting: int, upper: bool) -> Box | None:
    """The box with one end moved over a share of the points beyond it."""
    limit = (box.hi if upper else box.lo)[setting]
    if not math.isfinite(limit):
        return None
    others = box.without(setting, True).without(setting, False).inside(x)
    column = x[others, setting] if upper else -x[others, setting]
    beyond = np.sort(column[column >= (limit if upper else -limit)])
    if beyond.size == 0:
        return None
    moved = float(_cut(beyond[:, None], PASTE)[0])
    if moved >= beyond[-1]:
        moved = math.inf
    return box.moved(setting, upper, moved if upper else -moved)
