"""Numbers, ranges and tables as Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

Rows = Iterable[Sequence[object]]


class DocumentError(ValueError):
    """A document whose blocks cannot be filled; the message names the block."""


def table(columns: Sequence[str], rows: Rows) -> str:
    """A Markdown table."""
    lines = [_line(columns), _line(["---"] * len(columns))]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def span(lo: float, hi: float) -> str:
    """A range in words."""
    if math.isinf(lo) and math.isinf(hi):
        return "any"
    return f"{number(lo)} or more" if math.isinf(hi) else f"{number(lo)} to {number(hi)}"


def number(value: float) -> str:
    """A number as short as it is exact enough to read."""
    return "none" if math.isinf(value) else f"{value:g}"


def _line(cells: Sequence[object]) -> str:
    shown = [number(c) if isinstance(c, float) else str(c) for c in cells]
    return "| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in shown) + " |"
