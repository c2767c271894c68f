"""The life of every agreement: proposed, signed, renewed, lapsed where the towns negotiate.

What a study imposes is in force from its first year to the end. A lane belongs to one mechanism
between one pair of towns; its spans are in quarters since the start.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.language import digits, marked, say

PROPOSED, SIGNED, RENEWED, LAPSED = (
    "agreement proposed", "agreement signed", "agreement renewed", "agreement lapsed",
)  # fmt: skip
SUSPENDED = "agreements suspended"
DATED = {
    PROPOSED: marked("proposed {day}"), SIGNED: marked("signed {day}"),
    RENEWED: marked("renewed {day}"), LAPSED: marked("lapsed {day}"),
}  # fmt: skip
SLACK = 1e-6  # a week that ends a quarter is a sum of floats


def quarter_of(time: float) -> int:
    """The quarter in which a time in years since the start lies; 0 before the start."""
    return max(math.floor(time * 4 + SLACK), 0)


def by_mechanism(one: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One entry per mechanism: label, its lanes, and how many are in force in each quarter."""
    points = len(one["dyads"][0]["rung"])
    found = []
    for accord in one["accords"]:
        if accord["negotiated"]:
            lanes = _negotiated(accord["label"], one["events"], points)
        else:
            lanes = _imposed(accord, points)
        if lanes or accord["negotiated"]:
            found.append(_entry(accord, lanes, points, len(one["dyads"])))
    return found


def suspensions(one: Mapping[str, Any]) -> list[str]:
    """Every suspension of what towns agreed on, in words."""
    return [event["text"] for event in one["events"] if event["act"] == SUSPENDED]


def _entry(
    accord: Mapping[str, Any], lanes: list[dict[str, Any]], points: int, dyads: int
) -> dict[str, Any]:
    running = [sum(_covers(lane["force"], k) for lane in lanes) for k in range(points)]
    talking = [sum(_covers(lane["talk"], k) for lane in lanes) for k in range(points)]
    return {
        "label": say(accord["label"]),
        "how": say("left to the towns" if accord["negotiated"] else "imposed"),
        "lanes": lanes if accord["negotiated"] else [],
        "note": "" if accord["negotiated"] else _note(accord),
        "dyads": dyads,
        "area": _area(running, dyads),
        "talks": _area([a + b for a, b in zip(running, talking, strict=True)], dyads),
        "states": [[a, b] for a, b in zip(running, talking, strict=True)],
        "never": accord["negotiated"] and not any(running),
    }


def _imposed(accord: Mapping[str, Any], points: int) -> list[dict[str, Any]]:
    """In force from the first year to the end on every pair that is meant."""
    start = quarter_of(accord["from_year"])
    return [{"talk": [], "force": [(start, points)]} for _ in accord["dyads"]]


def _note(accord: Mapping[str, Any]) -> str:
    """The life of an imposed mechanism in words; it is the same on every pair."""
    year = digits(f"{accord['from_year']:g}")
    return say("In force from year {year} to the end on {pairs}.",
               year=year, pairs=", ".join(accord["dyads"]))  # fmt: skip


def _negotiated(
    label: str, events: Sequence[Mapping[str, Any]], points: int
) -> list[dict[str, Any]]:
    """Lives read from the log, pair by pair, in the order in which they begin."""
    lives: dict[str, list[Mapping[str, Any]]] = {}
    for event in sorted(events, key=lambda event: event["time"]):
        if event["mechanism"] == label and event["dyad"] is not None:
            lives.setdefault(event["dyad"], []).append(event)
    return [_life(name, own, points) for name, own in lives.items()]


def _life(name: str, events: Sequence[Mapping[str, Any]], points: int) -> dict[str, Any]:
    talk: list[tuple[int, int]] = []
    force: list[tuple[int, int]] = []
    marks: list[tuple[str, int]] = []
    since: int | None = None
    asked: int | None = None
    if events[0]["act"] in {RENEWED, LAPSED}:
        since = 0  # signed before the start
    for event in events:
        at = min(quarter_of(event["time"]), points - 1)
        marks.append((event["act"].removeprefix("agreement "), at))
        if event["act"] == PROPOSED:
            asked = at
        elif event["act"] == SIGNED:
            if asked is not None and at > asked:
                talk.append((asked, at))
            since, asked = at, None
        elif event["act"] == LAPSED:
            force.append((0 if since is None else since, max(at, 1 + (since or 0))))
            since = None
    if since is not None:
        force.append((since, points))
    words = [_dated(event) for event in events]
    return {"name": name, "talk": talk, "force": force, "marks": marks, "words": words}


def _dated(event: Mapping[str, Any]) -> str:
    """What became of the agreement, and on which day."""
    act = event["act"]
    return say(DATED[act], day=event["day"]) if act in DATED else f"{say(act)} {event['day']}"


def _covers(spans: Sequence[tuple[int, int]], quarter: int) -> bool:
    return any(first <= quarter < last for first, last in spans)


def _area(counts: Sequence[int], top: int) -> str:
    """A step curve from the floor (y = 1) as an SVG path; x in quarters, height in shares."""
    if not any(counts):
        return ""
    steps = [f"M0 1V{1 - counts[0] / top:.3g}"]
    for k, count in enumerate(counts):
        if k and count != counts[k - 1]:
            steps.append(f"H{k}V{1 - count / top:.3g}")
    return "".join([*steps, f"H{len(counts)}V1Z"])
