"""A row of numbers as NamedTuples: written out once, from their fields.

numba needs the length of every slice as a constant and cannot loop over classes. The function that
unpacks a row is therefore made from the fields of the NamedTuples, nested ones at their place, in
their order; a new rule or mechanism declares its numbers and no slice. For two rules the text is

    def unpack(row):
        return C0(C1(*fixed(row[0:4], 4)), C2(*fixed(row[4:9], 5)))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_type_hints

from sim._jit import fixed, fixed_plain, inner


def unpacker(whole: type) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The function that unpacks a row into ``whole``: compiled, and as plain Python."""
    names: dict[str, Any] = {}
    text, _ = _call(whole, 0, names)
    source = f"def unpack(row):\n    return {text}\n"
    compiled, plain = ({**names, "fixed": slices} for slices in (fixed, fixed_plain))
    for scope in (compiled, plain):
        exec(compile(source, __file__, "exec"), scope)  # noqa: S102 - our own field names, no input
    return inner(compiled["unpack"]), plain["unpack"]


def _call(kind: type, start: int, names: dict[str, Any]) -> tuple[str, int]:
    """Text that makes one NamedTuple from the row, and where the next one starts."""
    name = f"C{len(names)}"
    names[name] = kind
    fields = get_type_hints(kind)
    if all(field is float for field in fields.values()):
        end = start + len(fields)
        return f"{name}(*fixed(row[{start}:{end}], {len(fields)}))", end
    parts = []
    for field in fields.values():
        part, start = _call(field, start, names)
        parts.append(part)
    return f"{name}({', '.join(parts)})", start
