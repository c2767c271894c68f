"""Scenario: region, parameters, agreements, horizon and seed, validated at the door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np

from sim.declare import check
from sim.mechanisms import (
    CONDITIONAL,
    LEGISLATED,
    MECHANISM_KEYS,
    NAMES,
    PAID,
    PROMISED,
    RELEVANCE,
    SURVIVES_CLOSURE,
)
from sim.parameters import DECLARED, KEYS, default_row
from sim.region import Region
from sim.schedule import Schedule
from sim.undone import Undone

MOST_YEARS = 200.0
OF_MECHANISMS = tuple(  # places in the parameter row of what a schedule reads
    np.array([KEYS.index(f"{name}.{key}") for name in NAMES])
    for key in ("cost_per_year", "setup_cost", "setup_years")
)


class ScenarioError(ValueError):
    """All that is wrong with a scenario, one message each."""

    def __init__(self, messages: list[str]) -> None:
        super().__init__("\n".join(messages))
        self.messages = messages


class Scenario(NamedTuple):
    """Everything that one history needs."""

    region: Region
    parameters: np.ndarray  # [parameter], order of sim.parameters.KEYS
    intensity: np.ndarray  # [mechanism, dyad] 0..1, imposed
    negotiable: np.ndarray  # [mechanism, dyad] 0..1, most that towns may agree on
    from_year: np.ndarray  # [mechanism] years after the start
    years: float
    spinup_years: float
    tick_weeks: float
    seed: int
    undone: tuple[Undone, ...] = ()  # acts that are not done (sim.undone)


def scenario(
    region: Region,
    *,
    parameters: Mapping[str, float] | None = None,
    mechanisms: Mapping[str, float] | None = None,
    negotiated: Mapping[str, float] | None = None,
    from_years: Mapping[str, float] | None = None,
    dyads: Mapping[str, Sequence[str]] | None = None,
    years: float = 20.0,
    spinup_years: float = 30.0,
    tick_weeks: float = 1.0,
    seed: int = 1,
) -> Scenario:
    """Build a validated scenario.

    ``mechanisms`` imposes intensities in [0, 1]; ``negotiated`` leaves mechanisms to the towns, up
    to an intensity; ``dyads`` names the pairs of towns that are meant (default: all);
    ``parameters`` overrides defaults by key. Raises ScenarioError with every mistake at once.
    """
    messages: list[str] = []
    row = _parameter_row(parameters or {}, messages)
    start = np.zeros(len(NAMES))
    places = _places(region, dyads or {}, messages)
    intensity = _intensities(mechanisms or {}, places, messages)
    negotiable = _intensities(negotiated or {}, places, messages)
    messages += [
        f"{name}: either imposed or left to negotiation, not both."
        for name in mechanisms or {} if name in (negotiated or {})
    ]  # fmt: skip
    for name, value in (from_years or {}).items():
        k = _mechanism(name, messages)
        if k is not None and _within("start year of " + name, value, 0.0, MOST_YEARS, messages):
            start[k] = float(value)
    _within("years", years, 0.25, MOST_YEARS, messages)
    _within("spinup_years", spinup_years, 0.0, MOST_YEARS, messages)
    _within("tick_weeks", tick_weeks, 0.25, 13.0, messages)
    _within("seed", seed, 0, 2**63 - 1, messages)
    if messages:
        raise ScenarioError(messages)
    return Scenario(region, row, intensity, negotiable, start, float(years), float(spinup_years),
                    float(tick_weeks), int(seed))


def schedule(scenario: Scenario) -> Schedule:
    """What the study asks for, with the mechanisms' costs and times from the parameter row."""
    running, setup, years = (scenario.parameters[places] for places in OF_MECHANISMS)
    return Schedule(
        np.ascontiguousarray(scenario.intensity), np.ascontiguousarray(scenario.negotiable),
        scenario.from_year, running, setup, years,
        SURVIVES_CLOSURE, PROMISED, CONDITIONAL, LEGISLATED, PAID, RELEVANCE, MECHANISM_KEYS,
    )  # fmt: skip


def _intensities(
    given: Mapping[str, float], places: np.ndarray, messages: list[str]
) -> np.ndarray:
    """Intensity [mechanism, dyad], on the dyads that are meant."""
    found = np.zeros(places.shape)
    for name, value in given.items():
        k = _mechanism(name, messages)
        if k is not None and _within("mechanism " + name, value, 0.0, 1.0, messages):
            found[k] = np.where(places[k], float(value), 0.0)
    return found


def _places(
    region: Region, given: Mapping[str, Sequence[str]], messages: list[str]
) -> np.ndarray:
    """True [mechanism, dyad] where a mechanism is meant; a dyad goes by its name either way."""
    table, towns = region.topology.dyad, region.municipality_names
    known = {name: d for d, name in enumerate(region.dyad_names)}
    for d in range(table.key.size):
        a, b = towns[table.first[d]], towns[table.second[d]]
        known.setdefault(f"{a}-{b}", d)
        known.setdefault(f"{b}-{a}", d)
    found = np.full((len(NAMES), table.key.size), True)
    for name, members in given.items():
        k = _mechanism(name, messages)
        if k is None:
            continue
        found[k] = False
        messages += [
            f"dyads of {name}: no pair of towns '{dyad}' in {region.name}."
            f"{_hint(dyad, tuple(known))}"
            for dyad in members if dyad not in known
        ]  # fmt: skip
        found[k, [known[dyad] for dyad in members if dyad in known]] = True
        if not members:
            messages.append(f"dyads of {name}: names no pair of towns; leave it out for all.")
    return found


def _parameter_row(overrides: Mapping[str, float], messages: list[str]) -> np.ndarray:
    row = default_row()
    for key, value in overrides.items():
        if key not in KEYS:
            messages.append(f"{key}: unknown parameter.{_hint(key, KEYS)}")
            continue
        position = KEYS.index(key)
        problem = check(DECLARED[position], float(value))
        if problem is not None:
            messages.append(problem)
        row[position] = float(value)
    return row


def _mechanism(name: str, messages: list[str]) -> int | None:
    if name in NAMES:
        return NAMES.index(name)
    messages.append(f"{name}: unknown mechanism.{_hint(name, NAMES)} One of: {', '.join(NAMES)}.")
    return None


def _within(what: str, value: float, lo: float, hi: float, messages: list[str]) -> bool:
    if not lo <= value <= hi:
        messages.append(f"{what}: {value:g} is outside the allowed range {lo:g} to {hi:g}.")
        return False
    return True


def _hint(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
