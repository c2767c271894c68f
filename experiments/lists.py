"""Several lists of dyads as typed: ``[A-B],[B-C,C-D]`` or ``choice([A-B],null)``.

They are read here and not by Hydra, because the name of a town may hold any sign.
"""

from __future__ import annotations

import re
from typing import Any

_ONE = r"(?:\[[^\[\]]*\]|null)"
_SEVERAL = re.compile(rf"\s*{_ONE}(?:\s*,\s*{_ONE})+\s*")
_CHOICE = re.compile(rf"\s*choice\(\s*({_ONE}(?:\s*,\s*{_ONE})*)\s*\)\s*")


def is_dyads(key: str) -> bool:
    """True for the setting that names the dyads of a mechanism."""
    return key.startswith("mechanisms.") and key.endswith(".dyads")


def lists_of(text: Any) -> list[list[str] | None] | None:
    """The lists in a text that holds several, ``null`` for all dyads; None for any other text."""
    if not isinstance(text, str):
        return None
    choice = _CHOICE.fullmatch(text)
    if choice is None and not _SEVERAL.fullmatch(text):
        return None
    entries = re.findall(_ONE, choice[1] if choice else text)
    return [None if entry == "null" else _names(entry[1:-1]) for entry in entries]


def _names(text: str) -> list[str]:
    return [part.strip().strip("'\"") for part in text.split(",")]
