"""The page of ``thalweg live``: what stands on it, and what every press of a control shows.

Dash components only here; the figures come from `analysis.live_figures`, the model from
`experiments.live_history`. The page looks as the report does: its colour tokens, its style sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from dash import dcc, html

from analysis import live_figures
from analysis.theme import resolve
from experiments.live_history import Change, History
from experiments.settings import MOST_SEED, Setting, plain
from experiments.story import date_of, written_date, written_day

SPEEDS = {1: "1 week", 4: "4 weeks", 13: "a quarter", 52: "a year"}  # places of one slider
SPEED = 1
FRAME_MILLISECONDS = 500
GRAPH = {"displayModeBar": False, "responsive": True, "showTips": False}
WARNING = (
    "Simulated, not observed, and no forecast. One history is an anecdote: it shows the model at "
    "work, not what a mechanism does. Compare some hundred histories with ``thalweg compare``. "
    "Borders are drawn as the source draws them and imply no position."
)
PROMISE = (
    "A slider acts from the next week that is simulated, on every pair of towns; weeks that are "
    "past stay as they are. A mechanism still needs its time to be set up; at 0 it ends at once. "
    "Weather, elections and luck are drawn by the seed alone. A new history starts with the "
    "sliders as they stand; the years before its start know nothing of them."
)


UNITS = {"1/year": "a year", "share": "", "ratio": "", "probability": ""}  # beside a slider


class Shown(NamedTuple):
    """Everything that changes when weeks go by, in the order of `experiments.live_app.OUTPUTS`."""

    map: Any
    map_words: str
    ladders: Any
    ladder_words: str
    date: str
    told: str
    acts: list[Any]
    changes: list[Any]
    over: bool


def turned(
    history: History, trigger: str, weeks: float, seed: int | None, asked: Mapping[str, float],
    view: Mapping[str, Any],
) -> Shown:  # fmt: skip
    """Carry out what was pressed (``clock``, ``step``, ``begin`` or nothing) and show the state."""
    with history.lock:
        if trigger == "begin":
            history.begin(_whole(seed, history.seed))
        elif trigger in {"clock", "step"}:
            history.advance(weeks, asked)
        return shown(history, view)


def shown(history: History, view: Mapping[str, Any]) -> Shown:
    """The page at this moment; ``view``: scheme (light or dark), and narrow where the window is."""
    from sim.events import INTERSTATE_RUNGS, LOCAL_RUNGS

    scheme = "dark" if view.get("scheme") == "dark" else "light"
    narrow = bool(view.get("narrow"))
    drawn, start = live_figures.Drawn(history.study.document), history.study.region.start_year
    span = (float(start), start + float(history.study.settings["years"]))
    both, ladders = (LOCAL_RUNGS, INTERSTATE_RUNGS), history.ladders
    marks = sorted({start + change.time for change in history.changes})
    area = live_figures.live_map(drawn, history.reached, LOCAL_RUNGS, narrow=narrow)
    climbed = live_figures.live_ladders(history.years, ladders, both, span, marks, narrow=narrow)
    return Shown(
        resolve(area, scheme),
        live_figures.map_words(drawn, history.reached, LOCAL_RUNGS),
        resolve(climbed, scheme),
        live_figures.ladder_words(history.years, ladders, both),
        written_date(start, history.time),
        _told(history),
        [html.Li(words) for words in history.last_acts()] or [html.Li("Nothing has happened yet.")],
        [html.Li(_changed(history, one)) for one in reversed(history.changes)]
        or [html.Li("Nothing so far: this is the history of the settings and the seed.")],
        history.over,
    )


def layout(history: History) -> html.Main:
    """The whole page. Every control has a label, and every figure its words."""
    return html.Main(id="page", children=[
        dcc.Store(id="view", data={"scheme": "light", "narrow": False}),
        dcc.Store(id="over", data=False),
        dcc.Interval(id="clock", interval=FRAME_MILLISECONDS, disabled=True),
        _head(history),
        html.Div(className="live", children=[
            html.Div([_transport(history), *_sliders(history)], className="live-controls"),
            html.Div([*_figures(history), _lists()], className="live-figures"),
        ]),
        html.P(_sources(history), className="source"),
    ])  # fmt: skip


def _head(history: History) -> html.Header:
    before, command, after = WARNING.split("``")
    return html.Header([
        html.H1(f"{history.study.region.label}, one history"),
        html.P([html.Span("Simulated, not observed", className="badge")]),
        html.P([before, html.Code(command), after], className="note-box live-warning"),
    ])  # fmt: skip


def _transport(history: History) -> html.Section:
    first = written_date(history.study.region.start_year, 0.0)
    return html.Section(className="card live-transport", **_named("Time"), children=[
        html.P(first, id="date", className="live-date"),
        html.P("", id="told", className="small", role="status"),
        html.Div(className="live-row", children=[
            html.Button("Play", id="play", **{"aria-pressed": "false"}),
            html.Button("Step", id="step"),
        ]),
        _speed(),
        html.Div(className="live-row", children=[
            html.Label(["Seed ", _seed(history.seed)]),
            html.Button("New history", id="begin"),
        ]),
    ])  # fmt: skip


def _speed() -> html.Label:
    names = tuple(SPEEDS.values())
    return html.Label(className="live-slider", children=[
        html.Span("Weeks at a time"),
        html.Output(names[SPEED], **{"data-names": "|".join(names)}),
        dcc.Input(id="speed", type="range", min=0, max=len(names) - 1, step=1, value=SPEED),
    ])  # fmt: skip


def weeks_at(place: Any) -> int:
    """Weeks at a time at a place of the speed slider."""
    return tuple(SPEEDS)[int(place)]


def _seed(seed: int) -> dcc.Input:
    return dcc.Input(id="seed", type="text", value=str(seed), debounce=True, inputMode="numeric",
                     pattern="[0-9]+", size="8")  # fmt: skip


def _sliders(history: History) -> list[Any]:
    """Two groups of sliders: the mechanisms, and some parameters."""
    groups = {"mechanisms": "Mechanisms, intensity", "parameters": "Some parameters"}
    found: list[Any] = [html.P(PROMISE, className="small")]
    for key, title in groups.items():
        controls = [one for one in history.controls if one.key.startswith(f"{key}.")]
        found.append(html.Details(className="card fold", open=True, children=[
            html.Summary(title), *(_slider(one, history.asked[one.key]) for one in controls),
        ]))  # fmt: skip
    return found


def _slider(control: Setting, value: float) -> html.Label:
    """A native range: the keyboard works and the label belongs to it."""
    unit = UNITS.get(control.unit, control.unit)
    step = (control.hi - control.lo) / 100
    return html.Label(className="live-slider", title=control.key.split(".", 1)[1], children=[
        html.Span(control.label),
        html.Output(f"{plain(value)} {unit}".strip(), **{"data-unit": unit}),
        dcc.Input(id={"slider": control.key}, type="range", min=control.lo, max=control.hi,
                  step=step, value=value),
    ])  # fmt: skip


def _figures(history: History) -> list[html.Section]:
    from sim.events import LOCAL_RUNGS

    key = [html.Li([html.Span(className=f"mark {one.mark} c-{one.token[1:]}"), one.label])
           for one in live_figures.map_key(LOCAL_RUNGS)]  # fmt: skip
    now = shown(history, {})
    return [
        html.Section(className="card", **_named("Map"), children=[
            html.H2("Where, in the past quarter", className="h3"),
            html.P("A line joins two partner towns; its colour is their highest rung in the past "
                   "13 weeks.", className="subtitle"),
            html.Ul(key, className="legend"),
            _graph("map", now.map, now.map_words),
        ]),
        html.Section(className="card", **_named("Ladders"), children=[
            html.H2("How far both ladders were climbed", className="h3"),
            html.P("Highest rung over all pairs, week by week. Dotted line: a change by hand.",
                   className="subtitle"),
            _graph("ladders", now.ladders, now.ladder_words),
            html.P(_numbered(), className="narrow-note"),
        ]),
    ]  # fmt: skip


def _numbered() -> str:
    """What the numbers beside narrow ladders mean."""
    from sim.events import INTERSTATE_RUNGS, LOCAL_RUNGS

    both = zip(live_figures.LADDERS, (LOCAL_RUNGS, INTERSTATE_RUNGS), strict=True)
    parts = [f"{where}: {', '.join(f'{k} {name}' for k, name in enumerate(names))}."
             for where, names in both]  # fmt: skip
    return " ".join(parts)


def _graph(name: str, figure: Any, words: str) -> html.Div:
    """A chart whose words stand for it where it cannot be seen."""
    return html.Div(
        dcc.Graph(id=name, figure=figure, config=GRAPH, className="plot"),
        id=f"{name}-box", role="img", **{"aria-label": words},
    )  # fmt: skip


def _lists() -> html.Div:
    return html.Div(className="live-lists", children=[
        html.Section(className="card", **_named("Acts"), children=[
            html.H2("The last acts", className="h3"),
            html.P("The latest first.", className="subtitle"),
            html.Ul([], id="acts", className="live-list"),
        ]),
        html.Section(className="card", **_named("Changes"), children=[
            html.H2("Changed by hand", className="h3"),
            html.Ul([], id="changes", className="live-list"),
        ]),
    ])  # fmt: skip


def _told(history: History) -> str:
    if history.over:
        return (f"The history ends here, after {plain(history.study.settings['years'])} years and "
                f"{history.acts} acts. New history starts another.")  # fmt: skip
    full = " The log is full: later acts are missing." if history.full else ""
    return f"Seed {history.seed}. {history.acts} acts so far.{full}"


def _changed(history: History, change: Change) -> str:
    control = next(one for one in history.controls if one.key == change.key)
    day = written_day(date_of(history.study.region.start_year, change.time)[0])
    return f"{day}: {control.label} {plain(change.before)} → {plain(change.after)}"


def _sources(history: History) -> str:
    region = history.study.document
    given = (region.get("border_source"), region.get("place_source"))
    return " ".join(f"{str(one).rstrip('.')}." for one in given if one)


def _named(name: str) -> dict[str, str]:
    return {"aria-label": name}


def _whole(seed: Any, otherwise: int) -> int:
    """The seed that was typed, or the present one where that is none."""
    text = str(seed).strip()
    return int(text) if text.isdecimal() and int(text) <= MOST_SEED else otherwise


def values(keys: Sequence[Mapping[str, str]], given: Sequence[Any]) -> dict[str, float]:
    """What the sliders ask for, by key; one that says nothing readable is left out."""
    found = {}
    for key, value in zip(keys, given, strict=True):
        try:
            found[str(key["slider"])] = float(value)
        except (TypeError, ValueError):
            continue
    return found
