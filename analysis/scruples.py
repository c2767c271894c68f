"""Why nothing is claimed: too few events, uneven failures, too few pairs. For every command.

The rules were fixed beforehand. They have no other home: the commands that answer questions to a
folder, the figures and both reports ask here, and say what they get.

Events. An outcome that counts or flags events (declared as a probability, a rate or a count, or the
time to a first event) gets a verdict or a headline where at least 30 histories of *every* arm that
it is about had any. Histories are counted within one model: the same seeds under several fits, or
in several frames, are the same luck and no more events, so that the number is asked of each
(`too_few` takes a row for each of them).

Failures. What makes a run fail may also make it a bad history: the runs that are left are a fair
sample only where failures are few and fall on all arms alike. They are held against an answer

- where they are *uneven*: under equal chances each of the t runs that failed of one point and seed
  is one of its k arms at random, so that an arm's failures are a sum of independent Bernoulli(t/k);
  the exact tail of the arm that is furthest from it, times the number of tails that were looked
  at, is below 5 %. For two arms this is the sign test;
- where they are *many*: more than one in twenty of the sets of runs that are compared lost one.

Values. An outcome that many histories do not define (a duration of disputes that never came, a
share of nothing) is compared among those that do, and whether one does hangs on what the arm did in
it. No verdict where more than one in twenty pairs of finished runs lack a value (`undefined`).

A headline is stricter: it is claimed of no study of which a run did not finish (`unfinished`).

Pairs. At least 10 complete ones of 10 seeds (points and sets share their seeds: many points of one
seed are one luck).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis import words
from analysis.censored import FIRST_TIMES
from analysis.intervals import LEVEL
from analysis.language import marked, say
from analysis.study import OK, Outcome, RunCounts, Study
from analysis.sweep_study import MISSING, Frame, Sweep

NEEDED = 30  # histories with any event, in each arm
FEWEST_PAIRS = 10
MOST_LOST = 0.05
EVENTS = frozenset({"probability", "rate", "count"})  # kinds of outcomes that count or flag events
MOST_NAMED = 3
PAIRS, SEEDS, RUNS = marked("pairs"), marked("seeds"), marked("runs")  # sets that are compared
SETS = marked("sets of runs, one of each arm,")
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]  # how runs ended: OK, MISSING, or how they failed


def counts_events(outcome: Outcome) -> bool:
    """True of an outcome that rests on events, by its declaration."""
    return outcome.kind in EVENTS or outcome.key in FIRST_TIMES


def with_any(outcome: Outcome, values: Floats) -> NDArray[np.int64]:
    """Histories with any event in every arm [arm], of values [..., arm] of one model.

    A time to a first event that did not come is the horizon, the largest of all values.
    """
    flat = values.reshape(-1, values.shape[-1])
    if outcome.key not in FIRST_TIMES:
        return np.asarray((flat > 0).sum(axis=0))
    horizon = np.where(np.isnan(flat), -np.inf, flat).max(initial=-np.inf)
    return np.asarray((flat < horizon).sum(axis=0))


def short(outcome: Outcome, *events: int) -> bool:
    """True where an outcome counts events and one of these numbers of histories is too small."""
    return counts_events(outcome) and min(events, default=NEEDED) < NEEDED


def too_few(
    outcome: Outcome, events: ArrayLike, histories: int, arms: Sequence[str] = ()
) -> str:
    """Why an outcome is too rare to be spoken of; empty where it is not.

    ``events``: histories with any, of ``histories`` in each arm [arm]; or [model, arm], for fits
    or frames that share their seeds. ``arms``: what they are called.
    """
    least = np.atleast_2d(np.asarray(events, dtype=np.int64)).min(axis=0)
    if not short(outcome, *least.tolist()):
        return ""
    rare = [int(k) for k in np.argsort(least, kind="stable") if least[k] < NEEDED]
    shown = rare[:MOST_NAMED]
    parts = [_had(int(least[k]), arms[k] if len(arms) else "",
                  histories if k == shown[0] else 0) for k in shown]  # fmt: skip
    if len(rare) > len(shown):
        parts.append(say("fewer than {needed} with {arms}", needed=NEEDED,
                         arms=words.count(len(rare) - len(shown), "more arm")))  # fmt: skip
    told = words.listing(parts)
    if least.size > 1:
        return say("too few events: {parts} had any, {needed} in each are needed",
                   parts=told, needed=NEEDED)  # fmt: skip
    return say("too few events: {parts} had any, {needed} are needed", parts=told, needed=NEEDED)


def _had(events: int, arm: str, histories: int) -> str:
    """How many had an event: of so many histories, with that arm, where these are given."""
    number = words.plain(events, 0)
    if not histories:
        return say("{number} with {arm}", number=number, arm=arm) if arm else number
    of = words.count(histories, "history", "histories")
    if not arm:
        return say("{number} of {histories}", number=number, histories=of)
    return say("{number} of {histories} with {arm}", number=number, histories=of, arm=arm)


def failed_cells(status: NDArray[np.int8]) -> Flags:
    """Which runs failed [cell, arm], of status [..., arm]; cells that are not whole yet left out.

    A cell holds the runs of one point and seed, one of each arm.
    """
    cells = status.reshape(-1, status.shape[-1])
    whole = cells[(cells != MISSING).all(axis=1)]
    return np.asarray(whole != OK, dtype=np.bool_)


def failed_of(stored: Study | Sweep, frame: Frame | None = None) -> Flags:
    """Which runs of a study, or of one frame of a sweep, failed [cell, arm]."""
    if isinstance(stored, Sweep):
        row = stored.row if frame is None else stored.row[frame.case]
        return failed_cells(stored.status[row])
    names = [arm.name for arm in stored.arms]
    table = stored.runs.pivot(index="seed", columns="arm", values="status").reindex(columns=names)
    return failed_cells(table.fillna(MISSING).to_numpy(dtype=np.int8))


def chance_of(failed: Flags) -> float:
    """Probability of failures so uneven over arms [cell, arm] if they fell on all arms alike."""
    cells = failed.reshape(-1, failed.shape[-1])
    arms = cells.shape[1]
    together = cells.sum(axis=1)
    together = together[(together > 0) & (together < arms)]
    if arms < 2 or not together.size:
        return 1.0
    share = together / arms
    angle = np.exp(2j * np.pi * np.arange(share.size + 1) / (share.size + 1))
    values, times = np.unique(share, return_counts=True)
    spectrum = np.prod([(1 - p + p * angle) ** n for p, n in zip(values, times, strict=True)],
                       axis=0)  # fmt: skip
    mass = np.clip(np.fft.fft(spectrum).real / (share.size + 1), 0.0, None)
    own = cells[(cells.any(axis=1)) & ~cells.all(axis=1)].sum(axis=0)
    tails = [min(mass[: n + 1].sum(), mass[n:].sum()) for n in own]
    looked_at = 2 if arms == 2 else 2 * arms
    return min(1.0, looked_at * float(min(tails)))


def uneven(failed: Flags, arms: Sequence[str] = ()) -> str:
    """Why failures [..., arm] that fall on some arms more than on others speak against them."""
    if chance_of(failed) >= 1 - LEVEL:
        return ""
    cells = failed.reshape(-1, failed.shape[-1])
    lost = cells.sum(axis=0)
    most, least = int(np.argmax(lost)), int(np.argmin(lost))
    names = (arms[most], arms[least]) if len(arms) else (say("one arm"), say("another"))
    return say("uneven failures: {most} of {runs} failed with {one}, {least} with {other}",
               most=words.plain(lost[most], 0), runs=words.count(len(cells), "run"),
               one=names[0], least=words.plain(lost[least], 0), other=names[1])  # fmt: skip


def too_many(lost: int, asked: int, what: str = PAIRS) -> str:
    """Why what is left may not be a fair sample; ``what``: the sets of runs that are compared."""
    if lost <= MOST_LOST * asked:
        return ""
    return say("failures: {lost} of {asked} {what} are lost", lost=words.plain(lost, 0),
               asked=words.plain(asked, 0), what=say(what))  # fmt: skip


def undefined(there: int, asked: int, what: str = PAIRS) -> str:
    """Why an outcome that too many finished runs do not define is not judged; empty where few."""
    if asked - there <= MOST_LOST * asked:
        return ""
    return say("undefined in {lost} of {asked} {what}: those that are left are chosen by what "
               "happened in them", lost=words.plain(asked - there, 0),
               asked=words.plain(asked, 0), what=say(what))  # fmt: skip


def failures(failed: Flags, arms: Sequence[str] = ()) -> str:
    """Why failed runs [..., arm] speak against comparing these arms; empty where they do not."""
    cells = failed.reshape(-1, failed.shape[-1])
    what = {1: RUNS, 2: PAIRS}.get(cells.shape[1], SETS)
    return uneven(cells, arms) or too_many(int(cells.any(axis=1).sum()), len(cells), what)


def unfinished(counts: RunCounts, *, complete: bool) -> str:
    """Why no headline is claimed of runs of which some did not finish; empty where all did."""
    lost = counts.failed + (counts.aborted if complete else 0)
    if not lost:
        return ""
    return say("{runs} of {launched} did not finish, so the runs that are left may not be a fair "
               "sample", runs=words.count(lost, "run"), launched=words.plain(counts.launched, 0))


def flags(stored: Study | Sweep) -> tuple[str, ...]:
    """What is to be said of a study beside any number: runs that failed, and runs not there yet."""
    return tuple(text for text in (lost_words(stored), not_whole(stored.counts)) if text)


def lost_words(stored: Study | Sweep) -> str:
    """How many runs failed and whether that speaks against the rest; empty where none did."""
    counts = stored.counts
    if not counts.failed:
        return ""
    odd = failures(failed_of(stored), [arm.label for arm in stored.arms])
    told = say(" {reason}: what is left may not be a fair sample.",
               reason=words.upper_first(odd)) if odd else ""  # fmt: skip
    return say("{runs} of {launched} failed; no number stands for their pairs.",
               runs=words.count(counts.failed, "run"),
               launched=words.plain(counts.launched, 0)) + told  # fmt: skip


def not_whole(counts: RunCounts) -> str:
    """What is still missing of a study that was broken off; empty when it is whole."""
    rest = counts.aborted + counts.pending
    if not rest:
        return ""
    return say("The study is not whole: {there} of {runs} are in, and only complete pairs are "
               "used.", there=words.plain(counts.launched - rest, 0),
               runs=words.count(counts.launched, "run"))  # fmt: skip


def scruple(
    outcome: Outcome, a: Floats, b: Floats, status: tuple[Codes, Codes], arms: Sequence[str] = ()
) -> str:
    """Why nothing may be said of ``b`` minus ``a`` [..., seed]; empty when it may.

    ``status`` [..., seed]: how the runs of both ended.
    """
    there = ~(np.isnan(a) | np.isnan(b))
    n, seeds = int(there.sum()), int(there.reshape(-1, there.shape[-1]).any(axis=0).sum())
    if n < FEWEST_PAIRS:
        return say("only {pairs}, {needed} are needed", pairs=words.count(n, "complete pair"),
                   needed=FEWEST_PAIRS)  # fmt: skip
    if seeds < FEWEST_PAIRS:
        return say("{number} pairs of only {seeds}, {needed} seeds are needed", number=n,
                   seeds=words.count(seeds, "seed"), needed=FEWEST_PAIRS)  # fmt: skip
    both = np.stack(status, axis=-1)
    ended = int((both == OK).all(axis=-1).sum())
    return (failures((both != OK) & (both != MISSING), arms) or undefined(n, ended)
            or too_few(outcome, with_any(outcome, np.stack([a[there], b[there]], axis=-1)), n,
                       arms))  # fmt: skip


def shared_scruple(
    outcome: Outcome, none: Floats, package: Floats, status: Codes, there: Flags
) -> str:
    """The same of Shapley shares; ``status`` [point, seed, arm] of every bundle of the package.

    ``there`` [seed]: seeds that have a value in every bundle.
    """
    failed = (status != OK) & (status != MISSING)
    n, seeds = int(there.sum()), failed.any(axis=(0, 2))
    if n < FEWEST_PAIRS:
        return say("only {seeds} with every arm, {needed} are needed",
                   seeds=words.count(n, "seed"), needed=FEWEST_PAIRS)  # fmt: skip
    both = np.stack([none[:, there], package[:, there]], axis=-1)
    return (uneven(failed) or too_many(int(seeds.sum()), seeds.size, SEEDS)
            or undefined(n, int((status == OK).all(axis=(0, 2)).sum()), SEEDS)
            or too_few(outcome, with_any(outcome, both), both[..., 0].size))  # fmt: skip
