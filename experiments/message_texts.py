"""Every text that a report says, found in the syntax of code, in templates, scripts, declarations.

A text counts where it is the literal first argument of `say`, `rich`, `marked` or `tell`, both
literals of `say_count`, the nouns of `words.count`, and where a figure names its question, its
columns, its colour key and its controls, which the page says for it. Declared texts (outcomes,
mechanisms, parameters, rungs, acts, units) and the names in the regions that are shipped come from
the model.
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
LABELLED = {"Column", "Key"}  # their label is the second argument
ROOMS = {"figures", "answer_figures", "report", "sweep_report", "two_report", "replay_page"}
PAGES = ("report", "replay_page")  # rooms with templates and scripts
MODULES = {"headline", "scruples", "focus", "censored", "companions", "localised", "changes",
           "changes_words", "unpaired", "sweep_headline", "sweep_effects"}  # fmt: skip
SHOWN = {"View", "Figure"}
WORDED = {"label", "title", "subtitle", "control", "group", "note"}
CONSTANTS = {"QUESTION", "HOW_TO_READ"}
TOLD = re.compile(r"\btell\(\s*\"((?:[^\"\\]|\\.)+)\"")
Text = str | tuple[str, str]  # of two: for one and for many


def texts() -> list[Text]:
    """All of them, each once, in the order of files and of places in them."""
    found: dict[Text, None] = {}
    for text in (*of_code(), *of_templates(), *of_scripts(), *of_declarations(), *of_settings(),
                 *of_regions(), *of_studies()):  # fmt: skip
        if text:
            found[text] = None
    return list(found)


def of_code() -> Iterator[Text]:
    """Texts of the modules of `analysis`."""
    for path in sorted(ROOT.rglob("*.py")):
        shown = path.parent.name in ROOMS or path.stem in MODULES
        yield from in_module(path.read_text(encoding="utf-8"), shown=shown)


def in_module(source: str, *, shown: bool = True) -> Iterator[Text]:
    """Texts of one module, in the order in which they stand; not ``shown``: said ones only."""
    nodes = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call | ast.Assign)]
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset)):
        if isinstance(node, ast.Assign):
            yield from _of_constant(node) if shown else ()
            continue
        name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if name in SAID and node.args:
            yield from _literals(node.args[0])
        elif shown:
            yield from _of_call(name, node)


def _of_call(name: str, call: ast.Call) -> Iterator[Text]:
    literals = [_literals(argument) for argument in call.args]
    if name in LABELLED and len(literals) > 1:
        yield from literals[1]
    elif name in SHOWN:
        for keyword in call.keywords:
            if keyword.arg in WORDED:
                yield from _literals(keyword.value)
    elif name == COUNTED and len(literals) > 1:
        yield from zip(literals[0], literals[1], strict=True)
    elif name == NOUN and len(literals) > 1 and literals[1]:
        one = literals[1][0]
        many = literals[2][0] if len(literals) > 2 and literals[2] else f"{one}s"
        yield f"{{number}} {one}", f"{{number}} {many}"


def _of_constant(node: ast.Assign) -> Iterator[Text]:
    """The question of a figure and how it is read: the report says them."""
    if any(getattr(target, "id", "") in CONSTANTS for target in node.targets):
        for part in ast.walk(node.value):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


def _literals(node: ast.expr) -> list[str]:
    """The texts that an expression may be: a literal, or one of two by a condition."""
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body), *_literals(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def of_templates() -> Iterator[Text]:
    """Texts of the templates."""
    from jinja2 import Environment, nodes

    reader = Environment(autoescape=True)
    for path in _files("templates", "*.j2"):
        for call in reader.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if not isinstance(call.node, nodes.Name) or call.node.name not in SAID or not call.args:
                continue
            if isinstance(call.args[0], nodes.Const):
                yield str(call.args[0].value)


def of_scripts() -> Iterator[Text]:
    """Texts of the scripts."""
    for path in _files("assets", "*.js"):
        for text in TOLD.findall(path.read_text(encoding="utf-8")):
            yield text.replace('\\"', '"')


def _files(folder: str, pattern: str) -> list[Path]:
    return [path for page in PAGES for path in sorted((ROOT / page / folder).glob(pattern))]


def of_declarations() -> Iterator[Text]:
    """Labels, meanings, units, rungs, acts, kinds of actors and roots that the model declares."""
    from sim.events import ACTS, CLASSES, INTERSTATE_RUNGS, LOCAL_RUNGS, ROOTS
    from sim.mechanisms import MECHANISMS
    from sim.outcomes import OUTCOMES
    from sim.parameters import DECLARED
    from sim.record import SERIES
    from sim.topology import RESOURCE_KINDS

    for outcome in OUTCOMES.values():
        yield from (outcome.label, outcome.about)
    for mechanism in MECHANISMS:
        yield from (mechanism.label, mechanism.about, mechanism.fails_when, mechanism.cost_note)
    declared: list[Any] = [*SERIES, *DECLARED]
    yield from (one.label for one in declared)
    yield from (*LOCAL_RUNGS, *INTERSTATE_RUNGS, *CLASSES, *ROOTS, *(act.name for act in ACTS))
    for unit in dict.fromkeys(str(one.unit) for one in (*OUTCOMES.values(), *declared)):
        yield from of_unit(unit)
    yield from (*RESOURCE_KINDS, "no mechanism")


def of_settings() -> Iterator[Text]:
    """Labels and units of the settings of a study and of the numbers of a region file."""
    from experiments.settings import settings
    from sim.region_fields import SECTIONS, START_YEAR

    declared: list[Any] = [*settings().values(), START_YEAR]
    declared += [field for section in SECTIONS.values() for field in section.numbers.values()]
    for setting in declared:  # in parts where `analysis.localised.factor_said` says it in parts
        name, _, rest = setting.label.partition(": ")
        parts = getattr(setting, "key", "").startswith(("mechanisms.", "region."))
        yield from (name, rest) if parts and rest else (setting.label,)
    for unit in dict.fromkeys(str(one.unit) for one in declared):
        yield from of_unit(unit)


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
        for key in ("label", "note", "money", "border_source", "place_source"):
            yield str(region.get(key) or "")
        for key in ("nations", "units"):
            yield from (str(one.get("label", "")) for one in region.get(key, []))


def of_studies() -> Iterator[Text]:
    """What the studies that are shipped ask."""
    import yaml

    from experiments.shipped import config_folder

    for path in sorted((config_folder() / "study").glob("*.yaml")):
        yield str((yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("about") or "")
