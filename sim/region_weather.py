"""What a region's places imply about its heat, its towns' weather and its saline water."""

from __future__ import annotations

from math import isnan

import numpy as np

from sim.region_reader import Entry
from sim.region_tables import Tables
from sim.topology import AQUIFER, RESOURCE_KINDS, Reals

SALINE_BELOW = 0.25  # how near saline water stands to an aquifer of which nothing is said


def warm_months(latitude: float) -> Reals:
    """Likelihood of heat by month, mean 1: round midsummer, evener towards the equator.

    A squared half cosine about mid-July (mid-January in the south), mixed with an even year by
    latitude over that of the tropic.
    """
    midsummer = 6.5 if latitude >= 0.0 else 0.5
    turn = (np.arange(12) + 0.5 - midsummer) / 12.0
    summer = np.maximum(np.cos(2.0 * np.pi * turn), 0.0) ** 2
    seasonal = min(abs(latitude) / 23.4, 1.0)
    likelihood: Reals = seasonal * summer / summer.mean() + 1.0 - seasonal
    return likelihood


def mean_latitude(tables: Tables) -> float:
    """Middle of the region, north of the equator."""
    return float(np.mean([e["latitude"] for e in tables.municipalities]))


def weather_of(tables: Tables) -> list[str]:
    """System whose weather a municipality has: that of its reach, else of its first group."""
    basin = {e["name"]: e["basin"] for e in tables.units}
    lived_from: dict[str, str] = {}
    for group in tables.groups:
        lived_from.setdefault(group["municipality"], basin[group["unit"]])
    anywhere = str(tables.basins[0]["name"])
    return [str(basin.get(str(e.get("reach")), lived_from.get(e["name"], anywhere)))
            for e in tables.municipalities]  # fmt: skip


def saline(unit: Entry) -> float:
    """Declared, else saline water stands below every aquifer, and far from every river."""
    if isnan(unit["saline"]):
        return SALINE_BELOW if unit["kind"] == RESOURCE_KINDS[AQUIFER] else 0.0
    return float(unit["saline"])
