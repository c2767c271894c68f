"""What one history answers: its event log, acts and their causes; beside `coursework_asks`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.coursework_held import Expected, Held

if TYPE_CHECKING:
    import pandas as pd

Entry = Mapping[str, Any]


def acts(held: Held, entry: Entry) -> Expected:
    """Acts of a history."""
    events = held.events(entry["study"])
    local = int(events["local"].sum())
    return Expected(len(events), (("local-only", local), ("states-only", len(events) - local)))


def violent(held: Held, entry: Entry) -> Expected:
    """Violent acts between towns in a history."""
    events, rung = held.events(entry["study"]), str(entry["rung"])
    years = float(held.manifest(entry["study"])["years"])
    named = events["rung_label"] == rung
    number = int((named & events["local"]).sum())
    disputes = int(events[named & events["local"]]["incident"].nunique())
    return Expected(number, (("rate-for-count", number / years),
                             ("disputes-for-acts", disputes)))  # fmt: skip


def highest(held: Held, entry: Entry) -> Expected:
    """The highest rung between states that a history reached."""
    events = held.events(entry["study"])
    tops = {local: _top(events[events["local"] == local]) for local in (True, False)}
    if tops[False] is None:
        return Expected("none", reason="other-ladder")
    local = () if tops[True] is None else (("other-ladder", str(tops[True]["rung_label"])),)
    return Expected(str(tops[False]["rung_label"]), local)


def pair_of_most(held: Held, entry: Entry) -> Expected:
    """The pair of towns with most acts."""
    events = held.events(entry["study"])
    counted = events[events["local"]]["dyad"].value_counts()
    if counted.empty:
        return Expected("none")
    slips = tuple(("nations-for-pair", str(name)) for name in events["pair"].dropna().unique())
    ties = counted[counted == counted.iloc[0]]
    given = held.answers.given.get(str(entry["name"]))
    return Expected(str(given) if given in ties.index else str(ties.index[0]), slips)


def cause(held: Held, entry: Entry) -> Expected:
    """The act that led straight to the gravest one between states; -1 where none did."""
    chain = _chain(held, entry)
    if not chain:
        return Expected(-1)
    value = chain[1] if len(chain) > 1 else -1
    return Expected(value, (("own-id", chain[0]), ("root-for-cause", chain[-1])))


def steps(held: Held, entry: Entry) -> Expected:
    """Acts in the chain from first cause to the gravest act between states, both counted."""
    number = len(_chain(held, entry))
    return Expected(number, (("arrows-for-acts", number - 1),))


def _top(events: pd.DataFrame) -> Any:
    """The first act on the highest rung; None where there is none."""
    return None if events.empty else events.iloc[int(np.argmax(events["rung"]))]


def _chain(held: Held, entry: Entry) -> list[int]:
    """Acts from the gravest between states back to its first cause, by id."""
    events = held.events(entry["study"])
    top = _top(events[~events["local"]])
    causes = events.set_index("id")["cause"]
    chain: list[int] = []
    at = None if top is None else int(top["id"])
    while at is not None and at not in chain:
        chain.append(at)
        at = int(causes[at]) if at in causes.index and not np.isnan(causes[at]) else None
    return chain


HISTORY_ASKS: dict[str, Callable[[Held, Entry], Expected]] = {
    "acts": acts, "violent": violent, "highest": highest, "pair_of_most": pair_of_most,
    "cause": cause, "steps": steps,
}  # fmt: skip
