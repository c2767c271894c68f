"""Where is trouble, quarter by quarter, in one history? The map of `places` with a clock.

The rung of every pair of towns in every quarter of the told history, as ``frames`` in the spec's
``meta``: the page colours the lines for the quarter at hand. Nothing else is animated, and the
table holds the same by year.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis import theme, words
from analysis.figures.figure import REPLAYED, Column, Figure, Key, Spec, View, source_line
from analysis.figures.layout import base, broken, escape
from analysis.figures.map_labels import Extent, extent, map_labels, town_name
from analysis.figures.map_lines import border_line, hidden, segments, town_of
from analysis.figures.places import SMALL, WIDE
from analysis.language import say, say_count
from analysis.study import Arm, Study

QUESTION = "Where is trouble, quarter by quarter, in one history?"
NEEDS = ("histories", "region")
MOST_NAMED = 3
COLUMNS = (
    Column("year", "Year", 0),
    Column("dyad", "Pair of towns"),
    Column("highest", "Highest rung"),
    Column("violent", "Quarters in violence", 0),
)
HOW_TO_READ = (
    (
        "Move the slider, or play: the lines take the colour of the highest rung of the local "
        "ladder at which a pair of towns stood in that quarter."
    ),
    "The sentence below the slider says the same in words, and what nations did to each other.",
    (
        "One history is an anecdote. Every arm shows the history of its own seed; where the seeds "
        "are equal, so are weather, elections and luck."
    ),
)


def build(study: Study) -> Figure | None:
    """The figure, or None when no history keeps the rungs of its pairs."""
    views = tuple(view for arm in study.arms
                  if arm.name in study.histories and (view := _view(study, arm)) is not None)
    if not views:
        return None
    return Figure(
        key="quarters",
        question=QUESTION,
        views=views,
        control="Arm",
        state="arm",
        source=source_line(REPLAYED, study.identity),
        how_to_read=HOW_TO_READ,
        note=say("Simulated, not observed; no position on any border."),
    )


def rungs_of(study: Study, history: dict[str, Any]) -> np.ndarray | None:
    """Rung [dyad, quarter] of the told history, dyads as in the region; None where not kept."""
    kept = {str(one["name"]): one["rung"] for one in history.get("dyads", [])}
    names = [str(dyad.get("name", "")) for dyad in study.region.get("dyads", [])]
    if not names or not set(names) <= set(kept) or not len(kept[names[0]]):
        return None
    return np.array([kept[name] for name in names], dtype=int)


def _view(study: Study, arm: Arm) -> View | None:
    history = study.histories[arm.name]
    rungs = rungs_of(study, history)
    if rungs is None:
        return None
    box, top = extent(study), len(study.local_rungs) - 1
    dyads = _names(study)
    rule = str(history.get("rule", "")).rstrip(".")
    return View(
        key=arm.name,
        label=arm.label,
        title=_title(arm, dyads, (rungs == top).sum(axis=1), rungs.shape[1]),
        subtitle=say("{arm}, seed {seed}.", arm=words.upper_first(arm.label),
                     seed=str(int(history.get("seed", 0))))
        + (" " + say("Chosen by rule: {rule}.", rule=say(rule)) if rule else ""),
        spec=_spec(study, rungs, box, history),
        narrow={"annotations": map_labels(study, box, SMALL, 11)},
        legend=tuple(Key(theme.rung_token(rung, top), words.upper_first(name), "outlined")
                     for rung, name in enumerate(study.local_rungs)),
        alt=_alt(arm, dyads, (rungs == top).sum(axis=1)),
        table=_table(study, dyads, rungs),
        columns=COLUMNS,
    )  # fmt: skip


def _names(study: Study) -> list[str]:
    return ["\u2013".join(town_name(town_of(study, dyad[side])) for side in "ab")
            for dyad in study.region["dyads"]]  # fmt: skip


def _spec(study: Study, rungs: np.ndarray, box: Extent, history: dict[str, Any]) -> Spec:
    dyads, top = study.region["dyads"], len(study.local_rungs) - 1
    said = _said(study, rungs, history)
    start = _start(rungs, history)
    data = [border_line(study), _lines(study, dyads, "@outline", 6.5)]
    tokens = [theme.rung_token(rung, top) for rung in range(top + 1)]
    lines = [_lines(study, [dyad], tokens[rungs[row, start]], 4.5)
             for row, dyad in enumerate(dyads)]  # fmt: skip
    frames = {
        "first": len(data), "tokens": tokens, "start": start, "said": said,
        "rungs": ["".join(map(str, row)) for row in rungs],
        "dates": [_date(study, at, history) for at in range(rungs.shape[1])],
    }  # fmt: skip
    layout = base(
        520,
        margin={"l": 1, "r": 1, "t": 1, "b": 1},
        plot_bgcolor="@land0",
        xaxis=hidden([box.west, box.east]),
        yaxis={**hidden([box.south, box.north]), "scaleanchor": "x",
               "scaleratio": round(1 / box.cosine, 6)},
        annotations=map_labels(study, box, WIDE, 12.5),
        meta={"ratio": round(box.ratio, 4), "frames": frames},
    )  # fmt: skip
    return {"data": [*data, *lines, _towns(study)], "layout": layout}


def _lines(study: Study, dyads: list[dict[str, Any]], token: str, width: float) -> Spec:
    x, y = segments(study, dyads)
    return {"type": "scatter", "mode": "lines", "x": x, "y": y, "hoverinfo": "skip",
            "line": {"color": token, "width": width}}  # fmt: skip


def _towns(study: Study) -> Spec:
    towns = study.region["municipalities"]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(t["lon"]) for t in towns],
        "y": [float(t["lat"]) for t in towns],
        "marker": {"size": 10, "color": "@card", "opacity": 1,
                   "line": {"color": "@outline", "width": 1.6}},
        "text": [f"<b>{broken(escape(town_name(t)), 40)}</b>" for t in towns],
        "hovertemplate": "%{text}<extra></extra>",
    }  # fmt: skip


def _start(rungs: np.ndarray, history: dict[str, Any]) -> int:
    """The quarter shown first: highest between nations, then worst among towns."""
    between = [one["rung"] for one in history.get("pairs", [])]
    nations = np.max(between, axis=0) if between else np.zeros(rungs.shape[1])
    return int(np.lexsort((-rungs.sum(axis=0), -nations))[0])


def _date(study: Study, at: int, history: dict[str, Any]) -> str:
    each = int(history.get("points_per_year", 4))
    return say("{year}, quarter {quarter}", year=study.start_year + at // each,
               quarter=at % each * 4 // each + 1)  # fmt: skip


def _said(study: Study, rungs: np.ndarray, history: dict[str, Any]) -> list[str]:
    """Every quarter in words: pairs of towns by rung, and what stood between nations."""
    between = {_nations(study, str(one["name"])): one["rung"] for one in history.get("pairs", [])}
    upwards = range(1, len(study.local_rungs))
    told = []
    for at in range(rungs.shape[1]):
        counts = np.bincount(rungs[:, at], minlength=len(study.local_rungs))
        towns = [f"{study.local_rungs[rung]} {counts[rung]}" for rung in reversed(upwards)
                 if counts[rung]]  # fmt: skip
        nations = [f"{name} {study.interstate_rungs[int(row[at])]}"
                   for name, row in between.items() if row[at]]  # fmt: skip
        first = (say("Pairs of towns: {rungs}.", rungs=", ".join(towns)) if towns
                 else say("All pairs of towns calm."))  # fmt: skip
        second = (say("Between nations: {rungs}.", rungs=", ".join(nations)) if nations
                  else say("Between nations: normal relations."))  # fmt: skip
        told.append(f"{first} {second}" if between else first)
    return told


def _nations(study: Study, pair: str) -> str:
    """A pair of nations by the names that readers know."""
    labels = {str(one["name"]): str(one.get("label") or one["name"])
              for one in study.region.get("nations", [])}  # fmt: skip
    return "\u2013".join(labels.get(code, code) for code in pair.split("-"))


def _title(arm: Arm, dyads: list[str], violent: np.ndarray, quarters: int) -> str:
    most = int(violent.max())
    if not most:
        return say("One history with {arm}: no pair of towns came to violence", arm=arm.label)
    named = [dyads[row] for row in np.flatnonzero(violent == most)]
    if len(named) > MOST_NAMED:
        return say("One history with {arm}: {pairs} were in violence in {most} of {quarters} "
                   "quarters, none in more", arm=arm.label, most=most, quarters=quarters,
                   pairs=words.count(len(named), "pair"))  # fmt: skip
    return say("One history with {arm}: {dyads} in violence in {most} of {quarters} quarters, no "
               "other pair in as many", arm=arm.label, dyads=words.listing(named), most=most,
               quarters=quarters)  # fmt: skip


def _alt(arm: Arm, dyads: list[str], violent: np.ndarray) -> str:
    order = sorted(range(len(dyads)), key=lambda row: -int(violent[row]))[:5]
    listed = [f"{dyads[row]} {violent[row]}" for row in order]
    told = say_count("Map of {number} pair of partner towns in one history with {arm}.",
                     "Map of {number} pairs of partner towns in one history with {arm}.",
                     len(dyads), arm=arm.label)  # fmt: skip
    return f"{told} " + say("Quarters in violence, most first: {listed}.",
                            listed=", ".join(listed))  # fmt: skip


def _table(study: Study, dyads: Sequence[str], rungs: np.ndarray) -> pd.DataFrame:
    """Highest rung and quarters in violence of each pair in each year."""
    top = len(study.local_rungs) - 1
    each = max(1, round(rungs.shape[1] / study.years))
    rows = [
        {"year": study.start_year + start // each, "dyad": dyad,
         "highest": study.local_rungs[int(rungs[row, start : start + each].max())],
         "violent": int((rungs[row, start : start + each] == top).sum())}
        for start in range(0, rungs.shape[1], each)
        for row, dyad in enumerate(dyads)
    ]  # fmt: skip
    return pd.DataFrame(rows)
