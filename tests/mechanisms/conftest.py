"""What a mechanism does in the whole model takes many histories: slow, all but how they combine."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of the single mechanisms as slow."""
    for item in items:
        if item.path.parent == HERE and item.path.stem != "test_compose":
            item.add_marker(pytest.mark.slow)
