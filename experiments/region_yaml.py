"""Region files as plain values with the line of every key; a mistake is told as of a region."""

from __future__ import annotations

from pathlib import Path

from experiments.exits import UsageError
from experiments.yaml_lines import Document, read_document
from sim.region import RegionError

__all__ = ["Document", "read_yaml"]


def read_yaml(path: Path, shown: str) -> Document:
    """Values and lines of a file; ``shown`` is how messages call it. Raises RegionError."""
    try:
        document = read_document(path, shown)
    except UsageError as error:
        raise RegionError(error.messages) from None
    if not isinstance(document.value, dict):
        raise RegionError(
            [f"{shown}: a region file needs keys at its left edge, like 'name: ...'."]
        )
    return document
