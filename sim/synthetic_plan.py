"""Who stands where in an invented region: everything that follows from its size without a draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import nan
from numbers import Integral
from typing import NamedTuple

import numpy as np

from sim.region_fields import Field
from sim.region_reader import Problems, as_number
from sim.streams import entity_key
from sim.topology import Index, Keys

BLOCK = 8  # municipalities that share a river
AQUIFER_EVERY = 4  # blocks
REACHES = 4  # per river, when the number of units is not given
SETTINGS = {
    "municipalities": Field("municipalities", 2, 1e6, 12, "how many municipalities"),
    "nations": Field("nations", 1, 6, 2, "how many nations"),
    "groups": Field("groups", 1, 8, 3, "groups per municipality"),
    "units": Field("units", 1, 1e7, nan, "resource units in all; default: four reaches per river"),
    "dyads_per_municipality": Field("dyads", 1, 32, 2, "foreign partners per municipality"),
    "seed": Field("integer", 0, 2**63, 1, "number that fixes all drawn magnitudes"),
    "scarcity": Field("ratio", 0.01, 3, 0.9, "yearly demand over mean supply"),
}


class Plan(NamedTuple):
    """Places along the border line; units: rivers (upstream first), aquifers, fishery, pasture."""

    segment: Index  # [m] stretch of the border, one per pair of neighbouring nations
    nation: Index  # [m]
    block: Index  # [m]
    reach: Index  # [m] river reach that a municipality lives on
    aquifer: np.ndarray  # [m] aquifer under it, -1: none
    fishery: np.ndarray  # [m] fishery in front of it, -1: none
    pasture: np.ndarray  # [m] pasture around it, -1: none
    river: Index  # [reaches] block of each river reach
    aquifers: int
    fisheries: int
    pastures: int
    first: Index  # [d] side a
    second: Index  # [d] side b


class Names(NamedTuple):
    """Names of all entities, zero-padded so that their order is the order of the rows."""

    nation: tuple[str, ...]
    pair: tuple[str, ...]
    municipality: tuple[str, ...]
    group: tuple[str, ...]
    unit: tuple[str, ...]
    basin: tuple[str, ...]
    dyad: tuple[str, ...]


def blocks_of(municipalities: int) -> int:
    """Number of river basins."""
    return -(-municipalities // BLOCK)


def settings_problems(
    given: Mapping[str, float | int | None], fishery: object, land: object
) -> Problems:
    """Every setting inside its range; whole numbers where they count something."""
    problems = Problems()
    for key, value in given.items():
        if value is None:
            continue
        number = as_number(value, SETTINGS[key], (key,), key, problems)
        if SETTINGS[key].unit != "ratio" and number >= 0.0 and not isinstance(value, Integral):
            problems.add((key,), f"{key}: {number:g} is not a whole number.")
    for key, flag in (("fishery", fishery), ("land", land)):
        if not isinstance(flag, bool):
            problems.add((key,), f"{key}: {flag!r} is neither true nor false.")
    if not problems:
        _check_counts(given, int(bool(fishery)) + int(bool(land)), problems)
    return problems


def _check_counts(
    given: Mapping[str, float | int | None], grounds: int, problems: Problems
) -> None:
    """Two municipalities per nation at least; a reach for every river besides the other units."""
    municipalities, nations = int(given["municipalities"] or 0), int(given["nations"] or 0)
    if municipalities < 2 * nations:
        text = f"municipalities: {municipalities} are too few; at least two per nation are needed."
        problems.add(("municipalities",), text)
    blocks = blocks_of(municipalities)
    least = blocks + -(-blocks // AQUIFER_EVERY) + grounds
    if given["units"] is not None and given["units"] < least:
        text = f"units: {given['units']} are too few; {municipalities} municipalities need {least}."
        problems.add(("units",), text)


def plan_of(
    municipalities: int, nations: int, units: int | None, partners: int, fishery: bool,
    land: bool,
) -> Plan:
    """Lay out a border line: nations alternate, eight neighbours share a river."""
    row = np.arange(municipalities)
    segments = max(1, nations - 1)
    segment = row * segments // municipalities
    begin = np.searchsorted(segment, np.arange(segments))
    side = (row - begin[segment]) % 2
    block, blocks = row // BLOCK, blocks_of(municipalities)
    over_aquifer = np.arange(0, blocks, AQUIFER_EVERY)
    fixed = over_aquifer.size + int(fishery) + int(land)
    reaches = blocks * REACHES if units is None else units - fixed
    river = np.arange(reaches) * blocks // reaches
    head = np.searchsorted(river, np.arange(blocks))
    count = np.bincount(river, minlength=blocks)
    in_block = np.bincount(block, minlength=blocks)
    first, second = _partners(segment, side, partners) if nations > 1 else (row[:0], row[:0])
    return Plan(
        segment=segment.astype(np.uint32),
        nation=(segment + side if nations > 1 else 0 * row).astype(np.uint32),
        block=block.astype(np.uint32),
        reach=(head[block] + (row % BLOCK) * count[block] // in_block[block]).astype(np.uint32),
        aquifer=np.where(block % AQUIFER_EVERY == 0, reaches + block // AQUIFER_EVERY, -1),
        fishery=np.where(fishery & (block == blocks - 1), reaches + over_aquifer.size, -1),
        pasture=np.where(land & (block == blocks - 1), reaches + fixed - 1, -1),
        river=river.astype(np.uint32),
        aquifers=int(over_aquifer.size),
        fisheries=int(fishery),
        pastures=int(land),
        first=first.astype(np.uint32),
        second=second.astype(np.uint32),
    )


def _partners(segment: np.ndarray, side: np.ndarray, partners: int) -> tuple[np.ndarray, ...]:
    """Nearest foreign neighbours on the same segment: 1, 3, 5 ... places along the line.

    Each step of distance gives every municipality two partners; an odd number leaves out every
    second pair of the last step.
    """
    row = np.arange(segment.size)
    lower, upper = [], []
    for step in range((partners + 1) // 2):
        distance = 2 * step + 1
        a = row[: max(0, segment.size - distance)]
        keep = segment[a] == segment[a + distance]
        if 2 * step + 1 == partners:
            keep &= a % 2 == 0
        lower.append(a[keep])
        upper.append(a[keep] + distance)
    a, b = np.concatenate(lower), np.concatenate(upper)
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    return np.where(side[a] == 0, a, b), np.where(side[a] == 0, b, a)


def names_of_plan(plan: Plan, nations: int, kinds: np.ndarray, labels: tuple[str, ...]) -> Names:
    """Names; ``kinds`` [m, g] are rows of ``labels``, the names of groups within a municipality."""
    places = _numbered("M", plan.segment.size)
    nation = tuple(f"N{n + 1}" for n in range(nations))
    blocks = int(plan.block[-1]) + 1
    basin = _numbered("river", blocks) + _numbered("aquifer", plan.aquifers)
    unit = _numbered("reach", plan.river.size) + tuple(f"{b}-unit" for b in basin[blocks:])
    grounds = ("fishery",) * plan.fisheries + ("pasture",) * plan.pastures
    low = np.minimum(plan.first, plan.second).tolist()
    high = np.maximum(plan.first, plan.second).tolist()
    return Names(
        nation=nation,
        pair=tuple(f"{a}-{b}" for a, b in pairwise(nation)),
        municipality=places,
        group=tuple(
            f"{place}/{labels[k]}"
            for place, row in zip(places, kinds.tolist(), strict=True)
            for k in row
        ),
        unit=unit + tuple(f"{name}-unit" for name in grounds),
        basin=basin + grounds,
        dyad=tuple(f"{places[a]}-{places[b]}" for a, b in zip(low, high, strict=True)),
    )


def keys_of(names: Iterable[tuple[str, ...]], count: int) -> Keys:
    """Identities of ``count`` entities."""
    return np.fromiter((entity_key(*name) for name in names), dtype=np.uint64, count=count)


def _numbered(word: str, count: int) -> tuple[str, ...]:
    """word-001 ... with enough zeros to sort by name."""
    width = max(2, len(str(count)))
    return tuple(f"{word}{row + 1:0{width}d}" for row in range(count))
