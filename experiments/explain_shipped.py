"""What the files that ship say of a key: composed defaults, prepared sets, studies of a sweep."""

from __future__ import annotations

import math
import re
from functools import cache
from typing import Any


@cache
def composed() -> dict[str, Any]:
    """The defaults as composed: of configs/config.yaml, and of the file of the invented region."""
    import yaml

    from experiments.shipped import config_folder
    from sim.synthetic_plan import SETTINGS

    read = {name: yaml.safe_load((config_folder() / f"{name}.yaml").read_text(encoding="utf-8"))
            for name in ("config", "region/synthetic")}  # fmt: skip
    own = {key: field.default for key, field in SETTINGS.items()
           if field.default is not None and not math.isnan(field.default)}  # fmt: skip
    options = {**own, **read["region/synthetic"]}
    return {**read["config"], **{f"region.{key}": value for key, value in options.items()}}


@cache
def studies() -> dict[str, dict[str, Any]]:
    """The settings of every study of `thalweg sweep` that ships, by dotted key."""
    import yaml

    from experiments.file_kinds import SETTINGS, kind_of
    from experiments.shipped import config_folder

    paths = sorted((config_folder() / "study").glob("*.yaml"))
    read = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}
    return {name: _flat(held) for name, held in read.items() if kind_of(held) == SETTINGS}


def _flat(held: dict[str, Any], above: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in held.items():
        whole = f"{above}{key}"
        found |= _flat(value, f"{whole}.") if isinstance(value, dict) else {whole: value}
    return found


def in_studies(word: str) -> dict[str, Any]:
    """What studies that ship say of a setting, or where they name a word."""
    held = {name: given[word] for name, given in studies().items() if word in given}
    for name, given in studies().items():
        for key in {"region", "arms", "mechanisms"} & {*given}:
            if word in re.split(r"[,+ ]", typed(given[key])):
                held[name] = f"{key}={typed(given[key])}"
    return held


def in_sets(key: str) -> dict[str, float]:
    """The prepared sets that give a parameter another value."""
    from experiments.shipped import parameter_sets, parameter_values

    group, name = key.split(".", 1)
    held = {one: parameter_values(one).get(group, {}) for one in parameter_sets()}
    return {one: values[name] for one, values in held.items() if name in values}


def typed(value: Any) -> str:
    """A value as it is written in a command."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
