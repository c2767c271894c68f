"""The compiled loop: time per entity and tick, its growth with size, memory, cost of recording."""

from __future__ import annotations

import math
import subprocess
import sys
import time
from typing import NamedTuple

import numpy as np

from sim.mechanisms import NAMES
from sim.record import SERIES
from sim.region import Region
from sim.scenario import Scenario, scenario, schedule
from sim.simulate import advance, run, workspace
from sim.state import restart
from sim.synthetic import synthetic_region
from sim.units import ticks_in

ENTITIES_PER_TOWN = 4.53  # groups, dyads and units per municipality of `synthetic`


class Timing(NamedTuple):
    """One size."""

    entities: int
    nanoseconds: float  # per entity and tick


def entities(region: Region) -> int:
    """Groups, dyads and resource units."""
    t = region.topology
    return int(t.group.key.size + t.dyad.key.size + t.unit.key.size)


def region_of(size: int) -> Region:
    """A synthetic region of about ``size`` entities."""
    return synthetic_region(municipalities=max(int(size / ENTITIES_PER_TOWN), 8))


def full(region: Region, years: float) -> Scenario:
    """Every mechanism on every dyad from the start, no spin-up."""
    return scenario(region, mechanisms=dict.fromkeys(NAMES, 1.0), years=years, spinup_years=0.0)


class Loop:
    """A region ready to be stepped by the compiled loop, with or without recording."""

    def __init__(self, region: Region, years: float) -> None:
        self.scenario = full(region, years)
        self.space = workspace(region.topology, years)
        self.plan = schedule(self.scenario)
        points = math.ceil(years * 4) + 1
        topology = region.topology
        self.out = (
            np.zeros((points, len(SERIES))),
            np.zeros((points, topology.dyad.key.size)),
            np.zeros((points, topology.pair.key.size)),
        )

    def seconds(self, ticks: int, every: float = 1e9) -> float:
        """Time of ``ticks`` ticks from a fresh start; so many weeks per point record nothing."""
        restart(self.space.state)
        self._go(0, 1, every, True)
        begun = time.perf_counter()
        self._go(1, ticks + 1, every, False)
        return time.perf_counter() - begun

    def _go(self, first: int, last: int, every: float, fresh: bool) -> None:
        run(*self.space.references, self.plan, self.scenario.parameters,
            np.uint64(1), first, last, 1.0, every, *self.out, fresh)


def timing(size: int, repeats: int = 3) -> Timing:
    """Best of some repeats of one year at one size (three years of a small region)."""
    region = region_of(size)
    count = entities(region)
    ticks = 51 if count > 20_000 else 155
    loop = Loop(region, (ticks + 1) / 52)
    best = min(loop.seconds(ticks) for _ in range(repeats))
    return Timing(count, best / ticks / count * 1e9)


def exponent(timings: list[Timing]) -> float:
    """Slope of log time against log entities (least squares)."""
    x = np.log([t.entities for t in timings])
    y = np.log([t.entities * t.nanoseconds for t in timings])
    return float(np.polyfit(x, y, 1)[0])


def record_overhead(region: Region, repeats: int = 9) -> float:
    """Share of time added by recording every quarter, medians of interleaved repeats."""
    loop = Loop(region, 20.0)
    loop.seconds(1039)
    pairs = [(loop.seconds(1039), loop.seconds(1039, 13.0)) for _ in range(repeats)]
    bare, recorded = (float(np.median(values)) for values in zip(*pairs, strict=True))
    return recorded / bare - 1.0


def history_milliseconds(region: Region, mechanisms: float, repeats: int = 9) -> float:
    """Best time of a 20-year weekly history on one core, spin-up of 30 years included.

    ``mechanisms``: intensity of each; 0 for none.
    """
    one = scenario(region, mechanisms=dict.fromkeys(NAMES, mechanisms), years=20.0)
    space = workspace(region.topology, 20.0)
    first, last = -ticks_in(one.spinup_years, one.tick_weeks), ticks_in(one.years, one.tick_weeks)
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        advance(one, space, first, last, True)
        times.append(time.perf_counter() - begun)
    return 1e3 * min(times)


MEMORY = """
import resource, sys
from benchmarks.kernel import Loop, entities, region_of
region = region_of(1_000_000)
loop = Loop(region, 1.0)
loop.seconds(51)
print(entities(region), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def peak_bytes() -> tuple[int, int]:
    """Entities and peak memory of a fresh process that builds a region and runs 52 ticks."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True
    )
    count, peak = done.stdout.split()
    return int(count), int(peak)
