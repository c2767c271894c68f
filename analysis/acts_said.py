"""One act of a told history, and a history as a whole, in sentences of the language of the context.

The acts are plain mappings with the names of the model, as `experiments.story` reads them from a
log; names of towns stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from analysis.language import ENGLISH, day_words, digits, marked, say, spoken

ISSUES = {
    "river": marked("the river"), "aquifer": marked("the aquifer"),
    "fishery": marked("the fishery"), "land": marked("the land"),
    "other": marked("another issue"),
}  # fmt: skip
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_said(day: date) -> str:
    """A date as a reader writes it: 5 May 2031."""
    if spoken() == ENGLISH:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return day_words(day, "d MMM y")


def act_said(
    event: Mapping[str, Any], day: date, week: int, cause: Mapping[str, Any] | None
) -> str:
    """One act in words, with its date, how grave it was and the act that caused it."""
    when = say("{day} (week {week})", day=day_said(day), week=week)
    what, remarks = _what(event), ", ".join(_remarks(event))
    if cause is None:
        if not remarks:
            return say("{when}: {what}.", when=when, what=what)
        return say("{when}: {what} [{remarks}].", when=when, what=what, remarks=remarks)
    act, since = say(str(cause["act"])), day_said(date.fromisoformat(cause["date"]))
    if not remarks:
        return say("{when}: {what}, after the {act} of {day}.",
                   when=when, what=what, act=act, day=since)  # fmt: skip
    return say("{when}: {what} [{remarks}], after the {act} of {day}.",
               when=when, what=what, remarks=remarks, act=act, day=since)  # fmt: skip


def summary_said(
    region: str, years: float, start: int, acts: int, local: str, states: str
) -> str:
    """One sentence on a whole history; ``local``, ``states``: the highest rungs that it reached."""
    return say("{region}, {years} years from {start}: {acts} acts; highest local rung: {local}; "
               "highest rung between states: {states}. Simulated, not observed.",
               region=say(region), years=digits(f"{years:g}"), start=start, acts=acts,
               local=say(local), states=say(states))  # fmt: skip


def _what(event: Mapping[str, Any]) -> str:
    act, issue = say(str(event["act"])), _issue(str(event["issue"]))
    if event["mechanism"] is not None:
        return say("{act}: {mechanism} between {actor} and {target}", act=act,
                   mechanism=say(str(event["mechanism"])).lower(), actor=event["actor"],
                   target=event["target"])  # fmt: skip
    if event["local"]:
        return say("{act} in {place} over {issue}, by {actor}", act=act, place=event["place"],
                   issue=issue, actor=_town(event))  # fmt: skip
    actor, target = (say(event[key]) if event[key] else "" for key in ("actor", "target"))
    return say("{act}: {actor} ({kind}) towards {target}, over {issue}", act=act, actor=actor,
               kind=say(str(event["actor_class"])), target=target, issue=issue)  # fmt: skip


def _issue(issue: str) -> str:
    """What an act was about, within a sentence."""
    return say(ISSUES[issue]) if issue in ISSUES else f"the {issue}"


def _town(event: Mapping[str, Any]) -> str:
    if event["actor_class"] == "crowd":
        return say("people of {town}", town=event["actor"])
    return str(event["actor"])


def _remarks(event: Mapping[str, Any]) -> list[str]:
    """The rung, where the act does not name it, victims, and whether it was answered."""
    rung = event["rung_label"]
    found = [say(str(rung))] if event["rung"] and rung != event["act"] else []
    if event["fatal"]:
        found.append(say("people died"))
    if event["answered"] is not None:
        found.append(say("answered") if event["answered"] else say("not answered"))
    return found
