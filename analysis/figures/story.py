"""One history's events: read them, find the chain that climbed highest, put it in words.

The chain is the event that climbed highest, all that caused it, and what else those causes led to,
as far as there is room. Events over other issues are told only when nothing else happened.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from analysis import words
from analysis.acts_said import ISSUES, day_said
from analysis.language import marked, say
from analysis.study import Study

MOST_TOLD = 14
MOST_LISTED = 400
OTHER_ROOT = "another issue"
STATE_ORGANS = {
    "border guard": marked("the border guard of {nation}"),
    "army": marked("the army of {nation}"),
    "government": marked("the government of {nation}"),
}


class Event(NamedTuple):
    """One act, as a reader sees it. ``lane`` is 0 for cooperation, then local, then interstate."""

    id: int
    time: float  # calendar years
    date: str
    place: str
    actor: str
    target: str
    act: str
    bar: int
    hostility: int
    lane: int
    issue: str
    over: str  # the issue within a sentence
    cause: int  # id of the event that caused it, -1: none
    answered: str
    root: str


def read_events(study: Study, history: dict[str, Any]) -> list[Event]:
    """All events of a history, in order of time."""
    events = [_event(study, entry) for entry in history.get("events", [])]
    return sorted(events, key=lambda event: (event.time, event.id))


def lanes(study: Study) -> list[str]:
    """Names of the lanes: cooperation, the local ladder, the interstate ladder."""
    return [say("talks, settlements"), *study.local_rungs[1:], *study.interstate_rungs[1:]]


def tell(events: list[Event]) -> list[Event]:
    """The chain to tell: at most `MOST_TOLD` events in order of time; empty without events."""
    climbing = [event for event in events if event.lane > 0]
    if not climbing:
        return []
    by_id = {event.id: event for event in events}
    peak = max(
        climbing,
        key=lambda e: (e.root != OTHER_ROOT, e.lane, len(ancestors(e, by_id)), -e.time),
    )
    causes = ancestors(peak, by_id)
    chosen = _thin([*causes, peak])
    kept = {event.id for event in chosen}
    offspring = [e for e in climbing if e.cause in kept and e.id not in kept]
    offspring.sort(key=lambda e: (-e.lane, e.time, e.id))
    chosen += offspring[: MOST_TOLD - len(chosen)]
    return sorted(chosen, key=lambda event: (event.time, event.id))


def ancestors(event: Event, by_id: dict[int, Event]) -> list[Event]:
    """Causes of an event back to the first, nearest last; a loop of causes ends the walk."""
    chain: list[Event] = []
    seen = {event.id}
    while event.cause in by_id and event.cause not in seen:
        event = by_id[event.cause]
        seen.add(event.id)
        chain.append(event)
    return chain[::-1]


def _thin(chain: list[Event]) -> list[Event]:
    """The beginning and the end of a chain that is too long to draw."""
    if len(chain) <= MOST_TOLD:
        return chain
    head = MOST_TOLD // 3
    return [*chain[:head], *chain[head - MOST_TOLD :]]


def sentences(study: Study, told: list[Event]) -> list[str]:
    """The chain as numbered sentences without their numbers."""
    numbers = {event.id: at for at, event in enumerate(told, start=1)}
    names = lanes(study)
    return [_sentence(event, numbers, names) for event in told]


def retold(study: Study, entries: list[dict[str, Any]]) -> list[str]:
    """A chain of events, as they are kept, in the sentences of the language of the context."""
    return sentences(study, [_event(study, entry) for entry in entries])


def duration(first: Event, last: Event) -> str:
    """Time between two events in words."""
    years = last.time - first.time
    days = round(years * 365.25)
    if days < 14:
        return words.count(max(days, 1), "day")
    if days < 90:
        return words.count(round(days / 7), "week")
    if years < 2:
        return words.count(round(years * 12), "month")
    return say("{number} years", number=words.plain(years, 0))


def _sentence(event: Event, numbers: dict[int, int], names: list[str]) -> str:
    rung = names[event.lane]
    scale = "" if rung == event.act or event.lane == 0 else f" ({rung})"
    parts = [f"{event.date}: {event.act}{scale}{_parties(event)}{_place(event)}{_issue(event)}"]
    if event.cause in numbers:
        parts.append(say("caused by {number}", number=numbers[event.cause]))
    if event.answered:
        parts.append(event.answered)
    return f"{'; '.join(part for part in parts if part)}."


def _parties(event: Event) -> str:
    by = say(" by {actor}", actor=event.actor) if event.actor else ""
    return by + (say(" towards {target}", target=event.target) if event.target else "")


def _place(event: Event) -> str:
    """Where, unless the parties already say so."""
    if not event.place or (event.target and event.target in event.place):
        return ""
    return say(" at {place}", place=event.place)


def _issue(event: Event) -> str:
    if not event.issue:
        return ""
    return say(", over {issue}", issue=event.over)


def _event(study: Study, entry: dict[str, Any]) -> Event:
    time, issue = _time(entry), _text(entry.get("issue"))
    return Event(
        id=int(entry["id"]),
        time=time,
        date=_date(entry, time),
        place="" if entry.get("dyad", "") is None else _text(entry.get("place")),
        actor=_actor(entry),
        target=say(_text(entry.get("target"))) if entry.get("target") else "",
        act=say(_text(entry.get("act"))),
        bar=int(entry.get("bar") or 0),
        hostility=int(entry.get("hostility") or 0),
        lane=_lane(study, entry),
        issue=say("another issue") if issue == "other" else say(issue) if issue else "",
        over=say(ISSUES[issue]) if issue in ISSUES else issue,
        cause=int(entry["cause"]) if entry.get("cause") is not None else -1,
        answered=_answered(entry.get("answered")),
        root=_text(entry.get("root")),
    )


def _actor(entry: dict[str, Any]) -> str:
    """Who acted: people of a town, a town, or an organ of a state."""
    actor, kind = _text(entry.get("actor")), _text(entry.get("actor_class"))
    if kind == "crowd" and actor and not actor.startswith("people"):
        return say("people of {town}", town=actor)
    return say(STATE_ORGANS[kind], nation=say(actor)) if actor and kind in STATE_ORGANS else actor


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _time(entry: dict[str, Any]) -> float:
    day = _day(entry)
    if day is not None:
        start = dt.date(day.year, 1, 1)
        length = (dt.date(day.year + 1, 1, 1) - start).days
        return day.year + (day - start).days / length
    return float(entry["year"]) + float(entry.get("week") or 0) / 52.0


def _day(entry: dict[str, Any]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(entry.get("date", ""))[:10])
    except ValueError:
        return None


def _date(entry: dict[str, Any], time: float) -> str:
    day = _day(entry)
    return day_said(day) if day is not None else str(entry.get("date") or int(time))


def _lane(study: Study, entry: dict[str, Any]) -> int:
    rung = int(entry.get("rung") or 0)
    if rung <= 0:
        return 0
    tops = len(study.local_rungs) - 1, len(study.interstate_rungs) - 1
    if _is_local(entry):
        return min(rung, tops[0])
    return tops[0] + min(rung, tops[1])


def _is_local(entry: dict[str, Any]) -> bool:
    if "ladder" in entry:
        return str(entry["ladder"]) == "local"
    if "local" in entry:
        return bool(entry["local"])
    return str(entry.get("actor_class", "")) in ("crowd", "municipality")


def _answered(value: Any) -> str:
    if value in {None, "", -1}:
        return ""
    if isinstance(value, str):
        return value
    return say("answered") if value else say("not answered")
