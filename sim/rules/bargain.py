"""What an agreement seems worth to two towns, and the deal that they would strike.

    gain_s = min(1, sum over problems of relevance lived_s),  problems: lived ones and distrust
    worth:   B_s = w gain_s revenue_s (2x - x^2)  of an intensity x,  B = B_a + B_b at x = 1
    price:   C x,  C = (yearly + set-up years set-up / term) base (1 - matched)
    intensity: x = 1 - C / (2 B), where the marginal worth of both meets the price; none if below 0
    share of a: B_a / B

The intensity maximises what both gain, B x^2, and each side pays by what it gains: at these prices
both want the same intensity (Lindahl 1919), and both gain in the same proportion. An upstream town
that is never short gains little from sharing water; it agrees because the other pays, up to the
whole cost. Where the side downstream pays the side upstream by the nature of the agreement, only
what the payer gains counts, and it bears the whole price. While an agreement runs, part of what it
is believed to prevent counts as lived through (``credit``). Source: Lindahl shares as the solution
of bargaining over a common good; cooperation that follows benefits and droughts felt: Lu et al.
2021; figures: assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.schedule import Schedule
from sim.state import State, Town
from sim.topology import Topology


class Deal(NamedTuple):
    """What two towns would agree on."""

    intensity: float  # 0 when nothing is worth its price
    share: float  # of the cost that the first town pays
    surplus: float  # million dollars a year that both gain
    price: float  # million dollars a year at that intensity


class BargainParameters(NamedTuple):
    """Value of agreements to towns."""

    worth: Annotated[float, Par(
        "share", 0, 0.5, "Revenue that a town would give a year to be rid of its problems",
        "assumption: about what a fully committed town can give to cooperation")] = 0.02
    credit: Annotated[float, Par(
        "share", 0, 1, "What a running agreement is believed to prevent",
        "assumption: what does not happen is seldom noticed")] = 0.3
    term_years: Annotated[float, Par(
        "years", 0.5, 50, "Term of an agreement",
        "seven years: programming period of Interreg")] = 7.0


@scalar
def gain(
    town: Town, m: int, distrust: float, weight: np.ndarray, believed: float, credit: float
) -> float:
    """Share of its problems that an agreement would take from a town. ``weight`` [problem]."""
    felt = (weight[0] * town.lived_water[m] + weight[1] * town.lived_hazard[m]
            + weight[2] * town.lived_conflict[m] + weight[3] * town.lived_livelihood[m]
            + weight[4] * town.lived_money[m] + weight[5] * distrust)
    felt = min(felt, 1.0)
    return felt + (1.0 - felt) * credit * believed


@scalar
def struck(worth_first: float, worth_second: float, price: float) -> tuple[float, float]:
    """Intensity and the first side's share of the cost; worths and price at full intensity."""
    worth = worth_first + worth_second
    if worth <= 0.0:
        return 0.0, 0.5
    return max(1.0 - price / (2.0 * worth), 0.0), worth_first / worth


@kernel
def prospect(
    topology: Topology, s: State, plan: Schedule, p: BargainParameters, k: int, d: int
) -> Deal:
    """The deal that the partners of a dyad would strike now over one mechanism."""
    dyads, revenue, town = topology.dyad, topology.municipality.revenue, s.municipality
    a, b = dyads.first[d], dyads.second[d]
    weight, believed = plan.relevance[k], s.accord.strength[k, d]
    first = gain(town, a, 1.0 - s.dyad.trust_first[d], weight, believed, p.credit)
    second = gain(town, b, 1.0 - s.dyad.trust_second[d], weight, believed, p.credit)
    rate = plan.cost[k] + plan.setup_cost[k] * plan.setup_years[k] / p.term_years
    base = min(revenue[a], revenue[b]) * s.channel.legal[d]
    price = rate * base * (1.0 - s.channel.matched[d])
    worth_first, worth_second = p.worth * first * revenue[a], p.worth * second * revenue[b]
    if plan.paid[k] == 1 and dyads.below[d] > 0:
        worth_second = 0.0
    elif plan.paid[k] == 1 and dyads.below[d] < 0:
        worth_first = 0.0
    x, share = struck(worth_first, worth_second, price)
    surplus = (worth_first + worth_second) * x * (2.0 - x) - price * x
    return Deal(x, share, surplus, price * x)
