"""The record of models that give equal bits, and what pages say of their age by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import ROOT

from experiments import bits_of_model, provenance, same_bits
from sim._jit import kernel_digest

REGIONS = ["fergana"]


def entry(old: str, new: str) -> dict:
    """One line of a record."""
    models = [{"kernel": kernel, "versions": {}, "digests": {"fergana, none": "0"}}
              for kernel in (old, new)]  # fmt: skip
    return same_bits.entry_of(*models, REGIONS, 1, 1.0)


def test_equal_models_are_found_over_several_steps_and_only_backwards(tmp_path: Path) -> None:
    record = tmp_path / "same_bits.json"
    for pair in ("ab", "bc", "cd", "xy"):
        same_bits.keep(entry(*pair), record)
    same_bits.keep(entry("a", "b"), record)
    assert len(same_bits.read(record)) == 4, "the same pair is replaced"
    assert same_bits.equal_models("c", record) == {"a", "b"}
    assert same_bits.equal_models("a", record) == set()
    assert same_bits.equal_models("y", record) == {"x"}
    assert same_bits.equal_models("y", tmp_path / "none.json") == set()


def test_a_page_of_an_equal_model_says_so_and_one_of_another_model_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(same_bits, "equal_models", lambda present: frozenset({"b" * 64}))
    assert provenance.age_of(kernel_digest()[:16]) == "this one"
    assert provenance.age_of("b" * 16) == "an earlier one with equal results"
    assert "times" in provenance.age_of("b" * 16, speed=True)
    assert provenance.age_of("c" * 16) == "an older one: numbers may have moved since"


def test_a_model_whose_bits_differ_is_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = iter([{"kernel": k * 64, "versions": {}, "digests": {"fergana, none": d}}
                  for k, d in (("a", "1"), ("b", "2"))])  # fmt: skip
    monkeypatch.setattr(same_bits, "simulated", lambda *_: next(found))
    record = tmp_path / "same_bits.json"
    assert same_bits.compare(tmp_path, 1, 1.0, record) == 1
    assert not record.exists()
    assert "not equal: fergana, none" in capsys.readouterr().out


@pytest.mark.slow
def test_a_checkout_is_equal_to_itself_and_another_seed_is_not(tmp_path: Path) -> None:
    record = tmp_path / "same_bits.json"
    there = same_bits.simulated(ROOT, REGIONS, 1, 1.0)
    here = bits_of_model.told(REGIONS, 1, 1.0)
    assert there == here
    assert set(here["digests"]) == {f"fergana, {arm}" for arm in bits_of_model.ARMS}
    assert len(set(here["digests"].values())) == len(bits_of_model.ARMS)
    assert bits_of_model.digests(REGIONS, 2, 1.0) != here["digests"]
    same_bits.keep(same_bits.entry_of(there, here, REGIONS, 1, 1.0), record)
    assert json.loads(record.read_text())["pairs"][0]["runs"] == 4


def test_the_kept_record_says_what_was_compared() -> None:
    for pair in same_bits.read(same_bits.RECORD):
        assert len(pair["old"]) == len(pair["new"]) == len(pair["digest"]) == 64
        assert pair["runs"] == len(pair["regions"]) * len(pair["arms"]) * pair["seeds"] > 0


def test_a_call_without_a_checkout_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert same_bits.main([]) == same_bits.main(["no_such_folder"]) == 2
    assert "OLD_CHECKOUT" in capsys.readouterr().out
