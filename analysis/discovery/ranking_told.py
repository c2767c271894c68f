"""The ranking as text, as plain values and as a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis import words
from analysis.discovery.plain import number
from analysis.discovery.ranking import Pair, Ranked, Ranking
from analysis.discovery.spoken import wrapped
from analysis.headline import interval_words, phrase_of

MOST_NAMED = 8


def told(ranking: Ranking) -> list[str]:
    """Verdict, flips, then every scene."""
    lines = wrapped(f"Order of the arms by {phrase_of(ranking.outcome)}, the best first. "
                    "Differences are "
                    f"paired, to {ranking.arms[0].name} where nothing else is said.")  # fmt: skip
    lines += ["", f"Verdict: {verdict(ranking)}."]
    lines += wrapped(_stays(ranking))
    lines += wrapped(
        f"{ranking.decided} of {words.count(ranking.comparisons, 'comparison')} of two arms are "
        "decided (at most 0.05 by Holm's correction for all of them, enough events, no uneven "
        "failures). Where nothing differs, at most 1 in 20 sweeps would decide or flip anything. "
        "Scenes overlap (a short horizon is part of a long one, a value of a list part of its "
        "frame) and count as separate evidence only where they share no run."
    )
    for flip in ranking.flips:
        lines.append("")
        sides = ((flip.one, flip.two, flip.one_better), (flip.two, flip.one, flip.two_better))
        for (better, other, scenes), alone in zip(sides, flip.apart(), strict=True):
            shared = "" if alone == len(scenes) else f", {alone} of them without shared runs"
            lines += wrapped(
                f"{better} is better than {other} in {words.count(len(scenes), 'scene')}{shared}:"
            )
            lines += [f"  - {scene.label}" for scene in scenes[:MOST_NAMED]]
            if len(scenes) > MOST_NAMED:
                lines.append(f"  and {len(scenes) - MOST_NAMED} more (--json lists all)")
    lines += ["", "Scenes"]
    for one in ranking.ranked:
        if not one.scene.half:
            lines += _scene(ranking, one)
    lines += _halves(ranking)
    return lines


def _halves(ranking: Ranking) -> Iterator[str]:
    """Halves in which a pair is decided, and how many there are in which none is."""
    halves = [one for one in ranking.ranked if one.scene.half]
    shown = [one for one in halves if any(pair.better for pair in one.pairs.values())]
    if not halves:
        return
    yield from ("", "Halves of the swept ranges")
    for one in shown:
        yield from _scene(ranking, one)
    if len(shown) < len(halves):
        rest = words.count(len(halves) - len(shown), "half", "halves")
        yield f"In {rest} of {len(halves)} no pair of arms is decided."


def verdict(ranking: Ranking) -> str:
    """What the scenes say together."""
    if ranking.flips:
        pairs = words.listing([f"{flip.one} and {flip.two}" for flip in ranking.flips])
        return f"the order flips: {pairs}"
    if not ranking.decided:
        return "cannot tell: no pair of arms is decided in any scene"
    return "no decided pair of arms changes its order"


def document(ranking: Ranking) -> dict[str, Any]:
    """The ranking as plain values."""
    return {
        "outcome": ranking.outcome.key,
        "verdict": verdict(ranking),
        "arms": [arm.name for arm in ranking.arms],
        "first": ranking.first,
        "scenes": ranking.scenes,
        "scenes_without_shared_runs": ranking.apart,
        "first_of_all": ranking.first_of_all,
        "first_in": ranking.first_in,
        "ahead_in": ranking.ahead_in,
        "comparisons": ranking.comparisons,
        "decided": ranking.decided,
        "flips": [
            {"one": flip.one, "two": flip.two,
             "one_better": [scene.label for scene in flip.one_better],
             "two_better": [scene.label for scene in flip.two_better],
             "without_shared_runs": list(flip.apart())}
            for flip in ranking.flips
        ],
        "ranked": [
            {"scene": one.scene.label, "half": one.scene.half,
             "points": int(one.scene.points.sum()), "order": list(one.order),
             "pairs": [_pair(pair) for pair in one.pairs.values()]}
            for one in ranking.ranked
        ],
    }  # fmt: skip


def table(ranking: Ranking) -> pd.DataFrame:
    """One row per scene and pair of arms."""
    return pd.DataFrame([
        {"scene": one.scene.label, "half": one.scene.half, "points": int(one.scene.points.sum()),
         "place": one.order.index(pair.arm) + 1, **_pair(pair)}
        for one in ranking.ranked for pair in one.pairs.values()
    ])  # fmt: skip


def _pair(pair: Pair) -> dict[str, Any]:
    return {"arm": pair.arm, "other": pair.other, "n": pair.effect.n,
            "difference": number(pair.effect.difference), "lo": number(pair.effect.lo),
            "hi": number(pair.effect.hi), "p": pair.p, "p_of_all": pair.corrected,
            "better": pair.better, "scruple": pair.scruple}  # fmt: skip


def _stays(ranking: Ranking) -> str:
    text = (f"{ranking.first} is first by the mean in {ranking.first_in} of "
            f"{words.count(ranking.apart, 'scene')} without shared runs; in {ranking.ahead_in} its "
            "lead on the second is decided.")  # fmt: skip
    if ranking.scenes > ranking.apart:
        text += (f" Of all {ranking.scenes} scenes, which overlap, it is first in "
                 f"{ranking.first_of_all}.")  # fmt: skip
    return text


def _scene(ranking: Ranking, one: Ranked) -> Iterator[str]:
    yield from wrapped(f"- {one.scene.label}: {' > '.join(one.order)}", "", "  ")
    reference = ranking.arms[0].name
    shown = [one.between(arm.name, reference) for arm in ranking.arms[1:]]
    lead = one.between(*one.order[:2])
    if lead not in shown:
        shown.append(lead)
    for pair in shown:
        other = "" if pair.other == reference else f" less {pair.other}"
        told = interval_words(ranking.outcome, pair.effect)
        mark = f" [{pair.scruple}]" if pair.scruple else "" if pair.better else _open(pair)
        yield from wrapped(f"{pair.arm}{other}: {told}{mark}", "    ", "      ")


def _open(pair: Pair) -> str:
    return " [open]" if pair.effect.spans_zero else " [open among so many comparisons]"
