"""Is an index known? A verdict for each, and what would be needed.

An index is judged at N blocks and at the first N/2 and N/4 of them, with the declared width w:

converged     half the interval is at most w; it moved by at most w from N/2 to N; and no other
              index of its kind that is more than w away at N stood on its other side at N/2.
not yet       otherwise. Half a width shrinks as 1/sqrt(N) with blocks, but for the part of its
              variance that is luck of the shared seeds, which shrinks with seeds alone:
              half^2 (N', R') = half^2 ((1 - luck) N / N' + luck R / R'). The cheapest doubling of
              blocks or seeds, or both, with half^2 <= w^2 is told, as runs of the whole study.
cannot tell   no variance, or not told apart from luck; fewer than `FEWEST` blocks; the index is
              below a floor of noise that is itself above w; or there are too few seeds for a floor
              of noise and the interval reaches down to w. With one seed nothing is told: what luck
              adds at each point looks like interaction, and more blocks make it no smaller.

Indices of variance have w = `WIDTH`; mu, mu* and sigma of Morris w = `RELATIVE` of the largest mu*.
An index below a floor that is at most w is known to be small: converged, and marked.

Source: Sarrazin, Pianosi & Wagener (2016), doi:10.1016/j.envsoft.2016.02.005 (convergence of
values, of ranks and of screening); the rule that joins them is our own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.language import digits, marked, say
from analysis.words import plain

WIDTH = 0.05
RELATIVE = 0.1
FEWEST = 16  # blocks, trajectories
DOUBLINGS = 20
ROUNDING = 1e-9
CONVERGED, NOT_YET = marked("converged"), marked("not yet")
CANNOT_TELL = marked("cannot tell")
Floats = NDArray[np.float64]


class Size(NamedTuple):
    """Of a study. ``runs``: of the whole study, all arms and frames."""

    blocks: int
    seeds: int
    runs: int


class Step(NamedTuple):
    """An index and its interval at the first ``blocks`` blocks."""

    blocks: int
    value: float
    lo: float
    hi: float


class Verdict(NamedTuple):
    """``word``: converged, not yet or cannot tell; ``needed``: what would do, where it is known."""

    word: str
    reason: str
    needed: Size | None
    below_floor: bool


class Asked(NamedTuple):
    """What indices of one kind are judged by. ``floor``: NaN where there is none."""

    width: float
    floor: float
    size: Size
    nothing: str  # why nothing can be told of any, empty where it can
    seeds: int = 0  # that a floor of noise needs; 0 where luck plays no part


def verdicts(
    trail: Sequence[Sequence[Step]], luck: Sequence[float], asked: Asked
) -> list[Verdict]:
    """A verdict per index of one kind. ``trail`` [index][N/4, N/2, N]; ``luck`` [index]."""
    if asked.nothing:
        return [Verdict(CANNOT_TELL, asked.nothing, None, False) for _ in trail]
    half_way = np.array([steps[-2].value for steps in trail])
    last = np.array([steps[-1].value for steps in trail])
    return [_one(steps, part, asked, _swapped(k, half_way, last, asked.width))
            for k, (steps, part) in enumerate(zip(trail, luck, strict=True))]  # fmt: skip


def needed(half: float, luck: float, width: float, size: Size) -> Size | None:
    """The cheapest doubling of blocks and seeds by which half a width comes down to ``width``."""
    best: tuple[int, int] | None = None
    for more_seeds in range(DOUBLINGS):
        rest = (width / half) ** 2 - luck / 2**more_seeds
        if rest <= 0:
            continue
        more_blocks = max(0, math.ceil(math.log2((1 - luck) / rest) - ROUNDING)) if luck < 1 else 0
        if best is None or more_seeds + more_blocks < sum(best):
            best = (more_blocks, more_seeds)
    if best is None:
        return None
    blocks, seeds = best
    return Size(size.blocks << blocks, size.seeds << seeds, size.runs << (blocks + seeds))


def no_floor(seeds: int, needed_seeds: int) -> str:
    """Why so few seeds settle no index that may be small."""
    if seeds == 1:
        return say("one seed tells nothing of luck, {needed} seeds are needed", needed=needed_seeds)
    return say("{seeds} seeds give no floor of noise, {needed} are needed: what may be small is "
               "not told from luck", seeds=seeds, needed=needed_seeds)  # fmt: skip


def _small(now: Step, width: float) -> bool:
    """Whether the interval holds a value that is no larger than the declared width."""
    return now.lo <= width and now.hi >= -width


def _with_seeds(size: Size, seeds: int) -> Size:
    """The study with so many seeds."""
    return size._replace(seeds=seeds, runs=math.ceil(size.runs / size.seeds * seeds))


def _one(steps: Sequence[Step], luck: float, asked: Asked, swapped: bool) -> Verdict:
    """The verdict on one index."""
    now, before = steps[-1], steps[-2]
    if not all(map(math.isfinite, (now.value, now.lo, now.hi))):
        return Verdict(CANNOT_TELL, say("it is not defined here"), None, False)
    half = (now.hi - now.lo) / 2
    if asked.size.seeds < asked.seeds and (asked.size.seeds == 1 or _small(now, asked.width)):
        return Verdict(CANNOT_TELL, no_floor(asked.size.seeds, asked.seeds),
                       _with_seeds(asked.size, asked.seeds), False)  # fmt: skip
    below = now.value <= asked.floor
    more = needed(half, luck, asked.width, asked.size) if half > 0 else None
    if below and asked.floor > asked.width:
        reason = say("below the floor of noise, {floor}", floor=plain(asked.floor, 2))
        return Verdict(CANNOT_TELL, reason, more if half > asked.width else None, True)
    if half > asked.width:
        wide = say("interval of ±{half}, asked for ±{width}", half=_two(half),
                   width=_two(asked.width))  # fmt: skip
        return Verdict(NOT_YET, wide, more, below)
    doubled = asked.size._replace(blocks=2 * asked.size.blocks, runs=2 * asked.size.runs)
    if not abs(now.value - before.value) <= asked.width:
        return Verdict(NOT_YET, say("it moved from N/2 to N"), doubled, below)
    if swapped:
        return Verdict(NOT_YET, say("its rank changed from N/2 to N"), doubled, below)
    return Verdict(CONVERGED, say("below the floor of noise") if below else "", None, below)


def _two(number: float) -> str:
    """Two digits that matter, with the marks of the language."""
    text = f"{number:.2g}"
    return text if "e" in text else digits(text)


def _swapped(k: int, before: Floats, now: Floats, width: float) -> bool:
    """Whether an index that is clearly away from this one stood on its other side at N/2."""
    apart, then = now - now[k], before - before[k]
    return bool(((np.abs(apart) > width) & (apart * then < 0)).any())
