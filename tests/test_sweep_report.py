"""The report of a sweep: what is read, what is refused, the numbers, the page as a file."""

from __future__ import annotations

import itertools
import json
import math
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from study_factory import LABELS, make_study
from sweep_factory import FLAGS, LIST, LOG, RANGE, drawn, make_sweep, points_of
from sweep_factory import Plan as SweepPlan

from analysis.comparisons import StudyError, load_comparison
from analysis.report import build as build_comparison
from analysis.report.bundle import digest
from analysis.sweep_effects import bins_of, clustered_effect, findings
from analysis.sweep_headline import headline_text
from analysis.sweep_report import build, svg
from analysis.sweeps import load_sweep

ATTACK = '<script>alert("x")</script><img src=x onerror=alert(1)>'
MOST = 100


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sweep(tmp_path_factory.mktemp("sweep") / "s")


@pytest.fixture(scope="module")
def source(folder: Path) -> str:
    return build(folder).read_text(encoding="utf-8")


def prose(source: str) -> str:
    """Text of the page without its script and style."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", source, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def edited(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}), encoding="utf-8")


def test_values_stand_at_their_frame_point_seed_and_arm(folder: Path) -> None:
    sweep, plan = load_sweep(folder), SweepPlan()
    truth = drawn(plan, points_of(plan))
    found = sweep.values(("violent_incidents", "time_to_crisis_resource"))
    np.testing.assert_array_equal(found["violent_incidents"], truth["violent_incidents"])
    times = np.where(truth["crisis_resource"] > 0, 5.0, 10.0)
    np.testing.assert_array_equal(found["time_to_crisis_resource"], times)
    np.testing.assert_allclose(sweep.points, points_of(plan))


def test_equal_points_share_the_run_that_the_design_names(tmp_path: Path) -> None:
    folder = make_sweep(tmp_path / "s", factors=(RANGE,), points=2, regions=("east",))
    path = folder / "design.parquet"
    table = pq.read_table(path)
    row = table["row"].to_numpy().copy()
    half = row.size // 2
    row[half:] = row[:half]
    pq.write_table(table.set_column(0, "row", [row]), path)
    for part in folder.glob("part-*"):
        runs = pq.read_table(part)
        pq.write_table(runs.filter(runs["row"].to_numpy() < half), part)
    edited(folder, runs={"launched": half, "ok": half, "failed": 0, "aborted": 0})
    values = load_sweep(folder).values(("violent_incidents",))["violent_incidents"]
    np.testing.assert_array_equal(values[:, 0], values[:, 1])


def test_failed_and_missing_runs_are_counted_and_are_no_number(tmp_path: Path) -> None:
    sweep = load_sweep(make_sweep(tmp_path / "s", failing=2, missing=5))
    assert sweep.counts == (1152, 1145, 2, 5, 0)
    values = sweep.values(("violent_incidents",))["violent_incidents"].ravel()
    assert np.isnan(values).sum() == 7
    assert [frame.counts.failed for frame in sweep.frames] == [2, 0]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"schema": 1}, "schema 1"),
        ({"points": 17}, "entries, but"),
        ({"runs": {"launched": 1152, "ok": 9, "failed": 0, "aborted": 0}}, "states 1152"),
        ({"runs": {"launched": 900, "ok": 900, "failed": 0, "aborted": 0}}, "not launched"),
        ({"arms": [{"name": n} for n in ("none", "joint_committee", "x")]}, "the arm 'full'"),
        ({"seeds": {"first": 2, "count": 12}}, "that the manifest does not"),
        ({"cases": [{"region": "east"}, {"region": "north"}]}, "region-north.json: missing"),
        ({"cases": [{"region": "east"}], "points": 1, "factors": []}, "This is asked of a sweep"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_refused_in_one_sentence(
    tmp_path: Path, changes: dict, said: str
) -> None:
    folder = make_sweep(tmp_path / "s")
    edited(folder, **changes)
    with pytest.raises(StudyError, match=re.escape(said)) as error:
        load_sweep(folder)
    assert "\n" not in str(error.value)


def test_parts_that_are_missing_doubled_or_of_other_seeds_are_refused(tmp_path: Path) -> None:
    folder = make_sweep(tmp_path / "s")
    part, other = folder / "part-000000.parquet", folder / "part-000009.parquet"
    kept = part.read_bytes()
    other.write_bytes(kept)
    with pytest.raises(StudyError, match="twice"):
        load_sweep(folder)
    other.unlink()
    table = pq.read_table(part)
    at = table.column_names.index("seed")
    pq.write_table(table.set_column(at, "seed", [table["seed"].to_numpy()[::-1]]), part)
    with pytest.raises(StudyError, match="seeds or arms"):
        load_sweep(folder)
    part.unlink()
    with pytest.raises(StudyError, match="the parts hold"):
        load_sweep(folder)
    for path in folder.glob("part-*"):
        path.unlink()
    with pytest.raises(StudyError, match="no run has finished"):
        load_sweep(folder)


def test_a_comparison_refuses_a_sweep(folder: Path) -> None:
    with pytest.raises(StudyError, match="its own report"):
        load_comparison(folder)


def test_means_and_paired_effects_are_those_of_the_drawn_numbers(folder: Path) -> None:
    sweep, plan = load_sweep(folder), SweepPlan()
    truth = drawn(plan, points_of(plan))["violent_incidents"]
    found = findings(sweep, MOST)
    cell = found.cells[1, "full", "violent_incidents"]
    assert cell.level.mean == pytest.approx(truth[1, ..., 2].mean())
    assert cell.effect.difference == pytest.approx((truth[1, ..., 2] - truth[1, ..., 0]).mean())
    assert cell.effect.n == plan.points * plan.seeds
    assert cell.effect.lo < cell.effect.difference < cell.effect.hi < 0
    assert found.cells[1, "none", "violent_incidents"].effect is None


def test_the_interval_of_a_paired_effect_covers_the_planted_one() -> None:
    random = np.random.default_rng(8)
    from analysis.crossed import Design
    from analysis.study import Outcome

    outcome = Outcome("x", "x", "", "lower", "rate", "")
    held, repeats = 0, 400
    for _ in range(repeats):
        first = random.normal(size=(12, 10)) + random.normal(size=(1, 10))
        moved = 1 + 0.5 * random.normal(size=(12, 1)) + 0.5 * random.normal(size=(1, 10))
        effect = clustered_effect("a", outcome, first, first + moved, Design(np.arange(12), True))
        held += effect.lo <= 1 <= effect.hi
    assert 0.93 <= held / repeats <= 0.995


def test_pairs_with_a_failed_run_drop_out(tmp_path: Path) -> None:
    sweep = load_sweep(make_sweep(tmp_path / "s", failing=1))  # of the first arm
    effect = findings(sweep, MOST).cells[0, "full", "violent_incidents"].effect
    assert effect.n == 16 * 12 - 1
    assert effect.dropped == 0, "it is counted as failed, and no outcome left it undefined"


def test_bins_hold_about_equal_counts_and_equal_values_share_one() -> None:
    factor = load_factor(RANGE)
    values = np.random.default_rng(9).random(103)
    bins, place = bins_of(factor, values)
    assert [b.points for b in bins] == np.bincount(place).tolist()
    assert max(b.points for b in bins) - min(b.points for b in bins) <= 1
    assert all(a.hi < b.lo for a, b in itertools.pairwise(bins))
    whole = np.repeat(np.arange(9.0), [1, 30, 1, 1, 1, 1, 1, 1, 1])
    bins, place = bins_of(factor, whole)
    assert all(np.unique(place[whole == v]).size == 1 for v in range(9))
    few, _ = bins_of(factor, np.tile([0.1, 0.2, 0.3], 20))
    assert [b.at for b in few] == pytest.approx([0.1, 0.2, 0.3])


def load_factor(declared: dict):
    """The factor of a manifest as the loader makes it."""
    from analysis.sweeps import _factors

    return _factors({"factors": [declared], "sampled": [declared["key"]]})[0]


def test_values_of_a_list_are_named_as_given(tmp_path: Path) -> None:
    folder = make_sweep(tmp_path / "s", factors=(LIST, FLAGS), method="grid", points=6)
    found = findings(load_sweep(folder), MOST)
    by_list = found.responses[0, LIST["key"], "violent_incidents"]
    assert [(b.label, b.points) for b in by_list.bins] == [("0.1", 2), ("0.2", 2), ("0.4", 2)]
    by_flag = found.responses[1, FLAGS["key"], "violent_incidents"]
    assert [b.label for b in by_flag.bins] == ["False", "True"]


def test_a_planted_slope_is_found_along_its_setting_and_not_along_the_other(
    tmp_path: Path,
) -> None:
    found = findings(load_sweep(make_sweep(tmp_path / "s", points=40, slope=0.5)), MOST)
    steep = found.responses[0, RANGE["key"], "violent_incidents"]
    means = [level.mean for level in steep.levels[0]]
    assert means == sorted(means)
    assert steep.apart[0].lo > 0
    flat = found.responses[0, LOG["key"], "violent_incidents"].apart[0]
    assert flat.lo <= 0 <= flat.hi


def test_the_seed_share_falls_where_the_settings_matter(tmp_path: Path) -> None:
    shares = [
        findings(load_sweep(make_sweep(tmp_path / f"{slope}", slope=slope)), MOST)
        .cells[0, "none", "violent_incidents"].share.mean
        for slope in (0.0, 2.0)
    ]  # fmt: skip
    assert shares[0] > 0.9
    assert shares[1] < shares[0] - 0.2


def test_the_first_screen_accounts_for_every_run(source: str) -> None:
    head = source[: source.index('<section id="design"')]
    assert "1,152 runs launched = 1,152 ok + 0 failed + 0 aborted" in head
    assert 'id="failed"' not in source


def test_the_headline_names_each_frame_with_its_interval(folder: Path, source: str) -> None:
    sweep = load_sweep(folder)
    text = (folder / "headline.txt").read_text(encoding="utf-8")
    assert text == headline_text(sweep, findings(sweep, MOST)) + "\n"
    assert re.search(r"years of East falls .* \(95 % interval \u2212\d+ to \u2212\d+\)", text)
    assert "years of West falls" in text
    assert "16 points of 2 swept settings and 12 seeds" in text


def test_no_effect_is_not_claimed(tmp_path: Path) -> None:
    sweep = load_sweep(make_sweep(tmp_path / "s", effect=0.0))
    text = headline_text(sweep, findings(sweep, MOST))
    assert text.count("No claim is made") == 2
    assert "falls" not in text


def test_failed_runs_are_told_first_listed_and_keep_a_claim_from_being_made(
    tmp_path: Path,
) -> None:
    source = build(make_sweep(tmp_path / "s", failing=3)).read_text(encoding="utf-8")
    said = prose(source)
    assert "1,149 ok + 3 failed" in said
    assert "thalweg replay DIR 2" in said
    assert "parameters.drought.rate 0.123" in said
    assert "IndexError: planted &lt;b&gt;" in source
    assert "By frame and arm: East, No cooperation: 1; East, Joint committee: 1" in said
    text = (tmp_path / "s" / "headline.txt").read_text(encoding="utf-8")
    assert "3 runs of 576 did not finish" in text
    assert "3 runs of 1,152 failed" in text


def test_a_sweep_that_was_broken_off_says_so(tmp_path: Path) -> None:
    said = prose(build(make_sweep(tmp_path / "s", missing=40)).read_text(encoding="utf-8"))
    assert "1,112 of 1,152 runs are in" in said
    assert "40 aborted" in said


def test_swept_settings_stand_with_range_scale_unit_and_label(source: str) -> None:
    said = prose(source)
    assert "Droughts per year parameters.drought.rate 0.1 to 0.5 per year, evenly" in said
    assert "0.01 to 1, evenly in the logarithm" in said
    assert "not a sensitivity index" in said
    assert "Latin hypercube" in said


def test_provenance_and_how_to_verify_are_there(source: str) -> None:
    said = prose(source)
    for part in ("thalweg digest DIR", "thalweg verify DIR", "thalweg pack DIR", "ab12" * 8,
                 "thalweg sweep region=east,west", "0123456789ab", "Linux"):  # fmt: skip
        assert part in said


def test_the_page_asks_for_nothing_and_names_its_script_by_hash(source: str) -> None:
    policy = re.search(r'Policy" content="([^"]+)"', source).group(1)
    assert "unsafe" not in policy
    assert "connect-src 'none'" in policy
    for tag in ("script", "style"):
        for body in re.findall(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL):
            assert digest(body) in policy
    assert not re.findall(r'<[^>]+ (?:src|style|on\w+)="', source)
    assert all(link.startswith("#") for link in re.findall(r'href="([^"]*)"', source))


def test_the_page_is_small_and_its_bytes_repeat(folder: Path, source: str, tmp_path: Path) -> None:
    assert len(source.encode()) < 1_500_000
    again = build(folder, tmp_path / "again.html").read_text(encoding="utf-8")
    assert again == source


def test_every_figure_has_its_table(source: str) -> None:
    for card in re.findall(r'<article class="card".*?</article>', source, re.DOTALL):
        assert "<svg" in card
        assert 'class="figures"' in card
    ids = re.findall(r' id="([^"]+)"', source)
    assert len(ids) == len(set(ids))
    assert {f"table-{key}" for key in re.findall(r'data-csv="([^"]+)"', source)} <= set(ids)


def test_a_label_that_does_not_fit_beside_its_numbers_stands_above_them() -> None:
    mark = svg.Mark(0.0, 0.5, 0.2, 0.8)
    long = "Joint committee, data sharing and mutual aid with a stewardship"
    rows = [svg.Row(k, label, "\u22120.031 [\u22120.045 to \u22120.017]", mark)
            for k, label in enumerate(("None", "Joint committee of both banks", long))]  # fmt: skip
    drawn = svg.forest(rows, svg.value_axis([mark], zero=True), "unit " * 14, "said")
    assert "\u2026" not in drawn
    found = re.findall(r'class="(lb|nb)" x="\d+" y="(\d+)">([^<]*)<', drawn)
    assert " ".join(text for kind, _, text in found if kind == "lb").count("Joint") == 2
    beside = [{int(y) for kind, y, _ in found if kind == one} for one in ("lb", "nb")]
    assert len(beside[0] & beside[1]) == 2, "the short one, and the end of the long one"
    high = int(re.search(r'viewBox="0 0 340 (\d+)"', drawn)[1])  # type: ignore[index]
    assert high > 3 * svg.ROW + svg.BOTTOM + 2 * svg.LINE
    axis = svg.list_axis(("tight_purse", "watershed_stewardship_of_all"))
    assert axis.texts == ("tight_purse", "watershed_\nstewardship_\nof_all")


def test_names_with_markup_stay_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LABELS, "full", ATTACK)
    odd = {**RANGE, "label": ATTACK}
    folder = make_sweep(tmp_path / "s", label=ATTACK, factors=(odd, FLAGS))
    edited(folder, about=ATTACK)
    source = build(folder).read_text(encoding="utf-8")
    assert "<img" not in source
    assert "alert(" not in "".join(re.findall(r"<script.*?</script>", source, re.DOTALL))
    assert "&lt;img" in source


@pytest.mark.parametrize(
    "planted",
    [
        {"factors": (LIST,), "method": "grid", "points": 3},
        {"factors": (), "method": "grid", "points": 1},
        {"factors": (LIST, FLAGS), "method": "grid", "points": 6, "regions": ("east",)},
        {"seeds": 1},
        {"arms": ("none",)},
        {"arms": ("none", *(f"m{k}" for k in range(11)), "full"), "points": 4, "seeds": 2},
        {"regions": tuple(f"r{k}" for k in range(15)), "points": 2, "seeds": 3},
        {"points": 1, "factors": (RANGE,), "regions": ("east",)},
        {"crisis": 0.0, "slope": 0.0},
        {"points": 2, "seeds": 2, "failing": 24},
        {"missing": 1100},
    ],
    ids=["list", "frames", "two-lists", "one-seed", "one-arm", "many-arms", "many-frames",
         "one-point", "no-event", "frame-failed", "hardly-any"],
)  # fmt: skip
def test_odd_sweeps_are_told_without_a_number_that_is_none(tmp_path: Path, planted: dict) -> None:
    source = build(make_sweep(tmp_path / "s", **planted)).read_text(encoding="utf-8")
    assert not re.search(r"\bnan\b|\binf\b|not defined to", source)
    assert len(source.encode()) < 1_500_000
    assert (tmp_path / "s" / "headline.txt").read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(
    "plan", [{"factors": (LIST,), "method": "grid", "points": 3}, {"points": 60}],
    ids=["grid", "sample"],
)  # fmt: skip
def test_one_seed_gives_no_interval_over_seeds_and_says_so(tmp_path: Path, plan: dict) -> None:
    folder = make_sweep(tmp_path / "s", seeds=1, **plan)
    source = prose(build(folder).read_text(encoding="utf-8"))
    assert "There is one seed" in source
    assert "no interval is given" in source
    effect = findings(load_sweep(folder), MOST).cells[0, "full", "violent_incidents"].effect
    assert math.isnan(effect.lo)
    assert "give no interval" in (folder / "headline.txt").read_text(encoding="utf-8")


def test_a_plain_comparison_without_series_has_its_report_and_says_what_is_not_there(
    tmp_path: Path,
) -> None:
    folder = make_study(tmp_path / "s", histories=False)
    for path in folder.glob("series-*"):
        path.unlink()
    source = build_comparison(folder).read_text(encoding="utf-8")
    assert 'id="figure-forest"' in source
    assert 'id="figure-places"' not in source
    assert "kept no series" in prose(source)


def test_a_comparison_that_kept_two_outcomes_has_its_report(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", histories=False)
    edited(folder, layout={"outcomes": ["crisis_resource", "violent_incidents"]})
    for path in folder.glob("part-*"):
        table = pq.read_table(path)
        kept = ["row", "arm", "seed", "status", "crisis_resource", "violent_incidents"]
        pq.write_table(table.select(kept), path)
    assert list(load_comparison(folder).outcomes) == ["crisis_resource", "violent_incidents"]
    assert 'id="figure-forest"' in build_comparison(folder).read_text(encoding="utf-8")
