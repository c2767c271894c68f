"""A small region in the middle of a history, so that one rule at a time can be worked by hand.

The same tests run with the compiler and without it (``NUMBA_DISABLE_JIT=1``). Rules get the parts
of the state in the form in which the loop hands them over: with the compiler by reference, without
it as the NamedTuples themselves.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sim import structures
from sim._jit import JIT
from sim.parameters import Parameters, default_row, parameters_of
from sim.region import Region
from sim.scratch import Scratch
from sim.simulate import Workspace, workspace
from sim.state import State, restart
from sim.structures import topology_by_reference
from sim.synthetic import synthetic_region
from sim.topology import OTHER, Topology

SEED = np.uint64(20)
WEEK = 1.0 / 52.0


class World(NamedTuple):
    """Arrays of a region at their start values, and the same by reference for compiled rules."""

    region: Region
    topology: Topology
    state: State
    scratch: Scratch
    log: np.ndarray
    by_reference: tuple[Any, Any, Any, Any]  # topology, state, scratch, log


@cache
def small_region() -> Region:
    """Twelve towns of two nations on two rivers, an aquifer and a fishery."""
    return synthetic_region()


def world(region: Region | None = None, years: float = 20.0) -> World:
    """A fresh world; ``years`` makes room in the event log."""
    chosen = region or small_region()
    space: Workspace = workspace(chosen.topology, years)
    restart(space.state)
    as_declared(chosen.topology, space.state)
    arrays = (chosen.topology, space.state, space.scratch, space.log)
    return World(chosen, *arrays, space.references)


def as_declared(topology: Topology, state: State) -> None:
    """State that starts from a declaration of the region."""
    state.unit.disputed[:] = topology.unit.disputed
    state.pair.liaison[:] = topology.pair.liaison
    for name in ("body_monitoring", "body_resolution", "body_enforcement"):
        getattr(state.pair, name)[:, :OTHER] = getattr(topology.pair, name)


def changed(region: Region, part: str, **arrays: Any) -> Region:
    """The region with some arrays of one table replaced."""
    table = getattr(region.topology, part)
    fresh = {k: np.broadcast_to(v, getattr(table, k).shape).astype(getattr(table, k).dtype)
             for k, v in arrays.items()}  # fmt: skip
    copied = {k: np.ascontiguousarray(v) for k, v in fresh.items()}
    return region._replace(topology=region.topology._replace(**{part: table._replace(**copied)}))


def handed(part: Any) -> Any:
    """One part of the state or topology in the form in which the loop hands it to a rule."""
    if not JIT:
        return part
    return getattr(structures, "_" + type(part).__name__.lower())(part)


def whole(topology: Topology) -> Any:
    """A whole topology in that form."""
    return topology_by_reference(topology)


def numbers() -> Parameters:
    """All parameters at their defaults."""
    return parameters_of(default_row())


def many(compiled: int, plain: int) -> int:
    """A sample size that fits the speed of the mode."""
    return compiled if JIT else plain


def events_of(log: np.ndarray, state: State) -> np.ndarray:
    """The rows of the log that were written."""
    return log[: state.tally[0]]
