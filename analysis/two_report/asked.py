"""What the page is made of: two studies as they are kept, and what their settings differ in.

The settings are compared where they are read; here they are plain words.
"""

from __future__ import annotations

from typing import NamedTuple

from analysis.study import Study

MOVES, ASKED, NOTHING = "moves", "asked", "nothing"
MODEL_CODE = "model code"  # key of the change of the model itself


class Changed(NamedTuple):
    """One setting that differs, in words. ``kind``: moves, asked or nothing.

    ``from_a`` and ``from_b``: who says so, where it is not the side itself; ``source``: of the
    declared number.
    """

    key: str
    label: str
    unit: str
    a: str
    b: str
    kind: str
    from_a: str = ""
    from_b: str = ""
    source: str = ""


class Asked(NamedTuple):
    """Two studies. ``names``: their folders as they were given; ``same_towns``: what draws luck.

    ``unlike``: why the same seed is other luck in B, in words; empty where it is the same.
    """

    names: tuple[str, str]
    studies: tuple[Study, Study]
    changes: tuple[Changed, ...]
    same_towns: bool
    unlike: str = ""

    def of(self, kind: str) -> list[Changed]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind == kind]
