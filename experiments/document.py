"""Write the generated parts of the documents from the model's own declarations.

``python -m experiments.document`` rewrites every block between ``<!-- generated: NAME -->`` and
``<!-- end: NAME -->`` in the documents below; ``--check`` only says which of them are out of date
(exit code 1). The story around the blocks is written by hand. A rule without a place in
docs/odd.md, a draw without words and a block that nobody can fill are errors. docs/mechanisms.md is
written as a whole, from the mechanisms' files and the effects last measured; docs/benchmarks.md
from the times last measured, docs/findings.md from the campaign last run, docs/reference from the
declarations alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from experiments import (
    benchmark_document,
    command_document,
    console,
    findings_document,
    json_schema_files,
    mechanism_document,
    reference_document,
)
from experiments.document_scores import SCORES
from experiments.document_tables import TABLES, prefixes, rule
from experiments.markdown import DocumentError

ROOT = Path(__file__).resolve().parent.parent
ODD = Path("docs") / "odd.md"
REFERENCE = Path("docs") / "reference"
DOCUMENTS = (Path("README.md"), ODD, Path("docs") / "validation.md")
# Pages without a hand-written part.
WHOLE = {
    Path("docs") / "mechanisms.md": mechanism_document.page,
    Path("docs") / "benchmarks.md": benchmark_document.page,
    Path("docs") / "findings.md": findings_document.page,
    REFERENCE / "parameters.md": reference_document.parameters_page,
    REFERENCE / "mechanisms.md": reference_document.mechanisms_page,
    REFERENCE / "outcomes.md": reference_document.outcomes_page,
    REFERENCE / "commands.md": command_document.page,
    **json_schema_files.pages(),
}
BLOCK = re.compile(
    r"<!-- generated: (?P<name>[^\n]+?) -->\n.*?<!-- end: (?P<end>[^\n]+?) -->", re.DOTALL
)
OPENING = re.compile(r"<!-- (generated|end): [^\n]+? -->")


def generators() -> dict[str, Callable[[], str]]:
    """What fills each block, by name."""
    rules = {f"rule {prefix}": _rule(prefix) for prefix in prefixes()}
    return {**TABLES, **rules, **SCORES}


def rewritten(text: str) -> str:
    """A document with all its blocks filled anew.

    Raises DocumentError for a block without a generator or without an end.
    """
    known = generators()

    def fill(found: re.Match[str]) -> str:
        name, end = found["name"], found["end"]
        if name != end:
            raise DocumentError(f"block '{name}' is closed by '{end}'")
        if name not in known:
            raise DocumentError(f"nothing generates block '{name}'")
        return f"<!-- generated: {name} -->\n\n{known[name]().strip()}\n\n<!-- end: {name} -->"

    filled, count = BLOCK.subn(fill, text)
    if len(OPENING.findall(text)) != 2 * count:
        raise DocumentError("a block is opened and not closed, or closed and not opened")
    return filled


def blocks_in(text: str) -> list[str]:
    """Names of the generated blocks of a document, in order."""
    return [found["name"] for found in BLOCK.finditer(text)]


def lacking(text: str) -> list[str]:
    """Blocks that docs/odd.md ought to hold and does not."""
    held = blocks_in(text)
    return [name for name in generators() if name not in held and name not in SCORES]


def stale(root: Path = ROOT) -> list[Path]:
    """Documents whose generated parts differ from what the model declares now."""
    return [path for path, text in _fresh(root) if _held(root / path) != text]


def write(root: Path = ROOT) -> list[Path]:
    """Fill all blocks; returns the documents that changed."""
    changed = [(path, text) for path, text in _fresh(root) if _held(root / path) != text]
    for path, text in changed:
        (root / path).write_text(text, encoding="utf-8")
    return [path for path, _ in changed]


def _held(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _fresh(root: Path) -> Iterator[tuple[Path, str]]:
    """Every document as it ought to be."""
    yield from ((path, rewritten(_held(root / path))) for path in DOCUMENTS)
    yield from ((path, page()) for path, page in WHOLE.items())


def main(words: Sequence[str]) -> int:
    """Write the documents, or with ``--check`` say which are out of date."""
    missing = lacking((ROOT / ODD).read_text(encoding="utf-8"))
    if missing:
        raise DocumentError(f"{ODD} has no place for: {', '.join(missing)}")
    checking = "--check" in words
    changed = stale() if checking else write()
    for path in changed:
        console.say(f"{path}: {'out of date' if checking else 'written'}")
    if not changed:
        console.say("the documents agree with the declarations")
    return 1 if checking and changed else 0


def _rule(prefix: str) -> Callable[[], str]:
    return lambda: rule(prefix)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except DocumentError as error:
        sys.exit(f"{ODD.parent}: {error}")
