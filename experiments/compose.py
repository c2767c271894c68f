"""Compose the settings of a study: packaged defaults, prepared sets, the user's files and words.

Hydra's compose API merges the packaged ``configs`` with a user's own folder (which wins) and the
chosen sets of mechanisms and parameters; the user's assignments are laid over the result. Nothing
is instantiated and no code is run from a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from experiments import settings as declared
from experiments.config_files import (
    incomplete,
    lines_of,
    named_in,
    read_settings,
    refuse_code,
    shown_path,
)
from experiments.exits import UsageError
from experiments.factors import Factor
from experiments.overrides import Assignment, check_key, check_scope, read_words
from experiments.schema import explain
from experiments.shipped import config_folder, region_names
from experiments.swept import factors_of

Tree = dict[str, Any]
REGISTERED = {"mechanisms": ("none", "full", "negotiated"), "parameters": ("default",)}


class Settled(NamedTuple):
    """Composed settings. ``given``: what the user set; ``mistakes``: empty when all is well."""

    values: Tree
    given: tuple[Assignment, ...]
    mistakes: list[str]
    notes: list[str]
    folders: tuple[Path, ...]
    factors: tuple[Factor, ...] = ()

    def was_given(self, key: str) -> Assignment | None:
        """The user's last assignment to a key, or None."""
        return next((a for a in reversed(self.given) if a.key == key), None)

    def in_own_config(self, key: str) -> bool:
        """True where the user's own ``config.yaml`` sets a key."""
        path = self.folders[0] / "config.yaml"
        return len(self.folders) > 1 and path.is_file() and key in lines_of(path)


def settle(
    words: Sequence[str], config: str | None = None, config_dir: str | None = None,
    *, sweeping: bool = False,
) -> Settled:  # fmt: skip
    """Compose and check settings. Mistakes are collected, not raised.

    ``sweeping``: settings may have several values; the composed settings hold the first of each.
    Raises UsageError only where nothing can be composed (a file that is missing or not YAML).
    """
    folders = folders_of(config_dir)
    from_file = read_settings(Path(config)) if config is not None else []
    from_words, mistakes = read_words(words, sweeping=sweeping)
    mistakes = [m for a in from_file if (m := check_key(a.key, a.where))] + mistakes
    given = [a for a in (*from_file, *from_words) if check_key(a.key, a.where) is None]
    factors: tuple[Factor, ...] = ()
    if sweeping:
        given, factors, faults = factors_of(given, lambda key: _names(key, folders))
        mistakes += faults
    settled = _settled(given, folders, mistakes)
    notes = [*settled.notes, *_twice(from_words)]
    return settled._replace(factors=factors, notes=notes)


def resettle(settled: Settled, values: Mapping[str, Any]) -> Settled:
    """The same settings with other values of those that were given."""
    given = [a._replace(value=values.get(a.key, a.value)) for a in settled.given]
    return _settled(given, settled.folders, [])


def _settled(
    given: Sequence[Assignment], folders: tuple[Path, ...], mistakes: list[str]
) -> Settled:
    choices, problems = _choices(given, folders)
    mistakes = mistakes + problems
    refused = _refused(folders, choices)
    if refused:
        raise UsageError(mistakes + refused)
    values = _compose(choices, folders)
    every = (*declared.FRAME, *declared.SWEEP, *declared.COMPARING)
    for setting in every:  # an own config.yaml need not say them all
        values.setdefault(setting.key, setting.default)
    values.setdefault("region_options", {})
    for assignment in given:
        if assignment.key not in declared.GROUPS:
            _assign(values, assignment)
    mistakes += explain(values, lambda key: _origin(key, given, choices, folders))
    mistakes += check_scope(given, str(values.get("region")))
    notes = _notes(folders, {**choices, "region": str(values.get("region"))})
    return Settled(values, tuple(given), mistakes, notes, folders)


def _twice(words: Sequence[Assignment]) -> list[str]:
    """Settings that a command line gives several values, one after the other."""
    last = {a.key: a for a in words}
    return [
        f"note: {key} is given twice; the last one holds: {a.text}"
        for key, a in last.items()
        if any(one.key == key and one.value != a.value for one in words)
    ]


def _names(key: str, folders: Sequence[Path]) -> list[str]:
    """Names that ``glob()`` chooses from."""
    if key == "region":
        own = [path.stem for folder in folders[:-1] for path in (folder / key).glob("*.yaml")]
        return sorted({*region_names(), *own})
    return options(key, folders) if key in declared.GROUPS else []


def options(group: str, folders: Sequence[Path]) -> list[str]:
    """Names of the prepared sets of a group."""
    files = [path.stem for folder in folders for path in sorted((folder / group).glob("*.yaml"))]
    return sorted({*REGISTERED[group], *files})


def find(folders: Sequence[Path], group: str, name: str) -> Path | None:
    """The file of a prepared set: the user's folder before the packaged one."""
    paths = (folder / group / f"{name}.yaml" for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def folders_of(config_dir: str | None) -> tuple[Path, ...]:
    """Folders of prepared sets, the user's own first. Raises UsageError when it is not there."""
    if config_dir is None:
        return (config_folder(),)
    own = Path(config_dir)
    if not own.is_dir():
        raise UsageError(f"--config-dir {config_dir}: no such folder.")
    return (own.resolve(), config_folder())


def _choices(
    given: Sequence[Assignment], folders: Sequence[Path]
) -> tuple[dict[str, str], list[str]]:
    """The chosen set of each group, and what is wrong with a choice."""
    choices: dict[str, str] = {}
    mistakes = []
    for key, value, where, _ in given:
        if key not in declared.GROUPS or value in ({}, None):
            continue
        known = options(key, folders)
        if value in known:
            choices[key] = str(value)
            continue
        close = get_close_matches(str(value), known, n=1, cutoff=0.5)
        hint = f"Did you mean '{close[0]}'?" if close else f"Known: {', '.join(known)}."
        if key == "mechanisms" and str(value).lower() in {"off", "no", "false"}:
            hint = "To have no mechanism write mechanisms=none."
        if "*" in str(value):
            hint = f"Names are chosen by pattern in thalweg sweep, as {key}='glob({value})'"
        mistakes.append(f"{key} ({where}): no prepared set '{value}'. {hint}")
    return choices, mistakes


def _refused(folders: Sequence[Path], choices: dict[str, str]) -> list[str]:
    """Code or Hydra settings in those files of the user's folder that are in use."""
    if len(folders) == 1:
        return []
    own = folders[0]
    chosen = [own / g / f"{name}.yaml" for g, name in choices.items()]
    found: dict[Path, list[str]] = {}
    waiting = [path for path in (own / "config.yaml", *chosen) if path.is_file()]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = refuse_code(path, blanks=False)
            found[path] += incomplete(path)
            waiting += [] if found[path] else named_in(path, own)
    return [message for messages in found.values() for message in messages]


def _compose(choices: dict[str, str], folders: Sequence[Path]) -> Tree:
    """The composed tree of one choice per group."""
    from hydra import compose, initialize_config_dir
    from hydra.core.config_store import ConfigStore
    from hydra.errors import HydraException
    from omegaconf import OmegaConf
    from omegaconf.errors import OmegaConfBaseException

    from experiments.search_path import search_first

    absent = declared.nested(declared.mechanism_settings(), "mechanisms")
    every = {name: {**entry, "mode": "imposed"} for name, entry in absent.items()}
    left = {name: {**entry, "mode": "negotiated"} for name, entry in absent.items()}
    store = ConfigStore.instance()
    store.store(group="mechanisms", name="none", node=absent)
    store.store(group="mechanisms", name="full", node=every)
    store.store(group="mechanisms", name="negotiated", node=left)
    parameters = declared.nested(declared.parameter_settings(), "parameters")
    store.store(group="parameters", name="default", node=parameters)
    words = [f"{group}={name}" for group, name in choices.items()]
    search_first(folders[0] if len(folders) > 1 else None)
    try:
        with initialize_config_dir(config_dir=str(folders[-1]), version_base="1.3"):
            tree: Any = OmegaConf.to_container(compose("config", overrides=words), resolve=True)
    except (HydraException, OmegaConfBaseException) as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        raise UsageError(f"the settings cannot be composed: {' '.join(lines[:2])}") from None
    return {str(key): value for key, value in tree.items()}


def _assign(values: Tree, assignment: Assignment) -> None:
    key = assignment.key
    path = ["region_options", key[7:]] if key.startswith("region.") else key.split(".")
    place = values
    for branch in path[:-1]:
        if not isinstance(place.get(branch), dict):
            place[branch] = {}
        place = place[branch]
    place[path[-1]] = assignment.value


def _origin(
    key: str, given: Sequence[Assignment], choices: dict[str, str], folders: Sequence[Path]
) -> str:
    """Where a value comes from: an override, or file and line. Empty when nobody set it."""
    for assignment in reversed(given):
        if key == assignment.key:
            return str(assignment.where)
    for group, name in choices.items():
        path = find(folders, group, name)
        inner = key.removeprefix(f"{group}.")
        if path is not None and inner != key and inner in (lines := lines_of(path)):
            return f"{shown_path(path)}:{lines[inner]}"
    path = folders[0] / "config.yaml"
    lines = lines_of(path) if path.is_file() else {}
    return f"{shown_path(path)}:{lines[key]}" if key in lines else ""


def _notes(folders: Sequence[Path], choices: dict[str, str]) -> list[str]:
    """Say which of the user's files stand in for packaged ones."""
    if len(folders) == 1:
        return []
    own, packaged = folders[0], folders[-1]
    names = ["config.yaml", *(f"{group}/{name}.yaml" for group, name in choices.items())]
    return [
        f"using {shown_path(own / name)} instead of the packaged {name}"
        for name in names
        if (own / name).is_file() and (packaged / name).is_file()
    ]
