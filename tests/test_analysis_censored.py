"""Times to first events: censored at the horizon, so that no pair is chosen by its outcome."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from study_factory import make_study

from analysis.censored import FIRST_TIMES, OF_AGREEMENTS
from analysis.comparisons import load_comparison
from analysis.effects import effects
from analysis.figures import forest, profile, profile_rows
from analysis.figures.chances import crisis_table
from analysis.report import texts
from analysis.study import Outcome, Study
from sim.outcomes import OUTCOMES

CRISIS, YEARS, SEEDS = "time_to_crisis_resource", 20.0, 60
NAN = math.nan
SIGNED = Outcome(OF_AGREEMENTS, "Time to the first agreement", "years", "lower", "time", "")


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("censored") / "s"
    return load_comparison(make_study(folder, arms=("none", "full"), seeds=SEEDS, years=int(YEARS)))


def planted(study: Study, none: list[float], full: list[float], key: str = CRISIS) -> Study:
    """The study with these times in the order of seeds."""
    runs = study.runs.sort_values(["arm", "seed"], ignore_index=True)
    runs[key] = np.where(runs["arm"] == "none", np.array([*full, *none]), [*full, *none])
    known = {**study.outcomes, **({OF_AGREEMENTS: SIGNED} if key == OF_AGREEMENTS else {})}
    return replace(study, runs=runs, outcomes=known, _cache={})


def test_an_arm_that_spares_most_histories_their_crisis_does_not_hasten_crises(
    plain: Study,
) -> None:
    """Of 60 pairs 30 lose their crisis of year 5; in the others it comes a year sooner.

    Pairs with a crisis in both arms alone would say -1 year, every time.
    """
    study = planted(plain, [5.0] * 30 + [10.0] * 30, [NAN] * 30 + [9.0] * 30)
    effect = effects(study)["full", CRISIS]
    assert (effect.n, effect.dropped) == (60, 0)
    assert effect.reference_mean == pytest.approx(7.5)
    assert effect.arm_mean == pytest.approx(0.5 * YEARS + 0.5 * 9.0)
    assert effect.difference == pytest.approx(7.0)
    assert effect.lo > 0.0
    assert effect.verdict(study.outcomes[CRISIS]) == "better"
    both = [b - a for a, b in zip([10.0] * 30, [9.0] * 30, strict=True)]
    assert np.mean(both) < 0.0, "what dropping pairs would have said"


def test_the_restricted_mean_is_the_area_under_the_share_without_a_crisis(plain: Study) -> None:
    """Every history is watched to the end, so that Kaplan and Meier's curve is this share."""
    random = np.random.default_rng(3)
    none, full = (random.exponential(15.0, SEEDS) for _ in "ab")
    cut = [np.where(times < YEARS, times, NAN) for times in (none, full)]
    study = planted(plain, *(list(times) for times in cut))
    effect = effects(study)["full", CRISIS]
    grid = (np.arange(1000) + 0.5) * YEARS / 1000
    areas = [np.mean(times[:, None] > grid) * YEARS for times in (none, full)]
    assert effect.reference_mean == pytest.approx(areas[0], abs=0.02)
    assert effect.difference == pytest.approx(areas[1] - areas[0], abs=0.04)


def test_a_failed_run_gets_no_time(plain: Study) -> None:
    """Its seed leaves both arms; the horizon stands for histories that were watched to the end."""
    study = planted(plain, [5.0] * SEEDS, [NAN] * 10 + [6.0] * (SEEDS - 10))
    runs = study.runs.copy()
    runs.loc[(runs["arm"] == "full") & (runs["seed"] < 10), "status"] = 1
    effect = effects(replace(study, runs=runs, _cache={}))["full", CRISIS]
    assert effect.n == SEEDS - 10
    assert effect.arm_mean == pytest.approx(6.0)
    assert effects(study)["full", CRISIS].arm_mean > 6.0, "they would have counted as 20"


def test_a_time_that_is_not_censored_stays_undefined(plain: Study) -> None:
    study = planted(plain, [NAN] * 10 + [1.0] * 50, [2.0] * SEEDS, key="recovery_time")
    declared = SIGNED._replace(key="recovery_time")
    study = replace(study, outcomes={**study.outcomes, "recovery_time": declared})
    effect = effects(study)["full", "recovery_time"]
    assert (effect.n, effect.dropped, effect.reference_mean) == (50, 10, 1.0)


def with_left(study: Study, *arms: str) -> Study:
    left = {"data_sharing": 1.0}
    return replace(study, arms=tuple(
        arm._replace(negotiated=left if arm.name in arms else None) for arm in study.arms
    ))  # fmt: skip


def test_where_nobody_may_sign_there_is_no_time_to_an_agreement(plain: Study) -> None:
    """Else the switch itself would be the effect: the horizon against whatever towns do."""
    study = planted(plain, [NAN] * SEEDS, [4.0] * SEEDS, key=OF_AGREEMENTS)
    for left in ((), ("full",)):
        effect = effects(with_left(study, *left))["full", OF_AGREEMENTS]
        assert (effect.n, effect.dropped) == (0, SEEDS)
        figure = forest.build(with_left(study, *left))
        assert figure is not None
        assert OF_AGREEMENTS not in {view.key for view in figure.views}


def test_where_both_arms_may_sign_a_history_without_a_signature_counts(plain: Study) -> None:
    study = planted(plain, [10.0] * SEEDS, [NAN] * 30 + [4.0] * 30, key=OF_AGREEMENTS)
    effect = effects(with_left(study, "none", "full"))["full", OF_AGREEMENTS]
    assert (effect.n, effect.arm_mean, effect.difference) == (SEEDS, 12.0, 2.0)


def test_the_report_says_what_its_means_of_times_are(plain: Study) -> None:
    said = "estricted mean over 20 years: histories without one count as 20"
    figure = forest.build(plain)
    assert figure is not None
    views = {view.key: view for view in figure.views}
    assert said in views[CRISIS].subtitle
    axis = views[CRISIS].spec["layout"]["xaxis"]["title"]["text"].replace("<br>", " ")
    assert "(years, restricted mean over 20)" in axis
    assert set(views[CRISIS].table["unit"]) == {"years, restricted mean over 20"}
    others = [view for key, view in views.items() if key != CRISIS]
    assert not any("estricted" in f"{view.subtitle}{view.spec['layout']}" for view in others)
    for built in (figure, profile.build(plain)):
        assert built is not None
        assert any("restricted mean over 20 years" in line for line in built.how_to_read)
    assert [row["key"] for row in texts.outcome_rows(plain) if said in row["about"]] == [CRISIS]
    without = {key: o for key, o in plain.outcomes.items() if key != CRISIS}
    assert not any("estricted" in line for line in texts.method_notes(
        replace(plain, outcomes=without)))  # fmt: skip


def test_the_profile_measures_times_by_their_restricted_spread(plain: Study) -> None:
    study = planted(plain, [5.0] * 30 + [NAN] * 30, [5.0] * 20 + [NAN] * 40)
    rows = profile_rows.scaled_rows(study, study.arms[1])
    row = next(row for row in rows if row.outcome.key == CRISIS)
    spread = np.std([5.0] * 30 + [YEARS] * 30, ddof=1)
    assert row.shown == pytest.approx(2.5 / spread)


def test_the_chance_of_a_crisis_by_a_year_counts_crises_and_not_horizons(tmp_path: Path) -> None:
    """The times themselves stay as they are: a history without a crisis never had one."""
    made = make_study(tmp_path / "s", arms=("none", "full"), seeds=SEEDS, years=20)
    study = load_comparison(made)
    table = crisis_table(study)
    last = table.groupby("arm", sort=False)["share"].last()
    had = [study.values(arm.name, CRISIS).notna().mean() for arm in study.arms]
    assert last.tolist() == pytest.approx(had, abs=1e-5)
    assert study.runs[CRISIS].isna().any()


def test_first_event_times_are_those_that_the_model_declares_as_censored() -> None:
    declared = {key for key, o in OUTCOMES.items() if "censored at the horizon" in o.about}
    assert set(FIRST_TIMES) == declared
    assert set(FIRST_TIMES) == {key for key, o in OUTCOMES.items() if "to the first" in o.label}
    assert {OUTCOMES[key].unit for key in FIRST_TIMES} == {"years"}
    assert {OUTCOMES[key].kind for key in FIRST_TIMES} == {"time"}
