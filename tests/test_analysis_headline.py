"""The headline: fixed order, computed numbers, refusals in words."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from study_factory import OUTCOMES, make_study

from analysis.comparisons import load_comparison
from analysis.effects import effects
from analysis.headline import ORDER, headline
from analysis.scruples import NEEDED


def numbers_after(text: str, word: str) -> list[float]:
    """Numbers that follow a word, with true minus signs read."""
    found = re.findall(rf"{word} ([\u2212+-]?[\d.,]*\d)", text)
    return [float(n.replace("\u2212", "-").replace(",", "")) for n in found]


def test_every_number_of_the_claim_is_computed(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s"))
    head = headline(study)
    effect = effects(study)["full", "crisis_resource"]
    assert not head.refused
    assert (head.outcome, head.arm) == ("crisis_resource", "full")
    before, after = numbers_after(head.claim, "about")
    assert before == pytest.approx(100 * effect.reference_mean, abs=0.5)
    assert after == pytest.approx(100 * effect.arm_mean, abs=0.5)
    (difference,) = numbers_after(head.claim, "difference of")
    assert difference == pytest.approx(100 * effect.difference, abs=0.5)
    (lo,) = numbers_after(head.claim, "interval")
    assert lo == pytest.approx(100 * effect.lo, abs=0.5)
    assert "falls" in head.claim
    assert "in this model" in head.claim.lower()
    assert f"{effect.n} pairs" in head.claim
    assert "20 years of Testland" in head.claim


def test_other_issues_stand_beside_as_a_competing_risk(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s"))
    head = headline(study)
    share = study.values("none", "crisis_other").mean()
    assert f"about {round(100 * share)} in 100" in head.beside
    assert "no town can prevent those" in head.beside
    assert head.beside in head.text


def test_a_harmful_bundle_is_said_to_raise(tmp_path: Path) -> None:
    head = headline(load_comparison(make_study(tmp_path / "s", effect=-0.8)))
    assert not head.refused
    assert " rises from about" in head.claim


def test_an_interval_that_spans_zero_is_a_refusal(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", effect=0.02))
    head = headline(study)
    effect = effects(study)["full", head.outcome]
    assert effect.discordant > 0
    assert effect.lo <= 0 <= effect.hi
    assert head.refused
    assert head.reason == "the 95 % interval spans zero"
    assert head.claim.startswith("No claim is made")


def test_no_difference_at_all_is_a_refusal_with_its_bound(tmp_path: Path) -> None:
    head = headline(load_comparison(make_study(tmp_path / "s", effect=0.0)))
    assert head.refused
    assert "No difference was seen in 200 pairs" in head.claim
    assert "rule of three" in head.claim


@pytest.mark.parametrize("lost", [{"failing": 3}, {"aborted": 3}])
def test_runs_that_did_not_finish_forbid_a_claim(tmp_path: Path, lost: dict[str, int]) -> None:
    head = headline(load_comparison(make_study(tmp_path / "s", **lost)))
    assert head.refused
    assert "3 runs of 800 did not finish" in head.claim
    assert "in 197 pairs" in head.claim


def test_an_interrupted_study_may_speak_of_the_pairs_it_has(tmp_path: Path) -> None:
    head = headline(load_comparison(make_study(tmp_path / "s", aborted=3, complete=False)))
    assert not head.refused
    assert "in 197 pairs" in head.claim
    assert "not whole: 797 of 800 runs are in" in head.text


def test_none_is_called_none(tmp_path: Path) -> None:
    head = headline(load_comparison(make_study(tmp_path / "s", crisis=1e-9)))
    assert "0 of 200 histories with" in head.passed_over[0]
    assert "none of 200 histories holds an interstate crisis over the resource" in head.little
    assert "0 in 100" not in head.little


def test_too_few_crises_pass_on_to_the_next_outcome_and_say_so(tmp_path: Path) -> None:
    study = load_comparison(make_study(tmp_path / "s", crisis=0.05))
    head = headline(study)
    crises = int(study.values("none", "crisis_resource").sum())
    assert crises < NEEDED
    assert head.outcome == ORDER[1]
    assert f"and {crises} with No cooperation had any" in head.passed_over[0]
    assert head.passed_over[0] in head.text
    assert "uncontained incidents" in head.claim


@pytest.mark.slow
def test_a_calm_border_is_called_calm(tmp_path: Path) -> None:
    head = headline(load_comparison(make_study(tmp_path / "s", crisis=0.02)))
    assert "little to prevent" in head.little
    assert head.little in head.text
    assert headline(load_comparison(make_study(tmp_path / "t"))).little == ""


@pytest.mark.slow
def test_the_order_goes_on_until_an_outcome_has_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ORDER[1:3]:
        monkeypatch.delitem(OUTCOMES, key)
    head = headline(load_comparison(make_study(tmp_path / "s", crisis=0.02)))
    assert head.outcome == "worst_livelihood"
    assert "livelihood of the worst-off group" in head.claim
    for key in (ORDER[0], ORDER[3]):
        monkeypatch.delitem(OUTCOMES, key)
    empty = headline(load_comparison(make_study(tmp_path / "t")))
    assert empty.refused
    assert empty.outcome == ""
    assert "No headline outcome" in empty.text


def test_a_few_pairs_are_too_few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ORDER[:3]:
        monkeypatch.delitem(OUTCOMES, key)
    head = headline(load_comparison(make_study(tmp_path / "s", seeds=6)))
    assert head.refused
    assert "only 6 complete pairs" in head.claim


def test_one_arm_alone_is_no_comparison(tmp_path: Path) -> None:
    head = headline(load_comparison(make_study(tmp_path / "s", arms=("none",), seeds=20)))
    assert head.refused
    assert head.effect is None
    assert "one arm" in head.text


def test_the_largest_bundle_speaks_where_none_is_called_full(tmp_path: Path) -> None:
    arms = ("none", "data_sharing", "joint_committee")
    head = headline(load_comparison(make_study(tmp_path / "s", arms=arms)))
    assert head.arm in arms[1:]


@pytest.mark.slow
def test_no_text_holds_a_number_that_is_not_one(tmp_path: Path) -> None:
    for plan in ({}, {"effect": 0.0}, {"crisis": 0.01}, {"seeds": 3}, {"effect": 0.99}):
        head = headline(load_comparison(make_study(tmp_path / str(plan), **plan)))
        assert "nan" not in head.text.lower().split()
        assert "inf " not in head.text
        assert head.effect is None or not math.isnan(head.effect.difference)
