"""Work arrays that a thread owns beside the state."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

Array = NDArray[Any]


class Scratch(NamedTuple):
    """Work arrays of the tick; nothing in them outlives it."""

    system: Array  # [g] uint32: resource system of each group's unit
    theirs_first: Array  # [d] people above a's reach who are of b's nation, share
    theirs_second: Array  # [d] people above b's reach who are of a's nation, share
    z_group: Array  # [g]
    y_group: Array  # [g]
    fair: Array  # [g]
    ease: Array  # [g]
    error: Array  # [g]
    kept: Array  # [g]
    u_dyad: Array  # [d]
    v_dyad: Array  # [d]
    chance: Array  # [d]
    warm: Array  # [d] recent hostility, mean over the tick
    more: Array  # [d]
    towns: Array  # [m]
    hit: Array  # [m]
    storm_hit: Array  # [m]
    heat_hit: Array  # [m]
    units: Array  # [u]
    mass: Array  # [u]
    dirt: Array  # [u] pollution that enters a reach in the tick
    salt: Array  # [u]
    silt: Array  # [u]
    foul: Array  # [u] the part of dirt that comes from upstream
    pairs: Array  # [p]
    fire: Array  # [p]
    struck: Array  # [g]
    caught: Array  # [g]
    queue: Array  # [handed-up acts, 8]
