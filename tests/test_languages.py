"""Languages of the report: message files that are whole, plurals, numbers, and pages in each."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from beside_factory import make_beside
from browsing import PHONE, SMALL, WIDE, visit
from playwright.sync_api import Browser
from study_factory import make_study

import analysis.report
from analysis import language, words
from analysis.companions import Companions, companions
from analysis.comparisons import load_comparison
from analysis.headline import headline
from analysis.language import LANGUAGES, LanguageError, day_words, say, say_count, speaking
from analysis.localised import localised, localised_companions
from analysis.report import builder
from analysis.study import Study
from experiments import message_texts, messages
from experiments.main import main, parser_of

OTHERS = [code for code in LANGUAGES if code != "en"]
ENGLISH_WORDS = re.compile(
    r"\b(the|and|of|with|which|is|are|over|from|mechanisms|histories|rung|towns|seeds|than|by|runs"
    r"|at|yes|up|all)\b"
)
NOT_SAID = {"color", "family", "fill", "mode", "type", "xref", "yref", "symbol",
            "hoverinfo", "textposition", "ticks", "xanchor", "yanchor"}  # fmt: skip
NARROW_SPACE = "\u202f"
CUT = """$$('.plot svg.main-svg').flatMap((s) => { const r = s.getBoundingClientRect();
return $$('text', s).filter((t) => { const b = t.getBoundingClientRect();
return b.width && (b.left < r.left - 2 || b.right > r.right + 2 || t.textContent.includes('…'));
})
.map((t) => s.closest('.figure, section')?.id + ': ' + t.textContent); })"""
SPILLED = """$$('button, summary, h1, h2, h3, nav a, .badge, .kicker, label, option, th, dt, .big')
.filter((e) => e.checkVisibility() && e.getClientRects().length === 1 && !e.closest('.scroll')
&& e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
.map((e) => e.outerHTML.slice(0, 90))"""


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated_with_its_places_and_no_other(code: str) -> None:
    assert list(messages.faults(code, message_texts.texts())) == []


@pytest.mark.parametrize("code", OTHERS)
def test_the_file_is_as_the_command_writes_it(code: str) -> None:
    assert messages.path_of(code).read_bytes() == messages.written(code, message_texts.texts())


@pytest.mark.parametrize("code", OTHERS)
def test_few_sentences_are_left_in_english(code: str) -> None:
    """Names and numerals may be alike in both; a text of four words or more is not."""
    alike = [text for text, forms in messages.translations(code).items()
             if text in forms and isinstance(text, str) and "CC BY" not in text
             and len(re.findall(r"[a-z]{2,}", messages.PLACE.sub("", text))) > 3]  # fmt: skip
    assert alike == []


def test_the_reader_of_the_syntax_finds_every_way_to_say_a_text() -> None:
    source = """
X = marked("a constant, " "in two parts")
def f(n, x):
    return say("one {x}", x=x), say_count("{number} a", "{number} b", n), words.count(n, "cat"), \\
        count(n, "history", "histories"), say(X), say(f"not {x}")
"""
    assert list(message_texts.in_module(source)) == [
        "a constant, in two parts", "one {x}", ("{number} a", "{number} b"),
        ("{number} cat", "{number} cats"), ("{number} history", "{number} histories"),
    ]  # fmt: skip


def test_no_text_is_said_that_the_reader_of_the_syntax_cannot_see() -> None:
    """An f-string cannot be found in a message file."""
    blind = [f"{path.name}: {line.strip()}" for path in message_texts.ROOT.rglob("*.py")
             for line in path.read_text(encoding="utf-8").splitlines()
             if re.search(r"\b(say|marked|say_count)\(f[\"']", line)
             and path.name != "words.py"]  # fmt: skip
    assert blind == []


def test_the_command_offers_the_languages_that_there_are() -> None:
    option = next(one for one in parser_of("report")._actions if one.dest == "language")
    assert option.choices is not None
    assert tuple(option.choices) == tuple(LANGUAGES)


def test_plurals_and_marks_follow_the_language() -> None:
    with speaking("fr"):
        assert say_count("{number} run", "{number} runs", 0) == words.count(0, "run")
        zero, one, two = (words.count(n, "run").split(" ", 1)[1] for n in (0, 1, 2))
        assert zero == one != two, "French counts nought as one"
        assert words.plain(-1234.5, 1) == f"\u22121{NARROW_SPACE}234,5"
    with speaking("es"):
        zero, one, two = (words.count(n, "run").split(" ", 1)[1] for n in (0, 1, 2))
        assert zero == two != one
        assert words.plain(12345.678, 2) == "12.345,68"
        assert words.signed(0.04, 1) == "0,0"
    assert words.plain(12345.678, 2) == "12,345.68"


@pytest.mark.parametrize("code", OTHERS)
def test_no_digit_differs_between_languages(code: str) -> None:
    """Rounded before it is worded: ties fall alike."""
    for value in (0.125, 2.675, 1e6 + 0.5, -0.004, 99.995, 1234567.0):
        for places in (0, 1, 2):
            english = re.sub(r"\D", "", words.plain(value, places))
            with speaking(code):
                assert re.sub(r"\D", "", words.plain(value, places)) == english


def test_dates_are_said_and_a_language_without_a_file_is_refused() -> None:
    with speaking("fr"):
        assert day_words(dt.date(2031, 3, 9), "d MMMM y") == "9 mars 2031"
    with pytest.raises(LanguageError, match="'xx'"), speaking("xx"):
        pass
    assert language.spoken() == "en"


def test_a_text_without_a_translation_is_said_in_english() -> None:
    with speaking("es"):
        assert say("A text that nobody wrote: {n}.", n=3) == "A text that nobody wrote: 3."


@pytest.mark.parametrize("code", OTHERS)
def test_declared_names_are_said_and_keys_stay(tmp_path: Path, code: str) -> None:
    study = load_comparison(make_study(tmp_path / "s"))
    with speaking(code):
        said = localised(study)
    assert list(said.outcomes) == list(study.outcomes)
    assert said.local_rungs != study.local_rungs
    assert [arm.name for arm in said.arms] == [arm.name for arm in study.arms]
    assert localised(study) is study


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The report with everything, in a language."""
    room = tmp_path_factory.mktemp("languages")
    study, beside = make_beside(room)
    made: dict[str, Path] = {}

    def page(code: str) -> Path:
        if code not in made:
            made[code] = analysis.report.build(study, None, beside, code)
        return made[code]

    return page


@pytest.mark.slow
@pytest.mark.parametrize("code", OTHERS)
def test_the_page_says_its_language_and_hardly_a_word_of_english(
    pages: Callable[[str], Path], code: str
) -> None:
    source, english = (pages(one).read_text(encoding="utf-8") for one in (code, "en"))
    assert f'<html lang="{code}"' in source
    assert pages(code).name == f"report.{code}.html"
    left = [text for text in message_texts.of_templates()
            if isinstance(text, str) and len(text.split()) > 2 and "{" not in text
            and f">{text}<" in source]  # fmt: skip
    assert left == []
    tables = re.compile(r'id="tables">([^<]*)<')
    assert len(tables.findall(source)[0]) > 1000
    assert len(source) < 1.05 * len(english)


def spoken_texts(value: object) -> Iterator[str]:
    """Every text of a chart that a reader sees."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for key, part in value.items() if key not in NOT_SAID
                    for text in spoken_texts(part))  # fmt: skip
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in spoken_texts(part))


def declared(study: Study, others: Companions) -> set[str]:
    """Names that the invented studies declare: no message file has them."""
    held = [study.declarations, study.region, *study.histories.values()]
    names = {text for text in spoken_texts(held) if " " in text}
    for one in (study, *others.others, *others.sweeps):
        names |= {part for outcome in one.outcomes.values() for part in outcome if part}
        names |= {arm.label for arm in one.arms}
    return names | {factor.label for sweep in others.sweeps for factor in sweep.factors}


@pytest.mark.slow
@pytest.mark.parametrize("code", OTHERS)
def test_no_figure_says_a_word_of_english(tmp_path: Path, code: str) -> None:
    """Neither in what it declares nor in what it computes; invented names are left out."""
    folder, beside = make_beside(tmp_path)
    study = load_comparison(folder)
    others = companions(study, beside)
    with speaking(code):
        said = localised(study)
        figures = builder._figures(said, localised_companions(others))
        head = headline(said)
    assert len(figures) > 10
    told = [("headline", head.text)]
    for key, figure in figures.items():
        told += [(key, text) for text in (
            figure.question, figure.control, figure.source, figure.note, *figure.how_to_read)]
        for view in figure.views:
            legend = [one.label for one in view.legend]
            columns = [one.label for one in view.columns]
            told += [(key, text) for text in (
                view.label, view.title, view.subtitle, view.alt, view.group, view.narrow_note,
                *view.steps, *legend, *columns)]
            told += [(key, text) for text in spoken_texts([view.spec, view.narrow])]
    invented = sorted(declared(study, others), key=len, reverse=True)
    own = re.compile("|".join(map(re.escape, invented)), re.IGNORECASE)
    english = {(key, text) for key, text in told
               if ENGLISH_WORDS.search(own.sub("", text.replace("<br>", " ")))}  # fmt: skip
    assert english == set()
    cut = {key for key, figure in figures.items() for view in figure.views
           for text in spoken_texts([view.spec, view.narrow, view.label]) if "\u2026" in text}
    assert cut == set(), "labels are wrapped"


@pytest.mark.slow
def test_the_command_writes_the_page_beside_the_english_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_study(tmp_path / "s")
    assert main(["report", str(folder), "--language", "fr"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == f"report: {folder / 'report.fr.html'}"
    assert main(["report", str(folder), "--language", "xx"]) == 2
    assert "'xx'" in capsys.readouterr().err


@pytest.fixture(scope="module", params=list(LANGUAGES))
def spoken_page(
    request: pytest.FixtureRequest, pages: Callable[[str], Path]
) -> Iterator[Path]:
    return pages(request.param)


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, PHONE, SMALL], ids=["desk", "phone", "small"])
def test_no_text_overflows(browser: Browser, spoken_page: Path, size: tuple[int, int]) -> None:
    """Neither the page nor a control, and no text of a chart is cut off."""
    seen = visit(browser, spoken_page, size, "light")
    seen.open_everything()
    assert seen.overflow() <= 0
    assert seen.page.evaluate(SPILLED) == []
    assert seen.page.evaluate(CUT) == []
    seen.check()
    seen.page.context.close()
