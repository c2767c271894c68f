"""Groups want, hold back, and follow the rule or not; what is there to take: rule routing.

    need     = demand season dt,  of water: times (1 + b dryness) thirst expansion
    thirst   = channel (1 + a heat) (1 + f herders' shortage)
    restraint= c min(1, (1 - f) exp(e z))                    (c: cooperation)
    want     = need ease (1 - restraint)
    rule     = need (x f + 1 - x)                            (x: drought-contingent part)
    intended = want - w k max(0, want - rule) - (1 - w) n D k max(0, want - need f)
    k        = k0 + (1 - k0) s D legitimacy,   k0 = min(1, b legitimacy c)
    c(t+dt)  = c + (1 - exp(-dt/tau)) (target - c)
    target 0 = m (1 - seen (1 - q T)) (1 - v D max(0, 1 - 2 legitimacy))   conditional cooperation
    target 1 = 0                                                           rival: self-interest
    target 2 = h - alpha max(0, seen - own) + beta max(0, own - seen)      rival: inequity aversion

w: access rule, D: detection (channels), k: compliance, k0: of those who need no watching. Without a
shared rule (w = 0) upstream reaches take first, and who is caught over-taking is held to custom
only: the fair share, by gossip and small fines (n). Whoever is watched by an authority that most
reject gives less of her own accord (v). A rule with a fixed part is rigid in drought. own, seen:
own and the other side's excess over the fair share; T: the town's mean trust in its partners, by
which people excuse part of what they see (Ostrom 1998: talk builds trust, and trust carries
reciprocity). Herders who find no pasture water fodder and drive their herds to the river: their
shortage, weighted with their share of the town's people, raises the town's need of water. Source:
half of people give the more the others give, if less than these, and a third nothing (Fischbacher,
Gaechter & Fehr 2001; here one mean stands for all); imposed rules without legitimacy are broken
(Ostrom 2006) and costly punishment raises no yield without communication (Janssen et al. 2010);
crowding out by control from outside (Cardenas, Stranlund & Willis 2000). Rivals: the tragedy of the
commons (Hardin 1968), and Fehr & Schmidt 1999, in whose distribution 0.4 have much guilt (h), mean
envy (alpha) is 0.85 and mean guilt (beta) 0.315. The switch mixes neighbouring forms linearly.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.elementary import exp
from sim.state import Climate, People
from sim.topology import AQUIFER, LAND, Groups
from sim.units import retention


class AbstractionParameters(NamedTuple):
    """How people use a shared resource."""

    drought_need: Annotated[float, Par(
        "share", 0, 1, "Rise of the seasonal need of water in full dryness",
        "assumption: crop water need rises 10-30 % in hot, dry spells")] = 0.2
    conditional: Annotated[float, Par(
        "ratio", 0, 1, "Cooperation returned per cooperation expected",
        "direction: Fischbacher, Gaechter & Fehr 2001, of the half who cooperate conditionally; "
        "that all do, and size (a little less than is seen, as there): assumption")] = 0.85
    fodder: Annotated[float, Par(
        "ratio", 0, 5, "Rise of a town's need of water per share of its people without pasture",
        "assumption: fodder crops and watering for a herder's animals take as much water as the "
        "household of another")] = 1.0
    cooperation_years: Annotated[float, Par(
        "years", 0.1, 10, "Time to adapt cooperation to what is seen",
        "assumption: about one season")] = 0.5
    flexible: Annotated[float, Par(
        "share", 0, 1, "Part of an allocation rule that follows the drought",
        "assumption: three fifths, as users insist on a fixed rest; specific and flexible "
        "allocation goes with cooperation, Dinar et al. 2015")] = 0.6
    compliance: Annotated[float, Par(
        "ratio", 0, 2, "Compliance per legitimacy and cooperation",
        "assumption: full compliance needs both near 0.8")] = 1.6
    deterrence: Annotated[float, Par(
        "ratio", 0, 1, "Would-be breakers held back by sure detection under full legitimacy",
        "assumption: three in ten break the rule in full sight; direction: Ostrom 2006, Janssen et "
        "al. 2010")] = 0.7
    custom: Annotated[float, Par(
        "share", 0, 1, "Weight of custom, without a shared rule, for those who are caught",
        "assumption: gossip and fines are lighter than an agreed sanction")] = 0.3
    crowding: Annotated[float, Par(
        "ratio", 0, 1, "Cooperation crowded out by sure detection without any legitimacy",
        "assumption: less than half of what watching wins where it is accepted (deterrence); "
        "direction: Cardenas, Stranlund & Willis 2000")] = 0.3
    excuse: Annotated[float, Par(
        "share", 0, 1, "Part of what is seen that full trust excuses",
        "assumption: a fifth at middling trust, so that most of what is seen counts; direction: "
        "Ostrom 1998; as generous reciprocity, Nowak & Sigmund 1992")] = 0.4
    rival: Annotated[float, Par(
        "switch", 0, 2, "Rival rule: 0 conditional, 1 self-interested, 2 inequity averse",
        "rival forms of cooperation (Fischbacher et al. 2001, Fehr & Schmidt 1999)")] = 0.0
    averse: Annotated[float, Par(
        "share", 0, 1, "Rival rule: share of people averse to inequity", "Fehr & Schmidt 1999: "
        "40 % with guilt enough to cooperate when others do")] = 0.4
    envy: Annotated[float, Par(
        "ratio", 0, 4, "Rival rule: cooperation lost per excess of the others over one's own",
        "Fehr & Schmidt 1999: mean alpha of their distribution")] = 0.85
    guilt: Annotated[float, Par(
        "ratio", 0, 1, "Rival rule: cooperation gained per own excess over the others'",
        "Fehr & Schmidt 1999: mean beta of their distribution, 0.315")] = 0.315


@scalar
def wanted(need: float, ease: float, cooperation: float, fair_seen: float) -> float:
    """Quantity wanted after voluntary restraint."""
    return need * ease * (1.0 - cooperation * max(1.0 - fair_seen, 0.0))


@scalar
def following_rule(
    want: float, need: float, fair: float, flexible: float, kept: float, caught: float
) -> float:
    """Intended take: parts of the excess over the rule, and over the fair share, are given up."""
    allowed = need * (flexible * fair + 1.0 - flexible)
    return want - kept * max(want - allowed, 0.0) - caught * max(want - need * fair, 0.0)


@kernel
def thirst(
    out: np.ndarray, losses: np.ndarray, basin: np.ndarray, heat: np.ndarray, rise: float
) -> None:
    """Factor on every town's need of water: works that cut losses (channel), and heat."""
    for m in range(out.size):
        out[m] = losses[m] * (1.0 + rise * heat[basin[m]])


@kernel
def fodder(
    out: np.ndarray, kind: np.ndarray, group: Groups, start: np.ndarray, people: People,
    p: AbstractionParameters,
) -> None:
    """Raise the factor of towns whose herders lack pasture. kind: of units."""
    any_land = False
    for u in range(kind.size):
        any_land = any_land or kind[u] == LAND
    if not any_land:
        return
    unit, weight, taken, need = group.unit, group.weight, people.take_felt, people.need_felt
    for m in range(out.size):
        short = 0.0
        for g in range(start[m], start[m + 1]):
            if kind[unit[g]] == LAND and need[g] > 0.0:
                short += weight[g] * max(1.0 - taken[g] / need[g], 0.0)
        out[m] *= 1.0 + p.fodder * short


@kernel
def needs(
    need: np.ndarray, group: Groups, system: np.ndarray, kind: np.ndarray, climate: Climate,
    expansion: np.ndarray, thirsty: np.ndarray, p: AbstractionParameters, dt: float,
) -> None:
    """Need of every group this tick. kind: of systems; expansion, thirsty: on water, by town."""
    demand, seasonality, town = group.demand, group.seasonality, group.municipality
    season, dryness = climate.need, climate.dryness
    for g in range(need.size):
        s, b, m = seasonality[g], system[g], town[g]
        water = 1.0
        if kind[b] <= AQUIFER:
            water = (1.0 + p.drought_need * s * dryness[b]) * expansion[m] * thirsty[m]
        need[g] = demand[g] * (1.0 - s + s * season[b]) * water * dt


@scalar
def inequity_averse(own: float, seen: float, averse: float, envy: float, guilt: float) -> float:
    """Cooperation of people who dislike having less, and a little also having more, 0..1."""
    felt = averse - envy * max(seen - own, 0.0) + guilt * max(own - seen, 0.0)
    return min(max(felt, 0.0), 1.0)


@scalar
def given_back(
    seen: float, trust: float, detection: float, legitimacy: float, p: AbstractionParameters
) -> float:
    """Conditional cooperation, 0..1."""
    expected = max(1.0 - seen * (1.0 - p.excuse * trust), 0.0)
    rejected = max(1.0 - 2.0 * legitimacy, 0.0)
    return p.conditional * expected * (1.0 - p.crowding * detection * rejected)


@kernel
def reciprocity(
    out: np.ndarray, seen: np.ndarray, trust: np.ndarray, detection: np.ndarray,
    legitimacy: np.ndarray, p: AbstractionParameters,
) -> None:
    """Conditional cooperation of every town; ``trust`` [m] may be ``out`` itself."""
    for m in range(out.size):
        out[m] = given_back(seen[m], trust[m], detection[m], legitimacy[m], p)


@kernel
def cooperate(
    people: People, town: np.ndarray, returned: np.ndarray, seen: np.ndarray, fair: np.ndarray,
    p: AbstractionParameters, dt: float,
) -> None:
    """Cooperation follows its target. returned [m]: conditional cooperation; fair [g]."""
    keep = retention(p.cooperation_years, dt)
    conditional = max(1.0 - p.rival, 0.0)
    averse = max(p.rival - 1.0, 0.0)
    cooperation, taken, need = people.cooperation, people.take_felt, people.need_felt
    for g in range(cooperation.size):
        m = town[g]
        target = conditional * returned[m]
        if averse > 0.0:
            met = min(taken[g] / need[g], 2.0) if need[g] > 0.0 else 1.0
            own = max(met / max(fair[g], 0.05) - 1.0, 0.0)
            target += averse * inequity_averse(own, seen[m], p.averse, p.envy, p.guilt)
        cooperation[g] = target + (cooperation[g] - target) * keep


@kernel
def intentions(
    intended: np.ndarray, need: np.ndarray, cooperation: np.ndarray, fair: np.ndarray,
    ease: np.ndarray, noise: np.ndarray, kept: np.ndarray, caught: np.ndarray,
    p: AbstractionParameters,
) -> None:
    """Intended take of every group; all inputs [g] (fair, ease, noise ... already gathered)."""
    for g in range(intended.size):
        seen = 1.0 - min((1.0 - fair[g]) * exp(noise[g]), 1.0)
        want = wanted(need[g], ease[g], cooperation[g], seen)
        intended[g] = following_rule(want, need[g], fair[g], p.flexible, kept[g], caught[g])


@scalar
def compliance(
    detection: float, legitimacy: float, cooperation: float, p: AbstractionParameters
) -> float:
    """Share of an excess that is given up by those who are asked to, 0..1."""
    willing = min(p.compliance * legitimacy * cooperation, 1.0)
    return willing + (1.0 - willing) * p.deterrence * detection * legitimacy


@kernel
def rule_kept(
    kept: np.ndarray, caught: np.ndarray, group: Groups, rule: np.ndarray, detection: np.ndarray,
    legitimacy: np.ndarray, cooperation: np.ndarray, p: AbstractionParameters,
) -> None:
    """Weights of the shared rule and of custom, times compliance, per group."""
    town, unit = group.municipality, group.unit
    for g in range(kept.size):
        m, w = town[g], rule[unit[g]]
        comply = compliance(detection[m], legitimacy[m], cooperation[g], p)
        kept[g] = w * comply
        caught[g] = (1.0 - w) * p.custom * detection[m] * comply


@kernel
def gather(out: np.ndarray, source: np.ndarray, index: np.ndarray) -> None:
    """out[i] = source[index[i]]: gather first, so that the loops after it stay SIMD."""
    for i in range(out.size):
        out[i] = source[index[i]]
