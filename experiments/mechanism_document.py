"""The page docs/mechanisms.md: what every mechanism is, costs and changed, region by region.

Last comes what towns agree on by themselves (`experiments.negotiated_document`).

Words come from the mechanisms' own files, numbers from docs/mechanisms.json (see
`experiments.mechanism_effects`) and from nowhere else. Nothing is run here, so the page can be
written again, and checked for freshness, at any time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.arm_lists import NEGOTIATED
from experiments.markdown import table
from experiments.mechanism_words import words
from experiments.negotiated_document import LEFT, section
from experiments.provenance import age_of
from experiments.version_document import HEADING, MARK, Place, signs, stored, turning
from experiments.version_document import section as under_other_models

ROOT = Path(__file__).resolve().parent.parent
STORE = ROOT / "docs" / "mechanisms.json"
PAGE = ROOT / "docs" / "mechanisms.md"
OUTCOMES = ("crisis_resource", "uncontained_rate", "violent_incidents", "worst_livelihood",
            "hazard_damage", "money_spent")  # fmt: skip
ALL = "full"  # all mechanisms together
EFFECTS, WITHIN = "effects", "within"  # alone against none; full against full less the mechanism
COMPARED = (EFFECTS, WITHIN)
CHANCE = 0.05  # of an interval to exclude zero where nothing differs
TOGETHER = "All together"  # the heading of all of them
BILL = "money_spent"
COMMAND = "python -m experiments.mechanism_effects"


class Effect(NamedTuple):
    """A difference, its interval, the mean without, and whether its sign turns elsewhere."""

    difference: float
    lo: float
    hi: float
    reference: float
    turns: bool = False

    @property
    def clear(self) -> bool:
        """The interval excludes zero, and no other model says the opposite."""
        return not (self.lo <= 0.0 <= self.hi or self.turns)


def page() -> str:
    """The whole page."""
    from sim.mechanisms import MECHANISMS, NAMES

    found = json.loads(STORE.read_text(encoding="utf-8")) if STORE.is_file() else {}
    if found and not set(COMPARED) <= set(found):
        raise ValueError(f"{STORE.name} does not hold both comparisons. Run: {COMMAND}")
    versions = stored() if found else {}
    by_place = signs(found[EFFECTS], versions["effects"], _judged()) if versions else {}
    if versions:
        found["turned"] = {place for place, signs_of in by_place.items() if turning(signs_of)}
    blocks = [*_opening(found), *(_at_a_glance(found) if found else ())]
    links = {name: _linked(name) for name in (*NAMES, ALL, NEGOTIATED)}
    blocks += under_other_models(versions, by_place, links)
    for mechanism in MECHANISMS:
        blocks += [f"## {mechanism.label}", *words(mechanism), *_measured(found, mechanism.name)]
    blocks += [f"## {TOGETHER}", "Every mechanism at full intensity from the first year."]
    blocks += ["Against no mechanism:" if found else "", _table(found, EFFECTS, ALL)]
    blocks += section(found, _table(found, EFFECTS, NEGOTIATED))
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
        f"Numbers are paired differences between histories of {found['years']:g} years with the "
        f"same weather, elections and luck ({found['seeds']} seeds from {found['first_seed']} on). "
        "What is in force is imposed on every dyad at full intensity from the first year, but in "
        f"the last section, [{LEFT.lower()}](#{LEFT.lower().replace(' ', '-')}). Every mechanism "
        "is measured twice:"
    )
    yield (
        "- **alone**: histories with this mechanism only, minus those without any;\n"
        "- **within the full package**: histories with all mechanisms, minus those with all but "
        "this one. What a mechanism does for other agreements (how they are paid, watched, kept or "
        "backed up) can only show here."
    )
    place = HEADING.lower().replace(" ", "-")
    turns = f" and no [other model](#{place}) says the opposite; {MARK}: one does"
    yield (
        "In brackets 95 % intervals. **Bold**: the interval excludes zero"
        f"{turns if found.get('turned') else ''}. With this many intervals, one in twenty would "
        "exclude zero by chance alone. They are "
        f"effects inside this model (compiled model `{found['kernel']}`, "
        f"{age_of(found['kernel'])}) under its default numbers, most of them "
        "assumptions; simulated, not observed, and no position on any border."
    )
    missing = unmeasured(found)
    if missing:
        yield f"Not measured yet: {', '.join(f'`{name}`' for name in missing)}."


def unmeasured(found: dict[str, Any]) -> list[str]:
    """Regions that ship and mechanisms that the store does not know."""
    from experiments.shipped import region_names
    from sim.mechanisms import NAMES

    places = [name for name in region_names() if name not in {"synthetic", *found["regions"]}]
    known = {name for effects in found[EFFECTS].values() for name in effects}
    return places + [name for name in (*NAMES, NEGOTIATED) if name not in known]


def _at_a_glance(found: dict[str, Any]) -> Iterator[str]:
    """In how many regions each mechanism did good, harm or neither, alone and in company."""
    from sim.mechanisms import NAMES

    regions = len(found["regions"])
    yield "## At a glance"
    yield "### Each mechanism alone"
    yield (
        f"In how many of {regions} regions the interval shows the outcome better / worse than "
        f"without any mechanism; the rest is unclear. {_by_chance(found, EFFECTS)}"
    )
    yield _glance(found, EFFECTS, (*NAMES, ALL, NEGOTIATED))
    yield "### Within the full package"
    yield (
        "What would be missed if one mechanism were dropped from the full package and all others "
        f"kept? In how many of {regions} regions the interval shows the outcome better / worse "
        "with it in the package than with it left out; the rest is unclear. "
        f"{_by_chance(found, WITHIN)}"
    )
    yield (
        "Last column: what it adds to what the towns pay, in percent of what they pay without it, "
        "from the region with the least to the region with the most (below zero: it saves the "
        "towns more than it costs them). Counts say how clear an effect is, not how large: sizes "
        "and intervals stand in each section."
    )
    yield (
        "All agreements of a town share one budget. Where the package costs more than that, each "
        "of them works at part strength, and a mechanism that does nothing for an outcome takes "
        "money from those that do: this alone can show as worse, clear and small, in every region."
    )
    yield (
        "A difference within the package is not a share of what the package does, and these "
        "differences do not add up to it, nor are they sums of the effects alone: mechanisms "
        "stand in for one another, need one another and get in each other's way. Two that do the "
        "same work may each look dispensable here, and dropping both may still cost much. Little "
        "alone and much in the package: it works through the others. Much alone and little in the "
        "package: others do its work too."
    )
    yield _glance(found, WITHIN, NAMES)


def _by_chance(found: dict[str, Any], comparison: str) -> str:
    """The caution about many intervals, counted."""
    from sim.mechanisms import NAMES

    names = (*NAMES, ALL, NEGOTIATED) if comparison == EFFECTS else NAMES
    every = sum(len(_judged()) for name in names for _ in _held(found, comparison, name))
    against = "no mechanism" if comparison == EFFECTS else "the full package"
    return (
        f"Of these {every} intervals up to {CHANCE * every:.0f} would exclude zero by chance if "
        "nothing had any effect, so a single region proves little. Within a region all are "
        f"compared with the same histories of {against}, so they tend to err together."
    )


def _glance(found: dict[str, Any], comparison: str, names: Sequence[str]) -> str:
    from sim.outcomes import OUTCOMES as DECLARED

    rows = []
    for name in names:
        held = _held(found, comparison, name)
        if held:
            sides = [[_side(one[key], key) for one in held.values()] for key in _judged()]
            cells = [f"{one.count('better')} / {one.count('worse')}" for one in sides]
            bill = [_bill([one[BILL] for one in held.values()])] if comparison == WITHIN else []
            rows.append((_linked(name), *cells, *bill))
    heads = ["mechanism", *(DECLARED[key].label for key in _judged())]
    return table([*heads, "Adds to the bill"] if comparison == WITHIN else heads, rows)


def _judged() -> list[str]:
    """Outcomes that can be better or worse."""
    from sim.outcomes import OUTCOMES as DECLARED

    return [key for key in OUTCOMES if DECLARED[key].better != "none"]


def _held(found: dict[str, Any], comparison: str, name: str) -> dict[str, dict[str, Effect]]:
    """What was measured of one mechanism, by region and outcome; a new one has nothing yet."""
    turned = found.get("turned", set()) if comparison == EFFECTS else set()
    held: dict[str, dict[str, Effect]] = {}
    for region, effects in found.get(comparison, {}).items():
        if name in effects:
            held[region] = {}
            for key, (difference, lo, hi, reference) in effects[name].items():
                turns = Place(region, name, key) in turned
                held[region][key] = Effect(difference, lo, hi, reference, turns)
    return held


def _linked(name: str) -> str:
    from sim.mechanisms import MECHANISMS

    named = {m.name: m.label for m in MECHANISMS}
    label = {**named, ALL: TOGETHER, NEGOTIATED: LEFT}[name]
    return f"[{label}](#{label.lower().replace(' ', '-')})"


def _bill(held: Sequence[Effect]) -> str:
    """What is added to the bill, in percent, from least to most."""
    shares = sorted(
        round(100.0 * one.difference / one.reference, 1) for one in held if one.reference > 0.0
    )
    ends = list(dict.fromkeys(_signed(share, ".1f") for share in shares[:1] + shares[-1:]))
    return f"{' to '.join(ends)} %" if ends else "-"


def _side(effect: Effect, key: str) -> str:
    """Better, worse or unclear."""
    from sim.outcomes import OUTCOMES as DECLARED

    if not effect.clear:
        return "unclear"
    return "better" if (effect.difference < 0.0) == (DECLARED[key].better == "lower") else "worse"


def _measured(found: dict[str, Any], name: str) -> Iterator[str]:
    """Both tables of one mechanism."""
    said = {
        EFFECTS: "Alone, against no mechanism",
        WITHIN: "Within the full package, against the package without it",
    }
    for comparison, told in said.items():
        held = _held(found, comparison, name)
        if held:
            clear = {_side(one[key], key) for one in held.values() for key in _judged()}
            none = " (no clear effect in any region, except on money)"
            yield f"{told}{none if clear == {'unclear'} else ''}:"
            yield _table(found, comparison, name)


def _table(found: dict[str, Any], comparison: str, name: str) -> str:
    """One comparison of one mechanism: outcomes by region."""
    from sim.outcomes import OUTCOMES as DECLARED

    held = _held(found, comparison, name)
    if not held:
        return ""
    heads = [f"{DECLARED[key].label} [{DECLARED[key].unit}]" for key in OUTCOMES]
    rows = [(f"`{region}`", *(_cell(numbers[key]) for key in OUTCOMES))
            for region, numbers in held.items()]  # fmt: skip
    return table(("region", *heads), rows)


def _cell(effect: Effect) -> str:
    """Difference and interval; a plain zero where no history differs."""
    mark = f" {MARK}" if effect.turns else ""
    if not any(effect[:3]):
        return f"0{mark}"
    difference, lo, hi = (_signed(number, ".3g") for number in effect[:3])
    text = f"{difference} ({lo} to {hi}){mark}"
    return f"**{text}**" if effect.clear else text


def _signed(number: float, shape: str) -> str:
    return f"{number:+{shape}}" if number else "0"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.exit(0)
