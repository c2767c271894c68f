"""Source files as their syntax: what of a file can move a number, and not what is said about it.

Standard library only. Comments, docstrings, line ends and layout do not enter, so that a corrected
word leaves digests, studies and measured pages as they are.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any


def syntax_of(path: Path) -> str:
    """The syntax tree of a Python file as text, without its docstrings."""
    return _text(_bare(ast.parse(path.read_text(encoding="utf-8"))))


def _bare(tree: ast.Module) -> ast.Module:
    """A module without its docstrings."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and _told(body):
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def _text(node: Any) -> str:
    """A syntax tree as text; what is empty is left out, as versions of Python differ in that."""
    if isinstance(node, ast.AST):
        fields = (
            f"{name}={_text(value)}"
            for name, value in ast.iter_fields(node)
            if value not in (None, []) and name not in {"ctx", "kind", "type_comment"}
        )
        return f"{type(node).__name__}({','.join(fields)})"
    if isinstance(node, list):
        return f"[{','.join(map(_text, node))}]"
    return repr(node)


def _told(body: list[ast.stmt] | None) -> bool:
    """True where a block begins with a docstring."""
    if not body or not isinstance(body[0], ast.Expr):
        return False
    value = body[0].value
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
