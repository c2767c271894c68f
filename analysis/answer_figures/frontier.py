"""Which mix of mechanisms for which money? Cost against risk, mixes that none beats joined.

A mix of the frontier may carry the strengths of its mechanisms to the sliders of the what-if
panel, where the page has them (``loads`` of the chart's own data).
"""

from __future__ import annotations

import pandas as pd

from analysis import words
from analysis.companions import Companions, again, model_note, named
from analysis.figures.figure import Column, Figure, Key, Spec, View, source_line
from analysis.figures.layout import (
    axis,
    base,
    broken,
    escape,
    lines_of,
    nice_ticks,
    tick_digits,
)
from analysis.language import marked, say, say_count
from analysis.localised import outcome_said
from analysis.portfolio import Portfolio, portfolio
from analysis.portfolio.answer import Choice
from analysis.portfolio.paper import figure_frame
from analysis.portfolio.told import amount
from analysis.study import Outcome, Study, StudyError
from analysis.sweep_study import Sweep

QUESTION = "Which mix of mechanisms for which money?"
NEEDS = ("sweep",)
FEWEST_MIXES = 4
HEIGHT, NARROW_HEIGHT, MOST_STEPS = 420, 360, 8
COLUMNS = (
    Column("label", "Mix"), Column("cost", "Cost", 3), Column("estimate", "Risk", 2),
    Column("lo", "95 %, from", 2), Column("hi", "95 %, to", 2), Column("n", "Histories", 0),
    Column("frontier", "On the frontier"), Column("chance", "Chance of being on it", 2),
)  # fmt: skip
NO_BETTER = marked("It is not known to be better than doing nothing.")
CHOSEN = marked(
    "What the best of many mixes brings is tested on the half of the seeds that did not choose it. "
    "The effect of one arm that was named beforehand, as in the headline, rests on all seeds and "
    "may be known where this is not."
)
HOW_TO_READ = (
    (
        "Each dot is a mix of mechanisms: further left costs less, further down is less trouble. "
        "Large dots, joined, are the frontier: no other mix is better in both at once."
    ),
    (
        "Bars are 95 % intervals. Where they overlap, the frontier itself is uncertain; the table "
        "says in what share of resamplings a mix is on it."
    ),
    (
        "Costs are assumptions of the model. Choosing the best of many mixes flatters it: what the "
        "choice is worth on seeds that did not make it stands in the sentences below."
    ),
    (
        "Choose a mix here, or from the list above the sliders of the what-if panel, to set them, "
        "where this page has them."
    ),
)


def build(study: Study, others: Companions) -> Figure | None:
    """The figure of this study and of the sweeps that hold enough mixes, or None."""
    sources: list[Study | Sweep] = [
        *(s for s in others.sweeps if _here(study, s)), *others.others, study
    ]
    found = [(one, of) for one in sources if (of := _asked(one)) is not None]
    if not found:
        return None
    return Figure(
        key="frontier",
        question=QUESTION,
        views=tuple(_view(sweep, one) for sweep, one in found),
        control="Study",
        source=source_line(say("; ").join(_counted(sweep, one) for sweep, one in found), ""),
        how_to_read=HOW_TO_READ,
        note=" ".join(dict.fromkeys(t for s, one in found for t in (
            *(f"{words.upper_first(r)}." for r in one.refusals), *one.flags,
            model_note(study, s.manifest)) if t)),
        command=again((s for s, _ in found), "portfolio"),
    )  # fmt: skip


def _counted(source: Study | Sweep, found: Portfolio) -> str:
    """How many histories a view rests on, of which study."""
    return say("{study} ({identity}): {histories} histories", study=named(source),
               identity=str(source.manifest.get("identity", ""))[:12],
               histories=words.plain(found.cells * len(found.mixes.arms), 0))  # fmt: skip


def _here(study: Study, sweep: Sweep) -> bool:
    return {frame.name for frame in sweep.frames} == {study.region.get("name")}


def _asked(source: Study | Sweep) -> Portfolio | None:
    if len(source.arms) < FEWEST_MIXES:
        return None
    try:
        return portfolio(source.folder)
    except StudyError:
        return None


def _view(source: Study | Sweep, found: Portfolio) -> View:
    found = _worded(source, found)
    frame = _table(found)
    cost, risk = found.objectives[0], found.objectives[1]
    return View(
        key=f"mixes-{named(source)}",
        label=say("{mixes} of {study}", mixes=words.count(len(frame), "mix", "mixes"),
                  study=named(source)),
        title=title(found),
        subtitle=say(
            "{risk} against {cost}, one dot a mix, {histories} histories each, over {seeds}.",
            risk=risk.label, cost=words.lower_first(cost.label),
            histories=words.plain(found.cells, 0), seeds=words.count(found.units, "seed"),
        ),
        spec=_spec(found, frame),
        narrow=_narrow(found),
        legend=(Key("@accent", "on the frontier", "dot"), Key("@axis", "beaten", "ring"),
                Key("@good", "best for a budget below", "diamond")),
        alt=f"{title(found)}. {' '.join(steps(found))}",
        table=frame.drop(columns=["cost_unit", "unit", "quantity", "chosen", "loads"]),
        columns=COLUMNS,
        steps=tuple(steps(found)),
    )  # fmt: skip


def _worded(source: Study | Sweep, found: Portfolio) -> Portfolio:
    """The answer with the names of the source, which are said in the language of the page."""
    said = {arm.name: arm for arm in source.arms}
    arms = tuple(said.get(arm.name, arm) for arm in found.mixes.arms)
    return found._replace(mixes=found.mixes._replace(arms=arms),
                          objectives=tuple(outcome_said(one) for one in found.objectives))


def title(found: Portfolio) -> str:
    """The best mix for the largest budget, where one may be named and beats doing nothing."""
    if found.refusals:
        return say("No best mix is named: too little is known")
    named = [c for c in found.choices if _beats(c, found)]
    if not named:
        return say_count(
            "At the {number} budget asked, no mix is known to be better than doing nothing",
            "At none of the {number} budgets asked is a mix known to be better than doing nothing",
            len(found.choices),
        )
    return say(
        "For {budget}, {mix} lowers {outcome}", budget=_budget(found, named[-1]),
        mix=_prose(found, named[-1].mix),
        outcome=words.lower_first(found.objectives[1].label),
    )  # fmt: skip


def steps(found: Portfolio) -> list[str]:
    """One sentence per budget, luck of the choice included."""
    if found.refusals:
        return [f"{words.upper_first(reason)}." for reason in found.refusals]
    told = []
    for one in found.choices[:MOST_STEPS]:
        if one.mix < 0:
            told.append(say("For {budget}: nothing is affordable.", budget=_budget(found, one)))
            continue
        risk = amount(found, 1, float(found.level[0, one.mix, 1]))
        proof = "" if _beats(one, found) else " " + say(NO_BETTER)
        told.append(say_count(
            "For {budget}: {mix}, {risk}, best in {share} % of resamplings; {number} other mix "
            "cannot be told from it.",
            "For {budget}: {mix}, {risk}, best in {share} % of resamplings; {number} other mixes "
            "cannot be told from it.", len(one.rivals), budget=_budget(found, one),
            mix=_prose(found, one.mix),
            risk=f"{risk} {words.unit_of(found.objectives[1])}".rstrip(),
            share=words.plain(100 * one.chance, 0),
        ) + proof)  # fmt: skip
    return [*told, say(CHOSEN)]


def _beats(one: Choice, found: Portfolio) -> bool:
    """Whether what it brings, seen on seeds that did not choose it, is on the good side of zero."""
    if one.mix < 0 or not found.mixes.members[one.mix].any():
        return False
    _, lo, hi = one.halved.difference
    good = hi < 0 if found.sign[1] > 0 else lo > 0
    return bool(good) and 0 not in one.rivals


def _budget(found: Portfolio, one: Choice) -> str:
    unit = words.unit_of(found.objectives[0])
    money = f"{amount(found, 0, one.budget)} {unit}".rstrip()
    return say("a budget of {money}", money=money)


def _prose(found: Portfolio, mix: int) -> str:
    """The mechanisms of a mix within a sentence."""
    return " + ".join(map(words.lower_first, found.mixes.arms[mix].label.split(" + ")))


def _table(found: Portfolio) -> pd.DataFrame:
    frame = figure_frame(found)
    chance = {arm.label: float(found.chance[k]) for k, arm in enumerate(found.mixes.arms)}
    strength = {arm.label: {m: v for m, v in arm.mechanisms.items() if v > 0}
                for arm in found.mixes.arms}  # fmt: skip
    frame["chance"] = frame["label"].map(chance)
    frame["loads"] = frame["label"].map(strength)
    frame["frontier"] = frame["frontier"].map({True: say("yes"), False: say("no")})
    return frame


def _spec(found: Portfolio, frame: pd.DataFrame) -> Spec:
    on = frame["frontier"] == say("yes")
    rest, front = frame[~on], frame[on].sort_values("cost", kind="stable")
    data: list[Spec] = [
        _dots(rest, "markers", "@axis", 8, ["circle-open"] * len(rest)),
        {**_dots(front, "lines+markers", "@accent", 13,
                 ["diamond" if best else "circle" for best in front["chosen"]]),
         "line": {"color": "@accent", "width": 1.6}},
    ]  # fmt: skip
    data[1]["marker"]["color"] = ["@good" if best else "@accent" for best in front["chosen"]]
    layout = base(HEIGHT, margin={"l": 70, "r": 20, "t": 16, "b": 66})
    for name, column, places in (("xaxis", "cost", 0), ("yaxis", "estimate", 1)):
        ends = frame[["cost"]] if column == "cost" else frame[["estimate", "lo", "hi"]]
        lo, hi = min(0.0, float(ends.min().min())), float(ends.max().max())
        span = [lo - 0.04 * (hi - lo), hi + 0.06 * (hi - lo)]
        ticks = nice_ticks(span[0], span[1], 6)
        label = _named(found.objectives[places])
        layout[name] = axis(range=span, tickvals=ticks,
                            ticktext=[words.plain(t, tick_digits(ticks)) for t in ticks],
                            title={"text": broken(label, 60), "standoff": 12,
                                   "font": {"size": 12, "color": "@muted"}})  # fmt: skip
    return {"data": data, "layout": layout}


def _narrow(found: Portfolio) -> Spec:
    """Axis titles broken for a phone."""
    cost, risk = (broken(_named(one), 26) for one in found.objectives[:2])
    left, foot = 46 + 16 * lines_of(risk), 46 + 16 * lines_of(cost)
    return {"height": NARROW_HEIGHT, "margin": {"l": left, "r": 12, "t": 16, "b": foot},
            "xaxis": {"title": {"text": cost}}, "yaxis": {"title": {"text": risk}}}  # fmt: skip


def _named(objective: Outcome) -> str:
    unit = words.unit_of(objective)
    return objective.label + (f" ({unit})" if unit else "")


def _dots(rows: pd.DataFrame, mode: str, token: str, size: int, symbols: list[str]) -> Spec:
    return {
        "type": "scatter",
        "mode": mode,
        "x": [float(f"{x:.6g}") for x in rows["cost"]],
        "y": [float(f"{y:.6g}") for y in rows["estimate"]],
        "error_y": {
            "type": "data", "symmetric": False, "color": token, "thickness": 1.3, "width": 0,
            "array": [float(f"{max(d, 0):.6g}") for d in rows["hi"] - rows["estimate"]],
            "arrayminus": [float(f"{max(d, 0):.6g}") for d in rows["estimate"] - rows["lo"]],
        },
        "marker": {"size": size, "symbol": symbols, "color": token, "opacity": 1,
                   "line": {"color": token, "width": 1.4}},
        "text": [escape(words.upper_first(str(label))) for label in rows["label"]],
        "customdata": list(rows["loads"]),
        "hovertemplate": "<b>%{text}</b><br>" + say("cost %{x}<br>%{y}<extra></extra>"),
    }  # fmt: skip
