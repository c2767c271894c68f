"""The life of an agreement: set up, operate, paid or not, suspended when the border closes.

    maturity(t+dt) = 1 - (1 - maturity) exp(-dt/set-up)     while in force
    maturity(t+dt) = maturity exp(-dt/decay)                 while suspended
    strength = intensity min(capacity) min(funding) maturity (0 while suspended)
    funding  = min(1, (share revenue commitment + reserves draw) / cost)

Costs are money: (yearly + set-up share (1 - maturity)) times intensity times the smaller town's
revenue, half on each side: a programme between villages is smaller than one between cities, and
prices follow incomes. An
agreement of intensity 0 has no cost and no effect, bit for bit. Agreements imposed by a study start
at their year; negotiated ones have no rule yet. The restraint protocol is between states and is not
suspended by a closed border. Money: million dollars of 2020; every figure is an assumption.
"""

from __future__ import annotations

from typing import Annotated, NamedTuple

import numpy as np

from sim._jit import kernel
from sim.declare import Par
from sim.state import Accord, Town
from sim.topology import Dyads, Municipalities
from sim.units import retention

ABSENT, SETTING_UP, OPERATING, SUSPENDED = 0, 1, 2, 3


class AgreementParameters(NamedTuple):
    """Money and time of agreements in general."""

    budget_share: Annotated[float, Par(
        "share", 0, 0.2, "Share of revenue a fully committed town can give to cooperation",
        "assumption: about what committed border towns put into joint programmes")] = 0.02
    reserve_share: Annotated[float, Par(
        "share", 0, 0.2, "Share of revenue saved in a quiet year", "assumption")] = 0.02
    reserve_cap: Annotated[float, Par(
        "ratio", 0, 2, "Largest reserves, in years of revenue", "assumption")] = 0.2
    decay_years: Annotated[float, Par(
        "years", 0.1, 20, "Time over which a suspended agreement is unlearnt",
        "assumption: staff turnover")] = 3.0


@kernel
def operate(
    dyads: Dyads, accord: Accord, closed: np.ndarray, asked: np.ndarray, from_year: np.ndarray,
    survives: np.ndarray, setup_years: np.ndarray, p: AgreementParameters, now: float, dt: float,
) -> None:
    """Phase and maturity of every agreement. ``closed`` [p]: border closed; ``asked`` [k, d]."""
    forget = retention(p.decay_years, dt)
    for k in range(asked.shape[0]):
        learn = retention(setup_years[k], dt)
        for d in range(asked.shape[1]):
            if asked[k, d] <= 0.0 or now < from_year[k]:
                continue
            accord.intensity[k, d] = asked[k, d]
            if closed[dyads.pair[d]] > now and survives[k] == 0:
                accord.phase[k, d] = SUSPENDED
                accord.maturity[k, d] *= forget
            else:
                accord.phase[k, d] = OPERATING if accord.maturity[k, d] > 0.5 else SETTING_UP
                accord.maturity[k, d] = 1.0 - (1.0 - accord.maturity[k, d]) * learn


@kernel
def costs(
    cost: np.ndarray, dyads: Dyads, accord: Accord, revenue: np.ndarray, yearly: np.ndarray,
    setup: np.ndarray,
) -> None:
    """What the agreements ask of every town, million dollars a year."""
    cost[:] = 0.0
    for k in range(yearly.size):
        for d in range(dyads.key.size):
            if accord.phase[k, d] != ABSENT:
                rate = yearly[k] + setup[k] * (1.0 - accord.maturity[k, d])
                base = min(revenue[dyads.first[d]], revenue[dyads.second[d]])
                half = 0.5 * accord.intensity[k, d] * rate * base
                cost[dyads.first[d]] += half
                cost[dyads.second[d]] += half


@kernel
def finance(
    municipality: Municipalities, town: Town, p: AgreementParameters, dt: float, counted: bool
) -> None:
    """Pay for agreements out of the committed share of revenue and of reserves."""
    for m in range(town.cost.size):
        revenue = municipality.revenue[m]
        free = p.budget_share * revenue * town.commitment[m]
        saved = town.reserves[m] + p.reserve_share * revenue * dt
        town.funding[m] = 1.0
        if town.cost[m] > 0.0:
            affordable = free + saved
            town.funding[m] = min(affordable / town.cost[m], 1.0)
            paid = town.cost[m] * town.funding[m]
            saved -= max(paid - free, 0.0) * dt
            if counted:
                town.spent[m] += paid * dt
        town.reserves[m] = min(max(saved, 0.0), p.reserve_cap * revenue)


@kernel
def strengths(dyads: Dyads, accord: Accord, capacity: np.ndarray, funding: np.ndarray) -> None:
    """Effective intensity of every agreement, read by the mechanisms in the next tick."""
    for k in range(accord.strength.shape[0]):
        for d in range(accord.strength.shape[1]):
            phase = accord.phase[k, d]
            if phase in (ABSENT, SUSPENDED):
                accord.strength[k, d] = 0.0
            else:
                a, b = dyads.first[d], dyads.second[d]
                able = min(capacity[a], capacity[b]) * min(funding[a], funding[b])
                accord.strength[k, d] = accord.intensity[k, d] * able * accord.maturity[k, d]
