"""One declaration per parameter: unit, default, range, meaning and source in one place.

A rule's numbers live beside the rule as a ``NamedTuple`` whose fields are annotated with `Par`.
Validation, documentation, sensitivity problems, the editor schema and every label derive from it.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints


class Par(NamedTuple):
    """What a parameter is. ``source`` starts with ``assumption:`` when no reference carries it."""

    unit: str
    lo: float
    hi: float
    label: str
    source: str


class Declared(NamedTuple):
    """A `Par` with its full key (``rule.name``) and default value."""

    key: str
    default: float
    unit: str
    lo: float
    hi: float
    label: str
    source: str

    @property
    def assumed(self) -> bool:
        """True when the value rests on an assumption rather than on a published figure."""
        return self.source.startswith("assumption")


class Field(NamedTuple):
    """Declaration of one state array."""

    axes: str
    unit: str
    lo: float
    hi: float
    start: float
    about: str
    dtype: str = "f8"


def describe(prefix: str, declaration: type) -> list[Declared]:
    """List the parameters of one NamedTuple class in field order.

    Raises TypeError when a field has no `Par` or a default outside its own range.
    """
    hints = get_type_hints(declaration, include_extras=True)
    defaults: dict[str, Any] = getattr(declaration, "_field_defaults", {})
    fields: tuple[str, ...] = getattr(declaration, "_fields", ())
    declared = []
    for name in fields:
        par = _par_of(hints[name])
        if par is None or name not in defaults:
            raise TypeError(f"{declaration.__name__}.{name} needs a Par and a default")
        value = float(defaults[name])
        if not par.lo <= value <= par.hi:
            raise TypeError(f"{prefix}.{name}: default {value} outside {par.lo} to {par.hi}")
        declared.append(Declared(f"{prefix}.{name}", value, *par))
    return declared


def check(declared: Declared, value: float) -> str | None:
    """Say in the user's words what is wrong with a value, or None."""
    if math.isnan(value):
        return f"{declared.key}: not a number"
    if not declared.lo <= value <= declared.hi:
        return (
            f"{declared.key}: {value:g} {declared.unit} is outside the allowed range "
            f"{declared.lo:g} to {declared.hi:g} {declared.unit}. {declared.label}."
        )
    return None


def _par_of(hint: Any) -> Par | None:
    if get_origin(hint) is not Annotated:
        return None
    return next((a for a in get_args(hint)[1:] if isinstance(a, Par)), None)
