"""docs/mechanisms.md: words from the mechanisms' files, numbers from the store, nothing run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT

from experiments import mechanism_document
from experiments.mechanism_document import ALL, OUTCOMES, page
from experiments.mechanism_effects import as_text, asked
from sim.mechanisms import MECHANISMS, NAMES

FOUND = {
    "kernel": "0123456789abcdef", "seeds": 5, "first_seed": 1, "years": 20.0,
    "regions": {"fergana": "Fergana"},
    "effects": {"fergana": {arm: {key: [-0.1, -0.2, -0.05, 1.0] for key in OUTCOMES}
                            for arm in (*NAMES, ALL)}},
}  # fmt: skip


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
        assert f"\n## {mechanism.label}\n" in text
    for part in ("**Fails when:**", "**Cost:**", "**Seeds:**", "**Evidence:**"):
        assert text.count(part) == len(MECHANISMS)
    assert ("**-0.1 (-0.2 to -0.05)**" in text) is stored
    assert ("| `full` | 1 / 0 |" in text) is stored


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
