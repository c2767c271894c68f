"""``thalweg coursework``: the exercises for students, a fresh one, and what is right in one."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from experiments import console
from experiments.exits import FAILED, OK, UsageError

PARTS = ("start", "check")
WIDTH = 100


def coursework(arguments: argparse.Namespace) -> int:
    """Carry out what the first word asks for; returns the exit code."""
    words = list(arguments.words)
    if not words:
        return _listed()
    if words[0] not in PARTS:
        from experiments.overrides import nearest

        raise UsageError(f"'{words[0]}': no part of this command. "
                         f"{nearest(words[0], PARTS, 'Parts')} "
                         "Example: thalweg coursework start 1")  # fmt: skip
    if len(words) == 1:
        raise UsageError(f"{words[0]}: of which exercise? Example: thalweg coursework {words[0]} 1")
    if len(words) > 3:
        raise UsageError(f"'{words[3]}' is one argument too many. Example: thalweg coursework "
                         f"{words[0]} {words[1]} {words[2]}")  # fmt: skip
    folder = Path(words[2]) if len(words) == 3 else None
    return (_start if words[0] == "start" else _check)(words[1], folder)


def _listed() -> int:
    from experiments.coursework_folder import exercises

    for one in exercises():
        console.say(f"{one.number}  {one.title}", *_wrapped(one.asks, "   "))
    console.say("", "thalweg coursework start N copies one into a fresh folder;",
                "thalweg coursework check N says what is right in it.")  # fmt: skip
    return OK


def _start(word: str, folder: Path | None) -> int:
    """Copy the text, the starter and the blanks; a folder that is there is left alone."""
    from experiments.coursework_folder import MARKING, exercise_of

    one = exercise_of(word)
    place = folder or Path(one.name)
    if place.exists():
        raise UsageError(f"{place} is there already and is left as it is. Name another folder: "
                         f"thalweg coursework start {one.number} FOLDER")  # fmt: skip
    if not place.parent.is_dir():
        raise UsageError(f"{place.parent}: no such folder to make {place.name} in")
    place.mkdir()
    for path in sorted(one.folder.iterdir()):
        if path.is_file() and path.name != MARKING:
            shutil.copyfile(path, place / path.name)
    files = ", ".join(sorted(path.name for path in place.iterdir()))
    console.say(f"{place}: exercise {one.number}, {one.title} ({files}). Read README.md and go on",
                f"from there, within the folder: cd {place}")  # fmt: skip
    return OK


def _check(word: str, folder: Path | None) -> int:
    """Judge every entry and say how many are right; 1 where something is wrong or blank."""
    from experiments.coursework_folder import ANSWERS, answers_of, exercise_of
    from experiments.coursework_marks import BLANK, READ, RIGHT, WRONG, marks

    one = exercise_of(word)
    here = Path() if Path(ANSWERS).is_file() else Path(one.name)
    found = marks(one, answers_of(one, folder or here))
    place = "this folder" if (folder or here) == Path() else folder or here
    console.say(f"Exercise {one.number}, {one.title}: {place}")
    width = max(len(mark.entry) for mark in found)
    for mark in found:
        slip = f" [{mark.slip}]" if mark.slip else ""
        told = f"{mark.told}{slip}".strip()
        lead = f"  {mark.state:<8}{mark.entry:<{width}}  "
        lines = _wrapped(told, " " * len(lead)) or [""]
        console.say((lead + lines[0].strip()).rstrip(), *lines[1:])
    number = {state: sum(mark.state == state for mark in found)
              for state in (RIGHT, WRONG, BLANK, READ)}  # fmt: skip
    console.say(f"{number[RIGHT]} right, {number[WRONG]} wrong, {number[BLANK]} blank, "
                f"{number[READ]} for a person to read.")  # fmt: skip
    return FAILED if number[WRONG] or number[BLANK] else OK


def _wrapped(text: str, indent: str) -> Sequence[str]:
    import textwrap

    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)
