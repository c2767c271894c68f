"""How the study in a folder differs from the one that is asked for, and what would go on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from experiments.factors import Factor

NAMELESS = {"region content": "another region", "model code": "another model code",
            "outcomes": "other outcomes", "series": "other series"}  # fmt: skip
MOST = 3  # parameters and swept settings that are named
Parts = Mapping[str, Any]


def differences(old: Parts, new: Parts) -> str:
    """What differs between the pieces of two identities, in words: there, instead of here."""
    return ", ".join(_told(old, new)) or "another layout"


def in_place(old: Parts, new: Parts) -> str:
    """A sentence on how the study that is there may grow, where that was probably wanted."""
    if old.get("method") == "latin" == new.get("method") and old.get("n") != new.get("n"):
        return (f"A Latin hypercube cannot grow: other n, other points. Keep n={old['n']}, or take "
                "method=sobol, whose points stay when n doubles. ")  # fmt: skip
    sizes = ("seeds",) if new.get("method") == "grid" else ("seeds", "n")
    less = [key for key in sizes if _number(new.get(key)) < _number(old.get(key))]
    fewer = len(old.get("arms") or []) > len(new.get("arms") or [])
    if less or fewer:
        return "A study may grow, and keeps all that it has. "
    return ""


def _told(old: Parts, new: Parts) -> Iterator[str]:
    for key, value in new.items():
        before = old.get(key)
        if before == value:
            continue
        if key in NAMELESS:
            yield NAMELESS[key]
        elif key == "cases":
            yield from _frames(before or [], value)
        elif key == "factors":
            yield from _factors(before or [], value)
        elif key == "n" and "grid" in {old.get("method"), new.get("method")}:
            continue  # the number of combinations
        elif key == "points":
            yield from [] if _other_design(old, new) else ["other points"]
        elif key == "parameters":
            yield from _parameters(before or {}, value, _swept(old) | _swept(new))
        elif key == "arms":
            yield _arms(before or [], value)
        else:
            yield f"{key}={before} instead of {value}"


def _other_design(old: Parts, new: Parts) -> bool:
    """True where the points differ because what they are made from does, which is told."""
    return any(old.get(key) != new.get(key) for key in ("factors", "method", "n", "design_seed"))


def _frames(old: list[Any], new: list[Any]) -> list[str]:
    """Frames are [values of the crossed settings, region, parameters]."""
    there, here = ([one[0] for one in frames] for frames in (old, new))
    missing = [frame for frame in there if frame not in here]
    if missing:
        shown = " and ".join(f"{key}={value}" for key, value in missing[0].items())
        return [f"frames that are not asked for ({shown or 'as given'})"]
    regions = [one[1] for one in old] != [one[1] for one in new if one[0] in there]
    return ["another region"] * (regions and len(old) > 1)


def _factors(old: list[Any], new: list[Any]) -> list[str]:
    """Swept settings by key: there, instead of here."""
    there, here = ({one[0]: Factor(*one) for one in factors} for factors in (old, new))
    found = []
    for key in dict.fromkeys([*there, *here]):
        if key not in here:
            found.append(f"{key} swept over {_span(there[key])}")
        elif key not in there:
            found.append(f"{key} not swept")
        elif there[key] != here[key] and not _is_more(there[key], here[key]):
            found.append(f"{key} swept over {_span(there[key])} instead of {_span(here[key])}")
    return [*found[:MOST], *(["..."] if len(found) > MOST else [])]


def _is_more(there: Factor, here: Factor) -> bool:
    """True for a list that holds all that it held, and more."""
    return there.kind == here.kind == "list" and all(v in here.values for v in there.values)


def _span(factor: Factor) -> str:
    if factor.kind == "list":
        return ",".join(f"{v:g}" if isinstance(v, float) else str(v) for v in factor.values)
    scale = " (log)" if factor.scale == "log" else ""
    return f"{factor.lo:g} to {factor.hi:g}{scale}"


def _arms(old: list[Any], new: list[Any]) -> str:
    there, here = (",".join(str(arm[0]) for arm in arms) for arms in (old, new))
    if not old:
        return "no arms"
    same = "other intensities or first years"
    return same if there == here else f"arms {there} instead of {here}"


def _parameters(old: Mapping[str, Any], new: Mapping[str, Any], swept: set[str]) -> list[str]:
    """Parameters with one value each that differ; of a swept one its values are told."""
    changed = [key for key in new if old.get(key) != new[key] and f"parameters.{key}" not in swept]
    shown = ", ".join(f"{k}={old.get(k)} instead of {new[k]}" for k in changed[:MOST])
    return [f"parameters {shown}" + (", ..." if len(changed) > MOST else "")] * bool(changed)


def _swept(parts: Parts) -> set[str]:
    return {factor[0] for factor in parts.get("factors") or []}


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
