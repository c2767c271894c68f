"""A town lives on what its people earn; upkeep is paid from what wages and agreements leave.

    income = revenue (1 - d damage)(1 - l (usual - living)) + received
    upkeep = clip((income - fixed revenue - paid - saved) / (share price revenue), 0, 1)
    paid   = min(own bill funding, given income commitment),            for agreements
    saved  = put aside income,  while reserves are below their cap

living, usual: mean livelihood, and that which people came to expect (rule relative_deprivation).
Declared revenue is that of a usual year, in rich places and in poor ones: it falls with damage (d)
and with a living below the usual (l), and rises above it. fixed: wages and running costs; received:
what towns downstream paid for the care of water in the tick before; share: what full upkeep costs;
all relative to the declared revenue. price: of upkeep that is bought and done with others, against
alone (channel). Agreements take what the town gives them out of this year's income (``given``: the
rule of agreements); what reserves and others pay costs no upkeep, but reserves are saved from
income (``put aside`` and cap: the same rule). What is not paid is deferred: works age faster than
they are kept up. Source: deferred maintenance is the usual first victim of a budget gap (World Bank
1994, *World Development Report*: infrastructure); figures: assumption. Limits: no debt; what is
left after full upkeep buys nothing in the model; a lasting decline is made up by the capital as
fast as expectations follow it.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.declare import Par
from sim.rules.agreements import AgreementParameters
from sim.state import Town


class BudgetParameters(NamedTuple):
    """Revenue and its first claims."""

    damage: Annotated[float, Par(
        "share", 0, 1, "Revenue lost when everything is damaged",
        "assumption: half comes from property and trade, half from the capital")] = 0.5
    livelihood: Annotated[float, Par(
        "share", 0, 0.6, "Revenue lost when people who lived in full lose their whole living",
        "assumption: half comes from local incomes, half from the capital")] = 0.5
    fixed: Annotated[float, Par(
        "share", 0, 1, "Wages and running costs, of revenue",
        "assumption: most of a municipal budget is committed")] = 0.8
    upkeep: Annotated[float, Par(
        "share", 0.01, 0.5, "Full upkeep of works, of revenue",
        "assumption: a fortieth of the value of works a year")] = 0.12


@scalar
def income_of(
    revenue: float, damage: float, shortfall: float, by_damage: float, by_living: float
) -> float:
    """Revenue of a town, a year; ``shortfall``: usual less present livelihood, -1..1.5."""
    return revenue * (1.0 - by_damage * damage) * (1.0 - by_living * shortfall)


@kernel
def mean_living(
    out: np.ndarray, start: np.ndarray, weight: np.ndarray, livelihood: np.ndarray
) -> None:
    """Mean livelihood, had or expected, of every town's people."""
    for m in range(out.size):
        living, mass = 0.0, 0.0
        for g in range(start[m], start[m + 1]):
            living += weight[g] * livelihood[g]
            mass += weight[g]
        out[m] = living / mass if mass > 0.0 else 1.0


@kernel
def budget(
    town: Town, revenue: np.ndarray, living: np.ndarray, usual: np.ndarray,
    price: np.ndarray, given: AgreementParameters, p: BudgetParameters,
) -> None:
    """Income of every town and the share of upkeep that it pays."""
    income, upkeep, damage, reserves = town.income, town.upkeep, town.damage, town.reserves
    cost, funding, commitment = town.cost, town.funding, town.commitment
    received = town.received
    for m in range(revenue.size):
        shortfall = usual[m] - living[m]
        income[m] = income_of(revenue[m], damage[m], shortfall, p.damage, p.livelihood)
        income[m] += received[m]
        paid = min(cost[m] * funding[m], given.budget_share * income[m] * commitment[m])
        below = reserves[m] < given.reserve_cap * revenue[m]
        saved = given.reserve_share * income[m] if below else 0.0
        left = income[m] - p.fixed * revenue[m] - paid - saved
        full = p.upkeep * price[m] * revenue[m]
        upkeep[m] = min(max(left / full, 0.0), 1.0) if full > 0.0 else 1.0
