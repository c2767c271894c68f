"""Do 95 % intervals of sensitivity indices hold the truth 95 times in 100, and are verdicts right?

``python -m tests.interval_coverage REPEATS``, or ``make intervals``. On functions with known
answers, repeated with fresh points (and fresh luck): how often intervals hold the truth, for each
index and pooled; how far the seed's share is off; how often an index called converged is within the
declared width, and one that needs more has it with what was asked for; own resampling beside
SALib's, in width (against the Monte Carlo error of both) and in time. Ends with 1 where a bar is
missed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from known_functions import (
    ISHIGAMI,
    LUCK_SHARES,
    G,
    Known,
    blocks,
    even_blocks,
    lucky,
    plain,
)

from analysis.sensitivity import sobol
from analysis.sensitivity.luck import shares
from analysis.sensitivity.resample import percentiles, resampled, widened
from analysis.sensitivity.verdicts import CONVERGED, NOT_YET, WIDTH, Asked, Size, Step, verdicts

POOLED, LEAST = (0.92, 0.98), 0.88
SHARE_OFF, RIGHT, FASTER = 0.02, 0.95, 20.0
SHARES_AT = ((128, 20, 1), (2048, 1200, 4))  # blocks, seeds, divisor of repeats; bar: the last
BLOCKS, SEEDS = 512, 20
FIRST = 20_000  # other draws than those on which the rules of `resample` were tried


class Found(NamedTuple):
    """Indices with intervals of one design."""

    value: np.ndarray
    lo: np.ndarray
    hi: np.ndarray
    luck: np.ndarray


class Problem(NamedTuple):
    """A function, how it is drawn, and its true indices (first, then total)."""

    name: str
    drawn: Callable[[int, int], np.ndarray]  # (blocks, repeat) -> [block, row, seed]
    truth: np.ndarray
    units: int


def say(line: str) -> None:
    """Print a line of the account at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def problem(known: Known, *, even: bool = False, luck: bool = False,
            seeds: int = SEEDS) -> Problem:  # fmt: skip
    """A known function over independent or evenly spread base points, with or without luck."""
    make = even_blocks if even else blocks

    def drawn(n: int, repeat: int) -> np.ndarray:
        x = make(known, n, FIRST + repeat)
        return lucky(x, seeds, FIRST + repeat, known) if luck else plain(known, x)

    name = f"{'stochastic ' if luck else ''}{known.name}{f', {seeds} seeds' if luck else ''}"
    name += ", Sobol sequence" if even else ""
    return Problem(name, drawn, np.concatenate([known.first, known.total]), known.units)


def found(y: np.ndarray, units: int) -> Found:
    """Indices of one response, intervals with the luck of the seeds; the dummy is left out."""
    shape = sobol.Shape(units, y.shape[2], second=False)
    table = sobol.moments(y, shape)
    value = sobol.indices(table.mean(axis=0), shape)
    wide = sobol.widenings(y, shape)
    ends = percentiles(sobol.indices(resampled(table), shape))
    lo, hi = widened(value, ends, np.array([one.factor for one in wide]))
    own = np.r_[0:units, shape.shown : shape.shown + units]
    return Found(value[own], lo[own], hi[own], np.array([one.luck for one in wide])[own])


def coverage(of: Problem, repeats: int, n: int = BLOCKS) -> np.ndarray:
    """Share of the repeats in which the interval of each index holds the truth."""
    held = np.zeros(of.truth.size)
    for repeat in range(repeats):
        own = found(of.drawn(n, repeat), of.units)
        held += (own.lo <= of.truth) & (of.truth <= own.hi)
    return held / repeats


def judged(of: Problem, repeats: int, n: int) -> tuple[int, int, int, int, int]:
    """(converged, of these within the width; not yet; grown as asked, of these narrow enough)."""
    settled = right = waiting = grown = enough = 0
    for repeat in range(repeats):
        y = of.drawn(n, repeat)
        trail = [found(y[:m], of.units) for m in (n // 4, n // 2, n)]
        steps = [[Step(m, float(f.value[k]), float(f.lo[k]), float(f.hi[k]))
                  for m, f in zip((n // 4, n // 2, n), trail, strict=True)]
                 for k in range(of.truth.size)]  # fmt: skip
        size = Size(n, y.shape[2], y.size)
        kinds = np.array_split(np.arange(of.truth.size), 2)
        asked = Asked(WIDTH, np.nan, size, "")
        told = [verdict for kind in kinds for verdict in verdicts(
            [steps[k] for k in kind], trail[-1].luck[kind], asked)]  # fmt: skip
        for k, verdict in enumerate(told):
            settled += verdict.word == CONVERGED
            right += verdict.word == CONVERGED and abs(steps[k][-1].value - of.truth[k]) <= WIDTH
            waiting += verdict.word == NOT_YET
            more = verdict.needed
            if repeat < 20 and more and more.seeds == size.seeds and more.blocks <= 16 * n:
                larger = found(of.drawn(more.blocks, repeat + 5000), of.units)
                grown += 1
                enough += (larger.hi[k] - larger.lo[k]) / 2 <= 1.1 * WIDTH
    return settled, right, waiting, grown, enough


def seed_share(repeats: int, n: int, seeds: int) -> tuple[np.ndarray, np.ndarray]:
    """(error of each share [repeat, share], share of intervals that hold the truth).

    The last share: all luck. ``n`` blocks, ``seeds`` of each point.
    """
    truth = np.append(LUCK_SHARES, LUCK_SHARES[1:].sum())
    of = problem(ISHIGAMI, luck=True, seeds=seeds)
    own = np.array([shares(of.drawn(n, repeat)) for repeat in range(repeats)])
    held = (own[..., 1] <= truth) & (truth <= own[..., 2])
    return own[..., 0] - truth, held.mean(axis=0)


class Beside(NamedTuple):
    """Own resampling beside SALib's: half intervals, by index, and the time of both."""

    apart: float  # largest difference of half intervals
    part: float  # that as a share of SALib's
    errors: float  # largest difference in Monte Carlo errors
    limit: float  # what the largest of so many passes by chance in 1 of 100
    faster: float


def error_of_logs(drawn: np.ndarray) -> np.ndarray:
    """Monte Carlo variance of the logarithm of a standard deviation over draws [draw, index].

    Var s^2 = sigma^4 (kurtosis - 1) / draws, so that Var ln s = (kurtosis - 1) / (4 draws).
    """
    off = drawn - drawn.mean(axis=0)
    kurtosis = (off**4).mean(axis=0) / (off**2).mean(axis=0) ** 2
    return np.asarray((kurtosis - 1) / (4 * len(drawn)))


def beside(y: np.ndarray, units: int, draws: int) -> Beside:
    """Both resamplings of one response without luck [block, row, 1]."""
    from SALib.analyze import sobol as reference

    names = {"num_vars": units, "names": [f"x{k}" for k in range(units)]}
    start = time.perf_counter()
    told = reference.analyze(names, y.ravel(), calc_second_order=False, num_resamples=draws,
                             keep_resamples=True, seed=1)  # fmt: skip
    middle = time.perf_counter()
    shape = sobol.Shape(units, 1, second=False)
    drawn = sobol.indices(resampled(sobol.moments(y, shape), draws), shape)
    spread = drawn.std(axis=0, ddof=1)
    end = time.perf_counter()
    theirs = np.concatenate([told["S1_conf"], told["ST_conf"]])
    their_draws = np.concatenate([told["S1_conf_all"], told["ST_conf_all"]], axis=1)
    own = NormalDist().inv_cdf(0.975) * spread
    error = np.sqrt(error_of_logs(drawn) + error_of_logs(their_draws))
    errors = np.abs(np.log(own / theirs)) / error
    limit = NormalDist().inv_cdf(1 - 0.01 / (2 * theirs.size))
    apart = np.abs(own - theirs)
    return Beside(float(apart.max()), float((apart / theirs).max()), float(errors.max()), limit,
                  (middle - start) / (end - middle))  # fmt: skip


def beside_salib(units: int = 20, n: int = 2048, draws: int = 1000) -> Beside:
    """A sum of settings of falling weight and of the products of neighbours."""

    def neighbours(x: np.ndarray) -> np.ndarray:
        return (x / (1 + np.arange(units))).sum(axis=1) + (x[:, 1:] * x[:, :-1]).sum(axis=1)

    many = Known("sum", units, neighbours, np.zeros(units), np.zeros(units), np.zeros(0), 0.0)
    return beside(plain(many, blocks(many, n, 1)), units, draws)


def main(repeats: int) -> int:
    """Measure everything, print it, say whether the bars are met."""
    missed = []
    for of in (problem(ISHIGAMI), problem(G), problem(ISHIGAMI, luck=True),
               problem(G, luck=True)):  # fmt: skip
        held = coverage(of, repeats)
        met = POOLED[0] <= held.mean() <= POOLED[1] and held.min() >= LEAST
        say(f"{of.name}: {repeats} x N={BLOCKS}: pooled {held.mean():.1%}, lowest {held.min():.1%};"
            f" {', '.join(f'{x:.1%}' for x in held)}")  # fmt: skip
        missed += [] if met else [of.name]
    for of in (problem(ISHIGAMI, even=True), problem(ISHIGAMI, even=True, luck=True)):
        held = coverage(of, repeats)
        say(f"{of.name} (no bar): pooled {held.mean():.1%}, lowest {held.min():.1%}")
    say(f"shares (settings, seed, both, all luck), truth {np.round(LUCK_SHARES, 3)}")
    for n, seeds, times in SHARES_AT:
        off, held = seed_share(max(20, repeats // times), n, seeds)
        near = (np.abs(off) <= SHARE_OFF).mean(axis=0)
        say(f"N={n}, {seeds} seeds: mean error {np.round(off.mean(axis=0), 4)}, standard deviation "
            f"{np.round(off.std(axis=0, ddof=1), 4)}, within {SHARE_OFF} in {np.round(near, 3)} of "
            f"{len(off)} studies, intervals hold the truth in {np.round(held, 3)}")  # fmt: skip
    missed += [] if near.min() >= RIGHT else ["seed share"]
    for of, sizes in ((problem(ISHIGAMI), (64, 1024, 4096)),
                      (problem(ISHIGAMI, luck=True), (64,)),
                      (problem(ISHIGAMI, luck=True, seeds=100), (2048,))):  # fmt: skip
        for n in sizes:
            settled, right, waiting, grown, enough = judged(of, max(20, repeats // 10), n)
            say(f"{of.name}, N={n}: {settled} converged, {right} of them within {WIDTH}; "
                f"{waiting} not yet; {enough} of {grown} narrow enough at the size asked for")
            missed += [] if right >= RIGHT * settled else [f"verdicts of {of.name}, N={n}"]
    own = beside_salib()
    say(f"own resampling beside SALib's, 20 settings, N=2048, 1,000 draws: half intervals differ "
        f"by at most {own.apart:.4f} ({own.part:.0%} of one), {own.errors:.1f} Monte Carlo errors "
        f"of {own.limit:.1f} that chance allows, {own.faster:.0f} times faster")  # fmt: skip
    missed += [] if own.errors <= own.limit else ["SALib's intervals"]
    missed += [] if own.faster >= FASTER else ["speed"]
    say(f"missed: {', '.join(missed)}" if missed else "all bars met")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 400))
