"""A section of docs/mechanisms.md: whether effects keep their sign under other models.

Targets identify little (docs/validation.md): several parameter sets and structures pass them
equally well, and some assumptions have no source at all. An effect that is clear with one sign
under one of these versions and clear with the other sign under another is unknown. Numbers come
from docs/versions.json (see `experiments.version_effects`) and, for the defaults, from
docs/mechanisms.json.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from experiments.markdown import table
from experiments.provenance import age_of
from experiments.shipped import parameter_sets, parameter_values

STORE = Path(__file__).resolve().parent.parent / "docs" / "versions.json"
DEFAULT = "default"
HEADING = "Under other models"
MARK = "†"


class Place(NamedTuple):
    """One effect: of an arm on an outcome in a region."""

    region: str
    arm: str
    outcome: str


def stored() -> dict[str, Any]:
    """What docs/versions.json holds; empty when there is none."""
    return json.loads(STORE.read_text(encoding="utf-8")) if STORE.is_file() else {}


def signs(
    effects: Mapping[str, Mapping[str, Any]], versions: Mapping[str, Any], judged: Iterable[str]
) -> dict[Place, dict[str, int]]:
    """-1, 0 (unclear) or +1 of every effect by version; ``effects``: those of the defaults."""
    keys = [*judged]
    found: dict[Place, dict[str, int]] = {}
    for version, regions in {DEFAULT: effects, **versions}.items():
        for region, arms in regions.items():
            for arm, numbers in arms.items():
                for key in keys:
                    place = Place(region, arm, key)
                    found.setdefault(place, {})[version] = _sign(numbers[key])
    return found


def turning(by_version: Mapping[str, int]) -> bool:
    """True when an effect is clear with both signs."""
    return {-1, 1} <= {*by_version.values()}


def _sign(numbers: Sequence[float]) -> int:
    """Sign of a difference whose interval excludes zero, else 0."""
    _, lo, hi = numbers[:3]
    return 1 if lo > 0.0 else -1 if hi < 0.0 else 0


def section(
    found: Mapping[str, Any], by_place: Mapping[Place, Mapping[str, int]], labels: Mapping[str, str]
) -> Iterator[str]:
    """Words, the counts of every arm, and the effects that turn. ``labels``: links of the arms."""
    if not found:
        return
    names = [*found["effects"]]
    yield f"### {HEADING}"
    yield (
        "The defaults are one of many sets of numbers. Other sets, rival structures among them, "
        "pass the same targets ([fits](validation.md#fits)), and some assumptions have no source "
        f"at all. So every arm was compared with none under {len(names)} further sets "
        f"({', '.join(f'`{name}`' for name in names)}; {found['seeds']} seeds, {found['years']:g} "
        f"years, compiled model `{found['kernel']}`, {_age(found)}). An effect that is clear with "
        f"one sign under one set and clear with the other under another is **unknown**: it is "
        f"marked {MARK} on this page, never bold, and counted as unclear. Each cell: in how many "
        "regions an effect that is clear under any set keeps its sign under all / turns. With so "
        "many intervals a few turn by chance: those that have no effect to speak of."
    )
    outcomes = list(dict.fromkeys(place.outcome for place in by_place))
    rows = []
    for arm, label in labels.items():
        cells = [_counted(by_place, arm, key) for key in outcomes]
        rows.append((label, *cells))
    yield table(("mechanism", *(_label(key) for key in outcomes)), rows)
    turned = [
        f"- {labels[place.arm]}, {_label(place.outcome).lower()}, `{place.region}`: "
        f"{_told(by_place[place])}"
        for place in by_place
        if turning(by_place[place])
    ]
    yield "Effects that turn:" if turned else "No effect is clear with both signs."
    yield "\n".join(turned)


def _counted(by_place: Mapping[Place, Mapping[str, int]], arm: str, key: str) -> str:
    held = [by for place, by in by_place.items() if (place.arm, place.outcome) == (arm, key)]
    clear = [by for by in held if any(by.values())]
    turned = sum(map(turning, clear))
    return f"{len(clear) - turned} / {turned}"


def _told(by_version: Mapping[str, int]) -> str:
    """Which sets raise the outcome, which lower it."""
    up, down = (
        ", ".join(f"`{name}`" for name, sign in by_version.items() if sign == way)
        for way in (1, -1)
    )
    return f"higher under {up}; lower under {down}"


def _label(key: str) -> str:
    from sim.outcomes import OUTCOMES

    return OUTCOMES[key].label


def _age(found: Mapping[str, Any]) -> str:
    """Whether the numbers were made by the present model, and which sets are not those of now."""
    now = {name: parameter_values(name) for name in parameter_sets()}
    other = sorted(name for name in {*now, *found["sets"]}
                   if now.get(name) != found["sets"].get(name))  # fmt: skip
    stale = f"; new, changed or gone since: {', '.join(other)}" if other else ""
    return f"{age_of(found['kernel'])}{stale}"
