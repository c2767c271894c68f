"""Change how a region is written down in a way that must not change what happens.

Water and money are rescaled by powers of two, so that every rounding scales along and the
comparison is exact. Splits give entities new names and therefore new draws: they are compared as
means over seeds. The order of a file, labels and names: tests/test_verification.py.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_verification import ensemble, mirror, region_of, standardised

from sim.mechanisms import NAMES
from sim.outcomes import OUTCOMES
from sim.parameters import DECLARED
from sim.region import Region, build_region
from sim.scenario import scenario
from sim.simulate import Ensemble, simulate_many
from sim.topology import FISHERY, LAND

pytestmark = pytest.mark.slow

REGIONS = ("fergana", "lower_colorado", "synthetic", "ndjamena_kousseri", "lake_victoria")
ARMS = {"none": {}, "full": dict.fromkeys(NAMES, 1.0)}
# Parameters that are themselves an amount of money; a rescaled currency rescales them.
MONEY = {d.key: d for d in DECLARED if "dollar" in d.unit}


def with_part(region: Region, part: str, **arrays: np.ndarray) -> Region:
    """The same region with some arrays of one part replaced."""
    topology = region.topology
    changed = getattr(topology, part)._replace(**arrays)
    return region._replace(topology=topology._replace(**{part: changed}))


def runs(region: Region, seeds: int, **settings: Any) -> Ensemble:
    """Short histories with the given settings."""
    one = scenario(region, years=6, spinup_years=6, **settings)
    return simulate_many([one._replace(seed=k) for k in range(seeds)])


def unequal(a: Ensemble, b: Ensemble, *, money_factor: float = 1.0) -> list[str]:
    """Outcomes whose bits differ; amounts of money are expected ``money_factor`` times as large."""
    found = []
    for key, values in a.outcomes.items():
        factor = money_factor if "dollar" in OUTCOMES[key].unit else 1.0
        if not np.array_equal(values * factor, b.outcomes[key], equal_nan=True):
            found.append(key)
    return found


@pytest.mark.parametrize("arm", ARMS)
@pytest.mark.parametrize("name", REGIONS)
def test_another_unit_of_water_changes_nothing(name: str, arm: str) -> None:
    """Half a million m3 instead of a million: inflow, capacities and needs are twice the number."""
    plain = region_of(name)
    unit, group = plain.topology.unit, plain.topology.group
    doubled = with_part(plain, "unit", inflow=2.0 * unit.inflow, capacity=2.0 * unit.capacity)
    doubled = with_part(doubled, "group", demand=2.0 * group.demand)
    mechanisms = ARMS[arm]
    a, b = (runs(region, 4, mechanisms=mechanisms) for region in (plain, doubled))
    assert unequal(a, b) == []
    assert a.series.tobytes() == b.series.tobytes()


@pytest.mark.parametrize("kind", [FISHERY, LAND])
@pytest.mark.parametrize("arm", ARMS)
def test_another_unit_of_one_kind_of_resource_changes_nothing(arm: str, kind: int) -> None:
    """Fish, or forage, by the 1024th part of a thousand tonnes; water as before."""
    plain = region_of("ndjamena_kousseri")
    unit, group = plain.topology.unit, plain.topology.group
    times = np.where(unit.kind == kind, 1024.0, 1.0)
    assert (times > 1.0).any()
    scaled = with_part(plain, "unit", inflow=times * unit.inflow, capacity=times * unit.capacity)
    scaled = with_part(scaled, "group", demand=times[group.unit] * group.demand)
    a, b = (runs(region, 4, mechanisms=ARMS[arm]) for region in (plain, scaled))
    assert unequal(a, b) == []
    assert a.series.tobytes() == b.series.tobytes()


@pytest.mark.parametrize("name", REGIONS)
def test_another_currency_changes_amounts_of_money_and_nothing_else(name: str) -> None:
    """Everything that is money is four times the number."""
    plain = region_of(name)
    rich = with_part(plain, "municipality", revenue=4.0 * plain.topology.municipality.revenue)
    parameters = {key: 4.0 * declared.default for key, declared in MONEY.items()}
    a = runs(plain, 4, mechanisms=ARMS["full"])
    b = runs(rich, 4, mechanisms=ARMS["full"], parameters=parameters)
    assert unequal(a, b, money_factor=4.0) == []
    assert (a.outcomes["money_spent"] > 0.0).all()


def split_group(spec: dict[str, Any]) -> dict[str, Any]:
    """Every group of irrigators as two groups of half the people."""
    whole = spec["groups"][0]
    half = {**whole, "share": 0.5 * whole["share"]}
    return {**spec, "groups": [{**half, "name": "upper"}, {**half, "name": "lower"}]}


def split_town(spec: dict[str, Any]) -> dict[str, Any]:
    """Every town as two towns of half the people at the same place, each with its partner."""
    towns = [
        {**town, "name": f"{town['name']}{part}", "population": town["population"] // 2}
        for town in spec["municipalities"] for part in "xy"
    ]  # fmt: skip
    links = [
        {**dyad, "between": [f"{name}{part}" for name in dyad["between"]]}
        for dyad in spec["dyads"] for part in "xy"
    ]  # fmt: skip
    return {**spec, "municipalities": towns, "dyads": links}


LIVING = ("mean_livelihood", "legitimacy_end", "service_continuity", "trust_end")


@pytest.mark.parametrize(("change", "arm", "seeds"), [
    (split_group, "none", 200), (split_town, "none", 200), (split_town, "full", 100),
])  # fmt: skip
def test_splitting_people_into_smaller_units_does_not_change_their_living(
    change: Any, arm: str, seeds: int
) -> None:
    """Means over people within 4.5 standard errors or 2 %: perception errors average differently.

    So is the money that agreements cost. Counts of local acts are per dyad and are compared so.
    """
    spec = mirror("A", "B")
    whole, parts = build_region(spec), build_region(change(spec))
    a, b = (ensemble(r, seeds, mechanisms=ARMS[arm]) for r in (whole, parts))
    ratio = parts.topology.dyad.key.size / whole.topology.dyad.key.size
    for key in (*LIVING, "money_spent"):
        near = abs(a.outcomes[key].mean() - b.outcomes[key].mean()) <= 0.02 * a.outcomes[key].mean()
        assert near or standardised(a.outcomes[key], b.outcomes[key]) < 4.5, key
    assert (a.outcomes["money_spent"] > 0.0).all() == (arm == "full")
    acts = "incidents_per_year"
    assert standardised(ratio * a.outcomes[acts], b.outcomes[acts]) < 4.5


def test_two_regions_that_share_nothing_do_not_touch_each_other() -> None:
    """A second, separate border in the same file leaves the first one's towns as they were."""
    first = mirror("A", "B")
    second = mirror("C", "D")
    for key in ("municipalities", "units", "basins"):
        for entry in second[key]:
            entry["name"] = entry["name"].replace("R", "S") if key == "units" else (
                "stream" if key == "basins" else entry["name"])  # fmt: skip
    for entry in second["units"]:
        entry["basin"] = "stream"
        if "downstream" in entry:
            entry["downstream"] = entry["downstream"].replace("R", "S")
    for entry in second["municipalities"]:
        entry["reach"] = entry["unit"] = entry["unit"].replace("R", "S")
    for entry in second["dyads"]:
        entry["unit"] = entry["unit"].replace("R", "S")
    lists = ("nations", "pairs", "basins", "units", "municipalities", "dyads")
    both = {**first, **{key: [*first[key], *second[key]] for key in lists}}
    alone, beside = build_region(first), build_region(both)
    pairs = [beside.pair_names.index(name) for name in alone.pair_names]
    dyads = [beside.dyad_names.index(name) for name in alone.dyad_names]
    from sim.simulate import simulate

    for seed in range(5):
        a = simulate(scenario(alone, seed=seed, years=10, spinup_years=5))
        b = simulate(scenario(beside, seed=seed, years=10, spinup_years=5))
        assert np.array_equal(a.dyad_series, b.dyad_series[:, dyads])
        assert np.array_equal(a.pair_series, b.pair_series[:, pairs])
