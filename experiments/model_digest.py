"""One hash over the whole model: what a run's identity says about the code that made it.

`sim._jit.kernel_digest` covers compiled sources; outcomes, synthetic regions and the reading of
region files are plain Python and move numbers just as well.
Hashed is the syntax of every file of ``sim``, without comments and docstrings, so that a corrected
word leaves studies valid.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import sim
from sim._sources import syntax_of


@cache
def model_digest() -> str:
    """64 hex digits over the model that is installed."""
    return digest_of_sources(Path(sim.__file__).parent)


def digest_of_sources(home: Path) -> str:
    """64 hex digits over the syntax of every Python file below a folder."""
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        digest.update(path.relative_to(home).as_posix().encode())
        digest.update(syntax_of(path).encode())
    return digest.hexdigest()
