"""What an audit of sweeps found: each test names what was wrong and holds now."""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import ROOT
from damage import rewrite, set_json

from experiments.compose import settle
from experiments.digest import digest_of
from experiments.engines import engine_of
from experiments.exits import UsageError
from experiments.main import main
from experiments.plan import sweep_plan
from experiments.regions import open_region
from experiments.settings import SWEEP_SEEDS
from experiments.shipped import config_folder
from experiments.store import write_table
from sim.region import RegionError

FRAME = "region=synthetic region.municipalities=4 years=1 spinup_years=1 "
SHARED = "arms=none,full seeds=2 mechanisms.data_sharing.intensity="
CONFIGS = ROOT / "configs"
HEAD = "defaults: [parameters: default, mechanisms: none, _self_]\n"
Say = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], here: Path) -> Say:
    """Carry out a command line: its exit code and what it said on both channels."""
    assert here.is_dir()

    def call(words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(shlex.split(words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep in which the arm without the mechanism is one run for both intensities."""
    folder = tmp_path_factory.mktemp("audited") / "first"
    assert main(shlex.split(f"sweep {FRAME}{SHARED}0.5,1 out={folder}")) == 0
    return folder


@pytest.fixture
def study(made: Path, here: Path) -> Path:
    """A copy of it, to be damaged."""
    shutil.copytree(made, here / "mine")
    return here / "mine"


@pytest.mark.slow
def test_a_sound_study_whose_points_share_runs_is_verified(study: Path, say: Say) -> None:
    assert len(pq.read_table(study / "design.parquet")) == 8
    code, out, _ = say(f"verify {study} --share 1")
    assert (code, out) == (0, "verified 6 of 6 runs: identical\n")
    rewrite(study / "design.parquet", lambda f: f.assign(arm=f["arm"].where(f.index != 4, "full")))
    code, out, _ = say(f"verify {study}")
    assert code == 1
    assert "design.parquet: entry 4 points at row 0, which is another run" in out


@pytest.mark.slow
def test_the_digest_does_not_depend_on_the_order_in_which_values_are_listed(
    study: Path, say: Say
) -> None:
    assert say(f"sweep {FRAME}{SHARED}1,0.5 out=turned")[0] == 0
    assert digest_of(study) == digest_of(Path("turned"))


@pytest.mark.slow
def test_a_complete_study_has_as_many_runs_as_its_list(study: Path, say: Say) -> None:
    table = pq.read_table(study / "runs.parquet")
    more = table.slice(5).set_column(0, "row", pa.array([6], pa.int64()))
    write_table(study / "runs.parquet", pa.concat_tables([table, more]), table.schema.metadata)
    rewrite(study / "design.parquet", lambda f: f.assign(row=f["row"].replace(5, 6)))
    code, out, _ = say(f"verify {study}")
    assert code == 1
    assert "runs.parquet: holds 7 runs; the complete study has 6" in out
    assert "points at row 6; there are 0 to 5" in out


@pytest.mark.slow
@pytest.mark.parametrize("column", ["case", "arm"])
def test_a_case_or_arm_that_there_is_not_is_a_fault_in_a_line(
    column: str, study: Path, say: Say
) -> None:
    rewrite(study / "runs.parquet",
            lambda f: f.assign(**{column: f[column].where(f.index != 3, 7)}))  # fmt: skip
    code, out, _ = say(f"verify {study}")
    assert code == 1
    assert "runs.parquet: a case or an arm that plan.json does not hold: row 3" in out
    code, out, err = say(f"replay {study} 3")
    assert (code, out) == (2, "")
    assert "row 3 is of a case or an arm that plan.json does not hold" in err


@pytest.mark.slow
def test_a_failed_run_of_a_case_that_there_is_not_is_told_with_its_number(
    study: Path, say: Say
) -> None:
    rewrite(study / "runs.parquet", lambda f: f.assign(case=7))
    rewrite(study / "part-000000.parquet", lambda f: f.assign(status=1))
    code, out, _ = say(f"status {study}")
    assert code == 0
    assert "failed: 2 of 2 runs of case 7, none" in out


@pytest.mark.slow
def test_the_command_to_go_on_is_told_only_where_it_is_of_this_study(
    study: Path, say: Say
) -> None:
    next(study.glob("part-*.parquet")).unlink()
    set_json(study / "manifest.json", complete=False)
    record = json.loads((study / "provenance.json").read_text())
    assert "to go on: thalweg" in say(f"status {study}")[1]
    sessions = [{**one, "command_line": "python -c x"} for one in record["sessions"]]
    set_json(study / "provenance.json", sessions=sessions)
    assert f"to go on: thalweg sweep --config {study}/config.yaml" in say(f"status {study}")[1]
    (study / "config.yaml").unlink()
    unknown = "to go on: the command that began or enlarged it"
    assert unknown in say(f"status {study}")[1]
    set_json(study / "provenance.json", sessions=record["sessions"])
    set_json(study / "manifest.json", identity="of a study that was being enlarged")
    assert unknown in say(f"status {study}")[1]
    assert json.loads(say(f"status {study} --json")[1])["to_go_on"] is None


def test_seeds_in_an_own_config_hold_in_a_sweep(here: Path) -> None:
    (here / "own").mkdir()
    words = shlex.split(FRAME)
    (here / "own/config.yaml").write_text(f"{HEAD}seeds: 3\n")
    assert sweep_plan(words, None, "own").head.seeds == 3
    (here / "own/config.yaml").write_text(f"{HEAD}years: 2\n")
    assert sweep_plan(words, None, "own").head.seeds == SWEEP_SEEDS


def test_an_own_region_is_told_where_it_stands_in_and_found_by_pattern(here: Path) -> None:
    (here / "own/region").mkdir(parents=True)
    shutil.copy(CONFIGS / "region/fergana.yaml", here / "own/region/fergana.yaml")
    for name in ("my_hill", "my_valley"):
        shutil.copy(CONFIGS / "region/synthetic.yaml", here / f"own/region/{name}.yaml")
    told = "using own/region/fergana.yaml instead of the packaged region/fergana.yaml"
    assert settle([], config_dir="own").notes == [told]
    (factor,) = settle(["region=glob(my_*)"], config_dir="own", sweeping=True).factors
    assert factor.content["values"] == ("my_hill", "my_valley")


@pytest.mark.slow
def test_a_refusal_tells_the_n_that_was_given(say: Say) -> None:
    words = f"sweep {FRAME} method=sobol arms=none seeds=1 out=mine "
    words += "'parameters.drought.severity_mean=interval(0.1,0.4)' "
    assert say(f"{words} n=4")[0] == 0
    code, _, err = say(f"{words} n=2")
    assert code == 2
    assert "holds another study, with n=4 instead of 2." in err


@pytest.mark.slow
def test_a_study_without_its_list_of_runs_is_refused_with_what_to_do(
    study: Path, say: Say
) -> None:
    again = f"sweep {FRAME}{SHARED}0.5,1 out={study}"
    (study / "runs.parquet").unlink()
    code, _, err = say(again)
    assert code == 2
    assert "runs.parquet is missing" in err
    assert "from a copy of the study. Or add --replace" in err
    assert "another layout" not in err
    (study / "manifest.json").write_text('{"schema": 2, "chu')
    code, _, err = say(again)
    assert code == 2
    assert "manifest.json: not readable" in err
    assert "--replace" in err
    assert say(f"{again} --replace")[0] == 0


def test_a_torn_manifest_of_nobody_knows_whom_is_not_replaced(here: Path, say: Say) -> None:
    (here / "mine").mkdir()
    (here / "mine/manifest.json").write_text("{")
    assert say(f"sweep {FRAME} seeds=1 arms=none out=mine --replace")[0] == 2
    assert (here / "mine/manifest.json").read_text() == "{"


@pytest.mark.parametrize(
    ("option", "command"), [("-m", "sweep"), ("--config", "compare"), ("--share", "verify")]
)
def test_an_option_before_a_command_is_told_with_one_that_takes_it(
    option: str, command: str, say: Say
) -> None:
    assert f"for example: thalweg {command} {option}\n" in say(option)[2]


@pytest.mark.slow
def test_the_threads_of_the_engine_are_recorded(here: Path, say: Say) -> None:
    assert say(f"sweep {FRAME} seeds=2 arms=none threads=2 engine.threads=1 out=mine")[0] == 0
    assert json.loads((here / "mine/provenance.json").read_text())["threads"] == 1
    pytest.importorskip("hydra_plugins.hydra_joblib_launcher")
    assert engine_of("joblib", {}, (config_folder(),)).threads == 1
    words = f"sweep {FRAME} seeds=2 arms=none threads=2 engine=joblib engine.jobs=1 out=other"
    assert say(words)[0] == 0
    assert json.loads((here / "other/provenance.json").read_text())["threads"] == 1


@pytest.mark.parametrize("name", ["a/b", "../up", ".."])
def test_a_region_is_not_named_by_a_path(name: str, here: Path) -> None:
    (here / "mine.yaml").write_text(f"name: {name}\ngenerator: synthetic\nmunicipalities: 4\n")
    with pytest.raises(RegionError) as caught:
        open_region("mine.yaml")
    (told,) = caught.value.messages
    assert told == f"mine.yaml:1: the region's name '{name}' would be a path; leave out '/'."
    with pytest.raises(UsageError, match="would be a path"):
        sweep_plan(["region=mine.yaml"], None, None)
