"""What a sensitivity analysis says: text for a terminal, plain values for JSON, a tidy table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

from analysis import words
from analysis.headline import phrase_of
from analysis.language import marked
from analysis.paper_kit import Column
from analysis.sensitivity.luck import Share
from analysis.sensitivity.sobol import SEEDS_OF_FLOOR
from analysis.sensitivity.study import (
    LATIN,
    MORRIS,
    MOST_DROPPED,
    SPREAD,
    Answer,
    Design,
    Index,
    Question,
    design_of,
    failures,
    finite,
)
from analysis.sensitivity.verdicts import CANNOT_TELL, CONVERGED, RELATIVE, WIDTH, Size, no_floor
from analysis.sweep_study import Sweep

MOST_TOLD = 12  # answers that the terminal shows
MOST_PAIRS = 10  # second-order indices that it shows of each
LABEL, KIND, VALUE = 25, 10, 13
BEYOND = 20_000_000  # runs that one study takes at most
NAMES = {"mu_star": "mu*"}
TITLES = {"sobol": "Sobol' indices", "morris": "Elementary effects (Morris)",
          "latin": "PAWN, Delta and regional sensitivity"}  # fmt: skip
MOSTLY = marked(
    "Mostly luck: a single history says more of its seed than of its settings."
)
SETTLING = ("total", "mu_star", "pawn")  # the indices that rank settings
COLUMNS = (
    Column("frame", "Frame"), Column("arm", "Arm"),
    Column("against", "Subtracted arm", "", "empty: the arm alone"),
    Column("outcome", "Outcome"), Column("statistic", "Statistic over seeds"),
    Column("index", "Index"), Column("setting", "Setting or group"),
    Column("label", "Label of it"), Column("blocks", "Blocks used"), Column("seeds", "Seeds"),
    Column("estimate", "Estimate", "share of variance; Morris: unit of the outcome"),
    Column("lo", "Lower end", "", "of the 95 % interval"),
    Column("hi", "Upper end", "", "of the 95 % interval"),
    Column("floor", "Floor of noise", "", "what an input that does not matter may show"),
    Column("verdict", "Verdict"), Column("reason", "Why"),
    Column("runs_needed", "Runs needed", "runs", "of the whole study, about"),
)  # fmt: skip


def table(answers: Sequence[Answer]) -> pd.DataFrame:
    """One row per index and number of blocks (N/4, N/2, N); the verdict is that at N."""
    rows = [
        {**_asked(answer.question), "index": index.kind,
         "setting": " x ".join(unit.name for unit in index.units), "label": _label(index),
         "blocks": step.blocks, "seeds": answer.size.seeds, "estimate": step.value,
         "lo": step.lo, "hi": step.hi, "floor": index.floor, "verdict": index.verdict.word,
         "reason": index.verdict.reason,
         "runs_needed": index.verdict.needed.runs if index.verdict.needed else None}
        for answer in answers for index in answer.indices for step in index.trail
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[column.key for column in COLUMNS])


def document(sweep: Sweep, answers: Sequence[Answer]) -> dict[str, Any]:
    """Everything as plain values."""
    design = design_of(sweep)
    return {
        "folder": str(sweep.folder), "identity": sweep.manifest.get("identity", ""),
        "method": design.method, "blocks": design.blocks, "rows_of_a_block": design.rows,
        "seeds": sweep.seeds, "runs": int(sweep.row.size),
        "settings": [unit._asdict() for unit in design.units],
        "width": WIDTH, "width_of_morris": RELATIVE, "most_dropped": MOST_DROPPED,
        "failures": failures(sweep),
        "answers": [_answer(answer) for answer in answers],
    }  # fmt: skip


def text(sweep: Sweep, answers: Sequence[Answer]) -> list[str]:
    """The same for people, at most 100 columns wide."""
    lines = [*_opening(sweep, design_of(sweep)), *_wrapped(" ".join(failures(sweep)))]
    for answer in answers[:MOST_TOLD]:
        lines += ["", *_wrapped(title(answer.question)), *_body(answer)]
    if len(answers) > MOST_TOLD:
        rest = len(answers) - MOST_TOLD
        lines += ["", f"{rest} further answers: --json, the tables, or --outcome KEY"]
    return lines


def title(question: Question) -> str:
    """What was asked, in words."""
    phrase = phrase_of(question.outcome)
    of = f"how much luck moves {phrase} (standard deviation over seeds)"
    phrase = of if question.statistic == SPREAD else phrase
    if question.against is None:
        return f"{question.frame.label}, {question.arm.label}: {phrase}"
    return (
        f"{question.frame.label}, effect of {question.arm.label} against "
        f"{question.against.label}: {phrase}"
    )


def counted(answers: Sequence[Answer]) -> tuple[int, int, int]:
    """How many indices are converged, not yet, cannot be told."""
    found = [index.verdict.word for answer in answers for index in answer.indices]
    settled, open_ = found.count(CONVERGED), found.count(CANNOT_TELL)
    return settled, len(found) - settled - open_, open_


def most_needed(answers: Sequence[Answer]) -> Size | None:
    """The most that an index needs by which settings of a mean are ranked; None where none does."""
    of_means = [i for a in answers if a.question.statistic != SPREAD for i in a.indices]
    wanted = [i.verdict.needed for i in of_means if i.verdict.needed and i.kind in SETTLING]
    return max((size for size in wanted if size.runs <= BEYOND), key=lambda size: size.runs,
               default=None)  # fmt: skip


def _opening(sweep: Sweep, design: Design) -> Iterator[str]:
    block = {LATIN: "point", MORRIS: "trajectory"}.get(design.method, "block")
    blocks = words.count(design.blocks, block, "trajectories" if block == "trajectory" else None)
    rows = "" if design.method == LATIN else f" of {design.rows} rows"
    yield from _wrapped(
        f"{TITLES[design.method]}: {len(design.units)} settings or groups, {blocks}{rows}, "
        f"{words.count(sweep.seeds, 'seed')}, {words.count(len(sweep.arms), 'arm')}, "
        f"{words.count(int(sweep.row.size), 'run')}, equal ones simulated once."
    )
    yield from _wrapped(
        f"A {block} with a run that failed, is missing or has no value is left out "
        f"whole; above {100 * MOST_DROPPED:g} % of them nothing is computed."
    )
    size = f"{RELATIVE:g} of the largest mu*" if design.method == MORRIS else f"{WIDTH:g}"
    yield from _wrapped(
        f"converged: half the 95 % interval is at most {size}, and neither the index nor its rank "
        "moved from half of them to all. Runs needed are those of the whole study."
    )


def _body(answer: Answer) -> Iterator[str]:
    if answer.refusal:
        yield from _wrapped(f"  Refused: {answer.refusal}.")
        return
    if answer.dropped:
        yield f"  {words.count(answer.dropped, 'block')} left out, {answer.size.blocks:,} used."
    if math.isfinite(answer.shares.luck.value):
        s = answer.shares
        yield from _wrapped(
            f"  Variance of one history: settings {_percent(s.parameters)}, "
            f"seed {_percent(s.seed)}, both together {_percent(s.both)}."
        )
        if s.mostly_luck:
            yield from _wrapped(f"  {MOSTLY}")
    reasons = {i.verdict.reason for i in answer.indices if i.verdict.word == CANNOT_TELL}
    if all(i.verdict.word == CANNOT_TELL for i in answer.indices) and len(reasons) == 1:
        yield from _wrapped(f"  Cannot tell of any setting: {reasons.pop()}.")
        return
    blocks = [step.blocks for step in answer.indices[0].trail]
    heads = [f"N={n:,}" for n in blocks]
    yield (f"  {'setting':<{LABEL}}{'index':<{KIND}}{heads[0]:<{VALUE}}{heads[1]:<{VALUE}}"
           f"{heads[2]:<{VALUE + 1}}verdict").rstrip()  # fmt: skip
    yield from _rows([i for i in answer.indices if len(i.units) == 1])
    yield from _pairs([i for i in answer.indices if len(i.units) > 1])
    yield from _other_points(answer.indices, blocks)
    for kind, floor in answer.floors.items():
        if math.isfinite(floor):
            yield f"  {'floor of noise':<{LABEL}}{NAMES.get(kind, kind):<{KIND}}{_number(floor)}"
    if answer.size.seeds < SEEDS_OF_FLOOR:
        yield from _wrapped(f"  {words.upper_first(no_floor(answer.size.seeds, SEEDS_OF_FLOOR))}.")


def _other_points(indices: Sequence[Index], blocks: list[int]) -> Iterator[str]:
    """Of how many points Delta is, where the columns say other numbers."""
    own = next(([step.blocks for step in i.trail] for i in indices if i.kind == "delta"), blocks)
    if own != blocks:
        yield f"  Delta: of the first {own[0]:,}, {own[1]:,} and {own[2]:,} points"


def _rows(indices: Sequence[Index]) -> Iterator[str]:
    """Settings by their largest index, and each one's kinds together."""
    kinds = list(dict.fromkeys(index.kind for index in indices))
    ranking = next((k for k in SETTLING if k in kinds), "")
    size = {i.units: i.now.value for i in indices if i.kind == ranking}
    for units in sorted(size, key=lambda u: -_or_zero(size[u])):
        own = [index for index in indices if index.units == units]
        yield from _lines(own)


def _pairs(indices: Sequence[Index]) -> Iterator[str]:
    largest = sorted(indices, key=lambda i: -abs(_or_zero(i.now.value)))
    for index in largest[:MOST_PAIRS]:
        yield from _lines([index])
    if len(largest) > MOST_PAIRS:
        yield f"  and {len(largest) - MOST_PAIRS} smaller ones of second order"


def _lines(indices: Sequence[Index]) -> Iterator[str]:
    """The kinds of index of one setting, one below the other, its label broken beside them."""
    label = words.wrap(_label(indices[0]), LABEL - 2)
    for place in range(max(len(indices), len(label))):
        left = label[place] if place < len(label) else ""
        rest = _row(indices[place]) if place < len(indices) else ""
        yield f"  {left:<{LABEL}}{rest}".rstrip()


def _row(index: Index) -> str:
    steps = [_with_half(step.value, (step.hi - step.lo) / 2) for step in index.trail]
    return (f"{NAMES.get(index.kind, index.kind):<{KIND}}{steps[0]:<{VALUE}}{steps[1]:<{VALUE}}"
            f"{steps[2]:<{VALUE + 1}}{_verdict(index)}")  # fmt: skip


def _verdict(index: Index) -> str:
    verdict = index.verdict
    if verdict.word == CONVERGED:
        return f"{CONVERGED}, in the noise" if verdict.below_floor else CONVERGED
    if verdict.word == CANNOT_TELL:
        return f"{CANNOT_TELL}, in the noise" if verdict.below_floor else CANNOT_TELL
    if verdict.needed is None or verdict.needed.runs > BEYOND:
        return f"{verdict.word}: out of reach"
    return f"{verdict.word}: {verdict.needed.runs:,} runs"


def _label(index: Index) -> str:
    return " x ".join(unit.label for unit in index.units)


def _number(value: float) -> str:
    if math.isnan(value):
        return "-"
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.2f}" if abs(value) >= 0.01 or value == 0 else f"{value:.3f}"


def _with_half(value: float, half: float) -> str:
    return _number(value) if math.isnan(half) else f"{_number(value)}±{_number(half)}"


def _percent(share: Share) -> str:
    if not math.isfinite(share.lo):
        return f"{max(share.value, 0.0):.0%}".replace("%", " %")
    return f"{100 * max(share.value, 0.0):.0f} % ({100 * share.lo:.0f} to {100 * share.hi:.0f})"


def _wrapped(line: str) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    return [f"{indent}{part}" for part in words.wrap(line, 98)] if line else []


def _or_zero(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _asked(question: Question) -> dict[str, str]:
    return {"frame": question.frame.label, "arm": question.arm.name,
            "against": question.against.name if question.against else "",
            "outcome": question.outcome.key, "statistic": question.statistic}  # fmt: skip


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        **_asked(answer.question), "title": title(answer.question),
        "unit": answer.question.outcome.unit, "refused": answer.refusal,
        "blocks": answer.size.blocks, "seeds": answer.size.seeds, "dropped": answer.dropped,
        "shares": {name: {key: finite(value) for key, value in share._asdict().items()}
                   for name, share in answer.shares._asdict().items()},
        "mostly_luck": answer.shares.mostly_luck,
        "floors": {kind: finite(floor) for kind, floor in answer.floors.items()},
        "indices": [
            {"index": index.kind, "settings": [unit.name for unit in index.units],
             "label": _label(index), "verdict": index.verdict.word,
             "reason": index.verdict.reason, "below_floor": index.verdict.below_floor,
             "needed": index.verdict.needed._asdict() if index.verdict.needed else None,
             "trail": [{"blocks": s.blocks, "estimate": finite(s.value), "lo": finite(s.lo),
                        "hi": finite(s.hi)} for s in index.trail]}
            for index in answer.indices
        ],
    }  # fmt: skip
