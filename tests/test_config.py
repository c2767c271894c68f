"""Settings: packaged sets, a user's own files, and what becomes of them."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from experiments.compose import options, settle
from experiments.exits import UsageError
from experiments.overrides import nearest, read_words
from experiments.settings import FRAME, mechanism_names, parameter_settings, settings
from experiments.study import load_scenario, plan

CONFIGS = ROOT / "configs"
FILES = sorted(CONFIGS.rglob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CONFIGS)))
def test_every_config_opens_with_a_sentence_and_its_command(path: Path) -> None:
    head = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        head.append(line.lstrip("# "))
    text = " ".join(head)
    assert "thalweg " in text, "name the command that uses the file"
    assert len(text.split()) > 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", sorted((CONFIGS / "mechanisms").glob("*.yaml")), ids=lambda p: p.stem
)
def test_a_set_with_the_name_of_a_mechanism_is_that_one_alone(path: Path) -> None:
    settled = settle([f"mechanisms={path.stem}"])
    assert settled.mistakes == []
    imposed = [n for n, e in settled.values["mechanisms"].items() if e["mode"] == "imposed"]
    assert imposed == [path.stem]


def test_every_mechanism_has_its_file() -> None:
    assert {*options("mechanisms", [CONFIGS])} == {"none", "full", "negotiated", *mechanism_names()}


@pytest.mark.parametrize(
    ("name", "mode"), [("none", "absent"), ("full", "imposed"), ("negotiated", "negotiated")]
)
def test_none_full_and_negotiated_come_from_the_registry(name: str, mode: str) -> None:
    chosen = settle([f"mechanisms={name}"]).values["mechanisms"]
    assert list(chosen) == list(mechanism_names())
    assert {entry["mode"] for entry in chosen.values()} == {mode}


def test_the_defaults_in_the_file_are_the_declared_ones() -> None:
    composed = settle([]).values
    assert {s.key: composed[s.key] for s in FRAME} == {s.key: s.default for s in FRAME}
    values = yaml.safe_load((CONFIGS / "config.yaml").read_text(encoding="utf-8"))
    told = {key: value for key, value in values.items() if key in settings()}
    declared = {key: settings()[key].default for key in told}
    chosen = {"region", "arms"}  # what one begins with; nothing is declared for them
    assert len(told) > 20
    assert {k: v for k, v in told.items() if k not in chosen} == {
        k: v for k, v in declared.items() if k not in chosen
    }


@pytest.mark.parametrize("region", ["fergana", "lower_colorado", "upper_rhine", "synthetic"])
def test_every_region_can_be_planned(region: str) -> None:
    study = plan("compare", [f"region={region}"])
    assert study.region.name == region
    assert study.runs == 800


def test_every_parameter_can_be_set() -> None:
    words = [f"{setting.key}={setting.hi!r}" for setting in parameter_settings()]
    settled = settle(words)
    assert settled.mistakes == []
    for setting in parameter_settings():
        value = settled.values["parameters"]
        for part in setting.key.split(".")[1:]:
            value = value[part]
        assert value == setting.hi


def test_a_setting_reaches_the_scenario() -> None:
    scenario = load_scenario(
        "mechanisms=joint_committee", "mechanisms.joint_committee.intensity=0.5",
        "mechanisms.joint_committee.from_year=5", "parameters.drought.severity_mean=0.4",
        "years=12", "seed=0", "spinup_years=2", "tick_weeks=2",
    )  # fmt: skip
    from sim.parameters import KEYS

    assert (scenario.years, scenario.spinup_years, scenario.tick_weeks) == (12, 2, 2)
    assert scenario.seed == 0, "zero is a seed"
    row = mechanism_names().index("joint_committee")
    assert scenario.intensity[row].min() == scenario.intensity[row].max() == 0.5
    assert scenario.from_year[row] == 5
    assert scenario.intensity.sum() == scenario.intensity[row].sum()
    assert scenario.parameters[KEYS.index("drought.severity_mean")] == 0.4


def test_zero_is_an_intensity_and_not_the_default() -> None:
    scenario = load_scenario("mechanisms=full", "mechanisms.exchanges.intensity=0")
    row = mechanism_names().index("exchanges")
    assert scenario.intensity[row].max() == 0
    assert scenario.intensity[row - 1].min() == 1


def test_the_last_of_two_settings_counts() -> None:
    assert settle(["years=5", "years=7"]).values["years"] == 7


@pytest.mark.parametrize(
    ("words", "arms"),
    [
        ("", ["none", "data_sharing", "joint_committee", "full"]),
        ("mechanisms=full", ["none", "full"]),
        ("mechanisms=exchanges", ["none", "exchanges"]),
        ("arms=full,none", ["full", "none"]),
        ("mechanisms=negotiated", ["none", "negotiated"]),
        ("arms=none,exchanges-negotiated+data_sharing",
         ["none", "data_sharing+exchanges-negotiated"]),
        ("arms=[none,data_sharing+joint_committee]", ["none", "joint_committee+data_sharing"]),
    ],
)
def test_arms(words: str, arms: list[str]) -> None:
    study = plan("compare", shlex.split(words))
    assert [arm.name for arm in study.arms] == arms
    assert study.arms[arms.index("none")].mechanisms == {}


def test_alone_and_minus_stand_for_an_arm_per_mechanism() -> None:
    names = list(mechanism_names())
    study = plan("compare", ["arms=none,alone,full,minus,negotiated"])
    assert [arm.name for arm in study.arms] == [
        "none", *names, "full", *(f"full-{name}" for name in names), "negotiated"
    ]  # fmt: skip
    arms = {arm.name: arm for arm in study.arms}
    assert list(arms["full-exchanges"].mechanisms) == [n for n in names if n != "exchanges"]
    assert arms["full-exchanges"].label == "all but exchanges"
    assert list(arms["negotiated"].negotiated) == names
    assert arms["negotiated"].mechanisms == {}
    assert len({arm.label for arm in study.arms}) == len(study.arms)


def test_all_stands_for_every_arm_once() -> None:
    every = [arm.name for arm in plan("compare", ["arms=none,alone,full,minus,negotiated"]).arms]
    assert [arm.name for arm in plan("compare", ["arms=all"]).arms] == every
    mixed = [arm.name for arm in plan("compare", ["arms=full,all,exchanges+inclusion"]).arms]
    assert mixed == ["full", *(arm for arm in every if arm != "full"), "exchanges+inclusion"]
    with pytest.raises(UsageError, match="an arm is named twice"):
        plan("compare", ["arms=all,all"])
    with pytest.raises(UsageError, match="join different single mechanisms"):
        plan("compare", ["arms=none,all+exchanges"])


def test_a_mechanism_on_named_dyads_whichever_town_comes_first() -> None:
    scenario = load_scenario(
        "mechanisms=full", "mechanisms.exchanges.dyads=Isfara-Batken,Ak-Sai-Vorukh",
        "mechanisms.data_sharing.mode=negotiated", "mechanisms.data_sharing.dyads=[Batken-Isfara]",
        "mechanisms.data_sharing.intensity=0.5",
    )  # fmt: skip
    names, rows = mechanism_names(), list(scenario.region.dyad_names)
    assert {rows[d] for d in scenario.intensity[names.index("exchanges")].nonzero()[0]} == {
        "Batken-Isfara", "Ak-Sai-Vorukh"
    }  # fmt: skip
    shared = names.index("data_sharing")
    assert scenario.intensity[shared].sum() == 0.0
    assert scenario.negotiable[shared, rows.index("Batken-Isfara")] == 0.5
    assert scenario.negotiable.sum() == 0.5
    assert scenario.intensity[names.index("mutual_aid")].min() == 1.0


def test_options_of_the_synthetic_region() -> None:
    study = plan("compare", ["region=synthetic", "region.municipalities=6", "region.groups=2"])
    assert len(study.region.municipality_names) == 6


@pytest.mark.slow
def test_the_identity_is_about_results_only() -> None:
    same = ["threads=1", "chunk=3", "out=elsewhere"]
    assert plan("compare", same).identity == plan("compare", []).identity
    changes = ("years=19", "seed=2", "seeds=199", "tick_weeks=2", "spinup_years=29",
               "arms=none,full", "region=upper_rhine", "parameters.drought.severity_mean=0.41",
               "mechanisms.exchanges.intensity=0.9", "arms=none,negotiated",
               "mechanisms.exchanges.dyads=Batken-Isfara")  # fmt: skip
    identities = {plan("compare", [word]).identity for word in changes}
    assert len({*identities, plan("compare", []).identity}) == len(changes) + 1


def test_written_settings_are_taken_back(here: Path) -> None:
    from experiments.documents import config_text

    common = "region=upper_rhine years=7 seed=0 parameters.drought.severity_mean=0.2 "
    own = {
        "compare": "seeds=5 arms=none,exchanges mechanisms.exchanges.intensity=0.3",
        "run": "mechanisms=exchanges mechanisms.exchanges.intensity=0.3 "
        "mechanisms.data_sharing.mode=negotiated mechanisms.exchanges.dyads=Basel-Mulhouse",
    }
    for command, words in own.items():
        study = plan(command, (common + words).split())
        (here / "again.yaml").write_text(config_text(study), encoding="utf-8")
        assert plan(command, [], config="again.yaml").identity == study.identity


def test_a_users_folder_wins_and_says_so(here: Path) -> None:
    _write(here / "own/mechanisms/exchanges.yaml",
           "defaults: [none, _self_]\nexchanges: {mode: imposed, intensity: 0.25}\n")  # fmt: skip
    _write(here / "own/parameters/dry.yaml",
           "defaults: [default, _self_]\ndrought: {severity_mean: 0.5}\n")  # fmt: skip
    settled = settle(["mechanisms=exchanges", "parameters=dry"], config_dir="own")
    assert settled.mistakes == []
    assert settled.values["mechanisms"]["exchanges"]["intensity"] == 0.25
    assert settled.values["parameters"]["drought"]["severity_mean"] == 0.5
    assert settled.notes == [
        "using own/mechanisms/exchanges.yaml instead of the packaged mechanisms/exchanges.yaml"
    ]


def test_an_own_config_wins_says_so_and_need_not_say_everything(here: Path) -> None:
    head = "defaults: [parameters: default, mechanisms: none, _self_]\n"
    _write(here / "own/config.yaml", f"{head}years: 7\nregion: upper_rhine\n")
    settled = settle([], config_dir="own")
    assert settled.mistakes == []
    assert (settled.values["years"], settled.values["region"]) == (7, "upper_rhine")
    assert settled.values["spinup_years"] == 30
    assert settled.notes == ["using own/config.yaml instead of the packaged config.yaml"]


def test_an_own_study_is_found_by_name_before_a_packaged_one(here: Path) -> None:
    from experiments.study_choice import study_file

    packaged = min(path.stem for path in (CONFIGS / "study").glob("*.yaml"))
    _write(here / f"own/study/{packaged}.yaml", "seeds: 3\n")
    _, file = study_file([f"study={packaged}"], None, "own")
    assert Path(str(file)) == here / f"own/study/{packaged}.yaml"
    _, file = study_file([f"study={packaged}"], None, None)
    assert Path(str(file)) == CONFIGS / f"study/{packaged}.yaml"


def test_a_users_region_wins_over_the_packaged_one(here: Path) -> None:
    text = (CONFIGS / "region/fergana.yaml").read_text(encoding="utf-8")
    _write(here / "own/region/fergana.yaml", text.replace("start_year: 2026", "start_year: 2030"))
    assert plan("run", [], config_dir="own").region.start_year == 2030
    assert plan("run", ["region=own/region/fergana.yaml"]).region.start_year == 2030


def test_mistakes_in_a_users_files_are_told_with_their_lines(here: Path) -> None:
    own = "defaults: [default, _self_]\ndrought:\n  severity_mean: 7\n  severty_sd: 1\n"
    _write(here / "own/parameters/mine.yaml", own)
    mistakes = settle(["parameters=mine"], config_dir="own").mistakes
    assert any("severity_mean (own/parameters/mine.yaml:3): 7" in m for m in mistakes)
    assert any("severty_sd (own/parameters/mine.yaml:4): unknown setting" in m for m in mistakes)
    _write(
        here / "study.yaml", "years: -1\nregoin: fergana\nmechanisms:\n  exchanges:\n    mode: NO\n"
    )
    mistakes = settle([], config="study.yaml").mistakes
    assert any(m.startswith("years (study.yaml:1): -1 years is outside") for m in mistakes)
    assert any(m.startswith("regoin (study.yaml:2): unknown setting") for m in mistakes)
    assert any("mode (study.yaml:5): false was read" in m and "quotes" in m for m in mistakes)


def test_a_value_on_the_command_line_is_blamed_on_the_command_line(here: Path) -> None:
    _write(here / "study.yaml", "years: 10\n")
    mistakes = settle(["years=999"], config="study.yaml").mistakes
    assert [m.split(":")[0] for m in mistakes] == ["years (command line"]


@pytest.mark.parametrize(
    "text",
    ["years: 5\n  seeds: 3\n", "years: [1\n", "\tyears: 5\n", "- years\n", "years: 5: 6\n"],
)
def test_a_broken_file_is_one_plain_message(text: str, here: Path) -> None:
    _write(here / "study.yaml", text)
    with pytest.raises(UsageError) as caught:
        settle([], config="study.yaml")
    assert len(caught.value.messages) == 1
    assert caught.value.messages[0].startswith("study.yaml")
    assert "\n" not in caught.value.messages[0]


@pytest.mark.parametrize(
    "text",
    [
        "drought: {_target_: os.system}\n",
        "hydra: {callbacks: {x: {_target_: mymod.Boom}}}\n",
        "drought: {severity_mean: '${oc.env:HOME}'}\n",
    ],
)
def test_no_code_and_no_environment_from_a_users_file(text: str, here: Path) -> None:
    _write(here / "own/parameters/mine.yaml", f"defaults: [default, _self_]\n{text}")
    try:
        mistakes = settle(["parameters=mine"], config_dir="own").mistakes
    except UsageError as error:
        mistakes = error.messages
    assert any("refused" in message for message in mistakes)


def test_nothing_is_written_while_settings_are_composed(here: Path) -> None:
    plan("compare", ["seeds=3"])
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("regoin", "'region'"),
        ("joint_committee.intensity", "'mechanisms.joint_committee.intensity'"),
        ("severity_mean", "'parameters.drought.severity_mean'"),
        ("drought.severity_mena", "'parameters.drought.severity_mean'"),
        ("intensity", "mechanisms.accountability.intensity, "),
        ("zzz", "Settings: about, arms, chunk"),
    ],
)
def test_nearest_key(typed: str, meant: str) -> None:
    assert meant in nearest(typed, [*settings(), "mechanisms", "parameters"])


def test_words_with_paths_and_quotes() -> None:
    found, mistakes = read_words(["out=my results/a=b", "region='here/x.yaml'", "arms=none, full"])
    assert mistakes == []
    assert [a.value for a in found] == ["my results/a=b", "here/x.yaml", ["none", "full"]]


def test_composed_settings_are_plain_yaml() -> None:
    values = settle([]).values
    assert yaml.safe_load(yaml.safe_dump(values)) == values


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
