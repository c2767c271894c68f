"""Generated parts of docs/validation.md: targets from the pattern files, results from a scorecard.

The results are those of docs/validation.json, the scorecard that the last `make validation` kept.
"""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any

from experiments.regions import config_folder

KEPT = Path(__file__).resolve().parent.parent / "docs" / "validation.json"
NONE_YET = "No scorecard has been kept yet: `make validation` makes one."


def targets() -> str:
    """Every measure that decides: target and accepted range, with source and use."""
    from analysis.patterns import PATTERNS

    rows = ["| id | pattern | target | accepted | use | source |", f"|{' --- |' * 6}"]
    for pattern in PATTERNS:
        deciding = [m for m in pattern.measures if m.accept is not None]
        aims = "; ".join(f"{m.label} {m.target:g}" for m in deciding if isfinite(m.target))
        accepted = "; ".join(_range(m.accept, m.unit) for m in deciding)
        cells = (pattern.key, pattern.title, aims, accepted, pattern.use, pattern.source)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def result() -> str:
    """The kept scorecard as a table, with what it was made of."""
    from analysis.patterns import scorecard

    card = kept()
    if card is None:
        return NONE_YET
    borders = ", ".join(f"{name} ({number})" for name, number in card["borders"])
    made = (
        f"{card['histories']} histories of {card['years']} years, "
        f"{card['failed_histories']} failed; borders (histories): {borders}."
    )
    return f"{made}\n\n{scorecard.markdown(card['patterns'])}"


def roots() -> str:
    """How many times each verdict was given over the roots of the kept scorecard."""
    card = kept()
    if card is None:
        return NONE_YET
    rows = ["| pattern | verdicts |", "| --- | --- |"]
    for key, found in card["verdicts_by_root"].items():
        told = ", ".join(f"{verdict} {n}" for verdict, n in sorted(found.items()))
        rows.append(f"| {key} | {told} of {card['roots']} |")
    return "\n".join(rows)


def fits() -> str:
    """The fits that ship: every set of parameters that calibration kept."""
    rows = []
    for path in sorted((config_folder() / "parameters").glob("fit_*.yaml")):
        first = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        rows.append(f"| `parameters={path.stem}` | {first} |")
    if not rows:
        return "No fit ships yet."
    return "\n".join(["| use it with | what it is |", "| --- | --- |", *rows])


def kept() -> dict[str, Any] | None:
    """The kept scorecard."""
    if not KEPT.is_file():
        return None
    content: dict[str, Any] = json.loads(KEPT.read_text(encoding="utf-8"))
    return content


def _range(accept: tuple[float, float] | None, unit: str) -> str:
    lo, hi = accept or (0.0, 0.0)
    told = f"{lo:g} or more" if not isfinite(hi) else f"{lo:g} to {hi:g}"
    return f"{told} {unit}".strip() if unit != "ratio" else told


SCORES = {
    "pattern targets": targets, "validation scorecard": result, "validation roots": roots,
    "calibrated fits": fits,
}  # fmt: skip
