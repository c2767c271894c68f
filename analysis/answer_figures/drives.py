"""Which setting moves the outcome? Sensitivity indices with intervals, floors and verdicts.

One row per setting or group: Sobol' indices (total filled, first order open), elementary effects of
Morris (mu*), or PAWN of a Latin hypercube. The title names a setting only where its interval lies
above those of all others and above the floor of noise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import pandas as pd

from analysis import scruples, words
from analysis.answer_figures.rows import Mark, row_spec
from analysis.companions import Companions, again, model_note, named
from analysis.figures.figure import Column, Figure, Key, View, source_line
from analysis.headline import phrase_of
from analysis.language import marked, say, say_count
from analysis.sensitivity.answers import answers
from analysis.sensitivity.study import MEAN, Answer, Index, design_of
from analysis.sensitivity.told import MOSTLY
from analysis.sensitivity.verdicts import CANNOT_TELL
from analysis.study import Study, StudyError
from analysis.sweep_effects import main_outcomes
from analysis.sweep_study import Sweep

QUESTION = "Which setting moves the outcome, and is that known yet?"
NEEDS = ("sweep",)
RANKS = {"sobol": "total", "morris": "mu_star", "latin": "pawn"}
BESIDE = {"sobol": "first"}
NAMES = {"total": marked("total index"), "first": marked("first-order index"),
         "mu_star": marked("mu* (Morris)"), "pawn": marked("PAWN index")}  # fmt: skip
MOST_VIEWS, MOST_ROWS, MOST_LEADERS = 8, 14, 3
COLUMNS = (
    Column("setting", "Setting"), Column("label", "Meaning"), Column("index", "Index"),
    Column("estimate", "Estimate", 3), Column("lo", "95 %, from", 3), Column("hi", "95 %, to", 3),
    Column("floor", "Floor of noise", 3), Column("verdict", "Verdict"), Column("reason", "Why"),
    Column("runs_needed", "Runs needed", 0),
)  # fmt: skip
HOW_TO_READ = (
    (
        "Each mark is the share of the outcome's variance between points that a setting accounts "
        "for, within the range swept: alone (first order, open) and with all it does together with "
        "others (total, filled). Of Morris and PAWN it is their own index."
    ),
    (
        "Bars are 95 % intervals. The dashed line is the floor of noise: what a setting that does "
        "nothing may show by luck. A mark below it is not told from nothing."
    ),
    (
        "Every index has a verdict in the table: converged; not yet, with the runs that would do; "
        "or cannot tell, with the reason."
    ),
    "An index speaks of the ranges swept. A setting that was not swept has none.",
)


def build(study: Study, others: Companions) -> Figure | None:
    """The figure over all sweeps that allow it, or None where none does."""
    views: list[View] = []
    notes: list[str] = []
    used: list[Sweep] = []
    for sweep in others.sweeps:
        found = answered(study, sweep)
        if found:
            used.append(sweep)
            own = [view for answer in found if (view := _view(sweep, answer))]
            views += own[: max(0, MOST_VIEWS - len(views))]
            notes += _notes(study, sweep, found)
    if not views:
        return None
    runs = sum(int(sweep.row.size) for sweep in used)
    identity = str(used[0].manifest.get("identity", ""))
    return Figure(
        key="drives",
        question=QUESTION,
        views=tuple(views),
        control="Answer",
        source=source_line(say("{runs} runs of a sweep", runs=words.plain(runs, 0)), identity),
        how_to_read=HOW_TO_READ,
        note=" ".join(dict.fromkeys(notes)),
        command=again(used, "sensitivity"),
    )


def answered(study: Study, sweep: Sweep) -> list[Answer]:
    """Answers about this region, effects of arms first; nothing where the design allows none."""
    name = study.region.get("name")
    here = [a for a in _answers(sweep)
            if a.question.frame.name == name and a.question.statistic == MEAN]  # fmt: skip
    return sorted(here, key=lambda a: a.question.against is None)


@lru_cache(maxsize=8)
def _answers(sweep: Sweep) -> tuple[Answer, ...]:
    """Computed once for all figures that draw them."""
    try:
        return tuple(answers(sweep, main_outcomes(sweep)))
    except StudyError:
        return ()


def _notes(study: Study, sweep: Sweep, found: Sequence[Answer]) -> list[str]:
    refused = [a for a in found if a.refusal]
    first = [say_count("{number} question was refused: {reason}.",
                       "{number} questions were refused, for example: {reason}.", len(refused),
                       reason=refused[0].refusal)] if refused else []  # fmt: skip
    return [*first, *scruples.flags(sweep), model_note(study, sweep.manifest)]


def _view(sweep: Sweep, answer: Answer) -> View | None:
    if answer.refusal:
        return None
    method = design_of(sweep).method
    ranked = sorted((i for i in answer.indices if i.kind == RANKS[method]),
                    key=lambda i: -_sized(i.now.value))  # fmt: skip
    if not ranked:
        return None
    beside = {i.units[0].name: i for i in answer.indices if i.kind == BESIDE.get(method)}
    q = answer.question
    what = phrase_of(q.outcome)
    labels, marks = _marks(ranked, beside)
    drawn = row_spec(labels, marks, _floor(answer, method), say(NAMES[RANKS[method]]))
    of = (say("the effect of {arm} on {outcome}", arm=q.arm.label, outcome=what) if q.against
          else say("{outcome} ({arm})", outcome=what, arm=q.arm.label))  # fmt: skip
    return View(
        key=f"{named(sweep)}-{q.frame.case}-{q.arm.name}-{'effect' if q.against else 'alone'}"
            f"-{q.outcome.key}",
        label=of,
        title=title(ranked, of),
        subtitle=_subtitle(answer, of, method),
        group=q.frame.label,
        spec=drawn[0],
        narrow=drawn[1],
        legend=_legend(method, beside),
        alt=f"{title(ranked, of)}. " + "; ".join(said(i) for i in ranked[:MOST_ROWS]),
        table=_table(answer),
        columns=COLUMNS,
        steps=tuple(said(i) for i in ranked[:5]),
    )  # fmt: skip


def title(ranked: Sequence[Index], of: str) -> str:
    """A setting is named where its interval lies above all others' and above the floor."""
    top = ranked[0]
    rivals = [i for i in ranked if i.now.hi >= top.now.lo]
    known = all(i.verdict.word != CANNOT_TELL and not i.verdict.below_floor
                and i.now.lo > max(_sized(i.floor), 0.0) for i in rivals)  # fmt: skip
    if not known or len(rivals) > MOST_LEADERS:
        return say("Which setting moves {outcome} most is not known from these runs", outcome=of)
    labels = [words.lower_first(i.units[0].label) for i in rivals]
    if len(rivals) == 1:
        return say("{outcome} is moved most by {setting}", outcome=words.upper_first(of),
                   setting=labels[0])  # fmt: skip
    return say("{outcome} is moved most by {settings}, in an order not known",
               outcome=words.upper_first(of), settings=words.listing(labels))  # fmt: skip


def said(index: Index) -> str:
    """One index in words."""
    now = index.now
    if not math.isfinite(now.value):
        return f"{index.units[0].label}: {say(index.verdict.word)} ({index.verdict.reason})"
    why = f": {index.verdict.reason}" if index.verdict.reason else ""
    silent = index.verdict.below_floor and not index.verdict.reason
    below = say(", below the floor of noise") if silent else ""
    told = say(
        "{setting}: {index} {value} ({lo} to {hi}), {verdict}", index=say(NAMES[index.kind]),
        setting=words.upper_first(index.units[0].label), value=words.plain(now.value, 2),
        lo=words.plain(now.lo, 2), hi=words.plain(now.hi, 2), verdict=say(index.verdict.word),
    )  # fmt: skip
    return f"{told}{below}{why}"


def _subtitle(answer: Answer, of: str, method: str) -> str:
    text = say("{outcome}: {index} of each setting swept, {runs} runs.",
               outcome=words.upper_first(of), index=say(NAMES[RANKS[method]]),
               runs=words.plain(answer.used, 0))  # fmt: skip
    luck = answer.shares.luck
    if all(map(math.isfinite, luck)):
        share, lo, hi = (words.plain(100 * min(max(x, 0.0), 1.0), 0) for x in luck)
        text += " " + say("Luck of the seeds: {share} % ({lo} to {hi}) of the variance of one "
                          "history.", share=share, lo=lo, hi=hi)  # fmt: skip
        text += f" {say(MOSTLY)}" if answer.shares.mostly_luck else ""
    return text


def _marks(
    ranked: Sequence[Index], beside: dict[str, Index]
) -> tuple[list[str], list[list[Mark]]]:
    labels = [i.units[0].label for i in ranked[:MOST_ROWS]]
    first = [Mark(i.now.value, i.now.lo, i.now.hi, "@arm1", "circle", open=_open(i), text=said(i))
             for i in ranked[:MOST_ROWS]]  # fmt: skip
    if not beside:
        return labels, [first]
    second = [
        Mark(j.now.value, j.now.lo, j.now.hi, "@arm2", "diamond", open=True, text=said(j))
        for i in ranked[:MOST_ROWS]
        if (j := beside.get(i.units[0].name)) is not None
    ]
    return labels, [first, second]


def _open(index: Index) -> bool:
    return index.verdict.below_floor or index.verdict.word == CANNOT_TELL


def _floor(answer: Answer, method: str) -> float:
    return answer.floors.get(RANKS[method], math.nan)


def _legend(method: str, beside: dict[str, Index]) -> tuple[Key, ...]:
    first = Key("@arm1", say("{index}, 95 % interval", index=say(NAMES[RANKS[method]])), "dot")
    unknown = Key("@arm1", "below the floor of noise, or cannot be told", "ring")
    more = (Key("@arm2", say(NAMES["first"]), "diamond"),) if beside else ()
    return (first, unknown, *more, Key("@unclear", "floor of noise", "dash"))


def _table(answer: Answer) -> pd.DataFrame:
    rows = [
        {"setting": " x ".join(u.name for u in i.units), "label": i.units[0].label,
         "index": say(NAMES.get(i.kind, i.kind)), "estimate": i.now.value, "lo": i.now.lo,
         "hi": i.now.hi, "floor": i.floor, "verdict": say(i.verdict.word),
         "reason": i.verdict.reason,
         "runs_needed": i.verdict.needed.runs if i.verdict.needed else None}
        for i in answer.indices
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[column.key for column in COLUMNS])


def _sized(number: float) -> float:
    return number if math.isfinite(number) else 0.0
