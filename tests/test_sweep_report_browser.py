"""The report of a sweep in Chromium: charts, first screen, keyboard, files.

What holds for every page is in test_pages_browser.py.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from browsing import PHONE, SMALL, WIDE, Visit, visit
from conftest import Built
from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def desk(browser: Browser, built: Built) -> Iterator[Visit]:
    seen = visit(browser, built("sweep"), WIDE, "light")
    yield seen
    seen.page.context.close()


def test_no_text_of_a_chart_is_cut_off_and_no_chart_too_narrow(desk: Visit) -> None:
    desk.open_everything()
    cut = desk.page.evaluate(
        "all('svg.chart').flatMap((s) => { const r = s.getBoundingClientRect();"
        " return all('text', s).filter((t) => { const b = t.getBoundingClientRect();"
        " return b.left < r.left - 1 || b.right > r.right + 1 || b.bottom > r.bottom + 1; })"
        ".map((t) => t.textContent); })"
    )
    assert cut == []
    for width, height in (WIDE, PHONE, SMALL):
        desk.page.set_viewport_size({"width": width, "height": height})
        narrow = "all('svg.chart').filter((s) => s.getBoundingClientRect().width < 200).length"
        assert desk.page.evaluate(narrow) == 0
    desk.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


def test_the_first_screen_tells_what_ran_and_what_failed(desk: Visit) -> None:
    desk.page.evaluate("$$('details').forEach((d) => (d.open = false)); scrollTo(0, 0)")
    for text in ("1,149 ok + 3 failed", "3 runs of 1,152 failed"):
        box = desk.page.locator(f"text={text}").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < WIDE[1]


def test_a_table_is_saved_as_it_stands(desk: Visit) -> None:
    desk.open_everything()
    with desk.page.expect_download() as waiting:
        desk.page.locator("[data-csv=arms-crisis_resource]").click()
    lines = waiting.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("Frame,Arm,Histories,Mean")
    assert len(lines) == 1 + 2 * 3
    desk.check()


def test_the_file_of_every_table_holds_what_the_table_shows(desk: Visit) -> None:
    names = desk.page.evaluate("all('[data-csv]').map((b) => b.dataset.csv)")
    assert len(names) > 5
    for name in names:
        text, shown = desk.page.evaluate(
            "(name) => { const table = byId(`table-${name}`); return [csvOfTable(table),"
            " [...table.rows].map((r) => [...r.cells].map((c) => c.textContent.trim()))]; }", name
        )  # fmt: skip
        plain = [[cell.replace("\u2212", "-").replace("\u00a0", " ") for cell in row]
                 for row in shown]  # fmt: skip
        assert list(csv.reader(io.StringIO(text))) == plain
        assert "\u2212" not in text


def test_the_section_and_the_theme_stand_in_the_address(browser: Browser, built: Built) -> None:
    seen = visit(browser, built("sweep"), WIDE, "light")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Skip to the headline"
    seen.page.locator("nav a", has_text="Along the settings").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "settings-title"
    seen.page.locator("#theme").click()
    seen.wait("document.documentElement.dataset.theme === 'dark'")
    address = seen.page.url
    assert address.endswith("#settings&theme=dark")
    again = visit(browser, built("sweep"), WIDE, "light", address[address.index("#") :])
    assert again.page.evaluate("themeName()") == "dark"
    assert again.page.evaluate("document.activeElement.id") == "settings-title"
    for one in (seen, again):
        one.check()
        one.page.context.close()
