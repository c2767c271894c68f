"""Tables and figures of an answer, written by the kit of papers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.discovery import plain, ranking_told
from analysis.discovery.answer import NOTHING, Answer
from analysis.discovery.ranking import Ranking
from analysis.discovery.spoken import ends_of, limit_words, percent
from analysis.discovery.told import asked
from analysis.paper_figures import box_limits, trade_off
from analysis.paper_kit import Column, save_figure, save_table, source_of
from analysis.sweep_study import Sweep

COLUMNS = (
    Column("frame", "Frame", "", "region and what else tells it from the others"),
    Column("point", "Point", "", "number of the point in design.parquet"),
    Column("score", "Score", "", "mean paired difference to the bad side, or share of histories"),
    Column("case", "Case", "", "whether the point is a case"),
    Column("seeds", "Seeds", "count", "of the point that are there; fewer: it is not whole"),
    Column("search", "Search", "", "1: all points; 2 and 3: points outside the boxes before"),
    Column("box", "Box", "", "place on the way from all points to the smallest box"),
    Column("limits", "Limits", "count", "ends that restrict a setting"),
    Column("coverage", "Coverage", "share", "of cases, in the box; as searched: too good"),
    Column(
        "density",
        "Density",
        "share",
        "of points in the box; as searched: too good",
    ),
    Column("worth", "Worth", "", "twice the gain in log-likelihood less ln(points) for each limit"),
    Column("found_again", "Found again", "share", "of resamples of the points"),
    Column("lo", "Lower end", "", "of the middle 95 %, or of the 95 % interval"),
    Column("hi", "Upper end", "", "of the middle 95 %, or of the 95 % interval"),
    Column("found_in_halves", "Found in halves", "share", "of random halves of the seeds"),
    Column("quasi_p", "Quasi-p", "", "takes the limit as given, so that it is too small"),
    Column("p", "p", "", "that both arms do equally, of this comparison alone"),
    Column("p_of_all", "p of all", "", "the same, corrected for all comparisons (Holm)"),
    Column("scruple", "Scruple", "", "why the order of the two arms is not decided"),
)


def write_answers(sweep: Sweep, answers: Sequence[Answer], folder: Path) -> list[Path]:
    """points, boxes, limits, leaves, and two figures for each first box that is shown."""
    made: list[Path] = []
    for name, frame in plain.tables(answers).items():
        if not frame.empty:
            made += save_table(frame, folder, name, COLUMNS)
    for place, answer in enumerate(answers, 1):
        if answer.conditions and answer.conditions[0].curve.chosen.box.limits:
            if answer.verdict != NOTHING:
                made += _limits(sweep, answer, folder, f"limits-{place}")
            made += _curve(sweep, answer, folder, f"curve-{place}")
    return made


def write_ranking(ranking: Ranking, folder: Path) -> list[Path]:
    """One table."""
    return list(save_table(ranking_told.table(ranking), folder, "ranking", COLUMNS))


def _limits(sweep: Sweep, answer: Answer, folder: Path, name: str) -> tuple[Path, ...]:
    found = answer.conditions[0]
    step, rows = found.curve.chosen, []
    for k, factor in enumerate(answer.settings):
        if not step.box.restricted[k]:
            continue
        lo, hi = float(step.box.lo[k]), float(step.box.hi[k])
        ends = ends_of(factor)
        again = [limit.again.share for limit in found.limits if limit.factor is factor]
        rows.append({
            "quantity": f"{asked(answer.question)} {answer.frame.label}", "label": factor.label,
            "unit": factor.unit, "lo": lo if math.isfinite(lo) else ends[0],
            "hi": hi if math.isfinite(hi) else ends[1], "range_lo": ends[0], "range_hi": ends[1],
            "stability": min(again), "text": limit_words(factor, lo, hi),
            "coverage": found.resamples.held.coverage.mean,
            "density": found.resamples.held.density.mean,
        })  # fmt: skip
    frame = pd.DataFrame(rows)
    source = source_of(
        sweep, f"{found.points:,} points x {answer.seeds:,} seeds; shares on points not searched"
    )
    text = box_limits.caption(frame, source)
    return save_figure(box_limits.draw(frame, source), folder, name, text)


def _curve(sweep: Sweep, answer: Answer, folder: Path, name: str) -> tuple[Path, ...]:
    found = answer.conditions[0]
    frame = pd.DataFrame([
        {"quantity": asked(answer.question), "coverage": step.coverage, "density": step.density,
         "chosen": place == found.curve.taken, "n": step.points,
         "label": f"{step.box.limits} limits, {percent(step.density)}"}
        for place, step in enumerate(found.curve.steps)
    ])  # fmt: skip
    source = source_of(
        sweep, f"{found.points:,} points x {answer.seeds:,} seeds, as searched: too good"
    )
    text = trade_off.caption(frame, source)
    return save_figure(trade_off.draw(frame, source), folder, name, text)
