"""Scenario discovery: planted boxes are found, chance is told from them, few cases refused."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import planted_conditions
import prim_reference
import pytest
from scipy import stats
from sweep_factory import FLAGS, LOG, RANGE, make_sweep

from analysis.discovery import question as questions
from analysis.discovery import records
from analysis.discovery.answer import FOUND, NOTHING, SURE, UNKNOWN, Answer, answers
from analysis.discovery.asked import question_of
from analysis.discovery.choice import curve_of, quasi_p, step_of, support
from analysis.discovery.honest import splits_of
from analysis.discovery.peel import boxes, everything
from analysis.discovery.question import Question, cases_of, noise_of
from analysis.discovery.ranking import Scene, apart, longest, ranking_of
from analysis.discovery.ranking_told import verdict
from analysis.discovery.refusal import best_threshold, lost_runs
from analysis.discovery.resample import LEAST_TABLES, _deals, resamples_of
from analysis.discovery.spoken import limit_words
from analysis.discovery.told import subset_words, told
from analysis.discovery.tree import tree_of
from analysis.many_rows import holm
from analysis.study import Arm, Outcome, StudyError
from analysis.sweep_study import Factor
from analysis.sweeps import load_sweep
from experiments.main import main

REFERENCE = json.loads(prim_reference.KEPT.read_text())["boxes"]
CRISIS = Outcome("crisis_resource", "Crisis", "", "lower", "probability", "")
NONE, FULL = Arm("none", "Nothing", {}), Arm("full", "Everything", {})
OFTEN = Question(CRISIS, NONE, NONE, questions.CRISIS, 0.5)
FAILS = Question(CRISIS, FULL, NONE, questions.FAILS, 0.5)
UNIT = {**RANGE, "lo": 0.0, "hi": 1.0, "unit": "share"}
EIGHT = (
    {**UNIT, "key": "parameters.a", "label": "First"},
    {**LOG, "key": "parameters.b", "label": "Second", "lo": 0.1, "hi": 10.0, "unit": "1/year"},
    {**UNIT, "key": "parameters.c", "label": "Third", "unit": "count", "whole": True, "lo": 1.0,
     "hi": 12.0},
    *({**UNIT, "key": f"parameters.{key}", "label": key.upper()} for key in "defg"),
    {**FLAGS, "key": "parameters.switch"},
)  # fmt: skip
TRUE = ((0, True, 0.6), (1, False, 0.5), (2, True, 8.5))  # setting, upper end, limit


def in_planted_box(points: np.ndarray) -> np.ndarray:
    return (points[:, 0] < 0.6) & (points[:, 1] > 0.5) & (points[:, 2] < 8.5)


def crisis_inside(points: np.ndarray) -> np.ndarray:
    """Chances [point, arm]: a crisis comes in the box, whatever the arm."""
    return np.where(in_planted_box(points), 0.75, 0.25)[:, None] * np.ones(2)


def flat(points: np.ndarray) -> np.ndarray:
    return np.full((len(points), 2), 0.5)


def few_cases(points: np.ndarray) -> np.ndarray:
    return np.where(points[:, 0] < 0.05, 0.9, 0.1)[:, None] * np.ones(2)


def asked(folder: Path, when: str, **more: object) -> Answer:
    sweep = load_sweep(folder)
    question = question_of(sweep, "crisis_resource", more.pop("arm", None), when, None)
    return next(answers(sweep, question, (0,)))


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sweep(
        tmp_path_factory.mktemp("planted") / "sweep", regions=("east",), arms=("none", "full"),
        factors=EIGHT, points=240, seeds=10, luck=0.3, chance=crisis_inside,
    )  # fmt: skip


@pytest.fixture(scope="module")
def found(planted: Path) -> Answer:
    return asked(planted, "crisis")


@pytest.mark.parametrize("name", REFERENCE)
def test_every_box_is_that_of_another_prim(name: str) -> None:
    x, y = prim_reference.world(*prim_reference.WORLDS[name])
    own = boxes(x, y)
    assert len(own) == len(REFERENCE[name]) >= 5
    for (box, points, cases), other in zip(own, REFERENCE[name], strict=True):
        assert (points, cases) == (other["points"], other["cases"])
        assert step_of(x, y, box)[1:3] == (points, cases)
        limits = {f"x{k}": [None if math.isinf(e) else e for e in (box.lo[k], box.hi[k])]
                  for k in np.flatnonzero(box.restricted)}  # fmt: skip
        assert limits == {k: pytest.approx(v, abs=1e-12) for k, v in other["limits"].items()}
        for key, both in other["quasi_p"].items():
            for upper, p in enumerate(both):
                if p != -1:
                    mine = quasi_p(x, y, box, int(key[1:]), bool(upper))
                    assert mine == pytest.approx(p, rel=1e-9)


@pytest.mark.slow
def test_a_planted_box_is_found_with_its_limits_within_the_stated_error(found: Answer) -> None:
    assert found.verdict == FOUND
    first = found.conditions[0]
    stable = {(limit.factor.key, limit.upper): limit for limit in first.limits if limit.stable}
    keys = [factor["key"] for factor in EIGHT]
    assert set(stable) == {(keys[k], upper) for k, upper, _ in TRUE}
    for k, upper, limit in TRUE:
        own = stable[keys[k], upper]
        assert own.again.lo <= limit <= own.again.hi
        assert own.luck > 0.5
    held, step = first.resamples.held, first.curve.chosen
    assert held.base.mean < 0.5 < held.density.lo <= held.density.mean
    assert step.density > 0.8
    assert step.coverage > 0.6
    assert first.chance.p <= 0.01


@pytest.mark.slow
def test_the_tree_sees_the_planted_settings_too(found: Answer) -> None:
    assert found.tree is not None
    assert found.tree.settings >= {0, 1}
    assert found.tree.explained > 0.2


@pytest.mark.slow
def test_where_nothing_is_planted_no_condition_stands_out(tmp_path: Path) -> None:
    folder = make_sweep(
        tmp_path / "flat", regions=("east",), arms=("none", "full"), factors=EIGHT, points=200,
        seeds=10, luck=0.3, chance=flat,
    )  # fmt: skip
    answer = asked(folder, "crisis")
    assert answer.verdict == NOTHING
    assert answer.cases.noise.kappa.lo < 0.05
    assert 0.5 < answer.bar <= 1.0
    text = "\n".join(told(answer))
    assert "Verdict: no condition stands out." in text
    assert "Box 1" not in text


@pytest.mark.slow
def test_a_mechanism_that_backfires_in_a_box_is_found_to_do_worse_there(tmp_path: Path) -> None:
    def backfires(points: np.ndarray) -> np.ndarray:
        return np.column_stack([np.full(len(points), 0.5),
                                np.where(points[:, 0] < 0.4, 0.75, 0.3)])  # fmt: skip

    folder = make_sweep(
        tmp_path / "back", regions=("east",), arms=("none", "full"), factors=EIGHT[:4],
        points=150, seeds=10, luck=0.3, chance=backfires,
    )  # fmt: skip
    answer = asked(folder, "worse")
    assert answer.verdict == FOUND
    (limit,) = (one for one in answer.conditions[0].limits if one.stable)
    assert (limit.factor.label, limit.upper) == ("First", True)
    assert limit.again.lo <= 0.4 <= limit.again.hi
    assert answer.cases.tied < 40


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"points": 40}, "40 points with runs; 50 are needed"),
        ({"seeds": 1}, "1 seed at each point; 4 are needed"),
        ({"chance": few_cases}, "--threshold"),
        ({"chance": lambda p: np.full((len(p), 2), 0.001)}, "30 are needed"),
        ({"failing": 400}, "failures: 200 of 800 runs are lost"),
    ],
)  # fmt: skip
def test_too_little_is_refused_in_words(
    change: dict[str, object], why: str, tmp_path: Path
) -> None:
    plan = {"points": 100, "chance": flat, "seeds": 8, **change}
    folder = make_sweep(
        tmp_path / "few", regions=("east",), arms=("none", "full"), factors=EIGHT[:3], luck=0.2,
        **plan,
    )  # fmt: skip
    answer = asked(folder, "crisis")
    assert answer.verdict == UNKNOWN
    assert why in answer.refusal
    assert answer.conditions == ()


def test_so_many_tables_are_shuffled_that_the_best_box_can_be_sure() -> None:
    assert 1.0 / (LEAST_TABLES + 1) <= SURE


def test_uneven_failures_are_held_against_an_answer() -> None:
    failed = np.zeros((60, 10, 2), dtype=bool)
    failed[:20, 0, 0] = True
    assert "uneven failures: 20 of" in lost_runs(FAILS, failed)
    failed[20:40, 1, 1] = True
    assert "pairs are lost" in lost_runs(FAILS, failed)
    assert lost_runs(OFTEN, failed) == ""


def test_labels_of_pure_chance_agree_no_better_than_by_chance() -> None:
    random = np.random.default_rng(1)
    noise = noise_of(OFTEN, (random.random((300, 10)) < 0.45).astype(float), np.arange(300))
    assert noise.kappa.lo < 0.05
    assert abs(noise.kappa.mean) < 0.12
    assert noise.agreement == pytest.approx(noise.by_chance, abs=0.06)


def test_reliability_is_the_share_of_the_scores_that_is_no_luck() -> None:
    random = np.random.default_rng(2)
    values = random.normal(size=(400, 1)) + 2.0 * random.normal(size=(400, 10))
    noise = noise_of(FAILS, values, np.arange(400))
    truth = 1 / (1 + 4 / 10)
    assert noise.reliability.lo < truth < noise.reliability.hi
    assert noise.reliability.mean == pytest.approx(truth, abs=0.05)


def test_luck_that_all_points_share_is_no_noise_of_labels() -> None:
    random = np.random.default_rng(3)
    signal = np.linspace(-1, 1, 200)[:, None]
    values = signal + 3.0 * random.normal(size=(1, 10))
    assert noise_of(FAILS, values, np.arange(200)).reliability.mean > 0.999


def test_equal_points_fail_and_are_not_worse() -> None:
    arm = np.array([[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    first = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    fails = cases_of(FAILS, arm, first, np.arange(3))
    worse = cases_of(FAILS._replace(when="worse"), arm, first, np.arange(3))
    assert fails.label.tolist() == [True, True, False]
    assert worse.label.tolist() == [False, True, False]
    assert fails.tied == worse.tied == 1


def test_a_point_without_half_of_its_runs_is_left_out() -> None:
    values = np.ones((3, 4))
    values[1, :3] = math.nan
    assert cases_of(OFTEN, values, values, np.arange(3)).used.tolist() == [0, 2]


def test_support_is_the_likelihood_ratio_of_a_table() -> None:
    table = [[30, 10], [20, 90]]
    expected = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")[0]
    assert support(30, 40, 50, 150) == pytest.approx(expected)
    assert support(5, 40, 50, 150) == 0.0


def test_a_limit_that_does_not_pay_is_let_go() -> None:
    random = np.random.default_rng(4)
    x = random.random((300, 5))
    y = random.random(300) < np.where(x[:, 0] < 0.4, 0.9, 0.1)
    curve = curve_of(x, y)
    assert np.flatnonzero(curve.chosen.box.restricted).tolist() == [0]
    assert curve.chosen.worth >= max(step.worth for step in curve.steps)


def test_blocks_are_dealt_whole() -> None:
    block = np.repeat(np.arange(6), 4)
    for order in _deals(block, 20, np.random.default_rng(0)):
        assert sorted(order) == list(range(24))
        assert (np.diff(order.reshape(6, 4), axis=1) == 1).all()


@pytest.mark.slow
def test_held_out_density_of_labels_that_know_nothing_is_the_share_of_cases() -> None:
    random = np.random.default_rng(6)
    lifts = []
    for _ in range(4):
        x, y = random.random((100, 4)), random.random(100) < 0.4
        values = np.repeat(y[:, None], 4, axis=1).astype(float)
        held = resamples_of(OFTEN, x, values, np.arange(100)).held
        lifts.append(held.lift.mean)
    assert abs(np.mean(lifts)) < 0.08


def test_a_tree_without_a_split_is_no_condition() -> None:
    random = np.random.default_rng(5)
    tree = tree_of(random.random((120, 4)), random.random(120) < 0.5, np.arange(120))
    assert len(tree.leaves) == 1
    assert tree.explained == 0.0


FACTOR = Factor("k", "K", "1/year", "range", 0.1, 0.5, (), "uniform", False, "", None, True)


@pytest.mark.parametrize(
    ("factor", "ends", "words"),
    [
        (FACTOR, (-math.inf, 0.3), "at most 0.300 per year"),
        (FACTOR, (0.2, math.inf), "at least 0.200 per year"),
        (FACTOR, (0.2, 0.3), "0.200 to 0.300 per year"),
        (FACTOR._replace(whole=True, unit="year", lo=1, hi=12), (2.5, math.inf), "3 or more year"),
        (FACTOR._replace(kind="list", values=(False, True), unit=""), (0.5, math.inf), "yes"),
        (FACTOR._replace(kind="list", values=(0, 1, 2), unit=""), (-math.inf, 1.5), "0 or 1"),
    ],
)
def test_limits_are_said_in_units(factor: Factor, ends: tuple[float, float], words: str) -> None:
    assert limit_words(factor, *ends) == words


def test_everything_is_a_box_without_limits() -> None:
    assert everything(3).limits == 0
    assert everything(3).inside(np.zeros((2, 3))).all()


@pytest.mark.slow
def test_the_campaign_of_planted_worlds_in_its_shortest_form() -> None:
    told = planted_conditions.summary(
        [planted_conditions.world(0, planted=True)], [planted_conditions.world(0, planted=False)],
        [planted_conditions.world(0, planted=False, moody=True)],
    )  # fmt: skip
    assert told["a condition found"] == told["no condition stands out"] == 1
    assert told["a condition found in a moody world"] == 0
    assert told["planted limits that are found and stable, of 3"] == 3
    assert told["planted limits within the stated interval"] == 1


@pytest.mark.slow
def test_the_text_names_the_box_in_words_and_units(found: Answer) -> None:
    lines = told(found)
    assert "Verdict: a condition was found." in lines
    assert any("First: at most" in line for line in lines)
    assert any("Third: 8 or fewer (swept 1 to 12)" in line for line in lines)
    assert max(map(len, lines)) <= 100


@pytest.mark.slow
def test_the_command_says_and_keeps_what_was_found(
    planted: Path, found: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--when", "crisis", "--outcome", "crisis_resource", "--json"]
    assert main(["discover", str(planted), *words]) == 0
    (frame,) = json.loads(capsys.readouterr().out)["frames"]
    assert frame["verdict"] == found.verdict == FOUND
    assert frame["searches"][0]["box"]["points"] == found.conditions[0].curve.chosen.points
    assert frame["searches"][0]["box"]["restrictions"][0]["label"] == "First"
    kept = {path.name for path in (planted / "answers" / "discover").iterdir()}
    assert {"limits.csv", "boxes.parquet", "points.csv", "limits-1.pdf", "curve-1.svg"} <= kept


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--arm", "ful"], "Did you mean 'full'?"),
        (["--arm", "none"], "the first arm is what the others are held against"),
        (["--outcome", "crisis"], "Did you mean"),
        (["--when", "crisis", "--outcome", "violent_incidents"], "yes or no"),
        (["--threshold", "0.3"], "--threshold is for --when crisis"),
        (["--when", "crisis", "--threshold", "1.5"], "up to 1, is needed"),
        (["--frame", "3"], "1 East"),
        (["--ranking", "--frame", "1"], "--frame belongs to the search"),
    ],
)
def test_a_question_that_cannot_be_asked_ends_with_one_line(
    planted: Path, words: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["discover", str(planted), *words]) == 2
    assert why in capsys.readouterr().err


def test_a_grid_is_refused_with_the_cure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_sweep(tmp_path / "grid", method="grid", points=4)
    assert main(["discover", str(folder)]) == 2
    assert "method=latin or method=sobol, or add --ranking" in capsys.readouterr().err


def test_without_scikit_learn_the_cure_is_told(
    planted: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("experiments.discover.find_spec", lambda name: None)
    assert main(["discover", str(planted)]) == 2
    assert "pip install 'thalweg[discover]'" in capsys.readouterr().err


RIVAL = {**FLAGS, "key": "parameters.onset.rival", "label": "Rival rule", "values": [0, 1]}


def by_rival(apart: float) -> Callable[[np.ndarray], np.ndarray]:
    """Chances of none, full: full is better under rule 0 and, by ``apart``, worse under rule 1."""

    def chance(points: np.ndarray) -> np.ndarray:
        rival = points[:, 1] > 0.5
        return np.column_stack([np.full(len(points), 0.5), np.where(rival, 0.5 + apart, 0.2)])

    return chance


@pytest.mark.parametrize(("apart", "flips"), [(0.3, True), (-0.3, False)])
def test_an_order_that_a_rival_rule_turns_round_is_told(
    apart: float, flips: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_sweep(
        tmp_path / "rival", regions=("east", "west"), arms=("none", "full"),
        factors=(RANGE, RIVAL), points=40, seeds=12, luck=0.3, chance=by_rival(apart),
    )  # fmt: skip
    sweep = load_sweep(folder)
    ranking = ranking_of(sweep, sweep.outcomes["crisis_resource"])
    assert ranking.scenes == 6  # two frames, and two rules in each
    assert ranking.comparisons == 10  # and both halves of one range in each
    assert ranking.apart == 2  # the frames: rules are parts of them
    assert ranking.decided >= 4
    assert bool(ranking.flips) == flips
    assert main(["discover", str(folder), "--ranking"]) == 0
    text = capsys.readouterr().out
    assert verdict(ranking) in text
    if flips:
        (flip,) = ranking.flips
        assert (flip.one, flip.two) == ("none", "full")
        sides = ((flip.one_better, "1"), (flip.two_better, "0"))
        for scenes, value in sides:
            places = {f"{region}; Rival rule = {value}" for region in ("East", "West")}
            assert places <= {scene.label for scene in scenes}
        assert flip.apart() == (2, 2)  # rule 0 or 1 in two regions: all else shares their runs
        assert ranking.first_in <= 2
        assert 2 <= ranking.first_of_all <= 4
    else:
        assert ranking.first == "full"
        assert (ranking.first_in, ranking.ahead_in, ranking.first_of_all) == (2, 2, 6)
        assert "no decided pair of arms changes its order" in text


@pytest.mark.slow
def test_pure_luck_decides_in_one_of_twenty_sweeps_at_most_however_many_scenes(
    tmp_path: Path,
) -> None:
    """Arms differ at single points, and nowhere on average: 15 worlds of 225 comparisons."""
    decided = alone = 0
    for place in range(15):
        random = np.random.default_rng(place)

        def by_luck(points: np.ndarray, random: np.random.Generator = random) -> np.ndarray:
            return 0.5 + 0.3 * random.choice([-1.0, 1.0], size=(len(points), 6))

        folder = make_sweep(
            tmp_path / str(place), regions=("east",), arms=("none", *"abcd", "full"), points=60,
            factors=EIGHT[:7], seeds=12, luck=0.0, chance=by_luck,
        )  # fmt: skip
        sweep = load_sweep(folder)
        found = ranking_of(sweep, sweep.outcomes["crisis_resource"])
        assert found.comparisons == 225
        decided += bool(found.decided)
        alone += any(
            not pair.effect.spans_zero for one in found.ranked for pair in one.pairs.values()
        )
    assert alone >= 10  # what single intervals would have decided
    assert decided <= 1


def test_overlapping_scenes_are_one_piece_of_evidence(planted: Path) -> None:
    frame = load_sweep(planted).frames[0]
    every, half = np.ones(10, dtype=bool), np.arange(10) < 5
    short, long, other = (
        Scene(frame._replace(settings={"region": region, "years": years}, years=years), "", every,
              half=False)
        for region, years in (("east", 10), ("east", 20), ("west", 20))
    )  # fmt: skip
    first, second = (long._replace(points=held) for held in (half, ~half))
    assert len(apart([short, long])) == 1
    assert len(apart([short, long, other])) == 2
    assert len(apart([first, second, long])) == 2
    assert longest([short, first, long, other]) == [long, other]


def test_holm_is_the_textbook_one() -> None:
    assert holm(np.array([0.04, 0.01, 0.03])).tolist() == pytest.approx([0.06, 0.03, 0.06])


def test_half_a_sweep_is_not_ranked(tmp_path: Path) -> None:
    folder = make_sweep(tmp_path / "half", missing=800)
    with pytest.raises(StudyError, match="352 of 1,152 planned runs are there"):
        ranking_of(load_sweep(folder), load_sweep(folder).outcomes["crisis_resource"])


@pytest.mark.parametrize(("missing", "refused"), [(1200, True), (300, False)])
def test_a_sweep_that_was_broken_off_says_how_much_of_it_is_there(
    tmp_path: Path, missing: int, refused: bool
) -> None:
    folder = make_sweep(
        tmp_path / "part", regions=("east",), arms=("none", "full"), factors=EIGHT[:2], points=120,
        seeds=10, chance=flat, missing=missing, luck=0.0,
    )  # fmt: skip
    sweep = load_sweep(folder)
    question = question_of(sweep, "crisis_resource", None, "crisis", None)
    (answer,) = answers(sweep, question, (0,), tree=False)
    text = " ".join(" ".join(told(answer)).split())
    there = 1200 - missing // 2
    whole = f"{there:,} of 1,200 planned runs are there, and {there // 10} of 120 points are whole"
    assert whole in text
    assert (answer.refusal != "") == refused
    if refused:
        assert "80 % of the runs are needed" in text


@pytest.mark.parametrize("scores", [[0.0] * 90 + [0.1] * 10, [0.0] * 100, [1.0] * 90 + [0.9] * 10])
def test_no_threshold_is_offered_that_does_not_split(scores: list[float]) -> None:
    assert best_threshold(OFTEN, np.array(scores)) is None


def test_the_threshold_that_is_offered_splits_as_it_is_said() -> None:
    scores = np.array([0.0] * 60 + [2 / 3] * 25 + [1.0] * 15)
    at, above = best_threshold(OFTEN, scores)
    assert (at, above) == (0.666, 40)
    assert OFTEN._replace(threshold=float(f"{at:g}")).holds(scores).sum() == above


def test_beyond_many_points_the_answer_says_what_is_repeated_less_often() -> None:
    text = subset_words(2001)
    for words in ("beyond 2,000", "99 shuffled tables in place of 199", "33 resamples in place of",
                  "16 halves of the seeds in place of 50", "8 splits of points"):  # fmt: skip
        assert words in text


@pytest.mark.slow
def test_what_is_told_of_a_box_is_not_taken_from_the_points_that_were_searched() -> None:
    """Labels of pure chance: the box looks dense where it was searched, and nowhere else."""
    dense, held, spans = [], [], []
    for place in range(6):
        random = np.random.default_rng(place)
        x, values = random.random((100, 6)), (random.random((100, 8)) < 0.4).astype(float)
        label = OFTEN.holds(values.mean(axis=1))
        step = curve_of(x, label).chosen
        dense.append(step.density - label.mean())
        own = resamples_of(OFTEN, x, values, np.arange(100)).held
        held.append(own.density.mean - own.base.mean)
        apart_by = splits_of(OFTEN, x, values, np.arange(100), 10).apart
        spans += [not own.lift.lo > 0, not apart_by.lo > 0]
    assert np.mean(dense) > 0.15
    assert abs(np.mean(held)) < 0.08
    assert all(spans)


def test_records_say_what_was_found_or_why_nothing_was(
    found: Answer, planted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "answers", lambda *given, **more: iter([found]))
    (frame,) = records.conditions(planted, "crisis_resource", "none")
    (one,) = frame.records
    assert frame.reason == ""
    assert set(one) == {"sentence", "coverage", "density", "lift", "interval", "points", "seeds",
                        "stable"}  # fmt: skip
    held = found.conditions[0].resamples.held
    assert (one["density"], one["interval"]["density"]) == (
        held.density.mean, [held.density.lo, held.density.hi]
    )  # fmt: skip
    assert one["density"] < found.conditions[0].curve.chosen.density
    assert "First: at most" in one["sentence"]
    assert "not searched" in one["sentence"]
    none = found._replace(conditions=(found.conditions[0]._replace(verdict=NOTHING),))
    monkeypatch.setattr(records, "answers", lambda *given, **more: iter([none]))
    (frame,) = records.conditions(planted, "crisis_resource", "none")
    assert (frame.records, frame.reason[:26]) == ([], "No condition stands out: 0")
    assert list(records.sentences([frame])) == [f"{frame.label}: {frame.reason}"]
    with pytest.raises(StudyError, match="baseline"):
        records.conditions(planted, "crisis_resource", "none", when="fails")


def test_arms_with_too_few_events_are_ranked_without_a_decision(tmp_path: Path) -> None:
    folder = make_sweep(
        tmp_path / "rare", regions=("east",), arms=("none", "full"), factors=(RANGE,), points=20,
        seeds=10, luck=0.2, chance=lambda p: np.tile([0.3, 0.01], (len(p), 1)),
    )  # fmt: skip
    sweep = load_sweep(folder)
    ranking = ranking_of(sweep, sweep.outcomes["crisis_resource"])
    assert ranking.decided == 0
    assert all(
        "too few events" in pair.scruple for one in ranking.ranked for pair in one.pairs.values()
    )
    assert verdict(ranking).startswith("cannot tell")
