"""Every page in Firefox: it opens from a file, draws, turns dark, opens its details, is silent."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from bidi import Firefox, firefox
from browsing import PAGES, rgb
from conftest import Built

from analysis.theme import THEMES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TAB = "\ue004"

MARKS = "path, circle, rect, line, use"


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    program = firefox()
    if program is None and not os.environ.get("THALWEG_REQUIRE_BROWSER"):
        pytest.skip("no Firefox on the path (package firefox-esr)")
    assert program is not None, "no Firefox on the path (package firefox-esr)"
    with Firefox(program, tmp_path_factory.mktemp("firefox")) as found:
        yield found


@pytest.mark.parametrize("name", list(PAGES))
def test_it_works_in_firefox_from_a_file(fox: Firefox, built: Built, name: str) -> None:
    fox.messages.clear()
    fox.open(built(name).as_uri())
    assert "Firefox/" in fox.ask("navigator.userAgent")
    assert fox.ask("all('.waiting').length") == 0
    drawn = fox.ask(f"all('.plot, svg.chart, svg.strip').map((p) => all('{MARKS}', p).length)")
    assert len(drawn) > 3
    assert min(drawn) > 0
    before = fox.ask("getComputedStyle(document.body).backgroundColor")
    fox.press(TAB)
    assert fox.ask("document.activeElement.className") == "skip"
    fox.click("#theme")
    fox.wait(f"getComputedStyle(document.body).backgroundColor !== {before!r}")
    theme = fox.ask("themeName()")
    ground = fox.ask("getComputedStyle(document.body).backgroundColor")
    assert ground == rgb(THEMES[theme]["page"])
    fox.ask("all('details').forEach((d) => (d.open = true))")
    fox.wait("all('details .scroll').every((box) => box.querySelector('table'))")
    assert fox.ask("document.documentElement.scrollWidth - innerWidth") <= 0
    assert fox.ask("performance.getEntriesByType('resource').length") == 0
    assert fox.messages == []
