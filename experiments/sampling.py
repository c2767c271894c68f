"""Points: the table of factor values that a study runs, by grid or by one of SALib's samplers.

SALib draws in the unit cube, for every sampler alike, and one transformation turns a share u of
[0, 1] into the factor's number::

    range            lo + u (hi - lo)
    range, log       exp(ln lo + u (ln hi - ln lo))
    whole range      the same over [lo, hi + 1), rounded down: every whole number the same share
    list of k        floor(k u), the place in the list

SALib itself has no whole numbers and no lists; rounding down is its maintainers' advice. Morris'
levels include u = 1, which belongs to the last value.

``problem`` is for SALib's analysers. They use names and groups; those that read bounds (dgsm,
discrepancy) expect those of the table that they are given, so that it holds the bounds of
``values``, not of the unit cube. Elementary effects are per step of the unit cube (SALib divides by
the distance of levels), the sign of a step is read from ``values``: every step of Morris is longer
than half the cube, so that it changes also a list of two.

With one seed, the first rows of a Sobol' or Morris table of 2n are the table of n: such a study
can grow, and so can a mixed one (`experiments.mixed`) by any number. A Latin hypercube cannot:
other strata, other numbers.

Sources: Saltelli et al. (2010), doi 10.1016/j.cpc.2009.09.018; Morris (1991), doi
10.1080/00401706.1991.10484804; McKay et al. (1979), doi 10.2307/1268522.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

import numpy as np

from experiments import mixed
from experiments.factors import Factor
from experiments.settings import plain

GRID, LATIN, SOBOL, MORRIS, MIXED = METHODS = ("grid", "latin", "sobol", "morris", "mixed")
FEWEST = 2  # points, blocks or trajectories: one alone has no spread
EDGE = 1e-9  # 49 * (1 / 49) is below 1 in floating point: a share on the edge is of the value above


class Points(NamedTuple):
    """One row per point, one column per factor.

    ``values``: the number of a range, or the place in ``factor.values`` of a list.
    ``problem``: what SALib's analysers need, JSON-able; empty for a grid and for a mixed design,
    whose points are no even sample.
    """

    values: np.ndarray
    problem: dict[str, Any]


def count(factors: Sequence[Factor], method: str, n: int | None, second_order: bool = False) -> int:
    """Number of points, without making them. A group counts once, as it moves as one."""
    if method == GRID:
        return math.prod(len(factor.values) for factor in factors)
    units, rows = len(set(_units(factors))), n or 0
    of_sobol = 2 * units + 2 if second_order else units + 2
    return rows * {LATIN: 1, MIXED: 1, MORRIS: units + 1, SOBOL: of_sobol}[method]


def points(
    factors: Sequence[Factor],
    method: str,
    n: int | None,
    seed: int,
    *,
    levels: int = 4,
    second_order: bool = False,
) -> Points:
    """The points of a request without `faults`; the same arguments always give the same table.

    ``n``: points of a Latin hypercube, base points of Sobol' (each with its block A, AB_i, B; with
    BA_i before B for ``second_order``), trajectories of Morris over ``levels``. Factors of a group
    change in the same row of Sobol' and Morris, each to a number of its own. A Latin hypercube has
    no such rows (SALib would give the whole group one draw), there groups are left to the analysis.
    """
    if method == GRID:
        return Points(_grid(factors), {})
    even = method != MIXED
    shares = (_unit_cube(factors, method, n or 0, seed, levels, second_order) if even
              else mixed.shares([factor.key for factor in factors], n or 0, seed))  # fmt: skip
    columns = [_scaled(factor, shares[:, k]) for k, factor in enumerate(factors)]
    return Points(np.column_stack(columns), _problem(factors) if even else {})


def faults(
    factors: Sequence[Factor], method: str, n: int | None = None, levels: int = 4
) -> list[str]:
    """Why a request cannot be carried out, one plain line each; empty when it can."""
    if method not in METHODS:
        close = get_close_matches(method, METHODS, n=1)
        cure = f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(METHODS)}."
        return [f"method={method}: unknown method. {cure}"]
    keys = [factor.key for factor in factors]
    found = [
        f"{factor.key} ({factor.where}): is varied twice; leave one out."
        for place, factor in enumerate(factors)
        if factor.key in keys[:place]
    ]
    if method == GRID:
        return found + _grid_faults(factors, n)
    if not factors:
        return [f"method={method}: nothing is varied; give a range: KEY=interval(LOW, HIGH)"]
    return found + _number_faults(method, n) + _unit_faults(factors, method, levels)


def _grid_faults(factors: Sequence[Factor], n: int | None) -> list[str]:
    found = [f"n={n}: a grid takes every combination of its lists; leave n out."] if n else []
    return found + [
        f"{factor.key} ({factor.where}): a grid takes lists, and this is an interval. Write "
        f"{factor.key}={_three(factor)}, or choose method=latin, sobol or morris with n=NUMBER"
        for factor in factors
        if factor.kind == "range"
    ]


def _three(factor: Factor) -> str:
    """Both ends and the middle of a range, as a list."""
    shares = np.array([0.0, 0.5, 1.0])
    return ",".join(dict.fromkeys(plain(float(one)) for one in _scaled(factor, shares)))


def _number_faults(method: str, n: int | None) -> list[str]:
    what = {LATIN: "points", MIXED: "points, best a multiple of 16",
            SOBOL: "base points, a power of two", MORRIS: "trajectories"}[method]  # fmt: skip
    if n is None:
        example = {LATIN: 1000, MIXED: 1024, SOBOL: 256, MORRIS: 20}[method]
        return [f"method={method}: n is missing, the number of {what}. Write n={example}"]
    if n < FEWEST:
        return [f"n={n}: method={method} needs {FEWEST} {what.split(',')[0]} at least."]
    if method == SOBOL and n & (n - 1):
        below = 1 << (n.bit_length() - 1)
        text = f"n={n}: Sobol' points are evenly spread only in powers of two. Write "
        return [f"{text}n={below} or n={2 * below}"]
    return []


def _unit_faults(factors: Sequence[Factor], method: str, levels: int) -> list[str]:
    found = []
    if method == MORRIS and (levels < 2 or levels % 2):
        near = max(2, levels - levels % 2)
        found.append(f"levels={levels}: Morris needs an even number. Write levels={near}")
    if method == MIXED:
        lowest = [factor.lo if factor.kind == "range" else math.nan for factor in factors]
        return mixed.faults([factor.key for factor in factors], lowest)
    if method != LATIN and len(factors) > 1 and len(set(_units(factors))) == 1:
        found.append(
            f"method={method}: all factors are in group_{factors[0].group}, and the groups are "
            "compared with each other. Give a second group, or leave the tags out."
        )
    return found


def _units(factors: Sequence[Factor]) -> list[str]:
    """What moves as one: the group of a factor, or the factor alone."""
    return [f"group_{factor.group}" if factor.group else factor.key for factor in factors]


def _grid(factors: Sequence[Factor]) -> np.ndarray:
    """Every combination of the lists, the last factor fastest; one empty row without factors."""
    sizes = tuple(len(factor.values) for factor in factors)
    rows = np.indices(sizes, dtype=np.float64).reshape(len(sizes), math.prod(sizes))
    return np.ascontiguousarray(rows.T)


def _problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """SALib's description of the table."""
    ends = [
        [factor.lo, factor.hi] if factor.kind == "range" else [0.0, len(factor.values) - 1.0]
        for factor in factors
    ]
    return {
        "num_vars": len(factors),
        "names": [factor.key for factor in factors],
        "bounds": ends,
        "dists": ["logunif" if factor.scale == "log" else "unif" for factor in factors],
        "groups": _units(factors) if any(factor.group for factor in factors) else None,
    }


def _unit_cube(
    factors: Sequence[Factor], method: str, n: int, seed: int, levels: int, second_order: bool
) -> np.ndarray:
    """Shares in [0, 1], drawn by SALib, whose import takes more than a second."""
    problem: dict[str, Any] = {
        "num_vars": len(factors),
        "names": [factor.key for factor in factors],
        "bounds": [[0.0, 1.0]] * len(factors),
    }
    if method == LATIN:
        from SALib.sample import latin

        draw: Callable[..., np.ndarray] = latin.sample
        return draw(problem, n, seed=int(seed))
    if any(factor.group for factor in factors):
        problem["groups"] = _units(factors)
    if method == SOBOL:
        from SALib.sample import sobol

        draw = sobol.sample
        return draw(problem, n, calc_second_order=second_order, seed=int(seed))
    from SALib.sample import morris

    draw = morris.sample
    place = np.rint(draw(problem, n, num_levels=levels, seed=int(seed)) * (levels - 1))
    return np.asarray(place / (levels - 1))  # SALib's own levels carry rounding errors


def _scaled(factor: Factor, share: np.ndarray) -> np.ndarray:
    """The factor's numbers for shares in [0, 1]; see the table above."""
    if factor.kind == "list":
        last = len(factor.values) - 1.0
        return np.minimum(np.floor(share * len(factor.values) + EDGE), last)
    lo, hi = factor.lo, factor.hi + 1.0 if factor.whole else factor.hi
    if factor.scale == "log":
        number = np.exp(math.log(lo) + share * (math.log(hi) - math.log(lo)))
    else:
        number = lo + share * (hi - lo)
    if factor.whole:
        number = np.floor(number + EDGE)
    return np.clip(number, factor.lo, factor.hi)
