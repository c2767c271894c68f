"""Where does violence start? Towns, their links across the border, and the border as drawn.

Plain scatter traces in degrees with the aspect of the region's latitude, so that nothing is
fetched. Colour is the share of histories in which the pair of towns came to violence.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import words
from analysis.figures.figure import Column, Figure, Key, Spec, View
from analysis.figures.layout import base, broken, escape
from analysis.figures.map_labels import Extent, extent, map_labels, town_name
from analysis.figures.map_lines import border_line, hidden, segments, town_of
from analysis.figures.worst_pairs import ALIKE, title
from analysis.intervals import wilson
from analysis.language import marked, say
from analysis.study import Arm, Study

QUESTION = "Where does violence start?"
NEEDS = ("dyad_peak", "region")
EDGES = (0.0, 0.10, 0.25, 0.50, 0.75)  # classes: none, then up to each edge, then more
CLASSES = (
    marked("none"), marked("up to 10"), marked("10 to 25"), marked("25 to 50"), marked("50 to 75"),
    marked("over 75 in 100"),
)  # fmt: skip
WIDE, SMALL = 860, 320  # pixels the map is laid out for
COLUMNS = (
    Column("dyad", "Pair of towns"),
    Column("nations", "Nations"),
    Column("resource", "Shared resource"),
    Column("share", "Share of histories with violence", 3),
    Column("lo", "95 % from", 3),
    Column("hi", "95 % to", 3),
    Column("change", "Change against the first arm", 3),
)
HOW_TO_READ = (
    "A line joins two partner towns across a border; a disc is a town, larger for more people.",
    (
        "A line's colour says in how many of 100 simulated histories that pair came to a violent "
        "incident at least once. A town has the colour of its worst pair."
    ),
    "Stronger colour means more. The classes are the same for every arm and every study.",
    ALIKE,
)


def build(study: Study) -> Figure | None:
    """The figure, or None when the parts hold no peaks or the region has no dyads."""
    if not study.region.get("dyads") or study.dyad_peak(study.reference.name).size == 0:
        return None
    views = tuple(_view(study, arm) for arm in study.arms)
    return Figure(
        key="places",
        question=QUESTION,
        views=views,
        control="Arm",
        state="arm",
        source=f"{_sources(study)}. {say('Lines as the source draws them.')}",
        how_to_read=HOW_TO_READ,
        note=say("Simulated, not observed; no position on any border."),
    )


def reached(study: Study, arm: str) -> NDArray[np.bool_]:
    """Whether each pair of towns came to violence in each history [history, pair]."""
    return np.asarray(study.dyad_peak(arm) >= len(study.local_rungs) - 1 - 1e-6)


def violence_table(study: Study, arm: str) -> pd.DataFrame:
    """Share of histories in which each dyad came to violence, with its interval."""
    own, before = reached(study, arm), reached(study, study.reference.name)
    share = own.mean(axis=0)
    lo, hi = wilson(own.sum(axis=0), len(own))
    units = {u["name"]: u.get("label", u["name"]) for u in study.region.get("units", [])}
    dyads = study.region["dyads"]
    return pd.DataFrame(
        {
            "dyad": [
                "\u2013".join(town_name(town_of(study, dyad[side])) for side in "ab")
                for dyad in dyads
            ],
            "nations": [str(dyad.get("pair", "")) for dyad in dyads],
            "resource": [str(units.get(dyad.get("unit"), dyad.get("unit", ""))) for dyad in dyads],
            "share": np.round(share, 5),
            "lo": np.round(lo, 5),
            "hi": np.round(hi, 5),
            "change": np.round(share - before.mean(axis=0), 5),
        }
    )


def shade(share: float) -> int:
    """Class of a share: 0 none, 1 up to 10 in 100, ... 5 over 75."""
    return int(np.searchsorted(EDGES, share, side="left"))


def _view(study: Study, arm: Arm) -> View:
    table = violence_table(study, arm.name)
    box = extent(study)
    return View(
        key=arm.name,
        label=arm.label,
        title=title(arm, table["dyad"].tolist(), reached(study, arm.name)),
        subtitle=say("Colour: share of histories in which the pair came to a violent incident. "
                     "Disc size: population."),
        spec=_spec(study, table, box),
        narrow={"annotations": map_labels(study, box, SMALL, 11)},
        legend=tuple(Key(f"@rung{i}", label, "outlined") for i, label in enumerate(CLASSES)),
        alt=_alt(arm, table),
        table=table,
        columns=COLUMNS,
    )


def _spec(study: Study, table: pd.DataFrame, box: Extent) -> Spec:
    data = [border_line(study), *_links(study, table), _towns(study, table)]
    layout = base(
        520,
        margin={"l": 1, "r": 1, "t": 1, "b": 1},
        plot_bgcolor="@land0",
        xaxis=hidden([box.west, box.east]),
        yaxis={
            **hidden([box.south, box.north]),
            "scaleanchor": "x",
            "scaleratio": round(1 / box.cosine, 6),
            "constrain": "domain",
        },
        annotations=map_labels(study, box, WIDE, 12.5),
        meta={"ratio": round(box.ratio, 4)},
    )
    return {"data": data, "layout": layout}


def _links(study: Study, table: pd.DataFrame) -> list[Spec]:
    """Dyads by class, each line over a darker casing, and hover points at their middles."""
    traces: list[Spec] = []
    dyads = study.region["dyads"]
    groups = [[i for i, s in enumerate(table["share"]) if shade(s) == k] for k in range(6)]
    for level, members in enumerate(groups):
        x, y = segments(study, [dyads[i] for i in members])
        for width, token in ((6.5, "@outline"), (4.5, f"@rung{level}")):
            traces.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": x,
                    "y": y,
                    "line": {"color": token, "width": width},
                    "hoverinfo": "skip",
                }
            )
    return [*traces, _middles(study, table)]


def _middles(study: Study, table: pd.DataFrame) -> Spec:
    ends = [(town_of(study, d["a"]), town_of(study, d["b"])) for d in study.region["dyads"]]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [round((float(a["lon"]) + float(b["lon"])) / 2, 5) for a, b in ends],
        "y": [round((float(a["lat"]) + float(b["lat"])) / 2, 5) for a, b in ends],
        "marker": {"size": 16, "opacity": 0},
        "text": [
            f"<b>{escape(dyad)}</b><br>"
            + say("violence in {share} histories<br>95 % interval {lo} to {hi}",
                  share=words.in_100(share), lo=words.plain(lo * 100, 0),
                  hi=words.plain(hi * 100, 0))
            + f"<br>{broken(resource, 40)}"
            for dyad, share, lo, hi, resource in table[
                ["dyad", "share", "lo", "hi", "resource"]
            ].itertuples(index=False)
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _towns(study: Study, table: pd.DataFrame) -> Spec:
    towns = study.region["municipalities"]
    worst = _worst_shares(study, table)
    people = np.array([float(t.get("population") or 0) for t in towns])
    size = 9 + 11 * np.sqrt(people / max(people.max(), 1.0))
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [float(t["lon"]) for t in towns],
        "y": [float(t["lat"]) for t in towns],
        "marker": {
            "size": [round(float(s), 1) for s in size],
            "color": [f"@rung{shade(share)}" for share in worst],
            "opacity": 1,
            "line": {"color": "@outline", "width": 1.4},
        },
        "text": [
            f"<b>{escape(town_name(t))}</b>, {escape(_nation_label(study, t['nation']))}<br>"
            + say("{number} people<br>worst pair: {share} histories", number=words.plain(n, 0),
                  share=words.in_100(share))
            for t, n, share in zip(towns, people, worst, strict=True)
        ],
        "hovertemplate": "%{text}<extra></extra>",
    }


def _worst_shares(study: Study, table: pd.DataFrame) -> list[float]:
    worst = {str(t["name"]): 0.0 for t in study.region["municipalities"]}
    for dyad, share in zip(study.region["dyads"], table["share"], strict=True):
        for side in "ab":
            name = str(town_of(study, dyad[side])["name"])
            worst[name] = max(worst[name], float(share))
    return list(worst.values())


def _nation_label(study: Study, name: Any) -> str:
    for nation in study.region.get("nations", []):
        if nation["name"] == name:
            return str(nation.get("label", name))
    return str(name)


def _alt(arm: Arm, table: pd.DataFrame) -> str:
    ranked = table.sort_values("share", ascending=False, kind="stable").head(5)
    parts = [
        f"{dyad} {words.in_100(float(share))}"
        for dyad, share in ranked[["dyad", "share"]].itertuples(index=False)
    ]
    return say(
        "Map of {number} pairs of partner towns with {arm}. Share of histories with violence, "
        "highest first: {parts}.", number=len(table), arm=arm.label, parts=", ".join(parts),
    )  # fmt: skip


def _sources(study: Study) -> str:
    border = str(study.region.get("border_source") or "Natural Earth, public domain")
    place = str(study.region.get("place_source") or "GeoNames, CC BY 4.0")
    return say("Borders: {border}. Places: {place}", place=_bare(place), border=_bare(border))


def _bare(source: str) -> str:
    """A source without the word that opens it, such as ``Places: ``, and without its full stop."""
    opening, colon, rest = source.partition(": ")
    return (rest if colon and " " not in opening.strip() else source).rstrip(".")
