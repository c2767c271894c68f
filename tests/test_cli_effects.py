"""``arms=shapley``, ``until=`` and ``thalweg effects`` from the command line."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from effects_factory import CRISIS, HARM, scene, stage

from analysis.focus import BUNDLES, WITHOUT, kind_of
from analysis.study import Arm
from experiments.arm_lists import SHAPLEY, expanded, members_of, name_of
from experiments.budget import told
from experiments.exits import UsageError
from experiments.main import main
from experiments.plan import compare_plan
from experiments.settings import mechanism_names
from experiments.until import Rule, Seen, _told, rule_of, seen

TINY = ["region=synthetic", "region.municipalities=4", "years=1", "spinup_years=0"]
THREE = "package=data_sharing+mutual_aid+exchanges"
VALUES = {"package": None, "permutations": 4, "permutation_seed": 1}


def arms(*words: str) -> list[str]:
    """Names of the arms that words ask for."""
    return [arm.name for arm in compare_plan([*TINY, *words], None, None).head.arms]


def test_each_word_stands_for_what_is_not_named_beside_it() -> None:
    found = arms("arms=none,mutual_aid,alone,full,minus,shapley", "permutations=4")
    assert len(set(found)) == len(found)
    bundles = [frozenset(members_of(name)[0]) for name in found]
    assert len(set(bundles)) == len(bundles)
    assert found[:2] == ["none", "mutual_aid"]
    assert {f"full-{name}" for name in mechanism_names()} <= set(found)


def test_a_bundle_is_named_by_what_it_has_or_by_what_it_lacks() -> None:
    names = mechanism_names()
    assert name_of([]) == "none"
    assert name_of(names) == "full"
    assert name_of([names[1], names[0]]) == f"{names[0]}+{names[1]}"
    assert name_of(names[2:]) == f"full-{names[0]}-{names[1]}"
    for name in expanded([SHAPLEY], VALUES):
        assert name_of(members_of(name)[0]) == name
        assert len(f"history-{name}.json") <= 255


def test_a_bundle_that_lacks_several_is_said_in_words() -> None:
    first, second = mechanism_names()[:2]
    plan = compare_plan([*TINY, f"arms=none,full-{second}-{first}"], None, None)
    arm = plan.head.arms[1]
    assert arm.name == f"full-{first}-{second}"
    assert arm.label == "all but joint committee and data sharing"
    assert set(arm.mechanisms) == set(mechanism_names()) - {first, second}


def test_a_report_takes_a_bundle_that_lacks_several_for_a_bundle() -> None:
    names = ("full-exchanges", "full-exchanges-inclusion")
    kinds = [kind_of(Arm(name, name, {})) for name in names]
    assert kinds == [WITHOUT, BUNDLES]


def test_a_package_makes_the_words_its_own() -> None:
    found = arms("arms=none,alone,minus,shapley", THREE)
    assert {frozenset(members_of(name)[0]) for name in found} == {
        frozenset(one.split("+")) - {"none"} for one in found
    }
    assert len(found) == 8, "all bundles of three"


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["package=data_sharing+nobody"], "no mechanism 'nobody'"),
        (["package=exchanges+exchanges"], "two different mechanisms"),
        (["permutations=7"], "7 is odd"),
        (["arms=none,full-exchanges-exchanges"], "name different mechanisms"),
        (["arms=none,full-exchanges-nobody"], "no mechanism 'nobody'"),
        (["arms=none,full-exchanges-inclusion,full-inclusion-exchanges"], "named twice"),
        (["until=width:0.1", "seeds=50"], "write halfwidth:0.02"),
        (["until=halfwidth:-1", "seeds=50"], "a number above 0"),
        (["until=halfwidth:0.1", "seeds=10"], "at least seeds=50"),
    ],
)
def test_what_is_wrong_with_them_is_one_plain_line(words: list[str], cause: str) -> None:
    with pytest.raises(UsageError, match=cause):
        compare_plan([*TINY, *words], None, None)


def test_pairs_that_are_there_say_what_more_of_them_detect(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = compare_plan([*TINY, "arms=none,full", "seeds=400", "out=mine"], None, None)
    assert "the worst case before any pair is seen" in told(plan)[0]
    held = [frozenset[str](), frozenset({"alpha"})]
    planted = scene(held, 100, truth=lambda bundle, fit: -0.5 * len(bundle), outcome=CRISIS)
    Path("mine").mkdir()
    (Path("mine") / "manifest.json").write_text("{}")
    monkeypatch.setattr("experiments.store.read_manifest",
                        lambda folder: {"identity_parts": plan.parts})  # fmt: skip
    monkeypatch.setattr("analysis.attributed_scenes.stage",
                        lambda folder, keys: stage([planted], CRISIS))  # fmt: skip
    assert "by the 100 pairs that are there" in told(plan)[0]
    table = planted.table("crisis_resource")[0]
    size = 280.16 * (table[:, 1] - table[:, 0]).std(ddof=1) / 20
    assert f": {size:.2g} in 100 histories" in told(plan)[0]


def test_one_history_has_no_use_for_them(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", *TINY, "until=halfwidth:0.1"]) == 2
    assert "belongs to thalweg compare and sweep" in capsys.readouterr().err


@pytest.mark.parametrize("declared", [[THREE], []])
@pytest.mark.slow
def test_a_study_says_what_it_lacks_and_the_command_adds_it(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    declared: list[str],
) -> None:  # fmt: skip
    words = ["compare", *TINY, "arms=none,data_sharing+mutual_aid+exchanges", *declared, "seeds=12",
             "out=mine"]  # fmt: skip
    monkeypatch.setattr("sys.argv", ["thalweg", *words])
    assert main(words) == 0
    err = capsys.readouterr().err
    assert "that 12 seeds detect (80 % power at 95 %): at most 57 in 100 histories" in err
    assert main(["effects", "mine", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    missing = {one["column"]: one["command"] for one in answer["missing"]}
    assert set(missing) == {"alone", "removed", "share"}
    assert {line["column"] for line in answer["effects"]} == {"package"}
    again = missing["share"].split()[1:]
    assert "arms=none,data_sharing+mutual_aid+exchanges,shapley" in again
    assert THREE in again
    monkeypatch.setattr("sys.argv", ["thalweg", *again])
    assert main(again) == 0
    assert "reused 24 of 96 runs" in capsys.readouterr().err
    assert main(["effects", "mine", "--json", "--outcome", "violent_incidents"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["missing"] == []
    shared = [one["difference"] for one in answer["effects"] if one["column"] == "share"]
    whole = [one["difference"] for one in answer["effects"] if one["column"] == "package"]
    assert sum(shared) == pytest.approx(whole[0], abs=1e-12)
    assert main(["effects", "mine", "--outcome", "nothing"]) == 2
    assert "no outcome 'nothing'" in capsys.readouterr().err
    assert main(["effects", "mine", "--outcome", "violent_incident"]) == 2
    assert "Did you mean 'violent_incidents'?" in capsys.readouterr().err
    written = {path.name for path in Path("mine/answers/effects").iterdir()}
    assert {"effects.csv", "effects.parquet", "effects_violent_incidents.pdf",
            "effects_violent_incidents.svg"} <= written  # fmt: skip


@pytest.mark.slow
def test_a_mechanism_without_intensity_has_exactly_no_effect_in_the_model(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*TINY, "arms=shapley", THREE, "mechanisms.exchanges.intensity=0", "seeds=12"]
    assert main(["compare", *words, "out=mine"]) == 0
    capsys.readouterr()
    assert main(["effects", "mine", "--json"]) == 0
    effects = json.loads(capsys.readouterr().out)["effects"]
    own = [one for one in effects if one["mechanism"] == "exchanges"]
    assert len(own) == 12, "three columns of four outcomes"
    assert {one["difference"] for one in own} == {0.0}
    assert any(one["difference"] for one in effects if one["mechanism"] == "mutual_aid")


@pytest.mark.slow
def test_a_sweep_over_fits_is_answered_fit_by_fit_and_together(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*TINY, "parameters=default,fit_memory_1", "arms=none,exchanges,full", "seeds=12",
             "outcomes=violent_incidents", "out=mine"]  # fmt: skip
    assert main(["sweep", *words]) == 0
    capsys.readouterr()
    assert main(["effects", "mine", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["fits"] == ["default", "fit_memory_1"]
    fits = {(one["fit"], one["column"]) for one in answer["effects"]}
    assert fits == {(fit, column) for fit in ("", "default", "fit_memory_1")
                    for column in ("package", "alone")}  # fmt: skip
    assert main(["effects", "mine", "--each"]) == 0
    out = capsys.readouterr().out
    assert "fit_memory_1" in out
    assert "fits: models whose own interval says the same" in out


@pytest.mark.parametrize("width", ["0.5", "0.91", "3"])
def test_a_width_that_no_chance_can_have_is_refused(width: str, here: Path) -> None:
    words = [*TINY, "arms=none,full", "seeds=50"]
    with pytest.raises(UsageError, match="says nothing of crisis_resource, a chance"):
        rule_of(compare_plan([*words, f"until=halfwidth:{width}"], None, None))
    rate = compare_plan([*words, f"until=halfwidth:{width}:violent_incidents"], None, None)
    assert rule_of(rate) is not None


def test_an_interval_without_width_is_no_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mechanism that does nothing: no pair differs, and the range of the outcome bounds it."""
    held = [frozenset[str](), frozenset({"idle"})]

    def stop(values: np.ndarray) -> float:
        own = scene(held, 60)._replace(values={HARM.key: values})
        monkeypatch.setattr("analysis.attributed_scenes.stage", lambda *_: stage([own]))
        return seen(Path("mine"), HARM.key).half

    values = scene(held, 60).values[HARM.key]
    assert not (values[..., 1] - values[..., 0]).any()
    assert stop(values) == pytest.approx(3 / 60 * (values.max() - values.min()))
    assert stop(np.zeros_like(values)) == math.inf, "no event in any seed: nothing is known"
    shifted = np.zeros_like(values) + np.array([0.0, 1.0])
    assert stop(shifted) == pytest.approx(3 / 60)


def test_an_interval_of_a_rare_outcome_is_never_narrow_enough(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], here: Path
) -> None:
    held = [frozenset[str](), frozenset({"alpha"})]
    values = np.zeros((1, 100, 2))
    values[0, :4, 0] = values[0, :3, 1] = 1.0
    own = scene(held, 100)._replace(values={CRISIS.key: values})
    monkeypatch.setattr("analysis.attributed_scenes.stage", lambda *_: stage([own], CRISIS))
    found = seen(Path("mine"), CRISIS.key)
    assert found.half < 0.05
    assert found.rare.startswith("too few events: 3 of 100 histories with alpha and 4 with none")
    plan = compare_plan([*TINY, "arms=none,full", "seeds=100"], None, None)
    assert not _told(plan, Rule(0.05, CRISIS.key, 50, 100), found)
    told = capsys.readouterr().err
    assert "narrow enough, but too few events" in told
    assert "until_most=100 seeds are there: stopped without it" in told
    assert _told(plan, Rule(0.05, CRISIS.key, 50, 100), Seen(found.half, found.whose, ""))


@pytest.mark.slow
def test_seeds_are_added_until_the_interval_is_narrow_and_the_same_command_adds_none(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["compare", *TINY, "arms=none,full", "seeds=50", "until_step=25", "until_most=100",
             "until=halfwidth:0.0001:violent_incidents", "out=mine"]  # fmt: skip
    assert main(words) == 0
    said = capsys.readouterr()
    looks = [line for line in said.err.splitlines() if line.startswith("until: ")]
    assert [line.split()[1] for line in looks] == ["50", "75", "100"]
    assert "that 50 seeds detect (80 % power at 95 %): at most 28 in 100 histories" in said.err
    assert "stopped without it" in looks[-1]
    assert said.out.count("report: ") == 1
    assert json.loads(Path("mine/manifest.json").read_text())["seeds"]["count"] == 100
    assert main(words) == 0
    assert "reused 200 of 200" in capsys.readouterr().err
    wide = [word.replace("0.0001", "1000") for word in words]
    assert main(wide) == 0
    assert "100 seeds, widest" in capsys.readouterr().err
