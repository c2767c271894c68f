"""Year 0 of a history, kept for the histories that share it.

The years before the start depend on region, parameters, seed and length of a tick, on nothing that
an arm changes: an imposed mechanism begins at its year, at 0 at the earliest, and so do talks about
one that is left to the towns. Arms that are compared under the same draws therefore share them, and
they are simulated once for all that come one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

import numpy as np

from sim.events import EVENTS
from sim.scenario import Scenario
from sim.state import PARTS, State


class YearZero(NamedTuple):
    """What a workspace held at the start: its arrays, in order, and its log so far."""

    arrays: tuple[np.ndarray, ...]
    log: np.ndarray


def shared_key(scenario: Scenario) -> bytes:
    """Equal for scenarios of one region and tick length whose years before the start are equal."""
    text = repr((scenario.seed, scenario.spinup_years, scenario.undone)).encode()
    return blake2b(scenario.parameters.tobytes() + text, digest_size=16).digest()


def side_by_side(keys: Sequence[bytes]) -> list[int]:
    """Places of all runs, those of one key one after the other, keys as they come first."""
    first: dict[bytes, int] = {}
    for place, key in enumerate(keys):
        first.setdefault(key, place)
    return sorted(range(len(keys)), key=lambda place: first[keys[place]])


def kept(state: State, log: np.ndarray) -> YearZero:
    """Copies of a state and of the part of the log that is written."""
    return YearZero(tuple(array.copy() for array in _arrays(state)),
                    log[: state.tally[EVENTS]].copy())  # fmt: skip


def resume(zero: YearZero, state: State, log: np.ndarray) -> None:
    """Put a state and its log back, in place."""
    for array, held in zip(_arrays(state), zero.arrays, strict=True):
        array[...] = held
    log[: zero.log.size] = zero.log


def _arrays(state: State) -> list[np.ndarray]:
    """Every array of a state."""
    return [array for part in state[: len(PARTS)] for array in part] + [state.tally]
