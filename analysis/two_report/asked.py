"""What the page is made of: two studies as they are kept, and what their settings differ in.

The settings are compared where they are read; here they are plain words, in the language of the
context, and so are the studies.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from analysis import words
from analysis.language import marked, say
from analysis.study import Study

MOVES, ASKED, NOTHING = "moves", "asked", "nothing"
MODEL_CODE = "model code"  # key of the change of the model itself
STEPS = marked("a draw belongs to the number of its step, and B has steps of other length")
SPINUP = marked("a draw belongs to the number of its step, and B has another spin-up")
BOTH = marked("a draw belongs to the number of its step, and B has steps of other length and "
              "another spin-up")  # fmt: skip
DIGEST = marked("digest of the model in each folder's manifest")


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


def unlike_words(moved: Collection[str]) -> str:
    """Why the same seed draws other luck in B, of the keys that moved; empty where it does not."""
    steps, spinup = (key in moved for key in ("tick_weeks", "spinup_years"))
    if not (steps or spinup):
        return ""
    return say(BOTH if steps and spinup else STEPS if steps else SPINUP)


def border_words(study: Study) -> str:
    """A border as the value of a setting."""
    towns = words.count(len(study.region["municipalities"]), "town")
    return say("{region}, {towns}", region=study.region_label, towns=towns)


def region_words(names: Collection[str]) -> str:
    """The region files that a number comes from."""
    told = [say("region {name}", name=name) for name in dict.fromkeys(names)]
    return words.listing(told)
