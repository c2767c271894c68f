"""Read plain mappings into checked entries; every problem is collected, none stops the reading.

Messages are in the user's words: the entity, the key, what is wrong, the nearest valid name, the
allowed range and unit. Each problem keeps its path in the mapping, so that a caller that knows
the lines of a file can say where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from math import isnan, nan
from numbers import Real
from typing import Any, NamedTuple

from sim.region_fields import SECTIONS, SHARED_WORDS, Field, Section

Path = tuple[str | int, ...]
Entry = dict[str, Any]


class Problem(NamedTuple):
    """One mistake: where in the mapping, and what in words."""

    path: Path
    text: str


class Problems(list[Problem]):
    """A growing list of mistakes."""

    def add(self, path: Path, text: str) -> None:
        """Note one mistake."""
        self.append(Problem(path, text))


def nearest(word: object, valid: Iterable[str], allowed: str = "allowed") -> str:
    """Say which of ``valid`` was probably meant, or list what is allowed."""
    options = sorted(valid)
    text = str(word)
    folded = {option.lower(): option for option in options}
    close = get_close_matches(text.lower(), list(folded), n=1, cutoff=0.6)
    if close:
        return f"Did you mean '{folded[close[0]]}'?"
    listed = ", ".join(options[:12]) + (", ..." if len(options) > 12 else "")
    return f"{allowed.capitalize()}: {listed or 'none declared'}."


def show(value: object) -> str:
    """A value as the user probably typed it, short."""
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else text[:37] + "..."


def listed(value: object) -> str:
    """One name, or the names of a list, for use in a message."""
    names = value if isinstance(value, (list, tuple)) else [value]
    return "-".join(str(name).lower() if isinstance(name, bool) else str(name) for name in names)


def names_of(entries: list[Entry]) -> dict[str, Entry]:
    """Entries by name."""
    return {entry["name"]: entry for entry in entries}


def as_name(value: object, path: Path, where: str, problems: Problems) -> str | None:
    """A non-empty name, or None with the reason noted (unquoted NO, yes, 12 are not names)."""
    if isinstance(value, bool):
        problems.add(
            path,
            f"{where}: a name was read as {str(value).lower()} (unquoted NO, YES, ON and OFF mean "
            "true or false in YAML). Put it in quotes, for example 'NO'.",
        )
    elif isinstance(value, (int, float)):
        problems.add(path, f"{where}: {value} is a number, not a name. Put it in quotes.")
    elif not isinstance(value, str) or not value.strip():
        problems.add(path, f"{where}: a name is missing.")
    elif len(value) > 80 or any(ord(letter) < 32 for letter in value) or "/" in value:
        problems.add(path, f"{where}: {show(value)} is no valid name (80 characters, no '/').")
    else:
        return value
    return None


def as_number(value: Any, field: Field, path: Path, where: str, problems: Problems) -> float:
    """A number inside its declared range, or NaN with the reason noted."""
    if isinstance(value, bool) or not isinstance(value, Real):
        hint = " (write 1.0e+6 or 1000000)" if _exponent(value) else ""
        text = f"{where}: {show(value)} is not a number{hint}. Allowed: {field.allowed}"
        text += f" ({field.label})."
        problems.add(path, text)
        return nan
    number: Any = value
    if not field.lo <= number <= field.hi:  # also true of NaN
        text = f"{where}: {show(value)} is outside the allowed range {field.allowed}"
        problems.add(path, f"{text} ({field.label}).")
        return nan
    return float(number)


def as_entries(spec: Mapping[str, Any], section: str, problems: Problems) -> list[Entry]:
    """The entries of one section with its defaults filled in; each carries its ``path``."""
    raw = spec.get(section)
    if raw is None:
        return []
    if not isinstance(raw, (list, tuple)):
        problems.add((section,), f"{section}: a list is needed (one '- ' line per entry).")
        return []
    defaults = _defaults_of(spec, section, problems)
    entries = []
    for row, item in enumerate(raw):
        path: Path = (section, row)
        if isinstance(item, Mapping):
            entry = {**_for_entry(defaults, section, item), **item}
            entry["path"] = path
            entry["own"] = frozenset(item)
            entries.append(entry)
        else:
            problems.add(path, f"{section}, entry {row + 1}: {show(item)} is no block of keys.")
    return entries


def check_entry(entry: Entry, section: Section, where: str, problems: Problems) -> None:
    """Check keys, numbers and the presence of a source; numbers become floats in place."""
    path: Path = entry["path"]
    allowed = {*section.numbers, *section.words, *SHARED_WORDS}
    for key in sorted(entry["own"] - allowed, key=str):
        problems.add(
            (*path, key), f"{where}: unknown key '{key}'. {nearest(key, allowed, 'valid keys')}"
        )
    for key, field in section.numbers.items():
        value = entry.get(key)
        if value is None and field.default is None:
            text = f"{where}: '{key}' is missing ({field.label}; {field.allowed})."
            problems.add(path, text)
            entry[key] = nan
        elif value is None:
            entry[key] = field.default
        else:
            entry[key] = as_number(value, field, (*path, key), f"{where}: {key}", problems)
    if not has_origin(entry):
        problems.add(path, f"{where}: needs 'source:' or 'assumption:' with a sentence.")


def has_origin(entry: Mapping[str, Any]) -> bool:
    """True when an entry says where its figures come from."""
    return any(isinstance(entry.get(key), str) and entry[key].strip() for key in SHARED_WORDS[1:3])


def as_pair_of(
    entry: Entry, valid: Iterable[str], what: str, where: str, problems: Problems
) -> tuple[str, str] | None:
    """Two different declared names under ``between``, in alphabetical order."""
    path: Path = (*entry["path"], "between")
    value = entry.get("between")
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        problems.add(path, f"{where}: 'between' needs two names, like [A, B].")
        return None
    names = [as_reference(v, valid, what, path, f"{where}: between", problems) for v in value]
    if names[0] is None or names[1] is None:
        return None
    if names[0] == names[1]:
        problems.add(path, f"{where}: 'between' names {names[0]} twice; two sides are needed.")
        return None
    first, second = sorted((names[0], names[1]))
    return first, second


def as_reference(
    value: object, valid: Iterable[str], what: str, path: Path, where: str, problems: Problems
) -> str | None:
    """A name that is declared elsewhere in the file, or None with the nearest valid one."""
    options = list(valid)
    if isinstance(value, str) and value in options:
        return value
    if isinstance(value, str) and value.strip():
        problems.add(path, f"{where}: no {what} '{value}'. {nearest(value, options, 'declared')}")
    else:
        as_name(value, path, where, problems)
    return None


def as_months(entry: Entry, key: str, where: str, problems: Problems) -> tuple[float, ...] | None:
    """Twelve monthly numbers, scaled to mean 1; None when the key is absent or wrong."""
    value = entry.get(key)
    path: Path = (*entry["path"], key)
    if value is None:
        return None
    field = Field("relative to the annual mean", 0, 1e6, None, "one number per month")
    if not isinstance(value, (list, tuple)) or len(value) != 12:
        problems.add(path, f"{where}: '{key}' needs 12 numbers, January first.")
        return None
    months = [as_number(v, field, path, f"{where}: {key}", problems) for v in value]
    mean = sum(months) / 12.0
    if isnan(mean):
        return None
    if mean <= 0.0:
        problems.add(path, f"{where}: '{key}' is zero in every month.")
        return None
    return tuple(month / mean for month in months)


def _exponent(value: object) -> bool:
    """True for text such as 1e6, which YAML 1.1 does not read as a number."""
    if not isinstance(value, str):
        return False
    try:
        float(value)
    except ValueError:
        return False
    return "e" in value.lower()


def _defaults_of(spec: Mapping[str, Any], section: str, problems: Problems) -> Mapping[str, Any]:
    """The ``defaults`` block of one section, its keys checked."""
    blocks = spec.get("defaults")
    block = blocks.get(section, {}) if isinstance(blocks, Mapping) else {}
    path: Path = ("defaults", section)
    if not isinstance(block, Mapping):
        problems.add(path, f"defaults: {section}: a block of keys is needed.")
        return {}
    declared = SECTIONS[section]
    allowed = {*declared.numbers, *declared.words, *SHARED_WORDS}
    parts = [(path, block)]
    parts += [((*path, k), v) for k, v in block.items() if isinstance(v, Mapping)]
    for where, part in parts:
        for key, value in part.items():
            if key not in allowed and not isinstance(value, Mapping):
                text = f"{': '.join(map(str, where))}: unknown key '{key}'. "
                problems.add((*where, key), text + nearest(key, allowed, "valid keys"))
    return block


def _for_entry(defaults: Mapping[str, Any], section: str, item: Mapping[str, Any]) -> Entry:
    """Defaults for one entry: the flat keys, then the block of its kind, nation or basin."""
    flat = {k: v for k, v in defaults.items() if not isinstance(v, Mapping)}
    discriminator = SECTIONS[section].discriminator
    block = defaults.get(str(item.get(discriminator))) if discriminator else None
    return {**flat, **block} if isinstance(block, Mapping) else flat
