"""Figures: valid specs, numbers that agree with the frames, titles that are computed."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from study_factory import DYADS, make_study

from analysis import theme
from analysis.comparisons import load_comparison
from analysis.effects import effects
from analysis.figures import FIGURES, forest, worst_pairs
from analysis.figures.chances import crisis_table, rung_table, spread_labels
from analysis.figures.figure import Figure, View
from analysis.figures.forest_rows import rows_of
from analysis.figures.layout import apart, grid_domains, nice_ticks, year_ticks
from analysis.figures.map_labels import extent
from analysis.figures.placement import Box, crosses, place_labels
from analysis.figures.places import shade, violence_table
from analysis.figures.rung_shares import share_table, trailing_maximum
from analysis.figures.worst_pairs import not_told_apart
from analysis.focus import focus_note, in_focus
from analysis.study import Study

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    made = make_study(tmp_path_factory.mktemp("study") / "s", seeds=120, crisis=0.6)
    return load_comparison(made)


def built(study: Study, key: str) -> Figure:
    figure = FIGURES[key](study)
    assert figure is not None
    return figure


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """The page's own merge: dicts deep, everything else replaced."""
    result = dict(base)
    for key, value in over.items():
        both = isinstance(result.get(key), dict) and isinstance(value, dict)
        result[key] = merged(result[key], value) if both else value
    return result


def layouts(view: View) -> list[dict[str, Any]]:
    wide = view.spec["layout"]
    return [wide, merged(wide, view.narrow)]


@pytest.mark.parametrize("key", list(FIGURES))
@pytest.mark.parametrize("name", list(theme.THEMES))
def test_every_view_is_a_valid_plotly_figure_in_both_widths(
    study: Study, key: str, name: str
) -> None:
    for view in built(study, key).views:
        for layout in layouts(view):
            spec = theme.resolve({"data": view.spec["data"], "layout": layout}, name)
            go.Figure(spec)
            assert "@" not in json.dumps(spec)


@pytest.mark.parametrize("key", list(FIGURES))
def test_every_view_has_words_and_a_table(study: Study, key: str) -> None:
    figure = built(study, key)
    assert figure.question.endswith("?")
    assert figure.how_to_read
    assert len({view.key for view in figure.views}) == len(figure.views)
    for view in figure.views:
        assert view.title
        assert len(view.alt) > 40
        assert len(view.table) > 0
        assert [column.key for column in view.columns] == list(view.table.columns)
        assert "nan" not in re.findall(r"[a-z]+", (view.title + view.alt).lower())


@pytest.mark.parametrize("key", list(FIGURES))
def test_labels_stand_at_their_values(study: Study, key: str) -> None:
    for view in built(study, key).views:
        for layout in layouts(view):
            for name, axis in layout.items():
                if name[1:5] == "axis" and "tickvals" in axis:
                    assert len(axis["tickvals"]) == len(axis["ticktext"]), (view.key, name)


def test_a_study_without_series_or_histories_leaves_figures_out(tmp_path: Path) -> None:
    folder = make_study(tmp_path / "s", seeds=20, histories=False, arms=("none",))
    for path in folder.glob("series-*"):
        path.unlink()
    bare = load_comparison(folder)
    drawn = {key for key, make in FIGURES.items() if make(bare) is not None}
    assert "ladder" in drawn
    assert drawn.isdisjoint({"forest", "places", "profile", "timeline", "worth"})


def test_the_crisis_curve_ends_at_the_share_of_crises(study: Study) -> None:
    table = crisis_table(study)
    for arm in study.arms:
        curve = table[table["arm"] == arm.label]
        assert curve["share"].iloc[0] == 0
        assert curve["share"].is_monotonic_increasing
        share = study.values(arm.name, "crisis_resource").mean()
        assert curve["share"].iloc[-1] == pytest.approx(share, abs=1e-5)
        assert (curve["lo"] <= curve["share"]).all()
        assert (curve["share"] <= curve["hi"]).all()


def test_rungs_once_reached_stay_reached_and_higher_ones_are_rarer(study: Study) -> None:
    table = rung_table(study).set_index(["arm", "rung", "year"])["share"].unstack("rung")
    ordered = table[study.interstate_rungs[1:]].to_numpy()
    assert (np.diff(ordered, axis=1) <= 1e-9).all()


def test_labels_at_line_ends_are_spread_only_as_far_as_needed() -> None:
    spread = spread_labels([1.0, 1.0, 0.98, 0.9, 0.16], 0.05, 1.0)
    assert spread == pytest.approx([1.0, 0.95, 0.9, 0.85, 0.16])
    assert spread_labels([0.1, 0.5], 0.05, 1.0) == [0.1, 0.5]


def test_the_interstate_slices_hold_all_histories(study: Study) -> None:
    totals = share_table(study).groupby(["arm", "year"])["share"].sum()
    assert np.allclose(totals, 1.0, atol=1e-4)


def test_the_trailing_maximum_looks_back_and_never_ahead() -> None:
    values = np.array([[0, 3, 1, 0, 0, 0, 2]], dtype=np.float32)
    assert trailing_maximum(values, 3).tolist() == [[0, 3, 3, 3, 1, 0, 2]]


def test_forest_numbers_are_the_effects(study: Study) -> None:
    figure = built(study, "forest")
    assert figure.views[0].key == "crisis_resource"
    view = figure.views[0]
    marks = [trace["x"][0] for trace in view.spec["data"]]
    found = [effects(study)[arm.name, view.key] for arm in study.arms[1:]]
    assert marks == pytest.approx([100 * effect.difference for effect in found], abs=1e-4)
    for trace, effect in zip(view.spec["data"], found, strict=True):
        right = trace["x"][0] + trace["error_x"]["array"][0]
        assert right == pytest.approx(100 * effect.hi, abs=1e-3)
        assert (trace["marker"]["color"] == "@card") == effect.spans_zero
    assert view.table["difference"].tolist() == pytest.approx([e.difference for e in found])


def test_forest_titles_say_what_the_effects_say(study: Study) -> None:
    for view in built(study, "forest").views:
        outcome = study.outcomes[view.key]
        verdicts = {
            arm.label: effects(study)[arm.name, view.key].verdict(outcome) for arm in study.arms[1:]
        }
        for part in view.title.removeprefix(f"{view.label}: ").split("; "):
            for label, verdict in verdicts.items():
                if part.startswith("improved by") and label in part:
                    assert verdict == "better"
                if part.startswith("worsened by") and label in part:
                    assert verdict == "worse"
                if part.startswith("unclear for") and label in part:
                    assert verdict == "unclear"


def test_the_forest_offers_every_outcome_that_is_defined(study: Study) -> None:
    offered = {view.key for view in built(study, "forest").views}
    defined = {
        key
        for key in study.outcomes
        if any(math.isfinite(effects(study)[a.name, key].difference) for a in study.arms[1:])
    }
    assert offered == defined


def test_rows_stand_apart_only_where_labels_of_two_lines_meet() -> None:
    assert apart([1, 2, 1, 1], 27) == [0, 1, 2, 3]
    at = apart([1, 2, 2, 2, 1], 27)
    assert at[1] == 1
    assert at[2] - at[1] == at[3] - at[2] > 1.15
    assert at[4] - at[3] == 1


def test_long_labels_of_the_profile_are_wrapped_and_never_cut(study: Study) -> None:
    long = "length of open disputes over the shared resource of both river banks"
    outcomes = {key: one._replace(label=f"{long} {key}") for key, one in study.outcomes.items()}
    view = built(replace(study, outcomes=outcomes), "profile").views[0]
    (ticks,) = {tuple(one["yaxis"]["ticktext"]) for one in layouts(view)}
    assert all("<br>" in text and "\u2026" not in text for text in ticks)
    at = view.spec["layout"]["yaxis"]["tickvals"]
    assert at == sorted(at)
    assert {y for mark in view.spec["data"] for y in mark["y"]} == {*at}
    assert at[-1] > len(at)


def test_the_profile_turns_every_outcome_so_that_right_is_better(study: Study) -> None:
    view = next(v for v in built(study, "profile").views if v.key == "full")
    for row in view.table.itertuples():
        if row.scaled > 0 and row.difference != 0:
            assert row.better >= row.worse
    assert view.table["scaled"].is_monotonic_decreasing
    assert "money spent" in view.subtitle
    better = sum(len(t["x"]) for t in view.spec["data"] if t["error_x"]["color"] == "@good")
    assert f"{better} outcomes better" in view.title


def test_map_shares_are_counted_from_the_peaks(study: Study) -> None:
    table = violence_table(study, "none")
    assert len(table) == len(DYADS)
    peaks = study.dyad_peak("none")
    assert table["share"].tolist() == pytest.approx((peaks >= 4).mean(axis=0), abs=1e-5)
    assert (table["change"] == 0).all()
    first, *others = not_told_apart(peaks >= 4)
    title = built(study, "places").views[0].title
    assert table["share"][first] == table["share"].max()
    assert ("is not known:" in title) or table["dyad"][first] in title
    apart = set(table.index) - {first, *others}
    assert not any(table["dyad"][k] in title for k in apart)


def told(study: Study, *counts: int, alike: bool = False) -> str:
    """The title of a hundred histories in which five pairs saw violence so often.

    ``alike``: in histories of their own each, so that nothing but luck tells them apart.
    """
    rows = np.arange(100)
    reached = np.stack([(rows + 37 * k * alike) % 100 < n for k, n in enumerate(counts)], axis=1)
    return worst_pairs.title(study.reference, list("ABCDE"), reached)


def test_pairs_of_towns_are_ranked_only_as_far_as_the_histories_tell(study: Study) -> None:
    assert "most often to A (90 in 100 histories), at least once to 4 of 5" in told(
        study, 90, 50, 40, 30, 0)
    assert "to A (60 in 100 histories), not known to differ from B (58 in 100);" in told(
        study, 60, 58, 20, 10, 0)
    assert "to A (60 in 100 histories), not known to differ from B (60 in 100);" in told(
        study, 60, 60, 20, 10, 0)
    assert "most often to A (60 in 100 histories), at" in told(study, 60, 48, 20, 10, 0), (
        "their bars overlap")
    unknown = "which pair saw violence most often is not known: at least once it came to "
    assert f"{unknown}4 of 5 pairs, to none in more than 14 in 100" in told(
        study, 14, 12, 11, 10, 0, alike=True)
    assert f"{unknown}2 of 5" in told(study, 3, 2, 0, 0, 0)
    assert "only A of 5 pairs came to violence (1 in 100 histories)" in told(study, 1, 0, 0, 0, 0)
    assert "no pair of towns came to violence" in told(study, 0, 0, 0, 0, 0)


def test_a_pair_between_two_that_are_not_told_apart_is_not_named(study: Study) -> None:
    """C saw less than B, in histories of its own, so that only B is known to be below A."""
    rows = np.arange(100)
    reached = np.stack([rows < 60, rows < 48, (rows >= 54), rows < 10, rows < 5], axis=1)
    said = worst_pairs.title(study.reference, list("ABCDE"), reached)
    assert "to A (60 in 100 histories), not known to differ from C (46 in 100);" in said


def test_the_map_is_plain_scatter_with_the_right_aspect_and_its_warning(study: Study) -> None:
    figure = built(study, "places")
    assert figure.note == "Simulated, not observed; no position on any border."
    assert "GeoNames" in figure.source
    for view in figure.views:
        assert {trace["type"] for trace in view.spec["data"]} == {"scatter"}
        middle = math.radians((extent(study).north + extent(study).south) / 2)
        expected = 1 / math.cos(middle)
        assert view.spec["layout"]["yaxis"]["scaleratio"] == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize(
    ("share", "level"), [(0.0, 0), (0.001, 1), (0.1, 1), (0.11, 2), (0.5, 3), (0.6, 4), (0.9, 5)]
)
def test_shades_follow_their_classes(share: float, level: int) -> None:
    assert shade(share) == level


def test_labels_never_lie_on_each_other() -> None:
    points = [(0.1 * i, 0.05 * (i % 3)) for i in range(12)]
    frame = Box(-1, -1, 2, 1)
    placed, taken = place_labels(points, [f"Town {i}" for i in range(12)], frame, 0.004, 12)
    labels = taken[len(points) :]
    assert len(placed) == len(labels) > 3
    for i, first in enumerate(labels):
        assert first.inside(frame)
        assert not any(first.overlaps(other) for other in labels[i + 1 :])


def test_a_border_between_two_points_is_noticed() -> None:
    wall = np.array([[0.0, -1.0], [0.0, 1.0]])
    assert crosses(np.array([-1.0, 0.0]), np.array([1.0, 0.0]), wall)
    assert not crosses(np.array([1.0, 0.0]), np.array([2.0, 0.0]), wall)
    assert not crosses(np.array([-1.0, 3.0]), np.array([1.0, 3.0]), wall)


def test_panels_fill_the_width_without_overlap() -> None:
    domains = grid_domains(5, 3)
    assert len(domains) == 5
    assert domains[0][0][0] == 0
    assert domains[2][0][1] == pytest.approx(1)
    assert domains[0][0][1] < domains[1][0][0]
    assert domains[3][1][1] < domains[0][1][0]


def test_ticks_are_round_and_inside() -> None:
    assert nice_ticks(-22, 3, 6) == [-20, -15, -10, -5, 0]
    assert nice_ticks(0, 0) == [0.0]
    assert year_ticks(2025, 2045, 4) == [2025, 2030, 2035, 2040, 2045]
    assert year_ticks(2025, 2225, 4) == [2050, 2100, 2150, 2200]


# ── many arms ───────────────────────────────────────────────────────────────────────────────────

NAMES = ("data_sharing", "joint_committee", *(f"mechanism_{k}" for k in range(10)))
MANY = ("none", *NAMES, "full", *(f"full-{name}" for name in NAMES), "negotiated")


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """A study of 27 arms."""
    folder = make_study(tmp_path_factory.mktemp("many") / "s", arms=MANY, seeds=40)
    study = load_comparison(folder)
    kept = {name: dict.fromkeys([name], 1.0) for name in NAMES}
    arms = tuple(arm._replace(mechanisms=kept.get(arm.name, arm.mechanisms)) for arm in study.arms)
    return replace(study, arms=arms)


def test_many_arms_keep_few_in_focus(crowded: Study) -> None:
    near = [arm.name for arm in in_focus(crowded).arms]
    assert len(near) == 6
    assert {"none", "full", "negotiated"} <= {*near}
    assert "27 arms" in focus_note(crowded)


def test_few_arms_are_all_in_focus(study: Study) -> None:
    assert in_focus(study) is study
    assert focus_note(study) == ""


def test_the_forest_groups_many_arms_and_sorts_within(crowded: Study) -> None:
    rows = rows_of(crowded, "crisis_resource")
    assert [text for text, _ in rows.headings] == [
        "bundles", "each mechanism alone", "all mechanisms but one",
    ]  # fmt: skip
    assert len(rows.lines) == len(MANY) - 1
    alone = [line.effect.difference for line in rows.lines if line.arm.name in NAMES]
    assert alone == sorted(alone)
    places = [line.at for line in rows.lines] + [at for _, at in rows.headings]
    assert sorted(places) == list(range(len(places)))
    assert sum(line.colour > 0 for line in rows.lines) == 5
    figure = forest.build(crowded)
    assert figure is not None
    assert len(figure.views[0].title) < 250
