"""The answer of `thalweg discover` as text: question, noise, verdict, boxes, curve, tree, rules."""

from __future__ import annotations

import math
from collections.abc import Iterator

from analysis import words
from analysis.discovery import resample
from analysis.discovery.answer import FOUND, FRAIL, NOTHING, Answer, Condition, Limit
from analysis.discovery.question import CRISIS, FAILS, Question
from analysis.discovery.spoken import (
    box_words,
    chance,
    limit_words,
    number,
    percent,
    swept_words,
    two_digits,
    with_interval,
    wrapped,
)
from analysis.headline import phrase_of
from analysis.language import say
from analysis.study import Arm

MOST_STEPS = 9
RULES = (
    "Rules: 'found' asks for at most 1 in 100 shuffled tables with a box worth as much, a "
    "density above the share of cases on points not searched, one stable limit (found again in "
    "4 of 5 resamples), and the same under other seeds (the box of half of the seeds is denser "
    "under the other half in 4 of 5 halves, and scores inside and outside of the box of half of "
    "the points and half of the seeds differ on the other half of both, 95 %); more than 1 in "
    "20 such tables: 'no condition stands out'. Worth is twice the gain in log-likelihood, less "
    "the logarithm of the number of points for each limit: the box of the curve with the "
    "largest worth is taken, and its ends are settled where the worth is largest. Limits and "
    "densities hold within the ranges swept and for these rules; they are conditions of the "
    "model, not causes in the world."
)


def told(answer: Answer) -> list[str]:
    """One frame's answer, line by line."""
    lines = [f"{answer.frame.label}, {answer.frame.years:g} years", ""]
    lines += wrapped(question_words(answer))
    lines += wrapped(_labels(answer))
    lines += wrapped(_noise(answer))
    lines += ["", f"Verdict: {answer.verdict}."]
    lines += wrapped(f"{words.upper_first(answer.reason)}.")
    if answer.verdict == NOTHING:
        lines += wrapped(_bar(answer))
    shown = [c for c in answer.conditions if c.curve.chosen.box.limits and c.verdict != NOTHING]
    for place, condition in enumerate(shown, 1):
        lines += ["", *_condition(answer, condition, place)]
    if answer.conditions:
        lines += ["", *_curve(answer.conditions[0])]
    if answer.tree is not None:
        lines += ["", *_tree(answer)]
    return lines


def question_words(answer: Answer) -> str:
    """What was asked, with the definition of a case."""
    q = answer.question
    option = f"--when {q.when}" + (f" --threshold {q.threshold:g}" if q.when == CRISIS else "")
    return f"{asked(q)} {definition(q, answer.seeds).removesuffix('.')} ({option})."


def asked(q: Question) -> str:
    """The question in a sentence."""
    if q.when == CRISIS:
        event = event_words(q)
        return say("Under which conditions does it come to this, with {arm}: {event}?",
                   arm=named(q.arm), event=event)  # fmt: skip
    return say(
        "Under which conditions does the arm {arm} fail against {reference}, by {outcome}?"
        if q.when == FAILS else
        "Under which conditions does the arm {arm} do worse than {reference}, by {outcome}?",
        arm=named(q.arm), reference=named(q.reference), outcome=phrase_of(q.outcome),
    )  # fmt: skip


def definition(q: Question, seeds: int) -> str:
    """What makes a point a case."""
    if q.when == CRISIS:
        return say("A point is a case where at least {share} of its {histories} hold it.",
                   share=percent(q.threshold),
                   histories=words.count(seeds, "history", "histories"))  # fmt: skip
    return say(
        "A point is a case where the mean paired difference over its {seeds}, {arm} less "
        "{reference}, is not better (equal counts)." if q.when == FAILS else
        "A point is a case where the mean paired difference over its {seeds}, {arm} less "
        "{reference}, is worse (equal does not count).",
        seeds=words.count(seeds, "seed"), arm=q.arm.name, reference=q.reference.name,
    )  # fmt: skip


def named(arm: Arm) -> str:
    """Name and label of an arm."""
    return f"{arm.name} ({words.lower_first(arm.label)})"


def event_words(q: Question) -> str:
    """The event of a question, in a sentence."""
    return words.lower_first(q.outcome.label)


def _labels(answer: Answer) -> str:
    cases = answer.cases
    points, chosen = len(cases.label), int(cases.label.sum())
    share = percent(chosen / points) if points else "none"
    text = (f"{chosen:,} of {points:,} points of {words.count(len(answer.settings), 'setting')} "
            "are "
            f"cases ({share}).")  # fmt: skip
    if cases.tied:
        counted = "counted as cases" if answer.question.when == FAILS else "not counted as cases"
        text += f" At {cases.tied:,} points arm and first arm come to the same, {counted}."
        if answer.question.when == FAILS and chosen and 2 * cases.tied > chosen:
            text += " Most cases are such: --when worse asks without them, or give more seeds."
    if answer.points > points:
        text += f" {answer.points - points:,} points lack half of their runs and are left out."
    failed = int(answer.runs.failed.sum())
    if failed:
        text += f" {words.count(failed, 'run')} failed."
    if answer.runs.there < answer.runs.planned:
        text += f" {answer.runs.words}: the sweep is not whole."
    if points > resample.MANY_POINTS:
        text += f" {subset_words(points)}"
    return text


def subset_words(points: int) -> str:
    """What is repeated less often beyond so many points."""
    pairs = [(resample.tables_for(points), resample.SHUFFLES, "shuffled tables"),
             *((resample.fewer(often, points), often, what) for often, what in (
                 (resample.RESAMPLES, "resamples"), (resample.HALVES, "halves of the seeds"),
                 (resample.SPLITS, "splits of points and seeds")))]  # fmt: skip
    told = words.listing([f"{own} {what} in place of {often}" for own, often, what in pairs])
    return (f"All points are searched, but beyond {resample.MANY_POINTS:,} the search is repeated "
            f"less often: {told}.")  # fmt: skip


def _noise(answer: Answer) -> str:
    noise = answer.cases.noise
    if not noise.splits:
        return "Noise of the labels: not known with fewer than four seeds."
    luck = "" if noise.kappa.lo > 0 else " The labels may be luck alone."
    return (
        f"Noise of the labels: two halves of the seeds label {percent(noise.agreement)} of the "
        f"points alike, {percent(noise.by_chance)} would be by chance (kappa "
        f"{two_digits(noise.kappa)}). Reliability of the scores from all seeds: "
        f"{two_digits(noise.reliability)}; the rest of their spread is luck.{luck}"
    )


def _bar(answer: Answer) -> str:
    if math.isnan(answer.bar):
        return (
            "Not even a pure box of a quarter of the points would have been told from chance here."
        )
    return (f"One limit around a quarter of the points would have been told from chance from a "
            "density "
            f"of {percent(answer.bar)} on; a weaker condition may be there.")  # fmt: skip


def _condition(answer: Answer, condition: Condition, place: int) -> Iterator[str]:
    step, n = condition.curve.chosen, condition.points
    rest = f" of the {n:,} points outside the boxes before" if place > 1 else ""
    yield f"Box {place}" + (f" ({condition.verdict})" if condition.verdict != FOUND else "")
    text = (f"holds {step.points:,} points{rest} ({condition.runs:,} runs); {step.cases:,} are "
            f"cases: density {percent(step.density)}, coverage {percent(step.coverage)}. That is "
            "on the points that were searched, and too good.")  # fmt: skip
    yield from wrapped(text, "  ")
    held = condition.resamples.held
    yield from wrapped(
        f"On points that were not searched: density {with_interval(held.density)}, where "
        f"{percent(held.base.mean)} of all are cases; coverage {with_interval(held.coverage)} of "
        f"the cases; {_apart_words(answer, condition)} Under the other half of the seeds: density "
        f"{percent(condition.halves.density)}, {percent(condition.halves.base)} of all (denser in "
        f"{percent(condition.halves.ahead)} of halves).", "  "
    )  # fmt: skip
    for limit in condition.limits:
        yield from _limit(limit)


def _apart_words(answer: Answer, condition: Condition) -> str:
    """How far scores inside and outside lie apart, on points and seeds that were not searched."""
    outcome, found = answer.question.outcome, condition.splits.apart
    what = "difference to the bad side" if answer.question.compares else "share of the histories"
    digits = words.difference_digits(outcome, found.mean, found.lo, found.hi)
    mean, lo, hi = (words.difference(outcome, x, digits) for x in found[1:])
    unit = words.unit_of(outcome).removesuffix(" histories")
    ends = "no interval" if math.isnan(found.lo) else f"{lo} to {hi}"
    told = f"mean {what} inside less outside, other seeds too: {mean} {unit} ({ends})."
    return told.replace("  ", " ")


def _limit(limit: Limit) -> Iterator[str]:
    factor, at = limit.factor, limit.at
    lo, hi = (-math.inf, at) if limit.upper else (at, math.inf)
    yield from wrapped(
        f"{factor.label}: {limit_words(factor, lo, hi)} ({swept_words(factor)})", "  - ", "    "
    )
    where = ""
    if math.isfinite(limit.again.lo) and factor.kind != "list":
        ends = [number(factor, x) for x in (limit.again.lo, limit.again.hi)]
        where = f", there {ends[0]} to {ends[1]}"
    parts = [f"found again in {percent(limit.again.share)} of resamples{where}",
             f"in {percent(limit.luck)} of halves of the seeds",
             f"quasi-p {chance(limit.quasi_p)}"]  # fmt: skip
    if not limit.stable:
        parts.append("UNSTABLE")
    if limit.luck < FRAIL:
        parts.append("HANGS ON LUCK")
    yield from wrapped("; ".join(parts), "    ")


def _curve(condition: Condition) -> Iterator[str]:
    steps, taken = condition.curve.steps, condition.curve.taken
    yield f"Coverage against density along the {len(steps)} boxes of the first search"
    yield "  box    limits  points  cases  coverage  density"
    spread = {round(i * (len(steps) - 1) / (MOST_STEPS - 1)) for i in range(MOST_STEPS)}
    for place in sorted({*spread, taken}):
        step = steps[place]
        mark = "  taken" if place == taken and step.box.limits else ""
        yield (f"  {place:7d}{step.box.limits:8d}  {step.points:6,d}  {step.cases:5,d}  "
               f"{percent(step.coverage):>8}  {percent(step.density):>7}{mark}")  # fmt: skip
    final = condition.curve.chosen
    if final.box.limits and final is not steps[taken]:
        yield (f"  settled{final.box.limits:8d}  {final.points:6,d}  {final.cases:5,d}  "
               f"{percent(final.coverage):>8}  {percent(final.density):>7}")  # fmt: skip


def _tree(answer: Answer) -> Iterator[str]:
    tree = answer.tree
    if tree is None or len(tree.leaves) == 1:
        yield from wrapped("Second opinion (CART): no split predicts points that it has not seen.")
        return
    yield from wrapped(
        f"Second opinion (CART): {len(tree.leaves)} leaves explain {percent(tree.explained)} of "
        "the "
        "squared error on points not seen. Leaves denser than all points:"
    )
    base = answer.cases.label.mean()
    for leaf in tree.leaves:
        if leaf.density > base:
            yield from wrapped(
                f"{leaf.cases} of {leaf.points} points (density {percent(leaf.density)}, coverage "
                f"{percent(leaf.coverage)}): {box_words(answer.settings, leaf.box)}", "  - ", "    "
            )  # fmt: skip
    own = {limit.factor.label for c in answer.conditions for limit in c.limits}
    theirs = {answer.settings[k].label for k in tree.settings}
    if own and own != theirs:
        yield from wrapped(_apart(own, theirs), "  ")


def _apart(own: set[str], theirs: set[str]) -> str:
    sides = (("the box", own - theirs), ("the tree", theirs - own))
    parts = [f"{who} alone restricts {words.listing(sorted(what))}" for who, what in sides if what]
    return f"{words.upper_first('; '.join(parts))}."
