"""The chain of one crisis on a time line: who did what where, and which act left out averts it.

One lane per pair of towns or of states, the rungs of its ladder as height; an arrow leads from a
cause to what it caused. Acts are numbered along the chain and read in the key below.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from analysis import words
from analysis.paper_figures.marks import checked, ending, keyed
from analysis.paper_kit import KEY, SMALL, Source, canvas, colour, drawing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUESTION = "How did this crisis come about, and without which act would it not have?"
NEEDS = ("quantity", "step", "cause_step", "weeks", "place", "rung", "rung_label", "text",
         "verdict")  # fmt: skip
MAY = ()
CRISIS = "the crisis"
LEVEL, GAP, AROUND = 0.26, 1.6, 0.95  # inches a rung; rungs between lanes; inches around
LINE = 118  # characters of a line of the key
NEAR = 0.022  # share of the width within which numbers meet
YEARS = 156  # weeks from which on years are shown


class Look(NamedTuple):
    """How an act is marked."""

    token: str
    symbol: str
    filled: bool
    word: str


LOOKS = {
    CRISIS: Look("text", "s", True, "the crisis"),
    "averts": Look("good", "D", True, "left out, averts it"),
    "delays": Look("accent", ">", True, "delays it"),
    "brings forward": Look("bad", "<", True, "brings it forward"),
    "changes nothing": Look("unclear", "o", False, "changes nothing"),
    "not asked": Look("unclear", "x", True, "not asked"),
}


def draw(frame: pd.DataFrame, source: Source) -> Figure:
    """The figure. Raises StudyError where a column is missing or there is no row."""
    frame = checked(frame, NEEDS)
    lanes = _lanes(frame)
    key = _key(frame)
    per, unit = (52.0, "years") if -frame["weeks"].min() > YEARS else (1.0, "weeks")
    high = LEVEL * (max(base + top for base, top, _ in lanes.values()) + GAP)
    below = 0.15 * len(key) + 0.2
    with drawing():
        figure = canvas(high + AROUND + below, source, top=KEY)
        axes, beside = figure.subplots(2, 1, height_ratios=(high + AROUND, below))
        points = [(row.weeks / per, lanes[row.place][0] + row.rung - lanes[row.place][2])
                  for row in _rows(frame)]  # fmt: skip
        _ladders(axes, frame, lanes)
        _arrows(axes, frame, points)
        _acts(axes, frame, points)
        axes.set_xlabel(f"{unit} from the crisis")
        title = words.wrap(words.upper_first(str(frame["quantity"].iloc[0])), 92)
        axes.set_title("\n".join(title), pad=8)
        _labels(axes, points)
        beside.axis("off")
        beside.text(0.0, 1.0, "\n".join(key), va="top", fontsize=SMALL, linespacing=1.35,
                    transform=beside.transAxes)  # fmt: skip
    return figure


def caption(frame: pd.DataFrame, source: Source) -> str:
    """What the figure shows, in sentences."""
    asked = frame[~frame["verdict"].isin((CRISIS, "not asked"))]
    averts = frame[frame["verdict"] == "averts"]["step"].tolist()
    told = words.listing([str(step) for step in averts]) or "none of them"
    removed = (
        f"Of {words.count(len(asked), 'cause')} left out one at a time under the same draws, "
        f"averting the crisis: {told}." if len(asked) else "It is its own first cause."
    )  # fmt: skip
    what = words.upper_first(str(frame["quantity"].iloc[0]))
    return (
        f"{what}: the chain of this crisis of one history, {words.count(len(frame), 'act')} from "
        "the first cause to the highest rung. A lane for every pair of towns or states, height the "
        f"rung, arrows from cause to effect. {removed} {ending(source)}"
    )


def _rows(frame: pd.DataFrame) -> list[Any]:
    return list(frame.itertuples(index=False))


def _lanes(frame: pd.DataFrame) -> dict[Any, tuple[float, int, int]]:
    """Of every place its foot, its height, and its lowest rung; the last one lowest."""
    found: dict[Any, tuple[float, int, int]] = {}
    foot = 0.0
    for place in list(dict.fromkeys(frame["place"]))[::-1]:
        rungs = frame["rung"][frame["place"] == place]
        low, top = int(rungs.min()), int(rungs.max() - rungs.min())
        found[place] = (foot, top, low)
        foot += top + GAP
    return found


def _ladders(axes: Any, frame: pd.DataFrame, lanes: dict[Any, tuple[float, int, int]]) -> None:
    """The rungs that occur, by name, and the name of the lane above them."""
    ticks = {lanes[row.place][0] + row.rung - lanes[row.place][2]: str(row.rung_label)
             for row in _rows(frame)}  # fmt: skip
    axes.set_yticks(list(ticks), [words.upper_first(label) for label in ticks.values()])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)
    for place, (foot, top, _) in lanes.items():
        axes.text(0.0, foot + top + 0.72, str(place), transform=axes.get_yaxis_transform(),
                  fontweight="bold", va="center",
                  bbox={"facecolor": colour("card"), "edgecolor": "none", "pad": 0.6})  # fmt: skip
    axes.set_ylim(-0.6, max(foot + top for foot, top, _ in lanes.values()) + 1.05)


def _arrows(axes: Any, frame: pd.DataFrame, points: list[tuple[float, float]]) -> None:
    at = dict(zip(frame["step"], points, strict=True))
    for row, point in zip(_rows(frame), points, strict=True):
        if not pd.isna(row.cause_step) and int(row.cause_step) in at:
            axes.annotate("", point, at[int(row.cause_step)], arrowprops={
                "arrowstyle": "-|>", "color": colour("axis"), "linewidth": 0.8, "shrinkA": 4,
                "shrinkB": 4, "mutation_scale": 7})  # fmt: skip


def _acts(axes: Any, frame: pd.DataFrame, points: list[tuple[float, float]]) -> None:
    handles: dict[str, Any] = {}
    for verdict, (x, y) in zip(frame["verdict"], points, strict=True):
        look = LOOKS[str(verdict)]
        handles[look.word] = axes.plot(
            [x], [y], marker=look.symbol, markersize=6, linestyle="none",
            markerfacecolor=colour(look.token if look.filled else "card"),
            markeredgecolor=colour(look.token),
        )[0]  # fmt: skip
    order = [look.word for look in LOOKS.values() if look.word in handles]
    keyed(axes.figure, [handles[word] for word in order], order, handletextpad=0.2)


def _labels(axes: Any, points: list[tuple[float, float]]) -> None:
    """The numbers of the acts; those of acts that meet stand together."""
    xs = [x for x, _ in points]
    width = max(max(xs) - min(xs), 1e-9)
    if len(set(xs)) == 1:
        axes.set(xlim=(xs[0] - 1.0, xs[0] + 1.0), xticks=[0.0])
    else:
        axes.set_xlim(min(xs) - 0.05 * width, max(xs) + 0.05 * width)
    met: list[tuple[float, float, list[int]]] = []
    for step, (x, y) in enumerate(points, 1):
        near = [one for one in met if one[1] == y and abs(one[0] - x) < NEAR * width]
        if near:
            near[0][2].append(step)
        else:
            met.append((x, y, [step]))
    for x, y, steps in met:
        axes.annotate(_numbers(steps), (x, y), xytext=(-3.5, 4.5), textcoords="offset points",
                      ha="right", fontsize=SMALL)  # fmt: skip


def _numbers(steps: list[int]) -> str:
    if len(steps) > 2 and steps[-1] - steps[0] == len(steps) - 1:
        return f"{steps[0]}-{steps[-1]}"
    return ", ".join(map(str, steps))


def _key(frame: pd.DataFrame) -> list[str]:
    """What every act is, by number, lines broken."""
    lines = []
    for step, text in zip(frame["step"], frame["text"], strict=True):
        first, *rest = words.wrap(f"{step}  {text}", LINE)
        lines += [first, *(f"    {line}" for line in rest)]
    return lines
