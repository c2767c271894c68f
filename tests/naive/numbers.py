"""exp, log, sin and cos by series, in the operation order of `sim.elementary`, written anew.

`math.exp` and its kin may differ in the last bit between machines, and one bit is enough to flip a
threshold. Both models therefore use the same series; here powers of two are taken apart and put
together with `math.frexp` and `math.ldexp`. exp, which the rules call hundreds of times a tick, has
its series written out; the others loop over their coefficients.
"""

from __future__ import annotations

from math import factorial, frexp, ldexp, pi

LOG2E = 1.4426950408889634
LN2_HIGH = 0.6931471803691238  # ln 2 in two parts: k * LN2_HIGH is exact for every power k
LN2_LOW = 1.9082149292705877e-10
SQRT_HALF = 0.7071067811865476
HALF_PI = pi / 2.0

# Highest power first (Horner's rule).
LOGARITHM = tuple(1.0 / n for n in range(19, 0, -2))
LOGARITHM_FIRST = 1.0 / 21.0
SINE = tuple((-1.0) ** (n // 2) / factorial(n) for n in range(15, 0, -2))
SINE_FIRST = 1.0 / factorial(17)
COSINE = tuple((-1.0) ** (n // 2) / factorial(n) for n in range(14, -1, -2))
COSINE_FIRST = 1.0 / factorial(16)


def exp(x: float) -> float:
    """e**x = 2**k e**r with k the nearest integer to x / ln 2; saturates beyond -700 and 700."""
    x = min(max(x, -700.0), 700.0)
    k = round(x * LOG2E)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    p = 1 / 6227020800 * r + 1 / 479001600  # 1/13! r + 1/12!, and so on down to 1/0!
    p = p * r + 1 / 39916800
    p = p * r + 1 / 3628800
    p = p * r + 1 / 362880
    p = p * r + 1 / 40320
    p = p * r + 1 / 5040
    p = p * r + 1 / 720
    p = p * r + 1 / 120
    p = p * r + 1 / 24
    p = p * r + 1 / 6
    p = p * r + 0.5
    p = p * r + 1.0
    return ldexp(p * r + 1.0, k)


def log(x: float) -> float:
    """Natural logarithm e ln 2 + 2 artanh((m - 1) / (m + 1)) of x = m 2**e > 0, m near 1."""
    m, e = frexp(x)
    if m < SQRT_HALF:
        m, e = m + m, e - 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    total = LOGARITHM_FIRST
    for coefficient in LOGARITHM:
        total = total * z + coefficient
    return e * LN2_HIGH + (2.0 * s * total + e * LN2_LOW)


def sine_of_turn(u: float) -> float:
    """sin(2 pi u) for u in [0, 1], from the nearest quarter turn."""
    quarter = round(u * 4.0)
    r = (u * 4.0 - quarter) * HALF_PI
    z = r * r
    if quarter % 2 == 0:
        total = SINE_FIRST
        for coefficient in SINE:
            total = total * z + coefficient
        total *= r
    else:
        total = COSINE_FIRST
        for coefficient in COSINE:
            total = total * z + coefficient
    return -total if quarter % 4 >= 2 else total


def cosine_of_turn(u: float) -> float:
    """cos(2 pi u) for u in [0, 1]: the sine a quarter turn later."""
    v = u + 0.25
    return sine_of_turn(v - 1.0 if v > 1.0 else v)


def logistic(x: float) -> float:
    """1 / (1 + e**-x)."""
    return 1.0 / (1.0 + exp(-x))


def clip(x: float, lo: float, hi: float) -> float:
    """Hold x within [lo, hi]."""
    return min(max(x, lo), hi)


def probability(rate_per_year: float, dt: float) -> float:
    """Chance of at least one event of a Poisson process within ``dt`` years."""
    return 1.0 - exp(-rate_per_year * dt)


def retention(time_years: float, dt: float) -> float:
    """Share of a decaying quantity left after ``dt`` years with e-folding time ``time_years``."""
    return exp(-dt / time_years)


def relax(value: float, target: float, keep: float) -> float:
    """Move a slow quantity to its target; ``keep``: share of the distance that is left."""
    return target + (value - target) * keep


def mean_by_weight(values: list[tuple[float, float]]) -> float:
    """Mean of (weight, value) pairs, summed in the order given; 0 without any weight."""
    total, mass = 0.0, 0.0
    for weight, value in values:
        total += weight * value
        mass += weight
    return total / mass if mass > 0.0 else 0.0
