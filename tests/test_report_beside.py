"""What a report takes in from other studies: titles claim what intervals carry."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from beside_factory import make_beside
from browsing import WIDE, Visit
from playwright.sync_api import Browser
from study_factory import make_study

from analysis.answer_figures import ANSWERS
from analysis.answer_figures.convergence import title as known
from analysis.answer_figures.drives import title as driver
from analysis.companions import Companions, companions, made_by, model_note, place_of
from analysis.comparisons import load_comparison
from analysis.emulator import Ask, emulate
from analysis.figures.figure import Figure
from analysis.report.outline import SECTIONS
from analysis.report.whatif import Panel, panel
from analysis.sensitivity.study import Index, Unit
from analysis.sensitivity.verdicts import CANNOT_TELL, CONVERGED, NOT_YET, Step, Verdict
from analysis.study import Study, StudyError
from experiments.main import main

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Companions]:
    study, folders = make_beside(tmp_path_factory.mktemp("beside"))
    read = load_comparison(study)
    return read, companions(read, folders)


@pytest.fixture(scope="module")
def figures(made: tuple[Study, Companions]) -> dict[str, Figure]:
    found = {key: build(*made) for key, build in ANSWERS.items()}
    assert all(figure is not None for figure in found.values())
    return {key: figure for key, figure in found.items() if figure is not None}


@pytest.fixture(scope="module")
def dials(made: tuple[Study, Companions]) -> Panel:
    found = panel(*made)
    assert found is not None
    return found


def index(label: str, lo: float, hi: float, word: str = CONVERGED, floor: float = 0.1) -> Index:
    step = Step(64, (lo + hi) / 2, lo, hi)
    return Index("total", (Unit(label, label, (label,)),), (step, step, step),
                 Verdict(word, "", None, below_floor=hi < floor), floor)  # fmt: skip


def test_every_answer_has_a_place_in_the_outline() -> None:
    placed = {key for section in SECTIONS for key in section.figures}
    assert set(ANSWERS) <= placed


def test_the_planted_driver_is_named_and_the_idle_setting_is_not(
    figures: dict[str, Figure],
) -> None:
    first = figures["drives"].views[0]
    assert first.title.endswith("is moved most by climb to the next rung")
    assert all("gain of trust" not in view.title for view in figures["drives"].views)


def test_what_more_runs_would_move_is_counted_from_the_verdicts(
    figures: dict[str, Figure],
) -> None:
    a, b = index("a", 0.5, 0.6), index("b", 0.1, 0.2, NOT_YET)
    assert known([a], "it").endswith("every index is known to the width asked for")
    assert known([a, b], "it").endswith("1 of 2 indices are known; more runs may move the others")
    assert known([b], "it").endswith("no index is known yet to the width asked for")
    for view in figures["convergence"].views:
        driven = next(v for v in figures["drives"].views if v.key == view.key)
        last = view.table.groupby("label", sort=False).last()["estimate"]
        assert set(last.round(9)) <= set(driven.table["estimate"].round(9))
        steps = view.table.groupby("label", sort=False)["points"].apply(list)
        assert all(b >= a for points in steps for a, b in pairwise(points))


@pytest.mark.parametrize(
    ("indices", "ending"),
    [
        ([index("a", 0.6, 0.7), index("b", 0.2, 0.3)], "moved most by a"),
        ([index("a", 0.5, 0.7), index("b", 0.45, 0.6)], "by a and b, in an order not known"),
        ([index("a", 0.05, 0.7), index("b", 0.2, 0.3)], "not known from these runs"),
        ([index("a", 0.5, 0.7, CANNOT_TELL)], "not known from these runs"),
        ([index(name, 0.3, 0.6) for name in "abcd"], "not known from these runs"),
    ],
)
def test_a_setting_is_named_only_where_its_interval_carries_it(
    indices: list[Index], ending: str
) -> None:
    assert driver(indices, "it").endswith(ending)


def test_the_planted_condition_is_named_with_its_setting(figures: dict[str, Figure]) -> None:
    title = figures["fails"].views[0].title
    assert "where climb to the next rung is at least 0." in title


def test_an_effect_that_is_gone_elsewhere_is_said_to_be(figures: dict[str, Figure]) -> None:
    view = next(v for v in figures["robust"].views if v.key == "crisis_resource")
    assert view.title.endswith(": lower here; in the other setting it is not known")
    assert view.table["said"].tolist()[0] == "claimed"
    assert view.table["said"].tolist()[1] != "claimed"


def test_the_traced_act_is_counted(figures: dict[str, Figure]) -> None:
    assert "of 2 acts asked, 1 averts it when left out alone" in figures["chain"].views[0].title


def test_the_best_mix_is_named_only_where_it_beats_none(
    made: tuple[Study, Companions], figures: dict[str, Figure]
) -> None:
    told = {view.key: view.title for view in figures["frontier"].views}
    assert told["mixes-other"] == (
        "At the 1 budget asked, no mix is known to be better than doing nothing")
    assert "full package lowers interstate crisis over the resource" in told["mixes-study"]


def test_a_folder_of_elsewhere_missing_or_the_same_is_refused(
    made: tuple[Study, Companions], tmp_path: Path
) -> None:
    study = made[0]
    with pytest.raises(StudyError, match="no such folder"):
        companions(study, [tmp_path / "none"])
    with pytest.raises(StudyError, match="the same study"):
        companions(study, [study.folder])
    other = make_study(tmp_path / "other", seeds=4)
    region = json.loads((other / "region.json").read_text(encoding="utf-8"))
    (other / "region.json").write_text(json.dumps({**region, "name": "away"}), encoding="utf-8")
    with pytest.raises(StudyError, match="only studies of the same region"):
        companions(study, [other])


def test_another_model_is_told(made: tuple[Study, Companions]) -> None:
    assert model_note(made[0], made[0].manifest) == ""
    assert "another version" in model_note(made[0], {"kernel_digest": "0" * 32})


def test_refused_emulators_are_not_on_the_sliders_and_said(dials: Panel) -> None:
    assert [one["label"] for one in dials.emulators] == ["interstate crisis over the resource"]
    assert all(one["usable"] for one in dials.emulators)
    assert any(text.startswith("violent local incidents") for text in dials.refused)


def test_a_sweep_takes_nothing_in(
    made: tuple[Study, Companions], capsys: pytest.CaptureFixture[str]
) -> None:
    study, others = made
    assert main(["report", str(others.sweeps[0].folder), "--with", str(study.folder)]) == 2
    assert "--with is for the report of a comparison" in capsys.readouterr().err


@pytest.mark.browser
def test_sliders_equal_python_and_live_in_the_address(
    browser: Browser, built, made: tuple[Study, Companions]
) -> None:
    page = built("beside")
    context = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]})
    seen = Visit(context, page.as_uri())
    off = seen.page.evaluate("""whatif.list.flatMap((e) => e.tests.flatMap((t) => {
        const said = evaluate(e, t.settings, t.kind);
        return ['mean', 'lo', 'hi'].map((k) => Math.abs(said[k] - t[k]));
    }))""")
    assert len(off) == 15
    assert max(off) < 1e-6
    dial = seen.page.locator("#whatif-panel input[type=range]").first
    dial.focus()
    for _ in range(3):
        seen.page.keyboard.press("ArrowRight")
    python = emulate(made[1].sweeps[1].folder, Ask(outcome="crisis_resource"))
    key = python.axes[0].key
    said = python.average({key: 0.03})
    assert seen.page.inner_text("#whatif-mean") == f"{100 * said.mean:.0f}"
    address = seen.page.url
    assert "whatif=0,1,3,0," in address.replace("%2C", ",")
    context.close()
    again = Visit(browser.new_context(), address)
    assert again.page.evaluate("whatif.settings")[key] == pytest.approx(0.03)
    assert again.page.inner_text("#whatif-mean") == f"{100 * said.mean:.0f}"
    again.page.context.close()


@pytest.mark.browser
def test_a_mix_of_the_frontier_loads_the_sliders_or_says_what_is_missing(
    browser: Browser, built
) -> None:
    seen = Visit(browser.new_context(), built("beside").as_uri())
    seen.page.evaluate("loadMix('two', { data_sharing: 1, joint_committee: 0.5 })")
    assert seen.page.evaluate("Object.values(whatif.settings).slice(0, 2)") == [1, 0.5]
    listed = seen.page.locator("#whatif-preset optgroup option")
    shown = "Object.values(page.specs.figures.frontier).flatMap((view) => view.wide.data)"
    dots = seen.page.evaluate(
        f"[...new Set({shown}.flatMap((one) => (one.customdata || []).flatMap((load, at) =>"
        " lacking(load).length ? [] : [one.text[at]])))]")  # fmt: skip
    assert sorted(listed.all_inner_texts()) == sorted(dots), "every dot that a click can load"
    label = listed.last.inner_text()
    seen.page.locator("#whatif-preset").focus()
    seen.page.keyboard.press("End")
    seen.wait(f"byId('status').textContent.includes({label!r})")
    strengths = seen.page.evaluate("mixesOfTheFrontier().at(-1)[1]")
    dials = seen.page.evaluate("dials()")
    assert seen.page.evaluate("dials().map((key) => whatif.settings[key])") == [
        strengths.get(key.split(".")[1], 0) for key in dials
    ]
    seen.page.evaluate("loadMix('three', { mutual_aid: 1 })")
    assert "Not on the sliders: Mutual aid" in seen.page.inner_text("#status")
    seen.page.select_option("#whatif-preset", label="Every mechanism fully on")
    assert seen.page.evaluate("Object.values(whatif.settings).slice(0, 2)") == [1, 1]
    seen.check()
    seen.page.context.close()


def test_commands_of_a_figure_name_the_folders_that_they_make(
    made: tuple[Study, Companions], figures: dict[str, Figure]
) -> None:
    study, others = made
    for figure in figures.values():
        for line in figure.command:
            assert "out=/" not in line, "a folder of one machine"
    robust = figures["robust"].command
    assert robust[0] == made_by(study)
    assert robust[1:-1] == tuple(map(made_by, others.others))
    assert robust[-1].startswith(f"thalweg report {place_of(study)} --with ")
    assert figures["chain"].command[0] == made_by(study)
    line = "thalweg compare region=fergana out=/far/away/demo seeds=2"
    moved = replace(study, provenance={**study.provenance, "command_line": line})
    assert made_by(moved) == "thalweg compare region=fergana out=demo seeds=2"
    assert place_of(moved) == "demo"
