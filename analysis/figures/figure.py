"""What a figure is: a question, one or more views with the same controls, and the data behind them.

A view is a plotly spec as plain dicts with colour tokens, a title computed from the data, a text
alternative and the table it draws. ``narrow`` holds the layout values that differ on a phone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from analysis.language import ENGLISH, marked, say, spoken

Spec = dict[str, Any]


class Column(NamedTuple):
    """One column of a view's table; ``digits`` is for display, downloads keep every digit."""

    key: str
    label: str
    digits: int | None = None


class Key(NamedTuple):
    """One entry of a view's colour key: mark is square, line, dash, dot or ring."""

    token: str
    label: str
    mark: str = "square"


@dataclass(frozen=True)
class View:
    """One state of a figure."""

    key: str
    label: str
    title: str
    subtitle: str
    spec: Spec
    alt: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    narrow: Spec = field(default_factory=dict)
    legend: tuple[Key, ...] = ()
    group: str = ""  # heading under which a list of views shows this one
    narrow_note: str = ""  # said on a phone only, where labels are shortened
    steps: tuple[str, ...] = ()  # text version in words, where the table alone would not do


@dataclass(frozen=True)
class Figure:
    """One question with its views. ``control`` names what the views differ in."""

    key: str
    question: str
    views: tuple[View, ...]
    control: str
    source: str
    how_to_read: tuple[str, ...]
    state: str = ""  # name of the page state that the control follows, e.g. "arm"
    start: str = ""  # key of the view shown first; empty: the first
    note: str = ""
    command: tuple[str, ...] = ()  # makes this figure again; empty: the study's own does


PAIRED = marked("Paired differences under common random numbers")
REPLAYED = marked("One history, replayed from its seed")


def source_line(pairs_or_runs: str, identity: str) -> str:
    """The line under a chart: what was counted, in which study."""
    text = say("Simulated, not observed. {counted}.", counted=say(pairs_or_runs))
    return f"{text} {say('Study {identity}.', identity=identity[:12])}" if identity else text


def figure_said(figure: Figure) -> Figure:
    """The figure with its constant texts in the language of the context."""
    if spoken() == ENGLISH:
        return figure
    return replace(
        figure,
        question=say(figure.question),
        control=say(figure.control),
        how_to_read=tuple(say(line) for line in figure.how_to_read),
        views=tuple(_view_said(view) for view in figure.views),
    )


def _view_said(view: View) -> View:
    return replace(
        view,
        label=say(view.label),
        group=say(view.group) if view.group else "",
        subtitle=say(view.subtitle) if view.subtitle else "",
        legend=tuple(key._replace(label=say(key.label)) for key in view.legend),
        columns=tuple(column._replace(label=say(column.label)) for column in view.columns),
    )
