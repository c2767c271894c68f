"""How does one history unfold? All its events above, and below the chain that climbed highest."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import theme, words
from analysis.figures.figure import REPLAYED, Column, Figure, Spec, View, source_line
from analysis.figures.layout import base, broken, escape
from analysis.figures.story import (
    MOST_LISTED,
    Event,
    duration,
    lanes,
    read_events,
    sentences,
    tell,
)
from analysis.figures.timeline_lanes import axes, height, lane_key, margin
from analysis.language import say
from analysis.study import Arm, Study

QUESTION = "How does one history unfold?"
NEEDS = ("histories",)
COLUMNS = (
    Column("number", "In chart"),
    Column("date", "Date"),
    Column("actor", "Actor"),
    Column("act", "Act"),
    Column("target", "Towards"),
    Column("place", "Place"),
    Column("rung", "Rung"),
    Column("bar", "BAR", 0),
    Column("hostility", "Hostility", 0),
    Column("issue", "Issue"),
    Column("root", "Root"),
    Column("id", "Event", 0),
    Column("cause", "Caused by event", 0),
)
HOW_TO_READ = (
    (
        "Above: every event of one simulated history, by calendar year; a higher lane is further "
        "up the two ladders, local first, then between nations."
    ),
    (
        "Below: the chain that climbed highest, in order. Numbers are events, arrows point from "
        "cause to effect, the date stands under each. Steps are evenly spaced, time is not."
    ),
    "One history is an illustration, not a typical case: it was picked because it has a story.",
)


def build(study: Study) -> Figure | None:
    """The figure, or None when no history was written."""
    views = [
        view
        for arm in study.arms
        if arm.name in study.histories and (view := _view(study, arm)) is not None
    ]
    if not views:
        return None
    return Figure(
        key="timeline",
        question=QUESTION,
        views=tuple(views),
        control="Arm",
        state="arm",
        source=source_line(REPLAYED, study.identity),
        how_to_read=HOW_TO_READ,
    )


def event_table(study: Study, events: list[Event], told: list[Event]) -> pd.DataFrame:
    """The events as rows; the ones with the highest lanes when there are too many."""
    numbers = {event.id: str(at) for at, event in enumerate(told, start=1)}
    kept = sorted(events, key=lambda e: (e.id not in numbers, -e.lane, e.time))[:MOST_LISTED]
    names = lanes(study)
    rows = [
        {
            "number": numbers.get(event.id, ""),
            **{k: v for k, v in event._asdict().items() if k not in ("lane", "time", "answered")},
            "rung": names[event.lane],
            "root": say(event.root) if event.root else "",
        }
        for event in sorted(kept, key=lambda e: (e.time, e.id))
    ]
    return pd.DataFrame(rows, columns=[column.key for column in COLUMNS])


def _view(study: Study, arm: Arm) -> View | None:
    history = study.histories[arm.name]
    events = read_events(study, history)
    told = tell(events)
    if not told:
        return None
    seed = str(int(history.get("seed", 0)))
    rule = str(history.get("rule", "")).rstrip(".")
    rule = " " + say("Chosen by rule: {rule}.", rule=say(rule)) if rule else ""
    listed = "" if len(events) <= MOST_LISTED else " " + say(
        "The table lists the {number} highest.", number=MOST_LISTED)  # fmt: skip
    return View(
        key=arm.name,
        label=arm.label,
        title=_title(study, told),
        subtitle=say("{arm}, seed {seed}, {events}.", arm=words.upper_first(arm.label), seed=seed,
                     events=words.count(len(events), "event")) + rule + listed,
        spec=_spec(study, events, told, full=True),
        narrow=_narrow(study, told),
        narrow_note=lane_key(study),
        alt=_alt(study, arm, told),
        table=event_table(study, events, told),
        columns=COLUMNS,
        steps=tuple(sentences(study, told)),
    )


def _spec(study: Study, events: list[Event], told: list[Event], *, full: bool) -> Spec:
    layout = base(
        height(study, told),
        margin={"l": margin(study), "r": 14, "t": 24, "b": 46},
        **axes(study, told, full=full),
    )
    layout["annotations"] = [*_titles(), *_arrows(told)]
    layout["shapes"] = [_window(told)]
    return {"data": [_all_events(study, events), _chain(study, told)], "layout": layout}


def _all_events(study: Study, events: list[Event]) -> Spec:
    top = len(lanes(study)) - 1
    shown = sorted(events, key=lambda e: -e.lane)[: 3 * MOST_LISTED]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round(event.time, 3) for event in shown],
        "y": [event.lane for event in shown],
        "marker": {
            "size": 7,
            "opacity": 1,
            "color": [theme.rung_token(event.lane, top) for event in shown],
            "line": {"color": "@outline", "width": 0.8},
        },
        "text": [_hover(event) for event in shown],
        "hovertemplate": "%{text}<extra></extra>",
        "xaxis": "x",
        "yaxis": "y",
    }


def _chain(study: Study, told: list[Event]) -> Spec:
    top = len(lanes(study)) - 1
    tokens = [theme.rung_token(event.lane, top) for event in told]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": list(range(1, len(told) + 1)),
        "y": [event.lane for event in told],
        "text": [str(at) for at in range(1, len(told) + 1)],
        "textposition": "middle center",
        "textfont": {"size": 12, "color": [f"{token}-ink" for token in tokens]},
        "customdata": [_hover(event) for event in told],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {
            "size": 25,
            "opacity": 1,
            "color": tokens,
            "line": {"color": "@outline", "width": 1.2},
        },
        "cliponaxis": False,
        "xaxis": "x2",
        "yaxis": "y2",
    }


def _hover(event: Event) -> str:
    did = f"{event.actor}: {event.act}"
    if event.target:
        did = say("{act} towards {target}", act=did, target=event.target)
    return f"<b>{escape(event.date)}</b><br>{broken(did, 44)}<br>{broken(event.place, 44)}"


def _arrows(told: list[Event]) -> list[Spec]:
    at = {event.id: (step, event.lane) for step, event in enumerate(told, start=1)}
    return [
        {
            "x": at[event.id][0],
            "y": at[event.id][1],
            "ax": at[event.cause][0],
            "ay": at[event.cause][1],
            "xref": "x2",
            "yref": "y2",
            "axref": "x2",
            "ayref": "y2",
            "text": "",
            "showarrow": True,
            "arrowhead": 2,
            "arrowsize": 1.1,
            "arrowwidth": 1.5,
            "arrowcolor": "@axis",
            "standoff": 14,
            "startstandoff": 14,
        }
        for event in told
        if event.cause in at
    ]


def _titles() -> list[Spec]:
    common: dict[str, Any] = {"xref": "paper", "x": 0, "xanchor": "left", "showarrow": False}
    font = {"size": 12, "color": "@muted"}
    return [
        {**common, "yref": "y domain", "y": 1, "yanchor": "bottom", "yshift": 5, "font": font,
         "text": say("<b>All events</b>, by calendar year (shaded: the time of the chain below)")},
        {**common, "yref": "y2 domain", "y": 1, "yanchor": "bottom", "yshift": 7, "font": font,
         "text": say("<b>The chain</b>, step by step")},
    ]  # fmt: skip


def _window(told: list[Event]) -> Spec:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "y domain",
        "x0": round(told[0].time - 0.06, 3),
        "x1": round(told[-1].time + 0.06, 3),
        "y0": 0,
        "y1": 1,
        "fillcolor": "@accent/16",
        "line": {"width": 0},
        "layer": "below",
    }


def _narrow(study: Study, told: list[Event]) -> Spec:
    titles = [
        {**title, "text": title["text"].split(" (")[0], "font": {**title["font"], "size": 11}}
        for title in _titles()
    ]
    return {
        **axes(study, told, full=False),
        "margin": {"l": 30, "r": 8, "t": 24, "b": 44},
        "annotations": [*titles, *_arrows(told)],
        "height": height(study, told),
    }


def _title(study: Study, told: list[Event]) -> str:
    first, peak = told[0], max(told, key=lambda event: (event.lane, -event.time))
    names = lanes(study)
    if first.id == peak.id:
        return say("One history: it came to {rung} and went no further", rung=names[peak.lane])
    return say(
        "From {first} at {place} to {last} in {time}" if first.place else
        "From {first} to {last} in {time}", first=names[first.lane], place=first.place,
        last=names[peak.lane], time=duration(first, peak),
    )  # fmt: skip


def _alt(study: Study, arm: Arm, told: list[Event]) -> str:
    return say(
        "Timeline of one history with {arm}: a chain of {number} events. {title}. The numbered "
        "list below says each step.", arm=arm.label, number=len(told), title=_title(study, told),
    )  # fmt: skip
