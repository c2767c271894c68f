"""``thalweg validate``: study files, resumption, a user's own events, exit codes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from experiments import backgrounds, event_file, observe
from experiments.exits import FAILED, OK, UsageError
from experiments.main import main
from experiments.validate import _exit, read_request

SMALL = {
    "years": 11, "spinup_years": 1, "first_seed": 5,
    "borders": [
        {"name": "a", "region": "fergana", "rivalry": "drawn", "bodies": "none", "histories": 2},
        {"name": "b", "region": "synthetic", "options": {"municipalities": 4}, "histories": 2},
    ],
}  # fmt: skip
EVENTS = """# my events
time,pair,bar,hostility,actor,kind
1953.4,A-B,4,0,government,river
1953-05-26,A-B,-1,1,government,river
1960,A-B,-6,4,army,river
1990,C-D,6,0,government,fishery
"""


def arguments(**other: object) -> argparse.Namespace:
    plain = {"settings": [], "study": None, "config_dir": None, "quick": False, "roots": 1,
             "events": None, "strict": False}  # fmt: skip
    return argparse.Namespace(**{**plain, **other})


@pytest.fixture
def study(tmp_path: Path) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(SMALL), encoding="utf-8")
    return str(path)


def test_backgrounds_draw_rivalry_and_leave_out_bodies(study: str) -> None:
    plan = backgrounds.read_plan(*backgrounds.load_content(study), [], None, False)
    drawn, plain = plan.borders
    assert np.isnan(drawn.region.topology.pair.rivalry).all()
    assert (drawn.region.topology.pair.body_resolution == 0).all()
    assert plain.region.topology.municipality.key.size == 4
    assert (plain.region.topology.pair.body_resolution > 0).all()


def test_roots_share_no_seed(study: str) -> None:
    plan = backgrounds.read_plan(*backgrounds.load_content(study), [], None, False)
    seeds = [{(t.border, t.scenario.seed) for t in plan.tasks(root)} for root in range(4)]
    assert sum(map(len, seeds)) == len(set.union(*seeds)) == 16


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"yeers": 20}, "unknown key 'yeers'. Did you mean 'years'?"),
        ({"years": 5}, "years: a number from 11 to 200"),
        ({"borders": []}, "a list of borders is needed"),
        ({"borders": [{"name": "a", "region": "fergana", "histories": 0}]}, "whole number above 0"),
        ({"borders": [{"name": "a", "region": "fergana", "rivalry": "x", "histories": 1}]},
         "one of declared, drawn"),
        ({"borders": [{"name": "a", "region": "ferganna", "histories": 1}]}, "Did you mean"),
    ],
)  # fmt: skip
def test_mistakes_of_a_study_file_are_named(tmp_path: Path, change: dict, said: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump({**SMALL, **change}), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        read_request(arguments(study=str(path)), "validate", str(path))
    assert said in str(caught.value)


def test_settings_that_stand_in_the_study_file_are_refused(study: str) -> None:
    with pytest.raises(UsageError, match="stand in its study file"):
        read_request(arguments(settings=["region=fergana"], study=study), "validate", study)


def test_another_parameter_is_another_study(study: str) -> None:
    one = read_request(arguments(study=study), "validate", study)
    words = ["parameters.quarrel.floor=0.05"]
    two = read_request(arguments(study=study, settings=words), "validate", study)
    assert one.identity != two.identity
    assert two.plan.borders[0].study.parameters["quarrel.floor"] == 0.05


@pytest.mark.slow
def test_the_shipped_study_is_a_mix_of_borders() -> None:
    for quick in (False, True):
        plan = backgrounds.read_plan(*backgrounds.load_content("validation"), [], None, quick)
        assert len({b.study.region.name for b in plan.borders}) >= 4
        assert any((b.region.topology.pair.body_resolution == 0).all() for b in plan.borders)
        assert plan.years >= 40


def test_events_of_a_user_become_clusters(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(EVENTS, encoding="utf-8")
    found = dict(event_file.read_events(path))
    assert list(found) == ["A-B", "C-D"]
    assert found["A-B"].years == 38
    assert found["A-B"].acts.bar.tolist() == [-1, 4, -6]
    assert found["A-B"].acts.claim.sum() == 2


def test_dates_become_years_of_their_own_length() -> None:
    """2 July begins the second half of a common year; leap years have a day more before it."""
    assert event_file._time("1953.25") == 1953.25
    assert event_file._time("1953-07-02") == pytest.approx(1953 + 182 / 365)
    assert event_file._time("1952-07-02") == pytest.approx(1952 + 183 / 366)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("time,pair,bar\n1,A,1\n", "the column 'hostility' is missing"),
        ("time,pair,bar,hostility,knid\n1,A,1,0,river\n", "Did you mean 'kind'?"),
        ("time,pair,bar,hostility\n1,A,-9,0\n", "line 2: bar is '-9'"),
        ("time,pair,bar,hostility\n1,A,2\n", "line 2: 3 cells under 4 columns"),
        ("time,pair,bar,hostility\nmay,A,2,0\n", "line 2: time is 'may'"),
        ("time,pair,bar,hostility\n", "no event"),
        ("", "the file is empty"),
    ],
)
def test_mistakes_of_an_event_table_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "events.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        event_file.read_events(path)


@pytest.mark.parametrize(
    ("verdict", "required", "roots", "code"),
    [
        ("fail", True, 1, FAILED),
        ("fail", False, 1, OK),
        ("too few events", True, 1, OK),
        ("pass", True, 1, OK),
        ("fail", True, 20, OK),
    ],
)
def test_a_required_pattern_that_fails_is_the_only_fault(
    verdict: str, required: bool, roots: int, code: int
) -> None:
    """And in more than one root of ten: the first of ``roots`` has the verdict, the rest pass."""
    card = [{"pattern": "V0", "required": required, "verdict": verdict}]
    passed = [{**card[0], "verdict": "pass"}]
    assert _exit([card, *[passed] * (roots - 1)]) == code


@pytest.mark.parametrize(
    ("verdict", "strict", "code"),
    [
        ("fail", True, FAILED),
        ("too few events", True, FAILED),
        ("pass", True, OK),
        ("fail", False, OK),
        ("too few events", False, OK),
    ],
)
def test_strict_asks_that_held_out_patterns_pass_in_every_root(
    verdict: str, strict: bool, code: int
) -> None:
    passed = [{"pattern": "V0", "required": True, "verdict": "pass"},
              {"pattern": "V1", "required": False, "verdict": "pass"}]  # fmt: skip
    assert _exit([passed, [passed[0], {**passed[1], "verdict": verdict}]], strict) == code
    assert _exit([passed] * 2, strict) == OK


@pytest.mark.slow
def test_a_history_is_watched_alike_whatever_stood_before_it(study: str) -> None:
    plan = backgrounds.read_plan(*backgrounds.load_content(study), [], None, False)
    tasks = plan.tasks(0)
    one = observe.watch_many(tasks, threads=1)
    two = observe.watch_many(tasks[::-1], threads=2)
    assert (one.counts == two.counts[::-1]).all()
    assert not one.status.any()


@pytest.mark.slow
def test_watching_sees_what_a_full_history_holds(study: str) -> None:
    """Quarter by quarter or in one go: the same acts."""
    from analysis.patterns import COLUMNS
    from sim.simulate import simulate

    plan = backgrounds.read_plan(*backgrounds.load_content(study), [], None, False)
    task = plan.tasks(0)[0]
    watched = observe.watch_many([task])
    log = simulate(task.scenario).events
    mine = watched.counts[0][COLUMNS.index("V12.violent.all")]
    assert mine == len({*log["incident"][log["act"] == observe.VIOLENT].tolist()} - {-1})
    state = (observe.CLASS[log["act"]] >= 2) & (log["issue"] != 4)
    assert watched.counts[0][COLUMNS.index("V1.events.all")] == state.sum()


@pytest.mark.slow
def test_validate_writes_a_scorecard_and_goes_on_where_it_was(
    study: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, events = tmp_path / "out", tmp_path / "events.csv"
    events.write_text(EVENTS, encoding="utf-8")
    words = ["validate", "--study", study, f"out={out}", "--events", str(events)]
    code = main(words)
    assert code in {0, 1}
    card = json.loads((out / "scorecard.json").read_text(encoding="utf-8"))
    assert card["histories"] == 4
    assert len(card["patterns"]) == 8
    assert any(row["verdict"] in {"meet", "differ"} for row in card["events"])
    assert [row["pattern"] for row in card["held_out_without_bodies"]] == ["V5", "V11"]
    assert [row["border"] for row in card["bodies_founded"]["borders"]] == ["a"]
    kept = next(row for row in card["held_out_as_declared"] if row["pattern"] == "V11")
    assert kept["verdict"] == "undefined", "border b keeps its bodies all the time"
    before = (out / "counts-000000.parquet").stat().st_mtime_ns
    assert main([*words, "--roots", "2"]) in {0, 1}
    assert (out / "counts-000000.parquet").stat().st_mtime_ns == before
    again = json.loads((out / "scorecard.json").read_text(encoding="utf-8"))
    assert again["patterns"] == card["patterns"]
    assert sum(again["verdicts_by_root"]["V1"].values()) == 2
    assert sum(again["verdicts_without_bodies_by_root"]["V11"].values()) == 2
    histories = [each["bodies_founded"]["pooled"]["histories"] for each in (card, again)]
    assert histories == [2, 4], "all roots together"
    assert "V7" in capsys.readouterr().out
    assert {*again["verdicts_by_root"]["V5"]} != {"pass"}, "so few histories decide nothing"
    assert main([*words, "--strict"]) == 1
