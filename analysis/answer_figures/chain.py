"""Why did this crisis happen, and which act, left out under the same draws, averts it?

Drawn from the tables that ``thalweg trace DIR ROW`` keeps in the folder (answers/trace); the newest
question stands last. Its sentences are the text version.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from analysis import theme, words
from analysis.acts_said import day_said
from analysis.companions import Companions, made_by, place_of
from analysis.figures.figure import Column, Figure, Key, Spec, View, source_line
from analysis.figures.layout import axis, base, broken, nice_ticks, tick_digits
from analysis.figures.story import retold
from analysis.language import ENGLISH, marked, say, say_count, spoken
from analysis.study import Study

QUESTION = "Why did this crisis happen, and what would have averted it?"
NEEDS = ("answers/trace",)
LEVEL, AROUND, MOST_VIEWS = 38, 92, 6
YEAR = 52.0
AGAIN = marked("One history, simulated again without its acts")
CRISIS = marked("the crisis")
LOOKS = {
    CRISIS: ("@text", "square"), marked("averts"): ("@good", "diamond"),
    marked("delays"): ("@accent", "triangle-right"),
    marked("brings forward"): ("@bad", "triangle-left"),
    marked("changes nothing"): ("@unclear", "circle-open"),
    marked("not asked"): ("@unclear", "x"),
}  # fmt: skip
COLUMNS = (
    Column("step", "Step", 0), Column("date", "Date"), Column("actor", "Actor"),
    Column("act", "Act"), Column("target", "Towards"), Column("place", "Place"),
    Column("rung_label", "Rung"), Column("issue", "Issue"), Column("verdict", "Without it"),
    Column("event", "Event", 0), Column("cause", "Caused by event", 0),
)  # fmt: skip
HOW_TO_READ = (
    (
        "Acts from the first cause to the crisis, in order of time; arrows point from cause to "
        "effect; a higher place is further up the ladders, local below, between states above."
    ),
    (
        "The mark says what happened when the history was simulated again without that one act and "
        "with every other draw of chance the same: averted, delayed, brought forward, or nothing."
    ),
    "One history is an anecdote. It says how a crisis can come about, not how crises usually do.",
)


def build(study: Study, others: Companions) -> Figure | None:
    """The figure of what was traced in this folder, or None where nothing was."""
    del others
    made = sorted((study.folder / "answers" / "trace").glob("trace-*-chain.parquet"))[:MOST_VIEWS]
    views = tuple(view for path in made if (view := _view(study, path)) is not None)
    if not views:
        return None
    place = place_of(study)
    rows = [view.key.removeprefix("trace-").partition("-")[0] for view in views]
    return Figure(
        key="chain",
        question=QUESTION,
        views=views,
        control="History",
        source=source_line(AGAIN, study.identity),
        how_to_read=HOW_TO_READ,
        command=(made_by(study), *(f"thalweg trace {place} {row}" for row in dict.fromkeys(rows)),
                 f"thalweg report {place}"),
    )


def title(chain: pd.DataFrame) -> str:
    """What the crisis was, and how many single acts avert it when left out."""
    last = chain.iloc[-1]
    asked = chain[~chain["verdict"].isin([CRISIS, "not asked"])]
    averts = int((asked["verdict"] == "averts").sum())
    what = say("{act} in {place}, {date}", act=words.upper_first(say(str(last["act"]))),
               place=last["place"], date=_day(str(last["date"])))  # fmt: skip
    if not len(asked):
        return say("{crisis}: no act of its chain could be left out", crisis=what)
    if not averts:
        return say("{crisis}: leaving out any one act of its chain does not avert it", crisis=what)
    return say_count(
        "{crisis}: of {acts} asked, {number} averts it when left out alone",
        "{crisis}: of {acts} asked, {number} avert it when left out alone", averts,
        crisis=what, acts=words.count(len(asked), "act"),
    )  # fmt: skip


def _view(study: Study, path: Path) -> View | None:
    chain = pq.read_table(path).to_pandas().astype({"cause": "float64"})
    if chain.empty:
        return None
    chain["sentence"] = _sentences(study, chain)
    row = path.name.removeprefix("trace-").partition("-")[0]
    return View(
        key=path.name.removesuffix("-chain.parquet"),
        label=say("history in row {row}", row=row),
        title=title(chain),
        subtitle=say("Row {row} of the study, {acts} from the first cause to the crisis, over "
                     "{time}.", row=row, acts=words.count(len(chain), "act"),
                     time=duration(chain)),
        spec=_spec(study, chain),
        narrow={"margin": {"l": 10, "r": 14, "t": 20, "b": 56}, "yaxis": {"showticklabels": False}},
        narrow_note=say("From below: {rungs}.", rungs=", ".join(_rungs(study))),
        legend=tuple(Key(token, word, "dot") for word, (token, _) in LOOKS.items()
                     if (chain["verdict"] == word).any()),
        alt=f"{title(chain)}. " + say("The numbered list below says each step."),
        table=_worded(chain[[column.key for column in COLUMNS]]),
        columns=COLUMNS,
        steps=tuple(f"{text} [{_said(verdict)}]" for text, verdict in
                    zip(chain["sentence"], chain["verdict"], strict=True)),
    )  # fmt: skip


def duration(chain: pd.DataFrame) -> str:
    """From the first act to the last, in words."""
    weeks = -float(chain["weeks"].min())
    if weeks >= 2 * YEAR:
        return say("{number} years", number=words.plain(weeks / YEAR, 1))
    return words.count(round(weeks), "week")


def _day(text: str) -> str:
    try:
        return day_said(date.fromisoformat(text[:10]))
    except ValueError:
        return text


def _said(verdict: str) -> str:
    if verdict in {CRISIS, "not asked"}:
        return say(verdict)
    return say("left out: {verdict}", verdict=say(verdict))


def _worded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with codes said; names of towns and dates stay."""
    if spoken() == ENGLISH:
        return table
    said = {key: [say(str(text)) for text in table[key]]
            for key in ("act", "rung_label", "issue", "verdict")}  # fmt: skip
    return table.assign(**said)


def _sentences(study: Study, chain: pd.DataFrame) -> list[str]:
    """What was kept with the trace; told anew in another language."""
    if spoken() == ENGLISH:
        return [str(text) for text in chain["sentence"]]
    rows = [{str(key): value for key, value in row.items()} for row in chain.to_dict("records")]
    for row in rows:
        row |= {"id": row["event"], "cause": None if pd.isna(row["cause"]) else row["cause"]}
    return retold(study, rows)


def _rungs(study: Study) -> list[str]:
    return [*study.local_rungs[1:], *study.interstate_rungs[1:]]


def _heights(study: Study, chain: pd.DataFrame) -> list[int]:
    """Place on the two ladders, one above the other; calm and normal have none."""
    above = len(study.local_rungs) - 1
    return [max(int(rung), 1) - 1 + (0 if ladder == "local" else above)
            for rung, ladder in zip(chain["rung"], chain["ladder"], strict=True)]  # fmt: skip


def _spec(study: Study, chain: pd.DataFrame) -> Spec:
    heights, per = _heights(study, chain), YEAR if -chain["weeks"].min() > 3 * YEAR else 1.0
    xs = [round(float(week) / per, 4) for week in chain["weeks"]]
    names = _rungs(study)
    span = (max(xs) - min(xs)) or 1.0
    ends = [min(xs) - 0.05 * span, max(xs) + 0.05 * span]
    ticks = nice_ticks(ends[0], ends[1], 6)
    layout = base(LEVEL * len(names) + AROUND, margin={"l": 190, "r": 18, "t": 20, "b": 58})
    unit = {"text": say("years from the crisis" if per == YEAR else "weeks from the crisis"),
            "font": {"size": 12, "color": "@muted"}, "standoff": 10}  # fmt: skip
    shown = [words.plain(t, tick_digits(ticks)) for t in ticks]
    layout["xaxis"] = axis(range=ends, tickvals=ticks, ticktext=shown, title=unit)
    layout["yaxis"] = axis(
        range=[-0.6, len(names) - 0.4],
        tickvals=list(range(len(names))),
        ticktext=[broken(words.upper_first(name), 26) for name in names],
    )
    layout["annotations"] = _arrows(chain, xs, heights)
    top = len(names)
    return {"data": [_dots(chain, xs, heights, top)], "layout": layout}


def _dots(chain: pd.DataFrame, xs: list[float], heights: list[int], top: int) -> Spec:
    looks = [LOOKS.get(str(v), LOOKS["not asked"]) for v in chain["verdict"]]
    return {
        "type": "scatter", "mode": "markers+text", "x": xs, "y": heights,
        "text": [str(step) for step in chain["step"]], "textposition": "top center",
        "textfont": {"size": 12, "color": "@text"},
        "customdata": [broken(str(sentence), 60) for sentence in chain["sentence"]],
        "hovertemplate": "%{customdata}<extra></extra>",
        "marker": {"size": 15, "opacity": 1, "symbol": [symbol for _, symbol in looks],
                   "color": [token for token, _ in looks],
                   "line": {"color": [theme.trace_token(max(h, 1), top) for h in heights],
                            "width": 1.6}},
        "cliponaxis": False,
    }  # fmt: skip


def _arrows(chain: pd.DataFrame, xs: list[float], heights: list[int]) -> list[Spec]:
    at = {int(event): k for k, event in enumerate(chain["event"])}
    found = []
    for k, cause in enumerate(chain["cause"]):
        if pd.isna(cause) or int(cause) not in at:
            continue
        start = at[int(cause)]
        found.append({
            "x": xs[k], "y": heights[k], "ax": xs[start], "ay": heights[start], "xref": "x",
            "yref": "y", "axref": "x", "ayref": "y", "text": "", "showarrow": True, "arrowhead": 2,
            "arrowwidth": 1.4, "arrowcolor": "@axis", "standoff": 10, "startstandoff": 10,
        })  # fmt: skip
    return found
