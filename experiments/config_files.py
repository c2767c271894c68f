"""YAML files as the user wrote them: syntax, the line of every key, and what is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from experiments.exits import UsageError
from experiments.overrides import Assignment


def shown_path(path: Path) -> str:
    """A path as a person would write it from here."""
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative


def load_yaml(path: Path) -> Any:
    """The content of a YAML file; raises UsageError with file, line and column."""
    try:
        return yaml.safe_load(_text(path))
    except yaml.YAMLError as error:
        raise UsageError(_syntax(path, error)) from None


def lines_of(path: Path) -> dict[str, int]:
    """Line of every dotted key of a YAML file that loads."""
    node = yaml.compose(_text(path), Loader=yaml.SafeLoader)
    return dict(_lines(node, ""))


def read_settings(path: Path) -> list[Assignment]:
    """A file of settings as assignments, each with its line.

    Raises UsageError when the file is missing, is no mapping of settings, or is not valid YAML.
    """
    if not path.is_file():
        raise UsageError(f"--config {path}: no such file.")
    content = load_yaml(path)
    if content is None:
        return []
    if not isinstance(content, dict):
        raise UsageError(f"{shown_path(path)}: settings are written one per line, as 'key: value'.")
    lines = lines_of(path)
    return [
        Assignment(_as_typed(key), value, f"{shown_path(path)}:{lines.get(key, 1)}")
        for key, value in _leaves(content, "")
        if not (key == "region_options" and not value)
    ]


def refuse_code(path: Path) -> list[str]:
    """Keys of a user's file that would run code or set up Hydra itself."""
    load_yaml(path)
    found = []
    for key, line in lines_of(path).items():
        parts = key.split(".")
        if parts[0] == "hydra" or any(part in {"_target_", "_partial_"} for part in parts):
            found.append(
                f"{key} ({shown_path(path)}:{line}): refused; settings hold numbers and names, "
                "they cannot run code or set up Hydra. Leave it out."
            )
    if "${oc." in _text(path):
        found.append(f"{shown_path(path)}: refused; '${{oc...}}' would copy your environment.")
    return found


def _as_typed(key: str) -> str:
    """Options of the region are written below ``region.`` on the command line."""
    options = "region_options."
    return f"region.{key.removeprefix(options)}" if key.startswith(options) else key


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(f"{shown_path(path)}: not a text file in UTF-8.") from None
    except OSError as error:
        raise UsageError(f"{shown_path(path)}: {error.strerror}.") from None


def _syntax(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    where = f"{shown_path(path)}:{mark.line + 1}:{mark.column + 1}" if mark else shown_path(path)
    problem = getattr(error, "problem", None) or "not valid YAML"
    return (
        f"{where}: not valid YAML ({problem}). Check the indentation there and just above: keys of "
        "one block start in the same column, with spaces and never tabs, and ': ' after a key."
    )


def _lines(node: Any, prefix: str) -> Iterator[tuple[str, int]]:
    if not isinstance(node, yaml.MappingNode):
        return
    for key, value in node.value:
        name = f"{prefix}{key.value}"
        yield name, key.start_mark.line + 1
        yield from _lines(value, f"{name}.")


def _leaves(content: dict[Any, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in content.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from _leaves(value, f"{name}.")
        else:
            yield name, value
