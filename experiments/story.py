"""A history in words: every act readable, dated by the calendar, with its cause.

The model year has 52 weeks; week w of a model year is dated by the same share of the calendar year.
Everything told here is simulated, not observed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from analysis.acts_said import act_said, day_said, summary_said

WEEKS = 52
MOST_SENTENCES = 14
OTHER_ISSUE = "other"
LABEL = "Simulated, not observed."


def date_of(start_year: int, time: float) -> tuple[date, int]:
    """Calendar date and week (1 to 52) of a time in years since the start."""
    year = int(np.floor(time))
    share = time - year
    first = date(start_year + year, 1, 1)
    length = (date(start_year + year + 1, 1, 1) - first).days
    return first + timedelta(days=int(share * length)), min(int(share * WEEKS) + 1, WEEKS)


def written_date(start_year: int, time: float) -> str:
    """A date as in ``12 Mar 2031 (week 11)``."""
    day, week = date_of(start_year, time)
    return f"{written_day(day)} (week {week})"


def written_day(day: date) -> str:
    """A day as in ``12 Mar 2031``."""
    return day_said(day)


def readable(region: Any, events: np.ndarray) -> list[dict[str, Any]]:
    """Every event of a history as a mapping of plain values, in the order of the log."""
    return [_readable(region, row, event) for row, event in enumerate(events)]


def told(
    region: Any, events: Sequence[dict[str, Any]], held: str = "events.csv holds them all"
) -> list[str]:
    """The most telling acts in the order of time, each with its cause; plain sentences.

    ``held``: where the rest can be read.
    """
    if not events:
        return ["Nothing was recorded: the border stayed calm."]
    chosen = _most_telling(events)
    sentences = [sentence(region, events[row], events) for row in chosen]
    left = len(events) - len(chosen)
    if left:
        sentences.append(f"(and {left} lesser acts; {held})")
    return sentences


def summary(region: Any, events: Sequence[dict[str, Any]], years: float) -> str:
    """One sentence on the whole history, in the language of the context."""
    from sim.events import INTERSTATE_RUNGS, LOCAL_RUNGS

    local = max((e["rung"] for e in events if e["local"]), default=0)
    states = max((e["rung"] for e in events if not e["local"]), default=0)
    return summary_said(region.label, years, region.start_year, len(events), LOCAL_RUNGS[local],
                        INTERSTATE_RUNGS[states])  # fmt: skip


def _readable(region: Any, row: int, event: np.void) -> dict[str, Any]:
    from sim.events import ACTS, CLASSES, INTERSTATE_RUNGS, LOCAL_RUNGS, ROOTS, SETTLEMENTS
    from sim.mechanisms import MECHANISMS
    from sim.topology import ISSUES

    act = ACTS[int(event["act"])]
    dyad, pair, rung = int(event["dyad"]), int(event["pair"]), int(event["rung"])
    day, week = date_of(region.start_year, float(event["time"]))
    rungs = LOCAL_RUNGS if act.local else INTERSTATE_RUNGS
    return {
        "id": row,
        "year": day.year,
        "week": week,
        "date": day.isoformat(),
        "time": round(float(event["time"]), 4),
        "place": region.dyad_names[dyad] if dyad >= 0 else region.pair_names[pair],
        "dyad": region.dyad_names[dyad] if dyad >= 0 else None,
        "pair": region.pair_names[pair] if pair >= 0 else None,
        "local": bool(act.local),
        "actor": _party(region, act.local, int(event["actor"])),
        "actor_class": CLASSES[act.actor],
        "target": _party(region, act.local, int(event["target"])),
        "act": act.name,
        "about": act.about,
        "bar": int(event["bar"]),
        "hostility": int(event["hostility"]),
        "rung": rung,
        "rung_label": rungs[rung] if 0 <= rung < len(rungs) else str(rung),
        "issue": ISSUES[int(event["issue"])],
        "root": ROOTS[int(event["root"])],
        "cause": int(event["cause"]) if event["cause"] >= 0 else None,
        "incident": int(event["incident"]) if event["incident"] >= 0 else None,
        "answered": _asked(int(event["answered"])),
        "delay_weeks": round(float(event["delay"]), 2) if event["delay"] >= 0 else None,
        "fatal": bool(event["fatal"]),
        "settlement": SETTLEMENTS[int(event["settlement"])],
        "agreed": bool(event["outcome"]),
        "kept": _asked(int(event["kept"])),
        "reported": bool(event["reported"]),
        "mechanism": MECHANISMS[event["mechanism"]].label if event["mechanism"] >= 0 else None,
    }


def _party(region: Any, local: bool, row: int) -> str:
    names = region.municipality_names if local else region.nation_labels
    return str(names[row]) if 0 <= row < len(names) else ""


def _asked(value: int) -> bool | None:
    return None if value < 0 else bool(value)


def _weight(event: dict[str, Any]) -> tuple[bool, bool, int, int, int]:
    """How telling an act is: force over the resource, other force, then rung and tone."""
    force = event["hostility"] >= 3
    ours = event["issue"] != OTHER_ISSUE
    return force and ours, force, event["hostility"], event["rung"], abs(event["bar"])


def _most_telling(events: Sequence[dict[str, Any]]) -> list[int]:
    """Rows of the gravest acts together with what caused them, in the order of time."""
    chosen: set[int] = set()
    for event in sorted(events, key=_weight, reverse=True):
        chain = _chain(events, event["id"]) - chosen
        if len(chosen) + len(chain) > MOST_SENTENCES:
            break
        chosen |= chain
    return sorted(chosen, key=lambda row: (events[row]["time"], row))


def _chain(events: Sequence[dict[str, Any]], row: int | None) -> set[int]:
    """An act and up to four of its causes."""
    chain: set[int] = set()
    while row is not None and 0 <= row < len(events) and len(chain) < 5 and row not in chain:
        chain.add(row)
        row = events[row]["cause"]
    return chain


def sentence(region: Any, event: dict[str, Any], events: Sequence[dict[str, Any]]) -> str:
    """One act in words, in the language of the context."""
    cause = event["cause"]
    caused = cause is not None and 0 <= cause < len(events)
    day, week = date_of(region.start_year, event["time"])
    return act_said(event, day, week, events[cause] if caused else None)
