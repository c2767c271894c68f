"""docs/findings.md: verdicts over several models, how sure they are, and a store that goes on."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import ROOT

from experiments import findings as campaign_of
from experiments import findings_document, findings_grades, findings_words
from experiments.arms import FULL, NEGOTIATED, NONE, WITHOUT
from experiments.findings_document import page
from experiments.findings_grades import (
    BACKFIRES,
    DEPENDS,
    FIRM,
    HELPS,
    HINT,
    LIKELY,
    NOTHING,
    UNTOLD,
    Finding,
    agreeing,
    findings,
)
from experiments.mechanism_document import EFFECTS, OUTCOMES, WITHIN
from sim.mechanisms import NAMES
from sim.outcomes import OUTCOMES as DECLARED

MODELS = ("default", *(f"fit_{k}" for k in range(8)))
BETTER = {key: DECLARED[key].better for key in OUTCOMES if DECLARED[key].better != "none"}
UNCLEAR, DOWN, UP = [0.0, -0.9, 0.9, 1.0], [-0.5, -0.6, -0.4, 1.0], [0.5, 0.4, 0.6, 1.0]
NARROW = [0.0, -0.05, 0.05, 1.0]
KEY, ARM = "violent_incidents", NAMES[0]


def store(*planted: list[float], key: str = KEY, events: int = 50) -> dict[str, Any]:
    """A store in which one mechanism alone has the planted numbers, model by model."""
    every = [NONE, *NAMES, FULL, *(WITHOUT + name for name in NAMES), NEGOTIATED]
    blank = {
        EFFECTS: {arm: dict.fromkeys(OUTCOMES, UNCLEAR) for arm in (*NAMES, FULL, NEGOTIATED)},
        WITHIN: {arm: dict.fromkeys(OUTCOMES, UNCLEAR) for arm in NAMES},
        "events": dict.fromkeys(every, events),
    }
    found = {model: {"fergana": copy.deepcopy(blank)} for model in MODELS}
    for model, numbers in zip(MODELS, planted, strict=False):
        found[model]["fergana"][EFFECTS][ARM][key] = numbers
    return {"kernel": "0123456789abcdef", "seeds": 100, "years": 20.0,
            "regions": {"fergana": "Isfara and Sokh"},
            "models": {model: {"first_seed": 1, "sets": {}} for model in MODELS},
            "found": found}  # fmt: skip


def planted(found: dict[str, Any], key: str = KEY) -> Finding:
    """The finding about the mechanism that was planted."""
    return next(f for f in findings(found, BETTER)
                if (f.comparison, f.arm, f.outcome) == (EFFECTS, ARM, key))  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "verdict", "confidence"),
    [
        ([DOWN] * 9, HELPS, FIRM),
        ([UP] * 9, BACKFIRES, FIRM),
        ([DOWN] * 8 + [UNCLEAR], HELPS, LIKELY),
        ([UNCLEAR, UNCLEAR, *[UP] * 5], BACKFIRES, LIKELY),
        ([DOWN], HELPS, HINT),
        ([DOWN] * 8 + [UP], DEPENDS, ""),
        ([NARROW] * 9, NOTHING, ""),
        ([NARROW] * 8 + [UNCLEAR], UNTOLD, ""),
        ([], UNTOLD, ""),
        ([[0.015, 0.01, 0.02, 1.0]] * 9, NOTHING, ""),
        ([[0.015, 0.01, 0.021, 1.0]] * 9, BACKFIRES, FIRM),
        ([[0.0, -0.02, 0.02, 1.0], *[[0.015, 0.01, 0.02, 1.0]] * 8], NOTHING, ""),
    ],
)
def test_a_verdict_is_what_the_models_say_together(
    numbers: list[list[float]], verdict: str, confidence: str
) -> None:
    found = planted(store(*numbers))
    assert (found.verdict, found.confidence) == (verdict, confidence)


def test_few_pairs_that_do_not_differ_prove_nothing() -> None:
    same = store(*[[0.0, 0.0, 0.0, 1.0]] * 9)
    assert planted(same).verdict == NOTHING
    assert planted({**same, "seeds": 29}).verdict == UNTOLD
    assert planted(store(*[[0.0, 0.0, 0.0, 0.0]] * 9)).verdict == UNTOLD, "nothing to change"


def test_what_is_true_of_most_is_told_by_the_rest() -> None:
    assert findings_words.listed(["a", "b", "c"], ["d"]) == "all 4 but d"
    assert findings_words.listed(["a", "b"], []) == "all 2"
    assert findings_words.listed(["a"], ["b", "c"]) == "a"


def test_the_good_direction_is_the_declared_one() -> None:
    key = "worst_livelihood"
    assert planted(store(*[UP] * 9, key=key), key).verdict == HELPS


def test_so_many_models_must_agree_that_luck_alone_fills_less_than_one_line() -> None:
    """Against a simulation of models that see nothing."""
    k = agreeing(800, 9)
    random = np.random.default_rng(4)
    signs = random.random((400, 800, 9))
    for agreed, most in ((k, 1.0), (k - 1, math.inf)):
        better, worse = ((signs < 0.025).sum(-1), (signs > 0.975).sum(-1))
        lucky = (np.maximum(better, worse) >= agreed).sum(-1).mean()
        assert lucky < most
    assert lucky > 1.0, "one model fewer would not do"
    assert agreeing(800, 2) == 3, "with two models everything is a hint"


def test_a_crisis_that_too_few_histories_hold_is_not_judged() -> None:
    key = findings_grades.COUNTED
    assert planted(store(*[DOWN] * 9, key=key), key).confidence == FIRM
    few = planted(store(*[DOWN] * 9, key=key, events=29), key)
    assert (few.verdict, few.heard) == (UNTOLD, ())
    half = store(*[DOWN] * 9, key=key)
    half["found"]["fit_0"]["fergana"]["events"][ARM] = 29
    assert planted(half, key).confidence == LIKELY, "a model that is not heard cannot agree"


def written(found: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of a store."""
    path = folder / "findings.json"
    path.write_text(campaign_of.as_text({k: v for k, v in found.items() if k != "found"},
                                        found["found"]), encoding="utf-8")  # fmt: skip
    assert json.loads(path.read_text("utf-8")) == found
    monkeypatch.setattr(findings_document, "STORE", path)
    return page()


def section(text: str, heading: str) -> str:
    return text.split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]


def test_the_page_puts_every_verdict_where_it_belongs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = next(m.label for m in campaign_mechanisms() if m.name == ARM)
    firm = written(store(*[DOWN] * 9), tmp_path, monkeypatch)
    row = next(line for line in section(firm, "What helps").splitlines() if label in line)
    assert "-0.5 (-0.6 to -0.4) from 1 1/year | -50 % | -0.5 |" in row
    assert row.endswith("| 9 of 9 | firm |")
    assert "[Isfara and Sokh](#isfara-and-sokh) | 1 / 0 / 0 | 0 / 0 / 0 | 0 | 0 |" in firm
    harm = written(store(*[UP] * 5), tmp_path, monkeypatch)
    assert "likely" in section(harm, "What backfires")
    turns = written(store(DOWN, UP), tmp_path, monkeypatch)
    told = section(turns, "Under which conditions it turns")
    assert "higher under `fit_0`; lower under `default`." in told
    none = written(store(*[NARROW] * 9), tmp_path, monkeypatch)
    assert f"alone: {label}." in section(none, "What does nothing")
    hint = written(store(DOWN), tmp_path, monkeypatch)
    assert f"better: {label} alone (`default`)." in section(hint, "Hints")


def test_the_page_says_when_crises_are_too_few_for_a_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = written(store(events=3), tmp_path, monkeypatch)
    assert "No model saw enough of them under both arms" in text
    assert "3 in 100 histories hold a crisis" in text
    every = len(NAMES) * 2 + 2
    row = next(line for line in text.splitlines()
               if line.startswith(f"| {DECLARED[findings_grades.COUNTED].label} |"))  # fmt: skip
    assert f"| {every} of {every} | {every} | - |" in row


def test_without_a_campaign_nothing_is_claimed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings_document, "STORE", tmp_path / "none.json")
    assert "has not been run yet, so nothing is claimed" in page()
    assert page().count("\n\n") == 2


def test_a_campaign_that_was_broken_off_goes_on_and_another_one_begins_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked = tmp_path / "findings.json", []
    monkeypatch.setattr(campaign_of, "STORE", path)
    monkeypatch.setattr(findings_document, "STORE", path)
    monkeypatch.setattr(campaign_of, "PAGE", tmp_path / "findings.md")
    blank = store()["found"]["default"]

    def measured(campaign: dict[str, Any], model: str) -> dict[str, Any]:
        asked.append((campaign["seeds"], model))
        if len(asked) == 3:
            raise KeyboardInterrupt
        return blank

    monkeypatch.setattr(campaign_of, "measure", measured)
    with pytest.raises(KeyboardInterrupt):
        campaign_of.main(["seeds=5", "regions=fergana"])
    assert len(json.loads(path.read_text("utf-8"))["found"]) == 2
    assert "Not run yet: `fit_" in page()
    assert campaign_of.main(["seeds=5", "regions=fergana"]) == 0
    models = list(json.loads(path.read_text("utf-8"))["found"])
    assert [model for _, model in asked] == [*models[:3], *models[2:]]
    assert "Not run yet" not in (tmp_path / "findings.md").read_text("utf-8")
    campaign_of.main(["seeds=6", "regions=fergana"])
    assert len(asked) == 2 * len(models) + 1


def test_models_have_luck_of_their_own() -> None:
    models = campaign_of.declared(["fergana"], 1000, 20.0)["models"]
    firsts = sorted(model["first_seed"] for model in models.values())
    assert min(np.diff(firsts)) >= 1000
    assert models["default"] == {"first_seed": 1, "sets": {}}


@pytest.mark.slow
def test_one_model_is_run_as_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The defaults from seed 1 on: the comparisons are those of docs/mechanisms.json."""
    from experiments.mechanism_effects import arms, compared, run_region

    campaign = campaign_of.declared(["upper_rhine"], 2, 1.0)
    said = campaign_of.measure(campaign, "default")["upper_rhine"]
    same = compared(run_region("upper_rhine", 2, 1.0, arms()))
    assert {key: said[key] for key in same} == same
    assert set(said["events"]) == set(arms())
    other = campaign_of.measure(campaign, "tight_purse")["upper_rhine"]
    assert other[EFFECTS] != said[EFFECTS]


def campaign_mechanisms() -> Any:
    from sim.mechanisms import MECHANISMS

    return MECHANISMS


def test_the_page_that_is_kept_is_of_the_store_that_is_kept() -> None:
    assert (ROOT / "docs" / "findings.md").read_text("utf-8") == page()
