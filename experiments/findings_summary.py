"""What a reader of a region's section of docs/findings.md is told first, and the conditions.

Every sentence is computed from docs/findings.json and docs/findings_conditions.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import Any

from experiments.arms import NEGOTIATED
from experiments.findings_grades import (
    BACKFIRES,
    DEFAULT,
    DEPENDS,
    FIRM,
    HELPS,
    HINT,
    LIKELY,
    UNTOLD,
    Finding,
)
from experiments.findings_words import (
    change,
    heard,
    label_of,
    outcome_label,
    relative,
    scale_of,
    unit_of,
)
from experiments.mechanism_document import ALL, BILL, EFFECTS

BUNDLES = (ALL, NEGOTIATED)
SURE = (FIRM, LIKELY)
RARE = re.compile(r"Cannot tell a condition: (\d+) cases? among (\d+) points; (\d+) are needed\.")
ALWAYS = re.compile(
    r"Cannot tell a condition: (\d+) points that are no case among (\d+) points; (\d+) are needed\."
)
NONE_STANDS_OUT = "No condition stands out"  # how `analysis.discovery.records` says so
PLACES = {EFFECTS: "alone", "within": "in the full package"}


def in_short(stored: Mapping[str, Any], own: Sequence[Finding]) -> str:
    """The first sentences on a region: what helps most, its bill, what backfires, what is open."""
    return " ".join((*_best(stored, own), *_worst(own), _open(own)))


def _best(stored: Mapping[str, Any], own: Sequence[Finding]) -> Iterator[str]:
    one = strongest(own, HELPS)
    if one is None:
        yield "**No single mechanism helps firmly or likely here.**"
        return
    yield f"**What helps most: {_told(one)}.**"
    yield _bill(stored, one)


def _worst(own: Sequence[Finding]) -> Iterator[str]:
    one = strongest(own, BACKFIRES)
    if one is None:
        yield "No single mechanism backfires firmly or likely."
        return
    same = [f for f in own if f.verdict == BACKFIRES and f.confidence in SURE]
    many = (f"{len(same)} findings in all backfire firmly or likely" if len(same) > 1 else
            "no other finding backfires firmly or likely")  # fmt: skip
    yield f"What backfires most: {_told(one)}; {many}."


def strongest(own: Sequence[Finding], verdict: str) -> Finding | None:
    """The surest of one mechanism, and of those the largest against the mean without it.

    None on which the model in the middle is of the other side.
    """
    found = [f for f in own if f.verdict == verdict and f.confidence in SURE
             and f.arm not in BUNDLES and isfinite(relative(f))
             and f.side * relative(f) > 0]  # fmt: skip
    if not found:
        return None
    return min(found, key=lambda f: (f.confidence != FIRM, f.comparison != EFFECTS,
                                     -f.side * relative(f)))  # fmt: skip


def _told(f: Finding) -> str:
    way = "raises" if f.side > 0 else "lowers"
    return (f"{label_of(f.arm)} {PLACES[f.comparison]} {way} {_lower(outcome_label(f.outcome))} by "
            f"{abs(100 * relative(f)):.0f} %, {change(f)}, {f.confidence}, {heard(f)}")  # fmt: skip


def _bill(stored: Mapping[str, Any], f: Finding) -> str:
    """What it adds to what the towns pay, under the model whose numbers are shown."""
    held = stored["found"][f.shown.model][f.region][f.comparison][f.arm]
    if BILL not in held:
        return "Its bill is not stored."
    difference, lo, hi, without = held[BILL]
    numbers = f"{difference:+.3g} ({lo:+.3g} to {hi:+.3g}) {_unit(BILL)} from {without:.3g}"
    clear = "" if lo > 0 or hi < 0 else ", so that it cannot be told whether it costs or saves"
    note = "" if f.shown.model == DEFAULT else f" under `{f.shown.model}`"
    return f"It changes what the towns spend by {numbers}{note}{clear}."


def _open(own: Sequence[Finding]) -> str:
    counts = {verdict: sum(f.verdict == verdict for f in own) for verdict in (DEPENDS, UNTOLD)}
    hints = sum(f.confidence == HINT for f in own)
    return (f"Not known: of {len(own)} findings {counts[UNTOLD]} cannot be told from these runs, "
            f"{counts[DEPENDS]} {'hangs' if counts[DEPENDS] == 1 else 'hang'} on the model and "
            f"{hints} {'is' if hints == 1 else 'are'} no more than hints.")  # fmt: skip


def conditions_of(held: Mapping[str, Any], region: str) -> Iterator[str]:
    """What the sweep of a region says to each question; a sentence where there is none."""
    said = held.get("found", {}).get(region)
    if said is None:
        yield "The sweep over physical and social conditions has not been run yet."
        return
    failed = f", {said['failed']} of which failed" if said["failed"] else ""
    arms = said["runs"] // (held["points"] * held["seeds"])
    yield (
        f"A sweep of {said['runs']:,} histories{failed} ({held['points']} points x {held['seeds']} "
        f"seeds x {arms} arms) over {len(said['factors'])} factors asked {len(said['questions'])} "
        f"questions; {said['crises']} of {said['runs'] // arms:,} histories without any mechanism "
        "held a crisis over the resource."
    )
    found = [(q, record) for q in said["questions"] for record in q["records"]]
    if found:
        yield "\n".join(f"- {record['sentence']}{_steady(record)}" for _, record in found)
    else:
        none = sum(q["reason"].startswith(NONE_STANDS_OUT) for q in said["questions"])
        rare, always = (sum(one.fullmatch(q["reason"]) is not None for q in said["questions"])
                        for one in (RARE, ALWAYS))  # fmt: skip
        often = f"{always} for what happens at nearly every point, " if always else ""
        yield (f"**No condition was found in this region: none stands out for {none} of the "
               f"questions, {rare} ask for what hardly happens at any point, {often}and "
               f"{len(said['questions']) - none - rare - always} cannot be told.**")  # fmt: skip
    silent: dict[str, list[str]] = {}
    for q in said["questions"]:
        if not q["records"]:
            silent.setdefault(_plain(q["reason"]), []).append(q["question"])
    if silent:
        yield "\n".join(f"- {'; '.join(asked)}: {reason}" for reason, asked in silent.items())


def _plain(reason: str) -> str:
    """A reason as it stands, but of cases that occur hardly or nearly anywhere: where."""
    rare, always = RARE.fullmatch(reason), ALWAYS.fullmatch(reason)
    if always is not None:
        others, points, needed = always.groups()
        where = f"all {points} points" if others == "0" else f"all but {others} of {points} points"
        return f"at {where}; to look for conditions takes {needed} at which it is not so."
    if rare is None:
        return reason
    cases, points, needed = rare.groups()
    where = f"at none of the {points} points" if cases == "0" else f"at {cases} of {points} points"
    return f"{where}; to look for conditions takes {needed}."


def sweep_words(held: Mapping[str, Any], age: str) -> str:
    """What the sweeps of all regions are, once for the page."""
    if not held:
        return (
            "*Under which conditions* has not been asked yet: "
            "`python -m experiments.findings_conditions` does."
        )
    first = next(iter(held["found"].values()))
    factors = ", ".join(
        f"{_lower(f['label'])} ({f['lo']:g} to {f['hi']:g} {f['unit']})" for f in first["factors"]
    )
    singled = any(held.get("asked", {}).values())
    alone = ", and the single mechanisms that help and backfire most" if singled else ""
    searches = sum(len(one["questions"]) for one in held["found"].values())
    return (
        "*Under which conditions* comes from a sweep of each region under the default numbers of "
        f"all else (compiled model `{held['kernel']}`, {age}; {held['points']} points of a Latin "
        f"hypercube, {held['seeds']} seeds each, {held['years']:g} years; no mechanism, the "
        f"full package{alone}). Swept: {factors}. A condition is told where at most 1 in 100 "
        "shuffled tables has so good a box and it holds on points and seeds that were not "
        f"searched: {searches} searches would tell {searches / 100:.1f} by luck at most "
        "([how](discovery.md))."
    )


def _steady(record: Mapping[str, Any]) -> str:
    return "" if record["stable"] else " Not all of its limits are stable."


def _unit(key: str) -> str:
    return unit_of(key) if scale_of(key) == 1.0 else "in 100"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
