"""docs/mechanisms.md: words from the mechanisms' files, numbers from the store, nothing run."""

from __future__ import annotations

import copy
import json
import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from experiments import mechanism_document, mechanism_effects, version_document
from experiments.arm_lists import NEGOTIATED
from experiments.mechanism_document import ALL, OUTCOMES, STORE, page
from experiments.mechanism_effects import arms, as_text, asked, compared, lives, measure
from experiments.negotiated_document import AGREEMENTS, LEFT, LIVES
from experiments.regions import region_names
from sim._jit import kernel_digest
from sim.mechanisms import MECHANISMS, NAMES

FOUND: dict[str, Any] = {
    "kernel": "0123456789abcdef", "seeds": 5, "first_seed": 1, "years": 20.0,
    "regions": {"fergana": "Fergana"},
    "effects": {"fergana": {arm: {key: [-0.1, -0.2, -0.05, 1.0] for key in OUTCOMES}
                            for arm in (*NAMES, ALL, NEGOTIATED)}},
    "within": {"fergana": {arm: {key: [0.03, 0.01, 0.05, 2.0] for key in OUTCOMES}
                           for arm in NAMES}},
    "agreements": {"fergana": {key: [1.5, 1.25, 1.75, 5] for key in LIVES}},
}  # fmt: skip
ALONE = "Alone, against no mechanism"
COMPANY = "Within the full package, against the package without it"


@pytest.fixture(autouse=True)
def defaults_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other sets of parameters have tests of their own (`test_version_page`)."""
    monkeypatch.setattr(version_document, "STORE", tmp_path / "no-versions.json")


def written(store: Path, found: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a store."""
    store.write_text(as_text(found), encoding="utf-8")
    monkeypatch.setattr(mechanism_document, "STORE", store)
    return page()


def section(text: str, heading: str) -> str:
    return text.split(f"{heading}\n", 1)[1].split("\n#", 1)[0]


def test_the_store_can_be_read_back() -> None:
    assert json.loads(as_text(FOUND)) == FOUND


@pytest.mark.parametrize("stored", [True, False])
def test_every_mechanism_has_its_section(
    stored: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "mechanisms.json"
    if stored:
        store.write_text(as_text(FOUND), encoding="utf-8")
    monkeypatch.setattr(mechanism_document, "STORE", store)
    text = page()
    for mechanism in MECHANISMS:
        own = section(text, f"\n## {mechanism.label}")
        assert (f"{ALONE}:\n\n| region" in own) is stored
        assert (f"{COMPANY}:\n\n| region" in own) is stored
        assert ("**-0.1 (-0.2 to -0.05)**" in own) is stored
        assert ("**+0.03 (+0.01 to +0.05)**" in own) is stored
    for part in ("**Fails when:**", "**Cost:**", "**Evidence:**"):
        assert text.count(part) == len(MECHANISMS)
    assert ("## At a glance" in text) is stored


def test_both_tables_at_a_glance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = written(tmp_path / "mechanisms.json", FOUND, monkeypatch)
    alone = section(text, "### Each mechanism alone")
    within = section(text, "### Within the full package")
    for mechanism in MECHANISMS:
        link = f"[{mechanism.label}](#{mechanism.label.lower().replace(' ', '-')})"
        assert f"| {link} | 1 / 0 | 1 / 0 | 1 / 0 | 0 / 1 | 1 / 0 |\n" in alone
        assert f"| {link} | 0 / 1 | 0 / 1 | 0 / 1 | 1 / 0 | 0 / 1 | +1.5 % |\n" in within
    assert "| [All together](#all-together) | 1 / 0 |" in alone
    assert "All together" not in within
    assert "| [Left to the towns](#left-to-the-towns) | 1 / 0 |" in alone
    assert LEFT not in within
    every = 5 * len(NAMES)
    assert f"Of these {every + 10} intervals up to {0.05 * (every + 10):.0f} would" in alone
    assert f"Of these {every} intervals up to {0.05 * every:.0f} would" in within
    assert "these differences do not add up" in " ".join(within.split())


def test_every_number_comes_from_the_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = copy.deepcopy(FOUND)
    found["within"]["fergana"]["accountability"] = {key: [0.0, 0.0, 0.0, 2.0] for key in OUTCOMES}
    before = written(tmp_path / "one.json", FOUND, monkeypatch).splitlines()
    after = written(tmp_path / "two.json", found, monkeypatch).splitlines()
    changed = [new for old, new in zip(before, after, strict=True) if old != new]
    zero = " | ".join(["0 / 0"] * 5)
    assert changed == [
        f"| [Accountability](#accountability) | {zero} | 0 % |",
        f"{COMPANY} (no clear effect in any region, except on money):",
        f"| `fergana` | {' | '.join('0' * 6)} |",
    ]


def test_what_the_towns_agree_on_has_its_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = copy.deepcopy(FOUND)
    own = found[AGREEMENTS]["fergana"]
    own["time_to_agreement"] = [3.0, 2.0, 4.0, 4]
    own["survived_elections"] = [0.5, None, None, 1]
    own["survived_crises"] = [None, None, None, 0]
    text = section(written(tmp_path / "mechanisms.json", found, monkeypatch), f"\n## {LEFT}")
    plain = "1.5 (1.25 to 1.75)"
    cells = (plain, plain, "3 (2 to 4); of 4", plain, "0.5; of 1", "in no history", plain)
    assert f"| `fergana` | {' | '.join(cells)} |\n" in text
    assert f"| `fergana` | {' | '.join(['**-0.1 (-0.2 to -0.05)**'] * len(OUTCOMES))} |\n" in text
    before = {key: value for key, value in found.items() if key != AGREEMENTS}
    before["effects"]["fergana"].pop(NEGOTIATED)
    unmeasured = written(tmp_path / "before.json", before, monkeypatch)
    assert "`negotiated`." in unmeasured.split("Not measured yet: ", 1)[1].split("\n", 1)[0]
    assert "| region" not in section(unmeasured, f"\n## {LEFT}")


def test_the_opening_holds_no_number_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {**FOUND, "seeds": 7, "years": 11.0, "first_seed": 3}
    text = written(tmp_path / "mechanisms.json", found, monkeypatch).split("## At a glance")[0]
    assert {*re.findall(r"\d+", re.sub(r"`[^`]*`", "", text))} == {"7", "11", "3", "95"}


def test_a_store_without_the_package_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "mechanisms.json"
    store.write_text(json.dumps({k: v for k, v in FOUND.items() if k != "within"}))
    monkeypatch.setattr(mechanism_document, "STORE", store)
    with pytest.raises(ValueError, match="does not hold both comparisons"):
        page()


def test_the_store_holds_both_comparisons_of_every_region() -> None:
    found = json.loads(STORE.read_text(encoding="utf-8"))
    assert [*found, *([] if AGREEMENTS in found else [AGREEMENTS])] == list(FOUND)
    assert re.fullmatch(r"[0-9a-f]{16}", found["kernel"])
    assert found["seeds"] >= 2
    shipped = [name for name in region_names() if name != "synthetic"]
    places = list(found["regions"])
    assert places
    assert set(places) <= set(shipped)
    for comparison, names in (("effects", [*NAMES, ALL, NEGOTIATED]), ("within", list(NAMES))):
        assert list(found[comparison]) == places
        for effects in found[comparison].values():
            assert effects
            assert set(effects) <= set(names)
            for numbers in effects.values():
                assert list(numbers) == list(OUTCOMES)
                for difference, lo, hi, mean in numbers.values():
                    assert all(map(math.isfinite, (difference, lo, hi, mean)))
                    assert lo <= hi


def test_the_store_holds_what_became_of_agreements() -> None:
    found = json.loads(STORE.read_text(encoding="utf-8"))
    for region, held in found.get(AGREEMENTS, {}).items():
        assert region in found["regions"]
        assert list(held) == list(LIVES)
        for mean, lo, hi, count in held.values():
            assert 0 <= count <= found["seeds"]
            assert (mean is None) == (count == 0)
            assert (lo is None) == (hi is None) == (count < 2)
            assert lo is None or lo <= mean <= hi


def test_what_is_not_measured_and_what_is_old_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = written(tmp_path / "mechanisms.json", FOUND, monkeypatch)
    assert "an older one: numbers may have moved since" in text
    others = [name for name in region_names() if name not in {"fergana", "synthetic"}]
    assert len(others) >= 5
    assert f"Not measured yet: {', '.join(f'`{name}`' for name in others)}" in text
    fresh = {**FOUND, "kernel": kernel_digest()[:16]}
    assert ", this one) under" in written(tmp_path / "fresh.json", fresh, monkeypatch)
    whole = {**FOUND, "regions": dict.fromkeys(region_names(), "")}
    assert "Not measured yet" not in written(tmp_path / "whole.json", whole, monkeypatch)


@pytest.fixture
def one_outcome(monkeypatch: pytest.MonkeyPatch) -> str:
    """Intervals of one outcome only, for speed."""
    monkeypatch.setattr(mechanism_effects, "OUTCOMES", ("money_spent",))
    return "money_spent"


def test_what_is_compared_with_what(one_outcome: str) -> None:
    """Each arm has its own value: alone minus none, full minus full less the mechanism."""
    value = {arm: float(row) for row, arm in enumerate(arms())}
    found = compared({arm: {one_outcome: np.full(20, value[arm])} for arm in value})
    assert list(found["effects"]) == [*NAMES, "full", "negotiated"]
    assert list(found["within"]) == list(NAMES)
    for name in NAMES:
        alone, within = (found[one][name][one_outcome] for one in ("effects", "within"))
        assert (alone[0], alone[3]) == (value[name] - value["none"], value["none"])
        left_out = value[f"full-{name}"]
        assert (within[0], within[3]) == (value["full"] - left_out, left_out)


def test_histories_that_do_not_define_a_figure_are_left_out_and_counted() -> None:
    values = dict.fromkeys(LIVES, np.full(4, 2.0))
    values["time_to_agreement"] = np.array([1.0, np.nan, 3.0, np.nan])
    values["survived_elections"] = np.array([np.nan, np.nan, 0.5, np.nan])
    values["survived_crises"] = np.full(4, np.nan)
    found = lives({NEGOTIATED: values})
    assert list(found) == list(LIVES)
    assert found["agreements_signed"] == [2.0, 2.0, 2.0, 4]
    assert found["survived_elections"] == [0.5, None, None, 1]
    assert found["survived_crises"] == [None, None, None, 0]
    mean, lo, hi, count = found["time_to_agreement"]
    assert (mean, count) == (2.0, 2)
    assert lo is not None
    assert hi is not None
    assert lo < 2.0 < hi


@pytest.mark.slow
def test_towns_are_left_free_in_one_arm_and_bound_in_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Measured with the real model, on few and short histories: what is stored can be shown."""
    found = measure(["upper_rhine"], 2, 1.0)
    assert list(found) == list(FOUND)
    assert list(found[AGREEMENTS]["upper_rhine"]) == list(LIVES)
    paid = {arm: own["money_spent"] for arm, own in found["effects"]["upper_rhine"].items()}
    assert paid[ALL][0] > max(paid[NEGOTIATED][0], paid["exchanges"][0])
    assert LEFT in written(tmp_path / "mechanisms.json", found, monkeypatch)


def test_rounding_is_no_effect(one_outcome: str) -> None:
    """A sum that misses zero by rounding must not make an interval exclude zero."""
    runs = {arm: {one_outcome: np.full(20, 0.3)} for arm in arms()}
    runs["full"] = {one_outcome: np.full(20, 0.1 + 0.2)}
    assert compared(runs)["within"]["exchanges"][one_outcome] == [0.0, 0.0, 0.0, 0.3]


@pytest.mark.parametrize("name", NAMES)
def test_a_mechanism_is_shown_to_help_and_to_fail(name: str) -> None:
    text = (ROOT / "tests" / "mechanisms" / f"test_{name}.py").read_text(encoding="utf-8")
    assert len(re.findall(r"^def test_", text, re.MULTILINE)) >= 2
    assert "fail" in text.splitlines()[0]


def test_the_words_of_the_command() -> None:
    assert asked(["seeds=3", "years=2", "regions=fergana"]) == (["fergana"], 3, 2.0)
    regions, seeds, years = asked([])
    assert "synthetic" not in regions
    assert "fergana" in regions
    assert (seeds, years) == (100, 20.0)
