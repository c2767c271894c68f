"""Morris' elementary effects: a screening of many settings with few runs.

A trajectory takes one step per setting (or group), from one point to the next::

    EE_i = (y after - y before) / step_i    step_i: share of the range of setting i that is stepped
    mu = mean EE    mu* = mean |EE|    sigma = standard deviation of EE over trajectories

mu* says how much a setting moves the outcome, mu whether always the same way, sigma whether it
depends on the others. A step down counts with the other sign; within a group steps may go both
ways, so that a group has mu* only. y is the mean over seeds, the same at all points; effects are
in the outcome's unit, from one end of the setting's range to the other. A range is stepped by
levels / (2 (levels - 1)) of it; a flag, a short list or a range of few whole numbers by what its
places really move, on average over its steps: a flag by all of its range. SALib divides these by
the distance of levels, too, which makes a flag 1.5 times as strong as a range (4 levels).

Floor of noise: a step that changes nothing but draws other luck. With seeds cut into halves h and
h', (mean over h' - mean over h) / sqrt(2) has the spread of the difference of two means over R
seeds; its mean size over trajectories is what an input that does not matter would show as mu*, its
root mean square what it would show as sigma. Each row of a trajectory has such a step, a setting
has one: the floor stands sqrt(rows) as far above the dummy's estimate as the end of its interval.
Needs four seeds. Intervals: see `resample`; the luck of the seeds is seen to first order.

Sources: Morris (1991), doi:10.1080/00401706.1991.10484804; Campolongo, Cariboni & Saltelli (2007),
doi:10.1016/j.envsoft.2006.10.004 (mu*, groups). Of ranges equal to SALib's to rounding (tests).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.sensitivity.resample import ALONE, Widening, widening
from analysis.sensitivity.sobol import SEEDS_OF_FLOOR

Floats = NDArray[np.float64]


class Steps(NamedTuple):
    """Which unit moved [trajectory, step], which way (0: not one way), and how far [unit].

    ``step``: that of a range, as the dummy's.
    """

    unit: NDArray[np.int64]
    way: Floats
    length: Floats
    step: float


def steps(
    points: Floats, unit_of: NDArray[np.int64], rows: int, levels: int, spans: Floats | None = None
) -> Steps | None:
    """From the points [trajectory x row, setting]; None where a step does not move one unit.

    ``spans`` [setting]: from the first to the last of what has places, NaN of a continuous range.
    """
    units, step = rows - 1, levels / (2 * (levels - 1))
    moved = np.diff(points.reshape(-1, rows, points.shape[1]), axis=1)
    member = unit_of[None, :] == np.arange(units)[:, None]  # [unit, setting]
    changed = (moved != 0) @ member.T  # settings of each unit that moved
    if not (np.sort((changed > 0).argmax(axis=2), axis=1) == np.arange(units)).all():
        return None
    if ((changed > 0).sum(axis=2) != 1).any():
        return None
    unit = (changed > 0).argmax(axis=2)
    single = member.sum(axis=1)[unit] == 1
    way = np.where(single, np.sign(moved.sum(axis=2)), 0.0)
    return Steps(unit, way, _lengths(moved, member, step, spans), step)


def _lengths(moved: Floats, member: NDArray[np.bool_], step: float, spans: Floats | None) -> Floats:
    """Share of its range that each unit steps; the mean over the settings of a group."""
    own = np.full(moved.shape[2], step)
    if spans is not None:
        size = np.abs(moved).sum(axis=(0, 1)) / np.maximum((moved != 0).sum(axis=(0, 1)), 1)
        placed = ~np.isnan(spans) & (size > 0)
        own[placed] = size[placed] / spans[placed]
    return np.asarray(member @ own / member.sum(axis=1))


def effects(y: Floats, taken: Steps) -> tuple[Floats, Floats]:
    """(elementary effects, whether each has a sign) [unit, trajectory, seed], [unit].

    ``y`` [trajectory, row, seed].
    """
    change = np.diff(y, axis=1) / taken.length[taken.unit][..., None]
    signed = np.where(taken.way == 0, 1.0, taken.way)[..., None] * change
    place = np.argsort(taken.unit, axis=1)
    found = np.take_along_axis(signed, place[..., None], axis=1)
    way = np.take_along_axis(taken.way, place, axis=1)
    return np.moveaxis(found, 1, 0), (way != 0).all(axis=0)


def moments(y: Floats, taken: Steps) -> Floats:
    """The table [trajectory, column]: EE, |EE|, EE^2 of every unit; the dummy's |EE|, EE^2 last."""
    mean = effects(y, taken)[0].mean(axis=2).T
    columns = [mean, np.abs(mean), mean**2]
    if y.shape[2] >= SEEDS_OF_FLOOR:
        none = dummy(y, taken)
        columns += [np.abs(none).mean(axis=1)[:, None], (none**2).mean(axis=1)[:, None]]
    return np.concatenate(columns, axis=1)


def dummy(y: Floats, taken: Steps) -> Floats:
    """Effects [trajectory, row] of a step that draws other luck and changes nothing else."""
    half = y.shape[2] // 2
    y = y - y.mean(axis=(0, 1))
    apart = y[..., half : 2 * half].mean(axis=2) - y[..., :half].mean(axis=2)
    return np.asarray(apart / math.sqrt(2) / taken.step)


def indices(means: Floats, units: int, trajectories: int) -> Floats:
    """mu, mu*, sigma of every unit, then mu* and sigma of the dummy where there is one."""
    mu, star, square = (means[..., k * units : (k + 1) * units] for k in range(3))
    spread = np.sqrt(np.maximum(square - mu**2, 0.0) * trajectories / max(trajectories - 1, 1))
    none, square_of_none = means[..., 3 * units : 3 * units + 1], means[..., 3 * units + 1 :]
    return np.concatenate([mu, star, spread, none, np.sqrt(square_of_none)], axis=-1)


def floors(value: Floats, hi: Floats, units: int) -> dict[str, float]:
    """What one setting that does not matter may show, from `indices` and their upper ends."""
    own, top = value[3 * units :], hi[3 * units :]
    found = own + (top - own) * math.sqrt(units + 1)
    return dict(zip(("mu_star", "sigma"), map(float, found), strict=False))


def widenings(y: Floats, taken: Steps) -> list[Widening]:
    """How far the luck of the seeds widens each interval, in the order of `indices`."""
    every = effects(y, taken)[0]
    seeds = y.shape[2]
    found: list[list[Widening]] = [[], [], []]
    for own in every:  # [trajectory, seed]
        mean = own.mean(axis=1, keepdims=True)
        lucky, off = own - mean, mean - mean.mean()
        size = np.abs(mean)
        e = (off + lucky, size - size.mean() + np.sign(mean) * lucky,
             off**2 - (off**2).mean() + 2 * off * lucky)  # fmt: skip
        for kind, one in zip(found, e, strict=True):
            kind.append(widening(one))
    return [*found[0], *found[1], *found[2], *([ALONE] * 2 if seeds >= SEEDS_OF_FLOOR else [])]
