"""What the other side delivers, how well a rule still fits, and reviews that revise it.

    delivered(r+1) = D + (delivered - D) exp(-round/tau),   D = tied + (1 - tied) kept
    kept = (mean trust + lower legitimacy) / 2;   of the side upstream where the other pays it
    fit = 1 - rigidity |fair share now - fair share when it was fitted|     conditional agreements
    fit(r+1) = fit exp(-round/ageing)                                       every other one
    a review comes with rate r learning (1 - lock-in) per year: it fits the agreement to the present

Only agreements whose worth is a promise of the other side depend on what is delivered. Those that
answer given conditions fit as far as these still hold; all others age slowly, since staff, prices,
techniques and partners change, until a review or their renewal. Learning and lock-in thus reach
every agreement in force, their own among them. Money released for performance stands in for
trust. Source: specific *and* flexible allocation goes with cooperation (Dinar et al. 2015); in
payments for environmental services compliance is seldom watched and breach seldom punished (Wunder
et al. 2018); rates: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.accord import Accord
from sim.declare import Par
from sim.rules.agreements import in_force
from sim.rules.lived import ROUND
from sim.schedule import Schedule
from sim.state import Channels, Link
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import Dyads
from sim.units import probability, retention

REVIEW = int(Purpose.REVIEW)


class ReviewParameters(NamedTuple):
    """Delivery, fit and reviews."""

    delivery_years: Annotated[float, Par(
        "years", 0.1, 10, "Time over which delivery follows trust",
        "assumption: a year, so that one season of use shows it")] = 1.0
    rigidity: Annotated[float, Par(
        "ratio", 0, 2, "Fit lost per change of the fair share",
        "assumption: a rule made for plenty is worth a third in full scarcity")] = 0.7
    ageing_years: Annotated[float, Par(
        "years", 5, 1000, "Time over which an agreement that is never revised outlives its fit",
        "assumption: it loses a fifth of its worth in a decade")] = 50.0
    rate: Annotated[float, Par(
        "1/year", 0, 5, "Reviews that fit an agreement to the present",
        "assumption: once in five years; treaties are amended about that often")] = 0.2


@scalar
def promise_kept(
    below: int, trust_first: float, trust_second: float, first: float, second: float
) -> float:
    """Share of a promise that is kept: by the side upstream of the other, or by the worse of both.

    ``below``: 1 where the first side lies downstream and the second delivers, -1 the other way
    round, 0 neither; ``first``, ``second``: legitimacy of the two towns.
    """
    if below > 0:
        return 0.5 * (trust_second + second)
    if below < 0:
        return 0.5 * (trust_first + first)
    return 0.5 * (0.5 * (trust_first + trust_second) + min(first, second))


@kernel
def deliver(
    accord: Accord, dyads: Dyads, link: Link, legitimacy: np.ndarray, tied: np.ndarray,
    plan: Schedule, p: ReviewParameters,
) -> None:
    """Delivery of one round, for agreements that are a promise of the other side."""
    keep = retention(p.delivery_years, ROUND)
    for k in range(plan.promised.size):
        if plan.promised[k] == 0:
            continue
        for d in range(tied.size):
            if in_force(accord.phase[k, d]):
                first, second = legitimacy[dyads.first[d]], legitimacy[dyads.second[d]]
                below = np.int64(dyads.below[d]) if plan.paid[k] == 1 else np.int64(0)
                kept = promise_kept(below, link.trust_first[d], link.trust_second[d], first, second)
                target = tied[d] + (1.0 - tied[d]) * kept
                accord.delivered[k, d] = target + (accord.delivered[k, d] - target) * keep


@kernel
def review(
    accord: Accord, dyads: Dyads, channel: Channels, fair: np.ndarray, plan: Schedule,
    p: ReviewParameters, seed: int, turn: int,
) -> None:
    """Reviews and fit of one round, for everything in force."""
    phase, basis, fit, basin = accord.phase, accord.basis, accord.fit, dyads.basin
    learning, lock_in = channel.learning, channel.lock_in
    keep = retention(p.ageing_years, ROUND)
    for k in range(plan.conditional.size):
        conditional = plan.conditional[k] == 1
        for d in range(dyads.key.size):
            if not in_force(phase[k, d]):
                continue
            rate = p.rate * learning[d] * (1.0 - lock_in[d])
            u, _ = pair_of_uniforms(seed, REVIEW, dyads.key[d] ^ plan.key[k], turn, 0)
            revised = u < probability(rate, ROUND)
            if conditional:
                now = fair[basin[d]]
                if revised:
                    basis[k, d] = now
                fit[k, d] = max(1.0 - p.rigidity * abs(now - basis[k, d]), 0.0)
            else:
                fit[k, d] = 1.0 if revised else fit[k, d] * keep
