"""The scorecard: scored patterns as plain values, and as a table to read."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from analysis.patterns import ALL, REPORTED
from analysis.patterns.base import FAIL, PASS, SHOWN, Measure
from analysis.patterns.score import Found, Scored

USES = {"C": "may be calibrated on", "H": "held out"}
COLUMNS = ("pattern", "accepted", "target", "model", "events", "verdict", "use", "every act")


def document(scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """Every pattern as plain values for JSON; numbers that do not exist are None."""
    return [
        {
            "pattern": s.pattern.key,
            "title": s.pattern.title,
            "measured_on": s.pattern.measured_on,
            "source": s.pattern.source,
            "use": s.pattern.use,
            "required": s.pattern.required,
            "verdict": s.verdict,
            "measures": [
                _measure(seen, every)
                for seen, every in zip(s.views[REPORTED], s.views[ALL], strict=True)
            ],
        }
        for s in scored
    ]


def lines(patterns: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Rows of the table, in the order of COLUMNS; a row per pattern, then one per measure."""
    rows: list[tuple[str, ...]] = []
    for pattern in patterns:
        title = f"{pattern['pattern']} {pattern['title']}"
        rows.append((title, "", "", "", "", pattern["verdict"], pattern["use"], ""))
        for measure in pattern["measures"]:
            seen = measure["reported"]
            mark = "" if seen["verdict"] == SHOWN else seen["verdict"]
            rows.append((
                f"  {measure['label']}", _range(measure), _number(measure["target"], measure),
                _told(seen, measure), f"{seen['events']:,}", mark, "",
                _told(measure["all"], measure),
            ))  # fmt: skip
    return rows


def text(patterns: Sequence[dict[str, Any]]) -> list[str]:
    """The table as plain lines."""
    told = []
    for row in lines(patterns):
        if not row[0].startswith(" "):
            told += ["", f"{row[0]} [{row[6]}]: {row[5]}"]
            continue
        told.append(f"{row[0]:<42} {row[3]:<24} {row[4]:>9}  {row[1]:<15} {row[5]:<15} {row[7]}")
    head = ("  measure", "model (95 %)", "events", "accepted", "verdict", "every act, seen or not")
    first = f"{head[0]:<42} {head[1]:<24} {head[2]:>9}  {head[3]:<15} {head[4]:<15} {head[5]}"
    return [first, *told]


def markdown(patterns: Sequence[dict[str, Any]]) -> str:
    """The table in Markdown."""
    head = [" | ".join(("", *COLUMNS, "")).strip(), " | ".join(("", *["---"] * 8, "")).strip()]
    body = []
    for row in lines(patterns):
        name = f"**{row[0]}**" if not row[0].startswith(" ") else row[0].strip()
        cells = (name, *row[1:5], f"**{row[5]}**" if name.startswith("**") else row[5], *row[6:])
        body.append(" | ".join(("", *cells, "")).strip())
    return "\n".join([*head, *body]) + "\n"


def failed(patterns: Sequence[dict[str, Any]]) -> list[str]:
    """Required patterns that fail."""
    return [p["pattern"] for p in patterns if p["required"] and p["verdict"] == FAIL]


def open_or_failed(patterns: Sequence[dict[str, Any]]) -> list[str]:
    """Patterns that do not pass, held out or not: failed, or with too few events to decide."""
    return [p["pattern"] for p in patterns if p["verdict"] != PASS]


def off_target(patterns: Sequence[dict[str, Any]]) -> str:
    """Every measure whose interval leaves its target out, whatever its verdict, in Markdown."""
    head = ("pattern", "measure", "target", "model", "model is", "accepted", "verdict", "use")
    rows = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for pattern in patterns:
        for measure in pattern["measures"]:
            seen, target = measure["reported"], measure["target"]
            if target is None or seen["lo"] is None or seen["lo"] <= target <= seen["hi"]:
                continue
            side = "above" if seen["value"] > target else "below"
            cells = (pattern["pattern"], measure["label"], _number(target, measure),
                     _told(seen, measure), side, _range(measure), seen["verdict"],
                     pattern["use"])  # fmt: skip
            rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _measure(seen: Found, every: Found) -> dict[str, Any]:
    measure = seen.measure
    accept = None
    if measure.accept is not None:
        accept = [_finite(bound) for bound in measure.accept]
    return {
        "key": measure.key,
        "label": measure.label,
        "unit": measure.unit,
        "target": _finite(measure.target),
        "accept": accept,
        "reported": _found(seen),
        "all": _found(every),
    }


def _found(found: Found) -> dict[str, Any]:
    return {
        "value": _finite(found.value),
        "lo": _finite(found.lo),
        "hi": _finite(found.hi),
        "events": found.events,
        "verdict": found.verdict,
    }


def _finite(value: float) -> float | None:
    return float(f"{value:.5g}") if isfinite(value) else None


def _number(value: float | None, measure: dict[str, Any] | Measure) -> str:
    unit = measure["unit"] if isinstance(measure, dict) else measure.unit
    if value is None:
        return "none"
    return f"{value:.2f}" if unit in {"ratio", ""} else f"{value:.1f}"


def _range(measure: dict[str, Any]) -> str:
    unit = "" if measure["unit"] == "ratio" else f" {measure['unit']}"
    if measure["accept"] is None:
        return f"shown{unit and ','}{unit}"
    lo, hi = measure["accept"]
    return f"{lo:g} or more{unit}" if hi is None else f"{lo:g} to {hi:g}{unit}"


def _told(found: dict[str, Any], measure: dict[str, Any]) -> str:
    value = _number(found["value"], measure)
    if found["lo"] is None:
        return value
    return f"{value} ({_number(found['lo'], measure)} to {_number(found['hi'], measure)})"
