"""The words of the replay page, all computed from the histories that it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.words import listing

KINDS = (
    ("all", "All acts"),
    ("grave", "Only the grave ones"),
    ("states", "Between states"),
    ("accords", "Agreements of towns"),
)
NUMBERS = ("no", "one", "two", "three", "four")
SAID = "Simulated, not observed. No position"  # what the page says in any case
GRAVE_LOCAL, GRAVE_STATES = 3, 2  # rungs from which on an act is shown as grave


def kind(event: Mapping[str, Any]) -> str:
    """``states`` for acts between states, ``accords`` for the life of agreements, ``towns``."""
    if not event["local"]:
        return "states"
    accord = event["mechanism"] is not None or event["act"].startswith("agreement")
    return "accords" if accord else "towns"


def grave(event: Mapping[str, Any]) -> bool:
    """A town takes more than its share or people fight; between states, hostility and above."""
    return bool(event["rung"] >= (GRAVE_LOCAL if event["local"] else GRAVE_STATES))


def quarter(start_year: int, point: int) -> str:
    """Name of a quarter (13 model weeks) as in ``2031, quarter 2``."""
    return f"{start_year + point // 4}, quarter {point % 4 + 1}"


def title(told: Sequence[Mapping[str, Any]], region: Mapping[str, Any]) -> str:
    """What the page shows."""
    count = len(told)
    what = "One history" if count == 1 else f"{NUMBERS[count].capitalize()} histories side by side"
    return f"{what}: {region['label']}"


def lead(told: Sequence[Mapping[str, Any]]) -> str:
    """What the histories share and in what they differ."""
    seeds = sorted({one["seed"] for one in told})
    arms = list(dict.fromkeys(one["label"] for one in told))
    if len(told) == 1:
        return f"Mechanisms: {arms[0]}. Seed {seeds[0]}: one draw of weather, elections and luck."
    if len(seeds) == 1:
        return (f"All play under seed {seeds[0]}: the same weather, the same elections and the "
                "same luck. They differ in their mechanisms only. One draw shows how, not how "
                "often.")  # fmt: skip
    if len(arms) == 1:
        return (f"Mechanisms in all: {arms[0]}. They differ in their seeds only: other weather, "
                "other elections, other luck.")  # fmt: skip
    return (f"{len(arms)} bundles of mechanisms under seeds {listing([str(s) for s in seeds])}; "
            "where the seed is the same, weather, elections and luck are the same.")  # fmt: skip


def limits(region: Mapping[str, Any]) -> list[str]:
    """What must be read beside every history."""
    note = str(region["note"])
    return [
        "Everything on this page is simulated, not observed. It is not a forecast.",
        "Borders as drawn by the source imply no position. Names of places stand for assumptions.",
        "A few histories show how things can hang together, never how often they happen.",
        *([note] if note and not note.startswith(SAID) else []),
    ]


def sources(region: Mapping[str, Any]) -> str:
    """Where lines and places come from."""
    given = [str(region[key]).rstrip(".") for key in ("border_source", "place_source")]
    return " ".join(f"{text}." for text in given if text)
