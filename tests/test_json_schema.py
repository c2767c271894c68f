"""JSON schemas: files that ship hold, mistakes of students do not, and what only `check` sees."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from conftest import ROOT
from referencing import Registry
from referencing.jsonschema import DRAFT7

from experiments.json_schema_files import LINE, SCHEMAS, below, pages
from experiments.settings import settings
from sim.region_fields import SECTIONS

MADE = {f"{name}.json": made() for name, made in SCHEMAS.items()}
REGISTRY: Registry[Any] = Registry().with_resources(
    (name, DRAFT7.create_resource(schema)) for name, schema in MADE.items()
)
SHIPPED = sorted((ROOT / "configs").rglob("*.yaml"))
STARTERS = [path for path in sorted((ROOT / "docs" / "coursework").rglob("*.yaml"))
            if path.name not in {"answers.yaml", "marking.yaml"}]  # fmt: skip
CORPUS = [
    pytest.param(entry, id=entry["name"])
    for name in ("keys", "numbers", "names", "designs")
    for entry in yaml.safe_load((ROOT / "tests" / "mistakes" / f"{name}.yaml").read_text("utf-8"))
    if [*entry.get("files", {})] == ["mine.yaml"] and "study=mine" in entry["command"]
]
# What needs the whole study, the region or the text itself: told by `thalweg check`.
LATER = {
    "a key given twice in a study file", "a block given twice in a study file",
    "a setting given in a block and by its dotted name",
    "one end of a range outside what is allowed", "a decimal comma in a study file",
    "several values in compare", "a time of day read as a number", "a zero in front",
    "an arm named twice", "a mode in a study file", "a pair of towns mistyped",
    "a range in a grid", "n with a grid", "n missing", "an intensity of a mechanism in no arm",
    "first years that reach past the end of the shortest history", "a grid that explodes",
}  # fmt: skip


def faults(name: str, content: Any) -> list[str]:
    """What a schema finds wrong."""
    schema = MADE[f"{name}.json"]
    checker = jsonschema.Draft7Validator(schema, registry=REGISTRY)
    return [error.message for error in checker.iter_errors(content)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_one_and_stands_as_it_is_made(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(MADE[f"{name}.json"])
    path, made = next((p, m) for p, m in pages().items() if p.stem == name)
    assert (ROOT / path).read_text("utf-8") == made()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_file_that_ships_names_its_schema_and_holds(path: Path) -> None:
    text = path.read_text("utf-8")
    (line,) = [row for row in text.splitlines() if row.startswith(LINE)]
    schema = (path.parent / line.removeprefix(LINE)).resolve()
    assert schema == ROOT / "configs" / "schema" / f"{below(path)}.json"
    assert faults(below(path), yaml.safe_load(text)) == []


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_starters_of_the_coursework_hold(path: Path) -> None:
    assert faults("settings", yaml.safe_load(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("entry", CORPUS)
def test_a_mistake_is_underlined_unless_it_needs_the_whole_study(entry: dict[str, Any]) -> None:
    try:
        content = yaml.safe_load(entry["files"]["mine.yaml"])
    except yaml.YAMLError:
        return
    assert (faults("settings", content) == []) is (entry["name"] in LATER)


def test_no_mistake_is_exempt_that_is_not_in_the_corpus() -> None:
    assert {param.values[0]["name"] for param in CORPUS} >= LATER - {"several values in compare"}


def test_every_setting_can_be_written_nested_and_dotted() -> None:
    """With its default, or with a word where it has none."""
    for key, setting in settings().items():
        value = setting.default if setting.default is not None else _some(setting)
        dotted = key.replace("region.", "region_options.") if key.startswith("region.") else key
        *branches, leaf = dotted.split(".")
        tree: dict[str, Any] = {leaf: value}
        for branch in reversed(branches):
            tree = {branch: tree}
        assert faults("settings", tree) == [], key
        if branches:
            assert faults("settings", {key: value}) == [], key
            assert faults("settings", {key: "many words, and no number?"}) != [], key


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        (("municipalities", 0, "populaton"), 5, "populaton"),
        (("municipalities", 0, "latitude"), 123, "greater than the maximum of 90"),
        (("municipalities", 0, "population"), "many", "is not of type 'number'"),
        (("basins", 0, "kind"), "rivr", "'rivr' is not one of"),
        (("groups", 0, "kind"), "farmers", "'farmers' is not one of"),
        (("nations", 0, "name"), False, "is not of type 'string'"),
        (("pairs", 0, "between"), ["KG"], "too short"),
        (("start_year",), 2026.5, "is not of type 'integer'"),
        (("munincipalities",), [], "munincipalities"),
        (("defaults", "groups", "irrigators", "voice"), 3, "greater than the maximum of 1"),
    ],
)
def test_a_mistake_in_a_region_is_underlined(
    place: tuple[str | int, ...], value: Any, says: str
) -> None:
    region = yaml.safe_load((ROOT / "configs" / "region" / "fergana.yaml").read_text("utf-8"))
    holder = region
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = value
    assert says in " ".join(_all(MADE["region.json"], region))


def test_every_key_of_a_region_is_known() -> None:
    text = (ROOT / "configs" / "schema" / "region.json").read_text("utf-8")
    for section in SECTIONS.values():
        for key in (*section.numbers, *section.words):
            assert f'"{key}": ' in text


def test_no_file_names_a_schema_that_is_not_there() -> None:
    for path in (ROOT / "experiments" / "new_files").glob("*.yaml"):
        for name in re.findall(r"\$schema=schema/(\w+)\.json", path.read_text("utf-8")):
            assert name in SCHEMAS


def _all(schema: dict[str, Any], content: Any) -> list[str]:
    """Messages of all faults, those of alternatives included."""
    found = [*jsonschema.Draft7Validator(schema).iter_errors(content)]
    deep = list(found)
    for error in deep:
        deep.extend(error.context or [])
    return [error.message for error in deep]


def _some(setting: Any) -> Any:
    kinds = {"whole": setting.lo, "number": setting.lo, "flag": True, "list": ["Isfara-Batken"]}
    return {"outcomes": ["crisis_any"], "series": ["all"]}.get(
        setting.key, kinds.get(setting.kind, "full" if setting.key != "out" else "results"))
