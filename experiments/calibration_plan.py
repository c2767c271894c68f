"""What `thalweg calibrate` may change: free parameters and rival structures of a study file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from analysis.history_matching import Axis
from experiments.exits import UsageError
from experiments.overrides import nearest
from experiments.yaml_lines import at

MOST_FREE = 12
OWN_KEYS = ("free", "structures")
STRUCTURE_KEYS = ("name", "about", "fixed", "instead", "ranges")


class Spot(NamedTuple):
    """A place in a study file: file and line where they are known, and the block in words."""

    where: str
    path: tuple[str | int, ...]
    words: str

    def of(self, key: str, words: str = "") -> Spot:
        """The place of a key below."""
        return Spot(self.where, (*self.path, key), self.words + words)

    def __str__(self) -> str:
        """File, line and block."""
        return f"{at(self.where, *self.path)}: {self.words}"


class Structure(NamedTuple):
    """One rival form: its free axes and the switches that choose it."""

    name: str
    about: str
    fixed: dict[str, float]
    axes: tuple[Axis, ...]


def split(content: Mapping[str, Any], where: str) -> tuple[dict[str, Any], tuple[Structure, ...]]:
    """(content without the keys of calibration, structures). Raises UsageError."""
    faults: list[str] = []
    spot = Spot(where, ("free",), "free")
    free = _axes(content.get("free"), spot, faults)
    if not free:
        faults.append(f"{spot}: at least one free parameter is needed.")
    if len(free) > MOST_FREE:
        faults.append(f"{spot}: {len(free)} parameters; at most {MOST_FREE} may be free.")
    entries = content.get("structures") or [{"name": "default", "about": "as declared"}]
    if not isinstance(entries, list):
        faults.append(f"{Spot(where, ('structures',), 'structures')}: a list is needed.")
        entries = []
    structures = [
        _structure(entry, free, Spot(where, ("structures", row), f"structure {row + 1}"), faults)
        for row, entry in enumerate(entries)
    ]
    if len({s.name for s in structures}) < len(structures):
        faults.append(f"{Spot(where, ('structures',), 'structures')}: two have one name.")
    if faults:
        raise UsageError(faults)
    rest = {key: value for key, value in content.items() if key not in OWN_KEYS}
    return rest, tuple(structures)


def _structure(entry: Any, free: dict[str, Axis], spot: Spot, faults: list[str]) -> Structure:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        faults.append(f"{spot}: a block with a name is needed.")
        return Structure("", "", {}, ())
    faults += [f"{spot.of(key)}: unknown key '{key}'. {nearest(str(key), STRUCTURE_KEYS)}"
               for key in entry if key not in STRUCTURE_KEYS]  # fmt: skip
    fixed, instead = (_block(entry, key, spot, faults) for key in ("fixed", "instead"))
    for key, value in fixed.items():
        _declared(key, [value], spot.of("fixed", ": fixed").of(key), faults)
    own = _axes(entry.get("ranges"), spot.of("ranges", ": ranges"), faults)
    at_instead = spot.of("instead", ": instead")
    faults += [f"{at_instead}: {old} is not free." for old in instead if old not in free]
    faults += [f"{at_instead}: {new} has no range." for new in instead.values() if new not in own]
    axes = [axis for key, axis in free.items() if key not in instead and key not in fixed]
    return Structure(entry["name"], str(entry.get("about", "")),
                     {k: float(v) for k, v in fixed.items() if isinstance(v, int | float)},
                     (*axes, *own.values()))  # fmt: skip


def _block(entry: dict[str, Any], key: str, spot: Spot, faults: list[str]) -> dict[str, Any]:
    """A block of keys below a structure, empty where it is left out."""
    block = entry.get(key) or {}
    if isinstance(block, dict):
        return block
    faults.append(f"{spot.of(key)}: {key}: a block of keys is needed.")
    return {}


def _axes(block: Any, spot: Spot, faults: list[str]) -> dict[str, Axis]:
    """Axes of a block of keys; without a range the declared bounds are taken."""
    if block is None:
        return {}
    if not isinstance(block, dict):
        faults.append(f"{spot}: parameters with a range each are needed.")
        return {}
    found = {}
    for key, given_entry in block.items():
        entry = {} if given_entry is None else given_entry
        if not isinstance(entry, dict):
            faults.append(f"{spot.of(key)}: {key}: 'range: [LOW, HIGH]' is needed, in braces.")
            continue
        bounds = _bounds(key)
        given = entry.get("range")
        span = given if given is not None else list(bounds)
        good = isinstance(span, list) and len(span) == 2 and all(
            isinstance(v, int | float) for v in span) and span[0] < span[1]  # fmt: skip
        if not good:
            faults.append(f"{spot.of(key)}: {key}: a range of two numbers, the lower first, is "
                          "needed.")  # fmt: skip
            continue
        if not _declared(key, span, spot.of(key), faults):
            continue
        log = bool(entry.get("log"))
        if log and span[0] <= 0:
            faults.append(f"{spot.of(key)}: {key}: a logarithmic range begins above 0.")
            continue
        found[key] = Axis(key, float(span[0]), float(span[1]), log)
    return found


def _declared(key: str, values: list[Any], spot: Spot, faults: list[str]) -> bool:
    from sim.parameters import DECLARED, KEYS

    if key not in KEYS:
        faults.append(f"{spot}: unknown parameter '{key}'. {nearest(key, KEYS)}")
        return False
    declared = DECLARED[KEYS.index(key)]
    if not all(isinstance(v, int | float) for v in values):
        faults.append(f"{spot}: {key}: a number is needed.")
        return False
    outside = [v for v in values if not declared.lo <= v <= declared.hi]
    faults += [f"{spot}: {key}: {v:g} is outside the declared bounds {declared.lo:g} to "
               f"{declared.hi:g}." for v in outside]  # fmt: skip
    return not outside


def _bounds(key: str) -> tuple[float, float]:
    from sim.parameters import DECLARED, KEYS

    if key not in KEYS:
        return (0.0, 1.0)
    declared = DECLARED[KEYS.index(key)]
    return float(declared.lo), float(declared.hi)
