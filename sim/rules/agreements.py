"""The life of an agreement: set up, operate, paid or not, suspended when the border closes.

    maturity(t+dt) = 1 - (1 - maturity) exp(-dt/set-up)     while in force
    maturity(t+dt) = maturity exp(-dt/decay)                 while suspended
    strength = intensity min(capacity) min(funding) maturity (0 while suspended)
    funding  = min(1, (share revenue commitment + reserves draw) / cost)

Costs are money: (yearly + set-up share (1 - maturity)) times intensity times the smaller town's
revenue, half on each side: a programme between villages is smaller than one between cities, and
prices follow incomes. Reserves can be drawn down within a year. An agreement of intensity 0 has no
cost and no effect, bit for bit. Agreements imposed by a study start at their year; negotiated ones
have no rule yet. The restraint protocol is between states and is not suspended by a closed border.
Money: million dollars of 2020. Source: none; form and figures are assumptions.
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
        "share", 0, 0.2, "Share of revenue put aside every year", "assumption")] = 0.005
    reserve_cap: Annotated[float, Par(
        "ratio", 0, 2, "Largest reserves, in years of revenue", "assumption")] = 0.03
    decay_years: Annotated[float, Par(
        "years", 0.1, 20, "Time over which a suspended agreement is unlearnt",
        "assumption: staff turnover")] = 3.0


@kernel
def operate(
    dyads: Dyads, accord: Accord, closed: np.ndarray, asked: np.ndarray, from_year: np.ndarray,
    survives: np.ndarray, setup_years: np.ndarray, p: AgreementParameters, now: float, dt: float,
) -> None:
    """Phase and maturity of every agreement. ``closed`` [p]: border closed; ``asked`` [k, d]."""
    phase, maturity, intensity, pair = accord.phase, accord.maturity, accord.intensity, dyads.pair
    forget = retention(p.decay_years, dt)
    for k in range(asked.shape[0]):
        learn = retention(setup_years[k], dt)
        for d in range(asked.shape[1]):
            if asked[k, d] <= 0.0 or now < from_year[k]:
                continue
            intensity[k, d] = asked[k, d]
            if closed[pair[d]] > now and survives[k] == 0:
                phase[k, d] = SUSPENDED
                maturity[k, d] *= forget
            else:
                phase[k, d] = OPERATING if maturity[k, d] > 0.5 else SETTING_UP
                maturity[k, d] = 1.0 - (1.0 - maturity[k, d]) * learn


@kernel
def note_operating(
    log: np.ndarray, first: int, last: int, start: np.ndarray, member: np.ndarray,
    phase: np.ndarray,
) -> None:
    """Write into new acts which mechanisms operate on their dyad, or on any dyad of their pair."""
    if first == last:
        return
    known = np.full(start.size, -1)  # a pair's mask is made once per tick, when an act asks for it
    for row in range(first, last):
        d, i = log[row].dyad, log[row].pair
        mask = 0
        if d >= 0:
            for k in range(phase.shape[0]):
                mask |= (1 << k) if phase[k, d] == OPERATING else 0
        elif known[i] >= 0:
            mask = known[i]
        else:
            for k in range(phase.shape[0]):
                for n in range(start[i], start[i + 1]):
                    if phase[k, member[n]] == OPERATING:
                        mask |= 1 << k
                        break
            known[i] = mask
        log[row].agreements = mask


@kernel
def costs(
    cost: np.ndarray, dyads: Dyads, accord: Accord, revenue: np.ndarray, yearly: np.ndarray,
    setup: np.ndarray,
) -> None:
    """What the agreements ask of every town, million dollars a year."""
    phase, maturity, intensity = accord.phase, accord.maturity, accord.intensity
    first, second = dyads.first, dyads.second
    cost[:] = 0.0
    for k in range(yearly.size):
        for d in range(first.size):
            if phase[k, d] != ABSENT:
                rate = yearly[k] + setup[k] * (1.0 - maturity[k, d])
                base = min(revenue[first[d]], revenue[second[d]])
                half = 0.5 * intensity[k, d] * rate * base
                cost[first[d]] += half
                cost[second[d]] += half


@kernel
def finance(
    municipality: Municipalities, town: Town, p: AgreementParameters, dt: float, counted: bool
) -> None:
    """Pay for agreements out of the committed share of revenue and of reserves."""
    cost, funding, reserves = town.cost, town.funding, town.reserves
    commitment, spent, income = town.commitment, town.spent, municipality.revenue
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
                spent[m] += paid * dt
        reserves[m] = min(max(saved, 0.0), p.reserve_cap * revenue)


@kernel
def strengths(dyads: Dyads, accord: Accord, capacity: np.ndarray, funding: np.ndarray) -> None:
    """Effective intensity of every agreement, read by the mechanisms in the next tick."""
    phase, maturity, intensity = accord.phase, accord.maturity, accord.intensity
    strength, first, second = accord.strength, dyads.first, dyads.second
    for k in range(strength.shape[0]):
        for d in range(strength.shape[1]):
            if phase[k, d] in (ABSENT, SUSPENDED):
                strength[k, d] = 0.0
            else:
                a, b = first[d], second[d]
                able = min(capacity[a], capacity[b]) * min(funding[a], funding[b])
                strength[k, d] = intensity[k, d] * able * maturity[k, d]
