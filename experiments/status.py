"""``thalweg status``: what a study folder holds, what is missing, and how to go on with it."""

from __future__ import annotations

import argparse
import json
import platform
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments import console
from experiments.exits import OK, UsageError
from experiments.holdings import MISSING, Holdings, look, other_than_study
from experiments.provenance import versions

MOST_CAUSES, MOST_FAULTS, MOST_SESSIONS = 5, 10, 10
UNKNOWN = "the command that began or enlarged it"
SESSION = ("started", "ended", "engine", "jobs", "runs_made", "reused", "wall_seconds", "commit")


def status(arguments: argparse.Namespace) -> int:
    """Look and tell; returns the exit code."""
    folder = Path(arguments.folder)
    other = other_than_study(folder)
    if other is not None:
        console.say(json.dumps({"folder": str(folder), "study": False, "about": other})
                    if arguments.json else f"{folder}: {other}")  # fmt: skip
        return OK
    content = document(look(folder))
    if arguments.json:
        console.say(json.dumps(content, indent=1, ensure_ascii=False))
    else:
        console.say(*told(content))
    return OK


def document(found: Holdings) -> dict[str, Any]:
    """Everything about a study as plain values."""
    content = found.manifest
    sessions = sessions_of(found.folder)
    faulty = {part: fault for part, fault in found.faults.items() if fault != MISSING}
    return {
        "folder": str(found.folder),
        "study": True,
        "command": content["command"],
        "regions": sorted(set(found.regions)),
        "arms": [arm["name"] for arm in content["arms"]],
        "seeds": content["seeds"],
        "points": content.get("points", 1),
        "identity": content["identity"],
        "complete": found.whole,
        "running": found.held,
        "runs": found.account,
        "stated": content["runs"],
        "chunks": {
            "all": len(found.chunks),
            "done": len(found.chunks) - len(found.faults),
            "missing": [part for part, fault in found.faults.items() if fault == MISSING],
            "faulty": [{"part": part, "fault": fault} for part, fault in faulty.items()],
            "strays": found.strays,
        },
        "failed": [
            {"region": found.region(case), "case": case, "arm": arm, "failed": count,
             "runs": found.made_in[case, arm]}
            for (case, arm), count in sorted(found.failed_in.items())
        ],
        "causes": [{"error": e, "runs": count} for e, count in found.causes.most_common()],
        "sessions": [{key: one.get(key) for key in SESSION} for one in sessions],
        "installation": _installation(content, sessions),
        "to_go_on": going_on(found.folder, content, sessions),
    }  # fmt: skip


def sessions_of(folder: Path) -> list[dict[str, Any]]:
    """Every session that has worked in a folder, oldest first; none where none is readable."""
    try:
        record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
        return list(record.get("sessions", [record]))
    except (OSError, ValueError, AttributeError):
        return []


def going_on(
    folder: Path, content: Mapping[str, Any], sessions: Sequence[Mapping[str, Any]]
) -> str | None:
    """The command that goes on with a study, in this folder; None where it is not known.

    It is that of the last session with the identity of the study as it is now: one that was killed
    while a study grew may have left no session, and an earlier one asked for less.
    """
    mine = [one for one in sessions if one.get("identity") == content["identity"]]
    if not mine:
        return None
    try:
        words = shlex.split(str(mine[-1].get("command_line", "")))
    except ValueError:
        words = []
    if words[1:2] != [content["command"]]:
        config = folder / "config.yaml"
        if not config.is_file():
            return None
        words = ["thalweg", content["command"], "--config", str(config)]
    kept = [word for word in words if not word.startswith("out=") and word != "--replace"]
    return shlex.join([*kept, f"out={folder}"])


def told(content: Mapping[str, Any]) -> list[str]:
    """The same for people."""
    runs, folder = content["runs"], content["folder"]
    state = "complete" if content["complete"] else "not complete"
    state = "running now" if content["running"] else state
    lines = [
        f"{folder}: thalweg {content['command']}, {state}",
        _frame(content),
        account_line(runs),
        *_chunks(content["chunks"]),
        *_failures(content),
        *_sessions(content),
        *_here(content["installation"]),
    ]
    same, place = content["installation"]["same_model"], shlex.quote(folder)
    if content["complete"]:
        bits = f"; simulated again: thalweg verify {place}" if same else ""
        return [*lines, f"its hash: thalweg digest {place}{bits}"]
    if content["running"]:
        return lines
    if not same:
        return [*lines, "to go on: install that version, then give the same command:",
                f"  {content['to_go_on'] or UNKNOWN}"]  # fmt: skip
    return [*lines, f"to go on: {content['to_go_on'] or UNKNOWN}"]


def account_line(runs: Mapping[str, int]) -> str:
    """The account of all runs in one line."""
    return (
        f"runs: {runs['launched']} launched = {runs['ok']} ok + {runs['failed']} failed + "
        f"{runs['aborted']} aborted + {runs['pending']} pending"
    )


def ranges(numbers: Sequence[int]) -> str:
    """Numbers in rising order as in ``0, 3-5, 9``."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in found)


def _frame(content: Mapping[str, Any]) -> str:
    names = content["regions"]
    shown = ", ".join(names[:6]) + (", ..." if len(names) > 6 else "")
    points = f" x {content['points']} points" if content["points"] > 1 else ""
    arms = content["arms"]
    named = f" ({', '.join(arms)})" if len(arms) <= 6 else ""
    seeds = content["seeds"]
    last = seeds["first"] + seeds["count"] - 1
    return (
        f"{shown}{points}: {len(arms)} arm{'s' if len(arms) > 1 else ''}{named} x "
        f"{seeds['count']} seeds ({seeds['first']} to {last})"
    )


def _chunks(chunks: Mapping[str, Any]) -> Iterator[str]:
    missing = f"; missing: parts {ranges(chunks['missing'])}" if chunks["missing"] else ""
    yield f"chunks: {chunks['done']} of {chunks['all']} done{missing}"
    yield from (f"  {one['fault']}: made again when the study goes on"
                for one in chunks["faulty"][:MOST_FAULTS])  # fmt: skip
    if len(chunks["faulty"]) > MOST_FAULTS:
        yield f"  and {len(chunks['faulty']) - MOST_FAULTS} more such parts"
    yield from (f"  {name} belongs to no chunk of this study"
                for name in chunks["strays"][:MOST_FAULTS])  # fmt: skip


def _failures(content: Mapping[str, Any]) -> Iterator[str]:
    places: dict[tuple[str, str], list[int]] = {}
    for one in content["failed"]:
        sums = places.setdefault((one["region"], one["arm"]), [0, 0])
        sums[0] += one["failed"]
        sums[1] += one["runs"]
    for (region, arm), (failed, runs) in places.items():
        yield f"  failed: {failed} of {runs} runs of {region}, {arm}"
    for one in content["causes"][:MOST_CAUSES]:
        yield f"  cause: {one['error']} ({one['runs']})"
    if places:
        yield "  failures.json lists them; thalweg replay DIR ROW makes one again"


def _sessions(content: Mapping[str, Any]) -> Iterator[str]:
    sessions = content["sessions"]
    yield "sessions:" if sessions else "sessions: provenance.json is not readable"
    if len(sessions) > MOST_SESSIONS:
        yield f"  ... {len(sessions) - MOST_SESSIONS} earlier ones"
    for place, one in list(enumerate(sessions))[-MOST_SESSIONS:]:
        when = str(one["started"])[:19].replace("T", " ")
        jobs = f", {one['jobs']} jobs" if (one["jobs"] or 1) > 1 else ""
        last = place == len(sessions) - 1
        end = "at work" if last and content["running"] else "killed: it wrote no end"
        if one["ended"] is not None:
            end = f"{one['runs_made']} runs made, {one['reused']} reused, {one['wall_seconds']} s"
        yield f"  {when} UTC, engine {one['engine']}{jobs}: {end}"


def _installation(
    content: Mapping[str, Any], sessions: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """How the model and the packages here stand to those of the last session."""
    from experiments.model_digest import model_digest

    last = sessions[-1] if sessions else {}
    then = {"python": last.get("python"), **last.get("versions", {})}
    now = {"python": platform.python_version(), **versions()}
    digests = {"model_digest": content["model_digest"], "here": model_digest()}
    return {
        "same_model": digests["model_digest"] == digests["here"],
        **digests,
        "made_by": {"thalweg": then.get("thalweg"), "commit": last.get("commit")},
        "differ": {name: [before, now.get(name)] for name, before in then.items()
                   if before is not None and before != now.get(name)},
    }  # fmt: skip


def _here(here: Mapping[str, Any]) -> Iterator[str]:
    made = here["made_by"]
    if here["same_model"]:
        yield f"this installation: the same model ({here['here'][:16]})"
    else:
        commit = f", commit {made['commit']}" if made["commit"] else ""
        yield (
            f"this installation: another model ({here['here'][:16]}) than the study's "
            f"({here['model_digest'][:16]}: thalweg {made['thalweg']}{commit}): it can "
            "be read here, and neither gone on with nor verified"
        )
    differ = [f"{name} {then} there, {now or 'none'} here" for name, (then, now)
              in here["differ"].items()]  # fmt: skip
    if differ:
        yield f"  versions that differ: {'; '.join(differ)}"


def unfinished(found: Holdings, what: str) -> UsageError:
    """What to say where a whole study is needed."""
    told_runs = f"{found.done} of {found.launched} runs are there"
    if found.held:
        return UsageError(f"{found.folder}: a command is at work there ({told_runs}). Wait for it.")
    line = going_on(found.folder, found.manifest, sessions_of(found.folder)) or UNKNOWN
    return UsageError(f"{found.folder}: not finished ({told_runs}), so it cannot be {what}. To go "
                      f"on: {line}")  # fmt: skip
