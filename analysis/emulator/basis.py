"""The basis: Legendre polynomials of each setting, and products of pairs of their first degrees.

With z = 2 u - 1, u the share of a setting's range (of its logarithm where it was swept so), P_d the
Legendre polynomials and d <= 5::

    1,  sqrt(2 d + 1) P_d(z_i),  3 z_i z_j  (i < j)

1 + 5 D + D (D - 1) / 2 terms, orthonormal over the cube: 181 for fifteen settings. A setting of few
values has fewer degrees than values. Degree 5 and bilinear pairs were measured against more and
fewer (docs/emulator.md).

Source: Xiu & Karniadakis (2002), doi 10.1137/S1064827501387826 (polynomial chaos).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.study import StudyError
from analysis.sweep_study import Factor

DEGREE = 5
Floats = NDArray[np.float64]


class Axis(NamedTuple):
    """One setting as the emulator sees it. ``degree``: of its own polynomial."""

    key: str
    label: str
    unit: str
    lo: float
    hi: float
    log: bool
    whole: bool
    degree: int
    default: float

    def scaled(self, values: Floats) -> Floats:
        """Values inside the range as z in [-1, 1]."""
        if self.log:
            share = np.log(values / self.lo) / math.log(self.hi / self.lo)
        else:
            share = (values - self.lo) / (self.hi - self.lo)
        return np.asarray(2.0 * share - 1.0)


class Term(NamedTuple):
    """A product of Legendre polynomials: (place of an axis, degree) of each; none: the constant."""

    parts: tuple[tuple[int, int], ...]


def axes_of(factors: Sequence[Factor], points: Floats) -> tuple[Axis, ...]:
    """The axes of what was swept. Raises StudyError for lists of names or more than two values."""
    found = []
    for place, factor in enumerate(factors):
        values = np.unique(points[:, place])
        lo, hi = factor.lo, factor.hi
        if factor.kind == "list":
            if len(factor.values) != 2 or values.size != 2:
                raise StudyError(f"{factor.key}: an emulator is of ranges and of two values, and "
                                 f"this is a list of {len(factor.values)}. Sweep an "
                                 "interval")  # fmt: skip
            lo, hi = float(values[0]), float(values[-1])
        default = float(factor.default) if _is_number(factor.default) else (lo + hi) / 2
        found.append(Axis(factor.key, factor.label, factor.unit, lo, hi, factor.scale == "log",
                          factor.whole, min(DEGREE, values.size - 1),
                          min(max(default, lo), hi)))  # fmt: skip
    return tuple(found)


def terms_of(axes: Sequence[Axis]) -> tuple[Term, ...]:
    """The constant, the polynomials of each axis, the products of two."""
    own = [Term(((i, d),)) for i, axis in enumerate(axes) for d in range(1, axis.degree + 1)]
    pairs = [Term(((i, 1), (j, 1))) for i in range(len(axes)) for j in range(i + 1, len(axes))
             if axes[i].degree and axes[j].degree]  # fmt: skip
    return (Term(()), *own, *pairs)


def design(axes: Sequence[Axis], terms: Sequence[Term], points: Floats) -> Floats:
    """Values of every term [point, term] at settings [point, axis]."""
    z = np.column_stack([axis.scaled(points[:, i]) for i, axis in enumerate(axes)])
    tables = legendre(z)
    columns = np.ones((len(points), len(terms)))
    for place, term in enumerate(terms):
        for axis, degree in term.parts:
            columns[:, place] *= tables[degree][:, axis]
    return columns


def legendre(z: Floats) -> list[Floats]:
    """Orthonormal Legendre polynomials of degree 0 to 5, elementwise.

    (d + 1) P_{d+1} = (2 d + 1) z P_d - d P_{d-1}, times sqrt(2 d + 1).
    """
    plain = [np.ones_like(z), z]
    for d in range(1, DEGREE):
        plain.append(((2 * d + 1) * z * plain[d] - d * plain[d - 1]) / (d + 1))
    return [math.sqrt(2 * d + 1) * p for d, p in enumerate(plain)]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)
