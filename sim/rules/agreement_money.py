"""What agreements cost, who pays, and what leaks.

    bill of a  = sum over its agreements of share_a intensity (yearly + set-up (1 - maturity)) base
    base       = smaller town's revenue times legal;  suspended: a part of yearly, no set-up
    outside    = 1 - (1 - matched)(1 - fund),   times 1 - tied bad     (released for performance)
    fund       = match poor (1 + hit)/2 terms,  scaled to what the fund has
    funding    = min(1, (share revenue commitment + reserves draw) / own bill)
    leak       = base (1 - capacity)(1 + a spoilers) leakage,  smoothed into ``leaked``
    received   = passed on share intensity yearly base funding (1 - leaked), from downstream
    money      = ((1 - pooled) min funding + pooled mean funding)(1 - mean leaked)

A programme between villages is smaller than one between cities, and prices follow incomes. Reserves
can be drawn down within a year. Development and climate funds are finite, prefer poor and
hazard-hit pairs of towns, and give nothing where money leaks beyond what their terms allow. Money
tied to performance is withheld in bad years (damage or shortage), when towns can least replace it.
Where downstream pays by the nature of the agreement, part of what it pays every year, from its own
or from outside money, is income of the town upstream in the next tick; nothing while suspended.
Leaked money buys nothing. Spoilers are those who profit from closure or opaque procurement. Money:
million dollars of 2020. Source: none for the figures; aid varies more than the revenue of those who
get it, and shortfalls of both tend to coincide (Bulir & Hamann 2003, of states).
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel, scalar
from sim.accord import Accord
from sim.declare import Par
from sim.elementary import log
from sim.rules.agreements import SUSPENDED, AgreementParameters, in_force
from sim.schedule import Schedule
from sim.state import Channels, Link, Town
from sim.streams import Purpose, pair_of_uniforms
from sim.topology import Dyads, Municipalities, Topology
from sim.units import retention

SPOILER = int(Purpose.SPOILER)


class MoneyParameters(NamedTuple):
    """Leaks, spoilers, outside money."""

    suspended_cost: Annotated[float, Par(
        "share", 0, 1, "Part of the yearly cost that goes on while suspended",
        "assumption: staff and rents are kept, programmes are not")] = 0.5
    leak: Annotated[float, Par(
        "share", 0, 1, "Money that leaks from a town without capacity",
        "assumption: a fifth; capacity of one half then loses a tenth")] = 0.2
    spoiler_mean: Annotated[float, Par(
        "share", 0, 1, "Mean strength of those who profit from closure or opacity",
        "assumption: weak on most pairs of towns, strong on a few (exponential)")] = 0.2
    spoiler_leak: Annotated[float, Par(
        "ratio", 0, 10, "Rise of leaks with spoilers at full strength",
        "assumption: doubled at full strength, a fifth more on the mean pair (0.2)")] = 1.0
    leak_years: Annotated[float, Par(
        "years", 0.1, 10, "Time over which leaks follow their causes",
        "assumption: a budget year")] = 1.0
    match: Annotated[float, Par(
        "share", 0, 1, "Cost that funds would pay for the poorest, hardest-hit towns",
        "assumption: below the 50-85 % that Interreg pays, since most borders have no such "
        "programme")] = 0.3
    fund_share: Annotated[float, Par(
        "share", 0, 0.1, "Yearly money of the funds, as a share of all towns' revenue",
        "assumption: a twentieth of what committed towns give; short of a full package")] = 0.001
    poor_revenue: Annotated[float, Par(
        "dollars/person", 1, 10000, "Revenue per person at which poverty counts half",
        "assumption: dollars of 2020, about a middle-income municipality")] = 200.0
    passed_on: Annotated[float, Par(
        "share", 0, 1, "Yearly cost of what downstream pays for that upstream towns receive",
        "assumption: half is paid out, half is planting, wetlands and inspection")] = 0.5
    tolerance: Annotated[float, Par(
        "share", 0.01, 1, "Leaked share at which funds pay nothing",
        "assumption: half above a leak without capacity (0.2); a tenth leaked costs a third")] = 0.3


@kernel
def draw_spoilers(
    topology: Topology, link: Link, town: Town, p: MoneyParameters, seed: int
) -> None:
    """Strength of spoilers on every dyad, exponential and at most 1, and around every town."""
    dyads, start = topology.dyad, topology.municipality.dyad_start
    for d in range(dyads.key.size):
        u, _ = pair_of_uniforms(seed, SPOILER, dyads.key[d], 0, 0)
        link.spoiler[d] = min(-p.spoiler_mean * log(u), 1.0)
    for m in range(town.spoiled.size):
        total, mass = 0.0, 0.0
        for n in range(start[m], start[m + 1]):
            d = topology.municipality.dyad[n]
            total += dyads.weight[d] * link.spoiler[d]
            mass += dyads.weight[d]
        town.spoiled[m] = total / mass if mass > 0.0 else 0.0


@kernel
def bills(
    bill: tuple[np.ndarray, ...], accord: Accord, plan: Schedule, p: MoneyParameters
) -> None:
    """Cost of every dyad's agreements to its two towns, and set-up alone; shares of the base.

    ``bill``: arrays [d] for the first town, the second town, and the set-up part of both.
    """
    first, second, setup = bill
    phase, maturity, intensity, share = (
        accord.phase, accord.maturity, accord.intensity, accord.share)
    first[:] = 0.0
    second[:] = 0.0
    setup[:] = 0.0
    for k in range(phase.shape[0]):
        yearly, more = plan.cost[k], plan.setup_cost[k]
        for d in range(phase.shape[1]):
            if not in_force(phase[k, d]):
                continue
            extra = 0.0
            rate = yearly * p.suspended_cost
            if phase[k, d] != SUSPENDED:
                extra = intensity[k, d] * more * (1.0 - maturity[k, d])
                rate = yearly
            total = intensity[k, d] * rate + extra
            first[d] += share[k, d] * total
            second[d] += (1.0 - share[k, d]) * total
            setup[d] += extra


@scalar
def willing(
    revenue_per_person: float, hit: float, leaked: float, p: MoneyParameters
) -> float:
    """Share of a pair's cost that funds would pay if they had the money."""
    poor = p.poor_revenue / (p.poor_revenue + revenue_per_person)
    terms = max(1.0 - leaked / p.tolerance, 0.0)
    return p.match * poor * 0.5 * (1.0 + hit) * terms


@kernel
def outside_money(
    outside: np.ndarray, bill: tuple[np.ndarray, ...], topology: Topology, town: Town,
    channel: Channels, fair: np.ndarray, p: MoneyParameters,
) -> None:
    """Share of every dyad's cost that outside money pays; the bills become money (per year).

    ``fair`` [b]: fair share of each resource system; a shortage is a bad year.
    """
    first, second, setup = bill
    dyads, towns = topology.dyad, topology.municipality
    wanted, pot = 0.0, 0.0
    for m in range(towns.revenue.size):
        pot += p.fund_share * towns.revenue[m]
    for d in range(outside.size):
        outside[d] = 0.0
        if first[d] + second[d] <= 0.0:
            continue
        a, b = dyads.first[d], dyads.second[d]
        base = min(towns.revenue[a], towns.revenue[b]) * channel.legal[d]
        first[d] *= base
        second[d] *= base
        setup[d] *= base
        poorer = min(towns.revenue[a] / towns.population[a], towns.revenue[b] / towns.population[b])
        hit = max(town.lived_hazard[a], town.lived_hazard[b])
        outside[d] = willing(1e6 * poorer, hit, max(town.leaked[a], town.leaked[b]), p)
        wanted += outside[d] * (first[d] + second[d])
    scale = min(pot / wanted, 1.0) if wanted > 0.0 else 0.0
    for d in range(outside.size):
        if first[d] + second[d] <= 0.0:
            continue
        damage = max(town.damage[dyads.first[d]], town.damage[dyads.second[d]])
        bad = max(damage, 1.0 - fair[dyads.basin[d]])
        paid = 1.0 - (1.0 - channel.matched[d]) * (1.0 - outside[d] * scale)
        outside[d] = paid * (1.0 - channel.tied[d] * bad)


@kernel
def charge(
    town: Town, dyads: Dyads, bill: tuple[np.ndarray, ...], outside: np.ndarray
) -> None:
    """Sum the bills of every town: its own, the set-up part of it, and what others pay for it."""
    first, second, setup = bill
    town.cost[:] = 0.0
    town.setup[:] = 0.0
    town.aid[:] = 0.0
    for d in range(outside.size):
        total = first[d] + second[d]
        if total <= 0.0:
            continue
        a, b = dyads.first[d], dyads.second[d]
        new = setup[d] / total
        own_first, own_second = first[d] * (1.0 - outside[d]), second[d] * (1.0 - outside[d])
        town.cost[a] += own_first
        town.cost[b] += own_second
        town.setup[a] += own_first * new
        town.setup[b] += own_second * new
        town.aid[a] += first[d] * outside[d]
        town.aid[b] += second[d] * outside[d]


@kernel
def finance(
    municipality: Municipalities, town: Town, p: AgreementParameters, dt: float, counted: bool
) -> None:
    """Pay for agreements out of the committed share of revenue and of reserves."""
    cost, funding, reserves = town.cost, town.funding, town.reserves
    commitment, income = town.commitment, town.income
    for m in range(cost.size):
        revenue = income[m]
        free = p.budget_share * revenue * commitment[m]
        saved = reserves[m] + p.reserve_share * revenue * dt
        funding[m] = 1.0
        if cost[m] > 0.0:
            affordable = free + saved
            funding[m] = min(affordable / cost[m], 1.0)
            paid = cost[m] * funding[m]
            saved -= max(paid - free, 0.0) * dt
            if counted:
                town.spent[m] += paid * dt
                town.spent_setup[m] += town.setup[m] * funding[m] * dt
        if counted:
            matched = town.aid[m] * funding[m]
            town.matched_money[m] += matched * dt
            town.leaked_money[m] += town.leaked[m] * (cost[m] * funding[m] + matched) * dt
        reserves[m] = min(max(saved, 0.0), p.reserve_cap * municipality.revenue[m])


@kernel
def pass_on(
    topology: Topology, town: Town, legal: np.ndarray, accord: Accord, plan: Schedule,
    p: MoneyParameters,
) -> None:
    """What towns upstream receive: part of what is paid for their care of the water, less leaks."""
    dyads, revenue, received = topology.dyad, topology.municipality.revenue, town.received
    received[:] = 0.0
    for k in range(plan.paid.size):
        if plan.paid[k] == 0:
            continue
        for d in range(legal.size):
            phase, below = accord.phase[k, d], dyads.below[d]
            if below == 0 or phase == SUSPENDED or not in_force(phase):
                continue
            a, b = dyads.first[d], dyads.second[d]
            payer, payee, share = a, b, accord.share[k, d]
            if below < 0:
                payer, payee, share = b, a, 1.0 - share
            bill = share * accord.intensity[k, d] * plan.cost[k]
            bill *= min(revenue[a], revenue[b]) * legal[d]
            honest = 1.0 - town.leaked[payer]
            received[payee] += p.passed_on * bill * town.funding[payer] * honest


@kernel
def leaks(
    town: Town, leakage: np.ndarray, p: MoneyParameters, dt: float
) -> None:
    """Share of agreements' money that leaks, smoothed; none where there is none to leak."""
    keep = retention(p.leak_years, dt)
    for m in range(leakage.size):
        target = 0.0
        if town.cost[m] + town.aid[m] > 0.0:
            opaque = (1.0 - town.capacity[m]) * (1.0 + p.spoiler_leak * town.spoiled[m])
            target = min(p.leak * leakage[m] * opaque, 1.0)
        town.leaked[m] = target + (town.leaked[m] - target) * keep


@kernel
def ability(
    able: np.ndarray, dyads: Dyads, town: Town, pooled: np.ndarray
) -> None:
    """What capacity and money of its towns let a dyad's agreements do, 0 to 1."""
    capacity, funding, leaked = town.capacity, town.funding, town.leaked
    first, second = dyads.first, dyads.second
    for d in range(able.size):
        a, b = first[d], second[d]
        least, mean = min(funding[a], funding[b]), 0.5 * (funding[a] + funding[b])
        money = (1.0 - pooled[d]) * least + pooled[d] * mean
        honest = 1.0 - 0.5 * (leaked[a] + leaked[b])
        able[d] = min(capacity[a], capacity[b]) * money * honest
