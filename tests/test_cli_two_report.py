"""`thalweg report A B` with the real model: it tells what diff tells, or refuses in words."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from study_factory import make_study
from sweep_factory import make_sweep

from experiments.main import main

BASE = ("region=synthetic", "region.municipalities=4", "years=1", "spinup_years=1",
        "arms=none,full", "seeds=14")  # fmt: skip
RATE, INTENSITY = "parameters.ladder.up_rate", "mechanisms.exchanges.intensity"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Two studies: B with another rate, one weaker mechanism and two seeds fewer."""
    place = tmp_path_factory.mktemp("two")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        assert main(["compare", *BASE, "out=a"]) == 0
        other = [word for word in BASE if not word.startswith("seeds")]
        assert main(["compare", *other, "seeds=12", f"{RATE}=20", f"{INTENSITY}=0.5", "out=b"]) == 0
        shutil.copytree("a", "coarse")
        settings = Path("coarse/config.yaml").read_text(encoding="utf-8")
        assert "tick_weeks: 1" in settings
        changed = settings.replace("tick_weeks: 1", "tick_weeks: 2")
        Path("coarse/config.yaml").write_text(changed, encoding="utf-8")
        yield place


@pytest.mark.slow
@pytest.mark.usefixtures("place")
def test_the_page_says_what_diff_says(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    assert main(["diff", "a", "b", "--json"]) == 0
    twin = json.loads(capsys.readouterr().out)
    assert main(["report", "a", "b", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["report"] == str(Path("b") / "answers" / "report" / "against-a.html")
    source = Path(told["report"]).read_text(encoding="utf-8")
    for line in told["finding"]:
        assert line.replace("'", "&#39;").replace(" %", "\u00a0%") in source
    assert "climb to the next local rung" in told["finding"][1]
    for change in twin["changes"]:
        assert change["key"] in source
    assert "assumption: half of angry protests would climb" in source
    assert "<td>per year</td>" in source
    assert "the same 12 seeds (1 to 12)" in source
    both = [line for own in twin["compared"]["differences"].values() for line in own]
    rows = source.partition('id="table-levels"')[2].partition('id="table-own')[0]
    assert rows.count("<tr>") == len(both) + 2, "a row for every line of diff, and two heads"
    speaking = sum(not line["reason"] for line in both)
    assert f"with all {speaking} rows counted" in source or not speaking


@pytest.mark.slow
def test_another_language_is_a_page_beside_it_and_the_terminal_stays_english(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    said = []
    for options in ([], ["--language", "es"]):
        assert main(["report", "a", "b", *options]) == 0
        said.append(capsys.readouterr().out.splitlines())
    assert said[0][:-1] == said[1][:-1]
    page = place / "b" / "answers" / "report" / "against-a.es.html"
    assert said[1][-1] == f"report: {page.relative_to(place)}"
    source = page.read_text(encoding="utf-8")
    assert "<td>0,5</td>" in source
    assert "Intercambios: intensidad" in source
    assert page.with_name("against-a.html").exists()


@pytest.mark.slow
def test_other_steps_are_other_luck_and_out_is_where_the_page_goes(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place)
    assert main(["report", "a", "coarse", "--out", "pages/two.html"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("report: pages/two.html")
    source = Path("pages/two.html").read_text(encoding="utf-8")
    assert "a draw belongs to the number of its step, and B has steps of other length" in source


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["s", "s2"], "s: a sweep, and two pages of many points are no pair."),
        (["s", "s2"], "thalweg report s2 tells it alone"),
        (["c", "s"], "thalweg diff c s says what differs in the settings."),
        (["c", "nowhere"], "nowhere: no such folder. Give two that compare has written."),
        (["c", "empty"], "manifest.json: missing"),
        (["c", "c2", "c3"], "'c3' is one argument too many"),
    ],
)
def test_what_is_no_pair_of_comparisons_is_refused_with_its_cure(
    words: list[str], said: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_study(here / "c", seeds=3, histories=False)
    for name in ("s", "s2"):
        make_sweep(here / name)
    (here / "empty").mkdir()
    before = sorted(here.rglob("*"))
    assert main(["report", *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert sorted(here.rglob("*")) == before
