"""Is it worth the money? Acceptability of each arm by what a point of risk is worth."""

from __future__ import annotations

import math

import pandas as pd

from analysis import theme, words
from analysis.acceptability import Curve, curve, risks
from analysis.effects import effects
from analysis.figures.figure import PAIRED, Column, Figure, Key, Spec, View, source_line
from analysis.figures.layout import axis, base, broken, lines_of, nice_ticks, tick_digits
from analysis.headline import headline_arm
from analysis.language import marked, say
from analysis.study import Study

QUESTION = "What must a point of risk be worth, for the money to be well spent?"
NEEDS = ("outcomes",)
HEIGHT, NARROW_HEIGHT = 380, 320
COLUMNS = (
    Column("arm", "Arm"),
    Column("worth", "Worth of a point, million dollars of 2020", 3),
    Column("chance", "Chance that it is worth the money", 3),
)
HOVER = marked("worth %{x:.3g} million of 2020<br>chance %{y:.2f}<extra></extra>")
WORTH = marked("worth of one point of risk, million dollars of 2020")
HOW_TO_READ = (
    (
        "Read from below: if lowering the risk by one point in a hundred over the whole horizon is "
        "worth so many million dollars, how sure is it that the arm is worth the money?"
    ),
    (
        "Money is what towns and others paid, not discounted. Damage averted and livelihoods are "
        "no part of it."
    ),
    (
        "Cost per crisis averted is not shown: where the difference may be zero, that ratio has no "
        "mean."
    ),
    (
        "No price is claimed in a title where the interval of the effect itself spans zero or too "
        "few histories hold the event; the curve shows what resampling says all the same."
    ),
)


def build(study: Study) -> Figure | None:
    """The figure, or None without a second arm, a risk or a cost."""
    arm = headline_arm(study)
    known = risks(study)
    if arm is None or not known:
        return None
    return Figure(
        key="worth",
        question=QUESTION,
        views=tuple(_view(study, key, arm.name) for key in known),
        control="Risk",
        source=source_line(PAIRED, study.identity),
        how_to_read=HOW_TO_READ,
    )


def _view(study: Study, risk: str, main: str) -> View:
    most = float(curve(study, main, risk).worth[-1])
    found = [curve(study, arm.name, risk, most) for arm in study.arms[1:]]
    label = words.upper_first(study.outcomes[risk].label)
    lead = next(each for each in found if each.arm == main)
    return View(
        key=risk,
        label=label,
        title=_title(study, lead, risk, label),
        subtitle=say(
            "{outcome}: share of resampled sets of {n} pairs of histories in which the arm's gain "
            "outweighs its money, over {years} years.", outcome=label, n=words.plain(lead.n, 0),
            years=words.plain(study.years, 0),
        ),
        spec=_spec(study, found, most),
        narrow=_narrow(),
        legend=tuple(
            Key(theme.arm_token(i), words.upper_first(arm.label), "line")
            for i, arm in enumerate(study.arms)
            if i
        ),
        alt=". ".join(_said(study, each) for each in found),
        table=_table(study, found),
        columns=COLUMNS,
    )


def _spec(study: Study, found: list[Curve], most: float) -> Spec:
    data: list[Spec] = [
        {
            "type": "scatter",
            "mode": "lines",
            "x": [float(f"{w:.5g}") for w in each.worth],
            "y": [round(float(c), 4) for c in each.chance],
            "line": {"color": theme.arm_token(i), "width": 2.4, "dash": theme.arm_dash(i)},
            "hovertemplate": f"<b>{study.arm(each.arm).label}</b><br>" + say(HOVER),
        }
        for i, each in enumerate(found, 1)
    ]
    ticks = nice_ticks(0.0, most, 6)
    layout = base(HEIGHT, margin={"l": 60, "r": 20, "t": 16, "b": 62})
    layout["xaxis"] = axis(
        range=[0.0, most],
        tickvals=ticks,
        ticktext=[words.plain(tick, tick_digits(ticks)) for tick in ticks],
        title={
            "text": say(WORTH),
            "font": {"size": 12, "color": "@muted"},
            "standoff": 12,
        },
    )
    layout["yaxis"] = axis(
        range=[-0.02, 1.02],
        tickvals=[0, 0.25, 0.5, 0.75, 1],
        ticktext=[say("{number} %", number=n) for n in (0, 25, 50, 75, 100)],
    )
    return {"data": data, "layout": layout}


def _narrow() -> Spec:
    named = broken(say(WORTH), 32)
    foot = 46 + 16 * lines_of(named)
    return {"height": NARROW_HEIGHT, "margin": {"l": 46, "r": 10, "t": 16, "b": foot},
            "xaxis": {"title": {"text": named}}}  # fmt: skip


def _title(study: Study, lead: Curve, risk: str, label: str) -> str:
    """What may be said of the price of a point; nothing where the effect itself is not known."""
    arm = words.upper_first(study.arm(lead.arm).label)
    outcome = study.outcomes[risk]
    if effects(study)[lead.arm, risk].verdict(outcome) != "better":
        return say("{arm}: not known to lower {outcome}, so no price is claimed", arm=arm,
                   outcome=words.lower_first(label))  # fmt: skip
    if math.isnan(lead.break_even):
        return say("{arm}: at no price shown of a point of {outcome} more likely than not worth "
                   "the money", arm=arm, outcome=words.lower_first(label))  # fmt: skip
    return say("{arm}: more likely than not worth the money where a point is worth {price} million "
               "dollars of 2020 or more", arm=arm, price=words.plain(lead.break_even, 2))


def _said(study: Study, each: Curve) -> str:
    label = words.upper_first(study.arm(each.arm).label)
    points, cost = words.plain(each.points, 1), words.plain(each.cost, 2)
    return say("{arm}: {points} points averted for {cost} million dollars of 2020", arm=label,
               points=points, cost=cost)  # fmt: skip


def _table(study: Study, found: list[Curve]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "arm": [study.arm(each.arm).label for each in found for _ in each.worth],
            "worth": [float(f"{w:.5g}") for each in found for w in each.worth],
            "chance": [round(float(c), 4) for each in found for c in each.chance],
        }
    )
