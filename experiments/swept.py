"""Which of the settings given have several values: the factors of a sweep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from experiments.factors import Factor, check_factor, factor_of_list, read_factor
from experiments.lists import is_dyads, lists_of
from experiments.overrides import Assignment, Swept, decimal_comma
from experiments.settings import COMPARING, GROUPS, SWEEP, settings

NAMED = ("region", *GROUPS)  # text that may be one of several names


def factors_of(
    given: Sequence[Assignment], names: Callable[[str], Sequence[str]]
) -> tuple[list[Assignment], tuple[Factor, ...], list[str]]:
    """(settings with the first value of each, factors, mistakes).

    ``names``: what ``glob()`` chooses from, by key. Where a key is given twice the last one holds,
    as on every command line.
    """
    found: dict[str, Factor | None] = {}
    plain: list[Assignment] = []
    mistakes: list[str] = []
    for assignment in given:
        factor, faults = _factor(assignment, names(assignment.key))
        mistakes += faults
        found[assignment.key] = factor
        if not faults:
            plain.append(assignment if factor is None else
                         assignment._replace(value=first(factor), swept=_text(assignment.value)))
    factors = tuple(factor for factor in found.values() if factor is not None)
    return plain, factors, mistakes


def first(factor: Factor) -> Any:
    """The value that stands for a factor where one is needed."""
    if factor.kind == "list":
        return factor.values[0]
    return int(factor.lo) if factor.whole else factor.lo


def _factor(assignment: Assignment, names: Sequence[str]) -> tuple[Factor | None, list[str]]:
    """The factor that an assignment makes, if any, and what is wrong with it."""
    key, value, where, _ = assignment
    value = _listed(key, value)
    factor: Factor | None = None
    faults: list[str] = []
    if isinstance(value, Swept):
        factor, faults = read_factor(key, value.text, where, names)
        if factor is None and not faults:
            faults = [f"{key} ({where}): {value.text!r} cannot be read. Several are written A,B"]
    elif isinstance(value, list) and key in GROUPS and any(isinstance(v, dict) for v in value):
        faults = [f"{key} ({where}): keys stand below it, indented and without a '-' before them."]
    elif isinstance(value, list) and key == "arms" and None in value:
        faults = [f"arms ({where}): an entry is empty; to have no mechanism write none."]
    elif isinstance(value, list):
        factor, faults = factor_of_list(key, value, where)
    elif isinstance(value, str) and (key in NAMED or _signs(key, value)):
        factor, faults = read_factor(key, value, where, names)
    if factor is not None and key in _WHOLE_STUDY:
        return None, [f"{key} ({where}): one value for the whole study is wanted."]
    if factor is not None and not faults:
        faults = check_factor(factor)
    typed = _text(value)
    setting = settings().get(key)
    if faults and isinstance(typed, str) and setting is not None and setting.kind == "number":
        faults[0] += decimal_comma(typed)
    return factor, faults


def _listed(key: str, value: Any) -> Any:
    """Several lists of dyads that were typed as a text, as a list of them."""
    lists = lists_of(_text(value)) if is_dyads(key) else None
    return value if lists is None else lists


def _text(value: Any) -> Any:
    """What was typed."""
    return value.text if isinstance(value, Swept) else value


def _signs(key: str, value: str) -> bool:
    """True where text in a file stands for several values of a setting that is no text."""
    setting = settings().get(key)
    return setting is not None and setting.kind not in {"text", "list"} and any(
        sign in value for sign in ",("
    )


_WHOLE_STUDY = {setting.key for setting in (*SWEEP, *COMPARING)}
