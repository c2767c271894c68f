"""YAML as the user wrote it: plain values, the line of every key, and what is refused.

Safe by construction: only mappings, lists and plain scalars are built. Whatever YAML would take
without a word and read as something else ends in a message with file, line and column: a key given
twice (the last would hold), ``12:30`` (750, counted in sixties), ``010`` (8). Refused in every file
are keys that name code to run and ``${...}``, which could copy the environment into results.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from experiments.exits import UsageError
from experiments.yaml_syntax import cure_of

MOST_NODES = 200_000  # a region has a few thousand; more is a file that explodes by aliases
MOST_DEPTH = 50
SIXTIES = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")
OCTAL = re.compile(r"[-+]?0[0-7_]+")
BLANK = re.compile(r"\$\{[a-z_]+\}")
RUNS_CODE = re.compile(r"_[a-z]+_")  # _target_, _partial_, _args_ ...
SETS_UP = ("callbacks", "handlers", "formatters", "loggers", "hydra_logging", "job_logging")
Path_ = tuple[str | int, ...]


class Document(NamedTuple):
    """Plain values and the line (from 1) at which each path begins."""

    value: Any
    lines: dict[Path_, int]


class Place(str):
    """How messages call a file; `at` adds the line of a key where it is known."""

    __slots__ = ("lines",)
    lines: dict[Path_, int]

    def at(self, *path: str | int) -> str:
        """File and line of the nearest known ancestor of a path."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return f"{self}:{self.lines[path[:length]]}"
        return str(self)


def place_of(shown: str, document: Document) -> Place:
    """The place of a file that was read."""
    place = Place(shown)
    place.lines = document.lines
    return place


def at(where: str, *path: str | int) -> str:
    """File and line where the file is known as a `Place`; else what it is called."""
    return where.at(*path) if isinstance(where, Place) else where


def read_document(path: Path, shown: str, *, blanks: bool = False) -> Document:
    """Values and lines of a file; ``shown`` is how messages call it.

    ``blanks``: ``${name}`` may stand for a number that is filled in, as in the file of an engine.
    An empty file gives None. Raises UsageError with every mistake.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        cure = "Save it as UTF-8 in your editor."
        raise UsageError(f"{shown}: is not UTF-8 text (byte {error.start}). {cure}") from None
    except IsADirectoryError:
        raise UsageError(f"{shown}: is a folder; give one file in it.") from None
    except OSError as error:
        raise UsageError(f"{shown}: cannot be read ({error.strerror}).") from None
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise UsageError(cure_of(error, text, shown)) from None
    walk = _Walk(shown, blanks)
    value = None if tree is None else walk.value(tree, ())
    if walk.messages:
        raise UsageError(walk.messages)
    return Document(value, walk.lines)


class _Walk:
    """Turns a tree of YAML nodes into values; collects lines and mistakes."""

    def __init__(self, shown: str, blanks: bool) -> None:
        self.shown, self.blanks = shown, blanks
        self.lines: dict[Path_, int] = {}
        self.messages: list[str] = []
        self.nodes = 0
        self.scalars = yaml.SafeLoader("")

    def value(self, node: yaml.Node, path: Path_) -> Any:
        """The value of one node, depth first."""
        self.nodes += 1
        if self.nodes > MOST_NODES or len(path) > MOST_DEPTH:
            raise UsageError(f"{self.shown}: too large or nested too deeply.")
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, row)) for row, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
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
            if refusal := _refused(key, path):
                self._say(key_node, f"{'.'.join(map(str, (*path, key)))}: {refusal}")
                continue
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            result[key] = self.value(value_node, (*path, key))
        return result

    def _scalar(self, node: yaml.Node) -> Any:
        try:
            value = self.scalars.construct_object(node)
        except (yaml.YAMLError, ValueError) as error:
            problem = getattr(error, "problem", None) or str(error)
            self._say(node, f"cannot read {node.value!r} ({' '.join(str(problem).split())}). "
                            "Put it in quotes.")  # fmt: skip
            return None
        text = BLANK.sub("", node.value) if self.blanks else node.value
        if fault := interpolation(text) or _misread(text, value):
            self._say(node, fault)
        return value

    def _say(self, node: yaml.Node, text: str) -> None:
        mark = node.start_mark
        self.messages.append(f"{self.shown}:{mark.line + 1}:{mark.column + 1}: {text}")


def interpolation(text: str) -> str:
    """Why a value that looks elsewhere for its content is refused; empty when it does not."""
    return "refused; '${...}' could copy your environment. Write the value itself." * ("${" in text)


def _refused(key: str, path: Path_) -> str:
    """Why a key is refused wherever it stands; empty when it is not."""
    parts = key.split(".")
    if not path and parts[0].split("/")[0] in {"hydra", "override hydra"}:
        return "refused; settings do not set up Hydra. Leave it out."
    if any(RUNS_CODE.fullmatch(part) or part in SETS_UP for part in parts):
        return "refused; settings hold numbers and names, they cannot run code. Leave it out."
    return ""


def _misread(text: str, value: Any) -> str:
    """What is wrong with a scalar that YAML takes for something else; empty: nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if SIXTIES.fullmatch(text):
        return (f"{text} is read as {value}, counted in sixties. Put it in quotes if it is a name "
                "or a time; a decimal number has a point.")  # fmt: skip
    if OCTAL.fullmatch(text) and int(text.replace("_", "")) != value:
        digits = text.replace("_", "").lstrip("0")
        return (f"{text} is read as {value}, because a zero in front counts in eights. Write "
                f"{digits}, or put it in quotes if it is a name.")  # fmt: skip
    return ""
