"""Shapley shares: what each mechanism contributes to its package, averaged over orders of joining.

The share of mechanism i of a package N is its mean contribution over all orders in which the
mechanisms may join, with the mechanisms before it in place::

    phi_i = mean over orders of  v(before_i and i) - v(before_i)

where v(S) is the mean outcome under the arm S. The shares add up to v(N) - v(none), a mechanism
that changes nothing gets zero, and two that always do the same get the same. Orders are sampled:
each drawn one is followed by its reverse (antithetic), so that a mechanism that joins early in the
one joins late in the other. Where the package is so small that all 2^n arms cost no more than the
orders would, all are taken and the share is exact.

Orders are sorted hashes of (seed, number, name): the same on every machine and version, and more
of them keep the ones there were, so that a study can grow.

Uncertainty: v is measured with the same seeds in every arm; orders and seeds are both samples. With
V_S the variance of the share over seeds and V_P that over P pairs of orders (`analysis.crossed`)::

    share -+ sqrt(t(S - 1)^2 V_S + t(P - 1)^2 V_P)

each with Student's quantile of its own degrees of freedom, so that few orders widen it. What both
count is not taken off, which errs to the wide side. One pair has no spread and no interval;
under eight pairs nothing is claimed, as an interaction that few orders show may be in none of them
(planted games with an interaction of three among seven: 66, 83, 88, 92 % of 95 % intervals of its
first partner cover with 2, 4, 6, 8 pairs; test_attribution.py).

Sources: Castro, Gomez & Tejada (2009), doi:10.1016/j.cor.2008.04.004 (sampling of orders);
Mitchell et al. (2022), jmlr.org/papers/v23/21-0439 (antithetic orders).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.crossed import Design, Estimate, influence
from analysis.intervals import LEVEL

FEWEST_ORDERS = 16
Floats = NDArray[np.float64]
Members = frozenset[str]
NONE: Members = frozenset()


class Shares(NamedTuple):
    """Contributions [player, pair of orders, seed]; ``exact``: there was nothing to sample.

    ``there`` [seed]: which of all seeds the contributions are of.
    """

    players: tuple[str, ...]
    contributions: Floats
    exact: bool
    there: NDArray[np.bool_]

    @property
    def orders(self) -> int:
        """Orders that were drawn; 0 when exact."""
        return 0 if self.exact else 2 * self.contributions.shape[1]

    @property
    def design(self) -> Design:
        """Pairs of orders are a sample, unless all arms are there."""
        return Design(np.arange(self.contributions.shape[1]), not self.exact)

    @property
    def too_few(self) -> str:
        """Why nothing is said of shares from so few orders; empty where there are enough."""
        if self.exact or self.orders >= FEWEST_ORDERS:
            return ""
        return f"orders: not enough, permutations={FEWEST_ORDERS} needed ({self.orders} are there)"

    def estimate(self, player: int) -> Estimate:
        """Share of one player with an interval over orders and seeds; see the equations.

        Where every seed has the same no interval is given: the luck is not known.
        """
        values = self.contributions[player]
        pairs, seeds = values.shape
        if values.size == 0:
            return Estimate(0, math.nan, math.nan, math.nan)
        of_seeds, of_orders = (math.sqrt(one) for one in self.variances(player))
        of_orders *= 1.0 if self.exact else _quantile(pairs - 1)
        half = math.hypot(_quantile(seeds - 1) * of_seeds, of_orders) if of_seeds else math.nan
        mean = float(values.mean())
        return Estimate(values.size, mean, mean - half, mean + half)

    def variances(self, player: int) -> tuple[float, float]:
        """Variance of a share over seeds, and over pairs of orders; NaN where there is one."""
        e = influence(self.contributions[player])
        return _between(e.sum(axis=0)), 0.0 if self.exact else _between(e.sum(axis=1))

    def order_error(self, player: int) -> float:
        """Standard error from the sampling of orders alone, given these seeds; 0 when exact."""
        return math.sqrt(self.variances(player)[1])

    def orders_needed(self, player: int) -> int:
        """Orders with which they err no more than the seeds do; 0 where they do not."""
        of_seeds, of_orders = self.variances(player)
        if self.exact:
            return 0
        if not of_orders > of_seeds > 0.0:
            return FEWEST_ORDERS if self.orders < FEWEST_ORDERS else 0
        return max(FEWEST_ORDERS, 2 * math.ceil(self.orders / 2 * of_orders / of_seeds))


def order(players: Sequence[str], number: int, seed: int) -> tuple[str, ...]:
    """One order of joining; an odd one is the reverse of the one before."""
    drawn = sorted(players, key=lambda name: _hash(seed, number // 2, name))
    return tuple(drawn[::-1] if number % 2 else drawn)


def all_are_cheaper(players: int, orders: int) -> bool:
    """True where all subsets are no more arms than so many orders may need."""
    return 2.0**players <= orders * (players - 1) + 2


def subsets(players: Sequence[str]) -> list[Members]:
    """All subsets, small ones first."""
    return [frozenset(chosen) for size in range(len(players) + 1)
            for chosen in combinations(players, size)]  # fmt: skip


def steps(joining: Sequence[str]) -> list[Members]:
    """Who is there after each step of an order, from nobody to everybody."""
    return [frozenset(joining[:size]) for size in range(len(joining) + 1)]


def needed(players: Sequence[str], orders: int, seed: int) -> list[Members]:
    """The bundles that the shares need, each once, in the order of their first use."""
    if all_are_cheaper(len(players), orders):
        return subsets(players)
    found = (one for k in range(orders) for one in steps(order(players, k, seed)))
    return list(dict.fromkeys(found))


def orders_held(players: Sequence[str], held: set[Members], seed: int, most: int) -> int:
    """How many orders, in whole pairs from the first on, have every bundle in ``held``."""
    for pair in range(most // 2):
        both = steps(order(players, 2 * pair, seed)) + steps(order(players, 2 * pair + 1, seed))
        if not held.issuperset(both):
            return 2 * pair
    return most // 2 * 2


def shares(
    players: Sequence[str], values: Mapping[Members, Floats], orders: int, seed: int
) -> Shares | None:
    """Shares from the outcomes [seed] of every bundle; None where bundles are missing.

    ``orders``: how many were asked for; fewer are used where fewer are held. Seeds without a value
    in any bundle that is used drop out, so that the shares add up exactly.
    """
    if not players:
        return None
    if len(values) >= 2.0 ** len(players) and values.keys() >= set(subsets(players)):
        return _exact(players, values)
    held = orders_held(players, set(values), seed, orders)
    return sampled(players, values, held, seed) if held else None


def sampled(
    players: Sequence[str], values: Mapping[Members, Floats], orders: int, seed: int
) -> Shares:
    """Shares from so many orders, all of whose bundles are held."""
    used = {one for k in range(orders) for one in steps(order(players, k, seed))}
    there = complete(values, used)
    found = np.zeros((len(players), orders // 2, int(there.sum())))
    place = {name: i for i, name in enumerate(players)}
    for k in range(orders):
        joining = order(players, k, seed)
        before = values[NONE][there]
        for name, after in zip(joining, steps(joining)[1:], strict=True):
            now = values[after][there]
            found[place[name], k // 2] += 0.5 * (now - before)
            before = now
    return Shares(tuple(players), found, exact=False, there=there)


def complete(values: Mapping[Members, Floats], used: set[Members]) -> NDArray[np.bool_]:
    """Seeds that have a value in every bundle that is used."""
    missing = np.zeros(next(iter(values.values())).shape, dtype=bool)
    for one in used:
        missing |= np.isnan(values[one])
    return ~missing


def _exact(players: Sequence[str], values: Mapping[Members, Floats]) -> Shares:
    """All subsets S without i, weighted by |S|! (n - |S| - 1)! / n!."""
    n = len(players)
    there = complete(values, set(subsets(players)))
    found = np.zeros((n, 1, int(there.sum())))
    for i, name in enumerate(players):
        others = [one for one in players if one != name]
        for chosen in subsets(others):
            weight = 1.0 / (n * math.comb(n - 1, len(chosen)))
            gain = values[chosen | {name}][there] - values[chosen][there]
            found[i, 0] += weight * gain
    return Shares(tuple(players), found, exact=True, there=there)


def _between(sums: Floats) -> float:
    """Variance of a sum of influences over independent units; NaN with one."""
    n = sums.size
    return float((sums**2).sum()) * n / (n - 1) if n > 1 else math.nan


def _quantile(degrees: int) -> float:
    """Student's quantile, NaN without a degree of freedom."""
    from scipy.stats import t

    return float(t.ppf(0.5 + LEVEL / 2, degrees)) if degrees > 0 else math.nan


def _hash(seed: int, pair: int, name: str) -> bytes:
    return hashlib.sha256(f"{seed}/{pair}/{name}".encode()).digest()
