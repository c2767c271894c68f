"""The replay page in Spanish and French: the same digits, no word of English, nothing cut off."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from browsing import PHONE, SMALL, WIDE, visit
from playwright.sync_api import Browser
from test_languages import ENGLISH_WORDS, OTHERS, SPILLED
from test_replay_page import unpacked

from analysis.language import LANGUAGES, speaking
from analysis.replay_page import sentences
from experiments import message_texts
from experiments.main import main, parser_of

ARMS = "arms=none,negotiated,full-inclusion-data_sharing"
WORDS = ("region=fergana", "years=2", "spinup_years=1", "seed=7", ARMS,
         "mechanisms.joint_committee.from_year=1.5")  # fmt: skip
DIGITS = re.compile(r"\d+")
Pages = Callable[[str], Path]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The same histories, in a language."""
    room = tmp_path_factory.mktemp("replay_languages")

    def page(code: str) -> Path:
        path = room / f"{code}.html"
        if not path.exists():
            assert main(["run", *WORDS, "--replay", str(path), "--language", code]) == 0
        return path

    return page


def told(path: Path) -> list[str]:
    """What the page says: its own words and labels, then every act and rung."""
    source = path.read_text(encoding="utf-8")
    held = unpacked(path)
    labels = re.findall(r'aria-(?:label|valuetext)="([^"]*)"', source)
    own = re.sub(r"<(style|script|pre)\b.*?</\1>", "", source, flags=re.DOTALL)
    lines = html.unescape(re.sub(r"<[^>]*>", "\n", own)).split("\n")
    acts = [act[3] for one in held["histories"] for act in one["acts"]]
    return [*labels, *filter(str.strip, lines), *acts, *held["local"], *held["states"]]


@pytest.mark.slow
@pytest.mark.parametrize("code", OTHERS)
def test_no_digit_differs_and_no_word_of_english_is_left(pages: Pages, code: str) -> None:
    said, english = told(pages(code)), told(pages("en"))
    assert [DIGITS.findall(text) for text in said] == [DIGITS.findall(text) for text in english]
    assert [text for text in said if ENGLISH_WORDS.search(text)] == []
    source = pages(code).read_text(encoding="utf-8")
    assert f'<html lang="{code}">' in source
    assert f"--replay replay.html --language {code}</code>" in source
    assert 'id="messages"' not in pages("en").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("code", OTHERS)
def test_the_clock_speaks_and_nothing_overflows(browser: Browser, pages: Pages, code: str) -> None:
    seen = visit(browser, pages(code), WIDE, "light")
    page = seen.page
    page.evaluate("all('details').forEach((d) => (d.open = true))")
    page.locator("[data-filter=when][data-of='0']").select_option("now")
    for at, (width, height) in zip((0, 3, 7), (WIDE, PHONE, SMALL), strict=True):
        page.set_viewport_size({"width": width, "height": height})
        page.locator("#time").fill(str(at))
        with speaking(code):
            assert page.locator("#date").inner_text() == sentences.quarter(2026, at)
        shown = page.locator("body").inner_text()
        shown = shown.replace(page.locator("#command").inner_text(), "")
        assert [line for line in shown.splitlines() if ENGLISH_WORDS.search(line)] == []
        assert seen.overflow() <= 0, width
        assert page.evaluate(SPILLED) == [], width
    seen.check()
    page.context.close()


def test_a_language_without_a_page_is_a_mistake(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "region=fergana", "--language", "es"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "--language es: the language of the page that --replay writes" in said.err
    assert main(["run", "--replay", "page.html", "--language", "xx"]) == 2
    assert list(here.iterdir()) == []


def test_the_command_offers_the_languages_and_the_page_is_read_for_texts() -> None:
    option = next(one for one in parser_of("run")._actions if one.dest == "language")
    assert tuple(option.choices or ()) == tuple(LANGUAGES)
    found = {*message_texts.of_code(), *message_texts.of_templates(), *message_texts.of_scripts()}
    assert {"Skip to the clock", "none fits", "One history: {region}"} <= found
    assert {"{act} in {place} over {issue}, by {actor}", *sentences.FAILED} <= found
