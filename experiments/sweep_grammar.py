"""Hydra's sweep grammar, read by Hydra's own parser: one value, a list of values, or an interval.

Where Hydra's functions would change a study without a word they are refused or mended here:
``shuffle`` (another order each time), ``int`` that cuts fractions off, a ``tag`` inside a ``tag``
(the inner one is lost), a cast of a tagged list (so are its tags), ``range`` in binary fractions
(whether its last value is in depends on rounding) and ``sort`` of a range downwards (other values).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from experiments.settings import plain

MOST_VALUES = 10_000  # of one list
FORMS = {
    "interval": "interval(LOW, HIGH)",
    "int": "int(interval(LOW, HIGH)), with whole numbers",
    "float": "float(1, 2)",
    "bool": "bool(0, 1)",
    "str": "str(1, 2)",
    "range": "range(START, STOP, STEP); STOP itself is left out",
    "choice": "choice(A, B, C)",
    "tag": "tag(logunif, interval(LOW, HIGH)), tag(group_NAME, interval(LOW, HIGH)) or "
    "tag(group_NAME, choice(A, B))",
    "sort": "sort(3, 1, 2), with values of one kind",
    "shuffle": "a list without shuffle()",
    "glob": "glob(PATTERN) or glob([PATTERN, PATTERN], exclude=PATTERN), with nothing around it",
}


COMMAS = re.compile(r"interval\(\s*(-?\d+,\d+)\s*[,;]\s*(-?\d+,\d+)\s*\)")
OTHERS = {"uniform": "interval", "unif": "interval", "between": "interval", "linspace": "range",
          "arange": "range", "loguniform": "tag", "logunif": "tag", "log": "tag",
          "list": "choice"}  # fmt: skip


class RefusedError(ValueError):
    """The text is understood and refused, or matches nothing; its words say why."""


class UnreadableError(RefusedError):
    """The text is no value of Hydra's grammar."""


class Reading(NamedTuple):
    """What a text says. ``kind``: plain, list or range; ``simple``: a list written ``a,b``."""

    kind: str
    values: tuple[Any, ...] = ()
    lo: float = 0.0
    hi: float = 0.0
    whole: bool = False
    tags: tuple[str, ...] = ()
    simple: bool = False


def read(text: str, names: Sequence[str] = ()) -> Reading:
    """Read the text after the '='; ``glob`` chooses among ``names``. Raises RefusedError."""
    from hydra.core.override_parser import types

    value = _parse(text.strip())
    tags = tuple(sorted(value.tags)) if isinstance(value, types.Sweep) else ()
    if isinstance(value, types.IntervalSweep):
        lo, hi = value.start, value.end
        whole = isinstance(lo, int) and isinstance(hi, int)
        return Reading("range", (), float(lo or 0), float(hi or 0), whole, tags)
    if isinstance(value, types.RangeSweep):
        return Reading("list", tuple(_numbers(value)), tags=tags)
    if isinstance(value, types.ChoiceSweep):
        values = tuple(_plain_value(one) for one in value.list)
        return Reading("list", values, tags=tags, simple=value.simple_form)
    if isinstance(value, types.Glob):
        return Reading("list", tuple(_matching(value, text, names)))
    return Reading("plain", (_plain_value(value),))


def _parse(text: str) -> Any:
    from hydra.errors import HydraException

    try:
        return _parser().parse_override(f"value={text}").value()
    except HydraException as error:
        if isinstance(error.__cause__, RefusedError):
            raise error.__cause__ from None
        raise UnreadableError(unreadable(text)) from None


def unreadable(text: str) -> str:
    """Say how it is written: by the first function that is unknown, else by the first at all."""
    called = re.findall(r"([A-Za-z_]\w*)\s*\(", text)
    commas = COMMAS.fullmatch(text.strip())
    if commas:
        low, high = (one.replace(",", ".") for one in commas.groups())
        return f"{text!r} has commas in its numbers; write interval({low}, {high})"
    for name in called:
        if name in OTHERS:
            return f"unknown function '{name}'. Write {FORMS[OTHERS[name]]}."
        if name not in FORMS:
            close = get_close_matches(name, FORMS, n=1)
            cure = f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(sorted(FORMS))}."
            return f"unknown function '{name}'. {cure}"
    start = f"the value {text!r} cannot be read."
    if called:
        return f"{start} Write {FORMS[called[0]]}."
    return f"{start} A list is written 1,2,3; put text with signs in quotes."


@cache
def _parser() -> Any:
    """Hydra's parser with the functions that are mended here."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    parser = OverridesParser.create()
    functions = parser.functions.functions
    for name in ("int", "float", "bool", "str"):
        functions[name] = _mended_cast(name, functions[name])
    functions["shuffle"] = _refuse_shuffle
    functions["tag"] = _mended_tag(functions["tag"])
    functions["sort"] = _mended_sort(functions["sort"])
    return parser


def _refuse_shuffle(*_: Any, **__: Any) -> Any:
    raise RefusedError(
        "shuffle() would give another order each time, and the same study must give the same "
        "table. Every value of a list is run, so that the order changes no result: leave it out."
    )


def _mended_cast(name: str, cast: Callable[..., Any]) -> Callable[..., Any]:
    """A cast that keeps the tags; ``int`` refuses what it would cut."""

    def call(*args: Any, **kwargs: Any) -> Any:
        given = (*args, *kwargs.values())
        if name == "int":
            for number in (n for one in given for n in _held(one)):
                _refuse_cut(number)
        found = cast(*args, **kwargs)
        tags = {tag for one in given for tag in getattr(one, "tags", ())}
        if tags:
            found.tags = tags
        return found

    return call


def _mended_tag(tag: Callable[..., Any]) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if any(getattr(one, "tags", None) for one in (*args, *kwargs.values())):
            raise RefusedError(
                "a tag() inside a tag() would be lost; write both in one: "
                "tag(logunif, group_NAME, interval(LOW, HIGH))."
            )
        return tag(*args, **kwargs)

    return call


def _mended_sort(sort: Callable[..., Any]) -> Callable[..., Any]:
    """Sorts the values of a range, where Hydra computes a new range from other numbers."""
    from hydra.core.override_parser.types import ChoiceSweep, RangeSweep

    def listed(one: Any) -> Any:
        return ChoiceSweep(one.tags, _numbers(one)) if isinstance(one, RangeSweep) else one

    def call(*args: Any, **kwargs: Any) -> Any:
        return sort(*map(listed, args), **{name: listed(one) for name, one in kwargs.items()})

    return call


def _held(value: Any) -> list[Any]:
    """The numbers inside an argument of ``int``."""
    from hydra.core.override_parser import types

    if isinstance(value, types.IntervalSweep):
        return [value.start, value.end]
    if isinstance(value, types.RangeSweep):
        return [value.start, value.stop, value.step]
    return list(value.list) if isinstance(value, types.ChoiceSweep) else [value]


def _refuse_cut(number: Any) -> None:
    if not isinstance(number, float):
        return
    if not math.isfinite(number):
        raise RefusedError(f"{number} is not a finite number.")
    if not number.is_integer():
        raise RefusedError(
            f"{plain(number)} is not a whole number, and int() would cut it to "
            f"{int(number)}; write whole numbers inside int()."
        )


def _numbers(sweep: Any) -> list[Any]:
    """start, start + step, ... short of stop, in the decimal numbers that were typed."""
    ends = (sweep.start, sweep.stop, sweep.step)
    if any(isinstance(end, bool) or not math.isfinite(end) for end in ends):
        raise RefusedError("range() needs finite numbers.")
    start, stop, step = (Decimal(str(end)) for end in ends)
    if step == 0:
        raise RefusedError(f"the step of range() is 0. Write {FORMS['range']}.")
    count = max(0, math.ceil((stop - start) / step))
    if step == 1 and 0 < stop - start <= 1:
        span = f"{plain(float(start))}, {plain(float(stop))}"
        raise RefusedError(
            f"range({span}) goes in steps of 1 and holds one value; give the step as a third "
            f"number: range({span}, {plain(float(stop - start) / 4)})"
        )
    if count > MOST_VALUES:
        raise RefusedError(
            f"range() gives more than {MOST_VALUES} values; choose a longer step, or an "
            "interval() with a sampling method."
        )
    whole = all(isinstance(end, int) for end in ends)
    return [int(n) if whole else float(n) for n in (start + i * step for i in range(count))]


def _matching(glob: Any, text: str, names: Sequence[str]) -> list[str]:
    if not names:
        raise RefusedError(
            "glob() chooses among prepared names (regions, sets of mechanisms or of parameters), "
            "and there are none for this setting; list the values."
        )
    found: list[str] = glob.filter(list(names))
    if not found:
        known = ", ".join(names[:8]) + (", ..." if len(names) > 8 else "")
        raise RefusedError(f"{text.strip()} matches none of the names. Known: {known}.")
    return found


def _plain_value(value: Any) -> Any:
    """The value without Hydra's wrapping of quoted text."""
    from hydra.core.override_parser import types

    if isinstance(value, types.QuotedString):
        return value.text
    if isinstance(value, types.Sweep | types.Glob):
        raise RefusedError(
            "a list holds plain values; give one interval(), range() or glob() for a setting, "
            "alone."
        )
    if isinstance(value, list):
        return [_plain_value(one) for one in value]
    if isinstance(value, dict):
        return {_plain_value(key): _plain_value(one) for key, one in value.items()}
    return value
