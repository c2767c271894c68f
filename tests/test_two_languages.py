"""The page on two studies in Spanish and French: the same numbers, and no English left."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from study_factory import make_study
from test_languages import ENGLISH_WORDS, OTHERS, declared
from test_two_report import IDLE, RATE, SEEDS, asked, prose, shifted

from analysis.companions import Companions
from analysis.language import speaking
from analysis.localised import localised
from analysis.two_report import Asked, build
from analysis.two_report.asked import unlike_words
from experiments.main import main

CODE = re.compile(r"<(code|pre)\b.*?</\1>", re.DOTALL)
GAPS = re.compile(r"[\s.,\u00a0\u202f](?=\d)")  # marks in numbers differ between languages
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
    said, english = (page(one, tmp_path, language) for language in (code, "en"))
    assert f'<html lang="{code}">' in said
    digits = [Counter(re.findall(r"\d+", GAPS.sub("", prose(text)))) for text in (said, english)]
    assert digits[0] == digits[1]
    names = {name for study in one.studies for name in declared(study, Companions())}
    names |= {text for change in one.changes for text in change if text}
    invented = sorted({*names, "of_all"}, key=len, reverse=True)
    own = re.compile("|".join(map(re.escape, invented)), re.IGNORECASE)
    told = own.sub("", prose(CODE.sub(" ", said)))
    assert [told[max(0, m.start() - 30):m.end() + 30] for m in ENGLISH_WORDS.finditer(told)] == []


@pytest.mark.slow
def test_the_command_writes_it_beside_the_english_one_and_prints_english(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a = make_study(tmp_path / "a", seeds=20, histories=False)
    b = make_study(tmp_path / "b", seeds=20, effect=0.0, histories=False)
    said = []
    for options in ([], ["--language", "fr"]):
        assert main(["report", str(a), str(b), *options]) == 0
        said.append(capsys.readouterr().out.splitlines())
    assert said[0][:-1] == said[1][:-1]
    assert said[1][-1].endswith("against-a.fr.html")
    assert (b / "answers" / "report" / "against-a.html").exists()
