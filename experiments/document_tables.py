"""Markdown tables of what the model declares: parameters, state, acts, draws, outcomes, regions.

Each function returns one block of a document (see `experiments.document`). Nothing is typed here
that a declaration holds, except one line of words for every purpose of a random draw.
"""

from __future__ import annotations

import inspect
import math
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

from experiments.markdown import DocumentError, number, span, table

# Purpose of a draw -> (whose draw, what it decides). A purpose that a rule uses needs a line.
DRAWS = {
    "WEATHER": ("basin", "inflow anomaly; size of a level shift"),
    "LEVEL_SHIFT": ("basin", "whether the level of mean inflow shifts"),
    "DROUGHT": ("basin", "onset, severity and length of a drought"),
    "FLOOD": ("unit", "whether a flood comes, and its severity"),
    "PROJECT": ("dyad", "unilateral works: beginning, objection, end, and which side builds"),
    "PROJECT_KIND": ("dyad", "what is built"),
    "HEAT_WAVE": ("region", "onset, severity and length of a heat wave"),
    "STORM": ("basin", "whether a storm comes, and its severity"),
    "STORM_AT": ("municipality", "how hard it strikes there"),
    "POLLUTION_ACCIDENT": ("unit", "whether pollution is spilt into a reach, and how much"),
    "RECORD_START": ("basin, once", "first year of the flow record that drives the inflow"),
    "PERCEPTION": ("group", "error of the perceived stock"),
    "TEMPERAMENT": ("municipality, once", "first commitment; phase of the election clock"),
    "MUNICIPAL_ELECTION": ("municipality", "change of majority; commitment of the new one"),
    "LOCAL_LADDER": ("dyad", "which side acts first; time and kind of the next exit"),
    "GUARDS": ("dyad", "whether border guards step in, and whether they fire"),
    "TAKEN_UP": ("dyad", "whether a capital takes a local act up"),
    "QUARREL": ("pair", "onset over another issue, its form and who begins"),
    "TALK_HOSTILE": ("pair", "number, tone, issue, side and report of hostile words"),
    "TALK_FRIENDLY": ("pair", "number, kind, issue, side and report of friendly acts"),
    "NEUTRAL_ACT": ("pair", "number, issue, side and report of neutral acts"),
    "TENSION": ("side of a pair", "misreading of the rival's hostility"),
    "INTERSTATE_LADDER": ("pair and issue", "time and kind of the next exit, act and side"),
    "ANSWER": ("pair or dyad", "whether the target answers, and when; misreading of the act"),
    "INTERSTATE_SETTLEMENT": ("pair and issue", "attempts, success, method, whether it is kept"),
    "NATIONAL_ELECTION": ("nation", "change of government"),
    "APPROVAL": ("nation", "drift of approval; hawkishness of a new government"),
    "NATIONAL_TRAIT": ("nation or pair, once", "undeclared hawkishness, rivalry; election phase"),
    "REPORTER": ("pair or dyad", "report of a state act, deaths, length of a closure, silence"),
    "CLAIM": ("pair and issue", "new resource disputes and protests in open ones"),
    "PERCEIVED_TAKING": ("dyad", "error of the perceived taking by the other side, one per side"),
    "MEMORY_START": ("pair, once", "hazard memory at the start of the spin-up"),
    "DEMARCATION": ("pair", "rounds of demarcation"),
    "JOINT_BODY": ("pair", "founding of joint bodies, their powers, issue and side"),
    "RENUNCIATION": ("pair and issue", "whether a claim at rest is given up, by whom, its report"),
    "BACKLASH": ("side of a pair", "whether a capital reins its border towns in, and how long"),
    "POLITICAL_SHOCK": ("municipality, every four weeks", "whether one comes, and how deep"),
    "NEGOTIATION": (
        "mechanism and dyad, every four weeks",
        ("proposal, milestone, failure or lapse"),
    ),
    "CONVENING": ("mechanism and dyad, yearly", "whether a meeting is held"),
    "REVIEW": ("mechanism and dyad, every four weeks", "whether an agreement is reviewed"),
    "SPOILER": ("dyad, once", "strength of those who profit from closure or opacity"),
    "LOCAL_ONSET": ("dyad", "whether and when a first local act comes, and its kind"),
}
AXES = {
    "n": "nation", "p": "pair", "m": "municipality", "g": "group", "u": "unit", "b": "basin",
    "d": "dyad", "kd": "mechanism and dyad", "pi": "pair and issue",
}  # fmt: skip


def prefixes() -> tuple[str, ...]:
    """Prefixes of all parameter keys: rules in the order of the tick, then mechanisms."""
    return tuple(classes())


def rule(prefix: str) -> str:
    """One rule or mechanism as its own file states it: claim, equation, source, parameters."""
    module = sys.modules[classes()[prefix].__module__]
    path = module.__name__.replace(".", "/") + ".py"
    text = _as_markdown(inspect.cleandoc(module.__doc__ or ""))
    return f"{text}\n\n{parameters(prefix)}\n\nCode: [`{path}`](../{path})"


def declaring_class(prefix: str) -> type:
    """The NamedTuple that declares the parameters of a prefix."""
    return classes()[prefix]


def parameters(prefix: str) -> str:
    """The parameters of one rule or mechanism."""
    from sim.parameters import DECLARED

    chosen = [d for d in DECLARED if d.key.split(".")[0] == prefix]
    return table(
        ("parameter", "default", "unit", "range", "meaning", "source"),
        [(f"`{d.key}`", d.default, d.unit, span(d.lo, d.hi), d.label, d.source) for d in chosen],
    )


def sources() -> tuple[int, int, int]:
    """How many parameters rest on an assumption, on a source in part, on a source alone."""
    from sim.parameters import DECLARED

    assumed = sum(d.assumed for d in DECLARED)
    partly = sum("assumption" in d.source and not d.assumed for d in DECLARED)
    return assumed, partly, len(DECLARED) - assumed - partly


def counts() -> str:
    """How far the numbers of the model rest on assumptions, in one sentence."""
    assumed, partly, sourced = sources()
    return (
        f"Of the {assumed + partly + sourced} parameters of the model, **{assumed} rest on an "
        f"assumption**, {partly} have a source for their direction but not for their size, and "
        f"{sourced} have a source. Region files carry further assumptions; the table of regions "
        "counts them."
    )


def schedule() -> str:
    """The numbered table above the tick, as the code states it."""
    import sim.tick

    doc = inspect.cleandoc(sim.tick.__doc__ or "")
    return "\n".join(line for line in doc.splitlines() if line.startswith("|"))


def state() -> str:
    """Every array of the state, by entity."""
    from sim.channels import Channels
    from sim.state import PARTS, fields

    blocks = []
    for part in PARTS:
        if part is Channels:
            continue
        rows = [
            (f"`{name}`", AXES[f.axes], f.unit, span(f.lo, f.hi), _start(f.start), f.about)
            for name, f in fields(part).items()
        ]
        doc = inspect.cleandoc(part.__doc__ or "").splitlines()[0]
        columns = ("variable", "one per", "unit", "range", "start", "meaning")
        blocks.append(f"**{doc}**\n\n{table(columns, rows)}")
    return "\n\n".join(blocks)


def channels() -> str:
    """Channels with their neutral value, how they combine and which mechanisms change them."""
    from sim.channels import Channels
    from sim.mechanisms import MECHANISMS
    from sim.state import fields

    rows = []
    for name, f in fields(Channels).items():
        about, _, way = f.about.rpartition("; ")
        users = ", ".join(m.name for m in MECHANISMS if name in m.channels) or "none yet"
        scale = span(f.lo, f.hi)
        rows.append((f"`{name}`", AXES[f.axes], f.unit, f.start, scale, way, about, users))
    columns = ("channel", "one per", "unit", "neutral", "range", "combines by", "meaning")
    return table((*columns, "used by"), rows)


def mechanisms() -> str:
    """The registered mechanisms."""
    from sim.mechanisms import MECHANISMS

    rows = []
    for m in MECHANISMS:
        changed = ", ".join(f"`{channel}`" for channel in m.channels)
        rows.append((f"`{m.name}`", m.about, changed, m.fails_when, m.cost_note))
    return table(("mechanism", "what it is", "channels", "fails when", "cost"), rows)


def outcomes() -> str:
    """The outcomes of a run."""
    from sim.outcomes import OUTCOMES

    return table(
        ("outcome", "unit", "better", "kind", "definition"),
        [(f"`{o.key}`", o.unit, o.better, o.kind, o.about) for o in OUTCOMES.values()],
    )


def series() -> str:
    """The series kept once a quarter."""
    from sim.record import SERIES

    return table(
        ("series", "unit", "scale", "meaning"),
        [(f"`{s.key}`", s.unit, span(s.lo, s.hi), s.label) for s in SERIES],
    )


def acts() -> str:
    """The table of acts: actor class, BAR value, hostility level, rung entered."""
    from sim.events import ACTS, CLASSES, INTERSTATE_RUNGS, LOCAL_RUNGS

    rows = []
    for act in ACTS:
        ladder, rungs = ("local", LOCAL_RUNGS) if act.local else ("interstate", INTERSTATE_RUNGS)
        enters = f"{act.rung} {rungs[act.rung]}"
        bar = f"{act.bar:+d}" if act.bar else "0"
        rows.append((act.name, CLASSES[act.actor], ladder, bar, act.hostility, enters, act.about))
    columns = ("act", "actor", "ladder", "BAR", "hostility", "rung entered", "what it is")
    return table(columns, rows)


def draws() -> str:
    """Every random draw: whose it is, what it decides and which file makes it."""
    from sim.streams import Purpose

    rows = []
    for purpose in Purpose:
        files = sorted(_uses().get(purpose.name, ()))
        if files and purpose.name not in DRAWS:
            raise DocumentError(
                f"Purpose.{purpose.name} is drawn in {files[0]} and has no words: give it a line "
                "in DRAWS of experiments/document_tables.py"
            )
        whose, what = DRAWS.get(purpose.name, ("", "reserved; nothing is drawn"))
        linked = ", ".join(f"[`{Path(f).stem}`](../{f})" for f in files)
        name = purpose.name.lower().replace("_", " ")
        rows.append((purpose.value, name, whose, what, linked))
    return table(("number", "purpose", "one per", "what it decides", "drawn in"), rows)


def regions() -> str:
    """The regions that come with Thalweg, counted."""
    from experiments.regions import open_region
    from experiments.regions import region_document as document
    from experiments.shipped import region_names

    rows = []
    for name in region_names():
        t = open_region(name).region.topology
        sizes = (t.nation, t.municipality, t.group, t.unit, t.dyad)
        assumed = len(document(name)["assumptions"])
        rows.append((f"`{name}`", *(part.key.size for part in sizes), assumed))
    columns = ("region", "nations", "towns", "groups", "units", "border pairs", "assumptions")
    return table(columns, rows)


TABLES: dict[str, Callable[[], str]] = {
    "counts": counts,
    "schedule": schedule,
    "state": state,
    "channels": channels,
    "mechanisms": mechanisms,
    "outcomes": outcomes,
    "series": series,
    "acts": acts,
    "draws": draws,
    "regions": regions,
}


@cache
def classes() -> dict[str, type]:
    """The class that declares the parameters of each prefix."""
    from sim import mechanisms as m
    from sim.parameters import DECLARED, Parameters

    hints = {**get_type_hints(Parameters), **{n: m.parameter_class(n) for n in m.NAMES}}
    return {key: hints[key] for key in dict.fromkeys(d.key.split(".")[0] for d in DECLARED)}


@cache
def _uses() -> dict[str, set[str]]:
    """Files of the model that draw for each purpose."""
    import sim

    folder = Path(str(sim.__file__)).parent
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        for name in re.findall(r"\bPurpose\.([A-Z_]+)", path.read_text(encoding="utf-8")):
            found.setdefault(name, set()).add(f"sim/{path.relative_to(folder).as_posix()}")
    return found


def _as_markdown(doc: str) -> str:
    """A docstring as Markdown: what is indented is an equation."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", doc):
        if all(line.startswith("    ") for line in paragraph.splitlines()):
            parts.append(f"```text\n{inspect.cleandoc(paragraph)}\n```")
        else:
            parts.append(paragraph.replace("``", "`"))
    return re.sub(r"\n```\n\n```text\n", "\n\n", "\n\n".join(parts))


def _start(value: Any) -> str:
    from sim.accord import NEVER

    return "never" if value in (NEVER, math.inf) else number(float(value))
