"""The pydantic models that check settings, built from the table of settings.

Strict (no text for numbers, no booleans for either) and closed (no unknown keys). pydantic finds
every error at once; `explain` says each in the user's words, with where the value came from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from experiments.meant import as_range, meant
from experiments.overrides import nearest, shown
from experiments.settings import Setting, plain, settings

STRICT = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)
Tree = dict[str, Any]


@cache
def model() -> type[BaseModel]:
    """The model of a complete set of settings."""
    tree: Tree = {}
    for setting in settings().values():
        *branches, leaf = _path(setting.key)
        place = tree
        for branch in branches:
            place = place.setdefault(branch, {})
        place[leaf] = setting
    return _model("Settings", tree)


def explain(values: Tree, where: Callable[[str], str]) -> list[str]:
    """What is wrong with composed settings, one line each; empty when nothing is."""
    try:
        model().model_validate(values)
    except ValidationError as error:
        return [_line(fault, where) for fault in error.errors(include_url=False)]
    return []


def fault_of(key: str, value: Any) -> str:
    """What is wrong with one value of a known setting, as `explain` says it; empty: nothing."""
    try:
        _adapter(key).validate_python(value)
    except ValidationError as error:
        return _words(error.errors(include_url=False)[0], settings()[key])
    return ""


@cache
def _adapter(key: str) -> TypeAdapter[Any]:
    return TypeAdapter(_type(settings()[key]), config=STRICT)


def _path(key: str) -> list[str]:
    """Place of a setting in the composed tree: options of the region have a branch of their own."""
    if key.startswith("region."):
        return ["region_options", key.removeprefix("region.")]
    return key.split(".")


def _model(name: str, tree: Tree) -> type[BaseModel]:
    fields: dict[str, Any] = {}
    for key, entry in tree.items():
        if isinstance(entry, Setting):
            fields[key] = (_type(entry), ... if entry.default is not None else None)
        else:
            fields[key] = (_model(f"{name}_{key}", entry), ...)
    return create_model(name, __config__=STRICT, **fields)


def _type(setting: Setting) -> Any:
    about = Field(description=setting.label, json_schema_extra={"unit": setting.unit})
    kinds = {"flag": bool, "text": str, "list": list[str]}
    if setting.kind == "choice":
        kind: Any = Annotated[Literal[setting.choices], about]
    elif setting.kind in kinds:
        kind = Annotated[kinds[setting.kind], about]
    else:
        number = int if setting.kind == "whole" else float
        kind = Annotated[number, about, Field(ge=setting.lo, le=setting.hi)]
    return kind if setting.default is not None else kind | None


def _line(fault: Any, where: Callable[[str], str]) -> str:
    key = ".".join(str(part) for part in fault["loc"] if not isinstance(part, int))
    key = key.replace("region_options.", "region.")
    place = f" ({where(key)})" if where(key) else ""
    setting = settings().get(key)
    if fault["type"] == "extra_forbidden":
        return f"{key}{place}: unknown setting. {nearest(key, settings())}"
    if setting is None:
        inside = _inside(key)
        return f"{key}{place}: {_show(fault['input'])} stands where settings are wanted{inside}."
    return f"{key}{place}: {_words(fault, setting)}"


def _words(fault: Any, setting: Setting) -> str:
    return f"{_fault(fault, setting)}. {shown(setting)}"


def _fault(fault: Any, setting: Setting) -> str:
    value, kind = fault["input"], fault["type"]
    if kind == "missing" or value is None:
        return "no value is given"
    if isinstance(value, bool) and setting.kind in {"text", "list", "choice"}:
        return (f"{str(value).lower()} was read as true or false, as unquoted NO, yes, on and off "
                "are; put the word in quotes")  # fmt: skip
    if isinstance(value, dict):
        return "one value is wanted here, and a block of keys stands there" + as_range(setting)
    if kind in {"greater_than_equal", "less_than_equal"}:
        return f"{plain(value)} {setting.unit}".rstrip() + " is outside the range"
    if kind == "finite_number" or (isinstance(value, float) and not math.isfinite(value)):
        return f"{value} is not a finite number"
    if setting.kind == "whole" and isinstance(value, float):
        example = f"; write {value:.0f}" if value == round(value) and abs(value) < 1e15 else ""
        return f"{plain(value)} is not a whole number{example}"
    wanted = {
        "number": "a number", "whole": "a whole number", "text": "text", "list": "a list of names",
        "choice": "one of the allowed words", "flag": "true or false",
    }  # fmt: skip
    return f"{_show(value)} is not {wanted[setting.kind]}{meant(value, setting)}"


def _inside(key: str) -> str:
    below = [known for known in settings() if known.startswith(f"{key}.")]
    return f", for example {below[0]}" if below else ""


def _show(value: object) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."
