"""`thalweg sweep`: the plan of a study, how it grows, what it refuses, which failures are kept."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.book import book_content, read_book
from experiments.digest import digest_of
from experiments.exits import UsageError
from experiments.main import main
from experiments.plan import Plan, sweep_plan
from experiments.runs import merged, planned

TINY = "generator: synthetic\nname: {name}\nmunicipalities: 4\ngroups: 1\nseed: {seed}\n"
FRAME = "region=tiny.yaml years=1 spinup_years=0 "
MEAN, RATE = "parameters.drought.severity_mean", "parameters.ladder.up_rate"
SAMPLED = f"method=sobol 'parameters.drought.severity_mean=interval(0.1,0.4)' {RATE}=3,7 "
KEPT = "crisis_resource,crisis_any"
Say = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def tiny(here: Path) -> Path:
    """A folder with two tiny regions."""
    for seed, name in enumerate(("tiny", "other"), 1):
        (here / f"{name}.yaml").write_text(TINY.format(name=name, seed=seed))
    return here


@pytest.fixture
def say(
    tiny: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Say:
    """Sweep in that folder, without a report: exit code and both channels."""
    monkeypatch.setattr("experiments.sweep._closing", lambda _, told: [told])
    assert tiny.is_dir()

    def call(words: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["sweep", *shlex.split(FRAME + words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


def planned_by(words: str) -> Plan:
    return sweep_plan(shlex.split(FRAME + words), None, None)


def parts_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Which file, and when it was written, of every part."""
    return {p.name: (p.stat().st_ino, p.stat().st_mtime_ns) for p in folder.glob("part-*.parquet")}


def manifest(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return content


def table(folder: Path, kind: str = "part") -> pa.Table:
    files = sorted(folder.glob(f"{kind}-*.parquet"))
    return pa.concat_tables([pq.read_table(file) for file in files])


@pytest.mark.usefixtures("tiny")
def test_a_study_is_cases_times_points_times_seeds_times_arms_in_this_order() -> None:
    plan = planned_by(f"region=tiny.yaml,other.yaml {RATE}=3,7 seeds=3 arms=none,full")
    asked = planned(plan, read_book(book_content(plan)))
    expected = [
        (case, rate, seed, arm)
        for case in (0, 1) for rate in (3.0, 7.0) for seed in (1, 2, 3) for arm in (0, 1)
    ]  # fmt: skip
    columns = (asked.case, asked.values[:, 0], asked.seed, asked.arm)
    assert list(zip(*(c.tolist() for c in columns), strict=True)) == expected
    assert plan.asked == asked.size == len(expected)
    assert len(np.unique(asked.key, axis=0)) == len(expected)


@pytest.mark.usefixtures("tiny")
def test_every_point_and_arm_sees_the_same_seeds() -> None:
    plan = planned_by(f"seed=5 seeds=4 n=4 {SAMPLED} arms=none,full")
    asked = planned(plan, read_book(book_content(plan)))
    seeds = asked.seed.reshape(len(plan.points), 4, 2)
    assert (seeds == np.array([5, 6, 7, 8])[None, :, None]).all()


@pytest.mark.usefixtures("tiny")
def test_equal_runs_are_simulated_once() -> None:
    """An intensity changes nothing in the arm without the mechanism."""
    words = "mechanisms.exchanges.intensity=0.2,0.5,1 seeds=2 arms=none,exchanges"
    plan = planned_by(words)
    runs, row = merged(None, planned(plan, read_book(book_content(plan))))
    assert (plan.asked, runs.size) == (3 * 2 * 2, 2 + 3 * 2)
    assert row.size == plan.asked
    assert sorted(set(row.tolist())) == list(range(runs.size))
    none = row.reshape(3, 2, 2)[:, :, 0]
    assert (none == none[0]).all()


@pytest.mark.usefixtures("tiny")
def test_every_mistake_of_all_frames_is_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        planned_by("region=fergan,uper_rhine,tiny.yaml")
    told = " ".join(caught.value.messages)
    assert len(caught.value.messages) == 2
    assert "'fergana'" in told
    assert "'upper_rhine'" in told


def test_regions_of_one_name_are_refused(tiny: Path) -> None:
    (tiny / "twin.yaml").write_text(TINY.format(name="tiny", seed=3))
    with pytest.raises(UsageError, match=r"tiny.yaml and twin.yaml hold regions of one name"):
        planned_by("region=tiny.yaml,twin.yaml")


@pytest.mark.slow
def test_a_sweep_over_own_region_files_is_reported(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = "years=1 spinup_years=0 region=tiny.yaml,other.yaml arms=none,full seeds=2 out=mine"
    assert main(["sweep", *words.split()]) == 0, capsys.readouterr().err
    said = capsys.readouterr().out
    assert "runs: 8 launched = 8 ok + 0 failed + 0 aborted" in said
    assert (tiny / "mine" / "report.html").stat().st_size > 10_000
    assert [case["region"] for case in manifest(tiny / "mine")["cases"]] == ["tiny", "other"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"seeds=1 n=2 {SAMPLED} arms=none", f"seeds=3 n=2 {SAMPLED} arms=none"),
        (f"seeds=1 n=2 {SAMPLED} arms=none", f"seeds=1 n=4 {SAMPLED} arms=none"),
        (f"seeds=1 n=2 {SAMPLED} arms=none", f"seeds=1 n=2 {SAMPLED} arms=none,full"),
        (f"seeds=1 {RATE}=3,7", f"seeds=1 {RATE}=3,5,7"),
        ("seeds=2", "seeds=2 region=tiny.yaml,other.yaml"),
    ],
    ids=["seeds", "points", "arms", "values", "regions"],
)
def test_a_study_grows_and_leaves_what_it_has(
    before: str, after: str, say: Say, tiny: Path
) -> None:
    assert say(f"{before} out=mine")[0] == 0
    old, had = parts_of(tiny / "mine"), manifest(tiny / "mine")["runs"]["launched"]
    code, told, noted = say(f"{after} out=mine")
    assert code == 0
    now = manifest(tiny / "mine")["runs"]
    assert {name: now_is for name, now_is in parts_of(tiny / "mine").items() if name in old} == old
    assert now["launched"] > had
    assert f"reused {had} of {now['launched']} runs" in noted
    assert f"{now['launched']} launched = {now['launched']} ok + 0 failed + 0 aborted" in told
    assert say(f"{after} out=whole")[0] == 0
    assert digest_of(tiny / "mine") == digest_of(tiny / "whole")


@pytest.mark.slow
def test_one_digest_from_any_chunks_and_from_a_study_grown_in_three_steps(
    say: Say, tiny: Path
) -> None:
    whole = f"n=4 {SAMPLED} arms=none,full seeds=2 "
    assert say(f"{whole} out=hundred chunk=100")[0] == 0
    assert say(f"{whole} out=seven chunk=7")[0] == 0
    for step in (f"n=2 {SAMPLED} arms=none seeds=1", f"n=4 {SAMPLED} arms=none seeds=1", whole):
        assert say(f"{step} out=grown chunk=5")[0] == 0
    digests = {digest_of(tiny / name) for name in ("hundred", "seven", "grown")}
    assert len(digests) == 1
    assert digests.pop().runs == 4 * 4 * 2 * 2
    assert len(parts_of(tiny / "hundred")) < len(parts_of(tiny / "seven"))


@pytest.mark.slow
def test_what_cannot_go_on_is_refused_with_what_differs_and_what_to_do(
    say: Say, tiny: Path
) -> None:
    latin = "method=latin seeds=2 arms=none,full out=mine "
    swept = f"'{MEAN}=interval(0.1,0.4)'"
    assert say(f"{latin} n=4 {swept}")[0] == 0
    before = parts_of(tiny / "mine")
    wanted = {
        f"n=8 {swept}": ["n=4 instead of 8", "cannot grow", "Keep n=4", "method=sobol"],
        f"n=4 '{MEAN}=interval(0.1,0.5)'": [f"{MEAN} swept over 0.1 to 0.4 instead of 0.1 to 0.5"],
        f"n=4 {swept} {RATE}=3": ["ladder.up_rate=7.0 instead of 3.0"],
        f"n=4 {swept} years=2": ["years=1.0 instead of 2.0"],
        f"n=4 {swept} seeds=1": ["seeds=2 instead of 1", "may grow, and keeps all that it has"],
        f"n=4 {swept} arms=none": ["arms none,full instead of none", "keeps all that it has"],
        f"n=4 {swept} outcomes=crisis_any": ["other outcomes"],
        f"n=4 {swept} design_seed=2": ["design_seed=1 instead of 2"],
    }
    for words, expected in wanted.items():
        code, told, noted = say(latin + words)
        assert (code, told) == (2, ""), words
        for text in (*expected, "out=DIR", "--replace"):
            assert text in noted, words
    assert parts_of(tiny / "mine") == before


@pytest.mark.slow
def test_what_is_asked_for_is_kept_and_no_more(say: Say, tiny: Path) -> None:
    words = f"{RATE}=3,7 seeds=2 arms=none,full outcomes={KEPT} series=tension"
    assert say(f"{words} series_every=2 events=true chunk=3 out=mine")[0] == 0
    part = table(tiny / "mine")
    assert part.column_names[-2:] == KEPT.split(",")
    assert part.num_rows == manifest(tiny / "mine")["runs"]["ok"] == 8
    series = table(tiny / "mine", "series")
    assert set(series.column_names) == {"row", "tension"}
    assert {len(path) for path in series["tension"].to_pylist()} == {2}
    events = table(tiny / "mine", "events")
    assert set(events["row"].to_pylist()) <= set(range(8))
    assert say(f"{words} series_every=2 events=true chunk=5 out=again")[0] == 0
    assert digest_of(tiny / "mine") == digest_of(tiny / "again")


@pytest.mark.slow
def test_runs_time_and_size_are_told_before_it_begins(say: Say) -> None:
    _, _, noted = say(f"{RATE}=3,7 seeds=2 arms=none,full chunk=3 out=mine")
    assert "8 runs in 3 chunks: about " in noted
    assert "on disk (from a timed pilot)" in noted


@pytest.mark.slow
@pytest.mark.parametrize(
    "swept",
    [
        f"method=latin n=3 '{MEAN}=interval(0.1,0.4)'",
        f"method=latin n=3 '{RATE}=tag(logunif,group_x,interval(1,9))'",
        f"{RATE}=3,7",
        f"'parameters=glob(fit_memory_*)' method=latin n=2 '{MEAN}=interval(0.1,0.4)'",
        "arms=none,exchanges mechanisms.exchanges.intensity=0.3,0.6",
        "tick_weeks=1,2 series=tension series_every=2",
    ],
    ids=["range", "log range", "list", "glob", "intensity", "frames"],
)
def test_the_written_config_gives_the_same_study_again(
    swept: str, say: Say, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert say(f"seeds=2 arms=none,full {swept} out=mine")[0] == 0
    monkeypatch.setattr("test_sweep.FRAME", "")
    code, _, noted = say("--config mine/config.yaml out=again")
    assert code == 0, noted
    assert digest_of(tiny / "mine") == digest_of(tiny / "again")
    assert manifest(tiny / "mine")["identity"] == manifest(tiny / "again")["identity"]
    assert main(["check", "mine/config.yaml"]) == 0


def plant(monkeypatch: pytest.MonkeyPatch, fails: Callable[[Any], bool]) -> None:
    """Let the model stop with an error in some runs."""
    import sim.simulate

    real = sim.simulate._one

    def one(scenario: Any, space: Any, *zero: Any) -> Any:
        if fails(scenario):
            raise ZeroDivisionError("planted")
        return real(scenario, space, *zero)

    monkeypatch.setattr(sim.simulate, "_one", one)


@pytest.mark.slow
@pytest.mark.parametrize(("fail", "code"), [("slow", 3), ("never", 0), ("fast", 1)])
def test_a_failed_run_ends_a_study_as_was_asked(
    fail: str, code: int, say: Say, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, lambda scenario: scenario.seed == 7)
    ended, told, noted = say(f"seeds=20 arms=none chunk=5 --fail {fail} out=mine")
    assert ended == code
    runs = manifest(tiny / "mine")["runs"]
    aborted = 10 if fail == "fast" else 0
    assert runs == {"launched": 20, "ok": 19 - aborted, "failed": 1, "aborted": aborted,
                    "pending": 0}  # fmt: skip
    assert f"20 launched = {19 - aborted} ok + 1 failed + {aborted} aborted" in told
    if fail == "fast":
        assert "a run failed and --fail fast stops there" in noted
        monkeypatch.undo()
        monkeypatch.chdir(tiny)
        assert main(["sweep", *shlex.split(FRAME), "seeds=20", "arms=none", "chunk=5",
                     "--fail", "never", "out=mine"]) == 0  # fmt: skip
        assert manifest(tiny / "mine")["runs"]["ok"] == 19, "a failed run stays as it was"


@pytest.mark.slow
def test_one_failure_in_a_thousand_leaves_999_results_and_is_kept(
    say: Say, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.parameters import KEYS

    rate = KEYS.index("ladder.up_rate")
    plant(monkeypatch, lambda one: (one.seed, one.parameters[rate], one.intensity.any())
          == (42, 5.0, True))  # fmt: skip
    words = f"{RATE}=3,4,5,6,7 seeds=100 arms=none,full outcomes={KEPT} chunk=100"
    code, told, _ = say(f"{words} out=mine")
    assert code == 3
    assert "1000 launched = 999 ok + 1 failed + 0 aborted" in told
    runs = table(tiny / "mine").to_pandas()
    good = runs[runs["status"] == 0]
    assert len(good) == 999
    assert good[KEPT.split(",")].notna().all(axis=None)
    (lost,) = runs[runs["status"] != 0].to_dict("records")
    assert (lost["seed"], lost["arm"]) == (42, "full")
    assert np.isnan([lost[key] for key in KEPT.split(",")]).all(), "it never passes as a number"
    kept = json.loads((tiny / "mine" / "failures.json").read_text())
    assert (kept["failed"], kept["listed"]) == (1, 1)
    (failure,) = kept["runs"]
    assert (failure["row"], failure["seed"], failure["arm"]) == (lost["row"], 42, "full")
    assert failure["inputs"] == {RATE: 5.0}
    assert "Traceback" in failure["error"]
    assert "ZeroDivisionError: planted" in failure["error"]
    code, told, noted = say(f"{words} out=mine")
    assert code == 3
    assert "reused 1000 of 1000 runs" in noted
