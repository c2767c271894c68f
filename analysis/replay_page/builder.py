"""Build the replay page: maps, ladders and agreements of up to four histories under one clock.

It is said in the language of the context, in which the histories were told, too. The bytes depend
on the told histories, the region, the command and the language only. Maps, strips and lanes are
drawn beforehand as SVG; the acts travel compressed and are unpacked in the browser. No library, no
request.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.language import say
from analysis.localised import region_said
from analysis.replay_page import drawing, lanes, sentences
from analysis.report.bundle import clean, json_text, packed, plain_bundle
from analysis.report.paper import environment, script_messages, trusted

MOST = 4
PACKAGE = "analysis.replay_page"


def render(told: Sequence[Mapping[str, Any]], region: Mapping[str, Any], command: str) -> str:
    """The page as text.

    ``told``: histories in the order shown, each as `experiments.replay_page` describes it;
    ``region``: the content of ``region.json``; ``command``: what makes this page again. Raises
    ValueError for no history or more than four.
    """
    if not 1 <= len(told) <= MOST:
        raise ValueError(f"a page shows 1 to {MOST} histories, not {len(told)}")
    inlined = plain_bundle(PACKAGE, "replay")
    limits, region = sentences.limits(region), region_said(region)
    shown = [_shown(number, one, region) for number, one in enumerate(told)]
    return environment(PACKAGE).get_template("replay.html.j2").render(
        histories=shown,
        region=region,
        map=drawing.map_of(region),
        local_rungs=_rungs(told[0]["local_rungs"]),
        interstate_rungs=_rungs(told[0]["interstate_rungs"]),
        kinds=[(key, say(label)) for key, label in sentences.KINDS],
        title=sentences.title(told, region),
        lead=sentences.lead(told),
        limits=limits,
        sources=sentences.sources(region),
        points=_points(told[0]),
        years=drawing.years_of(told[0]["start_year"], _points(told[0])),
        first=sentences.quarter(told[0]["start_year"], 0),
        command=command,
        messages_json=trusted(json_text(script_messages(inlined.script))),
        data=trusted(packed(json_text(clean(document(told, region))))),
        script=trusted(inlined.script),
        style=trusted(inlined.style),
        policy=trusted(inlined.policy),
    )  # fmt: skip


def document(told: Sequence[Mapping[str, Any]], region: Mapping[str, Any]) -> dict[str, Any]:
    """What moves with the clock: rungs by quarter, one digit each, and every act in words."""
    top = len(told[0]["local_rungs"]) - 1
    return {
        "start": region["start_year"],
        "points": _points(told[0]),
        "local": [say(rung) for rung in told[0]["local_rungs"]],
        "links": [drawing.line_token(rung, top) for rung in range(top + 1)],
        "states": [say(rung) for rung in told[0]["interstate_rungs"]],
        "histories": [
            {
                "dyads": [_digits(row["rung"]) for row in one["dyads"]],
                "pairs": [_digits(row["rung"]) for row in one["pairs"]],
                "lanes": [lane["states"] for lane in lanes.by_mechanism(one)],
                "acts": [_act(event, _points(one)) for event in _in_time(one["events"])],
            }
            for one in told
        ],
    }


def _act(event: Mapping[str, Any], points: int) -> list[Any]:
    """Quarter, kind, whether grave, words."""
    at = min(lanes.quarter_of(event["time"]), points - 1)
    return [at, sentences.kind(event), int(sentences.grave(event)), event["text"]]


def _in_time(events: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """By time; acts of one week in the order of the log."""
    return sorted(events, key=lambda event: event["time"])


def _shown(number: int, one: Mapping[str, Any], region: Mapping[str, Any]) -> dict[str, Any]:
    """One history as the template needs it."""
    start, points = one["start_year"], _points(one)
    return {
        "number": number,
        "name": one["name"],
        "label": one["label"],
        "seed": one["seed"],
        "summary": one["summary"],
        "failed": say(one["failed"]) if one["failed"] else "",
        "acts": len(one["events"]),
        "links": drawing.links_of(region),
        "local": [drawing.strip(row, len(one["local_rungs"]) - 1) for row in one["dyads"]],
        "states": [drawing.strip(row, len(one["interstate_rungs"]) - 1) for row in one["pairs"]],
        "lanes": lanes.by_mechanism(one),
        "suspended": lanes.suspensions(one),
        "points": points,
        "began": start,
    }


def _rungs(names: Sequence[str]) -> list[tuple[str, str]]:
    """Class and name of every rung, for the key."""
    return [(drawing.token(rung, len(names) - 1), say(name)) for rung, name in enumerate(names)]


def _points(one: Mapping[str, Any]) -> int:
    return len(one["dyads"][0]["rung"])


def _digits(rungs: Sequence[int]) -> str:
    return "".join(str(int(rung)) for rung in rungs)
