"""The invented region: any size, same arrays for the same settings, scarcity as asked."""

from __future__ import annotations

import time

import numpy as np
import pytest

from sim.region import RegionError
from sim.streams import entity_key
from sim.synthetic import synthetic_region
from sim.topology import AQUIFER, FISHERY, GROUP_KINDS, RIVER

SIZES = [
    {},
    {"municipalities": 2, "nations": 1, "groups": 1, "fishery": False},
    {"municipalities": 4, "dyads_per_municipality": 1},
    {"municipalities": 25, "nations": 3, "groups": 8, "dyads_per_municipality": 3},
    {"municipalities": 60, "nations": 6, "units": 21, "dyads_per_municipality": 8},
]


@pytest.mark.parametrize("size", SIZES)
def test_every_array_is_sound(size):
    region = synthetic_region(**size)
    topology = region.topology
    for table in topology:
        assert len(set(table.key.tolist())) == table.key.size
        for field, array in zip(table._fields, table, strict=True):
            assert array.flags.c_contiguous, field
            assert array.dtype in (np.float64, np.uint32, np.int32, np.uint64), field
            if array.dtype == np.float64 and field not in ("hawkishness", "rivalry"):
                assert np.isfinite(array).all(), field
    below = topology.unit.downstream
    assert np.all((below < 0) | (below > np.arange(below.size)))
    assert np.all((below < 0) | (topology.unit.basin[below] == topology.unit.basin))
    total = np.bincount(topology.group.municipality, weights=topology.group.weight)
    assert total == pytest.approx(np.ones(total.size))
    nation, dyad, pair = topology.municipality.nation, topology.dyad, topology.pair
    assert np.array_equal(nation[dyad.first], pair.first[dyad.pair])
    assert np.array_equal(nation[dyad.second], pair.second[dyad.pair])
    assert np.array_equal(topology.unit.basin[dyad.unit], dyad.basin)


def test_names_and_keys_agree():
    region = synthetic_region(municipalities=20, nations=3)
    topology = region.topology
    assert int(topology.municipality.key[3]) == entity_key(region.municipality_names[3])
    assert int(topology.group.key[5]) == entity_key(*region.group_names[5].split("/"))
    assert int(topology.dyad.key[4]) == entity_key(*region.dyad_names[4].split("-"))
    assert int(topology.pair.key[1]) == entity_key("N2", "N3")
    assert int(topology.pair.key_first[1]) == entity_key("N2", "N3", "N2")
    assert list(region.municipality_names) == sorted(region.municipality_names)


def test_the_same_settings_give_the_same_region_and_zero_is_a_seed():
    first, again = synthetic_region(seed=0), synthetic_region(seed=0)
    other = synthetic_region(seed=1)
    assert np.array_equal(first.topology.group.demand, again.topology.group.demand)
    assert not np.array_equal(first.topology.group.demand, other.topology.group.demand)


@pytest.mark.parametrize("scarcity", [0.5, 1.2])
def test_scarcity_is_demand_over_supply_of_every_resource(scarcity):
    topology = synthetic_region(municipalities=40, scarcity=scarcity).topology
    unit, group = topology.unit, topology.group
    demand = np.bincount(unit.basin[group.unit], weights=group.demand)
    sustainable = np.where(unit.kind == FISHERY, unit.growth * unit.capacity / 4.0, unit.inflow)
    supply = np.bincount(unit.basin, weights=sustainable)
    assert demand / supply == pytest.approx(np.full(demand.size, scarcity))


def test_it_has_rivers_an_aquifer_and_a_fishery_with_fishers():
    topology = synthetic_region().topology
    assert set(topology.unit.kind.tolist()) == {RIVER, AQUIFER, FISHERY}
    fishers = topology.group.kind == GROUP_KINDS.index("fishers")
    assert fishers.any()
    assert np.all(topology.unit.kind[topology.group.unit[fishers]] == FISHERY)
    assert not np.any(synthetic_region(fishery=False).topology.unit.kind == FISHERY)


def test_every_adjacent_pair_of_nations_shares_a_border():
    region = synthetic_region(municipalities=30, nations=6)
    assert region.pair_names == ("N1-N2", "N2-N3", "N3-N4", "N4-N5", "N5-N6")
    assert np.all(np.diff(region.topology.pair.dyad_start) > 0)
    assert np.all(region.topology.pair.shares[:, RIVER] == 1.0)


def test_the_number_of_units_is_as_asked():
    assert synthetic_region(municipalities=60, units=33).topology.unit.key.size == 33


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ({"nations": 9}, "nations: 9 is outside the allowed range 1 to 6 nations"),
        ({"municipalities": 3, "nations": 2}, "at least two per nation"),
        ({"municipalities": 12.5}, "12.5 is not a whole number"),
        ({"groups": "two"}, "'two' is not a number"),
        ({"seed": True}, "True is not a number"),
        ({"units": 2}, "units: 2 are too few"),
        ({"fishery": 1}, "neither true nor false"),
        ({"scarcity": float("nan")}, "outside the allowed range"),
    ],
)
def test_a_wrong_setting_is_told_in_plain_words(size, expected):
    with pytest.raises(RegionError) as caught:
        synthetic_region(**size)
    assert any(expected in message for message in caught.value.messages)


@pytest.mark.slow
def test_a_million_entities_are_built_in_seconds():
    begun = time.perf_counter()
    topology = synthetic_region(municipalities=100_000, groups=6, dyads_per_municipality=8).topology
    entities = topology.group.key.size + topology.dyad.key.size + topology.unit.key.size
    assert entities > 1_000_000
    assert time.perf_counter() - begun < 60.0
