"""Which pairs of towns saw violence most often, as far as the histories tell them apart.

Pairs share their histories: a pair is compared with the highest one by the exact sign test of the
histories in which only one of the two came to violence (McNemar), with Holm's steps over all pairs
compared. Others that are not told apart from it are named or counted beside it; where they are
most of all pairs, all that saw any, or pairs that saw none, who is highest is not known.
Source: McNemar (1947), doi:10.1007/BF02295996; Holm (1979), https://www.jstor.org/stable/4615733.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis import words
from analysis.intervals import LEVEL, sign_test
from analysis.language import marked, say
from analysis.many_rows import holm
from analysis.study import Arm

MOST_NAMED = 2  # other pairs by name
ONLY = marked("With {arm}, only {dyad} of {pairs} came to violence ({share} histories)")
ONE = marked(
    "With {arm}, violence came most often to {dyad} ({share} histories), at least once to {number} "
    "of {pairs}"
)
SOME = marked(
    "With {arm}, violence came most often to {dyad} ({share} histories), not known to differ from "
    "{others}; at least once to {number} of {pairs}"
)
MANY = marked(
    "With {arm}, violence came most often to {dyad} ({share} histories), not known to differ from "
    "{group} others; at least once to {number} of {pairs}"
)
UNKNOWN = marked(
    "With {arm}, which pair saw violence most often is not known: at least once it came to "
    "{number} of {pairs}, to none in more than {share} histories"
)
ALIKE = marked(
    "Pairs are not known to differ where the histories in which only one of the two saw violence "
    "are split so evenly that luck may do it (exact test, 5 %, corrected for all pairs compared)."
)


def not_told_apart(reached: NDArray[np.bool_]) -> list[int]:
    """The highest pair and those not told apart from it, highest first, of [history, pair]."""
    number = reached.sum(axis=0)
    first, *rest = (int(k) for k in np.argsort(-number, kind="stable"))
    p = np.array([
        sign_test(int((reached[:, first] & ~reached[:, k]).sum()),
                  int((~reached[:, first] & reached[:, k]).sum()))
        for k in rest
    ])  # fmt: skip
    alike = holm(p) > 1 - LEVEL if rest else p
    return [first, *(k for k, own in zip(rest, alike, strict=True) if own)]


def title(arm: Arm, dyads: Sequence[str], reached: NDArray[np.bool_]) -> str:
    """The finding of the map, of which pair came to violence in which history [history, pair]."""
    share = reached.mean(axis=0)
    spread = int((share > 0).sum())
    if not spread:
        return say("With {arm}, no pair of towns came to violence in any history", arm=arm.label)
    first, *others = not_told_apart(reached)
    told = [say("{pair} ({share})", pair=dyads[k], share=words.in_100(float(share[k])))
            for k in others]  # fmt: skip
    return say(
        ONLY if spread == 1 else _message(others, share), arm=arm.label, dyad=dyads[first],
        others=words.listing(told), group=words.plain(len(others), 0),
        share=words.in_100(float(share[first])), number=words.plain(spread, 0),
        pairs=words.count(len(dyads), "pair"),
    )  # fmt: skip


def _message(others: Sequence[int], share: NDArray[np.float64]) -> str:
    """What may be said of the highest pair, beside those that are not told apart from it."""
    if not others:
        return ONE
    spread = int((share > 0).sum())
    if min(share[k] for k in others) == 0 or len(others) + 1 in {spread, share.size}:
        return UNKNOWN
    if 2 * (len(others) + 1) > share.size:
        return UNKNOWN
    return SOME if len(others) <= MOST_NAMED else MANY
