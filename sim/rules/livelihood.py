"""Livelihood follows take against need, an open border, and what hazards destroyed.

    earned = max(0, 1 - D (1 - min(1, q x T/N)) - (1 - D) b B[kind] closed)
    bare   = max(0, earned - loss - h displaced)
    L      = bare + aid,   aid = covered max(0, min(floor, earned) - bare)
    loss(t+dt) = loss exp(-r dt)                  (r: recovery rate times the recovery channel)

T, N: take and need smoothed over a season; q: share of the use that the quality of the resource
leaves (rule quality); x: use of water added by completed works, in N and on top of the living of
before (rule unilateral_project), of fish and pasture 1. D: share of livelihood that depends on the
resource; of the rest a part needs an open border, B: by kind of group (traders most). A floor
(channel) makes up for what a hazard or displacement took, and for nothing else. covered = cover
times (1 - displaced abroad), cover: channel of whom the floor reaches; abroad is the share of the
displaced who are across the border without portable rights; a group of people displaced from across
the border is covered as far as rights are portable. A town's *satisfaction* is the mean of
min(T/N, 2) over the people of its groups that need anything: shares, as water and fish cannot be
added. Source: sustainable-livelihoods accounts of water users; linear form: assumption (the
marginal loss of a harvest is close to constant down to crop failure); B: assumption. Limits: no
prices, no savings.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.rules.displacement import DISPLACED
from sim.state import Channels, People, Town
from sim.topology import AQUIFER, Groups
from sim.units import WEEKS_PER_YEAR, retention

# How far the living that does not come from the resource needs an open border, by kind of group.
#                irrig. indus. fish. herd. indig. urban poor traders displaced
ACROSS = np.array([0.0, 0.2, 0.1, 0.2, 0.1, 0.0, 0.2, 1.0, 0.2])


class LivelihoodParameters(NamedTuple):
    """How a season's take turns into a living."""

    season_weeks: Annotated[float, Par(
        "weeks", 1, 52, "Time over which take is felt as livelihood",
        "assumption: half a growing season")] = 13.0
    recovery_rate: Annotated[float, Par(
        "1/year", 0.05, 5, "Rate of recovery of livelihood lost to hazards",
        "assumption: half of households recover within 8-12 months")] = 0.8
    border: Annotated[float, Par(
        "share", 0, 1, "Share of traders' other income that needs an open border",
        "assumption: the rest is trade within the town")] = 0.8
    displaced: Annotated[float, Par(
        "share", 0, 1, "Living that a displaced person loses",
        "assumption: land, tools and customers stay behind; kin and day labour help")] = 0.5


@scalar
def earned(dependence: float, taken: float, need: float, shut: float) -> float:
    """Livelihood from the resource and from trade, 0..1; ``shut``: part lost to the border."""
    met = min(taken / need, 1.0) if need > 0.0 else 1.0
    return max(1.0 - dependence * (1.0 - met) - (1.0 - dependence) * shut, 0.0)


@scalar
def relief(living: float, bare: float, floor: float) -> float:
    """What a floor adds after a loss: never more than the loss."""
    return max(min(floor, living) - bare, 0.0)


@kernel
def smooth(felt: np.ndarray, now: np.ndarray, p: LivelihoodParameters, dt: float) -> None:
    """Exponential average of a quantity per tick as a rate per year."""
    keep = retention(p.season_weeks / WEEKS_PER_YEAR, dt)
    for g in range(felt.size):
        rate = now[g] / dt
        felt[g] = rate + (felt[g] - rate) * keep


@kernel
def unrecovered(
    share: np.ndarray, speed: np.ndarray, p: LivelihoodParameters, dt: float
) -> None:
    """Share of a hazard loss that is left after the tick, per town; ``speed``: recovery channel."""
    for m in range(share.size):
        share[m] = retention(1.0 / (p.recovery_rate * speed[m]), dt)


@kernel
def recover(loss: np.ndarray, town: np.ndarray, share: np.ndarray) -> None:
    """Hazard losses fade."""
    for g in range(loss.size):
        loss[g] *= share[town[g]]


@kernel
def livelihood(
    people: People, group: Groups, kinds: np.ndarray, usable: np.ndarray, municipality: Town,
    channel: Channels, abroad: np.ndarray, p: LivelihoodParameters,
) -> None:
    """Livelihood of every group and the aid in it.

    kinds, usable: of units; abroad [m]: see `sim.rules.displacement`.
    """
    taken, need, loss, displaced = people.take_felt, people.need_felt, people.loss, people.displaced
    out, aid, dependence, kind = people.livelihood, people.aid, group.dependence, group.kind
    town, unit, closed, grown = (
        group.municipality, group.unit, municipality.closed, municipality.expansion)
    floor, cover, portable = channel.floor, channel.cover, channel.portable
    for g in range(out.size):
        m, u = town[g], unit[g]
        shut = p.border * ACROSS[kind[g]] * closed[m]
        good = taken[g] * usable[u]
        if kinds[u] <= AQUIFER:
            good *= grown[m]
        living = earned(dependence[g], good, need[g], shut)
        bare = max(living - loss[g] - p.displaced * displaced[g], 0.0)
        covered = portable[m] if kind[g] == DISPLACED else 1.0 - displaced[g] * abroad[m]
        aid[g] = cover[m] * covered * relief(living, bare, floor[m])
        out[g] = bare + aid[g]


@kernel
def most_aid(out: np.ndarray, start: np.ndarray, aid: np.ndarray) -> None:
    """Aid of the best supported group of every town."""
    for m in range(out.size):
        best = 0.0
        for g in range(start[m], start[m + 1]):
            best = max(best, aid[g])
        out[m] = best


@kernel
def satisfaction(
    out: np.ndarray, start: np.ndarray, weight: np.ndarray, taken: np.ndarray, need: np.ndarray
) -> None:
    """Take over need, at most 2: mean over the people of every town whose groups need anything."""
    for m in range(out.size):
        total, mass = 0.0, 0.0
        for g in range(start[m], start[m + 1]):
            if need[g] > 0.0:
                total += weight[g] * min(taken[g] / need[g], 2.0)
                mass += weight[g]
        out[m] = total / mass if mass > 0.0 else 1.0
