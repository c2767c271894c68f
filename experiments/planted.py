"""Worlds in which the cause of the crisis is known, to see whether ``trace`` names it.

``python -m experiments.planted [N]`` builds N worlds (100) and prints how many are named. In each,
all ways into an interstate crisis are shut by parameters but the one that is planted:

- *single*: accidents are violent and happen on one contested stretch only; a capital takes each up.
  One accident happens; crowds complain and protest everywhere, and nobody takes that up.
- *redundant*: the same with two stretches and one accident on each before the dispute climbs.
- *elsewhere*: towns are as noisy, their capitals protest, and only other issues lead to force.

What is true is found without the event log's cause pointers and without leaving acts out: the same
seed is run in a region whose contested stretch is demarcated. A world counts as planted when the
crisis is gone there (redundant: only when both are). *Elsewhere* counts when towns acted in the
year before, and force over the other issue is shown at the same place within half a year of when it
was both where every stretch is demarcated and where no town ever acts first. Asked of ``trace``:
the root is local, the planted accident begins the chain, and without it the crisis does not come
about when it did, give or take half a year; the pair of accidents is told as *either would do*, and
neither alone changes when it comes; the root is *another issue*, and without every local act of the
year before the crisis stays.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from experiments import console
from experiments.trace_chain import MILITARIZED, Crisis, crisis_of, reaching
from experiments.trace_removals import SAME_YEARS, Explained, explain
from experiments.trace_text import ELSEWHERE, LOCAL, root_of

YEARS, SPINUP = 8.0, 0.0
KINDS = {"single": 50, "redundant": 25, "elsewhere": 25}  # of a hundred
BAR = 95
TOWNS = 8
FEWEST_ACTS = 4  # of towns in the year before a crisis that does not need them
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
# Ways in which a town begins to act.
CALM = {"onset.complaint_rate": 0.0, "onset.protest_rate": 0.0, "onset.accident_rate": 0.0,
        "onset.works_rate": 0.0}  # fmt: skip


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
    found = explain(world.scenario)
    return found is not None and tells(world, found)


def tells(world: Planted, found: Explained) -> bool:
    """Is an explanation the true one?"""
    from sim.events import VIOLENT

    if world.kind == "elsewhere":
        left = found.local_left_out
        return root_of(found) == ELSEWHERE and left is not None and left.stays
    events = found.events
    rows = [int(np.flatnonzero((events["act"] == VIOLENT) & (events["dyad"] == dyad)
                               & (events["time"] == time))[0])
            for dyad, time in world.accidents]  # fmt: skip
    if root_of(found) != LOCAL:
        return False
    alone = {r.rows: r for r in (*found.single, *found.off_chain)}
    if world.kind == "redundant":
        both = any(set(pair) == set(rows) for pair in found.either)
        return both and all((row,) in alone and alone[row,].stays for row in rows)
    return found.crisis.chain[0] == rows[0] and (rows[0],) in alone and not alone[rows[0],].stays


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
        return Planted(kind, given, ()) if _needs_no_town(given, seed) else None
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


def _needs_no_town(given: Any, seed: int) -> bool:
    """Towns acted in the year before, and the crisis comes about then without stretch or town."""
    events = _events(given)
    crisis = crisis_of(events)
    if crisis is None or events["hostility"][crisis.row] < MILITARIZED or crisis.local:
        return False
    near = (events["dyad"] >= 0) & (events["pair"] == crisis.place[0])
    near &= (events["time"] >= crisis.time - 1.0) & (events["time"] <= crisis.time)
    others = (_world([], seed, ELSE), _world(_doors(2), seed, {**ELSE, **CALM}))
    return int(near.sum()) >= FEWEST_ACTS and all(_comes_then(one, crisis) for one in others)


def _comes_then(given: Any, crisis: Crisis) -> bool:
    """Is the rung of a crisis reached at its place about when it was?"""
    events = _events(given)
    times = events["time"][reaching(events, crisis)]
    return bool((np.abs(times - crisis.time) <= SAME_YEARS).any())


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
