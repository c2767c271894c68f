"""Which pairs of towns saw violence most often, as far as the histories tell them apart.

Pairs share their histories: a pair is compared with the highest one by the exact sign test of the
histories in which only one of the two came to violence (McNemar), with Holm's steps over all pairs
compared. Those that are not told apart from the highest are named together, or counted; where they
are most of all pairs, or all that saw any, nothing is known of who is highest, and this is said.
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

MOST_NAMED = 3  # pairs by name
ONE = marked(
    "With {arm}, violence came most often to {dyad} ({share} histories), at least once to {number} "
    "of {pairs}"
)
SOME = marked(
    "With {arm}, violence came most often to {dyad} ({low} to {share} histories), not known to "
    "differ; at least once to {number} of {pairs}"
)
MANY = marked(
    "With {arm}, violence came most often to {group} of {pairs} ({low} to {share} histories), not "
    "known to differ; at least once to {number}"
)
UNKNOWN = marked(
    "With {arm}, which pair saw violence most often is not known: at least once it came to "
    "{number} of {pairs}, to each of these in {low} to {share} histories"
)
ALIKE = marked(
    "Pairs are not known to differ where the histories in which only one of the two saw violence "
    "are split so evenly that luck may do it (exact test, 5 %, corrected for all pairs compared)."
)


def not_told_apart(reached: NDArray[np.bool_]) -> list[int]:
    """The highest pair and those not told apart from it, highest first, of [history, pair]."""
    number = reached.sum(axis=0)
    order = np.argsort(-number, kind="stable")
    first, rest = int(order[0]), [int(k) for k in order[1:]]
    if not rest:
        return [first]
    p = np.array([
        sign_test(int((reached[:, first] & ~reached[:, k]).sum()),
                  int((~reached[:, first] & reached[:, k]).sum()))
        for k in rest
    ])  # fmt: skip
    apart = holm(p) <= 1 - LEVEL
    return [first, *(k for k, own in zip(rest, apart, strict=True) if number[k] and not own)]


def title(arm: Arm, dyads: Sequence[str], reached: NDArray[np.bool_]) -> str:
    """The finding of the map, of which pair came to violence in which history [history, pair]."""
    share = reached.mean(axis=0)
    spread = int((share > 0).sum())
    if not spread:
        return say("With {arm}, no pair of towns came to violence in any history", arm=arm.label)
    group = not_told_apart(reached)
    unknown = len(group) > 1 and (2 * len(group) > len(dyads) or len(group) == spread)
    if unknown:
        group = [int(k) for k in np.argsort(-share, kind="stable")[:spread]]
    message = (UNKNOWN if unknown else ONE if len(group) == 1
               else SOME if len(group) <= MOST_NAMED else MANY)  # fmt: skip
    return say(
        message, arm=arm.label, dyad=words.listing([dyads[k] for k in group]),
        group=words.plain(len(group), 0), share=words.in_100(float(share[group[0]])),
        low=words.plain(100 * float(share[group[-1]]), 0), number=words.plain(spread, 0),
        pairs=words.count(len(dyads), "pair"),
    )  # fmt: skip
