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
from scipy.stats import t as student

from analysis.intervals import bootstrap_intervals
from experiments import findings as campaign_of
from experiments import findings_conditions as sweeps_of
from experiments import (
    findings_document,
    findings_grades,
    findings_summary,
    findings_words,
)
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
JUST_DOWN, JUST_UP = [-0.5, -0.98, -0.02, 1.0], [0.5, 0.02, 0.98, 1.0]
NARROW = [0.0, -0.05, 0.05, 1.0]
KEY, ARM = "violent_incidents", NAMES[0]


def store(*planted: list[float], key: str = KEY, events: int = 50) -> dict[str, Any]:
    """A store in which one mechanism alone has the planted numbers, model by model."""
    every = [NONE, *NAMES, FULL, *(WITHOUT + name for name in NAMES), NEGOTIATED]
    blank = {
        EFFECTS: {arm: dict.fromkeys(OUTCOMES, UNCLEAR) for arm in (*NAMES, FULL, NEGOTIATED)},
        WITHIN: {arm: dict.fromkeys(OUTCOMES, UNCLEAR) for arm in NAMES},
        "events": {arm: dict.fromkeys(findings_grades.counted(), events) for arm in every},
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
        ([DOWN] * 8 + [JUST_UP], HELPS, HINT),
        ([JUST_UP] * 4 + [JUST_DOWN] * 4, DEPENDS, ""),
        ([JUST_UP] * 4 + [JUST_DOWN] * 3, BACKFIRES, HINT),
        ([JUST_UP, JUST_DOWN], UNTOLD, ""),
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


def test_the_numbers_shown_are_of_the_model_in_the_middle_and_not_of_one_that_is_clear() -> None:
    """Four of nine are clear, the largest first; the default sees next to nothing."""
    seen = [0.01, -0.9, -0.8, -0.7, -0.6, -0.3, -0.2, -0.1, 0.0]
    told = [[x, x - 0.5, x + 0.5, 1.0] for x in seen]
    f = planted(store(*told))
    assert (f.verdict, f.confidence) == (HELPS, LIKELY)
    assert f.shown.difference == -0.3
    assert "under `fit_4`" in findings_words.change(f)
    assert findings_words.over_models(f) == "-0.9 to +0.01"
    assert findings_words.relative(f) == pytest.approx(-0.3)
    doubled = [[2 * x, 2 * lo, 2 * hi, 2.0] if k == 5 else [x, lo, hi, 1.0]
               for k, (x, lo, hi, _) in enumerate(told)]  # fmt: skip
    assert planted(store(*doubled)).shown.difference == -0.6, "ranked against the mean without it"


def test_a_finding_on_which_the_middle_is_of_the_other_side_is_not_what_helps_most() -> None:
    told = [DOWN] * 4 + [[0.1, -0.3, 0.5, 1.0]] * 5
    f = planted(store(*told))
    assert (f.verdict, f.confidence, f.shown.difference) == (HELPS, LIKELY, 0.1)
    assert findings_summary.strongest([f], HELPS) is None
    assert findings_summary.strongest([planted(store(*[DOWN] * 9))], HELPS) is not None


def test_mechanisms_that_help_and_backfire_most_are_asked_under_which_conditions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = store(*[DOWN] * 9)
    for held in found["found"].values():
        held["fergana"][EFFECTS][NAMES[1]][KEY] = UP
    (tmp_path / "store.json").write_text(json.dumps(found), "utf-8")
    monkeypatch.setattr(sweeps_of, "STORE", tmp_path / "store.json")
    campaign = sweeps_of.declared(["fergana", "upper_rhine"], 20, 10, 20.0)
    assert campaign["asked"] == {
        "fergana": [[ARM, KEY, "fails"], [NAMES[1], KEY, "worse"]], "upper_rhine": [],
    }  # fmt: skip
    assert sweeps_of.arms_of(campaign, "fergana") == [NONE, FULL, ARM, NAMES[1]]
    assert list(sweeps_of.questions(campaign, "fergana"))[-1] == (
        KEY, NAMES[1], "worse")  # fmt: skip


def test_few_pairs_that_do_not_differ_prove_nothing() -> None:
    same = store(*[[0.0, 0.0, 0.0, 1.0]] * 9)
    assert planted(same).verdict == NOTHING
    assert planted({**same, "seeds": 29}).verdict == UNTOLD
    assert planted(store(*[[0.0, 0.0, 0.0, 0.0]] * 9)).verdict == UNTOLD, "nothing to change"


def test_an_interval_without_width_reaches_as_far_as_the_rule_of_three() -> None:
    """Of 35 pairs none differs, or a handful: 3 in 35 others may, which is under a tenth."""
    bare = store(*[[0.0, 0.0, 0.0, 1.0]] * 9)
    handful = store(*[[0.005, 0.0, 0.015, 1.0]] * 9)
    for found in (bare, handful):
        one = planted({**found, "seeds": 35}).heard[0]
        assert (one.lo, one.hi) == pytest.approx((-3 / 35, 3 / 35))
    wide = planted(store(*[[0.0, -0.2, 0.2, 1.0]] * 9)).heard[0]
    assert (wide.lo, wide.hi) == (-0.2, 0.2)


@pytest.mark.slow
@pytest.mark.parametrize("pairs", [30, 100])
def test_an_interval_excludes_zero_by_luck_no_more_often_than_is_reckoned_with(pairs: int) -> None:
    """Arms without effect and with heavy tails, by the bootstrap that the store is made with."""
    rng = np.random.default_rng(1)
    heavy = [rng.lognormal(0.0, 1.5, (pairs, 3000)) for _ in range(2)]
    few = [rng.poisson(0.3, (pairs, 3000)).astype(float) for _ in range(2)]
    for one, other in (heavy, few):
        lo, hi = bootstrap_intervals(one - other)
        assert max((lo > 0).mean(), (hi < 0).mean()) < findings_grades.ONE_SIDE


def simulated(truth: np.ndarray, rng: np.random.Generator, pairs: int = 100) -> dict[str, Any]:
    """A store of paired differences [model, finding] in standard errors, with t intervals."""
    found = store()
    found["seeds"] = pairs
    half = float(student.isf(0.025, pairs - 1))
    spread = np.sqrt(rng.chisquare(pairs - 1, truth.shape) / (pairs - 1))
    drawn = truth + rng.standard_normal(truth.shape)
    for m, model in enumerate(MODELS):
        said = found["found"][model]["fergana"]
        at = 0
        for comparison in (EFFECTS, WITHIN):
            for held in said[comparison].values():
                for key in BETTER:
                    d, h = float(drawn[m, at]), half * float(spread[m, at])
                    held[key] = [d, d - h, d + h, 1.0]
                    at += 1
    return found


COUNT = len(BETTER) * (2 * len(NAMES) + 2)


def graded(truth: np.ndarray, pages: int) -> tuple[float, float, float]:
    """Findings that hang on the model, that are firm or likely, that are hints: mean of a page."""
    rng = np.random.default_rng(11)
    told = [f for _ in range(pages) for f in findings(simulated(truth, rng), BETTER)]
    hang = sum(f.verdict == DEPENDS for f in told)
    sure = sum(f.confidence in {FIRM, LIKELY} for f in told)
    return hang / pages, sure / pages, sum(f.confidence == HINT for f in told) / pages


def test_a_world_without_any_effect_hangs_on_no_model_and_holds_nothing_sure() -> None:
    hang, sure, hints = graded(np.zeros((len(MODELS), COUNT)), 30)
    assert hang < 0.1
    assert sure < 1.0
    assert hints < findings_grades.by_luck(COUNT, len(MODELS))[0], "as many as the page says"


def test_one_model_without_an_effect_that_all_others_have_makes_nothing_hang() -> None:
    truth = np.full((len(MODELS), COUNT), 8.0)
    truth[-1] = 0.0
    hang, sure, hints = graded(truth, 30)
    assert hang < 1.0
    assert 0.95 * COUNT < sure + hints <= COUNT


def test_effects_of_both_signs_are_found() -> None:
    truth = np.full((len(MODELS), COUNT), 8.0)
    truth[-1] = -8.0
    assert graded(truth, 1)[0] > 0.95 * COUNT, "one model that is sure"
    truth[:5], truth[5:] = 4.0, -4.0
    assert graded(truth, 1)[0] > 0.9 * COUNT, "several that are less so"


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
        end = findings_grades.ONE_SIDE
        better, worse = ((signs < end).sum(-1), (signs > 1 - end).sum(-1))
        lucky = (np.maximum(better, worse) >= agreed).sum(-1).mean()
        assert lucky < most
    assert lucky > 1.0, "one model fewer would not do"
    assert agreeing(800, 2) == 3, "with two models everything is a hint"


@pytest.mark.parametrize("key", findings_grades.counted())
def test_events_that_too_few_histories_hold_are_not_judged(key: str) -> None:
    assert planted(store(*[DOWN] * 9, key=key), key).confidence == FIRM
    few = planted(store(*[DOWN] * 9, key=key, events=29), key)
    assert (few.verdict, few.heard) == (UNTOLD, ())
    half = store(*[DOWN] * 9, key=key)
    half["found"]["fit_0"]["fergana"]["events"][ARM][key] = 29
    assert planted(half, key).confidence == LIKELY, "a model that is not heard cannot agree"


@pytest.fixture(autouse=True)
def _no_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of planted stores hold no numbers of the sweep that is kept."""
    monkeypatch.setattr(findings_document, "CONDITIONS", tmp_path / "conditions.json")


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
    told = section(turns, "Under which conditions")
    assert "higher under `fit_0`; lower under `default`." in told
    none = written(store(*[NARROW] * 9), tmp_path, monkeypatch)
    assert f"alone: {label}." in section(none, "What does nothing")
    hint = written(store(DOWN), tmp_path, monkeypatch)
    assert f"| better | 1 | {label} alone (`default`) |" in section(hint, "Hints")


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


def test_a_region_begins_with_its_strongest_help_its_bill_and_what_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label = next(m.label for m in campaign_mechanisms() if m.name == ARM)
    found = store(*[DOWN] * 9)
    for held in found["found"].values():
        held["fergana"][EFFECTS][ARM]["money_spent"] = [3.0, 2.0, 4.0, 10.0]
    text = written(found, tmp_path, monkeypatch)
    first = next(line for line in text.splitlines() if line.startswith("**What helps most"))
    assert f"{label} alone lowers {DECLARED[KEY].label.lower()} by 50 %" in first
    assert "changes what the towns spend by +3 (+2 to +4)" in first
    assert "No single mechanism backfires firmly or likely." in first
    every = len(findings(found, BETTER))
    assert f"of {every} findings {every - 1} cannot be told" in first
    none = written(store(), tmp_path, monkeypatch)
    assert "**No single mechanism helps firmly or likely here.**" in none


def test_signs_that_contradict_by_luck_are_counted_and_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = section(written(store(JUST_UP, JUST_DOWN), tmp_path, monkeypatch),
                   "Under which conditions")  # fmt: skip
    assert "No effect is proved with both signs" in text
    assert "Clear with both signs, one of them or both by no more than luck: 1." in text


RECORD = {"sentence": "A crisis comes most where droughts are hard (12 points).", "stable": True,
          "coverage": 0.5, "density": 0.7, "lift": 0.4, "interval": {}, "points": 140,
          "seeds": 10}  # fmt: skip


def test_conditions_are_printed_region_by_region_or_that_none_stands_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written(store(), tmp_path, monkeypatch)
    assert "sweep over physical and social conditions has not been run yet" in before
    asked = [
        {"question": "with none: a crisis", "records": [RECORD], "reason": ""},
        {"question": "full fails", "records": [], "reason": "Cannot tell: 3 crises."},
    ]
    factor = {"key": "k", "label": "Drought", "unit": "share", "lo": 0.15, "hi": 0.6}
    swept = {"kernel": "0123456789abcdef", "points": 140, "seeds": 10, "years": 20.0,
             "regions": {"fergana": "Isfara and Sokh"},
             "found": {"fergana": {"runs": 2800, "failed": 0, "crises": 44, "factors": [factor],
                                   "questions": asked}}}  # fmt: skip
    (tmp_path / "conditions.json").write_text(json.dumps(swept), encoding="utf-8")
    text = written(store(), tmp_path, monkeypatch)
    told = section(text, "Under which conditions")
    assert f"- {RECORD['sentence']}" in told
    assert "- full fails: Cannot tell: 3 crises." in told
    assert "44 of 1,400 histories" in told
    assert "drought (0.15 to 0.6 share)" in text
    monkeypatch.setattr(findings_document, "STORE", tmp_path / "none.json")
    alone = page()
    assert "has not been run yet, so nothing is claimed" in alone
    assert f"- {RECORD['sentence']}" in section(alone, "Under which conditions")
    asked[0] |= {"records": [], "reason": "No condition stands out: 9 of 199 tables."}
    (tmp_path / "conditions.json").write_text(json.dumps(swept), encoding="utf-8")
    told = section(written(store(), tmp_path, monkeypatch), "Under which conditions")
    assert ("none stands out for 1 of the questions, 0 ask for what hardly happens at any point, "
            "and 1 cannot be told.**") in told


def test_a_crisis_is_asked_about_where_nearest_to_a_third_of_the_points_are_cases() -> None:
    crises = np.zeros((30, 4))
    for point in range(30):  # shares of 0 at 8 points, a quarter at 8, a half at 5, all at 9
        crises[point, : [0, 1, 2, 4][(point >= 8) + (point >= 16) + (point >= 21)]] = 1.0
    assert sweeps_of.highest_third(crises) == 0.75
    crises[21:27, 3] = 0.0  # of 9 only 3 keep all: three quarters are still reached by 9
    assert sweeps_of.highest_third(crises) == 0.75
    crises[21:27, 2] = 0.0
    assert sweeps_of.highest_third(crises) == 0.5, "14 of 30 are nearer to a third than 3"


def test_sweeps_vary_what_two_shipped_studies_do_and_go_on_where_they_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranges = sweeps_of.ranges()
    assert ranges["parameters.drought.severity_mean"] == "interval(0.15,0.6)"
    assert len(ranges) == 9
    asked = []
    for module, name in ((sweeps_of, "PAGE"), (sweeps_of, "CONDITIONS")):
        monkeypatch.setattr(module, name, tmp_path / name)
    monkeypatch.setattr(sweeps_of, "swept", lambda _, region: asked.append(region))
    monkeypatch.setattr(sweeps_of, "answered", lambda *_: {"runs": 0})
    for words in (["regions=fergana"], ["regions=fergana"], ["regions=fergana", "points=7"]):
        assert sweeps_of.main(words) == 0
    assert asked == ["fergana", "fergana"]


@pytest.mark.slow
def test_a_region_is_swept_and_every_question_has_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps_of, "FOLDER", tmp_path)
    campaign = sweeps_of.declared(["upper_rhine"], 4, 1, 1.0)
    campaign["asked"]["upper_rhine"] = [["mutual_aid", "hazard_damage", "fails"]]
    folder = sweeps_of.swept(campaign, "upper_rhine")
    said = sweeps_of.answered(folder, sweeps_of.questions(campaign, "upper_rhine"))
    assert (said["runs"], len(said["factors"])) == (12, 9)
    assert said["questions"][-1]["arm"] == "mutual_aid"
    assert all(q["reason"] and not q["records"] for q in said["questions"]), "4 points are few"
    assert {q["outcome"] for q in said["questions"]} == set(BETTER)


def test_the_page_that_is_kept_is_of_the_store_that_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(findings_document, "CONDITIONS", sweeps_of.CONDITIONS)
    assert (ROOT / "docs" / "findings.md").read_text("utf-8") == page()


def test_cases_that_nearly_always_occur_are_told_as_such() -> None:
    reason = "Cannot tell a condition: {} points that are no case among 200 points; 20 are needed."
    told = [findings_summary._plain(reason.format(n)) for n in (0, 3)]
    assert told[0] == "at all 200 points; to look for conditions takes 20 at which it is not so."
    assert told[1].startswith("at all but 3 of 200 points; ")


@pytest.mark.parametrize(
    ("cases", "said"), [(0, "at none of the 140 points;"), (7, "at 7 of 140 points;")]
)
def test_cases_that_hardly_occur_are_told_as_such(cases: int, said: str) -> None:
    reason = f"Cannot tell a condition: {cases} cases among 140 points; 20 are needed."
    asked = {"question": "full is worse", "records": [], "reason": reason}
    held = {"points": 140, "seeds": 10, "found": {"fergana": {
        "runs": 2800, "failed": 0, "crises": 3, "factors": [], "questions": [asked]}}}  # fmt: skip
    text = "\n".join(findings_summary.conditions_of(held, "fergana"))
    assert f"- full is worse: {said} to look for conditions takes 20." in text
    assert "1 ask for what hardly happens at any point, and 0 cannot be told" in text


def test_a_campaign_goes_on_under_a_model_of_equal_results_and_no_other(tmp_path: Path) -> None:
    from experiments.provenance import found_before
    from experiments.same_bits import equal_models
    from sim._jit import kernel_digest

    store, campaign = tmp_path / "findings.json", {"kernel": kernel_digest()[:16], "seeds": 3}
    assert found_before(store, campaign) == {}
    equal = min(equal_models(kernel_digest()))[:16]
    for kernel, goes_on in ((campaign["kernel"], True), (equal, True), ("0" * 16, False)):
        store.write_text(json.dumps({**campaign, "kernel": kernel, "found": {"default": 1}}))
        assert found_before(store, campaign) == ({"default": 1} if goes_on else {})
        assert found_before(store, {**campaign, "seeds": 4}) == {}
