"""Bars of every page in Chromium: nothing fetched or said, no barrier, keyboard, heap, paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import PAGES, PHONE, SCHEMES, SMALL, WIDE, Visit, rgb, visit
from conftest import ROOT, Built
from playwright.sync_api import Browser

from analysis.theme import LIGHT, THEMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST_BYTES, MOST_HEAP = 2_500_000, 60_000_000
SERVED = {"live_app.py"}  # no file: tests/test_live.py holds it
MOUSE_ONLY = """[...clickable].filter((e) => e.isConnected && !e.closest('.plot, .strip')
&& !e.matches(CONTROLS)).map((e) => e.outerHTML.slice(0, 80))"""


def looks_right(seen: Visit, scheme: str) -> None:
    """One view with everything open: ground of the theme, no barrier, nothing wide or small."""
    assert seen.colour("backgroundColor") == rgb(THEMES[scheme]["page"])
    assert seen.barriers() == []
    assert seen.overflow() <= 0
    assert seen.small_targets() == []


@pytest.mark.parametrize("size", [WIDE, PHONE, SMALL], ids=["desk", "phone", "small"])
@pytest.mark.parametrize("name", list(PAGES))
def test_no_barrier_in_light_or_dark_with_everything_open(
    browser: Browser, built: Built, name: str, size: tuple[int, int]
) -> None:
    first, second = SCHEMES if size != PHONE else reversed(SCHEMES)
    seen = visit(browser, built(name), size, first)
    assert seen.page.evaluate("$$('.waiting').length") == 0
    assert seen.page.evaluate("$$('.plot').every((p) => p.querySelector('svg.main-svg'))")
    assert seen.overflow() <= 0
    seen.open_everything()
    assert seen.heap_bytes() <= MOST_HEAP
    assert seen.barriers(without="color-contrast") == []
    assert seen.overflow() <= 0
    seen.shorten()
    looks_right(seen, first)
    seen.switch(second)
    looks_right(seen, second)
    seen.check()
    seen.page.context.close()


@pytest.fixture(scope="module", params=list(PAGES))
def desk(request: pytest.FixtureRequest, browser: Browser, built: Built) -> Iterator[Visit]:
    seen = visit(browser, built(request.param), WIDE, "light")
    yield seen
    seen.page.context.close()


def test_the_tab_key_reaches_every_control_in_order_and_shows_where_it_is(desk: Visit) -> None:
    desk.open_everything()
    assert desk.page.evaluate(MOUSE_ONLY) == []
    stops = desk.tab_through()
    assert len(stops) > 20
    assert [place for place, _, _ in stops] == list(range(len(stops)))
    assert desk.page.evaluate("stops.length") == len(stops)
    assert [markup for _, shown, markup in stops if not shown] == []
    desk.check()


def test_everything_that_opens_opens_and_closes_by_a_key(desk: Visit) -> None:
    desk.page.evaluate("$$('details').forEach((d) => (d.open = false))")
    outer = "$$('details').filter((d) => !d.parentElement.closest('details'))"
    count = desk.page.evaluate(f"{outer}.length")
    assert count > 3
    for key, after in (("Enter", True), ("Space", False)):
        for at in range(count):
            desk.page.evaluate(f"{outer}[{at}].querySelector('summary').focus()")
            desk.page.keyboard.press(key)
            assert desk.page.evaluate(f"{outer}[{at}].open") is after
    pressed = "document.activeElement.getAttribute('aria-pressed')"
    for key, after in (("Space", "true"), ("Enter", "false")):
        desk.page.locator("#theme").focus()
        desk.page.keyboard.press(key)
        assert desk.page.evaluate(pressed) == after
    desk.check()


@pytest.mark.parametrize("name", list(PAGES))
def test_it_prints_in_light_on_few_sheets_and_comes_back(
    browser: Browser, built: Built, name: str
) -> None:
    seen = visit(browser, built(name), WIDE, "dark")
    inks = "$$('.plot text, .chart text, .map text').map((e) => getComputedStyle(e).fill).join()"
    dark = seen.page.evaluate(inks)
    assert dark
    sheets = seen.printed_pages()
    assert 3 <= sheets <= PAGES[name].sheets
    for opened in ("true", "false"):
        seen.page.evaluate(f"$$('details').forEach((d) => (d.open = {opened}))")
        seen.page.wait_for_timeout(200)
        assert seen.printed_pages() == sheets, "paper is the same whatever is open"
    seen.wait(f"themeName() === 'dark' && {inks} === {json.dumps(dark)}")
    seen.page.emulate_media(media="print")
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    seen.wait(f"{inks} !== {json.dumps(dark)}")
    assert seen.colour("color") == rgb(LIGHT["text"])
    seen.check()
    seen.page.context.close()


@pytest.mark.parametrize("name", list(PAGES))
def test_the_same_inputs_give_the_same_bytes_and_few_of_them(
    built: Built, name: str, tmp_path: Path
) -> None:
    page = built(name)
    assert page.stat().st_size <= MOST_BYTES
    assert PAGES[name].make(tmp_path).read_bytes() == page.read_bytes()


def test_every_page_of_the_house_is_held_to_the_bars() -> None:
    """A file that opens a document and is no page here would be seen by no one."""
    places = [p for room in ("analysis", "experiments") for p in (ROOT / room).rglob("*.*")]
    text = {".j2", ".py", ".html", ".js"}
    found = {
        p.name for p in places
        if p.suffix in text and "<!doctype html" in p.read_text(encoding="utf-8").lower()
    }  # fmt: skip
    assert found == {*(kind.template for kind in PAGES.values()), *SERVED}
