"""JSON schemas of regions, engines and the studies of validate and calibrate, and where they stand.

``SCHEMAS`` names every schema; `below` says which one a file below ``configs`` has, which its first
line names for the editor (``# yaml-language-server: $schema=...``).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from experiments.backgrounds import BORDER_KEYS, CHOICES, NUMBERS, QUICK_KEYS
from experiments.calibration_plan import STRUCTURE_KEYS
from experiments.engines import KEYS, MOST
from experiments.json_schema import (
    Schema,
    block,
    closed,
    config_schema,
    number,
    one_of,
    set_schema,
    settings_schema,
    text_of,
)
from experiments.regions import GENERATOR_KEYS
from experiments.shipped import region_names
from sim.region_fields import DYAD_RULE, SECTIONS, SHARED_WORDS, START_YEAR, TOP_WORDS, Field
from sim.synthetic_plan import SETTINGS
from sim.topology import GROUP_KINDS, RESOURCE_KINDS

TEXT: Schema = {"type": "string"}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[^/]+$"}
NAMES: Schema = {"anyOf": [NAME, {"type": "array", "items": NAME, "minItems": 1}]}
TWO: Schema = {"type": "array", "items": NAME, "minItems": 2, "maxItems": 2}
MONTHS: Schema = {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 12,
                  "maxItems": 12, "description": "Twelve numbers, January first."}  # fmt: skip
FLOWS: Schema = {"anyOf": [TEXT, {"type": "array", "items": {"type": "number", "minimum": 0}}]}
KIND = {"basins": one_of(RESOURCE_KINDS), "groups": one_of(GROUP_KINDS)}
KINDS = {"basins": RESOURCE_KINDS, "groups": GROUP_KINDS}  # blocks of the defaults
SHAPES = {
    "between": TWO, "season": MONTHS, "need_season": MONTHS, "record": FLOWS,
    "municipality": NAMES, "kinds": {"type": "array", "items": one_of(RESOURCE_KINDS)},
}  # fmt: skip
LINE = "# yaml-language-server: $schema="


def region_schema() -> Schema:
    """A region file, or the settings of an invented one (``generator: synthetic``)."""
    keys: Schema = dict.fromkeys((k for k in TOP_WORDS if k not in SECTIONS), TEXT)
    keys |= {name: {"type": "array", "items": _entry(name)} for name in SECTIONS
             if name not in {"bodies", "dyads"}}  # fmt: skip
    keys["name"], keys["start_year"] = NAME, _number(START_YEAR, whole=True)
    keys["dyads"] = {"anyOf": [{"type": "array", "items": _entry("dyads")}, _dyad_rule()]}
    keys["defaults"] = block({n: _defaults(n) for n in SECTIONS if n != "bodies"})
    invented = dict.fromkeys((k for k in GENERATOR_KEYS if k != "generator"), TEXT)
    invented |= {key: _number(f, whole=f.unit != "ratio") for key, f in SETTINGS.items()}
    invented |= {"generator": one_of(["synthetic"]), "undemarcated": number(0, 1),
                 "fishery": {"type": "boolean"}, "land": {"type": "boolean"}}  # fmt: skip
    return {
        "$schema": closed("", {})["$schema"], "title": "A region",
        "description": "Who lives where, from what. thalweg check FILE builds it and sees more.",
        "if": {"required": ["generator"]}, "then": block(invented),
        "else": {**block(keys), "required": ["name", "start_year", "nations", "basins", "units",
                                             "municipalities", "groups"]},
    }  # fmt: skip


def engine_schema() -> Schema:
    """How the chunks of a sweep are carried out."""
    texts = {"launcher": {"type": ["string", "null"]}, "extra": TEXT, "needs": TEXT,
             "imports": {"type": "array", "items": TEXT}}  # fmt: skip
    flags = {key: {"type": "boolean"} for key in ("here", "in_waves")}
    sizes = {key: {"anyOf": [number(1, most, whole=True), {"type": "null"}]}
             for key, most in MOST.items()}  # fmt: skip
    free = {key: {"type": "object"} for key in ("options", "elsewhere")}
    known: Schema = {**texts, **flags, **sizes, **free}
    return closed("An engine of sweeps", {key: known[key] for key in KEYS}, required=["launcher"])


def validation_schema() -> Schema:
    """Borders and backgrounds of ``thalweg validate``."""
    return closed("A study of thalweg validate", _ensemble(), required=["years", "borders"])


def calibration_schema() -> Schema:
    """Free parameters and rival structures of ``thalweg calibrate``."""
    from sim.parameters import DECLARED, KEYS

    free = {"$ref": "#/definitions/axes"}
    shared = {"axes": block({d.key: _axis(d.lo, d.hi, d.label) for d in DECLARED}),
              "parameter": one_of(KEYS)}  # fmt: skip
    own: Schema = {
        "name": NAME, "about": TEXT, "ranges": free,
        "fixed": block({d.key: number(d.lo, d.hi) for d in DECLARED}),
        "instead": block({key: {"$ref": "#/definitions/parameter"} for key in KEYS}),
    }  # fmt: skip
    structure = {**block({key: own[key] for key in STRUCTURE_KEYS}), "required": ["name"]}
    keys = {**_ensemble(), "free": free, "structures": {"type": "array", "items": structure}}
    return closed("A study of thalweg calibrate", keys, required=["years", "borders", "free"],
                  definitions=shared)  # fmt: skip


SCHEMAS: dict[str, Callable[[], Schema]] = {
    "settings": settings_schema, "config": config_schema, "region": region_schema,
    "mechanisms": lambda: set_schema("mechanisms"), "parameters": lambda: set_schema("parameters"),
    "engine": engine_schema, "validation": validation_schema, "calibration": calibration_schema,
}  # fmt: skip


def below(path: Path) -> str:
    """The schema of a file below ``configs``, by its folder and, of studies, by its name."""
    if path.parent.name == "study":
        return path.stem if path.stem in SCHEMAS else "settings"
    return path.parent.name if path.parent.name in SCHEMAS else "config"


def pages() -> dict[Path, Callable[[], str]]:
    """What ``python -m experiments.document`` writes, by path."""
    folder = Path("configs") / "schema"
    return {folder / f"{name}.json": partial(file_of, name) for name in SCHEMAS}


def file_of(name: str) -> str:
    """A schema as a file."""
    return text_of(SCHEMAS[name]())


def _number(field: Field, *, whole: bool = False) -> Schema:
    about = f"{field.label[:1].upper()}{field.label[1:]} ({field.allowed})."
    return {"description": about, **number(field.lo, field.hi, whole=whole)}


def _keys(section: str) -> Schema:
    """Keys of an entry, of its defaults too."""
    declared = SECTIONS[section]
    words = {word: SHAPES.get(word, NAME) for word in declared.words}
    if section in KIND:
        words["kind"] = KIND[section]
    if "bodies" in words:
        words["bodies"] = {"type": "array", "items": _entry("bodies")}
    numbers = {key: _number(field) for key, field in declared.numbers.items()}
    return {**words, **numbers, **dict.fromkeys(SHARED_WORDS, TEXT)}


def _entry(section: str) -> Schema:
    declared = SECTIONS[section]
    needed = ["name"] if declared.named else [w for w in ("between",) if w in declared.words]
    return {**block(_keys(section)), **({"required": needed} if needed else {})}


def _defaults(section: str) -> Schema:
    """Defaults of a section, and blocks of them by kind, nation or basin."""
    keys, split = _keys(section), SECTIONS[section].discriminator
    if section in KINDS:
        return block({**keys, **dict.fromkeys(KINDS[section], block(keys))})
    return {**block(keys), **({"additionalProperties": block(keys)} if split else {})}


def _dyad_rule() -> Schema:
    rule = {key: _number(field) for key, field in DYAD_RULE.items()}
    return {**block({**rule, **dict.fromkeys(SHARED_WORDS, TEXT)}), "required": ["within_km"]}


def _axis(lo: float, hi: float, label: str) -> Schema:
    span = {"type": "array", "items": number(lo, hi), "minItems": 2, "maxItems": 2}
    return {"description": label, "type": ["object", "null"],
            "properties": {"range": span, "log": {"type": "boolean"}},
            "additionalProperties": False}  # fmt: skip


def _ensemble() -> Schema:
    numbers = {key: number(lo, hi) for key, (lo, hi) in NUMBERS.items()}
    some = {"type": "integer", "minimum": 1}
    own: dict[str, Any] = {
        "name": {"type": "string", "minLength": 1}, "region": {"anyOf": [
            one_of(region_names()), {"type": "string", "pattern": r"\.ya?ml$"}]},
        "options": {"type": "object"}, "histories": some,
        **{key: one_of(allowed) for key, allowed in CHOICES.items()},
    }  # fmt: skip
    border = {**block({key: own[key] for key in BORDER_KEYS}),
              "required": ["name", "region", "histories"]}  # fmt: skip
    return {**numbers, "mechanisms": TEXT, "quick": block(dict.fromkeys(QUICK_KEYS, some)),
            "borders": {"type": "array", "items": border, "minItems": 1}}  # fmt: skip
