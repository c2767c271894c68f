"""JSON schemas of settings: completion, meaning and checks in an editor while a file is typed.

Written from the declarations (`experiments.settings`, `sim.parameters`), so that they cannot differ
from what is checked: ``python -m experiments.document`` writes them to ``configs/schema``. A schema
sees keys, kinds of values, words and ranges; what needs the whole study (the ends of a swept range,
a file that is not there) is left to ``thalweg check``. Schemas of other files: `json_schema_files`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from experiments.arm_lists import BUNDLES, LEFT_TO, LISTS, WITHOUT
from experiments.settings import (
    COMPARING,
    FRAME,
    GROUPS,
    SWEEP,
    Setting,
    mechanism_names,
    mechanism_settings,
    parameter_settings,
    plain,
    region_settings,
)
from experiments.shipped import parameter_sets, region_names
from experiments.sweep_checks import DYAD_PEAK, every_outcome, every_series
from experiments.sweep_grammar import FORMS

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"
CALL = rf"^\s*({'|'.join(FORMS)})\(.*\)\s*$"
NUMBER = r"[-+]?[\d.]+([eE][-+]?\d+)?"
NUMBERS = rf"^\s*{NUMBER}(\s*,\s*{NUMBER})+\s*$"
WORDS = r"^\s*[\w.+:/-]+(\s*,\s*[\w.+:/-]+)*\s*$"
ONCE = {"seed", "threads", "chunk", "out", "package", "permutations", "permutation_seed", "until",
        "until_step", "until_most"}  # fmt: skip  # hold one value in a sweep, too
PATHS = r"\.ya?ml$"
FEW = 3  # entries of a block that stand in one line
GRAMMAR: Schema = {
    "call": {"type": "string", "pattern": CALL, "description": "; ".join(FORMS.values())},
    "numbers": {"type": "string", "pattern": NUMBERS},
    "words": {"type": "string", "pattern": WORDS},
}


def settings_schema() -> Schema:
    """A file of settings: ``thalweg compare --config``, ``thalweg sweep study=``."""
    keys = {s.key: _single(s) if s.key in ONCE or s in SWEEP else swept(s)
            for s in (*FRAME, *SWEEP, *COMPARING)}  # fmt: skip
    keys["region"], keys["arms"] = _region(), _arms()
    keys["outcomes"]["anyOf"][0]["items"] = one_of(every_outcome())
    keys["series"]["anyOf"][0]["items"] = one_of(["all", DYAD_PEAK, *every_series()])
    keys["region_options"] = _block("options of region=synthetic", region_settings(), "region")
    keys["mechanisms"] = _group("mechanisms", mechanism_settings(), [*BUNDLES, *mechanism_names()])
    keys["parameters"] = _group("parameters", parameter_settings(), parameter_sets())
    dotted = (*region_settings(), *mechanism_settings(), *parameter_settings())
    return closed(
        "Settings of a study", keys, {_exactly(s.key): _known(s) for s in dotted},
        "Files of thalweg run, compare and sweep. thalweg check FILE sees more.",
        definitions={**GRAMMAR, **{s.key: swept(s) for s in dotted}},
    )  # fmt: skip


def config_schema() -> Schema:
    """``config.yaml``: the settings that every study begins with."""
    schema = settings_schema()
    keys = {key: {"$ref": f"settings.json#/properties/{key}"} for key in schema["properties"]}
    return closed("Settings that every study begins with", {"defaults": _defaults(), **keys})


def set_schema(group: str) -> Schema:
    """A prepared set of ``mechanisms`` or ``parameters``: one value each, no ranges."""
    settings = mechanism_settings() if group == "mechanisms" else parameter_settings()
    owners = {owner: _block("", own, f"{group}.{owner}", _single)
              for owner, own in _by_owner(settings, group).items()}  # fmt: skip
    return closed(f"A prepared set of {group}", {"defaults": _defaults(), **owners})


def closed(
    title: str, keys: Schema, patterns: Schema | None = None, about: str = "", **more: Any
) -> Schema:
    """A whole schema: a block of known keys and no other."""
    return {"$schema": DRAFT, "title": title, **({"description": about} if about else {}),
            **block(keys, patterns), **more}  # fmt: skip


def block(keys: Schema, patterns: Schema | None = None) -> Schema:
    """A block of known keys."""
    extra = {"patternProperties": patterns} if patterns else {}
    return {"type": "object", "properties": keys, **extra, "additionalProperties": False}


def one_of(words: Iterable[str]) -> Schema:
    """One of the words."""
    return {"enum": list(words)}


def number(lo: float, hi: float, *, whole: bool = False) -> Schema:
    """A number within a range, ends included."""
    low, high = (int(x) if float(x).is_integer() else x for x in (lo, hi))
    return {"type": "integer" if whole else "number", "minimum": low, "maximum": high}


def text_of(schema: Schema) -> str:
    """The schema as a file: one line for each key, and for each entry of what is long."""
    rows = []
    for key, value in schema.items():
        if isinstance(value, dict) and len(value) > FEW:
            inner = ",\n".join(f"  {_json(k)}: {_json(v)}" for k, v in value.items())
            rows.append(f" {_json(key)}: {{\n{inner}\n }}")
        else:
            rows.append(f" {_json(key)}: {_json(value)}")
    return "{\n" + ",\n".join(rows) + "\n}\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def swept(setting: Setting) -> Schema:
    """One value, a list of values, or a text of the sweep grammar."""
    one = _value(setting)
    text = "numbers" if setting.kind in {"number", "whole"} else "words"
    several = [{"type": "array", "items": one, "minItems": 2}, {"$ref": "#/definitions/call"},
               {"$ref": f"#/definitions/{text}"}]  # fmt: skip
    return {"description": _about(setting), "anyOf": [one, *several], **_default(setting)}


def _known(setting: Setting) -> Schema:
    """The schema of a setting that stands among the definitions."""
    return {"$ref": f"#/definitions/{setting.key}"}


def _exactly(key: str) -> str:
    return f"^{re.escape(key)}$"


def _single(setting: Setting) -> Schema:
    one = _value(setting)
    empty = [{"type": "null"}] if setting.default is None else []
    said: Schema = {"description": _about(setting), **_default(setting)}
    return {**said, "anyOf": [one, *empty]} if empty else {**said, **one}


def _value(setting: Setting) -> Schema:
    """One value of a setting."""
    if setting.kind in {"number", "whole"}:
        return number(setting.lo, setting.hi, whole=setting.kind == "whole")
    if setting.kind == "choice":
        return one_of(setting.choices)
    if setting.kind == "flag":
        return {"type": "boolean"}
    if setting.kind == "list":
        return {"type": "array", "items": {"type": "string"}}
    return {"type": "string"}


def _about(setting: Setting) -> str:
    said = [setting.label[:1].upper() + setting.label[1:]]
    if setting.kind in {"number", "whole"}:
        said.append(setting.allowed.removesuffix("."))
    if isinstance(setting.default, int | float) and not isinstance(setting.default, bool):
        said.append(f"Default: {plain(setting.default)} {setting.unit}".rstrip())
    source = _source(setting.key)
    return ". ".join([*said, *([f"Source: {source.rstrip('.')}"] if source else [])]) + "."


def _source(key: str) -> str:
    """Where the default of a parameter comes from; empty for other settings."""
    from sim.parameters import DECLARED, KEYS

    name = key.removeprefix("parameters.")
    return str(DECLARED[KEYS.index(name)].source) if name in KEYS else ""


def _default(setting: Setting) -> Schema:
    return {} if setting.default is None else {"default": setting.default}


def _region() -> Schema:
    one = {"anyOf": [one_of(region_names()), {"type": "string", "pattern": PATHS}]}
    return {"description": "A region's name, or the path of its file seen from this one.",
            "anyOf": [*one["anyOf"], {"type": "array", "items": one, "minItems": 1},
                      {"$ref": "#/definitions/call"}]}  # fmt: skip


def _arms() -> Schema:
    names = "|".join(mechanism_names())
    part = f"({names})({LEFT_TO})?"
    arm = rf"({'|'.join([*BUNDLES, *LISTS])}|{WITHOUT}({names})(-({names}))*|{part}(\+{part})*)"
    one = {"anyOf": [one_of([*BUNDLES, *mechanism_names(), *LISTS]),
                     {"type": "string", "pattern": f"^(subsets:)?{arm}$"}]}  # fmt: skip
    return {"description": "Bundles of mechanisms to compare; the first is the baseline.",
            "type": "array", "items": one, "minItems": 1}  # fmt: skip


def _group(group: str, settings: Iterable[Setting], words: Iterable[str]) -> Schema:
    """``mechanisms`` or ``parameters``: a prepared set by name, several, or a block."""
    found = _by_owner(settings, group)
    owners = {owner: _block("", own, f"{group}.{owner}", _known) for owner, own in found.items()}
    inner = {_exactly(s.key.removeprefix(f"{group}.")): _known(s)
             for own in found.values() for s in own}  # fmt: skip
    return {"description": f"The {group}: a prepared set by its name, or single settings.",
            "anyOf": [block(owners, inner), one_of(words), {"$ref": "#/definitions/call"},
                      {"$ref": "#/definitions/words"},
                      {"type": "array", "items": {"type": "string"}, "minItems": 2}]}  # fmt: skip


def _by_owner(settings: Iterable[Setting], group: str) -> dict[str, list[Setting]]:
    found: dict[str, list[Setting]] = {}
    for setting in settings:
        found.setdefault(setting.key.removeprefix(f"{group}.").split(".")[0], []).append(setting)
    return found


def _block(
    about: str, settings: Iterable[Setting], prefix: str,
    one: Callable[[Setting], Schema] = swept,
) -> Schema:  # fmt: skip
    keys = {s.key.removeprefix(f"{prefix}."): one(s) for s in settings}
    return {**({"description": about} if about else {}), **block(keys)}


def _defaults() -> Schema:
    """The list that names the sets below."""
    named = {"type": "object", "properties": {key: {"type": "string"} for key in GROUPS},
             "additionalProperties": False}  # fmt: skip
    return {"description": "Prepared sets that this one begins with, and _self_ for itself.",
            "type": "array", "items": {"anyOf": [{"type": "string"}, named]}}  # fmt: skip
