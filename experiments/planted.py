"""Worlds in which the cause of the crisis is known, to see whether ``trace`` names it.

``python -m experiments.planted [N]`` builds N worlds (100) and prints how many are named. In each,
all ways into an interstate crisis are shut by parameters but the one that is planted:

- *single*: accidents are violent and happen on one contested stretch only; a capital takes each up.
  One accident happens; crowds complain and protest everywhere, and nobody takes that up.
- *redundant*: the same with two stretches and one accident on each before the dispute climbs.
- *elsewhere*: towns are as noisy, their capitals protest, and only other issues lead to force.

What is true is found without the event log's cause pointers and without leaving acts out: the same
seed is run in a region whose contested stretch is demarcated. A world counts as planted when the
crisis is gone there (redundant: only when both are). Asked of ``trace``: the planted accident
stands in its chain, which begins at that place, and without it the crisis does not come about when
it did, give or take half a year; the pair of accidents is told as *either would do*; the root is
*another issue*.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from experiments import console
from experiments.trace_removals import SAME_YEARS, explain
from experiments.trace_text import ELSEWHERE, root_of

YEARS, SPINUP = 8.0, 0.0
KINDS = {"single": 50, "redundant": 25, "elsewhere": 25}  # of a hundred
BAR = 95
TOWNS = 8
RIVER = 0  # row of sim.topology.ISSUES
# Every way into a crisis but violence of accidents that a capital takes up.
SHUT = {
    "ladder.up_rate": 0.0, "ladder.violent_entry": 0.0, "ladder.accident_violent": 1.0,
    "ladder.guards": 0.0, "ladder.taken_up_mild": 0.0, "ladder.hand_over": 1.0,
    "ladder.unwatched": 1.0, "ladder.liaison": 0.0, "onset.quiet_stretch": 0.0,
    "onset.accident_rate": 0.2, "project.rate": 0.0, "demarcation.rate": 0.0,
    "quarrel.floor": 0.0, "quarrel.jump": 0.0, "interstate.claim_rate": 0.0,
    "interstate.note_rate": 0.0, "interstate.down_rate": 0.5, "interstate.up_1": 1.0,
    "interstate.up_2": 30.0, "interstate.up_3": 30.0, "interstate.up_4": 0.0,
    "answer.constant": 4.0, "answer.misreading": 0.0, "settlement.bilateral": 0.0,
    "settlement.renunciation": 0.0, "settlement.third_party": 0.0, "body.rate": 0.0,
}  # fmt: skip
ELSE = {**SHUT, "interstate.up_1": 0.0, "quarrel.floor": 0.15, "ladder.taken_up_mild": 1.0}


class Planted(NamedTuple):
    """A world with its truth: accidents (dyad, time) that led to the crisis; none: elsewhere."""

    kind: str
    scenario: Any
    accidents: tuple[tuple[int, float], ...]


def worlds(kind: str, number: int, first_seed: int = 0) -> Iterator[Planted]:
    """So many planted worlds of a kind, in the order of their seeds."""
    made, seed = 0, first_seed
    while made < number:
        found = _planted(kind, seed)
        seed += 1
        if found is not None:
            made += 1
            yield found


def named(world: Planted) -> bool:
    """Does ``trace`` tell what is true of a planted world?"""
    from sim.events import VIOLENT

    found = explain(world.scenario)
    if found is None:
        return False
    if world.kind == "elsewhere":
        return root_of(found) == ELSEWHERE
    events = found.events
    rows = [int(np.flatnonzero((events["act"] == VIOLENT) & (events["dyad"] == dyad)
                               & (events["time"] == time))[0])
            for dyad, time in world.accidents]  # fmt: skip
    if world.kind == "redundant":
        return any(set(pair) == set(rows) for pair in found.either)
    begin = int(events["dyad"][found.crisis.chain[0]])
    helps = [not r.stays for r in found.single if r.rows == (rows[0],)]
    return begin == world.accidents[0][0] and helps == [True]


def campaign(number: int) -> tuple[int, int, dict[str, tuple[int, int]]]:
    """(worlds named, worlds, both by kind)."""
    by_kind = {}
    for kind, share in KINDS.items():
        asked = max(1, round(number * share / 100))
        told = [named(world) for world in worlds(kind, asked)]
        by_kind[kind] = (sum(told), len(told))
        console.say(f"{kind}: {sum(told)} of {len(told)} named")
    return sum(k for k, _ in by_kind.values()), sum(n for _, n in by_kind.values()), by_kind


def _planted(kind: str, seed: int) -> Planted | None:
    """The world of a seed if what happens in it is what was to be planted."""
    from sim.events import VIOLENT

    if kind == "elsewhere":
        given = _world(_doors(2), seed, ELSE)
        return Planted(kind, given, ()) if _crisis(given) is not None else None
    doors = _doors(1 if kind == "single" else 2)
    given = _world(doors, seed, SHUT)
    events = _events(given)
    fights = events[events["act"] == VIOLENT]
    climbed = events["time"][(events["rung"] >= 2) & (events["answered"] >= 0)]
    once = sorted(fights["dyad"].tolist()) == sorted(doors)
    if not once or climbed.size == 0 or fights["time"].max() > climbed.min():
        return None
    if not _true(doors, seed, _crisis(given)):
        return None
    accidents = zip(fights["dyad"].tolist(), fights["time"].tolist(), strict=True)
    return Planted(kind, given, tuple(accidents))


def _true(doors: list[int], seed: int, time: float | None) -> bool:
    """The crisis is gone where every stretch is demarcated, and comes about then while one is left.

    ``time``: when force was first shown; within half a year of it the crisis is the same one.
    """
    if time is None or _crisis(_world([], seed, SHUT)) is not None:
        return False
    kept = [[door] for door in doors] if len(doors) > 1 else []
    left = [_crisis(_world(door, seed, SHUT)) for door in kept]
    return all(one is not None and abs(one - time) <= SAME_YEARS for one in left)


def _world(doors: list[int], seed: int, parameters: dict[str, float]) -> Any:
    from sim.scenario import scenario

    return scenario(_region(tuple(doors)), parameters=parameters, years=YEARS,
                    spinup_years=SPINUP, seed=seed)  # fmt: skip


def _region(doors: tuple[int, ...]) -> Any:
    """An invented border on which only the stretches of some dyads are contested."""
    from sim.synthetic import synthetic_region

    region = synthetic_region(TOWNS, fishery=False)
    topology = region.topology
    disputed = np.zeros_like(topology.unit.disputed)
    disputed[topology.dyad.unit[list(doors)]] = 1.0
    units = topology.unit._replace(disputed=disputed)
    return region._replace(topology=topology._replace(unit=units))


def _doors(number: int) -> list[int]:
    """Dyads that have a stretch of a river for themselves; what they do, capitals hold together."""
    topology = _region(()).topology
    unit = topology.dyad.unit.tolist()
    rivers = topology.unit.kind[unit] == RIVER
    return [d for d, own in enumerate(unit) if unit.count(own) == 1 and rivers[d]][:number]


def _events(given: Any) -> np.ndarray:
    from sim.simulate import simulate

    events: np.ndarray = simulate(given).events
    return events


def _crisis(given: Any) -> float | None:
    """When force was first shown; None: never."""
    events = _events(given)
    times = events["time"][events["hostility"] >= 3]
    return float(times.min()) if times.size else None


if __name__ == "__main__":
    hits, asked, _ = campaign(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
    console.say(f"{hits} of {asked} planted causes named (at least {BAR} in 100 wanted)")
    raise SystemExit(0 if 100 * hits >= BAR * asked else 1)
