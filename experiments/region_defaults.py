"""Defaults of a built region: kinds of groups with their traits, and the months of need.

They are orders of magnitude and say so; a user replaces those that are known better.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from experiments.region_towns import Town

NORTHERN = (0.1, 0.1, 0.4, 1.0, 1.8, 2.3, 2.5, 2.1, 1.1, 0.4, 0.1, 0.1)
TROPIC = 23.4  # degrees


class GroupKind(NamedTuple):
    """Default traits of one kind of group."""

    kind: str
    unit: str
    least_population: float  # only towns of this size have it
    share: float
    demand_per_person: float  # m3 a year
    seasonality: float
    dependence: float
    vulnerability: float
    voice: float
    assumption: str


GROUPS = (
    GroupKind("irrigators", "river", 0, 0.15, 1500, 1.0, 0.6, 0.5, 0.4,
              "Farming households on river water, a fifth of a hectare for each person."),
    GroupKind("industry", "river", 20_000, 0.04, 800, 0.0, 0.3, 0.2, 0.8,
              "Workshops and plants; steady need, well heard."),
    GroupKind("urban_households", "groundwater", 0, 0.5, 75, 0.2, 0.2, 0.3, 0.6,
              "About 200 litres a day and person from wells."),
    GroupKind("urban_poor", "groundwater", 20_000, 0.15, 40, 0.2, 0.35, 0.8, 0.2,
              "Half the water of other households, low ground, little say."),
    GroupKind("traders", "groundwater", 5_000, 0.05, 30, 0.0, 0.2, 0.3, 0.4,
              "Shops and carriers that need the border open."),
)  # fmt: skip


def need_on(unit: str, towns: Sequence[Town]) -> float:
    """Need of the default groups on a unit, million m3 a year."""
    return sum(
        town.population * kind.share * kind.demand_per_person / 1e6
        for kind in GROUPS
        if kind.unit == unit
        for town in towns
        if town.population >= kind.least_population
    )


def need_season(towns: Sequence[Town]) -> tuple[tuple[float, ...], str]:
    """Months of need and their sentence: summer need outside the tropics, even need inside."""
    latitude = sum(town.latitude for town in towns) / len(towns)
    if latitude > TROPIC:
        return NORTHERN, "Need follows a northern growing season."
    if latitude < -TROPIC:
        return NORTHERN[6:] + NORTHERN[:6], "Need follows a southern growing season."
    return (1.0,) * 12, "Need is even over the year."
