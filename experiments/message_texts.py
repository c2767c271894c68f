"""Every text that a report says, found in the syntax of code, in templates, scripts, declarations.

A text counts where it is the literal first argument of `say`, `rich`, `marked` or `tell`, both
literals of `say_count`, and the nouns of `words.count`. Declared texts (outcomes, mechanisms,
parameters, rungs, acts, units) and the names in the regions that are shipped come from the model.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

ROOT = Path(str(resources.files("analysis")))
SAID = {"say", "rich", "marked"}
COUNTED, NOUN = "say_count", "count"
TOLD = re.compile(r"\btell\(\s*\"((?:[^\"\\]|\\.)+)\"")
Text = str | tuple[str, str]  # of two: for one and for many


def texts() -> list[Text]:
    """All of them, each once, in the order of files and of places in them."""
    found: dict[Text, None] = {}
    for text in (*of_code(), *of_templates(), *of_scripts(), *of_declarations(), *of_regions()):
        if text:
            found[text] = None
    return list(found)


def of_code() -> Iterator[Text]:
    """Texts of the modules of `analysis`."""
    for path in sorted(ROOT.rglob("*.py")):
        yield from in_module(path.read_text(encoding="utf-8"))


def in_module(source: str) -> Iterator[Text]:
    """Texts of one module."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = getattr(call.func, "id", "") or getattr(call.func, "attr", "")
        literals = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                    else None for arg in call.args]  # fmt: skip
        if name in SAID and literals and literals[0]:
            yield literals[0]
        elif name == COUNTED and len(literals) > 1 and literals[0] and literals[1]:
            yield literals[0], literals[1]
        elif name == NOUN and len(literals) > 1 and literals[1]:
            many = literals[2] if len(literals) > 2 and literals[2] else literals[1] + "s"
            yield f"{{number}} {literals[1]}", f"{{number}} {many}"


def of_templates() -> Iterator[Text]:
    """Texts of the templates of the report."""
    from jinja2 import Environment, nodes

    reader = Environment(autoescape=True)
    for path in sorted((ROOT / "report" / "templates").glob("*.j2")):
        for call in reader.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if not isinstance(call.node, nodes.Name) or call.node.name not in SAID or not call.args:
                continue
            if isinstance(call.args[0], nodes.Const):
                yield str(call.args[0].value)


def of_scripts() -> Iterator[Text]:
    """Texts of the scripts of the report."""
    for path in sorted((ROOT / "report" / "assets").glob("*.js")):
        for text in TOLD.findall(path.read_text(encoding="utf-8")):
            yield text.replace('\\"', '"')


def of_declarations() -> Iterator[Text]:
    """Labels, meanings, units, rungs, acts, kinds of actors and roots that the model declares."""
    from sim.events import ACTS, CLASSES, INTERSTATE_RUNGS, LOCAL_RUNGS, ROOTS
    from sim.mechanisms import MECHANISMS
    from sim.outcomes import OUTCOMES
    from sim.parameters import DECLARED
    from sim.record import SERIES

    for outcome in OUTCOMES.values():
        yield from (outcome.label, outcome.about)
    for mechanism in MECHANISMS:
        yield from (mechanism.label, mechanism.about, mechanism.fails_when, mechanism.cost_note)
    declared: list[Any] = [*SERIES, *DECLARED]
    yield from (one.label for one in declared)
    yield from (*LOCAL_RUNGS, *INTERSTATE_RUNGS, *CLASSES, *ROOTS, *(act.name for act in ACTS))
    for unit in dict.fromkeys(str(one.unit) for one in (*OUTCOMES.values(), *declared)):
        yield from of_unit(unit)
    yield "no mechanism"


def of_unit(unit: str) -> Iterator[Text]:
    """A unit as it is said: 1/year is per year."""
    top, slash, bottom = unit.partition("/")
    if not slash:
        yield unit
    else:
        yield f"per {bottom}" if top == "1" else f"{top} per {bottom}"


def of_regions() -> Iterator[Text]:
    """Names of the regions that are shipped, of their nations, resources and money."""
    from experiments.regions import region_document
    from experiments.shipped import region_names

    for name in region_names():
        region = region_document(name)
        for key in ("label", "note", "money", "border_source"):
            yield str(region.get(key) or "")
        for key in ("nations", "units"):
            yield from (str(one.get("label", "")) for one in region.get(key, []))
