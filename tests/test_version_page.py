"""Effects under other sets of parameters: what turns is unknown, on the whole page."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from test_mechanism_page import FOUND, written

from experiments import version_document, version_effects
from experiments.arm_lists import FULL, NEGOTIATED
from experiments.mechanism_document import EFFECTS, OUTCOMES
from experiments.shipped import parameter_sets, parameter_values, region_names
from experiments.study import plan
from experiments.version_document import MARK, STORE, Place, signs, turning
from experiments.version_effects import as_text, measure, parameters_of
from sim.mechanisms import NAMES
from sim.parameters import DECLARED

ARMS = (*NAMES, FULL, NEGOTIATED)
UP, DOWN, UNCLEAR = [0.1, 0.05, 0.2, 1.0], [-0.1, -0.2, -0.05, 1.0], [0.1, -0.1, 0.3, 1.0]
VERSIONS: dict[str, Any] = {
    "kernel": "0123456789abcdef", "seeds": 7, "first_seed": 1, "years": 20.0,
    "regions": ["fergana"],
    "sets": {name: {"quarrel": {"floor": 0.05}} for name in ("fit_a_1", "fit_b_1")},
    "effects": {
        name: {"fergana": {arm: {key: list(numbers) for key in OUTCOMES} for arm in ARMS}}
        for name, numbers in (("fit_a_1", DOWN), ("fit_b_1", UNCLEAR))
    },
}  # fmt: skip


def shown(
    versions: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    found: dict[str, Any] = FOUND,
) -> str:  # fmt: skip
    """The page of a store of defaults (all clear, all below zero) and one of versions."""
    store = tmp_path / "versions.json"
    store.write_text(as_text(versions), encoding="utf-8")
    monkeypatch.setattr(version_document, "STORE", store)
    return written(tmp_path / "mechanisms.json", found, monkeypatch)


def test_the_store_can_be_read_back() -> None:
    assert json.loads(as_text(VERSIONS)) == VERSIONS


def test_clear_with_both_signs_turns_and_unclear_does_not() -> None:
    assert turning({"default": 1, "a": 0, "b": -1})
    assert turning({"default": 0, "a": 1, "b": -1})
    assert not turning({"default": 1, "a": 0, "b": 1})
    assert not turning({"default": 0, "a": -1})
    versions = {"v": {"r": {"m": {"x": DOWN}}}, "w": {"r": {"m": {"x": UNCLEAR}}}}
    by_place = signs({"r": {"m": {"x": UP}}}, versions, ["x"])
    assert by_place == {Place("r", "m", "x"): {"default": 1, "v": -1, "w": 0}}


def test_without_a_turn_nothing_is_marked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(VERSIONS, tmp_path, monkeypatch)
    assert "No effect is clear with both signs." in text
    assert text.count(MARK) == 1  # where the mark is explained
    assert "**-0.1 (-0.2 to -0.05)**" in text


def test_an_effect_that_turns_is_unknown_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    versions = copy.deepcopy(VERSIONS)
    versions["effects"]["fit_b_1"]["fergana"]["exchanges"]["violent_incidents"] = UP
    before = shown(VERSIONS, tmp_path, monkeypatch)
    after = shown(versions, tmp_path, monkeypatch)
    assert f"| -0.1 (-0.2 to -0.05) {MARK} |" in after
    assert before.count("**-0.1 (-0.2 to -0.05)**") - after.count("**-0.1 (-0.2 to -0.05)**") == 1
    row = "| [Exchanges](#exchanges) | 1 / 0 | 1 / 0 | {} | 0 / 1 | 1 / 0 |"
    assert row.format("1 / 0") in before
    assert row.format("0 / 0") in after
    kept = "| [Exchanges](#exchanges) | 1 / 0 | 1 / 0 | {} | 1 / 0 | 1 / 0 |"
    assert kept.format("1 / 0") in before
    assert kept.format("0 / 1") in after
    said = "- [Exchanges](#exchanges), violent local incidents, `fergana`: higher under "
    assert f"{said}`fit_b_1`; lower under `default`, `fit_a_1`" in after
    assert said not in before


def test_without_versions_there_is_no_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(version_document, "STORE", tmp_path / "absent.json")
    text = written(tmp_path / "mechanisms.json", FOUND, monkeypatch)
    assert version_document.HEADING not in text
    assert MARK not in text


def test_sets_that_are_not_those_of_now_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = shown(VERSIONS, tmp_path, monkeypatch)
    assert f"gone since: {', '.join(sorted(('fit_a_1', 'fit_b_1', *parameter_sets())))})" in text
    monkeypatch.setattr(version_document, "parameter_sets", lambda: ("fit_a_1", "fit_b_1"))
    values = {"fit_a_1": {"quarrel": {"floor": 0.05}}, "fit_b_1": {"quarrel": {"floor": 0.06}}}
    monkeypatch.setattr(version_document, "parameter_values", values.get)
    assert "gone since: fit_b_1)" in shown(VERSIONS, tmp_path, monkeypatch)
    values["fit_b_1"] = values["fit_a_1"]
    assert "gone since" not in shown(VERSIONS, tmp_path, monkeypatch)


def test_every_set_that_ships_is_sound_and_differs_from_the_defaults() -> None:
    assert parameter_sets()
    defaults = {d.key: d.default for d in DECLARED}
    for name in parameter_sets():
        assert parameters_of(name) != defaults, name
        assert plan("compare", [f"parameters={name}", "arms=none,full", "seeds=1"]).runs == 2


def test_the_store_that_ships_covers_every_set_arm_and_place() -> None:
    found = json.loads(STORE.read_text(encoding="utf-8"))
    assert tuple(found["effects"]) == parameter_sets()
    assert found["sets"] == {name: parameter_values(name) for name in parameter_sets()}
    assert found["regions"] == [name for name in region_names() if name != "synthetic"]
    for regions in found["effects"].values():
        assert list(regions) == found["regions"]
        for arms in regions.values():
            assert tuple(arms) == ARMS
            assert all(list(numbers) == list(OUTCOMES) for numbers in arms.values())


@pytest.mark.slow
def test_a_set_reaches_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Effects under a set are not those under the defaults, seed by seed the same draws."""
    monkeypatch.setattr(version_effects, "parameter_sets", lambda: ("default", "tight_purse"))
    monkeypatch.setattr(version_effects, "parameter_values", lambda _: {})
    monkeypatch.setattr(version_effects, "arms", lambda: ["none", FULL])
    found = measure(["fergana"], 3, 2.0)[EFFECTS]
    assert found["default"] != found["tight_purse"]
