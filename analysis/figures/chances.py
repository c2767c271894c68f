"""What is the chance, by each year, that it has happened?

Views of the ladder figure: an interstate crisis over the resource, and each interstate rung of any
root. Shares of histories with Wilson intervals; nothing is smoothed.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import theme, words
from analysis.figures.figure import Column, Key, Spec, View
from analysis.figures.layout import escape
from analysis.figures.multiples import (
    band,
    end_labels,
    line,
    multiples,
    narrow_multiples,
    share_axis,
    thinned,
)
from analysis.headline import headline_arm
from analysis.intervals import wilson
from analysis.language import say
from analysis.study import Arm, Study

CRISIS_TIME = "time_to_crisis_resource"
RUNG = "interstate_rung"
WEEKS_PER_YEAR = 365.25 / 7
Floats = NDArray[np.float64]


def chance_views(study: Study) -> list[View]:
    """The views that the study's outcomes and series allow."""
    views = []
    if CRISIS_TIME in study.outcomes:
        views.append(_crisis_view(study))
    if all(study.series(RUNG, arm.name).size > 0 for arm in study.arms):
        views.append(_rungs_view(study))
    return views


def crisis_table(study: Study) -> pd.DataFrame:
    """Share of histories with a crisis over the resource by each quarter, with its interval."""
    unit = study.outcomes[CRISIS_TIME].unit.lower()
    per_year = WEEKS_PER_YEAR if unit.startswith("week") else 1.0
    points = max(1, round(study.years * 4))
    rows = np.concatenate([[-1], thinned(points)])  # -1: the start
    elapsed = (rows + 1) * study.years / points
    frames = []
    for arm in study.arms:
        times = study.values(arm.name, CRISIS_TIME).to_numpy() / per_year
        happened = (times[:, None] <= elapsed[None, :]).sum(axis=0)
        frames.append(_shares(arm, study.start_year + elapsed, happened, len(times)))
    return pd.concat(frames, ignore_index=True)


def rung_table(study: Study) -> pd.DataFrame:
    """Share of histories that have reached each interstate rung by each quarter."""
    frames = []
    for arm in study.arms:
        peaks = np.maximum.accumulate(study.series(RUNG, arm.name), axis=1)
        rows = thinned(peaks.shape[1])
        years = study.point_years(peaks.shape[1])[rows]
        for rung in range(1, len(study.interstate_rungs)):
            reached = (peaks[:, rows] >= rung - 1e-6).sum(axis=0)
            frame = _shares(arm, years, reached, len(peaks))
            frame.insert(1, "rung", study.interstate_rungs[rung])
            frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _shares(arm: Arm, years: Floats, counts: NDArray[np.int64], n: int) -> pd.DataFrame:
    lo, hi = wilson(counts, n)
    share = counts / n if n else np.full(len(counts), np.nan)
    return pd.DataFrame(
        {
            "arm": arm.label,
            "year": years,
            "histories": counts,
            "share": np.round(share, 5),
            "lo": np.round(lo, 5),
            "hi": np.round(hi, 5),
        }
    )


def _crisis_view(study: Study) -> View:
    table = crisis_table(study)
    by_arm = {str(label): frame for label, frame in table.groupby("arm", sort=False)}
    first = by_arm[study.reference.label]

    def draw(index: int, arm: Arm) -> list[Spec]:
        frame, token = by_arm[arm.label], theme.arm_token(index)
        x = [float(v) for v in frame["year"]]
        traces = [
            band(index, x, _column(frame, "lo"), _column(frame, "hi"), f"{token}/25"),
        ]
        if index:
            traces.append(
                line(index, x, _column(first, "share"), "@arm0-text", width=1.4, dash="4px,3px")
            )
        hover = _hover(frame, say("had one"))
        traces.append(line(index, x, _column(frame, "share"), f"{token}-text", hover))
        return traces

    label = study.outcomes["crisis_resource"].label if "crisis_resource" in study.outcomes else ""
    return View(
        key="chance",
        label="Chance of a crisis over the resource",
        title=_crisis_title(study, by_arm),
        subtitle=say("Share of histories so far. {outcome}. Band: 95 % interval.",
                     outcome=words.upper_first(label)),
        spec=multiples(study, draw, share_axis(float(table["hi"].max())), 52),
        narrow=narrow_multiples(study, share_axis(float(table["hi"].max())), 42),
        legend=(Key("@arm0", say("{arm}, repeated", arm=words.upper_first(study.reference.label)),
                    "dash"),),
        alt=_alt(by_arm),
        table=table,
        columns=_columns(),
    )  # fmt: skip


def _rungs_view(study: Study) -> View:
    table = rung_table(study)
    rungs = study.interstate_rungs
    top = len(rungs) - 1
    groups = {
        (str(arm), str(rung)): frame
        for (arm, rung), frame in table.groupby(["arm", "rung"], sort=False)
    }

    def draw(index: int, arm: Arm) -> list[Spec]:
        traces: list[Spec] = []
        ends, texts = [], []
        x = [float(v) for v in groups[arm.label, rungs[1]]["year"]]
        for rung in range(1, top + 1):
            frame = groups[arm.label, rungs[rung]]
            token = theme.trace_token(rung, top)
            traces.append(band(index, x, _column(frame, "lo"), _column(frame, "hi"), f"{token}/28"))
            hover = _hover(frame, say("reached {rung}", rung=rungs[rung]))
            traces.append(line(index, x, _column(frame, "share"), token, hover))
            ends.append(float(frame["share"].iloc[-1]))
            texts.append(f" {rung}")
        return [*traces, end_labels(index, x[-1], spread_labels(ends, 0.045, 1.0), texts, "@text")]

    return View(
        key="rungs",
        label="Chance of each rung",
        title=_rungs_title(study, groups),
        subtitle=say("Share of histories that have reached each interstate rung so far, whatever "
                     "the root. Bands: 95 % intervals."),
        spec=multiples(study, draw, share_axis(1.0), 52),
        narrow=narrow_multiples(study, share_axis(1.0), 42),
        legend=tuple(
            Key(theme.trace_token(r, top), f"{r} {rungs[r]}", "line") for r in range(1, top + 1)
        ),
        alt=_rungs_alt(study, groups),
        table=table,
        columns=_columns(rung=True),
    )


def spread_labels(values: list[float], gap: float, top: float) -> list[float]:
    """Positions near the values, at least ``gap`` apart and below ``top``; order is kept.

    Equal values are labelled in the order given, the first one uppermost.
    """
    order = sorted(range(len(values)), key=lambda i: (values[i], -i))
    placed = [values[i] for i in order]
    for at in range(1, len(placed)):
        placed[at] = max(placed[at], placed[at - 1] + gap)
    for at in range(len(placed) - 1, -1, -1):
        placed[at] = min(placed[at], top if at == len(placed) - 1 else placed[at + 1] - gap)
    result = list(values)
    for at, i in enumerate(order):
        result[i] = placed[at]
    return result


def _hover(frame: pd.DataFrame, verb: str) -> list[str]:
    return [
        say("<b>by {year}</b><br>{share} {what}<br>95 % interval {lo} to {hi}",
            year=words.year(year), share=words.in_100(share), what=escape(verb),
            lo=words.plain(lo * 100, 0), hi=words.plain(hi * 100, 0))
        for year, share, lo, hi in frame[["year", "share", "lo", "hi"]].itertuples(index=False)
    ]  # fmt: skip


def _column(frame: pd.DataFrame, key: str) -> Floats:
    return frame[key].to_numpy(dtype=float)


def _columns(*, rung: bool = False) -> tuple[Column, ...]:
    extra = (Column("rung", "Rung"),) if rung else ()
    return (
        Column("arm", "Arm"),
        *extra,
        Column("year", "Year", 2),
        Column("histories", "Histories so far", 0),
        Column("share", "Share", 3),
        Column("lo", "95 % from", 3),
        Column("hi", "95 % to", 3),
    )


def _crisis_title(study: Study, by_arm: dict[str, pd.DataFrame]) -> str:
    arm = headline_arm(study)
    before = words.in_100(float(by_arm[study.reference.label]["share"].iloc[-1]))
    if arm is None:
        return say("By {year}, {before} histories have seen an interstate crisis over the resource",
                   year=study.end_year, before=before)  # fmt: skip
    after = words.in_100(float(by_arm[arm.label]["share"].iloc[-1]))
    return say(
        "By {year}, {before} histories have seen an interstate crisis over the resource, with "
        "{reference} and with {arm} alike" if before == after else
        "By {year}, {before} histories with {reference} and {after} with {arm} have seen an "
        "interstate crisis over the resource", year=study.end_year, before=before, after=after,
        reference=study.reference.label, arm=arm.label,
    )  # fmt: skip


def _rungs_title(study: Study, groups: dict[tuple[str, str], pd.DataFrame]) -> str:
    rung = study.interstate_rungs[min(3, len(study.interstate_rungs) - 1)]
    arm = headline_arm(study)
    before = words.in_100(float(groups[study.reference.label, rung]["share"].iloc[-1]))
    after = "" if arm is None else words.in_100(
        float(groups[arm.label, rung]["share"].iloc[-1]))  # fmt: skip
    return say(
        "By {year}, {before} histories with {reference} have reached {rung} or more, over any issue"
        if arm is None else
        "By {year}, {before} histories with {reference} and {after} with {arm} have reached {rung} "
        "or more, over any issue", year=study.end_year, before=before, after=after, rung=rung,
        reference=study.reference.label, arm="" if arm is None else arm.label,
    )  # fmt: skip


def _alt(by_arm: dict[str, pd.DataFrame]) -> str:
    parts = [
        f"{label} {words.in_100(float(frame['share'].iloc[-1]))}" for label, frame in by_arm.items()
    ]
    return say("Lines by arm, share of histories with an interstate crisis over the resource so "
               "far. At the end: {parts}.", parts=", ".join(parts))  # fmt: skip


def _rungs_alt(study: Study, groups: dict[tuple[str, str], pd.DataFrame]) -> str:
    parts = []
    for arm in study.arms:
        ends = [
            f"{rung} {words.in_100(float(groups[arm.label, rung]['share'].iloc[-1]))}"
            for rung in study.interstate_rungs[1:]
        ]
        parts.append(f"{arm.label}: {', '.join(ends)}")
    told = say("Share of histories that reach each interstate rung by the end.")
    return f"{told} {'; '.join(parts)}."
