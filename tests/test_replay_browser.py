"""The replay page in a browser: nothing fetched or said; clock, keys, address, phone, print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import PHONE, SMALL, WIDE, Visit
from playwright.sync_api import Browser

from experiments.main import main

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = ("region=fergana", "years=3", "spinup_years=1", "seed=7", "arms=none,negotiated,full")
ARMS, POINTS = 3, 12
RUNGS = "all('[data-link]').map((l) => l.dataset.rung).join('')"
CURSORS = "new Set(all('.cursor').map((c) => c.getAttribute('d')))"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("replay") / "page.html"
    assert main(["run", *WORDS, "--replay", str(path)]) == 0
    return path


def visit(
    browser: Browser, path: Path, size: tuple[int, int] = WIDE, scheme: str = "light",
    at: str = "",
) -> Visit:  # fmt: skip
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme,
        reduced_motion="reduce",
    )  # fmt: skip
    return Visit(context, f"{path.as_uri()}{at}")


@pytest.fixture
def desk(browser: Browser, path: Path) -> Iterator[Visit]:
    seen = visit(browser, path)
    yield seen
    seen.check()
    seen.page.context.close()


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (SMALL, "dark")],
    ids=["desk-light", "desk-dark", "phone-light", "small-dark"],
)  # fmt: skip
def test_it_opens_quietly_and_fits(
    browser: Browser, path: Path, size: tuple[int, int], scheme: str
) -> None:
    seen = visit(browser, path, size, scheme)
    assert seen.page.locator(".map").count() == ARMS
    seen.page.evaluate("all('details').forEach((d) => (d.open = true))")
    assert seen.overflow() <= 0
    small = seen.page.evaluate(
        "all('button, select, summary, input').filter((e) => e.offsetParent)"
        ".filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.id || e.textContent)"
    )
    assert small == []
    seen.check()
    seen.page.context.close()


def test_nothing_moves_before_it_is_asked_to(desk: Visit) -> None:
    desk.page.wait_for_timeout(700)
    assert desk.page.evaluate("view.at") == 0
    assert desk.page.locator("#play").inner_text() == "Play"


def test_the_slider_moves_every_map_strip_and_list(desk: Visit) -> None:
    page = desk.page
    states = []
    for at in range(POINTS):
        page.locator("#time").fill(str(at))
        held = page.evaluate("view.data.histories.map((h) => h.dyads.map((d) => d[view.at]))")
        assert page.evaluate(RUNGS) == "".join("".join(one) for one in held)
        assert page.evaluate(f"[...{CURSORS}].length") == 1
        date = f"{2026 + at // 4}, quarter {at % 4 + 1}"
        assert page.locator("#time").get_attribute("aria-valuetext") == date
        assert page.locator("#state-0").inner_text().startswith(f"{date}: ")
        states.append(page.evaluate(RUNGS))
    assert len({*states}) > 3, "the histories move"
    assert f"at={POINTS - 1}" in page.url


def test_keys_step_a_quarter_a_year_and_to_the_ends(desk: Visit) -> None:
    page = desk.page
    pressed = [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", POINTS - 1),
               ("Home", 0)]  # fmt: skip
    for focused in ("document.activeElement.blur()", "byId('time').focus()"):
        page.evaluate(focused)
        for key, at in pressed:
            page.keyboard.press(key)
            assert page.evaluate("view.at") == at, (focused, key)
    page.keyboard.press("PageUp")
    assert page.evaluate("view.at") == 4


def test_play_runs_to_the_end_and_pause_holds_it(desk: Visit) -> None:
    page = desk.page
    page.locator("#speed").select_option("8")
    page.locator("#play").click()
    desk.wait("view.at >= 2")
    page.locator("#play").click()
    held = page.evaluate("view.at")
    page.wait_for_timeout(300)
    assert page.evaluate("view.at") == held
    assert f"at={held}" in page.url
    page.locator("#play").click()
    desk.wait(f"view.at === {POINTS - 1} && !view.playing")


def test_time_and_theme_come_back_from_the_address(browser: Browser, path: Path) -> None:
    seen = visit(browser, path)
    seen.page.locator("#time").fill("7")
    seen.page.locator("#theme").click()
    address = seen.page.url
    again = visit(browser, path, at=address[address.index("#") :])
    assert again.page.evaluate("view.at") == 7
    assert again.page.evaluate("document.documentElement.dataset.theme") == "dark"
    broken = visit(browser, path, at="#at=%E0%A4%A&at=-9e9&theme=pink&x=<b>")
    assert broken.page.evaluate("view.at") == 0
    for one in (seen, again, broken):
        one.check()
        one.page.context.close()


def test_the_list_follows_the_clock_and_its_filters(desk: Visit) -> None:
    page = desk.page
    page.locator("#time").fill("6")
    page.locator("[data-filter=when][data-of='0']").select_option("now")
    acts = page.evaluate("view.data.histories[0].acts")
    shown = page.locator("#acts-0 li:visible").all_inner_texts()
    assert shown == [act[3] for act in acts if act[0] == 6]
    page.locator("[data-filter=when][data-of='0']").select_option("whole")
    page.locator("[data-filter=kind][data-of='0']").select_option("states")
    shown = page.locator("#acts-0 li:visible").all_inner_texts()
    assert shown == [act[3] for act in acts if act[1] == "states"]
    first = page.locator("#acts-1 li.now").first
    assert first.evaluate(
        "(li) => Math.abs(li.offsetTop - li.closest('.acts').scrollTop) < 40"
        " || li.closest('.acts').scrollTop + li.closest('.acts').clientHeight"
        " >= li.closest('.acts').scrollHeight - 2"
    )


def test_print_holds_the_acts_and_no_controls(desk: Visit, tmp_path: Path) -> None:
    page = desk.page
    page.locator("[data-filter=when][data-of='0']").select_option("now")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#acts-0 li:visible").count() == page.evaluate(
        "view.data.histories[0].acts.length"
    )
    assert not page.locator("#time").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#time").is_visible()
