"""The facts of one key in words, as ``thalweg explain`` prints them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from experiments.explain_shipped import typed

COLUMN, WIDTH = 14, 99
NOT_YET = "not screened yet: {command}"
ONE = "python -m experiments.screening keys={key} (all: {command})"


def text(known: Mapping[str, Any]) -> list[str]:
    """All lines about one key."""
    said = [f"{known['key']} ({known['kind']}): {known['label']}"]
    for name, words in _parts(known):
        said += textwrap.wrap(words, WIDTH, initial_indent=f"  {name}".ljust(COLUMN),
                              subsequent_indent=" " * COLUMN, break_on_hyphens=False)  # fmt: skip
    return said


def _parts(known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "meaning", known["meaning"]
    yield "unit", known["unit"] or "none"
    yield "default", shown(known["default"])
    yield "allowed", known["allowed"] or "any text"
    yield "source", known["source"]
    for place, one in enumerate(known["read_by"]):
        yield "read by" if place == 0 else "", _reader(one)
    for place, one in enumerate(known["channels"]):
        users = ", ".join(one["changed_by"]) or "no mechanism yet"
        yield ("channels" if place == 0 else "",
               f"{one['channel']} ({one['meaning']}), changed by {users}")  # fmt: skip
    yield from _elsewhere(known)
    if known["kind"] in {"parameter", "outcome"}:
        yield from _screening(known)
    if known["use"]:
        yield "use", known["use"]


def _reader(one: Mapping[str, Any]) -> str:
    from experiments.explain_readers import stage_words

    words = stage_words()
    stages = "; ".join(f"stage {stage}, {words[stage]}" for stage in one["stages"])
    return f"{one['rule']} ({one['file']}): {stages or 'before the first week'}"


def _elsewhere(known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Other values in sets and studies that ship; of a set or a study: its own."""
    for name in ("sets", "studies"):
        given = ", ".join(f"{key}: {shown(value)}" for key, value in known[name].items())
        if given:
            yield "sets" if known["kind"] in {"set", "study"} else f"in {name}", given
    if known["kind"] == "parameter" and not known["sets"]:
        yield "in sets", "the default in every prepared set that ships"


def _screening(known: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    from experiments.screening import COMMAND

    campaign, found = known["campaign"], known["screening"]
    if known["kind"] == "outcome" and campaign and not found:
        told = f"among the most moved by none of the {campaign['screened']} parameters screened"
        rest = "; the others are not known" if campaign["left"] else ", each alone"
        yield "screening", f"{told} so far in {campaign['region']}{rest}"
        return
    if not found:
        how = COMMAND
        if known["kind"] == "parameter":
            how = ONE.format(key=known["key"].removeprefix("parameters."), command=COMMAND)
        yield "screening", NOT_YET.format(command=how)
        return
    yield "screening", _campaign(campaign)
    yield from (("", line) for line in _lines(known["kind"], found))


def _campaign(campaign: Mapping[str, Any]) -> str:
    return (f"in this model and in {campaign['region']} only, all other parameters at their "
            f"defaults: {campaign['seeds']} pairs of {campaign['years']:g} years; moved is what "
            f"keeps p at most 0.05 among all outcomes of its line (Holm); difference from the "
            f"default with its own 95 % interval; model: {campaign['model']}")  # fmt: skip


def _lines(kind: str, found: Mapping[str, Any]) -> Iterator[str]:
    if kind == "outcome":
        for key, rows in found.items():
            parts = [f"{end} end, {state}: {_effect(numbers)}" for end, state, *numbers in rows]
            yield f"{key}: {'; '.join(parts)}"
        return
    for states in found.values():
        for state, said in states.items():
            if not isinstance(said, dict):
                continue
            most = "; ".join(f"{key} {_effect(row, key)}" for key, row in said["most"].items())
            counted = f"{said['moved']} outcomes moved" if said["moved"] else "none seen to move"
            yield f"at {shown(states['value'])}, {state}: {counted}{', most ' * bool(most)}{most}"


def _effect(row: list[float], outcome: str = "") -> str:
    """A difference with its interval, and the unit of an outcome; a chance or a share has none."""
    from analysis.words import BARE_UNITS, spoken_unit
    from sim.outcomes import OUTCOMES

    difference, lo, hi = row[:3]
    unit = OUTCOMES[outcome].unit if outcome else ""
    said = "" if unit in BARE_UNITS else f" {spoken_unit(unit)}"
    return f"{difference:+.3g} ({lo:.3g} to {hi:.3g}){said}"


def shown(value: Any) -> str:
    """A value as it would be typed."""
    return "empty" if value is None else f"{value:g}" if isinstance(value, float) else typed(value)
