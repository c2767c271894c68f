"""Groups want, hold back, and follow the rule or not; what is there to take: rule routing.

    need     = demand season (1 + b dryness) expansion dt
    restraint= c min(1, (1 - f) exp(e z))                    (c: conditional cooperation)
    want     = need ease (1 - restraint)
    rule     = need (x f + 1 - x)                            (x: drought-contingent part)
    intended = want - w k max(0, want - rule)                (w: access rule, k: compliance)
    c(t+dt)  = c + (1 - exp(-dt/tau)) (m (1 - seen) - c)

Without a shared rule (w = 0) upstream reaches take first. A rule with a fixed part is rigid in
drought. Source: people give a little less than they expect of others (Fischbacher, Gaechter & Fehr
2001); imposed rules without legitimacy are broken (Ostrom 2006): compliance is legitimacy times
cooperation.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.units import retention


class AbstractionParameters(NamedTuple):
    """How people use a shared resource."""

    drought_need: Annotated[float, Par(
        "share", 0, 1, "Rise of need in full dryness",
        "assumption: crop water need rises 10-30 % in hot, dry spells")] = 0.2
    conditional: Annotated[float, Par(
        "ratio", 0, 1, "Cooperation returned per cooperation expected",
        "0.8-0.95, Fischbacher, Gaechter & Fehr 2001 (read from memory)")] = 0.85
    cooperation_years: Annotated[float, Par(
        "years", 0.1, 10, "Time to adapt cooperation to what is seen",
        "assumption: about one season")] = 0.5
    flexible: Annotated[float, Par(
        "share", 0, 1, "Part of an allocation rule that follows the drought",
        "assumption; specific and flexible allocation goes with cooperation, Dinar et "
        "al. 2015")] = 0.6
    compliance: Annotated[float, Par(
        "ratio", 0, 2, "Compliance per legitimacy and cooperation",
        "assumption: full compliance needs both near 0.7")] = 1.6


@scalar
def wanted(need: float, ease: float, cooperation: float, fair_seen: float) -> float:
    """Quantity wanted after voluntary restraint."""
    return need * ease * (1.0 - cooperation * max(1.0 - fair_seen, 0.0))


@scalar
def following_rule(
    want: float, need: float, fair: float, flexible: float, weight_kept: float
) -> float:
    """Intended take when a share ``weight_kept`` of an excess over the rule is given up."""
    allowed = need * (flexible * fair + 1.0 - flexible)
    return want - weight_kept * max(want - allowed, 0.0)


@kernel
def needs(
    need: np.ndarray, demand: np.ndarray, seasonality: np.ndarray, system: np.ndarray,
    town: np.ndarray, season: np.ndarray, dryness: np.ndarray, expansion: np.ndarray,
    p: AbstractionParameters, dt: float,
) -> None:
    """Need of every group this tick."""
    for g in range(need.size):
        s = seasonality[g]
        dry = 1.0 + p.drought_need * s * dryness[system[g]]
        need[g] = demand[g] * (1.0 - s + s * season[system[g]]) * dry * expansion[town[g]] * dt


@kernel
def conditional_cooperation(
    cooperation: np.ndarray, town: np.ndarray, seen: np.ndarray, p: AbstractionParameters,
    dt: float,
) -> None:
    """Cooperation follows the cooperation that is seen on the other side."""
    keep = retention(p.cooperation_years, dt)
    for g in range(cooperation.size):
        target = p.conditional * max(1.0 - seen[town[g]], 0.0)
        cooperation[g] = target + (cooperation[g] - target) * keep


@kernel
def intentions(
    intended: np.ndarray, need: np.ndarray, cooperation: np.ndarray, fair: np.ndarray,
    ease: np.ndarray, error: np.ndarray, z: np.ndarray, kept: np.ndarray,
    p: AbstractionParameters,
) -> None:
    """Intended take of every group; all inputs [g] (fair, ease, error, kept already gathered)."""
    for g in range(intended.size):
        seen = 1.0 - min((1.0 - fair[g]) * exp(error[g] * z[g]), 1.0)
        want = wanted(need[g], ease[g], cooperation[g], seen)
        intended[g] = following_rule(want, need[g], fair[g], p.flexible, kept[g])


@kernel
def rule_kept(
    kept: np.ndarray, unit: np.ndarray, town: np.ndarray, rule: np.ndarray,
    legitimacy: np.ndarray, cooperation: np.ndarray, p: AbstractionParameters,
) -> None:
    """Weight of the shared rule times compliance, per group: w min(1, k legitimacy c)."""
    for g in range(kept.size):
        comply = min(p.compliance * legitimacy[town[g]] * cooperation[g], 1.0)
        kept[g] = rule[unit[g]] * comply


@kernel
def gather(out: np.ndarray, source: np.ndarray, index: np.ndarray) -> None:
    """out[i] = source[index[i]]: gather first, so that the loops after it stay SIMD."""
    for i in range(out.size):
        out[i] = source[index[i]]
