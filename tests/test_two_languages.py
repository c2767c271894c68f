"""The page on two studies in Spanish and French: the same numbers, and no English left."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from study_factory import make_study
from test_languages import ENGLISH_WORDS, OTHERS, declared
from test_sweep_languages import read
from test_two_report import IDLE, RATE, SEEDS, asked, shifted

from analysis.companions import Companions
from analysis.language import speaking
from analysis.localised import localised
from analysis.two_report import Asked, build
from analysis.two_report.asked import unlike_words

KINDS = ("moved", "nothing", "unpaired", "few", "steps", "towns")


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Asked]:
    """Pairs of studies of every kind that the page tells apart."""
    place = tmp_path_factory.mktemp("kinds")
    a = make_study(place / "a", crisis=0.6, seeds=60, histories=False)
    b = make_study(place / "b", crisis=0.6, seeds=60, effect=0.0, failing=3, histories=False)
    other = shifted(make_study(place / "c", crisis=0.6, seeds=60, histories=False), 1000)
    few = make_study(place / "few", crisis=0.6, seeds=5, histories=False)
    two = (RATE, RATE._replace(key="parameters.x"), SEEDS, IDLE)
    return {
        "moved": asked(a, b, RATE, SEEDS, IDLE),
        "nothing": asked(a, a, IDLE),
        "unpaired": asked(a, other, SEEDS),
        "few": asked(a, few, *two),
        "steps": asked(a, b, RATE, unlike=unlike_words({"tick_weeks", "spinup_years"})),
        "towns": asked(a, b, RATE, same_towns=False),
    }


def page(one: Asked, place: Path, code: str) -> str:
    """The page in a language, as the command makes it."""
    with speaking(code):
        said = one._replace(
            studies=tuple(map(localised, one.studies)),
            unlike=unlike_words({"tick_weeks", "spinup_years"}) if one.unlike else "",
        )
        build(said, place / f"{code}.html")
    return (place / f"{code}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("code", OTHERS)
def test_no_number_differs_and_no_sentence_stays_english(
    kinds: dict[str, Asked], tmp_path: Path, kind: str, code: str
) -> None:
    one = kinds[kind]
    said = [page(one, tmp_path, language) for language in (code, "en")]
    assert f'<html lang="{code}"' in said[0]
    texts, others = (read(tmp_path / f"{language}.html") for language in (code, "en"))
    told, other = ([digits(text) for text in one if digits(text)] for one in (texts, others))
    assert len(told) > 60
    assert told == other
    names = {name for study in one.studies for name in declared(study, Companions())}
    names |= {text for change in one.changes for text in change if text}
    invented = sorted(names, key=len, reverse=True)
    own = re.compile("|".join(map(re.escape, invented)), re.IGNORECASE)
    assert [text for text in texts if ENGLISH_WORDS.search(own.sub("", text))] == []


def digits(text: str) -> list[str]:
    """All digits, whatever the order of the words."""
    return sorted(re.findall(r"\d", text))
