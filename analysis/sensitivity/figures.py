"""A figure of the indices of each arm and of each effect, one panel per outcome."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from analysis.headline import phrase_of
from analysis.paper_figures import index_bars
from analysis.paper_kit import Source
from analysis.sensitivity.study import MEAN, Answer

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = ("first", "total", "mu_star", "pawn", "delta")
MOST_FIGURES = 12


def drawn(answers: Sequence[Answer], source: Source) -> Iterator[tuple[str, Figure, str]]:
    """(name of the file, figure, caption) of at most `MOST_FIGURES` arms and effects."""
    groups: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        asked = answer.question
        if answer.indices and asked.statistic == MEAN:
            name = f"frame-{asked.frame.case}-{asked.arm.name}"
            name += f"-less-{asked.against.name}" if asked.against else ""
            groups.setdefault((name, asked.frame.label), []).append(answer)
    for (name, label), own in list(groups.items())[:MOST_FIGURES]:
        frame = _frame(own)
        if frame.empty:
            continue
        caption = f"{label}, {name}. {index_bars.caption(frame, source)}"
        yield f"indices-{name}", index_bars.draw(frame, source), caption


def _frame(answers: Sequence[Answer]) -> pd.DataFrame:
    """Columns that the figure needs; indices that are not defined are left out."""
    rows = [
        {"quantity": phrase_of(answer.question.outcome), "label": index.units[0].label,
         "index": index.kind.replace("_star", "*"), "estimate": index.now.value,
         "lo": index.now.lo, "hi": index.now.hi, "n": answer.used,
         "verdict": index.verdict.word, "floor": index.floor}
        for answer in answers for index in answer.indices
        if index.kind in SHOWN and index.now.value == index.now.value
    ]  # fmt: skip
    return pd.DataFrame(rows)
