"""How far does trouble climb over the years, arm by arm?

The local ladder as bands over histories; further views come from `analysis.figures.rung_shares`
(the interstate ladder) and `analysis.figures.chances`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import theme, words
from analysis.figures.chances import chance_views
from analysis.figures.figure import Column, Figure, Key, Spec, View, source_line
from analysis.figures.layout import broken
from analysis.figures.multiples import band, line, multiples, narrow_multiples, thinned
from analysis.figures.rung_shares import rung_share_view
from analysis.headline import headline_arm
from analysis.language import marked, say
from analysis.study import Arm, Study

QUESTION = "How far does trouble climb over the years?"
NEEDS = ("series:local_rung", "series:interstate_rung", "outcome:time_to_crisis_resource")
SERIES = "local_rung"
YEAR = 4  # quarters: the season would hide the years
PERCENTILES = (5, 25, 50, 75, 95)
COLUMNS = (
    Column("arm", "Arm"),
    Column("year", "Year", 2),
    Column("p05", "5 % of histories at or below", 2),
    Column("p25", "25 % of histories at or below", 2),
    Column("p50", "50 % of histories at or below", 2),
    Column("p75", "75 % of histories at or below", 2),
    Column("p95", "95 % of histories at or below", 2),
)
HOVER = marked(
    "<b>{year}</b><br>middle history {p50}<br>half of all {p25} to {p75}<br>nine in ten {p05} to "
    "{p95}"
)
HOW_TO_READ = (
    "Each panel is one arm; all panels share one scale, so heights can be compared across them.",
    "Line: the middle (median) history. Dark band: half of all histories. Light band: nine in ten.",
    "The dashed grey line repeats the first arm's median in every other panel.",
    "Interstate ladder: the areas stack up the histories that were at each rung in the past year.",
    (
        "Chances: a line counts the histories in which it has happened by then; its band is the 95 "
        "% interval (Wilson) for the number of histories simulated."
    ),
)


def build(study: Study) -> Figure | None:
    """The figure, or None when the study recorded neither ladder nor crises."""
    views = [_view(study)] if _recorded(study) else []
    shares = rung_share_view(study)
    views += [shares] if shares is not None else []
    views += chance_views(study)
    if not views:
        return None
    runs = words.count(study.counts.ok, "simulated history", "simulated histories")
    return Figure(
        key="ladder",
        question=QUESTION,
        views=tuple(views),
        control="Show",
        source=source_line(say("{runs}, by quarter", runs=runs), study.identity),
        how_to_read=HOW_TO_READ,
    )


def quantiles(study: Study) -> pd.DataFrame:
    """Percentiles of the local ladder over the histories of each arm, at thinned quarters."""
    frames = []
    for arm in study.arms:
        values = trailing_mean(study.series(SERIES, arm.name), YEAR)
        rows = thinned(values.shape[1], first=YEAR - 1)
        table = np.percentile(values[:, rows], PERCENTILES, axis=0).astype(float).round(4)
        frame = pd.DataFrame(table.T, columns=[f"p{p:02d}" for p in PERCENTILES])
        frame.insert(0, "year", study.point_years(values.shape[1])[rows])
        frame.insert(0, "arm", arm.label)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def trailing_mean(values: NDArray[np.float32], window: int) -> NDArray[np.float64]:
    """Mean [run, point] of the last ``window`` points, fewer at the start."""
    total = np.cumsum(values, axis=1, dtype=float)
    count = np.minimum(np.arange(1, values.shape[1] + 1), window)
    total[:, window:] -= total[:, :-window].copy()
    return np.asarray(total / count, dtype=float)


def _recorded(study: Study) -> bool:
    return all(study.series(SERIES, arm.name).size > 0 for arm in study.arms)


def _view(study: Study) -> View:
    table = quantiles(study)
    by_arm = {str(label): frame for label, frame in table.groupby("arm", sort=False)}
    first = by_arm[study.reference.label]

    def draw(index: int, arm: Arm) -> list[Spec]:
        return _panel(index, by_arm[arm.label], first if index else None)

    rungs = study.local_rungs
    highest = float(table["p95"].max())
    names = ", ".join(f"{i} {name}" for i, name in enumerate(rungs))
    label = study.series_declared[SERIES].label if SERIES in study.series_declared else SERIES
    return View(
        key="local",
        label="Local ladder",
        title=_title(study, by_arm),
        subtitle=say(
            "{series}, averaged over the past 12 months. Line: the middle history. Dark band: half "
            "of all histories. Light band: nine in ten.", series=words.upper_first(label),
        ),
        spec=multiples(study, draw, _rung_axis(rungs, highest, full=True), 122),
        narrow=narrow_multiples(study, _rung_axis(rungs, highest, full=False), 28),
        narrow_note=say("Rungs: {names}.", names=names),
        legend=(repeated(study),),
        alt=_alt(by_arm),
        table=table,
        columns=COLUMNS,
    )  # fmt: skip


def repeated(study: Study) -> Key:
    """The key of the first arm's line in the other panels."""
    label = words.upper_first(study.reference.label)
    return Key("@arm0", say("{arm}, repeated", arm=label), "dash")


def _panel(index: int, frame: pd.DataFrame, first: pd.DataFrame | None) -> list[Spec]:
    token = theme.arm_token(index)
    x = [float(v) for v in frame["year"]]
    column = {key: frame[key].to_numpy(dtype=float) for key in frame.columns[2:]}
    hover = [
        say(HOVER, year=words.year(year), p50=words.plain(p50, 2), p25=words.plain(p25, 2),
            p75=words.plain(p75, 2), p05=words.plain(p05, 2), p95=words.plain(p95, 2))
        for year, p05, p25, p50, p75, p95 in frame[list(frame.columns[1:])].itertuples(index=False)
    ]  # fmt: skip
    traces = [
        band(index, x, column["p05"], column["p95"], f"{token}/18"),
        band(index, x, column["p25"], column["p75"], f"{token}/38"),
    ]
    if first is not None:
        middle = first["p50"].to_numpy(dtype=float)
        traces.append(line(index, x, middle, "@arm0-text", width=1.4, dash="4px,3px"))
    traces.append(line(index, x, column["p50"], f"{token}-text", hover))
    return traces


def _rung_axis(rungs: list[str], highest: float, *, full: bool) -> Spec:
    """The ladder up to the rung that the bands reach; one scale for all panels."""
    top = min(len(rungs) - 1, max(1.0, highest * 1.06))
    shown = range(int(top + 0.02) + 1)
    text = [broken(rungs[r], 18) if full else str(r) for r in shown]
    return {"range": [-0.012 * top, top * 1.012], "tickvals": list(shown), "ticktext": text}


def _title(study: Study, by_arm: dict[str, pd.DataFrame]) -> str:
    arm = headline_arm(study)
    top = len(study.local_rungs) - 1
    before = float(by_arm[study.reference.label]["p50"].iloc[-1])
    ends: dict[str, object] = {"top": top, "year": study.end_year}
    if arm is None:
        return say("On the local ladder (0 to {top}), the middle history ends {year} at {before}",
                   before=words.plain(before, 2), **ends)  # fmt: skip
    after = float(by_arm[arm.label]["p50"].iloc[-1])
    digits = words.distinct_digits(before, after, 2)
    a, b = words.plain(before, digits), words.plain(after, digits)
    return say(
        "On the local ladder (0 to {top}), the middle history ends {year} at {before} with "
        "{reference} and with {arm} alike" if a == b else
        "On the local ladder (0 to {top}), the middle history ends {year} at {before} with "
        "{reference}, at {after} with {arm}",
        before=a, after=b, reference=study.reference.label, arm=arm.label, **ends,
    )  # fmt: skip


def _alt(by_arm: dict[str, pd.DataFrame]) -> str:
    parts = []
    for label, frame in by_arm.items():
        last = frame.iloc[-1]
        parts.append(say(
            "{arm}: middle history {p50}, nine in ten between {p05} and {p95}", arm=label,
            p50=words.plain(last["p50"], 2), p05=words.plain(last["p05"], 2),
            p95=words.plain(last["p95"], 2),
        ))  # fmt: skip
    return say("{panels}, local ladder by year. At the end: {parts}.", parts="; ".join(parts),
               panels=words.count(len(parts), "panel"))  # fmt: skip
