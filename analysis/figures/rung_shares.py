"""How are the histories spread over the interstate ladder, year by year?

A view of the ladder figure. The highest rung between nations takes whole values and is mostly
`normal`, so that a median says nothing: every vertical slice shows all histories instead.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import theme, words
from analysis.figures.figure import Column, Key, Spec, View
from analysis.figures.layout import escape
from analysis.figures.multiples import multiples, narrow_multiples, share_axis, thinned
from analysis.headline import headline_arm
from analysis.language import say
from analysis.study import Arm, Study

SERIES = "interstate_rung"
WINDOW = 4  # quarters
COLUMNS = (
    Column("arm", "Arm"),
    Column("year", "Year", 2),
    Column("rung", "Highest rung of the past 12 months"),
    Column("share", "Share of histories", 3),
)


def rung_share_view(study: Study) -> View | None:
    """The view, or None when the study did not record the ladder."""
    if any(study.series(SERIES, arm.name).size == 0 for arm in study.arms):
        return None
    table = share_table(study)
    rungs = study.interstate_rungs
    top = len(rungs) - 1
    groups = {
        (str(arm), str(rung)): frame
        for (arm, rung), frame in table.groupby(["arm", "rung"], sort=False)
    }

    def draw(index: int, arm: Arm) -> list[Spec]:
        return [
            _area(index, groups[arm.label, rungs[rung]], theme.rung_token(rung, top), rungs[rung])
            for rung in range(top, 0, -1)
        ]

    above = 1.0 - float(table[table["rung"] == rungs[0]]["share"].min())
    axis = share_axis(above)
    return View(
        key="interstate",
        label="Interstate ladder",
        title=_title(study, table),
        subtitle=say(
            "Share of histories by the highest rung that any pair of nations reached in the past "
            "12 months, over any issue. What is left up to 100 % is \u201c{rung}\u201d.",
            rung=rungs[0],
        ),
        spec=multiples(study, draw, axis, 52),
        narrow=narrow_multiples(study, axis, 42),
        legend=tuple(
            Key(theme.rung_token(rung, top), rungs[rung], "outlined") for rung in range(1, top + 1)
        ),
        alt=_alt(study, table),
        table=table,
        columns=COLUMNS,
    )


def trailing_maximum(values: NDArray[np.float32], window: int) -> NDArray[np.float32]:
    """Highest value [run, point] of the last ``window`` points, fewer at the start."""
    result = values.copy()
    for back in range(1, window):
        result[:, back:] = np.maximum(result[:, back:], values[:, :-back])
    return result


def share_table(study: Study) -> pd.DataFrame:
    """Share of histories at each rung, by arm and thinned quarter."""
    frames = []
    for arm in study.arms:
        values = trailing_maximum(study.series(SERIES, arm.name), WINDOW)
        rows = thinned(values.shape[1], first=WINDOW - 1)
        years = study.point_years(values.shape[1])[rows]
        level = np.rint(values[:, rows])
        for rung, name in enumerate(study.interstate_rungs):
            share = (level == rung).mean(axis=0)
            frames.append(
                pd.DataFrame(
                    {"arm": arm.label, "year": years, "rung": name, "share": np.round(share, 5)}
                )
            )
    return pd.concat(frames, ignore_index=True)


def _area(index: int, frame: pd.DataFrame, token: str, name: str) -> Spec:
    end = "" if index == 0 else str(index + 1)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": [float(v) for v in frame["year"]],
        "y": [float(v) for v in frame["share"]],
        "stackgroup": f"arm{index}",
        "fillcolor": token,
        "line": {"width": 0.6, "color": "@card"},
        "text": [
            say("<b>12 months to {year}</b><br>{share} histories: {rung}",
                year=words.year(year), share=words.in_100(share), rung=escape(name))
            for year, share in frame[["year", "share"]].itertuples(index=False)
        ],
        "hovertemplate": "%{text}<extra></extra>",
        "xaxis": f"x{end}",
        "yaxis": f"y{end}",
    }


def _above(study: Study, table: pd.DataFrame, arm: Arm) -> float:
    """Share of histories above the lowest rung, averaged over the years."""
    chosen = table[(table["arm"] == arm.label) & (table["rung"] == study.interstate_rungs[0])]
    return 1.0 - float(chosen["share"].mean())


def _title(study: Study, table: pd.DataFrame) -> str:
    rung = study.interstate_rungs[1]
    arm = headline_arm(study)
    before = words.in_100(_above(study, table, study.reference))
    if arm is None:
        return say("In an average year, {before} histories see {rung} or more between nations",
                   before=before, rung=rung)  # fmt: skip
    after = words.in_100(_above(study, table, arm))
    return say(
        "In an average year, {before} histories see {rung} or more between nations, with "
        "{reference} and with {arm} alike" if before == after else
        "In an average year, {before} histories with {reference} and {after} with {arm} see {rung} "
        "or more between nations", before=before, after=after, rung=rung,
        reference=study.reference.label, arm=arm.label,
    )  # fmt: skip


def _alt(study: Study, table: pd.DataFrame) -> str:
    parts = [f"{arm.label} {words.in_100(_above(study, table, arm))}" for arm in study.arms]
    return say(
        "{panels} of stacked areas by year. Share of histories above {rung}, averaged over the "
        "years: {parts}.", panels=words.count(len(parts), "panel"),
        rung=study.interstate_rungs[0], parts=", ".join(parts),
    )  # fmt: skip
