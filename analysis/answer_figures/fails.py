"""Under which conditions does the arm of the headline fail? Boxes of a scenario discovery.

The thin line of a row is the whole range that was swept, the bar what the box leaves of it. A box
is drawn only where it was told from chance or nearly; the verdict stands in the title either way.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from analysis import scruples, words
from analysis.answer_figures.rows import PHONE, above
from analysis.companions import Companions, again, model_note, named
from analysis.discovery.answer import FOUND, NOTHING, UNKNOWN, Answer, Condition, answers
from analysis.discovery.asked import must_be_searchable, question_of
from analysis.discovery.spoken import ends_of, limit_words
from analysis.discovery.told import asked, definition
from analysis.figures.figure import Column, Figure, Key, Spec, View, source_line
from analysis.figures.layout import axis, base, broken, lines_of
from analysis.headline import headline_arm, phrase_of
from analysis.language import say
from analysis.study import Study, StudyError
from analysis.sweep_study import Factor, Sweep

QUESTION = "Under which conditions does it fail?"
NEEDS = ("sweep",)
ROW, HEAD, FOOT = 56, 20, 44
COLUMNS = (
    Column("setting", "Setting"), Column("label", "Meaning"), Column("unit", "Unit"),
    Column("lo", "Box, from", 4), Column("hi", "Box, to", 4), Column("range_lo", "Swept, from", 4),
    Column("range_hi", "Swept, to", 4), Column("again", "Found again in resamples", 2),
    Column("verdict", "Verdict"),
)  # fmt: skip
HOW_TO_READ = (
    (
        "The thin line of each row is the range that was swept, the bar the part of it in which "
        "the arm fails more often than elsewhere."
    ),
    (
        "A condition is called found only where shuffled tables rarely hold one as good, where it "
        "holds on points that were not searched and under other seeds."
    ),
    "Conditions hold within the ranges swept and for these rules. They are no causes in the world.",
)


def build(study: Study, others: Companions) -> Figure | None:
    """The figure over all sweeps that can be searched, or None."""
    found = [(sweep, one) for sweep in others.sweeps for one in _asked(study, sweep)]
    if not found:
        return None
    return Figure(
        key="fails",
        question=QUESTION,
        views=tuple(_view(sweep, one) for sweep, one in found),
        control="Study",
        source=source_line(
            say("{runs} runs of a sweep",
                runs=words.plain(sum(int(one.runs.there) for _, one in found), 0)),
            str(found[0][0].manifest.get("identity", "")),
        ),
        how_to_read=HOW_TO_READ,
        note=" ".join(dict.fromkeys(
            t for s, _ in found for t in (*scruples.flags(s), model_note(study, s.manifest)) if t)),
        command=again(dict.fromkeys(s for s, _ in found), "discover"),
    )  # fmt: skip


def _asked(study: Study, sweep: Sweep) -> Iterator[Answer]:
    """The question of the headline's arm, in the frames of this region."""
    arm = headline_arm(study)
    try:
        must_be_searchable(sweep)
        named = arm.name if arm is not None and arm in sweep.arms[1:] else None
        question = question_of(sweep, None, named, None, None)
    except StudyError:
        return
    frames = tuple(f.case for f in sweep.frames if f.name == study.region.get("name"))
    yield from answers(sweep, question, frames, tree=False)


def title(one: Answer) -> str:
    """The verdict, with the first box in words where one was found."""
    q = one.question
    arm, what = words.upper_first(q.arm.label), phrase_of(q.outcome)
    if one.verdict == FOUND:
        limits = [text for _, text in _limits(one.settings, one.conditions[0])]
        return say("{arm} fails most, by {outcome}, where {limits}", arm=arm, outcome=what,
                   limits=words.listing(limits))  # fmt: skip
    if one.verdict == UNKNOWN:
        return say("Under which conditions {arm} fails cannot be told", arm=words.lower_first(arm))
    return say("{arm}: no condition stands out under which it fails, by {outcome}", arm=arm,
               outcome=what)  # fmt: skip


def steps(one: Answer) -> tuple[str, ...]:
    """Question, verdict and reason; of a box what its density is on points not searched."""
    told = [definition(one.question, one.seeds),
            f"{words.upper_first(say(one.verdict))}: {one.reason}."]  # fmt: skip
    for condition in one.conditions:
        if condition.verdict == NOTHING or not condition.limits:
            continue
        held = condition.resamples.held
        box = words.listing([text for _, text in _limits(one.settings, condition)])
        told.append(say(
            "{box}: {density} % of such points are cases, seen on points that were not searched; "
            "they hold {coverage} % of all cases.", box=words.upper_first(box),
            density=words.plain(100 * held.density.mean, 0),
            coverage=words.plain(100 * held.coverage.mean, 0),
        ))  # fmt: skip
    return tuple(told)


def _view(sweep: Sweep, one: Answer) -> View:
    shown = [c for c in one.conditions if c.limits and c.verdict != NOTHING][:1]
    rows = [row for c in shown for row in _rows(one, c)]
    table = pd.DataFrame(rows, columns=[column.key for column in COLUMNS])
    return View(
        key=f"{named(sweep)}-{one.frame.case}",
        label=one.frame.label,
        title=title(one),
        subtitle=asked(one.question),
        spec=_spec(table),
        narrow=_narrow(table),
        legend=(Key("@accent", "where it fails more often", "square"),
                Key("@axis", "range swept", "line")) if rows else (),
        alt=f"{title(one)}. {' '.join(steps(one))}",
        table=table,
        columns=COLUMNS,
        steps=steps(one),
    )  # fmt: skip


def _limits(settings: tuple[Factor, ...], condition: Condition) -> list[tuple[Factor, str]]:
    box = condition.curve.chosen.box
    return [
        (factor, _is(factor, float(box.lo[k]), float(box.hi[k])))
        for k, factor in enumerate(settings)
        if box.restricted[k]
    ]  # fmt: skip


def _is(factor: Factor, lo: float, hi: float) -> str:
    return say("{setting} is {limits}", setting=words.lower_first(factor.label),
               limits=limit_words(factor, lo, hi))  # fmt: skip


def _rows(one: Answer, condition: Condition) -> Iterator[dict[str, object]]:
    box = condition.curve.chosen.box
    for k, factor in enumerate(one.settings):
        if not box.restricted[k]:
            continue
        lo, hi = float(box.lo[k]), float(box.hi[k])
        ends = ends_of(factor)
        again = [limit.again.share for limit in condition.limits if limit.factor is factor]
        yield {
            "setting": factor.key, "label": factor.label, "unit": say(factor.unit),
            "lo": lo if math.isfinite(lo) else ends[0], "hi": hi if math.isfinite(hi) else ends[1],
            "range_lo": ends[0], "range_hi": ends[1], "again": min(again, default=math.nan),
            "verdict": say(condition.verdict),
        }  # fmt: skip


def _spec(table: pd.DataFrame) -> Spec:
    data: list[Spec] = []
    for at, row in enumerate(table.to_dict("records")):
        whole = float(row["range_hi"]) - float(row["range_lo"]) or 1.0
        a, b = ((float(row[end]) - float(row["range_lo"])) / whole for end in ("lo", "hi"))
        data.append(_bar([0.0, 1.0], at, "@axis", 1.4))
        data.append(_bar([a, max(b, a + 0.004)], at, "@accent", 13))
    layout = base(HEAD + ROW * max(len(table), 1) + FOOT,
                  margin={"l": 24, "r": 24, "t": HEAD, "b": FOOT})  # fmt: skip
    layout["xaxis"] = axis(range=[-0.03, 1.03], tickvals=[0, 1], showgrid=False,
                           ticktext=[say("lowest value swept"), say("highest")])  # fmt: skip
    layout["yaxis"] = axis(range=[max(len(table), 1) - 0.5, -0.8], showticklabels=False,
                           showgrid=False)  # fmt: skip
    if table.empty:
        layout["xaxis"]["showticklabels"] = False
        layout["xaxis"]["linecolor"] = layout["yaxis"]["linecolor"] = "@card"
    layout["annotations"] = _labels(table, 70)
    return {"data": data, "layout": layout}


def _labels(table: pd.DataFrame, width: int) -> list[Spec]:
    """Over each bar what it is of and from where to where; or that there is none."""
    if table.empty:
        return [{"x": 0.5, "y": 0, "xref": "x", "yref": "y", "showarrow": False,
                 "text": broken(say("no box is drawn: see the verdict"), width),
                 "font": {"size": 13, "color": "@muted"}}]  # fmt: skip
    notes = []
    for at, row in enumerate(table.to_dict("records")):
        digits = words.digits_for(float(row["lo"]), float(row["hi"]), significant=3)
        ends = say("{lo} to {hi}", lo=words.plain(float(row["lo"]), digits),
                   hi=words.plain(float(row["hi"]), digits))  # fmt: skip
        told = f"{words.upper_first(str(row['label']))}: {ends} {row['unit']}"
        notes.append({**above(broken(told, width), at), "font": {"size": 13, "color": "@text"}})
    return notes


def _narrow(table: pd.DataFrame) -> Spec:
    """Longer labels are broken on a phone."""
    notes = _labels(table, PHONE)
    more = 16 * max(lines_of(str(one["text"])) - 1 for one in notes)
    return {"height": HEAD + more + (ROW + more) * len(notes) + FOOT, "annotations": notes,
            "margin": {"l": 10, "r": 10, "t": HEAD + more, "b": FOOT}}  # fmt: skip


def _bar(ends: list[float], at: int, token: str, width: float) -> Spec:
    return {"type": "scatter", "mode": "lines", "x": [round(x, 4) for x in ends], "y": [at, at],
            "line": {"color": token, "width": width}, "hoverinfo": "skip"}  # fmt: skip
