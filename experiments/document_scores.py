"""Generated parts of docs/validation.md: targets from the pattern files, results from a scorecard.

The results are those of docs/validation.json, the scorecard that the last `make validation` kept,
and of docs/calibration.json, which the last `make calibration` kept.
"""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any

from experiments.provenance import age_of

KEPT = Path(__file__).resolve().parent.parent / "docs" / "validation.json"
FITTED = KEPT.with_name("calibration.json")
NO_FIT = "No fit ships yet: `make calibration` makes them."
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
    return f"{made} {_model(card)}\n\n{scorecard.markdown(card['patterns'])}"


def declared() -> str:
    """Held-out patterns on the borders that keep their bodies."""
    return _held("held_out_as_declared")


def without_bodies() -> str:
    """Held-out patterns on the borders whose bodies were taken away."""
    return _held("held_out_without_bodies")


def founded() -> str:
    """V11 where states found bodies, all roots together: border by border, and pooled."""
    card = kept()
    found = card.get("bodies_founded") if card else None
    if not found:
        return NONE_YET
    pooled, borders = found["pooled"], found["borders"]
    labels = [measure["label"] for measure in pooled["measures"]]
    table = [f"| border | histories | pair-years with a body | {' | '.join(labels)} |",
             f"|{' --- |' * (len(labels) + 3)}"]  # fmt: skip
    for row in (*borders, {**pooled, "border": "**pooled**"}):
        without, with_body = row["pair_years"]
        share = f"{100 * with_body / (without + with_body):.0f} %"
        told = " | ".join(map(_of, row["measures"]))
        table.append(f"| {row['border']} | {row['histories']:,} | {share} | {told} |")
    within = (_number(*found["within"][measure["key"]]) for measure in pooled["measures"])
    table.append(f"| **within borders** |  |  | {' | '.join(within)} |")
    return "\n".join(table)


def _held(key: str) -> str:
    """One held-out part of the kept scorecard, with the reason for what is undefined."""
    from analysis.patterns import scorecard
    from experiments.held_out import reasons

    card = kept()
    rows = card.get(key) if card else None
    return "\n\n".join([scorecard.markdown(rows).strip(), *reasons(rows)]) if rows else NONE_YET


def _of(measure: dict[str, Any]) -> str:
    seen = measure["reported"]
    told = _number(seen["value"], seen["lo"], seen["hi"])
    return f"{told}, {seen['verdict']}" if measure["accept"] and seen["value"] is not None else told


def _number(value: float | None, lo: float | None, hi: float | None) -> str:
    if value is None:
        return "undefined"
    return f"{value:.2f}" if lo is None or hi is None else f"{value:.2f} ({lo:.2f} to {hi:.2f})"


def off_target() -> str:
    """Measures of the kept scorecard that miss their target, those that pass among them."""
    from analysis.patterns import scorecard

    card = kept()
    return scorecard.off_target(card["patterns"]) if card else NONE_YET


def _model(card: dict[str, Any]) -> str:
    """Which compiled model made it, and whether that is the present one."""
    made = card["provenance"]["kernel_digest"]
    return f"Compiled model `{made[:16]}`, {age_of(made)}."


def roots() -> str:
    """How many times each verdict was given over the roots of the kept scorecard."""
    card = kept()
    if card is None:
        return NONE_YET
    stripped = card.get("verdicts_without_bodies_by_root", {})
    rows = ["| pattern | verdicts | on the borders without declared bodies |", f"|{' --- |' * 3}"]
    for key, found in card["verdicts_by_root"].items():
        cells = [_times(each, card["roots"]) for each in (found, stripped.get(key, {}))]
        rows.append(f"| {key} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _times(found: dict[str, int], roots: int) -> str:
    told = ", ".join(f"{verdict} {n}" for verdict, n in sorted(found.items()))
    return f"{told} of {roots}" if told else ""


def structures() -> str:
    """What the kept calibration did with every structure."""
    record = calibration()
    if record is None:
        return NO_FIT
    head = "| structure | what it says | ensembles | space left, % | fits | nearest point misses |"
    rows = [head, f"|{' --- |' * 6}"]
    for each in record["structures"]:
        share = each["kept_share_by_wave"]
        left = f"{100 * share[-1]:.2g}" if share else "not known"
        rows.append(f"| `{each['name']}` | {each['about']} | {len(each['points'])} | {left} | "
                    f"{len(each['fits'])} | {', '.join(each['nearest']['misses']) or 'none'} |")
    return "\n".join(rows)


def fits() -> str:
    """The fits that ship, and how the held-out patterns fall under each."""
    from analysis.patterns import PATTERNS

    record = calibration()
    if record is None:
        return NO_FIT
    held = {p.key: {m.key: m.label for m in p.measures} for p in PATTERNS if p.use == "H"}
    names = [f"{key}: {label}" for key, own in held.items() for label in own.values()]
    rows = [f"| use it with | {' | '.join(names)} |", f"|{' --- |' * (len(names) + 1)}"]
    for fit in (fit for each in record["structures"] for fit in each["fits"]):
        cells = [_told(fit["held_out"][key]["measures"][measure])
                 for key, own in held.items() for measure in own]  # fmt: skip
        rows.append(f"| `parameters={fit['name']}` | {' | '.join(cells)} |")
    return "\n".join(rows)


def spread() -> str:
    """Every free parameter: default, and its smallest and largest value among fits."""
    from sim.parameters import DECLARED

    record = calibration()
    if record is None:
        return NO_FIT
    found = [each for each in record["structures"] if each["spread"]]
    rows = [f"| parameter | default | {' | '.join(each['name'] for each in found)} |",
            f"|{' --- |' * (len(found) + 2)}"]  # fmt: skip
    for d in DECLARED:
        ranges = [each["spread"].get(d.key) for each in found]
        if any(ranges):
            cells = " | ".join(f"{r[0]:g} to {r[1]:g}" if r else "" for r in ranges)
            rows.append(f"| `{d.key}` | {d.default:g} | {cells} |")
    return "\n".join(rows)


def use() -> str:
    """One command for a fit of every structure that has one."""
    record = calibration()
    found = [each for each in record["structures"] if each["fits"]] if record else []
    if not found:
        return NO_FIT
    lines = [f"thalweg compare parameters={each['fits'][0]['name']} region=fergana "
             f"out=results/{each['name']}" for each in found]  # fmt: skip
    return "\n".join(["```sh", *lines, "```"])


def calibration() -> dict[str, Any] | None:
    """The record of the kept calibration."""
    if not FITTED.is_file():
        return None
    content: dict[str, Any] = json.loads(FITTED.read_text(encoding="utf-8"))
    return content


def _told(numbers: list[float | None]) -> str:
    value, lo, hi = ("none" if n is None else f"{n:.3g}" for n in numbers)
    return f"{value} ({lo} to {hi})"


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
    "validation declared": declared, "validation without bodies": without_bodies,
    "validation bodies founded": founded, "validation off target": off_target,
    "calibrated structures": structures, "calibrated fits": fits, "calibrated spread": spread,
    "calibrated use": use,
}  # fmt: skip
