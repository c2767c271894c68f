"""The compiled loop against the slow twin: the same model as plain Mesa agents, in one run.

The headline ratio gives the twin its draws from a table prepared beforehand, so that slow random
numbers do not flatter the compiled loop; the loop draws its own numbers inside the time measured.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.kernel import Loop, entities, full
from sim.region import Region

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from naive.draws import Philox, Table
from naive.model import NaiveModel

TICKS = 52


class Ratio(NamedTuple):
    """Nanoseconds per entity and tick of each, and their ratios."""

    compiled: float
    twin_table: float
    twin_philox: float

    @property
    def random_free(self) -> float:
        """Twin with prepared draws over the compiled loop."""
        return self.twin_table / self.compiled

    @property
    def as_is(self) -> float:
        """Twin that draws its own numbers over the compiled loop."""
        return self.twin_philox / self.compiled


def _twin_seconds(region: Region, draws: Philox | Table) -> float:
    """One year of the twin after its first tick."""
    model = NaiveModel(full(region, 2.0), draws)
    model.step()
    begun = time.perf_counter()
    model.advance(TICKS)
    return time.perf_counter() - begun


def compare(region: Region, repeats: int = 3) -> Ratio:
    """Interleaved repeats, best of each, over the same year of the same region and seed."""
    loop, table = Loop(region, 2.0), Table(1)
    _twin_seconds(region, table)  # fills the table
    loop.seconds(TICKS)
    times = [
        (loop.seconds(TICKS), _twin_seconds(region, table), _twin_seconds(region, Philox(1)))
        for _ in range(repeats)
    ]
    best = (min(values) for values in zip(*times, strict=True))
    return Ratio(*(seconds / TICKS / entities(region) * 1e9 for seconds in best))
