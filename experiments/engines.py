"""Engines of a sweep: which there are, what may be set, and the words of Hydra's users for them.

An engine is a file below ``configs/engine`` (or of that place in a user's own folder): a launcher
of Hydra, how many jobs it runs with how many threads, and settings of the launcher. Whatever
launcher is installed can be named, too. `carry` does the work.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from experiments.carry import Engine, carry
from experiments.config_files import load_yaml, refuse_code, shown_path
from experiments.exits import UsageError
from experiments.launcher_options import checked, is_installed, nearest_name
from experiments.provenance import thread_count
from experiments.shipped import config_folder

__all__ = ["Engine", "carry", "engine_names", "engine_of", "from_hydra_words"]
KEYS = ("launcher", "extra", "imports", "needs", "here", "in_waves", "jobs", "threads", "options",
        "elsewhere")  # fmt: skip
MOST = {"jobs": 100_000, "threads": 1024}
CURE = "To install it: pip install 'thalweg[{extra}]'"


def engine_names(folders: Sequence[Path]) -> list[str]:
    """Names of the engines that have a file."""
    found = {path.stem for folder in folders for path in (folder / "engine").glob("*.yaml")}
    return sorted(found)


def engine_of(name: str, options: Mapping[str, Any], folders: Sequence[Path]) -> Engine:
    """The engine of that name with the user's settings ``engine.KEY``.

    ``folders``: the user's folder of configs before the packaged one. Where the user names the
    address of a cluster, the file's settings under ``elsewhere`` stand in for its ``options``.
    Raises UsageError with every mistake, and with what to install where something is missing.
    """
    name, content, mistakes = _content(name, folders)
    mistakes += _missing(name, content)
    if mistakes:
        raise UsageError(mistakes)
    given = {key.removeprefix("engine."): value for key, value in options.items()}
    sizes, rest, mistakes = _sizes(content, given)
    launcher = content.get("launcher")
    elsewhere = any(key.endswith("address") and value for key, value in rest.items())
    defaults = content.get("elsewhere" if elsewhere else "options") or {}
    wanted = {**_filled(defaults, sizes), **rest}
    if launcher is None:
        refused = [key for key in given if key != "threads"]
        mistakes += [f"engine.{key}: engine={name} takes threads= only." for key in refused]
        settled: dict[str, Any] = {}
    else:
        settled, faults = checked(launcher, wanted, own=[*MOST])
        mistakes += faults
    if mistakes:
        raise UsageError(mistakes)
    return Engine(
        name, launcher, sizes["jobs"] or 1, sizes["threads"], settled,
        in_waves=bool(content.get("in_waves")), here=bool(content.get("here")) and not elsewhere,
    )  # fmt: skip


def from_hydra_words(
    words: Sequence[str],
) -> tuple[str | None, dict[str, Any], list[str]]:
    """Engine (or launcher), its settings, and the words left, of a command line in Hydra's idiom.

    ``hydra/launcher=NAME`` and ``hydra.launcher.KEY=VALUE`` are taken out; all else stays.
    Raises UsageError for a value that cannot be read, or another sweeper.
    """
    name: str | None = None
    options: dict[str, Any] = {}
    rest: list[str] = []
    for word in words:
        key, equals, text = word.lstrip("+").partition("=")
        if not equals:
            rest.append(word)
        elif key == "hydra/launcher":
            name = _engine_with(text)
        elif key == "hydra/sweeper" and text == "thalweg":
            continue
        elif key == "hydra/sweeper":
            raise UsageError(f"'{word}': designs are drawn by Thalweg itself. Leave it out.")
        elif key.startswith("hydra.launcher."):
            options[key.removeprefix("hydra.launcher.")] = _value(word, text)
        else:
            rest.append(word)
    return name, options, rest


def _engine_with(launcher: str) -> str:
    """The packaged engine that uses a launcher; the launcher itself where there is none."""
    folder = config_folder() / "engine"
    for path in sorted(folder.glob("*.yaml")):
        if load_yaml(path).get("launcher") == launcher:
            return path.stem
    return "local" if launcher == "basic" else launcher


def _value(word: str, text: str) -> Any:
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        parsed = OverridesParser.create().parse_override(f"value={text}")
    except HydraException:
        parsed = None
    if parsed is None or parsed.is_sweep_override():
        raise UsageError(f"'{word}': one value is expected. Put text with signs in quotes.")
    return parsed.value()


def _content(name: str, folders: Sequence[Path]) -> tuple[str, dict[str, Any], list[str]]:
    """Name of an engine, what its file says, and what is wrong with it."""
    path = _file(name, folders)
    if path is None:
        name = _engine_with(name)
        path = _file(name, folders)
    if path is None and is_installed(name):
        return name, {"launcher": name, "threads": 1}, []
    if path is None:
        hint = nearest_name(name, engine_names(folders))
        return name, {}, [f"engine={name}: no such engine. {hint}"]
    content = load_yaml(path)
    if not isinstance(content, dict) or "launcher" not in content:
        missing = "an engine names its launcher, as 'launcher: joblib'."
        return name, {}, [f"{shown_path(path)}: {missing}"]
    unknown = [
        f"{key} ({shown_path(path)}): unknown. {nearest_name(key, KEYS)}"
        for key in map(str, content)
        if key not in KEYS
    ]
    return name, content, [*refuse_code(path), *unknown]


def _file(name: str, folders: Sequence[Path]) -> Path | None:
    paths = (folder / "engine" / f"{name}.yaml" for folder in folders)
    return next((path for path in paths if path.is_file()), None)


def _missing(name: str, content: Mapping[str, Any]) -> list[str]:
    """What the engine needs and this installation has not."""
    for module in content.get("imports") or []:
        if not _importable(module):
            cure = CURE.format(extra=content["extra"]) if "extra" in content else ""
            return [f"engine={name}: {module.split('.')[-1]} is not installed. {cure}".strip()]
    command = content.get("needs")
    if command is not None and shutil.which(command) is None:
        cure = "Start the sweep where it is (the login node of a cluster), or take another engine."
        return [f"engine={name}: there is no command '{command}' here. {cure}"]
    return []


def _importable(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # not even what it is part of
        return False


def _sizes(
    content: Mapping[str, Any], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], list[str]]:
    """Jobs and threads, by our names or the launcher's; the other settings; what is wrong."""
    inside = content.get("options") or {}
    ours = {key: text[2:-1] for key, text in inside.items() if text in {"${jobs}", "${threads}"}}
    sizes = {"jobs": content.get("jobs"), "threads": content.get("threads")}
    rest, mistakes = {}, []
    for key, value in given.items():
        size = ours.get(key, key)
        if size not in sizes:
            rest[key] = value
        elif value is None or (key == "n_jobs" and value == -1):  # joblib's way to say all cores
            sizes[size] = None
        elif isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST[size]:
            sizes[size] = value
        else:
            mistakes.append(f"engine.{key}: {value!r} is no whole number from 1 to {MOST[size]}.")
    if sizes["jobs"] is None and content.get("launcher") is not None:
        sizes["jobs"] = max(1, thread_count() // (sizes["threads"] or 1))
    return sizes, rest, mistakes


def _filled(options: Mapping[str, Any], sizes: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of the launcher with ``${jobs}`` and ``${threads}`` in their places."""
    marks = {f"${{{key}}}": value for key, value in sizes.items()}
    return {
        key: marks.get(value, value) if isinstance(value, str) else value
        for key, value in options.items()
    }
