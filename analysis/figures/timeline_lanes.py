"""Lanes and axes of the timeline: all events by year above, the told chain by step below."""

from __future__ import annotations

from analysis.figures.figure import Spec
from analysis.figures.layout import axis, broken, escape, year_ticks
from analysis.figures.story import Event, lanes
from analysis.language import say
from analysis.study import Study

LANE, CHAIN_LANE, GAP = 17, 40, 84
LEAST, LETTER = 198, 6.2  # margin of names, and what one letter takes of it


def height(study: Study, told: list[Event]) -> int:
    """Height of the figure in pixels."""
    return LANE * len(lanes(study)) + GAP + CHAIN_LANE * len(_span(told)) + 70


def margin(study: Study) -> int:
    """Room for the longest name of a lane."""
    return max(LEAST, round(LETTER * max(len(name) for name in lanes(study))) + 8)


def _span(told: list[Event]) -> range:
    levels = [event.lane for event in told]
    return range(min(levels), max(levels) + 1)


def axes(study: Study, told: list[Event], *, full: bool) -> Spec:
    """The four axes; ``full`` has room for names, a phone has not."""
    names = lanes(study) if full else _codes(study)
    span = _span(told)
    upper, lower = LANE * len(names), CHAIN_LANE * len(span)
    split = lower / (upper + GAP + lower)
    ticks = year_ticks(study.start_year, study.end_year, 10 if full else 4)
    dates = [event.date.split(" ") for event in told]
    steps = list(range(1, len(told) + 1))
    return {
        "xaxis": axis(
            anchor="y",
            domain=[0, 1],
            range=[study.start_year - 0.2, study.end_year + 0.2],
            tickvals=ticks,
            ticktext=[str(t) for t in ticks],
            showline=True,
        ),
        "yaxis": axis(
            domain=[split + GAP / (upper + GAP + lower), 1],
            range=[-0.6, len(names) - 0.4],
            tickvals=list(range(len(names))),
            ticktext=[escape(name) for name in names],
            tickfont={"size": 11, "color": "@muted"},
        ),
        "xaxis2": axis(
            anchor="y2",
            domain=[0, 1],
            range=[0.4, len(told) + 0.6],
            tickvals=steps,
            ticktext=[_tick_date(date, full=full) for date in dates],
            showgrid=False,
            tickfont={"size": 11 if full else 9, "color": "@muted"},
            tickangle=0,
        ),
        "yaxis2": axis(
            anchor="x2",
            domain=[0, split],
            range=[span.start - 0.6, span.stop - 0.4],
            tickvals=list(span),
            ticktext=[broken(names[lane], 22) for lane in span],
            tickfont={"size": 12, "color": "@text"},
        ),
    }


def _tick_date(parts: list[str], *, full: bool) -> str:
    if len(parts) != 3:
        return escape(" ".join(parts))
    day, month, year = parts
    return f"{day} {month}<br>{year}" if full else f"{month}<br>{year[-2:]}"


def _codes(study: Study) -> list[str]:
    local, between = len(study.local_rungs), len(study.interstate_rungs)
    return ["\u2013", *(f"L{i}" for i in range(1, local)), *(f"N{i}" for i in range(1, between))]


def lane_key(study: Study) -> str:
    """What the short names of lanes stand for."""
    pairs = [f"{c} {n}" for c, n in zip(_codes(study), lanes(study), strict=True)]
    return say("Lanes: {lanes}.", lanes=", ".join(pairs))
