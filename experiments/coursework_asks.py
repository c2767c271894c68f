"""What a comparison answers: each entry of an exercise is worked out from the student's folder.

``ASKS`` maps what ``marking.yaml`` asks for to a function of what is held and the entry's own
settings (``study``, ``arm``: place among the arms, ``outcome``, ``in``: 100 for numbers in 100).
All numbers come from `analysis`; none is kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from experiments.coursework_held import Expected, Held

NO_CLAIM = "no claim"
BLOCK = 10  # seeds
Entry = Mapping[str, Any]


def finished(held: Held, entry: Entry) -> Expected:
    """Runs that ended well."""
    counts = held.study(entry["study"]).counts
    pairs = counts.launched // len(held.study(entry["study"]).stored.arms)
    return Expected(counts.ok, (("counted-failed", counts.launched), ("one-arm", pairs)))


def mean(held: Held, entry: Entry) -> Expected:
    """Mean of an outcome in one arm, over the pairs."""
    place = int(entry["arm"])
    one = held.effect(entry["study"], place or 1, entry["outcome"])
    own, other = (("reference_mean", "arm_mean") if place == 0
                  else ("arm_mean", "reference_mean"))  # fmt: skip
    value = _scaled(one[own], entry)
    slips = [("other-arm", _scaled(one[other], entry)), *_unit_slips(value, entry)]
    return Expected(value, tuple(slips))


def difference(held: Held, entry: Entry) -> Expected:
    """Paired difference, arm minus first arm."""
    one = held.effect(entry["study"], int(entry["arm"]), entry["outcome"])
    value = _scaled(one["estimate"], entry)
    slips = [("sign", -value), ("level", _scaled(one["arm_mean"], entry)),
             *_unit_slips(value, entry), *_others(held, entry, "estimate")]  # fmt: skip
    return Expected(value, tuple(slips), _grain(one, entry))


def lower(held: Held, entry: Entry) -> Expected:
    """Lower end of the interval of the paired difference."""
    return _end(held, entry, "lo", "hi")


def upper(held: Held, entry: Entry) -> Expected:
    """Upper end of the interval of the paired difference."""
    return _end(held, entry, "hi", "lo")


def claim(held: Held, entry: Entry) -> Expected:
    """What may be claimed of an effect: better, worse or nothing."""
    one = held.effect(entry["study"], int(entry["arm"]), entry["outcome"])
    verdict = str(one["verdict"])
    if verdict in {"better", "worse"}:
        opposite = {"better": "worse", "worse": "better"}[verdict]
        return Expected(verdict, (("wrong-way", opposite), ("claim-missed", NO_CLAIM)))
    slip = "claimed-over-zero" if verdict == "unclear" else "claimed-on-few"
    return Expected(NO_CLAIM, ((slip, "better"), (slip, "worse")))


def worsened(held: Held, entry: Entry) -> Expected:
    """Share of pairs that got worse."""
    one = held.effect(entry["study"], int(entry["arm"]), entry["outcome"])
    value = _scaled(one["worse"], entry)
    slips = [("better-for-worse", _scaled(one["better"], entry)), *_unit_slips(value, entry),
             ("count-for-share", one["worse"] * one["n"])]  # fmt: skip
    return Expected(value, tuple(slips), 0.5 * entry.get("in", 1) / 100)


def against(held: Held, entry: Entry) -> Expected:
    """Blocks of ten seeds whose mean difference does not have the sign of the whole."""
    change = paired(held, entry["study"], int(entry["arm"]), entry["outcome"])
    blocks = change[: len(change) // BLOCK * BLOCK].reshape(-1, BLOCK).mean(axis=1)
    number = int((np.sign(blocks) != np.sign(change.mean())).sum())
    single = int((np.sign(change) != np.sign(change.mean())).sum())
    return Expected(number, (("blocks-with", len(blocks) - number), ("pairs-for-blocks", single)))


def halving(held: Held, entry: Entry) -> Expected:
    """Seeds an arm that make the interval half as wide."""
    seeds = int(held.study(entry["study"]).manifest["seeds"]["count"])
    return Expected(4 * seeds, (("twice-for-four", 2 * seeds), ("more-for-all", 3 * seeds)))


def between(held: Held, entry: Entry) -> Expected:
    """Which of two arms is better; their names are the answers."""
    arms = [held.arm(entry["study"], place) for place in (0, 1)]
    verdict = str(held.effect(entry["study"], 1, entry["outcome"])["verdict"])
    if verdict in {"better", "worse"}:
        ordered = arms[::-1] if verdict == "better" else arms
        return Expected(ordered[0], (("wrong-way", ordered[1]), ("claim-missed", NO_CLAIM)))
    slip = "claimed-over-zero" if verdict == "unclear" else "claimed-on-few"
    return Expected(NO_CLAIM, tuple((slip, arm) for arm in arms))


def arm_name(held: Held, entry: Entry) -> Expected:
    """Name of the arm at a place."""
    study = held.study(entry["study"]).stored
    wanted = study.arms[int(entry["arm"])]
    said = str(held.answers.given.get(str(entry["name"]), ""))
    slips = tuple(("other-arm", name) for arm in study.arms if arm.name != wanted.name
                  for name in (arm.name, arm.label))  # fmt: skip
    right = said if said.lower() == wanted.label.lower() else wanted.name
    return Expected(right, slips, reason="not-a-name")


def region(held: Held, entry: Entry) -> Expected:
    """Name of the region of a study."""
    return Expected(str(held.study(entry["study"]).manifest["region"]))


def towns(held: Held, entry: Entry) -> Expected:
    """Towns of the region of a study."""
    from analysis.study import Study

    stored = held.study(entry["study"]).stored
    document = stored.region if isinstance(stored, Study) else next(iter(stored.regions.values()))
    nations = len(document.get("nations", ()))
    return Expected(len(document["municipalities"]), (("nations-for-towns", nations),))


def fixed(held: Held, entry: Entry) -> Expected:
    """A question about reading, whose answer is the same for every folder."""
    del held
    return Expected(str(entry["value"]), reason=str(entry["slip"]))


def paired(held: Held, name: str, place: int, outcome: str) -> np.ndarray:
    """Differences, arm minus first arm, of complete pairs in the order of the seeds."""
    runs = held.study(name).runs()
    wide = runs.pivot_table(index="seed", columns="arm", values=outcome)
    arm, first = held.arm(name, place), held.arm(name, 0)
    return np.asarray((wide[arm] - wide[first]).dropna().sort_index(), dtype=float)


def _end(held: Held, entry: Entry, own: str, other: str) -> Expected:
    one = held.effect(entry["study"], int(entry["arm"]), entry["outcome"])
    value = _scaled(one[own], entry)
    unpaired = _scaled(_unpaired(held, entry)[own == "hi"], entry)
    slips = [("other-end", _scaled(one[other], entry)), ("unpaired", unpaired),
             ("sign", -value), *_unit_slips(value, entry), *_others(held, entry, own)]  # fmt: skip
    return Expected(value, tuple(slips), _grain(one, entry))


def _unpaired(held: Held, entry: Entry) -> tuple[float, float]:
    """Ends of the interval as if the arms were independent."""
    from analysis.intervals import Z

    runs = held.study(entry["study"]).runs()
    arms = [runs["arm"] == held.arm(entry["study"], place) for place in (0, int(entry["arm"]))]
    a, b = (np.asarray(runs[own][entry["outcome"]].dropna(), dtype=float) for own in arms)
    half = Z * float(np.sqrt(a.var(ddof=1) / len(a) + b.var(ddof=1) / len(b)))
    middle = float(b.mean() - a.mean())
    return middle - half, middle + half


def _others(held: Held, entry: Entry, column: str) -> list[tuple[str, float]]:
    """The same number of the other arms."""
    places = range(1, len(held.study(entry["study"]).stored.arms))
    rows = [held.effect(entry["study"], place, entry["outcome"])
            for place in places if place != int(entry["arm"])]  # fmt: skip
    return [("other-arm", _scaled(row[column], entry)) for row in rows]


def _scaled(number: float, entry: Entry) -> float:
    return float(number) * float(entry.get("in", 1))


def _grain(one: Mapping[str, Any], entry: Entry) -> float:
    """A twentieth of the width of the interval: less is rounding."""
    return 0.05 * _scaled(one["hi"] - one["lo"], entry)


def _unit_slips(value: float, entry: Entry) -> list[tuple[str, float]]:
    if entry.get("in", 1) == 100:
        return [("share-for-points", value / 100)]
    return [("points-for-share", value * 100)]


ASKS: dict[str, Callable[[Held, Entry], Expected]] = {
    "finished": finished, "mean": mean, "difference": difference, "lower": lower, "upper": upper,
    "claim": claim, "worsened": worsened, "against": against, "halving": halving,
    "between": between, "arm_name": arm_name, "region": region, "towns": towns, "fixed": fixed,
}  # fmt: skip
