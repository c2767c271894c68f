"""Which box of the curve is shown, and how much it says.

With k of n points in a box, c of the C cases among them, and Bernoulli log-likelihoods l::

    support = 2 (l(c; k) + l(C - c; n - k) - l(C; n)),  0 where the box is not denser than the rest
    worth   = support - ln(n) limits

The box of the largest worth is taken, and then settled: one end of one setting after the other
is put where the worth is largest, or let go, until nothing gains. (Peeling sees a twentieth of the
points ahead and stops at the first stretch in which cases happen to be dense.) Support rises with
density and with coverage, so that no threshold on either is needed; the term of the limits is
Schwarz' (1978) price of a parameter. The largest worth is also what is compared with chance
(`resample`): it is searched anew in every shuffled table, so that the search is paid for.

    coverage    c / C           share of the cases that lie in the box
    density     c / k           share of the points of the box that are cases
    quasi-p     chance of at least c cases in k points at the density of the box without the limit

The quasi-p takes the limits as given: it is too small, and is shown because it is usual.

Sources: Friedman & Fisher (1999), doi:10.1023/A:1008894516817; Bryant & Lempert (2010),
doi:10.1016/j.techfore.2009.08.002 (coverage, density, quasi-p); Schwarz (1978),
doi:10.1214/aos/1176344136.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.discovery.peel import LEAST, Box, Held, boxes

NOUGHT = 1e-9

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Step(NamedTuple):
    """One box of the curve."""

    box: Box
    points: int
    cases: int
    coverage: float
    density: float
    worth: float


class Curve(NamedTuple):
    """All boxes on the way, which of them was taken, and what it is when settled."""

    steps: tuple[Step, ...]
    taken: int
    chosen: Step


def curve_of(x: Floats, y: Flags) -> Curve:
    """Peel, paste, choose and settle. ``x`` [point, setting], ``y`` [point]."""
    every, n = int(y.sum()), len(y)
    steps = tuple(_step(held, every, n) for held in boxes(x, y))
    taken = max(range(len(steps)), key=lambda place: (steps[place].worth, -place))
    return Curve(steps, taken, _settled(x, y, steps[taken]))


def step_of(x: Floats, y: Flags, box: Box) -> Step:
    """What a box holds of the points."""
    inside = box.inside(x)
    held = Held(box, int(inside.sum()), int(y[inside].sum()))
    return _step(held, int(y.sum()), len(y))


def _step(held: Held, every: int, n: int) -> Step:
    box, points, cases = held
    worth = float(support(cases, points, every, n)) - math.log(n) * box.limits
    coverage = cases / every if every else math.nan
    density = cases / points if points else math.nan
    return Step(box, points, cases, coverage, density, worth)


def support(cases: ArrayLike, points: ArrayLike, every: int, n: int) -> Floats:
    """Twice the gain in log-likelihood from a density of its own for the box; see the equation."""
    c, k = np.asarray(cases, dtype=float), np.asarray(points, dtype=float)
    none = _likelihood(np.array(float(every)), np.array(float(n)))
    gain = 2 * (_likelihood(c, k) + _likelihood(every - c, n - k) - none)
    return np.where((k > 0) & (k < n) & (c * n > every * k), gain, 0.0)


def quasi_p(x: Floats, y: Flags, box: Box, setting: int, upper: bool) -> float:
    """One-sided binomial chance of the cases in the box, were this limit not there."""
    from scipy.special import bdtrc

    own, wider = step_of(x, y, box), step_of(x, y, box.without(setting, upper))
    return 1.0 if own.cases == 0 else float(bdtrc(own.cases - 1, own.points, wider.density))


def _likelihood(cases: Floats, points: Floats) -> Floats:
    return np.asarray(_xlogx(cases) + _xlogx(points - cases) - _xlogx(points))


def _xlogx(x: Floats) -> Floats:
    return np.asarray(x * np.log(np.maximum(x, 1.0)))  # counts: 0 and 1 give 0


def _settled(x: Floats, y: Flags, step: Step) -> Step:
    """Put every end where the worth is largest, until a round through all of them gains nothing."""
    ends = [(k, upper) for k in range(x.shape[1]) for upper in (False, True)]
    quiet = 0
    while quiet < len(ends):
        for setting, upper in ends:
            better = _best_end(x, y, step, setting, upper)
            quiet = quiet + 1 if better is None else 0
            step = better or step
    return step


def _best_end(x: Floats, y: Flags, step: Step, setting: int, upper: bool) -> Step | None:
    """The box with one end put where the worth is largest; None where that is no gain."""
    free = step.box.without(setting, upper)
    within = free.inside(x)
    values = -x[within, setting] if upper else x[within, setting]
    order = np.argsort(values, kind="stable")
    values, own = values[order], y[within][order]
    least = max(1, math.ceil(LEAST * len(y)))
    starts = np.flatnonzero(np.diff(values, prepend=-math.inf) > 0)
    starts = starts[len(values) - starts >= least]
    if starts.size == 0:
        return None
    before = np.concatenate([[0], np.cumsum(own)])
    cases, points = before[-1] - before[starts], len(values) - starts
    worths = support(cases, points, int(y.sum()), len(y))
    worths -= math.log(len(y)) * (free.limits + (starts > 0))
    best = int(worths.argmax())
    if worths[best] <= step.worth + NOUGHT:
        return None
    at = int(starts[best])
    limit = (values[at - 1] + values[at]) / 2 if at else -math.inf
    box = free.moved(setting, upper, float(-limit if upper else limit))
    return _step(Held(box, int(points[best]), int(cases[best])), int(y.sum()), len(y))
