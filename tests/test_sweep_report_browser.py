"""The report of a sweep in a browser: no request, no violation, no message; phone, keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sweep_factory import make_sweep
from test_report_browser import PHONE, SMALL, WIDE, browser, visit

from analysis.sweep_report import build

pytestmark = [pytest.mark.browser, pytest.mark.slow]
__all__ = ["browser"]  # the fixture


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_sweep(tmp_path_factory.mktemp("browser") / "s", failing=3)
    build(folder)
    return folder


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (SMALL, "dark")],
    ids=["desk-light", "desk-dark", "phone-light", "small-dark"],
)
def test_it_opens_without_a_request_a_violation_or_a_message(
    browser: Browser, folder: Path, size: tuple[int, int], scheme: str
) -> None:
    seen = visit(browser, folder, size, scheme)
    assert seen.overflow() <= 0
    seen.page.evaluate("all('details').forEach((d) => (d.open = true))")
    seen.page.wait_for_timeout(100)
    assert seen.overflow() <= 0
    narrow = "all('svg.chart').filter((s) => s.getBoundingClientRect().width < 200).length"
    assert seen.page.evaluate(narrow) == 0
    small = seen.page.evaluate(
        "all('button, summary, nav a').filter((e) => e.offsetParent)"
        ".filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.textContent)"
    )
    assert small == []
    seen.check()
    seen.page.context.close()


def test_no_text_of_a_chart_is_cut_off(browser: Browser, folder: Path) -> None:
    seen = visit(browser, folder, WIDE, "light")
    seen.page.evaluate("all('details').forEach((d) => (d.open = true))")
    seen.page.wait_for_timeout(100)
    cut = seen.page.evaluate(
        "all('svg.chart').flatMap((s) => { const r = s.getBoundingClientRect();"
        " return all('text', s).filter((t) => { const b = t.getBoundingClientRect();"
        " return b.left < r.left - 1 || b.right > r.right + 1 || b.bottom > r.bottom + 1; })"
        ".map((t) => t.textContent); })"
    )
    assert cut == []


def test_the_first_screen_tells_what_ran_and_what_failed(browser: Browser, folder: Path) -> None:
    seen = visit(browser, folder, WIDE, "light")
    for text in ("1,149 ok + 3 failed", "3 runs of 1,152 failed"):
        box = seen.page.locator(f"text={text}").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < WIDE[1]


def test_the_keyboard_reaches_the_sections_and_the_theme_holds(
    browser: Browser, folder: Path
) -> None:
    seen = visit(browser, folder, WIDE, "light")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Skip to the headline"
    seen.page.locator("nav a", has_text="Along the settings").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "settings-title"
    seen.page.locator("#theme").click()
    seen.wait("document.documentElement.dataset.theme === 'dark'")
    assert seen.page.url.endswith("#settings&theme=dark")
    seen.check()


def test_a_table_is_saved_as_it_stands(browser: Browser, folder: Path) -> None:
    seen = visit(browser, folder, WIDE, "light")
    with seen.page.expect_download() as waiting:
        seen.page.locator("[data-csv=arms-crisis_resource]").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("Frame,Arm,Histories,Mean")
    assert len(lines) == 1 + 2 * 3
    assert not any("\u2212" in line for line in lines)
    seen.check()


def test_it_prints_in_light(browser: Browser, folder: Path, tmp_path: Path) -> None:
    seen = visit(browser, folder, WIDE, "dark")
    path = tmp_path / "report.pdf"
    seen.page.pdf(path=str(path), format="A4", print_background=True)
    pages = path.read_bytes().count(b"/Type /Page\n") or path.read_bytes().count(b"/Type /Page")
    assert 3 <= pages <= 20
    seen.check()
