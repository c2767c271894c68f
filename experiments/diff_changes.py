"""What differs between two studies, key by key, in the words of the declarations.

Settled values are compared, not texts: comments, order and the spelling of numbers do not count. A
change either *moves* numbers, or says what is *asked* of the same model (arms, seeds), or moves
*nothing*: it says what holds anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from analysis.changes_words import CODE
from experiments.arms import arm_of
from experiments.diff_region import region_changes, with_region
from experiments.diff_sides import Side
from experiments.settings import Setting, settings
from experiments.study import Study

MOVES, ASKED, NOTHING = "moves", "asked", "nothing"
FRAME = ("years", "spinup_years", "tick_weeks")
DESIGN = ("arms", "seed", "seeds", "package", "permutations", "permutation_seed", "method", "n",
          "levels", "second_order", "design_seed")  # fmt: skip
MODEL = "model code"
LEAVES = ("intensity", "from_year", "dyads")


class Change(NamedTuple):
    """One key that differs, or that only one side says. ``only``: A or B, empty for both.

    ``default``: which side has the declared default; ``path``: where it stands in a region file.
    """

    key: str
    label: str
    unit: str
    a: Any
    b: Any
    kind: str
    only: str = ""
    default: str = ""
    path: tuple[str | int, ...] = ()

    @property
    def alone(self) -> bool:
        """True where it can be made by itself."""
        return self.kind == MOVES and self.key != MODEL


def changes(a: Side, b: Side) -> list[Change]:
    """Everything that differs: what moves numbers first, then what is asked, then the rest."""
    found = [*_region(a, b), *_model(a, b), *_settings(a, b)]
    told = {change.key for change in found}
    found += [change for change in _asked(a, b) if change.key not in told]
    told |= {change.key for change in found}
    found += [change for change in _idle(a, b) if change.key not in told]
    return sorted(found, key=lambda change: (MOVES, ASKED, NOTHING).index(change.kind))


def shared_arms(a: Side, b: Side) -> list[str]:
    """Names of the arms that both have, in the order of A."""
    there = {arm.name for arm in b.study.arms}
    return [arm.name for arm in a.study.arms if arm.name in there]


def with_change(study: Study, change: Change, other: Study) -> Study:
    """The study with one change: the value that the other one has."""
    root, _, rest = change.key.partition(".")
    if root == "parameters":
        value = other.parameters[rest]
        return study._replace(parameters={**study.parameters, rest: value})
    if root == "mechanisms":
        return _with_mechanism(study, rest, change.b)
    if root == "region":
        return with_region(study, change.path, change.b, other)
    return study._replace(settings={**study.settings, change.key: change.b})


def _with_mechanism(study: Study, key: str, value: Any) -> Study:
    name, _, leaf = key.partition(".")
    chosen = study.settings["mechanisms"]
    chosen = {**chosen, name: {**chosen[name], leaf: value}}
    arms = tuple(arm_of(arm.name, chosen) for arm in study.arms)
    return study._replace(arms=arms, settings={**study.settings, "mechanisms": chosen})


def _region(a: Side, b: Side) -> Iterator[Change]:
    if "region" in {*a.swept, *b.swept}:
        return
    for row in region_changes(a.study, b.study):
        kind = MOVES if row.moves else NOTHING
        yield Change(row.key, row.label, row.unit, row.a, row.b, kind, path=row.path)


def _model(a: Side, b: Side) -> Iterator[Change]:
    """Folders that other versions of the model have written."""
    made = [side.manifest.get("model_digest") for side in (a, b)]
    if None not in made and made[0] != made[1]:
        x, y = (str(digest)[:16] for digest in made)
        yield Change(MODEL, CODE, "", x, y, MOVES)


def _settings(a: Side, b: Side) -> Iterator[Change]:
    """Frame, mechanisms of arms that both have, and parameters, swept ones as they are swept."""
    swept = dict.fromkeys((*a.swept, *b.swept))
    for key in swept:
        x, y = (side.swept.get(key, _value(side, key)) for side in (a, b))
        if x != y:
            yield _change(key, x, y, MOVES, a, b)
    keys = [*FRAME, *_of_mechanisms(a, b), *(f"parameters.{k}" for k in a.study.parameters)]
    for key in keys:
        if key not in swept and (x := _value(a, key)) != (y := _value(b, key)):
            yield _change(key, x, y, MOVES, a, b)


def _of_mechanisms(a: Side, b: Side) -> list[str]:
    names = shared_arms(a, b)
    used = dict.fromkeys(m for arm in a.study.arms if arm.name in names
                         for m in (*arm.mechanisms, *arm.negotiated))  # fmt: skip
    return [f"mechanisms.{name}.{leaf}" for name in used for leaf in LEAVES]


def _asked(a: Side, b: Side) -> Iterator[Change]:
    """Which histories of the model are asked for: arms, seeds, the design of a sweep."""
    for key in DESIGN:
        x, y = (_value(side, key) for side in (a, b))
        if x != y:
            yield _change(key, x, y, ASKED, a, b)


def _idle(a: Side, b: Side) -> Iterator[Change]:
    """What one side says and what holds for the other anyway, or says where and how, not what."""
    for key in dict.fromkeys((*a.given, *b.given)):
        told = key == "region" or key.startswith("region.") or key.endswith(".mode")  # by the arms
        if key not in settings() or told:
            continue
        x, y = (_value(side, key) for side in (a, b))
        said_once = (key in a.given) != (key in b.given) and key not in DESIGN
        if said_once or x != y:
            yield _change(key, x, y, NOTHING, a, b)


def _value(side: Side, key: str) -> Any:
    """The settled value of a key; swept keys have none but the first."""
    study = side.study
    root, _, rest = key.partition(".")
    if root == "parameters" and rest:
        return study.parameters[rest]
    if key == "arms":
        return [arm.name for arm in study.arms]
    if root == "mechanisms" and rest:
        name, _, leaf = rest.partition(".")
        return study.settings["mechanisms"][name].get(leaf)
    return study.settings.get(key)


def _change(key: str, x: Any, y: Any, kind: str, a: Side, b: Side) -> Change:
    setting = settings().get(key) or Setting(key, "text", None, "", 0, 0, key)
    there = [key in side.given for side in (a, b)]
    only = "" if there[0] == there[1] else "AB"[there.index(True)]
    default = next((letter for letter, value in (("A", x), ("B", y))
                    if setting.default is not None and value == setting.default), "")  # fmt: skip
    return Change(key, setting.label, setting.unit, x, y, kind, only, default)
