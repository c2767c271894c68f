"""Factors: the settings that a study varies, each over a list of values or over a range.

A value in Hydra's sweep grammar makes a factor: ``a,b``, ``choice(..)``, ``range(..)`` and
``glob(..)`` a list; ``interval(lo, hi)`` a range of numbers, ``int(interval(lo, hi))`` of whole
numbers with both ends. ``tag(logunif, interval(..))`` spreads the numbers evenly in their
logarithm, ``tag(group_NAME, ..)`` joins factors that a sensitivity analysis moves together. A YAML
study writes the same texts, or a YAML list.

Every value of a structural setting (`is_structural`) is a case of its own, in which all points run:
it is listed and never sampled.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from experiments.settings import GROUPS, Setting, settings
from experiments.sweep_grammar import Reading, RefusedError, UnreadableError, read

AS_TYPED = ("arms", "out")  # one list and one path: their commas never make a factor
STRUCTURAL = ("region", *GROUPS, "years", "spinup_years", "tick_weeks")
LOG_TAGS = ("logunif", "log")
GROUP_TAG = re.compile(r"group_([A-Za-z0-9_-]+)")
_SAME_SEEDS = (
    "every point runs on the same seeds, so that points differ by their settings alone; give one "
    "number."
)
_NO_RESULT = "it says how the work is done and changes no result; give one value."
_NO_GROUP = "a group joins factors that are sampled, and every value here is a case of its own"
_NO_INTERVAL = "it is not drawn from an interval: every value is a case, in which all points run"
NEVER = {
    "arms": "every arm runs at every point already; name all arms in one list.",
    "seed": _SAME_SEEDS,
    "seeds": _SAME_SEEDS,
    "threads": _NO_RESULT,
    "chunk": _NO_RESULT,
    "out": _NO_RESULT,
}


class Factor(NamedTuple):
    """One setting that a study varies; ``lo`` and ``hi`` count for a range, ``values`` for a list.

    ``whole``: whole numbers, both ends included. ``where`` names the override or file and line.
    """

    key: str
    kind: str  # range or list
    lo: float
    hi: float
    values: tuple[Any, ...]  # each of the setting's type, in the order given, no doubles
    scale: str  # uniform or log
    whole: bool
    group: str
    where: str

    @property
    def content(self) -> dict[str, Any]:
        """Plain values of all but where it was written, which may be a path of one machine."""
        return {key: value for key, value in self._asdict().items() if key != "where"}

    def value(self, number: float) -> Any:
        """The setting's value for a cell of `experiments.sampling.Points`."""
        if self.kind == "list":
            return self.values[int(number)]
        setting = settings().get(self.key)
        return int(number) if setting is not None and setting.kind == "whole" else float(number)


def read_factor(
    key: str, text: str, where: str, names: Sequence[str] = ()
) -> tuple[Factor | None, list[str]]:
    """The factor in the text right of '=', or what is wrong with it; neither for one plain value.

    ``names``: what ``glob`` chooses among, such as the regions or the prepared sets of a group.
    """
    if key in AS_TYPED:
        return None, []
    try:
        reading = read(text, names)
    except UnreadableError as error:  # a path and the name of a dyad may hold any sign
        return None, [] if _any_sign(key) else [_line(key, where, str(error))]
    except RefusedError as error:
        return None, [_line(key, where, str(error))]
    if reading.kind == "plain" or (reading.simple and _one_list(key, reading.values)):
        return None, []
    return _factor(key, reading, where)


def factor_of_list(key: str, values: Sequence[Any], where: str) -> tuple[Factor | None, list[str]]:
    """The factor of a YAML list; a list of names is one plain value where the setting is a list."""
    if _one_list(key, values):
        return None, []
    return _factor(key, Reading("list", tuple(values)), where)


def is_structural(key: str) -> bool:
    """True for settings that are crossed as cases and never sampled."""
    ends = key.startswith("mechanisms.") and key.endswith((".mode", ".dyads"))
    return key in STRUCTURAL or key.startswith("region.") or ends


def cell_of(value: Any) -> Any:
    """A value for a table or a label: lists of names, and none, as they are typed."""
    return _word(value) if isinstance(value, list) or value is None else value


def check_factor(factor: Factor) -> list[str]:
    """Both ends or every value against the declared setting, one line per mistake."""
    from experiments.overrides import check_key

    unknown = check_key(factor.key, factor.where)
    if unknown is not None:
        return [unknown]
    if factor.key in NEVER:
        faults = [f"it is not varied: {NEVER[factor.key]}"]
    elif factor.group and is_structural(factor.key):
        faults = [f"{_NO_GROUP}; leave out group_{factor.group}."]
    elif factor.kind == "range":
        faults = _range_faults(factor)
    else:
        faults = [_value_fault(factor.key, value) for value in factor.values]
    return [_line(factor.key, factor.where, fault) for fault in faults if fault]


def _line(key: str, where: str, fault: str) -> str:
    return f"{key} ({where}): {fault}"


def _any_sign(key: str) -> bool:
    return key == "region" or _kind(key) == "list"


def _kind(key: str) -> str:
    """Kind of a setting; that of the name of a prepared set is text."""
    setting = settings().get(key)
    return setting.kind if setting is not None else "text"


def _one_list(key: str, values: Sequence[Any]) -> bool:
    """True where ``a,b`` is one list and not two values."""
    return _kind(key) == "list" and not any(isinstance(v, list) or v is None for v in values)


def _factor(key: str, reading: Reading, where: str) -> tuple[Factor | None, list[str]]:
    scale, group, fault = _tags(reading)
    values = tuple(_typed(key, value) for value in reading.values)
    if not fault:
        is_range = reading.kind == "range"
        fault = _ends_fault(key, reading, scale) if is_range else _list_fault(key, values)
    if fault:
        return None, [_line(key, where, fault)]
    ends = (reading.lo, reading.hi)
    return Factor(key, reading.kind, *ends, values, scale, reading.whole, group, where), []


def _tags(reading: Reading) -> tuple[str, str, str]:
    """(scale, group, what is wrong)."""
    scale, groups = "uniform", []
    for tag in reading.tags:
        named = GROUP_TAG.fullmatch(tag)
        if named is not None:
            groups.append(named[1])
        elif tag in LOG_TAGS:
            scale = "log"
        else:
            close = get_close_matches(tag, ["logunif", "group_NAME"], n=1, cutoff=0.5)
            cure = f"Did you mean '{close[0]}'?" if close else "Known: logunif, group_NAME."
            return "", "", f"unknown tag '{tag}'. {cure}"
    if len(groups) > 1:
        both = " and ".join(f"group_{group}" for group in groups)
        return "", "", f"a setting belongs to one group, and here are {both}."
    if scale == "log" and reading.kind == "list":
        return "", "", "logunif is the scale of an interval(); a list is taken as it is."
    return scale, "".join(groups), ""


def _typed(key: str, value: Any) -> Any:
    """The value in the setting's type, where no doubt is possible; the rest is checked later."""
    kind = _kind(key)
    if kind == "number" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return [value] if kind == "list" and isinstance(value, str) else value


def _ends_fault(key: str, reading: Reading, scale: str) -> str:
    lo, hi = reading.lo, reading.hi
    low, high = _word(lo), _word(hi)
    if not (math.isfinite(lo) and math.isfinite(hi)):
        return f"interval({low}, {high}) needs two finite numbers."
    if lo == hi:
        return f"both ends of the interval are {low}; for one value write {key}={low}"
    if lo > hi:
        return f"the interval begins above its end; write interval({high}, {low})."
    if scale == "log" and lo <= 0:
        return f"a logarithmic scale does not reach {low}; begin above 0, or leave out logunif."
    return ""


def _list_fault(key: str, values: tuple[Any, ...]) -> str:
    if not values:
        return "the list holds no value."
    if len(values) == 1:
        word = _word(values[0])
        return f"a list of one value varies nothing; write {key}={word}"
    kinds = [(type(value), value) for value in values]
    for place, one in enumerate(kinds):
        if one in kinds[:place]:
            return f"{_word(values[place])} is listed twice; every value runs once."
    return ""


def _word(value: Any) -> str:
    """A value as it is typed."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, list):
        return f"[{','.join(_word(one) for one in value)}]"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _range_faults(factor: Factor) -> list[str]:
    key, setting = factor.key, settings().get(factor.key)
    instead = _instead(factor, setting)
    if setting is None or setting.kind not in {"number", "whole"}:
        return [f"an interval holds numbers, which this setting does not take; write {instead}"]
    if is_structural(key):
        return [f"{_NO_INTERVAL}. List the values: {instead}"]
    ends = (factor.lo, factor.hi)
    if setting.kind == "whole" and not factor.whole:
        inside = ", ".join(_word(float(round(end))) for end in ends)
        return [f"only whole numbers are taken; write {key}=int(interval({inside}))"]
    return [_value_fault(key, int(end) if factor.whole else end) for end in ends]


def _instead(factor: Factor, setting: Setting | None) -> str:
    """The same wish as a list."""
    key = factor.key
    if setting is None or key == "region":
        return f"{key}=NAME,NAME or {key}=glob(*)"
    words = {
        "flag": "true,false",
        "choice": ",".join(setting.choices),
        "list": "[NAME-NAME],[NAME-NAME]",
        "text": "NAME,NAME",
    }
    return f"{key}={words.get(setting.kind, f'{_word(factor.lo)},{_word(factor.hi)}')}"


def _value_fault(key: str, value: Any) -> str:
    from experiments.schema import fault_of

    if key in GROUPS:
        return "" if isinstance(value, str) else f"{_word(value)} is not the name of a set."
    return fault_of(key, value)
