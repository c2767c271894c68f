"""What a mechanism's own file says of it, as paragraphs of docs/mechanisms.md."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

PARTS = re.compile(r"\b(Fails\s+when|Seeds|Source):")


def words(mechanism: Any) -> Iterator[str]:
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
