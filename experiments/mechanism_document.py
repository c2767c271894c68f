"""The page docs/mechanisms.md: what every mechanism is, costs and changed, region by region.

Words come from the mechanisms' own files, numbers from docs/mechanisms.json (see
`experiments.mechanism_effects`). Nothing is run here, so the page can be written again, and checked
for freshness, at any time.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.markdown import table

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "docs" / "mechanisms.json"
PAGE = ROOT / "docs" / "mechanisms.md"
OUTCOMES = ("crisis_resource", "uncontained_rate", "violent_incidents", "worst_livelihood",
            "hazard_damage", "money_spent")  # fmt: skip
ALL = "full"  # all mechanisms together
PARTS = re.compile(r"\b(Fails\s+when|Seeds|Source):")
COMMAND = "python -m experiments.mechanism_effects"


def page() -> str:
    """The whole page."""
    from sim.mechanisms import MECHANISMS

    found = json.loads(STORE.read_text(encoding="utf-8")) if STORE.is_file() else {}
    blocks = [*_opening(found), _at_a_glance(found)]
    for mechanism in MECHANISMS:
        blocks += [f"## {mechanism.label}", *_words(mechanism), _effects(found, mechanism.name)]
    blocks += ["## All together", "Every mechanism at full intensity from the first year."]
    blocks.append(_effects(found, ALL))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _opening(found: dict[str, Any]) -> Iterator[str]:
    yield "# What each mechanism does, costs and fails at"
    yield (
        f"This page is written by `{COMMAND}` from the mechanisms' own files and from "
        "[mechanisms.json](mechanisms.json). Do not edit it by hand."
    )
    if not found:
        yield "No effects have been measured yet."
        return
    yield (
        f"Numbers are paired differences: histories of {found['years']:g} years with the mechanism "
        f"imposed on every dyad at full intensity from the first year, minus the same histories "
        f"({found['seeds']} seeds from {found['first_seed']} on, same weather, elections and luck) "
        "without any mechanism; in brackets 95 % intervals. **Bold**: the interval excludes zero. "
        "With this many intervals, one in twenty would exclude zero by chance alone. They are "
        f"effects inside this model (compiled model `{found['kernel']}`) under its default "
        "numbers, most of them assumptions; simulated, not observed, and no position on any border."
    )


def _at_a_glance(found: dict[str, Any]) -> str:
    """In how many regions each mechanism did good, harm or neither, by outcome."""
    from sim.mechanisms import NAMES
    from sim.outcomes import OUTCOMES as DECLARED

    if not found:
        return ""
    shown = [key for key in OUTCOMES if DECLARED[key].better != "none"]
    rows = []
    for name in (*NAMES, ALL):
        cells = []
        for key in shown:
            sides = [_side(arms[name][key], key) for arms in found["effects"].values()
                     if name in arms]  # fmt: skip
            cells.append(f"{sides.count('better')} / {sides.count('worse')}")
        rows.append((f"`{name}`", *cells))
    regions = len(found["effects"])
    said = (
        f"## At a glance\n\nIn how many of {regions} regions the interval shows the outcome better "
        "/ worse than without; the rest is unclear."
    )
    return f"{said}\n\n{table(('mechanism', *(DECLARED[key].label for key in shown)), rows)}"


def _side(numbers: list[float], key: str) -> str:
    """Better, worse or unclear."""
    from sim.outcomes import OUTCOMES as DECLARED

    difference, lo, hi, _ = numbers
    if lo <= 0.0 <= hi:
        return "unclear"
    return "better" if (difference < 0.0) == (DECLARED[key].better == "lower") else "worse"


def _words(mechanism: Any) -> Iterator[str]:
    """What the mechanism's file says about it, part by part."""
    from sim.mechanisms import TRAITS, module_of

    module = module_of(mechanism.name)
    said = dict(_parts(inspect.cleandoc(module.__doc__ or "")))
    values = {d.key.split(".")[1]: d.default for d in mechanism.parameters}
    answers = ", ".join(f"{problem} {weight:g}" for problem, weight in module.ANSWERS.items())
    yield said[""]
    yield f"**Fails when:** {said['Fails']}"
    yield (
        f"**Cost:** {100 * values['cost_per_year']:g} % of the smaller town's revenue a year and "
        f"dyad, {100 * values['setup_cost']:g} % more while it is being set up; **set-up:** "
        f"{values['setup_years']:g} years until 63 % mature. **Answers:** {answers}."
    )
    for trait in getattr(module, "TRAITS", ()):
        yield f"**Trait:** {trait}, that is, it {TRAITS[trait]}."
    if "Seeds" in said:
        yield f"**Seeds:** {said['Seeds']}"
    yield f"**Evidence:** {said['Source']}"
    tests = f"tests/mechanisms/test_{mechanism.name}.py"
    path = f"sim/mechanisms/{mechanism.name}.py"
    yield f"Code: [`{path}`](../{path}); shown by [`{tests}`](../{tests})"


def _parts(document: str) -> Iterator[tuple[str, str]]:
    """The parts of a mechanism's docstring: its opening, then what follows each word."""
    pieces = PARTS.split(document)
    yield "", _paragraphs(pieces[0])
    for word, text in zip(pieces[1::2], pieces[2::2], strict=True):
        yield word.split()[0], _paragraphs(text)


def _paragraphs(text: str) -> str:
    """Lines of one paragraph joined; indented equations kept as they stand."""
    blocks = re.split(r"\n\s*\n", text.strip("\n"))
    kept = [b if b.startswith("    ") else " ".join(b.split()) for b in blocks if b.strip()]
    return "\n\n".join(kept)


def _effects(found: dict[str, Any], arm: str) -> str:
    """The table of one arm: outcomes by region."""
    from sim.outcomes import OUTCOMES as DECLARED

    held = {name: arms[arm] for name, arms in found.get("effects", {}).items() if arm in arms}
    if not held:
        return ""
    heads = [f"{DECLARED[key].label} [{DECLARED[key].unit}]" for key in OUTCOMES]
    rows = [(f"`{name}`", *(_cell(numbers[key]) for key in OUTCOMES))
            for name, numbers in held.items()]  # fmt: skip
    return table(("region", *heads), rows)


def _cell(numbers: list[float]) -> str:
    difference, lo, hi, _ = numbers
    text = f"{difference:+.3g} ({lo:+.3g} to {hi:+.3g})"
    return text if lo <= 0.0 <= hi else f"**{text}**"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
