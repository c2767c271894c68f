"""What a person probably meant who gave a value of the wrong kind: the second half of a message."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches

from experiments.settings import Setting, plain

_NUMBER = r"([-+]?[0-9]+(?:[.,][0-9]+)?)"
PERCENT = re.compile(_NUMBER + r"\s*(?:%|percent|per cent)")
FROM_TO = re.compile(r"([0-9.]+)\s*(?:\.\.\.?|-|–|:|to)\s*([0-9.]*[0-9])")
UNIT = re.compile(_NUMBER + r"\s*[A-Za-zµ°][A-Za-z0-9/^ ]*")
SPACED = re.compile(r"[-+.0-9e]+(?:\s+[-+.0-9e]+)+")
COMMA = re.compile(r"[-+]?[0-9]+,[0-9]+")


def meant(value: object, setting: Setting) -> str:
    """What was probably meant by a value of the wrong kind, to close the sentence."""
    number = setting.kind in {"number", "whole"}
    if isinstance(value, str) and number:
        return _number_in(value, setting.key)
    if isinstance(value, str) and setting.kind == "choice":
        close = get_close_matches(value.lower(), setting.choices, n=1, cutoff=0.5)
        return f"; '{close[0]}' was probably meant" if close else ""
    if isinstance(value, str) and setting.kind == "list":
        return f"; write [{', '.join(part.strip() for part in value.split(','))}]"
    if isinstance(value, str) and setting.kind == "flag":
        return "; write true or false, without quotes" * (value.lower() in {"yes", "no"})
    if isinstance(value, list) and number:
        return "; several values of a setting are for thalweg sweep"
    return ""


def _number_in(text: str, key: str) -> str:
    """The number that a text holds beside something else."""
    if _reads(text):
        return f"; without quotes write {plain(float(text))}"
    if match := PERCENT.fullmatch(text):
        return f"; a share is written {plain(float(match[1].replace(',', '.')) / 100)}"
    if SPACED.fullmatch(text):
        return f"; several values are written {','.join(text.split())}, in thalweg sweep"
    if (match := FROM_TO.fullmatch(text)) and key.startswith(("parameters.", "mechanisms.")):
        return f"; a range is written interval({match[1]}, {match[2]}), in thalweg sweep"
    if match := UNIT.fullmatch(text):
        return f"; numbers carry no unit, write {match[1].replace(',', '.')}"
    if text.startswith("interval("):
        return "; a range is for thalweg sweep"
    if COMMA.fullmatch(text):
        return f"; a decimal number has a point, write {text.replace(',', '.')}"
    return ""


def as_range(setting: Setting) -> str:
    """How several values of a setting are written, where it may have several."""
    if setting.key == "region":
        return "; its options stand in a block of their own, region_options"
    if setting.kind not in {"number", "whole"}:
        return ""
    return "; several values are written [1, 2], a range interval(1, 2)"


def _reads(text: str) -> bool:
    """True for text that holds a number, as in quotes or in YAML's unread 1e3."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
