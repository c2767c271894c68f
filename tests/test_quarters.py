"""The map with time: what it shows and says is what the told history holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from browsing import WIDE, Visit, visit
from conftest import Built
from playwright.sync_api import Browser
from study_factory import LOCAL, make_study

from analysis.comparisons import load_comparison
from analysis.figures import quarters
from analysis.study import Study

FIRST = "#figure-quarters"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return load_comparison(make_study(tmp_path_factory.mktemp("s"), seeds=10))


def frames_of(study: Study, arm: str = "none") -> dict[str, Any]:
    figure = quarters.build(study)
    assert figure is not None
    view = next(view for view in figure.views if view.key == arm)
    found: dict[str, Any] = view.spec["layout"]["meta"]["frames"]
    return found


def test_every_line_has_the_rung_that_the_history_holds(study: Study) -> None:
    frames = frames_of(study)
    kept = {one["name"]: one["rung"] for one in study.histories["none"]["dyads"]}
    for row, dyad in enumerate(study.region["dyads"]):
        assert [int(rung) for rung in frames["rungs"][row]] == kept[dyad["name"]]
    assert len(frames["tokens"]) == len(LOCAL)
    assert len(frames["said"]) == len(frames["dates"]) == len(frames["rungs"][0])


def test_the_words_of_a_quarter_count_the_pairs(study: Study) -> None:
    frames = frames_of(study)
    for at in (0, 9, 20):
        for rung, name in enumerate(LOCAL[1:], start=1):
            count = sum(row[at] == str(rung) for row in frames["rungs"])
            assert (f"{name} {count}" in frames["said"][at]) is (count > 0), (at, name)
    assert "Between nations: Nation A\u2013Nation B use of force." in frames["said"][9]
    assert frames["said"][0].endswith("Between nations: normal relations.")
    assert frames_of(study, "full")["said"][9].startswith("All pairs of towns calm.")


def test_it_opens_at_the_gravest_quarter_and_dates_run_through_the_years(study: Study) -> None:
    frames = frames_of(study)
    assert frames["start"] == 9
    assert frames["dates"][9] == f"{study.start_year + 2}, quarter 2"
    assert frames["dates"][-1] == f"{study.end_year - 1}, quarter 4"


def test_a_pair_is_named_first_only_where_no_other_has_as_many(study: Study) -> None:
    figure = quarters.build(study)
    assert figure is not None
    titles = {view.key: view.title for view in figure.views}
    assert "Arden\u2013Belling in violence in" in titles["none"]
    assert "no other pair in as many" in titles["none"]
    assert titles["full"].endswith("no pair of towns came to violence")
    equal = [{**one, "rung": [4, 0, 0, 0]} for one in study.histories["none"]["dyads"]]
    told = {**study.histories["none"], "dyads": equal, "pairs": []}
    tied = quarters.build(replace(study, histories={"none": told}, _cache={}))
    assert tied is not None
    pairs = len(study.region["dyads"])
    assert f"{pairs} pairs were in violence in 1 of 4 quarters, none in more" in tied.views[0].title


def test_the_table_adds_up_to_the_frames(study: Study) -> None:
    figure = quarters.build(study)
    assert figure is not None
    frames = frames_of(study)
    table = figure.views[0].table
    violent = sum(row.count(str(len(LOCAL) - 1)) for row in frames["rungs"])
    assert int(table["violent"].sum()) == violent
    assert len(table) == len(frames["rungs"]) * len(frames["said"]) // 4


def test_a_history_without_rungs_has_no_map(study: Study) -> None:
    bare = {arm: {key: value for key, value in history.items() if key != "dyads"}
            for arm, history in study.histories.items()}  # fmt: skip
    assert quarters.build(replace(study, histories=bare, _cache={})) is None


@pytest.fixture(scope="module")
def desk(browser: Browser, built: Built) -> Iterator[Visit]:
    seen = visit(browser, built("report").parent, WIDE, "light")
    yield seen
    seen.page.context.close()


def colours(seen: Visit) -> list[str]:
    """Colours of the pairs' lines as they are drawn."""
    return list(seen.page.evaluate(
        "() => { const plot = document.querySelector('#figure-quarters .plot');"
        " const frames = page.specs.figures.quarters[page.shown.quarters].wide.layout.meta.frames;"
        " return plot.data.slice(frames.first, frames.first + frames.rungs.length)"
        ".map((trace) => trace.line.color); }"
    ))  # fmt: skip


@pytest.mark.slow
@pytest.mark.browser
def test_the_slider_moves_by_keys_and_colours_words_and_address_follow(desk: Visit) -> None:
    slider = desk.page.locator(f"{FIRST} input[type=range]")
    slider.focus()
    desk.page.keyboard.press("Home")
    desk.wait("page.state.at === '0'")
    frames = desk.page.evaluate(
        "page.specs.figures.quarters[page.shown.quarters].wide.layout.meta.frames"
    )
    tokens = desk.page.evaluate("page.specs.themes.light")
    for press in ("ArrowRight", "ArrowRight", "End"):
        desk.page.keyboard.press(press)
        at = int(slider.input_value())
        desk.wait(f"page.state.at === '{at}'")
        desk.page.wait_for_timeout(200)
        wanted = [tokens[frames["tokens"][int(row[at])].lstrip("@")] for row in frames["rungs"]]
        assert colours(desk) == wanted
        assert desk.page.locator(f"{FIRST} .clock-words").inner_text() == frames["said"][at]
        assert desk.page.locator(f"{FIRST} output").inner_text() == frames["dates"][at]
        spoken = f"{frames['dates'][at]}. {frames['said'][at]}"
        assert slider.get_attribute("aria-valuetext") == spoken
        assert f"at={at}" in desk.page.url
    desk.check()


@pytest.mark.slow
@pytest.mark.browser
def test_it_plays_and_stops_and_another_arm_keeps_the_quarter(desk: Visit) -> None:
    desk.page.locator(f"{FIRST} input[type=range]").focus()
    desk.page.keyboard.press("Home")
    play = desk.page.locator(f"{FIRST} .clock button")
    play.click()
    desk.wait("Number(page.state.at) >= 2")
    assert (play.inner_text(), play.get_attribute("aria-pressed")) == ("Pause", "true")
    play.click()
    assert (play.inner_text(), play.get_attribute("aria-pressed")) == ("Play", "false")
    at = desk.page.evaluate("page.state.at")
    desk.page.wait_for_timeout(800)
    assert desk.page.evaluate("page.state.at") == at
    desk.page.locator(f"{FIRST} button[data-view=full]").click()
    desk.wait("document.querySelector('#figure-quarters .plot').dataset.drawn === 'full'")
    assert desk.page.locator(f"{FIRST} .clock-words").inner_text().startswith("All pairs of towns")
    assert desk.page.locator(f"{FIRST} input[type=range]").input_value() == at
    desk.check()


@pytest.mark.slow
@pytest.mark.browser
def test_a_quarter_in_the_address_is_shown_and_a_broken_one_is_not(
    browser: Browser, built: Built
) -> None:
    folder: Path = built("report").parent
    for given, shown in (("#where&at=3", "3"), ("#where&at=99999", None), ("#at=-4", "9"),
                         ("#at=x", "9")):  # fmt: skip
        seen = visit(browser, folder, WIDE, "light", given)
        slider = seen.page.locator(f"{FIRST} input[type=range]")
        assert slider.input_value() == (shown or slider.get_attribute("max")), given
        seen.check()
        seen.page.context.close()
