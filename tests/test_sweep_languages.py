"""The report of a sweep in other languages: the same numbers, no word of English, no overflow."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from browsing import PHONE, SMALL, WIDE, visit
from playwright.sync_api import Browser
from sweep_factory import FLAGS, LIST, LOG, RANGE, make_sweep
from test_languages import ENGLISH_WORDS, OTHERS, SPILLED, spoken_texts

from analysis import words
from analysis.language import say, speaking
from analysis.localised import factor_said, localised_sweep
from analysis.sweep_report import build
from analysis.sweeps import load_sweep

WHOLE = {**RANGE, "key": "parameters.x.whole", "lo": 1, "hi": 90, "whole": True, "group": "money"}
FRAMES = tuple(f"r{number}" for number in range(13))
PLANS = {
    "failing": {"factors": (WHOLE, LOG), "points": 40, "failing": 30, "missing": 5},
    "lists": {"factors": (LIST, FLAGS), "method": "grid", "points": 6, "seeds": 30,
              "regions": ("east",)},
    "one seed": {"seeds": 1, "points": 8},
    "one arm": {"arms": ("none",), "points": 8},
    "frames": {"regions": FRAMES, "points": 2, "seeds": 2},
}  # fmt: skip
NOT_READ = re.compile(r"<(script|style|code|pre)\b.*?</\1>", re.DOTALL)
CUT = """$$('svg.chart').flatMap((s) => { const r = s.getBoundingClientRect();
return $$('text', s).filter((t) => { const b = t.getBoundingClientRect();
return b.width && (b.left < r.left - 1 || b.right > r.right + 1 || t.textContent.includes('…'));
})
.map((t) => t.textContent); })"""
Pages = Callable[[str, str], Path]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    """The page of a planned sweep in a language."""
    room = tmp_path_factory.mktemp("sweeps")
    made: dict[tuple[str, str], Path] = {}

    def page(plan: str, code: str) -> Path:
        if (plan, code) not in made:
            folder = room / plan
            if not folder.exists():
                make_sweep(folder, **PLANS[plan])
            made[plan, code] = build(folder, language=code)
        return made[plan, code]

    return page


def read(page: Path) -> list[str]:
    """Every text that a reader sees or hears, in order; code and commands are left out."""
    source = NOT_READ.sub(" ", page.read_text(encoding="utf-8"))
    found = [*re.findall(r'aria-label="([^"]*)"', source), *re.split(r"<[^>]+>", source)]
    return [html.unescape(text) for text in found if text.strip()]


@pytest.mark.parametrize("code", OTHERS)
def test_the_page_stands_beside_the_english_one_and_the_headline_stays_english(
    pages: Pages, code: str
) -> None:
    english = pages("failing", "en")
    headline = english.with_name("headline.txt").read_text(encoding="utf-8")
    page = pages("failing", code)
    source = page.read_text(encoding="utf-8")
    assert page == english.with_name(f"report.{code}.html")
    assert f'<html lang="{code}" data-decimal=","' in source
    assert '<html lang="en">' in english.read_text(encoding="utf-8")
    assert page.with_name("headline.txt").read_text(encoding="utf-8") == headline


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("plan", PLANS)
def test_no_digit_differs_from_the_english_page(pages: Pages, plan: str, code: str) -> None:
    english, other = (read(pages(plan, one)) for one in ("en", code))
    assert len(english) == len(other) > 100
    differ = [(a, b) for a, b in zip(english, other, strict=True)
              if sorted(re.findall(r"\d", a)) != sorted(re.findall(r"\d", b))]  # fmt: skip
    assert differ == []


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize("plan", PLANS)
def test_hardly_a_word_of_english_is_left(pages: Pages, plan: str, code: str) -> None:
    """Names that the invented sweep declares are left out."""
    page = pages(plan, code)
    sweep = load_sweep(page.parent)
    held = [sweep.declarations, list(sweep.regions.values()), sweep.provenance]
    names = {text for text in spoken_texts(held) if " " in text}
    names |= {part for one in sweep.outcomes.values() for part in one if isinstance(part, str)}
    names |= {label for one in (*sweep.arms, *sweep.factors)
              for label in (one.label, words.upper_first(one.label))}  # fmt: skip
    longest_first = sorted(names - {""}, key=len, reverse=True)
    own = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
    left = {text for text in read(page) if ENGLISH_WORDS.search(own.sub("", text))}
    assert {text for text in left if "seeds=" not in text} == set()


@pytest.mark.parametrize("code", OTHERS)
def test_settings_are_shown_as_typed_with_the_decimal_mark(tmp_path: Path, code: str) -> None:
    sweep = load_sweep(make_sweep(tmp_path / "s", points=2, seeds=2))
    frame = sweep.frames[0]._replace(
        settings={"region": "east", "years": 2.5}, label="East, years 2.5",
        region_label="East (years 2.5)",
    )  # fmt: skip
    sweep = replace(sweep, frames=(frame,))
    assert localised_sweep(sweep) is sweep
    with speaking(code):
        said = localised_sweep(sweep)
        assert words.listed_values([words.typed(one) for one in (0.5, 2)]).startswith("0,5 ")
        assert ";" in words.listed_values([words.typed(one) for one in (0.5, 2, 3.5)])
        assert factor_said("Share") == say("share").capitalize() != "Share"
    assert said.frames[0].label == "East, years 2,5"
    assert said.frames[0].region_label == "East (years 2,5)"
    assert [factor.key for factor in said.factors] == [factor.key for factor in sweep.factors]


@pytest.fixture(scope="module", params=OTHERS)
def spoken_page(request: pytest.FixtureRequest, pages: Pages) -> Iterator[Path]:
    return pages("failing", request.param)


@pytest.mark.slow
@pytest.mark.browser
def test_no_text_overflows(browser: Browser, spoken_page: Path) -> None:
    """Neither the page nor a control at any width, and no text of a chart is cut off."""
    seen = visit(browser, spoken_page, WIDE, "light")
    seen.open_everything()
    for width, height in (WIDE, PHONE, SMALL):
        seen.page.set_viewport_size({"width": width, "height": height})
        assert seen.overflow() <= 0
        assert seen.page.evaluate(SPILLED) == []
        assert seen.page.evaluate(CUT) == []
    seen.page.locator("#theme").click()
    seen.check()
    seen.page.context.close()
