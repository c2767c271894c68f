"""The report in a browser: no request, no violation, no message; charts, tables, themes, phone."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from study_factory import INTERSTATE, LABELS, LOCAL, make_study

from analysis.comparisons import load_comparison
from analysis.figures import FIGURES
from analysis.report import build
from analysis.theme import DARK, LIGHT

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAMES = ("chromium", "chromium-browser", "google-chrome")
WIDE, PHONE, SMALL = (1360, 900), (390, 844), (320, 700)
LISTEN = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));
"""


class Visit:
    """One open page with everything that it said and asked for."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.messages: list[str] = []
        self.requests: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.add_init_script(LISTEN)
        self.page.goto(address)
        self.wait("document.documentElement.dataset.ready === 'yes'")

    def wait(self, condition: str, seconds: float = 30) -> None:
        """Poll from outside: the page's policy forbids evaluating strings inside."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(condition):
            assert time.monotonic() < end, condition
            time.sleep(0.03)

    def check(self) -> None:
        """Nothing was said, fetched or refused so far."""
        assert self.messages == []
        assert self.page.evaluate("violations") == []
        assert [url for url in self.requests[1:] if not url.startswith(("data:", "blob:"))] == []

    def overflow(self) -> int:
        """Pixels by which the page is wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth - innerWidth")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_study(tmp_path_factory.mktemp("browser") / "s", seeds=120, crisis=0.6)
    build(folder)
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    assert path is not None, (
        f"none of {', '.join(NAMES)} was found; leave out with -m 'not browser'"
    )
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


def visit(
    browser: Browser, folder: Path, size: tuple[int, int], scheme: str, at: str = ""
) -> Visit:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, accept_downloads=True
    )
    return Visit(context, f"{(folder / 'report.html').as_uri()}{at}")


@pytest.fixture(scope="module")
def desk(browser: Browser, folder: Path) -> Visit:
    return visit(browser, folder, WIDE, "light")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light"), (SMALL, "dark")],
    ids=["desk-light", "desk-dark", "phone-light", "small-dark"],
)
def test_it_opens_without_a_request_a_violation_or_a_message(
    browser: Browser, folder: Path, size: tuple[int, int], scheme: str
) -> None:
    seen = visit(browser, folder, size, scheme)
    page = seen.page
    for card in page.locator(".figure").all():
        assert card.locator(".plot").get_attribute("data-drawn")
        assert card.locator(".plot svg.main-svg").count() >= 1
        assert card.locator(".waiting").count() == 0
    assert page.evaluate("all('.plot svg').every((s) => s.getAttribute('aria-hidden') === 'true')")
    assert page.locator(".modebar-btn").count() == 0
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    expected = (LIGHT if scheme == "light" else DARK)["page"]
    assert ground == f"rgb({', '.join(str(int(expected[i : i + 2], 16)) for i in (1, 3, 5))})"
    page.evaluate("all('details').forEach((d) => (d.open = true))")
    page.wait_for_timeout(200)
    assert seen.overflow() <= 0
    seen.check()
    page.context.close()


@pytest.mark.parametrize("key", list(FIGURES))
def test_the_downloaded_csv_is_the_frame(desk: Visit, folder: Path, key: str) -> None:
    figure = FIGURES[key](load_comparison(folder))
    assert figure is not None
    start = figure.start or figure.views[0].key
    view = next(v for v in figure.views if v.key == start)
    with desk.page.expect_download() as waiting:
        desk.page.locator(f"#figure-{key} [data-save=csv]").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    table = view.table[[column.key for column in view.columns]].reset_index(drop=True)
    kinds = {c: object for c in table.columns if table[c].dtype.kind not in "if"}
    found = pd.read_csv(io.StringIO(text), dtype=kinds, keep_default_na=False, na_values={
        c: [""] for c in table.columns if c not in kinds})  # fmt: skip
    assert list(found.columns) == list(table.columns)
    for name in table.columns:
        if name in kinds:
            assert found[name].tolist() == [str(v) for v in table[name]]
        else:
            pd.testing.assert_series_equal(found[name], table[name], check_dtype=False, rtol=0)
    desk.check()


@pytest.mark.parametrize("form", ["png", "svg"])
def test_pictures_carry_their_title_source_and_warning(desk: Visit, form: str) -> None:
    with desk.page.expect_download() as waiting:
        desk.page.locator(f"#figure-places [data-save={form}]").click()
    content = Path(waiting.value.path()).read_bytes()
    if form == "png":
        assert content.startswith(b"\x89PNG")
        assert len(content) > 20_000
    else:
        text = " ".join(re.sub(r"<[^>]+>", " ", content.decode("utf-8")).split())
        assert "no position on any border" in text
        assert "GeoNames" in text
        assert "violence came most often" in text
    desk.check()


def test_switching_a_view_changes_words_chart_and_table(desk: Visit) -> None:
    card = desk.page.locator("#figure-ladder")
    before = card.locator(".title").inner_text()
    card.locator("details.table summary").click()
    card.locator("button[data-view=rungs]").click()
    desk.wait("document.querySelector('#figure-ladder .plot').dataset.drawn === 'rungs'")
    assert card.locator(".title").inner_text() != before
    assert card.locator("button[data-view=rungs]").get_attribute("aria-pressed") == "true"
    assert "Rung" in card.locator("table.data thead").inner_text()
    desk.check()


def test_a_table_sorts_both_ways_by_a_key_press(desk: Visit) -> None:
    card = desk.page.locator("#figure-profile")
    card.locator("details.table summary").click()
    header = card.locator("table.data th button", has_text="Scaled")
    header.focus()
    desk.page.keyboard.press("Enter")
    column = card.locator("table.data th").count()
    cells = f"#figure-profile table.data td:nth-child({column})"
    read = f"all('{cells}').map((c) => Number(c.textContent.replace('\\u2212', '-')))"
    rising = desk.page.evaluate(read)
    assert rising == sorted(rising)
    assert card.locator("th[aria-sort=ascending]").count() == 1
    desk.page.keyboard.press("Enter")
    assert desk.page.evaluate(read) == sorted(rising, reverse=True)
    desk.check()


def test_the_arm_chosen_in_one_figure_holds_in_the_others_and_in_the_address(
    browser: Browser, folder: Path
) -> None:
    seen = visit(browser, folder, WIDE, "light")
    seen.page.locator("#figure-places button[data-view=full]").click()
    seen.wait("document.querySelector('#figure-timeline .plot').dataset.drawn === 'full'")
    seen.page.locator("#theme").click()
    seen.wait("document.documentElement.dataset.theme === 'dark'")
    address = seen.page.url
    assert "arm=full" in address
    assert "theme=dark" in address
    title = seen.page.locator("#title-timeline").inner_text()
    again = visit(browser, folder, WIDE, "light", address[address.index("#") :])
    assert again.page.locator("#title-timeline").inner_text() == title
    assert again.page.evaluate("document.documentElement.dataset.theme") == "dark"
    seen.check()
    again.check()


def test_a_broken_address_does_no_harm(browser: Browser, folder: Path) -> None:
    seen = visit(browser, folder, PHONE, "light", "#nowhere&arm=%E0%A4%A&theme=pink&x=<b>")
    assert seen.page.locator("#figure-places .plot").get_attribute("data-drawn") == "none"
    seen.check()


def test_names_with_markup_stay_names(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attack = '<a href="https://example.org">x</a><img src=x onerror=alert(1)><script>1</script>'
    monkeypatch.setitem(LABELS, "full", f"Full {attack}")
    monkeypatch.setattr("study_factory.LOCAL", [f"{name}{attack}" for name in LOCAL])
    monkeypatch.setattr("study_factory.INTERSTATE", [f"{name}{attack}" for name in INTERSTATE])
    folder = make_study(tmp_path / "s", seeds=60, label=attack)
    path = folder / "region.json"
    quoted = attack.replace('"', '\\"')
    path.write_text(path.read_text().replace("Nation A", f"Nation A{quoted}"), encoding="utf-8")
    build(folder)
    seen = visit(browser, folder, WIDE, "light")
    for button in seen.page.locator("#figure-ladder .tabs button").all():
        button.click()
    seen.page.evaluate("all('details.table').forEach((d) => (d.open = true))")
    seen.page.wait_for_timeout(300)
    assert seen.page.evaluate("all('main img, .plot a, main script').length") == 0
    assert "<img" in seen.page.locator("#headline").inner_text()
    seen.check()


def test_the_keyboard_reaches_everything_in_order(browser: Browser, folder: Path) -> None:
    seen = visit(browser, folder, WIDE, "light")
    order = []
    for _ in range(12):
        seen.page.keyboard.press("Tab")
        order.append(seen.page.evaluate("document.activeElement.textContent.trim()"))
    assert order[0] == "Skip to the headline"
    assert order[1:4] == ["Headline", "Over time", "What works"]
    assert {"Dark", "Copy link", "Print"} <= set(order)
    seen.page.locator("nav a", has_text="Where").focus()
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "where-title"
    assert seen.page.url.endswith("#where")
    seen.check()


def test_every_target_is_large_enough_to_touch(browser: Browser, folder: Path) -> None:
    seen = visit(browser, folder, PHONE, "light")
    seen.page.evaluate("all('details').forEach((d) => (d.open = true))")
    seen.page.wait_for_timeout(200)
    small = seen.page.evaluate(
        "all('button, select, summary, nav a').filter((e) => e.offsetParent)"
        ".map((e) => [e.textContent.trim().slice(0, 30), e.getBoundingClientRect()])"
        ".filter(([, r]) => r.height < 24 || r.width < 24).map(([t]) => t)"
    )
    assert small == []


def test_it_prints_in_light_on_few_pages_and_comes_back(
    browser: Browser, folder: Path, tmp_path: Path
) -> None:
    seen = visit(browser, folder, WIDE, "dark")
    path = tmp_path / "report.pdf"
    seen.page.pdf(path=str(path), format="A4", print_background=True)
    pages = path.read_bytes().count(b"/Type /Page\n") or path.read_bytes().count(b"/Type /Page")
    assert 3 <= pages <= 16
    seen.wait("!page.printing")
    assert seen.page.evaluate("themeName()") == "dark"
    seen.check()
