"""Files of settings as assignments, each with its line; another kind of file is told apart."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.exits import UsageError
from experiments.file_kinds import SETTINGS, instead, kind_of
from experiments.overrides import Assignment
from experiments.settings import GROUPS, settings
from experiments.yaml_lines import Place, place_of, read_document
from experiments.yaml_syntax import no_space


def shown_path(path: Path) -> str:
    """A path as a person would write it from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def load_mapping(path: Path) -> tuple[dict[str, Any], Place]:
    """The keys of a YAML file and where they stand. Raises UsageError with file and line."""
    shown = shown_path(path)
    document = read_document(path, shown)
    content = document.value
    if content is None:
        raise UsageError(f"{shown}: is empty; settings are written one per line, as 'key: value'.")
    if not isinstance(content, dict):
        found = no_space([str(content)], 0)
        cure = found[1] if found else "settings are written one per line, as 'key: value'."
        raise UsageError(f"{shown}:{document.lines[()]}: {cure}")
    return content, place_of(shown, document)


def load_yaml(path: Path) -> Any:
    """The content of a YAML file that may hold blanks; raises UsageError with file and line."""
    return read_document(path, shown_path(path), blanks=True).value


def refuse_code(path: Path, *, blanks: bool = True) -> list[str]:
    """What a prepared set of a user's holds that would run code, set up Hydra or read elsewhere.

    ``blanks``: as of `read_document`.
    """
    shown = shown_path(path)
    try:
        document = read_document(path, shown, blanks=blanks)
    except UsageError as error:
        return error.messages
    place = place_of(shown, document)
    rows = path.read_text(encoding="utf-8").splitlines()
    found = [
        f"{shown}:{line}: refused; a set holds what belongs below its own group. Leave it out."
        for line, row in enumerate(rows, 1)
        if row.lstrip("# ").startswith("@package") and row.startswith("#")
    ]
    content = document.value if isinstance(document.value, dict) else {}
    entries = content.get("defaults")
    return found + [
        f"{place.at('defaults', row)}: {entry}: refused; defaults name prepared sets, one a line."
        for row, entry in enumerate(entries if isinstance(entries, list) else [])
        if not _plain_default(entry)
    ]


def named_in(path: Path, own: Path) -> list[Path]:
    """Files of the user's folder that the defaults of a prepared set read in."""
    content = load_yaml(path)
    entries = content.get("defaults") if isinstance(content, dict) else None
    files = []
    for entry in entries if isinstance(entries, list) else []:
        group, name = ((path.parent.name, entry) if isinstance(entry, str)
                       else next(iter(entry.items())))  # fmt: skip
        files.append(own / str(group) / f"{name}.yaml")
    return [file for file in files if file.is_file()]


def incomplete(path: Path) -> list[str]:
    """What the defaults of a user's set or ``config.yaml`` must name and do not."""
    content, place = load_mapping(path)
    entries = content.get("defaults")
    listed = entries if isinstance(entries, list) else []
    if path.name == "config.yaml":
        groups = {group for entry in listed if isinstance(entry, dict) for group in entry}
        if {*GROUPS} <= groups and "_self_" in listed:
            return []
        head = "'defaults: [parameters: default, mechanisms: none, _self_]'"
        return [f"{place}: stands in for the packaged one and must begin as that does: {head}"]
    names = [entry for entry in listed if isinstance(entry, str)]
    if "_self_" in names and len(names) > 1:
        return []
    base = "default" if path.parent.name == "parameters" else "none"
    why = "so that what it does not say stays as it is."
    return [f"{place}: must begin with 'defaults: [{base}, _self_]', {why}"]


def _plain_default(entry: Any) -> bool:
    """True for the name of a set beside this one, and for ``group: name`` of the two groups."""
    names = [entry] if isinstance(entry, str) else []
    if isinstance(entry, dict) and len(entry) == 1 and next(iter(entry)) in GROUPS:
        names = list(entry.values())
    return [*map(str, names)] != [] and all(re.fullmatch(r"\w[\w.-]*", str(n)) for n in names)


def lines_of(path: Path) -> dict[str, int]:
    """Line of every dotted key of a YAML file that loads."""
    lines = read_document(path, shown_path(path)).lines
    return {".".join(map(str, keys)): line for keys, line in lines.items() if keys}


def read_settings(path: Path) -> list[Assignment]:
    """A file of settings as assignments, each with its line.

    Raises UsageError when the file is missing, is no mapping of settings, or is not valid YAML.
    """
    if not path.exists():
        raise UsageError(f"--config {path}: no such file.{near(path)}")
    content, place = load_mapping(path)
    kind = kind_of(content)
    if kind != SETTINGS:
        raise UsageError(f"{place}: {instead(kind, place)}")
    found = [
        Assignment(key, _from_here(key, value, path.parent), place.at(*keys))
        for keys, value in _leaves(content, ())
        for key in [_as_typed(".".join(keys))]
        if not (keys == ("region_options",) and not value)
    ]
    twice = _twice(found)
    if twice:
        raise UsageError(twice)
    return found


def near(path: Path) -> str:
    """The file that was probably meant, in words."""
    from difflib import get_close_matches

    folder = path.parent
    names = [p.name for p in folder.iterdir() if p.suffix in {".yaml", ".yml"}] \
        if folder.is_dir() else []  # fmt: skip
    close = get_close_matches(path.name, names, n=1, cutoff=0.6)
    return f" Did you mean {folder / close[0]}?" if close else ""


def _twice(found: list[Assignment]) -> list[str]:
    """Settings that stand both in a block and under their dotted name."""
    first: dict[str, str] = {}
    return [
        f"{a.key} ({a.where}): is given twice (first in {before})."
        for a in found
        if (before := first.setdefault(a.key, a.where)) != a.where
    ]


def _from_here(key: str, value: Any, folder: Path) -> Any:
    """The paths of region files that lie beside a file of settings, as seen from where we are."""
    if key != "region":
        return value
    if isinstance(value, list):
        return [_from_here(key, one, folder) for one in value]
    if not isinstance(value, str) or not value.endswith((".yaml", ".yml")):
        return value
    beside = folder / value
    return str(beside) if beside.is_file() else value


def _as_typed(key: str) -> str:
    """Options of the region are written below ``region.`` on the command line."""
    options = "region_options."
    return f"region.{key.removeprefix(options)}" if key.startswith(options) else key


def _leaves(
    content: dict[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every setting of nested blocks; a block where one value belongs is left whole."""
    for key, value in content.items():
        keys = (*above, key)
        if isinstance(value, dict) and value and _as_typed(".".join(keys)) not in settings():
            yield from _leaves(value, keys)
        else:
            yield keys, value
