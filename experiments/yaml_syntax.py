"""What a person did who wrote a file that is no YAML: one plain message with the likely cure."""

from __future__ import annotations

import re

import yaml

NO_SPACE = re.compile(r"\s*(?:- )?([A-Za-z_][\w.]*):([^\s:/\\\"'].*)")
INDENT = (
    "Check the indentation: lines of one block start in the same column, and a text that holds "
    "': ' or '#' needs quotes."
)


def cure_of(error: yaml.YAMLError, text: str, shown: str) -> str:
    """One message for a text that cannot be read, with file, line and column."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = " ".join(str(getattr(error, "problem", None) or error).split())
    if mark is None:
        return f"{shown}: is not valid YAML ({problem})."
    rows = text.splitlines()
    found = no_space(rows, mark.line)
    if found:
        return f"{shown}:{found[0]}: {found[1]}"
    row = rows[mark.line] if mark.line < len(rows) else ""
    opened, context = getattr(error, "context_mark", None), str(getattr(error, "context", ""))
    cure = INDENT
    if "\t" in row[: len(row) - len(row.lstrip())]:
        cure = "The line begins with a tab; indent with spaces."
    elif "another document" in problem:
        cure = "A second document begins with '---' here; one file holds one."
    elif "alias" in problem:
        cure = "A name after * needs the same name after & further up."
    elif opened is not None and "flow" in context:
        mark, cure = opened, "The bracket that opens here is not closed, or lacks a comma inside."
    elif opened is not None and "quoted" in context:
        mark, cure = opened, "The quote that opens here is not closed."
    elif "cannot start" in problem:
        cure = f"A value that begins with {row[mark.column : mark.column + 1]} needs quotes."
    return f"{shown}:{mark.line + 1}:{mark.column + 1}: is not valid YAML. {cure}"


def no_space(rows: list[str], last: int) -> tuple[int, str] | None:
    """(line, message) of a key without a space after its colon, at ``last`` or just above."""
    for line in range(min(last, len(rows) - 1), max(-1, last - 3), -1):
        match = NO_SPACE.fullmatch(rows[line].split(" #")[0].rstrip())
        if match:
            key, value = match.groups()
            return line + 1, f"a space is missing after the colon. Write {key}: {value}"
    return None
