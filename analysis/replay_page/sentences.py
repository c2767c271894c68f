"""The words of the replay page, all computed from the histories that it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.language import marked, say
from analysis.words import listing, upper_first

KINDS = (
    ("all", marked("All acts")),
    ("grave", marked("Only the grave ones")),
    ("states", marked("Between states")),
    ("accords", marked("Agreements of towns")),
)
TITLES = (  # of one history, of two, and so on
    marked("One history: {region}"),
    marked("Two histories side by side: {region}"),
    marked("Three histories side by side: {region}"),
    marked("Four histories side by side: {region}"),
)
FAILED = (marked("numerical failure"), marked("event log full"))  # `sim.simulate.STATUS`
NO_POSITION = "Simulated, not observed. No position"  # what the page says in any case
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
    return say("{year}, quarter {quarter}", year=start_year + point // 4, quarter=point % 4 + 1)


def name(label: str, seed: int, *, arms: bool, seeds: bool) -> str:
    """What sets a history apart from those beside it: its mechanisms, its seed, or both."""
    if not seeds:
        return upper_first(label)
    if not arms:
        return say("Seed {seed}", seed=seed)
    return say("{arm}, seed {seed}", arm=upper_first(label), seed=seed)


def title(told: Sequence[Mapping[str, Any]], region: Mapping[str, Any]) -> str:
    """What the page shows."""
    return say(TITLES[len(told) - 1], region=region["label"])


def lead(told: Sequence[Mapping[str, Any]]) -> str:
    """What the histories share and in what they differ."""
    seeds = sorted({one["seed"] for one in told})
    arms = list(dict.fromkeys(one["label"] for one in told))
    if len(told) == 1:
        return say("Mechanisms: {arm}. Seed {seed}: one draw of weather, elections and luck.",
                   arm=arms[0], seed=seeds[0])  # fmt: skip
    if len(seeds) == 1:
        return say("All play under seed {seed}: the same weather, the same elections and the same "
                   "luck. They differ in their mechanisms only. One draw shows how, not how often.",
                   seed=seeds[0])  # fmt: skip
    if len(arms) == 1:
        return say("Mechanisms in all: {arm}. They differ in their seeds only: other weather, "
                   "other elections, other luck.", arm=arms[0])  # fmt: skip
    return say("{arms} bundles of mechanisms under seeds {seeds}; where the seed is the same, "
               "weather, elections and luck are the same.", arms=len(arms),
               seeds=listing([str(seed) for seed in seeds]))  # fmt: skip


def limits(region: Mapping[str, Any]) -> list[str]:
    """What must be read beside every history; the region as its file has it."""
    note = str(region["note"])
    return [
        say("Everything on this page is simulated, not observed. It is not a forecast."),
        say("Borders as drawn by the source imply no position. Names of places stand for "
            "assumptions."),
        say("A few histories show how things can hang together, never how often they happen."),
        *([say(note)] if note and not note.startswith(NO_POSITION) else []),
    ]  # fmt: skip


def sources(region: Mapping[str, Any]) -> str:
    """Where lines and places come from."""
    given = [str(region[key]).rstrip(".") for key in ("border_source", "place_source")]
    return " ".join(f"{text}." for text in given if text)
