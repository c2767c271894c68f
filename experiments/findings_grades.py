"""What may be said of a mechanism in a region when several models were asked, and how firmly.

Every model gives a paired difference with a 95 % interval; it says *better* or *worse* where the
interval excludes zero, else nothing. Models have luck of their own (other seeds), so that without
any effect each says *better* with the same small probability, whatever the others say: 0.025 by
the level, and 0.02 to 0.044 in simulations of 30 to 100 pairs, the most where differences have
heavy tails. A page of C findings and M models holds C M intervals, so that a word of one model is
no evidence. A side is **proved**

    by many   k models say it; k: the fewest with  2 C P(Binomial(M, 0.045) >= k) < 1
    by one    the interval of a model, stretched s times about its difference, excludes zero;
              s = t(1 - 1 / (4 C M)) / t(0.975), Student's t with pairs - 1 degrees of freedom

By either way fewer than one side of the whole page is proved by luck (under 1 and under 1/2 where
nothing has an effect). The verdict, the first that fits:

    nothing    all intervals lie within 2 % of the mean without it, whatever their sign
    depends    both sides are proved: the sign hangs on the model. Where one side is true under all
               models but some without any effect, fewer than 3/4 of a page are called so by luck
    helps      some models say better; none says worse, or only better is proved
               (backfires: the reverse)
    nothing    no side is left, and all intervals lie within 10 % of the mean without it
    untold     no side is left, and some interval is wider: the runs cannot tell

No side is left where no model says either, or where both are said and none is proved (with 9
models up to one finding in 9 is clear with both signs by luck). Confidence is *firm* where all
models say it, *likely* where at least k do, else a *hint*; a hint, too, where any model says the
opposite, be it by luck. With too few models for k everything is a hint.

*Nothing* asks for 30 pairs in every model, since a few pairs that do not differ prove nothing, and
for an outcome that there is without it. An interval without width (no pair of n differs) or that
ends at zero (a handful do) knows nothing of histories it has not met: by the rule of three up to
3 / n of them may differ, and the interval is taken to reach as far as if they did by as much as the
mean without. Intervals of few pairs are wide enough by themselves: percentiles of the bootstrap are
stretched as Student's t asks (`analysis.intervals.expanded_tail`), and a yes or no of which fewer
than 30 pairs differ has an adjusted Wald interval.

Models that ship differ in what the targets cannot tell (fits, rival structures) and in one doubtful
assumption; they are no sample of all models, so that *firm* means firm within this model family. An
outcome that counts events is heard of in models in which 30 histories of both arms had any
(`analysis.scruples`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from analysis.intervals import rule_of_three
from analysis.scruples import EVENTS, NEEDED
from experiments.arms import FULL, NONE, WITHOUT
from experiments.mechanism_document import EFFECTS, OUTCOMES, WITHIN

DEFAULT = "default"
COUNTED = "crisis_resource"
LITTLE = 0.1  # of the mean without it: what is not clear and within this is called nothing
SLIGHT = 0.02  # the same of what is clear: many pairs make the smallest change clear
ONE_SIDE = 0.045  # the most that heavy tails make of the 0.025 below an end of an interval
TAIL = 0.025
FEWEST_PAIRS = 30  # in every model, for nothing to be said to change
HELPS, BACKFIRES, NOTHING, DEPENDS, UNTOLD = "helps", "backfires", "nothing", "depends", "untold"
FIRM, LIKELY, HINT = "firm", "likely", "hint"


class Bars(NamedTuple):
    """What proves a side on a page: so many models, or one interval stretched so many times."""

    agree: int
    stretch: float


class Said(NamedTuple):
    """What one model says of one effect. ``enough``: it saw enough events to be heard."""

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

    def proves(self, stretch: float) -> bool:
        """True where even the stretched interval (its longer half on both sides) excludes zero."""
        half = max(self.difference - self.lo, self.hi - self.difference)
        return self.sign != 0 and abs(self.difference) > stretch * half


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
    side: int  # of the verdict: +1 higher, -1 lower; 0: of no verdict, or of both

    @property
    def shown(self) -> Said:
        """The numbers that stand for it: of the model in the middle of all that are heard.

        The lower median of the changes as shares of the mean without it (as they are where one of
        these is zero); the first where several have it. Models are not chosen for being clear,
        which would overstate what only some see; nor for being the default, which may see nothing.
        """
        whole = all(one.without for one in self.heard)
        size = [one.difference / (one.without if whole else 1.0) for one in self.heard]
        return self.heard[size.index(sorted(size)[(len(size) - 1) // 2])]

    def say(self, sign: int) -> list[str]:
        """Models that say so."""
        return [one.model for one in self.heard if one.sign == sign]

    @property
    def contradicted(self) -> bool:
        """Clear with both signs, and yet not more than luck would do."""
        return self.verdict != DEPENDS and bool(self.say(1) and self.say(-1))


def counted() -> list[str]:
    """Outcomes of the page that count or flag events, by their declaration."""
    from sim.outcomes import OUTCOMES as DECLARED

    return [key for key in OUTCOMES if DECLARED[key].kind in EVENTS]


def findings(stored: Mapping[str, Any], better: Mapping[str, str]) -> list[Finding]:
    """Every finding of a store; ``better``: lower or higher, by outcome that is judged."""
    places = list(_places(stored, better))
    bars = bars_of(len(places), len(stored["found"]), stored["seeds"])
    found = [_graded(stored, place, better[place[3]], bars) for place in places]
    few = stored["seeds"] < FEWEST_PAIRS
    return [f._replace(verdict=UNTOLD) if few and f.verdict == NOTHING else f for f in found]


def bars_of(findings_in_all: int, models: int, pairs: int) -> Bars:
    """What proves a side among so many findings and models, from so many pairs in each."""
    from scipy.stats import t

    if pairs < 2:
        return Bars(models + 1, math.inf)
    far = float(t.isf(1.0 / (4.0 * findings_in_all * models), pairs - 1))
    return Bars(agreeing(findings_in_all, models), far / float(t.isf(TAIL, pairs - 1)))


def agreeing(findings_in_all: int, models: int) -> int:
    """How many models must agree for less than one finding of all to be luck."""
    for k in range(1, models + 1):
        if 2 * findings_in_all * _at_least(k, models) < 1.0:
            return k
    return models + 1


def by_luck(findings_in_all: int, models: int) -> tuple[float, float]:
    """Findings that are clear on one side only, and on both, where nothing has any effect."""
    silent = (1 - 2 * ONE_SIDE) ** models
    both = 1 - 2 * (1 - ONE_SIDE) ** models + silent
    return findings_in_all * (1 - silent - both), findings_in_all * both


def _at_least(k: int, n: int) -> float:
    """P(Binomial(n, 0.045) >= k)."""
    return sum(math.comb(n, i) * ONE_SIDE**i * (1 - ONE_SIDE) ** (n - i) for i in range(k, n + 1))


Spot = tuple[str, str, str, str]  # region, comparison, arm, outcome


def _places(stored: Mapping[str, Any], better: Mapping[str, str]) -> Iterator[Spot]:
    first = next(iter(stored["found"].values()))
    for region, said in first.items():
        for comparison in (EFFECTS, WITHIN):
            for arm in said[comparison]:
                yield from ((region, comparison, arm, outcome) for outcome in better)


def _graded(stored: Mapping[str, Any], place: Spot, better: str, bars: Bars) -> Finding:
    pairs = stored["seeds"]
    said = [_said(held, model, place, pairs) for model, held in stored["found"].items()]
    heard = tuple(one for one in said if one.enough)
    verdict, side = _verdict(heard, better, bars)
    confidence = _confidence(heard, side, len(said), bars.agree) if side else ""
    return Finding(*place, verdict, confidence, heard, len(said), side)


def _said(held: Mapping[str, Any], model: str, place: Spot, pairs: int) -> Said:
    region, comparison, arm, outcome = place
    difference, lo, hi, without = held[region][comparison][arm][outcome]
    if 0.0 in {lo, hi}:
        reach = rule_of_three(pairs) * abs(without)
        lo, hi = min(lo, -reach), max(hi, reach)
    sides = (NONE, arm) if comparison == EFFECTS else (WITHOUT + arm, FULL)
    seen = [held[region]["events"][side].get(outcome, NEEDED) for side in sides]
    return Said(model, difference, lo, hi, without, min(seen) >= NEEDED)


def _verdict(heard: Sequence[Said], better: str, bars: Bars) -> tuple[str, int]:
    """The verdict and its side; the rules stand at the head of this file."""
    if _within(heard, SLIGHT):
        return NOTHING, 0
    said = [side for side in (1, -1) if any(one.sign == side for one in heard)]
    proved = [side for side in said if _proved(heard, side, bars)]
    if len(proved) == 2:
        return DEPENDS, 0
    left = said if len(said) == 1 else proved
    if left:
        return (HELPS if left[0] == (-1 if better == "lower" else 1) else BACKFIRES), left[0]
    return (NOTHING if _within(heard, LITTLE) else UNTOLD), 0


def _proved(heard: Sequence[Said], side: int, bars: Bars) -> bool:
    own = [one for one in heard if one.sign == side]
    return len(own) >= bars.agree or any(one.proves(bars.stretch) for one in own)


def _confidence(heard: Sequence[Said], side: int, models: int, needed: int) -> str:
    signs = [one.sign for one in heard]
    agree = signs.count(side)
    if agree < needed or -side in signs:
        return HINT
    return FIRM if agree == models else LIKELY


def _within(heard: Sequence[Said], share: float) -> bool:
    """True where every interval lies within a share of the mean without it, which is not zero."""
    return bool(heard) and all(
        one.without != 0.0 and max(abs(one.lo), abs(one.hi)) <= share * abs(one.without)
        for one in heard
    )
