"""`thalweg run --replay`: the page holds the log; same bytes each time; mistakes before work."""

from __future__ import annotations

import base64
import gzip
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT

from analysis.replay_page import drawing, lanes, render, sentences
from experiments.main import main
from experiments.story import readable, sentence
from experiments.study import plan

SETTINGS = ("region=fergana", "years=3", "spinup_years=1", "seed=7")
ARMS = ("none", "negotiated", "full")


def unpacked(path: Path) -> dict[str, Any]:
    """The data that the page carries."""
    found = re.search(r'id="data">([^<]+)<', path.read_text(encoding="utf-8"))
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def logged(arm: str) -> tuple[Any, Any]:
    """Region and history of one arm, simulated apart from the page."""
    from sim.simulate import simulate

    study = plan("run", [*SETTINGS, f"mechanisms={arm}"])
    return study.region, simulate(study.scenario(study.arms[0], study.first_seed))


def event(time: float, act: str, dyad: str = "A-B", **more: Any) -> dict[str, Any]:
    """One told act on an agreement."""
    return {"time": time, "act": act, "dyad": dyad, "mechanism": "Exchanges", "local": True,
            "rung": 0, "day": f"day {time:g}", "text": act, **more}  # fmt: skip


def history(*events: dict[str, Any], negotiated: bool = True) -> dict[str, Any]:
    """A told history of two years and one pair of towns."""
    accord = {"label": "Exchanges", "negotiated": negotiated, "from_year": 0.5, "dyads": ["A-B"]}
    return {"dyads": [{"name": "A-B", "rung": [0] * 8}], "events": list(events),
            "accords": [accord]}  # fmt: skip


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three histories side by side."""
    path = tmp_path_factory.mktemp("replay") / "three.html"
    words = ["run", *SETTINGS, f"arms={','.join(ARMS)}", "--replay", str(path)]
    assert main(words) == 0
    return path


@pytest.mark.slow
def test_acts_and_rungs_of_the_page_are_those_of_the_log(page: Path) -> None:
    held = unpacked(page)
    assert len(held["histories"]) == len(ARMS)
    for arm, one in zip(ARMS, held["histories"], strict=True):
        region, simulated = logged(arm)
        events = readable(region, simulated.events)
        assert len(events) > 20
        order = sorted(events, key=lambda act: act["time"])
        assert [act[3] for act in one["acts"]] == [sentence(region, e, events) for e in order]
        assert [act[0] for act in one["acts"]] == sorted(act[0] for act in one["acts"])
        for key, series in (("dyads", simulated.dyad_series), ("pairs", simulated.pair_series)):
            columns = ["".join(str(int(v)) for v in column) for column in series.T]
            assert one[key] == columns
        for at, _, _, text in one["acts"]:
            year = int(re.match(r"\d+ \w+ (\d+)", text)[1])  # type: ignore[index]
            assert region.start_year + at // 4 == year


@pytest.mark.slow
def test_an_act_never_stands_above_the_rung_of_its_quarter(page: Path) -> None:
    """The strips are the highest rung of the quarter: no local act of it is higher."""
    region, simulated = logged("none")
    one = unpacked(page)["histories"][0]
    for act in readable(region, simulated.events):
        if act["dyad"] is not None and act["rung"]:
            row, at = region.dyad_names.index(act["dyad"]), lanes.quarter_of(act["time"])
            assert int(one["dyads"][row][at]) >= act["rung"] or act["incident"] is None


@pytest.mark.slow
def test_the_same_inputs_give_the_same_bytes(page: Path) -> None:
    again = page.with_name("again.html")
    assert main(["run", *SETTINGS, f"arms={','.join(ARMS)}", "--replay", str(again)]) == 0
    assert again.read_bytes() == page.read_bytes()


@pytest.mark.slow
def test_one_history_is_told_and_watched(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *SETTINGS, "out=kept", "--replay", "one.html"]) == 0
    assert "written: one.html" in capsys.readouterr().out
    assert (here / "kept" / "events.csv").is_file()
    text = (here / "one.html").read_text(encoding="utf-8")
    assert "One history: " in text
    assert len(unpacked(here / "one.html")["histories"]) == 1
    first = (here / "one.html").read_bytes()
    assert main(["run", *SETTINGS, "seeds=2", "--replay", "one.html"]) == 0
    said = capsys.readouterr().out
    assert "Seed 7: " in said
    assert "Seed 8: " in said
    assert (here / "one.html").read_bytes() != first
    assert unpacked(here / "one.html")["histories"][0] == json.loads(
        json.dumps(_first(first))
    ), "the first of several is the history that stands alone"


def _first(content: bytes) -> Any:
    found = re.search(rb'id="data">([^<]+)<', content)
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))["histories"][0]


@pytest.mark.slow
def test_the_page_is_small_closed_and_labelled(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert len(text.encode()) < 400_000
    assert "connect-src 'none'" in text
    assert not re.search(r"<[^>]+ (on\w+|style)=", text)
    assert not re.search(r'(src|href)="(?!#)', text)
    for words in ("simulated, not observed", "not a forecast", "imply no position",
                  "Natural Earth", "GeoNames"):  # fmt: skip
        assert words in text


@pytest.mark.parametrize(
    ("words", "cause", "cure"),
    [
        ("--replay out.txt", "the page is an HTML file", "--replay out.html"),
        ("--replay", "a value is needed", "--replay"),
        ("seeds=5 --replay out.html", "at most 4 histories", "seeds=1"),
        ("arms=none,full,minus --replay out.html", "at most 4 histories", "arms="),
        ("arms=none,ful --replay out.html", "ful", "full"),
        ("arms=none,full out=x --replay out.html", "one page only", "leave out= out"),
        ("--replay folder.html", "this is a folder", "name a file"),
        ("--replay mine.html", "not a page of ours", "--replace"),
    ],
)
def test_mistakes_stop_before_anything_is_simulated_or_written(
    words: str, cause: str, cure: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "folder.html").mkdir()
    (here / "mine.html").write_text("my notes", encoding="utf-8")
    before = sorted(here.iterdir())
    assert main(["run", *SETTINGS, *shlex.split(words)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert cause in said.err
    assert cure in said.err
    assert sorted(here.iterdir()) == before
    assert (here / "mine.html").read_text(encoding="utf-8") == "my notes"


def test_the_life_of_a_negotiated_agreement() -> None:
    told = history(
        event(0.1, lanes.PROPOSED), event(0.5, lanes.SIGNED), event(1.0, lanes.RENEWED),
        event(1.5, lanes.LAPSED), event(1.6, lanes.PROPOSED),
    )  # fmt: skip
    (found,) = lanes.by_mechanism(told)
    (life,) = found["lanes"]
    assert life["talk"] == [(0, 2)]
    assert life["force"] == [(2, 6)]
    assert life["marks"] == [("proposed", 0), ("signed", 2), ("renewed", 4), ("lapsed", 6),
                             ("proposed", 6)]  # fmt: skip
    assert life["words"][1] == "signed day 0.5"
    assert found["states"] == [[0, 1], [0, 1], [1, 0], [1, 0], [1, 0], [1, 0], [0, 0], [0, 0]]


def test_an_agreement_older_than_the_history_is_in_force_from_its_start() -> None:
    (found,) = lanes.by_mechanism(history(event(1.0, lanes.LAPSED)))
    assert found["lanes"][0]["force"] == [(0, 4)]


def test_an_imposed_mechanism_is_in_force_from_its_first_year_to_the_end() -> None:
    (found,) = lanes.by_mechanism(history(negotiated=False))
    assert found["states"] == [[0, 0]] * 2 + [[1, 0]] * 6
    assert "from year 0.5 to the end on A-B" in found["note"]


@pytest.mark.parametrize(("time", "quarter"), [(0.0, 0), (0.2499999999, 1), (0.24, 0), (1.0, 4)])
def test_a_time_lies_in_the_quarter_that_its_week_names(time: float, quarter: int) -> None:
    assert lanes.quarter_of(time) == quarter


def test_a_strip_holds_every_quarter_once() -> None:
    drawn = drawing.strip({"name": "A-B", "rung": [0, 1, 1, 4, 0, 1]}, 4)
    assert drawn["paths"] == [("rung1", "M1 0H3V1H1ZM5 0H6V1H5Z"), ("rung5", "M3 0H4V1H3Z")]


def test_words_follow_what_the_histories_share() -> None:
    def told(*pairs: tuple[str, int]) -> list[dict[str, Any]]:
        return [{"label": label, "seed": seed} for label, seed in pairs]

    assert "same luck" in sentences.lead(told(("none", 7), ("full", 7)))
    assert "other luck" in sentences.lead(told(("none", 7), ("none", 8)))
    assert "seeds 7 and 8" in sentences.lead(told(("a", 7), ("a", 8), ("b", 7), ("b", 8)))
    assert sentences.quarter(2026, 21) == "2031, quarter 2"


@pytest.mark.parametrize("count", [0, 5])
def test_no_history_or_more_than_four_are_refused(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 4"):
        render([{}] * count, {}, "")


def test_the_mistakes_of_the_page_in_docs_are_mistakes(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "replay.md").read_text(encoding="utf-8")
    typed = re.findall(r"^\$ thalweg (.+)$", text, re.MULTILINE)
    assert len(typed) == 4
    for words in typed:
        assert main(shlex.split(words)) == 2, words
        assert re.match("thalweg run: (--replay|out|--language)", capsys.readouterr().err), words
    assert list(here.iterdir()) == []
