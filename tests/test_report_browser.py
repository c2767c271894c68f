"""The report in Chromium: tables and their files, pictures, sort, filter, views, address, keys.

What holds for every page is in test_pages_browser.py.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from browsing import PAGES, PHONE, WIDE, Visit, visit
from conftest import Built
from playwright.sync_api import Browser
from study_factory import INTERSTATE, LABELS, LOCAL, make_study

from analysis.figures import FIGURES
from analysis.figures.figure import Figure, View
from analysis.report import build, builder

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def folder(built: Built) -> Path:
    return built("report").parent


@pytest.fixture(scope="module")
def desk(browser: Browser, folder: Path) -> Iterator[Visit]:
    seen = visit(browser, folder, WIDE, "light")
    yield seen
    seen.page.context.close()


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Figure]:
    """Every figure that the builder put into the page, with the frames behind its views."""
    found: dict[str, Figure] = {}
    tables = builder._tables
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builder, "_tables", lambda figures: found.update(figures) or tables(figures))
        PAGES["report"].make(tmp_path_factory.mktemp("frames"))
    return found


def test_every_figure_is_drawn_and_its_inside_is_hidden_from_screen_readers(desk: Visit) -> None:
    for card in desk.page.locator(".figure").all():
        assert card.locator(".plot").get_attribute("data-drawn")
        assert card.locator(".plot").get_attribute("aria-label")
    assert desk.page.evaluate(
        "all('.plot svg').every((s) => s.getAttribute('aria-hidden') === 'true')"
    )
    assert desk.page.locator(".modebar-btn").count() == 0
    desk.check()


def same_as_the_frame(text: str, view: View) -> None:
    """Every column, row and digit of the file."""
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


def test_the_csv_of_every_view_is_its_frame(desk: Visit, frames: dict[str, Figure]) -> None:
    assert {*FIGURES} <= {*frames}
    assert {*frames} == {*desk.page.evaluate("all('.figure').map((c) => c.dataset.figure)")}
    desk.page.evaluate("readTables()")
    for key, figure in frames.items():
        for view in figure.views:
            asked = [key, view.key]
            same_as_the_frame(
                desk.page.evaluate("([key, view]) => csvOf(words[key].views[view])", asked), view
            )


def test_every_figure_saves_what_it_shows(desk: Visit, frames: dict[str, Figure]) -> None:
    saved = desk.page.evaluate(
        "async () => { const kept = [], keep = save;"
        " window.save = (name, content) => kept.push([name, content]);"
        " for (const card of all('.figure')) for (const form of ['csv', 'png', 'svg'])"
        " await saveAs(card, form);"
        " window.save = keep;"
        " return kept.map(([name, c]) => c instanceof Uint8Array"
        " ? [name, c.length, String.fromCharCode(...c.slice(1, 4)), ''] : [name, c.length, '', c]);"
        " }"
    )
    found = {name: (size, head, content) for name, size, head, content in saved}
    shown = {key: desk.page.evaluate("(key) => page.shown[key]", key) for key in frames}
    forms = ("csv", "png", "svg")
    assert {*found} == {f"{key}-{shown[key]}.{form}" for key in frames for form in forms}
    for key, figure in frames.items():
        view = next(v for v in figure.views if v.key == shown[key])
        same_as_the_frame(found[f"{key}-{view.key}.csv"][2], view)
        size, head, _ = found[f"{key}-{view.key}.png"]
        assert (size > 20_000, head) == (True, "PNG"), key
        assert found[f"{key}-{view.key}.svg"][2].startswith("<svg"), key
    desk.check()


@pytest.mark.parametrize("form", ["csv", "png"])
def test_a_file_is_saved_by_a_key_press(desk: Visit, form: str) -> None:
    desk.page.locator(f"#figure-forest [data-save={form}]").focus()
    with desk.page.expect_download() as waiting:
        desk.page.keyboard.press("Enter")
    assert waiting.value.suggested_filename.endswith(f".{form}")
    assert waiting.value.path().stat().st_size > 500
    desk.check()


def test_pictures_carry_their_title_source_and_warning(desk: Visit) -> None:
    with desk.page.expect_download() as waiting:
        desk.page.locator("#figure-places [data-save=svg]").click()
    content = Path(waiting.value.path()).read_text(encoding="utf-8")
    text = " ".join(re.sub(r"<[^>]+>", " ", content).split())
    assert "no position on any border" in text
    assert "GeoNames" in text
    assert "violence" in text
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


def cells(seen: Visit, key: str, column: int) -> list[str]:
    """What a column of a figure's table shows, hidden rows left out."""
    rows = f"all('#figure-{key} table.data tbody tr').filter((r) => !r.hidden)"
    return seen.page.evaluate(f"{rows}.map((r) => r.cells[{column}].textContent)")


def in_order(shown: list[str], falling: bool) -> bool:
    """Numbers by size, words by letter, what is missing at the end."""
    there = [text.replace("\u2212", "-") for text in shown if text != "\u2013"]
    if "\u2013" in shown[: len(there)]:
        return False
    try:
        values = [float(text) for text in there]
    except ValueError:
        keys = [re.sub(r"[^a-z0-9]", "", text.casefold()) for text in there]
        firsts = [key[:1] for key in keys]
        return firsts == sorted(firsts, reverse=falling)
    return values == sorted(values, reverse=falling)


def test_every_column_of_every_table_sorts_both_ways(desk: Visit) -> None:
    desk.open_everything()
    sorts = desk.page.evaluate(
        "all('.figure').flatMap((card) => [...card.querySelectorAll('table.data th')].flatMap("
        "(_, at) => ['ascending', 'descending'].map((state) => {"
        " all('table.data th button', card)[at].click();"
        " const head = all('table.data th', card)[at];"
        " return [card.id, at, state, head.getAttribute('aria-sort'),"
        " all('table.data tbody tr', card).map((r) => r.cells[at].textContent)]; })))"
    )
    assert len(sorts) > 30
    for card, at, state, told, shown in sorts:
        assert told == state
        assert in_order(shown, state == "descending"), (card, at, state)
    desk.check()


def test_a_table_sorts_by_a_key_press_and_the_focus_stays(desk: Visit) -> None:
    desk.open_everything()
    at = desk.page.locator("#figure-profile table.data th").count() - 1
    for key, falling in (("Enter", False), ("Space", True)):
        desk.page.evaluate("(at) => all('#figure-profile th button')[at].focus()", at)
        desk.page.keyboard.press(key)
        assert in_order(cells(desk, "profile", at), falling)
        focus = "all('#figure-profile th button').indexOf(document.activeElement)"
        assert desk.page.evaluate(focus) == at


def test_a_long_table_is_filtered_by_words_in_any_column_and_stays_so_when_sorted(
    desk: Visit, frames: dict[str, Figure]
) -> None:
    card = desk.page.locator("#figure-profile")
    desk.page.evaluate("byId('figure-profile').querySelector('details.table').open = true")
    box = card.get_by_label("Filter rows")
    box.focus()
    whole = len(cells(desk, "profile", 0))
    words = " ".join(cells(desk, "profile", at)[-1] for at in range(4))
    desk.page.keyboard.type(f" {words.upper()} ")
    kept = cells(desk, "profile", 0)
    text = desk.page.evaluate(
        "all('#figure-profile table.data tbody tr').map((r) =>"
        " [...r.cells].map((c) => c.textContent).join(' ').toLowerCase())"
    )
    wanted = words.lower().split()
    assert 0 < len(kept) == sum(all(w in row for w in wanted) for row in text) < whole
    assert card.locator(".filter output").inner_text() == f"{len(kept)} of {whole}"
    card.locator("table.data thead button").first.click()
    assert sorted(cells(desk, "profile", 0)) == sorted(kept)
    with desk.page.expect_download() as waiting:
        card.locator("[data-save=csv]").click()
    saved = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert len(saved.splitlines()) == 1 + whole, "the file keeps every row"
    box.fill("no such word anywhere")
    assert cells(desk, "profile", 0) == []
    box.fill("")
    assert len(cells(desk, "profile", 0)) == whole
    short = [k for k, f in frames.items() if len(f.views[0].table) < 12]
    assert [k for k in short if desk.page.locator(f"#figure-{k} .filter").count()] == []
    desk.check()


def test_the_whole_state_travels_in_the_address(browser: Browser, folder: Path) -> None:
    seen = visit(browser, folder, WIDE, "light")
    seen.page.locator("#figure-places button[data-view=full]").click()
    seen.wait("document.querySelector('#figure-timeline .plot').dataset.drawn === 'full'")
    seen.page.locator("nav a", has_text="Where").click()
    seen.page.locator("#theme").click()
    seen.wait("document.documentElement.dataset.theme === 'dark'")
    seen.page.locator("#link").click()
    seen.wait("byId('status').textContent !== ''")
    address = seen.page.url
    assert address.endswith("#where&theme=dark&arm=full")
    title = seen.page.locator("#title-timeline").inner_text()
    seen.check()
    seen.page.goto("about:blank")
    seen.requests.clear()
    seen.page.goto(address)
    seen.wait("document.documentElement.dataset.ready === 'yes'")
    assert seen.page.url == address
    assert seen.page.evaluate("themeName()") == "dark"
    assert seen.page.evaluate("document.activeElement.id") == "where-title"
    assert seen.page.locator("#title-timeline").inner_text() == title
    assert seen.page.locator("#figure-places .plot").get_attribute("data-drawn") == "full"
    seen.check()
    seen.page.context.close()


def test_the_chosen_view_of_a_figure_travels_in_the_address(
    browser: Browser, folder: Path
) -> None:
    seen = visit(browser, folder, WIDE, "light")
    choice = seen.page.locator("#figure-forest select")
    wanted = choice.locator("option").nth(3).get_attribute("value")
    first = choice.input_value()
    choice.select_option(wanted)
    seen.wait(f"document.querySelector('#figure-forest .plot').dataset.drawn === '{wanted}'")
    address, title = seen.page.url, seen.page.locator("#title-forest").inner_text()
    assert f"show=forest%3A{wanted}" in address
    again = visit(browser, folder, WIDE, "light", "#" + address.partition("#")[2])
    assert again.page.locator("#title-forest").inner_text() == title
    assert again.page.locator("#figure-forest .plot").get_attribute("data-drawn") == wanted
    assert again.page.locator("#figure-forest select").input_value() == wanted
    again.page.locator("#figure-forest select").select_option(first)
    again.wait("!location.hash.includes('show=')")
    again.requests.clear()
    again.page.evaluate(f"location.hash = {json.dumps(address.partition('#')[2])}")
    again.page.wait_for_timeout(300)
    again.wait("document.documentElement.dataset.ready === 'yes'")
    assert again.page.locator("#title-forest").inner_text() == title, "pasted into the open page"
    for one in (seen, again):
        one.check()
        one.page.context.close()


def test_a_broken_address_does_no_harm(browser: Browser, folder: Path) -> None:
    broken = "#nowhere&arm=%E0%A4%A&theme=pink&x=<b>&show=forest:,%25E0:a,toString:b"
    seen = visit(browser, folder, PHONE, "light", broken)
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
