"""The answer of ``thalweg portfolio``: frontier, best mixes, break-even, interactions, robustness.

``portfolio(folder)`` reads a study and returns a `Portfolio`, all numbers with intervals;
``tables`` of it are tidy frames.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from analysis.intervals import rule_of_three, wilson
from analysis.portfolio.choice import BreakEven, best, break_even, not_worse
from analysis.portfolio.frontier import membership, on_frontier
from analysis.portfolio.halved import NOTHING, Halved, halved
from analysis.portfolio.mixes import FRAMES, Floats, Mixes, read_mixes
from analysis.portfolio.resample import (
    Weights,
    bootstrap_weights,
    draws_points,
    half_weights,
    interval,
    means,
)
from analysis.portfolio.robust import Robust, chosen_by, robust
from analysis.portfolio.rules import (
    Roles,
    events_of,
    flags,
    of_outcome,
    rare_of,
    refusals,
    rests_on_few,
    roles_of,
    signs,
)
from analysis.portfolio.worth import contrasts
from analysis.scruples import NEEDED
from analysis.study import Outcome, StudyError

SPLITS = 200  # halvings of the seeds that show how much of a best mix is luck
SHARES = (0.25, 0.5, 1.0)  # budgets where none is given, of the cost of the dearest mix
BREAK_EVENS = 400  # draws in which break-even costs are worked out


class Ask(NamedTuple):
    """What is asked of a folder; empty fields take the declared defaults.

    ``thresholds``: by outcome, (``most`` or ``least``, number).
    """

    budgets: tuple[float, ...] = ()
    risk: str = ""
    cost: tuple[str, ...] = ()
    states: str = FRAMES
    thresholds: Mapping[str, tuple[str, float]] = {}


class Choice(NamedTuple):
    """The best mix for one budget; ``mix`` is -1 where nothing is affordable.

    ``chance``: share of resamplings in which it is the best. ``rivals``: mixes that cannot be told
    from it. ``halved``: what it brings, seen on seeds that did not choose it. ``own_half``,
    ``other_half``: risk of what half of the seeds choose, on those and on the other seeds.
    """

    budget: float
    mix: int
    chance: float
    rivals: tuple[int, ...]
    halved: Halved
    own_half: float
    other_half: float
    break_even: tuple[BreakEven, ...]
    break_even_ends: tuple[tuple[float, float], ...]  # interval of ``at``
    inside: tuple[float, ...]  # share of resamplings with the mechanism in the best mix
    robust: Robust | None


class Portfolio(NamedTuple):
    """Everything that was found. ``losses`` [draw, state, mix, objective] have less as better."""

    mixes: Mixes
    roles: Roles
    objectives: tuple[Outcome, ...]
    losses: Floats
    sign: Floats
    units: int  # seeds (or blocks of points) behind every interval
    frontier: np.ndarray  # [mix]
    chance: Floats  # [mix] of being on the frontier
    choices: tuple[Choice, ...]
    single: tuple[tuple[int, ...], ...]  # mechanisms with an average effect
    single_effects: Floats  # [draw, mechanism, objective], natural units
    pairs: tuple[tuple[int, ...], ...]
    pair_effects: Floats  # [draw, pair, objective]
    backgrounds: tuple[int, ...]  # of each pair
    thresholds: Mapping[str, tuple[str, float]]
    refusals: tuple[str, ...]
    flags: tuple[str, ...]
    events: np.ndarray  # [mix] cells with the risk above 0
    cells: int
    rare: np.ndarray  # [mix] seeds with any event, or with any cell without one: the fewer

    @property
    def level(self) -> Floats:
        """Means over states in natural units [draw, mix, objective]."""
        return np.asarray(self.losses.mean(axis=1) * self.sign)

    def ends(self, place: int) -> tuple[Floats, Floats]:
        """Interval of every mix's mean of one objective; few events widen that of a chance.

        Points and states of one seed are one luck: an event is few where fewer than 30 seeds have
        any, or any without it, and the Wilson interval is that of as many histories as seeds.
        """
        lo, hi = interval(self.level[:, :, place], self.units)
        if not self.objectives[place].is_probability:
            return lo, hi
        alone = wilson(self.events / max(self.cells, 1) * self.units, self.units)
        few = self.rare < NEEDED
        lo, hi = np.where(few, np.minimum(lo, alone[0]), lo), np.where(
            few, np.maximum(hi, alone[1]), hi)  # fmt: skip
        never = self.events == 0
        return np.where(never, 0.0, np.clip(lo, 0, 1)), np.where(
            never, np.maximum(rule_of_three(self.units), 0), np.clip(hi, 0, 1))  # fmt: skip


def portfolio(folder: str | Path, ask: Ask | None = None) -> Portfolio:
    """Read a study folder and answer. Raises StudyError."""
    asked = ask or Ask()
    mixes = read_mixes(folder, asked.states)
    roles = roles_of(mixes, asked.risk, asked.cost)
    against = [*refusals(mixes), *rests_on_few(mixes, [asked.risk])]
    sign = signs(mixes, roles)
    weights = bootstrap_weights(mixes)
    losses = means(mixes, roles.keys, weights) * sign
    if np.isnan(losses[0]).any():
        raise StudyError(f"{mixes.folder}: an outcome has no value in some histories, or no draw "
                         "is complete in a state; choose risk= among those that always have "
                         "one")  # fmt: skip
    if np.isnan(losses).any():
        raise StudyError(f"{mixes.folder}: a state of the world holds so few complete histories "
                         "that resampling the seeds leaves it without any; add seeds")  # fmt: skip
    pooled = losses.mean(axis=1)
    budgets = asked.budgets or _default_budgets(pooled[0, :, 0])
    meets = _meets(mixes, roles, losses, asked.thresholds, weights)
    rare = [f"'meets' is not told: {why}" for why in rests_on_few(mixes, asked.thresholds)]
    if rare:
        meets = np.full(meets.shape, np.nan)
    choices = tuple(_choice(mixes, roles, losses, meets, budget, weights) for budget in budgets)
    natural = pooled * sign
    single, own, _ = contrasts(mixes.members, 1)
    pairs, both, backgrounds = contrasts(mixes.members, 2)
    events, cells = events_of(mixes, roles.risk)
    return Portfolio(
        mixes, roles, tuple(of_outcome(mixes, keys) for keys in roles.keys), losses, sign,
        _units(mixes), on_frontier(pooled[:1])[0], membership(pooled), choices,
        tuple(single), _apply(own, natural), tuple(pairs), _apply(both, natural),
        tuple(backgrounds), asked.thresholds, tuple(against), (*flags(mixes, roles), *rare),
        events, cells, rare_of(mixes, roles.risk),
    )  # fmt: skip


def _apply(rows: Floats, values: Floats) -> Floats:
    return np.asarray(np.einsum("cm,dmk->dck", rows, values))


def _units(mixes: Mixes) -> int:
    seeds = int(mixes.whole.any(axis=(0, 1)).sum())
    blocks = np.unique(mixes.design.block).size
    return min(seeds, blocks) if draws_points(mixes) else seeds


def _default_budgets(costs: Floats) -> tuple[float, ...]:
    """Shares of the dearest mix's cost, to two digits; the last one never below that cost."""
    dearest = float(costs.max())
    found = []
    for share in SHARES:
        size = share * dearest
        step = 10.0 ** (math.floor(math.log10(size)) - 1) if size > 0 else 1.0
        rounded = math.ceil(size / step) if share == SHARES[-1] else round(size / step)
        found.append(float(f"{rounded * step:.12g}"))
    return tuple(dict.fromkeys(found))


def _choice(
    mixes: Mixes, roles: Roles, losses: Floats, meets: np.ndarray, budget: float, weights: Weights
) -> Choice:
    pooled, sign = losses.mean(axis=1), signs(mixes, roles)
    held = best(pooled, mixes.members, budget)
    mix = int(held[0])
    nothing = (math.nan, math.nan)
    if mix < 0:
        return Choice(budget, mix, math.nan, (), NOTHING, *nothing, (), (), (), None)
    affordable = pooled[0, :, 0] <= budget
    rivals = np.flatnonzero(not_worse(pooled, mix, affordable))
    found, ends, inside = _break_evens(mixes, pooled, held, budget)
    several = robust(losses, budget, meets) if len(mixes.states) > 1 else None
    return Choice(
        budget, mix, float((held[1:] == mix).mean()), tuple(int(r) for r in rivals if r != mix),
        halved(mixes, roles, sign, budget, weights, _units(mixes)),
        *_halves(mixes, roles, sign, budget),
        found, ends, inside, several,
    )  # fmt: skip


def _break_evens(
    mixes: Mixes, pooled: Floats, held: np.ndarray, budget: float
) -> tuple[tuple[BreakEven, ...], tuple[tuple[float, float], ...], tuple[float, ...]]:
    """Break-even of every mechanism, its interval, and how often it is in the best mix."""
    found = tuple(break_even(pooled[0], mixes.members, mixes.mechanisms, budget))
    drawn = [break_even(pooled[d], mixes.members, mixes.mechanisms, budget)
             for d in range(1, min(len(pooled), 1 + BREAK_EVENS))]  # fmt: skip
    at = np.array([[one.at for one in own] for own in [found, *drawn]])
    ends = []
    for place in range(len(mixes.mechanisms)):
        there = at[:, place]
        known = ~np.isnan(there)
        usual = known[1:].mean() >= 0.5 and known[0]  # else it is mostly not defined
        lo, hi = interval(there, _units(mixes)) if usual else (math.nan, math.nan)
        ends.append((float(lo), float(hi)))
    there = np.where(held[1:, None] >= 0, mixes.members[held[1:]], False)
    return found, tuple(ends), tuple(float(x) for x in there.mean(axis=0))


def _halves(mixes: Mixes, roles: Roles, sign: Floats, budget: float) -> tuple[float, float]:
    """Mean risk of what half of the seeds choose, on that half and on the other."""
    keys = roles.keys
    one, other = half_weights(mixes, SPLITS)
    if mixes.status.shape[2] < 4:
        return math.nan, math.nan
    here, there = (means(mixes, keys, w).mean(axis=1) * sign for w in (one, other))
    held = best(here, mixes.members, budget)
    fine = held >= 0
    rows, at = np.arange(len(held))[fine], held[fine]
    scores = [float(np.nanmean(x[rows, at, 1]) * sign[1]) for x in (here, there)]
    return scores[0], scores[1]


def _meets(
    mixes: Mixes, roles: Roles, losses: Floats, thresholds: Mapping[str, tuple[str, float]],
    weights: Weights,
) -> np.ndarray:  # fmt: skip
    """[draw, state, mix]: every threshold is met.

    Without thresholds: less risk than the first mix of that state, and no worse livelihood.
    """
    if not thresholds:
        met = losses[:, :, :, 1] < losses[:, :, :1, 1]
        if roles.people:
            met &= losses[:, :, :, 2] <= losses[:, :, :1, 2]
        return np.asarray(met)
    strange = [key for key in thresholds if key not in mixes.outcomes]
    if strange:
        raise StudyError(f"no outcome '{strange[0]}' is kept; there are "
                         f"{', '.join(mixes.outcomes)}")  # fmt: skip
    met = np.ones(losses.shape[:3], dtype=bool)
    for key, (sense, limit) in thresholds.items():
        values = means(mixes, [(key,)], weights)[..., 0]
        met &= values <= limit if sense == "most" else values >= limit
    return met


def order_of(found: Portfolio, places: Sequence[int]) -> list[int]:
    """Mixes from the cheapest to the dearest."""
    return sorted(places, key=lambda m: float(found.level[0, m, 0]))


__all__ = ["Ask", "Choice", "Portfolio", "chosen_by", "order_of", "portfolio"]
