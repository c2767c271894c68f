"""What may be said of a mechanism in a region when several models were asked, and how firmly.

Every model gives a paired difference with a 95 % interval; it says *better* or *worse* where the
interval excludes zero, else nothing. Models have luck of their own (other seeds), so that without
any effect each says *better* with probability 0.025, whatever the others say. Over C findings,

    k   the fewest models with  2 C P(Binomial(models, 0.025) >= k) < 1

is how many must agree for less than one finding of them all to be luck; with too few models for
that, everything is a hint. The verdict:

    depends    some models say better, others worse: the sign is not known
    helps      none says worse and some say better (backfires: the reverse)
    nothing    all intervals lie within 2 % of the mean without it, whatever their sign; or none
               says either, and all lie within 10 %
    untold     none says either, and some interval is wider: the runs cannot tell

*Nothing* asks for 30 pairs in every model, since a few pairs that do not differ prove nothing, and
for an outcome that there is without it. Confidence is *firm* where all models say it, *likely*
where at least k do, else a *hint*.

Models that ship differ in what the targets cannot tell (fits, rival structures) and in one doubtful
assumption; they are no sample of all models, so that *firm* means firm within this model family. A
crisis counts only in models in which both arms saw at least 30 (`analysis.headline`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from analysis.headline import NEEDED
from experiments.arms import FULL, NONE, WITHOUT
from experiments.mechanism_document import EFFECTS, WITHIN

DEFAULT = "default"
COUNTED = "crisis_resource"
LITTLE = 0.1  # of the mean without it: what is not clear and within this is called nothing
SLIGHT = 0.02  # the same of what is clear: many pairs make the smallest change clear
ONE_SIDE = 0.025
FEWEST_PAIRS = 30  # in every model, for nothing to be said to change
HELPS, BACKFIRES, NOTHING, DEPENDS, UNTOLD = "helps", "backfires", "nothing", "depends", "untold"
FIRM, LIKELY, HINT = "firm", "likely", "hint"


class Said(NamedTuple):
    """What one model says of one effect. ``enough``: it saw enough crises to be heard."""

    model: str
    difference: float
    lo: float
    hi: float
    without: float
    enough: bool

    @property
    def sign(self) -> int:
        """-1 or +1 where the interval excludes zero, else 0."""
        return 1 if self.lo > 0.0 else -1 if self.hi < 0.0 else 0


class Finding(NamedTuple):
    """One mechanism (or bundle), one outcome, one comparison, in one region."""

    region: str
    comparison: str
    arm: str
    outcome: str
    verdict: str
    confidence: str
    heard: tuple[Said, ...]  # models with enough events; none: no verdict can be given
    models: int

    @property
    def shown(self) -> Said:
        """The numbers that stand for it: those of the defaults, where they are heard."""
        return next((one for one in self.heard if one.model == DEFAULT), self.heard[0])

    def say(self, sign: int) -> list[str]:
        """Models that say so."""
        return [one.model for one in self.heard if one.sign == sign]


def findings(stored: Mapping[str, Any], better: Mapping[str, str]) -> list[Finding]:
    """Every finding of a store; ``better``: lower or higher, by outcome that is judged."""
    places = list(_places(stored, better))
    needed = agreeing(len(places), len(stored["found"]))
    found = [_graded(stored, place, better[place[3]], needed) for place in places]
    few = stored["seeds"] < FEWEST_PAIRS
    return [f._replace(verdict=UNTOLD) if few and f.verdict == NOTHING else f for f in found]


def agreeing(findings_in_all: int, models: int) -> int:
    """How many models must agree for less than one finding of all to be luck."""
    for k in range(1, models + 1):
        if 2 * findings_in_all * _at_least(k, models) < 1.0:
            return k
    return models + 1


def _at_least(k: int, n: int) -> float:
    """P(Binomial(n, 0.025) >= k)."""
    return sum(
        math.comb(n, i) * ONE_SIDE**i * (1 - ONE_SIDE) ** (n - i) for i in range(k, n + 1)
    )


Spot = tuple[str, str, str, str]  # region, comparison, arm, outcome


def _places(stored: Mapping[str, Any], better: Mapping[str, str]) -> Iterator[Spot]:
    first = next(iter(stored["found"].values()))
    for region, said in first.items():
        for comparison in (EFFECTS, WITHIN):
            for arm in said[comparison]:
                yield from ((region, comparison, arm, outcome) for outcome in better)


def _graded(stored: Mapping[str, Any], place: Spot, better: str, needed: int) -> Finding:
    said = [_said(held, model, place) for model, held in stored["found"].items()]
    heard = tuple(one for one in said if one.enough)
    verdict = _verdict(heard, better)
    agree = 0 if verdict in {NOTHING, DEPENDS, UNTOLD} else sum(one.sign != 0 for one in heard)
    confidence = ""
    if agree:
        whole = agree == len(said) >= needed
        confidence = FIRM if whole else LIKELY if agree >= needed else HINT
    return Finding(*place, verdict, confidence, heard, len(said))


def _said(held: Mapping[str, Any], model: str, place: Spot) -> Said:
    region, comparison, arm, outcome = place
    difference, lo, hi, without = held[region][comparison][arm][outcome]
    sides = (NONE, arm) if comparison == EFFECTS else (WITHOUT + arm, FULL)
    counts = [held[region]["events"][side] for side in sides]
    return Said(model, difference, lo, hi, without, outcome != COUNTED or min(counts) >= NEEDED)


def _verdict(heard: Sequence[Said], better: str) -> str:
    if _within(heard, SLIGHT):
        return NOTHING
    signs = {one.sign for one in heard} - {0}
    if len(signs) == 2:
        return DEPENDS
    if signs:
        return HELPS if signs == {-1 if better == "lower" else 1} else BACKFIRES
    return NOTHING if _within(heard, LITTLE) else UNTOLD


def _within(heard: Sequence[Said], share: float) -> bool:
    """True where every interval lies within a share of the mean without it, which is not zero."""
    return bool(heard) and all(
        one.without != 0.0 and max(abs(one.lo), abs(one.hi)) <= share * abs(one.without)
        for one in heard
    )
