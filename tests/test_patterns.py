"""Patterns: each counts a worked example by hand, and the registry keeps its contract."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from analysis import patterns
from analysis.patterns import base, score, scorecard
from analysis.patterns.acts import (
    ARMY,
    FISHERY,
    GOVERNMENT,
    GUARDS,
    KINDS,
    OTHER,
    RIVER,
    TOWN,
    Acts,
    Cluster,
    no_acts,
    spells,
)  # fmt: skip

# What an empty history does tell: no dispute in any of the years that are known.
TOLD_BY_NOTHING = {"V7": {"rate", "quiet", "never"}}
BY_KEY = {pattern.key: pattern for pattern in patterns.PATTERNS}


def acts(*rows: dict) -> Acts:
    """Acts with defaults: a seen protest between governments over a river, by pair 0."""
    plain = {
        "time": 0.0, "pair": 0, "bar": -1, "hostility": 1, "actor": GOVERNMENT, "kind": RIVER,
        "seen": 1, "claim": True, "incident": -1, "violent": False, "fatal": False, "body": False,
    }  # fmt: skip
    return Acts(**{key: np.array([{**plain, **row}[key] for row in rows]) for key in plain})


def cluster(log: Acts, **other: object) -> Cluster:
    made = Cluster(log, 30, 1, (20.0, 10.0), np.zeros((0, 0)))
    return made._replace(**other)


def sums(key: str, log: Acts, reported: bool = True, **other: object) -> dict[str, float]:
    pattern = BY_KEY[key]
    found = pattern.tally(cluster(log, **other), reported)
    return {k: float(v) for k, v in zip(pattern.columns, found, strict=True)}


def value(key: str, measure: str, found: dict[str, float]) -> float:
    chosen = next(m for m in BY_KEY[key].measures if m.key == measure)
    return float(chosen.compute({k: np.asarray(v) for k, v in found.items()}))


def test_every_pattern_file_is_registered_and_has_its_own_key() -> None:
    files = sorted((ROOT / "analysis" / "patterns").glob("v[0-9]*.py"))
    assert len(files) == len(patterns.PATTERNS) == len(BY_KEY)
    assert [int(f.stem[1:3]) for f in files] == [int(p.key[1:]) for p in patterns.PATTERNS]


def test_the_patterns_of_the_contract_are_there_with_their_use() -> None:
    uses = {p.key: p.use for p in patterns.PATTERNS}
    assert {k for k, use in uses.items() if use == "H"} == {"V5", "V11"}
    assert {k for k, use in uses.items() if use == "C"} == {"V1", "V2", "V7", "V8", "V12", "V13"}
    assert {p.key for p in patterns.PATTERNS if p.required} == {
        k for k, use in uses.items() if use == "C"
    }


@pytest.mark.parametrize("pattern", patterns.PATTERNS, ids=lambda p: p.key)
def test_a_pattern_keeps_its_contract(pattern: base.Pattern) -> None:
    """It counts an empty history, its columns fit, every measure names a column of events."""
    found = pattern.tally(cluster(no_acts()), True)
    assert len(found) == len(pattern.columns) == len({*pattern.columns})
    named = {k: np.asarray(float(v)) for k, v in zip(pattern.columns, found, strict=True)}
    told = {m.key for m in pattern.measures if not math.isnan(float(m.compute(named)))}
    assert told == TOLD_BY_NOTHING.get(pattern.key, set()), "a share of nothing is no number"
    for measure in pattern.measures:
        assert measure.events in pattern.columns
        if measure.accept is not None:
            assert measure.accept[0] < measure.accept[1]
            assert measure.widest > 0
    assert any(m.accept for m in pattern.measures)
    assert pattern.source
    assert pattern.title


def test_kinds_are_the_issues_of_the_model() -> None:
    from sim.events import CLASSES
    from sim.topology import ISSUES

    assert KINDS == ISSUES
    assert CLASSES[GUARDS] == "border guard"
    assert CLASSES[ARMY] == "army"


def test_v1_counts_acts_of_states_over_a_resource_by_sign() -> None:
    log = acts({"bar": 4}, {"bar": -2}, {"bar": 1, "seen": 2}, {"bar": -1, "seen": 0},
               {"bar": 6, "kind": OTHER}, {"bar": -3, "actor": TOWN})  # fmt: skip
    seen, every = sums("V1", log), sums("V1", log, reported=False)
    assert seen == {"events": 3, "cooperative": 1, "neutral": 1, "conflictive": 1}
    assert every == {"events": 4, "cooperative": 2, "neutral": 0, "conflictive": 2}
    assert value("V1", "cooperative", seen) == pytest.approx(100 / 3)


def test_v2_shares_are_of_conflictive_events() -> None:
    found = sums("V2", acts(*({"bar": b} for b in (-1, -2, -3, -5, -7, 4))))
    assert found == {"conflictive": 5, "verbal": 2, "minus_3": 1, "severe": 2, "war": 1}


def test_v5_a_claim_ends_after_five_years_without_an_act() -> None:
    log = acts({"time": 1.0}, {"time": 5.0, "hostility": 2}, {"time": 11.0},
               {"time": 12.0, "kind": FISHERY, "hostility": 4},
               {"time": 13.0, "claim": False, "kind": FISHERY})  # fmt: skip
    found = sums("V5", log)
    assert (found["river_claims"], found["river_military"]) == (2, 1)
    assert (found["maritime_claims"], found["maritime_military"]) == (1, 1)
    assert value("V5", "maritime_over_river", found) == 50.0


def test_v7_years_after_a_dispute_are_recent_for_ten_years() -> None:
    """Onsets in years 2 and 12: of the 20 years known, 11 and 12 follow the first, 13-22 both."""
    log = acts({"time": 2.5, "hostility": 3}, {"time": 2.6, "hostility": 4},
               {"time": 12.2, "hostility": 3})  # fmt: skip
    found = sums("V7", log)
    assert found["disputes"] == 2
    assert (found["pair_years"], found["onset_years"]) == (30, 2)
    assert (found["recent_years"], found["recent_onsets"]) == (13, 1)
    assert (found["quiet_years"], found["quiet_onsets"]) == (7, 0)
    assert found["never"] == 0


def test_v8_the_level_of_a_dispute_is_its_highest() -> None:
    log = acts({"time": 1.0, "hostility": 3}, {"time": 1.2, "hostility": 4, "fatal": True},
               {"time": 3.0, "hostility": 3}, {"time": 9.0, "hostility": 5})  # fmt: skip
    found = sums("V8", log)
    assert found == {"disputes": 3, "display": 1, "force": 1, "war": 1, "deadly": 1}


def test_v11_compares_severity_and_rate_with_and_without_a_body() -> None:
    rows = [{"bar": -1, "body": True}] * 9 + [{"bar": -3, "body": True}]
    rows += [{"bar": -1}] * 16 + [{"bar": -5}] * 4
    found = sums("V11", acts(*rows))
    assert value("V11", "odds_3", found) == pytest.approx((1 / 9) / (4 / 16))
    assert value("V11", "complaints", found) == pytest.approx((10 / 10) / (20 / 20))


def test_v12_is_by_descent_from_a_violent_incident() -> None:
    log = acts({"incident": 1, "violent": True, "actor": 0}, {"incident": 2, "violent": True},
               {"incident": 2, "actor": GUARDS, "hostility": 4},
               {"incident": 3, "actor": ARMY, "hostility": 4})  # fmt: skip
    assert sums("V12", log) == {"violent": 2, "led": 1, "led_army": 0}


def test_v13_reads_the_noise_of_a_long_record() -> None:
    random = np.random.default_rng(1)
    noise = random.standard_normal(4000)
    for year in range(1, 4000):
        noise[year] = 0.3 * noise[year - 1] + math.sqrt(1 - 0.09) * noise[year]
    found = sums("V13", no_acts(), inflow=(1.0 + 0.2 * noise)[None])
    assert value("V13", "cv", found) == pytest.approx(0.2, abs=0.02)
    assert value("V13", "lag_1", found) == pytest.approx(0.3, abs=0.05)


def test_spells_are_cut_at_long_gaps() -> None:
    assert [s.tolist() for s in spells(np.array([0.0, 0.4, 1.0, 1.2]), 0.5)] == [[0, 1], [2, 3]]
    assert spells(np.zeros(0), 0.5) == []


MEASURE = base.Measure("x", "x", "%", 5.0, (4.0, 8.0), "n", lambda s: s["n"])


@pytest.mark.parametrize(
    ("lo", "hi", "expected"),
    [(5, 6, "pass"), (7.9, 9, "pass"), (8.1, 8.2, "fail"), (3, 7.5, "too few events"),
     (9, 30, "fail"), (float("nan"), float("nan"), "too few events")],
)  # fmt: skip
def test_the_verdict_follows_the_interval(lo: float, hi: float, expected: str) -> None:
    assert base.verdict(MEASURE, lo, hi) == expected


def test_one_failed_measure_fails_a_pattern() -> None:
    assert base.together(["pass", "too few events", "fail"]) == "fail"
    assert base.together(["pass", "too few events", "shown only"]) == "too few events"
    assert base.together(["pass", "shown only"]) == "pass"
    assert base.together([]) == "too few events"


def _rows(share: float, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    """Histories of ten reported events each, ``share`` of them cooperative."""
    log = acts(*({"bar": 1 if k < share * 10 else -1} for k in range(10)))
    one = score.count(cluster(log))
    return np.tile(one, (n, 1)), np.repeat(["a", "b"], n // 2)


def test_a_deliberately_wrong_model_fails() -> None:
    """A world of ninety per cent conflict is not passed as a mostly cooperative one."""
    good, wrong = (scorecard.document(score.score(*_rows(share))) for share in (0.7, 0.1))
    assert {p["pattern"]: p["verdict"] for p in good}["V1"] == "pass"
    assert scorecard.failed(wrong) == ["V1", *scorecard.failed(good)]


def test_intervals_resample_histories_within_their_border() -> None:
    """Two borders that differ do not widen the interval; histories that differ do."""
    low, _ = _rows(0.5)
    high, _ = _rows(0.9)
    counts = np.vstack([low[:50], high[:50]])
    border = np.repeat(["a", "b"], 50)
    fixed = score.score(counts, border)[0].views["reported"][0]
    mixed = score.score(counts, np.zeros(100))[0].views["reported"][0]
    assert fixed.hi - fixed.lo < 1e-9
    assert mixed.hi - mixed.lo > 1.0
    assert fixed.value == mixed.value == pytest.approx(70.0)


def test_the_scorecard_is_plain_and_readable() -> None:
    card = scorecard.document(score.score(*_rows(0.7)))
    assert [p["pattern"] for p in card] == list(BY_KEY)
    text = scorecard.markdown(card)
    assert "**V1 water events between states are mostly cooperative**" in text
    assert "nan" not in text.lower()
    assert len(scorecard.text(card)) > len(card)


def test_targets_in_the_document_are_those_of_the_code() -> None:
    """docs/science.md says the same ranges as the pattern files."""
    text = Path(ROOT / "docs" / "science.md").read_text(encoding="utf-8")
    for pattern in patterns.PATTERNS:
        assert f"| {pattern.key} |" in text
        row = next(line for line in text.splitlines() if line.startswith(f"| {pattern.key} |"))
        assert row.count(f"| {pattern.use} |") == 1
