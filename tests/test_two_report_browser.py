"""The page on two studies in a browser: no request, violation, message; phone, keyboard."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from browsing import PHONE, SMALL, WIDE, Visit
from playwright.sync_api import Browser, BrowserContext
from study_factory import make_study
from test_two_report import IDLE, RATE, SEEDS, asked

from analysis.language import LANGUAGES, speaking
from analysis.localised import localised
from analysis.two_report import build, cards
from analysis.two_report.rows import compare

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """B without effects and with failed runs, in every language."""
    place = tmp_path_factory.mktemp("two")
    a = make_study(place / "a", crisis=0.6, histories=False)
    b = make_study(place / "b", crisis=0.6, effect=0.1, failing=3, histories=False)
    both = asked(a, b, RATE, SEEDS, IDLE)
    for code in LANGUAGES:
        with speaking(code):
            said = tuple(map(localised, both.studies))
            build(both._replace(studies=said), place / f"{code}.html")
    return {code: place / f"{code}.html" for code in LANGUAGES}


@pytest.fixture(scope="module")
def page(pages: dict[str, Path]) -> Path:
    return pages["en"]


def visit(
    browser: Browser, page: Path, size: tuple[int, int], scheme: str, at: str = ""
) -> Visit:
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, accept_downloads=True
    )
    return Visit(context, f"{page.as_uri()}{at}")


@pytest.mark.parametrize(
    ("size", "scheme", "code"),
    [(WIDE, "light", "en"), (WIDE, "dark", "en"), (PHONE, "light", "en"), (SMALL, "dark", "en"),
     (WIDE, "light", "es"), (PHONE, "dark", "es"), (SMALL, "light", "es"), (WIDE, "dark", "fr"),
     (PHONE, "light", "fr"), (SMALL, "dark", "fr")],
)  # fmt: skip
def test_it_opens_without_a_request_a_violation_or_a_message(
    browser: Browser, pages: dict[str, Path], size: tuple[int, int], scheme: str, code: str
) -> None:
    seen = visit(browser, pages[code], size, scheme)
    assert seen.overflow() <= 0
    seen.page.evaluate("all('details').forEach((d) => (d.open = true))")
    seen.page.wait_for_timeout(100)
    assert seen.overflow() <= 0
    small = seen.page.evaluate(
        "all('button, summary, nav a').filter((e) => e.offsetParent)"
        ".filter((e) => e.getBoundingClientRect().height < 24).map((e) => e.textContent)"
    )
    assert small == []
    cut = seen.page.evaluate(
        "all('svg.chart').flatMap((s) => { const r = s.getBoundingClientRect();"
        " return all('text', s).filter((t) => { const b = t.getBoundingClientRect();"
        " return b.left < r.left - 1 || b.right > r.right + 1 || b.bottom > r.bottom + 1; })"
        ".map((t) => t.textContent); })"
    )
    assert cut == []
    unnamed = seen.page.evaluate("all('svg[role=img]').filter((s) => !s.ariaLabel).length")
    assert unnamed == 0
    regions = seen.page.evaluate("all('[role=region]').map((e) => e.ariaLabel)")
    assert len({*regions}) == len(regions) > 5
    seen.check()
    seen.page.context.close()


def test_the_first_screen_holds_the_finding_and_what_changed(browser: Browser, page: Path) -> None:
    seen = visit(browser, page, WIDE, "light")
    for text in ("It mattered:", "1 setting that can move numbers differs", "rows counted"):
        box = seen.page.locator(f"text={text}").first.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < WIDE[1]
    beside = [seen.page.locator(f"#side-{letter}").bounding_box() for letter in "AB"]
    assert beside[0]["y"] == beside[1]["y"]


def test_the_keyboard_reaches_the_sections_and_the_address_keeps_the_state(
    browser: Browser, page: Path
) -> None:
    seen = visit(browser, page, WIDE, "light")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.textContent") == "Skip to the finding"
    seen.page.locator("nav a", has_text="Did it matter").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "mattered-title"
    seen.page.locator("#theme").click()
    seen.wait("document.documentElement.dataset.theme === 'dark'")
    assert seen.page.url.endswith("#mattered&theme=dark")
    again = visit(browser, page, WIDE, "light", "#mattered&theme=dark")
    again.wait("document.documentElement.dataset.theme === 'dark'")
    assert again.page.evaluate("document.activeElement.id") == "mattered-title"
    again.check()
    seen.check()


def test_every_table_is_saved_as_it_was_computed(browser: Browser, page: Path) -> None:
    seen = visit(browser, page, WIDE, "light")
    found = compare(asked(page.parent / "a", page.parent / "b", RATE, SEEDS, IDLE))
    for card in cards.difference_cards(found):
        with seen.page.expect_download() as waiting:
            seen.page.locator(f"[data-csv={card.key}]").click()
        with Path(waiting.value.path()).open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        expected = [tuple(cell.replace("\u2212", "-") for cell in row)
                    for row in (card.table.columns, *card.table.rows)]  # fmt: skip
        assert [tuple(row) for row in rows] == expected
    seen.check()


def test_it_prints_in_light(browser: Browser, page: Path, tmp_path: Path) -> None:
    seen = visit(browser, page, WIDE, "dark")
    path = tmp_path / "page.pdf"
    seen.page.pdf(path=str(path), format="A4", print_background=True)
    pages = path.read_bytes().count(b"/Type /Page\n") or path.read_bytes().count(b"/Type /Page")
    assert 3 <= pages <= 15
    seen.check()
