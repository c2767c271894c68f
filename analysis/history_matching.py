"""History matching: which parameter points can still be told from the targets by no measure?

    I_j(x) = |E[f_j(x)] - z_j| / sqrt(V_emulator(x) + V_target)
    x is kept while max_j I_j(x) <= 3

f_j: a measure of the ensemble at x, known at few points and emulated in between by a Gaussian
process whose noise is the bootstrap variance of each simulated value, or the median one where that
is larger: an ensemble without a rare violent history does not know how rare it is; z_j: middle of
the accepted range; V_target: the range taken as plus and minus two standard deviations. Waves of
simulations are spread over what is still kept, and the emulators fitted anew. What is left is a
set, not a point.

Source: Craig, Goldstein, Seheult & Smith (1997); Vernon, Goldstein & Bower (2010),
doi:10.1214/10-BA524; cut-off 3 by Pukelsheim (1994), doi:10.2307/2684253. Emulators: scikit-learn;
Latin hypercubes: scipy. Both come with the extra ``calibrate``.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.patterns import COLUMNS, PATTERNS, REPORTED
from analysis.patterns.base import Measure, Pattern
from analysis.patterns.score import resample

Array = NDArray[Any]
CUTOFF = 3.0
CANDIDATES = 20_000
BOOTSTRAPS = 400


class Target(NamedTuple):
    """One measure that is fitted to."""

    pattern: Pattern
    measure: Measure

    @property
    def key(self) -> str:
        """V2.verbal and the like."""
        return f"{self.pattern.key}.{self.measure.key}"

    @property
    def range(self) -> tuple[float, float]:
        """The accepted range."""
        return self.measure.accept or (0.0, 0.0)

    @property
    def middle(self) -> float:
        """Middle of the accepted range."""
        return 0.5 * (self.range[0] + self.range[1])

    @property
    def sd(self) -> float:
        """A quarter of the accepted range."""
        return 0.25 * (self.range[1] - self.range[0])


class Axis(NamedTuple):
    """A free parameter and the range that it is sought in."""

    key: str
    lo: float
    hi: float
    log: bool

    def at(self, share: Array) -> Array:
        """Values at positions 0 to 1 of the range."""
        if self.log:
            found: Array = self.lo * (self.hi / self.lo) ** share
            return found
        plain: Array = self.lo + (self.hi - self.lo) * share
        return plain


class Known(NamedTuple):
    """Simulated points: positions [point, axis], values and noise variances [point, target]."""

    position: Array
    value: Array
    variance: Array


def targets() -> tuple[Target, ...]:
    """The deciding measures of every pattern that may be calibrated on; held-out ones never."""
    return tuple(
        Target(pattern, measure)
        for pattern in PATTERNS
        if pattern.use == "C"
        for measure in pattern.measures
        if measure.accept is not None
    )


def seen(counts: Array, border: Array) -> tuple[Array, Array]:
    """Value and bootstrap variance of every target for one ensemble; NaN where undefined."""
    total, drawn = counts.sum(axis=0), resample(counts, border, BOOTSTRAPS)
    values, variances = [], []
    for target in targets():
        columns = {
            c: COLUMNS.index(f"{target.pattern.key}.{c}.{REPORTED}") for c in target.pattern.columns
        }
        compute = target.measure.compute
        values.append(float(compute({c: total[k] for c, k in columns.items()})))
        many = np.asarray(compute({c: drawn[:, k] for c, k in columns.items()}), dtype=float)
        many = many[np.isfinite(many)]
        variances.append(float(many.var()) if many.size > 1 else float("nan"))
    return np.array(values), np.array(variances)


def spread(points: int, axes: int, seed: int) -> Array:
    """Positions [point, axis] of a Latin hypercube."""
    from scipy.stats import qmc

    found: Array = qmc.LatinHypercube(d=axes, rng=np.random.default_rng(seed)).random(points)
    return found


def emulate(known: Known, where: Array, seed: int) -> tuple[Array, Array]:
    """Expected value and variance [point, target] at positions ``where``."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    mean = np.full((len(where), known.value.shape[1]), np.nan)
    variance = np.full_like(mean, np.nan)
    for j in range(known.value.shape[1]):
        usable = np.isfinite(known.value[:, j]) & np.isfinite(known.variance[:, j])
        if usable.sum() < 5:
            continue
        y = known.value[usable, j]
        trend = np.column_stack((np.ones(usable.sum()), known.position[usable]))
        slope, *_ = np.linalg.lstsq(trend, y, rcond=None)
        rest = y - trend @ slope
        scale = max(float(rest.std()), 1e-9)
        own = known.variance[usable, j]
        noise = np.maximum(np.maximum(own, np.median(own)) / scale**2, 1e-6)
        axes = known.position.shape[1]
        kernel = ConstantKernel(1.0, (1e-3, 1e3)) * Matern([1.0] * axes, (0.05, 50.0), nu=2.5)
        process = GaussianProcessRegressor(kernel, alpha=noise, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            process.fit(known.position[usable], rest / scale)
        at, sd = process.predict(where, return_std=True)
        mean[:, j] = np.column_stack((np.ones(len(where)), where)) @ slope + at * scale
        variance[:, j] = (sd * scale) ** 2
    return mean, variance


def implausibility(value: Array, variance: Array) -> Array:
    """Largest implausibility over the targets [point]; a target nobody could see is left out."""
    aims = targets()
    middle, sd = np.array([t.middle for t in aims]), np.array([t.sd for t in aims])
    each = np.abs(value - middle) / np.sqrt(np.nan_to_num(variance) + sd**2)
    return np.where(np.isfinite(each).any(axis=-1), np.nanmax(
        np.where(np.isfinite(each), each, -np.inf), axis=-1), np.inf)  # fmt: skip


def next_wave(known: Known, points: int, seed: int) -> tuple[Array, float]:
    """Positions of the next wave, and the share of the space that is still kept.

    Candidates: a Latin hypercube, and the surroundings of the best points known. The wave is spread
    over those that are kept; where they are few, over the least implausible.
    """
    candidates = spread(CANDIDATES, known.position.shape[1], seed)
    best = known.position[np.argsort(implausibility(known.value, known.variance))[:8]]
    random = np.random.default_rng(seed + 1)
    near = best[random.integers(len(best), size=CANDIDATES // 4)]
    near = np.clip(near + 0.1 * random.standard_normal(near.shape), 0.0, 1.0)
    every = np.vstack((candidates, near))
    found = implausibility(*emulate(known, every, seed))
    kept = float(np.mean(found[:CANDIDATES] <= CUTOFF))
    order = np.argsort(found)
    pool = order[: max(int((found <= CUTOFF).sum()), 4 * points)][: 40 * points]
    return every[pool][apart(every[pool], points, known.position)], kept


def apart(pool: Array, points: int, taken: Array | None = None) -> Array:
    """Rows of ``pool`` chosen one after the other, each as far as can be from those before."""
    chosen: list[int] = []
    away = np.full(len(pool), np.inf)
    if taken is not None and len(taken):
        gaps = ((pool[:, None, :] - taken[None]) ** 2).sum(axis=2)
        away = gaps.min(axis=1)
    for _ in range(min(points, len(pool))):
        row = 0 if not chosen and not np.isfinite(away).all() else int(np.argmax(away))
        chosen.append(row)
        away = np.minimum(away, ((pool - pool[row]) ** 2).sum(axis=1))
    return np.array(chosen, dtype=int)


def met(value: Array, variance: Array) -> Array:
    """Which targets the 95 % interval of a simulated value reaches [..., target]."""
    aims: Sequence[Target] = targets()
    half = 1.96 * np.sqrt(np.nan_to_num(variance))
    lo, hi = np.array([t.range[0] for t in aims]), np.array([t.range[1] for t in aims])
    with np.errstate(invalid="ignore"):
        reached: Array = np.isfinite(value) & (value + half >= lo) & (value - half <= hi)
    return reached
