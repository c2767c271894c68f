"""Read a YAML file into plain values, remembering the line of every key and entry.

Safe by construction: only mappings, lists and plain scalars are built. A key given twice, bad
indentation and unknown tags end in one plain message with file, line and column.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import yaml

from sim.region import RegionError

MOST_NODES = 200_000  # a region has a few thousand; more is a file that explodes by aliases


class Document(NamedTuple):
    """Plain values and the line (from 1) at which each path begins."""

    value: Any
    lines: dict[tuple[str | int, ...], int]


class _Walk:
    """Turns a tree of YAML nodes into values; collects lines and mistakes."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.messages: list[str] = []
        self.nodes = 0
        self.scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        """The value of one node, depth first."""
        self.nodes += 1
        if self.nodes > MOST_NODES or len(path) > 50:
            raise RegionError([f"{self.shown}: too large or nested too deeply for a region."])
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, row)) for row, item in enumerate(node.value)]
        try:
            return self.scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            self._say(node, f"cannot read {node.value!r} ({_problem(error)}). Put it in quotes.")
            return None

    def _mapping(self, node: yaml.MappingNode, path: tuple[str | int, ...]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if not isinstance(key, str):
                self._say(key_node, "a key must be a single word.")
                continue
            if key in result:
                first = self.lines[(*path, key)]
                self._say(key_node, f"key '{key}' is given twice (first in line {first}).")
                continue
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            result[key] = self.value(value_node, (*path, key))
        return result

    def _say(self, node: yaml.Node, text: str) -> None:
        mark = node.start_mark
        self.messages.append(f"{self.shown}:{mark.line + 1}:{mark.column + 1}: {text}")


def read_yaml(path: Path, shown: str) -> Document:
    """Values and lines of a file; ``shown`` is how messages call it. Raises RegionError."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise RegionError([f"{shown}: is not UTF-8 text (byte {error.start})."]) from None
    except OSError as error:
        raise RegionError([f"{shown}: cannot be read ({error.strerror})."]) from None
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise RegionError([_syntax(error, text, shown)]) from None
    except yaml.YAMLError as error:
        raise RegionError([f"{shown}: is not valid YAML ({_problem(error)})."]) from None
    if not isinstance(tree, yaml.MappingNode):
        raise RegionError(
            [f"{shown}: a region file needs keys at its left edge, like 'name: ...'."]
        )
    walk = _Walk(shown)
    value = walk.value(tree, ())
    if walk.messages:
        raise RegionError(walk.messages)
    return Document(value, walk.lines)


def _problem(error: Exception) -> str:
    """The parser's own words, on one line."""
    text = getattr(error, "problem", None) or str(error)
    return " ".join(str(text).split())


def _syntax(error: yaml.MarkedYAMLError, text: str, shown: str) -> str:
    """One plain message for a file that is no YAML, with the likely cure."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return f"{shown}: is not valid YAML ({_problem(error)})."
    rows = text.splitlines()
    row = rows[mark.line] if mark.line < len(rows) else ""
    if "\t" in row[: len(row) - len(row.lstrip())]:
        cure = "The line begins with a tab; indent with spaces."
    elif "alias" in _problem(error):
        cure = "A name after * needs the same name after & further up."
    else:
        cure = (
            "Check the indentation: lines of one block start in the same column, and a text that "
            "holds ': ' or '#' needs quotes."
        )
    place = f"{shown}:{mark.line + 1}:{mark.column + 1}"
    return f"{place}: is not valid YAML ({_problem(error)}). {cure}"
