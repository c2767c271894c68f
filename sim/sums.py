"""Final sums of a finished run, read off its state: money, losses, lives of agreements."""

from __future__ import annotations

import numpy as np

from sim.outcomes.base import SUMS
from sim.parameters import KEYS
from sim.rules.agreements import SETTING_UP, SUSPENDED
from sim.scenario import Scenario
from sim.state import State

NEVER_SIGNED = -1.0


def final_sums(scenario: Scenario, s: State) -> np.ndarray:
    """All of `sim.outcomes.base.SUMS`, in that order."""
    town, link, topology = s.municipality, s.dyad, scenario.region.topology
    worth = scenario.parameters[KEYS.index("hazard.exposed_value")] / 1e6
    people = topology.municipality.population.sum()
    living = (s.accord.phase >= SETTING_UP) & (s.accord.phase <= SUSPENDED)
    first = link.first_signed.min() if link.first_signed.size else np.inf
    found = {
        "weeks_closed": s.pair.closed_weeks.mean() if s.pair.closed_weeks.size else 0.0,
        "spent": town.spent.sum(), "losses": town.losses.sum(),
        "storm_losses": town.storm_losses.sum(), "heat_losses": town.heat_losses.sum(),
        "struck": town.losses.sum() / (worth * people),
        "spent_setup": town.spent_setup.sum(), "leaked_money": town.leaked_money.sum(),
        "matched_money": town.matched_money.sum(), "reserves": town.reserves.sum(),
        "spent_poorest": spent_by_the_poorest(scenario, s),
        "signed": link.signed.sum(), "lapsed": link.lapsed.sum(), "in_force": living.sum(),
        "first_signed": first if np.isfinite(first) else NEVER_SIGNED,
        "faced_elections": link.faced_elections.sum(),
        "lost_elections": link.lost_elections.sum(),
        "faced_crises": link.faced_crises.sum(), "lost_crises": link.lost_crises.sum(),
    }  # fmt: skip
    return np.array([found[key] for key in SUMS])


def spent_by_the_poorest(scenario: Scenario, s: State) -> float:
    """What towns of the nation with the least revenue per person spent; of several, the mean."""
    town = scenario.region.topology.municipality
    nations = scenario.region.topology.nation.key.size
    revenue = np.bincount(town.nation, weights=town.revenue, minlength=nations)
    people = np.bincount(town.nation, weights=town.population, minlength=nations)
    spent = np.bincount(town.nation, weights=s.municipality.spent, minlength=nations)
    present = people > 0
    per_person = np.where(present, revenue / np.where(present, people, 1.0), np.inf)
    poorest = per_person <= per_person.min() * (1.0 + 1e-9)
    return float(spent[poorest].mean())
