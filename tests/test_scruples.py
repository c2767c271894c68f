"""The one home of the rules that forbid a claim: events, failures, pairs."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.crossed import Design
from analysis.effects import paired_effect
from analysis.intervals import sign_test
from analysis.scruples import (
    NEEDED,
    chance_of,
    counts_events,
    failed_cells,
    failures,
    too_few,
    undefined,
    uneven,
    with_any,
)
from analysis.study import Outcome
from analysis.sweep_effects import clustered_effect
from analysis.sweep_report.tables import reading
from analysis.sweep_study import MISSING
from sim.outcomes import OUTCOMES


def declared(key: str) -> Outcome:
    """An outcome as the model declares it."""
    return Outcome(*OUTCOMES[key][:6])


CRISIS, RATE = declared("crisis_resource"), declared("fatal_violence")
TIME, LEVEL = declared("time_to_crisis_any"), declared("worst_livelihood")


def test_the_declaration_says_what_counts_events() -> None:
    rare = [one for one in map(declared, OUTCOMES) if counts_events(one)]
    assert {one.kind for one in rare} == {"probability", "rate", "count", "time"}
    assert {one.key for one in rare if one.kind == "time"} < set(OUTCOMES)
    assert all(one in rare for one in (CRISIS, RATE, TIME))
    assert LEVEL not in rare


@pytest.mark.parametrize("outcome", [CRISIS, RATE, TIME])
def test_every_outcome_that_counts_events_needs_thirty_histories_in_every_arm(
    outcome: Outcome,
) -> None:
    values = np.zeros((100, 2))
    values[:NEEDED, 0] = values[: NEEDED - 1, 1] = 2.0
    if outcome is TIME:
        values = np.where(values > 0, 3.0, 20.0)
    events = with_any(outcome, values)
    assert events.tolist() == [NEEDED, NEEDED - 1]
    told = too_few(outcome, events, 100, ["none", "full"])
    assert told == "too few events: 29 of 100 histories with full had any, 30 in each are needed"
    assert too_few(outcome, [NEEDED, NEEDED], 100) == ""
    assert too_few(LEVEL, [0, 0], 100) == ""


def test_the_same_seeds_under_several_fits_are_no_more_events() -> None:
    assert too_few(CRISIS, [[15, 60], [15, 60]], 100, ["none", "full"]).startswith(
        "too few events: 15 of 100 histories with none had any"
    )
    assert too_few(CRISIS, [30, 120], 200) == ""


@pytest.mark.parametrize(("a", "b"), [(0, 5), (0, 6), (1, 8), (12, 3), (4, 4)])
def test_failures_of_two_arms_are_held_to_the_sign_test(a: int, b: int) -> None:
    failed = np.zeros((60, 2), dtype=bool)
    failed[:a, 0] = failed[a : a + b, 1] = True
    failed[50:] = True  # of both arms: says nothing
    assert chance_of(failed) == pytest.approx(sign_test(a, b), abs=1e-12)


@pytest.mark.parametrize("arms", [2, 3, 9])
def test_even_failures_are_seldom_called_uneven(arms: int) -> None:
    random = np.random.default_rng(arms)
    called = [bool(uneven(random.random((400, arms)) < 0.03)) for _ in range(400)]
    assert np.mean(called) <= 0.07


def test_an_arm_that_never_fails_and_one_that_alone_does_are_found_among_many() -> None:
    failed = np.zeros((400, 9), dtype=bool)
    failed[:5, 4] = True
    names = [f"arm {k}" for k in range(9)]
    assert uneven(failed, names) == (
        "uneven failures: 5 of 400 runs failed with arm 4, 0 with arm 0"
    )
    spared = np.zeros((400, 9), dtype=bool)
    spared[:80, 1:] = True
    assert "0 with arm 0" in uneven(spared, names)


def test_many_failures_speak_even_where_they_are_even() -> None:
    failed = np.zeros((100, 2), dtype=bool)
    failed[:5] = True
    assert failures(failed) == ""
    failed[5] = True
    assert failures(failed) == "failures: 6 of 100 pairs are lost"


def test_runs_that_are_not_made_yet_are_no_failures_and_make_none_uneven() -> None:
    status = np.zeros((100, 2), dtype=np.int8)
    status[:40, 0] = 1
    status[:, 1] = MISSING
    assert failed_cells(status).shape == (0, 2)
    assert uneven(failed_cells(status)) == ""


def test_an_outcome_that_many_pairs_do_not_define_gets_no_verdict_in_either_report() -> None:
    a = np.linspace(0.0, 1.0, 100)
    for lost, told in ((5, "worse"), (6, "values missing")):
        b = np.where(np.arange(100) < lost, np.nan, a - 0.5)
        found = paired_effect("full", LEVEL, a, b, (-0.6, -0.4))
        assert (found.dropped, found.verdict(LEVEL)) == (lost, told)
    assert reading(LEVEL, found) == "too many values missing"
    assert undefined(94, 100) == (
        "undefined in 6 of 100 pairs: those that are left are chosen by what happened in them"
    )
    assert undefined(95, 100) == ""


def test_runs_that_are_missing_from_a_sweep_are_not_undefined() -> None:
    a, design = np.ones((10, 10)), Design(np.arange(10), sampled=True)
    b = np.where(np.arange(10) < 4, np.nan, 0.5 + 0.01 * np.arange(100).reshape(10, 10))
    assert clustered_effect("full", LEVEL, a, b, design, 60).dropped == 0
    assert clustered_effect("full", LEVEL, a, b, design).dropped == 40


def test_a_verdict_on_rare_events_is_few_events_in_both_reports_and_the_tidy_frames() -> None:
    a, b = np.zeros(400), np.zeros(400)
    a[:60], b[:20] = 1.0, 1.0
    rare = paired_effect("full", CRISIS, a, b, (-0.14, -0.06))
    assert (rare.events, rare.verdict(CRISIS)) == ((60, 20), "few events")
    assert reading(CRISIS, rare) == "too few events"
    b[:35] = 1.0
    known = paired_effect("full", CRISIS, a, b, (-0.09, -0.03))
    assert known.verdict(CRISIS) == "better"
    assert paired_effect("full", LEVEL, a, b, (-0.09, -0.03)).verdict(LEVEL) == "worse"
