"""``thalweg effects DIR``: what every mechanism does, alone, in the package, and by its share."""

from __future__ import annotations

import argparse
import json
import math
import shlex
from pathlib import Path
from typing import Any

from experiments import console
from experiments.exits import OK, UsageError
from experiments.status import going_on, sessions_of


def effects(arguments: argparse.Namespace) -> int:
    """Read a folder, say what it holds and what it lacks; returns the exit code."""
    from analysis import attributed, attributed_paper, attributed_text
    from analysis.attributed_scenes import stage
    from analysis.study import StudyError

    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder}: no such folder. Give one that compare or sweep has written.")
    try:
        keys = (key for key in (arguments.outcome or "").split(",") if key)
        found = stage(folder, tuple(dict.fromkeys(keys)))
        told = attributed.lines(found)
        written = attributed_paper.write(found, told, arguments.out)
    except StudyError as error:
        raise UsageError(str(error)) from None
    gone = attributed_text.lacking(found)
    commands = {column: adding(folder, word) for column, (_, word) in gone.items()}
    if arguments.json:
        missing = [{"column": column, "lacks": what, "command": commands[column]}
                   for column, (what, _) in gone.items()]  # fmt: skip
        content = {
            "folder": str(folder), "seeds": found.seeds, "years": list(found.years),
            "package": list(found.package), "fits": [scene.fit for scene in found.scenes],
            "outcomes": {key: one._asdict() for key, one in found.outcomes.items()},
            "flags": attributed_text.flags(found), "missing": missing,
            "effects": [_plain(line._asdict()) for line in told],
        }  # fmt: skip
        console.say(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))
        return OK
    console.say(*attributed_text.text(found, told, each=arguments.each))
    for column, (what, _) in gone.items():
        console.say("", f"Not here: the column '{column}'. The folder lacks {what}.",
                    f"  add them: {commands[column]}")  # fmt: skip
    console.say("", f"tables and figures: {written}")
    return OK


def adding(folder: Path, asked: str) -> str:
    """The command that lets a study grow by arms: words of ``arms=``, then other settings."""
    word, *settings = asked.split()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    known = going_on(folder, manifest, sessions_of(folder))
    words = shlex.split(known) if known else ["thalweg", manifest["command"], f"out={folder}"]
    at = next((i for i, one in enumerate(words) if one.startswith("arms=")), None)
    if at is None:
        names = ",".join(arm["name"] for arm in manifest["arms"])
        words = [one for one in words if not one.startswith("mechanisms=")]
        words.insert(len(words) - 1, f"arms={names},{word}")
    else:
        words[at] += f",{word}"
    at = next((i for i, one in enumerate(words) if one.startswith("out=")), len(words))
    there = {one.partition("=")[0] for one in words}
    words[at:at] = [one for one in settings if one.partition("=")[0] not in there]
    return shlex.join(words)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Values that JSON can say: what is not defined, or unbounded, is null."""
    return {key: None if isinstance(value, float) and not math.isfinite(value) else value
            for key, value in values.items()}  # fmt: skip
