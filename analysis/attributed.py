"""Effects of every mechanism of a package: alone, within the package, and its Shapley share.

===========  ====================================  ================================================
column       compared                              says
===========  ====================================  ================================================
package      the package minus none                what all of them do together
alone        {m} minus none                        what m does where nothing else is there
removed      the package minus the package less m  what would be missed if m were dropped
share        see `analysis.attribution`            what m contributes, over all orders of joining
===========  ====================================  ================================================

All are differences within pairs of runs with the same seed. In one scene with one point intervals
are those of a comparison (paired bootstrap, `analysis.effects`); over several points or fits points
and seeds are crossed clusters (`analysis.crossed`): the fits are all there is, the seeds a sample.
What fits say together, and which of them may speak: `analysis.attributed_fits`. A number gets a
word only with an interval, and where nothing speaks against it: see `Line.verdict`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.attributed_fits import Own, too_silent, turns
from analysis.attributed_scenes import Scene, Stage
from analysis.attribution import NONE, Floats, Members, Shares, shares
from analysis.crossed import Design
from analysis.effects import (
    FEW_DISCORDANT,
    IDENTICAL,
    NONE_SEEN,
    ROUNDING,
    UNDEFINED,
    WIDENED,
    Effect,
    paired_effect,
)
from analysis.intervals import LEVEL, bootstrap_intervals, rule_of_three, sign_test
from analysis.power import detectable
from analysis.scruples import scruple, shared_scruple
from analysis.study import Outcome
from analysis.sweep_effects import clustered_effect

PACKAGE, ALONE, REMOVED, SHARE = "package", "alone", "removed", "share"
HELPS, NOTHING_SEEN, BACKFIRES, UNKNOWN = "helps", "no effect seen", "backfires", "unknown"
SHARED = "orders and seeds, each with its own Student's t"
ALL_FITS = ""
Pair = tuple[Members, Members]  # compared with, and compared


class Line(NamedTuple):
    """One number with everything that is said of it. ``fit``: empty for all fits together.

    ``holds``: fits whose own interval says the same, of ``fits`` that may speak; ``silent``: the
    others, joined by commas. ``order_error``: standard error from the sampling of orders alone;
    ``orders_needed``: orders with which it is no more than that of the seeds (0: these are enough).
    ``detectable``: smallest effect seen with 80 % power.
    """

    column: str
    mechanism: str  # empty for the package
    outcome: str
    group: str
    fit: str
    n: int
    reference_mean: float
    difference: float
    lo: float
    hi: float
    method: str
    worse: float
    variance_reduction: float
    detectable: float
    order_error: float
    orders_needed: int
    verdict: str
    reason: str
    holds: int
    fits: int
    silent: str

    @property
    def sign(self) -> int:
        """+1 or -1 where a word may be given and the interval excludes zero, else 0."""
        if self.reason or math.isnan(self.lo):
            return 0
        return int(self.lo > 0) - int(self.hi < 0)


class Answer(NamedTuple):
    """A line, and what it is the mean of: changes [point or orders, seed] with their design."""

    line: Line
    change: Floats
    design: Design


def lines(found: Stage) -> list[Line]:
    """Every number of a folder: each fit by itself, and all fits of a group together."""
    told: list[Line] = []
    for group in found.groups:
        scenes = found.of(group)
        for key, outcome in found.outcomes.items():
            each = [_of_scenes(found, [scene], key, outcome) for scene in scenes]
            if len(each) == 1:
                told += [one.line._replace(holds=int(one.line.verdict != UNKNOWN))
                         for one in each[0]]  # fmt: skip
                continue
            told += _together(found, scenes, each, (key, outcome))
            told += [one.line for own in each for one in own]
    return told


def frame(told: Sequence[Line]) -> pd.DataFrame:
    """The lines as a tidy table."""
    return pd.DataFrame([line._asdict() for line in told], columns=list(Line._fields))


def word(outcome: Outcome, lo: float, hi: float) -> str:
    """What an interval says: helps, backfires (rises, falls), no effect seen, or unknown."""
    if math.isnan(lo) or math.isnan(hi):
        return UNKNOWN
    if lo <= 0 <= hi:
        return NOTHING_SEEN
    if outcome.bad_sign == 0:
        return "rises" if lo > 0 else "falls"
    return BACKFIRES if (lo > 0) == (outcome.bad_sign > 0) else HELPS


def comparisons(found: Stage) -> dict[tuple[str, str], Pair]:
    """Which bundles each number compares, by (column, mechanism); shares apart."""
    whole = frozenset(found.package)
    pairs = {(PACKAGE, ""): (NONE, whole)}
    pairs |= {(ALONE, name): (NONE, frozenset({name})) for name in found.labels}
    pairs |= {(REMOVED, name): (whole - {name}, whole) for name in found.package}
    return pairs


def held(found: Stage) -> dict[tuple[str, str], Pair]:
    """Those comparisons of which the folder holds both arms."""
    there = found.scenes[0].bundles
    return {name: pair for name, pair in comparisons(found).items()
            if there.keys() >= set(pair)}  # fmt: skip


def _together(
    found: Stage, scenes: Sequence[Scene], each: Sequence[Sequence[Answer]],
    asked: tuple[str, Outcome],
) -> Iterator[Line]:  # fmt: skip
    """All fits together: each number over the fits that may speak of it."""
    made = {(True,) * len(scenes): _of_scenes(found, scenes, *asked)}
    for place, own in enumerate(zip(*each, strict=True)):
        speak = tuple(not one.line.reason for one in own)
        if any(speak) and speak not in made:
            some = [scenes[k] for k, may in enumerate(speak) if may]
            made[speak] = _of_scenes(found, some, *asked)
        whole = made[(True,) * len(scenes)][place].line
        silent = ", ".join(one.line.fit for one in own if one.line.reason)
        line = made[speak][place].line if any(speak) and not whole.reason else whole
        yield _over_fits(line._replace(fit=ALL_FITS, silent=silent), own, asked[1])


def _of_scenes(
    found: Stage, scenes: Sequence[Scene], key: str, outcome: Outcome
) -> list[Answer]:
    """One outcome of one scene, or of several fits together."""
    head = (key, scenes[0].group, scenes[0].fit if len(scenes) == 1 else ALL_FITS)
    return [*_paired(found, scenes, outcome, head), *_shared(found, scenes, outcome, head)]


def _paired(
    found: Stage, scenes: Sequence[Scene], outcome: Outcome, head: tuple[str, str, str]
) -> Iterator[Answer]:
    pairs = held(found)
    places = scenes[0].bundles
    at = {name: (places[a], places[b]) for name, (a, b) in pairs.items()}
    own = np.concatenate([scene.table(head[0]) for scene in scenes])  # [fit and point, seed, arm]
    status = np.concatenate([scene.status for scene in scenes])
    design = stacked(scenes)
    effects = paired_effects(own, at, outcome, design)
    for (column, name), effect in effects.items():
        first, second = at[column, name]
        ends = status[..., first], status[..., second]
        reason = scruple(outcome, own[..., first], own[..., second], ends)
        gain = (effect.variance_reduction if len(own) == 1
                else gain_within(own[..., first], own[..., second]))  # fmt: skip
        line = Line(
            column, name, *head, effect.n, effect.reference_mean, effect.difference, effect.lo,
            effect.hi, effect.method, effect.worse, gain, detectable(effect.lo, effect.hi), 0.0, 0,
            UNKNOWN if reason else word(outcome, effect.lo, effect.hi), reason, 0, 1, "",
        )  # fmt: skip
        yield Answer(line, own[..., second] - own[..., first], design)


def gain_within(a: Floats, b: Floats) -> float:
    """Variance without pairing over that with it, within points and fits [point, seed].

    What points and fits differ by among themselves is not luck, and no gain of pairing.
    """
    there = ~(np.isnan(a) | np.isnan(b))
    parts = np.zeros(2)
    for row in np.flatnonzero(there.sum(axis=1) > 1):
        x, y = a[row, there[row]], b[row, there[row]]
        parts += (x.var(ddof=1) + y.var(ddof=1), (y - x).var(ddof=1))
    apart, together = parts.tolist()
    return apart / together if together > ROUNDING * apart else math.nan


def stacked(scenes: Sequence[Scene]) -> Design:
    """The design of the points of several fits one under the other: the fits are all there is."""
    one = scenes[0].design
    return Design(np.tile(one.block, len(scenes)), one.sampled)


def paired_effects(
    own: Floats, at: dict[tuple[str, str], tuple[int, int]], outcome: Outcome, design: Design
) -> dict[tuple[str, str], Effect]:
    """Paired effects of values [point, seed, arm] by what is compared: places of two arms."""
    if own.shape[0] > 1:
        return {name: clustered_effect(name[1], outcome, own[:, :, a], own[:, :, b], design)
                for name, (a, b) in at.items()}  # fmt: skip
    changes = np.stack([own[0, :, b] - own[0, :, a] for a, b in at.values()], axis=1) if at \
        else np.zeros((own.shape[1], 0))  # fmt: skip
    lo, hi = bootstrap_intervals(changes)
    return {
        name: paired_effect(name[1], outcome, own[0, :, a], own[0, :, b],
                            (float(lo[i]), float(hi[i])))
        for i, (name, (a, b)) in enumerate(at.items())
    }  # fmt: skip


def _shared(
    found: Stage, scenes: Sequence[Scene], outcome: Outcome, head: tuple[str, str, str]
) -> Iterator[Answer]:
    """Shapley shares; means over points and fits, with seeds that have all of them."""
    places = scenes[0].bundles
    own = np.concatenate([scene.table(head[0]) for scene in scenes])
    status = np.concatenate([scene.status for scene in scenes])
    package = frozenset(found.package)
    values = {bundle: own[:, :, place].mean(axis=0) for bundle, place in places.items()
              if bundle <= package}  # fmt: skip
    result = shares(found.package, values, found.orders, found.order_seed)
    if result is None or package not in places:
        return
    ends = own[..., places[NONE]], own[..., places[package]]
    inside = [place for bundle, place in places.items() if bundle <= package]
    reason = shared_scruple(outcome, *ends, status[..., inside], result.there) or result.too_few
    for i, name in enumerate(result.players):
        change = np.full((result.contributions.shape[1], result.there.size), np.nan)
        change[:, result.there] = result.contributions[i]
        line = _share(result, i, outcome, (SHARE, name, *head), reason)
        yield Answer(line, change, result.design)


def _share(
    result: Shares, player: int, outcome: Outcome, head: tuple[str, str, str, str, str],
    reason: str,
) -> Line:  # fmt: skip
    """One share. Where no contribution differs from zero it is zero, as for a comparison."""
    told = result.contributions[player]
    mean, lo, hi = (result.estimate(player)[i] for i in (1, 2, 3))
    seeds, method = told.shape[1], SHARED
    if seeds < 2:
        method = UNDEFINED
    elif not told.any():
        bound = rule_of_three(seeds) if outcome.is_probability else 0.0
        mean, lo, hi = 0.0, -bound, bound
        method = NONE_SEEN if outcome.is_probability else IDENTICAL
    elif _few(told.mean(axis=0)):
        lo, hi, method = min(lo, 0.0), max(hi, 0.0), WIDENED
    worse = (float((told.mean(axis=0) * outcome.bad_sign > 0).mean())
             if outcome.bad_sign and seeds else math.nan)  # fmt: skip
    errors = (result.order_error(player), result.orders_needed(player)) if seeds else (math.nan, 0)
    return Line(
        *head, seeds, math.nan, mean, lo, hi, method, worse, math.nan, detectable(lo, hi), *errors,
        UNKNOWN if reason else word(outcome, lo, hi), reason, 0, 1, "",
    )  # fmt: skip


def _few(by_seed: Floats) -> bool:
    """True where few seeds have a share and their signs do not tell: the rule of a comparison."""
    fell, rose = int((by_seed < 0).sum()), int((by_seed > 0).sum())
    return fell + rose < FEW_DISCORDANT and sign_test(fell, rose) > 1 - LEVEL


def _over_fits(line: Line, own: Sequence[Answer], outcome: Outcome) -> Line:
    """The verdict on all fits together, and how many of those that speak say so by themselves."""
    speaking = [Own(line.fit, line.difference, line.sign, change, design)
                for line, change, design in own if not line.reason]  # fmt: skip
    why = {one.line.fit: one.line.reason for one in own if one.line.reason}
    reason = line.reason or too_silent(why, len(own)) or turns(speaking)
    if reason:
        return line._replace(verdict=UNKNOWN, reason=reason, fits=len(speaking))
    told = word(outcome, line.lo, line.hi)
    holds = sum(one.line.verdict == told for one in own if told != UNKNOWN)
    return line._replace(verdict=told, holds=holds, fits=len(speaking))
