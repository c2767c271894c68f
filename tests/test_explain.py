"""``thalweg explain``: whatever can be written is explained, from declarations and stored runs."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT, Command

from experiments import explain_find as kinds
from experiments import explain_text, screening
from experiments.exits import UsageError
from experiments.explain_facts import FACTS, facts
from experiments.explain_find import Entry, entries, meant
from experiments.explain_readers import (
    channel_readers,
    handed,
    readers_of,
    stage_words,
    stages,
)
from experiments.explain_shipped import in_sets, in_studies
from experiments.main import main
from sim._jit import kernel_digest
from sim.channels import Channels
from sim.outcomes import OUTCOMES
from sim.parameters import DECLARED

TUTORIAL = ROOT / "docs" / "tutorials" / "first-steps.md"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What the command prints."""
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("kind", sorted({entry.kind for entry in entries()}))
def test_every_entry_is_explained(kind: str) -> None:
    chosen = [entry for entry in entries() if entry.kind == kind]
    assert chosen
    for entry in chosen:
        known = facts(entry)
        assert tuple(known) == FACTS, entry
        assert json.loads(json.dumps(known, allow_nan=False)) == known, entry
        lines = explain_text.text(known)
        for name in ("meaning", "unit", "default", "allowed", "source"):
            assert any(re.match(rf"  {name} +\S", line) for line in lines), (entry, name)
        assert known["meaning"]
        assert known["source"]
        assert max(map(len, lines[1:])) <= explain_text.WIDTH or kind == kinds.STUDY


def test_every_entry_is_found_by_its_full_name_and_by_no_other() -> None:
    keys = [entry.key for entry in entries()]
    assert len(keys) == len({*keys})
    assert all(meant(entry.key) == [entry] for entry in entries())


def test_everything_that_can_be_set_is_an_entry() -> None:
    from experiments.settings import settings
    from experiments.shipped import parameter_sets, region_names
    from sim.mechanisms import NAMES
    from sim.outcomes import OUTCOMES

    keys = {entry.key for entry in entries()}
    assert keys >= {*settings(), *NAMES, *OUTCOMES, *region_names(), *parameter_sets()}


@pytest.mark.parametrize("one", DECLARED, ids=lambda d: d.key)
def test_every_parameter_is_read_somewhere(one: object) -> None:
    key = str(getattr(one, "key", ""))
    found = readers_of(key)
    assert found
    for reader in found:
        assert (ROOT / reader.file).is_file()
        assert {*reader.stages} <= {*stage_words()}
        text = (ROOT / reader.file).read_text(encoding="utf-8")
        assert key in handed().get(reader.file, ()) or key.split(".")[1] in text
        assert reader.stages or not reader.file.startswith(("sim/rules/", "sim/mechanisms/"))


@pytest.mark.parametrize("channel", Channels._fields)
def test_every_channel_is_read_by_a_rule(channel: str) -> None:
    assert channel_readers(channel)


def test_rules_are_found_where_the_schedule_says() -> None:
    assert [(r.name, r.stages) for r in readers_of("drought.severity_mean")] == [("drought", (1,))]
    assert [r.name for r in readers_of("heat.fish")] == ["resources"]
    assert [r.name for r in readers_of("perception.stock_error")] == ["perception"]
    assert [r.name for r in channel_readers("warning_weeks")] == ["hazard_response"]
    assert stages()["sim/rules/agreement_money.py"] == (4,)


def test_a_leaf_is_enough_and_several_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "parameters.drought.severity_mean (parameter)" in said(capsys, "severity_mean")
    assert meant("drought.severity_mean") == meant("parameters.drought.severity_mean=0.4")
    several = said(capsys, "setup_years")
    assert several.startswith("setup_years may mean 17 things")
    assert "  parameters.joint_committee.setup_years  (parameter)" in several
    listed = json.loads(said(capsys, "parameters.drought", "--json"))
    assert len(listed["matches"]) == sum(d.key.startswith("drought.") for d in DECLARED)


@pytest.mark.parametrize(
    ("word", "kind", "key"),
    [
        ("region=fergana", kinds.REGION, "fergana"),
        ("parameters=tight_purse", kinds.SET, "tight_purse"),
        ("study=doubts", kinds.STUDY, "doubts"),
        ("mechanisms=full", kinds.ARM, "full"),
        ("arms=shapley", kinds.ARM, "shapley"),
        ("full-exchanges", kinds.ARM, "full-exchanges"),
        ("exchanges+inclusion-negotiated", kinds.ARM, "exchanges+inclusion-negotiated"),
        ("years=20", kinds.SETTING, "years"),
    ],
)
def test_words_are_taken_as_they_are_written(word: str, kind: str, key: str) -> None:
    assert meant(word) == [Entry(kind, key)]
    assert facts(Entry(kind, key))["label"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("sevrity_mean", "Did you mean 'parameters.drought.severity_mean'"),
        ("joint_comittee", "Did you mean 'joint_committee'"),
        ("region=fregana", "Did you mean 'fergana'?"),
        ("crisis_resourse", "Did you mean 'crisis_resource'"),
        ("parameters=nothing", "Known: fit_alike_1"),
        ("qqqqqq", "A setting, mechanism, outcome"),
        ("", "there is nothing of this name"),
    ],
)
def test_a_misspelt_key_gets_the_nearest_names(
    word: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["explain", word]) == 2
    captured = capsys.readouterr()
    assert hint in captured.err
    assert captured.out == ""


def test_values_that_ship_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert "in sets     tight_purse: 0.02" in said(capsys, "politics.purse")
    assert "doubts: interval(0.6, 0.95)" in said(capsys, "budget.fixed")
    assert json.loads(said(capsys, "tight_purse", "--json"))["sets"] == {
        "parameters.politics.purse": 0.02
    }


def test_the_default_is_the_composed_one() -> None:
    from experiments.compose import settle

    composed = settle([]).values
    for key in ("years", "seeds", "permutations", "region", "arms", "chunk"):
        assert facts(Entry(kinds.SETTING, key))["default"] == composed[key], key


def test_what_the_tutorial_shows_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    shown = re.search(r"```sh\nthalweg explain (\S+)\n```\n.*?```\n(.+?)```", text, re.DOTALL)
    assert shown
    printed = said(capsys, shown[1]).splitlines()
    assert [line for line in shown[2].splitlines() if line not in printed] == []


def test_a_key_without_a_screening_says_how_to_make_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "kept_screening", dict)
    told = said(capsys, "drought.severity_mean")
    assert "not screened yet: python -m experiments.screening keys=drought.severity_mean" in told
    assert "not screened yet: make screening" in said(capsys, "crisis_resource")


def test_a_screening_is_told_for_the_parameter_and_for_the_outcome(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    most = {"moved": 3, "most": {"violent_incidents": [2.25, 1.69, 2.9, 2.92]}}
    kept = {"kernel": "0", "region": "fergana", "seeds": 40, "years": 20.0, "first_seed": 1,
            "moved": screening.RULE,
            "found": {"drought.severity_mean": {"high": {"value": 0.8, "none": most}}}}  # fmt: skip
    monkeypatch.setattr(screening, "kept_screening", lambda: kept)
    told = " ".join(said(capsys, "severity_mean").split())
    row = "3 outcomes moved, most violent_incidents +2.25 (1.69 to 2.9) per year"
    assert f"at 0.8, none: {row}" in told
    assert "an older one" in told
    told = said(capsys, "violent_incidents")
    assert "drought.severity_mean: high end, none: +2.25 (1.69 to 2.9)" in told
    assert "by none of the 1 parameters screened so far" in said(capsys, "crisis_resource")
    for key in ("severity_mean", "violent_incidents", "crisis_resource"):
        campaign = json.loads(said(capsys, key, "--json"))["campaign"]
        assert campaign["seeds"] == 40
        assert campaign["screened"] == 1
        assert "older" in campaign["model"]
    own = {**kept, "kernel": kernel_digest()[:16]}
    monkeypatch.setattr(screening, "kept_screening", lambda: own)
    assert "an older one" not in said(capsys, "severity_mean"), "its digest is that of this model"


def test_many_looks_are_held_to_all_of_them() -> None:
    """Of many outcomes that nothing touches some have an interval without zero: none counts."""
    rng = np.random.default_rng(3)
    keys = [key for key, one in OUTCOMES.items() if one.kind == "level"][:40]
    assert len(keys) >= 20
    base = {key: rng.random(40) for key in keys}
    counted = 0
    for _ in range(5):
        other = {key: values + rng.normal(0, 0.1, 40) for key, values in base.items()}
        counted += screening.moved(base, other)["moved"]
    assert counted <= 1, "without a correction about one in twenty would"


def test_parameters_that_are_doubted_come_first() -> None:
    order = [d.key for d in screening.chosen("")]
    assert {*order} == {d.key for d in DECLARED}
    first = order[:10]
    assert all(in_sets(key) or in_studies(f"parameters.{key}") for key in first)
    assert "drought.severity_mean" in order[:60]


def test_only_what_clearly_moved_is_kept() -> None:
    rng = np.random.default_rng(1)
    base = {"worst_livelihood": rng.random(40), "trust_end": rng.random(40),
            "crisis_resource": np.zeros(40), "violent_incidents": rng.random(40)}  # fmt: skip
    other = {"worst_livelihood": base["worst_livelihood"] + 0.1, "trust_end": base["trust_end"],
             "crisis_resource": np.r_[np.ones(20), np.zeros(20)],
             "violent_incidents": base["violent_incidents"] + rng.normal(0, 1, 40)}  # fmt: skip
    found = screening.moved(base, other)
    assert found["moved"] == 1, "no change, chance, and too few events are left out"
    assert list(found["most"]) == ["worst_livelihood"]
    assert found["most"]["worst_livelihood"][0] == 0.1
    broken = {**other, "worst_livelihood": np.full(40, np.nan)}
    assert screening.moved(base, broken) == {"moved": 0, "most": {}}


def test_a_screening_goes_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(screening, "simulated", lambda *_: {})
    monkeypatch.setattr(
        screening, "measure", lambda _campaign, one, _base: made.append(one.key) or {}
    )
    monkeypatch.setattr(screening, "states_of", lambda _key: ())
    store, campaign = tmp_path / "screening.json", screening.declared("fergana", 2, 1.0)
    screening.screen(campaign, screening.chosen("drought.severity_mean"), store)
    screening.screen(campaign, screening.chosen("drought"), store)
    assert made.count("drought.severity_mean") == 1
    held = json.loads(store.read_text(encoding="utf-8"))
    assert {*held["found"]} == {d.key for d in DECLARED if d.key.startswith("drought.")}
    screening.screen({**campaign, "seeds": 3}, screening.chosen("drought.severity_mean"), store)
    assert made.count("drought.severity_mean") == 2, "another campaign is begun anew"


def test_a_part_does_not_begin_another_campaign_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"region": "fergana", "seeds": 60, "years": 20.0, "found": {"flood.scale": {}}}
    monkeypatch.setattr(screening, "kept_screening", lambda: kept)
    with pytest.raises(UsageError, match="another campaign \\(region=fergana seeds=60"):
        screening.asked(["keys=drought"])
    assert screening.asked(["keys=drought", "seeds=60"])[0]["seeds"] == 60


@pytest.mark.parametrize(
    "words", [["keys=drouhgt"], ["sedes=3"], ["seeds=few"], ["region=fregana"]]
)
def test_a_mistake_in_the_words_of_a_screening(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert screening.main(words) == 2
    assert "screening:" in capsys.readouterr().err


def test_the_stored_screening_is_of_declared_parameters() -> None:
    keys = {d.key for d in DECLARED}
    assert {*screening.kept_screening().get("found", {})} <= keys


@pytest.mark.slow
def test_one_parameter_is_screened() -> None:
    campaign = screening.declared("synthetic", 3, 1.0)
    one = next(d for d in DECLARED if d.key == "drought.severity_mean")
    base = screening.simulated(campaign, screening.states_of(one.key), {})
    assert {*screening.measure(campaign, one, base)} == {"low", "high"}


@pytest.mark.slow
def test_it_answers_quickly(thalweg: Command) -> None:
    """Fastest of several starts: under a second on a machine at rest, with room for a busy one."""
    taken = []
    for _ in range(3):
        started = time.perf_counter()
        assert thalweg("explain", "years").returncode == 0
        taken.append(time.perf_counter() - started)
    assert min(taken) < 2.0
