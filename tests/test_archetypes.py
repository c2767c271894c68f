"""Courses of events that are known to have happened must be possible in the model.

The Kyrgyz-Tajik border, April 2021: a camera at a shared water intake, villagers, border guards and
armies within two days.
"""

from __future__ import annotations

import os

import numpy as np
import pytest

from experiments.regions import load_region
from sim._jit import JIT
from sim.events import ARMY_FORCE, GUARDS_DISPLAY, GUARDS_FIRE, PROJECT, VIOLENT
from sim.scenario import Scenario, scenario
from sim.simulate import simulate

DAYS = 364.0  # of a model year
WITHIN = 3.0 / DAYS
GUARDS = (GUARDS_DISPLAY, GUARDS_FIRE)


def ancestors(events: np.ndarray, row: int) -> list[int]:
    """The act, what caused it, what caused that, and so on to the first."""
    chain = [row]
    while events[chain[-1]]["cause"] >= 0:
        chain.append(int(events[chain[-1]]["cause"]))
    return chain


def april_2021(events: np.ndarray) -> list[list[int]]:
    """Chains works -> violence -> guards -> army, the last three within three days, by descent."""
    found = []
    for row in np.flatnonzero(events["act"] == ARMY_FORCE):
        chain = ancestors(events, int(row))
        acts = events["act"][chain]
        violent = [k for k, act in zip(chain, acts, strict=True) if act == VIOLENT]
        if PROJECT not in acts or not violent or not np.isin(acts, GUARDS).any():
            continue
        if events["time"][row] - events["time"][violent[0]] <= WITHIN:
            found.append(chain[::-1])
    return found


def fergana(seed: int, years: float, **parameters: float) -> Scenario:
    """A history of the region in which it happened."""
    given = {key.replace("__", "."): value for key, value in parameters.items()}
    return scenario(load_region("fergana"), years=years, spinup_years=2.0, seed=seed,
                    parameters=given)  # fmt: skip


def test_from_a_camera_at_an_intake_to_armies_within_three_days() -> None:
    """Dice loaded at every step (works, accidents, guards), none forced: the chain exists."""
    loaded = {
        "project__rate": 1.0, "onset__works_rate": 20.0, "ladder__accident_violent": 0.8,
        "ladder__guards": 0.8, "ladder__guards_fire": 0.8, "answer__constant": 1.0,
        "answer__delay_weeks": 0.2,
    }  # fmt: skip
    chains = []
    for seed in range(6):
        events = simulate(fergana(seed, 2.0, **loaded)).events
        chains += [(events, chain) for chain in april_2021(events)]
    assert chains
    for events, chain in chains:
        acts = events[chain]
        assert (np.diff(acts["time"]) >= 0.0).all(), "causes come first"
        assert acts["hostility"][-1] == 4
        assert (acts["root"] == 1).all(), "a local incident"
        assert acts["target"][-1] != acts["actor"][-1]


@pytest.mark.slow
@pytest.mark.skipif(not JIT, reason="thousands of history-years need the compiler")
def test_it_happens_by_itself_in_a_few_thousand_years() -> None:
    """Default numbers, 6,000 history-years of fergana; the works need not be under way."""
    chains, armies = 0, 0
    for seed in range(int(os.environ.get("THALWEG_ARCHETYPE_RUNS", "300"))):
        events = simulate(fergana(seed, 20.0)).events
        chains += len(april_2021(events))
        for row in np.flatnonzero(events["act"] == ARMY_FORCE):
            chain = ancestors(events, int(row))
            violent = [k for k in chain if events["act"][k] == VIOLENT]
            armies += bool(violent and events["time"][row] - events["time"][violent[0]] <= WITHIN)
    assert armies > 0, "villagers, guards and armies within three days"
    assert chains > 0, "the same after works at the intake"
