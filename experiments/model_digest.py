"""One hash over the whole model: what a run's identity says about the code that made it.

`sim._jit.kernel_digest` covers compiled sources and keys the cache of machine code; outcomes,
synthetic regions and the reading of region files are plain Python and move numbers just as well.
Hashed is the syntax of every file of ``sim``, without comments and docstrings, so that a corrected
word leaves studies valid.
"""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import sim


@cache
def model_digest() -> str:
    """64 hex digits over the model that is installed."""
    return digest_of_sources(Path(sim.__file__).parent)


def digest_of_sources(home: Path) -> str:
    """64 hex digits over the syntax of every Python file below a folder."""
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        digest.update(path.relative_to(home).as_posix().encode())
        tree = _bare(ast.parse(path.read_text(encoding="utf-8")))
        digest.update(_text(tree).encode())
    return digest.hexdigest()


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
