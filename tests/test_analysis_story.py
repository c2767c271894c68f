"""One history: the chain that is told, its words, and histories with odd shapes."""

from __future__ import annotations

from pathlib import Path

import pytest
from study_factory import make_study

from analysis.comparisons import load_comparison
from analysis.figures import timeline
from analysis.figures.story import (
    MOST_TOLD,
    Event,
    ancestors,
    duration,
    lanes,
    read_events,
    sentences,
    tell,
)
from analysis.study import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return load_comparison(make_study(tmp_path / "s", seeds=10))


def event(number: int, lane: int, cause: int = -1, root: str = "local incident") -> Event:
    date = f"{number} Jan 2030"
    return Event(number, 2030 + number / 100, date, "", "A", "B", "act", 0, 0, lane, "river",
                 "the river", cause, "", root)  # fmt: skip


def test_the_chain_holds_the_highest_act_and_everything_that_led_to_it(study: Study) -> None:
    told = tell(read_events(study, study.histories["none"]))
    assert [e.id for e in told[:3]] == [0, 1, 2]
    top = max(told, key=lambda e: e.lane)
    assert lanes(study)[top.lane] == "use of force"
    numbers = {e.id for e in told}
    assert all(e.cause in numbers for e in told if e.cause >= 0)


def test_the_sentences_name_causes_by_their_number_in_the_chart(study: Study) -> None:
    told = tell(read_events(study, study.histories["none"]))
    said = sentences(study, told)
    assert said[0].startswith("2 Mar 2031: complaint by Arden towards Belling")
    assert "caused by 1" in said[1]
    assert "people of Arden" in said[1]
    assert "the border guard of Nation B" in said[5]


def test_quarrels_over_other_issues_are_told_only_when_nothing_else_is() -> None:
    war = event(1, 9, root="another issue")
    protest = event(2, 2)
    assert tell([war, protest]) == [protest]
    assert tell([war]) == [war]


def test_a_long_chain_keeps_its_beginning_and_its_end() -> None:
    chain = [event(i, min(i + 1, 8), cause=i - 1) for i in range(40)]
    told = tell(chain)
    assert len(told) == MOST_TOLD
    assert told[0].id == 0
    peak = max(chain, key=lambda e: (e.lane, len(ancestors(e, {c.id: c for c in chain}))))
    assert peak in told


def test_a_loop_of_causes_ends() -> None:
    loop = [event(1, 1, cause=2), event(2, 2, cause=1)]
    assert len(tell(loop)) == 2


def test_a_calm_history_has_no_figure(study: Study) -> None:
    study.histories.clear()
    study.histories["none"] = {"seed": 0, "rule": "", "events": []}
    assert timeline.build(study) is None


def test_seed_zero_is_said(study: Study) -> None:
    study.histories["none"]["seed"] = 0
    figure = timeline.build(study)
    assert figure is not None
    assert "seed 0," in figure.views[0].subtitle


@pytest.mark.parametrize(
    ("years", "said"),
    [(0.003, "1 day"), (0.1, "5 weeks"), (0.5, "6 months"), (5.2, "5 years")],
)
def test_durations_are_said_in_fitting_units(years: float, said: str) -> None:
    first = event(0, 1)
    assert duration(first, first._replace(time=first.time + years)) == said
