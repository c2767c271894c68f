"""Regions: what a file may say, what becomes of it, and what a mistake is told like."""

from __future__ import annotations

import contextlib
import copy
import random
from pathlib import Path

import numpy as np
import pytest

from experiments.region_document import document_of
from experiments.region_yaml import read_yaml
from experiments.regions import (
    config_folder,
    load_region,
    open_region,
    region_document,
    region_names,
    region_path,
)
from sim.region import Region, RegionError, build_region
from sim.region_links import distance_km, gravity_weights
from sim.streams import entity_key
from sim.topology import AQUIFER, FISHERY, GROUP_KINDS, LAND, OTHER, RIVER

DTYPES = {np.dtype(t) for t in (np.float64, np.uint32, np.int32, np.uint64)}
REAL = (
    "fergana",
    "lake_victoria",
    "lower_colorado",
    "ndjamena_kousseri",
    "triple_frontier",
    "upper_rhine",
)


def spec() -> dict:
    """Two nations, a river of two reaches, three municipalities, one group in each, two dyads."""
    traits = {"dependence": 0.5, "vulnerability": 0.5, "voice": 0.5, "seasonality": 1.0}
    place = {"revenue_per_person": 100, "capacity": 0.5, "source": "a test"}
    return {
        "name": "small",
        "start_year": 2026,
        "nations": [{"name": "S", "source": "a test"}, {"name": "N", "source": "a test"}],
        "pairs": [
            {
                "between": ["S", "N"],
                "undemarcated": 0.3,
                "source": "a test",
                "bodies": [
                    body("one", monitoring=0.5),
                    body("two", monitoring=0.2),
                ],
            }
        ],
        "basins": [
            {
                "name": "stream",
                "kind": "river",
                "season": [1, 2, 3, 4, 5, 6, 6, 5, 4, 3, 2, 1],
                "variation": 0.2,
                "memory_years": 1,
                "drought_return_years": 8,
                "source": "a test",
            }
        ],
        "units": [
            {"name": "lower", "basin": "stream", "capacity": 10, "release": 50, "source": "t"},
            {
                "name": "upper",
                "basin": "stream",
                "downstream": "lower",
                "inflow": 100,
                "capacity": 10,
                "release": 50,
                "flood_return_years": 20,
                "source": "t",
            },
        ],
        "municipalities": [
            {"name": "C", "nation": "N", "latitude": 10, "longitude": 20.2, "population": 4000,
             "unit": "lower", "reach": "lower", **place},
            {"name": "A", "nation": "N", "latitude": 10, "longitude": 20, "population": 1000,
             "unit": "upper", **place},
            {"name": "B", "nation": "S", "latitude": 10, "longitude": 20.1, "population": 1000,
             "unit": "upper", **place},
        ],
        "groups": [
            {"municipality": "everywhere", "kind": "irrigators", "share": 0.3,
             "demand_per_person": 2000, "source": "t", **traits},
            {"municipality": "C", "kind": "industry", "size": 100, "demand": 3, "source": "t",
             **traits},
        ],
        "dyads": {"within_km": 30, "source": "a test"},
    }  # fmt: skip


def body(name: str, monitoring: float) -> dict:
    return {
        "name": name,
        "since": 2000,
        "monitoring": monitoring,
        "conflict_resolution": 0.0,
        "enforcement": 0.0,
        "source": "a test",
    }


def same_arrays(a: Region, b: Region) -> bool:
    return all(
        np.array_equal(x, y, equal_nan=x.dtype == np.float64)
        for left, right in zip(a.topology, b.topology, strict=True)
        for x, y in zip(left, right, strict=True)
    )


def messages(wrong: dict) -> list[str]:
    with pytest.raises(RegionError) as caught:
        build_region(wrong)
    assert len(caught.value.messages) == len(caught.value.paths)
    return caught.value.messages


# ── arrays ─────────────────────────────────────────────────────────────────────────────────────


def test_every_array_has_its_type_and_is_contiguous():
    for name in region_names():
        for table in load_region(name).topology:
            for field, array in zip(table._fields, table, strict=True):
                assert array.dtype in DTYPES, (name, field, array.dtype)
                assert array.flags.c_contiguous, (name, field)


def test_worked_example_of_a_small_region():
    region = build_region(spec())
    topology = region.topology
    assert region.municipality_names == ("A", "B", "C")
    assert region.unit_names == ("upper", "lower")
    assert region.pair_names == ("N-S",)
    assert region.group_names == ("A/irrigators", "B/irrigators", "C/industry", "C/irrigators")
    assert topology.unit.downstream.tolist() == [1, -1]
    assert topology.unit.flood_rate.tolist() == [1 / 20, 0.0]
    assert topology.unit.initial.tolist() == [0.2, 0.2]  # 100 / (50 * 10)
    assert topology.group.size.tolist() == [300.0, 300.0, 100.0, 1200.0]
    assert topology.group.demand == pytest.approx([0.6, 0.6, 3.0, 2.4])
    assert topology.group.weight == pytest.approx([1.0, 1.0, 1 / 13, 12 / 13])
    assert topology.municipality.revenue == pytest.approx([0.1, 0.1, 0.4])
    assert topology.municipality.reach.tolist() == [-1, -1, 1]
    assert topology.basin.season[0].mean() == pytest.approx(1.0)
    assert topology.basin.drought_rate[0] == pytest.approx(1 / 8)
    assert topology.basin.records.tolist() == [[1.0] * 12]


def test_side_a_of_a_dyad_lies_in_the_first_nation_of_its_pair():
    for name in region_names():
        topology = load_region(name).topology
        nation = topology.municipality.nation
        dyad, pair = topology.dyad, topology.pair
        assert np.array_equal(nation[dyad.first], pair.first[dyad.pair])
        assert np.array_equal(nation[dyad.second], pair.second[dyad.pair])


def test_dyads_by_rule_follow_distance_and_gravity():
    region = build_region(spec())
    assert region.dyad_names == ("A-B", "B-C")
    near, far = region.topology.dyad.weight
    assert far / near == pytest.approx(2.0)  # sqrt(4000 * 1000) / sqrt(1000 * 1000), same distance
    assert region.topology.dyad.weight.mean() == pytest.approx(1.0)
    assert region.topology.dyad.unit.tolist() == [0, 1]  # both upstream; the larger demand


def test_bodies_of_a_pair_combine_without_adding_up():
    assert build_region(spec()).topology.pair.body_monitoring[0] == pytest.approx(0.6)


def test_a_body_deals_with_the_kinds_of_resource_that_it_names_and_with_all_if_it_names_none():
    """Two bodies that monitor half: 0.75 of the river, 0.5 of the rest."""
    declared = spec()
    two = [body("all", monitoring=0.5), {**body("one", monitoring=0.5), "kinds": ["river"]}]
    declared["pairs"][0]["bodies"] = two
    monitoring = build_region(declared).topology.pair.body_monitoring[0]
    assert monitoring == pytest.approx([0.75, 0.5, 0.5, 0.5])


@pytest.mark.parametrize(
    ("kinds", "told"),
    [
        (["rivr"], "no kind 'rivr'. Did you mean 'river'?"),
        ("river", "'kinds' needs a list of at least one of river, aquifer, fishery, land."),
        ([], "'kinds' needs a list of at least one of river, aquifer, fishery, land."),
    ],
)
def test_a_mistake_in_the_kinds_of_a_body_is_named(kinds, told):
    declared = spec()
    declared["pairs"][0]["bodies"][0]["kinds"] = kinds
    with pytest.raises(RegionError) as error:
        build_region(declared)
    assert told in str(error.value)


def test_a_contested_unit_takes_the_undemarcated_share_of_its_pair_unless_it_says_otherwise():
    declared = spec()
    declared["units"][1]["undemarcated"] = 0.05
    assert build_region(spec()).topology.unit.disputed.tolist() == [0.3, 0.3]
    assert build_region(declared).topology.unit.disputed.tolist() == [0.05, 0.3]


def test_keys_are_those_of_the_names():
    region = build_region(spec())
    topology = region.topology
    assert int(topology.pair.key[0]) == entity_key("N", "S")
    assert int(topology.pair.key_second[0]) == entity_key("N", "S", "S")
    assert int(topology.group.key[0]) == entity_key("A", "irrigators")
    assert int(topology.dyad.key_first[1]) == entity_key("B", "C", "C")
    for name in region_names():
        for table in load_region(name).topology:
            assert len(set(table.key.tolist())) == table.key.size


def test_the_order_of_a_file_does_not_change_a_single_bit():
    for given in (
        spec(),
        *(read_yaml(region_path(n), n).value for n in ("fergana", "upper_rhine")),
    ):
        turned = {
            key: value[::-1] if isinstance(value, list) else value
            for key, value in reversed(given.items())
        }
        assert same_arrays(build_region(given), build_region(turned))


def test_lists_of_members_agree_with_their_owners():
    for name in region_names():
        topology = load_region(name).topology
        links = [
            (topology.unit.group_start, topology.unit.group, topology.group.unit),
            (topology.basin.unit_start, topology.basin.unit, topology.unit.basin),
            (topology.pair.dyad_start, topology.pair.dyad, topology.dyad.pair),
        ]
        for start, member, owner in links:
            for row in range(start.size - 1):
                assert np.array_equal(
                    member[start[row] : start[row + 1]], np.where(owner == row)[0]
                )
        place, dyad = topology.municipality, topology.dyad
        assert np.all(np.diff(topology.group.municipality.astype(int)) >= 0)
        for row in range(place.key.size):
            mine = np.where((dyad.first == row) | (dyad.second == row))[0]
            assert np.array_equal(
                place.dyad[place.dyad_start[row] : place.dyad_start[row + 1]], mine
            )
            groups = np.where(topology.group.municipality == row)[0]
            assert [place.group_start[row], place.group_start[row + 1]] == [
                groups[0],
                groups[-1] + 1,
            ]


def test_units_come_before_what_lies_downstream_and_group_weights_sum_to_one():
    for name in region_names():
        topology = load_region(name).topology
        below = topology.unit.downstream
        assert np.all((below < 0) | (below > np.arange(below.size)))
        total = np.bincount(topology.group.municipality, weights=topology.group.weight)
        assert total == pytest.approx(np.ones(total.size))


def test_a_record_is_scaled_to_mean_one_and_gives_the_season():
    recorded = spec()
    del recorded["basins"][0]["season"]
    recorded["basins"][0]["record"] = [float(m) for m in range(1, 13)] * 2
    basin = build_region(recorded).topology.basin
    assert basin.record.tolist() == [0]
    assert basin.record_months.tolist() == [24]
    assert basin.records.mean() == pytest.approx(1.0)
    assert basin.season[0] == pytest.approx(np.arange(1, 13) / 6.5)


def test_gravity_is_kept_within_bounds():
    weights = gravity_weights(np.array([1.0, 1e9, 1.0, 1.0]), np.ones(4))
    assert weights.mean() == pytest.approx(1.0)
    assert weights.max() / weights.min() == pytest.approx(16.0)  # 4 / 0.25


def test_one_degree_of_latitude_is_111_km():
    here, there = ({"latitude": y, "longitude": 7.0} for y in (47.0, 48.0))
    assert distance_km(here, there) == pytest.approx(111.19, abs=0.01)


def test_one_nation_needs_no_pair_and_no_dyad():
    alone = spec()
    alone["nations"] = alone["nations"][:1]
    alone["pairs"] = []
    for place in alone["municipalities"]:
        place["nation"] = "S"
    topology = build_region(alone).topology
    assert topology.pair.key.size == topology.dyad.key.size == 0
    assert topology.municipality.dyad_start.tolist() == [0, 0, 0, 0]


def pasture_spec() -> dict:
    """The small region with a stretch of land in place of one reach."""
    given = spec()
    del given["units"][1]["downstream"]
    given["basins"].append(
        {"name": "plain", "kind": "land", "variation": 0.2, "memory_years": 1, "source": "t"}
    )
    given["units"].append(
        {"name": "meadow", "basin": "plain", "capacity": 40, "growth": 2, "source": "t"}
    )
    given["groups"][1] |= {"kind": "herders", "unit": "meadow"}
    return given


def test_land_grows_like_a_stock_and_is_counted_in_thousand_tonnes():
    given = pasture_spec()
    del given["groups"][1]["demand"]
    given["groups"][1]["demand_per_person"] = 18  # t
    topology = build_region(given).topology
    assert topology.unit.kind.tolist() == [LAND, RIVER, RIVER]  # by basin and name
    assert topology.unit.growth.tolist() == [2.0, 0.0, 0.0]
    assert topology.unit.initial[0] == 0.7
    herders = topology.group.kind == GROUP_KINDS.index("herders")
    assert topology.group.demand[herders] == pytest.approx([1.8])  # 100 persons, thousand t


def test_what_land_may_not_have_is_told():
    given = pasture_spec()
    del given["units"][2]["growth"]
    assert any("land needs 'growth' above 0" in message for message in messages(given))
    given = pasture_spec()
    given["units"][2]["inflow"] = 3
    expected = "'inflow' has no meaning for a unit of kind land"
    assert any(expected in message for message in messages(given))
    for kind in ("irrigators", "fishers"):
        given = pasture_spec()
        given["groups"][1]["kind"] = kind
        given["groups"][1]["name"] = "second"
        assert any(f"{kind} cannot live from a land" in m for m in messages(given))


# ── mistakes ───────────────────────────────────────────────────────────────────────────────────


def put(given: dict, path: tuple, value: object) -> dict:
    place = given
    for key in path[:-1]:
        place = place[key]
    if value is KeyError:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return given


MISTAKES = [
    (("colour",), "red", "unknown key 'colour'"),
    (("nations", 0, "name"), False, "Put it in quotes, for example 'NO'"),
    (("nations", 0, "name"), 12, "is a number, not a name"),
    (("nations", 0, "term_yaers"), 4, "Did you mean 'term_years'?"),
    (("nations", 0, "source"), KeyError, "needs 'source:' or 'assumption:'"),
    (("nations", 1, "name"), "S", "nation S: declared twice"),
    (("municipalities", 0, "nation"), False, "Put it in quotes"),
    (("municipalities", 0, "nation"), "Nn", "no nation 'Nn'. Did you mean 'N'?"),
    (("municipalities", 0, "capacity"), 1.5, "1.5 is outside the allowed range 0 to 1"),
    (("municipalities", 0, "latitude"), "north", "'north' is not a number. Allowed: -90 to 90 deg"),
    (("municipalities", 0, "population"), "1e6", "write 1.0e+6 or 1000000"),
    (("municipalities", 0, "population"), True, "True is not a number"),
    (("municipalities", 0, "population"), KeyError, "'population' is missing (people who live"),
    (("municipalities", 0, "population"), 900, "its groups count 370 persons"),
    (("municipalities", 0, "unit"), "lowr", "no unit 'lowr'. Did you mean 'lower'?"),
    (("groups", 0, "kind"), "irrigator", "Did you mean 'irrigators'?"),
    (("groups", 0, "municipality"), "D", "no municipality 'D'. Declared: A, B, C."),
    (("groups", 0, "size"), 10, "give either 'size' or 'share'"),
    (("groups", 1, "kind"), "fishers", "fishers cannot live from a river"),
    (("groups", 1, "kind"), "irrigators", "give one of them a 'name'"),
    (("units", 0, "downstream"), "upper", "lower, upper flow in a circle"),
    (("units", 1, "downstream"), "sea", "no unit 'sea'"),
    (("units", 0, "growth"), 0.5, "'growth' has no meaning for a unit of kind river"),
    (("units", 0, "release"), KeyError, "needs 'release' above 0"),
    (("basins", 0, "season"), [1, 2], "needs 12 numbers, January first"),
    (("basins", 0, "season"), KeyError, "'season' is missing"),
    (("basins", 0, "kind"), "rivr", "Did you mean 'river'?"),
    (("basins", 0, "record"), [1.0] * 13, "whole years of monthly flows"),
    (("pairs", 0, "between"), ["N"], "'between' needs two names"),
    (("pairs", 0, "bodies", 0, "monitoring"), 2, "body one: monitoring: 2 is outside"),
    (("pairs",), [], "no two municipalities of different nations face each other"),
    (("dyads",), {"within_m": 3}, "unknown key 'within_m'. Did you mean 'within_km'?"),
    (("dyads",), [{"between": ["A", "C"]}], "both lie in N; a dyad needs two nations"),
    (("dyads",), [{"between": ["A", "B"]}, {"between": ["B", "A"]}], "declared twice"),
    (("start_year",), -5, "start_year: -5 is outside the allowed range 1500 to 2500 calendar"),
    (("municipalities",), "A", "a list is needed"),
    (("municipalities",), [], "at least one is needed"),
]


@pytest.mark.parametrize(("path", "value", "expected"), MISTAKES)
def test_a_mistake_is_told_in_plain_words(path, value, expected):
    if expected.startswith("its groups count"):
        put(spec_ := spec(), ("groups", 1, "size"), 700)
        told = messages(put(spec_, path, value))
        expected = "its groups count 970 persons, but its population is 900"
    else:
        told = messages(put(spec(), path, value))
    assert any(expected in message for message in told), told


def test_all_mistakes_are_told_at_once():
    wrong = spec()
    put(wrong, ("colour",), "red")
    put(wrong, ("nations", 0, "hawkishness"), 2)
    put(wrong, ("groups", 1, "voice"), -1)
    put(wrong, ("dyads",), [{"between": ["A", "X"]}])
    assert len(messages(wrong)) == 4


def test_no_value_anywhere_in_a_file_breaks_the_reader():
    """Every place of a real file, filled with odd values: either a region or a RegionError."""
    given = read_yaml(region_path("fergana"), "fergana").value
    odd = [
        None,
        True,
        -1,
        10**400,
        float("nan"),
        "",
        "x",
        [],
        {},
        [1, 2],
        {"a": 1},
        [None],
        "Isfara",
    ]
    rng = random.Random(2)
    places = [path for path in paths_of(given) if path]
    for path in rng.sample(places, 250):
        wrong = put(copy.deepcopy(given), path, rng.choice(odd))
        with contextlib.suppress(RegionError):
            build_region(wrong)


def paths_of(value: object, path: tuple = ()):
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    if isinstance(value, (dict, list)):
        for key, each in inner:
            yield from (
                paths_of(each, (*path, key)) if isinstance(each, (dict, list)) else [(*path, key)]
            )


# ── files ──────────────────────────────────────────────────────────────────────────────────────


def write(folder: Path, text: str) -> str:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def told(path: str) -> list[str]:
    with pytest.raises(RegionError) as caught:
        load_region(path)
    return caught.value.messages


def test_a_mistake_in_a_file_names_file_and_line(tmp_path):
    text = (config_folder() / "region" / "upper_rhine.yaml").read_text(encoding="utf-8")
    lines = text.replace("population: 177595", "population: many").splitlines()
    line = next(n for n, row in enumerate(lines, 1) if "population: many" in row)
    path = write(tmp_path, "\n".join(lines))
    allowed = "Allowed: 1 to 100,000,000 persons (people who live there)."
    where = f"{path}:{line}: municipality Basel: population"
    assert told(path) == [f"{where}: 'many' is not a number. {allowed}"]


def test_paths_are_shown_relative_to_where_the_user_stands(tmp_path, monkeypatch):
    write(tmp_path, "generator: synthetic\nnations: 9\n")
    monkeypatch.chdir(tmp_path)
    assert told("mine.yaml")[0].startswith("mine.yaml:2: nations: 9 is outside")


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("name: a\n nations: 3\n", ":2:9:", "Check the indentation"),
        ("name: a\nnations:\n\t- b\n", ":3:1:", "indent with spaces"),
        ("name: [a\n", ":1:7:", "The bracket that opens here is not closed"),
        ("name: a\nname: b\n", ":2:1:", "key 'name' is given twice (first in line 1)"),
        ("name: a\nmoney: !!python/name:os.system\n", ":2:8:", "Put it in quotes"),
        ("name: *gone\n", ":1:7:", "needs the same name after &"),
        ("name: 2026-13-45\n", ":1:7:", "Put it in quotes"),
        ("just text\n", ":", "needs keys at its left edge"),
        ("", ":", "needs keys at its left edge"),
    ],
)
def test_a_file_that_is_no_yaml_ends_in_one_message(tmp_path, text, place, expected):
    path = write(tmp_path, text)
    (message,) = told(path)
    assert message.startswith(path + place)
    assert expected in message


def test_a_file_that_explodes_by_aliases_is_refused(tmp_path):
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "too large" in told(write(tmp_path, "\n".join(rows)))[0]


def test_unknown_names_and_missing_files():
    assert "Did you mean 'fergana'?" in told("ferghana")[0]
    assert "there is no file" in told("nowhere/mine.yaml")[0]


def test_a_record_is_read_from_the_file_beside(tmp_path):
    text = (config_folder() / "region" / "lower_colorado.yaml").read_text(encoding="utf-8")
    path = write(tmp_path, text)
    assert "there is no such file beside the region file" in told(path)[0]
    (tmp_path / "lower_colorado.inflow.csv").write_text("month,flow\n2001-02,5\n", encoding="utf-8")
    assert "month '2001-02' is out of order" in told(path)[0]
    (tmp_path / "lower_colorado.inflow.csv").write_text("time,q\n2001-01,5\n", encoding="utf-8")
    assert "needs the columns 'month' and 'flow'" in told(path)[0]


def test_settings_belong_to_a_generated_region_only():
    region = load_region("synthetic", {"municipalities": 20, "nations": 3})
    assert len(region.municipality_names) == 20
    with pytest.raises(RegionError, match="only a generated region"):
        load_region("fergana", {"municipalities": 20})
    with pytest.raises(RegionError, match="Did you mean 'municipalities'"):
        load_region("synthetic", {"municipality": 20})


# ── the regions that come with it ──────────────────────────────────────────────────────────────


def demand_ratio(region: Region, basin: str, months: slice = slice(None)) -> float:
    """Need over mean supply of one basin in some months."""
    topology = region.topology
    row = region.basin_names.index(basin)
    here = topology.unit.basin[topology.group.unit] == row
    supply = topology.unit.inflow[topology.unit.basin == row].sum() * topology.basin.season[row]
    steady = 1.0 - topology.group.seasonality[here, None]
    follow = topology.group.seasonality[here, None] * topology.basin.need_season[row]
    need = (topology.group.demand[here, None] * (steady + follow)).sum(axis=0)
    return float(need[months].sum() / supply[months].sum())


def test_fergana_is_scarce_in_the_growing_season():
    region = load_region("fergana")
    growing = slice(3, 9)  # April to September
    assert 0.9 < demand_ratio(region, "isfara", growing) < 1.1
    assert 0.9 < demand_ratio(region, "sokh", growing) < 1.1
    assert {"Isfara", "Konibodom", "Batken", "Vorukh", "Sokh"} <= set(region.municipality_names)


def test_lower_colorado_is_used_to_the_last_drop_and_runs_on_the_record():
    region = load_region("lower_colorado")
    basin = region.topology.basin
    assert 0.9 < demand_ratio(region, "colorado") < 1.05
    assert 1.0 < demand_ratio(region, "delta_groundwater") < 1.2
    row = region.basin_names.index("colorado")
    assert basin.record[row] == 0
    assert basin.record_months[0] == 114 * 12  # 1906 to 2019
    yearly = basin.records[0].reshape(-1, 12).mean(axis=1)
    assert yearly.std() == pytest.approx(0.29, abs=0.01)
    units = region.topology.unit.inflow[region.topology.unit.basin == row]
    assert units.sum() == pytest.approx(1.5e6 * 1233.5e-6 + 1000, rel=0.01)  # treaty + Yuma


def test_upper_rhine_has_plenty():
    region = load_region("upper_rhine")
    assert demand_ratio(region, "river") < 0.1
    assert demand_ratio(region, "groundwater") < 0.2
    assert region.topology.pair.body_resolution[:, [RIVER, AQUIFER]].min() > 0.8


def yield_ratio(region: Region, basin: str) -> float:
    """Need over the largest sustainable yield r K / 4 of a fishery or of pastures."""
    topology = region.topology
    row = region.basin_names.index(basin)
    here = topology.unit.basin == row
    most = topology.unit.growth[here] * topology.unit.capacity[here] / 4.0
    need = topology.group.demand[topology.unit.basin[topology.group.unit] == row]
    return float(need.sum() / most.sum())


def kinds_of_groups(region: Region) -> set[str]:
    return {GROUP_KINDS[kind] for kind in region.topology.group.kind.tolist()}


def test_lake_victoria_is_fished_to_its_limit_and_beyond_it_where_the_line_is_in_doubt():
    region = load_region("lake_victoria")
    assert region.nation_names == ("KE", "TZ", "UG")
    assert 0.95 < yield_ratio(region, "lake") < 1.1
    unit, group = region.topology.unit, region.topology.group
    doubt = region.unit_names.index("north_east_waters")
    need = group.demand[group.unit == doubt].sum()
    assert need > 1.1 * unit.growth[doubt] * unit.capacity[doubt] / 4.0
    assert unit.disputed[doubt] == unit.disputed.max()
    nation = region.topology.municipality.nation[group.municipality]
    catch = [group.demand[(nation == n) & (group.kind == GROUP_KINDS.index("fishers"))].sum()
             for n in range(3)]  # fmt: skip
    assert np.array(catch) / sum(catch) == pytest.approx([0.22, 0.49, 0.29], abs=0.005)
    assert any("Victoria Fisheries" in body["name"] for body in documented("lake_victoria"))


def test_ndjamena_and_kousseri_share_pasture_fish_and_river():
    region = load_region("ndjamena_kousseri")
    assert {"herders", "fishers", "irrigators", "displaced"} <= kinds_of_groups(region)
    assert 0.9 < yield_ratio(region, "pastures") < 1.1
    assert 0.9 < yield_ratio(region, "floodplain_fish") < 1.1
    assert demand_ratio(region, "rivers") < 0.1
    assert demand_ratio(region, "rivers", slice(2, 4)) < 0.3
    assert region.topology.pair.shares[0].tolist() == [1.0, 1.0, 1.0, 1.0]
    assert any(body["since"] == 1964 for body in documented("ndjamena_kousseri"))


def test_the_triple_frontier_has_water_in_plenty_and_many_who_need_the_bridges():
    region = load_region("triple_frontier")
    assert region.nation_names == ("AR", "BR", "PY")
    assert region.pair_names == ("AR-BR", "AR-PY", "BR-PY")
    assert demand_ratio(region, "parana") < 0.01
    assert demand_ratio(region, "basalt") < 0.5
    traders = region.topology.group.kind == GROUP_KINDS.index("traders")
    assert region.topology.group.size[traders].sum() > 80_000
    assert "indigenous" in kinds_of_groups(region)
    assert any(body["since"] == 1969 for body in documented("triple_frontier"))


def documented(name: str) -> list[dict]:
    return region_document(name)["bodies"]


def test_every_real_region_says_how_often_heat_and_storms_come():
    for name in REAL:
        given = read_yaml(region_path(name), name).value["defaults"]["basins"]
        assert {"heat_return_years", "storm_return_years"} <= set(given), name
        basin = load_region(name).topology.basin
        assert basin.heat_rate.min() >= 0.2
        assert basin.storm_rate.min() >= 0.1
    lake = load_region("lake_victoria").topology.basin
    assert lake.storm_rate.tolist() == [0.5] * 3


def test_no_region_seems_to_take_a_position():
    """Each says that it is simulated and takes no position; a town that is rounded says so."""
    for name in REAL:
        given = read_yaml(region_path(name), name).value
        assert given["note"] == "Simulated, not observed. No position on any border is implied."
        for town in given["municipalities"]:
            assert "geonames_id" in town or "Not in" in town["assumption"], town["name"]


def test_real_regions_are_small_enough_for_a_demonstration():
    for name in REAL:
        topology = load_region(name).topology
        entities = topology.group.key.size + topology.dyad.key.size + topology.unit.key.size
        assert 40 <= entities <= 60, (name, entities)
        assert set(topology.unit.kind.tolist()) <= {RIVER, AQUIFER, FISHERY, LAND}
        assert topology.pair.shares.shape == (topology.pair.key.size, OTHER)


@pytest.mark.parametrize("name", REAL)
def test_a_region_document_is_whole(name):
    document = region_document(name)
    assert "no position" in document["note"].lower()
    assert document["place_source"] == "Places: GeoNames, CC BY 4.0"
    assert "Natural Earth" in document["border_source"]
    assert document["borders"]
    assert all(len(point) == 2 for line in document["borders"] for point in line)
    assert document["bodies"]
    assert all(body["pairs"] for body in document["bodies"])
    assert len(document["assumptions"]) > 20
    assert len(document["sources"]) > 10
    assert all(each["where"] and each["text"] for each in document["assumptions"])
    names = {place["name"] for place in document["municipalities"]}
    assert all({dyad["a"], dyad["b"]} <= names for dyad in document["dyads"])


def test_every_figure_of_a_real_region_has_an_origin():
    """Taking away any source or assumption is noticed."""
    given = read_yaml(region_path("upper_rhine"), "x").value
    for row, basin in enumerate(given["basins"]):
        wrong = copy.deepcopy(given)
        del wrong["defaults"]["basins"]["assumption"]
        for key in ("source", "assumption"):
            wrong["basins"][row].pop(key, None)
        assert any(f"basin {basin['name']}: needs" in m for m in messages(wrong))


def test_a_document_can_be_made_from_an_opened_region():
    file = open_region("synthetic")
    assert document_of(*file)["municipalities"][0]["nation"] == "N1"
