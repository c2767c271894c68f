"""What the paper figures share: marks of verdicts, axis words, the check of a frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis import words
from analysis.paper_kit import SMALL, Source, colour
from analysis.study import StudyError


class Mark(NamedTuple):
    """How a verdict is drawn: colour by token, symbol, filled or hollow, and its word."""

    token: str
    symbol: str
    filled: bool
    word: str


MARKS = {
    "better": Mark("good", "o", True, "better"),
    "worse": Mark("bad", "D", True, "worse"),
    "unclear": Mark("unclear", "o", False, "unclear: the interval spans zero"),
    "unknown": Mark("unclear", "s", False, "unknown: fits disagree on the sign, or too few events"),
    "rises": Mark("accent", "^", True, "rises"),
    "falls": Mark("accent", "v", True, "falls"),
    "few events": Mark("unclear", "P", False, "too few events for a claim"),
    "values missing": Mark("unclear", "X", False, "not defined in too many histories for a claim"),
    "converged": Mark("accent", "o", True, "converged"),
    "not yet": Mark("unclear", "o", False, "not yet converged"),
    "cannot tell": Mark("unclear", "s", False, "cannot tell"),
}
OTHER = Mark("text", "o", True, "")


def checked(frame: pd.DataFrame, needs: Sequence[str]) -> pd.DataFrame:
    """The frame, with rows numbered from 0. Raises StudyError where it cannot be drawn."""
    missing = [key for key in needs if key not in frame.columns]
    if missing:
        raise StudyError(f"a figure lacks the column {', '.join(missing)}")
    if frame.empty:
        raise StudyError("a figure without rows is not drawn")
    return frame.reset_index(drop=True)


def mark_of(verdict: object) -> Mark:
    """The mark of a verdict; a word that is not known is drawn plainly."""
    return MARKS.get(str(verdict), OTHER)


def axis_label(quantity: object, unit: object) -> str:
    """What an axis shows, with its unit in brackets."""
    label = words.upper_first(str(quantity))
    return f"{label} [{unit}]" if str(unit or "") else label


def counted(frame: pd.DataFrame, noun: str) -> str:
    """What a figure rests on: ``n = 200 pairs``, or from the least to the most."""
    numbers = frame["n"].dropna().astype(int)
    if numbers.empty:
        return ""
    least, most = int(numbers.min()), int(numbers.max())
    return f"n = {least:,} {noun}" if least == most else f"n = {least:,} to {most:,} {noun}"


def legend(axes: Any, verdicts: Iterable[object]) -> None:
    """A key of the verdicts that occur, in the fixed order of `MARKS`."""
    seen = {str(verdict) for verdict in verdicts}
    shown = [mark for verdict, mark in MARKS.items() if verdict in seen]
    handles = [
        axes.plot([], [], linestyle="none", marker=mark.symbol, markersize=4.5, label=mark.word,
                  markerfacecolor=face(mark), markeredgecolor=colour(mark.token))[0]
        for mark in shown
    ]  # fmt: skip
    if handles:
        keyed(axes.figure, handles, [mark.word for mark in shown], handletextpad=0.2)


def keyed(figure: Any, handles: Sequence[Any], told: Sequence[str], **more: Any) -> None:
    """A key in one line at the top; the canvas leaves `paper_kit.KEY` inches free for it."""
    figure.legend(handles, told, loc="upper left", bbox_to_anchor=(0.0, 1.0), ncols=len(told),
                  columnspacing=1.2, borderpad=0.1, borderaxespad=0.3, **more)  # fmt: skip


def face(mark: Mark) -> str:
    """Fill of a mark."""
    return colour(mark.token if mark.filled else "card")


def interval(axes: Any, row: Any, at: float, *, size: float = 4.5) -> None:
    """One estimate with its interval at a height; nothing where it is not defined."""
    if not np.isfinite(row.estimate):
        axes.text(0.5, at, "not defined", transform=axes.get_yaxis_transform(), fontsize=SMALL,
                  color=colour("muted"), ha="center", va="center")  # fmt: skip
        return
    mark = mark_of(getattr(row, "verdict", ""))
    if bounded(row):
        axes.plot([row.lo, row.hi], [at, at], color=colour(mark.token), linewidth=1.3,
                  solid_capstyle="butt")  # fmt: skip
    axes.plot([row.estimate], [at], marker=mark.symbol, markersize=size, linestyle="none",
              markerfacecolor=face(mark), markeredgecolor=colour(mark.token))  # fmt: skip


def bounded(row: Any) -> bool:
    """True where a row has an interval."""
    return bool(np.isfinite(row.lo) and np.isfinite(row.hi))


def ending(source: Source) -> str:
    """The last words of every caption."""
    return f"{source.text.rstrip('.')}."
