"""Held-out patterns on parts of the mix, and ratios that do not exist: planted counts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from analysis.patterns import COLUMNS, VIEWS
from analysis.patterns.score import Found
from experiments import document_scores, held_out
from experiments.backgrounds import Border, Plan
from experiments.observe import Watched
from experiments.validate import _meeting
from experiments.within_borders import common

YEARS, EACH = 69.0, 40


def history(
    with_body: float, severe_with: int = 2, mild_with: int = 8, severe: int = 4, mild: int = 6
) -> np.ndarray:
    """Counts of one history: a share of its years with a body, events by side and severity."""
    planted = {
        "years_with": YEARS * with_body, "years_without": YEARS * (1 - with_body),
        "with": severe_with + mild_with, "with_3": severe_with, "without": severe + mild,
        "without_3": severe, "severe": severe_with + severe,
        "with_5": severe_with / 2, "without_5": severe / 2,
    }  # fmt: skip
    counts = np.zeros(len(COLUMNS))
    for name, number in planted.items():
        for view in VIEWS:
            counts[COLUMNS.index(f"V11.{name}.{view}")] = number
    return counts


ALWAYS = history(1.0, severe=0, mild=0)
NEVER = history(0.0, severe_with=0, mild_with=0)
FOUNDED = history(0.5)  # odds (2 / 8) / (4 / 6) = 3 / 8


def card(*histories: np.ndarray) -> dict[str, Any]:
    """V11 of histories of one border."""
    rows = held_out.scored(np.array(histories), np.zeros(len(histories)))
    return next(row for row in rows if row["pattern"] == "V11")


def world(**borders: np.ndarray) -> tuple[Plan, Watched]:
    """A plan and what was watched; the names of stripped borders end in ``bare``."""
    plan = Plan(
        tuple(Border(name, EACH, None, None, name.endswith("bare")) for name in borders), 1, 69, 0.0
    )
    rows = np.repeat(np.array(list(borders.values())), EACH, axis=0)
    names, seeds = np.repeat(list(borders), EACH), np.arange(len(rows))
    return plan, Watched(names, seeds, np.zeros(len(rows), dtype=np.int8), rows)


@pytest.mark.parametrize(
    ("one", "said"),
    [(ALWAYS, "all of the 2,760 pair-years have a joint body"),
     (NEVER, "none of the 2,760 pair-years has a joint body")],
)  # fmt: skip
def test_a_ratio_without_a_side_is_undefined_with_any_number_of_events(
    one: np.ndarray, said: str
) -> None:
    found = card(*[one] * EACH)
    assert found["verdict"] == held_out.UNDEFINED
    odds, complaints, odds_5 = (measure["reported"] for measure in found["measures"])
    for seen in (odds, complaints):
        assert (seen["value"], seen["verdict"]) == (None, held_out.UNDEFINED)
        assert said in seen["why"]
    assert odds_5["verdict"] == "shown only"
    assert odds["events"] >= 80
    (line,) = held_out.reasons([found])
    assert line.startswith("V11 undefined: ")
    assert said in line
    assert "odds of -5" in line


def test_few_events_are_not_called_undefined() -> None:
    """Histories that differ widely: a value, and an interval too wide to decide."""
    found = card(history(0.5, 1, 9), history(0.5, 9, 1), history(0.5, 2, 8))
    assert found["verdict"] == "too few events"
    assert found["measures"][0]["reported"]["lo"] is not None
    assert held_out.reasons([found]) == []
    decided = card(*[FOUNDED] * EACH)
    assert decided["verdict"] == "pass"
    assert decided["measures"][0]["reported"]["value"] == pytest.approx(0.375)


def test_one_side_without_severe_events_is_undefined_for_another_reason() -> None:
    found = card(*[history(0.5, severe=0)] * EACH)
    assert "divided by" in found["measures"][0]["reported"]["why"]
    assert found["measures"][1]["reported"]["verdict"] == "pass"
    assert found["verdict"] == held_out.UNDEFINED


def test_bodies_that_states_found_are_scored_apart_from_those_that_are_declared() -> None:
    plan, good = world(alps=ALWAYS, alps_bare=FOUNDED, rhine_bare=history(0.5, 3, 7))
    (bare,) = [r for r in held_out.part(plan, good, True) if r["pattern"] == "V11"]
    (kept,) = [r for r in held_out.part(plan, good, False) if r["pattern"] == "V11"]
    assert bare["measures"][0]["reported"]["value"] == pytest.approx((5 / 15) / (8 / 12))
    assert bare["verdict"] == "pass"
    assert kept["verdict"] == held_out.UNDEFINED
    assert {row["use"] for row in held_out.part(plan, good, True)} == {"H"}


def test_all_roots_together_count_for_bodies_that_states_found() -> None:
    one, two = (world(alps=ALWAYS, alps_bare=each, rhine_bare=FOUNDED)
                for each in (FOUNDED, history(0.5, 3, 7)))  # fmt: skip
    found = held_out.founded(one[0], [one[1], two[1]])
    own = {row["border"]: row for row in found["borders"]}
    assert list(own) == ["alps_bare", "rhine_bare"]
    odds = [row["measures"][0]["reported"]["value"] for row in own.values()]
    assert odds == pytest.approx([(5 / 15) / (8 / 12), 0.375])
    assert own["alps_bare"]["pair_years"] == [2760.0, 2760.0]
    assert (found["roots"], found["pooled"]["histories"]) == (2, 4 * EACH)
    assert found["pooled"]["measures"][0]["reported"]["events"] == 4 * EACH * 6 + EACH


def test_a_mix_of_one_kind_of_border_has_no_parts() -> None:
    plan, good = world(alps_bare=FOUNDED, rhine_bare=FOUNDED)
    assert held_out.part(plan, good, True) == held_out.part(plan, good, False) == []
    plan, good = world(alps=ALWAYS)
    assert held_out.founded(plan, [good]) == {}


def page(monkeypatch: pytest.MonkeyPatch, **borders: np.ndarray) -> str:
    plan, good = world(alps=ALWAYS, **borders)
    kept = {"held_out_as_declared": held_out.part(plan, good, False),
            "held_out_without_bodies": held_out.part(plan, good, True),
            "bodies_founded": held_out.founded(plan, [good]), "roots": 2,
            "verdicts_by_root": {"V1": {"pass": 2}, "V11": {"pass": 2}},
            "verdicts_without_bodies_by_root": {"V11": {"fail": 1, "pass": 1}}}  # fmt: skip
    monkeypatch.setattr(document_scores, "kept", lambda: kept)
    return document_scores.founded()


def test_pooled_odds_compare_borders_and_those_within_borders_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Odds and rates 1 on both borders; the one with more and severe acts has more bodies."""
    hard, calm = history(0.9, 45, 45, 5, 5), history(0.1, 1, 4, 9, 36)
    text = page(monkeypatch, hard_bare=hard, calm_bare=calm)
    one = "1.00 (1.00 to 1.00)"
    assert f"| hard_bare | 40 | 90 % | {one}, fail | {one}, pass |" in text
    pooled = (46 / 49) / (14 / 41), (95 / 69) / (55 / 69)
    told = " | ".join(f"{each:.2f} ({each:.2f} to {each:.2f})" for each in pooled)
    assert f"| **pooled** | 80 | 50 % | {told.replace(' |', ', fail |')}, pass |" in text
    assert f"| **within borders** |  |  | {one} | {one} |" in text


def test_the_common_ratios_are_those_of_mantel_and_haenszel() -> None:
    """Two borders by hand; one alone gives its own ratios back."""
    one, two = history(0.5, 2, 8, 4, 6), history(1 / 3, 3, 7, 5, 15)
    border = np.repeat(["a", "b"], EACH)
    found = common(np.repeat([one, two], EACH, axis=0), border)
    odds = (2 * 6 / 20 + 3 * 15 / 30) / (8 * 4 / 20 + 7 * 5 / 30)
    rates = (10 * 0.5 + 10 * 2 / 3) / (10 * 0.5 + 20 / 3)
    assert found["odds_3"][0] == pytest.approx(odds, rel=1e-4)
    assert found["complaints"][0] == pytest.approx(rates, rel=1e-4)
    alone = common(np.repeat([one], EACH, axis=0), border[:EACH])
    assert alone["odds_3"][0] == pytest.approx(0.375)
    assert common(np.repeat([ALWAYS], EACH, axis=0), border[:EACH])["odds_3"] == [None] * 3


def test_the_interval_within_borders_is_that_of_their_histories() -> None:
    """Alike histories leave none; with one border it is the interval of the scorecard."""
    same = common(np.repeat([FOUNDED], EACH, axis=0), np.zeros(EACH))["odds_3"]
    assert same[1] == same[2] == same[0]
    random = np.random.default_rng(2)
    rows = np.array([history(0.5, *random.poisson([2, 8, 4, 6])) for _ in range(EACH)])
    scored = card(*rows)["measures"][0]["reported"]
    found = common(rows, np.zeros(EACH))["odds_3"]
    assert found == pytest.approx([scored["value"], scored["lo"], scored["hi"]], rel=1e-4)
    assert scored["hi"] - scored["lo"] > 0.1


def test_the_page_gives_the_reason_for_what_is_undefined(monkeypatch: pytest.MonkeyPatch) -> None:
    page(monkeypatch, one_bare=FOUNDED)
    declared = document_scores.declared()
    assert "V11 undefined: all of the 2,760 pair-years have a joint body" in declared
    assert "| none | 80 | undefined |" in declared
    assert "V11 undefined" not in document_scores.without_bodies()
    rows = document_scores.roots().splitlines()
    assert rows[-2:] == ["| V1 | pass 2 of 2 |  |", "| V11 | pass 2 of 2 | fail 1, pass 1 of 2 |"]


def test_the_page_waits_for_a_scorecard_that_holds_the_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(document_scores, "kept", dict)
    for block in (document_scores.founded, document_scores.without_bodies):
        assert block() == document_scores.NONE_YET


@pytest.mark.parametrize(
    ("seen", "made", "verdict"),
    [((1, 0, 2), (3, 2, 4), "meet"), ((1, 0, 2), (4, 3, 5), "differ"),
     ((1, np.nan, np.nan), (4, 3, 5), "too few events"),
     ((np.nan, np.nan, np.nan), (4, 3, 5), "undefined")],
)  # fmt: skip
def test_a_table_without_a_value_is_not_called_too_small(
    seen: tuple[float, ...], made: tuple[float, ...], verdict: str
) -> None:
    measure: Any = None
    assert _meeting(*(Found(measure, *each, 9, "") for each in (seen, made))) == verdict
