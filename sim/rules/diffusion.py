"""Neighbours look at each other: what works is copied, what lapses takes others with it.

    worked = mean strength of the same agreement on dyads that share a town
    failed = share of those dyads on which it lapsed lately (until it may be proposed again)

Both are read by the rules of negotiation and of renewal. Source: US cities adopted rules on smoking
by learning from earlier adopters, besides competition with near cities, imitation of larger ones
and coercion (Shipan & Volden 2008); that giving up spreads as well: assumption.
"""

from __future__ import annotations

import numpy as np

from sim._jit import kernel
from sim.rules.agreements import LAPSED
from sim.topology import Dyads, Municipalities


@kernel
def neighbours(
    worked: np.ndarray, failed: np.ndarray, strength: np.ndarray, phase: np.ndarray,
    municipality: Municipalities, dyads: Dyads, work: tuple[np.ndarray, np.ndarray],
) -> None:
    """Both for every dyad and one mechanism (``strength``, ``phase`` [d]); ``work``: two [m]."""
    strong, lost = work
    start, member = municipality.dyad_start, municipality.dyad
    for m in range(strong.size):
        strong[m] = 0.0
        lost[m] = 0.0
        for n in range(start[m], start[m + 1]):
            strong[m] += strength[member[n]]
            lost[m] += 1.0 if phase[member[n]] == LAPSED else 0.0
    for d in range(worked.size):
        a, b = dyads.first[d], dyads.second[d]
        count = start[a + 1] - start[a] + start[b + 1] - start[b] - 2
        worked[d] = 0.0
        failed[d] = 0.0
        if count > 0:
            own = 2.0 if phase[d] == LAPSED else 0.0
            others = strong[a] + strong[b] - 2.0 * strength[d]
            worked[d] = min(max(others / count, 0.0), 1.0)
            failed[d] = (lost[a] + lost[b] - own) / count
